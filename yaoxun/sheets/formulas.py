"""Formulas that a file writes once and uses in many cells (shared formulas), given back cell by cell.

Nothing is ever computed here: a computed column is recomputed by the rooms that know what it means. The references are
moved here and not by openpyxl, because every child would pay for what it brings along; a test holds both to each other.
"""

import re

from yaoxun.sheets.model import MAX_COL, MAX_ROW, Spot, column_letters, column_number

# Texts and quoted sheet names, brackets (of tables and other files), and references: columns, rows, cells.
_PIECE = re.compile(
    r"""
    "[^"]*" | '[^']*' | [\[\]]
    | (?<![\w.$])(?P<cols>\$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3})(?![\w.(!])
    | (?<![\w.$])(?P<rows>\$?[1-9][0-9]{0,6}:\$?[1-9][0-9]{0,6})(?![\w.])
    | (?<![\w.$])(?P<col>\$?[A-Za-z]{1,3})(?P<row>\$?[1-9][0-9]{0,6})(?![\w.(!])
    """,
    re.X,
)


class SharedFormulas:
    """The shared formulas of one sheet, by their index."""

    def __init__(self) -> None:
        self._masters: dict[str, tuple[str, Spot]] = {}

    def text_at(self, index: str, text: str, row: int, col: int) -> str:
        """The formula of a cell: its own text, which then is the master, or the master's moved to this cell.

        One that would reach beyond the sheet is given as its master has it; one without a master is ''.
        """
        if text:
            self._masters.setdefault(index, (text, (row, col)))
            return text
        master, (from_row, from_col) = self._masters.get(index, ("", (row, col)))
        try:
            return _Move(row - from_row, col - from_col).of(master)
        except _BeyondError:
            return master


class _BeyondError(Exception):
    """A reference would leave the sheet."""


class _Move:
    """Moves the relative references of a formula."""

    def __init__(self, down: int, right: int) -> None:
        self._down, self._right = down, right
        self._depth = 0

    def of(self, formula: str) -> str:
        return _PIECE.sub(self._piece, formula)

    def _piece(self, found: re.Match[str]) -> str:
        text = found[0]
        self._depth += (text == "[") - (text == "]")
        if self._depth > 0 or not found.lastgroup:
            return text
        if found["cols"]:
            return ":".join(map(self._col, text.split(":")))
        if found["rows"]:
            return ":".join(map(self._row, text.split(":")))
        if column_number(found["col"].lstrip("$").upper()) > MAX_COL:
            return text  # a name
        return self._col(found["col"]) + self._row(found["row"])

    def _col(self, text: str) -> str:
        if text.startswith("$"):
            return text
        col = column_number(text.upper()) + self._right
        if not 1 <= col <= MAX_COL:
            raise _BeyondError
        return column_letters(col)

    def _row(self, text: str) -> str:
        if text.startswith("$"):
            return text
        row = int(text) + self._down
        if not 1 <= row <= MAX_ROW:
            raise _BeyondError
        return str(row)
