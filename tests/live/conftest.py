"""Real servers for live tests, each started by the tests themselves in a temporary folder and gone afterwards."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from yaoxun.briefings.rendering import find_soffice

FONTS = Path(__file__).parent.parent / "support" / "fonts" / "fonts.conf"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _postgres_programs() -> Path | None:
    """The folder of initdb and postgres; Debian keeps it off PATH."""
    if (initdb := shutil.which("initdb")) and (Path(initdb).resolve().parent / "postgres").exists():
        return Path(initdb).resolve().parent
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3].split(".")[0]))
    return found[-1].parent if found else None


def _not_root() -> dict[str, Any]:
    """PostgreSQL refuses to run as root; then it runs as its own account or as nobody."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            account = pwd.getpwnam(name)
            return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    pytest.skip("no account but root to run PostgreSQL as")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A PostgreSQL cluster of this session's own; the SQLAlchemy URL without a database name."""
    programs = _postgres_programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed")
    account = _not_root()
    folder = Path(tempfile.mkdtemp(prefix="yaoxun-pg-"))
    if account:
        os.chown(folder, account["user"], account["group"])
    data, port = folder / "data", free_port()
    options: dict[str, Any] = {"cwd": folder, "stdout": subprocess.DEVNULL, "stderr": subprocess.STDOUT, **account}
    initdb = [programs / "initdb", "-D", data, "-U", "yaoxun", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
    subprocess.run(initdb, check=True, **options)
    quick = [
        word for setting in ("fsync", "full_page_writes", "synchronous_commit") for word in ("-c", f"{setting}=off")
    ]
    command = [programs / "postgres", "-D", data, "-p", str(port), "-h", "127.0.0.1", "-k", folder, *quick]
    server = subprocess.Popen(command, **options)
    try:
        _wait_until_ready(programs, port, server)
        yield f"postgresql+psycopg://yaoxun@127.0.0.1:{port}"
    finally:
        server.send_signal(signal.SIGINT)  # PostgreSQL's fast shutdown
        server.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def _wait_until_ready(programs: Path, port: int, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    ask = [programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port), "-U", "yaoxun"]
    while subprocess.run(ask, check=False).returncode != 0:
        if server.poll() is not None or time.monotonic() > deadline:
            pytest.fail("PostgreSQL did not start")
        time.sleep(0.1)


@pytest.fixture(scope="session")
def postgres_url(postgres_server: str) -> str:
    """One database for the whole session."""
    return f"{postgres_server}/{new_database(postgres_server)}"


@pytest.fixture
def fresh_postgres_url(postgres_server: str) -> str:
    """A database of this test's own, empty."""
    return f"{postgres_server}/{new_database(postgres_server)}"


def new_database(server: str) -> str:
    psycopg = pytest.importorskip("psycopg")
    name = f"yaoxun_{uuid4().hex[:12]}"
    with psycopg.connect(f"{server.replace('+psycopg', '')}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return name


@pytest.fixture(scope="session")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A profile of LibreOffice of this session's own."""
    if not shutil.which("soffice"):
        pytest.skip("LibreOffice is not installed")
    return tmp_path_factory.mktemp("libreoffice")


@pytest.fixture(scope="module")
def soffice() -> Iterator[str]:
    """LibreOffice as the program itself uses it, for a whole module of tests, with the stand-ins of `make test-fonts` for
    the faces of the profiles."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("YAOXUN_SOFFICE", raising=False)
        patch.setenv("FONTCONFIG_FILE", str(FONTS))
        found = find_soffice()
        if found is None:
            pytest.skip("LibreOffice is not installed")
        yield found
