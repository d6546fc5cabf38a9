"""Amounts in running text, in digits or in Chinese numerals, with their measure words, and sentences in which each amount
is one character (a token), so that the rules of numbers_*.py read like the phrases they look for. No rule lives here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from yaoxun.briefings.lint.text_reading import HAN, MASK, Line

# Longest first, as the first that fits is taken.
MEASURES = (
    "个百分点", "百分点", "平方公里", "平方千米", "标准箱", "平方米", "立方米", "千瓦时", "人次", "人天", "场次", "架次", "户次", "家次", "批次",
    "班次", "台次", "件次", "美元", "公里", "千米", "公斤", "千克", "公顷", "小时", "分钟", "个月", "季度", "元", "亩", "吨", "个", "项", "件", "家",
    "户", "人", "名", "位", "类", "种", "条", "场", "次", "份", "期", "批", "套", "台", "辆", "座", "所", "处", "栋", "幢", "间", "张", "本", "册",
    "篇", "部", "支", "只", "头", "株", "棵", "米", "天", "日", "年", "月", "周", "级", "届", "轮", "遍", "对", "组", "岁", "分", "宗", "起", "例",
    "笔", "门", "堂", "节", "课", "集", "首", "幅", "块", "片", "面", "根", "枚", "架", "艘", "倍", "成", "点", "大", "番",
)  # fmt: skip
MEASURE = "|".join(MEASURES)
# Chinese numerals are amounts only before these: 十分, 一面, 三农 and 一部 are words.
_PLAIN_MEASURE = "个百分点|百分点|人次|场次|批次|公里|万元|小时|个月|个|项|件|家|户|人|名|类|种|条|场|次|份|期|批|套|所|座|大|倍|番|级"
NUMBER = r"(?:[0-9]{1,3}(?:,[0-9]{3}){1,5}|[0-9]{1,15})(?:\.[0-9]{1,8})?"
CHINESE = "零〇一二两三四五六七八九十百千万亿"
_AMOUNT = re.compile(
    rf"(?<![0-9A-Za-z.,〔{MASK}])(?P<digits>{NUMBER})(?P<scale>万亿|百万|千万|十万|[十百千万亿])?(?P<odd>余|多|来)?"
    rf"(?P<percent>[%％‰])?(?P<measure>{MEASURE})?"
    rf"|百分之(?P<share>[{CHINESE}点]{{1,10}})"
    rf"|(?<![第之{CHINESE}几数])(?P<han>[{CHINESE}]{{1,12}})(?P<rest>余|多|来)?(?P<unit>{_PLAIN_MEASURE})"
)
_ABOUT = re.compile("(?:约|近|超|超过|逾|至少|不少于|不低于|不足|上|第|不超过|最多|突破)$")
_LOOSE = re.compile("(?:左右|上下|以上|以下|以内)")
_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
FIRST_TOKEN = 0xE000
TOKEN = "[\ue000-\uefff]"  # noqa: S105 (no password: the class of all tokens)
_MOST = 0xFFF


@dataclass(frozen=True, kw_only=True)
class Amount:
    """A number as written: `low` and `high` bound what it may have been before it was rounded; `about` when the words say
    that it is no exact one; `unit` % for shares."""

    text: str
    value: Decimal
    low: Decimal
    high: Decimal
    unit: str
    about: bool
    is_han: bool


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """A sentence of a line; in `skeleton` the n-th amount is one character."""

    line: Line
    text: str
    skeleton: str
    amounts: tuple[Amount, ...]

    def amount(self, token: str) -> Amount:
        """The amount that a character of the skeleton stands for."""
        return self.amounts[ord(token) - FIRST_TOKEN]

    def written(self, skeleton: str) -> str:
        """A part of the skeleton as it is written."""
        return "".join(self.amount(c).text if _is_token(c) else c for c in skeleton)


def _is_token(char: str) -> bool:
    return FIRST_TOKEN <= ord(char) <= FIRST_TOKEN + _MOST


def sentences(line: Line) -> Iterator[Sentence]:
    """The sentences of a line, blanks taken out."""
    text = re.sub("[\ue000-\uf8ff]", "", re.sub("[ \u00a0\u3000\t]", "", line.plain))
    for piece in re.findall(r"[^。！？\n]{1,4000}", text):
        yield _sentence(line, piece)


def _sentence(line: Line, text: str) -> Sentence:
    amounts: list[Amount] = []
    skeleton, at = [], 0
    for match in _AMOUNT.finditer(text):
        amount = _amount(match, text)
        if amount is not None and len(amounts) < _MOST:
            skeleton += [text[at : match.start()], chr(FIRST_TOKEN + len(amounts))]
            amounts.append(amount)
            at = match.end()
    return Sentence(line=line, text=text, skeleton="".join([*skeleton, text[at:]]), amounts=tuple(amounts))


def _amount(match: re.Match[str], text: str) -> Amount | None:
    before, after = text[max(0, match.start() - 3) : match.start()], text[match.end() : match.end() + 2]
    about = bool(_ABOUT.search(before) or match["odd"] or match["rest"] or _LOOSE.match(after))
    if match["digits"]:
        scale = 1
        for char in match["scale"] or "":
            scale *= _SCALES[char]
        number = Decimal(match["digits"].replace(",", ""))
        places = -int(number.as_tuple().exponent)
        half = Decimal(scale).scaleb(-places) / 2 if places or scale > 1 else Decimal(0)
        unit = ("‰" if match["percent"] == "‰" else "%") if match["percent"] else match["measure"] or ""
        if unit in ("%", "‰", "个百分点", "百分点") and not half:
            half = Decimal("0.5")
        return _made(match[0], number * scale, half, unit, about, is_han=False)
    value = chinese_number(match["share"] or match["han"])
    if value is None or (match["han"] and value < 2):
        return None
    half = Decimal("0.5") if match["share"] else Decimal(0)
    return _made(match[0], value, half, "%" if match["share"] else match["unit"], about, is_han=True)


def _made(text: str, value: Decimal, half: Decimal, unit: str, about: bool, *, is_han: bool) -> Amount:
    return Amount(text=text, value=value, low=value - half, high=value + half, unit=unit, about=about, is_han=is_han)


def chinese_number(text: str) -> Decimal | None:
    """The value of 七, 十三, 二十, 一百零五, 两万三千, 三点五; None for what is no number (二三, 千百)."""
    whole, point, fraction = text.partition("点")
    if point:
        digits = "".join(str(_DIGITS.get(char, "?")) for char in fraction)
        base = chinese_number(whole)
        return base + Decimal(f"0.{digits}") if base is not None and digits.isdigit() else None
    total, section, digit = 0, 0, -1
    for char in whole:
        if char in _DIGITS:
            if digit > 0:
                return None
            digit = _DIGITS[char]
        elif (scale := _SCALES[char]) >= 10**4:
            if not (section or digit > 0):
                return None
            total, section, digit = (total + section + max(digit, 0)) * scale, 0, -1
        else:
            if digit < 0 and scale > 10:
                return None
            section, digit = section + (digit if digit > 0 else 1) * scale, -1
    return Decimal(total + section + max(digit, 0)) if whole else None


def cell_number(text: str) -> Decimal | None:
    """The number of a cell of a table, None for anything else."""
    bare = text.strip().replace(",", "").replace("−", "-")
    return Decimal(bare.rstrip("%％")) if _CELL.fullmatch(bare) else None


_CELL = re.compile(r"[-+]?[0-9]{1,18}(?:\.[0-9]{1,8})?[%％]?")
NOTHING = ("", "—", "－", "-", "/", "——", "0")
HAN_RUN = f"[{HAN}]"
