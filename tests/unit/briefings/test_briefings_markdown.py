"""Markdown → blocks."""

import pytest
from briefings_kit import run

from yaoxun.briefings.arranging import chinese
from yaoxun.briefings.markdown import parse_blocks
from yaoxun.briefings.model import Attachment, Block, Chart, Heading, Item, Paragraph, Run, Table, text_of


class Refused(Exception):
    pass


def _refuse(line: int, what: str) -> Exception:
    return Refused(f"{line}:{what}")


def parse(text: str) -> tuple[Block, ...]:
    return parse_blocks(text, {}, _refuse)


def words(text: str) -> list[str]:
    return [text_of(block.runs) for block in parse(text) if isinstance(block, Heading | Paragraph)]


def only_table(text: str) -> Table:
    (found,) = (block for block in parse(text) if isinstance(block, Table))
    return found


def test_headings_without_a_number_are_given_it_and_lower_levels_start_again() -> None:
    text = "# 甲\n\n## 子\n\n## 丑\n\n### 细\n\n# 乙\n\n## 寅"
    assert words(text) == ["一、甲", "（一）子", "（二）丑", "1.细", "二、乙", "（一）寅"]


def test_a_heading_that_begins_with_a_number_keeps_clear_of_its_own() -> None:
    assert words("### 2023年工作\n\n### 甲") == ["1. 2023年工作", "2.甲"]


def test_a_heading_that_bears_its_number_keeps_it() -> None:
    assert words("# 一、甲\n\n## （一）子\n\n## (二)丑\n\n### 1. 细\n\n# 丙") == [
        "一、甲", "（一）子", "(二)丑", "1. 细", "二、丙",
    ]  # fmt: skip


@pytest.mark.parametrize(("n", "text"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (34, "三十四")])
def test_numbers_are_written_in_chinese(n: int, text: str) -> None:
    assert chinese(n) == text


def test_the_paragraph_before_a_table_is_its_caption_with_its_unit() -> None:
    found = only_table("前文。\n\n表：各县政策（单位：个）\n\n| 县 | 数 |\n|---|---|\n| 城区 | 7 |")
    assert (text_of(found.caption), found.unit) == ("表1　各县政策", "个")
    assert [[text_of(cell) for cell in row] for row in (found.header, *found.rows)] == [["县", "数"], ["城区", "7"]]


def test_tables_with_captions_are_numbered_in_order_and_one_without_stays_without() -> None:
    grid = "| 县 |\n|---|\n| 城区 |\n\n"
    found = [b for b in parse(f"表：甲\n\n{grid}正文。\n\n{grid}表:乙(单位:件)\n\n{grid}") if isinstance(b, Table)]
    assert [(text_of(t.caption), t.unit) for t in found] == [("表1　甲", ""), ("", ""), ("表2　乙", "件")]


def test_a_caption_without_a_table_is_a_paragraph() -> None:
    assert words("表：名称\n\n正文。") == ["表：名称", "正文。"]


def test_a_line_break_inside_a_paragraph_is_no_space_but_between_latin_words() -> None:
    assert words("前半句，\n后半句 Open\nAI 与\nGB\n9704。") == ["前半句，后半句 Open AI 与GB 9704。"]


def test_bold_is_kept_and_other_text_around_it() -> None:
    (block,) = parse("前**中**后")
    assert isinstance(block, Paragraph)
    assert block.runs == (run("前"), run("中", strong=True), run("后"))


def test_what_only_looks_like_markup_stays_as_it_is() -> None:
    text = "A<B & C，5 * 3，a_b_c，甲|乙，&amp;，\\*星\\*，1．第一"
    assert words(text) == ["A<B & C，5 * 3，a_b_c，甲|乙，&，*星*，1．第一"]


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("正文。\n\n- 甲", 3, "项目符号"),
        ("正文。\n\n1. 甲", 3, "编号"),
        ("正文。\n\n    缩进", 3, "缩进"),
        ("正文。\n\n```\n代码\n```", 3, "代码块"),
        ("正文。\n\n> # 标题", 3, "按语"),
        ("正文。\n\n---", 3, "分隔线"),
        ("正文。\n---", 2, "下划线式"),
        ("正文。\n\n<div>x</div>", 3, "HTML"),
        ("正文。\n\n字<b>粗</b>", 3, "HTML"),
        ("正文。\n\n![图](a.png)", 3, "图片"),
        ("正文。\n\n[字](http://x.example)", 3, "链接"),
        ("正文。\n\n[注]: http://x.example", 3, "链接定义"),
        ("正文。\n\n`字`", 3, "行内代码"),
        ("正文。\n\n前*斜*后", 3, "斜体"),
        ("正文。\n\n#### 四级", 3, "三级以下"),
        ("| 甲 | 乙 |\n|---|---|\n| 1 | 2 |\n| 1 | 2 | 3 |", 4, "单元格"),
    ],
)
def test_what_a_bulletin_cannot_hold_is_refused_by_its_line(text: str, line: int, what: str) -> None:
    with pytest.raises(Refused) as refused:
        parse(text)
    number, _, said = str(refused.value).partition(":")
    assert int(number) == line
    assert what in said


def test_a_row_with_fewer_cells_is_filled_up_and_an_escaped_bar_is_text() -> None:
    found = only_table("| 甲 | 乙 |\n|---|---|\n| 1 |\n| 1\\|2 | 3 |")
    assert [[text_of(cell) for cell in row] for row in found.rows] == [["1", ""], ["1|2", "3"]]


def test_a_forged_token_in_a_text_without_figures_prints_nothing_and_breaks_nothing() -> None:
    assert words("前\ue0007\ue001后") == ["前后"]


def test_no_text_is_lost_between_two_kinds_of_blocks() -> None:
    text = "甲。\n\n# 乙\n丙。\n\n| 丁 |\n|---|\n| 戊 |\n\n己。"
    assert [text_of(b.runs) if not isinstance(b, Table) else "表" for b in parse(text)] == [
        "甲。", "一、乙", "丙。", "表", "己。",
    ]  # fmt: skip


def test_a_caption_of_a_chart_makes_the_table_a_chart_with_a_count_of_its_own() -> None:
    data = "| 县 | 政策 | 实事 |\n|---|---|---|\n| 城区 | 7 | 2.5 |\n| 泽州县 | | — |\n"
    blocks = parse(f"表：甲\n\n{data}\n折线图：乙（单位：个）\n\n{data}\n图：丙\n\n{data}")
    assert [type(block) for block in blocks] == [Table, Chart, Chart]
    charts = [block for block in blocks if isinstance(block, Chart)]
    assert [(c.shape, text_of(c.caption), c.unit) for c in charts] == [("折线", "图1　乙", "个"), ("柱", "图2　丙", "")]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("图：甲\n\n| 县 | 数 |\n|---|---|\n| 城区 | 七 |\n", "七"),
        ("图：甲\n\n| 县 |\n|---|\n| 城区 |\n", "没有数据"),
        ("饼图：甲\n\n| 县 | 数 | 数 |\n|---|---|---|\n| 城区 | 7 | 8 |\n", "饼图"),
        ("饼图：甲\n\n| 县 | 数 |\n|---|---|\n| 城区 | -7 |\n", "饼图"),
    ],
)
def test_a_chart_that_cannot_be_drawn_is_refused_by_the_line_of_its_table(text: str, what: str) -> None:
    with pytest.raises(Refused, match=what) as caught:
        parse(text)
    assert str(caught.value).startswith("3:")


def test_a_caption_may_hold_a_numeral_that_stays_a_run_of_its_own() -> None:
    text = "表：共\ue0000\ue001个县（单位：个）\n\n| 县 | 数 |\n|---|---|\n| 城区 | 7 |\n"
    found = parse_blocks(text, {0: Run(text="26", numeral="token0")}, _refuse)[0]
    assert isinstance(found, Table) and found.unit == "个"
    assert found.caption == (Run(text="表1　共"), Run(text="26", numeral="token0"), Run(text="个县"))


def test_items_attachments_contents_and_remarks_are_told_by_how_they_begin() -> None:
    blocks = parse(
        "> 按语：请阅。\n\n本期要目\n\n# 甲\n\n一段。\n\n标题：第二条\n\n# 乙\n\n二段。\n\n附件：名单\n\n三段。\n\n附件：1. 另寄"
    )
    assert [type(block).__name__ for block in blocks] == [
        "Remark", "Contents", "Heading", "Paragraph", "Item", "Heading", "Paragraph", "Attachment", "Paragraph", "Paragraph",
    ]  # fmt: skip
    headings = [text_of(block.runs) for block in blocks if isinstance(block, Heading)]
    assert headings == ["一、甲", "一、乙"]
    assert [(b.number, text_of(b.runs)) for b in blocks if isinstance(b, Attachment)] == [(0, "名单")]
    assert [text_of(b.runs) for b in blocks if isinstance(b, Item)] == ["第二条"]


def test_several_attachments_are_numbered() -> None:
    blocks = parse("正文。\n\n附件：甲\n\n一段。\n\n附件：乙\n\n二段。")
    assert [b.number for b in blocks if isinstance(b, Attachment)] == [1, 2]
