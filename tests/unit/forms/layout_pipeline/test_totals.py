"""S09: sums of own sheets are compared with every group of rows that they may stand for, and never taken."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from test_placing import form, placed

from yaoxun.forms.layout.totals import check_totals
from yaoxun.forms.model import Frame
from yaoxun.office.model import Organisation, Period

ORG = Organisation(code="jx", name="示例甲县", short="甲县", kind="县", order=1)
APRIL = Period(
    label="2023-04", kind="month", year=2023, ordinal=4, first_day=date(2023, 4, 1), last_day=date(2023, 4, 30),
    data_from=date(2023, 3, 26), data_to=date(2023, 4, 25),
)  # fmt: skip
N = None
COLUMNS = {"单位": "县区", "本月": "本月", "补贴": "补贴"}
HEAD = ["片区", "县区", "本月", "补贴"]


def told(rows: Sequence[Sequence[Any]], merges: Sequence[str] = ()) -> list[tuple[str, str, str]]:
    """(address, found, expected) of every sum that does not fit."""
    one = form(COLUMNS, organisation="单位")
    place = placed([HEAD, *rows], one, merges)
    frame = Frame(form=one, org=ORG, period=APRIL, lists={})
    assert set(place.totals).isdisjoint(place.body)
    return [(f.cell, f.found, f.allowed) for f in check_totals(frame, place)]


A, B, C = [N, "甲县", 1, 0.1], [N, "乙县", 2, 0.2], [N, "丙区", 4, 0.4]


@pytest.mark.parametrize(
    "rows",
    [
        [A, B, C, [N, "合计", 7, 0.7]],
        [[N, "合 计", 7, 0.7], A, B, C],
        [A, B, [N, "小计", 3, 0.3], C, [N, "小计", 4, 0.4], [N, "总计", 7, 0.7]],
        [[N, "东片小计", 3, 0.3], A, B, [N, "西片小计", 4, 0.4], C, [N, "合计", 7, 0.7]],
        [A, B, C, [N, "合计", N, N]],
        [A, B, C, [N, "合计（人）", "7", " 0.7 "]],
    ],
)
def test_a_sum_that_fits_any_usual_way_is_let_pass(rows: list[list[Any]]) -> None:
    assert told(rows) == []


def test_a_subtotal_may_stand_for_its_merged_group() -> None:
    rows = [["东片", "甲县", 1, 0.1], [N, "小计", 5, 0.5], [N, "丙区", 4, 0.4], ["西片", "乙县", 2, 0.2]]
    assert told(rows, ("A2:A4",)) == []


def test_a_sum_that_fits_none_is_told_at_its_cell_with_what_was_expected() -> None:
    rows = [A, B, [N, "小计", 30, 0.3], C, [N, "合计", 7, 0.07]]
    assert told(rows) == [("C4", "30", "3"), ("D6", "0.07", "0.7")]


RECORDS = {"单位": "事项", "内容": "内容"}


@pytest.mark.parametrize(
    ("row", "is_sum"),
    [
        (["走访", "合计发放补贴37人"], False),
        (["走访", "全年总计"], False),
        (["重点项目小计", "已完成"], False),
        (["甲县小计", N], True),
        (["2023年一季度小计", N], True),
        (["1-3月合计", N], True),
        (["合 计", "12项"], True),
        (["总计（1+2）", N], True),
    ],
)
def test_a_record_of_words_is_no_sum_though_it_speaks_of_one(row: list[Any], is_sum: bool) -> None:
    place = placed([["事项", "内容"], ["会议", "座谈"], row], form(RECORDS))
    assert (3 in place.totals, 3 in place.body) == (is_sum, not is_sum)


def test_a_record_with_figures_is_no_sum_where_its_key_says_otherwise() -> None:
    one = form({"单位": "项目", "内容": "内容", "本月": "本月"})
    rows = [["项目", "内容", "本月"], ["甲", "合计三栋", 7], [N, "小计", 7], ["合计", N, 7]]
    assert (placed(rows, one).body, placed(rows, one).totals) == ((2,), (3, 4))


def test_an_amount_merged_over_several_rows_counts_once_a_name_for_each_and_nothing_hidden() -> None:
    rows = [HEAD, ["东片", "甲县", 1, 100], ["东片", "甲县", 2, 50]]
    place = placed(rows, form(COLUMNS, organisation="单位"), ("B2:B3", "D2:D3"))
    assert place.cell(3, "单位") == place.cell(2, "单位")
    assert place.cell(2, "补贴") is not None and place.cell(3, "补贴") is None


def test_a_subtotal_of_rows_that_are_not_filled_is_not_held_against_the_others() -> None:
    blank = [N, "丙区", N, N]
    assert told([A, B, [N, "小计", 3, 0.3], blank, [N, "小计", 8, 0.8]]) == []
    assert told([blank, [N, "小计", 8, 0.8], A, [N, "小计", 1, 0.1]]) == []
