"""A database file that is damaged is told of in one sentence, with what to do."""

from pathlib import Path

import pytest

from yaoxun.errors import OutsideError
from yaoxun.store.engine import open_store
from yaoxun.store.migrate import migrate


def test_a_file_that_is_no_database_is_told_when_it_is_opened(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_bytes(b"no database " * 1000)
    with pytest.raises(OutsideError, match="数据库打不开.*\n.*yaoxun restore"):
        open_store(f"sqlite:///{tmp_path / 'a.db'}")


def test_a_page_that_is_damaged_is_told_when_it_is_read(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    store = open_store(url)
    migrate(store)
    with store.read() as conn:
        (page,) = conn.exec_driver_sql("SELECT rootpage FROM sqlite_master WHERE name = 'event'").one()
        (size,) = conn.exec_driver_sql("PRAGMA page_size").one()
    store.close()
    with (tmp_path / "a.db").open("r+b") as handle:
        handle.seek((page - 1) * size)
        handle.write(b"\xff" * size)
    store = open_store(url)
    with pytest.raises(OutsideError, match="数据库文件已损坏.*yaoxun restore"), store.read() as conn:
        conn.exec_driver_sql("SELECT * FROM event").all()
    store.close()
