"""Files that come at an odd moment, under an odd name, or again: none is lost, and none holds up another."""

import os
from pathlib import Path
from typing import Any

import pytest

from support.filling import only, policy
from support.office_kit import BUREAU, COUNTY, MARCH, OfficeKit, make_office
from tasks.import_history import import_history
from tasks.issue_templates import issue_templates
from tasks.judge import judge_batch, waiting
from tasks.remind import remind
from tasks.take_in import take_in
from yaoxun.demo.hands import issued_path
from yaoxun.errors import OutsideError, RequestError

AFTER_LOCK = "2023-05-20T10:00"


@pytest.fixture
def office(tmp_path: Path) -> OfficeKit:
    return make_office(tmp_path / "home")


def old(path: Path) -> None:
    moment = path.stat().st_mtime - 60
    os.utime(path, (moment, moment))


def states(kit: OfficeKit) -> list[str]:
    return [row.state for row in kit.query("select state from arrival order by id")]


def test_a_name_in_gbk_is_read_and_holds_nobody_up(office: OfficeKit) -> None:
    raw = os.fsencode(office.home.inbox) + b"/" + "城区报表.xlsx".encode("gbk")
    Path(os.fsdecode(raw)).write_bytes(office.filled(COUNTY))
    old(Path(os.fsdecode(raw)))
    office.drop(office.filled(BUREAU), "单位.xlsx")
    office.collect()
    assert states(office) == ["已判", "已判"]
    assert {row.name for row in office.query("select name from arrival")} == {"城区报表.xlsx", "单位.xlsx"}


def test_a_file_that_cannot_be_read_is_told_and_the_others_are_taken(
    office: OfficeKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.open

    def refuse(path: Path, *how: Any, **more: Any) -> Any:
        if path.name == "坏.xlsx":
            raise PermissionError(13, "Permission denied")
        return real(path, *how, **more)

    office.drop_in_order([(office.filled(COUNTY), "坏.xlsx"), (office.filled(BUREAU), "好.xlsx")])
    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(OutsideError, match="坏.*没有权限") as told:
        take_in(office.ctx())
    assert "不是表的问题；文件没有丢，下次收件自动再试" in told.value.remedy
    assert [row.name for row in office.query("select name from arrival")] == ["好.xlsx"]
    monkeypatch.undo()
    office.collect()
    assert states(office) == ["已判", "已判"]


def _of_baseline(book: object) -> None:
    del book["_meta"]  # type: ignore[attr-defined]
    for row in book["封面"].iter_rows(min_col=2, max_col=3):  # type: ignore[index]
        if row[0].value == "报告期":
            row[1].value = "试点前"


def test_a_workbook_of_the_baseline_waits_for_somebody_and_the_next_is_judged(office: OfficeKit) -> None:
    files = [(office.filled(COUNTY, change=_of_baseline), "旧.xlsx"), (office.filled(BUREAU), "新.xlsx")]
    office.drop_in_order(files)
    office.collect()
    assert states(office) == ["待认领", "已判"]


def test_the_same_bytes_in_the_right_folder_are_judged_after_the_wrong_one(office: OfficeKit) -> None:
    content = office.filled(COUNTY)
    office.drop(content, "高平市/表.xlsx")
    office.collect()
    office.drop(content, "城区/表.xlsx")
    office.collect()
    assert states(office) == ["待认领", "已判"]


def _of_nobody(book: object) -> None:
    del book["_meta"]  # type: ignore[attr-defined]
    for row in book["封面"].iter_rows(min_col=2, max_col=3):  # type: ignore[index]
        if row[0].value == "填报单位":
            row[1].value = None


def test_equal_bytes_from_the_folders_of_two_organisations_are_two_reports(office: OfficeKit) -> None:
    content = office.filled(COUNTY, declared={"T1": "本次不含"}, change=_of_nobody)
    for folder in ("城区", "泽州县", "泽州县"):
        office.drop(content, f"{folder}/表.xlsx")
        office.collect()
    assert states(office) == ["已判", "已判", "重复"]
    placed = office.query("select distinct arrival, org from placement order by arrival")
    assert [(row.arrival, row.org) for row in placed] == [(1, "chengqu"), (2, "zezhou")]


def test_a_file_from_a_machine_whose_clock_is_ahead_is_taken(
    office: OfficeKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.drop(office.filled(COUNTY), "城区.xlsx", age_s=-86400)
    office.collect()
    assert states(office) == [], "it came a moment ago and may still be written"
    monkeypatch.setattr("yaoxun.returns.folder.SETTLE_S", 0.0)
    office.collect()
    assert states(office) == ["已判"]


def test_an_older_file_sent_again_after_a_newer_one_is_looked_at(office: OfficeKit) -> None:
    first = office.filled(BUREAU, rows={"T3": [policy(1)]})
    second = office.filled(BUREAU, rows={"T3": [policy(1), policy(2)]}, declared=only("T3"))
    for content in (first, second, first):
        office.drop(content, "表.xlsx")
        office.collect()
    assert states(office) == ["已判", "已判", "已判"]
    office.drop(first, "表.xlsx")
    office.collect()
    assert states(office)[-1] == "重复", "now it is the one that stands"


def test_a_file_taken_in_before_the_lock_is_judged_after_it(office: OfficeKit) -> None:
    office.drop(office.filled(COUNTY), "表.xlsx")
    take_in(office.ctx("2023-04-12T17:00"))
    late = office.ctx(AFTER_LOCK)
    assert judge_batch(late, waiting(late)).judged[0].state == "已判"


def test_every_table_that_the_cover_declares_and_the_workbook_lacks_is_returned(office: OfficeKit) -> None:
    def without(book: object) -> None:
        for name in [n for n in book.sheetnames if n.startswith(("T3", "T5")) or n == "_meta"]:  # type: ignore[attr-defined]
            del book[name]  # type: ignore[attr-defined]

    office.drop(office.filled(COUNTY, declared={"T3": "有数据", "T5": "有数据"}, change=without), "表.xlsx")
    (judged,) = office.collect().judged
    assert {("T3", "退回"), ("T5", "退回")} <= set(judged.decisions)


def test_nobody_is_reminded_of_what_is_locked(office: OfficeKit) -> None:
    assert remind(office.ctx(AFTER_LOCK), MARCH).steps == 0


def test_an_older_template_that_a_crash_left_is_replaced(office: OfficeKit) -> None:
    path = issued_path(office.home.issued, office.short(COUNTY), MARCH)
    issued = path.read_bytes()
    path.write_bytes(b"an older one")
    assert issue_templates(office.ctx(), MARCH).written == 1
    assert path.read_bytes() == issued


def test_a_period_that_is_still_to_be_reported_is_not_imported(office: OfficeKit, tmp_path: Path) -> None:
    file = tmp_path / "往期.csv"
    file.write_text(
        "表号,报告期,单位,名称,类别,日期,主办\nT7,2023-04,城区,示例活动,活动,2023-04-01,示例单位\n", encoding="utf-8"
    )
    with pytest.raises(RequestError, match="「csv」B2：.*还没有锁定"):
        import_history(office.ctx(), file)
    assert office.query("select id from obligation where period = '2023-04'") == []
