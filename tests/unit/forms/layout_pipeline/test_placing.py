"""A layout finds its table by words: whatever was inserted, renamed or merged, and never the wrong cell."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from yaoxun.forms.layout.placing import place_forms
from yaoxun.forms.layout.said import lines_filled, say_of
from yaoxun.forms.layout.settings import Layout
from yaoxun.forms.located import Located
from yaoxun.forms.model import Form
from yaoxun.forms.settings import ColumnSetting, FormSetting, RowsFrom
from yaoxun.office.model import Period
from yaoxun.sheets.model import RawCell, RawSheet, address

N = None
MANY = ("单位", "本月", "累计", "补贴")


def sheet(rows: Sequence[Sequence[Any]], merges: Sequence[str] = (), name: str = "Sheet1") -> RawSheet:
    cells = {}
    for r, line in enumerate(rows, start=1):
        for c, value in enumerate(line, start=1):
            if value is not None:
                kind: Any = "number" if isinstance(value, int | float) else "text"
                cells[r, c] = RawCell(r, c, kind, Decimal(str(value)) if kind == "number" else value)
    return RawSheet(
        name=name, state="visible", cells=cells, merges=tuple(merges), max_row=len(rows), max_col=max(map(len, rows))
    )


def form(columns: dict[str, str], table: str = "T90", organisation: str = "", **layout: Any) -> Form:
    kinds = {"本月": "count", "累计": "count", "补贴": "money", "人数": "count"}
    made = tuple(ColumnSetting(name=name, kind=kinds.get(name, "text")) for name in columns)  # type: ignore[arg-type]
    setting = FormSetting(
        id=table, title="示例表", kind="fixed", period="month", rows=RowsFrom(organisation=True), key=(next(iter(columns)),),
        columns=made, layout=Layout(columns=columns, organisation=organisation, **layout),
    )  # fmt: skip
    return Form(setting=setting, columns=made, formulas={}, rules=(), opens=None, flow_when=(), file="T90.yaml")  # type: ignore[arg-type]


def placed(rows: Sequence[Sequence[Any]], one: Form, merges: Sequence[str] = ()) -> Located:
    ((_, place),) = place_forms(sheet(rows, merges), [one])
    return place


def places(place: Located, number: int) -> dict[str, str]:
    """Column → the address of its cell in a row."""
    assert place.layout is not None
    return {name: place.address(number, name) for name in place.layout.columns}


THREE = [
    ["就业情况汇总表", N, N, N, N],
    ["2023年3月", N, N, N, "单位：万元"],
    ["序号", "县区", "就业", N, N],
    [N, N, "新增（人）", N, "补贴"],
    [N, N, "本月", "累计", N],
    ["甲", "乙", 1, 2, 3],
    [1, "甲县", 5, 9, 1.5],
    [2, "乙县", 6, 8, 2],
    [N, "合 计", 11, 17, 3.5],
    ["注：按月报。", N, N, N, N],
]
THREE_MERGES = ("A1:E1", "A3:A5", "B3:B5", "C3:E3", "C4:D4", "E4:E5")
SUMMARY = {"单位": "县区", "本月": "就业/新增/本月", "累计": "就业/新增/累计", "补贴": "就业/补贴"}


def test_three_rows_of_header_with_groups_numbers_and_sums() -> None:
    place = placed(THREE, form(SUMMARY, organisation="单位", header_rows=3), THREE_MERGES)
    assert places(place, 7) == {"单位": "B7", "本月": "C7", "累计": "D7", "补贴": "E7"}
    assert (place.body, place.totals, place.end_row) == ((7, 8), (9,), 10)
    assert place.unknown == () and place.units["本月"] == ("人", (4, 3)) and place.units["补贴"] == ("万元", (2, 5))


@pytest.mark.parametrize("above", [0, 1, 5])
@pytest.mark.parametrize("left", [0, 1, 3])
def test_inserted_rows_and_columns_move_the_addresses_and_nothing_else(above: int, left: int) -> None:
    rows = [[N] * 8] * above + [[N] * left + line for line in THREE]
    merges = []
    for merge in THREE_MERGES:
        (a, b) = ((ord(p[0]) - 64 + left, int(p[1:]) + above) for p in merge.split(":"))
        merges.append(f"{address(a[1], a[0])}:{address(b[1], b[0])}")
    place = placed(rows, form(SUMMARY, organisation="单位", header_rows=3), merges)
    assert places(place, 7 + above) == {
        name: address(7 + above, col + left) for col, name in enumerate(("单位", "本月", "累计", "补贴"), start=2)
    }
    assert place.body == (7 + above, 8 + above)


def test_a_header_that_lost_its_merges_or_a_level_is_still_found() -> None:
    flat = [["县区", "就业新增", "累计", "补贴（万元）"], ["甲县", 5, 9, 1]]
    place = placed(flat, form(SUMMARY | {"本月": "就业新增"}, header_rows=3))
    assert places(place, 2) == {"单位": "A2", "本月": "B2", "累计": "C2", "补贴": "D2"}


def test_words_that_point_to_two_columns_point_to_none() -> None:
    rows = [["县区", "就业", N, "住房", N], [N, "本月", "累计", "本月", "累计"], ["甲县", 1, 2, 3, 4]]
    one = form({"单位": "县区", "本月": "本月", "累计": "就业/累计"}, header_rows=2)
    place = placed(rows, one, ("A1:A2", "B1:C1", "D1:E1"))
    assert place.spot(3, "本月") is None and place.address(3, "累计") == "C3"


def test_the_same_header_twice_is_told() -> None:
    place = placed([["县区", "本月", "本月"], ["甲县", 1, 2]], form({"单位": "县区", "本月": "本月"}))
    assert place.doubles == (("本月", 3),)


TWO = [
    ["一、就业情况"], ["县区", "本月", "累计"], ["甲县", 1, 2], ["合计", 1, 2], ["二、住房情况"], ["县区", "本月", "累计"],
    ["甲县", 3, 4], ["填表人：", N, N],
]  # fmt: skip
COMMON = {"单位": "县区", "本月": "本月", "累计": "累计"}


def test_tables_with_one_header_in_one_sheet_are_told_apart_by_their_titles() -> None:
    forms = [form(COMMON, "T91", title="住房情况"), form(COMMON, "T90", title="就业情况")]
    found = {f.id: place for f, place in place_forms(sheet(TWO), forms)}
    assert (found["T90"].body, found["T91"].body) == ((3,), (7,))
    assert found["T91"].address(7, "累计") == "C7"


def test_tables_side_by_side_have_rows_of_their_own() -> None:
    rows = [["县区", "本月", N, "单位名称", "人数"], ["甲县", 1, N, "某局", 7], ["合计", 1, N, "某办", 8]]
    left, right = form({"单位": "县区", "本月": "本月"}), form({"单位": "单位名称", "人数": "人数"}, "T91")
    found = {f.id: place for f, place in place_forms(sheet(rows), [left, right])}
    assert (found["T90"].body, found["T90"].totals, found["T91"].body) == ((2,), (3,), (2, 3))
    assert found["T91"].address(3, "人数") == "E3"


def test_a_sheet_of_another_table_is_not_taken() -> None:
    assert place_forms(sheet([["姓名", "年龄", "本月"], ["某人", 3, 1]]), [form(SUMMARY, header_rows=3)]) == []


def test_under_a_merged_group_every_row_holds_the_group() -> None:
    rows = [["类别", "名称", "人数"], ["住房", "甲", 1], [N, "乙", 2], ["就业", "丙", 3], [N, N, N]]
    place = placed(rows, form({"类别": "类别", "名称": "名称", "人数": "人数"}), ("A2:A3", "A4:A5"))
    assert [place.address(n, "类别") for n in place.body] == ["A2", "A2", "A4"]


def test_a_group_title_across_the_table_is_no_record() -> None:
    rows = [["名称", "人数", "备注"], ["一、住房类", N, N], ["甲", 1, N]]
    place = placed(rows, form({"名称": "名称", "人数": "人数"}), ("A2:C2",))
    assert place.body == (3,)


@pytest.mark.parametrize(
    ("word", "ends"),
    [("注：略", True), ("填表人　某", True), ("说明会一场", False), ("备注1：略", True), ("负责人审核", False)],
)
def test_a_note_ends_a_table_and_a_name_that_begins_like_one_does_not(word: str, ends: bool) -> None:
    place = placed([["名称", "人数"], ["甲", 1], [word, N]], form({"名称": "名称", "人数": "人数"}))
    assert (place.end_row == 3) is ends


# Labels


def labels(**columns: str) -> Form:
    return form(columns, shape="labels")


def test_values_stand_beside_below_and_behind_their_labels() -> None:
    rows = [
        ["情况表", N, N, N], ["联系人", "某同志", "电话：", "0356-1"], ["联系地址：某路1号", N, "人数", "面积"], [N, N, 12, 30],
    ]  # fmt: skip
    place = placed(rows, labels(联系人="联系人", 电话="电话", 地址="联系地址", 人数="人数", 面积="面积"), ("A3:B3",))
    found = {name: (place.address(place.header_row, name), place.cell(place.header_row, name)) for name in place.spots}
    assert {name: spot for name, (spot, _) in found.items()} == {
        "联系人": "B2", "电话": "D2", "地址": "A3", "人数": "C4", "面积": "E3",
    }  # fmt: skip
    assert found["地址"][1] is not None and found["地址"][1].value == "某路1号"


def test_labels_of_one_word_are_told_apart_by_what_stands_over_them() -> None:
    rows = [["经费", "市级", 4], [N, "县级", 3], ["人员", "市级", 7], [N, "县级", 9]]
    one = labels(钱="经费/县级", 人="人员/县级", 人数="人员/市级")
    place = placed(rows, one, ("A1:A2", "A3:A4"))
    assert {name: place.address(0, name) for name in place.spots} == {"钱": "C2", "人": "C4", "人数": "C3"}


# What the lines say


@pytest.mark.parametrize(
    ("line", "organisation", "period"),
    [
        (["填报单位：甲县（盖章）", "2023年3月"], "甲县", "2023-03"),
        (["填报单位：甲县　　报告期：2023年3月　单位：万元"], "甲县", "2023-03"),
        (["单位：万元", "填报日期：2023年3月5日"], "", ""),
        (["填报单位", "甲县", "报告期", "2023-03"], "甲县", "2023-03"),
        (["2023年一季度"], "", ""),
        (["单位名称：", "二〇二三年三月"], "", ""),
    ],
)
def test_lines_say_whose_and_of_when_a_sheet_is(line: list[str], organisation: str, period: str) -> None:
    one = form(COMMON)
    said = say_of(placed([line, ["县区", "本月", "累计"], ["甲县", 1, 2]], one), one)
    assert (said.organisation, said.period) == (organisation, period)
    assert bool(said.organisation_at) == bool(organisation) and bool(said.period_at) == bool(period)


def test_a_sheet_named_by_its_month_takes_the_year_from_its_title() -> None:
    one = form(COMMON)
    made = replace(sheet([["2023年汇总表"], ["县区", "本月", "累计"], ["甲县", 1, 2]]), name="3月")
    ((_, place),) = place_forms(made, [one])
    assert say_of(place, one).period == "2023-03"


# The lines as they go out


def gone_out(line: list[Any], period: str = "month", **more: Any) -> list[str]:
    one = form(COMMON)
    one = replace(one, setting=one.setting.model_copy(update={"period": period}))
    place = placed([line, ["县区", "本月", "累计"], ["甲县", 1, 2]], one)
    april = Period(
        label="2023-04", kind="month", year=2023, ordinal=4, first_day=date(2023, 4, 1), last_day=date(2023, 4, 30),
        data_from=date(2023, 3, 26), data_to=date(2023, 4, 25),
    )  # fmt: skip
    filled = lines_filled(place, one, "甲县", april)
    return [filled.get((1, n), str(text or "")) for n, text in enumerate(line, start=1)]


@pytest.mark.parametrize(
    ("line", "said", "out"),
    [
        ("截至2023年3月31日", "2023-03", "截至2023年4月30日"),
        ("（截止2023年3月25日）", "2023-03", "（截止2023年4月25日）"),
        ("截至3月31日", "", "截至4月30日"),
        ("截至　　年　月　日", "", "截至2023年4月25日"),
        ("报告期：2023-03", "2023-03", "报告期：2023年4月"),
        ("2023年3月（截至2023年3月25日）", "2023-03", "2023年4月（截至2023年4月25日）"),
    ],
)
def test_a_day_to_which_figures_count_tells_the_period_and_goes_on_with_it(line: str, said: str, out: str) -> None:
    one = form(COMMON)
    assert say_of(placed([[line], ["县区", "本月", "累计"], ["甲县", 1, 2]], one), one).period == said
    assert gone_out([line]) == [out]


@pytest.mark.parametrize("label", ["填报月份", "统计月份", "所属期", "所属月份"])
def test_the_cell_beside_a_label_of_the_period_is_filled_and_read(label: str) -> None:
    one = form(COMMON)
    said = say_of(placed([[label, "2023年3月"], ["县区", "本月", "累计"], ["甲县", 1, 2]], one), one)
    assert (said.period, said.period_at) == ("2023-03", "B1")
    assert gone_out([label, "2023年3月"]) == gone_out([label, N]) == [label, "2023年4月"]


def test_a_time_of_filling_in_is_the_period_only_where_one_stands_there() -> None:
    assert gone_out(["填表时间", "2023年3月"]) == ["填表时间", "2023年4月"]
    assert gone_out(["填表时间", N]) == ["填表时间", ""]
    assert gone_out(["填表时间", "2023年3月5日"]) == ["填表时间", ""]


def test_a_title_that_names_the_old_period_once_more_goes_on_with_it() -> None:
    one = form(COMMON)
    place = placed([["2023年3月汇总表"], ["2023年3月"], ["县区", "本月", "累计"], ["甲县", 1, 2]], one)
    april = Period(
        label="2023-04", kind="month", year=2023, ordinal=4, first_day=date(2023, 4, 1), last_day=date(2023, 4, 30),
        data_from=date(2023, 3, 26), data_to=date(2023, 4, 25),
    )  # fmt: skip
    assert lines_filled(place, one, "甲县", april) == {(1, 1): "2023年4月汇总表", (2, 1): "2023年4月"}
