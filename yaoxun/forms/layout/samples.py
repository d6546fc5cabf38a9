"""What the office's blank register holds below its header is a sample or last year's: it is taken out before the sheet goes
out, so that every row is free, and rows are put in where there are too few. Groups that the office printed over blank
rows stay as long as all that is known fits under them.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import replace
from decimal import Decimal
from typing import Any

from yaoxun.forms.layout.grid import Grid
from yaoxun.forms.layout.inserting import insert_below, insert_into_raw
from yaoxun.forms.layout.own_rows import names_of
from yaoxun.forms.layout.places import parse_area
from yaoxun.forms.located import Located
from yaoxun.forms.model import Frame, PrefillRow
from yaoxun.forms.values import show
from yaoxun.office.office import bare_name
from yaoxun.sheets.model import RawSheet

_SPARE = 3
"""Blank rows that are left for new entries behind those that are known."""


def make_room(book: Any, frame: Frame, place: Located) -> RawSheet:
    """Empty a register's body in the workbook, with as many rows in it as are known. The sheet as it reads then."""
    return _Register(book, frame, place).made_free()


class _Register:
    """The body of one register. `cols`: the columns that are read, `tall`: what is merged downwards in it."""

    def __init__(self, book: Any, frame: Frame, place: Located) -> None:
        self.book, self.frame, self.place = book, frame, place
        self.raw, self.sheet, self.grid = place.sheet, book[place.sheet.name], Grid(place.sheet)
        bounded = place.end_row < place.limit
        self.end = place.end_row if bounded else max(self.sheet.max_row + 1, place.limit)
        self.rows = [n for n in range(place.header_row + 1, self.end) if n not in place.aside]
        self.cols = {**{col: name for name, col in place.columns.items()}, **{col: "" for _, col in place.unknown}}
        inside = [area for text in self.raw.merges if (area := parse_area(text)) and area[1] in self.cols]
        self.tall = [a for a in inside if a[0] < a[2] and place.header_row < a[0] and a[2] < self.end]
        self.cleared: set[tuple[int, int]] = set()

    def made_free(self) -> RawSheet:
        rows = list(self.frame.prefill.values())
        if not self.tall or not self._groups_are_printed() or not _fit(self._labels(), rows):
            self._split()
        for number in self.rows:
            self._empty(number)
        cells = {spot: cell for spot, cell in self.raw.cells.items() if spot not in self.cleared}
        raw = replace(self.raw, cells=cells, merges=self._merges())
        wanted = len(rows) + (_SPARE if rows and not self.tall else 0)
        missing, last = wanted - len(self.rows), max(self.rows, default=self.place.header_row)
        if missing > 0:
            insert_below(self.book, self.sheet, last, missing)
            raw = insert_into_raw(raw, last, missing)
            self._go_on_counting(last, missing)
        return raw

    def _groups_are_printed(self) -> bool:
        """Whether what is merged downwards says something each time, and nothing else stands in the rows."""
        grouped = {col for a in self.tall for col in range(a[1], a[3] + 1)}
        others = [col for col, name in self.cols.items() if col not in grouped and name != self._owner]
        return all(self.grid.text(a[0], a[1]) for a in self.tall) and not any(
            self.grid.text(number, col) and not self._computed(number, col) for number in self.rows for col in others
        )

    @property
    def _owner(self) -> str:
        return self.frame.form.organisation_column

    def _labels(self) -> list[dict[str, str]]:
        """Of each row, the groups that stand over it, by column."""
        named = [(a, self.cols[a[1]]) for a in self.tall if self.cols[a[1]]]
        return [
            {name: self.grid.text(a[0], a[1]) for a, name in named if a[0] <= number <= a[2]} for number in self.rows
        ]

    def _split(self) -> None:
        """Every row by itself: a group is a column like any other, so that any row can carry any group."""
        for top, left, bottom, right in self.tall:
            corner = self.sheet.cell(top, left)
            look = copy(corner._style)
            for area in [a for a in self.sheet.merged_cells.ranges if (a.min_row, a.min_col) == (top, left)]:
                self.sheet.unmerge_cells(area.coord)
            for row in range(top, bottom + 1):
                for col in range(left, right + 1):
                    self.sheet.cell(row, col)._style = copy(look)
            self.cleared.add((top, left))
            corner.value = None
        self.tall = []

    def _empty(self, number: int) -> None:
        kept = {(row, a[1]) for a in self.tall for row in range(a[0], a[2] + 1)}
        for col, name in self.cols.items():
            spot = (number, col)
            mine = name and name == self._owner and bare_name(self.grid.text(*spot)) in names_of(self.frame.org)
            if spot in kept or mine or self._computed(*spot) or self.grid.corner(spot) != spot:
                continue
            self.sheet.cell(number, col).value = None
            self.cleared.add(spot)
        self.sheet.row_dimensions[number].hidden = False

    def _computed(self, row: int, col: int) -> bool:
        cell = self.raw.cells.get((row, col))
        return cell is not None and cell.formula is not None

    def _merges(self) -> tuple[str, ...]:
        there = {area.coord for area in self.sheet.merged_cells.ranges}
        return tuple(text for text in self.raw.merges if text in there)

    def _go_on_counting(self, last: int, count: int) -> None:
        """Running numbers go on in the rows that were put in."""
        for (row, col), cell in self.raw.cells.items():
            if row == last and col not in self.cols and isinstance(cell.value, Decimal) and cell.formula is None:
                for n in range(1, count + 1):
                    self.sheet.cell(last + n, col).value = int(cell.value) + n


def clear_sums(sheet: Any, place: Located) -> None:
    """Take the figures that were typed into sums out: they are of the sample's rows. Formulas stay."""
    for row in place.totals:
        cols: Collection[int] = {*place.columns.values(), *(col for _, col in place.unknown)}
        for col, cell in place.lines.get(row, {}).items():
            if col in cols and cell.row == row and cell.kind == "number" and cell.formula is None:
                sheet.cell(row, col).value = None


def _fit(labels: Sequence[Mapping[str, str]], rows: Iterable[PrefillRow]) -> bool:
    """Whether every known row finds a row under its groups."""
    free = list(labels)
    for row in rows:
        found = next((one for one in free if all(show(row.values.get(n)) == text for n, text in one.items())), None)
        if found is None:
            return False
        free.remove(found)
    return True
