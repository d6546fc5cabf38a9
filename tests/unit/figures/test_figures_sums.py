"""Sums, shares and comparisons."""

from decimal import Decimal

import pytest
from figures_kit import FEBRUARY, MARCH, Collected, policy, sample_office
from hypothesis import given, settings
from hypothesis import strategies as st

from yaoxun.errors import ConfigError, InternalError
from yaoxun.figures.words import comparison, coverage_sentence, plain

SUM = {"sum": "T7", "column": "产品种类"}


def amounts(*values: int, scale: int = 0, unit: str = "种") -> list[tuple[str, int, int, str]]:
    return [("产品种类", value, scale, unit) for value in values]


def add(got: Collected, org: str, period: str, *values: int, scale: int = 0, unit: str = "种") -> Collected:
    return got.add(
        org, "T7", period, [{"类别": "海报文创"}] * len(values), numbers=amounts(*values, scale=scale, unit=unit)
    )


def test_a_sum_adds_every_fact_and_names_each() -> None:
    got = add(add(Collected(), "danwei01", FEBRUARY, 20, 2), "danwei02", MARCH, 20)
    value = got.figure(**SUM)
    assert (value.number, value.unit) == (42, "种")
    assert [s.fact for s in value.sources] == [1, 2, 3]


def test_only_the_column_and_the_rows_that_are_meant_are_added() -> None:
    got = Collected().add(
        "danwei01", "T7", MARCH, [{"类别": "海报文创"}, {"类别": "活动"}, {"类别": "海报文创"}],
        numbers=[("产品种类", 40, 0, "种"), ("产品种类", 3, 0, "种"), ("阅读量", 999, 0, "次")],
    )  # fmt: skip
    assert got.figure(**SUM, where={"类别": "海报文创"}).number == 40


def test_of_an_entry_reported_twice_the_newest_number_is_added() -> None:
    got = Collected()
    for period, amount in ((FEBRUARY, 10), (MARCH, 12)):
        got.add("danwei01", "T7", period, [{}], uids=["甲"], numbers=amounts(amount))
    value = got.figure(**SUM, compare=["上期"])
    assert value.number == 12
    assert value.against is not None and value.against["上期"] is not None
    assert value.against["上期"].number == 10


def test_numbers_of_different_scales_are_added_exactly() -> None:
    got = add(add(Collected(), "danwei01", MARCH, 1, unit="万元"), "danwei02", MARCH, 25, scale=2, unit="万元")
    assert got.figure(**SUM).number == Decimal("1.25")


def test_integers_beyond_2_to_the_53_stay_exact_and_beyond_64_bits_fail_loudly() -> None:
    big = 2**53 + 1
    assert add(Collected(), "danwei01", MARCH, big, 1, 1).figure(**SUM).number == 2**53 + 3
    with pytest.raises(InternalError):
        add(Collected(), "danwei01", MARCH, 2**62, 2**62).figure(**SUM)


def test_a_fact_that_is_missing_does_not_make_the_others_inexact() -> None:
    got = Collected().add("danwei01", "T7", MARCH, [{}, {}, {}], numbers=amounts(2**53 + 1, 1))
    assert got.figure(**SUM).number == 2**53 + 2


def test_different_units_are_refused_with_file_key_and_remedy() -> None:
    got = add(add(Collected(), "danwei01", MARCH, 1, unit="个"), "danwei02", MARCH, 1, unit="万元")
    with pytest.raises(ConfigError) as caught:
        got.figure(**SUM)
    assert "万元、个" in caught.value.message and caught.value.key == "figures.one" and "where" in caught.value.remedy


def test_what_was_not_collected_or_was_left_empty_is_none_and_never_zero() -> None:
    assert Collected().figure(**SUM).number is None
    assert Collected().add("danwei01", "T7", MARCH, [{}]).figure(**SUM).number is None
    assert Collected().add("danwei01", "T7", FEBRUARY).figure(**SUM, span="period").number is None
    assert add(Collected(), "danwei01", MARCH, 0).figure(**SUM).number == 0


def test_a_zero_report_adds_up_to_zero_as_it_counts_zero() -> None:
    got = Collected().add("danwei01", "T7", MARCH, declared="零报告")
    assert (got.figure(**SUM).number, got.figure(count="T7").number) == (0, 0)
    carried = Collected().add("danwei01", "T7", MARCH, [{}], declared="零报告")
    assert carried.figure(**SUM).number == 0, "an entry that is carried on, with nothing new"


def test_an_approximate_word_is_computed_from_the_value() -> None:
    got = add(Collected(), "danwei01", MARCH, 42)
    assert got.figure(**SUM, words={"kind": "余", "step": 10}).words == "40余"
    assert Collected().figure(**SUM, words={"kind": "余", "step": 10}).words == ""


# Shares

SHARE = {"share": {"of": "part", "within": "whole"}}
PART = {"count": "T3", "date": "出台日期", "dated": "since_pilot"}


def test_a_share_is_rounded_half_up_and_names_each_source_of_both_once() -> None:
    dates = ["2022-07-01"] * 55 + ["2021-01-01"] * 32
    got = Collected().add("danwei01", "T3", MARCH, [policy(date) for date in dates])
    value = got.figures(whole={"count": "T3"}, part=PART, share=SHARE)["share"][0]
    assert (plain(value.number), value.unit) == ("63.2", "%")
    assert [s.sheet_row for s in value.sources] == list(range(1, 88))


def test_a_share_of_nothing_is_none() -> None:
    got = Collected().add("danwei01", "T3", MARCH)
    assert got.figures(whole={"count": "T3"}, part=PART, share=SHARE)["share"][0].number is None
    assert Collected().figures(whole={"count": "T3"}, part=PART, share=SHARE)["share"][0].number is None


def test_shares_differ_by_percentage_points() -> None:
    got = Collected().add("danwei01", "T3", FEBRUARY, [policy("2022-07-01"), policy("2021-01-01")], uids=["甲", "乙"])
    got.add("danwei01", "T3", MARCH, [policy("2023-03-01"), policy("2023-03-02")], uids=["丙", "丁"])
    value = got.figures(whole={"count": "T3"}, part=PART, share={**SHARE, "compare": ["上期"]})["share"][0]
    assert comparison(value, "上期", True) == "比上期提高25个百分点"


# Comparisons


def compared(now: int | None, then: int | None) -> str:
    got = Collected()
    for period, value in ((FEBRUARY, then), (MARCH, now)):
        if value is not None:
            add(got, "danwei01", period, value)
    return comparison(got.figure(**SUM, span="period", compare=["上期"]), "上期", False)


@pytest.mark.parametrize(
    ("now", "then", "words"),
    [
        (87, 82, "比上期增加5种，增长6.1%"),
        (82, 87, "比上期减少5种，下降5.7%"),
        (87, 87, "与上期持平"),
        (3, 0, "由上期的0增至3种"),
        (0, 0, "与上期持平"),
        (6, 4, "比上期增加2种"),
        (1, 4, "比上期减少3种"),
        (6, 5, "比上期增加1种，增长20%"),
        (0, 10, "比上期减少10种，下降100%"),
        (30, 10, "比上期增加20种，增长200%"),
        (20, 16, "比上期增加4种，增长25%"),
        (87, None, "上期无数据"),
        (None, 87, "本期无数据"),
    ],
)
def test_a_comparison_in_words(now: int | None, then: int | None, words: str) -> None:
    assert compared(now, then) == words


def test_the_same_period_of_last_year_is_compared_only_where_it_was_collected() -> None:
    assert sample_office().year_ago(sample_office().period("2023-07")) is not None
    got = add(add(Collected(), "danwei01", "2022-07", 10), "danwei01", "2023-07", 15)
    value = got.figure("2023-07", **SUM, span="period", compare=["上年同期", "上期"])
    assert comparison(value, "上年同期", False) == "比上年同期增加5种，增长50%"
    assert comparison(value, "上期", False) == "上期无数据"
    first = add(Collected(), "danwei01", MARCH, 15).figure(**SUM, compare=["上年同期"])
    assert comparison(first, "上年同期", False) == "上年同期无数据", "no such period is on record"


def test_a_split_is_compared_part_by_part() -> None:
    got = Collected(expected={"T7": ("danwei01", "danwei02")})
    add(add(got, "danwei01", FEBRUARY, 10), "danwei02", FEBRUARY, 20)
    add(add(got, "danwei01", MARCH, 11), "danwei02", MARCH, 19)
    values = got.figures(one={**SUM, "span": "period", "by": "单位", "compare": ["上期"]})["one"]
    assert [comparison(value, "上期", False)[:5] for value in values] == ["比上期增加", "比上期减少"]


UNEVEN = "上期报送单位不同，不可比"


def reported_by(now: str, then: str, **setting: object) -> str:
    got = Collected(registers=frozenset({"T7"} if setting.get("register") else ()))
    for period, orgs in ((FEBRUARY, then), (MARCH, now)):
        for org in orgs.split():
            add(got, org, period, 10)
    setting = {name: given for name, given in setting.items() if name != "register"}
    return comparison(got.figure(**SUM, **setting, compare=["上期"]), "上期", False)


@pytest.mark.parametrize(("now", "then"), [("danwei01", "danwei01 danwei02"), ("danwei01 danwei02", "danwei01"),
                                           ("danwei01", "danwei02")])  # fmt: skip
@pytest.mark.parametrize("register", [True, False])
def test_a_month_is_not_compared_with_one_that_others_reported(now: str, then: str, register: bool) -> None:
    assert reported_by(now, then, span="period", register=register) == UNEVEN


def test_a_running_total_that_lacks_somebodys_last_month_is_not_compared() -> None:
    assert reported_by("danwei01", "danwei01 danwei02", span="year") == UNEVEN
    assert reported_by("danwei01 danwei02", "danwei01 danwei02", span="year") == "比上期增加20种，增长100%"


def test_entries_of_a_register_stand_though_their_reporter_is_late_and_a_newcomer_makes_it_another_circle() -> None:
    assert reported_by("danwei01", "danwei01 danwei02", register=True) == "比上期增加10种，增长50%"
    assert reported_by("", "danwei01 danwei02", register=True) == UNEVEN, "nobody has reported this month"
    assert reported_by("danwei01 danwei02", "danwei01", register=True) == UNEVEN


def test_only_the_organisations_that_a_figure_looks_at_have_to_be_the_same() -> None:
    assert reported_by("danwei01", "danwei01 chengqu", span="period", org_kind=["成员单位"]) == "与上期持平"
    got = add(add(add(Collected(), "danwei01", FEBRUARY, 10), "danwei02", FEBRUARY, 20), "danwei01", MARCH, 11)
    values = got.figures(one={**SUM, "span": "period", "by": "单位", "compare": ["上期"]})["one"]
    assert comparison(values[0], "上期", False) == "比上期增加1种，增长10%"


def test_a_share_is_compared_where_both_its_parts_cover_the_same() -> None:
    got = Collected().add("danwei01", "T3", FEBRUARY, [policy()]).add("danwei02", "T3", FEBRUARY, [policy()])
    got.add("danwei01", "T3", MARCH, [policy()])
    here = {"span": "period"}
    value = got.figures(whole={"count": "T3", **here}, part={**PART, **here}, share={**SHARE, "compare": ["上期"]})
    assert comparison(value["share"][0], "上期", True) == UNEVEN


def test_coverage_in_words_names_the_missing_by_their_short_names() -> None:
    got = add(Collected(expected={"T7": ("chengqu", "zezhou", "gaoping")}), "zezhou", MARCH, 1)
    coverage = got.figure(**SUM).coverage
    assert coverage is not None
    assert (
        coverage_sentence(coverage, lambda code: sample_office().organisation(code).short)
        == "应报3家，实报1家，未报：城区、高平市"
    )
    full = add(Collected(expected={"T7": ("zezhou",)}), "zezhou", MARCH, 1).figure(**SUM).coverage
    assert full is not None
    assert coverage_sentence(full, str) == "应报1家，实报1家"


# Properties

numbers = st.lists(
    st.tuples(st.sampled_from(["chengqu", "zezhou", "danwei01"]), st.integers(0, 2**55)), min_size=1, max_size=8
)
QUICK = settings(max_examples=25, deadline=None)


@given(numbers)
@QUICK
def test_the_parts_by_organisation_add_up_to_the_whole_exactly(lines: list[tuple[str, int]]) -> None:
    got = Collected()
    for org, value in lines:
        add(got, org, MARCH, value)
    whole = got.figure(**SUM)
    assert (
        sum(n for n in got.split(**SUM, by="单位").values() if n is not None)
        == whole.number
        == sum(v for _, v in lines)
    )
    assert len(whole.sources) == len(lines)


@given(numbers.flatmap(lambda lines: st.tuples(st.just(lines), st.permutations(lines))))
@QUICK
def test_the_order_of_rows_does_not_matter(both: tuple[list[tuple[str, int]], list[tuple[str, int]]]) -> None:
    found = []
    for lines in both:
        got = Collected()
        for org, value in lines:
            add(got, org, MARCH, value)
        found.append((got.figure(**SUM).number, got.split(**SUM, by="单位")))
    assert found[0] == found[1]
