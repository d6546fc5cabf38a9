"""figures.yaml is closed; what it names must exist."""

from pathlib import Path

import pytest

from yaoxun.errors import ConfigError
from yaoxun.figures.settings import check_columns, load_figures

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
        ("  a: {name: 甲, share: {of: b, within: b}}\n  b: {name: 乙, count: T3, by: 单位}", "占比"),
    ],
)
def test_a_fault_is_named_with_file_and_key(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, text)
    assert says in str(caught.value)
    assert "figures.yaml" in str(caught.value) and caught.value.key.startswith("figures.a")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("  a: {name: 甲, size_of: nolist}", "nolist"),
        ("  a: {name: 甲, count: T9}", "T9"),
        ("  a: {name: 甲, sum: T7, column: 没有}", "没有"),
        ("  a: {name: 甲, count: T7, where: {没有: x}}", "没有"),
        ("  a: {name: 甲, count: T7, by: 没有}", "没有"),
        ("  a: {name: 甲, count: T7, distinct: [没有]}", "没有"),
    ],
)
def test_tables_columns_and_lists_that_do_not_exist_are_refused(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "figures.yaml").write_text("figures:\n" + text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        check_columns(load_figures(tmp_path), {"T7": {"产品种类"}}, {"measure"}, tmp_path / "figures.yaml")
    assert says in str(caught.value) and "figures.a" in caught.value.key
