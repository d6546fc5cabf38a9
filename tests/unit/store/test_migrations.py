"""A database of any earlier schema comes to the present one, wholly or not at all."""

from pathlib import Path

import pytest

from support.schema import described
from yaoxun.errors import NotNowError
from yaoxun.store import migrate as migrating
from yaoxun.store.engine import Store, open_store
from yaoxun.store.migrate import migrate, missing_steps, steps


@pytest.mark.parametrize("had", range(len(steps())))
def test_from_every_earlier_schema_to_the_present_one(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, had: int
) -> None:
    other = open_store(f"sqlite:///{tmp_path / 'old.db'}")
    everything = steps()
    monkeypatch.setattr(migrating, "steps", lambda: everything[:had])
    migrate(other)
    monkeypatch.undo()
    assert missing_steps(other) == [name for _, name, _ in everything[had:]]
    assert migrate(other) == [name for _, name, _ in everything[had:]]
    assert described(other.engine) == described(store.engine)
    assert migrate(other) == []
    other.close()


def test_the_numbers_of_the_steps_have_no_gap() -> None:
    assert [n for n, _, _ in steps()] == list(range(1, len(steps()) + 1))


def test_a_step_that_fails_leaves_the_database_as_it_was(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    before = described(store.engine)
    broken = (99, "099-broken", "CREATE TABLE half (a TEXT);\nCREATE TABLE blob (a TEXT);\n")
    everything = steps()
    monkeypatch.setattr(migrating, "steps", lambda: [*everything, broken])
    with pytest.raises(Exception, match="blob"):
        migrate(store)
    assert described(store.engine) == before
    assert missing_steps(store) == ["099-broken"]


def test_a_database_of_a_newer_program_is_left_alone(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    everything = steps()
    monkeypatch.setattr(migrating, "steps", lambda: everything[:-1])
    with pytest.raises(NotNowError, match="更新版本"):
        migrate(store)
