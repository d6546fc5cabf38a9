"""A count against the list it counts: 等7类, 三个环节, 5项措施：…, 七大行动 and “…”行动, N个方面 in a heading and the headings
below it.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from yaoxun.briefings.lint.catalogue import found
from yaoxun.briefings.lint.model import Finding
from yaoxun.briefings.lint.numbers_parts import told
from yaoxun.briefings.lint.numbers_reading import HAN_RUN, TOKEN, Sentence, sentences
from yaoxun.briefings.lint.text_reading import NUMERALS, Line

_T = TOKEN[1:-1]
_BRACKETS = re.compile("（[^（）]{0,60}）")
_BEFORE = re.compile(rf"(?P<list>[^，。；：（）“”《》{_T}]{{2,120}})(?P<count>{TOKEN})(?P<noun>{HAN_RUN}{{0,3}})")
_TITLES = re.compile(
    rf"(?P<list>(?:《[^《》]{{1,40}}》[、和及与]?){{2,20}}|(?:“[^“”]{{1,30}}”[、和及与]?){{2,20}})(?P<open>等)?(?P<count>{TOKEN})(?P<noun>{HAN_RUN}{{0,3}})"
)
_BEHIND = re.compile(
    rf"(?P<count>{TOKEN})[^，。；：“”《》{_T}]{{0,14}}(?:：|，分别(?:是|为)：?|，即：?|——)(?P<list>[^{_T}]{{3,400}})$"
)
_CLOSED_NOUNS = "方面|环节|领域|板块|维度|层面|阶段|步骤|县|市|区|乡|镇|村|专题|专项|系统|行业|产业"
_CLOSED = {"大", "类", "级", "种", "项", "条"}
_OPEN = {"大", "类", "级", "种", "项", "条", "个", "家", "名", "位"}
_COUNTED = _OPEN | {"场", "部", "件", "份", "篇", "本", "首"}
_JOINS = re.compile("以及|和|及|与|或")
_FIRST = re.compile(rf"({TOKEN})[^，。；：{_T}]{{0,12}}[：，。；]?一是")
_STEP = re.compile(f"(?:^|[。；：，])([{NUMERALS}]{{1,2}})是")
_QUOTED = re.compile(f"“[^“”]{{1,24}}”({HAN_RUN}{{2}})")
_NAMED = re.compile(rf"({TOKEN})({HAN_RUN}{{2}})")
_HEADED = re.compile(
    rf"({TOKEN})(?:重点|主要|突出|具体|专项|关键)?(?:方面|环节|措施|行动|工程|任务|问题|举措|体系|机制|重点|建议|成效|经验|做法|特点|亮点|短板|领域|计划|转变|突破|提升|步骤|阶段|要求)"
)


@dataclass(frozen=True, kw_only=True)
class _Length:
    """How many items a list may have: 和 joins two items or is part of one."""

    least: int
    most: int

    def fits(self, count: int) -> bool:
        return self.least <= count <= self.most

    def __str__(self) -> str:
        return f"{self.least}个" if self.least == self.most else f"{self.least}至{self.most}个"


def lists(sentence: Sentence) -> Iterator[Finding]:
    """All rules of one sentence."""
    yield from list_before(sentence)
    yield from titles_before(sentence)
    yield from list_behind(sentence)


def _length(text: str) -> _Length:
    """The length of a list by 、; the last 和 or 及 joins."""
    items = text.split("、")
    joined = sum(bool(_JOINS.search(item)) for item in items)
    return _Length(least=len(items), most=len(items) + joined)


def list_before(sentence: Sentence) -> Iterator[Finding]:
    """甲、乙、丙等7类 and 甲、乙、丙三个环节. An open list (等) may be an excerpt: only one too many or one too few is told."""
    skeleton = _BRACKETS.sub("", sentence.skeleton)
    for match in _BEFORE.finditer(skeleton):
        amount, items = sentence.amount(match["count"]), match["list"]
        if items.count("、") < 2 or amount.about or _is_second_half(skeleton, match.start()):
            continue
        count, is_open = int(amount.value), items.endswith("等")
        length = _length(items.removesuffix("等"))
        if length.fits(count) or amount.value != count:
            continue
        is_class = amount.unit in _CLOSED or (amount.unit == "个" and re.match(_CLOSED_NOUNS, match["noun"]))
        if is_open:
            is_wrong = amount.unit in _OPEN and (
                (length.least - count == 1 and count >= 3) or (count - length.most == 1 and count >= 5)
            )
        else:
            is_wrong = bool(is_class) and 2 <= count <= 12 and (length.least - count == 1 or count - length.most == 1)
        if is_wrong:
            yield _wrong(sentence, amount.text, length, match.group())


def _is_second_half(skeleton: str, start: int) -> bool:
    """The list began before a comma, or behind another amount or mark that hides its beginning."""
    if not start:
        return False
    before = re.split("[。；：]", skeleton[:start])[-1]
    return skeleton[start - 1] in "”》" or (skeleton[start - 1] == "，" and "、" in before.rsplit("，", 2)[-2])


def _wrong(sentence: Sentence, count: str, length: _Length, around: str) -> Finding:
    problem = f"写的是{count}，列出的是{length}。"
    return told("N-list", sentence, problem, str(length), count, around=around[-44:])


def titles_before(sentence: Sentence) -> Iterator[Finding]:
    """《…》《…》等3部, “…”“…”两项: quoted items are counted exactly."""
    for match in _TITLES.finditer(sentence.skeleton):
        amount = sentence.amount(match["count"])
        number = match["list"].count("《" if match["list"][0] == "《" else "“")
        count = int(amount.value)
        if amount.about or amount.unit not in _COUNTED or count == number:
            continue
        if (
            number > count
            or (not match["open"] and number >= 3)
            or (match["open"] and count - number == 1 and count >= 5)
        ) and abs(number - count) <= 2:
            yield _wrong(sentence, amount.text, _Length(least=number, most=number), match.group())


def list_behind(sentence: Sentence) -> Iterator[Finding]:
    """5项措施：甲；乙；丙. A list with 等 is open and proves nothing."""
    match = _BEHIND.search(sentence.skeleton)
    if not match or re.search("等|如：|…|一是|首先", match["list"]):
        return
    amount = sentence.amount(match["count"])
    length = _behind(match["list"])
    if length is None or amount.unit not in _COUNTED or amount.about or length.fits(int(amount.value)):
        return
    if min(abs(length.least - amount.value), abs(length.most - amount.value)) <= 3 and amount.value >= 2:
        yield _wrong(sentence, amount.text, length, match.group()[:60])


def _behind(text: str) -> _Length | None:
    text = _BRACKETS.sub("", text)
    for opening, close in (("“", "”"), ("《", "》")):
        if re.fullmatch(f"(?:{opening}[^{opening}{close}]{{1,40}}{close}[、，和及与；]?){{2,30}}", text):
            return _Length(least=text.count(opening), most=text.count(opening))
    if "；" in text:
        number = len([item for item in text.split("；") if item])
        return _Length(least=number, most=number)
    if "、" in text and "，" not in text and "。" not in text:
        return _length(text)
    return None


def steps(among: Sequence[Line]) -> Iterator[Finding]:
    """四个方面：一是…二是…三是: the last step in the paragraph, unless the next one goes on."""
    for line, after in zip(among, [*among[1:], None], strict=False):
        if "一是" not in line.text or (after and _STEP.match(after.text)):
            continue
        for sentence in sentences(line):
            if match := _FIRST.search(sentence.skeleton):
                amount = sentence.amount(match[1])
                last = max((NUMERALS.index(n) + 1 for n in _STEP.findall(line.plain) if n in NUMERALS), default=1)
                if amount.unit in ("个", "项", "条", "大") and not amount.about and last >= 2 and amount.value != last:
                    yield _wrong(sentence, amount.text, _Length(least=last, most=last), match.group())
                break


def quoted(line: Line) -> Iterator[Finding]:
    """七大行动 in a paragraph that names “…”行动 one by one."""
    every = list(sentences(line))
    whole = "".join(s.skeleton for s in every)
    items = {(m[1], m[0]) for m in _QUOTED.finditer(whole) if not re.search(TOKEN, m[0])}
    numbers = Counter(noun for noun, _ in items)
    named = [(s, s.amount(m[1]), m[2]) for s in every for m in _NAMED.finditer(s.skeleton) if numbers[m[2]] >= 3]
    times = Counter(noun for *_, noun in named)
    for sentence, amount, noun in named:
        number = numbers[noun]
        if times[noun] > 1 or amount.about or amount.unit not in ("大", "项", "个"):
            continue
        in_a_row = re.search(f"”[、和]?“[^“”]{{1,24}}”{noun}", whole)  # one noun behind several
        if 0 < abs(number - amount.value) <= 2 and not in_a_row:
            yield _wrong(sentence, f"{amount.text}{noun}", _Length(least=number, most=number), sentence.skeleton[:60])


def headed(among: Sequence[Line]) -> Iterator[Finding]:
    """三、落实五项措施 with four headings of the next level below it."""
    tops = [at for at, line in enumerate(among) if line.role in ("heading1", "title", "item", "attachment")]
    for at, end in pairwise([*tops, len(among)]):
        below = sum(line.role == "heading2" for line in among[at:end])
        if among[at].role != "heading1" or below < 2:
            continue
        bare = Line(
            number=among[at].number,
            role="heading1",
            text=among[at].text,
            plain=re.sub("“[^“”]{0,30}”", "", among[at].plain),
        )
        for sentence in sentences(bare):
            for match in _HEADED.finditer(sentence.skeleton):
                amount = sentence.amount(match[1])
                if amount.unit in ("大", "个", "项", "条") and not amount.about and 0 < abs(amount.value - below) <= 2:
                    yield found(
                        "N-headings", f"标题说{sentence.written(match.group())}，下面有{below}个小标题。", expected=f"{below}个",
                        measured=amount.text, paragraph=among[at].number, excerpt=among[at].text,
                    )  # fmt: skip
