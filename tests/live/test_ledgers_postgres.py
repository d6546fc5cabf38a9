"""The ledgers' promises on a real PostgreSQL server."""

from collections.abc import Iterator

import pytest

from live.conftest import new_database
from support.ledger_cases import *  # noqa: F403 (the tests themselves)
from yaoxun.store.engine import Store, open_store
from yaoxun.store.migrate import migrate


@pytest.fixture
def store(fresh_postgres_url: str) -> Iterator[Store]:
    opened = open_store(fresh_postgres_url)
    migrate(opened)
    yield opened
    opened.close()


@pytest.fixture
def empty_database(postgres_server: str) -> str:
    return f"{postgres_server}/{new_database(postgres_server)}"
