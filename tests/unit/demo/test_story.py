"""The sample quarter's plan adds up, and its names are far enough apart."""

from datetime import date
from itertools import combinations

import pytest

from yaoxun.demo import story
from yaoxun.demo.names import deed_name, policy_name
from yaoxun.demo.story import BUREAUS, COUNTIES, EXPECTED, MONTHS, make_story
from yaoxun.forms.rules.names import pairs_of


def told(org_kind: tuple[str, ...]) -> list[story.Month]:
    plan = make_story()
    return [plan.of(org, period) for org in org_kind for period in MONTHS]


def test_bureaus_tell_of_55_policies_since_the_pilot_and_32_before_it() -> None:
    since = [policy for month in told(BUREAUS) for policy in month.policies]
    before = make_story().before_pilot
    assert (len(since), len(before)) == (EXPECTED["policies_since_pilot"], EXPECTED["policies_before_pilot"])
    assert len(since) + len(before) == EXPECTED["policies_city"]
    assert all(policy.issued >= date(2022, 6, 1) for policy in since)
    assert all(policy.issued < date(2022, 6, 1) for policy in before)


def test_bureaus_promise_95_deeds_and_counties_some_of_their_own() -> None:
    assert sum(len(month.deeds) for month in told(BUREAUS)) == EXPECTED["deeds_total"]
    assert sum(len(month.deeds) for month in told(COUNTIES)) > 0


def test_products_and_topics_add_up_and_counties_have_none() -> None:
    events = [event for month in told(BUREAUS) for event in month.events]
    assert sum(event.products for event in events) == EXPECTED["products_total"]
    assert sum(event.kind == "课题" for event in events) == EXPECTED["topics_total"]
    assert not [e for month in told(COUNTIES) for e in month.events if e.products or e.kind == "课题"]


def test_the_one_that_never_reports_in_march_has_nothing_to_tell_then() -> None:
    assert make_story().of(story.NEVER, "2023-03").policies == ()
    assert make_story().of(story.NEVER, "2023-03").deeds == ()
    assert not [e for e in make_story().of(story.NEVER, "2023-03").events if e.products or e.kind == "课题"]


def test_only_what_is_told_late_is_older_than_its_month() -> None:
    starts = {"2023-01": date(2022, 12, 26), "2023-02": date(2023, 1, 26), "2023-03": date(2023, 2, 26)}
    plan = make_story()
    for (_, period), month in plan.months.items():
        for policy in month.policies:
            assert (policy.issued < starts[period]) == policy.late
            assert policy.issued <= date(2023, int(period[-2:]), 25)


@pytest.mark.parametrize(
    "names", [[policy_name(n).title for n in range(100)], [deed_name(n).title for n in range(120)]]
)
def test_no_two_names_are_near_enough_to_be_asked_about(names: list[str]) -> None:
    assert len(set(names)) == len(names) and all("示例" in name for name in names)
    pairs = [pairs_of(name) for name in names]
    assert max(len(a & b) / len(a | b) for a, b in combinations(pairs, 2)) < 0.6


def test_every_document_number_is_given_once() -> None:
    plan = make_story()
    policies = [*plan.before_pilot, *(p for month in plan.months.values() for p in month.policies)]
    numbers = [policy.number for policy in policies if policy.number]
    assert len(set(numbers)) == len(numbers) and len(numbers) < len(policies)


def test_the_plan_is_the_same_every_time() -> None:
    assert make_story() == make_story()
