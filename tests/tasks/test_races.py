"""Eight processes at once on SQLite."""

import pytest

from support.race_cases import *  # noqa: F403 (the tests themselves)


@pytest.fixture
def database(monkeypatch: pytest.MonkeyPatch) -> str:
    """Each home's own SQLite file."""
    monkeypatch.delenv("YAOXUN_DATABASE_URL", raising=False)
    return "sqlite"
