"""A document on its pages: which lines belong to which paragraph. What the rules of rendered*.py look at; no rule here."""

from collections.abc import Iterator, Mapping, Sequence

from yaoxun.briefings.lint.model import Role, TextParagraph, WordText
from yaoxun.briefings.locating import Placed, Spot, located, number_line, text_lines
from yaoxun.briefings.measuring import Page
from yaoxun.briefings.profile import FormatProfile

MM = 25.4 / 1440  # of a twip
FLOW: tuple[Role, ...] = ("body", "heading1", "heading2", "heading3", "remark")
"""The roles of the text that fills the grid of lines."""


class View:
    """Pages, text and profile together. `spots` has the lines of each paragraph that was found, by its number."""

    def __init__(self, pages: Sequence[Page], text: WordText, profile: FormatProfile) -> None:
        self.pages, self.profile = pages, profile
        self.lines = text_lines(pages)
        self._paragraphs = {p.number: p for p in text.paragraphs if p.table is None or p.role == "colophon"}
        found = located(self.lines, ((p.number, p.text) for p in self._paragraphs.values()))
        self.spots: Mapping[int, Spot] = {spot.key: spot for spot in found}

    def placed(self, *roles: Role) -> Iterator[tuple[TextParagraph, Spot]]:
        """The paragraphs in one of these roles with their lines, in order."""
        for number, spot in self.spots.items():
            if self._paragraphs[number].role in roles:
                yield self._paragraphs[number], spot

    def on(self, page: int) -> list[Placed]:
        """The lines of a page without its number."""
        return [placed for placed in self.lines if placed.page == page]

    def is_upright(self, page: int) -> bool:
        """Whether a page is not turned sideways."""
        return self.pages[page].height >= self.pages[page].width

    def shown(self, page: int) -> int:
        """The number printed on a page, or which one it is where none is."""
        numbered = number_line(self.pages[page])
        return numbered[1] if numbered else page + 1

    @property
    def left(self) -> float:
        """The left edge of the type area, in mm as everything here."""
        return self.profile.page.left_twip * MM

    @property
    def right(self) -> float:
        return (self.profile.page.width_twip - self.profile.page.right_twip) * MM

    @property
    def foot(self) -> float:
        return (self.profile.page.height_twip - self.profile.page.bottom_twip) * MM
