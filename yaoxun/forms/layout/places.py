"""A sheet as lines of places with merges resolved: what stands where, how wide and high, and of what family it is.

What structure.py looks at. No meaning of any cell stands here; how placing looks at a sheet stands in grid.py.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Literal

from yaoxun.forms.layout.words import half, is_dash
from yaoxun.forms.values import number_written, raw_text
from yaoxun.sheets.model import RawCell, RawSheet

Family = Literal["text", "number", "date", "dash", "error", "unknown"]
Area = tuple[int, int, int, int]
_AREA = re.compile(r"\$?([A-Z]{1,3})\$?(\d+)(?::\$?([A-Z]{1,3})\$?(\d+))?")
_DATE_TEXT = re.compile(r"\d{4}[-./年]\d{1,2}[-./月]\d{1,2}日?|\d{4}[-./]\d{1,2}")
_YEARS = frozenset(range(1990, 2101))


@dataclass(frozen=True, slots=True)
class Place:
    """A filled cell with the area that it covers (itself where nothing is merged)."""

    cell: RawCell
    bottom: int
    right: int
    text: str
    family: Family

    @property
    def row(self) -> int:
        return self.cell.row

    @property
    def col(self) -> int:
        return self.cell.col

    @property
    def wide(self) -> int:
        return self.right - self.col + 1

    @property
    def address(self) -> str:
        return self.cell.address


Line = tuple[Place, ...]


def family_of(cell: RawCell, text: str) -> Family:  # noqa: PLR0911 (one case a family)
    """Number also for numbers written as text, unknown for a formula without a stored result."""
    if cell.kind == "error":
        return "error"
    if isinstance(cell.value, datetime):
        return "date"
    if cell.kind == "number":
        return "number"
    if not text.strip():
        return "unknown"
    if is_dash(text):
        return "dash"
    if number_written(text.strip().rstrip("%％")) is not None:
        return "number"
    return "date" if _DATE_TEXT.fullmatch(half(text)) else "text"


def is_year(place: Place) -> bool:
    """A number or text that can head a column as a year."""
    plain = half(place.text).rstrip("年度")
    return plain.isdigit() and int(plain) in _YEARS


class PlacedSheet:
    """Look-ups over one sheet. Cells that a merge hides count as not there; cells of blank text neither."""

    def __init__(self, sheet: RawSheet) -> None:
        self.sheet = sheet
        self.anchors: dict[tuple[int, int], tuple[int, int]] = {}
        self.areas: dict[tuple[int, int], Area] = {}
        # A merge is cut to what is filled, but keeps some cells beyond it: an empty value cell may be merged too.
        rows, cols = sheet.max_row + 10, sheet.max_col + 40
        for text in sheet.merges:
            area = parse_area(text)
            if area is None:
                continue
            top, left, bottom, right = area
            bottom, right = max(top, min(bottom, rows)), max(left, min(right, cols))
            self.areas[top, left] = (top, left, bottom, right)
            for row in range(top, bottom + 1):
                self.anchors.update(dict.fromkeys(((row, col) for col in range(left, right + 1)), (top, left)))

    @cached_property
    def lines(self) -> Mapping[int, Line]:
        """Row → its cells from left to right."""
        found: dict[int, list[Place]] = {}
        for (row, col), cell in sorted(self.sheet.cells.items()):
            if self.anchors.get((row, col), (row, col)) != (row, col):
                continue
            text = raw_text(cell)
            if not text.strip() and cell.formula is None:
                continue
            _, _, bottom, right = self.areas.get((row, col), (row, col, row, col))
            found.setdefault(row, []).append(Place(cell, bottom, right, text, family_of(cell, text)))
        return {row: tuple(line) for row, line in found.items()}

    @cached_property
    def _places(self) -> Mapping[tuple[int, int], Place]:
        return {(p.row, p.col): p for line in self.lines.values() for p in line}

    def at(self, row: int, col: int) -> Place | None:
        """The cell that is seen at this place: its own or that of the merge that covers it."""
        return self._places.get(self.anchors.get((row, col), (row, col)))

    def own(self, row: int, col: int) -> Place | None:
        """The cell that begins at this place."""
        return self._places.get((row, col))

    def area(self, row: int, col: int) -> Area:
        """The merge at this place, filled or not; the place itself without one."""
        return self.areas.get(self.anchors.get((row, col), (row, col)), (row, col, row, col))


def parse_area(text: str) -> Area | None:
    """A1:B3 → (1, 1, 3, 2); None for what is no range."""
    found = _AREA.fullmatch(text)
    if not found:
        return None
    left, top = column_number(found[1]), int(found[2])
    return (top, left, int(found[4] or top), column_number(found[3]) if found[3] else left)


def column_number(letters: str) -> int:
    """A → 1, AA → 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def columns_of(lines: Sequence[Line]) -> set[int]:
    """The columns that any cell of these lines covers."""
    return {col for line in lines for p in line for col in range(p.col, p.right + 1)}
