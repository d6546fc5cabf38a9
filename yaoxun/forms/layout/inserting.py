"""Puts rows into a sheet of the office's own workbook as Excel does: what stands below moves down with its merges, heights,
dropdowns and formats, every formula goes on pointing at what it pointed at, and a range that ends in the row above grows.
"""

import re
from collections.abc import Iterator
from copy import copy
from dataclasses import replace
from typing import Any

from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.formula.tokenizer import Token, Tokenizer
from openpyxl.formula.translate import Translator
from openpyxl.worksheet.cell_range import CellRange, MultiCellRange
from openpyxl.worksheet.formula import ArrayFormula

from yaoxun.sheets.model import RawSheet

_CELL = re.compile(r"(\$?(?:[A-Z]{1,3}\$?)?)(\d+)", re.I)


def insert_below(book: Any, sheet: Any, row: int, count: int) -> None:
    """Insert `count` rows below a row, looking like it: its styles, merges across and formulas."""
    areas = [CellRange(area.coord) for area in sheet.merged_cells.ranges]
    for area in list(sheet.merged_cells.ranges):
        sheet.merged_cells.remove(area)
    sheet.insert_rows(row + 1, count)
    for area in areas:
        sheet.merged_cells.add(_moved_area(area.coord, row, count))
    _move_heights(sheet, row, count)
    _move_areas(sheet, row, count)
    for page in book.worksheets:
        _move_formulas(page, sheet.title, row, count)
    for names in (book.defined_names, *(page.defined_names for page in book.worksheets)):
        for name in names.values():
            name.attr_text = _moved_formula(f"={name.attr_text}", "", sheet.title, row, count)[1:]
    across = [area for area in areas if area.min_row == area.max_row == row]
    for new in range(row + 1, row + count + 1):
        _look_like(sheet, row, new)
        for area in across:
            sheet.merged_cells.add(
                CellRange(min_col=area.min_col, min_row=new, max_col=area.max_col, max_row=new).coord
            )


def insert_into_raw(raw: RawSheet, row: int, count: int) -> RawSheet:
    """The same sheet as read, with that many blank rows below a row."""
    cells = {
        (r + count, c) if r > row else (r, c): cell._replace(row=r + count) if r > row else cell
        for (r, c), cell in raw.cells.items()
    }
    merges = tuple(_moved_area(text, row, count) for text in raw.merges)
    hidden = frozenset(r + count if r > row else r for r in raw.hidden_rows)
    return replace(raw, cells=cells, merges=merges, hidden_rows=hidden, max_row=raw.max_row + count)


def _look_like(sheet: Any, old: int, new: int) -> None:
    sheet.row_dimensions[new].height = sheet.row_dimensions[old].height
    for col in range(1, sheet.max_column + 1):
        source = sheet.cell(old, col)
        if source.has_style:
            sheet.cell(new, col)._style = copy(source._style)
        if isinstance(source.value, str) and source.data_type == "f":
            target = sheet.cell(new, col)
            target.value = Translator(source.value, source.coordinate).translate_formula(target.coordinate)


def _move_heights(sheet: Any, row: int, count: int) -> None:
    for number in sorted((n for n in sheet.row_dimensions if n > row), reverse=True):
        dimension = sheet.row_dimensions.pop(number)
        dimension.index = number + count
        sheet.row_dimensions[number + count] = dimension


def _move_areas(sheet: Any, row: int, count: int) -> None:
    def moved(areas: Any) -> MultiCellRange:
        return MultiCellRange(" ".join(_moved_area(text, row, count) for text in str(areas).split()))

    for rule in sheet.data_validations.dataValidation:
        rule.sqref = moved(rule.sqref)
        for key in ("formula1", "formula2"):
            if text := getattr(rule, key):
                setattr(rule, key, _moved_formula(f"={text}", sheet.title, sheet.title, row, count)[1:])
    formats, sheet.conditional_formatting = sheet.conditional_formatting, ConditionalFormattingList()
    for one in formats:
        for rule in one.rules:
            sheet.conditional_formatting.add(str(moved(one.sqref)), rule)
    if sheet.auto_filter.ref:
        sheet.auto_filter.ref = _moved_area(sheet.auto_filter.ref, row, count)
    if sheet.print_area:
        sheet.print_area = ",".join(_moved_area(t.rpartition("!")[2], row, count) for t in sheet.print_area.split(","))
    for line in sheet.row_breaks.brk:
        line.id += count if line.id > row else 0


def _move_formulas(page: Any, title: str, row: int, count: int) -> None:
    for cell in _cells(page):
        if cell.hyperlink is not None:
            cell.hyperlink.ref = cell.coordinate
        value = cell.value
        if isinstance(value, ArrayFormula):
            value.text = _moved_formula(value.text or "", page.title, title, row, count)
            value.ref = _moved_area(value.ref, row, count) if page.title == title else value.ref
        elif cell.data_type == "f" and isinstance(value, str):
            cell.value = _moved_formula(value, page.title, title, row, count)


def _cells(page: Any) -> Iterator[Any]:
    for line in page.iter_rows():
        yield from (cell for cell in line if hasattr(cell, "hyperlink"))


def _moved_formula(text: str, page: str, title: str, row: int, count: int) -> str:
    """A formula of one sheet after rows were put into another (or this) one."""
    if not text.startswith("="):
        return text
    tokens = Tokenizer(text)
    return "=" + "".join(
        _moved_reference(t.value, page, title, row, count)
        if t.type == Token.OPERAND and t.subtype == Token.RANGE
        else t.value
        for t in tokens.items
    )


def _moved_reference(text: str, page: str, title: str, row: int, count: int) -> str:
    sheet, mark, area = text.rpartition("!")
    named = sheet.strip("'").replace("''", "'") if mark else page
    return f"{sheet}{mark}{_moved_area(area, row, count)}" if named == title else text


def _moved_area(text: str, row: int, count: int) -> str:
    """A5 or A5:B9 after the rows came in. A range that ends in the row grows by them: they belong to the same body."""
    first, colon, last = text.partition(":")

    def down(part: str, *, grows: bool) -> str:
        at = _row_of(part)
        return _CELL.sub(rf"\g<1>{at + count}", part) if at > row or (grows and at == row) else part

    if not _CELL.fullmatch(first) or (colon and not _CELL.fullmatch(last)):
        return text
    tall = colon and _row_of(first) <= row <= _row_of(last)
    return f"{down(first, grows=False)}{colon}{down(last, grows=bool(tall)) if colon else ''}"


def _row_of(part: str) -> int:
    found = _CELL.fullmatch(part)
    return int(found[2]) if found else 0
