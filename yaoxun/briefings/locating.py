"""Where the paragraphs of a document stand on its pages: texts found again in the lines that measuring.py read. Blanks do
not count. What to think of a place is said in fitting.py and in lint/.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from yaoxun.briefings.measuring import Line, Page

_NUMBER = re.compile(r"([—–―－~·-]*)(?:第)?(\d{1,4})(?:页)?(?:[/，,]?共\d+页)?([—–―－~·-]*)")
_BLANK = re.compile(r"\s")
_FOOT = 26.0  # mm above the lower edge: bare digits that stand lower are a page number
# What a list may print before a paragraph's text.
_AUTO_NUMBER = re.compile(r"([（(]?第?[\dA-Za-z一二三四五六七八九十百]{1,4}[)）.．、章节条]?|[•●■◆·])?")


@dataclass(frozen=True, kw_only=True)
class Placed:
    """A line of the text: the index of its page, and whether it is the page's last."""

    page: int
    line: Line
    at_foot: bool


@dataclass(frozen=True, kw_only=True)
class Spot:
    """A text as it is laid out: its lines, and how many characters of it the last one holds."""

    key: int
    lines: tuple[Placed, ...]
    last: int


def number_line(page: Page) -> tuple[Line, int] | None:
    """The line that is a page's number, and the number; None for a page without one."""
    line = page.lines[-1] if page.lines else None
    found = _NUMBER.fullmatch(line.text) if line else None
    if line is None or found is None or not (found[1] or line.baseline > page.height - _FOOT):
        return None
    return line, int(found[2])


def text_lines(pages: Sequence[Page]) -> list[Placed]:
    """The lines of all pages in order, without page numbers."""
    placed = []
    for n, page in enumerate(pages):
        lines = page.lines[:-1] if number_line(page) else page.lines
        placed += [Placed(page=n, line=line, at_foot=k == len(lines)) for k, line in enumerate(lines, 1)]
    return placed


def located(lines: Sequence[Placed], texts: Iterable[tuple[int, str]]) -> Iterator[Spot]:
    """Each of the texts (key, text; in reading order) that can be found: it begins a line and ends one. The others are
    left out."""
    starts, ends, at = [], set(), 0
    for placed in lines:
        starts.append(at)
        at += len(placed.line.text)
        ends.add(at)
    whole, at = "".join(placed.line.text for placed in lines), 0
    for key, text in texts:
        wanted = _BLANK.sub("", text)
        begun = _find(whole, wanted, at, starts, ends) if wanted else -1
        if begun < 0:
            continue
        at = begun + len(wanted)
        first, last = (bisect_right(starts, n) - 1 for n in (begun, at - 1))
        yield Spot(key=key, lines=tuple(lines[first : last + 1]), last=at - max(begun, starts[last]))


def _find(whole: str, wanted: str, at: int, starts: Sequence[int], ends: set[int]) -> int:
    begun = whole.find(wanted, at)
    while begun >= 0:
        before = whole[starts[bisect_right(starts, begun) - 1] : begun]
        if _AUTO_NUMBER.fullmatch(before) and begun + len(wanted) in ends:
            return begun
        begun = whole.find(wanted, begun + 1)
    return -1
