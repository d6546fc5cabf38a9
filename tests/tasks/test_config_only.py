"""A new table, organisation and figure are files and entries under config/ and report_templates/ alone."""

import io
import zipfile
from pathlib import Path

import pytest

from support.office_kit import COUNTY, OfficeKit, make_office
from tasks.draft import draft
from tasks.trace import trace
from yaoxun.errors import ConfigError

T10 = """
id: T10
title: 志愿服务表
kind: register
period: month
note: 本期新建的服务队。
register: {open: "False"}
key: [队名]
columns:
  - {name: 队名, required: true, max_chars: 60, meaning: 服务队名称}
  - {name: 人数, kind: count, unit: 人, required: true, indicator: true, meaning: 注册人数}
rules:
  - id: T10-01
    say: 一支队伍至少3人。
    must: 人数 >= 3
    level: 强制
    place: 人数
    message: 人数为{人数}，至少3人，请核对。
    example: {人数: 3}
    counter: {人数: 2}
sample: {队名: 示例服务队, 人数: 12}
"""
NEW_ORG = "  - {code: xinqu, name: 新区（示例）, short: 新区, kind: 开发区}\n"
ASSIGNED = f"  - {{orgs: [{COUNTY}, xinqu], tables: [T10], period: month, duty: 必报, valid_from: 2022-06-01}}\n"
FIGURE = "\n  volunteers: {name: 志愿者, unit: 人, sum: T10, column: 人数, span: period}\n"
SENTENCE = "\n组建志愿服务队，注册青年志愿者{{ 数量('volunteers') }}。\n"


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8").rstrip("\n") + "\n" + text, encoding="utf-8")


@pytest.fixture
def kit(tmp_path: Path) -> OfficeKit:
    made = make_office(tmp_path / "home", issued=False)
    config = made.home.config
    (config / "forms" / "T10.yaml").write_text(T10, encoding="utf-8")
    append(config / "organisations.yaml", NEW_ORG)
    append(config / "assignments.yaml", ASSIGNED)
    append(config / "figures.yaml", FIGURE)
    append(made.home.templates / "yaoxun" / "narrative.md.j2", SENTENCE)
    made.issue()
    return made


def document_text(kit: OfficeKit, file: str) -> str:
    with zipfile.ZipFile(io.BytesIO((kit.home.documents / file).read_bytes())) as package:
        return package.read("word/document.xml").decode()


def test_a_table_an_organisation_and_a_figure_come_from_config_alone(kit: OfficeKit) -> None:
    everything = {"T1": "零报告", "T3": "零报告", "T5": "零报告", "T7": "零报告"}
    rows = {"T10": [{"队名": "示例甲队", "人数": 30}, {"队名": "示例乙队", "人数": 12}]}
    kit.drop(kit.filled(COUNTY, rows=rows), "城区.xlsx")
    kit.drop(kit.filled("xinqu", rows={"T10": [{"队名": "示例丙队", "人数": 8}]}, declared=everything), "新区.xlsx")
    assert all(("T10", "接收") in one.decisions for one in kit.collect().judged)
    drafted = draft(kit.ctx(), "要讯", "2023-03")
    assert ">50<" in document_text(kit, drafted.file)
    (numeral,) = trace(kit.ctx(), drafted.document, "50")
    assert [(s.organisation, s.value) for s in numeral.sources] == [("城区", "30"), ("城区", "12"), ("新区", "8")]


def test_its_rule_returns_what_breaks_it(kit: OfficeKit) -> None:
    kit.drop(kit.filled(COUNTY, rows={"T10": [{"队名": "示例甲队", "人数": 2}]}), "城区.xlsx")
    (judged,) = kit.collect().judged
    assert ("T10", "退回") in judged.decisions
    found = kit.query("select cell, message from finding where rule = 'T10-01'")
    assert [row.message for row in found] == ["第4行：人数为2，至少3人，请核对。"]


def test_a_figure_that_is_taken_out_stops_the_draft_with_a_sentence(kit: OfficeKit) -> None:
    path = kit.home.config / "figures.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(FIGURE.strip("\n"), ""), encoding="utf-8")
    with pytest.raises(ConfigError, match=r"volunteers.*figures\.yaml"):
        draft(kit.ctx(), "要讯", "2023-03")
