"""Changes against their numbers: 由…增加到…，增长x%; 比上年增加5个，增长6.1%; 下降 with a minus sign; 翻番; 减少x倍."""

import re
from collections.abc import Iterator
from decimal import Decimal

from yaoxun.briefings.lint.model import Finding
from yaoxun.briefings.lint.numbers_parts import agrees, told
from yaoxun.briefings.lint.numbers_reading import TOKEN, Amount, Sentence
from yaoxun.figures.words import half_up, plain

_T = TOKEN[1:-1]
_UP = "增加|增长|提高|上升|提升|扩大|上涨|增幅|涨幅|净增|攀升"
_DOWN = "减少|下降|降低|回落|下滑|缩减|压减|缩小|缩短|下跌|降幅|净减|压缩"
_VERB = f"(?P<{{}}>{_UP}|{_DOWN})(?:了|幅度?为?|达到?|为|约|共)?"
_FROM_TO = re.compile(
    rf"(?:由|从)[^，。；{_T}]{{0,12}}(?P<a>{TOKEN})[^，。；{_T}]{{0,6}}?(?P<way>{_UP}|{_DOWN}|增|升|扩|涨|降|减|跌|达|变|发展)(?P<to>[到至为])"
    rf"[^，。；{_T}]{{0,8}}(?P<b>{TOKEN})"
)
_AFTER = re.compile(
    rf"[^，。；{_T}]{{0,6}}[，、（(](?:净|共|累计|实际)?{_VERB.format('verb')}(?P<x>{TOKEN})|[^，。；{_T}]{{0,6}}[，、（(](?:实现)?翻(?:了)?(?P<y>{TOKEN}|一番)"
)
_TOTAL = re.compile(
    rf"(?P<b>{TOKEN})[^，。；{_T}]{{0,4}}[，（(](?:同比|环比|比|较)[^，。；{_T}]{{0,10}}?{_VERB.format('first')}(?P<d>{TOKEN})"
    rf"[^，。；{_T}]{{0,4}}[，、]{_VERB.format('second')}(?P<p>{TOKEN})"
)
_TWO_WAYS = re.compile(
    rf"{_VERB.format('first')}(?P<d>{TOKEN})[，、]{_VERB.format('second')}(?P<p>{TOKEN})(?=[，。；）)、]|$)"
)
_SIGN = re.compile(rf"({_UP}|{_DOWN})(?:了|为|达|约)?([-－−﹣])(?=[0-9])")
_SIGNED = re.compile(rf"({_UP}|{_DOWN})(?:了|为|达|约)?([-－−﹣]|负)(?={TOKEN})")
_FEWER = re.compile(rf"(?:减少|下降|降低|缩短|缩小|减小)(?:了|近|约)?({TOKEN})")
_OTHER_BASE = re.compile("可比|同口径|不变价|年均|折算|剔除|翻")


def changes(sentence: Sentence) -> Iterator[Finding]:
    """All rules of this module."""
    yield from sign(sentence)
    if not _OTHER_BASE.search(sentence.skeleton):
        yield from against_total(sentence)
        yield from two_ways(sentence)
    yield from from_to(sentence)
    yield from times_fewer(sentence)


def _is_up(verb: str) -> bool:
    return bool(re.match(f"{_UP}|[增升扩涨]", verb))


def sign(sentence: Sentence) -> Iterator[Finding]:
    """下降-3%: the word already says the sign."""
    for match in [*_SIGNED.finditer(sentence.skeleton), *_SIGN.finditer(sentence.skeleton)]:
        word = match[1]
        problem = f"“{word}”后面的数带着负号，{'方向相反' if _is_up(word) else '意思成了上升'}。"
        expected = "下降（减少）加正数" if _is_up(word) else f"{word}加正数"
        around = sentence.skeleton[max(0, match.start() - 8) : match.end() + 4]
        yield told("N-sign", sentence, problem, expected, sentence.written(match.group()), around=around)


def from_to(sentence: Sentence) -> Iterator[Finding]:
    """由55个增加到61个，增长10.9%: direction, rate, difference, 翻番; a change of percentages is in 个百分点."""
    for match in _FROM_TO.finditer(sentence.skeleton):
        a, b = sentence.amount(match["a"]), sentence.amount(match["b"])
        if a.about or b.about or (a.unit and b.unit and a.unit != b.unit):
            continue
        way, up = match["way"], _is_up(match["way"])
        if way not in ("达", "变", "发展") and ((up and b.high < a.low) or (not up and b.low > a.high)):
            problem = f"由{a.text}到{b.text}，与“{way}”的方向不符。"
            yield told("N-direction", sentence, problem, "减少" if up else "增加", way, around=match.group())
            continue
        if after := _AFTER.match(sentence.skeleton, match.end()):
            around = sentence.skeleton[match.start() : after.end()]
            if after["verb"]:
                yield from _told_change(
                    sentence, a, b, after["verb"], printed=sentence.amount(after["x"]), around=around
                )
            else:
                yield from _told_doubling(sentence, a, b, after["y"], around)


def _told_change(
    sentence: Sentence, a: Amount, b: Amount, verb: str, *, printed: Amount, around: str
) -> Iterator[Finding]:
    if (_is_up(verb) and b.high < a.low) or (not _is_up(verb) and b.low > a.high):
        problem = f"由{a.text}到{b.text}，与“{verb}”的方向不符。"
        yield told("N-direction", sentence, problem, "下降" if _is_up(verb) else "增长", verb, around=around)
        return
    if printed.about:
        return
    if a.unit == "%" or b.unit == "%":
        yield from _told_points(sentence, a, b, printed, around)
    elif printed.unit == "%":
        slack, difference = _slack(a, b), abs(b.value - a.value)
        low, high = max(Decimal(0), difference - slack), difference + slack
        if a.low > 0:
            rate = difference * 100 / a.value
            yield from _rate(
                sentence, low * 100 / a.high, high * 100 / a.low, rate, printed=printed, around=around
            )  # fmt: skip
    elif printed.unit == b.unit and printed.unit not in ("倍", "成", ""):
        slack = _slack(a, b) + (printed.high - printed.value if _slack(a, b) else 0)
        yield from _told_difference(sentence, a, b, printed, around, slack=slack)


def _slack(a: Amount, b: Amount) -> Decimal:
    """How far the difference of two numbers may be off because both were rounded."""
    return (a.high - a.value) + (b.high - b.value)


def _told_points(sentence: Sentence, a: Amount, b: Amount, printed: Amount, around: str) -> Iterator[Finding]:
    difference = abs(b.value - a.value)
    if "百分点" in printed.unit:  # rounded each for itself, all three may be one off in the last place
        slack = 2 * (printed.high - printed.value)
        yield from _told_difference(sentence, a, b, printed, around, slack=slack)
    elif printed.unit == "%" and agrees(difference, difference, printed):
        problem = f"两个百分率相差应说“{plain(difference)}个百分点”，写的是{printed.text}。"
        yield told("N-points", sentence, problem, f"{plain(difference)}个百分点", printed.text, around=around)


def _told_difference(
    sentence: Sentence, a: Amount, b: Amount, printed: Amount, around: str, *, slack: Decimal
) -> Iterator[Finding]:
    difference = abs(b.value - a.value)
    if abs(printed.value - difference) > slack:
        problem = f"由{a.text}到{b.text}，相差{plain(difference)}，写的是{printed.text}。"
        yield told("N-difference", sentence, problem, plain(difference), printed.text, around=around)


def _rate(
    sentence: Sentence, low: Decimal, high: Decimal, rate: Decimal, *, printed: Amount, around: str
) -> Iterator[Finding]:
    if not agrees(low, high, printed):
        right = f"{plain(half_up(rate, 1))}%"
        problem = f"增减幅度与前面的数不符：算得{right}，写的是{printed.text}。"
        yield told("N-rate", sentence, problem, right, printed.text, around=around)


def _told_doubling(sentence: Sentence, a: Amount, b: Amount, said: str, around: str) -> Iterator[Finding]:
    times = Decimal(1) if said == "一番" else sentence.amount(said).value
    if (said != "一番" and sentence.amount(said).unit != "番") or not 1 <= times <= 6 or a.value <= 0:
        return
    ratio = b.value / a.value
    wanted = Decimal(2) ** int(times)
    if not wanted * Decimal("0.95") <= ratio <= wanted * Decimal("1.5"):
        problem = f"翻{_times(int(times))}番是{plain(wanted)}倍，由{a.text}到{b.text}是{plain(half_up(ratio, 1))}倍。"
        yield told(
            "N-doubling", sentence, problem, f"{plain(wanted)}倍", f"{plain(half_up(ratio, 1))}倍", around=around
        )


def _times(times: int) -> str:
    return "零一两三四五六"[times]


def against_total(sentence: Sentence) -> Iterator[Finding]:
    """87个，比上年增加5个，增长6.1%: the rate fits the total and the change."""
    for match in _TOTAL.finditer(sentence.skeleton):
        b, change, printed = (sentence.amount(match[name]) for name in ("b", "d", "p"))
        is_up = _is_up(match["first"])
        if is_up != _is_up(match["second"]) or b.unit != change.unit or printed.unit != "%":
            continue
        if b.about or change.about or printed.about:
            continue
        base_low, base_high = (
            (b.low - change.high, b.high - change.low) if is_up else (b.low + change.low, b.high + change.high)
        )
        base = b.value - change.value if is_up else b.value + change.value
        if base_low > 0:
            yield from _rate(
                sentence, change.low * 100 / base_high, change.high * 100 / base_low, change.value * 100 / base, printed=printed, around=match.group()
            )  # fmt: skip


def two_ways(sentence: Sentence) -> Iterator[Finding]:
    """增加5个，下降6.1%: two words for one change that contradict each other."""
    for match in _TWO_WAYS.finditer(sentence.skeleton):
        change, printed = sentence.amount(match["d"]), sentence.amount(match["p"])
        if (
            _is_up(match["first"]) != _is_up(match["second"])
            and printed.unit == "%"
            and change.unit not in ("%", "个百分点", "百分点")
        ):
            problem = f"前面说“{match['first']}”，后面说“{match['second']}”，方向不一致。"
            yield told(
                "N-direction",
                sentence,
                problem,
                "同一方向",
                f"{match['first']}、{match['second']}",
                around=match.group(),
            )


def times_fewer(sentence: Sentence) -> Iterator[Finding]:
    """减少2倍: nothing can fall by more than the whole of it."""
    for match in _FEWER.finditer(sentence.skeleton):
        amount = sentence.amount(match[1])
        if amount.unit == "倍" and sentence.skeleton[match.end() :][:1] != "以":
            problem = f"“{sentence.written(match.group())}”不成立：减少不能用倍数。"
            yield told("N-times-fewer", sentence, problem, "分数或百分数", amount.text, around=match.group())
