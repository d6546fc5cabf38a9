"""A sheet with its merged cells spread, as placing looks at it: words as they are compared, the cell right of a cell, below
it. Where tables stand is not known here.
"""

from functools import cached_property

from yaoxun.forms.layout.places import PlacedSheet
from yaoxun.forms.layout.words import split_unit
from yaoxun.forms.located import Spot, full_header, lines_of
from yaoxun.forms.values import raw_text
from yaoxun.sheets.model import RawCell, RawSheet


class Grid(PlacedSheet):
    """`filled`: row → column → filled cell."""

    def __init__(self, sheet: RawSheet) -> None:
        super().__init__(sheet)
        self.filled: dict[int, dict[int, RawCell]] = lines_of(sheet)
        self._words: dict[Spot, str] = {}

    @cached_property
    def last_row(self) -> int:
        return max(self.filled, default=0)

    def corner(self, spot: Spot) -> Spot:
        """The first cell of the merge over a cell; the cell itself without one."""
        return self.anchors.get(spot, spot)

    def word(self, row: int, col: int) -> str:
        """The header word at a cell without its unit, of a merged one its first cell's."""
        spot = self.corner((row, col))
        known = self._words.get(spot)
        if known is None:
            known = self._words[spot] = plain_word(self.text(*spot))
        return known

    def text(self, row: int, col: int) -> str:
        """What stands in a cell itself."""
        return raw_text(self.filled.get(row, {}).get(col)).strip()

    def right_of(self, spot: Spot) -> Spot:
        """The cell right of a cell, past its merge; of a merged one its first."""
        return self.corner((spot[0], self.area(*spot)[3] + 1))

    def below(self, spot: Spot) -> Spot:
        """The cell below a cell, past its merge."""
        return self.corner((self.area(*spot)[2] + 1, spot[1]))


def plain_word(text: str) -> str:
    """A word of a header or label as it is compared: without unit, marks and spaces, half-width."""
    return full_header(split_unit(text)[0]) if text else ""
