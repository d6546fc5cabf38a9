"""The database connection and its two kinds of transaction. No table and no statement of any room here.

pysqlite's own transaction handling lets two readers become writers at once and hand out one number twice; so the driver
is put in autocommit and every write begins with BEGIN IMMEDIATE. On PostgreSQL a row that is counted up is locked with
FOR UPDATE by the ledger that counts.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Column, Connection, Engine, Insert, Select, Table, bindparam, create_engine, event, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError

from yaoxun.context import wall_clock
from yaoxun.errors import ConfigError, InternalError, OutsideError, RequestError
from yaoxun.home import Home

_BUSY_MS = 60_000


class Store:
    """An open database. `write()` and `read()` are the only ways in."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction that may write; commits at the end, rolls back on any exception.

        Raises OutsideError when the database gives it up (a deadlock, a lost server, a full disk): nothing was written.
        """
        with _refusals_told(), self.engine.begin() as conn:
            yield conn

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One transaction that sees one state of the database and writes nothing."""
        options: dict[str, Any] = {"reading": True}
        if self.engine.dialect.name == "postgresql":
            options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with _refusals_told(), self.engine.connect().execution_options(**options) as conn, conn.begin():
            yield conn

    def close(self) -> None:
        self.engine.dispose()


@contextmanager
def _refusals_told() -> Iterator[None]:
    try:
        yield
    except DatabaseError as err:
        if type(err) not in (OperationalError, DatabaseError):  # the others are our own statements' faults
            raise
        said = " ".join(str(err.orig).split())[:200]
        remedy = "请确认数据库在运行、磁盘没有写满；没有写入任何东西，稍后再试。"
        if type(err) is DatabaseError:  # SQLite's word for a file that is damaged or none of its own
            remedy = "数据库文件已损坏：请保留原样，用 yaoxun restore 从最近一份备份恢复。"
        raise OutsideError(f"数据库没有办成这一步：{said}。", remedy) from err
    except OverflowError as err:
        if "SQLite" not in str(err):
            raise
        raise RequestError("没有这么大的编号。", "请核对编号。") from err


def open_store(url: str) -> Store:
    """Open the database of a URL (`sqlite:///…` or `postgresql+psycopg://…`); its schema is migrate()'s business.

    Raises ConfigError for a URL of another kind, OutsideError when the server does not answer.
    """
    kind = _backend(url)
    if kind == "sqlite":
        engine = create_engine(url, connect_args={"timeout": _BUSY_MS / 1000})
        event.listen(engine, "connect", _sqlite_connect)
        event.listen(engine, "begin", _sqlite_begin)
    elif kind == "postgresql":
        engine = create_engine(url, pool_pre_ping=True)
    else:
        raise ConfigError(
            file="YAOXUN_DATABASE_URL",
            key="",
            problem=f"不支持的数据库 {kind}",
            remedy="请用 sqlite:/// 或 postgresql+psycopg:// 开头的地址。",
        )
    try:
        engine.connect().close()
    except DatabaseError as err:
        where = make_url(url).render_as_string(hide_password=True)
        remedy = (
            "请确认数据库已启动、目录可写、磁盘没有写满，再重试；文件已损坏的，用 yaoxun restore 从最近一份备份恢复。"
        )
        raise OutsideError(f"数据库打不开：{where}", remedy) from err
    return Store(engine)


def _backend(url: str) -> str:
    remedy = "请写成 sqlite:///路径 或 postgresql+psycopg://用户@主机/库名；后一种要先 pip install 'psycopg[binary]'。"
    try:
        parsed = make_url(url)
        parsed.get_dialect().import_dbapi()
        return parsed.get_backend_name()
    except (ArgumentError, ImportError) as err:
        shown = url if "@" not in url else url.split("://", maxsplit=1)[0] + "://…"
        problem = f"数据库地址“{shown}”用不了"
        raise ConfigError(file="YAOXUN_DATABASE_URL", key="", problem=problem, remedy=remedy) from err


def open_home_store(home: Home) -> Store:
    """The migrated store of a home; makes the home's folders, and records the place of a database's first use."""
    from yaoxun.store.installation import record_first_use
    from yaoxun.store.migrate import migrate

    home.make_folders()
    store = open_store(home.database_url)
    if migrate(store):
        with store.write() as conn:
            record_first_use(conn, home, at=wall_clock())
    return store


def open_read_only(home: Home) -> Store | None:
    """The database of a home for reading alone, None where there is none: nothing is made, migrated or written, not even
    beside it. Raises ConfigError and OutsideError as open_store does."""
    url = make_url(home.database_url)
    if url.get_backend_name() != "sqlite":
        return open_store(home.database_url)  # whoever only reads begins a transaction that may not write
    path = Path(url.database or "")
    if not path.is_file():
        return None
    # A database that nobody has open is read as it lies; beside its log, only together with it.
    how = "mode=ro" if path.with_name(f"{path.name}-wal").exists() else "immutable=1"
    engine = create_engine(f"sqlite:///file:{quote(str(path.absolute()))}?{how}&uri=true")
    event.listen(engine, "connect", _sqlite_autocommit)
    event.listen(engine, "begin", _sqlite_begin)
    return Store(engine)


def _sqlite_autocommit(dbapi_connection: Any, _record: Any) -> None:
    dbapi_connection.isolation_level = None


def _sqlite_connect(dbapi_connection: Any, _record: Any) -> None:
    dbapi_connection.isolation_level = None
    cursor = dbapi_connection.cursor()
    for pragma in (f"busy_timeout={_BUSY_MS}", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _sqlite_begin(conn: Connection) -> None:
    conn.exec_driver_sql("BEGIN" if conn.get_execution_options().get("reading") else "BEGIN IMMEDIATE")


def insert_new(conn: Connection, table: Table, values: Mapping[str, Any]) -> int | None:
    """Insert a row unless its natural key exists; the new id, or None when it was there already."""
    done = conn.execute(_inserting_new(table, conn.dialect.name), values)
    if "id" in table.c:
        return done.scalar_one_or_none()
    return 1 if done.rowcount else None


def insert(conn: Connection, table: Table, values: Mapping[str, Any]) -> int:
    """Insert a row that must be new; its id."""
    row_id = conn.execute(_inserting(table), values).scalar_one()
    return int(row_id)


def last_number(number: Column[int], of: Column[int]) -> Select[tuple[int]]:
    """The statement that asks for the highest number of those whose `of` is the parameter of that name; 0 for none."""
    return select(func.coalesce(func.max(number), 0)).where(of == bindparam("of"))


# Statements are put together once; the values go beside them.


@cache
def _inserting(table: Table) -> Any:
    return table.insert().returning(table.c.id)


@cache
def _inserting_new(table: Table, dialect: str) -> Any:
    make: Any = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement: Insert = make(table).on_conflict_do_nothing()
    return statement.returning(table.c.id) if "id" in table.c else statement


def locked(conn: Connection, table: Table, row_id: int) -> Any:
    """The row of that id, locked until the transaction ends. Raises InternalError when there is none."""
    row = conn.execute(select(table).where(table.c.id == row_id).with_for_update()).one_or_none()
    if row is None:
        raise InternalError(f"{table.name} 中没有 {row_id} 号记录")
    return row
