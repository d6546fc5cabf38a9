"""What a line break costs at each place of a title: nothing between clauses, much between words that belong together, a
prohibition inside a word, a name, a number, “” or 《》 and where a mark may not stand. Pure.
"""

import unicodedata
from collections.abc import Collection, Iterator

from yaoxun.briefings.titles_words import Word, cut

FORBIDDEN = 100.0
"""From here on a break is one that must not be; it is taken only where every other way is worse."""

_OPEN, _CLOSE = "“‘《〈（〔【「『(", "”’》〉）〕】」』)"
_NEVER_FIRST = frozenset(_CLOSE + "，。、；：！？·—…%％‰～,.;:!?")
_NEVER_LAST = frozenset(_OPEN + "·")
_MARK, _NAME, _BRACKET, _WORD = 5000.0, 400.0, 300.0, 200.0
_LONG_BRACKET = 10.0  # “” or 《》 that no line holds has to be broken somewhere
_CLAUSE = frozenset("，；：。！？—… ")
_CONTENT = "nsowarv"
_DATED = ("年", "月", "日", "度", "份")


def width(text: str) -> float:
    """In characters (字): a half-width one counts a half."""
    return sum(1.0 if unicodedata.east_asian_width(c) in "WFA" else 0.5 for c in text)


def break_costs(title: str, names: Collection[str], line_holds: float) -> list[float]:
    """The cost of a break before each character, for 0 … len(title); both ends cost nothing."""
    costs = [_WORD] * len(title) + [0.0]
    words = cut(title, names)
    at = 0
    for n, word in enumerate(words):
        costs[at] = _between(words[n - 1], word) if n else 0.0
        if word.kind in "NMX":
            costs[at + 1 : at + len(word.text)] = [_NAME] * (len(word.text) - 1)
        at += len(word.text)
    for start, end in _brackets(title):
        fits = width(title[start:end]) <= line_holds
        for at in range(start + 1, end):
            costs[at] += _BRACKET if fits else _LONG_BRACKET
    for at in range(1, len(title)):
        if title[at] in _NEVER_FIRST or title[at - 1] in _NEVER_LAST:
            costs[at] = _MARK
    return costs


def _brackets(title: str) -> Iterator[tuple[int, int]]:
    """Where each pair of “”, 《》 … begins and ends; a mark without its other half encloses nothing."""
    opened: list[int] = []
    for at, char in enumerate(title):
        if char in _OPEN:
            opened.append(at)
        elif char in _CLOSE and (same := [n for n in opened if _CLOSE[_OPEN.index(title[n])] == char]):
            yield same[-1], at + 1
            opened = [n for n in opened if n < same[-1]]


def _between(a: Word, b: Word) -> float:
    """The cost of a break between two words, in characters of unevenness that one would rather bear."""
    if a.kind == "B" or b.kind == "B":
        return _at_mark(a, b)
    for rule in (_function_words, _numbers, _verbs):
        cost = rule(a, b)
        if cost is not None:
            break
    else:
        cost = 3.0 if a.kind == "N" else 3.5
    return cost + _lone(a, b)


def _at_mark(a: Word, b: Word) -> float:
    if a.text in _CLAUSE:
        return 0.0
    if a.text == "、":
        return 3.0
    if a.text in _CLOSE and b.text in _OPEN:  # “…”“…” are a series
        return 3.0
    left = Word("", "n") if a.text in _CLOSE else a
    right = Word("", "n") if b.text in _OPEN else b
    if left.kind == "B" or right.kind == "B":
        return 6.0
    cost = _between(left, right)
    return max(0.0, cost - 0.5) if right.kind in "vpd" else cost + 2.0 * (left is not a)  # “…”机制


def _function_words(a: Word, b: Word) -> float | None:
    """Particles end a line, prepositions and adverbs begin one; a conjunction does neither well."""
    for cost in (
        FORBIDDEN if b.kind == "k" or a.kind == "h" else None,
        15.0 if b.kind == "u" else None,
        2.0 if a.kind == "u" else None,
        12.0 if a.kind == "p" else None,
        10.0 if a.kind == "c" or b.kind == "f" else None,
        (0.0 if b.text == "关于" else 1.0) if b.kind == "p" else None,
        5.0 if b.kind == "c" else None,
        6.0 if a.kind == "d" else None,
        (1.0 if a.kind != "v" else 5.0) if b.kind == "d" else None,
    ):
        if cost is not None:
            return cost
    return None


def _numbers(a: Word, b: Word) -> float | None:
    if a.kind in "Mm" and b.kind in "Mmq":
        return FORBIDDEN / 2
    if a.kind == "m" or b.kind == "q":
        return 12.0
    if a.kind in "Mqt":
        dated = a.kind == "t" or a.text.endswith(_DATED)
        return 1.0 if b.kind == "v" else 2.0 if dated else 5.0
    if b.kind in "Mt":  # a count follows what it counts: 政策|87个
        dated = b.kind == "t" or b.text.endswith(_DATED) or b.text.startswith("第")
        return 1.0 if dated and a.kind != "v" else 5.0
    return None


def _verbs(a: Word, b: Word) -> float | None:
    """A verb keeps its object; what comes before it may end a line."""
    if a.kind == "v":
        return 4.0 if b.kind == "v" else 6.0
    if b.kind == "v":
        return 0.5
    if a.kind == "a":
        return 5.0
    if a.kind == "l" or b.kind == "l":
        return 2.0
    return None


def _lone(a: Word, b: Word) -> float:
    """Two single characters side by side are most often a word that no list has, or a person's name."""
    if len(a.text) == len(b.text) == 1 and a.kind in _CONTENT and b.kind in _CONTENT:
        return 20.0
    return 6.0 * any(len(word.text) == 1 and word.kind in _CONTENT.replace("v", "") for word in (a, b))
