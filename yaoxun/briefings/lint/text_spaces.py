"""Blanks and characters that are not seen: blanks round digits, between Chinese characters, at the ends of a paragraph, and
control characters. Blanks that line up mastheads, dates, tables and colophons are a matter of format.
"""

import re
from collections.abc import Iterator

from yaoxun.briefings.lint.catalogue import found
from yaoxun.briefings.lint.model import Finding
from yaoxun.briefings.lint.text_reading import HAN, NUMERALS, Line, Span, at_places, each

BLANK = " \u00a0\u2002-\u200a\u202f\u3000"
_LINED_UP = frozenset(
    {
        "masthead",
        "issue_number",
        "date_line",
        "secret",
        "colophon",
        "contents",
        "toc",
        "cover",
        "footer",
        "unit",
        "other",
    }
)
_DIGITS = re.compile(
    rf"(?<=[{HAN}，。、；：”》）])[{BLANK}]{{1,20}}(?=[0-9])|(?<![A-Za-z.0-9=+*/<>_^-])[0-9][0-9.,]{{0,14}}[%％‰]?([{BLANK}]{{1,20}})(?=[{HAN}，。、；：“《（])"
)
_LATIN_BEFORE = re.compile(rf"[A-Za-z][{BLANK}]{{0,3}}$")
_BETWEEN = re.compile(rf"(?<=[{HAN}，。、；：”》）])[{BLANK}]{{1,20}}(?=[{HAN}“《（])")
_SECTION = re.compile(
    rf"^[{BLANK}]{{0,4}}(?:第[{NUMERALS}百零〇0-9]{{1,6}}[章节条编款]|附件?[0-9{NUMERALS}]{{0,2}}[：:]?|[（(]?[{NUMERALS}]{{1,3}}[、）)])$"
)
_FORM_FIELD = re.compile(rf"^[{BLANK}]{{1,20}}[{HAN}]{{1,8}}[：:]")
_OF_NUMBER = frozenset("0123456789.,%％‰")
_WIDEST = 24
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2028\u2029\u2060-\u2064\ufeff\ufff9-\uffff\ue000-\uf8ff\ud800-\udfff]"
)


def spaces(line: Line) -> Iterator[Finding]:
    """All rules of this module on one line."""
    yield from each((round_digits, between_han, at_the_ends, hidden), [line])


def round_digits(line: Line) -> Iterator[Finding]:
    """Blanks between Chinese and digits."""
    if line.role in _LINED_UP:
        return
    places: list[Span] = []
    for match in _DIGITS.finditer(line.plain):
        blank = match.span(1) if match[1] else match.span()
        follows_latin = match[1] and _LATIN_BEFORE.search(line.plain[max(0, match.start() - 4) : match.start()])
        is_numbering = (
            match[1]
            and line.role == "caption"
            and match.start() < 8
            and line.plain[: match.start()].strip() in ("表", "图")
        )
        if follows_latin or is_numbering or "　" in match[0]:
            continue
        start, end = _with_number(line.plain, *blank)
        if places and start < places[-1][1]:
            start = places.pop()[0]
        places.append((start, end))
    yield from at_places(line, "T-space-digits", places, "数字前后有空格{}", "不空格", remedy="请删去数字两边的空格。")


def _with_number(text: str, start: int, end: int) -> Span:
    """The blank with the whole number and one character on either side."""
    start, end = max(0, start - 1), min(len(text), end + 1)
    while start and text[start] in _OF_NUMBER and end - start < _WIDEST:
        start -= 1
    while end < len(text) and text[end - 1] in _OF_NUMBER and end - start < _WIDEST:
        end += 1
    return start, end


def between_han(line: Line) -> Iterator[Finding]:
    """Blanks between Chinese characters, but not behind 第一章, before a field such as 电话：, or in a list of names."""
    if line.role in _LINED_UP or line.role in ("table_head", "table_cell") or _is_list_of_names(line.text):
        return
    places = []
    for match in _BETWEEN.finditer(line.plain):
        behind = line.plain[match.start() : match.start() + 32]
        if not ((match.start() <= 16 and _SECTION.search(line.plain[: match.start()])) or _FORM_FIELD.match(behind)):
            places.append((max(0, match.start() - 1), min(len(line.text), match.end() + 1)))
    yield from at_places(
        line, "T-space-han", places, "汉字之间有空格{}", "不空格", remedy="请删去空格；要对齐请用制表位。"
    )


def _is_list_of_names(text: str) -> bool:
    words = re.split(f"[{BLANK}、]{{1,20}}", text.strip())
    return len(words) > 2 and all(len(word) <= 4 for word in words[-3:]) and not re.search("[，。；]", text)


def at_the_ends(line: Line) -> Iterator[Finding]:
    """Blanks before the first and behind the last character."""
    if line.role not in ("title", "item", "heading1", "heading2", "heading3", "body", "caption", "remark"):
        return
    blanks = f"{BLANK}\t".replace("\u2002-\u200a", "\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a")
    bare = line.text.strip(blanks)
    ends = [w for w, there in (("段首", line.text[0] != bare[:1]), ("段尾", line.text[-1] != bare[-1:])) if there]
    if ends:
        where = "、".join(ends)
        yield found(
            "T-space-ends", f"{where}有空格。", expected="不用空格缩进或占位", measured=where, paragraph=line.number,
            excerpt=bare[:24],
        )  # fmt: skip


def hidden(line: Line) -> Iterator[Finding]:
    """Characters that print nothing or a box: control characters, zero-width ones, private ones."""
    places = [match.start() for match in _HIDDEN.finditer(line.text)]
    if places:
        codes = "、".join(dict.fromkeys(f"U+{ord(line.text[at]):04X}" for at in places[:20]))
        yield found(
            "T-control", f"有看不见的控制字符或造字（{codes}）。", expected="没有", measured=f"{codes}，共{len(places)}个",
            paragraph=line.number, excerpt=_HIDDEN.sub("□", line.excerpt(places[0], places[0] + 1)),
        )  # fmt: skip
