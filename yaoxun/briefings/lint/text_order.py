"""Orders written in the text: 1、 in place of 1., （一）、, and 第一…第三, 一是…三是 with a gap. The numbering of headings is
a matter of format.
"""

import re
from collections.abc import Iterator, Sequence

from yaoxun.briefings.lint.catalogue import found
from yaoxun.briefings.lint.model import Finding
from yaoxun.briefings.lint.text_reading import NUMERALS, Line, at_places

_MARK = re.compile(
    rf"^[\s\u3000]{{0,8}}([0-9]{{1,2}}、(?![0-9])|[（(](?:[{NUMERALS}]{{1,3}}|[0-9]{{1,2}})[）)][、，.．](?![0-9])|[{NUMERALS}]{{1,3}}[.．](?![0-9]))"
)
_PLACE = "(?:^|[。；：，！？”）])"
_STEP = {
    "第": re.compile(rf"(?:^|[。；：])第([{NUMERALS}]{{1,2}})[，：]"),
    "是": re.compile(rf"{_PLACE}([{NUMERALS}]{{1,2}})是(?!否|不是)"),
    "要": re.compile(rf"{_PLACE}([{NUMERALS}]{{1,2}})要"),
}
_VALUE = {NUMERALS[n - 1] if n <= 10 else f"十{NUMERALS[n - 11]}": n for n in range(1, 20)} | {"二十": 20}
_SHOWN = {"第": "第{}", "是": "{}是", "要": "{}要"}


def order_mark(line: Line) -> Iterator[Finding]:
    """1、 and （一）、 and 一. at the beginning of a paragraph."""
    if line.role not in ("heading1", "heading2", "heading3", "body") or not (match := _MARK.search(line.plain)):
        return
    number = match[1]
    right = f"{number[:-1]}." if number[0].isdigit() else number[:-1] if number[0] in "（(" else f"{number[:-1]}、"
    yield from at_places(
        line,
        "T-order-mark",
        [match.span(1)],
        "结构层次序数写法不对{}",
        "一、（一）1.（1）",
        remedy=f"请改为“{right}”。",
    )


def gaps(among: Sequence[Line]) -> Iterator[Finding]:
    """第一，…第三， or 一是…三是 without the second; an order goes on over paragraphs until a heading."""
    last = dict.fromkeys(_STEP, 0)
    for line in among:
        if line.role in ("heading1", "heading2", "heading3", "title", "item"):
            last = dict.fromkeys(_STEP, 0)
        if line.role not in ("body", "heading2", "heading3", "remark"):
            continue
        for kind, pattern in _STEP.items():
            yield from _steps(line, kind, pattern, last)


def _steps(line: Line, kind: str, pattern: re.Pattern[str], last: dict[str, int]) -> Iterator[Finding]:
    for at, match in enumerate(pattern.finditer(line.text)):
        value = _VALUE.get(match[1], 0)
        before = last[kind]
        last[kind] = value
        if (before and value > before + 1) or (at and value == before and value > 1):
            was, now = (_SHOWN[kind].format(_word(n)) for n in (before, value))
            yield found(
                "T-order-gap", f"“{was}”之后是“{now}”，顺序不连。", expected=_SHOWN[kind].format(_word(before + 1)),
                measured=now, paragraph=line.number, excerpt=line.excerpt(*match.span(1)),
            )  # fmt: skip


def _word(number: int) -> str:
    return next(word for word, value in _VALUE.items() if value == number)
