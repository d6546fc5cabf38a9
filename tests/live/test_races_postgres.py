"""Eight processes at once on a real PostgreSQL server."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import Connection, text

from support.race_cases import *  # noqa: F403 (the tests themselves)
from yaoxun.errors import OutsideError
from yaoxun.store.engine import open_store


@pytest.fixture
def database(fresh_postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database of this test's own, for every process it starts."""
    monkeypatch.setenv("YAOXUN_DATABASE_URL", fresh_postgres_url)
    return fresh_postgres_url


def test_a_deadlock_is_a_sentence_and_neither_side_is_half_written(database: str) -> None:
    store = open_store(database)
    with store.write() as conn:
        conn.execute(text("create table pair (id int primary key, n int)"))
        conn.execute(text("insert into pair values (1, 0), (2, 0)"))
    both = Barrier(2)

    def add(conn: Connection, row: int) -> None:
        conn.execute(text("update pair set n = n + 1 where id = :id"), {"id": row})

    def work(order: tuple[int, int]) -> str:
        try:
            with store.write() as conn:
                add(conn, order[0])
                both.wait(20)
                add(conn, order[1])
        except OutsideError as err:
            return str(err)
        return ""

    with ThreadPoolExecutor(2) as pool:
        told = sorted(pool.map(work, ((1, 2), (2, 1))))
    assert told[0] == ""
    assert "数据库没有办成这一步" in told[1]
    with store.read() as conn:
        assert [row.n for row in conn.execute(text("select n from pair"))] == [1, 1]
    store.close()
