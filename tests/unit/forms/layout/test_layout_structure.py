"""Tables are found by evidence, wherever they stand."""

import pytest
from layout_kit import blocks_of, paths

N = None


def test_two_header_rows_without_merges_make_paths() -> None:
    (block,) = blocks_of([["县区", "活动", N, "备注"], [N, "线上", "线下", N], ["甲县", 1, 2, N], ["乙县", 3, 4, N]])
    assert paths(block) == ["县区", "活动/线上", "活动/线下", "备注"]
    assert (block.first_row, block.header_row, block.last_row) == (1, 2, 4)


def test_a_merged_value_below_a_merged_heading_is_no_header() -> None:
    (block,) = blocks_of([["序号", "名称", N, "数"], [1, "甲", N, 5], [2, "乙", N, 6]], ["B1:C1", "B2:C2", "B3:C3"])
    assert paths(block) == ["序号", "名称", "数"]
    assert block.header_row == 1


def test_units_stand_apart_from_names() -> None:
    (block,) = blocks_of([["县区", "人数\n（人）", "投资(万元)", "占比（含续建）"], ["甲县", 1, 2, 3]])
    assert [(c.path[-1], c.unit) for c in block.columns] == [
        ("县区", ""),
        ("人数", "人"),
        ("投资", "万元"),
        ("占比（含续建）", ""),
    ]


def test_a_row_of_units_below_the_header_gives_units() -> None:
    (block,) = blocks_of([["指标", "本月", "累计"], ["单位", "人", "万元"], ["就业", 1, 2]])
    assert [(c.path, c.unit) for c in block.columns] == [(("指标",), ""), (("本月",), "人"), (("累计",), "万元")]


def test_numbers_of_columns_belong_to_the_header() -> None:
    (block,) = blocks_of([["县区", "本月", "累计"], ["甲", 1, 2], ["甲县", 5, 6]])
    assert block.header_row == 2
    assert [row.number for row in block.rows] == [3]


def test_years_as_numbers_can_head_columns() -> None:
    (block,) = blocks_of([["指标", 2021, 2022, 2023], ["就业", 1, 2, 3], ["创业", 4, 5, 6]])
    assert paths(block) == ["指标", "2021", "2022", "2023"]


def test_sums_sections_blanks_and_groups_are_told_apart() -> None:
    rows = [
        ["县区", "项目", "数"],
        ["甲县", "就业", 1],
        [N, "创业", 2],
        [N, "小计", 3],
        [N],
        ["乙县", "就业", 4],
        ["合计", N, 7],
    ]
    (block,) = blocks_of(rows, ["A2:A4"])
    assert [(r.number, r.role, r.group) for r in block.rows] == [
        (2, "data", "甲县"), (3, "data", "甲县"), (4, "total", "甲县"), (5, "blank", ""), (6, "data", ""), (7, "total", ""),
    ]  # fmt: skip


def test_a_total_row_may_stand_on_top_under_the_name_of_the_whole() -> None:
    (block,) = blocks_of([["县区", "数"], ["全市", 9], ["甲县", 4], ["乙县", 5]])
    assert [r.role for r in block.rows] == ["total", "data", "data"]


def test_a_table_headed_again_below_is_another_table() -> None:
    one, other = blocks_of([["县区", "人数"], ["甲县", 1], ["县区", "套数"], ["甲县", 2]])
    assert (paths(one), paths(other)) == (["县区", "人数"], ["县区", "套数"])


def test_a_table_folded_to_the_right_is_two_tables() -> None:
    one, other = blocks_of([["县区", "人数", "县区", "人数"], ["甲县", 1, "乙县", 2], ["丙县", 3, "丁县", 4]])
    assert (one.columns[0].col, other.columns[0].col) == (1, 3)


def test_names_without_figures_yet_are_rows() -> None:
    (block,) = blocks_of([["2023年4月统计表"], ["县区", "人数（人）"], ["甲县"], ["乙县"], ["合计"], ["注：本月数"]])
    assert [(r.label, r.role) for r in block.rows] == [("甲县", "data"), ("乙县", "data"), ("合计", "total")]
    assert block.period == "2023-04"


@pytest.mark.parametrize(
    ("line", "unit", "organisation", "period"),
    [
        ("单位：万元", "万元", "", ""),
        ("填报单位：示例局", "", "示例局", ""),
        ("填报单位（盖章）：示例局   填报日期：2023年4月3日   单位：个、万元", "个、万元", "示例局", ""),
        ("报告期：2023年3月", "", "", "2023-03"),
        ("2023年一季度", "", "", "2023Q1"),
        ("填报单位：示例局  2023年上半年", "", "示例局", "2023H1"),
        ("填报单位：        填报日期：2023年4月3日", "", "", ""),
        ("填报单位：____（盖章）", "", "", ""),
        ("填报单位：示例局  2023年3月  填报日期：2023年4月3日", "", "示例局", "2023-03"),
        ("单位：吨标准煤", "", "", ""),
        ("单位：示例县教育局", "", "示例县教育局", ""),
    ],
)
def test_lines_above_say_unit_organisation_and_period(line: str, unit: str, organisation: str, period: str) -> None:
    (block,) = blocks_of([["统计表"], [line], ["项目", "数"], ["甲", 1]])
    assert (block.unit, block.organisation, block.period) == (unit, organisation, period)


def test_a_title_and_a_unit_may_share_a_row() -> None:
    (block,) = blocks_of([["投资统计表", N, "单位：万元"], ["项目", "额", "备注"], ["甲", 1, N]])
    assert (block.title, block.unit, block.header_row) == ("投资统计表", "万元", 2)


@pytest.mark.parametrize(
    ("rows", "merges", "spots"),
    [
        ([["单位名称", N, "电话", N], ["地址", N, "邮编", N], ["人数（人）", N, "产值（万元）", N]], [], ["B1", "D1", "B2", "D2", "B3", "D3"]),
        ([["单位名称"], ["联系电话"], ["从业人数（人）"]], [], ["B1", "B2", "B3"]),
        ([["填报单位", "示例局"], ["新增就业（人）", 5], ["情况说明", "无异常"]], [], ["B1", "B2", "B3"]),
        ([["基本情况", "单位名称", "示例局"], [N, "职工人数（人）", 30], ["主要做法", "开展三次活动", N]], ["A1:A2", "B3:C3"], ["C1", "C2", "B3"]),
        ([["单位名称", "联系人"], ["示例局", "示例联络员"], ["办公地址", "职工人数"], ["某路", 30]], [], ["A2", "B2", "A4", "B4"]),
    ],
)  # fmt: skip
def test_values_beside_or_below_labels_are_spots_filled_or_not(
    rows: list[list[object]], merges: list[str], spots: list[str]
) -> None:
    (block,) = blocks_of(rows, merges)
    assert block.shape == "labels"
    assert [s.address for s in block.spots] == spots


def test_two_columns_of_names_and_figures_under_a_heading_are_a_table() -> None:
    (block,) = blocks_of(
        [["就业情况"], ["填报单位：", "示例局"], ["指标", "数值"], ["就业（人）", 1], ["创业（人）", 2]]
    )
    assert (block.shape, block.organisation, paths(block)) == ("table", "示例局", ["指标", "数值"])


def test_what_has_no_header_is_asked_about_and_not_guessed() -> None:
    (block,) = blocks_of([["甲县", 1, 2], ["乙县", 3, 4]])
    assert not block.columns and block.questions[0].address == "A1"


def test_a_column_without_a_heading_is_asked_about() -> None:
    (block,) = blocks_of([["县区", N, "数"], ["甲县", 7, 1], ["乙县", 8, 2]])
    assert [q.address for q in block.questions] == ["B2"]


def test_a_sheet_of_words_holds_no_table() -> None:
    assert blocks_of([["本表停用"], ["请用新表"]]) == ()


@pytest.mark.parametrize("corner", [(), ("A1:A2",)])
def test_a_row_of_nothing_but_units_below_the_header_gives_units(corner: tuple[str, ...]) -> None:
    (block,) = blocks_of([["县区", "就业", "补贴"], [N, "人", "万元"], ["甲县", 1, 2], ["乙县", 3, 4]], corner)
    assert [(c.path, c.unit) for c in block.columns] == [(("县区",), ""), (("就业",), "人"), (("补贴",), "万元")]
    assert [row.number for row in block.rows] == [3, 4]


@pytest.mark.parametrize("merges", [(), ("A1:A2", "B1:C1", "D1:E1")])
def test_units_below_a_group_are_headings(merges: tuple[str, ...]) -> None:
    rows = [
        ["县区", "活动", N, "培训", N],
        [N, "场次", "人次", "期", "人次"],
        ["甲县", 1, 2, 3, 4],
        ["乙县", 1, 2, 3, 4],
    ]
    (block,) = blocks_of(rows, merges)
    assert paths(block) == ["县区", "活动/场次", "活动/人次", "培训/期", "培训/人次"]


def test_a_table_folded_twice_to_the_right_is_three_tables() -> None:
    rows = [["县区", "人数"] * 3, ["甲县", 1, "乙县", 2, "丙县", 3], ["丁县", 4, "戊县", 5, "己县", 6]]
    assert [block.columns[0].col for block in blocks_of(rows)] == [1, 3, 5]


def test_the_whole_is_a_total_wherever_it_stands_among_places() -> None:
    (block,) = blocks_of([["地区", "数"], ["市直", 2], ["全市", 9], ["甲县", 4], ["乙县", 3]])
    assert [r.role for r in block.rows] == ["data", "total", "data", "data"]
