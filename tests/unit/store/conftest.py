"""A migrated SQLite database, and an empty one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from yaoxun.store.engine import Store, open_store
from yaoxun.store.migrate import migrate


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path / 'a.db'}")
    migrate(opened)
    yield opened
    opened.close()


@pytest.fixture
def empty_database(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'b.db'}"
