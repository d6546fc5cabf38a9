"""What laying a document out says of it: the page of each heading, last lines of one or two characters, headings left
alone at a page's foot, how many pages there are. Pure; the pages come from measuring.py.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from yaoxun.briefings.locating import located, number_line, text_lines
from yaoxun.briefings.measuring import Page
from yaoxun.briefings.model import (
    Block,
    Chart,
    Contents,
    Fit,
    Heading,
    Issue,
    Item,
    Paragraph,
    Remark,
    Table,
    text_of,
    unforced,
)
from yaoxun.briefings.profile import FormatProfile
from yaoxun.briefings.word_parts import toc_name

SHORT = 3
"""A last line of fewer characters is a short one."""
_LISTED = -2


@dataclass(frozen=True, kw_only=True)
class Laid:
    """One paragraph as it is laid out: how many lines it has, how many characters its last one holds, the page (as
    printed) on which it begins, and whether it is the last thing on its page."""

    index: int
    lines: int
    last: int
    page: int
    at_foot: bool


def laid_out(issue: Issue, profile: FormatProfile, pages: Sequence[Page]) -> Iterator[Laid]:
    """Every heading, paragraph and title in order; the headline has the index -1. What cannot be found is left out."""
    for spot in located(text_lines(pages[_front_pages(pages, profile) :]), _texts(issue)):
        if spot.key != _LISTED:
            yield Laid(index=spot.key, lines=len(spot.lines), last=spot.last, page=spot.lines[0].page + 1,
                       at_foot=spot.lines[-1].at_foot)  # fmt: skip


def _texts(issue: Issue) -> Iterator[tuple[int, str]]:
    """Everything as it is printed, 按语 and 要目 above the title first; lines of 要目 repeat titles and have a key of their
    own."""
    first = next((n for n, b in enumerate(issue.blocks) if not isinstance(b, Remark | Contents)), len(issue.blocks))
    for index, block in (*enumerate(issue.blocks[:first]), (-1, None), *enumerate(issue.blocks[first:], first)):
        if block is None:
            yield index, issue.title
        elif isinstance(block, Contents):
            yield from ((_LISTED, text) for text in _listed(issue))
        elif not isinstance(block, Table | Chart):
            yield index, unforced(text_of(block.runs))


def _listed(issue: Issue) -> list[str]:
    """The lines of 要目 without their numbers."""
    items = [unforced(text_of(block.runs)) for block in issue.blocks if isinstance(block, Item)]
    headings = [text_of(b.runs) for b in issue.blocks if isinstance(b, Heading) and b.level == 1]
    return [issue.title, *items] if items else headings


def _front_pages(pages: Sequence[Page], profile: FormatProfile) -> int:
    """How many pages come before the one that bears number 1: a cover, 目录."""
    if profile.opening != "cover" and not profile.toc_levels:
        return 0
    return next((n for n, page in enumerate(pages) if number_line(page)), 0)


def fit_of(issue: Issue, profile: FormatProfile, laid: Sequence[Laid], before: Fit) -> Fit:
    """How to set it next: a short last line is taken in by setting its paragraph tighter, or where that has not helped
    or cannot, made longer by setting it looser."""
    tight, loose = set(before.tight), set(before.loose)
    for one in laid:
        if not is_short(issue, one) or one.index in loose:
            continue
        if one.index in tight or one.last > one.lines - 1:
            tight.discard(one.index)
            loose.add(one.index)
        else:
            tight.add(one.index)
    return Fit(tight=frozenset(tight), loose=frozenset(loose), pages=_heading_pages(issue, profile, laid))


def is_short(issue: Issue, laid: Laid) -> bool:
    """Whether a paragraph of the text ends in a line of one or two characters."""
    block = issue.blocks[laid.index] if laid.index >= 0 else None
    return isinstance(block, Paragraph) and laid.lines > 1 and laid.last < SHORT


def _heading_pages(issue: Issue, profile: FormatProfile, laid: Sequence[Laid]) -> dict[str, int]:
    if not profile.toc_levels:
        return {}
    pages = {one.index: one.page for one in laid}
    marked = [-1, *(n for n, block in enumerate(issue.blocks) if isinstance(block, Heading | Item))]
    return {toc_name(k): pages[n] for k, n in enumerate(marked, 1) if n in pages}


def page_count(pages: Sequence[Page], profile: FormatProfile) -> int:
    """How many pages bear a number."""
    return len(pages) - _front_pages(pages, profile)


def warnings(issue: Issue, laid: Sequence[Laid], count: int) -> Iterator[str]:
    """What staff should see to: an odd last page, short last lines that stayed, headings alone at the foot of a page."""
    if count % 2:
        yield (
            f"共 {count} 面，版记落在单数面上。版记应在最后一面（双数面）：请增删几行使正文多一面或少一面，"
            "或调整附件和图表的位置；不要用“此页无正文”。"
        )
    for one in laid:
        block = issue.blocks[one.index] if one.index >= 0 else None
        if is_short(issue, one):
            yield f"第 {one.page} 面“{_beginning(block)}”一段末行只有 {one.last} 个字，请增删一两个字。"
        if isinstance(block, Heading | Item) and one.at_foot:
            yield f"第 {one.page} 面的标题“{_beginning(block)}”落在了面末，请增删几行。"


def _beginning(block: Block | None) -> str:
    if block is None or isinstance(block, Table | Chart | Contents):
        return ""
    text = text_of(block.runs)
    return text if len(text) <= 12 else f"{text[:12]}…"
