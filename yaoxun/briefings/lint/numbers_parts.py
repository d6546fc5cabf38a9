"""Parts against their whole in one sentence: 共13项, 其中, 占x%, and shares that add up to more than the whole.

Where the words leave open whether the parts cover the whole, nothing is said.
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from yaoxun.briefings.lint.catalogue import found
from yaoxun.briefings.lint.model import Finding
from yaoxun.briefings.lint.numbers_reading import HAN_RUN, TOKEN, Amount, Sentence
from yaoxun.figures.words import plain

_TOTAL = re.compile(rf"(?<![公中])(?:共计|总计|合计|一共|总共|共)(?:为|是)?({TOKEN})({HAN_RUN}{{0,4}})")
_BEFORE_TOTAL = re.compile(r"[^，。；：]{0,14}[，、]?")
_JOINED = re.compile(r"[^。；：，、]{0,12}(?:[、，和及与]|”“|》《|”、“)[^。；：，、]{0,12}")
# The same things counted with other measure words: 七大行动, 六项工程, 13项.
_ALIKE = ({"大", "项", "个", "条", "类", "件", "种"}, {"人", "名", "位"})
_HOLDERS = re.compile("[县市区镇乡村省街校企部班组户员队]|社区|单位")
_PARTS = re.compile(rf"({TOKEN})([^，。；：]{{0,12}}?)[，（(]?其中[，：]?([^。；）)]{{1,200}})")
_COMPARED = re.compile("比|较|增|减|同期|上年|去年|计划|目标|原|由|从|到|至|每|平均|达|超")
_REST = re.compile("其余|其他|剩余|余下")
_SIDES = (
    ("男", "女"),
    ("城镇", "农村"),
    ("城市", "农村"),
    ("线上", "线下"),
    ("公办", "民办"),
    ("合格", "不合格"),
    ("已", "未"),
)
_CLASSES = "级类型奖业县区市镇乡村"
_SHARE = re.compile(
    rf"({TOKEN})[^。；{TOKEN[1:-1]}]{{0,20}}?其中[，：]?([^。；，{TOKEN[1:-1]}]{{0,20}})({TOKEN})[^，。；{TOKEN[1:-1]}]{{0,12}}[，、（(]"
    rf"(?:占(?:比|其|总数|总量|全部|总)?(?:的比重|的比例|的|比重|比例)?|([^，。；{TOKEN[1:-1]}]{{2,8}})率)(?:为|达到?|约)?({TOKEN})"
)
_REACH = 320  # characters before 共 in which its parts stand: twelve of them
_EACH_SHARE = re.compile(rf"占(?:比)?(?:为|达到?|约)?({TOKEN})")


def parts(sentence: Sentence) -> Iterator[Finding]:
    """All rules of this module."""
    if len(sentence.amounts) > 1:
        yield from total(sentence)
        yield from among_which(sentence)
        yield from share(sentence)
        yield from shares(sentence)


def told(id: str, sentence: Sentence, problem: str, expected: str, measured: str, *, around: str = "") -> Finding:
    """A finding of a rule of figures in a sentence; `around` is the stretch of the skeleton it is about."""
    shown = sentence.written(around) if around else sentence.text
    return found(
        id, problem, expected=expected, measured=measured, paragraph=sentence.line.number, excerpt=shown.strip("，；：、 ")
    )  # fmt: skip


def total(sentence: Sentence) -> Iterator[Finding]:
    """七大行动、六项工程共13项: the parts right before 共 add up to what is said."""
    for match in _TOTAL.finditer(sentence.skeleton):
        whole = sentence.amount(match[1])
        run = _run_before(sentence, match.start(), whole)
        if len(run) < 2 or whole.about or any(part.about for part, _ in run):
            continue
        nouns = {noun for _, noun in run} | {_noun(match[2])}
        if len(nouns) > 1 and any(_HOLDERS.search(noun) for noun in nouns):
            continue
        if not any(_adds_up([part for part, _ in run[start:]], whole) for start in range(len(run) - 1)):
            yield _wrong_sum("N-sum", sentence, [part for part, _ in run], whole, match.group())


def _run_before(sentence: Sentence, end: int, whole: Amount) -> list[tuple[Amount, str]]:
    """The amounts joined to one another right before a place, with the nouns behind them."""
    skeleton = sentence.skeleton
    near = max(0, end - _REACH)
    places = [near + m.start() for m in re.finditer(TOKEN, skeleton[near:end])]
    if not places or not _BEFORE_TOTAL.fullmatch(skeleton[places[-1] + 1 : end]):
        return []
    run: list[tuple[Amount, str]] = []
    limit = end
    for place in reversed(places[-12:]):
        gap = skeleton[place + 1 : limit]
        part = sentence.amount(skeleton[place])
        if not alike(part, whole) or (run and not _JOINED.fullmatch(gap)):
            break
        run.insert(0, (part, _noun(gap)))
        limit = place
    return run


def _noun(text: str) -> str:
    match = re.match(f"{HAN_RUN}{{1,4}}", text)
    return match[0] if match else ""


def alike(one: Amount, other: Amount) -> bool:
    """Whether two amounts count the same sort of thing, as far as measure words tell."""
    return one.unit == other.unit or any(one.unit in group and other.unit in group for group in _ALIKE)


def _adds_up(those: Sequence[Amount], whole: Amount) -> bool:
    low, high = sum((p.low for p in those), Decimal(0)), sum((p.high for p in those), Decimal(0))
    return low <= whole.high and whole.low <= high


def _wrong_sum(id: str, sentence: Sentence, those: Sequence[Amount], whole: Amount, around: str) -> Finding:
    added = sum((part.value for part in those), Decimal(0))
    formula = " + ".join(plain(part.value) for part in those)
    measured = f"{formula} = {plain(added)}"
    return told(
        id, sentence, f"分项之和与总数不符：{measured}，写的是{whole.text}。", plain(added), whole.text,
        around=sentence.skeleton[max(0, sentence.skeleton.index(around) - 24) :][:48],
    )  # fmt: skip


def among_which(sentence: Sentence) -> Iterator[Finding]:
    """其中: no part is more than the whole; parts that cover it (其余, 男 and 女) or divide it (省级, 市级) fit it."""
    for match in _PARTS.finditer(sentence.skeleton):
        whole = sentence.amount(match[1])
        before = [sentence.amount(c) for c in re.findall(TOKEN, sentence.skeleton[: match.start()])]
        if (
            whole.about
            or whole.unit in ("", "%", "‰", "个百分点", "百分点")
            or any(alike(one, whole) for one in before)
        ):
            continue
        labelled = _labelled(sentence, match[3], whole, _noun(match[2]))
        for part, _ in labelled:
            if part.low > whole.high:
                problem = f"其中的{part.text}比总数{whole.text}还多。"
                yield told("N-part-exceeds", sentence, problem, f"不多于{whole.text}", part.text, around=match.group())
                return
        those = [part for part, _ in labelled]
        added = sum((part.low for part in those), Decimal(0))
        labels = [label for _, label in labelled]
        if len(those) > 1 and (
            (_covers(labels) and not _adds_up(those, whole)) or (_divides(labels) and added > whole.high)
        ):
            yield _wrong_sum("N-parts", sentence, those, whole, match.group())


def _labelled(sentence: Sentence, text: str, whole: Amount, noun: str) -> list[tuple[Amount, str]]:
    """The parts with their labels: amounts of the whole's unit that stand behind a label of their own."""
    labelled: list[tuple[Amount, str]] = []
    at = 0
    for match in re.finditer(TOKEN, text):
        label = re.split("[，、：；]", text[at : match.start()])[-1]
        amount = sentence.amount(match[0])
        at = match.end()
        own = _noun(text[at:])
        if amount.unit != whole.unit or _COMPARED.search(label) or amount.about:
            if labelled and amount.unit == whole.unit:
                return []  # parts that cannot be told from comparisons
            continue
        if not label or (own and own != noun):
            return []
        labelled.append((amount, label))
    return labelled


def _covers(labels: Sequence[str]) -> bool:
    if _REST.search(labels[-1]):
        return True
    sides = [(a, b) for a, b in _SIDES if labels[0].startswith(a) and labels[-1].startswith(b)]
    return len(labels) == 2 and bool(sides)


def _divides(labels: Sequence[str]) -> bool:
    return len(set(labels)) == len(labels) and len({x[-1] for x in labels}) == 1 and labels[0][-1] in _CLASSES


def agrees(low: Decimal, high: Decimal, printed: Amount) -> bool:
    """Whether a computed share may be printed so: rounded half up, or cut off."""
    return low <= printed.high + (printed.high - printed.value) and printed.low <= high


def share(sentence: Sentence) -> Iterator[Finding]:
    """其中…55个，占90.2%: the share of the two numbers before it."""
    for match in _SHARE.finditer(sentence.skeleton):
        whole, part, printed = (sentence.amount(match[n]) for n in (1, 3, 5))
        named = match[4]
        before = re.findall(TOKEN, sentence.skeleton[: match.start()])
        if (
            printed.unit != "%"
            or whole.unit != part.unit
            or whole.low <= 0
            or whole.about
            or part.about
            or printed.about
        ):
            continue
        if (named and named[-2:] not in match[2]) or any(alike(sentence.amount(c), whole) for c in before):
            continue
        low, high = part.low * 100 / whole.high, part.high * 100 / whole.low
        if not agrees(low, high, printed):
            right = f"{plain((part.value * 100 / whole.value).quantize(Decimal('0.1')))}%"
            problem = f"占比与前面的两个数不符：{part.text} ÷ {whole.text} = {right}，写的是{printed.text}。"
            yield told("N-share", sentence, problem, right, printed.text, around=match.group())


def shares(sentence: Sentence) -> Iterator[Finding]:
    """占40%、占35%、占26%: three or more shares of one row that add up to a little more than the whole."""
    printed = [sentence.amount(c) for c in _EACH_SHARE.findall(sentence.skeleton)]
    if len(printed) < 3 or any(p.unit != "%" or p.about for p in printed):
        return
    if any(a.value < b.value and b.value >= 60 for a, b in pairwise(printed)):
        return  # a share of another whole
    added = sum((p.value for p in printed), Decimal(0))
    slack = sum((p.high - p.value for p in printed), Decimal(0))
    if 100 + slack < added <= 105:
        measured = f"{' + '.join(plain(p.value) for p in printed)} = {plain(added)}"
        yield told("N-shares", sentence, f"各项占比相加超过 100%：{measured}。", "100%", f"{plain(added)}%")
