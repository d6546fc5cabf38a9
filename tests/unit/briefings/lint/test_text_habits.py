"""report_templates/lint.yaml: closed, and every fault a sentence."""

from pathlib import Path

import pytest

from yaoxun.briefings.lint.habits import FILE, load_habits
from yaoxun.errors import ConfigError


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("words: [{wrong: 其它, rigth: 其他}]", "不认识这个键"),
        ("not_checked: [T-nothing]", "没有编号为“T-nothing”的规则"),
        ("phrases: [[急难愁盼]]", "应为两种以上写法"),
        ("phrases: [[急难, 急难愁盼]]", "应为两种以上写法"),
        ("characters: {靚字: 靓字}", "不是一个字"),
        ("words: [{wrong: 帐, right: 账}]", "不能空"),
    ],
)
def test_a_fault_of_the_file_is_told(tmp_path: Path, content: str, said: str) -> None:
    (tmp_path / FILE).write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_habits(tmp_path)
    assert said in caught.value.problem


def test_an_office_without_the_file_has_the_shipped_habits(tmp_path: Path) -> None:
    assert "急难盼愁" in {way for ways in load_habits(tmp_path).phrases for way in ways}


def test_an_empty_file_asks_for_nothing_of_the_office(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("", encoding="utf-8")
    assert load_habits(tmp_path).words == ()
