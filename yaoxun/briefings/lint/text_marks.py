"""Marks (标点): half-width ones in Chinese, straight quotes, doubled marks, a 顿号 between quoted items, marks at the end of
titles. Marks that come in pairs stand in text_pairs.py.
"""

import re
from collections.abc import Iterator

from yaoxun.briefings.lint.catalogue import found
from yaoxun.briefings.lint.model import Finding
from yaoxun.briefings.lint.text_reading import (
    HAN,
    MASK,
    NUMERALS,
    Line,
    Span,
    at_places,
    each,
    has_han,
    spans,
    without_english,
)

_WIDE = f"{HAN}，。、；：？！“”‘’（）《》〈〉〔〕【】…—％"
_FULL = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！", "(": "（", ")": "）", ".": "。"}
_MARK = re.compile(r"[,;:?!]|\.{3,6}|-{2,4}|(?<![0-9])\.(?![0-9A-Za-z.])")
_ROUND = re.compile(r"\(([^()\n]{0,200})\)")
_STRAIGHT = re.compile(r"\"([^\"\n]{0,120})\"?|(?<![A-Za-z0-9])'([^'\n]{1,60})'")
_DOUBLED = re.compile(r"[。，、；：][。，、；：]{1,8}|。”。|。』。")
_NUMBERED = re.compile(r"[0-9A-Za-z]{1,3}\.")
_BETWEEN = re.compile(r"[”’]、(?=[“‘])|》、(?=《)")
# An item with something of its own behind it (《人民日报》（海外版）、《光明日报》) keeps the mark in the whole row.
_MIXED = re.compile(r"[”》][^、，。；：“”《》\n]{1,20}、[“《]|[”》]、[^“《，。；：\n]{1,20}[“《]")
_ENDS = re.compile(r"[。，、；,;]$")
_FULLWIDTH = re.compile("[０-９Ａ-Ｚａ-ｚ]{1,40}")


def marks(line: Line) -> Iterator[Finding]:
    """All rules of this module on one line."""
    yield from each((half_width, straight_quotes, doubled, between_quoted, title_end, full_width), [line])


def half_width(line: Line) -> Iterator[Finding]:
    """, ; : ? ! ( ) . ... -- that touch Chinese; not those of times, decimals, numberings, addresses and English."""
    if not has_han(line.text):
        return
    text = without_english(line.plain)
    places = [span for span in spans(_MARK, text) if _touches_han(text, span)]
    places += [span for pair in _ROUND.finditer(text) for span in _round(text, pair)]
    wanted = "全角标点"
    yield from at_places(
        line, "T-half-width", sorted(places), "中文里用了半角标点{}", wanted, remedy="请改用中文输入法下的全角标点。"
    )


def _touches_han(text: str, span: Span) -> bool:
    before = text[max(0, span[0] - 1) : span[0]]
    after = _next(text, span[1])
    mark = text[span[0] : span[1]]
    if mark == ".":
        is_order = span[0] < 6 and not text[: span[0]].strip(f"{NUMERALS} ")  # 一. is told as an order mark
        return _is_wide(before) and (not after or _is_wide(after)) and not is_order
    if mark[0] in "-.":
        return _is_wide(before) or _is_wide(text[span[1] : span[1] + 1])
    if before.isdigit() and text[span[1] : span[1] + 1].isdigit():
        return False
    return _is_wide(before) or _is_wide(after)


def _round(text: str, pair: re.Match[str]) -> Iterator[Span]:
    around = text[max(0, pair.start() - 1) : pair.start()] + text[pair.end() : pair.end() + 1]
    if has_han(pair[1]) or any(_is_wide(char) for char in around):
        yield pair.start(), pair.start() + 1
        yield pair.end() - 1, pair.end()


def _next(text: str, at: int) -> str:
    """The next character that is no blank."""
    return next((char for char in text[at : at + 4] if not char.isspace()), "")


def _is_wide(char: str) -> bool:
    return bool(char) and _WIDE_CHAR.match(char) is not None


_WIDE_CHAR = re.compile(f"[{_WIDE}]")


def straight_quotes(line: Line) -> Iterator[Finding]:
    """ " " and ' ' round or beside Chinese; inches and English are left alone."""
    if not has_han(line.text):
        return
    places: list[Span] = []
    for match in _STRAIGHT.finditer(line.plain):
        inner = match[1] if match[1] is not None else match[2]
        around = line.plain[max(0, match.start() - 1) : match.start()] + line.plain[match.end() : match.end() + 1]
        is_inch = around[:1].isdigit() and (match[0][1:].count('"') == 0 or inner[-1:].isdigit())
        if not is_inch and (has_han(inner) or (any(_is_wide(c) for c in around) and MASK not in inner)):
            places.append((match.start(), match.start() + 1))
    yield from at_places(line, "T-straight-quotes", places, "用了直引号{}", "“ ”、‘ ’", remedy="请改用弯引号“ ”、‘ ’。")


def doubled(line: Line) -> Iterator[Finding]:
    """Two marks where one belongs."""
    yield from at_places(line, "T-doubled-mark", spans(_DOUBLED, line.plain), "标点重复或相连{}", "一个标点")


def between_quoted(line: Line) -> Iterator[Finding]:
    """A 顿号 between items in quotes or 书名号 with nothing between."""
    for piece in re.finditer(r"[^，。；\n]{1,2000}", line.plain):
        if _MIXED.search(piece[0]):
            continue
        places = [(piece.start() + a, piece.start() + b + 1) for a, b in spans(_BETWEEN, piece[0])]
        yield from at_places(line, "T-mark-between-quoted", places, "并列的引号或书名号之间用了顿号{}", "不用顿号")


def title_end(line: Line) -> Iterator[Finding]:
    """A 句号 or the like at the end of a title, a heading that is only a heading, or a caption."""
    is_title = line.role in ("title", "item", "heading1") or (line.role == "heading2" and _is_short(line.text))
    if not (is_title or line.role in ("caption", "unit")) or not (end := _ENDS.search(line.text.rstrip())):
        return
    if line.role == "heading1" and len(re.findall("[。；]", line.text)) > 1:  # the heading runs on into its paragraph
        return
    id = "T-title-end" if is_title else "T-caption-end"
    what = {"caption": "表题、图题", "unit": "单位行", "title": "标题", "item": "标题"}.get(line.role, "层次标题")
    yield found(
        id, f"{what}末尾有“{end[0]}”。", expected="末尾不用标点", measured=end[0], paragraph=line.number,
        excerpt=line.text.strip()[-24:],
    )  # fmt: skip


def _is_short(text: str) -> bool:
    return len(text) <= 25 and not re.search("[，：]", text) and len(re.findall("[。；]", text)) == 1


def full_width(line: Line) -> Iterator[Finding]:
    """Full-width digits and letters."""
    yield from at_places(
        line, "T-full-width", spans(_FULLWIDTH, line.plain), "用了全角的数字或字母{}", "半角",
        remedy="请改用半角数字和字母。",
    )  # fmt: skip
