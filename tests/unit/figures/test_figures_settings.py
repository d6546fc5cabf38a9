"""figures.yaml is closed; what it names must exist."""

from functools import lru_cache
from pathlib import Path

import pytest
from figures_kit import sample_office

from yaoxun.errors import ConfigError
from yaoxun.figures.settings import check_columns, load_figures
from yaoxun.forms.loading import load_forms
from yaoxun.forms.model import Form

SHIPPED = Path(__file__).parents[3] / "config"


def load(folder: Path, text: str) -> None:
    (folder / "figures.yaml").write_text("figures:\n" + text, encoding="utf-8")
    load_figures(folder)


def test_the_shipped_figures_load() -> None:
    assert {"policies_city", "measures_total", "products_total"} <= set(load_figures(SHIPPED))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("  a: {name: 甲, cuont: T3}", "cuont"),
        ("  a: {name: 甲}", "恰好写一个"),
        ("  a: {name: 甲, count: T3, sum: T7, column: 乙}", "恰好写一个"),
        ("  a: {name: 甲, sum: T7}", "column"),
        ("  a: {name: 甲, count: T3, dated: since_pilot}", "一起写"),
        ("  a: {name: 甲, count: T3, words: {kind: 余, step: 0}}", "step"),
        ("  a: {name: 甲, count: T3, span: 本月}", "span"),
        ("  a: {name: 甲, share: {of: b, within: c}}", "占比"),
        ("  a: {name: 甲, size_of: measure, date: 出台日期, dated: since_pilot}", "用不到 date、dated"),
        ("  a: {name: 甲, count: T7, column: 产品种类}", "用不到 column"),
        ("  a: {name: 甲, size_of: measure, org_kind: [县]}", "用不到 org_kind"),
        ("  a: {name: 甲, share: {of: b, within: b}}\n  b: {name: 乙, count: T3, by: 单位}", "占比"),
    ],
)
def test_a_fault_is_named_with_file_and_key(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, text)
    assert says in str(caught.value)
    assert "figures.yaml" in str(caught.value) and caught.value.key.startswith("figures.a")


@lru_cache(maxsize=1)
def shipped_forms() -> dict[str, Form]:
    return load_forms(SHIPPED, sample_office().code_lists)


def check(folder: Path, text: str) -> None:
    path = folder / "figures.yaml"
    path.write_text("figures:\n" + text, encoding="utf-8")
    check_columns(load_figures(folder), shipped_forms(), sample_office(), path)


@pytest.mark.parametrize(
    ("text", "key", "says"),
    [
        ("size_of: nolist", ".size_of", "nolist"),
        ("size_of: measure, where: {grp: 行动}", ".where", "group"),
        ("size_of: measure, where_not: {group: 行动们}", ".where_not.group", "行动们"),
        ("size_of: organisations, where: {kind: 县级}", ".where.kind", "县级"),
        ("count: T99", "", "T99"),
        ("sum: T7, column: 没有", ".column", "没有"),
        ("count: T7, where: {没有: x}", ".where", "没有"),
        ("count: T7, where: {单位: 城区}", ".where", "单位"),
        ("count: T7, by: 没有", ".by", "没有"),
        ("count: T7, distinct: [没有]", ".distinct", "没有"),
        ("count: T3, where: {层级: 市级X}", ".where.层级", "市级X"),
        ("count: T3, where: {层级: 市级}", ".where.层级", "“市级”"),  # an alias: what is stored is the name
        ("count: T3, where: {对应措施: [优化城市居住环境, 居住]}", ".where.对应措施", "居住"),
        ("count: T5, org_kind: [成员单拉]", ".org_kind", "是否想写“成员单位”"),
    ],
)
def test_what_does_not_exist_is_refused_because_it_would_count_nothing(
    tmp_path: Path, text: str, key: str, says: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        check(tmp_path, f"  a: {{name: 甲, {text}}}")
    assert caught.value.key == f"figures.a{key}" and caught.value.file.endswith("figures.yaml")
    assert says in str(caught.value) and caught.value.remedy


@pytest.mark.parametrize(
    "text",
    [
        "size_of: measure, where: {group: [行动, 工程]}",
        "size_of: organisations, where: {kind: 开发区}",  # a kind that nobody is of today
        'count: T3, where_not: {类别: ["", —]}, by: 单位',
        "count: T3, where: {政策名称: 什么都行}",
    ],
)
def test_what_exists_is_let_pass(tmp_path: Path, text: str) -> None:
    check(tmp_path, f"  a: {{name: 甲, {text}}}")


def test_an_amount_in_another_unit_than_it_is_collected_in_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="以万元计") as caught:
        check(tmp_path, "  a: {name: 甲, sum: T4, column: 累计资金, unit: 元}")
    assert caught.value.key == "figures.a.unit"
    check(
        tmp_path,
        "  a: {name: 甲, sum: T4, column: 累计资金}\n  b: {name: 乙, sum: T7, column: 产品种类, unit: 种（套）}",
    )


def test_the_shipped_figures_name_what_exists() -> None:
    check_columns(load_figures(SHIPPED), shipped_forms(), sample_office(), SHIPPED / "figures.yaml")


def test_the_shipped_figures_leave_out_what_was_reported_by_mistake() -> None:
    """An entry is withdrawn by its state 误报, so a figure that forgets it counts what there is not."""
    forms, lists = shipped_forms(), sample_office().code_lists
    mistaken = {
        (table, column.name)
        for table, form in forms.items()
        for column in form.columns
        if column.list and any(entry.name == "误报" for entry in lists[column.list].entries)
    }
    figures = [f for f in load_figures(SHIPPED).values() if f.table in {table for table, _ in mistaken}]
    told = [f.name for f in figures if not any((f.table, name) in mistaken for name in {**f.where, **f.where_not})]
    assert mistaken == {("T3", "状态"), ("T5", "状态")} and figures and told == []
