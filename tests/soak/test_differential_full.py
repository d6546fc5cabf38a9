"""tests/unit/sheets/test_differential_openpyxl.py over 1,000 workbooks in three hands; prints the counts (`pytest -s`)."""

from pathlib import Path

import pytest

from support.random_sheets import HANDS, Comparison, against_plan, compare, make_plan
from yaoxun.home import shipped
from yaoxun.sheets.limits import load_limits
from yaoxun.sheets.model import RawWorkbook
from yaoxun.sheets.reader import read_workbook

FIRST, BOOKS = 10_000, 1_000


@pytest.mark.filterwarnings("ignore:Cell .* is marked as a date:UserWarning")
def test_a_thousand_workbooks_in_three_hands_are_read_as_openpyxl_reads_them(tmp_path: Path) -> None:
    limits, total, written = load_limits(shipped("config")), Comparison(), Comparison()
    for seed in range(FIRST, FIRST + BOOKS):
        for hand, write in HANDS.items():
            plan = make_plan(seed)
            write(plan, tmp_path / "a.xlsx")
            ours = read_workbook(tmp_path / "a.xlsx", limits)
            assert isinstance(ours, RawWorkbook), (seed, hand, ours)
            total.add(compare(tmp_path / "a.xlsx", ours))
            written.add(against_plan(plan, ours, hand))
    print(f"\nagainst openpyxl: {total.report()}\nagainst what was written: {written.report()}")
    assert total.unexplained == []
    assert written.differences == []
    assert total.cells > 1_000_000
