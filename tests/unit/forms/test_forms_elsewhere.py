"""What a table is compared with besides its own past: T4 with T3, X02, X03, K04 by shorter periods, Z01 by parts, Z02."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from forms_kit import LISTS, NEW_POLICY, ORG, Filler, frame, history, known, policy

from yaoxun.errors import ConfigError
from yaoxun.forms.checking import check, decide
from yaoxun.forms.loading import load_form, load_forms
from yaoxun.forms.model import FigureBeside, Finding, Form, Frame
from yaoxun.forms.rules.references import claimed_numbers
from yaoxun.office.model import CodeList, ListEntry

EFFECT: Mapping[str, Any] = {"政策编号": "ZC0001", "本期惠及人次": 12}


def of(findings: tuple[Finding, ...], rule: str) -> list[tuple[str, str, str]]:
    return [(f.level, f.cell, f.found) for f in findings if f.rule == rule]


def test_a_number_that_is_in_no_accepted_policy_is_returned_at_its_cell() -> None:
    filler = Filler(frame("T4")).declare_all().type("T4", 0, {**EFFECT, "政策编号": "ZC0009"})
    found = check(filler.table("T4"))
    assert of(found, "T4-01") == [("强制", "B4", "ZC0009")]
    assert "可填：ZC0001、ZC0002" in next(f.message for f in found if f.rule == "T4-01")
    assert of(check(filler.type("T4", 0, EFFECT).table("T4")), "T4-01") == []


def test_a_number_that_the_same_workbook_brings_is_known() -> None:
    """The policy is printed in T3 of this workbook, though nothing that was accepted before names its number."""
    effects = frame("T4", history=history(elsewhere={}))
    filler = Filler(frame("T3", history=history(policy(number="ZC0007"))), effects).declare_all()
    read = filler.type("T3", 1, NEW_POLICY).type("T4", 0, {**EFFECT, "政策编号": "ZC0007"}).read()
    assert of(check(read.tables["T4"], workbook=read.tables), "T4-01") == []
    alone = check(read.tables["T4"])
    assert of(alone, "T4-01") == [("强制", "B4", "ZC0007")]
    assert "还没有可填的" in next(f.message for f in alone if f.rule == "T4-01")


def test_the_numbers_that_are_known_are_the_dropdown_and_do_not_refuse_another() -> None:
    sheet = Filler(frame("T4")).sheet("T4")
    (rule,) = [r for r in sheet.data_validations.dataValidation if r.type == "list" and "B4" in r.sqref]
    assert not rule.showErrorMessage


def test_the_effect_of_a_policy_goes_on_from_the_quarter_before() -> None:
    last = known("e1", period="2022Q4", 政策编号="ZC0001", 累计惠及人次=Decimal(50), 累计资金=Decimal("3.5"))
    filler = (
        Filler(frame("T4", history=history(last))).declare_all().type("T4", 0, {"本期惠及人次": 7, "本期资金": 1.25})
    )
    table = filler.table("T4")
    assert (table.rows[0].value("累计惠及人次"), table.rows[0].value("累计资金")) == (Decimal(57), Decimal("4.75"))
    assert decide(check(table)) == "接收"


def test_a_problem_about_a_task_that_is_not_on_the_list_breaks_x03() -> None:
    filler = Filler(frame("T8")).declare_all().type("T8", 0, {"涉及任务": "没有的任务", "描述": "示例", "状态": "新报"})
    assert of(check(filler.table("T8")), "X03") == [("强制", "D4", "没有的任务")]
    assert of(check(filler.table("T8")), "C05") == []


def test_a_task_whose_measure_is_no_longer_in_force_is_told_and_blocks_nobody() -> None:
    past = [replace(e, valid_to=date(2023, 3, 31)) if e.code == "G5" else e for e in LISTS["measure"].entries]
    lists = {**LISTS, "measure": replace(LISTS["measure"], entries=tuple(past))}
    found = check(Filler(replace(frame("T2"), lists=lists)).declare_all().table("T2"))
    assert [(f.level, f.cell, f.found, f.row_uid) for f in found if f.rule == "X02"] == [("提示", "E5", "G5", "R02")]


QUARTER = """
id: T20
title: 示例季度表
kind: fixed
period: quarter
rows: {list: indicator}
key: [指标, 口径]
columns:
  - {name: 指标, locked: true, prefill: {attribute: name}}
  - {name: 口径, locked: true, prefill: {attribute: scope}}
  - {name: 本季完成, kind: number, required: true}
  - {name: 更正, kind: number, allow_negative: true, reason: 更正原因}
  - {name: 更正原因}
flows: [{amount: 本季完成, correction: 更正, agrees_with: {table: T1, column: 本期完成}}]
"""


@pytest.fixture
def quarter(tmp_path: Path) -> Form:
    (tmp_path / "T20.yaml").write_text(QUARTER, encoding="utf-8")
    return load_form(tmp_path / "T20.yaml", LISTS)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ({"本季完成": 30}, []),
        ({"本季完成": 31}, [("须说明", "D4", "31")]),
        ({"本季完成": 31, "更正": -1, "更正原因": "重复统计"}, []),
        ({"本季完成": None}, []),
    ],
)
def test_the_months_of_a_quarter_add_up_to_it(quarter: Form, typed: dict[str, Any], found: list[Any]) -> None:
    parts = {(("新增保障性租赁住房", "全市"), "本季完成"): Decimal(30)}
    filler = Filler(frame("T20", form=quarter, history=history(parts=parts))).declare_all()
    table = filler.type("T20", 0, typed).type("T20", 1, {"本季完成": 5}).table("T20")
    assert of(check(table), "K04") == found


def test_where_a_month_is_missing_nothing_is_compared(quarter: Form) -> None:
    filler = Filler(frame("T20", form=quarter)).declare_all().type("T20", 0, {"本季完成": 31})
    assert of(check(filler.table("T20")), "K04") == []


def test_a_table_or_column_of_another_table_that_is_not_there_stops_the_load(tmp_path: Path) -> None:
    (tmp_path / "forms").mkdir()
    (tmp_path / "forms" / "T20.yaml").write_text(QUARTER, encoding="utf-8")
    with pytest.raises(ConfigError, match="没有报表“T1”") as refused:
        load_forms(tmp_path, LISTS)
    assert refused.value.key == "flows.agrees_with"


def parted() -> Frame:
    """I01 of this organisation is a whole, I02 of it and I03 of another organisation are its parts."""
    entries = [
        ListEntry(code=e.code, name=e.name, order=e.order, attributes={**e.attributes, "part_of": "" if e.code == "I01" else "I01"})
        for e in LISTS["indicator"].entries
    ]  # fmt: skip
    lists = {**LISTS, "indicator": CodeList(name="indicator", title="指标", entries=tuple(entries))}
    beside = (FigureBeside(org="示例人社局", uid="I03", value=Decimal(8)),)
    return replace(frame("T1", history=history(beside=beside)), lists=lists)


@pytest.mark.parametrize(("whole", "cells"), [(13, []), (12, ["J4", "J5"])])
def test_parts_that_are_more_than_their_whole_are_asked_about_on_both_sides(whole: int, cells: list[str]) -> None:
    filler = Filler(parted()).declare_all().type("T1", 0, {"本期完成": whole}).type("T1", 1, {"本期完成": 5})
    found = [f for f in check(filler.table("T1")) if f.rule == "Z01"]
    assert [f.cell for f in found] == cells
    if found:
        assert "合计13（示例人社局8，示例住建局5），大于示例住建局报的12" in found[0].message
        explained = filler.type("T1", 0, {"说明": "口径不同"}).type("T1", 1, {"说明": "口径不同"})
        assert decide(check(explained.table("T1"))) == "接收"


def test_a_number_that_is_another_organisations_is_returned() -> None:
    filler = Filler(frame("T3")).declare_all().type("T3", 0, {**NEW_POLICY, "政策编号": "ZC0042"})
    table = filler.table("T3")
    assert list(claimed_numbers(table)) == ["ZC0042"]
    assert of(check(table), "Z02") == []
    found = check(table, owners={"ZC0042": "示例人社局"})
    assert of(found, "Z02") == [("强制", "B4", "ZC0042")]
    assert decide(found) == "退回" and ORG.short not in next(f.message for f in found if f.rule == "Z02")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("请与13812345678联系", True),
        ("请与138 1234 5678联系", True),
        ("请与138-1234-5678联系", True),
        ("请与１３８１２３４５６７８联系", True),
        ("身份证号140502199001011234", True),
        ("身份证号140502 19900101 123x", True),
        ("全年投入 2023041300 元，惠及 12345678901 人", False),
        ("2023-04-06 10:00至2023-04-07 18:00", False),
    ],
)
def test_personal_numbers_are_found_however_they_are_written(text: str, told: bool) -> None:
    filler = Filler(frame("T9")).declare_all().type("T9", 0, {"收集日": "2023-04-06", "内容": text})
    assert bool(of(check(filler.table("T9")), "C11")) is told
