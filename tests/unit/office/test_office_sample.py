"""The shipped sample office: what forms.md says of the demo holds, and everything in it is marked as a sample."""

from pathlib import Path

import pytest
from office_kit import CONFIG, day, sample

from yaoxun.office.people import load_people


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("measure", 13), ("organise_aspect", 5), ("unit_kind", 7), ("unit_aspect", 6), ("deed_field", 6), ("traction", 7),
        ("task", 45), ("progress_state", 8), ("policy_state", 5), ("problem_state", 5), ("opinion_result", 5),
    ],
)  # fmt: skip
def test_the_code_lists_have_the_sizes_of_the_reference_issue(name: str, size: int) -> None:
    assert len(sample().code_list(name).as_of(day("2023-03-31"))) == size


def test_there_are_six_counties_and_twenty_bureaus() -> None:
    kinds = [o.kind for o in sample().organisations_as_of(day("2023-03-31"))]
    assert (kinds.count("县"), kinds.count("成员单位")) == (6, 20)


def test_seven_actions_and_six_projects_make_the_thirteen_measures() -> None:
    groups = [e.attributes["group"] for e in sample().code_list("measure").entries]
    assert (groups.count("行动"), groups.count("工程")) == (7, 6)


def test_the_old_form_of_a_character_names_the_same_measure() -> None:
    measure = sample().code_list("measure")
    assert measure.find("青·靚", day("2023-03-31")) == measure.find("青·靓", day("2023-03-31")) is not None


def test_every_organisation_that_reports_has_two_rows_of_indicators() -> None:
    found = sample()
    owners = [e.attributes["owner"] for e in found.code_list("indicator").entries]
    assert {name: owners.count(name) for name in owners} == {
        o.short: 2 for o in found.reporting_organisations(found.period("2023-03"))
    }


def test_every_bureau_leads_a_task_and_plans_never_fall() -> None:
    tasks = sample().code_list("task").entries
    assert len({e.attributes["owner"] for e in tasks}) == 20
    for task in tasks:
        plan = [int(task.attributes[f"plan_q{n}"]) for n in (1, 2, 3, 4)]
        assert plan == sorted(plan)
        assert plan[-1] == 100


def test_organisations_and_tasks_are_marked_as_samples() -> None:
    found = sample()
    reporting = found.reporting_organisations(found.period("2023-03"))
    assert all("示例" in o.name for o in (*reporting, found.collector))
    assert all(e.name.startswith("示例") for n in ("task", "traction") for e in found.code_list(n).entries)


def test_every_reporting_organisation_can_be_reached_at_a_reserved_address() -> None:
    found = sample()
    people = load_people(CONFIG, found)
    reached = {c.org for c in people.contacts if c.kind == "A岗"}
    assert reached == {o.code for o in found.reporting_organisations(found.period("2023-03"))}
    assert all(c.address.endswith(".example") for c in people.contacts)
    assert {"拟稿人", "核稿人", "签发人"} <= {role for p in people.people for role in p.roles}


def test_the_sample_calendar_repeats_nothing_that_the_library_knows() -> None:
    lines = Path(CONFIG / "calendar.yaml").read_text(encoding="utf-8").splitlines()
    assert all(line.startswith("#") for line in lines if line.strip())
