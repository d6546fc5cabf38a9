"""An XML spreadsheet of Excel 2002–2003, which many old programs write under the name of .xls: one expat pass.

Formulas stay as the file has them, in R1C1. Raises Unreadable.
"""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from yaoxun.sheets.grid import Grid, Reading, SheetState
from yaoxun.sheets.limits import Limits
from yaoxun.sheets.model import CellKind, CellValue, RawWorkbook
from yaoxun.sheets.package import Ignore, XmlFeed, local
from yaoxun.sheets.parts import whole
from yaoxun.sheets.refusals import unreadable
from yaoxun.sheets.textual import decoded
from yaoxun.sheets.values import FormatKind, format_kind, formatted, from_iso, from_serial, number, plain_text

_SS = "urn:schemas-microsoft-com:office:spreadsheet}"
_EXCEL = "urn:schemas-microsoft-com:office:excel}"
_DECLARED = re.compile(r"""\A(<\?xml[^>]*?)\sencoding\s*=\s*["'][^"']*["']""")
_STATES: dict[str, SheetState] = {"SheetHidden": "hidden", "SheetVeryHidden": "veryHidden"}
_NAMED_FORMATS: dict[str, FormatKind] = {
    **dict.fromkeys(
        ("General Date", "Long Date", "Medium Date", "Short Date", "Long Time", "Medium Time", "Short Time"), "date"
    ),
    **dict.fromkeys(
        ("General Number", "Currency", "Euro Currency", "Fixed", "Standard", "Scientific", "Yes/No",
         "True/False", "On/Off"), "plain"
    ),
    "Percent": "percent",
}  # fmt: skip
_CHUNK = 256 * 1024
_EPOCH = datetime(1899, 12, 30)
_KINDS: dict[str, CellKind] = {"Number": "number", "Boolean": "bool", "Error": "error", "DateTime": "date"}


def read_sheet2003(content: bytes, limits: Limits) -> RawWorkbook:
    """All worksheets."""
    text = decoded(content)
    if text is None:
        raise unreadable("csv_encoding")
    # Expat knows few encodings, so it gets UTF-8 whatever the first line says.
    plain = _DECLARED.sub(r"\1", text.removeprefix("\ufeff").lstrip(), count=1).encode("utf-8", "replace")
    states = _States()
    XmlFeed(limits).parse(_pieces(plain), states, "XML 表格")
    reading = Reading(limits=limits)
    reading.lossy.add("Excel 2003 XML 格式")
    XmlFeed(limits).parse(_pieces(plain), _Workbook(reading, states.found), "XML 表格")
    return reading.workbook()


def _pieces(data: bytes) -> Iterator[bytes]:
    for start in range(0, len(data), _CHUNK):
        yield data[start : start + _CHUNK]


class _States(Ignore):
    """Which sheets are hidden: the file says so only after their cells."""

    def __init__(self) -> None:
        self.found: list[SheetState] = []
        self._inside = False
        self._word: list[str] = []

    def start(self, tag: str, attrs: dict[str, str]) -> None:
        if tag == f"{_SS}Worksheet":
            self.found.append("visible")
        self._inside = tag == f"{_EXCEL}Visible"
        self._word = []

    def text(self, data: str) -> None:
        if self._inside and len(self._word) < 10:
            self._word.append(data)

    def end(self, tag: str) -> None:
        if self._inside and self.found:
            self.found[-1] = _STATES.get("".join(self._word).strip(), self.found[-1])
        self._inside = False


class _Workbook(Ignore):
    """Takes the events of the file; a sheet goes to the reading at its end."""

    def __init__(self, reading: Reading, states: list[SheetState]) -> None:
        self._reading, self._states = reading, states
        self._formats: dict[str, FormatKind] = {}
        self._style = ""
        self._grid: Grid | None = None
        self._row = self._next_row = self._col = self._next_col = self._column = 0
        self._cell: dict[str, str] = {}
        self._type = ""
        self._text: list[str] = []
        self._chars = self._depth = 0
        self._comment = False
        self._starts: dict[str, Callable[[dict[str, str]], None]] = {
            "Style": self._start_style, "NumberFormat": self._number_format, "Worksheet": self._start_sheet,
            "Column": self._start_column, "Row": self._start_row, "Cell": self._start_cell, "Data": self._start_data,
            "Comment": lambda _: self._set_comment(True),
        }  # fmt: skip
        self._ends: dict[str, Callable[[], None]] = {
            "Cell": self._end_cell, "Worksheet": self._end_sheet, "Comment": lambda: self._set_comment(False),
        }  # fmt: skip

    def start(self, tag: str, attrs: dict[str, str]) -> None:
        if self._depth:
            self._depth += 1  # the runs of a rich text
        elif tag.startswith(_SS) and (act := self._starts.get(local(tag))):
            act({local(key): value for key, value in attrs.items()})

    def end(self, tag: str) -> None:
        if self._depth:
            self._depth -= 1
        elif tag.startswith(_SS) and (act := self._ends.get(local(tag))):
            act()

    def text(self, data: str) -> None:
        if self._depth and self._grid is not None:
            self._text.append(data)
            self._chars += len(data)
            self._grid.check_length(self._chars, self._row, self._col)

    def _set_comment(self, on: bool) -> None:
        self._comment = on

    def _start_style(self, attrs: dict[str, str]) -> None:
        self._style = attrs.get("ID", "")

    def _number_format(self, attrs: dict[str, str]) -> None:
        code = attrs.get("Format", "")
        self._formats[self._style] = _NAMED_FORMATS.get(code) or format_kind(0, code)

    def _start_sheet(self, attrs: dict[str, str]) -> None:
        state = self._states[len(self._reading.names)]
        self._grid = Grid(attrs.get("Name", ""), state, self._reading)
        self._row = self._next_row = self._column = 0

    def _end_sheet(self) -> None:
        if self._grid is not None:
            self._grid.finish()
        self._grid = None

    def _start_column(self, attrs: dict[str, str]) -> None:
        first = _whole(attrs, "Index") or self._column + 1
        self._column = first + _whole(attrs, "Span")
        if self._grid is not None and attrs.get("Hidden") == "1":
            self._grid.hide_cols(first, self._column)

    def _start_row(self, attrs: dict[str, str]) -> None:
        self._row = _whole(attrs, "Index") or self._next_row + 1
        self._next_row = self._row + _whole(attrs, "Span")
        self._next_col = 1
        if self._grid is not None and attrs.get("Hidden") == "1":
            self._grid.hide_rows(self._row, self._next_row)

    def _start_cell(self, attrs: dict[str, str]) -> None:
        self._cell, self._type, self._text = attrs, "", []
        self._col = _whole(attrs, "Index") or self._next_col
        self._next_col = self._col + _whole(attrs, "MergeAcross") + 1

    def _start_data(self, attrs: dict[str, str]) -> None:
        if self._grid is not None and not self._comment:
            self._type, self._chars, self._depth = attrs.get("Type", "String"), 0, 1

    def _end_cell(self) -> None:
        if self._grid is None:
            return
        formula = self._cell.get("Formula")
        kind, value = self._typed("".join(self._text)) if self._type else ("text", "")
        self._grid.put(
            self._row, self._col, kind, value, None if formula is None else plain_text(formula.removeprefix("="))
        )
        down, right = _whole(self._cell, "MergeDown"), _whole(self._cell, "MergeAcross")
        if down or right:
            self._grid.merge(self._row, self._col, self._row + down, self._col + right)

    def _typed(self, raw: str) -> tuple[CellKind, CellValue]:
        kind, style = _KINDS.get(self._type, "text"), self._formats.get(self._cell.get("StyleID", ""), "plain")
        if kind in ("text", "error"):
            return kind, plain_text(raw)
        if kind == "bool":
            return "bool", raw.strip() == "1"
        if kind == "date":
            return _moment(raw.strip(), style)
        found = number(raw)
        if found is None:
            raise unreadable("broken", what=f"{self._grid.where if self._grid else ''}有一格写着是数字，却读不成数字")
        return formatted(found, kind=style, date1904=False)


def _moment(text: str, style: FormatKind) -> tuple[CellKind, CellValue]:
    """A DateTime; the first days of the calendar stand for times of day and durations, as in every workbook."""
    kind, value = from_iso(text)
    if not isinstance(value, datetime):
        return kind, value
    if style == "duration" or value < datetime(1900, 1, 1):
        since = value - _EPOCH
        # Excel counts its days from 1899-12-31, until the 29 February 1900 that never was.
        since -= timedelta(days=1) if timedelta(days=1) <= since < timedelta(days=61) else timedelta(0)
        serial = number(repr(since / timedelta(days=1)))
        if serial is not None:
            return from_serial(serial, kind="duration", date1904=False)
    return kind, value


def _whole(attrs: dict[str, str], name: str) -> int:
    return whole(attrs[name], "XML 表格") if name in attrs else 0
