"""What a spreadsheet file holds, as plain frozen values: no meaning, no office, only cells and where they stand."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache, cached_property
from typing import Literal, NamedTuple

CellKind = Literal["text", "number", "date", "bool", "error"]


class Percent(Decimal):
    """A number that its cell shows as per cent: 1 is seen as 100%."""

    __slots__ = ()


CellValue = str | Decimal | datetime | bool
Content = tuple[CellKind, CellValue, str | None]
Spot = tuple[int, int]
MAX_ROW, MAX_COL = 1_048_576, 16_384


@cache
def column_letters(col: int) -> str:
    """1 → A, 27 → AA."""
    letters = ""
    while col:
        col, rest = divmod(col - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """A → 1, AA → 27; capital letters only."""
    col = 0
    for letter in letters:
        col = col * 26 + ord(letter) - 64
    return col


def address(row: int, col: int) -> str:
    """(3, 2) → B3."""
    return f"{column_letters(col)}{row}"


class RawCell(NamedTuple):
    """One filled cell. `row` and `col` count from 1. An error cell's value is its text (`#REF!`). `formula` is the
    formula's text without the equals sign, None for a typed value; a formula without a cached value is text ''.

    A tuple, because there are tens of thousands and a frozen dataclass takes three times as long to make.
    """

    row: int
    col: int
    kind: CellKind
    value: CellValue
    formula: str | None = None

    @property
    def address(self) -> str:
        return address(self.row, self.col)


class Cells(Mapping[Spot, RawCell]):
    """Cells by (row, col) of which only the contents are known, kind, value and formula, each one object for all cells that
    say the same; the cells themselves are made when one is asked for. A child that hands on contents makes none."""

    def __init__(self, contents: Mapping[Spot, Content]) -> None:
        self.contents = contents

    @cached_property
    def _made(self) -> dict[Spot, RawCell]:
        return {spot: RawCell._make(spot + content) for spot, content in self.contents.items()}

    def __getitem__(self, spot: Spot) -> RawCell:
        return self._made[spot]

    def __iter__(self) -> Iterator[Spot]:
        return iter(self.contents)

    def __len__(self) -> int:
        return len(self.contents)


@dataclass(frozen=True, slots=True)
class RawSheet:
    """One worksheet. `cells` holds filled cells only, by (row, col)."""

    name: str
    state: Literal["visible", "hidden", "veryHidden"]
    cells: Mapping[tuple[int, int], RawCell]
    hidden_rows: frozenset[int] = frozenset()
    hidden_cols: frozenset[int] = frozenset()
    merges: tuple[str, ...] = ()
    max_row: int = 0
    max_col: int = 0

    def get(self, row: int, col: int) -> RawCell | None:
        return self.cells.get((row, col))


@dataclass(frozen=True, slots=True)
class RawWorkbook:
    """All worksheets in file order; `lossy` names the features that rewriting with openpyxl would lose."""

    sheets: tuple[RawSheet, ...]
    lossy: tuple[str, ...] = ()

    def sheet(self, name: str) -> RawSheet | None:
        return next((s for s in self.sheets if s.name == name), None)


@dataclass(frozen=True, slots=True)
class Refusal:
    """The file cannot be opened: a data problem, so a value. `sentence` says what, `remedy` what to do (Chinese)."""

    code: str
    sentence: str
    remedy: str
