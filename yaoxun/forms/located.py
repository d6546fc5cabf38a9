"""A table found in a sheet: where its header, columns and rows stand. How it is found is in locating.py (our own templates)
and layout/placing.py (the office's sheets); what its cells mean is read in reading.py.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from yaoxun.forms.layout.settings import Layout
from yaoxun.forms.settings import ColumnSetting
from yaoxun.forms.values import raw_text
from yaoxun.sheets.model import RawCell, RawSheet, address

RowCells = Mapping[int, RawCell]
Spot = tuple[int, int]
_NO_CELLS: RowCells = {}


@dataclass(frozen=True, kw_only=True)
class Located:
    """A table in a sheet. `mark_col` is the column of the uids (0: there is none); rows stand between `header_row` and
    `end_row`, both exclusive, but for those `aside` (sums, number rows, group titles); `ended`: an end row was found.
    `lines`: row → column → cell; under a merged cell the rows below it hold the very cell of its first row.

    Of an own sheet only: `layout`; `header_from`, the header's first row; `limit`, the row of the next table's header or
    behind the last one; `above`, the filled rows above it and above the sheet's first table, nearest first; `groups`, the cells merged over several rows; `totals`, the sums among the rows aside; `spots`, of labels: column → its cell, `tails`, those of them that hold their label, too, and `labels`, their labels; `units`: column →
    the unit that is written over it, and where.
    """

    sheet: RawSheet
    header_row: int
    mark_col: int = 0
    end_row: int
    ended: bool = True
    columns: Mapping[str, int]
    doubles: tuple[tuple[str, int], ...] = ()
    unknown: tuple[tuple[str, int], ...] = ()
    lines: Mapping[int, RowCells]
    layout: Layout | None = None
    header_from: int = 0
    limit: int = 0
    above: tuple[int, ...] = ()
    aside: frozenset[int] = frozenset()
    groups: frozenset[Spot] = frozenset()
    totals: tuple[int, ...] = ()
    spots: Mapping[str, Spot] = field(default_factory=dict)
    tails: frozenset[Spot] = frozenset()
    labels: frozenset[Spot] = frozenset()
    units: Mapping[str, tuple[str, Spot]] = field(default_factory=dict)

    @property
    def body(self) -> tuple[int, ...]:
        """The rows that hold records, in order; of labels the one record's."""
        if self.spots:
            return (self.header_row,)
        return tuple(sorted(r for r in self.lines if self.header_row < r < self.end_row and r not in self.aside))

    def at(self, number: int, column: str) -> tuple[Spot | None, RawCell | None]:
        """Where a row's cell of a column stands (a merged one: its first cell; None where the sheet lacks the column), and
        the cell where it is filled."""
        if self.spots:
            spot = self.spots.get(column)
            return spot, None if spot is None else self.lines.get(spot[0], _NO_CELLS).get(spot[1])
        col = self.columns.get(column, 0)
        if not col:
            return None, None
        raw = self.lines.get(number, _NO_CELLS).get(col)
        if raw is None or (raw.row == number and raw.col == col):
            return (number, col), raw
        return (raw.row, raw.col), self.lines.get(raw.row, _NO_CELLS).get(raw.col)

    def spot(self, number: int, column: str) -> Spot | None:
        """Where a row's cell of a column stands (a merged one: its first cell); None where the sheet lacks the column."""
        return self.at(number, column)[0]

    def cell(self, number: int, column: str) -> RawCell | None:
        """A row's filled cell of a column."""
        return self.at(number, column)[1]

    def is_filled(self, number: int, columns: Iterable[str]) -> bool:
        """Whether a row has content of its own in any of these columns: a group label merged over several rows is none."""
        for column in columns:
            cell = self.cell(number, column)
            if cell is not None and raw_text(cell).strip() and (cell.row, cell.col) not in self.groups:
                return True
        return False

    def first_spot(self, number: int) -> Spot:
        """Where a row begins: it stands for a cell that the sheet lacks."""
        if self.spots:
            return min(self.spots.values())
        return number, min(self.columns.values(), default=1)

    def address(self, number: int, column: str = "") -> str:
        """The address of a row's cell of a column; of the row's first cell where the sheet lacks it."""
        return address(*((self.spot(number, column) if column else None) or self.first_spot(number)))


def lines_of(sheet: RawSheet) -> dict[int, dict[int, RawCell]]:
    """The filled cells by row, then column."""
    lines: dict[int, dict[int, RawCell]] = {}
    for (row, col), cell in sheet.cells.items():
        lines.setdefault(row, {})[col] = cell
    return lines


def bare_header(text: str) -> str:
    """A header without marks, spaces and the unit in brackets."""
    return re.sub(r"\([^()]*\)$", "", full_header(text))


def full_header(text: str) -> str:
    """A header without marks and spaces, what stands in brackets kept."""
    return re.sub(r"[\s*🔒▼=±]", "", unicodedata.normalize("NFKC", text))


def spellings(column: ColumnSetting) -> Iterator[str]:
    """The words that a column goes by."""
    yield from (bare_header(text) for text in (column.name, column.header, *column.aliases) if text)
