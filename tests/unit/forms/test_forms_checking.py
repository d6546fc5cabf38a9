"""The common rules, each passed and each broken, and the decision that follows."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from forms_kit import NEW_POLICY, Filler, frame, history, known, policy

from yaoxun.forms.checking import check, decide
from yaoxun.forms.model import Finding, ForeignRow, Frame
from yaoxun.forms.rules.cells import _number as judge_number
from yaoxun.forms.rules.names import pairs_of
from yaoxun.forms.rules.series import is_outlier
from yaoxun.forms.settings import ColumnSetting


def of(filler: Filler, table: str) -> dict[str, Finding]:
    return {f.rule: f for f in check(filler.table(table))}


def t1(first: Any = 10, second: Any = 100, *, frame_: Frame | None = None, **more: Any) -> Filler:
    filler = Filler(frame_ or frame("T1")).declare_all()
    return filler.type("T1", 0, {"本期完成": first, **more}).type("T1", 1, {"本期完成": second})


def t3(*rows: Any, past: Any = None, **changes: Any) -> Filler:
    filler = Filler(frame("T3", history=past or history(*rows))).declare_all()
    return filler.type("T3", len(rows), NEW_POLICY | changes)


def t7(**values: Any) -> Filler:
    base = {"名称": "示例活动", "类别": "活动", "日期": date(2023, 4, 6), "主办": "示例单位"}
    return Filler(frame("T7")).declare_all().type("T7", 0, base | values)


def test_a_finding_without_a_place_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="needs a sheet and a cell"):
        Finding(rule="C02", level="强制", table="T1", sheet="T1", cell="", message="")


def test_a_required_cell_that_is_empty_is_c02_at_that_cell() -> None:
    found = of(t3(政策要点=None), "T3")["C02"]
    assert (found.cell, found.column, found.level) == ("M4", "政策要点", "强制")


def test_not_applicable_does_not_fill_a_required_cell_unless_the_table_says_so() -> None:
    assert of(t3(政策要点="—"), "T3")["C02"].found == "—"
    assert "C02" not in of(t1("—"), "T1")


@pytest.mark.parametrize("value", [-5, 1.5, Decimal("0.25")])
def test_a_count_is_whole_and_not_negative(value: Any) -> None:
    assert of(t7(参与人次=value), "T7")["C03"].cell == "F4"


@pytest.mark.parametrize("value", [1e15, 1e19, -1e25, "1" + "0" * 15, "1" + "0" * 40, "10,000,000,000,000,000,000"])
def test_a_number_beyond_all_measure_is_returned_with_a_sentence(value: Any) -> None:
    found = of(t1(value), "T1")["C03"]
    assert (found.level, found.cell) == ("强制", "J4")
    assert "太大，整数部分最多15位" in found.message


def test_the_largest_number_is_taken_to_the_last_digit() -> None:
    table = t1(10**15 - 1).table("T1")
    assert table.rows[0].value("试点以来累计") == 10**15 - 1
    assert "C03" not in {f.rule for f in check(table)}


@pytest.mark.parametrize(("value", "passes"), [(12.34, True), (12.345, False), (-1, False), (0, True)])
def test_money_has_two_decimals_and_is_not_negative(value: Any, passes: bool) -> None:
    filler = Filler(frame("T5")).declare_all().type("T5", 0, {"名称": "示例", "投资": value})
    assert ("C03" not in of(filler, "T5")) is passes


def test_a_correction_needs_its_reason_in_the_cell_beside() -> None:
    found = of(t1(10, 100, 更正=3), "T1")["C03"]
    assert (found.cell, found.column) == ("L4", "更正原因")
    assert "C03" not in of(t1(10, 100, 更正=3, 更正原因="漏报"), "T1")


def test_what_has_happened_is_not_dated_after_the_window_and_plans_may_be() -> None:
    assert of(t3(出台日期=date(2023, 4, 26)), "T3")["C04"].found == "2023-04-26"
    assert "C04" not in of(t3(出台日期=date(2023, 4, 25), 失效日=date(2030, 1, 1)), "T3")


def test_only_codes_valid_as_of_the_period_are_taken() -> None:
    made = frame("T3")
    levels = made.lists["level"]
    gone = replace(
        levels, entries=tuple(replace(e, valid_to=date(2023, 3, 31)) if e.name == "县" else e for e in levels.entries)
    )
    later = replace(made, lists={**made.lists, "level": gone})
    for one, passes in ((made, True), (later, False)):
        filler = Filler(one).declare_all().type("T3", 0, NEW_POLICY | {"层级": "县"})
        assert ("C05" not in of(filler, "T3")) is passes


def test_one_entry_reported_twice_is_c06_at_the_second() -> None:
    filler = t3().type("T3", 1, NEW_POLICY | {"政策要点": "另一说法"})
    assert of(filler, "T3")["C06"].cell == "C5"
    other = t3().type("T3", 1, NEW_POLICY | {"政策名称": "同一文号里的另一项政策措施"})
    assert "C06" not in of(other, "T3")


@pytest.mark.parametrize(
    ("declared", "typed", "level"),
    [
        ("零报告", True, "强制"), ("零报告", False, None), ("不适用", True, "强制"), ("不适用", False, None),
        ("有数据", True, None), ("有数据", False, "强制"), (None, True, "提示"), (None, False, "强制"), ("全部", True, "强制"),
    ],
)  # fmt: skip
def test_the_declaration_and_the_rows_must_agree(declared: str | None, typed: bool, level: str | None) -> None:
    filler = Filler(frame("T3", history=history(policy())))
    if declared:
        filler.declare(T3=declared)
    if typed:
        filler.type("T3", 1, NEW_POLICY)
    found = of(filler, "T3").get("C07")
    assert (found.level if found else None) == level
    assert found is None or (found.sheet, found.cell) == ("封面", "D16")


def test_a_changed_cell_of_a_known_row_counts_as_a_change() -> None:
    filler = Filler(frame("T3", history=history(policy()))).declare(T3="零报告").type("T3", 0, {"状态": "废止"})
    assert "C07" in of(filler, "T3")


def test_a_zero_report_of_a_fixed_table_allows_zeros_and_refuses_figures() -> None:
    assert "C07" not in of(t1(0, 0).declare(T1="零报告"), "T1")
    assert "C07" in of(t1(0, 5).declare(T1="零报告"), "T1")


def test_a_table_left_out_on_the_cover_is_not_read() -> None:
    assert "T3" not in t3().declare(T3="本次不含").read().tables


def test_a_declared_table_that_is_not_there_is_a_finding_at_the_covers_cell() -> None:
    filler = t3()
    del filler.book["T3 政策出台表"]
    found = of(filler, "T3")["S03"]
    assert (found.sheet, found.cell, found.level) == ("封面", "D16", "强制")


def test_a_zero_report_needs_no_sheet() -> None:
    filler = t3().declare(T3="零报告")
    del filler.book["T3 政策出台表"]
    table = filler.table("T3")
    assert (table.declared, check(table)) == ("零报告", ())


def test_zero_after_a_figure_is_asked_about_where_the_figure_is_steady() -> None:
    past = replace(history(), series={("I01", "本期完成"): (Decimal(8), Decimal(9))})
    found = of(t1(0, frame_=frame("T1", history=past)), "T1")["C08"]
    assert (found.level, found.cell) == ("须说明", "J4")
    assert "C08" not in of(t1(1, frame_=frame("T1", history=past)), "T1")


def test_a_table_equal_to_the_last_one_is_told() -> None:
    rows = [
        known(uid, 本期完成=Decimal(n), 本年累计=Decimal(n), 试点以来累计=Decimal(n))
        for uid, n in (("I01", 10), ("I02", 100))
    ]
    same = frame("T1", history=history(*rows))
    assert of(t1(frame_=same), "T1")["C09"].level == "提示"
    assert "C09" not in of(t1(11, frame_=same), "T1")


def test_text_has_its_limit() -> None:
    assert of(t3(政策要点="长" * 301), "T3")["C10"].cell == "M4"
    assert "C10" not in of(t3(政策要点="长" * 300), "T3")


@pytest.mark.parametrize("text", ["电话13800000000", "证号110101199001011234", "证号11010119900101123X"])
def test_personal_numbers_are_refused_outside_contact_cells(text: str) -> None:
    assert of(t3(政策要点=text), "T3")["C11"].cell == "M4"
    assert "C11" not in of(t3(咨询电话="13800000000"), "T3")


def test_longer_numbers_are_no_personal_numbers() -> None:
    assert "C11" not in of(t3(政策要点="账号6222138000000001234567"), "T3")


@pytest.mark.parametrize(
    ("value", "past", "expected"),
    [
        (100, (10, 11, 9, 10), True), (14, (10, 11, 9, 10), False), (100, (10, 11, 9), False),
        (9, (1, 2, 1, 2), False), (0, (10, 11, 9, 10), True), (40, (10, 50, 20, 60, 30, 40), False),
    ],
)  # fmt: skip
def test_an_outlier_is_far_from_the_median_of_the_last_six(value: int, past: tuple[int, ...], expected: bool) -> None:
    assert is_outlier(Decimal(value), tuple(Decimal(x) for x in past)) is expected


def test_an_outlier_is_told_and_blocks_nothing() -> None:
    past = replace(history(), series={("I01", "本期完成"): tuple(Decimal(n) for n in (10, 11, 9, 10))})
    filler = t1(200, frame_=frame("T1", history=past))
    assert of(filler, "T1")["C13"].level == "提示"
    assert decide(check(filler.table("T1"))) == "接收"


def test_a_name_like_anothers_entry_is_asked_about() -> None:
    other = ForeignRow(org="示例人社局", values={"政策名称": "关于印发《示例青年安居补贴实施细则》的通知", "文号": ""})
    found = of(t3(past=history(others=(other,))), "T3")["T3-06"]
    assert (found.level, found.cell) == ("须说明", "D4")
    assert "示例人社局" in found.message


def test_one_document_number_at_two_units_is_asked_about() -> None:
    other = ForeignRow(org="示例人社局", values={"政策名称": "全然不同的名称", "文号": NEW_POLICY["文号"]})
    assert of(t3(past=history(others=(other,))), "T3")["T3-06"].cell == "C4"


def test_different_names_are_not_asked_about() -> None:
    other = ForeignRow(org="示例人社局", values={"政策名称": "示例青年就业见习补贴办法", "文号": "晋市人发〔2023〕1号"})
    assert "T3-06" not in of(t3(past=history(others=(other,))), "T3")


def test_the_words_of_every_title_do_not_make_names_alike() -> None:
    assert pairs_of("关于印发《青年安居办法》的通知") >= pairs_of("青年安居办法")


@pytest.mark.parametrize(
    ("explained", "verdict"), [(None, "待说明"), ("上级文件转发", "接收"), ("  ", "待说明"), ("—", "待说明")]
)
def test_an_explained_finding_does_not_block(explained: str | None, verdict: str) -> None:
    filler = t3(文号="示例某号文件", 说明=explained)
    assert decide(check(filler.table("T3"))) == verdict


def test_anything_mandatory_returns_the_table_whatever_is_explained() -> None:
    assert decide(check(t3(文号="示例某号文件", 说明="如此", 状态="无").table("T3"))) == "退回"


def test_a_trial_rule_blocks_nobody() -> None:
    finding = next(f for f in check(t3(状态="无").table("T3")) if f.rule == "C05")
    assert decide([replace(finding, level="试行")]) == "接收"
    assert decide([]) == "接收"


def test_one_finding_for_each_rule_row_and_column() -> None:
    filler = t3(状态="无", 出台日期="x", 对应措施="y").type("T3", 1, {"状态": "无"})
    found = check(filler.table("T3"))
    keys = [(f.rule, f.row_uid, f.column) for f in found]
    assert len(keys) == len(set(keys))
    assert [f.cell for f in found] == sorted((f.cell for f in found), key=lambda c: (int(c[1:]), c[0]))


@pytest.mark.parametrize(("typed", "asked"), [(0.5, True), (50, False), (1, False), (0, False), ("50%", False)])
def test_a_percentage_below_one_is_asked_about(typed: Any, asked: bool) -> None:
    filler = Filler(frame("T5")).declare_all().type("T5", 0, {"名称": "示例", "进度": typed})
    found = of(filler, "T5").get("R02")
    assert (found is not None) is asked
    assert found is None or (found.level == "须说明" and "50" in found.message)


@pytest.mark.parametrize(("value", "asked"), [("-0.05", True), ("-1", False), ("-5", False)])
def test_a_fall_of_less_than_one_per_cent_is_asked_about_too(value: str, asked: bool) -> None:
    growth = ColumnSetting(name="同比", kind="percent", allow_negative=True)
    rule, words = judge_number(Filler(frame("T5")).table("T5"), growth, Decimal(value))
    assert (rule == "R02") is asked and ("-5" in words) is asked


@pytest.mark.parametrize("typed", ["1023-04-06", "2203.4.6"])
def test_a_year_out_of_any_plan_is_no_date(typed: str) -> None:
    assert of(t3(失效日=typed), "T3")["C04"].found == typed


def test_content_in_a_table_that_the_cover_leaves_out_is_told() -> None:
    found = t3().declare(T3="本次不含").read().findings
    assert [(f.rule, f.level, f.sheet, f.cell) for f in found] == [("C07", "提示", "封面", "D16")]
    assert Filler(frame("T3")).declare(T3="本次不含").read().findings == ()


def test_a_link_keeps_its_letters() -> None:
    filler = t7(链接="https://example.cn/A b")
    assert filler.table("T7").rows[0].value("链接") == "https://example.cn/Ab"


@pytest.mark.parametrize(("state", "rules"), [("误报", set()), ("推进中", {"T5-02", "T5-03"})])
def test_a_deed_told_as_finished_is_withdrawn_by_its_state_alone(state: str, rules: set[str]) -> None:
    deed = {
        "名称": "示例青年驿站", "领域": "住房安居", "责任单位": "示例单位", "承诺内容": "建成青年驿站1处", "进度": 100,
        "计划完成日": date(2023, 3, 31), "状态": state, "完成日": date(2023, 3, 20), "说明": "重复填报",
    }  # fmt: skip
    found = of(Filler(frame("T5")).declare_all().type("T5", 0, deed), "T5")
    assert {rule for rule, one in found.items() if one.level == "强制"} == rules


def test_of_several_names_alike_the_nearest_is_told_and_the_first_of_equals() -> None:
    def other(org: str, name: str) -> ForeignRow:
        return ForeignRow(org=org, values={"政策名称": name})

    name = str(NEW_POLICY["政策名称"])
    far, near, same = other("示例甲", name[:-2] + "暂行"), other("示例乙", name), other("示例丙", name)
    assert "示例乙" in of(t3(past=history(others=(far, near, same))), "T3")["T3-06"].message
    assert "示例丙" in of(t3(past=history(others=(far, same, near))), "T3")["T3-06"].message
    assert "示例甲" in of(t3(past=history(others=(far,))), "T3")["T3-06"].message
