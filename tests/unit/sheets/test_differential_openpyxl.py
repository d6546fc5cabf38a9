"""Our reading held to openpyxl's and to what was written, over random workbooks in three hands: every cell in address, kind,
value and formula, every merge, hidden line and state. More of them, and LibreOffice's: tests/soak, tests/live.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from support.random_sheets import (
    EXPLAINED,
    HANDS,
    Comparison,
    against_plan,
    compare,
    make_plan,
    write_openpyxl,
    write_xlsxwriter,
)
from support.sheets_builders import sheet, styles, workbook
from yaoxun.sheets.codec import from_plain, to_plain
from yaoxun.sheets.limits import Limits
from yaoxun.sheets.model import RawCell, RawWorkbook
from yaoxun.sheets.reader import read_workbook

BOOKS, CELLS = 25, 20_000
pytestmark = pytest.mark.filterwarnings("ignore:Cell .* is marked as a date:UserWarning")


def read(path: Path, limits: Limits) -> RawWorkbook:
    found = read_workbook(path, limits)
    assert isinstance(found, RawWorkbook), found
    return found


@pytest.fixture(scope="module")
def total() -> Iterator[Comparison]:
    kept = Comparison()
    yield kept
    print(f"\nagainst openpyxl: {kept.report()}")


@pytest.mark.parametrize("hand", HANDS)
def test_every_cell_is_read_as_openpyxl_reads_it_and_as_it_was_written(
    tmp_path: Path, limits: Limits, total: Comparison, hand: str
) -> None:
    written = Comparison()
    for seed in range(BOOKS):
        plan = make_plan(seed)
        HANDS[hand](plan, tmp_path / "a.xlsx")
        ours = read(tmp_path / "a.xlsx", limits)
        assert from_plain(to_plain(ours)) == ours
        total.add(compare(tmp_path / "a.xlsx", ours))
        written.add(against_plan(plan, ours, hand))
    assert total.unexplained == []
    assert written.differences == []
    assert written.cells > CELLS / len(HANDS)


def test_texts_that_stand_in_their_cells_are_read_alike(tmp_path: Path, limits: Limits, total: Comparison) -> None:
    plan = make_plan(1_000)
    for page in plan.pages:
        page.merges = []  # xlsxwriter cannot write them out of order
    write_xlsxwriter(plan, tmp_path / "a.xlsx", inline=True)
    ours = read(tmp_path / "a.xlsx", limits)
    total.add(compare(tmp_path / "a.xlsx", ours))
    assert total.unexplained == []
    assert against_plan(plan, ours, "xlsxwriter").differences == []


def test_enough_was_compared_and_every_reason_was_met(total: Comparison) -> None:
    assert total.cells >= CELLS
    assert {one.why for one in total.differences} == {reason for reason, _ in EXPLAINED}
    assert len(total.differences) < total.cells / 20


# Were anything read otherwise, it would be seen


def planted(ours: RawWorkbook, **changes: object) -> RawWorkbook:
    return replace(ours, sheets=(replace(ours.sheets[0], **changes), *ours.sheets[1:]))  # type: ignore[arg-type]


@pytest.fixture
def sample(tmp_path: Path, limits: Limits) -> tuple[Path, RawWorkbook]:
    rows = (
        '<row r="1" hidden="1"><c r="A1"><v>1</v></c><c r="B1" s="1"><v>45000</v></c></row>'
        '<row r="2"><c r="A2" t="str"><f>B1&amp;"x"</f><v>甲</v></c><c r="C2"><v>5</v></c></row>'
    )
    merges = '<mergeCells><mergeCell ref="A3:B4"/></mergeCells>'
    path = workbook(tmp_path / "a.xlsx", sheet(rows, merges), style=styles("yyyy-mm-dd"))
    ours = read(path, limits)
    assert compare(path, ours).differences == []
    return path, ours


@pytest.mark.parametrize(
    ("place", "cell"),
    [
        ((1, 1), None),
        ((1, 1), RawCell(1, 1, "number", Decimal("1.00000000000001"))),
        ((1, 1), RawCell(1, 1, "text", "1")),
        ((1, 2), RawCell(1, 2, "date", datetime(2023, 3, 16))),
        ((2, 1), RawCell(2, 1, "text", "甲")),
        ((2, 1), RawCell(2, 1, "text", "甲", "B2&x")),
        ((2, 1), RawCell(2, 1, "text", "甲 ", 'B1&"x"')),
        ((9, 9), RawCell(9, 9, "bool", True)),
    ],
)
def test_a_cell_that_were_read_otherwise_is_found(
    sample: tuple[Path, RawWorkbook], place: tuple[int, int], cell: RawCell | None
) -> None:
    path, ours = sample
    cells = {**ours.sheets[0].cells, place: cell}
    if cell is None:
        del cells[place]
    assert len(compare(path, planted(ours, cells=cells)).unexplained) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"merges": ()},
        {"hidden_rows": frozenset()},
        {"hidden_cols": frozenset({2})},
        {"name": "别"},
        {"state": "hidden"},
    ],
)
def test_a_merge_hidden_line_name_or_state_that_were_read_otherwise_is_found(
    sample: tuple[Path, RawWorkbook], changes: dict[str, object]
) -> None:
    path, ours = sample
    assert len(compare(path, planted(ours, **changes)).unexplained) == 1


def test_a_cell_that_was_written_otherwise_is_found(tmp_path: Path, limits: Limits) -> None:
    plan = make_plan(3)
    write_openpyxl(plan, tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    page = plan.pages[0]
    row, col = next(
        place for place, spec in page.cells.items() if place not in page.covered() and spec.kind == "number"
    )
    book[page.name].cell(row, col, 987_654_321)
    book.save(tmp_path / "b.xlsx")
    (only,) = against_plan(plan, read(tmp_path / "b.xlsx", limits), "openpyxl").differences
    assert only.ours == ("number", Decimal(987_654_321), None)
