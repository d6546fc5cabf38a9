from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from office_kit import day, office

from yaoxun.office.workdays import WorkCalendar

PLAIN = WorkCalendar()
DAYS = st.dates(date(2022, 6, 1), date(2029, 12, 31))


@pytest.mark.parametrize("text", ["2023-01-28", "2023-01-29", "2023-04-23", "2023-05-06", "2023-06-25", "2023-10-07"])
def test_make_up_days_on_weekends_of_2023_are_working_days(text: str) -> None:
    assert day(text).isoweekday() > 5
    assert PLAIN.is_workday(day(text))


@pytest.mark.parametrize("text", ["2023-01-23", "2023-04-05", "2023-05-01", "2023-06-22", "2023-10-02"])
def test_holidays_on_weekdays_of_2023_are_days_off(text: str) -> None:
    assert day(text).isoweekday() <= 5
    assert not PLAIN.is_workday(day(text))


def test_the_offices_own_table_decides_over_the_library() -> None:
    own = WorkCalendar(days_off=frozenset({day("2023-03-28")}), workdays=frozenset({day("2023-10-02")}))
    assert not own.is_workday(day("2023-03-28"))
    assert own.is_workday(day("2023-10-02"))


def test_a_year_that_nobody_published_goes_by_weekends_and_is_provisional() -> None:
    assert PLAIN.is_provisional(2040)
    assert PLAIN.is_workday(day("2040-10-01"))  # a Monday
    assert not PLAIN.is_workday(day("2040-10-06"))  # a Saturday
    assert not PLAIN.is_provisional(2023)


def test_a_year_entered_in_full_by_the_office_is_no_longer_provisional() -> None:
    own = WorkCalendar(days_off=frozenset({day("2040-10-01")}), complete_years=frozenset({2040}))
    assert not own.is_provisional(2040)
    assert not own.is_workday(day("2040-10-01"))
    assert own.is_provisional(2041)


def test_working_days_are_counted_over_spring_festival_with_its_make_up_weekend() -> None:
    # Holiday 21 to 27 January 2023; Saturday 28 and Sunday 29 are worked.
    assert PLAIN.workday_add(day("2023-01-20"), 1) == day("2023-01-28")
    assert PLAIN.workday_add(day("2023-01-30"), -3) == day("2023-01-20")
    assert PLAIN.working_days_between(day("2023-01-20"), day("2023-01-30")) == 3


def test_the_fifth_working_day_of_april_2023_skips_qingming() -> None:
    assert PLAIN.nth_workday(day("2023-04-01"), 5) == day("2023-04-10")


def test_the_files_of_the_office_reach_the_calendar(tmp_path) -> None:  # type: ignore[no-untyped-def]
    found = office(tmp_path, calendar="days_off: [2023-03-28]\nworkdays: [2023-03-26]\ncomplete_years: [2040]\n")
    assert not found.is_workday(day("2023-03-28"))
    assert found.is_workday(day("2023-03-26"))
    assert not found.is_provisional(2040)


@given(DAYS, st.integers(1, 30))
def test_adding_working_days_and_counting_them_agree(start: date, n: int) -> None:
    end = PLAIN.workday_add(start, n)
    assert PLAIN.is_workday(end)
    assert PLAIN.working_days_between(start, end) == n
    assert PLAIN.working_days_between(end, start) == -n


@given(DAYS, st.integers(1, 30))
def test_going_back_undoes_going_forth_from_a_working_day(start: date, n: int) -> None:
    start = PLAIN.moved(start, 1)
    assert PLAIN.workday_add(PLAIN.workday_add(start, n), -n) == start


@given(DAYS)
def test_a_moved_day_is_the_nearest_working_day_in_its_direction(start: date) -> None:
    for step in (1, -1):
        moved = PLAIN.moved(start, step)
        between = [start + step * timedelta(days=n) for n in range(abs((moved - start).days))]
        assert PLAIN.is_workday(moved)
        assert not any(PLAIN.is_workday(d) for d in between)
