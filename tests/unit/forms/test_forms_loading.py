"""A definition that does not fit together stops the load and names file, key and remedy."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from forms_kit import CONFIG, LISTS, forms

from yaoxun.errors import ConfigError
from yaoxun.forms.loading import load_form, load_forms


def definition(**changes: Any) -> dict[str, Any]:
    """A small table that loads."""
    base: dict[str, Any] = {
        "id": "T10", "title": "示例表", "kind": "register", "period": "month", "register": {}, "key": ["名称"],
        "columns": [
            {"name": "名称", "required": True}, {"name": "数量", "kind": "count"},
            {"name": "双倍", "kind": "count", "formula": "数量 * 2"},
        ],
        "rules": [
            {"id": "T10-01", "say": "数量不超过10。", "must": "数量 <= 10", "level": "强制", "place": "数量",
             "message": "数量为{数量}，超过10。", "example": {"数量": 3}, "counter": {"数量": 11}},
        ],
        "sample": {"名称": "甲"},
    }  # fmt: skip
    return base | changes


def load(tmp_path: Path, content: dict[str, Any]) -> Any:
    path = tmp_path / "T10.yaml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return load_form(path, LISTS)


def rule(**changes: Any) -> dict[str, Any]:
    return definition()["rules"][0] | changes


def column(**changes: Any) -> list[dict[str, Any]]:
    return [*definition()["columns"], {"name": "新列", **changes}]


def test_the_shipped_tables_load_in_order() -> None:
    assert list(forms()) == ["T1", "T2", "T3", "T4", "T5", "T6", "T7", "T8", "T9", "W"]


def test_every_table_ends_in_the_column_of_explanations() -> None:
    assert {form.columns[-1].name for form in forms().values()} == {"说明"}


@pytest.mark.parametrize(
    ("changes", "key", "words"),
    [
        ({"titel": "x"}, "titel", "title"),
        ({"columns": column(requird=True)}, "columns.4.requird", "required"),
        ({"columns": column(kind="choice")}, "columns.4", "list"),
        ({"columns": column(kind="choice", list="mesure")}, "columns.新列.list", "measure"),
        ({"columns": column(formula="数两 + 1", kind="count")}, "columns.新列.formula", "数量"),
        ({"columns": column(formula="双倍 + 圆", kind="count")}, "columns.新列.formula", "圆"),
        ({"columns": column(formula="匹配(名称, 'x')")}, "columns.新列.formula", "表格公式"),
        ({"columns": column(name="进度%")}, "columns.4", "header"),
        ({"columns": [*definition()["columns"], {"name": "名称"}]}, "", "两次"),
        ({"key": ["名字"]}, "key", "名字"),
        ({"rules": [rule(must="数目 <= 10")]}, "rules.T10-01.must", "数量"),
        ({"rules": [rule(must="数量 <=")]}, "rules.T10-01.must", "写法"),
        ({"rules": [rule(must="__import__('os')")]}, "rules.T10-01.must", "不认识"),
        ({"rules": [rule(must="名称.upper() == '甲'")]}, "rules.T10-01.must", "函数"),
        ({"rules": [rule(place="数目")]}, "rules.T10-01.place", "数目"),
        ({"rules": [rule(level="警告")]}, "rules.1.level", "提示"),
        ({"rules": [rule(message="{数目}太大")]}, "rules.T10-01.message", "数目"),
        ({"rules": [rule(example={"数量": 12})]}, "rules.T10-01.example", "应当通过"),
        ({"rules": [rule(counter={"数量": 9})]}, "rules.T10-01.counter", "应当不通过"),
        ({"rules": [rule(counter={"数量": ""})]}, "rules.T10-01.counter", "空的"),
        ({"rules": [rule(must="数量 <= 名称")]}, "rules.T10-01.must", "同一类"),
        ({"rules": [rule(), rule()]}, "", "两次"),
        ({"flows": [{"amount": "数量", "totals": ["数量"]}]}, "flows.totals", "formula"),
        ({"kind": "fixed"}, "", "rows"),
    ],
)  # fmt: skip
def test_a_faulty_definition_is_refused_with_its_key_and_a_remedy(
    tmp_path: Path, changes: dict[str, Any], key: str, words: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, definition(**changes))
    assert caught.value.key == key
    assert words in str(caught.value)
    assert "T10.yaml" in str(caught.value)
    assert caught.value.remedy


def test_computed_columns_that_need_each_other_are_refused(tmp_path: Path) -> None:
    columns = [{"name": "名称"}, {"name": "甲", "kind": "count", "formula": "乙 + 1"}]
    columns.append({"name": "乙", "kind": "count", "formula": "甲 + 1"})
    with pytest.raises(ConfigError, match="互相引用"):
        load(tmp_path, definition(columns=columns, rules=[]))


def test_two_files_with_one_table_id_are_refused(tmp_path: Path) -> None:
    (tmp_path / "forms").mkdir()
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / "forms" / name).write_text((CONFIG / "forms" / "T7.yaml").read_text("utf-8"), "utf-8")
    with pytest.raises(ConfigError, match="已被a.yaml使用"):
        load_forms(tmp_path, LISTS)
