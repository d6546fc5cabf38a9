"""One worksheet, event by event: typed cells, merges, hidden rows and columns, each kept within the limits.

What the sheet says of its own size (<dimension>) is not looked at. Only cells with a value or a formula count; styled
blanks cost nothing. Raises Unreadable.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from yaoxun.sheets.formulas import SharedFormulas
from yaoxun.sheets.limits import Limits
from yaoxun.sheets.model import CellKind, CellValue, RawCell, RawSheet, address
from yaoxun.sheets.parts import SheetEntry, is_true, tags, whole
from yaoxun.sheets.prescan import extension_feature
from yaoxun.sheets.refusals import unreadable
from yaoxun.sheets.values import FormatKind, clean_text, from_iso, from_serial, number

_CELL = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_TAGS = tags("sheetData", "row", "c", "v", "f", "is", "t", "rPh", "col", "mergeCell", "ext", "picture")
_MAX_ROW, _MAX_COL = 1_048_576, 16_384


@dataclass(kw_only=True)
class Reading:
    """What all sheets of a workbook share: its tables, and how much of the limits is used up."""

    limits: Limits
    texts: list[str] = field(default_factory=list)
    formats: list[FormatKind] = field(default_factory=list)
    date1904: bool = False
    filled: int = 0
    chars: int = 0
    merges: int = 0
    merged_area: int = 0
    lossy: set[str] = field(default_factory=set)


class SheetPart:
    """Takes the events of one worksheet; `finish()` gives the sheet."""

    def __init__(self, entry: SheetEntry, reading: Reading) -> None:
        self._entry, self._reading = entry, reading
        self._cells: dict[tuple[int, int], RawCell] = {}
        self._merges: list[tuple[str, int, int, int, int]] = []
        self._hidden_rows: set[int] = set()
        self._hidden_cols: set[int] = set()
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
        if self._sink_chars > self._reading.limits.cell_chars:
            where = f"{self._where} 的 {address(self._row, self._col)} 单元格"
            raise unreadable("text_too_long", where=where, limit=self._reading.limits.cell_chars)

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

    @property
    def _where(self) -> str:
        return f"工作表“{self._entry.name[:40]}”"

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
        if not 1 <= self._row <= _MAX_ROW:
            raise unreadable("broken", what=f"{self._where}的行号不合规范")
        if is_true(attrs.get("hidden")) and self._row <= self._reading.limits.max_row:
            self._hidden_rows.add(self._row)

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
        if value == "" and formula is None:
            return
        self._count(len(value) if isinstance(value, str) else 0, len(formula or ""))
        key = (self._row, self._col)
        if key in self._cells:
            raise unreadable("unsafe", what=f"{self._where}的单元格 {address(*key)} 出现了两次")
        self._cells[key] = RawCell(self._row, self._col, kind, value, formula)

    def _count(self, *chars: int) -> None:
        reading, limits = self._reading, self._reading.limits
        reading.filled += 1
        reading.chars += sum(chars)
        if reading.filled > limits.filled_cells:
            raise unreadable("too_many_cells", sheet=self._entry.name, limit=limits.filled_cells)
        if reading.chars > limits.text_chars:
            raise unreadable("too_much_text", limit=limits.text_chars)
        if self._row > limits.max_row or self._col > limits.max_col:
            raise unreadable(
                "too_far", sheet=self._entry.name, cell=address(self._row, self._col),
                max_row=limits.max_row, max_col=limits.max_col,
            )  # fmt: skip

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
        return ("number", found) if kind == "plain" else from_serial(found, kind=kind, date1904=self._reading.date1904)

    # Columns and merges

    def _start_col(self, attrs: dict[str, str]) -> None:
        if is_true(attrs.get("hidden")):
            first, last = (whole(attrs.get(key, ""), self._where) for key in ("min", "max"))
            self._hidden_cols.update(range(first, min(last, self._reading.limits.max_col) + 1))

    def _start_merge(self, attrs: dict[str, str]) -> None:
        ref, reading, limits = attrs.get("ref", ""), self._reading, self._reading.limits
        first, _, last = ref.partition(":")
        (row1, col1), (row2, col2) = _row_col(first, self._where), _row_col(last or first, self._where)
        if row2 < row1 or col2 < col1:
            raise unreadable("broken", what=f"{self._where}的合并区域 {ref} 不合规范")
        reading.merges += 1
        reading.merged_area += (row2 - row1 + 1) * (col2 - col1 + 1)
        if reading.merges > limits.merges:
            raise unreadable("too_many_merges", sheet=self._entry.name, limit=limits.merges)
        if reading.merged_area > limits.merged_area:
            raise unreadable("merged_too_wide", sheet=self._entry.name, ref=ref, limit=limits.merged_area)
        self._merges.append((ref.upper(), row1, col1, row2, col2))

    def finish(self) -> RawSheet:
        """The sheet: of a merged range only its first cell; hidden rows and columns up to the last filled cell."""
        for _, row1, col1, row2, col2 in self._merges:
            self._drop_covered(row1, col1, row2, col2)
        max_row = max((row for row, _ in self._cells), default=0)
        max_col = max((col for _, col in self._cells), default=0)
        return RawSheet(
            name=self._entry.name, state=self._entry.state, cells=self._cells,
            hidden_rows=frozenset(row for row in self._hidden_rows if row <= max_row),
            hidden_cols=frozenset(col for col in self._hidden_cols if col <= max_col),
            merges=tuple(merge[0] for merge in self._merges), max_row=max_row, max_col=max_col,
        )  # fmt: skip

    def _drop_covered(self, row1: int, col1: int, row2: int, col2: int) -> None:
        # Excel neither shows nor adds up what is left under a merge.
        if (row2 - row1 + 1) * (col2 - col1 + 1) < len(self._cells):
            covered = [(row, col) for row in range(row1, row2 + 1) for col in range(col1, col2 + 1)]
        else:
            covered = [(row, col) for row, col in self._cells if row1 <= row <= row2 and col1 <= col <= col2]
        for key in covered:
            if key != (row1, col1):
                self._cells.pop(key, None)


def _row_col(ref: str, where: str) -> tuple[int, int]:
    """B3 → (3, 2)."""
    match = _CELL.fullmatch(ref)
    if match:
        col = 0
        for letter in match[1].upper():
            col = col * 26 + ord(letter) - 64
        row = int(match[2])
        if 1 <= row <= _MAX_ROW and col <= _MAX_COL:
            return row, col
    raise unreadable("broken", what=f"{where}的单元格地址 {ref} 不合规范")
