"""Working days (工作日) with 调休: the office's own table decides, the library `chinesecalendar` answers for the rest,
and a year that neither knows falls back to weekends and is 暂定. Periods and deadlines stand in periods.py, windows.py.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import chinese_calendar

_DAY = timedelta(days=1)


def _published(year: int) -> bool:
    """Whether the library knows the year's holidays and make-up workdays."""
    try:
        chinese_calendar.is_workday(date(year, 1, 1))
    except NotImplementedError:
        return False
    return True


@dataclass(frozen=True, kw_only=True)
class WorkCalendar:
    """The office's own days off and make-up workdays over the library; `complete_years` it answers for by itself."""

    days_off: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()
    complete_years: frozenset[int] = frozenset()

    def is_workday(self, day: date) -> bool:
        """Whether the office works on that day."""
        if day in self.days_off or day in self.workdays:
            return day in self.workdays
        try:
            return bool(chinese_calendar.is_workday(day))
        except NotImplementedError:
            return day.isoweekday() <= 5

    def is_provisional(self, year: int) -> bool:
        """Whether the year's holidays are not published yet, so that its dates are 暂定."""
        return year not in self.complete_years and not _published(year)

    def moved(self, day: date, step: int) -> date:
        """The day itself if it is a working day, else the next one forwards (step 1) or backwards (step −1)."""
        while not self.is_workday(day):
            day += step * _DAY
        return day

    def workday_add(self, day: date, n: int) -> date:
        """The n-th working day after the day (before it for n < 0); the day itself for 0."""
        step = 1 if n > 0 else -1
        for _ in range(abs(n)):
            day = self.moved(day + step * _DAY, step)
        return day

    def nth_workday(self, first: date, n: int) -> date:
        """The n-th working day counted from `first`, which counts if it is one."""
        return self.workday_add(first - _DAY, n)

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; negative the other way round."""
        if end < start:
            return -self.working_days_between(end, start)
        return sum(self.is_workday(start + n * _DAY) for n in range(1, (end - start).days + 1))
