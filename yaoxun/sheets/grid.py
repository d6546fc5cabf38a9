"""Where every reader puts what it finds: the cells of one sheet, its merges and hidden lines, each kept within the limits.

The formats themselves are read elsewhere (cells.py, opendocument.py, biff.py …). Only cells with a value or a formula
count; blanks cost nothing. Raises Unreadable.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from yaoxun.sheets.limits import Limits
from yaoxun.sheets.model import CellKind, CellValue, RawCell, RawSheet, RawWorkbook, address
from yaoxun.sheets.refusals import unreadable
from yaoxun.sheets.values import FormatKind

Spot = tuple[int, int]
Cells = Sequence[tuple[int, int, CellKind, CellValue, str | None]]
SheetState = Literal["visible", "hidden", "veryHidden"]


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
        self._cells: dict[tuple[int, int], RawCell] = {}
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
        self._cells[key] = RawCell(row, col, kind, value, formula)

    def put_all(self, cells: Cells) -> None:
        """Many cells at once; one after the other where that tells which of them breaks a limit."""
        kept = [cell for cell in cells if cell[3] != "" or cell[4] is not None]
        chars = sum(len(c[3]) if isinstance(c[3], str) else 0 for c in kept) + sum(len(c[4]) for c in kept if c[4])
        placed = {(cell[0], cell[1]): RawCell(*cell) for cell in kept}
        reading, limits = self._reading, self._reading.limits
        if (
            self._cells
            or len(placed) < len(kept)
            or reading.filled + len(kept) > limits.filled_cells
            or reading.chars + chars > limits.text_chars
            or any(row > limits.max_row or col > limits.max_col or row < 1 or col < 1 for row, col in placed)
        ):
            for cell in kept:
                self.put(*cell)
            return
        reading.filled += len(kept)
        reading.chars += chars
        self._cells = placed

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
        max_row = max(self._cells)[0] if self._cells else 0
        max_col = max([col for _, col in self._cells], default=0)
        merges = tuple(f"{address(row1, col1)}:{address(row2, col2)}" for row1, col1, row2, col2 in self._merges)
        self._reading.sheets.append(
            RawSheet(
                name=self.name, state=self._state, cells=self._cells,
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
