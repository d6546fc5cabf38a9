"""The format profile of a kind of document: report_templates/profiles/NAME.yaml, closed and frozen. Every number of the
Word format that is house custom or a clause of GB/T 9704 is read from it; none stands in code. A profile may be
`based_on` another and hold only what differs.
"""

from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from yaoxun.errors import ConfigError
from yaoxun.settings import Closed, Faults, load_yaml, parse_settings


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

    @property
    def text_height_twip(self) -> int:
        """Height of the type area: the width of a page turned sideways."""
        return self.height_twip - self.top_twip - self.bottom_twip


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
    """正文; `tight_twip` and `loose_twip` are the tracking of a paragraph whose last line would hold a character or two."""

    size_pt: int
    indent_chars: int
    indent_twip: int
    tight_twip: int
    loose_twip: int


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


class ChartFormat(Closed):
    """图; `shades` are the fills of the series, dark and light by turns so that print in grey tells them apart."""

    height_twip: int
    size_pt: int
    shades: tuple[str, ...] = Field(min_length=1)


class CoverFormat(Closed):
    """封面: the name and the lines at its foot."""

    name_pt: int
    name_line_twip: int
    name_before_twip: int
    line_pt: int
    line_before_twip: int


class TocFormat(Closed):
    """目录."""

    title_pt: int
    size_pt: int


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
    """One profile. `fonts` chooses among `font_sets`; `pdf_faces` has the beginnings of the names by which a PDF may know
    each face: its own, and those of free stand-ins whose Chinese characters are as wide."""

    opening: Literal["masthead", "cover"]
    toc_levels: int = Field(ge=0, le=3)
    page: Page
    fonts: Literal["gb2312", "windows"]
    font_sets: dict[Literal["gb2312", "windows"], FontSet]
    pdf_faces: dict[str, tuple[str, ...]]
    masthead: MastheadFormat
    title: TitleFormat
    body: BodyFormat
    headings: HeadingFormat
    table: TableFormat
    chart: ChartFormat
    cover: CoverFormat
    toc: TocFormat
    colophon: ColophonFormat
    page_number: PageNumberFormat

    @property
    def faces(self) -> FontSet:
        return self.font_sets[self.fonts]


def profile_path(templates: Path, name: str) -> Path:
    """The file of a profile."""
    return templates / "profiles" / f"{name}.yaml"


def load_profile(templates: Path, name: str) -> FormatProfile:
    """A profile of report_templates/ with all that it is based on. Raises ConfigError."""
    return parse_settings(_layered(templates, name, ()), FormatProfile, profile_path(templates, name))


def _layered(templates: Path, name: str, below: tuple[str, ...]) -> dict[str, Any]:
    """A profile's content over that of its base, which has to be whole by itself: a fault is told of the file it is in."""
    path = profile_path(templates, name)
    own = load_yaml(path)
    if not isinstance(own, dict) or "based_on" not in own:
        return own or {}
    base = own.pop("based_on")
    _check_base(path, base, (name, *below))
    content = _layered(templates, base, (name, *below))
    parse_settings(content, FormatProfile, profile_path(templates, base))
    return _merged(content, own)


def _check_base(path: Path, base: Any, below: tuple[str, ...]) -> None:
    known = sorted(p.stem for p in path.parent.glob("*.yaml"))
    if base in known and base not in below:
        return
    problem = f"版式“{base}”绕回了自己" if base in known else f"没有版式“{base}”"
    faults = Faults()
    faults.add(ConfigError(file=path, key="based_on", problem=problem, remedy=f"现有版式：{'、'.join(known)}。"))
    faults.stop()


def _merged(base: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """`own` over `base`, group by group."""
    return base | {
        key: _merged(base[key], value) if isinstance(value, dict) and isinstance(base.get(key), dict) else value
        for key, value in own.items()
    }
