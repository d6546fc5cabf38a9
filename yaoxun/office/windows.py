"""From a period and the office's rules to its data window, and to when it is opened, due and locked. Pure."""

from datetime import date, datetime, timedelta

from yaoxun.context import SHANGHAI
from yaoxun.office.model import Period, Window
from yaoxun.office.periods import Stretch, month_of
from yaoxun.office.settings import MonthMoment, PeriodsFile, WeekMoment, WeekRules
from yaoxun.office.workdays import WorkCalendar

_DAY = timedelta(days=1)


def make_period(stretch: Stretch, rules: PeriodsFile) -> Period:
    """The period with its data window: from the day after the previous cut-off to its own."""
    return Period(
        label=stretch.label,
        kind=stretch.kind,
        year=stretch.year,
        ordinal=stretch.ordinal,
        first_day=stretch.first_day,
        last_day=stretch.last_day,
        data_from=_cut_off(stretch.shift(-1), rules) + _DAY,
        data_to=_cut_off(stretch, rules),
    )


def _cut_off(stretch: Stretch, rules: PeriodsFile) -> date:
    kind = rules.of(stretch.kind)
    if isinstance(kind, WeekRules):
        return stretch.first_day + (kind.data_to - 1) * _DAY
    return _day_of_month(month_of(stretch.last_day), kind.data_to)


def _day_of_month(month: Stretch, day: int) -> date:
    """That day of the month, or its last day where it has no such day."""
    return min(month.first_day + (day - 1) * _DAY, month.last_day)


def make_window(period: Period, rules: PeriodsFile, calendar: WorkCalendar) -> Window:
    """When a period is asked for. A due date on a day off moves as the rules say; one that would move to the opening or
    before it moves forwards instead, and no lock stands before the due date."""
    kind = rules.of(period.kind)
    opens, due, locks = plain_moments(period, rules, calendar)
    moved = _moved(due, calendar, -1) if kind.on_day_off == "提前" else due
    if moved <= opens or kind.on_day_off == "顺延":
        moved = _moved(due, calendar, 1)
    locks = max(locks, moved)
    provisional = any(calendar.is_provisional(moment.year) for moment in (opens, moved, locks))
    return Window(period=period, opens=opens, due=moved, locks=locks, provisional=provisional)


def plain_moments(period: Period, rules: PeriodsFile, calendar: WorkCalendar) -> tuple[datetime, datetime, datetime]:
    """Opening, due and lock as the rules say them, before anything is moved."""
    kind = rules.of(period.kind)
    opens, due, locks = (_moment(period, wanted, calendar) for wanted in (kind.opens, kind.due, kind.locks))
    return opens, due, locks


def _moved(moment: datetime, calendar: WorkCalendar, step: int) -> datetime:
    return datetime.combine(calendar.moved(moment.date(), step), moment.time(), SHANGHAI)


def _moment(period: Period, wanted: MonthMoment | WeekMoment, calendar: WorkCalendar) -> datetime:
    if isinstance(wanted, WeekMoment):
        day = period.first_day + timedelta(weeks=wanted.after, days=wanted.weekday - 1)
        return datetime.combine(day, wanted.at, SHANGHAI)
    month = month_of(period.last_day, wanted.after)
    if wanted.workday is not None:
        day = calendar.nth_workday(month.first_day, wanted.workday)
    else:
        day = _day_of_month(month, wanted.day or 31)
    return datetime.combine(day, wanted.at, SHANGHAI)
