"""A workbook of Excel 97–2003 or older (.xls, and .et of older WPS), read by xlrd and put into a grid.

xlrd gives values, error cells, merges and hidden lines; whether a cell is a formula, and its text, it throws away, so the
records are walked once more for that. xlrd trusts the file: memory and time are the child's limits.
"""

import os
import re
import struct
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

import xlrd
from xlrd.biffh import error_text_from_code
from xlrd.formula import FMLA_TYPE_CELL, FMLA_TYPE_SHARED, decompile_formula

from yaoxun.sheets.grid import Grid, Reading, SheetState
from yaoxun.sheets.limits import Limits
from yaoxun.sheets.model import CellKind, CellValue, RawWorkbook
from yaoxun.sheets.refusals import Unreadable, unreadable
from yaoxun.sheets.values import FormatKind, format_kind, formatted, number, plain_text

_STATES: dict[int, SheetState] = {0: "visible", 1: "hidden", 2: "veryHidden"}
_FORMULA, _ARRAY, _SHARED, _END = 0x0006, 0x0221, 0x04BC, 0x000A
_PTG_EXP = 0x01  # the formula stands in the shared or array record of another cell
# What xlrd writes otherwise than Excel: 2.0 for 2, A1:A1 for a cell of another sheet. Strings stay as they are.
_ODDITIES = re.compile(r'"(?:[^"]|"")*"|(?<![A-Za-z0-9.])(\d+)\.0(?![\d.])|(![$A-Z0-9]+):(?=([$A-Z0-9]+))\3')
_UNKNOWN = '"#N/A"'  # its answer for what it does not know
_BUILTIN_LAST = 163  # number formats from 164 on are the file's own

_EXACT = 1e15  # whole numbers below it are shown with all their digits

Cell = tuple[int, int]
_OLD_FORMULAS = 50  # below BIFF5 a formula record is laid out otherwise; nobody has written one since 1993


def read_biff(content: bytes, limits: Limits) -> RawWorkbook:
    """All worksheets of the file's bytes. Raises Unreadable."""
    with open(os.devnull, "w", encoding="utf-8") as nowhere:  # noqa: PTH123 (xlrd prints its doubts)
        book = _asked(
            lambda: xlrd.open_workbook(
                file_contents=content, formatting_info=True, on_demand=True, ragged_rows=True, logfile=nowhere
            )
        )
        reading = Reading(limits=limits, date1904=bool(book.datemode))
        reading.lossy.add("旧格式（.xls）")
        reading.formats = _formats(book, limits)
        for index in range(book.nsheets):
            _read_sheet(book, index, reading)
    return reading.workbook()


def _asked(question: Callable[[], Any]) -> Any:
    """The answer of xlrd. A file that breaks its format makes it raise anything at all. Raises Unreadable."""
    try:
        return question()
    except MemoryError:
        raise
    except Exception as err:
        encrypted = isinstance(err, xlrd.XLRDError) and "encrypted" in str(err)
        raise _broken() if not encrypted else unreadable("password_xls") from err


def _broken() -> Unreadable:
    return unreadable("broken", what="旧版工作簿的内容不完整或有错")


def _formats(book: Any, limits: Limits) -> list[FormatKind]:
    if len(book.xf_list) > limits.styles:
        raise unreadable("too_many_styles", n=len(book.xf_list), limit=limits.styles)
    codes = {key: found.format_str for key, found in book.format_map.items()}
    kinds = []
    for xf in book.xf_list:
        key = xf.format_key
        # The codes of built-in formats depend on the country of the file; their numbers do not.
        kinds.append(format_kind(key, codes.get(key) if key > _BUILTIN_LAST or book.biff_version < 80 else None))
    return kinds


def _read_sheet(book: Any, index: int, reading: Reading) -> None:
    sheet = _asked(lambda: book.sheet_by_index(index))
    grid = Grid(sheet.name, _STATES.get(sheet.visibility, "veryHidden"), reading)
    try:
        formulas = _formulas(book, index)
    except struct.error as err:
        raise _broken() from err
    for row in range(sheet.nrows):
        types, values = sheet.row_types(row), sheet.row_values(row)
        for col, (code, value) in enumerate(zip(types, values, strict=True)):
            formula = formulas.get((row, col)) if formulas else None
            if code in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK) and formula is None:
                continue
            xf = sheet.cell_xf_index(row, col) if code in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE) else 0
            kind, typed = _typed(code, value, xf, reading)
            if kind == "text":
                grid.check_length(len(str(typed)), row + 1, col + 1)
            grid.put(row + 1, col + 1, kind, typed, formula)
    for row1, row2, col1, col2 in sheet.merged_cells:
        grid.merge(row1 + 1, col1 + 1, row2, col2)
    for row, line in sheet.rowinfo_map.items():
        if line.hidden:
            grid.hide_rows(row + 1, row + 1)
    for col, column in sheet.colinfo_map.items():
        if column.hidden:
            grid.hide_cols(col + 1, col + 1)
    grid.finish()


def _typed(code: int, value: Any, xf: int, reading: Reading) -> tuple[CellKind, CellValue]:
    if code == xlrd.XL_CELL_TEXT:
        return "text", plain_text(value)
    if code == xlrd.XL_CELL_BOOLEAN:
        return "bool", bool(value)
    if code == xlrd.XL_CELL_ERROR:
        return "error", error_text_from_code.get(value, "#N/A")
    if code not in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
        return "text", ""
    found = Decimal(int(value)) if value.is_integer() and abs(value) < _EXACT else number(repr(value))
    if found is None:
        raise unreadable("broken", what="有一格写着是数字，却读不成数字")
    kind = reading.formats[xf] if xf < len(reading.formats) else "plain"
    return formatted(Decimal(found), kind=kind, date1904=reading.date1904)


# Formulas


def _formulas(book: Any, index: int) -> Mapping[Cell, str]:
    """Formula cells of a sheet with their text; '' where the text cannot be told."""
    if book.biff_version < _OLD_FORMULAS:
        return {}
    found: dict[Cell, str] = {}
    waiting: list[tuple[Cell, Cell]] = []
    shared: dict[Cell, tuple[int, bytes]] = {}
    last: Cell = (0, 0)
    for code, data in _records(book, index):
        if code == _FORMULA:
            last = struct.unpack_from("<HH", data)
            if len(data) > 26 and data[22] == _PTG_EXP:
                waiting.append((last, struct.unpack_from("<HH", data, 23)))
            else:
                found[last] = _text(book, data[20:], FMLA_TYPE_CELL, last)
        elif code == _SHARED:
            shared[last] = (FMLA_TYPE_SHARED, data[8:])
        elif code == _ARRAY:
            shared[last] = (FMLA_TYPE_CELL, data[12:])
    for cell, master in waiting:
        kind, tokens = shared.get(master, (FMLA_TYPE_CELL, b""))
        found[cell] = _text(book, tokens, kind, cell)
    return found


def _records(book: Any, index: int) -> Iterator[tuple[int, bytes]]:
    """The records of a sheet's own stream, embedded charts left out."""
    stream, at, depth = book.mem, book._sh_abs_posn[index], 0
    while at + 4 <= len(stream):
        code, size = struct.unpack_from("<HH", stream, at)
        depth += (code & 0xFF) == 0x09 and code in (0x0009, 0x0209, 0x0409, 0x0809)
        depth -= code == _END
        if depth <= 0:
            return
        if depth == 1:
            yield code, bytes(stream[at + 4 : at + 4 + size])
        at += 4 + size


def _text(book: Any, tokens: bytes, kind: int, cell: Cell) -> str:
    """`tokens` begins with its length in two bytes."""
    if len(tokens) < 3:
        return ""
    (size,) = struct.unpack_from("<H", tokens)
    try:
        text = decompile_formula(book, tokens[2:], size, kind, browx=cell[0], bcolx=cell[1]) or ""
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 (a formula whose text cannot be told is still a formula)
        return ""
    return "" if text == _UNKNOWN else plain_text(_ODDITIES.sub(_as_excel_writes, text))


def _as_excel_writes(match: re.Match[str]) -> str:
    if match[1]:
        return match[1]
    return match[2] if match[2] and match[2] == f"!{match[3]}" else match[0]
