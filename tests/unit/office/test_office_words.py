from datetime import UTC

import pytest
from office_kit import at, sample

from yaoxun.office.words import deadline_words, moment_words, remaining_words

DUE = at("2023-03-28T17:30")


def test_a_moment_is_said_with_its_weekday_in_office_time() -> None:
    assert moment_words(DUE) == "3月28日（星期二）17:30"
    assert moment_words(DUE.astimezone(UTC)) == "3月28日（星期二）17:30"
    assert moment_words(at("2023-04-09T08:05")) == "4月9日（星期日）08:05"


def test_another_year_is_said() -> None:
    assert moment_words(at("2024-01-10T17:30"), at("2023-12-28T09:00")) == "2024年1月10日（星期三）17:30"


@pytest.mark.parametrize(
    ("now", "words"),
    [
        ("2023-03-23T09:00", "还有3个工作日"),
        ("2023-03-25T09:00", "还有2个工作日"),
        ("2023-03-27T23:59", "还有1个工作日"),
        ("2023-03-28T00:01", "今天截止"),
        ("2023-03-28T17:30", "今天截止"),
        ("2023-03-28T17:31", "今天已过截止时间"),
        ("2023-03-29T09:00", "已逾期1个工作日"),
        ("2023-04-06T09:00", "已逾期6个工作日"),  # 5 April is off
    ],
)
def test_what_remains_is_counted_in_working_days(now: str, words: str) -> None:
    assert remaining_words(DUE, at(now), sample()) == words


def test_a_weekend_after_a_friday_is_less_than_a_working_day() -> None:
    friday = at("2023-03-24T17:30")
    assert remaining_words(friday, at("2023-03-25T10:00"), sample()) == "已逾期不足1个工作日"
    assert remaining_words(at("2023-03-26T10:00"), at("2023-03-25T10:00"), sample()) == "还有不足1个工作日"


def test_a_deadline_is_said_with_what_remains_and_whether_it_is_provisional() -> None:
    assert deadline_words(DUE, at("2023-03-23T09:00"), sample()) == "3月28日（星期二）17:30，还有3个工作日"
    unknown = deadline_words(at("2040-03-28T17:30"), at("2040-03-27T09:00"), sample())
    assert unknown == "3月28日（星期三）17:30（暂定），还有1个工作日"
