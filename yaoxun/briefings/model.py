"""A document as frozen values: blocks of runs, masthead, colophon, numerals. No template, no Word and no database here.

The content that is signed leaves out the late slots (期号, 印发日期, 份数); they are a value of their own.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Literal

from yaoxun.errors import InternalError
from yaoxun.store.types import canonical_json

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")

Origin = Literal["figure", "date", "ordinal", "declared"]
Shape = Literal["柱", "折线", "饼"]

FORCED = "｜|"
"""The marks by which an author says where a title is broken; they are in its runs and never printed."""


@dataclass(frozen=True, kw_only=True)
class Run:
    """A stretch of text; `numeral` is the id of the numeral it prints, '' for none."""

    text: str
    numeral: str = ""
    strong: bool = False


@dataclass(frozen=True, kw_only=True)
class Heading:
    """一、 (level 1), （一） (2) or 1. (3), its number written out in the text."""

    level: int
    runs: tuple[Run, ...]


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    """A paragraph of the body."""

    runs: tuple[Run, ...]


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table; `unit` stands above its right edge. Cells of `rows` and `header` are runs."""

    caption: tuple[Run, ...]
    unit: str
    header: tuple[tuple[Run, ...], ...]
    rows: tuple[tuple[tuple[Run, ...], ...], ...]


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A chart of Word's own (图), given as a table: the first column names the categories, each further one is a series.
    A cell without a number is a gap."""

    shape: Shape
    caption: tuple[Run, ...]
    unit: str
    header: tuple[tuple[Run, ...], ...]
    rows: tuple[tuple[tuple[Run, ...], ...], ...]


@dataclass(frozen=True, kw_only=True)
class Remark:
    """按语: what the office says of the text."""

    runs: tuple[Run, ...]


@dataclass(frozen=True, kw_only=True)
class Contents:
    """本期要目: the titles of all items of the issue."""


@dataclass(frozen=True, kw_only=True)
class Item:
    """The title of a further item in the same issue; the headline is that of the first."""

    runs: tuple[Run, ...]


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """附件: what follows stands on pages of its own. `number` is 0 where there is one only."""

    number: int
    runs: tuple[Run, ...]


Block = Heading | Paragraph | Table | Chart | Remark | Contents | Item | Attachment


@dataclass(frozen=True, kw_only=True)
class Masthead:
    """报头: the periodical's name and 编印单位; 密级, 紧急程度 and 份号 where the issue bears them."""

    name: str
    issuer: str
    secret: str = ""
    urgency: str = ""
    copy_number: str = ""


@dataclass(frozen=True, kw_only=True)
class Colophon:
    """版记: rows (报 | 送 | 发, its addressees in order) and 责编."""

    rows: tuple[tuple[str, tuple[str, ...]], ...]
    editor: str = ""


@dataclass(frozen=True, kw_only=True)
class Numeral:
    """A numeral as printed, in reading order. `figure` and `dims` name the figure it comes from."""

    seq: int
    id: str
    text: str
    origin: Origin
    figure: str = ""
    dims: str = ""


@dataclass(frozen=True, kw_only=True)
class Issue:
    """One document without its late slots. `headline` is the title, one line of runs, in which a mark
    ｜ may say where to break it (briefings/titles.py)."""

    headline: tuple[Run, ...]
    masthead: Masthead
    blocks: tuple[Block, ...]
    colophon: Colophon
    numerals: tuple[Numeral, ...] = ()

    @property
    def title(self) -> str:
        return unforced(text_of(self.headline))


@dataclass(frozen=True, kw_only=True)
class LateSlots:
    """What is filled in at 登记: 〔2023〕第4期, the day of printing, and the number of copies (None: not printed)."""

    issue_number: str
    printed_on: date | None
    copies: int | None = None

    @property
    def day(self) -> date:
        """The day of printing of a numbered issue. Raises InternalError before it has one."""
        if self.printed_on is None:
            raise InternalError("草稿还没有印发日期")
        return self.printed_on


@dataclass(frozen=True, kw_only=True)
class Fit:
    """What laying out has shown: the blocks (by index) to set tighter or looser by a named style, so that no line of one
    or two characters is left, and the pages of the headings by bookmark. Belongs to a file, never to its content."""

    tight: frozenset[int] = frozenset()
    loose: frozenset[int] = frozenset()
    pages: Mapping[str, int] = field(default_factory=dict)


def content_bytes(issue: Issue) -> bytes:
    """The content that is signed, as canonical JSON: what content_sha hashes and storage keeps. What an issue does not
    use is left out, so that a part which a later version knows changes no hash of an earlier one."""
    plain = asdict(issue)
    for block, value in zip(issue.blocks, plain["blocks"], strict=True):
        value["block"] = type(block).__name__
        if isinstance(block, Table) and block.caption == text_runs(text_of(block.caption)):
            value["caption"] = text_of(block.caption)
    plain["masthead"] = {k: v for k, v in plain["masthead"].items() if v or k in ("name", "issuer")}
    return canonical_json(plain).encode("utf-8", "surrogatepass")


def content_sha(issue: Issue) -> str:
    """The hash that 签发 binds."""
    return hashlib.sha256(content_bytes(issue)).hexdigest()


def legal(text: str) -> str:
    """The text without the characters that neither XML nor UTF-8 can hold."""
    return _ILLEGAL.sub("", text)


def text_of(runs: tuple[Run, ...]) -> str:
    """The plain text of runs."""
    return "".join(run.text for run in runs)


def unforced(title: str) -> str:
    """A title without the marks that force a break: one unbroken line."""
    return "".join(char for char in title if char not in FORCED)


def unforced_runs(runs: tuple[Run, ...]) -> tuple[Run, ...]:
    """The runs of a title without those marks."""
    return tuple(replace(run, text=unforced(run.text)) for run in runs)


def text_runs(text: str) -> tuple[Run, ...]:
    """Plain text as runs; none for ''."""
    return (Run(text=text),) if text else ()


def map_runs(block: Block, each: Callable[[tuple[Run, ...]], tuple[Run, ...]]) -> Block:
    """The block with all its runs replaced, in reading order. A unit is text: `each` sees it and changes nothing."""
    if isinstance(block, Contents):
        return block
    if not isinstance(block, Table | Chart):
        return replace(block, runs=each(block.runs))
    caption = each(block.caption)
    each(text_runs(block.unit))
    header = tuple(each(cell) for cell in block.header)
    rows = tuple(tuple(each(cell) for cell in row) for row in block.rows)
    return replace(block, caption=caption, header=header, rows=rows)
