"""The narrative: every number has its origin, data never becomes markup, a fault names file, line and remedy."""

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from briefings_kit import narrate
from hypothesis import assume, given
from hypothesis import strategies as st

from yaoxun.briefings.model import Paragraph, Table, legal, text_of
from yaoxun.briefings.narrative import Narrated
from yaoxun.errors import ConfigError

FIGURES: Mapping[str, Any] = {"政策": "87", "新政策": "55", "各县": [("城区", "7"), ("泽州县", "—")]}
LINES = "正文。\n\n"


def text(narrated: Narrated) -> str:
    return "\n".join(text_of(b.runs) for b in narrated.blocks if not isinstance(b, Table))


def refused(folder: Path, body: str, **more: Any) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        narrate(folder, body, FIGURES, **more)
    assert caught.value.file.endswith("narrative.md.j2")
    assert caught.value.remedy
    return caught.value


def test_figures_are_printed_with_their_measure_word_and_recorded_in_reading_order(tmp_path: Path) -> None:
    done = narrate(tmp_path, "政策{{ 数量('政策') }}，其中{{ 数('新政策') }}个。", FIGURES)
    assert text(done) == "政策87个，其中55个。"
    assert [(n.id, n.text, n.origin, n.figure) for n in done.numerals] == [
        ("num_001", "87", "figure", "政策"), ("num_002", "55", "figure", "新政策"),
    ]  # fmt: skip


def test_only_figures_are_runs_with_the_id_of_their_numeral(tmp_path: Path) -> None:
    done = narrate(tmp_path, "2022年起，{{ 数('政策') }}个，第2批。", FIGURES)
    (block,) = done.blocks
    assert isinstance(block, Paragraph)
    assert [(r.text, r.numeral) for r in block.runs if r.numeral] == [("87", "num_002")]


def test_dates_and_ordinals_are_recorded_and_need_no_call(tmp_path: Path) -> None:
    done = narrate(
        tmp_path,
        "截至2023年3月25日，第2次，12月。\n\n### 细项\n\n{{ 日期(天) }}，{{ 定数('120') }}。",
        天=date(2023, 4, 6),
    )
    assert [(n.text, n.origin) for n in done.numerals] == [
        ("2023年3月25日", "date"), ("第2", "ordinal"), ("12月", "date"), ("1.", "ordinal"), ("2023年4月6日", "date"),
        ("120", "declared"),
    ]  # fmt: skip


def test_a_table_is_read_caption_header_rows(tmp_path: Path) -> None:
    body = "表：情况（单位：个）\n\n| 县 | 数 |\n|---|---|\n{% for 县 in 行('各县') %}\n| {{ 县.名 }} | {{ 县.值 }} |\n{% endfor %}\n"
    done = narrate(tmp_path, body, FIGURES)
    assert [(n.seq, n.text, n.dims) for n in done.numerals] == [
        (1, "表1", ""), (2, "7", "单位=城区"), (3, "—", "单位=泽州县"),
    ]  # fmt: skip


def test_a_figure_in_the_title_is_a_numeral_like_any_other_and_comes_first(tmp_path: Path) -> None:
    done = narrate(tmp_path, "正文{{ 数('新政策') }}。", FIGURES, title="标题：出台{{ 数量('政策') }}政策\n\n")
    assert text_of(done.headline) == "出台87个政策"
    assert [(r.text, r.numeral) for r in done.headline if r.numeral] == [("87", "num_001")]
    assert [n.text for n in done.numerals] == ["87", "55"]


@pytest.mark.parametrize("typed", ["87", "８７", "40余", "12.5%", "3个月", "1,000"])
def test_a_digit_typed_into_the_narrative_is_refused_with_file_line_and_remedy(tmp_path: Path, typed: str) -> None:
    error = refused(tmp_path, f"{LINES}{{# 说明 #}}\n\n今年出台政策\n共{typed}个。\n")
    assert error.line == 8
    assert "没有来历" in error.message
    assert "数('指标名')" in error.remedy


def test_the_line_is_that_of_the_template_though_comments_and_loops_change_the_count(tmp_path: Path) -> None:
    body = "{#\n  说明\n  说明\n#}\n{% for 县 in 行('各县') %}\n{{ 县.名 }}好。\n\n{% endfor %}\n末段12个。\n"
    assert refused(tmp_path, body).line == 11
    assert refused(tmp_path, body.replace("末段12个", "> # 引用")).line == 11


def test_digits_in_a_table_or_its_caption_and_unit_are_refused_too(tmp_path: Path) -> None:
    grid = "| 县 | 数 |\n|---|---|\n| 城区 | {} |\n"
    assert refused(tmp_path, grid.format("7")).line == 5
    assert refused(tmp_path, "表：共7个\n\n" + grid.format("无")).line == 3
    assert refused(tmp_path, "表：情况（单位：个，共7个）\n\n" + grid.format("无")).line == 3


@pytest.mark.parametrize("call", ["数('没有')", "数量('没有')", "词('没有')", "行('没有')", "数('各县')"])
def test_an_unknown_or_split_figure_stops_the_draft_with_its_name_and_line(tmp_path: Path, call: str) -> None:
    error = refused(tmp_path, f"{LINES}{{{{ {call} }}}}")
    assert error.line == 5
    assert ("没有" in error.message or "各县" in error.message) and "config/figures.yaml" in error.remedy


@pytest.mark.parametrize("expression", ["数('政策')|int + 1", "87", "行('各县')|length", "8.5"])
def test_a_number_computed_or_typed_inside_a_template_has_no_source_and_is_refused(
    tmp_path: Path, expression: str
) -> None:
    error = refused(tmp_path, f"{LINES}共{{{{ {expression} }}}}个。")
    assert error.line == 5
    assert "没有来历" in error.message


def test_an_ordinal_of_a_loop_is_said_to_be_one(tmp_path: Path) -> None:
    done = narrate(tmp_path, "{% for 县 in 行('各县') %}{{ 序(loop.index) }}．{{ 县.名 }}；{% endfor %}", FIGURES)
    assert text(done) == "1．城区；2．泽州县；"
    assert {n.origin for n in done.numerals} == {"ordinal"}


def test_a_date_variable_prints_as_a_date(tmp_path: Path) -> None:
    done = narrate(tmp_path, "截至{{ 天 }}。", 天=date(2023, 3, 25))
    assert text(done) == "截至2023年3月25日。"
    assert [(n.text, n.origin) for n in done.numerals] == [("2023年3月25日", "date")]


HOSTILE = ["A<B & C | **x** {{y}}", "{% if %}", "# 标题", "- 甲", "1. 乙", "---", "> 引", "`码`", "<!-- -->", "[a]: b"]


@pytest.mark.parametrize("data", HOSTILE)
def test_data_prints_literally_whatever_it_holds(tmp_path: Path, data: str) -> None:
    assert text(narrate(tmp_path, "{{ 名 }}", 名=data)) == data
    done = narrate(tmp_path, "| 县 | 数 |\n|---|---|\n| {{ 行('行')[0].名 }} | 无 |\n", {"行": [(data, "7")]})
    (found,) = done.blocks
    assert isinstance(found, Table)
    assert text_of(found.rows[0][0]) == data


@pytest.mark.parametrize(
    "typed", ["{% set x = '87' %}{{ x }}", "{{ '1' ~ '3' }}", "{{ 量 }}", "{{ none }}", "1234年", "13月"]
)
def test_a_number_that_comes_by_a_variable_is_refused_too(tmp_path: Path, typed: str) -> None:
    with pytest.raises(ConfigError, match="没有来历|空的"):
        narrate(tmp_path, f"共{typed}。", FIGURES, 量="12个")


@pytest.mark.parametrize(("typed", "origin"), [("2021—2025年", "date"), ("〔2023〕4号", "ordinal")])
def test_spans_of_years_and_document_numbers_are_told_from_figures(tmp_path: Path, typed: str, origin: str) -> None:
    assert [(n.text, n.origin) for n in narrate(tmp_path, f"按{typed}办理。").numerals] == [(typed, origin)]


def test_a_sentence_may_be_left_out_where_there_is_nothing_to_say(tmp_path: Path) -> None:
    body = "{% if 有('政策') %}政策{{ 数('政策') }}个。{% endif %}{% if 有('课题') %}课题。{% endif %}{% if 可比('政策') %}可比。{% endif %}"
    assert text(narrate(tmp_path, body, {"政策": "87", "课题": "0"})) == "政策87个。可比。"
    with pytest.raises(ConfigError, match="没有这个"):
        narrate(tmp_path, "{% if 有('没有这个') %}甲{% endif %}", FIGURES)


def test_a_value_of_another_split_figure_is_found_by_its_name(tmp_path: Path) -> None:
    rows = {"政策": [("甲县", "1"), ("乙县", "2")], "实事": [("乙县", "7")]}
    body = "{% for 县 in 行('政策') %}{{ 县.名 }}{{ 县.值 }}和{{ 值('实事', 县.名) }}；{% endfor %}"
    assert text(narrate(tmp_path, body, rows)) == "甲县1和；乙县2和7；"


@given(data=st.text(alphabet=st.characters(exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp", "Co")), min_size=1))
def test_any_data_prints_as_it_is_between_what_stands_around_it(
    tmp_path_factory: pytest.TempPathFactory, data: str
) -> None:
    assume(not re.match(r"[-+]?\d", data))  # a bare number has no source and is refused
    folder = tmp_path_factory.mktemp("narrative")
    assert text(narrate(folder, "前{{ 名 }}后，{{ 数('政策') }}个。", FIGURES, 名=data)) == f"前{legal(data)}后，87个。"


def test_data_that_looks_like_a_token_prints_no_figure(tmp_path: Path) -> None:
    done = narrate(tmp_path, "{{ 数('政策') }}个，{{ 名 }}。", FIGURES, 名="甲\ue0000\ue001")
    assert text(done) == "87个，甲0。"
    rows = {"行": [("甲\ue0000\ue001", "7")], **FIGURES}
    done = narrate(tmp_path, "{{ 数('政策') }}个，{{ 行('行')[0].名 }}。", rows)
    assert text(done) == "87个，甲0。"


def test_text_joined_to_a_figure_in_the_template_keeps_the_figure(tmp_path: Path) -> None:
    done = narrate(tmp_path, "共{{ 数('政策') ~ '<个>' }}。", FIGURES)
    assert text(done) == "共87<个>。"
    assert [n.figure for n in done.numerals] == ["政策"]


def test_control_characters_and_lone_surrogates_in_data_fall_away(tmp_path: Path) -> None:
    assert text(narrate(tmp_path, "甲{{ 名 }}乙", 名="a\x00\x1f\ud800b")) == "甲ab乙"


@pytest.mark.parametrize(
    "expression",
    ["''.__class__.__mro__", "数.__globals__", "行.__self__._figures", "名.__class__.__init__.__globals__['os']",
     "().__class__.__base__.__subclasses__()"],
)  # fmt: skip
def test_a_way_out_of_the_sandbox_is_refused(tmp_path: Path, expression: str) -> None:
    assert refused(tmp_path, f"{LINES}{{{{ {expression} }}}}", 名="x").line == 5


@pytest.mark.parametrize(
    ("body", "line"),
    [("{{ 数('政策' }}", 5), ("{% for x in 行('各县') %}\n无结尾", None), ("{{ 没有这个名字 }}", 5), ("{{ 日期(天.replace(day=45)) }}", 5),
     ("{{ 1 // 0 }}", 5), ("{{ range(10 ** 9) }}", 5), ("{{ 数() }}", 5)],
)  # fmt: skip
def test_a_template_that_cannot_be_used_says_so_with_its_line(tmp_path: Path, body: str, line: int | None) -> None:
    error = refused(tmp_path, LINES + body, 天=date(2023, 3, 1))
    assert "模板" in error.message
    assert line is None or error.line == line


def test_the_first_line_has_to_be_the_title(tmp_path: Path) -> None:
    error = refused(tmp_path, "正文。", title="{# 说明\n#}\n没有标题\n\n")
    assert error.line == 3
    assert "标题：" in error.remedy or "标题" in error.message


def test_coverage_of_a_figure_that_is_not_collected_is_refused_rather_than_printed_empty(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        narrate(tmp_path, f"{LINES}本期{{{{ 覆盖('空') }}}}。", {"空": ""})
    assert caught.value.line == 5
