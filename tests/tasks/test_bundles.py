"""Tables of several periods: what opens together is one workbook with deadlines of its own for each table; a week stands by
itself. And tables that look at other tables, through the whole chain.
"""

from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from support.filling import TABLES, policy, sheet_of
from support.office_kit import BUREAU, COUNTY, MARCH, OfficeKit, make_office
from tasks.cut import versions_now
from tasks.desk import open_desk
from tasks.issue_templates import issue_templates
from tasks.open_windows import open_windows
from tasks.remind import remind
from tasks.status import status
from yaoxun.demo.story import REPORTING

BUNDLE, QUARTER, WEEK = "2023-03+2023Q1", "2023Q1", "2023-W14"
FIRST, SECOND = "2023-03-27T10:00", "2023-04-07T10:00"


@pytest.fixture
def office(tmp_path: Path) -> OfficeKit:
    return make_office(tmp_path / "home")


def decided(kit: OfficeKit, now: str) -> dict[str, str]:
    return dict(kit.collect(now).judged[-1].decisions)


def rows_of(kit: OfficeKit, **where: str) -> list[Any]:
    sql = "select org, bundle, n, path from template_issue order by id"
    return [row for row in kit.query(sql) if all(getattr(row, k) == v for k, v in where.items())]


def test_month_and_quarter_are_one_workbook_and_each_table_says_its_period_and_deadline(office: OfficeKit) -> None:
    (path,) = (office.home.issued / BUNDLE).glob("示例单位01-*.xlsx")
    book = openpyxl.load_workbook(path)
    cover = {
        str(row[1].value).split(" ")[0]: (row[2].value, row[4].value)
        for row in book["封面"].iter_rows()
        if row[1].value
    }
    assert {t: cover[t][0] for t in TABLES} == {t: QUARTER if t in ("T4", "T6", "T9") else MARCH for t in TABLES}
    assert "3月28日" in cover["T1"][1] and "4月10日" in cover["T4"][1]
    assert cover["报告期"][0] == "2023-03、2023Q1" and cover["频次"][0] == "每月、每季"
    assert [sheet.title.split(" ")[0] for sheet in book.worksheets[1:10]] == list(TABLES)


def test_a_month_that_ends_no_quarter_is_a_workbook_of_its_own(tmp_path: Path) -> None:
    kit = make_office(tmp_path / "home", issued=False)
    issue_templates(kit.ctx("2023-02-25T10:00"))
    assert {row.bundle for row in rows_of(kit)} == {"2023-02"}
    assert (kit.home.issued / "2023-02" / "城区-2023-02.xlsx").is_file()


@pytest.mark.parametrize("period", [None, MARCH, QUARTER])
def test_whichever_period_is_named_the_same_workbook_goes_out_once(tmp_path: Path, period: str | None) -> None:
    kit = make_office(tmp_path / "home", issued=False)
    now = kit.ctx("2023-03-25T10:00")
    assert (issue_templates(now, period).written, issue_templates(now, MARCH).unchanged) == (4, 4)
    assert [(row.bundle, row.n) for row in rows_of(kit)] == [(BUNDLE, 1)] * 4
    assert {row.period for row in kit.query("select distinct period from obligation")} == {MARCH, QUARTER}


def test_who_owes_the_month_alone_gets_the_month_alone(tmp_path: Path) -> None:
    kit = make_office(tmp_path / "home", issued=False)
    path = kit.home.config / "assignments.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("- {orgs: [chengqu, zezhou, danwei01, danwei02], tables: [T4",
                                 "- {orgs: [danwei01], tables: [T4"), encoding="utf-8")  # fmt: skip
    issue_templates(kit.ctx("2023-03-25T10:00"))
    assert {row.org: row.bundle for row in rows_of(kit)} == {
        COUNTY: MARCH, "zezhou": MARCH, "danwei02": MARCH, BUREAU: BUNDLE,
    }  # fmt: skip


def test_one_file_answers_both_periods_and_each_has_its_versions(office: OfficeKit) -> None:
    office.drop(office.filled(BUREAU), "示例单位01.xlsx")
    assert decided(office, FIRST) == dict.fromkeys(TABLES, "接收")
    found = {
        s.obligation.table: s.state for s in status(office.ctx(FIRST), QUARTER).standings if s.obligation.org == BUREAU
    }
    assert found == dict.fromkeys(("T4", "T6", "T9"), "零报告")
    assert {s.obligation.period for s in status(office.ctx(FIRST), MARCH).standings} == {MARCH}


def test_a_cut_of_the_quarter_holds_its_last_month_and_a_cut_of_the_month_the_quarter_that_ends_with_it(
    office: OfficeKit,
) -> None:
    office.drop(office.filled(BUREAU), "示例单位01.xlsx")
    decided(office, FIRST)
    with open_desk(office.ctx(SECOND)) as desk, desk.store.read() as conn:
        of_month, of_quarter = versions_now(desk, conn, MARCH), versions_now(desk, conn, QUARTER)
    assert of_month == of_quarter and len(of_month) == len(TABLES)


def test_the_quarters_tables_may_follow_in_the_same_workbook_when_the_month_is_due(office: OfficeKit) -> None:
    """The month's own tables are locked on the same day, but a second file says 本次不含 of them."""
    quarter = dict.fromkeys(("T4", "T6", "T9"), "本次不含")
    office.drop(office.filled(BUREAU, declared=quarter), "示例单位01.xlsx")
    decided(office, FIRST)
    month = {t: "零报告" if t in quarter else "本次不含" for t in TABLES}
    office.drop(office.filled(BUREAU, declared=month), "示例单位01（季度）.xlsx")
    assert decided(office, SECOND) == dict.fromkeys(quarter, "接收")
    assert status(office.ctx(SECOND), QUARTER).late() == []


def test_without_its_identity_page_each_table_is_placed_by_the_covers_own_line(office: OfficeKit) -> None:
    def no_meta(book: Any) -> None:
        del book["_meta"]

    office.drop(office.filled(BUREAU, change=no_meta), "示例单位01.xlsx")
    assert decided(office, FIRST) == dict.fromkeys(TABLES, "接收")


def test_one_message_a_day_names_the_month_and_the_quarter_and_nothing_that_is_only_sent_when_there_is_something(
    office: OfficeKit,
) -> None:
    remind(office.ctx("2023-04-04T09:30"))
    rows = office.query(
        "select m.subject, o.table_id, o.period, r.step from reminder r join obligation o on o.id = r.obligation"
        " join message m on m.id = r.message"
    )
    assert {row.subject for row in rows if row.subject.startswith(f"{BUREAU}:")} == {f"{BUREAU}:2023-04-04"}
    mine = {(row.table_id, row.period) for row in rows if row.subject.startswith(f"{BUREAU}:")}
    assert mine == {("T1", MARCH), ("T2", MARCH), ("T4", QUARTER), ("T6", QUARTER), ("T9", QUARTER)}
    assert {row.step for row in rows if row.table_id == "T4"} == {"截止前3日"}


def test_the_week_is_a_workbook_of_its_own_for_the_leads(office: OfficeKit) -> None:
    issue_templates(office.ctx("2023-04-03T09:05"))
    assert {row.org for row in rows_of(office, bundle=WEEK)} == {BUREAU, "danwei02"}
    book = openpyxl.load_workbook(BytesIO(office.template(BUREAU, WEEK)))
    assert book["封面"]["B1"].value == "周例会表" and sheet_of(book, "W").cell(4, 2).value.startswith("示例单位01")
    office.drop(office.filled(BUREAU, WEEK), "周报.xlsx")
    assert decided(office, "2023-04-04T10:00") == {"W": "接收"}
    remind(office.ctx("2023-04-10T09:30"))  # the first week is due a day later: the table is new
    owed = office.query("select o.org, o.table_id from reminder r join obligation o on o.id = r.obligation"
                        " where o.period = '2023-W14' and r.step = '逾期1日'")  # fmt: skip
    assert [(row.org, row.table_id) for row in owed] == [("danwei02", "W")]


def effect(number: str) -> dict[str, Any]:
    return {"政策编号": number, "本期惠及人次": 120}


def test_an_effect_names_a_policy_of_ones_own_that_was_accepted_before(office: OfficeKit) -> None:
    """In one file the new policy has no number yet; in the next its number is in the dropdown, another's is not known."""
    office.drop(office.filled(BUREAU, rows={"T3": [policy(1)]}), "示例单位01.xlsx")
    office.drop(office.filled("danwei02", rows={"T3": [policy(2)]}), "示例单位02.xlsx")
    office.collect(FIRST)
    numbers = {row.org: row.official_no for row in office.query(
        "select o.org, e.official_no from register_entry e join sheet_row r on r.entry = e.uid"
        " join sheet_version v on v.id = r.sheet_version join obligation o on o.id = v.obligation where e.register = 'T3'")}  # fmt: skip
    others = dict.fromkeys((t for t in TABLES if t != "T4"), "本次不含")
    theirs = office.filled(BUREAU, rows={"T4": [effect(numbers["danwei02"])]}, declared=others)
    office.drop(theirs, "示例单位01（实效）.xlsx")
    assert decided(office, SECOND) == {"T4": "退回"}
    found = office.query("select cell, found from finding where rule = 'T4-01'")
    assert [(row.cell, row.found) for row in found] == [("B4", numbers["danwei02"])]
    issue_templates(office.ctx(SECOND), QUARTER)
    book = openpyxl.load_workbook(BytesIO(office.template(BUREAU, QUARTER)))
    assert numbers[BUREAU] in {str(cell.value) for row in book["_lists"].iter_rows() for cell in row}
    office.drop(
        office.filled(BUREAU, rows={"T4": [effect(numbers[BUREAU])]}, declared=others), "示例单位01（实效2）.xlsx"
    )
    assert decided(office, "2023-04-07T11:00") == {"T4": "接收"}


def test_a_number_of_another_organisations_entry_is_not_taken(office: OfficeKit) -> None:
    office.drop(office.filled("danwei02", rows={"T3": [policy(2)]}), "示例单位02.xlsx")
    office.collect(FIRST)
    (taken,) = [row.official_no for row in office.query("select official_no from register_entry where register = 'T3'")]
    office.drop(office.filled(BUREAU, rows={"T3": [policy(1, 政策编号=taken)]}), "示例单位01.xlsx")
    assert decided(office, FIRST)["T3"] == "退回"
    (found,) = office.query("select cell, found, message from finding where rule = 'Z02'")
    assert (found.cell, found.found) == ("B4", taken) and "示例单位02" in found.message


def test_parts_are_reconciled_with_the_whole_that_another_organisation_reports(tmp_path: Path) -> None:
    """城区 and 泽州县 report parts of what 示例单位16 reports for the whole city."""
    kit = make_office(tmp_path / "home", (COUNTY, "zezhou", "danwei16"))
    kit.drop(kit.filled("danwei16", typed={"T1": {"本期完成": 5}}), "示例单位16.xlsx")
    kit.drop(kit.filled(COUNTY, typed={"T1": {"本期完成": 3}}), "城区.xlsx")
    assert [dict(one.decisions)["T1"] for one in kit.collect(FIRST).judged] == ["接收", "接收"]
    kit.drop(kit.filled("zezhou", typed={"T1": {"本期完成": 3}}), "泽州县.xlsx")
    assert decided(kit, FIRST)["T1"] == "待说明"
    (found,) = kit.query("select row_uid, found, message from finding where rule = 'Z01'")
    assert (found.row_uid, found.found) == ("I043", "3")
    assert "合计6（城区3，泽州县3），大于示例单位16报的5" in found.message


def test_rows_that_nobody_is_asked_for_are_told_when_templates_go_out(office: OfficeKit, tmp_path: Path) -> None:
    told = issue_templates(office.ctx("2023-03-25T11:00"), MARCH)
    assert (
        "T2 R2303" in told.nobodys and "T2 R2301" not in told.nobodys
    )  # of 示例单位03, which this small office leaves out
    assert "没有单位填报：" in told.summary()
    whole = make_office(tmp_path / "whole", REPORTING, issued=False)
    assert open_windows(whole.ctx("2023-03-25T10:00")).nobodys == ()


def test_due_dates_are_those_of_each_period(office: OfficeKit) -> None:
    rows = office.query("select distinct period, due from obligation order by due")
    assert [(row.period, str(row.due)[:10]) for row in rows] == [(MARCH, "2023-03-28"), (QUARTER, "2023-04-10")]
