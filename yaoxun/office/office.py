"""The office as one frozen value: who there is, what is coded, who owes what, which periods exist and when they are due.

It is loaded by loading.py and asks neither files nor database. The arithmetic of labels stands in periods.py, of windows
in windows.py, of working days in workdays.py.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import groupby
from typing import Literal, NamedTuple

from yaoxun.context import SHANGHAI
from yaoxun.errors import RequestError
from yaoxun.office.model import Assignment, CodeList, Duty, Organisation, Period, PeriodKind, Window
from yaoxun.office.periods import BASELINE, KINDS, Stretch, containing, count_in_year, parse_label
from yaoxun.office.settings import PeriodsFile
from yaoxun.office.windows import make_period, make_window
from yaoxun.office.workdays import WorkCalendar

Since = Literal["year", "pilot"]

# No window opens more than a month before its period ends or locks later than some three months after; see MonthMoment.
_EARLIEST_OPENING = timedelta(days=31)
_LATEST_LOCK = timedelta(days=120)


class Expected(NamedTuple):
    """An organisation owes a table; `valid_from` since when, None where it always did."""

    org: Organisation
    table: str
    duty: Duty
    valid_from: date | None


@dataclass(frozen=True, kw_only=True, eq=False)
class Office:
    """Everything the office's configuration says, in force and not.

    organisations: in 排序 order, collector and issuer among them. assignments: one an organisation and table, in the
    order of the file. table_kinds: table → kind of period. records_from: data dated before stand under 试点前.
    """

    name: str
    collector: Organisation
    issuer: Organisation
    organisations: tuple[Organisation, ...]
    code_lists: Mapping[str, CodeList]
    assignments: tuple[Assignment, ...]
    table_kinds: Mapping[str, PeriodKind]
    rules: PeriodsFile
    calendar: WorkCalendar
    pilot_start: date
    records_from: date
    _periods: dict[str, Period] = field(default_factory=dict, init=False, repr=False)
    _owed: dict[str, Mapping[str, tuple[Expected, ...]]] = field(default_factory=dict, init=False, repr=False)

    # Organisations and lists

    def organisation(self, code: str) -> Organisation:
        """The organisation of that code. Raises RequestError."""
        found = self._by_code.get(code)
        if found is None:
            raise RequestError(f"没有代码为“{code}”的单位。", "单位名录在 config/organisations.yaml。")
        return found

    def find_organisation(self, text: str) -> Organisation | None:
        """The organisation whose code, name, 规范简称 or alias this is, whatever the spaces and brackets; else None."""
        return self._by_name.get(bare_name(text))

    def organisations_as_of(self, day: date) -> tuple[Organisation, ...]:
        """The organisations in force on that day, in order."""
        return tuple(o for o in self.organisations if o.valid_from <= day <= o.valid_to)

    def code_list(self, name: str) -> CodeList:
        """The code list of that name. Raises RequestError."""
        if name not in self.code_lists:
            raise RequestError(f"没有名为“{name}”的代码表。", f"现有：{'、'.join(self.code_lists)}；见 config/lists/。")
        return self.code_lists[name]

    @cached_property
    def names(self) -> frozenset[str]:
        """All that organisations are called by, as bare_name writes them; codes are no names."""
        return frozenset(bare_name(n) for o in self.organisations for n in (*o.aliases, o.short, o.name))

    @cached_property
    def _by_code(self) -> dict[str, Organisation]:
        return {o.code: o for o in self.organisations}

    @cached_property
    def _by_name(self) -> dict[str, Organisation]:
        return {bare_name(n): o for o in self.organisations for n in (*o.aliases, o.short, o.name, o.code)}

    # Periods

    @cached_property
    def baseline(self) -> Period:
        """试点前: what lies before the first period on record. It has no window and sorts before all."""
        last = self.records_from - timedelta(days=1)
        return Period(
            label=BASELINE, kind="baseline", year=last.year, ordinal=0,
            first_day=date.min, last_day=last, data_from=date.min, data_to=last,
        )  # fmt: skip

    def period(self, label: str) -> Period:
        """The period of that label, also as people write it (2023年3月). Raises RequestError where there is none."""
        known = self._periods.get(label)
        if known is None:
            known = self._periods[label] = self._parse(label)
        return known

    def _parse(self, label: str) -> Period:
        if label.strip() == BASELINE:
            return self.baseline
        period = self._make(parse_label(label))
        if period is None:
            first = f"{self.records_from:%Y-%m}"
            raise RequestError(
                f"没有报告期“{label}”：本办公室的数据自{first}起分期。", f"更早的数据请归入“{BASELINE}”。"
            )
        return period

    def _make(self, stretch: Stretch) -> Period | None:
        return make_period(stretch, self.rules) if stretch.last_day >= self.records_from else None

    def previous(self, period: Period) -> Period | None:
        """The period of the same kind before it; None for the first on record and for 试点前."""
        return self._shifted(period, -1)

    def next(self, period: Period) -> Period | None:
        """The period of the same kind after it; None for 试点前."""
        return self._shifted(period, 1)

    def _shifted(self, period: Period, by: int) -> Period | None:
        stretch = _stretch(period)
        return self._make(stretch.shift(by)) if stretch else None

    def year_ago(self, period: Period) -> Period | None:
        """The same period of the year before; None where that year had none (week 53) or it is not on record."""
        stretch = _stretch(period)
        if stretch is None or stretch.ordinal > count_in_year(stretch.kind, stretch.year - 1):
            return None
        return self._make(Stretch(stretch.kind, stretch.year - 1, stretch.ordinal))

    def periods_between(self, first: Period, last: Period) -> tuple[Period, ...]:
        """All periods of one kind from `first` to `last`, both included. Raises RequestError for two kinds."""
        if first.kind != last.kind:
            raise RequestError(f"报告期“{first.label}”与“{last.label}”不是同一种。", "请给出同为月、季或年的两期。")
        found: list[Period] = []
        at: Period | None = first
        while at is not None and at.sort <= last.sort:
            found.append(at)
            at = self.next(at)
        return tuple(found)

    def cumulative_periods(self, period: Period, since: Since) -> tuple[Period, ...]:
        """The periods of the same kind that 本年累计 (year) or 试点以来累计 (pilot) adds up, the period itself last."""
        found: list[Period] = []
        at: Period | None = period
        while at is not None and (at.year == period.year if since == "year" else at.last_day >= self.pilot_start):
            found.append(at)
            at = self.previous(at)
        return tuple(reversed(found))

    # Windows and who owes what

    def window(self, period: Period) -> Window:
        """When the period is opened, due and locked. Raises RequestError for 试点前."""
        if period.kind == "baseline":
            raise RequestError(f"“{BASELINE}”不开窗收表。", "这一期的数据请用“导入历史数据”。")
        return make_window(period, self.rules, self.calendar)

    def windows_open_at(self, now: datetime) -> tuple[Window, ...]:
        """The windows that are opened and not yet locked and in which something is owed, oldest period first."""
        today = now.astimezone(SHANGHAI).date()
        found = [
            window
            for kind in KINDS
            if kind in self.table_kinds.values()
            for window in map(self.window, self._periods_around(containing(kind, today - _LATEST_LOCK), today))
            if window.opens <= now < window.locks and self.expected(window.period)
        ]
        return tuple(sorted(found, key=lambda window: window.period.sort))

    def _periods_around(self, stretch: Stretch, today: date) -> list[Period]:
        found = []
        while stretch.last_day <= today + _EARLIEST_OPENING:
            period = self._make(stretch)
            if period is not None:
                found.append(period)
            stretch = stretch.shift(1)
        return found

    def expected(self, period: Period) -> tuple[Expected, ...]:
        """Who owes which table for the period, as of its last day, in office order and then in order of tables."""
        return tuple(one for owed in self._owed_in(period).values() for one in owed)

    def expected_of(self, org: Organisation, period: Period) -> tuple[Expected, ...]:
        """What one organisation owes for the period, in order of tables."""
        return self._owed_in(period).get(org.code, ())

    def expects(self, org: str, table: str, period: str) -> bool:
        """Whether the organisation of that code owes the table for the period of that label, as the configuration says
        now: what was opened before a correction may not be owed any more."""
        return any(one.table == table for one in self._owed_in(self.period(period)).get(org, ()))

    def _owed_in(self, period: Period) -> Mapping[str, tuple[Expected, ...]]:
        known = self._owed.get(period.label)
        if known is None:
            known = self._owed[period.label] = {
                code: tuple(owed) for code, owed in groupby(self._work_out(period), key=lambda one: one.org.code)
            }
        return known

    def _work_out(self, period: Period) -> list[Expected]:
        day = period.last_day
        owed: dict[tuple[str, str], Assignment] = {}
        for assignment in self.assignments:
            if (
                self.table_kinds[assignment.table] == period.kind
                and assignment.valid_from <= day <= assignment.valid_to
            ):
                owed[assignment.org, assignment.table] = assignment
        tables = list(self.table_kinds)
        found = [
            Expected(org, table, assignment.duty, _since(org, assignment))
            for (code, table), assignment in owed.items()
            if (org := self.organisation(code)).valid_from <= day <= org.valid_to
        ]
        return sorted(found, key=lambda e: (e.org.order, tables.index(e.table)))

    def reporting_organisations(self, period: Period) -> tuple[Organisation, ...]:
        """The organisations that owe anything for the period, in order."""
        return tuple(dict.fromkeys(e.org for e in self.expected(period)))

    def newcomer_due(self, window: Window, valid_from: date) -> datetime:
        """When a table is due that is owed only from a day on: the later of the window's due time and, at the same time
        of day, the few working days that a newcomer has."""
        day = self.calendar.workday_add(valid_from, self.rules.newcomer_workdays)
        due = window.due.astimezone(SHANGHAI)
        return max(due, datetime.combine(day, due.time(), SHANGHAI))

    # Working days

    def is_workday(self, day: date) -> bool:
        """Whether the office works on that day."""
        return self.calendar.is_workday(day)

    def workday_add(self, day: date, n: int) -> date:
        """The n-th working day after the day (before it for n < 0)."""
        return self.calendar.workday_add(day, n)

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; negative the other way round."""
        return self.calendar.working_days_between(start, end)

    def is_provisional(self, year: int) -> bool:
        """Whether the year's holidays are not published yet (暂定)."""
        return self.calendar.is_provisional(year)


def bare_name(text: str) -> str:
    """A name without spaces and with one kind of brackets, for comparing."""
    return "".join(unicodedata.normalize("NFC", text).split()).translate(str.maketrans("（）", "()"))


def _stretch(period: Period) -> Stretch | None:
    return None if period.kind == "baseline" else Stretch(period.kind, period.year, period.ordinal)


def _since(org: Organisation, assignment: Assignment) -> date | None:
    since = max(org.valid_from, assignment.valid_from)
    return None if since == date.min else since
