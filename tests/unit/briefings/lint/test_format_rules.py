"""The rules of format: each fact that is broken is named, and nothing else; what is ours has no fault; what is others' has."""

import io
from functools import lru_cache
from typing import Any

import pytest
from docx import Document
from docx.shared import Pt
from lxml import etree

from support.word_mutants import FULL, MUTANTS, Mutant, W, edited, inserted, paragraphs, profile, style, written
from yaoxun.briefings.handwritten import parse_issue
from yaoxun.briefings.lint.catalogue import RULES, found
from yaoxun.briefings.lint.checking import lint_docx, told_once
from yaoxun.briefings.lint.habits import Habits
from yaoxun.briefings.lint.model import Finding
from yaoxun.briefings.word import build_docx

SHORT = "---\n标题: 示例标题\n报: [甲办公厅]\n---\n正文。\n"
WIDE = (
    "表：宽表\n\n|" + "|".join(f"列{n}" for n in range(18)) + "|\n|" + "---|" * 18 + "\n|" + "|".join("1" * 18) + "|\n"
)


def found_in(data: bytes, name: str = "yaoxun") -> list[Finding]:
    """The findings of format."""
    return [f for f in lint_docx(data, profile(name), Habits()).findings if f.id.startswith("F-")]


def ids(data: bytes, name: str = "yaoxun") -> set[str]:
    return {finding.id for finding in found_in(data, name)}


@lru_cache
def others() -> bytes:
    """A document as python-docx makes it, without a thought for any standard."""
    document = Document()
    document.add_heading("关于示例工作的情况", 0)
    document.add_heading("一、建机制", 1)
    for n in range(40):
        document.add_paragraph(f"本季度出台政策{n}个。")
    document.add_paragraph("三、跳了号")
    document.add_paragraph("项目", style="List Bullet")
    table = document.add_table(2, 2)
    for cell, text in zip(table._cells, ("单位", "个数", "甲", "5"), strict=True):
        cell.text = text
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda m: f"{m.id}-{m.name}")
def test_a_broken_fact_is_named_and_nothing_else(mutant: Mutant) -> None:
    assert ids(mutant.build()) == {mutant.id} | mutant.more


def test_every_rule_of_format_is_broken_by_a_mutant() -> None:
    tested = {mutant.id for mutant in MUTANTS}
    assert tested == {id for id in RULES if id.startswith("F-")}
    assert len(tested) >= 40


@pytest.mark.parametrize("name", ["yaoxun", "zhuanbao", "huibian"])
@pytest.mark.parametrize("text", [FULL, SHORT, SHORT + "\n" + WIDE], ids=["everything", "a line", "a wide table"])
def test_what_we_make_has_no_fault(text: str, name: str) -> None:
    assert found_in(written(text, name), name) == []


def test_a_draft_without_its_number_and_day_has_no_fault() -> None:
    issue = parse_issue(FULL, name=profile().masthead.name, issuer="示例单位").issue
    assert found_in(build_docx(issue, profile(), None)) == []


def test_a_document_of_another_profile_is_measured_by_it() -> None:
    assert ids(written(FULL, "zhuanbao")) == {"F-MAST-NAME", "F-MAST-SIZE", "F-MAST-PITCH", "F-H3-BOLD"}


def test_a_file_made_without_the_standard_names_every_clause_it_breaks() -> None:
    told = found_in(others())
    clauses = {f.clause for f in told if f.tier == "国标"}
    assert clauses >= {
        f"GB/T 9704-2012 {c}" for c in ("5.1", "5.2.1", "5.2.2", "5.2.3", "5.2.4", "7.3.1", "7.3.3", "7.5")
    }
    assert {"F-AUTHOR", "F-LEFTOVER", "F-MAST-NONE", "F-COL-NONE", "F-AUTO-NUMBER", "F-H-REAL", "F-H-ORDER"} <= {
        f.id for f in told
    }


def test_what_is_broken_everywhere_is_told_once_with_its_count() -> None:
    (told,) = (f for f in found_in(others()) if f.id == "F-BODY-FONT")
    assert "共 41 处" in told.problem and "先见于第 3、4、5 段" in told.problem


def test_a_finding_says_all_that_a_clerk_needs() -> None:
    data = edited(written(), style("BodyText", "rPr", "sz", val="30"))
    told = next(f for f in found_in(data) if f.id == "F-BODY-SIZE")
    assert (told.tier, told.clause, told.expected, told.measured) == ("国标", "GB/T 9704-2012 5.2.2", "16 磅", "15 磅")
    assert told.paragraph and told.excerpt and told.remedy and told.problem.startswith("正文字号应为16 磅，现为15 磅")


def test_a_rule_that_the_office_does_not_want_is_silent() -> None:
    mutant = next(m for m in MUTANTS if m.id == "F-EMPTY")
    habits = Habits(not_checked=frozenset({"F-EMPTY"}))
    assert "F-EMPTY" not in {f.id for f in lint_docx(mutant.build(), profile(), habits).findings}


def test_few_faults_are_told_each_and_many_as_one() -> None:
    def made(n: int) -> list[Finding]:
        return [found("F-EMPTY", "用空段落排版。", measured="空段落", paragraph=k) for k in range(1, n + 1)]

    assert list(told_once(made(2))) == made(2)
    (one,) = told_once(made(9))
    assert one.paragraph == 1 and "共 9 处" in one.problem


# Looks through inheritance


def with_styles(xml: str, paragraph: str, *, theme: str = "") -> bytes:
    """Our document with further styles, its first body paragraph in one of them."""

    def edit(parts: dict[str, Any]) -> None:
        root = etree.fromstring(f'<w:styles xmlns:w="{W[1:-1]}">{xml}</w:styles>')
        parts["word/styles.xml"].extend(list(root))
        paragraphs(parts, "BodyText")[0].find(f"{W}pPr/{W}pStyle").set(f"{W}val", paragraph)
        if theme:
            space = "http://schemas.openxmlformats.org/drawingml/2006/main"
            parts["word/theme/theme1.xml"] = etree.fromstring(f'<a:theme xmlns:a="{space}">{theme}</a:theme>')
            rels = parts["word/_rels/document.xml.rels"]
            kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/theme"
            etree.SubElement(rels, f"{{{rels.nsmap[None]}}}Relationship", Id="rT", Type=kind, Target="theme/theme1.xml")

    return edited(written(), edit)


def test_a_style_takes_its_look_from_the_one_it_is_based_on() -> None:
    own = '<w:style w:type="paragraph" w:styleId="Mine"><w:name w:val="我的正文"/><w:basedOn w:val="{}"/></w:style>'
    assert ids(with_styles(own.format("BodyText"), "Mine")) == set()
    deeper = own.format("Middle") + own.format("BodyText").replace("Mine", "Middle").replace(
        "</w:style>", '<w:rPr><w:rFonts w:eastAsia="宋体"/></w:rPr></w:style>'
    )
    assert ids(with_styles(deeper, "Mine")) == {"F-BODY-FONT"}


def test_styles_based_on_one_another_in_a_ring_end() -> None:
    ring = "".join(
        f'<w:style w:type="paragraph" w:styleId="{a}"><w:name w:val="{a}"/><w:basedOn w:val="{b}"/></w:style>'
        for a, b in (("One", "Two"), ("Two", "One"))
    )
    assert "F-BODY-INDENT" in ids(with_styles(ring, "One"))


@pytest.mark.parametrize(("script", "fault"), [("仿宋_GB2312", set()), ("等线", {"F-BODY-FONT"})])
def test_a_font_of_the_theme_is_resolved(script: str, fault: set[str]) -> None:
    mine = (
        '<w:style w:type="paragraph" w:styleId="Mine"><w:name w:val="我的"/><w:basedOn w:val="BodyText"/>'
        '<w:rPr><w:rFonts w:eastAsiaTheme="minorEastAsia"/></w:rPr></w:style>'
    )
    fonts = f'<a:minorFont><a:latin typeface="X"/><a:ea typeface=""/><a:font script="Hans" typeface="{script}"/></a:minorFont>'
    assert ids(with_styles(mine, "Mine", theme=fonts)) == fault


def test_bold_set_by_two_styles_cancels_out() -> None:
    bold = style("Heading1", "rPr", "b", val="1")

    def marked(parts: dict[str, Any]) -> None:
        bold(parts)
        for run in paragraphs(parts, "Heading1")[0].iter(f"{W}r"):
            inside = run.find(f"{W}rPr")
            if inside is None:
                inside = run.makeelement(f"{W}rPr")
                run.insert(0, inside)
            inside.append(inside.makeelement(f"{W}rStyle", {f"{W}val": "Strong"}))

    told = [f for f in found_in(edited(written(), marked)) if f.id == "F-H-BOLD"]
    assert told and all(f.paragraph != 13 for f in told), "the first heading is bold twice, which is not bold"


def test_what_was_deleted_with_tracking_is_not_read() -> None:
    deleted = "<w:del><w:r><w:delText>　　　　</w:delText></w:r></w:del>"

    def edit(parts: dict[str, Any]) -> None:
        inserted("BodyText", deleted, n=0)(parts)
        p = paragraphs(parts, "BodyText")[0]
        p.append(p.getprevious())

    assert ids(edited(written(), edit)) == set()


def test_the_masthead_of_another_office_is_known_by_its_look() -> None:
    document = Document(io.BytesIO(others()))
    first = document.paragraphs[0]
    head = first.insert_paragraph_before()
    run = head.add_run("示例通讯")
    run.font.size = Pt(60)
    run._r.get_or_add_rPr().append(run._r.makeelement(f"{W}color", {f"{W}val": "E60012"}))
    first.insert_paragraph_before("（2023）第05期")
    stream = io.BytesIO()
    document.save(stream)
    told = {f.id: f for f in found_in(stream.getvalue())}
    assert told["F-MAST-NAME"].measured == "示例通讯"
    assert {"F-ISSUE-BRACKETS", "F-ISSUE-ZERO", "F-MAST-COLOUR"} <= set(told)


def test_a_colophon_of_bare_paragraphs_is_asked_to_stand_at_the_foot() -> None:
    document = Document(io.BytesIO(others()))
    for line in ("报：甲办公厅", "送：乙单位", "发：丙单位"):
        document.add_paragraph(line)
    stream = io.BytesIO()
    document.save(stream)
    told = ids(stream.getvalue())
    assert {"F-COL-FOOT", "F-COL-OUTER"} <= told and "F-COL-NONE" not in told


def test_every_line_of_the_catalogue_is_a_clause_and_a_remedy() -> None:
    for id, rule in RULES.items():
        assert rule.clause and rule.title and rule.remedy, id
        assert rule.tier != "国标" or rule.clause.startswith("GB/T"), id


def numbered(*captions: str) -> bytes:
    table = "\n\n| 单位 | 个数 |\n|---|---|\n| 城区 | 7 |\n\n"
    blocks = [caption if caption.startswith(("附件", "标题")) else f"{caption}{table}" for caption in captions]
    return written("---\n标题: 示例标题\n报: [甲办公厅]\n---\n\n正文。\n\n" + "\n\n".join(blocks) + "\n\n正文。\n")


@pytest.mark.parametrize("between", ["标题：第二条", "附件：示例清单"])
def test_captions_go_on_or_begin_anew_where_they_may(between: str) -> None:
    data = numbered("表：甲表", "表：乙表", between, "表：丙表")
    assert found_in(data) == []

    def last_is_5(parts: dict[str, Any]) -> None:
        for t in paragraphs(parts, "Caption")[2].iter(f"{W}t"):
            t.text = "表5\u3000丙表"

    assert ids(edited(data, last_is_5)) == {"F-CAPTION-ORDER"}
