"""The format profile of a kind of document: report_templates/<folder>/profile.yaml, closed and frozen. Every number of
the Word format that is house custom or a clause of GB/T 9704 is read from it; none stands in code.
"""

from pathlib import Path
from typing import Literal

from yaoxun.settings import Closed, load_settings


class Page(Closed):
    """Paper, type area (版心) and grid, in twips."""

    width_twip: int
    height_twip: int
    top_twip: int
    bottom_twip: int
    left_twip: int
    right_twip: int
    footer_twip: int
    line_twip: int
    pitch_twip: int

    @property
    def text_twip(self) -> int:
        """Width of the type area."""
        return self.width_twip - self.left_twip - self.right_twip


class FontSet(Closed):
    """Names of the faces; nothing is embedded."""

    title: str
    body: str
    kai: str
    hei: str
    song: str
    latin: str


class MastheadFormat(Closed):
    """报头, 期号 and 署日行."""

    name: str
    size_pt: int
    tracking_pt: int
    line_twip: int
    colour: str
    rule_eighth_pt: int
    rule_space_pt: int
    indent_twip: int


class TitleFormat(Closed):
    """标题; up to `one_line_up_to` characters stay on one line."""

    size_pt: int
    line_twip: int
    space_twip: int
    one_line_up_to: int


class BodyFormat(Closed):
    """正文."""

    size_pt: int
    indent_chars: int
    indent_twip: int


class HeadingFormat(Closed):
    """Headings: the faces are fixed by the standard, the bold of the third level is not."""

    bold_third_level: bool


class TableFormat(Closed):
    """表题, 表头 and 表."""

    caption_pt: int
    size_pt: int
    line_twip: int
    outer_eighth_pt: int
    inner_eighth_pt: int
    nil: str


class ColophonFormat(Closed):
    """版记."""

    size_pt: int
    line_twip: int
    hanging_twip: int
    indent_twip: int
    outer_eighth_pt: int
    inner_eighth_pt: int


class PageNumberFormat(Closed):
    """页码."""

    size_pt: int
    line_twip: int
    indent_twip: int


class FormatProfile(Closed):
    """One profile. `fonts` chooses among `font_sets`."""

    page: Page
    fonts: Literal["gb2312", "windows"]
    font_sets: dict[Literal["gb2312", "windows"], FontSet]
    masthead: MastheadFormat
    title: TitleFormat
    body: BodyFormat
    headings: HeadingFormat
    table: TableFormat
    colophon: ColophonFormat
    page_number: PageNumberFormat

    @property
    def faces(self) -> FontSet:
        return self.font_sets[self.fonts]


def load_profile(folder: Path) -> FormatProfile:
    """The profile of a template folder. Raises ConfigError."""
    return load_settings(folder / "profile.yaml", FormatProfile)
