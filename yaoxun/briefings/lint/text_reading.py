"""Paragraphs as the rules of writing and of figures read them: lines without what is no Chinese prose (web addresses, mail
addresses, codes of standards), their excerpts, and one finding for all places of a kind in a line. No rule lives here.

Every repetition in these rules' patterns is bounded, so that the work grows with the length of the text and no faster.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from yaoxun.briefings.lint.catalogue import found
from yaoxun.briefings.lint.model import Finding, Role, WordText

HAN = "\u3400-\u4dbf\u4e00-\u9fff〇\U00020000-\U0002ffff"
NUMERALS = "一二三四五六七八九十"
Span = tuple[int, int]

_AROUND = 12
_SHOWN = 5
# Stands for a character of a masked stretch: neither Han nor digit nor mark.
MASK = "\ufdd0"
_FOREIGN = re.compile(
    r"(?:https?|ftp)://[!-~]{1,300}"
    r"|[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,100}"
    r"|(?<![A-Za-z0-9])(?:[A-Za-z0-9-]{1,40}\.){1,5}(?:com|cn|net|org|gov|edu|docx?|xlsx?|pdf|zip|html?|wps)(?![A-Za-z])(?:[/?#][!-~]{0,200})?"
    r"|(?<![A-Za-z])(?:GB|GBZ|DB|ISO|IEC|RFC|JJF|T)(?:/[A-Z]{1,4})? ?[0-9][0-9.:—-]{0,20}"
)
_ENGLISH = re.compile(r"[A-Za-z][A-Za-z,;:!?.'’()&/ 0-9-]{0,200}[A-Za-z0-9.?!)]")
_MASKS_NOTHING: frozenset[Role] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Line:
    """A paragraph: `text` as it stands (line breaks of a title or heading are no break), `plain` of the same length with
    addresses and codes masked."""

    number: int
    role: Role
    text: str
    plain: str

    def excerpt(self, start: int, end: int) -> str:
        """The place with what stands around it."""
        before, after = max(0, start - _AROUND), min(len(self.text), end + _AROUND)
        return ("…" if before else "") + self.text[before:after].strip() + ("…" if after < len(self.text) else "")


Rule = Callable[[Line], Iterator[Finding]]


def lines(text: WordText) -> list[Line]:
    """Every paragraph with text, in document order."""
    found_lines = []
    for paragraph in text.paragraphs:
        if not paragraph.text.strip() and paragraph.text != "":
            continue
        if paragraph.text:
            is_title = paragraph.role in ("title", "item", "heading1", "heading2", "caption")
            whole = paragraph.text.replace("\n", "") if is_title else paragraph.text
            found_lines.append(Line(number=paragraph.number, role=paragraph.role, text=whole, plain=masked(whole)))
    return found_lines


def masked(text: str) -> str:
    """The text with addresses and codes of standards replaced, character for character."""
    return _FOREIGN.sub(lambda m: MASK * len(m[0]), text)


def without_english(text: str) -> str:
    """The text with its English phrases replaced, character for character: marks and numbers inside them are theirs."""
    return _ENGLISH.sub(lambda m: MASK * len(m[0]) if " " in m[0] else m[0], text)


def at_places(
    line: Line, id: str, places: Iterable[Span], problem: str, expected: str, *, remedy: str = ""
) -> Iterator[Finding]:
    """One finding for all places of a kind in a line; nothing for none. `{}` in `problem` is what stands there."""
    spans = list(places)
    if not spans:
        return
    shown = list(dict.fromkeys(line.text[start:end].strip() or "空格" for start, end in spans))
    what = "、".join(f"“{one}”" for one in shown[:_SHOWN]) + ("等" if len(shown) > _SHOWN else "")
    times = f"（共{len(spans)}处）" if len(spans) > 1 else ""
    yield found(
        id, problem.format(what) + times + "。", expected=expected, measured=what + times, paragraph=line.number,
        excerpt=line.excerpt(*spans[0]), remedy=remedy,
    )  # fmt: skip


def spans(pattern: re.Pattern[str], text: str, group: int = 0) -> Iterator[Span]:
    """Where a pattern stands."""
    for match in pattern.finditer(text):
        yield match.span(group)


def has_han(text: str) -> bool:
    """Whether there is a Chinese character in it."""
    return _HAN.search(text) is not None


_HAN = re.compile(f"[{HAN}]")


def each(rules: Sequence[Rule], among: Iterable[Line]) -> Iterator[Finding]:
    """Every rule on every line, in reading order."""
    for line in among:
        for rule in rules:
            yield from rule(line)
