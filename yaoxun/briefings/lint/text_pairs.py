"""Marks that come in pairs: quotes, 书名号 and brackets left open, closed without being opened, crossing each other, or
nested in their own kind. A quotation of several paragraphs opens each and is closed once (GB/T 15834-2011 4.8.3).
"""

from collections.abc import Iterator, Sequence

from yaoxun.briefings.lint.catalogue import found
from yaoxun.briefings.lint.model import Finding
from yaoxun.briefings.lint.text_reading import Line

_CLOSING = {
    "“": "”", "‘": "’", "（": "）", "《": "》", "〈": "〉", "〔": "〕", "【": "】", "「": "」", "『": "』", "(": ")", "[": "]",
}  # fmt: skip
_OPENING = {close: opening for opening, close in _CLOSING.items()}
_ALIKE = {"(": "（", ")": "）"}
_NUMBERS = set("0123456789一二三四五六七八九十abcdefghABCDEFGH①②③④⑤⑥⑦⑧⑨⑩")


def pairs(among: Sequence[Line]) -> Iterator[Finding]:
    """What is not paired or wrongly nested, line by line."""
    for line, after in zip(among, [*among[1:], None], strict=False):
        yield from _paired(line, after)


def _paired(line: Line, after: Line | None) -> Iterator[Finding]:
    waiting: list[tuple[str, int]] = []
    wrong: list[int] = []
    nested: list[int] = []
    for at, raw in enumerate(line.plain):
        char = _ALIKE.get(raw, raw)
        if char in _CLOSING:
            if waiting and char == waiting[-1][0] and char in "“《":
                nested.append(at)
            waiting.append((char, at))
        elif char in _OPENING and not _is_no_bracket(line.plain, at, char):
            _close(char, at, waiting, wrong)
    wrong += [at for char, at in waiting if not (char == "“" and _goes_on(line, after, at))]
    if wrong:
        yield _one(line, "T-unpaired", sorted(wrong), "引号、括号或书名号不成对：")
    elif nested:
        id = "T-nested-quotes" if line.plain[nested[0]] == "“" else "T-nested-titles"
        yield _one(line, id, nested, "同一种引号或书名号套在一起：")


def _close(char: str, at: int, waiting: list[tuple[str, int]], wrong: list[int]) -> None:
    """Take the last opening mark off; where another one stands there, the one that belongs is looked for just below."""
    opening = _OPENING[char]
    if waiting and waiting[-1][0] == opening:
        waiting.pop()
    elif len(waiting) > 1 and waiting[-2][0] == opening:
        wrong.append(waiting.pop()[1])
        waiting.pop()
    else:
        wrong.append(at)


def _is_no_bracket(text: str, at: int, char: str) -> bool:
    """An apostrophe, or the bracket of a numbering such as 1）."""
    before, after = text[max(0, at - 1) : at], text[at + 1 : at + 2]
    if char == "’":
        return before.isascii() and before.isalnum() and (after.isascii() or not after)
    if char != "）" or before not in _NUMBERS:
        return False
    start = at
    while start and text[start - 1] in _NUMBERS and at - start < 4:
        start -= 1
    return start == 0 or text[start - 1] in "。；，：:;、 \n\t"


def _goes_on(line: Line, after: Line | None, at: int) -> bool:
    return at < 8 and not line.plain[:at].strip() and after is not None and after.text.lstrip().startswith("“")


def _one(line: Line, id: str, places: list[int], problem: str) -> Finding:
    shown = "、".join(line.text[at] for at in places[:4])
    return found(
        id, f"{problem}{shown}。", expected="成对，外层和里层不同形", measured=shown, paragraph=line.number,
        excerpt=line.excerpt(places[0], places[0] + 1),
    )  # fmt: skip
