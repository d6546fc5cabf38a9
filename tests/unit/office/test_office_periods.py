from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from office_kit import day, office, sample

from yaoxun.errors import RequestError
from yaoxun.office.model import Period
from yaoxun.office.periods import KINDS, Kind, containing, parse_label


@st.composite
def _periods(draw: st.DrawFn, *kinds: Kind) -> Period:
    kind = draw(st.sampled_from(kinds or KINDS))
    return sample().period(containing(kind, draw(st.dates(date(2022, 6, 10), date(2060, 12, 31)))).label)


@pytest.mark.parametrize(
    ("label", "first", "last"),
    [
        ("2023-03", "2023-03-01", "2023-03-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2023Q1", "2023-01-01", "2023-03-31"),
        ("2023H2", "2023-07-01", "2023-12-31"),
        ("2023", "2023-01-01", "2023-12-31"),
        ("2023-W14", "2023-04-03", "2023-04-09"),
        ("2026-W53", "2026-12-28", "2027-01-03"),
    ],
)
def test_a_label_names_its_calendar_days(label: str, first: str, last: str) -> None:
    period = sample().period(label)
    assert (period.label, period.first_day, period.last_day) == (label, day(first), day(last))


@pytest.mark.parametrize(
    ("written", "label"),
    [
        (" 2023年3月 ", "2023-03"), ("2023-3", "2023-03"), ("２０２３－０３", "2023-03"), ("2023年3月份", "2023-03"),
        ("2023年一季度", "2023Q1"), ("2023年第4季度", "2023Q4"), ("2023q2", "2023Q2"), ("2023年上半年", "2023H1"),
        ("2023年下半年", "2023H2"), ("2023年", "2023"), ("2023年第14周", "2023-W14"), ("2023-w6", "2023-W06"),
        ("试点前", "试点前"),
    ],
)  # fmt: skip
def test_people_write_periods_in_many_ways(written: str, label: str) -> None:
    assert sample().period(written).label == label


@pytest.mark.parametrize("written", ["", "三月", "2023-03-01", "23-03", "2023-", "2023X1", "2023年五季度", "1999-03"])
def test_what_is_no_period_is_refused_with_the_right_ways_to_write_one(written: str) -> None:
    with pytest.raises(RequestError, match="无法识别") as refused:
        sample().period(written)
    assert "2023-03" in refused.value.remedy
    assert f"“{written}”" in refused.value.message


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("2023-13", "2023年只有12个月"), ("2023-00", "2023年只有12个月"), ("2023Q5", "2023年只有4个季度"),
        ("2023H3", "2023年只有2个半年"), ("2025-W53", "2025年只有52周"), ("2023-W00", "2023年只有52周"),
    ],
)  # fmt: skip
def test_a_period_that_does_not_exist_is_refused_with_the_reason(written: str, problem: str) -> None:
    with pytest.raises(RequestError, match=problem):
        sample().period(written)


def test_a_period_before_the_first_on_record_belongs_to_the_baseline() -> None:
    with pytest.raises(RequestError, match="2022-06") as refused:
        sample().period("2022-05")
    assert "试点前" in refused.value.remedy


def test_an_office_that_imports_older_periods_has_them_too(tmp_path) -> None:  # type: ignore[no-untyped-def]
    text = "name: 示例\ncollector: tsw\nissuer: sw\npilot_start: 2022-06-01\nrecords_from: 2022-01-01\n"
    found = office(tmp_path, office=text)
    assert found.period("2022-03").label == "2022-03"
    assert found.year_ago(found.period("2023-03")) == found.period("2022-03")
    assert found.baseline.data_to == day("2021-12-31")
    assert found.baseline.sort < found.period("2022-01").sort
    pilot = found.cumulative_periods(found.period("2022-07"), "pilot")
    assert [p.label for p in pilot] == ["2022-06", "2022-07"]


def test_the_baseline_sorts_before_all_and_has_neither_neighbours_nor_a_window() -> None:
    found = sample()
    baseline = found.baseline
    firsts = [found.period(containing(kind, found.pilot_start).label) for kind in KINDS]
    assert all(baseline.sort < first.sort for first in firsts)
    assert (found.previous(baseline), found.next(baseline), found.year_ago(baseline)) == (None, None, None)
    assert baseline.last_day == day("2022-05-31")
    assert found.expected(baseline) == ()
    assert found.cumulative_periods(baseline, "pilot") == ()
    with pytest.raises(RequestError, match="试点前"):
        found.window(baseline)


def test_a_year_ago_is_the_same_period_of_the_year_before_where_it_is_on_record() -> None:
    found = sample()
    assert found.year_ago(found.period("2024-03")) == found.period("2023-03")
    assert found.year_ago(found.period("2024Q1")) == found.period("2023Q1")
    assert found.year_ago(found.period("2023-03")) is None  # before the pilot


def test_week_53_has_no_counterpart_a_year_ago() -> None:
    found = sample()
    week = found.period("2026-W53")
    assert found.year_ago(week) is None
    assert found.previous(week) == found.period("2026-W52")
    assert found.next(week) == found.period("2027-W01")
    assert found.year_ago(found.period("2027-W52")) == found.period("2026-W52")


def test_a_week_belongs_to_the_year_of_its_thursday() -> None:
    assert containing("week", day("2023-01-01")).label == "2022-W52"
    assert sample().period("2026-W53").year == 2026


def test_the_data_window_of_march_runs_from_26_february_to_25_march() -> None:
    march = sample().period("2023-03")
    assert (march.data_from, march.data_to) == (day("2023-02-26"), day("2023-03-25"))


def test_a_cut_off_at_the_end_of_the_month_follows_short_months(tmp_path) -> None:  # type: ignore[no-untyped-def]
    rules = (sample_periods := _periods_yaml()).replace("data_to: 25", "data_to: 31")
    assert rules != sample_periods
    february = office(tmp_path, periods=rules).period("2023-02")
    assert (february.data_from, february.data_to) == (day("2023-02-01"), day("2023-02-28"))


def _periods_yaml() -> str:
    from office_kit import FILES

    return FILES["periods.yaml"]


def test_the_year_so_far_and_the_pilot_so_far() -> None:
    found = sample()
    march = found.period("2023-03")
    assert [p.label for p in found.cumulative_periods(march, "year")] == ["2023-01", "2023-02", "2023-03"]
    pilot = [p.label for p in found.cumulative_periods(march, "pilot")]
    assert (pilot[0], pilot[-1], len(pilot)) == ("2022-06", "2023-03", 10)
    assert [p.label for p in found.cumulative_periods(found.period("2022-07"), "year")] == ["2022-06", "2022-07"]
    assert [p.label for p in found.cumulative_periods(found.period("2023Q1"), "pilot")] == [
        "2022Q2", "2022Q3", "2022Q4", "2023Q1",
    ]  # fmt: skip


def test_periods_between_two_months_are_listed_and_two_kinds_are_refused() -> None:
    found = sample()
    between = found.periods_between(found.period("2022-12"), found.period("2023-02"))
    assert [p.label for p in between] == ["2022-12", "2023-01", "2023-02"]
    assert found.periods_between(found.period("2023-02"), found.period("2022-12")) == ()
    with pytest.raises(RequestError, match="不是同一种"):
        found.periods_between(found.period("2023-02"), found.period("2023Q1"))


@given(_periods())
def test_previous_undoes_next_and_labels_are_read_back(period: Period) -> None:
    following = sample().next(period)
    assert following is not None
    assert following.sort > period.sort
    assert sample().previous(following) == period
    assert parse_label(period.label).label == period.label


@given(_periods())
def test_consecutive_periods_leave_no_gap_and_do_not_overlap(period: Period) -> None:
    following = sample().next(period)
    assert following is not None
    assert following.data_from == period.data_to + timedelta(days=1)
    assert following.first_day == period.last_day + timedelta(days=1)
    assert period.data_from <= period.data_to


@given(_periods("quarter", "half", "year"))
def test_the_months_of_a_longer_period_cover_its_data_window_exactly(period: Period) -> None:
    first, last = (
        containing("month", edge).label for edge in (max(period.first_day, sample().pilot_start), period.last_day)
    )
    months = sample().periods_between(sample().period(first), sample().period(last))
    assert months[-1].data_to == period.data_to
    if period.first_day >= sample().pilot_start:
        assert months[0].data_from == period.data_from
