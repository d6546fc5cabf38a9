"""What a cell is taken for; what cannot be told is asked about."""

import pytest
from layout_kit import understood

N = None


def test_the_year_of_a_sheet_named_by_its_month_comes_from_the_title() -> None:
    rows = [["2023年统计表"], ["项目", "数（个）"], ["甲", 1]]
    assert understood(rows, name="3月")["B3"].period == "2023-03"


def test_a_sheet_named_by_a_month_of_no_year_is_asked_about() -> None:
    cell = understood([["项目", "数（个）"], ["甲", 1]], name="3月")["B2"]
    assert cell.period == "" and "哪一年" in cell.asked


def test_a_title_and_a_sheet_of_different_periods_are_asked_about() -> None:
    cell = understood([["2023年2月统计表"], ["项目", "数（个）"], ["甲", 1]], name="2023年3月")["B3"]
    assert "2023-02" in cell.asked and "2023-03" in cell.asked


def test_a_stretch_of_months_is_no_period_of_its_own() -> None:
    cell = understood([["2023年1-3月统计表"], ["项目", "数（个）"], ["甲", 1]])["B3"]
    assert cell.period == "" and "累计" in cell.asked


def test_a_day_of_filling_in_is_no_period() -> None:
    assert understood([["填报日期：2023年4月3日"], ["项目", "数（个）"], ["甲", 1]])["B3"].period == ""


def test_a_flat_table_has_organisation_period_and_unit_in_its_rows() -> None:
    rows = [
        ["报告期", "单位", "指标", "数值", "计量单位"],
        ["2023-01", "示例一局", "就业", 12, "人"],
        ["2023年2月", "示例二局", "资金", 14.5, "万元"],
    ]
    found = understood(rows)
    assert (found["D2"].organisation, found["D2"].period, found["D2"].unit) == ("示例一局", "2023-01", "人")
    assert (found["D3"].organisation, found["D3"].period, found["D3"].unit) == ("示例二局", "2023-02", "万元")


@pytest.mark.parametrize(
    ("line", "header", "unit", "asks"),
    [
        ("单位：万元", "总投资", "万元", False),
        ("单位：万元", "项目数", "", False),
        ("金额单位：万元", "参加人数", "", False),
        ("金额单位：万元", "服务人次", "", False),
        ("金额单位：万元", "受理件数", "", False),
        ("金额单位：万元", "发放补贴", "万元", False),
        ("单位：万元、%", "岗位个数", "", False),
        ("单位：万元", "完成率", "", False),
        ("单位：人", "资金", "", True),
        ("单位：个、万元", "项目个数", "个", False),
        ("单位：个、万元", "总投资", "万元", False),
        ("单位：个、万元", "本月", "", True),
        ("单位：万元", "人数（人）", "人", False),
    ],
)
def test_a_unit_line_holds_for_the_columns_that_it_fits(line: str, header: str, unit: str, asks: bool) -> None:
    cell = understood([["统计表"], [line], ["项目", header, "其他"], ["甲", 1, 2], ["乙", 3, 4]])["B4"]
    assert (cell.unit, bool(cell.asked)) == (unit, asks)


def test_rows_without_a_name_below_one_are_asked_about() -> None:
    found = understood([["县区", "项目", "数（个）"], ["甲县", "就业", 1], [N, "创业", 2]])
    assert not found["C2"].asked and found["C3"].asked and found["C3"].organisation == "甲县"


def test_whose_rows_are_is_asked_where_a_line_and_a_column_both_say() -> None:
    rows = [["填报单位：示例市局"], ["单位名称", "数（个）"], ["示例一中学", 1], ["示例二中学", 2]]
    assert all(cell.asked for cell in understood(rows).values() if cell.role == "data")
    known = understood(rows, organisations=("示例一中学", "示例二中学"))
    assert known["B3"].organisation == "示例一中学" and not known["B3"].asked


def test_a_responsible_office_is_not_taken_for_the_reporting_one() -> None:
    found = understood([["项目名称", "责任单位", "投资（万元）"], ["甲", "示例住建局", 1], ["乙", "示例园林局", 2]])
    assert found["C2"].organisation == "" and "责任单位" in found["B1"].asked


def test_a_sheet_named_after_an_organisation_is_its_own() -> None:
    rows = [["项目", "数（个）"], ["甲", 1]]
    assert understood(rows, name="甲县")["B2"].organisation == "甲县"
    assert understood(rows, name="任务分县")["B2"].organisation == ""


def test_errors_words_among_figures_and_wrong_sums_are_findings() -> None:
    rows = [
        ["县区", "人数（人）", "套数（套）"],
        ["甲县", 1, "#N/A"],
        ["乙县", "约5", 2],
        ["丙县", 3, 4],
        ["丁县", 4, 4],
        ["合计", 9, 10],
    ]
    found = understood(rows)
    assert {at for at, cell in found.items() if cell.finding} == {"C2", "B3", "B6"}
    assert "8" in found["B6"].finding


@pytest.mark.parametrize(("label", "total"), [("合计", 15), ("合计", 10), ("平均", 999), ("小计", 5)])
def test_a_sum_may_leave_out_parts_and_an_average_is_none(label: str, total: int) -> None:
    rows = [["项目", "数（个）"], ["就业", 10], ["其中：女", 5], [label, total]]
    cell = understood(rows)["B4"]
    assert cell.role == "total" and bool(cell.finding) == (label == "小计")


def test_what_a_merge_hides_is_listed_and_asked_about() -> None:
    found = understood([["县区", "数（个）"], ["甲县", 1], ["乙县", 2]], ["A2:A3"])
    assert "盖住" in found["A3"].asked


def test_a_column_of_another_unit_word_is_no_organisation() -> None:
    found = understood([["指标", "单位", "本月"], ["就业", "人", 1], ["资金", "万元", 2]])
    assert (found["C2"].unit, found["C2"].organisation) == ("人", "")


def test_a_percentage_does_not_take_the_unit_of_its_row() -> None:
    rows = [
        ["指标", "计量单位", "本月", "同比±%", "完成率"],
        ["支出", "万元", 10, 11.1, 85],
        ["培训", "人", 20, 50, 90],
    ]
    found = understood(rows)
    assert [found[at].unit for at in ("C2", "D2", "E2", "C3", "D3", "E3")] == ["万元", "%", "", "人", "%", ""]


def test_units_of_rows_leave_nothing_to_ask_of_a_line_of_several() -> None:
    rows = [["统计表"], ["单位：万元、人"], ["指标", "计量单位", "本月"], ["支出", "万元", 10], ["培训", "人", 20]]
    assert not any(cell.asked for cell in understood(rows).values())


def test_parts_that_may_overlap_and_percentages_need_not_add_up() -> None:
    rows = [
        ["项目", "人数", N, N, "同比增长（%）"],
        [N, "合计", "其中：党员", "其中：团员", N],
        ["甲", 45, 25, 30, 5],
        ["合计", 45, 25, 30, 3],
    ]
    found = understood(rows, ("A1:A2", "B1:D1", "E1:E2"))
    assert {at for at, cell in found.items() if cell.finding} == set()


def test_a_rate_without_a_unit_that_stays_below_one_is_asked_about() -> None:
    assert "小数" in understood([["县区", "完成率"], ["甲县", 0.85], ["乙县", 0.9]])["B2"].asked


def test_the_whole_among_organisations_across_does_not_hide_them() -> None:
    found = understood([["指标", "全市", "甲县", "乙县"], ["就业", 3, 1, 2], ["创业", 7, 3, 4]])
    assert [found[at].organisation for at in ("B2", "C2", "D2")] == ["", "甲县", "乙县"]


def test_words_in_a_column_of_amounts_are_found_though_they_are_half_of_it() -> None:
    found = understood([["县区", "投资（万元）"], ["甲县", "3000万"], ["乙县", 2000], ["丙县", "—"]])
    assert "文字" in found["B2"].finding and not found["B3"].finding and not found["B4"].finding


@pytest.mark.parametrize("label", ["一季度小计", "2023年一季度小计", "1季度合计"])
def test_a_row_that_sums_up_a_quarter_is_the_quarters_and_no_months_data(label: str) -> None:
    rows = [["2023年统计表"], ["月份", "数（个）"], ["1月", 1], ["2月", 2], ["3月", 3], [label, 6], ["4月", 4]]
    found = understood(rows)
    assert (found["B6"].role, found["B6"].period) == ("total", "2023Q1")
    assert (found["B7"].role, found["B7"].period) == ("data", "2023-04")
    assert not any(cell.asked or cell.finding for cell in found.values())


def test_a_subtotal_does_not_keep_a_column_from_being_the_periods() -> None:
    rows = [["报告期", "县区", "数（个）"], ["2023-01", "甲县", 1], ["2023-02", "甲县", 2], ["2023年一季度小计", N, 3]]
    found = understood(rows)
    assert [found[at].period for at in ("C2", "C3", "C4")] == ["2023-01", "2023-02", "2023Q1"]
    assert found["C4"].role == "total" and not found["C4"].asked and not found["A4"].finding


def test_a_column_that_sums_up_a_quarter_is_not_the_month_of_the_title() -> None:
    rows = [
        ["2023年3月统计表"],
        ["县区", "1月", "2月", "3月", "一季度小计"],
        ["甲县", 1, 2, 3, 6],
        ["乙县", 1, 2, 3, 6],
    ]
    found = understood(rows)
    assert (found["D3"].role, found["D3"].period) == ("data", "2023-03")
    assert (found["E3"].role, found["E3"].period) == ("total", "2023Q1")


def test_a_sum_of_some_months_is_no_period_and_is_not_asked_for_its_year() -> None:
    found = understood([["统计表"], ["月份", "数（个）"], ["1月", 1], ["2月", 2], ["1-2月小计", 3]], name="2023年")
    assert (found["B5"].role, found["B5"].period, found["B5"].asked) == ("total", "", "")
