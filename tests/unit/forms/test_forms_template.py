"""The workbook that goes out."""

from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from forms_kit import JANUARY, Filler, forms, frame, history, known, open_bytes, policy, template

from yaoxun.forms.rules.catalogue import catalogue
from yaoxun.forms.template import rules_hash
from yaoxun.forms.template_manual import manual_page
from yaoxun.forms.template_sheet import _ROW, QuickSheet


def book(*frames: Any) -> Any:
    return openpyxl.load_workbook(BytesIO(template(*frames)))


def texts(sheet: Any) -> list[str]:
    return [str(c.value) for row in sheet.iter_rows() for c in row if c.value is not None]


def test_the_same_input_gives_the_same_bytes() -> None:
    made = frame("T3", history=history(policy()))
    assert template(frame("T1"), made) == template(frame("T1"), frame("T3", history=history(policy())))


def test_a_workbook_holds_cover_tables_manual_and_hidden_sheets() -> None:
    made = book(frame("T1"), frame("T3"))
    assert made.sheetnames == ["封面", "T1 措施推进表", "T3 政策出台表", "填报说明", "_lists", "_meta"]
    assert [made[n].sheet_state for n in ("_lists", "_meta")] == ["hidden", "veryHidden"]


def test_the_cover_asks_a_declaration_for_each_table() -> None:
    cover = book(frame("T1"), frame("T3"))["封面"]
    rule = next(iter(cover.data_validations.dataValidation))
    assert rule.formula1 == '"有数据,零报告,不适用,本次不含"'
    assert str(rule.sqref) == "D16:D17"


def test_fixed_tables_are_locked_but_for_their_input_cells() -> None:
    filler = Filler(frame("T1"))
    sheet = filler.sheet("T1")
    assert sheet.protection.sheet and not sheet.protection.password
    locked = {c.name: sheet.cell(4, filler.col("T1", c.name)).protection.locked for c in forms()["T1"].columns}
    assert {name for name, is_locked in locked.items() if not is_locked} == {
        "本期完成", "更正", "更正原因", "主要做法", "下步打算", "说明",
    }  # fmt: skip


def test_registers_are_not_protected_so_that_rows_can_be_sorted_and_deleted() -> None:
    filler = Filler(frame("T3", history=history(policy())))
    sheet = filler.sheet("T3")
    assert not sheet.protection.sheet
    assert not sheet.cell(4, filler.col("T3", "政策名称")).protection.locked


def test_open_entries_are_printed_and_closed_ones_are_not() -> None:
    past = history(policy("p1"), policy("p2", "ZC0002", 政策名称="旧办法", 状态="废止"))
    rows = frame("T3", history=past).prefill
    assert list(rows) == ["p1"]
    assert rows["p1"].values["政策编号"] == "ZC0001"
    sheet = Filler(frame("T3", history=past)).sheet("T3")
    assert [sheet.cell(r, 1).value for r in (4, 5)] == ["p1", None]


def test_a_register_has_forty_blank_rows_above_its_visible_end() -> None:
    sheet = Filler(frame("T7")).sheet("T7")
    assert (sheet.cell(44, 1).value, sheet.cell(44, 2).value) == ("#end", "— 表尾：请在此行以上填写 —")
    assert "负责人（签字）" in sheet.cell(45, 2).value


def test_dropdowns_reach_over_the_whole_area() -> None:
    filler = Filler(frame("T3", history=history(policy())))
    sheet, col = filler.sheet("T3"), filler.col("T3", "状态")
    letter = openpyxl.utils.get_column_letter(col)
    ranges = {str(v.sqref): v.formula1 for v in sheet.data_validations.dataValidation if v.type == "list"}
    assert f"{letter}4:{letter}44" in ranges
    lists = filler.book["_lists"]
    source = ranges[f"{letter}4:{letter}44"].split("!")[1].replace("$", "")
    assert [c[0].value for c in lists[source]] == ["有效", "已修改", "废止", "失效", "误报"]


def test_a_milestone_is_chosen_from_its_own_tasks_milestones() -> None:
    filler = Filler(frame("T2"))
    letter = openpyxl.utils.get_column_letter(filler.col("T2", "里程碑"))
    rules = [v for v in filler.sheet("T2").data_validations.dataValidation if f"{letter}4" in str(v.sqref)]
    assert len(rules) == 1 and rules[0].type == "list"


def test_january_prints_zero_for_the_year_and_the_last_total_since_the_pilot() -> None:
    past = history(known("I01", year=2022, 本年累计=Decimal(300), 试点以来累计=Decimal(900)))
    printed = frame("T1", history=past, period=JANUARY).prefill["I01"].values
    assert (printed["上期本年累计"], printed["上期试点以来累计"]) == (Decimal(0), Decimal(900))


def test_a_form_prints_with_area_and_repeated_header() -> None:
    sheet = Filler(frame("T3")).sheet("T3")
    assert sheet.print_title_rows == "$3:$3"
    assert "$B$1:$S$45" in str(sheet.print_area)
    assert sheet.freeze_panes == "D4"


@pytest.mark.parametrize("table", sorted(forms()))
def test_the_manual_names_every_column_and_every_rule(table: str) -> None:
    words = set(texts(book(frame(table))["填报说明"]))
    for column in forms()[table].columns:
        assert column.hidden or (column.header or column.name) in words
    for rule in catalogue(forms()[table]):
        assert {rule.id, rule.say} <= words


@pytest.mark.parametrize("table", sorted(forms()))
def test_the_manual_page_says_the_same_as_the_sheet(table: str) -> None:
    page = manual_page(forms()[table])
    assert page.startswith(f"## {table} ")
    for rule in forms()[table].setting.rules:
        assert f"| {rule.id} | {rule.level} | {rule.say} |" in page
    assert len({line.count("|") - line.count("\\|") for line in page.splitlines() if line.startswith("|")}) == 1


def test_the_meta_sheet_says_whose_workbook_it_is_and_by_which_rules() -> None:
    raw = open_bytes(template(frame("T3")))
    meta = raw.sheet("_meta")
    assert meta is not None
    told = {str(meta.cells[r, 1].value): str(meta.cells[r, 2].value) for r in range(1, 6)}
    assert (told["org"], told["rules"]) == ("zjj", rules_hash([forms()["T3"]]))


def test_pre_filled_dates_are_real_dates() -> None:
    filler = Filler(frame("T3", history=history(policy())))
    cell = filler.sheet("T3").cell(4, filler.col("T3", "出台日期"))
    assert (cell.value.date(), cell.number_format) == (date(2023, 3, 10), "yyyy-mm-dd")


@pytest.mark.parametrize("formulas", [("", '1&"<"&B\x00', ""), ("", "", "A\x00>2"), ("",)])
def test_rows_that_are_written_as_one_are_the_rows_written_cell_by_cell(formulas: tuple[str, ...]) -> None:
    def made(quick: bool) -> bytes:
        stream = BytesIO()
        book = xlsxwriter.Workbook(stream, {"in_memory": True})
        book.set_properties({"created": datetime(2000, 1, 1)})
        looks = [book.add_format({"num_format": one}) for one in ("0.00", "@", "0")[: len(formulas)]]
        sheet = book.add_worksheet("一", worksheet_class=QuickSheet if quick else None)
        sheet.write_string(0, 1, "<表头>", looks[-1])
        if quick:
            sheet.write_alike(range(1, 40), list(zip(looks, formulas, strict=True)))
        for at in range(1, 40) if not quick else ():
            for col, (look, formula) in enumerate(zip(looks, formulas, strict=True), start=1):
                if formula:
                    sheet.write_formula(at, col, formula.replace(_ROW, str(at + 1)), look, "")
                else:
                    sheet.write_blank(at, col, None, look)
        sheet.write_string(40, 1, "表尾")
        book.close()
        return stream.getvalue()

    assert made(quick=True) == made(quick=False)
