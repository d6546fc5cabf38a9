"""A whole database as one file of one moment, taken while others write, and back. What goes with it is not known here.

SQLite: its online backup in a single step, so that it sees one state and no writer makes it begin again. PostgreSQL: its
own programs, pg_dump and pg_restore.
"""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from sqlalchemy import inspect
from sqlalchemy.engine import URL, make_url

from yaoxun.errors import InternalError, NotNowError, OutsideError
from yaoxun.store.engine import Store
from yaoxun.store.records import blob_rows, schema_steps

SQLITE, POSTGRESQL = "yaoxun.db", "yaoxun.pgdump"

BlobRow = tuple[str, int, str]


def dump(store: Store, folder: Path) -> Path:
    """The database as a file in `folder`, sound in itself. Raises InternalError for a damaged database, OutsideError when
    disk or program refuse."""
    url = store.engine.url
    if url.get_backend_name() == "postgresql":
        target = folder / POSTGRESQL
        _run(["pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}"], url)
        return target
    target = folder / SQLITE
    try:
        with closing(sqlite3.connect(str(url.database))) as source, closing(sqlite3.connect(target)) as copy:
            source.execute("PRAGMA busy_timeout=60000")
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, no companions
            _check_sound(copy)
    except sqlite3.Error as err:
        raise OutsideError(f"数据库没有复制成：{err}。", "请检查磁盘空间和目录权限，再重试。") from err
    return target


def _check_sound(copy: sqlite3.Connection) -> None:
    (said,) = copy.execute("PRAGMA quick_check(1)").fetchone()
    dangling = copy.execute("PRAGMA foreign_key_check").fetchone()
    if said != "ok" or dangling is not None:
        what = said if said != "ok" else f"{dangling[0]} 表里有指向不存在记录的行"
        raise InternalError(f"数据库已损坏，没有备份：{what}。", "请保留原样，从上一份备份恢复，并把这句话报给开发者。")


def contents(store: Store, dumped: Path) -> tuple[list[BlobRow], list[str]]:
    """What a dump needs beside it: the blobs on record (hash, bytes, kind), and the migrations it has had. From
    PostgreSQL as of now: no row of these is ever taken away."""
    if dumped.name == POSTGRESQL:
        with store.read() as conn:
            return [(row.sha256, row.size, row.kind) for row in blob_rows(conn)], schema_steps(conn)
    with closing(sqlite3.connect(f"file:{dumped}?mode=ro", uri=True)) as copy:
        blobs = copy.execute("SELECT sha256, size, kind FROM blob ORDER BY sha256").fetchall()
        return blobs, [name for (name,) in copy.execute("SELECT name FROM schema_migration ORDER BY n")]


def load_postgresql(store: Store, dumped: Path) -> None:
    """Fill an empty PostgreSQL database, wholly or not at all. Raises NotNowError when it is not empty."""
    with store.read() as conn:
        if inspect(conn).get_table_names():
            remedy = "请新建一个空库，把 YAOXUN_DATABASE_URL 指向它。"
            raise NotNowError("YAOXUN_DATABASE_URL 指的数据库不是空的，没有恢复。", remedy)
    url = store.engine.url
    _run(
        [
            "pg_restore",
            "--no-owner",
            "--single-transaction",
            "--exit-on-error",
            f"--dbname={url.database}",
            str(dumped),
        ],
        url,
    )


def _run(command: list[str], url: URL) -> None:
    """A program of PostgreSQL's on the database of a URL; the password goes by the environment, never by the command."""
    name = command[0]
    if shutil.which(name) is None:
        raise OutsideError(
            f"这台机器上没有 {name}，备份和恢复 PostgreSQL 要用它。", "请安装 postgresql-client，版本不低于数据库。"
        )
    wanted = {
        "PGHOST": url.host,
        "PGPORT": url.port,
        "PGUSER": url.username,
        "PGDATABASE": url.database,
        "PGPASSWORD": url.password,
    }
    env = os.environ | {key: str(value) for key, value in wanted.items() if value}
    done = subprocess.run(command, env=env, capture_output=True, text=True, errors="replace", check=False)
    if done.returncode != 0:
        said = " ".join(done.stderr.split())[:300]
        raise OutsideError(f"{name} 没有办成：{said}", "请按上面的话检查数据库和版本，再重试。")


def sqlite_file(url: str) -> Path | None:
    """The file of a SQLite URL; None for PostgreSQL's."""
    parsed = make_url(url)
    return Path(str(parsed.database)) if parsed.get_backend_name() == "sqlite" else None
