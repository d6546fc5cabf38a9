"""K01 to K03: running totals are ours, computed from history, and never fall without a reason."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from forms_kit import APRIL, JANUARY, Filler, frame, history, known
from hypothesis import given, settings
from hypothesis import strategies as st

from yaoxun.forms.checking import check, decide
from yaoxun.forms.facts import facts_of
from yaoxun.forms.model import Finding, KnownRow, Table


def past(so_far: Any = 30, total: Any = 130, **more: Any) -> KnownRow:
    return known("I01", 本年累计=Decimal(so_far), 试点以来累计=Decimal(total), **more)


def t1(*rows: KnownRow, missing: tuple[str, ...] = (), period: Any = APRIL, **values: Any) -> Filler:
    made = frame("T1", history=replace(history(*rows), missing=missing), period=period)
    filler = Filler(made).declare_all().type("T1", 0, {"本期完成": 20, **values})
    return filler.type("T1", 1, {"本期完成": 5})


def of(table: Table) -> dict[str, Finding]:
    return {f.rule: f for f in check(table)}


def test_a_total_is_last_total_plus_period_plus_correction() -> None:
    row = t1(past(), 更正=-3, 更正原因="重复统计").table("T1").rows[0]
    assert (row.value("本年累计"), row.value("试点以来累计")) == (Decimal(47), Decimal(147))


def test_a_total_typed_over_the_formula_is_asked_about_and_ours_is_used() -> None:
    table = t1(past(), 本年累计=99).table("T1")
    found = of(table)["K01"]
    assert (found.level, found.cell, found.found, found.allowed) == ("须说明", "M4", "99", "50")
    assert table.rows[0].value("本年累计") == Decimal(50)
    assert decide(check(t1(past(), 本年累计=99, 说明="上年口径").table("T1"))) == "接收"


def test_a_total_pasted_as_the_value_it_had_is_nothing_to_tell() -> None:
    assert "K01" not in of(t1(past(), 本年累计=50).table("T1"))


def test_a_gap_in_the_chain_is_told() -> None:
    found = of(t1(past(), missing=("2023-02",)).table("T1"))["K01"]
    assert (found.level, found.cell) == ("提示", "M3")
    assert "2023-02" in found.message


def test_a_total_falls_only_with_a_reason() -> None:
    found = of(t1(past(), 更正=-25).table("T1"))
    assert (found["K02"].level, found["K02"].cell) == ("强制", "K4")
    assert "C03" not in found
    assert "K02" not in of(t1(past(), 更正=-25, 更正原因="重复统计").table("T1"))


def test_a_total_is_never_negative() -> None:
    assert "负数" in of(t1(past(), 更正=-60, 更正原因="重复统计").table("T1"))["K02"].message


def test_january_restarts_the_year_only() -> None:
    last = past(300, 900, year=2022, period="2022-12")
    row = t1(last, period=JANUARY).table("T1").rows[0]
    assert (row.value("本年累计"), row.value("试点以来累计")) == (Decimal(20), Decimal(920))
    found = of(t1(last, period=JANUARY, 上期本年累计=300).table("T1"))["K03"]
    assert (found.level, found.found, found.allowed) == ("提示", "300", "0")


def test_a_stock_is_not_summed() -> None:
    last = known("I02", 本年累计=Decimal(150), 试点以来累计=Decimal(150))
    assert t1(last).table("T1").rows[1].value("本年累计") == Decimal(5)


def _months(amounts: Sequence[tuple[int, int]], *, january_after: int) -> list[Table]:
    """One table after another, each with the history that the one before left."""
    tables: list[Table] = []
    rows: tuple[KnownRow, ...] = ()
    for n, (amount, correction) in enumerate(amounts):
        year = 2022 if n < january_after else 2023
        period = replace(APRIL, year=year, label=f"{year}-{n:02d}", data_to=date(year, 4, 25))
        values = {"更正": correction, "更正原因": "核实"} if correction else {}
        table = t1(*rows, period=period, 本期完成=amount, **values).table("T1")
        kept = [(row.uid, {name: row.value(name) for name in row.cells}) for row in table.rows]
        rows = tuple(KnownRow(uid=uid, values=values, year=year, period=period.label) for uid, values in kept)
        tables.append(table)
    return tables


AMOUNTS = st.lists(st.tuples(st.integers(0, 500), st.integers(-50, 50)), min_size=1, max_size=5)


@settings(max_examples=12, deadline=None)
@given(AMOUNTS, st.integers(0, 4))
def test_totals_are_the_sum_of_their_months_and_the_year_begins_in_january(
    amounts: list[tuple[int, int]], january_after: int
) -> None:
    tables = _months(amounts, january_after=january_after)
    facts = {f.column: f.value for f in facts_of(tables[-1]) if f.row_uid == "I01"}
    this_year = amounts[january_after:] if len(amounts) > january_after else amounts
    assert facts["试点以来累计"] == sum(a + c for a, c in amounts)
    assert facts["本年累计"] == sum(a + c for a, c in this_year)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 100), st.integers(0, 50), st.integers(-60, 60), st.booleans())
def test_a_fall_is_refused_exactly_when_it_has_no_reason(before: int, amount: int, correction: int, told: bool) -> None:
    filler = t1(past(before, before), 本期完成=amount, 更正=correction or None, 更正原因="核实" if told else None)
    found = of(filler.table("T1"))
    unexplained_fall = amount + correction < 0 and not told
    negative = before + amount + correction < 0
    assert ("K02" in found) is (unexplained_fall or negative)
    assert decide(found.values()) == ("退回" if unexplained_fall or negative or (correction and not told) else "接收")


def test_a_zero_report_carries_the_totals_and_gives_zero_for_the_period() -> None:
    filler = Filler(frame("T1", history=history(past()))).declare_all("零报告")
    table = filler.table("T1")
    facts = {f.column: f.value for f in facts_of(table) if f.row_uid == "I01"}
    assert (facts["本期完成"], facts["本年累计"], facts["试点以来累计"]) == (0, 30, 130)
    assert check(table) == ()


def test_facts_carry_unit_scale_and_the_cells_they_came_from() -> None:
    facts = {f.column: f for f in facts_of(t1(past()).table("T1")) if f.row_uid == "I01"}
    assert (facts["本期完成"].unit, facts["本期完成"].cell, facts["本期完成"].indicator) == ("套", "J4", "I01")
    assert facts["本年累计"].cell == "H4、J4、K4"
    assert (facts["完成率"].value, facts["完成率"].scale, facts["完成率"].unit) == (Decimal("5.00"), 2, "%")


def test_empty_and_not_applicable_give_no_fact() -> None:
    filler = Filler(frame("T7")).declare_all().type("T7", 0, {"名称": "甲", "参与人次": "—", "产品种类": 0})
    assert {(f.column, f.value) for f in facts_of(filler.table("T7"))} == {("产品种类", Decimal(0))}


def test_a_registers_total_goes_on_from_the_row_as_last_accepted() -> None:
    deed = known(
        "d1",
        number="SS0001",
        名称="示例驿站",
        责任单位="示例单位",
        状态="推进中",
        累计惠及人次=Decimal(50),
        进度=Decimal(20),
    )
    filler = Filler(frame("T5", history=history(deed))).declare_all().type("T5", 0, {"本期惠及人次": 7})
    table = filler.table("T5")
    assert table.rows[0].value("累计惠及人次") == Decimal(57)
    assert filler.sheet("T5").cell(4, filler.col("T5", "累计惠及人次")).value == '=IFERROR(ROUND((50+I4),0),"")'
