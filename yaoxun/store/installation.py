"""Which place a database is at home in: so that a copy or a restored backup does not send what the first one sends.

An installation has an identity, in data/installation and in the table `installation`, where the place stands too: the
home's path, the machine, the database. Beside it lies a mark, how far this place had come when it sent last; a database
that is behind it was put back. The mark is the name of an empty file, for a name is what copying an older home over this
one does not take away. The first use of a database records its place without ceremony; any other place
is recorded by a person (see tasks/mail_switch.py). What follows from a place that does not fit is not decided here.
"""

import hashlib
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.engine import make_url
from ulid import ULID

from yaoxun.errors import OutsideError, system_words
from yaoxun.home import Home
from yaoxun.store.blobs import sync_folder, write_durably
from yaoxun.store.engine import insert_new
from yaoxun.store.records import installation

_MACHINE_ID = Path("/etc/machine-id")
_MARK_DIGITS = 20


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a database is used from. `machine` is a hash; `db` has no password; `inode` tells a file from its copy."""

    home: str
    machine: str
    db: str
    inode: str


@dataclass(frozen=True, kw_only=True)
class Mark:
    """What data/installation and the names beside it say: the identity, and how far this place had come when it sent last."""

    identity: str
    reached: int


def place_of(home: Home) -> Place:
    """The present place of a home."""
    inode = ""
    with suppress(OSError):
        inode = str(home.installation.stat().st_ino)
    db = make_url(home.database_url).render_as_string(hide_password=True)
    return Place(home=str(home.root.resolve()), machine=_machine(), db=db, inode=inode)


def _machine() -> str:
    """A hash of YAOXUN_MACHINE, for containers whose machine id is another one each time, else of /etc/machine-id."""
    name = os.environ.get("YAOXUN_MACHINE", "")
    if not name:
        with suppress(OSError):
            name = _MACHINE_ID.read_text(encoding="utf-8").strip()
    return hashlib.sha256(f"yaoxun {name}".encode()).hexdigest()[:16]


def read_mark(home: Home) -> Mark | None:
    """What is said there; None when data/installation is missing or cannot be understood."""
    try:
        identity, reached = home.installation.read_text(encoding="ascii").split()
        marks = [int(path.suffix[1:]) for path in _marks(home, identity)]
        return Mark(identity=identity, reached=max(int(reached), *marks, 0))
    except (OSError, ValueError):
        return None


def _marks(home: Home, identity: str) -> list[Path]:
    return sorted(home.data.glob(f"installation-{identity}.{'[0-9]' * _MARK_DIGITS}"))


def raise_mark(home: Home, reached: int) -> None:
    """Mark how far this place has come, durably. Raises OutsideError when the disk refuses."""
    mark = read_mark(home)
    if mark is None or mark.reached >= reached:
        return
    new = home.data / f"installation-{mark.identity}.{reached:0{_MARK_DIGITS}d}"
    try:
        new.touch()
        sync_folder(home.data)
        for older in _marks(home, mark.identity):
            if older.name < new.name:
                older.unlink(missing_ok=True)
    except OSError as err:
        remedy = "请检查磁盘空间和目录权限，再重试；信都还在待发箱。"
        raise OutsideError(f"写不了 {new}：{system_words(err)}。", remedy) from err


def last_place(conn: Connection) -> Any | None:
    """The row of the place that may send; None before the first use."""
    return conn.execute(select(installation).order_by(installation.c.seq.desc()).limit(1)).one_or_none()


def record_place(conn: Connection, home: Home, *, actor: str, reason: str, at: datetime) -> str:
    """Make the present place the one that may send; its new identity."""
    identity = str(ULID())
    write_durably(home.installation, f"{identity}\n{0:0{_MARK_DIGITS}d}\n".encode())
    seq = conn.execute(select(func.coalesce(func.max(installation.c.seq), 0))).scalar_one() + 1
    insert_new(conn, installation, {"seq": seq, "identity": identity, "actor": actor, "reason": reason, "at": at}
               | asdict(place_of(home)))  # fmt: skip
    return identity


def record_first_use(conn: Connection, home: Home, *, at: datetime) -> None:
    """Record the place of a database that has none yet; of several processes at once the first one does."""
    if conn.dialect.name == "postgresql":
        conn.exec_driver_sql("SELECT pg_advisory_xact_lock(7244)")
    if last_place(conn) is None:
        record_place(conn, home, actor="", reason="首次使用", at=at)


def misfits(conn: Connection, home: Home, *, reached: Callable[[Connection], int]) -> list[str]:
    """In which ways this is not the place that may send; none when it is, or when no place is recorded yet. `reached`
    reads how far the database has come: after the mark, which other processes move on. A transaction that sees one state
    only asks this first."""
    mark, here = read_mark(home), place_of(home)
    known = last_place(conn)
    if known is None:
        return []
    found = []
    if known.home != here.home:
        found.append(f"办公室目录原在 {known.home}，现在 {here.home}")
    if known.db != here.db and (known.home not in known.db or known.home == here.home):
        found.append(f"数据库原为 {known.db}，现为 {here.db}")
    if known.machine != here.machine:
        found.append("不在原来的机器上")
    if mark is None:
        found.append("data/installation 不在，像是从备份恢复的")
    elif mark.identity != known.identity:
        found.append("data/installation 与数据库里的安装记录不是一套")
    elif known.inode != here.inode and not found:
        found.append("data/installation 是复制件，像是用复制的文件夹恢复的")
    elif mark.reached > reached(conn):
        found.append("数据库比这里上次发信时还旧，像是用旧的数据库恢复的")
    return found
