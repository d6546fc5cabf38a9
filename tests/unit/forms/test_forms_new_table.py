"""A further table needs one YAML file and nothing else: T10, defined here, goes the whole way."""

from pathlib import Path

import pytest
from forms_kit import LISTS, Filler, frame, history, known

from yaoxun.forms.checking import check, decide
from yaoxun.forms.facts import facts_of
from yaoxun.forms.loading import load_form
from yaoxun.forms.model import Form

T10 = """
id: T10
title: 示例志愿服务表
kind: register
period: month
register: {number: 编号, numbering: "ZY{n:03d}", open: "状态 == '推进中'"}
key: [名称]
columns:
  - {name: 编号, kind: code, locked: true}
  - {name: 名称, required: true}
  - {name: 服务日, kind: date, occurs: past, required: true}
  - {name: 人数, kind: count, carry: false, indicator: true, unit: 人次, required: true}
  - {name: 累计人数, kind: count, indicator: true, unit: 人次, formula: 前.累计人数 + 人数}
  - {name: 时长, kind: number, unit: 小时}
  - {name: 状态, kind: choice, list: deed_state, required: true}
rules:
  - id: T10-01
    say: 每人服务不超过12小时。
    must: 时长 <= 人数 * 12
    level: 强制
    place: 时长
    message: "{人数}人共服务{时长}小时，平均超过12小时，请核对。"
    example: {时长: 20}
    counter: {时长: 500}
sample: {名称: 示例志愿服务, 服务日: 2023-04-06, 人数: 10, 状态: 推进中}
"""


@pytest.fixture
def form(tmp_path: Path) -> Form:
    (tmp_path / "T10.yaml").write_text(T10, encoding="utf-8")
    return load_form(tmp_path / "T10.yaml", LISTS)


def filled(form: Form, hours: int) -> Filler:
    past = history(known("z1", number="ZY001", 名称="社区服务", 状态="推进中", 累计人数=100))
    filler = Filler(frame("T10", form=form, history=past)).declare_all()
    filler.type("T10", 0, {"服务日": "2023.4.3", "人数": 5})
    return filler.type(
        "T10", 1, {"名称": "交通劝导", "服务日": "2023-04-04", "人数": "１0", "时长": hours, "状态": "推进中"}
    )


def test_a_further_table_is_printed_read_checked_and_counted(form: Form) -> None:
    table = filled(form, 20).table("T10")
    assert decide(check(table)) == "接收"
    assert [(row.uid == "z1", row.new) for row in table.rows] == [(True, False), (False, True)]
    assert {(f.column, f.indicator, int(f.value), f.cell) for f in facts_of(table)} == {
        ("人数", "T10.人数", 5, "E4"), ("累计人数", "T10.累计人数", 105, "E4"),
        ("人数", "T10.人数", 10, "E5"), ("累计人数", "T10.累计人数", 10, "E5"),
    }  # fmt: skip


def test_its_own_rule_is_checked_and_told_in_its_own_words(form: Form) -> None:
    found = next(f for f in check(filled(form, 500).table("T10")) if f.rule == "T10-01")
    assert (found.cell, found.found) == ("G5", "500")
    assert "10人共服务500小时" in found.message
