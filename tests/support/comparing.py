"""Compares what the program understood with what was written down by hand (foreign_sheets.py)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from support.foreign_sheets import Meaning
from yaoxun.forms.layout.model import UnderstoodCell

_HEADS = ("title", "header", "note")


@dataclass(frozen=True, kw_only=True)
class Compared:
    """Counts of data and total cells, and every cell that differs without being asked about."""

    cells: int
    asked: int
    wrong: tuple[str, ...]

    @property
    def understood(self) -> int:
        return self.cells - self.asked - len(self.wrong)


def compare(got: Iterable[UnderstoodCell], expected: Mapping[tuple[str, str], Meaning]) -> Compared:
    """A cell that is asked about is neither right nor wrong; one that is not listed, or should not be there, is wrong."""
    found = {(cell.sheet, cell.cell): cell for cell in got}
    wrong = [f"{sheet}!{at} is not expected" for sheet, at in found.keys() - expected.keys()]
    asked = 0
    for place, meaning in expected.items():
        cell = found.get(place)
        if cell is None:
            wrong.append(f"{place[0]}!{place[1]} is not listed")
        elif cell.asked:
            asked += 1
        elif _told(cell) != _wanted(meaning):
            wrong.append(f"{place[0]}!{place[1]}: {_told(cell)}, wanted {_wanted(meaning)}")
    return Compared(cells=len(expected), asked=asked, wrong=tuple(wrong))


def _told(cell: UnderstoodCell) -> tuple[str, ...]:
    if cell.role in _HEADS:
        return (cell.role,)
    return (cell.role, cell.column, cell.organisation, cell.period, cell.unit)


def _wanted(meaning: Meaning) -> tuple[str, ...]:
    if meaning.role in _HEADS:
        return (meaning.role,)
    return (meaning.role, meaning.column, meaning.organisation, meaning.period, meaning.unit)
