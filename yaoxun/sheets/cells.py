"""One worksheet of an .xlsx, event by event: typed cells, merges, hidden rows and columns.

What the sheet says of its own size (<dimension>) is not looked at. The limits are kept by grid.py. Raises Unreadable.
"""

import re
from collections.abc import Callable, Iterable

from yaoxun.sheets.formulas import SharedFormulas
from yaoxun.sheets.grid import Filled, Grid, Reading
from yaoxun.sheets.model import MAX_COL, MAX_ROW, CellKind, CellValue, Content, address, column_number
from yaoxun.sheets.package import Ignore
from yaoxun.sheets.parts import SheetEntry, is_true, tags, whole
from yaoxun.sheets.prescan import extension_feature
from yaoxun.sheets.refusals import unreadable
from yaoxun.sheets.values import clean_text, formatted, from_iso, number

_CELL = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_TAGS = tags("sheetData", "row", "c", "v", "f", "is", "t", "rPh", "col", "mergeCell", "ext", "picture")


class SheetPart:
    """Takes the events of one worksheet; `finish()` adds the sheet to the reading."""

    def __init__(self, entry: SheetEntry, reading: Reading) -> None:
        self._reading, self._grid = reading, Grid(entry.name, entry.state, reading)
        self._where = self._grid.where
        self.finish = self._grid.finish
        self._formulas = SharedFormulas()
        self._row = self._col = 0
        self._in_data = self._in_cell = self._in_extension = False
        self._sink: list[str] | None = None
        self._sink_chars = 0
        self._starts: dict[str, Callable[[dict[str, str]], None]] = {
            "sheetData": lambda _: self._set_in_data(True), "row": self._start_row, "c": self._start_cell,
            "v": lambda _: self._open(self._value), "f": self._start_formula, "t": self._start_text,
            "rPh": lambda _: self._set_reading(True), "col": self._start_col, "mergeCell": self._start_merge,
            "ext": lambda _: self._set_in_extension(True), "picture": lambda _: self._lose("背景图片"),
        }  # fmt: skip
        self._new_cell()

    @property
    def texts(self) -> list[str]:
        """The workbook's table of texts."""
        return self._reading.texts

    @property
    def known(self) -> dict[str, Content | None]:
        """What is known already of how a cell is written."""
        return self._reading.known

    def content(self, kind: str, style: int, raw: str, formula: str | None) -> Content:
        """What a cell of this type (t) and style (s) holds. Raises Unreadable without naming the cell."""
        self._type, self._style = kind, style
        for text in (raw, formula or ""):
            self._grid.check_length(len(text), 0, 0)
        return *(self._typed(raw) if raw else ("text", "")), None if formula is None else clean_text(formula)

    def around(self) -> Ignore:
        """Takes the events of the worksheet where its rows were taken out: no text is left in it that counts."""
        handler = Ignore()
        handler.start, handler.end = self.start, self.end  # type: ignore[method-assign]
        return handler

    def take(self, filled: Filled, hidden_rows: Iterable[int]) -> None:
        """Cells and hidden rows that were told apart elsewhere."""
        for row in hidden_rows:
            self._grid.hide_rows(row, row)
        self._grid.put_all(filled)

    def start(self, tag: str, attrs: dict[str, str]) -> None:
        name = _TAGS.get(tag)
        if self._in_extension:
            # The first element inside an extension tells what it is.
            self._lose(extension_feature(tag))
            self._in_extension = False
        act = self._starts.get(name) if name else None
        if act:
            act(attrs)

    def text(self, data: str) -> None:
        if self._sink is None:
            return
        self._sink.append(data)
        self._sink_chars += len(data)
        self._grid.check_length(self._sink_chars, self._row, self._col)

    def end(self, tag: str) -> None:
        name = _TAGS.get(tag)
        if name in ("v", "f", "t"):
            self._sink = None
        elif name == "c" and self._in_cell:
            self._in_cell = False
            self._end_cell()
        elif name == "rPh":
            self._reading_aid = False
        elif name == "sheetData":
            self._in_data = False
        elif name == "ext":
            self._in_extension = False

    def _lose(self, feature: str) -> None:
        self._reading.lossy.add(feature)

    def _set_in_data(self, on: bool) -> None:
        self._in_data = on

    def _set_in_extension(self, on: bool) -> None:
        self._in_extension = on

    def _set_reading(self, on: bool) -> None:
        self._reading_aid = on

    # Rows and cells

    def _start_row(self, attrs: dict[str, str]) -> None:
        self._row = whole(attrs["r"], self._where) if "r" in attrs else self._row + 1
        self._col = 0
        if not 1 <= self._row <= MAX_ROW:
            raise unreadable("broken", what=f"{self._where}的行号不合规范")
        if is_true(attrs.get("hidden")):
            self._grid.hide_rows(self._row, self._row)

    def _new_cell(self) -> None:
        self._type, self._style = "n", 0
        self._value: list[str] = []
        self._inline: list[str] = []
        self._formula: list[str] | None = None
        self._shared_index = ""
        self._reading_aid = False

    def _start_cell(self, attrs: dict[str, str]) -> None:
        if not self._in_data:
            return
        self._new_cell()
        self._in_cell = True
        self._type = attrs.get("t", "n")
        self._style = whole(attrs["s"], self._where) if "s" in attrs else 0
        if "r" not in attrs:
            self._col += 1
            return
        row, self._col = _row_col(attrs["r"], self._where)
        if row != self._row:
            raise unreadable("unsafe", what=f"{self._where}的单元格地址与所在行不符")

    def _open(self, sink: list[str]) -> None:
        if self._in_cell:
            self._sink, self._sink_chars = sink, 0

    def _start_text(self, _: dict[str, str]) -> None:
        if self._in_cell and not self._reading_aid:
            # The runs of a rich text together make one text.
            self._sink, self._sink_chars = self._inline, sum(map(len, self._inline))

    def _start_formula(self, attrs: dict[str, str]) -> None:
        if self._in_cell:
            self._formula = []
            self._shared_index = attrs.get("si", "") if attrs.get("t") == "shared" else ""
            self._open(self._formula)

    def _end_cell(self) -> None:
        raw = "".join(self._inline if self._type == "inlineStr" and self._inline else self._value)
        formula = None
        if self._formula is not None:
            formula = clean_text("".join(self._formula))
            if self._shared_index:
                formula = self._formulas.text_at(self._shared_index, formula, self._row, self._col)
        kind, value = self._typed(raw) if raw else ("text", "")
        self._grid.put(self._row, self._col, kind, value, formula)

    def _typed(self, raw: str) -> tuple[CellKind, CellValue]:
        if self._type in ("str", "inlineStr"):
            return "text", clean_text(raw)
        if self._type == "s":
            index = whole(raw.strip(), self._where)
            if index >= len(self._reading.texts):
                raise unreadable("broken", what=f"{self._where}引用了不存在的文字")
            return "text", self._reading.texts[index]
        if self._type == "e":
            return "error", clean_text(raw)
        if self._type == "b":
            return "bool", is_true(raw.strip())
        return from_iso(raw.strip()) if self._type == "d" else self._numeric(raw)

    def _numeric(self, raw: str) -> tuple[CellKind, CellValue]:
        found = number(raw)
        if found is None:
            where = f"{self._where}的单元格 {address(self._row, self._col)}"
            raise unreadable("broken", what=f"{where} 写着是数字，却读不成数字")
        formats = self._reading.formats
        kind = formats[self._style] if self._style < len(formats) else "plain"
        return formatted(found, kind=kind, date1904=self._reading.date1904)

    # Columns and merges

    def _start_col(self, attrs: dict[str, str]) -> None:
        if is_true(attrs.get("hidden")):
            first, last = (whole(attrs.get(key, ""), self._where) for key in ("min", "max"))
            self._grid.hide_cols(first, last)

    def _start_merge(self, attrs: dict[str, str]) -> None:
        ref = attrs.get("ref", "")
        first, _, last = ref.partition(":")
        (row1, col1), (row2, col2) = _row_col(first, self._where), _row_col(last or first, self._where)
        self._grid.merge(row1, col1, row2, col2)


def _row_col(ref: str, where: str) -> tuple[int, int]:
    """B3 → (3, 2)."""
    match = _CELL.fullmatch(ref)
    if match:
        col, row = column_number(match[1].upper()), int(match[2])
        if 1 <= row <= MAX_ROW and col <= MAX_COL:
            return row, col
    raise unreadable("broken", what=f"{where}的单元格地址 {ref} 不合规范")
