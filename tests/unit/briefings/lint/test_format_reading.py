"""A Word file as text: roles, tables, charts with their workbooks, bookmarks, numeral records."""

import io
from typing import Any

import pytest
from lxml import etree

from support.word_mutants import FULL, W, body, edited, inserted, paragraphs, text, written
from yaoxun.briefings.lint.model import ChartData, NumeralRecord, WordText
from yaoxun.briefings.lint.opening import open_word
from yaoxun.briefings.lint.reading import read_word
from yaoxun.briefings.lint.wording import text_of
from yaoxun.home import shipped
from yaoxun.sheets.limits import load_limits

LIMITS = load_limits(shipped("config"))
NUMERALS = """<numerals xmlns="urn:yaoxun:numerals:1"><n id="num_001" text="87" origin="figure" figure="policies_city" dims=""
value="87" unit="项"><c file="ab12" sheet="T3" cell="B5"/><c file="cd34" sheet="T3" cell="B6"/></n></numerals>"""


def read(data: bytes) -> WordText:
    return text_of(read_word(open_word(io.BytesIO(data), LIMITS), LIMITS, "晋团要讯"))


def roles(data: bytes) -> list[tuple[str, str]]:
    """(role, text) of the paragraphs outside tables."""
    return [(p.role, p.text) for p in read(data).paragraphs if p.table is None]


def test_each_paragraph_has_its_number_style_and_role() -> None:
    found = read(written())
    assert [p.number for p in found.paragraphs] == list(range(1, len(found.paragraphs) + 1))
    by_role = {p.role: p.text for p in reversed(found.paragraphs)}
    assert by_role["masthead"] == "晋团要讯"
    assert by_role["issue_number"] == "〔2023〕第4期"
    assert by_role["heading1"] == "一、建机制" and by_role["heading2"] == "（一）强化统筹"
    assert by_role["heading3"] == "1.压实责任" and by_role["caption"] == "表1　各单位政策数"
    assert by_role["item"] == "示例县推动示例事项落地" and by_role["remark"].startswith("按语：")
    assert by_role["colophon"] == "报：甲办公厅，乙办公厅"
    assert {"title", "date_line", "secret", "contents", "attachment", "unit", "table_head", "table_cell"} <= set(
        by_role
    )


def test_a_cover_and_its_contents_are_no_body() -> None:
    found = {p.role for p in read(written(FULL, "huibian")).paragraphs}
    assert {"cover", "toc", "title", "heading1"} <= found and "masthead" not in found


def test_a_table_brings_caption_unit_and_rows() -> None:
    (table,) = read(written()).tables
    assert (table.caption, table.unit) == ("表1　各单位政策数", "个、%")
    assert table.rows[0] == ("单位", "政策数", "完成率") and table.rows[3] == ("泽州县", "—", "—")
    cell = next(p for p in read(written()).paragraphs if p.number == table.paragraph)
    assert cell.table == (1, 0, 0)


def test_a_chart_brings_what_it_shows_and_what_its_workbook_holds() -> None:
    (chart,) = read(written()).charts
    assert chart.caption == "图1　各单位政策数" and chart.alt
    assert chart.shown == ChartData(categories=("城区", "示例县"), series=(("政策数", ("7", "12")),))
    assert chart.book == chart.shown


def test_a_cache_that_differs_from_the_workbook_is_seen() -> None:
    def edit(parts: dict[str, Any]) -> None:
        chart = parts["word/charts/chart1.xml"]
        next(
            v for v in chart.iter("{http://schemas.openxmlformats.org/drawingml/2006/chart}v") if v.text == "12"
        ).text = "13"

    (chart,) = read(edited(written(), edit)).charts
    assert chart.shown.series[0][1] == ("7", "13") and chart.book and chart.book.series[0][1] == ("7", "12")


def test_a_chart_whose_references_name_no_cell_has_no_workbook() -> None:
    def edit(parts: dict[str, Any]) -> None:
        for f in parts["word/charts/chart1.xml"].iter("{http://schemas.openxmlformats.org/drawingml/2006/chart}f"):
            f.text = "categories"

    (chart,) = read(edited(written(), edit)).charts
    assert chart.book is None and chart.shown.series[0][1] == ("7", "12")


def test_numeral_records_and_bookmarks_are_read() -> None:
    def edit(parts: dict[str, Any]) -> None:
        parts["customXml/item1.xml"] = etree.fromstring(NUMERALS)
        rels = parts["word/_rels/document.xml.rels"]
        kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/customXml"
        etree.SubElement(
            rels, f"{{{rels.nsmap[None]}}}Relationship", Id="rN", Type=kind, Target="../customXml/item1.xml"
        )
        p = paragraphs(parts, "BodyText")[0]
        p.insert(1, p.makeelement(f"{W}bookmarkStart", {f"{W}id": "90", f"{W}name": "num_001"}))
        p.append(p.makeelement(f"{W}bookmarkEnd", {f"{W}id": "90"}))

    found = read(edited(written(), edit))
    assert found.numerals == (
        NumeralRecord(
            id="num_001", text="87", origin="figure", figure="policies_city", dims="", value="87", unit="项",
            cells=(("ab12", "T3", "B5"), ("cd34", "T3", "B6")),
        ),
    )  # fmt: skip
    marked = next(p for p in found.paragraphs if "num_001" in p.bookmarks)
    assert marked.bookmarks["num_001"] == (0, len(marked.text))


def test_core_properties_are_read() -> None:
    core = read(written()).core
    assert core["title"] == "示例市聚焦“七项行动”推动示例工作走深走实" and core["creator"] == "示例单位"


def test_merged_cells_keep_the_columns_in_place() -> None:
    def edit(parts: dict[str, Any]) -> None:
        row = next(body(parts).iter(f"{W}tbl")).findall(f"{W}tr")[3]
        first, second = row.findall(f"{W}tc")[:2]
        row.remove(second)
        etree.SubElement(first.find(f"{W}tcPr"), f"{W}gridSpan").set(f"{W}val", "2")

    (table,) = read(edited(written(), edit)).tables
    assert table.rows[3] == ("泽州县", "", "—")


@pytest.mark.parametrize(
    "xml",
    [
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>控件里的话。</w:t></w:r></w:p></w:sdtContent></w:sdt>",
        "<w:p><w:ins><w:r><w:t>控件里的话。</w:t></w:r></w:ins></w:p>",
        "<w:p><w:hyperlink><w:r><w:t>控件里的话。</w:t></w:r></w:hyperlink></w:p>",
        "<w:p><w:r><w:t>控件</w:t></w:r><w:r><w:t>里的话。</w:t></w:r><w:del><w:r><w:delText>删</w:delText></w:r></w:del></w:p>",
        "<w:p><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>控件里的话。</w:t></w:r></w:p></w:txbxContent></w:pict></w:r></w:p>",
    ],
)
def test_text_is_read_wherever_word_keeps_it(xml: str) -> None:
    data = edited(written(), inserted("BodyText", xml, n=2))
    assert roles(data).count(("body", "控件里的话。")) == 1


def test_the_fallback_of_a_drawing_is_not_read_twice() -> None:
    space = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    box = "<w:pict><w:txbxContent><w:p><w:r><w:t>框里的话。</w:t></w:r></w:p></w:txbxContent></w:pict>"
    both = f"<mc:AlternateContent {space}><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
    data = edited(written(), inserted("BodyText", f"<w:p><w:r>{both}</w:r></w:p>"))
    assert [t for _, t in roles(data)].count("框里的话。") == 1


def test_strict_documents_are_read_too() -> None:
    def edit(parts: dict[str, Any]) -> None:
        strict = "http://purl.oclc.org/ooxml/wordprocessingml/main"
        for name in ("word/document.xml", "word/styles.xml"):
            parts[name] = etree.fromstring(etree.tostring(parts[name]).replace(W[1:-1].encode(), strict.encode()))

    assert roles(edited(written(), edit)) == roles(written())


def test_headings_that_are_none_are_known_by_their_number() -> None:
    def edit(parts: dict[str, Any]) -> None:
        for p in paragraphs(parts, "Heading1"):
            p.find(f"{W}pPr/{W}pStyle").set(f"{W}val", "BodyText")

    assert ("heading1", "一、建机制") in roles(edited(written(), edit))
    long = edited(written(), text("BodyText", "每件", "一、每件", 3))
    assert ("body", "一、每件事项有责任单位、有完成时限。") in roles(long), "a sentence is no heading"
