"""A document as frozen values: blocks of runs, masthead, colophon, numerals. No template, no Word and no database here.

The content that is signed leaves out the late slots (期号, 印发日期, 份数); they are a value of their own.
"""

import hashlib
import re
from dataclasses import asdict, dataclass
from datetime import date
from typing import Literal

from yaoxun.errors import InternalError
from yaoxun.store.types import canonical_json

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")

Origin = Literal["figure", "date", "ordinal", "declared"]


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

    caption: str
    unit: str
    header: tuple[tuple[Run, ...], ...]
    rows: tuple[tuple[tuple[Run, ...], ...], ...]


Block = Heading | Paragraph | Table


@dataclass(frozen=True, kw_only=True)
class Masthead:
    """报头: the periodical's name and 编印单位."""

    name: str
    issuer: str


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
    """One document without its late slots. `headline` is the title: one unbroken line of runs."""

    headline: tuple[Run, ...]
    masthead: Masthead
    blocks: tuple[Block, ...]
    colophon: Colophon
    numerals: tuple[Numeral, ...] = ()

    @property
    def title(self) -> str:
        return text_of(self.headline)


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


def content_bytes(issue: Issue) -> bytes:
    """The content that is signed, as canonical JSON: what content_sha hashes and storage keeps."""
    plain = asdict(issue)
    for block, value in zip(issue.blocks, plain["blocks"], strict=True):
        value["block"] = type(block).__name__
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
