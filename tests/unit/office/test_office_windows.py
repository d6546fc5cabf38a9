from datetime import UTC, date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from office_kit import FILES, at, day, edited, office, sample

from yaoxun.errors import ConfigError
from yaoxun.office.periods import KINDS, Kind, containing


@pytest.mark.parametrize(
    ("label", "opens", "due", "locks"),
    [
        ("2023-03", "2023-03-25T09:00", "2023-03-28T17:30", "2023-04-17T17:30"),
        ("2023-W14", "2023-04-03T09:00", "2023-04-06T17:00", "2023-04-10T17:00"),
        ("2023Q1", "2023-03-25T09:00", "2023-04-10T17:30", "2023-04-17T17:30"),
        ("2023H1", "2023-06-25T09:00", "2023-07-10T17:30", "2023-07-20T17:30"),
        ("2023", "2023-12-01T09:00", "2024-01-10T17:30", "2024-01-20T17:30"),
    ],
)
def test_a_window_opens_falls_due_and_locks_as_the_sample_says(label: str, opens: str, due: str, locks: str) -> None:
    window = sample().window(sample().period(label))
    assert (window.opens, window.due, window.locks) == (at(opens), at(due), at(locks))
    assert not window.provisional


def test_a_due_date_on_a_make_up_saturday_stays(tmp_path: Path) -> None:
    window = office(tmp_path).window(sample().period("2023-01"))
    assert window.due == at("2023-01-28T17:30")


@pytest.mark.parametrize(("move", "due"), [("顺延", "2023-05-29T17:30"), ("提前", "2023-05-26T17:30")])
def test_a_due_date_on_a_sunday_moves_as_the_office_says(tmp_path: Path, move: str, due: str) -> None:
    found = office(tmp_path, periods=_with_month(f"on_day_off: {move}"))
    assert found.window(found.period("2023-05")).due == at(due)


def _with_month(move: str) -> str:
    head, month = FILES["periods.yaml"].split("\nmonth:")
    return head + "\nmonth:" + month.replace("on_day_off: 顺延", move, 1)


@pytest.mark.parametrize(("move", "due"), [("顺延", "2023-06-26T17:00"), ("提前", "2023-06-21T17:00")])
def test_a_weekly_due_date_in_a_holiday_moves_both_ways(tmp_path: Path, move: str, due: str) -> None:
    # 22 to 24 June 2023 are off, Sunday 25 June is worked.
    found = office(tmp_path, **edited("periods.yaml", "on_day_off: 提前", f"on_day_off: {move}"))
    days_off = {"提前": due, "顺延": "2023-06-25T17:00"}
    assert found.window(found.period("2023-W25")).due == at(days_off[move])


def test_a_due_date_never_moves_back_before_the_opening(tmp_path: Path) -> None:
    off = ", ".join(f"2023-08-{n}" for n in range(21, 32))
    found = office(tmp_path, periods=_with_month("on_day_off: 提前"), calendar=f"days_off: [{off}]\n")
    window = found.window(found.period("2023-08"))
    assert window.due == at("2023-09-01T17:30")
    assert window.opens < window.due < window.locks


def test_a_window_that_reaches_into_an_unpublished_year_is_provisional() -> None:
    assert sample().window(sample().period("2040-03")).provisional
    assert not sample().window(sample().period("2025-03")).provisional


def test_windows_are_open_from_their_opening_until_their_lock() -> None:
    found = sample()

    def labels(text: str) -> list[str]:
        return [window.period.label for window in found.windows_open_at(at(text))]

    assert labels("2023-03-25T08:59") == []
    assert labels("2023-02-25T09:00") == ["2023-02"]
    assert labels("2023-03-25T09:00") == ["2023Q1", "2023-03"]
    assert labels("2023-04-14T17:29") == ["2023Q1", "2023-03", "2023-W15"]
    assert labels("2023-04-17T17:29") == ["2023Q1", "2023-03", "2023-W16"]
    assert labels("2023-04-17T17:30") == ["2023-W16"]
    assert [w.period.label for w in found.windows_open_at(at("2023-02-25T09:00").astimezone(UTC))] == ["2023-02"]


def test_only_windows_in_which_something_is_owed_are_open(tmp_path: Path) -> None:
    found = office(tmp_path)
    assert [w.period.label for w in found.windows_open_at(at("2023-04-03T12:00"))] == ["2023Q1", "2023-03"]
    # T4 is owed from 2023 on, so the fourth quarter of 2022 asks for nothing.
    assert [w.period.label for w in found.windows_open_at(at("2023-01-04T12:00"))] == ["2022-12"]


def test_a_newcomer_has_its_working_days_but_never_less_than_the_others() -> None:
    found = sample()
    window = found.window(found.period("2023-03"))
    assert found.newcomer_due(window, day("2023-04-04")) == at("2023-04-10T17:30")  # over Qingming
    assert found.newcomer_due(window, day("2022-06-01")) == window.due


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('due: {day: 28, at: "17:30"}', 'due: {day: 20, at: "17:30"}', "month.due"),
        ('locks: {after: 1, day: 20, at: "17:30"}', 'locks: {day: 30, at: "17:30"}', "half.due"),
    ],
)
def test_moments_out_of_order_are_refused(tmp_path: Path, old: str, new: str, key: str) -> None:
    with pytest.raises(ConfigError, match="次序不对") as refused:
        office(tmp_path, **edited("periods.yaml", old, new))
    assert refused.value.key == key


@given(st.sampled_from(KINDS), st.dates(date(2022, 6, 10), date(2035, 12, 31)))
def test_every_window_opens_before_it_is_due_on_a_working_day_before_it_locks(kind: Kind, on: date) -> None:
    found = sample()
    window = found.window(found.period(containing(kind, on).label))
    assert window.opens < window.due <= window.locks
    assert found.is_workday(window.due.date())


@given(st.dates(date(2022, 6, 10), date(2030, 12, 31)), st.integers(0, 23))
def test_open_windows_are_those_that_a_plain_search_finds(on: date, hour: int) -> None:
    found = sample()
    now = at(f"{on}T{hour:02}:30")
    near = [containing(kind, on).shift(n) for kind in ("week", "month", "quarter") for n in range(-5, 4)]
    labels = [stretch.label for stretch in near if stretch.last_day >= found.records_from]
    plain = [
        w for w in map(found.window, map(found.period, labels)) if w.opens <= now < w.locks and found.expected(w.period)
    ]
    assert list(found.windows_open_at(now)) == sorted(plain, key=lambda w: w.period.sort)
