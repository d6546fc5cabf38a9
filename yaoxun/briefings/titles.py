"""Where a long title is broken: two lines (three when it must be), never inside “” or 《》, never before a mark that may
not begin a line, never between a number and its measure word. Pure.
"""

import unicodedata
from itertools import pairwise

_OPEN, _CLOSE = "“‘《〈（〔", "”’》〉）〕"
# A number keeps its measure word, 第 its number; in Chinese numerals, too (六项, 40余种, 第四期).
_NEVER_LAST = set(_OPEN) | set("第〇零一二三四五六七八九十百千万亿两几余多")
_NEVER_FIRST = set(_CLOSE) | set("，。、；：！？·—…%")


def width(text: str) -> float:
    """In characters (字): a half-width one counts a half."""
    return sum(1.0 if unicodedata.east_asian_width(c) in "WFA" else 0.5 for c in text)


def break_title(title: str, *, one_line_up_to: int, line_holds: float) -> list[str]:
    """The lines of a title."""
    if len(title) <= one_line_up_to or width(title) <= one_line_up_to:
        return [title]
    for count in (2, 3, 4):
        if width(title) <= count * line_holds and (found := _best(title, count, line_holds)):
            return found
    return [title]


def _best(title: str, count: int, line_holds: float) -> list[str]:
    best: tuple[float, list[str]] | None = None
    for lines in _splits(title, count, line_holds):
        widths = [width(line) for line in lines]
        if widths[-1] < 3:
            continue
        score = _score(lines, widths)
        if best is None or score < best[0]:
            best = (score, lines)
    return best[1] if best else []


def _splits(title: str, count: int, line_holds: float) -> list[list[str]]:
    if count == 1:
        return [[title]] if width(title) <= line_holds else []
    found = []
    for at in _allowed(title):
        if width(title[:at]) <= line_holds and width(title[at:]) <= (count - 1) * line_holds:
            found += [[title[:at], *rest] for rest in _splits(title[at:], count - 1, line_holds)]
    return found


def _allowed(title: str) -> list[int]:
    places, depth = [], 0
    for at, char in enumerate(title):
        if at and not depth and char not in _NEVER_FIRST and not _holds_next(title[at - 1]):
            places.append(at)
        depth = max(0, depth + (char in _OPEN) - (char in _CLOSE))
    return places


def _holds_next(char: str) -> bool:
    """A digit or letter: what follows it (a measure word, the rest of a word) stays with it."""
    return char in _NEVER_LAST or (char.isascii() and char.isalnum())


def _score(lines: list[str], widths: list[float]) -> float:
    """The lower the better: lines of much the same length, never equal and never an hourglass (沙漏形) where that can be
    helped, each longer than the next (梯形), breaks after marks preferred because they fall between phrases."""
    score = max(widths) - min(widths)
    score += sum(100.0 for a, b in pairwise(widths) if abs(a - b) < 1)
    score += sum(100.0 for a, b, c in zip(widths, widths[1:], widths[2:], strict=False) if b < min(a, c))
    score += sum(1.5 for a, b in pairwise(widths) if a < b)
    return score - sum(4.0 for line in lines[:-1] if line[-1] in set(_CLOSE) | set("，、"))
