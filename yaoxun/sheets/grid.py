"""Where every reader puts what it finds: the cells of one sheet, its merges and hidden lines, each kept within the limits.

The formats themselves are read elsewhere (cells.py, opendocument.py, biff.py …). Only cells with a value or a formula
count; blanks cost nothing. Raises Unreadable.
"""

from dataclasses import dataclass, field
from operator import itemgetter
from typing import Literal, NamedTuple

from yaoxun.sheets.limits import Limits
from yaoxun.sheets.model import CellKind, Cells, CellValue, Content, RawSheet, RawWorkbook, Spot, address
from yaoxun.sheets.refusals import unreadable
from yaoxun.sheets.values import FormatKind

SheetState = Literal["visible", "hidden", "veryHidden"]


class Filled(NamedTuple):
    """Filled cells told apart elsewhere, how many characters of texts and formulas they hold together, and a row and a
    column behind which there is none."""

    contents: dict[Spot, Content]
    chars: int
    last_row: int
    last_col: int


@dataclass(kw_only=True)
class Reading:
    """What all sheets of a workbook share: its tables, and how much of the limits is used up."""

    limits: Limits
    texts: list[str] = field(default_factory=list)
    formats: list[FormatKind] = field(default_factory=list)
    date1904: bool = False
    # What a cell says that is written so; for all sheets, which have their styles in common.
    known: dict[str, Content | None] = field(default_factory=dict)
    filled: int = 0
    chars: int = 0
    merges: int = 0
    merged_area: int = 0
    lossy: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    sheets: list[RawSheet] = field(default_factory=list)

    def workbook(self) -> RawWorkbook:
        """What was read. Raises Unreadable when there is no sheet at all."""
        if not self.sheets:
            raise unreadable("broken", what="没有一张工作表")
        return RawWorkbook(sheets=tuple(self.sheets), lossy=tuple(sorted(self.lossy)))


class Grid:
    """One sheet in the making; `finish()` adds it to the reading."""

    def __init__(self, name: str, state: SheetState, reading: Reading) -> None:
        if name.lower() in reading.names or not name:
            raise unreadable("unsafe", what=f"工作表“{name}”重名或重复")
        if len(reading.names) >= reading.limits.sheets:
            raise unreadable("too_many_sheets", n=len(reading.names) + 1, limit=reading.limits.sheets)
        reading.names.add(name.lower())
        self.name, self._state, self._reading = name, state, reading
        self.where = f"工作表“{name[:40]}”"
        self._cells: dict[Spot, Content] = {}
        self._merges: list[tuple[int, int, int, int]] = []
        self._hidden_rows: set[tuple[int, int]] = set()
        self._hidden_cols: set[tuple[int, int]] = set()

    def put(self, row: int, col: int, kind: CellKind, value: CellValue, formula: str | None = None) -> None:
        """One cell, once; nothing is kept of an empty text without a formula."""
        if row < 1 or col < 1:
            raise unreadable("broken", what=f"{self.where}里有一格不在任何一行")
        if value == "" and formula is None:
            return
        reading, limits = self._reading, self._reading.limits
        reading.filled += 1
        reading.chars += (len(value) if isinstance(value, str) else 0) + len(formula or "")
        if reading.filled > limits.filled_cells:
            raise unreadable("too_many_cells", sheet=self.name, limit=limits.filled_cells)
        if reading.chars > limits.text_chars:
            raise unreadable("too_much_text", limit=limits.text_chars)
        if row > limits.max_row or col > limits.max_col:
            raise unreadable(
                "too_far", sheet=self.name, cell=address(row, col), max_row=limits.max_row, max_col=limits.max_col
            )
        key = (row, col)
        if key in self._cells:
            raise unreadable("unsafe", what=f"{self.where}的单元格 {address(row, col)} 出现了两次")
        self._cells[key] = (kind, value, formula)

    def put_all(self, filled: Filled) -> None:
        """Many cells at once; one after the other where that tells which of them breaks a limit."""
        contents, chars, last_row, last_col = filled
        reading, limits = self._reading, self._reading.limits
        if (
            self._cells
            or reading.filled + len(contents) > limits.filled_cells
            or reading.chars + chars > limits.text_chars
            or last_row > limits.max_row
            or last_col > limits.max_col
        ):
            for (row, col), (kind, value, formula) in contents.items():
                self.put(row, col, kind, value, formula)
            return
        reading.filled += len(contents)
        reading.chars += chars
        self._cells = contents

    def check_length(self, chars: int, row: int, col: int) -> None:
        """Refuse the text of a cell while it still grows."""
        if chars > self._reading.limits.cell_chars:
            where = f"{self.where} 的 {address(row, col)} 单元格"
            raise unreadable("text_too_long", where=where, limit=self._reading.limits.cell_chars)

    def hide_rows(self, first: int, last: int) -> None:
        """Both ends are hidden too."""
        if first <= self._reading.limits.max_row:
            self._hidden_rows.add((first, min(last, self._reading.limits.max_row)))

    def hide_cols(self, first: int, last: int) -> None:
        """Both ends are hidden too."""
        if first <= self._reading.limits.max_col:
            self._hidden_cols.add((first, min(last, self._reading.limits.max_col)))

    def merge(self, row1: int, col1: int, row2: int, col2: int) -> None:
        """A merged range, its corners included; one of a single cell is none."""
        if (row1, col1) == (row2, col2):
            return
        reading, limits = self._reading, self._reading.limits
        if row2 < row1 or col2 < col1:
            # Its negative area would make room for others.
            raise unreadable(
                "broken", what=f"{self.where}的合并区域 {address(row1, col1)}:{address(row2, col2)} 不合规范"
            )
        reading.merges += 1
        reading.merged_area += (row2 - row1 + 1) * (col2 - col1 + 1)
        if reading.merges > limits.merges:
            raise unreadable("too_many_merges", sheet=self.name, limit=limits.merges)
        if reading.merged_area > limits.merged_area:
            ref = f"{address(row1, col1)}:{address(row2, col2)}"
            raise unreadable("merged_too_wide", sheet=self.name, ref=ref, limit=limits.merged_area)
        self._merges.append((row1, col1, row2, col2))

    def finish(self) -> None:
        """Of a merged range only its first cell stays; hidden rows and columns up to the last filled cell."""
        firsts = {merged[:2] for merged in self._merges}
        for merged in self._merges:
            self._drop_covered(*merged, firsts)
        max_row, max_col = (max(map(itemgetter(k), self._cells), default=0) for k in (0, 1))
        merges = tuple(f"{address(row1, col1)}:{address(row2, col2)}" for row1, col1, row2, col2 in self._merges)
        self._reading.sheets.append(
            RawSheet(
                name=self.name, state=self._state, cells=Cells(self._cells),
                hidden_rows=_lines(self._hidden_rows, max_row), hidden_cols=_lines(self._hidden_cols, max_col),
                merges=merges, max_row=max_row, max_col=max_col,
            )
        )  # fmt: skip

    def _drop_covered(self, row1: int, col1: int, row2: int, col2: int, firsts: set[tuple[int, int]]) -> None:
        # Excel neither shows nor adds up what is left under a merge. Where two merges lie upon each other, which only a
        # damaged file has, the first cell of each stays: nothing typed is lost in silence.
        if (row2 - row1 + 1) * (col2 - col1 + 1) < len(self._cells):
            covered = [(row, col) for row in range(row1, row2 + 1) for col in range(col1, col2 + 1)]
        else:
            covered = [(row, col) for row, col in self._cells if row1 <= row <= row2 and col1 <= col <= col2]
        for key in covered:
            if key not in firsts:
                self._cells.pop(key, None)


def _lines(bands: set[tuple[int, int]], end: int) -> frozenset[int]:
    """All numbers of the bands up to `end`, each looked at once however often a file hides it."""
    found: set[int] = set()
    reached = 0
    for first, last in sorted(bands):
        found.update(range(max(first, reached + 1), min(last, end) + 1))
        reached = max(reached, last)
    return frozenset(found)
