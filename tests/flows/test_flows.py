"""What each flow calls, in which order, and how it ends."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest

from tests.flows.conftest import FLOW_MODULES, FakeOffice
from yaoxun.errors import NotNowError, OutsideError, RequestError

ENTRIES = {
    "issuing": "issue",
    "collecting": "collect",
    "drafting": "write_draft",
    "delivering": "deliver",
    "reminding": "remind_owing",
    "housekeeping": "keep_house",
}


def flow_named(module: str) -> Any:
    return getattr(sys.modules[f"flows.{module}"], ENTRIES[module])


def state_of(module: str, home: Path, **parameters: str) -> Any:
    return flow_named(module)(home=str(home), return_state=True, **parameters)


def test_collecting_judges_what_came_and_what_was_left_over_each_once(office: FakeOffice, tmp_path: Path) -> None:
    office.fresh, office.left_over = (3, 4), (2, 3)
    state = state_of("collecting", tmp_path)
    assert state.is_completed()
    assert office.calls == [("take_in",), ("judge", 2), ("judge", 3), ("judge", 4), ("put_copies",)]
    assert state.result() == state.message
    assert state.message.splitlines() == [
        "take_in办毕。",
        "judge办毕。",
        "judge办毕。",
        "judge办毕。",
        "put_copies办毕。",
    ]


def test_beyond_150_files_a_task_judges_fifty(office: FakeOffice, tmp_path: Path) -> None:
    office.left_over = tuple(range(1, 152))
    assert state_of("collecting", tmp_path).is_completed()
    lots = [call[1] for call in office.calls if call[0] == "judge_batch"]
    assert [len(lot) for lot in lots] == [50, 50, 50, 1]
    assert [item for lot in lots for item in lot] == list(range(1, 152))


def test_one_bad_file_does_not_take_the_others_turn_and_the_run_says_so(office: FakeOffice, tmp_path: Path) -> None:
    office.fresh = (1, 2, 3)
    office.errors[("judge", 2)] = [NotNowError("第2件正在由别人审核。", "稍后再试。")]
    state = state_of("collecting", tmp_path)
    assert [call for call in office.calls if call[0] == "judge"] == [("judge", 1), ("judge", 2), ("judge", 3)]
    assert state.is_failed()
    assert state.message == "第2件正在由别人审核。\n处理办法：稍后再试。"


def test_a_file_that_the_disk_keeps_back_holds_up_none_that_is_in_and_the_run_says_so(
    office: FakeOffice, tmp_path: Path
) -> None:
    office.left_over = (2,)
    office.errors[("take_in",)] = [OutsideError("“坏.xlsx”暂时没有收成：磁盘已满") for _ in range(3)]
    state = state_of("collecting", tmp_path)
    assert office.calls[-2:] == [("judge", 2), ("put_copies",)]
    assert state.is_failed() and state.message == "“坏.xlsx”暂时没有收成：磁盘已满"


def test_what_something_outside_refused_is_tried_again(office: FakeOffice, tmp_path: Path) -> None:
    office.errors[("send",)] = [OutsideError("邮件服务器没有应答。"), OutsideError("邮件服务器没有应答。")]
    assert state_of("delivering", tmp_path).is_completed()
    assert office.calls == [("number_signed",), ("send",), ("send",), ("send",)]


def test_after_three_refusals_the_run_fails_with_the_sentence(office: FakeOffice, tmp_path: Path) -> None:
    office.errors[("send",)] = [OutsideError("邮件服务器没有应答。", "请看网络。") for _ in range(3)]
    state = state_of("delivering", tmp_path)
    assert state.is_failed()
    assert state.message == "邮件服务器没有应答。\n处理办法：请看网络。"
    assert office.calls.count(("send",)) == 3


@pytest.mark.parametrize("error", [RequestError("没有这个文种。"), ZeroDivisionError("fault of ours")])
def test_what_only_a_person_can_mend_is_not_tried_again(office: FakeOffice, tmp_path: Path, error: Exception) -> None:
    office.errors[("draft", "简报", None, None)] = [error]
    assert flow_named("drafting")(kind="简报", home=str(tmp_path), return_state=True).is_failed()
    assert office.calls == [("draft", "简报", None, None)]


def test_a_second_equal_run_really_runs(office: FakeOffice, tmp_path: Path) -> None:
    for _ in range(2):
        assert state_of("drafting", tmp_path, kind="简报", period="2023-03", as_of="2023-04-10").is_completed()
    assert office.calls == [("draft", "简报", "2023-03", "2023-04-10")] * 2


@pytest.mark.parametrize(
    ("module", "calls"),
    [
        ("issuing", [("open_windows", "2023-03"), ("issue_templates", "2023-03")]),
        ("reminding", [("remind", "2023-03")]),
        ("delivering", [("number_signed",), ("send",)]),
        ("housekeeping", [("housekeep",)]),
    ],
)
def test_a_flow_is_its_calls_in_order(
    office: FakeOffice, tmp_path: Path, module: str, calls: list[tuple[Any, ...]]
) -> None:
    assert state_of(module, tmp_path, period="2023-03").is_completed()
    assert office.calls == calls


def test_a_hand_s_request_has_its_run_as_occasion_and_its_person_as_actor(office: FakeOffice, tmp_path: Path) -> None:
    from prefect import tags

    with tags("actor:示例经办"):
        state = state_of("reminding", tmp_path, now="2023-04-06T09:00")
    (ctx,) = office.contexts
    assert ctx.occasion == str(state.state_details.flow_run_id)
    assert (ctx.actor, ctx.scheduled_for) == ("示例经办", None)
    assert ctx.home.root == tmp_path
    assert ctx.now() == datetime(2023, 4, 6, 1, 0, tzinfo=UTC)


def test_a_time_nobody_can_read_fails_with_a_sentence(office: FakeOffice, tmp_path: Path) -> None:
    state = state_of("reminding", tmp_path, now="明天")
    assert state.is_failed()
    assert "明天" in cast(str, state.message)
    assert office.calls == []


@pytest.mark.parametrize("module", FLOW_MODULES)
def test_every_parameter_is_shown_in_chinese_with_a_description(office: FakeOffice, module: str) -> None:
    shown = flow_named(module).parameters.properties
    assert {"period", "now", "home"} <= set(shown)
    for name, entry in shown.items():
        assert any("一" <= sign <= "鿿" for sign in entry["title"]), name
        assert any("一" <= sign <= "鿿" for sign in entry["description"]), name


@pytest.mark.parametrize("module", FLOW_MODULES)
def test_every_flow_has_a_description_for_the_page(office: FakeOffice, module: str) -> None:
    assert flow_named(module).description.strip()
