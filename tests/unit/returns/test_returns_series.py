"""Official numbers go on after the highest, whatever stands in the register and however large it is."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from yaoxun.returns.registers import register_entries
from yaoxun.store.engine import Store, open_store
from yaoxun.store.migrate import migrate


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path / 'a.db'}")
    migrate(opened)
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("there", "next_number"),
    [
        ((), "ZC0001"),
        (("ZC0007", "ZC0003"), "ZC0008"),
        (("ZC9999",), "ZC10000"),
        (("ZC9999", "ZC10000", "ZC10001"), "ZC10002"),
        (("ZC12", "ZC0005"), "ZC0013"),
        (("ZC000020", "ZC0100"), "ZC0101"),
        (("ZC000200", "ZC0100"), "ZC0201"),
        (("旧编号一百二十三之四", "ZC0004", "另有编号"), "ZC0005"),
        ((*(f"旧{n:09d}" for n in range(80)), "ZC0009"), "ZC0010"),
    ],
)
def test_the_next_number_follows_the_highest(store: Store, there: tuple[str, ...], next_number: str) -> None:
    with store.write() as conn:
        known = {f"k{n}": number for n, number in enumerate(there)}
        register_entries(conn, "T3", list(known), numbering="ZC{n:04d}", numbers=known)
        register_entries(conn, "T5", ["other"], numbering="SS{n:04d}", numbers={"other": "ZC9998"})
        assert register_entries(conn, "T3", ["new", *known], numbering="ZC{n:04d}") == {"new": next_number}


def test_the_highest_number_is_found_by_the_index(store: Store) -> None:
    with store.read() as conn:
        statement = "SELECT official_no FROM register_entry WHERE register = 'T3' AND official_no <> ''"
        order = " ORDER BY length(official_no) DESC, official_no DESC LIMIT 50"
        plan = " ".join(str(row[-1]) for row in conn.exec_driver_sql("EXPLAIN QUERY PLAN " + statement + order))
    assert "ix_register_series" in plan and "TEMP B-TREE" not in plan
