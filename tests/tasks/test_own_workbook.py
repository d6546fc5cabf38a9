"""The office's own workbooks from issue to figure: a county summary with a three-row header and sums, a form with labels
beside cells, a register with merged groups. Configured in YAML, filled by hand, judged, marked up, carried on.
"""

import re
import shutil
import time
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference

from support.office_kit import COUNTY, OTHER_COUNTY, OfficeKit, make_office
from support.own_sheets import CARD, REGISTER, SUMMARY, card_book, changed, opened, put, register_book, summary_book
from tasks.desk import load_config
from tasks.draft import draft
from tasks.import_history import import_files
from tasks.issue_templates import issue_templates
from tasks.own_files import check_own_files
from tasks.precheck import precheck
from tasks.trace import trace
from yaoxun.errors import ConfigError
from yaoxun.home import Home
from yaoxun.sheets.limits import load_limits
from yaoxun.store.blobs import blob_path

COUNTIES = ("城区", "泽州县", "高平市", "阳城县", "陵川县", "沁水县")
BOTH = f"{COUNTY}, {OTHER_COUNTY}"
APRIL, APRIL_OPEN, APRIL_MORNING = "2023-04", "2023-04-25T10:00", "2023-04-26T10:00"
GOOD = {"C7": 120, "E7": 8, "F7": 12.5}
ROWS = {
    "C5": "甲小区",
    "D5": 100,
    "E5": "在建",
    "C6": "乙小区",
    "D6": 50.5,
    "E6": "完成",
    "C9": "见习基地",
    "D9": 30,
    "E9": "在建",
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the three own tables issued; every test works on a copy."""
    kit = make_office(tmp_path_factory.mktemp("own") / "home", (COUNTY, OTHER_COUNTY), issued=False)
    put(kit.home.config, SUMMARY, summary_book(COUNTIES), BOTH)
    put(kit.home.config, CARD, card_book(), BOTH)
    put(kit.home.config, REGISTER, register_book(), BOTH, "有则报")
    kit.issue()
    return kit.home.root


@pytest.fixture
def kit(made: Path, tmp_path: Path) -> OfficeKit:
    shutil.copytree(made, tmp_path / "home")
    return OfficeKit(Home((tmp_path / "home").resolve()))


def issued(kit: OfficeKit, title: str, org: str = COUNTY, period: str = "2023-03") -> bytes:
    (path,) = kit.home.issued.glob(f"*/{kit.short(org)}-{period}-{title}.xlsx")
    return path.read_bytes()


def decisions(kit: OfficeKit, *files: bytes, now: str = "") -> list[tuple[str, str]]:
    kit.drop_in_order([(content, f"来件{n}.xlsx") for n, content in enumerate(files)])
    return [pair for one in kit.collect(now).judged for pair in one.decisions]


def facts(kit: OfficeKit, period: str = "2023-03") -> dict[tuple[str, str], tuple[int, str]]:
    rows = kit.query("select indicator, org, value, cell from fact where period = :p", p=period)
    return {(row.indicator, row.org): (row.value, row.cell) for row in rows}


def findings(kit: OfficeKit) -> set[tuple[str, str, str]]:
    return {(row.rule, row.sheet, row.cell) for row in kit.query("select rule, sheet, cell from finding")}


def marked(kit: OfficeKit) -> Any:
    (row,) = kit.query("select sha256 from blob where kind = 'marked'")
    return opened(blob_path(kit.home.blobs, row.sha256).read_bytes())


# Issue


def test_an_own_file_goes_out_with_its_look_kept_and_its_lines_filled(kit: OfficeKit) -> None:
    blank, sheet = opened(summary_book(COUNTIES)).worksheets[0], opened(issued(kit, "青年就业情况汇总表")).worksheets[0]
    assert (sheet["A1"].font.name, sheet["A1"].font.sz) == ("黑体", 18)
    assert sheet["B7"].fill.fgColor.rgb == blank["B7"].fill.fgColor.rgb
    assert set(map(str, sheet.merged_cells.ranges)) == set(map(str, blank.merged_cells.ranges))
    assert sheet.column_dimensions["B"].width == 18.5 and sheet.row_dimensions[5].height == 33
    assert sheet.print_title_rows == "$3:$5" and sheet.page_setup.orientation == "landscape"
    assert sheet.protection.sheet and str(sheet.data_validations.dataValidation[0].sqref) == "C7:C14"
    assert sheet["A2"].value == "2023年3月" and sheet["C10"].value == "=SUM(C7:C9)"


def test_only_the_organisations_own_row_is_left_to_fill(kit: OfficeKit) -> None:
    sheet = opened(issued(kit, "青年就业情况汇总表", OTHER_COUNTY)).worksheets[0]
    assert [row for row in range(7, 16) if sheet.row_dimensions[row].hidden] == [7, 9, 11, 12, 13]


def test_lines_of_organisation_and_period_are_filled(kit: OfficeKit) -> None:
    card, register = (
        opened(issued(kit, "青年工作基本情况")).worksheets[0],
        opened(issued(kit, "青年项目台账")).worksheets[0],
    )
    assert card["A2"].value == "填报单位（盖章）：城区（示例）　　报告期：2023年3月"
    assert (register["A2"].value, register["D2"].value) == ("填报单位：城区（示例）", "2023年3月")


def test_what_a_filled_blank_says_goes_to_nobody(kit: OfficeKit) -> None:
    put(kit.home.config, REGISTER, changed(register_book(), ROWS), BOTH, "有则报")
    put(kit.home.config, SUMMARY, changed(summary_book(COUNTIES), {"C7": 5, "C8": 6, "G7": "上月的话"}), BOTH)
    kit.issue()
    register, summary = (
        opened(issued(kit, "青年项目台账")).worksheets[0],
        opened(issued(kit, "青年就业情况汇总表")).worksheets[0],
    )
    assert [register[place].value for place in ROWS] == [None] * len(ROWS)
    assert register["A5"].value is None and "A5:A8" not in map(str, register.merged_cells.ranges)
    assert [summary[place].value for place in ("C7", "C8", "G7")] == [None] * 3


def test_issuing_twice_is_issuing_once(kit: OfficeKit) -> None:
    before = issued(kit, "青年项目台账")
    assert issue_templates(kit.ctx(), "2023-03").written == 0
    assert issued(kit, "青年项目台账") == before
    assert kit.query("select count(*) as n from template_issue where bundle like '2023-03/own/%'")[0].n == 6


def test_a_file_that_would_lose_something_is_refused_with_its_feature(kit: OfficeKit) -> None:
    book = opened(summary_book(COUNTIES))
    chart = BarChart()
    chart.add_data(Reference(book.worksheets[0], min_col=3, min_row=6, max_row=9))
    book.worksheets[0].add_chart(chart, "I3")
    out = BytesIO()
    book.save(out)
    (kit.home.config / "own" / "县区汇总.xlsx").write_bytes(out.getvalue())
    with pytest.raises(ConfigError, match=r"T20\.yaml.*layout\.file.*图表"):
        issue_templates(kit.ctx(), "2023-03")


def test_a_header_that_is_not_there_is_told_by_its_words(kit: OfficeKit) -> None:
    path = kit.home.config / "forms" / "T20.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("就业见习/补贴", "就业见习/补助"), encoding="utf-8")
    config = load_config(kit.home)
    found = check_own_files(
        kit.home.config, config.forms, config.office, load_limits(kit.home.config), kit.ctx().local_now().date()
    ).found
    assert [fault.key for fault in found] == ["layout.columns"]
    assert "“青年就业/就业见习/补助”" in str(found[0])


# Read and judged


def test_good_ones_are_accepted_with_their_figures_and_cells(kit: OfficeKit) -> None:
    files = (
        changed(issued(kit, "青年就业情况汇总表"), GOOD),
        changed(issued(kit, "青年项目台账"), ROWS),
        changed(
            issued(kit, "青年工作基本情况"), {"B3": 5000, "D3": "0356-1234567", "C4": 100, "C5": 40, "B6": "走访调研"}
        ),
    )
    assert decisions(kit, *files) == [("T20", "接收"), ("T22", "接收"), ("T21", "接收")]
    found = facts(kit)
    assert found["T20.本月", COUNTY] == (120, "C7") and found["T20.累计", COUNTY] == (120, "C7")
    assert found["T20.见习补贴", COUNTY] == (1250, "F7") and found["T21.青年人数", COUNTY] == (5000, "B3")
    assert found["T21.专项经费", COUNTY] == (10000, "C4")
    entries = kit.query(
        "select r.official_no as n, s.cells as c from register_entry r join sheet_row s on s.entry = r.uid order by n"
    )
    assert [row.n for row in entries] == ["XM007", "XM008", "XM009"]
    assert '"类别":["住房","A5","t"]' in entries[1].c and '"项目名称":["乙小区","C6","t"]' in entries[1].c
    assert findings(kit) == set()


def test_bad_ones_are_returned_with_findings_at_the_true_cells(kit: OfficeKit) -> None:
    bad = changed(issued(kit, "青年就业情况汇总表"), {"C7": "120人", "E7": -3, "C8": 55, "C10": 999})
    assert decisions(kit, bad) == [("T20", "退回")]
    assert findings(kit) == {
        ("C03", "汇总", "C7"),
        ("C03", "汇总", "E7"),
        ("S11", "汇总", "B8"),
        ("S09", "汇总", "C10"),
    }
    book = marked(kit)
    sheet = book["汇总"]
    assert sheet["C7"].fill.fgColor.rgb == "FFFFC7CE" and "不能读成数字" in sheet["C7"].comment.text
    assert sheet["A1"].font.name == "黑体" and sheet.row_dimensions[9].hidden
    assert "_meta" in book.sheetnames and book["_meta"].sheet_state == "veryHidden"


def test_findings_of_labels_and_merged_groups_stand_at_their_own_cells(kit: OfficeKit) -> None:
    card = changed(issued(kit, "青年工作基本情况"), {"B3": "五千", "C4": 10, "C5": 40, "B6": "长" * 80})
    register = changed(
        issued(kit, "青年项目台账"),
        {"A5": "13912345678", "C5": "甲", "D5": "1万", "E5": "在建", "C6": "乙", "D6": 2, "E6": "在建"},
    )
    assert decisions(kit, card, register) == [("T21", "退回"), ("T22", "退回")]
    assert findings(kit) == {
        ("C03", "情况表", "B3"), ("T21-01", "情况表", "C5"), ("C10", "情况表", "B6"), ("C11", "台账", "A5"), ("C03", "台账", "D5"),
    }  # fmt: skip
    said = {
        row.cell: row.message for row in kit.query("select cell, message from finding where rule in ('C03', 'C10')")
    }
    assert said["B6"].startswith("第6行") and said["D5"].startswith("第5行")


def test_rows_and_columns_may_be_inserted(kit: OfficeKit) -> None:
    book = opened(issued(kit, "青年项目台账"))
    sheet = book.worksheets[0]
    for place, value in ROWS.items():
        sheet[place].value = value
    for area in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(area))
    sheet.insert_rows(3, 2)
    sheet.insert_cols(4)
    sheet["A8"].value = "住房"
    out = BytesIO()
    book.save(out)
    assert decisions(kit, out.getvalue()) == [("T22", "接收")]
    assert facts(kit)["T22.投资", COUNTY][1] in ("E7", "E8", "E11")


def test_a_unit_that_was_changed_is_returned_at_its_header(kit: OfficeKit) -> None:
    file = changed(issued(kit, "青年就业情况汇总表"), {**GOOD, "F5": "补贴（元）"})
    assert decisions(kit, file) == [("T20", "退回")]
    assert findings(kit) == {("S10", "汇总", "F5")}


def test_an_empty_register_counts_as_zero_and_an_empty_card_is_returned(kit: OfficeKit) -> None:
    register, card = (
        changed(issued(kit, "青年项目台账"), {"H1": "x"}),
        changed(issued(kit, "青年工作基本情况"), {"H1": "x"}),
    )
    assert decisions(kit, register, card) == [("T22", "接收"), ("T21", "退回")]
    assert [row.declared for row in kit.query("select declared from sheet_version order by id")] == ["零报告", "有数据"]


def test_zero_written_into_the_row_is_a_zero_report(kit: OfficeKit) -> None:
    assert decisions(kit, changed(issued(kit, "青年就业情况汇总表"), {"C7": "零报告"})) == [("T20", "接收")]
    assert kit.query("select declared from sheet_version")[0].declared == "零报告"
    assert facts(kit)["T20.本月", COUNTY] == (0, "C7")


# Entries of the months before


@pytest.fixture
def april(kit: OfficeKit) -> OfficeKit:
    """甲小区 and 见习基地 were accepted in March and stand in April's register; 乙小区 is finished."""
    assert decisions(kit, changed(issued(kit, "青年项目台账"), ROWS)) == [("T22", "接收")]
    kit.issue(APRIL, APRIL_OPEN)
    return kit


@pytest.mark.parametrize("cells", [("C5", "D5", "E5"), ("B5", "C5", "D5", "E5")])
def test_an_entry_that_was_emptied_is_asked_about(april: OfficeKit, cells: tuple[str, ...]) -> None:
    sheet = opened(issued(april, "青年项目台账", period=APRIL)).worksheets[0]
    assert (sheet["C5"].value, sheet["C9"].value) == ("甲小区", "见习基地")
    file = changed(issued(april, "青年项目台账", period=APRIL), dict.fromkeys(cells) | {"D9": 31})
    assert decisions(april, file, now=APRIL_MORNING) == [("T22", "待说明")]
    (asked,) = april.query("select cell, message from finding where rule = 'S12'")
    assert asked.message.startswith("第5行原为“住房 甲小区”，现在是空的") and asked.cell == "A5"
    book = opened(
        blob_path(april.home.blobs, april.query("select sha256 from blob where kind = 'marked'")[0].sha256).read_bytes()
    )
    page = book["审核意见"]
    (row,) = [r for r in range(5, page.max_row + 1) if page.cell(r, 5).value == "A5"]
    page.cell(row, 11).value = "项目取消"
    out = BytesIO()
    book.save(out)
    assert decisions(april, out.getvalue(), now=APRIL_MORNING) == [("T22", "接收")]


def test_an_entry_missing_from_a_sheet_of_their_own_is_told_and_does_not_block(april: OfficeKit) -> None:
    mine = {"A2": "填报单位：城区", "D2": "2023年4月", "C9": "见习基地", "D9": 30, "E9": "在建"}
    assert decisions(april, changed(register_book(), mine), now=APRIL_MORNING) == [("T22", "接收")]
    assert [f.message for f in april.query("select message from finding where rule like 'S1%'")] == [
        "以前报过、还没有办结的有1行不在表里（“住房 甲小区”），仍按上次所报计。不再有效的请恢复这一行并改状态。"
    ]


def test_a_register_with_entries_that_comes_back_as_it_was_is_a_zero_report_once(
    april: OfficeKit, tmp_path: Path
) -> None:
    file = issued(april, "青年项目台账", period=APRIL)
    asked = tmp_path / "未改.xlsx"
    asked.write_bytes(file)
    assert [d[-1] for d in precheck(april.ctx(APRIL_MORNING), asked).decisions] == ["接收"]
    assert decisions(april, file, now=APRIL_MORNING) == [("T22", "接收")]
    assert april.query("select declared from sheet_version order by id desc")[0].declared == "零报告"
    april.drop(file, "又一次.xlsx")
    april.collect(APRIL_MORNING)
    (again,) = april.query("select state, reason from arrival where name = '又一次.xlsx'")
    assert again.state == "重复" and again.reason.startswith("与第 2 号来件逐字节相同")


@pytest.mark.parametrize("title", ["青年项目台账", "青年工作基本情况"])
def test_an_own_file_without_entries_that_comes_back_as_it_was_is_a_blank_one(kit: OfficeKit, title: str) -> None:
    assert decisions(kit, issued(kit, title)) == []
    assert "空白模板" in kit.query("select reason from arrival")[0].reason


def test_issuing_own_files_without_dates_twice_writes_them_once(kit: OfficeKit) -> None:
    for table in ("项目台账", "基本情况"):
        path = kit.home.config / "own" / f"{table}.xlsx"
        path.write_bytes(without_properties(path.read_bytes()))
    issue_templates(kit.ctx(), "2023-03")
    time.sleep(1.1)
    assert issue_templates(kit.ctx(), "2023-03").written == 0


def without_properties(content: bytes) -> bytes:
    """The workbook without its document properties, as some programs write it."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "_rels/.rels":
                data = re.sub(rb"<Relationship [^>]*core-properties[^>]*/>", b"", data)
            if name == "[Content_Types].xml":
                data = re.sub(rb"<Override [^>]*core.xml[^>]*/>", b"", data)
            if name != "docProps/core.xml":
                target.writestr(name, data)
    return out.getvalue()


# Sheets that do not come from us


def without_meta(content: bytes) -> bytes:
    book = opened(content)
    book.remove(book["_meta"])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_sheet_from_elsewhere_is_placed_by_its_lines(kit: OfficeKit) -> None:
    card = changed(card_book(), {"A2": "填报单位：泽州县　　报告期：2023年3月", "B3": 800})
    assert decisions(kit, card) == [("T21", "接收")]
    assert facts(kit)["T21.青年人数", OTHER_COUNTY] == (800, "B3")


def test_a_summary_from_elsewhere_is_placed_by_the_only_filled_row(kit: OfficeKit) -> None:
    assert decisions(kit, changed(summary_book(COUNTIES, month="2023年3月"), {"C8": 7})) == [("T20", "接收")]
    assert facts(kit)["T20.本月", OTHER_COUNTY] == (7, "C8")


@pytest.mark.parametrize(
    ("month", "cells"),
    [("2023年3月", {"C7": 1, "C8": 7}), ("2023年3月", {}), ("2023年　月", {"C8": 7})],
)
def test_a_summary_of_nobody_of_two_or_of_no_period_waits_for_a_person(
    kit: OfficeKit, month: str, cells: dict[str, Any]
) -> None:
    assert decisions(kit, changed(summary_book(COUNTIES, month=month), cells)) == []
    assert [row.state for row in kit.query("select state from arrival")] == ["待认领"]


def test_another_organisations_line_is_an_error_at_its_cell(kit: OfficeKit) -> None:
    card = changed(issued(kit, "青年工作基本情况"), {"A2": "填报单位：泽州县　报告期：2023年3月", "B3": 800})
    assert decisions(kit, card) == [("T21", "退回")]
    assert findings(kit) == {("C01", "情况表", "A2")}


# The next period, explanations, history, a figure


def test_the_next_period_is_prefilled_from_the_last(kit: OfficeKit) -> None:
    files = (
        changed(issued(kit, "青年就业情况汇总表"), GOOD),
        changed(issued(kit, "青年项目台账"), ROWS),
        changed(issued(kit, "青年工作基本情况"), {"B3": 5000, "D3": "0356-1234567"}),
    )
    decisions(kit, *files)
    kit.issue(APRIL, APRIL_OPEN)
    register = opened(issued(kit, "青年项目台账", period=APRIL)).worksheets[0]
    assert [[register.cell(row, col).value for col in range(2, 6)] for row in (5, 6, 9)] == [
        ["XM007", "甲小区", 100, "在建"], [None] * 4, ["XM009", "见习基地", 30, "在建"],
    ]  # fmt: skip
    assert opened(issued(kit, "青年工作基本情况", period=APRIL)).worksheets[0]["D3"].value == "0356-1234567"
    summary = issued(kit, "青年就业情况汇总表", period=APRIL)
    assert opened(summary).worksheets[0]["D7"].value == '=IFERROR(ROUND((120+C7),0),"")'
    assert decisions(kit, changed(summary, {"C7": 30}), now=APRIL_MORNING) == [("T20", "接收")]
    assert facts(kit, APRIL)["T20.累计", COUNTY] == (150, "C7")


def test_what_must_be_explained_may_be_explained_in_the_list(kit: OfficeKit) -> None:
    decisions(kit, changed(issued(kit, "青年就业情况汇总表"), GOOD))
    kit.issue(APRIL, APRIL_OPEN)
    file = changed(issued(kit, "青年就业情况汇总表", period=APRIL), {"C7": 0})
    assert decisions(kit, file, now=APRIL_MORNING) == [("T20", "待说明")]
    book = marked(kit)
    page = book["审核意见"]
    (row,) = [r for r in range(5, page.max_row + 1) if page.cell(r, 3).value == "C08"]
    assert page.cell(row, 5).value == "C7"
    page.cell(row, 11).value = "本月没有招聘"
    out = BytesIO()
    book.save(out)
    assert decisions(kit, out.getvalue(), now=APRIL_MORNING) == [("T20", "接收")]
    assert [row.text for row in kit.query("select text from explanation")] == ["本月没有招聘"]


FIGURE = "\n  jobs: {name: 城镇新增就业, unit: 人, sum: T20, column: 本月, span: year}\n"
SENTENCE = "\n全市城镇新增就业{{ 数量('jobs') }}。\n"


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8").rstrip("\n") + "\n" + text, encoding="utf-8")


def test_a_figure_adds_what_came_by_own_sheets_and_by_history(kit: OfficeKit, tmp_path: Path) -> None:
    append(kit.home.config / "figures.yaml", FIGURE)
    append(kit.home.templates / "yaoxun" / "narrative.md.j2", SENTENCE)
    old = tmp_path / "2023年2月汇总.xlsx"
    old.write_bytes(changed(summary_book(COUNTIES, month="2023年2月"), {"C7": 10, "D7": 25, "C8": 20, "D8": 60}))
    done = import_files(kit.ctx(), [old])
    assert (done.files[0].groups, done.refused) == (2, 0), done.files[0].summary()
    decisions(kit, changed(issued(kit, "青年就业情况汇总表"), GOOD))
    drafted = draft(kit.ctx(), "要讯", "2023-03")
    with zipfile.ZipFile(BytesIO((kit.home.documents / drafted.file).read_bytes())) as package:
        assert ">150<" in package.read("word/document.xml").decode()
    (numeral,) = trace(kit.ctx(), drafted.document, "150")
    assert sorted((s.organisation, s.value, s.cell) for s in numeral.sources) == [
        ("城区", "10", "C7"), ("城区", "120", "C7"), ("泽州县", "20", "C8"),
    ]  # fmt: skip
    assert facts(kit)["T20.累计", COUNTY] == (145, "C7")


# Several tables in one workbook


def half_of(table: str, title: str) -> str:
    return f"""
id: {table}
title: {title}
kind: fixed
period: month
rows: {{organisation: true}}
key: [单位]
columns:
  - {{name: 单位, locked: true, prefill: {{attribute: name}}, meaning: 县（市、区）}}
  - {{name: 场次, kind: count, unit: 场, required: true, indicator: true, meaning: 本月举办}}
layout: {{file: own/两张表.xlsx, title: {title}, organisation: 单位, columns: {{单位: 县区, 场次: 场次}}}}
"""


def test_tables_of_one_workbook_go_out_and_come_back_together(kit: OfficeKit) -> None:
    book = openpyxl.Workbook()
    for line in (
        ["2023年　月"], ["一、招聘活动"], ["县区", "场次"], ["城区", None], ["泽州县", None], ["合计", None], [],
        ["二、志愿活动"], ["县区", "场次"], ["城区", None], ["泽州县", None], ["注：按月报。"],
    ):  # fmt: skip
        book.worksheets[0].append(line)
    blank = BytesIO()
    book.save(blank)
    put(kit.home.config, half_of("T23", "招聘活动"), blank.getvalue(), BOTH)
    put(kit.home.config, half_of("T24", "志愿活动"), blank.getvalue(), BOTH)
    kit.issue()
    file = issued(kit, "两张表")
    assert opened(file).worksheets[0]["A1"].value == "2023年3月"
    assert decisions(kit, changed(file, {"B4": 3, "B10": 5})) == [("T23", "接收"), ("T24", "接收")]
    found = facts(kit)
    assert (found["T23.场次", COUNTY], found["T24.场次", COUNTY]) == ((3, "B4"), (5, "B10"))


def test_our_own_workbook_holds_our_tables_alone(kit: OfficeKit) -> None:
    out = kit.home.issued.glob("*/城区-2023-03*.xlsx")
    ours = [p for p in out if not any(t in p.name for t in ("青年就业", "青年工作", "青年项目"))]
    sheets = opened(ours[0].read_bytes()).sheetnames
    assert len(ours) == 1 and "T1 措施推进表" in sheets
    assert not [name for name in sheets if name.startswith(("T20", "T21", "T22"))]
