"""Every printed address holds the offending value, and every planted fault is named at its cell: over random workbooks. The
full run is in tests/soak.
"""

from pathlib import Path

import pytest

from support.random_books import DISTURBANCES, findings_of, make_book, missed, shifted, survey, wrong_addresses
from yaoxun.forms import model
from yaoxun.sheets.model import address

BOOKS = 60


def test_every_printed_address_holds_the_offending_value_and_every_planted_fault_is_named_there(tmp_path: Path) -> None:
    found = survey(range(BOOKS), tmp_path)
    print(found.report())
    assert not found.wrong, "\n".join(found.wrong[:20])
    assert not found.missed, "\n".join(found.missed[:20])
    assert all(found.books_with[kind] >= BOOKS // 5 for kind in DISTURBANCES)
    assert sum(found.findings.values()) > 10 * BOOKS


def test_the_same_seed_gives_the_same_findings(tmp_path: Path) -> None:
    assert findings_of(make_book(5, tmp_path)) == findings_of(make_book(5, tmp_path))


@pytest.mark.parametrize(("rows", "cols"), [(1, 0), (0, 1), (-1, 0)])
def test_a_shifted_address_is_caught(tmp_path: Path, rows: int, cols: int) -> None:
    valued = caught = planted = lost = 0
    for seed in range(8):
        book = make_book(seed, tmp_path)
        moved = [shifted(f, rows=rows, cols=cols) for f in findings_of(book)]
        with_value = [f for f in moved if f.found]
        valued += len(with_value)
        caught += len(wrong_addresses(book, with_value))
        planted += len(book.planted)
        lost += len(missed(book, moved))
    # A neighbour may by chance hold the very same text, as columns of choices do.
    assert caught > 0.75 * valued and lost > 0.9 * planted


def test_a_reader_that_is_off_by_one_row_is_caught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model.Cell, "address", property(lambda cell: address(cell.row + 1, cell.col)))
    found = survey(range(4), tmp_path)
    assert found.wrong and found.missed
