"""Labels of reporting periods and the arithmetic on them: 2023-W14, 2023-03, 2023Q1, 2023H1, 2023. Pure.

A period here is (kind, year, ordinal). Data windows and deadlines need the office's rules and stand in windows.py.
"""

import re
import unicodedata
from datetime import date, timedelta
from typing import Literal, NamedTuple, TypeAlias

from yaoxun.errors import RequestError

Kind: TypeAlias = Literal["week", "month", "quarter", "half", "year"]

KINDS: tuple[Kind, ...] = ("week", "month", "quarter", "half", "year")
PER_YEAR: dict[Kind, int] = {"month": 12, "quarter": 4, "half": 2, "year": 1}
BASELINE = "试点前"

_REMEDY = "请写成：周 2023-W14、月 2023-03、季 2023Q1、半年 2023H1、年 2023。"
_ORDINALS = {"一": 1, "二": 2, "三": 3, "四": 4, "上": 1, "下": 2}
_FORMS: tuple[tuple[Kind, str], ...] = (
    ("week", r"(20\d\d)-?W(\d\d?)"),
    ("week", r"(20\d\d)年第?(\d\d?)周"),
    ("month", r"(20\d\d)-(\d\d?)"),
    ("month", r"(20\d\d)年(\d\d?)月份?"),
    ("quarter", r"(20\d\d)-?Q(\d)"),
    ("quarter", r"(20\d\d)年第?([一二三四\d])季度?"),
    ("half", r"(20\d\d)-?H(\d)"),
    ("half", r"(20\d\d)年([上下])半年"),
    ("year", r"(20\d\d)年?()"),
)


class Stretch(NamedTuple):
    """Which period: its kind, its year and its place in the year (1 for a whole year)."""

    kind: Kind
    year: int
    ordinal: int

    @property
    def label(self) -> str:
        """2023-W14, 2023-03, 2023Q1, 2023H1 or 2023."""
        shapes = {"week": "-W{:02}", "month": "-{:02}", "quarter": "Q{}", "half": "H{}", "year": ""}
        return f"{self.year}" + shapes[self.kind].format(self.ordinal)

    @property
    def first_day(self) -> date:
        """The first calendar day of the label."""
        if self.kind == "week":
            return date.fromisocalendar(self.year, self.ordinal, 1)
        months = 12 // PER_YEAR[self.kind]
        return date(self.year, (self.ordinal - 1) * months + 1, 1)

    @property
    def last_day(self) -> date:
        """The last calendar day of the label."""
        return self.shift(1).first_day - timedelta(days=1)

    def shift(self, by: int) -> "Stretch":
        """The period of the same kind that many periods later (earlier for a negative number)."""
        if self.kind == "week":
            return containing("week", self.first_day + timedelta(weeks=by))
        year, rest = divmod(self.year * PER_YEAR[self.kind] + self.ordinal - 1 + by, PER_YEAR[self.kind])
        return Stretch(self.kind, year, rest + 1)


def containing(kind: Kind, day: date) -> Stretch:
    """The period of a kind whose label holds that calendar day."""
    if kind == "week":
        iso = day.isocalendar()
        return Stretch(kind, iso.year, iso.week)
    return Stretch(kind, day.year, (day.month - 1) * PER_YEAR[kind] // 12 + 1)


def count_in_year(kind: Kind, year: int) -> int:
    """How many periods of a kind a year has: 52 or 53 weeks."""
    return date(year, 12, 28).isocalendar().week if kind == "week" else PER_YEAR[kind]


def parse_label(text: str) -> Stretch:
    """The period that a label stands for, however people write it (2023年3月). Raises RequestError."""
    tidy = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).upper()
    for kind, form in _FORMS:
        match = re.fullmatch(form, tidy)
        if match:
            year, ordinal = match.groups()
            return _checked(kind, int(year), _ORDINALS.get(ordinal) or int(ordinal or 1), text)
    raise RequestError(f"报告期“{text}”无法识别。", _REMEDY)


def _checked(kind: Kind, year: int, ordinal: int, text: str) -> Stretch:
    last = count_in_year(kind, year)
    if not 1 <= ordinal <= last:
        words = {"week": "周", "month": "个月", "quarter": "个季度", "half": "个半年", "year": "年"}[kind]
        raise RequestError(f"报告期“{text}”不存在：{year}年只有{last}{words}。", _REMEDY)
    return Stretch(kind, year, ordinal)


def month_of(day: date, after: int = 0) -> Stretch:
    """The month that holds the day, or one that many months later."""
    return containing("month", day).shift(after)
