"""When each reminder of an obligation is due."""

from datetime import datetime
from pathlib import Path

import pytest

from yaoxun.context import SHANGHAI
from yaoxun.notices.settings import ReminderSteps
from yaoxun.notices.steps import due_steps, step_name
from yaoxun.office.loading import load_office

OFFICE = load_office(Path(__file__).parents[3] / "config")
STEPS = ReminderSteps()
DUE = datetime(2023, 3, 28, 17, 30, tzinfo=SHANGHAI)  # a Tuesday


def at(day: int, hour: int = 9, month: int = 3, minute: int = 0) -> datetime:
    return datetime(2023, month, day, hour, minute, tzinfo=SHANGHAI)


def names(now: datetime, due: datetime = DUE, steps: ReminderSteps = STEPS) -> list[str]:
    return [name for name, _ in due_steps(steps, OFFICE, due, now)]


def test_steps_are_named_by_working_days() -> None:
    assert [step_name(n) for n in (-3, -1, 1, 2)] == ["截止前3日", "截止前1日", "逾期1日", "逾期2日"]


def test_nothing_is_due_before_nine_on_the_third_working_day_before() -> None:
    assert names(at(23, 8, minute=59)) == []
    assert names(at(23)) == ["截止前3日"]


def test_steps_fall_on_working_days_and_come_oldest_first() -> None:
    assert [(name, moment.date().day) for name, moment in due_steps(STEPS, OFFICE, DUE, at(31))] == [
        ("截止前3日", 23), ("截止前1日", 27), ("逾期1日", 29), ("逾期2日", 30), ("逾期3日", 31),
    ]  # fmt: skip


def test_a_make_up_working_day_counts_and_a_holiday_does_not() -> None:
    before_may = datetime(2023, 4, 28, 17, 30, tzinfo=SHANGHAI)
    found = due_steps(ReminderSteps(workdays=(-6, 1, 2)), OFFICE, before_may, at(12, month=5))
    days = [moment.date().isoformat() for _, moment in found]
    assert days == ["2023-04-21", "2023-05-04", "2023-05-05"], "23 April is worked, 29 April to 3 May are off"


def test_the_day_is_that_of_the_offices_wall_whatever_zone_the_due_time_is_in() -> None:
    from datetime import UTC

    assert names(at(31), DUE.astimezone(UTC)) == names(at(31))


@pytest.mark.parametrize("workdays", [(1, -1), (1, 1), (-1, 0, 1)])
def test_steps_out_of_order_double_or_on_the_due_day_are_refused(workdays: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="从小到大"):
        ReminderSteps(workdays=workdays)
