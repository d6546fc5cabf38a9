"""What the check of a Word document reads and what it says, as frozen values. No package, no XML and no rule here.

Paragraphs are numbered from 1 in document order; those inside tables count, those of footers do not (number 0).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Tier = Literal["国标", "惯例", "本单位"]
Role = Literal[
    "title", "item", "heading1", "heading2", "heading3", "body", "caption", "unit", "table_head", "table_cell", "masthead",
    "issue_number", "date_line", "secret", "colophon", "remark", "contents", "attachment", "cover", "toc", "footer", "other",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One line of the catalogue. `remedy` is the sentence a finding carries when it brings none of its own."""

    tier: Tier
    clause: str
    title: str
    remedy: str


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One fault. `page` is known after rendering only; `paragraph` None means the document as a whole."""

    id: str
    tier: Tier
    clause: str
    problem: str
    expected: str
    measured: str
    page: int | None
    paragraph: int | None
    excerpt: str
    remedy: str


@dataclass(frozen=True, kw_only=True)
class TextParagraph:
    """A paragraph as text. `style` is the style's id, `bookmarks` the spans in `text` by name, `table` = (number of the
    table, row, column), the numbers of tables counted from 1, rows and columns from 0."""

    number: int
    style: str
    role: Role
    text: str
    bookmarks: Mapping[str, tuple[int, int]]
    table: tuple[int, int, int] | None = None


@dataclass(frozen=True, kw_only=True)
class TextTable:
    """A table of the text (not the colophon). `unit` without “单位：”; `paragraph` is its first one."""

    number: int
    caption: str
    unit: str
    rows: tuple[tuple[str, ...], ...]
    paragraph: int


@dataclass(frozen=True, kw_only=True)
class ChartData:
    """The categories and the series (name, numbers as text) of a chart."""

    categories: tuple[str, ...]
    series: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, kw_only=True)
class TextChart:
    """A chart: what it shows (`shown`, its cache) and what its embedded workbook holds (`book`; None: there is none)."""

    caption: str
    shown: ChartData
    book: ChartData | None
    alt: str
    paragraph: int


@dataclass(frozen=True, kw_only=True)
class NumeralRecord:
    """Where one printed number came from, as the document itself carries it; `cells` are (file's hash, sheet, cell)."""

    id: str
    text: str
    origin: str
    figure: str
    dims: str
    value: str
    unit: str
    cells: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, kw_only=True)
class WordText:
    """A document as text. `core` holds the core properties by their local name (title, creator, lastModifiedBy …)."""

    paragraphs: tuple[TextParagraph, ...]
    tables: tuple[TextTable, ...]
    charts: tuple[TextChart, ...]
    numerals: tuple[NumeralRecord, ...]
    core: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Report:
    """All findings in reading order. `not_rendered` says why the page was not measured ('' when it was)."""

    findings: tuple[Finding, ...]
    not_rendered: str = ""
    pages: int | None = None

    @property
    def rendered(self) -> bool:
        """Whether the page was measured."""
        return not self.not_rendered

    @property
    def breaks_standard(self) -> bool:
        """Whether a 国标 finding stands."""
        return any(finding.tier == "国标" for finding in self.findings)
