"""A Word document as it is in effect: paragraphs with their looks, tables, sections, footers, charts. What it is read from
stands in reading.py, what it should be in the format_*.py modules.

Properties are flat as in cascade.py. Sizes are those of the file (twips, half points, eighths of a point).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from yaoxun.briefings.lint.cascade import Props
from yaoxun.briefings.lint.model import NumeralRecord, Role, TextChart


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """A run: its text, effective properties, character style and what it says directly."""

    text: str
    props: Props
    character: str = ""
    direct: frozenset[str] = frozenset()


@dataclass(kw_only=True)
class WordParagraph:
    """One paragraph; `number` 0 in a footer. `role` is found last (roles.py)."""

    number: int
    style: str
    style_name: str
    stretches: tuple[Stretch, ...]
    props: Props
    run_props: Props
    direct: frozenset[str]
    auto: str
    bookmarks: Mapping[str, tuple[int, int]]
    section: int
    table: tuple[int, int, int] | None = None
    fields: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()
    charts: tuple[str, ...] = ()
    breaks_page: bool = False
    ends_section: bool = False
    shapes: int = 0
    boxed: bool = False
    role: Role = "other"

    @property
    def text(self) -> str:
        return "".join(stretch.text for stretch in self.stretches)

    @property
    def is_empty(self) -> bool:
        """No text and nothing drawn: layout by an empty line."""
        return not (
            self.text.strip() or self.pictures or self.charts or self.shapes or self.breaks_page or self.ends_section
        )


@dataclass(frozen=True, kw_only=True)
class WordCell:
    """A cell: the numbers of its paragraphs, its own and effective properties."""

    paragraphs: tuple[int, ...]
    props: Props
    span: int
    continues: bool


@dataclass(frozen=True, kw_only=True)
class WordRow:
    """A row of a table."""

    cells: tuple[WordCell, ...]
    repeats: bool
    cannot_split: bool


@dataclass(frozen=True, kw_only=True)
class WordTable:
    """A table; `number` from 1. `props` holds tblPr in effect (style, then `direct`), `style` the style's id."""

    number: int
    style: str
    grid: tuple[int, ...]
    props: Props
    rows: tuple[WordRow, ...]
    direct: frozenset[str]
    first: int
    section: int
    nested: bool = False

    @property
    def floats(self) -> bool:
        return any(key.startswith("tblpPr") for key in self.props)


@dataclass(frozen=True, kw_only=True)
class Section:
    """A section: flat properties of its w:sectPr and its footers by type (default, even, first)."""

    props: Props
    footers: Mapping[str, tuple[WordParagraph, ...]]


@dataclass(frozen=True, kw_only=True)
class WordDocument:
    """The whole document. `settings` flat; `leftovers` are traces of other programs' templates, in words."""

    paragraphs: tuple[WordParagraph, ...]
    tables: tuple[WordTable, ...]
    sections: tuple[Section, ...]
    settings: Props
    charts: Mapping[str, TextChart] = field(default_factory=dict)
    numerals: tuple[NumeralRecord, ...] = ()
    core: Mapping[str, str] = field(default_factory=dict)
    leftovers: tuple[str, ...] = ()

    def paragraph(self, number: int) -> WordParagraph:
        """The paragraph of that number (from 1)."""
        return self.paragraphs[number - 1]

    def role(self, *roles: Role) -> list[WordParagraph]:
        """All paragraphs in one of these roles."""
        return [p for p in self.paragraphs if p.role in roles]
