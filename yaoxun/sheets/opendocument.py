"""An OpenDocument spreadsheet (.ods): one expat pass over content.xml into grids.

The format says "this cell, a million times" in one attribute: a repeated blank costs nothing here, a repeated value runs
into the limits of grid.py. Raises Unreadable.
"""

import re
from collections.abc import Callable
from decimal import Decimal

from yaoxun.sheets.grid import Grid, Reading
from yaoxun.sheets.limits import Limits
from yaoxun.sheets.model import CellKind, CellValue, Percent, RawWorkbook, address
from yaoxun.sheets.package import Ignore, Package, local
from yaoxun.sheets.parts import whole
from yaoxun.sheets.refusals import unreadable
from yaoxun.sheets.values import clock, from_iso, number, plain_text

_OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
_TABLE, _OFFICE, _TEXT, _STYLE = (f"{_OASIS}{name}:1.0}}" for name in ("table", "office", "text", "style"))
_CALCEXT = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
# What hangs on a cell without being its text, and what holds cells that are no longer there.
_ASIDE = frozenset({f"{_OFFICE}annotation", f"{_TABLE}tracked-changes", f"{_TABLE}shapes", f"{_TEXT}ruby-text"})
_DRAWING = f"{_OASIS}drawing:1.0}}"
_CLOCK = re.compile(r"(-)?P(?:(\d{1,9})D)?T(\d{1,9})H(\d{1,9})M(\d{1,9}(?:[.,]\d{1,20})?)S")
_REFERENCE = re.compile(r"\[([^\]\[]*)\]|\"(?:[^\"]|\"\")*\"|;")
_SHEET_REF = re.compile(r"^\$?('(?:[^']|'')*'|[^'.]+)\.(.*)$", re.S)


def read_opendocument(package: Package, limits: Limits) -> RawWorkbook:
    """All tables of the document. Raises Unreadable, also for a document with a password."""
    if "meta-inf/manifest.xml" in package.names():
        manifest = _Manifest()
        package.parse("META-INF/manifest.xml", manifest)
        if manifest.encrypted:
            raise unreadable("password")
    reading = Reading(limits=limits)
    reading.lossy.add("OpenDocument 格式（.ods）")
    package.parse("content.xml", _Content(reading), "表格内容")
    return reading.workbook()


class _Manifest(Ignore):
    """Finds out whether any member is encrypted."""

    encrypted = False

    def start(self, tag: str, attrs: dict[str, str]) -> None:
        self.encrypted = self.encrypted or local(tag) == "encryption-data"


class _Content(Ignore):
    """Takes the events of content.xml; a table goes to the reading at its end."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._hidden_styles: set[str] = set()
        self._style = ""
        self._grid: Grid | None = None
        self._tables = self._aside = 0
        self._row = self._col = self._rows = self._end_col = 0
        self._cells: list[tuple[int, int, CellKind, CellValue, str | None, int, int]] = []
        self._cell: dict[str, str] | None = None
        self._text: list[str] = []
        self._chars = self._paragraphs = 0
        self._starts: dict[str, Callable[[dict[str, str]], None]] = {
            f"{_STYLE}style": self._start_style, f"{_STYLE}table-properties": self._style_properties,
            f"{_TABLE}table-column": self._start_column, f"{_TABLE}table-row": self._start_row,
            **dict.fromkeys(_CELLS, self._start_cell), f"{_TEXT}p": self._start_paragraph,
            f"{_TEXT}s": lambda attrs: self.text(" " * min(_count(attrs, f"{_TEXT}c"), 1000)),
            f"{_TEXT}tab": lambda _: self.text("\t"), f"{_TEXT}line-break": lambda _: self.text("\n"),
        }  # fmt: skip

    def start(self, tag: str, attrs: dict[str, str]) -> None:
        if self._aside or tag in _ASIDE or tag.startswith(_DRAWING):
            self._aside += 1
        elif tag == f"{_TABLE}table":
            self._start_table(attrs)
        elif self._tables <= 1 and (act := self._starts.get(tag)):
            act(attrs)

    def end(self, tag: str) -> None:
        if self._aside:
            self._aside -= 1
        elif tag == f"{_TABLE}table":
            self._tables -= 1
            if not self._tables and self._grid is not None:
                self._grid.finish()
                self._grid = None
        elif self._tables != 1:
            return
        elif tag in _CELLS:
            self._end_cell()
        elif tag == f"{_TABLE}table-row":
            self._end_row()

    def text(self, data: str) -> None:
        if self._cell is None or self._aside or not self._paragraphs or self._tables != 1 or self._grid is None:
            return
        self._text.append(data)
        self._chars += len(data)
        self._grid.check_length(self._chars, self._row, self._col)

    # Tables, columns and rows

    def _start_style(self, attrs: dict[str, str]) -> None:
        self._style = attrs.get(f"{_STYLE}name", "") if attrs.get(f"{_STYLE}family") == "table" else ""

    def _style_properties(self, attrs: dict[str, str]) -> None:
        if self._style and attrs.get(f"{_TABLE}display") == "false":
            self._hidden_styles.add(self._style)

    def _start_table(self, attrs: dict[str, str]) -> None:
        self._tables += 1
        if self._tables > 1:
            return  # a table within a cell is no sheet
        hidden = attrs.get(f"{_TABLE}style-name", "") in self._hidden_styles or attrs.get(f"{_TABLE}display") == "false"
        self._grid = Grid(attrs.get(f"{_TABLE}name", ""), "hidden" if hidden else "visible", self._reading)
        self._row = self._rows = self._end_col = 0

    def _start_column(self, attrs: dict[str, str]) -> None:
        first, self._end_col = self._end_col + 1, self._end_col + _count(attrs, f"{_TABLE}number-columns-repeated")
        if self._grid is not None and attrs.get(f"{_TABLE}visibility", "visible") != "visible":
            self._grid.hide_cols(first, self._end_col)

    def _start_row(self, attrs: dict[str, str]) -> None:
        self._row, self._col = self._row + max(1, self._rows), 0
        self._rows = _count(attrs, f"{_TABLE}number-rows-repeated")
        self._cells = []
        if self._grid is not None and attrs.get(f"{_TABLE}visibility", "visible") != "visible":
            self._grid.hide_rows(self._row, self._row + self._rows - 1)

    def _end_row(self) -> None:
        if self._grid is None:
            return
        for row in range(self._row, self._row + self._rows) if self._cells else ():
            for col, times, kind, value, formula, down, right in self._cells:
                # A blank that spans may be repeated a hundred billion times.
                for n in range(times if value != "" or formula is not None else 0):
                    self._grid.put(row, col + n, kind, value, formula)
                if down > 1 or right > 1:
                    self._grid.merge(row, col, row + down - 1, col + right - 1)

    # Cells

    def _start_cell(self, attrs: dict[str, str]) -> None:
        self._cell = attrs
        self._col += 1
        self._text, self._chars, self._paragraphs = [], 0, 0

    def _start_paragraph(self, _: dict[str, str]) -> None:
        self._paragraphs += 1
        if self._paragraphs > 1:
            self.text("\n")

    def _end_cell(self) -> None:
        attrs, self._cell = self._cell or {}, None
        times = _count(attrs, f"{_TABLE}number-columns-repeated")
        first, self._col = self._col, self._col + times - 1
        formula = _formula(attrs[f"{_TABLE}formula"]) if f"{_TABLE}formula" in attrs else None
        kind, value = self._typed(attrs, first)
        down, right = (_count(attrs, f"{_TABLE}number-{axis}-spanned") for axis in ("rows", "columns"))
        if value != "" or formula is not None or down > 1 or right > 1:
            self._cells.append((first, times, kind, value, formula, down, right))

    def _typed(self, attrs: dict[str, str], col: int) -> tuple[CellKind, CellValue]:
        kind = attrs.get(f"{_OFFICE}value-type", "")
        text = plain_text("".join(self._text))
        if attrs.get(f"{_CALCEXT}value-type") == "error":
            return "error", text
        if kind in ("float", "percentage", "currency"):
            if text in ("TRUE", "FALSE"):
                return "bool", text == "TRUE"  # LibreOffice counts with them and shows them
            seen, found = self._numeric(attrs.get(f"{_OFFICE}value", ""), col)
            return seen, Percent(found) if kind == "percentage" else found
        return _shown(kind, attrs, text) or ("text", text or plain_text(attrs.get(f"{_OFFICE}string-value", "")))

    def _numeric(self, raw: str, col: int) -> tuple[CellKind, Decimal]:
        found = number(raw)
        if found is None:
            where = f"{self._grid.where if self._grid else ''}的单元格 {address(self._row, col)}"
            raise unreadable("broken", what=f"{where} 写着是数字，却读不成数字")
        return "number", found


def _shown(kind: str, attrs: dict[str, str], text: str) -> tuple[CellKind, CellValue] | None:
    """A date, a time of day or a truth value; None for another type."""
    if kind == "date":
        return from_iso(attrs.get(f"{_OFFICE}date-value", ""))
    if kind == "time":
        return "text", _time(attrs.get(f"{_OFFICE}time-value", "")) or text
    return ("bool", attrs.get(f"{_OFFICE}boolean-value") == "true") if kind == "boolean" else None


def _count(attrs: dict[str, str], name: str) -> int:
    return max(1, whole(attrs[name], "表格内容")) if name in attrs else 1


def _time(text: str) -> str:
    """PT13H45M00S → 13:45:00; '' when it is none."""
    match = _CLOCK.fullmatch(text)
    if not match:
        return ""
    days, hours, minutes = (int(part or 0) for part in match.groups()[1:4])
    # To the millisecond, as in every format: 42.9999999 seconds are 43.
    milliseconds = ((days * 24 + hours) * 60 + minutes) * 60_000 + round(Decimal(match[5].replace(",", ".")) * 1000)
    return clock(-milliseconds if match[1] else milliseconds)


def _formula(text: str) -> str:
    """`of:=SUM([.A1:.B2];[$表.C3])` → `SUM(A1:B2,表!C3)`, as a workbook of Excel has it."""
    return plain_text(_REFERENCE.sub(_excel_reference, text.partition("=")[2] if ":=" in text[:12] else text))


def _excel_reference(match: re.Match[str]) -> str:
    if match[0] == ";":
        return ","
    if match[1] is None:
        return match[0]
    sides = []
    for side in _split_range(match[1]):
        sheet = _SHEET_REF.match(side)
        sides.append(f"{sheet[1]}!{sheet[2]}" if sheet else side.removeprefix("."))
    return ":".join(sides)


def _split_range(reference: str) -> list[str]:
    """At the colon that is not within a quoted sheet name."""
    return re.findall(r"(?:'(?:[^']|'')*'|[^':])+", reference)
