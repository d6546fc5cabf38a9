"""The property of tests/unit/forms/test_addresses_random.py over 1,000 workbooks; prints the counts (`pytest -s`)."""

from pathlib import Path

from support.random_books import DISTURBANCES, survey

FIRST, BOOKS = 10_000, 1_000


def test_every_printed_address_holds_the_offending_value_in_a_thousand_workbooks(tmp_path: Path) -> None:
    found = survey(range(FIRST, FIRST + BOOKS), tmp_path)
    print("\n" + found.report())
    assert not found.wrong, "\n".join(found.wrong[:50])
    assert not found.missed, "\n".join(found.missed[:50])
    assert found.books == BOOKS and all(found.books_with[kind] >= BOOKS // 5 for kind in DISTURBANCES)
    assert sum(found.findings.values()) >= 3_000
