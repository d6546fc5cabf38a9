"""Characters and words: what the 仿宋_GB2312 face lacks, emoji, set phrases written two ways, wrong words, words written
twice, approximations said twice. The words themselves are the office's habits (habits.py).
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from yaoxun.briefings.lint.catalogue import found
from yaoxun.briefings.lint.habits import Habits
from yaoxun.briefings.lint.model import Finding
from yaoxun.briefings.lint.numbers_reading import MEASURE, NUMBER
from yaoxun.briefings.lint.text_reading import HAN, Line, at_places, spans

_OUTSIDE = re.compile(f"[{HAN}\u3380-\u33df⑪-⑳\u2e80-\u2fdf\uf900-\ufaff]")
_EMOJI = re.compile(
    "[\u2600-\u2604\u2607-\u26ff\u2700-\u27bf\u2b50\u2b55\u231a\u231b\u23e9-\u23fa\U0001f000-\U0001faff]{1,20}"
)
_TWICE = re.compile(rf"([{HAN}]{{3,8}})\1|(?<![目标有打中众])的的(?!确)|(?<![一不为得除罢])了了(?![解结然事却断账])")
_NEAR = r"(?:大约|大概|约为|将近|(?<![节预签合公条制违履契特大邀隐集简缩])约|(?<![附靠临最邻贴远相接拉将就新])近|接近)"
_OVER = r"(?:超过|(?<![赶高])超|逾|至少|不少于|不低于|最多|不超过|不多于)"
_AMOUNT = rf"(?:{NUMBER}|几|数)[十百千万亿]{{0,2}}"
_APPROXIMATE = re.compile(
    rf"{_NEAR}{_AMOUNT}(?:余|多)?(?:{MEASURE})?[%％]?(?:左右|上下)"
    rf"|{_NEAR}{_AMOUNT}(?:余|多(?!年))(?!个?[年月天日])"
    rf"|{_OVER}{_AMOUNT}(?:{MEASURE})?[%％]?(?:以上|以下|以内|左右|上下)"
    rf"|{_OVER}{_AMOUNT}余"
    rf"|{_AMOUNT}(?:余|多)(?:{MEASURE})?(?:左右|上下)"
)


def characters(line: Line, habits: Habits) -> Iterator[Finding]:
    """Characters the face lacks, with what to write instead; a rare one without a better form is told softer; emoji."""
    told: dict[str, Finding] = {}
    for match in _OUTSIDE.finditer(line.plain):
        char = match[0]
        if char not in told and char != "〇" and not _in_face(char):
            told[char] = _outside(line, char, match.start(), habits.characters.get(char))
    yield from told.values()
    yield from at_places(line, "T-emoji", spans(_EMOJI, line.plain), "有表情或图形符号{}", "不用")


def _in_face(char: str) -> bool:
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _outside(line: Line, char: str, at: int, instead: str | None) -> Finding:
    id, expected = ("T-gb2312", f"“{instead}”") if instead else ("T-rare", "字体里有的字")
    remedy = f"请把“{char}”改为“{instead}”。" if instead else ""
    problem = f"“{char}”不在 GB2312 字符集内，仿宋_GB2312 等字体没有这个字，印出来字形会不一样。"
    return found(
        id, problem, expected=expected, measured=f"“{char}”（U+{ord(char):04X}）", paragraph=line.number,
        excerpt=line.excerpt(at, at + 1), remedy=remedy,
    )  # fmt: skip


def words(line: Line, habits: Habits) -> Iterator[Finding]:
    """Wrong words, words written twice and approximations said twice."""
    for word in habits.words:
        if word.wrong in line.plain:
            places = [
                s
                for s in spans(re.compile(re.escape(word.wrong)), line.plain)
                if not _within(line.plain, s, word.within)
            ]
            yield from at_places(
                line, "T-wrong-word", places, "用词有误{}", f"“{word.right}”", remedy=f"请改为“{word.right}”。"
            )
    doubled = [span for span in spans(_TWICE, line.plain) if line.plain[span[0]] not in "一逐"]
    for once in habits.never_twice:
        if once * 2 in line.plain:
            doubled += spans(re.compile(re.escape(once * 2)), line.plain)
    yield from at_places(line, "T-repeated", sorted(set(doubled)), "字词重复{}", "写一遍")
    yield from at_places(
        line, "T-approximate", spans(_APPROXIMATE, line.plain), "约数说了两遍{}", "只留一个表示约数的词"
    )


def _within(text: str, span: tuple[int, int], longer: Sequence[str]) -> bool:
    start, end = span
    for word in longer:
        at = text.find(word, max(0, start - len(word)), end + len(word))
        if at != -1 and at <= start and end <= at + len(word):
            return True
    return False


def phrases(among: Sequence[Line], habits: Habits) -> Iterator[Finding]:
    """A set phrase written in two ways in one document: told at the first place of each rarer way."""
    for ways in habits.phrases:
        times = Counter({way: sum(line.plain.count(way) for line in among) for way in ways})
        used = [way for way in ways if times[way]]
        if len(used) < 2:
            continue
        usual = max(used, key=lambda way: times[way])
        for way in used:
            if way != usual:
                line = next(line for line in among if way in line.plain)
                yield _two_ways(line, way, usual, times)


def _two_ways(line: Line, way: str, usual: str, times: Counter[str]) -> Finding:
    at = line.plain.index(way)
    return found(
        "T-two-ways", f"同一提法写法不一：“{usual}”{times[usual]}处，“{way}”{times[way]}处。", expected="全文用一种写法",
        measured=f"“{usual}”“{way}”", paragraph=line.number, excerpt=line.excerpt(at, at + len(way)),
    )  # fmt: skip
