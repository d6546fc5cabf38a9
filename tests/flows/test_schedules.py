"""config/schedules.yaml: what is accepted, what is refused, and what becomes of it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from prefect.client.schemas.objects import FlowRun

from flows.broken_runs import _to_drop
from tests.flows.conftest import FLOW_MODULES, FakeOffice
from yaoxun.errors import ConfigError
from yaoxun.home import Home, shipped
from yaoxun.schedules import Schedules, load_schedules


def schedules_of(tmp_path: Path, text: str) -> Schedules:
    (tmp_path / "config").mkdir(exist_ok=True)
    (tmp_path / "config" / "schedules.yaml").write_text(text, encoding="utf-8")
    return load_schedules(Home(tmp_path))


def one(tmp_path: Path, entry: str) -> Any:
    return schedules_of(tmp_path, f"schedules:\n  - {{name: 甲, {entry}}}\n").schedules[0]


def test_the_shipped_file_serves_every_flow() -> None:
    shipped_ones = load_schedules(Home(shipped("config").parent)).schedules
    assert {schedule.flow for schedule in shipped_ones} == set(FLOW_MODULES)


@pytest.mark.parametrize("cron", ["30 8 * * *", "*/10 * * * *", "0 9 1,11 1-12/3 *", "5-20/5 0 28-31 2 0,6"])
def test_a_sound_time_is_accepted(tmp_path: Path, cron: str) -> None:
    assert one(tmp_path, f'flow: reminding, cron: "{cron}"').cron == cron


@pytest.mark.parametrize(
    "cron", ["60 8 * * *", "0 24 * * *", "0 9 0 * *", "0 9 * 13 *", "0 9 * *", "20-5 * * * *", "早上"]
)
def test_an_unsound_time_is_refused_with_the_place(tmp_path: Path, cron: str) -> None:
    with pytest.raises(ConfigError, match=r"schedules\.yaml 第2行.*五段"):
        one(tmp_path, f'flow: reminding, cron: "{cron}"')


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ("flow: collecting", "只写一个"),
        ('flow: collecting, interval: 60, cron: "0 9 * * *"', "只写一个"),
        ("flow: drafting, interval: 60", "kind"),
        ("flow: collecting, interval: 60, parameters: {kind: 简报}", "kind"),
        ("flow: collecting, interval: 60, parameters: {nowish: 2023-01-01}", "不在允许之列"),
        ("flow: collecting, intervall: 60", "是否想写“interval”"),
        ("flow: ranking, interval: 60", "不在允许之列"),
    ],
)
def test_an_entry_that_cannot_work_is_refused(tmp_path: Path, entry: str, problem: str) -> None:
    with pytest.raises(ConfigError, match=problem):
        one(tmp_path, entry)


def test_one_name_for_two_entries_is_refused(tmp_path: Path) -> None:
    entry = "  - {name: 甲, flow: collecting, interval: 60}\n"
    with pytest.raises(ConfigError, match="“甲”用了不止一次"):
        schedules_of(tmp_path, f"schedules:\n{entry}{entry}")


def test_an_entry_becomes_a_deployment_on_office_time_with_a_module_as_entry(
    office: FakeOffice, tmp_path: Path
) -> None:
    from flows.served import deployment_of

    entry = one(tmp_path, 'flow: drafting, cron: "0 9 11 4 *", parameters: {kind: 简报}, enabled: false')
    deployment = deployment_of(entry)
    assert deployment.entrypoint == "flows.drafting.write_draft"
    assert (deployment.name, deployment.paused, deployment.parameters) == ("甲", True, {"kind": "简报"})
    assert set(deployment.tags) == {"yaoxun", "flow:drafting"}
    (schedule,) = deployment.schedules or []
    assert (schedule.schedule.cron, schedule.schedule.timezone) == ("0 9 11 4 *", "Asia/Shanghai")  # type: ignore[union-attr]


@pytest.mark.parametrize(("policy", "kept"), [("last", [3]), ("each", [1, 2, 3]), ("skip", [])])
def test_missed_times_are_made_up_for_as_the_schedule_says(policy: Any, kept: list[int]) -> None:
    start = datetime(2023, 4, 6, tzinfo=UTC)
    runs = {
        minute: FlowRun(flow_id=uuid4(), expected_start_time=start + timedelta(minutes=minute)) for minute in (2, 3, 1)
    }
    dropped = [run.id for run in _to_drop(list(runs.values()), policy)]
    assert sorted(minute for minute, run in runs.items() if run.id not in dropped) == kept
