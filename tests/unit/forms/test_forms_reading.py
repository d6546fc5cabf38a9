"""A returned workbook becomes values with their cells, whatever hands did to it."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from forms_kit import NEW_POLICY, OTHER, Filler, forms, frame, history, known, open_bytes, policy, template

from yaoxun.forms.checking import check, check_identity, decide
from yaoxun.forms.envelope import Said
from yaoxun.forms.model import Finding, Table
from yaoxun.forms.reading import read_tables
from yaoxun.forms.rules.catalogue import COMMON
from yaoxun.home import shipped
from yaoxun.sheets.limits import load_limits
from yaoxun.sheets.model import RawWorkbook
from yaoxun.sheets.reader import read_workbook


def rules(table: Table) -> dict[str, Finding]:
    return {f.rule: f for f in check(table)}


def t3(*known_rows: Any, **changes: Any) -> Filler:
    """T3 with these known policies and one new one typed below them."""
    filler = Filler(frame("T3", history=history(*known_rows))).declare_all()
    return filler.type("T3", len(known_rows), NEW_POLICY | changes)


def new_row(filler: Filler) -> Any:
    return next(row for row in filler.table("T3").rows if row.new)


def test_an_untouched_template_is_refused_only_for_what_is_missing() -> None:
    filler = Filler(frame("T1")).declare_all()
    assert {(f.rule, f.column) for f in check(filler.table("T1"))} == {("C02", "本期完成")}


def test_a_filled_template_is_read_and_accepted() -> None:
    table = t3(policy()).table("T3")
    assert [(row.uid == "p1", row.new) for row in table.rows] == [(True, False), (False, True)]
    assert table.rows[1].value("出台日期") == date(2023, 4, 6)
    assert table.rows[1].value("对应措施") == ("优化城市居住环境",)
    assert decide(check(table)) == "接收"


@pytest.mark.parametrize(
    ("column", "typed", "value"),
    [
        ("出台日期", "2023.4.6", date(2023, 4, 6)),
        ("出台日期", "2023年4月6日", date(2023, 4, 6)),
        ("出台日期", "20230406", date(2023, 4, 6)),
        ("出台日期", 20230406, date(2023, 4, 6)),
        ("出台日期", "２０２３－０４－０６", date(2023, 4, 6)),
        ("出台日期", 45022, date(2023, 4, 6)),
        ("文号", "晋市建发[2023]9号", "晋市建发〔2023〕9号"),
        ("文号", "晋市建发（２０２３）第9号", "晋市建发〔2023〕9号"),
        ("对应措施", "青·靚", ("青·靓",)),
        ("对应措施", "X4, 青.靓", None),
        ("对应措施", "居住环境；“青·靓”", ("优化城市居住环境", "青·靓")),
        ("状态", " 有 效", "有效"),
    ],
)
def test_a_safe_repair_is_made_and_disclosed(column: str, typed: Any, value: Any) -> None:
    filler = t3(**{column: typed})
    row = new_row(filler)
    assert row.value(column) == value
    found = [f for f in check(filler.table("T3")) if f.column == column]
    if value is None:
        assert [f.rule for f in found] == ["C05"]
    else:
        assert [(f.rule, f.level) for f in found] == [("R01", "提示")]
        assert found[0].cell == row.cells[column].address


@pytest.mark.parametrize(
    ("typed", "value"),
    [("１２３", 123), ("1,234", 1234), ("1，234", 1234), (" 12 ", 12), ("3.0", 3), ("+5", 5), (7, 7)],
)
def test_numbers_in_other_writings_are_read(typed: Any, value: int) -> None:
    filler = Filler(frame("T7")).declare_all().type("T7", 0, {"名称": "示例活动", "参与人次": typed})
    assert filler.table("T7").rows[0].value("参与人次") == Decimal(value)


@pytest.mark.parametrize(("held", "shown_as", "value"), [(1, "0%", 100), (0.856, "0.0%", "85.6"), (1, "General", 1)])
def test_a_cell_counts_as_the_percentage_that_it_shows(held: float, shown_as: str, value: Any, tmp_path: Path) -> None:
    filler = Filler(frame("T5")).declare_all().type("T5", 0, {"名称": "示例实事", "进度": held})
    filler.sheet("T5").cell(filler.row("T5", 0), filler.col("T5", "进度")).number_format = shown_as
    filler.book.save(tmp_path / "filled.xlsx")
    raw = read_workbook(tmp_path / "filled.xlsx", load_limits(shipped("config")))
    assert isinstance(raw, RawWorkbook)
    read = read_tables(raw, {"T5": filler.frames["T5"].form}, filler.frames)
    assert read.tables["T5"].rows[0].value("进度") == Decimal(value)


@pytest.mark.parametrize("typed", ["2000万", "约40", "40余", "1,23", "二十", "10-20", "1e5", "20人", "1.2.3"])
def test_units_and_words_are_never_guessed(typed: str) -> None:
    filler = Filler(frame("T7")).declare_all().type("T7", 0, {"名称": "示例活动", "参与人次": typed})
    table = filler.table("T7")
    assert table.rows[0].value("参与人次") is None
    assert rules(table)["C03"].found == typed


@pytest.mark.parametrize("typed", ["2023.13.6", "2023-4", "2023.4", "4月6日", "去年", "2023年4月", "2023-02-30"])
def test_half_a_date_is_not_a_date(typed: str) -> None:
    assert rules(t3(出台日期=typed).table("T3"))["C04"].found == typed


def test_empty_zero_and_not_applicable_are_three_things() -> None:
    filler = Filler(frame("T7")).declare_all()
    filler.type("T7", 0, {"名称": "示例活动", "参与人次": 0, "阅读量": "—", "产品种类": None})
    row = filler.table("T7").rows[0]
    assert (row.value("参与人次"), row.value("阅读量"), row.value("产品种类")) == (Decimal(0), "—", None)


def test_an_error_cell_is_a_finding_at_that_cell() -> None:
    filler = Filler(frame("T1")).declare_all()
    cell = filler.sheet("T1").cell(4, filler.col("T1", "本期完成"))
    cell.value, cell.data_type = "#REF!", "e"
    found = rules(filler.table("T1"))["E01"]
    assert (found.cell, found.found) == (cell.coordinate, "#REF!")


def test_a_formula_without_a_value_is_asked_for_its_number() -> None:
    filler = Filler(frame("T7")).declare_all().type("T7", 0, {"名称": "示例活动", "参与人次": "=1+1"})
    assert rules(filler.table("T7"))["E01"].found == "=1+1"


def test_a_renamed_sheet_is_found_by_its_mark() -> None:
    filler = t3()
    filler.sheet("T3").title = "我单位的政策"
    assert filler.table("T3").sheet == "我单位的政策"


def test_a_table_without_its_hidden_column_is_found_by_its_headers() -> None:
    filler = t3(policy())
    filler.sheet("T3").delete_cols(1)
    table = filler.table("T3")
    assert [row.uid == "p1" for row in table.rows] == [True, False]
    assert rules(table)["S05"].level == "提示"
    assert decide(check(table)) == "接收"


def test_header_synonyms_are_read() -> None:
    filler = t3()
    filler.sheet("T3").cell(3, filler.col("T3", "出台日期")).value = "印发日期 *"
    assert new_row(filler).value("出台日期") == date(2023, 4, 6)


def test_a_header_that_stands_twice_is_a_finding_at_the_second() -> None:
    filler = t3()
    filler.sheet("T3").cell(3, 25).value = "状态＊"
    found = rules(filler.table("T3"))["S01"]
    assert (found.cell, found.level) == ("Y3", "强制")


def test_a_missing_required_column_is_a_finding_at_the_header() -> None:
    filler = t3()
    filler.sheet("T3").delete_cols(filler.col("T3", "政策要点"))
    found = rules(filler.table("T3"))["S01"]
    assert (found.cell, found.column) == ("B3", "政策要点")


def test_a_column_of_ones_own_is_told_and_not_taken() -> None:
    filler = t3()
    filler.sheet("T3").cell(3, 25).value = "备注"
    filler.sheet("T3").cell(4, 25).value = "内部情况"
    assert rules(filler.table("T3"))["S02"].cell == "Y3"


def test_text_below_the_end_row_is_a_finding_there_and_the_foot_is_not() -> None:
    filler = t3()
    sheet = filler.sheet("T3")
    end = next(c.row for c in sheet["A"] if c.value == "#end")
    sheet.cell(end + 1, 2).value = "填表人：示例联络员　审核人："
    assert decide(check(filler.table("T3"))) == "接收"
    sheet.cell(end + 3, 4).value = "示例政策"
    found = rules(filler.table("T3"))["S04"]
    assert (found.cell, found.found) == (f"D{end + 3}", "示例政策")


def test_without_an_end_row_everything_above_the_foot_is_read() -> None:
    filler = t3(policy())
    sheet = filler.sheet("T3")
    sheet.delete_rows(next(c.row for c in sheet["A"] if c.value == "#end"))
    table = filler.table("T3")
    assert len(table.rows) == 2
    assert rules(table)["S05"].level == "提示"


def test_blank_rows_are_skipped_and_told() -> None:
    filler = Filler(frame("T7")).declare_all()
    filler.type("T7", 0, {"名称": "甲"}).type("T7", 3, {"名称": "乙"})
    table = filler.table("T7")
    assert [row.number for row in table.rows] == [4, 7]
    assert "第5、6行是空行" in rules(table)["R01"].message


def test_sorted_rows_are_known_by_their_keys() -> None:
    """Somebody sorts the visible columns; the hidden uids stay where they were."""
    filler = t3(policy(), policy("p2", "ZC0002", 文号="晋市建发〔2023〕2号", 政策名称="示例人才公寓办法"))
    sheet = filler.sheet("T3")
    for col in range(2, 20):
        a, b = sheet.cell(4, col), sheet.cell(5, col)
        a.value, b.value = b.value, a.value
    table = filler.table("T3")
    assert [(row.uid, row.value("政策名称")) for row in table.rows[:2]] == [
        ("p2", "示例人才公寓办法"), ("p1", "示例公租房保障办法"),
    ]  # fmt: skip
    assert {f.level for f in check(table)} == {"提示"}


def test_a_copied_row_that_was_changed_is_new_and_the_original_keeps_its_uid() -> None:
    filler = t3(policy())
    sheet = filler.sheet("T3")
    for col in range(1, 20):
        sheet.cell(6, col).value = sheet.cell(4, col).value
    filler.type("T3", 2, {"文号": "晋市建发〔2023〕7号", "政策名称": "示例租金减免办法", "出台日期": date(2023, 4, 7)})
    rows = filler.table("T3").rows
    assert [(row.number, row.uid == "p1", row.new) for row in rows] == [
        (4, True, False),
        (5, False, True),
        (6, False, True),
    ]


def test_a_row_copied_as_it_is_stands_twice() -> None:
    filler = t3(policy())
    sheet = filler.sheet("T3")
    for col in range(1, 20):
        sheet.cell(6, col).value = sheet.cell(4, col).value
    assert rules(filler.table("T3"))["C06"].cell == "C6"


def test_a_known_uid_whose_key_changed_altogether_is_asked_about_and_not_new() -> None:
    filler = t3(policy()).type("T3", 0, {"文号": "晋市教发〔2023〕5号", "政策名称": "示例学前教育办法"})
    table = filler.table("T3")
    assert (table.rows[0].uid, table.rows[0].new) == ("p1", False)
    found = rules(table)["S07"]
    assert (found.level, found.cell, found.explained) == ("须说明", "C4", False)
    filler.type("T3", 0, {"说明": "原名写错，更正"})
    assert rules(filler.table("T3"))["S07"].explained


def test_a_known_uid_whose_key_changed_in_part_is_the_same_entry() -> None:
    filler = t3(policy()).type("T3", 0, {"政策名称": "示例公租房保障办法（修订）"})
    table = filler.table("T3")
    assert table.rows[0].uid == "p1"
    assert "S07" not in rules(table)


def test_a_policy_retyped_in_a_blank_row_is_known_by_its_key_or_number() -> None:
    past = policy("p9", "ZC0009", 状态="废止")
    values = NEW_POLICY | {
        "文号": past.values["文号"],
        "政策名称": past.values["政策名称"],
        "出台日期": date(2023, 3, 10),
    }
    by_key = Filler(frame("T3", history=history(past))).declare_all().type("T3", 0, values)
    assert by_key.table("T3").rows[0].uid == "p9"
    numbered = Filler(frame("T3", history=history(past))).declare_all()
    numbered.type("T3", 0, NEW_POLICY | {"政策编号": "ZC0009", "文号": None})
    assert numbered.table("T3").rows[0].uid == "p9"


def test_reading_the_same_file_twice_gives_the_same_uids() -> None:
    filler = t3(policy())
    assert [r.uid for r in filler.table("T3").rows] == [r.uid for r in filler.table("T3").rows]
    assert new_row(t3()).uid == new_row(t3(政策要点="另一说法")).uid != new_row(t3(文号="晋市建发〔2023〕8号")).uid


def test_a_locked_cell_that_was_altered_is_told_and_our_value_is_used() -> None:
    filler = Filler(frame("T1")).declare_all().type("T1", 0, {"年度目标": 1, "本期完成": 10})
    table = filler.table("T1")
    assert table.rows[0].value("年度目标") == Decimal(1000)
    found = rules(table)["C12"]
    assert (found.level, found.found, found.allowed) == ("提示", "1", "1000")


def test_a_code_that_left_its_list_stays_while_the_row_says_the_same() -> None:
    filler = t3(policy(类别="旧类别"))
    assert filler.table("T3").rows[0].value("类别") == "旧类别"
    assert decide(check(filler.table("T3"))) == "接收"


def test_a_row_missing_from_a_fixed_table_and_a_row_added_to_it_are_findings() -> None:
    filler = Filler(frame("T1")).declare_all().type("T1", 0, {"本期完成": 1}).type("T1", 1, {"本期完成": 1})
    sheet = filler.sheet("T1")
    sheet.cell(5, 1).value, sheet.cell(5, 3).value = "I03", "就业见习岗位"
    found = [f for f in check(filler.table("T1")) if f.rule == "S08"]
    assert {(f.cell, f.row_uid) for f in found} == {("B5", "row5"), ("B6", "I02")}


def test_without_meta_the_tables_are_still_read() -> None:
    filler = t3()
    del filler.book["_meta"]
    read = filler.read()
    assert (read.identity.meta, [f.rule for f in read.findings]) == (None, ["S05"])
    assert read.tables["T3"].rows


def test_meta_says_template_organisation_period_and_base() -> None:
    identity = t3().read().identity
    assert identity.meta is not None
    assert (identity.meta.template, identity.meta.org, identity.meta.issue) == ("每月一套表", "zjj", "7")
    assert (identity.period_of("T3"), identity.based_on("T3"), identity.period_of("T9")) == ("2023-04", "", "")
    assert identity.tables == {"T3": "T3 政策出台表"}


def test_a_table_of_another_organisation_is_named_and_left_out() -> None:
    content = template(frame("T3"), frame("T7"))
    read = read_tables(open_bytes(content), forms(), {"T3": frame("T3")})
    assert list(read.tables) == ["T3"]
    assert [(f.rule, f.column) for f in read.findings] == [("S05", "T7")]


def test_the_named_sheet_is_read_and_its_copy_is_told() -> None:
    filler = t3()
    copy = filler.book.copy_worksheet(filler.book["T3 政策出台表"])
    copy.title = "备份"
    filler.book.move_sheet("备份", -3)
    read = filler.read()
    assert read.tables["T3"].sheet == "T3 政策出台表"
    assert [(f.rule, f.sheet) for f in read.findings] == [("S05", "备份")]


def test_a_secrecy_mark_anywhere_stops_the_file() -> None:
    filler = t3()
    filler.book["封面"]["F1"] = "秘密 ★ 1年"
    found = [f for f in filler.read().findings if f.rule == "C14"]
    assert (found[0].sheet, found[0].cell, found[0].level) == ("封面", "F1", "强制")


def test_prose_about_secrecy_is_no_mark() -> None:
    assert not [f for f in t3(政策要点="对秘密事项另行规定").read().findings if f.rule == "C14"]


@pytest.mark.parametrize(
    ("written", "meta_org", "sender", "columns"),
    [
        (None, None, None, set()),
        ("示例住建局", None, None, set()),
        ("示例人社局", None, None, {"填报单位"}),
        (None, "rsj", None, {"_meta"}),
        (None, None, OTHER, {"sender"}),
    ],
)
def test_meta_cover_and_sender_must_name_one_organisation(
    written: str | None, meta_org: str | None, sender: Any, columns: set[str]
) -> None:
    filler = t3()
    if written:
        filler.book["封面"]["C3"] = written
    if meta_org:
        filler.book["_meta"]["B3"] = meta_org
    found = check_identity(filler.read(), org=frame("T3").org, sender="a@example.cn", sender_org=sender)
    assert {f.column for f in found} == columns
    assert all((f.rule, f.sheet, f.cell) == ("C01", "封面", "C3") for f in found)


def test_the_sentence_of_c01_names_everything_that_c01_is_told_of() -> None:
    read, place = t3().read(), frame("T3")
    said = Said(sheet="情况表", organisation=OTHER.name, organisation_at="A2", period="2023-03", period_at="C2")
    read = replace(read, identity=replace(read.identity, own={"T3": said}))
    found = check_identity(read, org=place.org, find=lambda _: OTHER, periods={"T3": place.period})
    assert {(f.rule, f.column, f.cell) for f in found} == {("C01", "填报单位", "A2"), ("C01", "报告期", "C2")}
    assert all(f.column in COMMON["C01"].say for f in found)


def test_a_number_in_a_date_cell_that_is_no_date_is_refused() -> None:
    assert rules(t3(出台日期=2023).table("T3"))["C04"].found == "2023"


def test_a_time_of_day_in_a_date_cell_does_no_harm() -> None:
    assert new_row(t3(出台日期=datetime(2023, 4, 6, 15, 30))).value("出台日期") == date(2023, 4, 6)


def test_an_emptied_known_row_of_a_register_counts_as_absent() -> None:
    filler = t3(policy())
    for col in range(2, 20):
        filler.sheet("T3").cell(4, col).value = None
    assert [row.new for row in filler.table("T3").rows] == [True]


def empty(filler: Filler, n: int, *, first: int = 2) -> Filler:
    """Clear a row's visible cells, as a hand does that presses Del."""
    for col in range(first, 20):
        filler.sheet("T3").cell(filler.row("T3", n), col).value = None
    return filler


@pytest.mark.parametrize("left", [2, 3])  # with and without the office's number
def test_a_row_that_was_printed_and_came_back_empty_is_asked_about(left: int) -> None:
    table = empty(t3(policy()), 0, first=left).table("T3")
    found = rules(table)["S12"]
    assert (found.level, found.row_uid, found.cell) == ("须说明", "p1", "C4")
    assert found.message.startswith("第4行原为“晋市建发〔2023〕1号 示例公租房保障办法”，现在是空的")
    assert decide(check(table)) == "待说明"
    assert [row.new for row in table.rows] == [True]


def test_an_emptied_row_is_explained_in_its_own_cell() -> None:
    table = empty(t3(policy()), 0).type("T3", 0, {"说明": "与另一项合并"}).table("T3")
    assert rules(table)["S12"].explained and decide(check(table)) == "接收"


def test_a_row_that_is_gone_altogether_is_told_and_does_not_block() -> None:
    filler = t3(policy(), policy("p2", "ZC0002", 政策名称="示例青年夜校办法", 文号="晋市建发〔2023〕2号"))
    filler.sheet("T3").delete_rows(filler.row("T3", 0), 1)
    table = filler.table("T3")
    found = rules(table)
    assert "S12" not in found
    assert found["S13"].level == "提示"
    assert "有1行不在表里（“晋市建发〔2023〕1号 示例公租房保障办法”）" in found["S13"].message
    assert decide(check(table)) == "接收"


def test_a_row_that_was_retyped_elsewhere_is_not_asked_about() -> None:
    filler = empty(t3(policy()), 0)
    filler.type("T3", 3, dict(policy().values))
    assert not {"S12", "S13"} & set(rules(filler.table("T3")))


def test_float_noise_is_not_a_wrong_number_of_decimals() -> None:
    past = history(known("d1", 名称="示例", 责任单位="示例", 状态="推进中"))
    filler = Filler(frame("T5", history=past)).declare_all().type("T5", 0, {"投资": 0.1 + 0.2})
    assert filler.table("T5").rows[0].value("投资") == Decimal("0.3")
