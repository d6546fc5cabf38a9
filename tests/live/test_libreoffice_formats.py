"""One workbook saved by LibreOffice in every format it knows: read alike, and a filled template judged alike."""

from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from support.filling import policy
from support.libreoffice import CSV, known, saved_as
from support.office_kit import BUREAU, OfficeKit, copy_office, make_office
from yaoxun.home import shipped
from yaoxun.sheets.limits import load_limits
from yaoxun.sheets.model import RawCell, RawWorkbook
from yaoxun.sheets.sandbox import Sandbox
from yaoxun.sheets.values import number

# Dates as LibreOffice writes them into a CSV, whatever their format was.
CSV_DATES = ("%Y-%m-%d", "%m/%d/%Y", "%Y-%m-%d %H:%M:%S")


def build(path: Path, *, date1904: bool) -> None:
    """Every kind of value, in two date formats, with merges, hidden lines and hidden sheets."""
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904 if date1904 else book.epoch
    page: Any = book.active
    page.title = "T3 政策"
    page["A1"] = "示例市政策汇总表"
    page.merge_cells("A1:F1")
    for col, title in enumerate(("序号", "单位", "数量", "日期", "占比", "备注"), start=1):
        page.cell(2, col, title)
    numbers = [1, 1.1, 0.1 + 0.2, 1234567.891, -3.5, 1e10, 123456789012345, 0, 1e-7, 2 / 3]
    for n, value in enumerate(numbers):
        row = n + 3
        page.cell(row, 1, n + 1)
        page.cell(row, 2, f"示例单位{n}")
        page.cell(row, 3, value)
        day = page.cell(row, 4, datetime(2023, 3, 1 + n, 8, 30) if n % 2 else date(2023, 1, 1 + n))
        day.number_format = "yyyy-mm-dd hh:mm" if n % 2 else 'yyyy"年"m"月"d"日"'
        page.cell(row, 5, n / 8).number_format = "0.0%"
        page.cell(row, 6, ("甲\n第二行", " 前后空格 ", "001", "12,345", '他说"好"', True)[n % 6])
    formulas = {
        "A14": "=A3=1",
        "B14": "=DATE(2023,3,5)",
        "C14": "=SUM(C3:C12)",
        "D14": "=1/0",
        "E14": '=B3&"合计"',
        "F14": "=NA()",
    }
    for place, text in formulas.items():
        page[place] = text
    page["B14"].number_format = "yyyy-mm-dd"
    page["A15"], page["B15"], page["C15"], page["D15"] = "¥单价", time(13, 45), 1.5, 12.5
    page["B15"].number_format, page["C15"].number_format, page["D15"].number_format = "hh:mm", "[h]:mm", "¥#,##0.00"
    page["B16"] = "合并块"
    page.merge_cells("B16:C18")
    page.row_dimensions[5].hidden = page.row_dimensions[9].hidden = True
    page.column_dimensions["E"].hidden = True
    other = book.create_sheet("隐藏表")
    other.sheet_state, other["A1"], other["AA100"] = "hidden", 42, "远处"
    last = book.create_sheet("公式")
    for n in range(1, 6):
        last.cell(n, 1, n)
        last.cell(n, 2, f"=A{n}*2")
        last.cell(n, 3, f"='T3 政策'!C{n + 2}")
    last["D1"], last["D2"], last["D3"] = "=VLOOKUP(99,A1:B5,2,FALSE)", "=SUM(#REF!)", '=""'
    book.save(path)


def read(path: Path) -> RawWorkbook:
    with Sandbox(load_limits(shipped("config"))) as sandbox:
        found = sandbox.open(path)
    assert isinstance(found, RawWorkbook), found
    return found


@pytest.mark.live
@pytest.mark.parametrize("date1904", [False, True], ids=["dates from 1900", "dates from 1904"])
def test_xls_and_ods_are_read_like_xlsx_cell_by_cell(profile: Path, tmp_path: Path, date1904: bool) -> None:
    source = tmp_path / "表.xlsx"
    build(source, date1904=date1904)
    wanted = read(saved_as(profile, source, "xlsx") / "表.xlsx")
    compared, untold = 0, []
    for kind in ("xls", "ods"):
        found = read(saved_as(profile, source, kind) / f"表.{kind}")
        assert [s.name for s in found.sheets] == [s.name for s in wanted.sheets]
        for ours, theirs in zip(found.sheets, wanted.sheets, strict=True):
            for place in sorted(set(ours.cells) | set(theirs.cells)):
                here, there = ours.cells.get(place), theirs.cells.get(place)
                assert here is not None, (kind, ours.name, place)
                assert there is not None, (kind, ours.name, place)
                told = here.formula != ""
                assert known(here, told) == known(there, told), (kind, ours.name, here.address)
                compared += 1
                untold += [(kind, ours.name, here.address)] if not told and there.formula else []
            assert set(ours.merges) == set(theirs.merges)
            assert (ours.state, ours.hidden_rows, ours.hidden_cols) == (
                theirs.state,
                theirs.hidden_rows,
                theirs.hidden_cols,
            )
            assert (ours.max_row, ours.max_col) == (theirs.max_row, theirs.max_col)
    print(f"cells compared: {compared}, differences: 0")
    assert untold == [("xls", "公式", "D2")]
    assert compared == 196


def as_typed(text: str) -> Any:
    """What a text of a CSV stands for: a number, a percentage, a date, a time of day, a truth value, or itself."""
    if (found := number(text.removesuffix("%"))) is not None and "," not in text and not text.startswith("0" * 2):
        return found / 100 if text.endswith("%") else found
    for code in CSV_DATES:
        try:
            return datetime.strptime(text, code)
        except ValueError:
            continue
    try:
        return datetime.strptime(text, "%I:%M:%S %p").strftime("%H:%M:%S")
    except ValueError:
        return {"TRUE": True, "FALSE": False}.get(text, text)


@pytest.mark.live
def test_a_csv_has_the_same_values_by_row_and_column(profile: Path, tmp_path: Path) -> None:
    source = tmp_path / "表.xlsx"
    build(source, date1904=False)
    wanted = read(saved_as(profile, source, "xlsx") / "表.xlsx")
    folder = saved_as(profile, source, CSV)
    compared = 0
    for sheet in wanted.sheets:
        (found,) = read(folder / f"表-{sheet.name}.csv").sheets
        filled = {place: cell.value for place, cell in sheet.cells.items() if cell.value != ""}
        typed = {place: _of_csv(cell) for place, cell in found.cells.items()}
        assert typed == {place: _plain(value) for place, value in filled.items()}
        compared += len(filled)
    assert compared == 97


def _of_csv(cell: RawCell) -> Any:
    return _plain(as_typed(cell.value)) if isinstance(cell.value, str) else cell.value


def _plain(value: Any) -> Any:
    """Numbers to the digits that a CSV keeps, texts that look like numbers as numbers: a CSV has no types."""
    typed = as_typed(value) if isinstance(value, str) else value
    return format(typed, ".12g") if isinstance(typed, Decimal) else typed


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> OfficeKit:
    return make_office(tmp_path_factory.mktemp("office") / "home")


def judged(made: OfficeKit, root: Path, file: Path) -> dict[str, list[tuple[Any, ...]]]:
    """What the office has on record after this file came."""
    office = OfficeKit(copy_office(made.home.root, root))
    office.drop(file.read_bytes(), file.name)
    office.collect()
    return {
        "arrivals": [(r.state, r.reason) for r in office.query("select state, reason from arrival")],
        "decisions": [
            (r.decision, r.reason) for r in office.query("select decision, reason from decision order by id")
        ],
        "rows": [tuple(r) for r in office.query("select row_number, cells from sheet_row order by sheet_version, id")],
        "facts": [
            tuple(r)
            for r in office.query(
                "select column_name, org, period, indicator, value, scale, unit, cell from fact order by sheet_version, id"
            )
        ],
        "findings": [
            tuple(r)
            for r in office.query(
                "select table_id, rule, column_name, level, sheet, cell, message from finding order by id"
            )
        ],
    }


@pytest.mark.live
@pytest.mark.parametrize("fault", [False, True], ids=["accepted", "with faults"])
def test_a_filled_template_is_judged_alike_in_every_format(
    profile: Path, made: OfficeKit, tmp_path: Path, fault: bool
) -> None:
    rows = {"T3": [policy(1), policy(2, 状态="不存在的状态") if fault else policy(2)]}
    source = tmp_path / "报表.xlsx"
    source.write_bytes(made.filled(BUREAU, rows=rows))
    wanted = judged(made, tmp_path / "home-xlsx", source)
    assert wanted["rows"]
    assert wanted["facts"]
    assert bool(wanted["findings"]) == fault
    for kind in ("xls", "ods"):
        found = judged(made, tmp_path / f"home-{kind}", saved_as(profile, source, kind) / f"报表.{kind}")
        assert found == wanted, kind
