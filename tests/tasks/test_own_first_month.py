"""An office's first two months with three workbooks of its own, filled in as last month's were: drafted without a hand's
edit, issued without the sample's figures, carried on into the next month whatever came back.
"""

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from support.config_kit import new_office
from support.first_sheets import county_summary, grouped_register, label_form
from support.office_kit import OfficeKit
from support.own_sheets import changed, opened
from tasks.config import import_config
from tasks.config_check import check_config
from tasks.import_history import import_history
from tasks.init_organisations import NewOrganisation
from tasks.intake import assign
from tasks.intake_list import show_intake
from tasks.own_sheets import draft_file, try_file
from tasks.send import put_copies
from yaoxun.cli import app
from yaoxun.errors import RequestError
from yaoxun.forms.layout.draft import Wishes
from yaoxun.home import Home
from yaoxun.returns.past_sheets import Stated

SEPTEMBER, OCTOBER = "2026-09", "2026-10"
OPEN, MORNING, NEXT_OPEN, NEXT_MORNING = (f"2026-{day}T10:00" for day in ("09-26", "09-27", "10-26", "10-27"))
EAST, SOUTH = "D01", "D02"
TEAMS = [
    ("重点工程", "示例高铁站青年突击队", 24), ("重点工程", "示例水厂青年突击队", 16), ("应急抢险", "示例防汛青年突击队", 30),
    ("志愿服务", "示例新队", 3), ("志愿服务", "示例新队二", 4), ("应急抢险", "示例新队三", 5),
]  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("first")
    names = (("东区", EAST), ("南县", SOUTH), ("西县", "D03"), ("北市", "D04"))
    orgs = tuple(NewOrganisation(name=f"{n}（示例）", short=n, kind="县", code=code) for n, code in names)
    ctx = new_office(
        folder / "home", tables=(), organisations=orgs, pilot_start=date(2026, 8, 1), records_from=date(2026, 6, 1)
    )  # fmt: skip
    books = (
        ("汇总", county_summary(), "kind:县"),
        ("登记表", label_form(), "D01,D02"),
        ("台账", grouped_register(), "all"),
    )
    for name, content, orgs_told in books:
        (folder / f"{name}.xlsx").write_bytes(content)
        draft_file(ctx, folder / f"{name}.xlsx", Wishes(), assign=orgs_told)
    kit = OfficeKit(Home(ctx.home.root), MORNING)
    kit.issue(SEPTEMBER, OPEN)
    return ctx.home.root


@pytest.fixture
def kit(made: Path, tmp_path: Path) -> OfficeKit:
    shutil.copytree(made, tmp_path / "home")
    return OfficeKit(Home((tmp_path / "home").resolve()), MORNING)


def issued(kit: OfficeKit, title: str, org: str = EAST, period: str = SEPTEMBER) -> bytes:
    (path,) = kit.home.issued.glob(f"{period}/{kit.short(org)}-*{title}.xlsx")
    return path.read_bytes()


def decided(kit: OfficeKit, *files: bytes, now: str = "") -> list[tuple[str, str]]:
    kit.drop_in_order([(content, f"来件{n}.xlsx") for n, content in enumerate(files)])
    return [pair for one in kit.collect(now).judged for pair in one.decisions]


def said(kit: OfficeKit) -> list[tuple[str, str]]:
    return [(row.rule, row.cell) for row in kit.query("select rule, cell from finding order by id")]


def team_cells(first: int = 5) -> dict[str, Any]:
    cells: dict[str, Any] = {}
    for row, (group, name, people) in enumerate(TEAMS, start=first):
        cells |= {f"A{row}": group, f"B{row}": name, f"C{row}": "2026-05-08", f"D{row}": people, f"F{row}": 1.5}
    return cells


def test_what_was_drafted_passes_the_check_and_says_who_reports_without_a_hand(made: Path) -> None:
    kit = OfficeKit(Home(made), MORNING)
    assert check_config(kit.ctx()).faults == ()
    text = (made / "config" / "assignments.yaml").read_text("utf-8")
    assert [line for line in text.splitlines() if line and line[0] != "#"] == [
        "assignments:",
        '  - {orgs: "kind:县", tables: [T1], period: month, duty: 必报}',
        "  - {orgs: [D01, D02], tables: [T2], period: month, duty: 必报}",
        "  - {orgs: all, tables: [T3], period: month, duty: 有则报}",
    ]


def test_one_organisations_rows_are_printed_for_nobody(made: Path) -> None:
    text = (made / "config" / "forms" / "T3.yaml").read_text("utf-8")
    assert "kind: register" in text and not list((made / "config" / "lists").glob("t3*"))
    assert text.count("？请确认：") == 1  # the period, which the sheet does not say
    assert [path.stem for path in sorted((made / "config" / "forms").glob("*.yaml"))] == ["T1", "T2", "T3"]


def test_the_samples_rows_and_sums_go_to_nobody(kit: OfficeKit) -> None:
    register, summary = (opened(issued(kit, title)).worksheets[0] for title in ("青年突击队台账", "汇总表"))
    assert all(cell.value is None for line in register["A5:G8"] for cell in line)
    assert [register[place].value for place in ("A9", "D9", "F9")] == ["合计", None, None]
    assert not {"A5:A6", "A7:A8"} & set(map(str, register.merged_cells.ranges))
    assert [cell.value for row in (8, 11, 12) for cell in summary[f"C{row}:H{row}"][0]] == [None] * 18
    assert [summary[f"B{row}"].value for row in (8, 11, 12)] == ["小计", "小计", "合计"]


def test_the_lines_say_the_period_of_the_issue(kit: OfficeKit) -> None:
    kit.issue(OCTOBER, NEXT_OPEN)
    found = [opened(issued(kit, t, period=OCTOBER)).worksheets[0] for t in ("汇总表", "登记表", "台账")]
    assert [found[0]["A2"].value, found[1]["E2"].value, found[2]["E2"].value] == [
        "报告期：2026年10月", "2026年10月", "截至2026年10月31日",
    ]  # fmt: skip


def test_the_next_month_goes_out_with_all_that_is_known_and_room_for_more(kit: OfficeKit) -> None:
    book = opened(issued(kit, "台账"))
    sheet = book.worksheets[0]
    for area in [str(a) for a in sheet.merged_cells.ranges if a.min_row >= 9]:
        sheet.unmerge_cells(area)
    sheet.insert_rows(9, 2)
    path = kit.home.root / "填.xlsx"
    book.save(path)
    assert decided(kit, changed(path.read_bytes(), team_cells())) == [("T3", "接收")]
    kit.issue(OCTOBER, NEXT_OPEN)
    content = issued(kit, "台账", period=OCTOBER)
    sheet = opened(content).worksheets[0]
    rows = [tuple(sheet.cell(row, col).value for col in (1, 2, 4)) for row in range(5, 15)]
    assert rows == [*TEAMS, *[(None,) * 3] * 3, ("合计", None, None)]
    assert {"A14:B14", "A15:G15"} <= set(map(str, sheet.merged_cells.ranges))
    more = changed(content, {"A11": "重点工程", "B11": "示例又一队", "C11": "2026-10-08", "D11": 8, "F11": 2})
    assert decided(kit, more, now=NEXT_MORNING) == [("T3", "接收")]
    other = opened(issued(kit, "台账", SOUTH, OCTOBER)).worksheets[0]
    assert [other[f"B{row}"].value for row in range(5, 9)] == [None] * 4


def test_a_sheet_that_names_another_month_is_returned_at_its_cell_unless_staff_say_which(kit: OfficeKit) -> None:
    cells = {"A2": "报告期：2026年10月", "C6": 4, "D6": 9, "E6": 1, "F6": 1, "G6": 1, "H6": 2.5}
    file = changed(issued(kit, "汇总表"), cells)
    assert decided(kit, file) == [("T1", "退回")]
    assert said(kit) == [("C01", "A2")]
    message = kit.query("select message from finding")[0].message
    assert "2026-10" in message and "发给2026-09的" in message
    import_config(kit.ctx())
    assert assign(kit.ctx(actor="bgs"), 1, period=SEPTEMBER, reason="电话问过").decisions == (("T1", "接收"),)


def test_an_amount_below_zero_is_not_sent_to_a_column_that_the_table_lacks(kit: OfficeKit) -> None:
    assert decided(kit, changed(issued(kit, "登记表"), {"B3": -2, "D3": 5})) == [("T2", "退回")]
    (message,) = [row.message for row in kit.query("select message from finding where cell = 'B3'")]
    assert message.endswith("不能是负数，请核对。")


def test_an_answer_in_a_folder_was_taken_by_no_server(kit: OfficeKit) -> None:
    decided(kit, changed(issued(kit, "登记表"), {"B3": 2, "D3": 5}))
    put_copies(kit.ctx())
    (answer,) = show_intake(kit.ctx(), 1).answers
    assert [one["state"] for one in answer["to"]] == ["已放入文件夹"]


def test_a_summary_of_several_is_told_with_what_to_do(kit: OfficeKit) -> None:
    assert decided(kit, county_summary()) == []
    reason = kit.query("select reason from arrival")[0].reason
    assert "东区、南县、西县、北市共4家单位的行" in reason


def test_history_of_another_period_than_was_said_is_refused_at_the_line(kit: OfficeKit, tmp_path: Path) -> None:
    path = tmp_path / "旧表.xlsx"
    path.write_bytes(changed(county_summary(), {"A2": "报告期：2026年7月"}))
    with pytest.raises(RequestError, match="A2.*2026-07.*--period 写的是2026-06"):
        import_history(kit.ctx(), path, Stated(period="2026-06"))
    assert import_history(kit.ctx(), path, Stated(period="2026-07")).groups == 4


def test_the_offices_definition_names_what_is_tried_and_no_more(kit: OfficeKit, tmp_path: Path) -> None:
    path = tmp_path / "汇总.xlsx"
    path.write_bytes(county_summary())
    definition = kit.home.config / "forms" / "T1.yaml"
    definition.write_text(definition.read_text("utf-8").replace("unit: 笔", "unit: 件"), encoding="utf-8")
    found = {cell.cell: cell for cell in try_file(kit.ctx(), path).cells}
    assert [(found[at].column, found[at].unit) for at in ("G6", "H6", "I10")] == [
        ("笔数", "件"), ("金额", "万元"), ("备注", ""),
    ]  # fmt: skip


# Who reports, as it may be typed


def test_the_advice_of_a_draft_can_be_pasted_as_it_stands(kit: OfficeKit) -> None:
    book = kit.home.root / "表.xlsx"
    book.write_bytes(label_form())
    told = CliRunner().invoke(app, ["forms", "draft", str(book), "--id", "T9", "--home", str(kit.home.root)]).output
    assert "几家的代码 [D01, D02]" in told and "原来是 assignments: [] 的" in told
    assert "\n  - {orgs: all, tables: [T9], period: month, duty: 必报}\n" in told


@pytest.mark.parametrize(
    ("typed", "written"),
    [("D01", "[D01]"), ("[D01, D02]", "[D01, D02]"), ("东区、南县", "[D01, D02]"), ('"kind:县"', '"kind:县"')],
)
def test_who_reports_may_be_typed_as_people_do(kit: OfficeKit, tmp_path: Path, typed: str, written: str) -> None:
    path = tmp_path / "表.xlsx"
    path.write_bytes(label_form())
    draft_file(kit.ctx(), path, Wishes(first_id="T9"), assign=typed)
    text = (kit.home.config / "assignments.yaml").read_text("utf-8")
    assert f"  - {{orgs: {written}, tables: [T9], period: month, duty: 必报}}" in text.splitlines()
    assert check_config(kit.ctx()).faults == ()


def test_nobody_is_assigned_who_is_not_there_and_nothing_is_written_then(kit: OfficeKit, tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    path.write_bytes(label_form())
    with pytest.raises(RequestError, match="没有单位“D09”"):
        draft_file(kit.ctx(), path, Wishes(first_id="T9"), assign="D01,D09")
    duties = kit.home.config / "assignments.yaml"
    duties.write_text("assignments: [{orgs: all, tables: [T1], period: month, duty: 必报}]\n", encoding="utf-8")
    with pytest.raises(RequestError, match="没有起草"):
        draft_file(kit.ctx(), path, Wishes(first_id="T9"), assign="all")
    assert not (kit.home.config / "forms" / "T9.yaml").exists()


def test_a_program_folder_that_is_no_office_is_written_into_only_where_it_is_named(
    kit: OfficeKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, book = kit.home.root, kit.home.root / "表.xlsx"
    (root / "pyproject.toml").write_text('[project]\nname = "yaoxun"\n', encoding="utf-8")
    (root / "data").rename(root.parent / "data")
    book.write_bytes(label_form())
    monkeypatch.setenv("YAOXUN_HOME", str(root))
    refused = CliRunner().invoke(app, ["forms", "draft", str(book), "--id", "T9"])
    assert refused.exception is not None and "是程序自己的目录" in str(refused.exception)
    assert not (root / "config" / "forms" / "T9.yaml").exists()
    assert CliRunner().invoke(app, ["forms", "draft", str(book), "--id", "T9", "--home", str(root)]).exit_code == 0


def test_a_table_without_an_organisations_row_is_a_fault_of_the_configuration(kit: OfficeKit) -> None:
    (kit.home.config / "own" / "T1.xlsx").write_bytes(changed(county_summary(), {"B10": "别市"}))
    (fault,) = check_config(kit.ctx()).faults
    assert "没有北市的行" in str(fault)
