"""What a person may type by mistake or a program may send: each makes a sound file or ends with a sentence."""

import json
import re

import pytest
from briefings_kit import docx, issue, paragraph, paragraphs, part, run, shipped_profile, table
from lxml import etree

from support.word_samples import markdown, wide_table, written
from yaoxun.briefings.arranging import chinese
from yaoxun.briefings.faces import lacking
from yaoxun.briefings.handwritten import parse_issue
from yaoxun.briefings.lint.habits import load_habits
from yaoxun.briefings.model import Colophon, Heading, Issue, Masthead, Run
from yaoxun.briefings.word import build_docx
from yaoxun.errors import RequestError
from yaoxun.home import shipped

BAD = "甲\x00\x01\x0b\x1f\ufffe\ud800乙"
GRID = "| 县 | 数 |\n|---|---|\n| 城区 | 7 |\n"
HABITS = load_habits(shipped("report_templates"))


def texts(text: str, style: str) -> list[str]:
    return [said for found, said in paragraphs(written(text)) if found == style]


def refused(body: str) -> str:
    with pytest.raises(RequestError) as caught:
        written(markdown(body))
    assert caught.value.remedy
    assert re.match(r"第 \d+ 行：要讯里不能用", caught.value.message)
    return caught.value.message


@pytest.mark.parametrize("profile", ["yaoxun", "zhuanbao", "huibian"])
def test_control_characters_and_lone_surrogates_fall_out_wherever_they_stand(profile: str) -> None:
    body = f"> 按语：{BAD}\n\n本期要目\n\n# {BAD}\n\n{BAD}\n\n表：{BAD}（单位：{BAD}）\n\n{GRID.replace('城区', BAD)}\n图：{BAD}\n\n"
    body += f"{GRID.replace('城区', BAD)}\n标题：{BAD}\n\n{BAD}\n\n附件：{BAD}\n\n{BAD}"
    data = written(markdown(body, f"密级: {json.dumps('甲' + chr(2) + '乙')}\n"), profile)
    printed = [said for _, said in paragraphs(data)]
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\ud800]", "".join(printed))
    for wanted in ("甲乙", "按语：甲乙", "一、甲乙", "表1　甲乙", "单位：甲乙", "图1　甲乙", "附件：甲乙"):
        assert wanted in printed


def test_markup_and_template_marks_in_data_are_text() -> None:
    said = "A<B & C > \"D\" 'E' ]]> </w:t> {{ 数('x') }} {% if a %} {# b #} ${c}"
    of = issue(Heading(level=1, runs=(run(said),)), paragraph(said), table((said, said)), headline=(run(said),),
               masthead=Masthead(name=said, issuer=said), colophon=Colophon(rows=(("报", (said,)),), editor=said))  # fmt: skip
    printed = dict(paragraphs(docx(of)))
    for style in ("Heading1", "BodyText", "TableText", "Masthead"):
        assert printed[style] == said
    assert printed["Title"].replace("\n", "") == said and printed["ColophonEditor"].startswith(f"责编：{said}")


def test_a_bar_in_a_cell_and_a_line_break_in_one_are_kept_or_refused() -> None:
    assert texts(markdown("| 县 | 名 |\n|---|---|\n| 甲\\|乙 | 一\\|二 |"), "TableText") == ["甲|乙", "一|二"]
    assert "HTML" in refused("| 县 | 名 |\n|---|---|\n| 甲<br>乙 | 一 |")
    cell = docx(issue(table(("甲\n乙", "一\t二"))))
    assert ("TableText", "甲\n乙") in paragraphs(cell)


@pytest.mark.parametrize(
    "title", ["字" * 500, "示例市推动青年发展" * 56, "a" * 500, "“" * 250 + "”" * 250, "2023年" * 100]
)
def test_a_title_of_500_characters_is_set_whole(title: str) -> None:
    of = Issue(
        headline=(Run(text=title),),
        masthead=Masthead(name="要讯", issuer="示例省委"),
        blocks=(paragraph(),),
        colophon=Colophon(rows=()),
    )
    data = build_docx(of, shipped_profile(), None)
    (said,) = [text for style, text in paragraphs(data) if style == "Title"]
    assert said.replace("\n", "") == title
    assert len("".join(part(data, "docProps/core.xml").itertext())) > 255


def test_headings_without_a_text_below_them_stand_as_they_are_and_without_one_of_their_own_are_refused() -> None:
    assert texts(markdown("# 甲\n\n# 乙\n\n## 丙\n\n"), "Heading1") == ["一、甲", "二、乙"]
    assert "没有字的标题" in refused("正文。\n\n#\n\n正文。")
    assert "没有字的标题" in refused("标题：\n\n正文。")


def test_paragraphs_of_nothing_but_blanks_are_none() -> None:
    assert texts(markdown("甲。\n\n　　\n\n&nbsp;\n\n　　乙。"), "BodyText") == ["甲。", "乙。"]
    with pytest.raises(RequestError, match="正文是空的"):
        parse_issue(markdown("　　\n\n&nbsp;"), name="要讯", issuer="示例省委")


def test_a_table_of_forty_columns_is_refused_in_a_sentence() -> None:
    with pytest.raises(RequestError) as caught:
        written(markdown(wide_table(40)))
    assert caught.value.message == "“表1　宽表”有 40 列，横排一面也放不下。"
    assert caught.value.remedy == "一张表最多 19 列，请拆成几张表，或只留要紧的列。"


def test_a_table_of_two_thousand_rows_and_one_of_none_are_set() -> None:
    rows = "".join(f"| 县{n} | {n} |\n" for n in range(2000))
    data = written(markdown(f"表：长表\n\n| 县 | 数 |\n|---|---|\n{rows}"))
    assert [said for style, said in paragraphs(data) if style == "TableNumber"] == [str(n) for n in range(2000)]
    empty = [style for style, _ in paragraphs(written(markdown("表：空表\n\n| 县 | 数 |\n|---|---|\n\n完。")))]
    assert empty.count("TableHead") == 2 and "TableText" not in empty


@pytest.mark.parametrize(
    ("kind", "cells", "says"),
    [
        ("图", "1,234", "不是数的“1,234”"),
        ("图", "７", "不是数的"),
        ("图", "9" * 16, "超过 15 位"),
        ("图", "1." + "9" * 15, "超过 15 位"),
        ("图", "7 |\n| 泽州县 | 5%", "有的带 % 有的不带"),
        ("饼图", "-7", "饼图"),
        ("饼图", "1 |\n" + "".join(f"| 县{n} | 1 |\n" for n in range(11)) + "| 末 | 1", "超过 12 块的饼图"),
    ],
)
def test_a_chart_of_what_cannot_be_drawn_is_refused_with_what_to_do(kind: str, cells: str, says: str) -> None:
    assert says in refused(f"{kind}：甲\n\n| 县 | 数 |\n|---|---|\n| 城区 | {cells} |\n")


def test_a_chart_of_more_series_than_can_be_told_apart_is_refused() -> None:
    heads, ones = " | ".join(f"数{n}" for n in range(7)), " | ".join("1" * 7)
    assert "超过 6 列数" in refused(f"图：甲\n\n| 县 | {heads} |\n|{'---|' * 8}\n| 城区 | {ones} |\n")


@pytest.mark.parametrize("cells", ["-7", "7.5%", "", "—", "0", "9" * 15])
@pytest.mark.parametrize("kind", ["柱形图", "折线图", "饼图"])
def test_a_chart_of_one_odd_number_is_drawn(kind: str, cells: str) -> None:
    if (kind, cells) != ("饼图", "-7"):
        assert texts(markdown(f"{kind}：甲\n\n| 县 | 数 |\n|---|---|\n| 城区 | {cells} |\n"), "FigureCaption") == [
            "图1　甲"
        ]


def test_captions_of_200_characters_and_quotes_in_quotes_are_kept() -> None:
    long, quoted = "长" * 200, "“甲‘乙“丙‘丁’”’”——“‘’”……·"
    text = markdown(f"表：{long}（单位：个）\n\n{GRID}\n图：{long}\n\n{GRID}\n{quoted}")
    assert texts(text, "Caption") == [f"表1　{long}"] and texts(text, "FigureCaption") == [f"图1　{long}"]
    assert texts(text, "BodyText") == [quoted]


def test_a_hundred_and_twenty_headings_are_numbered_in_chinese() -> None:
    found = texts(markdown("\n\n".join(f"# 章\n\n正文{n}。" for n in range(120))), "Heading1")
    assert (found[98], found[99], found[104], found[109], found[119]) == (
        "九十九、章", "一百、章", "一百零五、章", "一百一十、章", "一百二十、章",
    )  # fmt: skip
    assert (chinese(999), chinese(1000)) == ("九百九十九", "1000")


def test_a_file_of_any_text_is_sound_xml() -> None:
    data = written(markdown("国" * 100_000 + "\n\n" + "a" * 50_000))
    assert etree.tostring(part(data)).count("国".encode("ascii", "xmlcharrefreplace")) == 100_000


def test_characters_that_the_faces_lack_are_told_once_with_what_to_write_instead() -> None:
    of = parse_issue(
        markdown(f"示例靚丽，又一处靚丽😀。\n\n{GRID.replace('城区', '䲟县')}", "密级: 内部\n"),
        name="要讯",
        issuer="示例省委",
    ).issue
    told = list(lacking(of, HABITS))
    assert len(told) == 3
    assert told[0].startswith("“靚”不在 GB2312") and "请把“靚”改为“靓”" in told[0] and "示例靚丽" in told[0]
    assert "😀" in told[1] and "䲟" in told[2]


def test_of_an_ordinary_issue_nothing_is_told() -> None:
    assert (
        list(
            lacking(
                issue(
                    paragraph("“甲”——‘乙’…青·思〔2023〕①〇"),
                ),
                HABITS,
            )
        )
        == []
    )
