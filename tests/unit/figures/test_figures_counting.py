"""Counts of entries: which row an entry's value is, which rows a figure looks at, what was collected."""

from decimal import Decimal

import pytest
from figures_kit import BEFORE, FEBRUARY, MARCH, Collected, policy, sample_office
from hypothesis import given, settings
from hypothesis import strategies as st

from yaoxun.figures.words import plain

COUNT = {"count": "T3", "unit": "个"}


def test_an_entry_is_counted_once_however_often_it_is_reported() -> None:
    got = Collected().add("danwei01", "T3", FEBRUARY, [policy()], uids=["甲"])
    got.add("danwei01", "T3", MARCH, [policy(), policy()], uids=["甲", "乙"])
    assert got.figure(**COUNT).number == 2


def test_the_value_of_an_entry_is_its_row_in_the_newest_period() -> None:
    got = Collected().add("danwei01", "T3", MARCH, [policy(状态="误报")], uids=["甲"])
    got.add("danwei01", "T3", FEBRUARY, [policy(状态="有效")], uids=["甲"])
    assert got.figure(**COUNT, where_not={"状态": "误报"}).number == 0
    assert got.figure(**COUNT, where={"状态": "误报"}).sources[0].sheet_row == 1


def test_an_entry_that_is_absent_from_the_newest_version_is_not_withdrawn() -> None:
    got = Collected().add("danwei01", "T3", FEBRUARY, [policy()], uids=["甲"]).add("danwei01", "T3", MARCH)
    assert got.figure(**COUNT).number == 1


def test_an_entry_carried_on_into_this_period_still_counts_for_the_last() -> None:
    got = Collected().add("danwei01", "T3", FEBRUARY, [policy(), policy()], uids=["甲", "乙"])
    got.add("danwei01", "T3", MARCH, [policy(), policy(), policy()], uids=["甲", "乙", "丙"])
    value = got.figure(**COUNT, compare=["上期"])
    assert value.number == 3
    assert value.against is not None and value.against["上期"] is not None
    assert value.against["上期"].number == 2


def test_an_entry_withdrawn_this_period_still_counts_for_the_last() -> None:
    got = Collected().add("danwei01", "T3", FEBRUARY, [policy()], uids=["甲"])
    got.add("danwei01", "T3", MARCH, [policy(状态="误报")], uids=["甲"])
    value = got.figure(**COUNT, where_not={"状态": "误报"}, compare=["上期"])
    assert value.number == 0
    assert value.against is not None and value.against["上期"] is not None
    assert value.against["上期"].number == 1


def test_a_joint_entry_is_one_and_the_leads_row_counts() -> None:
    got = Collected(same={"副": "主"})
    got.add("danwei01", "T3", FEBRUARY, [policy(状态="有效")], uids=["主"])
    got.add("danwei02", "T3", MARCH, [policy(状态="失效")], uids=["副"])
    assert got.figure(**COUNT).number == 1
    assert got.figure(**COUNT, where={"状态": "有效"}).number == 1


def test_rows_of_a_fixed_table_are_not_taken_for_one_entry() -> None:
    got = (
        Collected(registers=frozenset())
        .add("danwei01", "T1", MARCH, [{}], uids=["I1"])
        .add("danwei02", "T1", MARCH, [{}], uids=["I1"])
    )
    assert got.figure(count="T1").number == 2


def test_conditions_keep_and_drop_rows() -> None:
    got = Collected().add(
        "danwei01", "T3", MARCH, [policy(类别="普惠"), policy(类别="专项"), policy(类别=None), policy(层级="县", 类别="长效")]
    )  # fmt: skip
    assert got.figure(**COUNT, where={"层级": "市"}).number == 3
    assert got.figure(**COUNT, where={"类别": ["普惠", "专项"]}).number == 2
    assert got.figure(**COUNT, where_not={"类别": ["普惠", "专项"]}).number == 2
    assert got.figure(**COUNT, where={"层级": "市"}, where_not={"类别": "普惠"}).number == 2


def test_a_cell_with_several_choices_holds_each_of_them() -> None:
    got = Collected().add("danwei01", "T3", MARCH, [policy(对应措施=["X1", "X3"]), policy(对应措施=["X2"])])
    assert got.figure(**COUNT, where={"对应措施": "X1"}).number == 1
    assert got.figure(**COUNT, where={"对应措施": ["X1", "X2"]}).number == 2
    assert got.figure(**COUNT, where_not={"对应措施": "X3"}).number == 1


def test_only_organisations_of_the_kind_are_counted() -> None:
    got = Collected().add("danwei01", "T5", MARCH, [{}, {}]).add("chengqu", "T5", MARCH, [{}])
    assert got.figure(count="T5", org_kind=["成员单位"]).number == 2
    assert got.figure(count="T5", org_kind=["县"]).number == 1


def test_dates_are_set_against_the_start_of_the_pilot_and_the_data_window() -> None:
    office = sample_office()
    start, window = office.pilot_start.isoformat(), office.period(MARCH)
    dates = ["2022-05-31", start, window.data_from.isoformat(), window.data_to.isoformat(), "2023-03-31", None]
    got = Collected().add("danwei01", "T3", MARCH, [policy(date) for date in dates])  # type: ignore[arg-type]
    dated = {"date": "出台日期"}
    assert start == "2022-06-01"
    assert got.figure(**COUNT, **dated, dated="before_pilot").number == 1
    assert got.figure(**COUNT, **dated, dated="since_pilot").number == 4
    assert got.figure(**COUNT, **dated, dated="period").number == 2


def test_before_and_since_the_pilot_add_up_to_what_is_dated() -> None:
    got = Collected().add("danwei01", "T3", MARCH, [policy(f"2022-{month:02}-01") for month in range(1, 13)])
    parts = [got.figure(**COUNT, date="出台日期", dated=when).number for when in ("before_pilot", "since_pilot")]
    assert parts == [5, 7]


@pytest.mark.parametrize(("span", "number"), [("to_date", 4), ("period", 1), ("year", 2), ("pilot", 3)])
def test_the_span_says_whose_periods_rows_are_taken(span: str, number: int) -> None:
    got = Collected()
    for label in ("试点前", "2022-12", FEBRUARY, MARCH, "2023-04"):
        got.add("danwei01", "T7", label, [{}])
    assert got.figure(count="T7", span=span).number == number


def test_two_entries_with_the_same_columns_are_one_where_distinct_says_so() -> None:
    got = Collected().add(
        "danwei01",
        "T3",
        MARCH,
        [policy(文号="甲〔2023〕1号"), policy(文号="甲〔2023〕1号"), policy(文号=""), policy(文号="")],
    )
    value = got.figure(**COUNT, distinct=["文号"])
    assert value.number == 3, "rows without a key are each their own"
    assert len(value.sources) == 3


def test_a_count_names_each_row_with_the_column_that_was_looked_at() -> None:
    got = Collected().add("danwei01", "T3", MARCH, [policy(), policy()])
    assert {(s.sheet_row, s.column) for s in got.figure(**COUNT, shown="政策名称").sources} == {
        (1, "政策名称"),
        (2, "政策名称"),
    }
    assert {s.column for s in got.figure(**COUNT, date="出台日期", dated="since_pilot").sources} == {"出台日期"}
    assert {s.column for s in got.figure(**COUNT, where={"层级": "市"}).sources} == {"层级"}


# Nothing is not zero


def test_nothing_collected_is_none_and_prints_a_dash_and_a_zero_report_is_zero() -> None:
    nothing = Collected().figure(**COUNT)
    assert nothing.number is None and plain(nothing.number) == "—"
    assert Collected().add("danwei01", "T3", MARCH).figure(**COUNT).number == 0


def test_a_period_that_was_not_collected_is_none_though_an_earlier_one_was() -> None:
    got = Collected().add("danwei01", "T7", FEBRUARY, [{}])
    assert got.figure(count="T7", span="period").number is None
    assert got.figure(count="T7").number == 1


def test_an_organisation_that_never_reported_is_a_dash_and_one_with_a_zero_report_is_zero() -> None:
    got = (
        Collected(expected={"T5": ("chengqu", "zezhou", "gaoping")})
        .add("chengqu", "T5", MARCH, [{}, {}])
        .add("zezhou", "T5", MARCH)
    )
    assert got.split(count="T5", by="单位") == {"城区": Decimal(2), "泽州县": Decimal(0), "高平市": None}


def test_the_split_by_organisation_is_in_office_order_whatever_order_they_came_in() -> None:
    got = Collected(expected={"T5": ("gaoping", "chengqu", "zezhou")})
    for org in ("zezhou", "gaoping", "chengqu"):
        got.add(org, "T5", MARCH, [{}])
    assert list(got.split(count="T5", by="单位")) == ["城区", "泽州县", "高平市"]


def test_an_organisation_with_rows_that_is_no_longer_asked_is_not_lost_from_the_split() -> None:
    got = (
        Collected(expected={"T5": ("chengqu",)})
        .add("chengqu", "T5", MARCH, [{}])
        .add("zezhou", "T5", FEBRUARY, [{}, {}])
    )
    assert got.split(count="T5", by="单位") == {"城区": 1, "泽州县": 2}


def test_a_split_by_a_column_holds_every_row_once() -> None:
    got = Collected().add(
        "danwei01", "T3", MARCH, [policy(类别="普惠"), policy(类别="专项"), policy(类别="普惠"), policy()]
    )
    assert got.split(**COUNT, by="类别") == {"普惠": 2, "专项": 1, "": 1}


def test_a_split_by_a_column_of_several_choices_counts_an_entry_under_each() -> None:
    got = Collected().add("danwei01", "T3", MARCH, [policy(对应措施=["X1", "X3"]), policy(对应措施=["X3"]), policy()])
    values = got.figures(one={**COUNT, "by": "对应措施"})["one"]
    assert {v.label: [s.sheet_row for s in v.sources] for v in values} == {"X1": [1], "X3": [1, 2], "": [3]}


# Code lists


def test_the_size_of_a_list_is_taken_as_of_the_period() -> None:
    got = Collected()
    assert got.figure(size_of="measure").number == 13
    assert got.figure(size_of="measure", where={"group": "行动"}).number == 7
    assert got.figure(size_of="measure", where_not={"group": "行动"}).number == 6
    assert got.figure(size_of="task").number == 45
    assert got.figure(size_of="organisations", where={"kind": "县"}).number == 6
    assert {s.list_entry for s in got.figure(size_of="measure").sources} >= {"measure:X1", "measure:G6"}


def test_a_dated_list_has_another_size_in_another_year() -> None:
    (value,) = Collected().figures("2022-12", one={"size_of": "task", "compare": ["上年同期"]})["one"]
    assert value.number == 0, "the tasks of the sample office are those of 2023"


# Coverage


def test_coverage_is_in_office_order_and_only_of_those_the_figure_looks_at() -> None:
    got = (
        Collected(expected={"T5": ("chengqu", "zezhou", "danwei01", "danwei02")})
        .add("danwei02", "T5", MARCH)
        .add("zezhou", "T5", MARCH)
    )
    coverage = got.figure(count="T5").coverage
    assert coverage is not None
    assert (coverage.expected, coverage.missing) == (
        ("chengqu", "zezhou", "danwei01", "danwei02"),
        ("chengqu", "danwei01"),
    )
    bureaus = got.figure(count="T5", org_kind=["成员单位"]).coverage
    assert bureaus is not None
    assert (bureaus.expected, bureaus.reported, bureaus.missing) == (
        ("danwei01", "danwei02"),
        ("danwei02",),
        ("danwei01",),
    )


def test_last_periods_report_does_not_cover_this_one() -> None:
    got = Collected(expected={"T5": ("chengqu",)}).add("chengqu", "T5", FEBRUARY, [{}])
    value = got.figure(count="T5")
    assert value.coverage is not None
    assert (value.number, value.coverage.missing) == (1, ("chengqu",))


# Properties

ORGS = ("chengqu", "zezhou", "danwei01", "danwei02")
entry = st.tuples(
    st.sampled_from(ORGS), st.sampled_from([BEFORE, FEBRUARY, MARCH]), st.integers(0, 5), st.sampled_from(["市", "县"])
)  # fmt: skip
entries = st.lists(entry, max_size=12)
QUICK = settings(max_examples=25, deadline=None)


def gathered(lines: list[tuple[str, str, int, str]]) -> Collected:
    got = Collected(expected={"T3": ORGS})
    for org, period, uid, level in lines:
        got.add(org, "T3", period, [policy(层级=level)], uids=[f"{org}-{uid}"])
    return got


@given(entries)
@QUICK
def test_the_parts_by_organisation_add_up_to_the_whole(lines: list[tuple[str, str, int, str]]) -> None:
    got = gathered(lines)
    parts = [n for n in got.split(**COUNT, by="单位").values() if n is not None]
    assert sum(parts) == (got.figure(**COUNT).number or 0)
    assert sum(n for n in got.split(**COUNT, by="层级").values()) == sum(parts)


@given(entries)
@QUICK
def test_no_source_is_lost_and_none_is_counted_twice(lines: list[tuple[str, str, int, str]]) -> None:
    value = gathered(lines).figure(**COUNT)
    rows = [s.sheet_row for s in value.sources]
    assert len(rows) == len(set(rows)) == (value.number or 0) == len({(org, uid) for org, _, uid, _ in lines})


@given(
    st.lists(entry, max_size=8, unique_by=lambda line: (line[0], line[2])).flatmap(
        lambda x: st.tuples(st.just(x), st.permutations(x))
    )
)
@QUICK
def test_the_order_in_which_things_came_does_not_matter(
    both: tuple[list[tuple[str, str, int, str]], list[tuple[str, str, int, str]]],
) -> None:
    first, second = (gathered(lines) for lines in both)
    for declared in (COUNT, {**COUNT, "where": {"层级": "市"}}, {**COUNT, "span": "year"}):
        assert first.figure(**declared).number == second.figure(**declared).number
    assert first.split(**COUNT, by="单位") == second.split(**COUNT, by="单位")
