"""The lines around an own sheet's table when it goes out and comes back: whose it is, who filled the blank in."""

from datetime import date
from typing import Any

import pytest
from test_placing import COMMON, form, placed

from yaoxun.forms.layout.said import lines_filled, say_of
from yaoxun.forms.layout.signatures import unsigned
from yaoxun.office.model import Period

N = None
ADDRESSEE = "甲县统计局"
KNOWN = frozenset({"乙县统计局", "乙县", "市统计局"})
APRIL = Period(
    label="2023-04", kind="month", year=2023, ordinal=4, first_day=date(2023, 4, 1), last_day=date(2023, 4, 30),
    data_from=date(2023, 3, 26), data_to=date(2023, 4, 25),
)  # fmt: skip
TABLE = [["县区", "本月", "累计"], ["甲县", 1, 2]]


def gone_out(*lines: list[Any], below: tuple[list[Any], ...] = (), **layout: Any) -> list[list[Any]]:
    """The lines above (and below) as they go out to 甲县统计局 in April."""
    one = form(COMMON, **layout)
    rows = [*lines, *TABLE, *below]
    filled = lines_filled(placed(rows, one), one, ADDRESSEE, APRIL, KNOWN)
    out = [[filled.get((r, c), text) for c, text in enumerate(row, 1)] for r, row in enumerate(rows, 1)]
    return [*out[: len(lines)], *out[len(lines) + len(TABLE) :]]


@pytest.mark.parametrize("label", ["填报单位：", "填报单位（盖章）：", "上报单位：", "报送单位：", "单位名称：", "填表部门：",
                                   "乡镇（街道）：", "街道（乡镇）：", "乡镇：", "县（市、区）："])  # fmt: skip
@pytest.mark.parametrize("name", ["", "市统计局", "哪里都没有的某局", "　　　　"])
@pytest.mark.parametrize("organisation", ["", "单位"])
def test_a_line_that_asks_whose_the_sheet_is_names_the_addressee(label: str, name: str, organisation: str) -> None:
    assert gone_out([label + name], organisation=organisation) == [[label + ADDRESSEE]]


@pytest.mark.parametrize("organisation", ["", "单位"])
def test_every_such_line_is_written_over_and_what_follows_in_it_stays(organisation: str) -> None:
    out = gone_out(
        ["填报单位：市统计局　　单位：万元"], ["乡镇（街道）：", "乙县"], below=(["注：略"], ["编制单位：乙县统计局（盖章）"]), organisation=organisation
    )  # fmt: skip
    assert out == [
        [f"填报单位：{ADDRESSEE}　　单位：万元"], ["乡镇（街道）：", ADDRESSEE], ["注：略"], [f"编制单位：{ADDRESSEE}（盖章）"],
    ]  # fmt: skip


def test_a_known_name_makes_any_line_one_of_whose_the_sheet_is() -> None:
    assert gone_out(["责任片区：乙县", N, "2023年3月"]) == [[f"责任片区：{ADDRESSEE}", N, "2023年4月"]]
    assert gone_out(["责任片区：丙县"]) == [["责任片区：丙县"]]


@pytest.mark.parametrize(
    "line", ["制定机关：市统计局", "数据来源：市统计局", "报送：市统计局", "单位：万元", "表号：乙县1表"]
)
def test_lines_of_others_stay(line: str) -> None:
    assert gone_out([line]) == [[line]]


def test_a_note_that_speaks_of_the_line_stays_and_names_nobody() -> None:
    notes = ["注：1.填报单位：填单位全称。2.填表人：填经办人姓名。", "说明：乡镇：指乙县所辖乡镇", "填报单位：写全称。"]
    assert gone_out(["填报单位："], below=tuple([note] for note in notes)) == [
        [f"填报单位：{ADDRESSEE}"],
        *([note] for note in notes),
    ]
    one = form(COMMON)
    assert say_of(placed([*TABLE, [notes[0]]], one), one, KNOWN).organisation == ""


def test_a_line_of_any_label_with_a_known_name_is_read() -> None:
    one = form(COMMON)
    for line, said in (
        ("责任片区：乙县", "乙县"),
        ("乡镇（街道）：丁镇", "丁镇"),
        ("责任片区：丁镇", ""),
        ("乡镇：　　", ""),
    ):
        assert say_of(placed([[line], *TABLE], one), one, KNOWN).organisation == said


def test_a_label_of_a_column_is_no_line_of_the_sheet() -> None:
    one = form({"单位名称": "单位名称", "人数": "人数"}, shape="labels")
    rows = [["情况表"], ["单位名称：", "乙县统计局"], ["人数", 5]]
    assert lines_filled(placed(rows, one), one, ADDRESSEE, APRIL, KNOWN) == {}
    assert say_of(placed(rows, one), one, KNOWN).organisation == ""


# Who filled it in


@pytest.mark.parametrize(
    ("text", "out"),
    [
        ("填表人：某甲", "填表人："),
        ("审核人:某乙", "审核人:"),
        ("填报日期：2026年10月28日", "填报日期："),
        ("填报时间：2026-10-28", "填报时间："),
        ("填报时间：2026年10月", "填报时间：2026年10月"),
        (
            "填表人：某甲　　审核人：某乙　　填报日期：2026年10月28日",
            "填表人：　　　　　　审核人：　　　　　　填报日期：",
        ),
        ("单位负责人（签字）：某甲　联系电话：0000-1234567", "单位负责人（签字）：　　　　　联系电话："),
        (
            "填表人：　　　　　　负责人：　　　　　　填报日期：　年　月　日",
            "填表人：　　　　　　负责人：　　　　　　填报日期：　年　月　日",
        ),
        ("填表人：____", "填表人：____"),
        ("注：联系人：某甲，联系电话：0000-1234567", "注：联系人：某甲，联系电话：0000-1234567"),
        ("填报日期：每月28日前报县局；联系电话：0000-1234567", "填报日期：每月28日前报县局；联系电话：0000-1234567"),
        ("填报单位：甲县", "填报单位：甲县"),
    ],
)
def test_what_a_person_signed_is_taken_out_and_the_labels_stay(text: str, out: str) -> None:
    assert unsigned(text) == out


def test_the_blanks_signatures_do_not_go_out() -> None:
    out = gone_out(
        ["填报日期：2023年3月28日", N], below=(["填表人：某甲", N, "审核人：某乙"], ["联系电话：", "0000-1234567"])
    )
    assert out == [["填报日期：", N], ["填表人：", N, "审核人："], ["联系电话：", ""]]
