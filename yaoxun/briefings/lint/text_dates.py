"""Dates, numbers of documents and the form of numbers: zero-padded and impossible dates, weekdays, short years, ranges,
brackets of a 文号, 〇 in years, thousands commas beside 万.
"""

import re
from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from yaoxun.briefings.lint.catalogue import found
from yaoxun.briefings.lint.model import Finding
from yaoxun.briefings.lint.numbers_reading import chinese_number
from yaoxun.briefings.lint.text_reading import HAN, Line, Span, at_places, spans

_PADDED = re.compile("(?:[0-9]{4}年)?(?<![0-9])0[1-9]月(?:[0-9]{1,2}日)?|(?:[0-9]{1,2}月)0[1-9]日")
_DAY = re.compile(
    "(?:(?<![0-9])(?P<year>[0-9]{4})年)?(?<![0-9.])(?P<month>[0-9]{1,2})月(?P<day>[0-9]{1,2})[日号]"
    "(?:[（(](?:星期|周|礼拜)(?P<weekday>[一二三四五六日天])[）)])?"
    "|(?P<han_month>[一二三四五六七八九十]{1,3})月(?P<han_day>[一二三四五六七八九十]{1,3})日"
)
_MONTH = re.compile("(?<![0-9])[0-9]{4}年([0-9]{1,2})月")
_SHORT_YEAR = re.compile("(?<![0-9])(?:19|20)[0-9]{2}年?[-－—–～~至]([0-9]{2})年(?!期|级|度?内)")
_CLOSE, _OPEN = r"[\])）】］〉]", r"[\[(（【［〈]"
_BRACKET = re.compile(rf"(?<=[{HAN}]){_OPEN}((?:19|20)[0-9]{{2}}){_CLOSE}第?[0-9]{{1,5}}[号期]")
_ORDER = re.compile("(?<![令告])〔(?:19|20)[0-9]{2}〕(?:第[0-9]{1,5}号|0[0-9]{1,5}号)")
_RANGE = re.compile(
    r"(?<![0-9A-Za-z.,%％—–～~-])[0-9]{1,6}(?:\.[0-9]{1,4})?[-－—–～~至][0-9]{1,6}(?:\.[0-9]{1,4})?(?:%|％|[万亿](?=[元人亩吨个美]))"
)
_ZERO = re.compile("(?:[一二][0零〇○OoＯ九八][0零〇○OoＯ一二三四五六七八九]{2})(?=年)")
_COMMAS = re.compile(r"(?<![0-9,.])[0-9]{1,3}(?:,[0-9]{3}){1,5}(?![0-9])")
_MYRIADS = re.compile(r"(?<![0-9,.])[0-9]{1,6}(?:\.[0-9]{1,4})?[万亿](?![0-9])")
_LONG = re.compile("(?<![0-9,.A-Za-z-])[0-9]{5,9}(?=[个项件家户人名元亩吨份次张册])")
_LEAP = 2024  # a day without a year may be of a leap year


def dates(line: Line) -> Iterator[Finding]:
    """All rules of one line."""
    yield from at_places(line, "T-padded-date", spans(_PADDED, line.plain), "月、日前补了零{}", "月、日不编虚位")
    yield from days(line)
    short = (m.span() for m in _SHORT_YEAR.finditer(line.plain))
    yield from at_places(line, "T-short-year", short, "年份写成了两位{}", "四位年份")
    yield from at_places(
        line, "T-document-number", spans(_BRACKET, line.plain), "文号的年份没有用六角括号{}", "〔〕",
        remedy="请把年份两边改为六角括号〔〕。",
    )  # fmt: skip
    yield from at_places(
        line, "T-document-order", spans(_ORDER, line.plain), "文号的顺序号加了“第”字或补了零{}", "〔2023〕4号"
    )
    yield from ranges(line)
    zero = ((m.start(), m.end() + 1) for m in _ZERO.finditer(line.plain) if re.search("[0零○OoＯ]", m[0]))
    yield from at_places(line, "T-zero-year", zero, "汉字年份里的零没有写作“〇”{}", "〇")


def ranges(line: Line) -> Iterator[Finding]:
    """5-10% and 3-5万元: the first number has lost its sign or its 万."""
    places: list[Span] = []
    for match in _RANGE.finditer(line.plain):
        first, second = re.split("[-－—–～~至]", match[0])
        if Decimal(first) < Decimal(re.sub("[%％万亿]", "", second)) and not re.fullmatch("(?:19|20)[0-9]{2}", first):
            places.append(match.span())
    yield from at_places(
        line, "T-range", places, "数值范围的前一个数省了百分号或“万”“亿”{}", "5%—10%、3万元—5万元",
        remedy="请把前一个数的百分号或单位写全。",
    )  # fmt: skip


def days(line: Line) -> Iterator[Finding]:
    """Days that no calendar has, and weekdays that are not theirs."""
    wrong: list[Span] = []
    for match in _DAY.finditer(line.plain):
        day = _day_of(match)
        if day is None:
            wrong.append(match.span())
        elif (
            match["weekday"]
            and match["year"]
            and day.weekday() != "一二三四五六日".index(match["weekday"].replace("天", "日"))
        ):
            right = "一二三四五六日"[day.weekday()]
            yield found(
                "T-weekday", f"“{match[0]}”的星期不对。", expected=f"星期{right}", measured=f"星期{match['weekday']}",
                paragraph=line.number, excerpt=line.excerpt(*match.span()), remedy=f"请核对：这一天是星期{right}。",
            )  # fmt: skip
    wrong += [
        m.span() for m in _MONTH.finditer(line.plain) if not 1 <= int(m[1]) <= 12 and not _covered(m.start(), wrong)
    ]
    yield from at_places(line, "T-no-such-date", sorted(wrong), "没有这一天{}", "日历上有的日期")


def _covered(at: int, wrong: list[Span]) -> bool:
    return any(start <= at < end for start, end in wrong)


def _day_of(match: re.Match[str]) -> date | None:
    if match["han_month"]:
        month, day = chinese_number(match["han_month"]), chinese_number(match["han_day"])
        if month is None or day is None:
            return date(_LEAP, 1, 1)  # 二三月 and the like: no date at all
    else:
        month, day = Decimal(match["month"]), Decimal(match["day"])
    year = int(match["year"] or _LEAP)
    if year < 1 or not 1 <= month <= 12 or not 1 <= day <= monthrange(year, int(month))[1]:
        return None
    return date(year, int(month), int(day))


def number_forms(among: Sequence[Line]) -> Iterator[Finding]:
    """Long numbers of the prose in more than one form: 12,345 beside 1.2万 or 12345."""
    prose = [line for line in among if line.role in ("body", "title", "item", "remark", "heading2", "heading3")]
    commas = [(line, span) for line in prose for span in spans(_COMMAS, line.plain)]
    others = [(line, span) for line in prose for pattern in (_MYRIADS, _LONG) for span in spans(pattern, line.plain)]
    if commas and others:
        (first, span), (second, other) = commas[0], others[0]
        with_comma, without = first.text[slice(*span)], second.text[slice(*other)]
        yield found(
            "T-number-forms", f"同一份文稿里大数写法不一：“{with_comma}”和“{without}”。", expected="同类数字用同一种写法",
            measured=f"带分节逗号{len(commas)}处，不带{len(others)}处", paragraph=first.number,
            excerpt=first.excerpt(*span),
        )  # fmt: skip
