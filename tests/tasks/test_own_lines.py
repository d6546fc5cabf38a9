"""A blank that one office had filled in: its names, signatures and open questions, from issue to answer."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from support.office_kit import COUNTY, OTHER_COUNTY, OfficeKit, make_office
from support.own_sheets import CARD, REGISTER, SUMMARY, card_book, changed, opened, put, register_book, summary_book
from tasks.config_check import check_config
from tasks.issue_templates import issue_templates
from tasks.own_sheets import draft_file, try_file
from tasks.precheck import precheck
from yaoxun.cli import app
from yaoxun.forms.layout.draft import Wishes
from yaoxun.home import Home

COUNTIES = ("城区", "泽州县", "高平市", "阳城县", "陵川县", "沁水县")
BOTH = f"{COUNTY}, {OTHER_COUNTY}"
COLLECTOR = "团晋城市委（示例）"
GOOD = {"C7": 120, "E7": 8, "F7": 12.5}


def _filled_in(sheet: Any) -> None:
    """As the collector had filled it in for somebody last month."""
    sheet["C2"] = f"填报单位：{COLLECTOR}"
    last = sheet.max_row
    sheet.cell(last, 1).value = "填表人：某甲　　　负责人：某乙　　　填报日期：2023年2月28日"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose own blanks all hold somebody's name and signatures."""
    kit = make_office(tmp_path_factory.mktemp("lines") / "home", (COUNTY, OTHER_COUNTY), issued=False)
    put(kit.home.config, SUMMARY, summary_book(COUNTIES, more=_filled_in), BOTH)
    card = changed(card_book(), {"A2": "填报单位（盖章）：泽州县　　报告期：2023年2月"})
    put(kit.home.config, CARD, card, BOTH)
    put(kit.home.config, REGISTER, changed(register_book(), {"A2": "乡镇（街道）：泽州县"}), BOTH, "有则报")
    kit.issue()
    return kit.home.root


@pytest.fixture
def kit(made: Path, tmp_path: Path) -> OfficeKit:
    shutil.copytree(made, tmp_path / "home")
    return OfficeKit(Home((tmp_path / "home").resolve()))


def issued(kit: OfficeKit, title: str, org: str = COUNTY) -> bytes:
    (path,) = kit.home.issued.glob(f"*/{kit.short(org)}-2023-03-{title}.xlsx")
    return path.read_bytes()


def decisions(kit: OfficeKit, content: bytes, name: str = "来件.xlsx") -> list[tuple[str, str]]:
    kit.drop(content, name)
    return [pair for one in kit.collect().judged for pair in one.decisions]


def answers(kit: OfficeKit) -> list[dict[str, Any]]:
    return [json.loads(row.params) for row in kit.query("select params from message order by id")]


def as_text(content: bytes) -> bytes:
    """A workbook's first sheet as a text file, formulas blank."""
    lines = opened(content).worksheets[0].iter_rows(values_only=True)
    shown = [["" if value is None or str(value).startswith("=") else str(value) for value in line] for line in lines]
    return "\n".join(map(",".join, shown)).encode()


def test_every_blank_goes_out_with_the_addressees_name_and_nobodys_signature(kit: OfficeKit) -> None:
    for org, name in ((COUNTY, "城区（示例）"), (OTHER_COUNTY, "泽州县（示例）")):
        titles = ("青年就业情况汇总表", "青年工作基本情况", "青年项目台账")
        summary, card, register = (opened(issued(kit, title, org)).worksheets[0] for title in titles)
        assert summary["C2"].value == f"填报单位：{name}"
        assert card["A2"].value == f"填报单位（盖章）：{name}　　报告期：2023年3月"
        assert register["A2"].value == f"乡镇（街道）：{name}"
        signed = summary.cell(summary.max_row, 1).value
        assert "某" not in signed and "2023" not in signed and signed.startswith("填表人：") and "填报日期：" in signed


def test_an_empty_line_of_a_sheet_with_a_row_for_each_is_filled_too(kit: OfficeKit) -> None:
    empty = summary_book(COUNTIES, more=lambda sheet: sheet.__setitem__("C2", "填报单位："))
    put(kit.home.config, SUMMARY, empty, BOTH)
    kit.issue()
    assert opened(issued(kit, "青年就业情况汇总表")).worksheets[0]["C2"].value == "填报单位：城区（示例）"


@pytest.mark.parametrize("name", [COLLECTOR, "泽州县"])
def test_a_right_return_is_taken_although_the_blanks_name_stands_in_it(kit: OfficeKit, name: str) -> None:
    blank = summary_book(COUNTIES, more=lambda sheet: sheet.__setitem__("C2", f"填报单位：{name}"))
    put(kit.home.config, SUMMARY, blank, BOTH)
    back = changed(issued(kit, "青年就业情况汇总表"), GOOD | {"C2": f"填报单位：{name}"})
    assert decisions(kit, back) == [("T20", "接收")]


def test_the_collectors_name_does_not_place_a_sheet_from_elsewhere(kit: OfficeKit) -> None:
    other = summary_book(
        COUNTIES, month="2023年3月", more=lambda sheet: sheet.__setitem__("C2", f"填报单位：{COLLECTOR}")
    )
    assert decisions(kit, changed(other, {"C8": 7})) == [("T20", "接收")]
    assert {
        row.org for row in kit.query("select o.org from sheet_version v join obligation o on o.id = v.obligation")
    } == {OTHER_COUNTY}


def test_a_name_that_the_blank_does_not_hold_is_still_refused(kit: OfficeKit) -> None:
    back = changed(issued(kit, "青年工作基本情况"), {"A2": "上报单位：高平市　报告期：2023年3月", "B3": 800})
    assert decisions(kit, back) == [("T21", "退回")]
    (said,) = [one for one in answers(kit) if one.get("problems")]
    (table,) = said["tables"]
    assert table["note"] == "整份文件有 1 处错误，请改正后重报" and said["problem_count"] == 1


def test_any_line_with_anothers_name_is_refused_whatever_its_label(kit: OfficeKit) -> None:
    back = changed(issued(kit, "青年项目台账"), {"A2": "责任片区：高平市", "C5": "甲小区", "D5": 100, "E5": "在建"})
    assert decisions(kit, back) == [("T22", "退回")]
    refused = kit.query("select rule, cell from finding where level = '强制'")
    assert ("C01", "A2") in {(row.rule, row.cell) for row in refused}


def test_try_and_draft_tell_what_does_not_go_out(kit: OfficeKit, tmp_path: Path) -> None:
    file = tmp_path / "表.xlsx"
    file.write_bytes(summary_book(COUNTIES, more=_filled_in))
    (name, signed) = try_file(kit.ctx(), file).notes
    assert "C2 写着" in name and COLLECTOR in name and "A17" in signed
    (draft,) = draft_file(kit.ctx(), file, Wishes(), out=tmp_path / "out").forms
    assert f"# C2 写着“{COLLECTOR}”" in draft.text and draft.notes[0] in name
    done = CliRunner().invoke(app, ["forms", "try", str(file), "--home", str(kit.home.root)])
    assert "发放时换成各单位自己的名称" in "".join(done.stdout.split())


# Open questions


def test_open_questions_of_a_draft_are_hints_and_told_when_it_is_issued(kit: OfficeKit) -> None:
    path = kit.home.config / "forms" / "T21.yaml"
    text = path.read_text(encoding="utf-8")
    assert not any("请确认" in hint.say for hint in check_config(kit.ctx()).hints)
    path.write_text(
        text.replace("columns:\n", "columns:\n  # ？请确认：A3 甲。\n  # ？请确认：乙。\n", 1), encoding="utf-8"
    )
    checked = check_config(kit.ctx())
    (hint,) = [hint for hint in checked.hints if "请确认" in hint.say]
    lines = [n for n, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1) if "？请确认" in line]
    assert hint.file == "config/forms/T21.yaml" and "2 处" in hint.say and f"第{lines[0]}、{lines[1]}行" in hint.say
    assert not checked.faults and "2 处没有答" in checked.summary()
    told = issue_templates(kit.ctx(), "2023-03").summary()
    assert "T21 有 2 处" in told and "？请确认" in told
    path.write_text(text, encoding="utf-8")
    assert "请确认" not in issue_templates(kit.ctx(), "2023-03").summary()


# Answers


def test_a_list_alone_is_not_said_to_be_their_own_table(kit: OfficeKit) -> None:
    text = as_text(changed(issued(kit, "青年就业情况汇总表"), GOOD | {"C7": "约120"}))
    assert decisions(kit, text, "城区.csv") == [("T20", "退回")]
    (said,) = [one for one in answers(kit) if one.get("problems")]
    assert [a["list_only"] for a in said["attachments"]] == [True]
    assert {problem["sheet"] for problem in said["problems"]} == {"城区.csv"}
    notes = [note for note in said["notes"] if "按数字" in note]
    assert len(notes) == 1 and "2个数" in notes[0] and notes[0].startswith("城区.csv!")


def test_an_error_counts_as_one_although_something_is_written_beside_it(kit: OfficeKit) -> None:
    back = changed(issued(kit, "青年就业情况汇总表"), GOOD | {"C7": "约120", "G7": "约数"})
    assert decisions(kit, back) == [("T20", "退回")]
    (said,) = answers(kit)
    assert said["tables"][0]["note"] == "有 1 处错误，请改正后重报" and len(said["problems"]) == 1


@pytest.mark.parametrize("place", ["B3", "D3", "C5", "B6"])
def test_zero_may_be_written_into_any_cell_that_is_to_be_filled(kit: OfficeKit, place: str) -> None:
    assert decisions(kit, changed(issued(kit, "青年工作基本情况"), {place: "零报告"})) == [("T21", "接收")]
    assert [row.declared for row in kit.query("select declared from sheet_version")] == ["零报告"]


def test_a_text_file_is_called_by_its_name_in_a_precheck(kit: OfficeKit, tmp_path: Path) -> None:
    file = tmp_path / "城区.csv"
    file.write_bytes(as_text(changed(issued(kit, "青年就业情况汇总表"), GOOD | {"C7": "约120"})))
    seen = precheck(kit.ctx(), file).findings
    assert {finding.sheet for finding in seen} == {"城区.csv"}
