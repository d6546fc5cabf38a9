"""Ranking in a narrative goes by the numbers, and nothing else is done with what only stands for a number."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from briefings_kit import TEMPLATES, narrate

from yaoxun.briefings.model import Paragraph, Table, text_of
from yaoxun.briefings.narrative import Narrated
from yaoxun.errors import ConfigError

# Printed in this order, the tokens are in neither order of their numbers.
ROWS: Mapping[str, Any] = {
    "镇": [("云岭乡", "7"), ("白水乡", "11"), ("石桥镇", "10"), ("河东街道", "—"), ("柳林镇", "100"), ("城关街道", "10")],
    "政策": "87", "新": "100", "空": "—",
}  # fmt: skip
TABLE = """表：情况（单位：个）

| 名次 | 单位 | 数 |
|---|---|---|
{{% for 镇 in {rows} %}}
| {{{{ 镇.名次 }}}} | {{{{ 镇.名 }}}} | {{{{ 镇.值 }}}} |
{{% endfor %}}
"""


def ranking(folder: Path, rows: str, figures: Mapping[str, Any] = ROWS) -> list[tuple[str, ...]]:
    (table,) = narrate(folder, TABLE.format(rows=rows), figures).blocks
    assert isinstance(table, Table)
    return [tuple(text_of(cell) for cell in row) for row in table.rows]


def order(folder: Path, rows: str) -> list[str]:
    body = f"{{% for 镇 in {rows} %}}{{{{ 镇.名 }}}}{{{{ 镇.值 }}}}；{{% endfor %}}"
    return text(narrate(folder, body, ROWS)).split("；")[:-1]


def text(narrated: Narrated) -> str:
    return "\n".join(text_of(b.runs) for b in narrated.blocks if isinstance(b, Paragraph))


def refused(folder: Path, body: str) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        narrate(folder, f"正文。\n\n{body}", ROWS)
    assert caught.value.file.endswith("narrative.md.j2") and caught.value.line == 5
    assert caught.value.remedy
    return caught.value


@pytest.mark.parametrize("rows", ["行('镇')|sort(attribute='值', reverse=true)", "行('镇')|sort(true, attribute='值')"])
def test_rows_sorted_by_value_go_by_the_number_and_no_data_comes_last(tmp_path: Path, rows: str) -> None:
    assert order(tmp_path, rows) == ["柳林镇100", "白水乡11", "石桥镇10", "城关街道10", "云岭乡7", "河东街道—"]


def test_no_data_comes_last_of_rows_from_the_lowest_too(tmp_path: Path) -> None:
    found = order(tmp_path, "行('镇')|sort(attribute='值')")
    assert found == ["云岭乡7", "石桥镇10", "城关街道10", "白水乡11", "柳林镇100", "河东街道—"]


def test_rows_sorted_by_value_and_then_by_name_are(tmp_path: Path) -> None:
    found = order(tmp_path, "行('镇')|sort(attribute='值,名')")
    assert found == ["云岭乡7", "城关街道10", "石桥镇10", "白水乡11", "柳林镇100", "河东街道—"]


def test_a_ranking_has_the_highest_first_and_one_rank_for_equal_values(tmp_path: Path) -> None:
    assert ranking(tmp_path, "排名('镇')") == [
        ("1", "柳林镇", "100"), ("2", "白水乡", "11"), ("3", "石桥镇", "10"), ("3", "城关街道", "10"), ("5", "云岭乡", "7"),
    ]  # fmt: skip


def test_a_ranking_from_the_lowest_may_list_those_without_data_last_without_a_rank(tmp_path: Path) -> None:
    assert ranking(tmp_path, "排名('镇', 升序=true, 末位=true)") == [
        ("1", "云岭乡", "7"), ("2", "石桥镇", "10"), ("2", "城关街道", "10"), ("4", "白水乡", "11"), ("5", "柳林镇", "100"),
        ("—", "河东街道", "—"),
    ]  # fmt: skip


def test_a_rank_is_recorded_as_an_ordinal_and_its_value_as_the_figure(tmp_path: Path) -> None:
    done = narrate(tmp_path, TABLE.format(rows="排名('镇', 末位=true)"), ROWS)
    printed = [(n.text, n.origin, n.dims) for n in done.numerals[1:]]
    assert printed[:4] == [
        ("1", "ordinal", ""), ("100", "figure", "单位=柳林镇"), ("2", "ordinal", ""), ("11", "figure", "单位=白水乡"),
    ]  # fmt: skip
    assert printed[-1] == ("—", "figure", "单位=河东街道")


def test_the_first_of_a_ranking_can_be_named_and_asked_for_by_rank(tmp_path: Path) -> None:
    assert (
        text(narrate(tmp_path, "居首的是{{ 排名('镇')[0].名 }}{{ 排名('镇')[0].值 }}个。", ROWS))
        == "居首的是柳林镇100个。"
    )
    body = "{% for 镇 in 排名('镇') if 镇.名次 <= 2 %}{{ 镇.名 }}；{% endfor %}"
    assert text(narrate(tmp_path, body, ROWS)) == "柳林镇；白水乡；"


@pytest.mark.parametrize(
    ("body", "printed"),
    [
        ("行('镇')|selectattr('有')|selectattr('值', 'gt', 10)", "白水乡；柳林镇；"),
        ("行('镇')|selectattr('有')|rejectattr('值', '>=', 11)", "云岭乡；石桥镇；城关街道；"),
        ("行('镇') if 镇.有 and 10 <= 镇.值 < 100", "白水乡；石桥镇；城关街道；"),
        ("[行('镇')|selectattr('有')|max(attribute='值')]", "柳林镇；"),
        ("[行('镇')|selectattr('有')|min(attribute='值')]", "云岭乡；"),
        ("行('镇') if 镇.有 and 镇.值 == 10", "石桥镇；城关街道；"),
    ],
)
def test_values_compare_as_the_numbers_that_they_are(tmp_path: Path, body: str, printed: str) -> None:
    assert text(narrate(tmp_path, f"{{% for 镇 in {body} %}}{{{{ 镇.名 }}}}；{{% endfor %}}", ROWS)) == printed


def test_two_figures_compare_by_their_numbers(tmp_path: Path) -> None:
    body = "{% if 数('新') > 数('政策') %}多{% endif %}{% if 数量('政策') < 88 %}少{% endif %}{% if 数('新') != 100 %}错{% endif %}"
    assert text(narrate(tmp_path, body, ROWS)) == "多少"


@pytest.mark.parametrize(
    "asked",
    ["行('镇')|selectattr('值', 'gt', 5)|list", "行('镇')|max(attribute='值')", "行('镇')[3].值 < 5", "数('空') == 0",
     "行('镇')|groupby('值')"],
)  # fmt: skip
def test_what_has_no_data_is_neither_more_nor_less_and_that_is_said(tmp_path: Path, asked: str) -> None:
    error = refused(tmp_path, f"{{% if {asked} %}}甲{{% endif %}}")
    assert "没有数据" in error.problem and ".有" in error.remedy


@pytest.mark.parametrize(
    "used",
    ["数('政策') + 数('新')", "数('政策') + 1", "1 + 数('政策')", "数('新') - 数('政策')", "数('政策') * 2", "2 * 数('政策')",
     "数('政策') / 2", "数('政策') % 2", "100 // 数('政策')", "-数('政策')", "'共' + 数('政策')", "数('政策') is divisibleby(2)",
     "数('政策')|int", "数('政策')|float(0)", "数('政策')|round", "数('政策')|abs", "数('政策')|length", "数('政策')|upper",
     "行('镇')|sum(attribute='值')", "行('镇')|map(attribute='值')|map('int')|list", "(数('政策') ~ '')|int",
     "数('政策') > '5'", "数('政策') == '87'", "'8' in 数('政策')", "数('政策').isdigit()", "数('政策').replace('8', '9')",
     "数('政策')[0]", "数('政策')[:1]", "数('政策') is number", "比上期('政策') > 3", "词('政策') < 3", "序(数('政策'))",
     "定数(数('政策'))", "日期(数('政策'))", "序('第' ~ 数('政策'))", "数('政策') and 1", "数('政策') or 1", "not 数('政策')"],
)  # fmt: skip
def test_what_stands_for_a_number_is_neither_reckoned_with_nor_taken_apart(tmp_path: Path, used: str) -> None:
    for body in (f"{{{{ {used} }}}}", f"{{% if {used} %}}甲{{% endif %}}"):
        error = refused(tmp_path, body)
        assert "占位" in error.problem or "要印的数" in error.problem


@pytest.mark.parametrize(
    ("used", "says"),
    [("排名('政策')", "不能这样用"), ("排名('没有')", "没有"), ("排名('镇', 降序=true)", "降序"), ("排名('镇', 末位='x')", "末位"),
     ("可比('政策', '去年')", "去年"), ("行('镇')[0].名次", "没有“名次”可用"), ("行('镇')[9].名", "没有这么多行"),
     ("没这个名字", "没有“没这个名字”可用")],
)  # fmt: skip
def test_a_call_that_cannot_be_is_refused_with_its_line(tmp_path: Path, used: str, says: str) -> None:
    assert says in refused(tmp_path, f"{{% if {used} %}}甲{{% endif %}}").problem


def test_printing_joining_and_falling_back_leave_a_figure_whole(tmp_path: Path) -> None:
    body = "{{ 行('镇')|map(attribute='值')|join('、') }}，{{ 数('政策')|default('无') }}，{{ '%s个'|format(数('政策')) }}。"
    done = narrate(tmp_path, body, ROWS)
    assert text(done) == "7、11、10、—、100、10，87，87个。"
    assert [n.text for n in done.numerals] == ["7", "11", "10", "—", "100", "10", "87", "87"]


def test_the_shipped_narratives_say_how_to_rank() -> None:
    starter = TEMPLATES.parent / "yaoxun" / "starter"
    for path in (TEMPLATES / "yaoxun" / "narrative.md.j2", starter / "narrative.md.j2"):
        told = path.read_text(encoding="utf-8").partition("#}")[0]
        assert "排名('指标')" in told and ".名次" in told and "可比('指标', '上年同期')" in told
