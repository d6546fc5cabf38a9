"""Eight processes at once on a real PostgreSQL server."""

import pytest

from support.race_cases import *  # noqa: F403 (the tests themselves)


@pytest.fixture
def database(fresh_postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database of this test's own, for every process it starts."""
    monkeypatch.setenv("YAOXUN_DATABASE_URL", fresh_postgres_url)
    return fresh_postgres_url
