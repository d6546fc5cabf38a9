"""Our own reading compared with openpyxl's, over generated workbooks written by openpyxl and by xlsxwriter."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.cell.cell import MergedCell
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900

from yaoxun.sheets.codec import from_plain, to_plain
from yaoxun.sheets.limits import Limits
from yaoxun.sheets.model import RawCell, RawSheet, RawWorkbook
from yaoxun.sheets.reader import read_workbook

GENERATED = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn")), min_size=1, max_size=12).filter(
    lambda text: not text.startswith("=") and "_x" not in text
)
values = st.one_of(
    st.integers(-(10**14), 10**14),
    st.floats(-1e300, 1e300),  # beyond, openpyxl itself writes what reads back as infinite
    st.decimals(-10000, 10000, places=2).map(float),
    st.booleans(),
    texts,
    st.sampled_from(["#REF!", "#DIV/0!", "#N/A", "=A1+1", '=IF(B2>0,"甲",0)', "=SUM(A1:B9)"]),
    st.datetimes(datetime(1905, 1, 1), datetime(2100, 1, 1)).map(lambda moment: moment.replace(microsecond=0)),
    st.dates(date(1905, 1, 1), date(2100, 1, 1)),
    st.times().map(lambda clock: clock.replace(microsecond=0)),
    st.integers(1, 10**6).map(lambda seconds: timedelta(seconds=seconds)),
)
places = st.tuples(st.integers(1, 40), st.integers(1, 12))
merges = st.lists(st.tuples(places, st.integers(0, 3), st.integers(0, 3)), max_size=3)


def seen_by_openpyxl(cell: Any) -> tuple[str, Any]:  # noqa: PLR0911 (one for each type)
    """What we should make of openpyxl's cell."""
    value = cell.value
    if value is None:
        return "text", ""  # a formula that was never computed
    if isinstance(value, bool):
        return "bool", value
    if isinstance(value, datetime):
        return "date", value
    if isinstance(value, time):
        return "text", value.strftime("%H:%M:%S")
    if isinstance(value, timedelta):
        seconds = round(value.total_seconds())
        return "text", f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    if isinstance(value, int | float):
        return "number", Decimal(format(value, ".15g")) if isinstance(value, float) else Decimal(value)
    return "error" if cell.data_type == "e" else "text", value


def read(path: Path, limits: Limits) -> RawSheet:
    found = read_workbook(path, limits)
    assert isinstance(found, RawWorkbook), found
    assert from_plain(to_plain(found)) == found
    return found.sheets[0]


def compare(path: Path, ours: RawSheet) -> None:
    """Every cell, merge and hidden line of the first sheet, in both directions."""
    formulas, cached = (openpyxl.load_workbook(path, data_only=only).worksheets[0] for only in (False, True))
    expected = {}
    for row in formulas.iter_rows():
        for cell in row:
            if cell.value in (None, "") or isinstance(cell, MergedCell):
                continue
            formula = cell.value[1:] if cell.data_type == "f" else None
            kind, seen = seen_by_openpyxl(cached[cell.coordinate])
            expected[cell.row, cell.column] = RawCell(cell.row, cell.column, kind, seen, formula)  # type: ignore[arg-type]
    assert dict(ours.cells) == expected
    assert sorted(ours.merges) == sorted(str(merge) for merge in formulas.merged_cells.ranges)
    hidden = {row for row, dimension in formulas.row_dimensions.items() if dimension.hidden}
    assert ours.hidden_rows == {row for row in hidden if row <= ours.max_row}
    columns = {
        col
        for dimension in formulas.column_dimensions.values()
        if dimension.hidden
        for col in range(dimension.min, dimension.max + 1)
    }
    assert ours.hidden_cols == {col for col in columns if col <= ours.max_col}


def _free(ranges: list[tuple[tuple[int, int], int, int]]) -> list[tuple[int, int, int, int]]:
    """The ranges that touch no earlier one and hold more than one cell."""
    taken: set[tuple[int, int]] = set()
    kept = []
    for (row, col), down, right in ranges:
        cells = {(r, c) for r in range(row, row + down + 1) for c in range(col, col + right + 1)}
        if len(cells) > 1 and not cells & taken:
            taken |= cells
            kept.append((row, col, row + down, col + right))
    return kept


sheets = st.fixed_dictionaries(
    {
        "cells": st.dictionaries(places, values, max_size=30),
        "merges": merges.map(_free),
        "hidden_rows": st.sets(st.integers(1, 45), max_size=6),
        "hidden_cols": st.sets(st.integers(1, 14), max_size=4),
        "date1904": st.booleans(),
    }
)


@GENERATED
@given(sheets)
def test_what_openpyxl_wrote_is_read_alike(tmp_path: Path, limits: Limits, drawn: dict[str, Any]) -> None:
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904 if drawn["date1904"] else CALENDAR_WINDOWS_1900
    page = book.worksheets[0]
    for (row, col), value in drawn["cells"].items():
        page.cell(row, col, value)
    for row1, col1, row2, col2 in drawn["merges"]:
        page.merge_cells(start_row=row1, start_column=col1, end_row=row2, end_column=col2)
    for row in drawn["hidden_rows"]:
        page.row_dimensions[row].hidden = True
    for col in drawn["hidden_cols"]:
        page.column_dimensions[openpyxl.utils.get_column_letter(col)].hidden = True
    book.save(tmp_path / "a.xlsx")
    compare(tmp_path / "a.xlsx", read(tmp_path / "a.xlsx", limits))


@GENERATED
@given(sheets)
def test_what_xlsxwriter_wrote_is_read_alike(tmp_path: Path, limits: Limits, drawn: dict[str, Any]) -> None:
    # Writes values below merges, cached results of formulas and shared strings, none of which openpyxl writes.
    book = xlsxwriter.Workbook(tmp_path / "a.xlsx", {"date_1904": drawn["date1904"], "nan_inf_to_errors": True})
    page = book.add_worksheet()
    formats = {kind: book.add_format({"num_format": code}) for kind, code in FORMATS.items()}
    for row1, col1, row2, col2 in drawn["merges"]:
        page.merge_range(row1 - 1, col1 - 1, row2 - 1, col2 - 1, "")
    for (row, col), value in drawn["cells"].items():
        if isinstance(value, str) and value.startswith("="):
            page.write_formula(row - 1, col - 1, value, None, 0.1 * row)
        elif isinstance(value, str):
            page.write_string(row - 1, col - 1, value)
        else:
            page.write(row - 1, col - 1, value, formats.get(type(value)))
    for row in drawn["hidden_rows"]:
        page.set_row(row - 1, None, None, {"hidden": True})
    for col in drawn["hidden_cols"]:
        page.set_column(col - 1, col - 1, None, None, {"hidden": True})
    book.close()
    compare(tmp_path / "a.xlsx", read(tmp_path / "a.xlsx", limits))


FORMATS = {datetime: "yyyy-mm-dd hh:mm:ss", date: 'yyyy"年"m"月"d"日"', time: "hh:mm:ss", timedelta: "[h]:mm:ss"}
