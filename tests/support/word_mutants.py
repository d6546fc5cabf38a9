"""A document of ours that holds everything, and facts of its format broken one at a time in its XML: each mutant names the
finding that must tell of it and those that follow by necessity.
"""

import copy
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from lxml import etree

from yaoxun.briefings.handwritten import parse_issue
from yaoxun.briefings.profile import FormatProfile, load_profile
from yaoxun.briefings.word import build_docx

TEMPLATES = Path(__file__).parents[2] / "report_templates"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
NS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'

FULL = """---
标题: 示例市聚焦“七项行动”推动示例工作走深走实
期号: 〔2023〕第4期
署名: 示例单位
日期: 2023-04-06
报: [甲办公厅, 乙办公厅]
送: [丙单位, 丁单位]
发: [戊单位]
责编: 示例责编
份数: 60
密级: 机密★1年
紧急程度: 特急
份号: "000001"
---

> 按语：示例市的做法值得借鉴，现予刊发。

本期要目

今年以来，示例市把示例工作摆在突出位置，出台政策19个——“一月一调度”见表1。

# 建机制

示例市建立“一月一调度”机制，每月调度1次。

## 强化统筹

各成员单位按季度报送进展情况，由**示例单位**汇总。

### 压实责任

每件事项有责任单位、有完成时限。

### 定期调度

每月5日前报送上月进展。

## 分类推进

各县（市、区）结合实际分类推进。

表：各单位政策数（单位：个、%）

| 单位 | 政策数 | 完成率 |
|---|---|---|
| 城区 | 7 | 50.0% |
| 示例县 | 12 | 75.5% |
| 泽州县 | | |
| 合计 | 19 | 66.1% |

柱形图：各单位政策数（单位：个）

| 单位 | 政策数 |
|---|---|
| 城区 | 7 |
| 示例县 | 12 |

# 出实招

下一步，示例市将继续按月调度。

标题：示例县推动示例事项落地

# 抓落实

示例县出台政策12个。

附件：示例事项清单

# 列清单

这是附件的正文。
"""

Parts = dict[str, Any]
Edit = Callable[[Parts], None]


@lru_cache
def profile(name: str = "yaoxun") -> FormatProfile:
    """A shipped profile."""
    return load_profile(TEMPLATES, name)


@lru_cache
def written(text: str = FULL, name: str = "yaoxun") -> bytes:
    """A hand-written issue as a Word file."""
    made = parse_issue(text, name=profile(name).masthead.name, issuer="示例单位")
    return build_docx(made.issue, profile(name), made.late)


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """`id` is the finding that names the fault, `more` what must follow from it."""

    name: str
    id: str
    edit: Edit
    more: frozenset[str] = frozenset()

    def build(self) -> bytes:
        return edited(written(), self.edit)


def edited(data: bytes, edit: Edit) -> bytes:
    """The package with its XML parts edited in place; what the edit took out of the mapping is gone, bytes stay bytes."""
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        parts: Parts = {
            name: etree.fromstring(source.read(name)) if name.endswith((".xml", ".rels")) else source.read(name)
            for name in source.namelist()
        }
    before = {name: copy.deepcopy(part) for name, part in parts.items()}
    edit(parts)
    assert {n: _bytes(p) for n, p in parts.items()} != {n: _bytes(p) for n, p in before.items()}, "nothing was broken"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, part in parts.items():
            target.writestr(name, _bytes(part))
    return out.getvalue()


def _bytes(part: Any) -> bytes:
    return (
        part
        if isinstance(part, bytes)
        else etree.tostring(part, xml_declaration=True, encoding="UTF-8", standalone=True)
    )


def path(*steps: str) -> str:
    return "/".join(f"{W}{step}" for step in steps)


def found_in(element: Any, *steps: str) -> Any:
    found = element.find(path(*steps))
    assert found is not None, steps
    return found


def style(id: str, *steps: str, **values: str) -> Edit:
    """Set w: attributes below a style, making what is missing."""

    def edit(parts: Parts) -> None:
        at = _style(parts, id)
        for step in steps:
            child = at.find(f"{W}{step}")
            at = child if child is not None else etree.SubElement(at, f"{W}{step}")
        for key, value in values.items():
            at.set(f"{W}{key}", value)

    return edit


def without(id: str, *steps: str) -> Edit:
    """Take an element out of a style."""

    def edit(parts: Parts) -> None:
        element = found_in(_style(parts, id), *steps)
        element.getparent().remove(element)

    return edit


def _style(parts: Parts, id: str) -> Any:
    return next(s for s in parts["word/styles.xml"].iter(f"{W}style") if s.get(f"{W}styleId") == id)


def paragraphs(parts: Parts, id: str) -> list[Any]:
    """The paragraphs in a style."""
    return [p for p in body(parts).iter(f"{W}p") if p.find(path("pPr", "pStyle")).get(f"{W}val") == id]


def body(parts: Parts) -> Any:
    return found_in(parts["word/document.xml"], "body")


def text(id: str, old: str, new: str, n: int = 0) -> Edit:
    """Replace text in the n-th paragraph of a style."""

    def edit(parts: Parts) -> None:
        for t in paragraphs(parts, id)[n].iter(f"{W}t"):
            if old in (t.text or ""):
                t.text = t.text.replace(old, new, 1)
                t.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
                return
        raise AssertionError(old)

    return edit


def section(tag: str, **values: str) -> Edit:
    def edit(parts: Parts) -> None:
        for one in body(parts).iter(f"{W}{tag}"):
            for key, value in values.items():
                one.set(f"{W}{key}", value)

    return edit


def in_table(n: int, *steps: str, **values: str) -> Edit:
    """Set attributes below the n-th table (0 is that of the text, -1 the 版记)."""

    def edit(parts: Parts) -> None:
        element = found_in(list(body(parts).iter(f"{W}tbl"))[n], *steps)
        for key, value in values.items():
            element.set(f"{W}{key}", value)

    return edit


def dropped(n: int, *steps: str) -> Edit:
    def edit(parts: Parts) -> None:
        element = found_in(list(body(parts).iter(f"{W}tbl"))[n], *steps)
        element.getparent().remove(element)

    return edit


def inserted(id: str, xml: str, *, n: int = 0, inside: str = "") -> Edit:
    """Put an element before the n-th paragraph of a style, or into its `inside` as the last child."""

    def edit(parts: Parts) -> None:
        (element,) = etree.fromstring(f"<root {NS}>{xml}</root>")
        p = paragraphs(parts, id)[n]
        if inside:
            found_in(p, *inside.split("/")).append(element)
        else:
            p.addprevious(element)

    return edit


def removed(id: str, n: int = 0) -> Edit:
    def edit(parts: Parts) -> None:
        p = paragraphs(parts, id)[n]
        p.getparent().remove(p)

    return edit


def footer(part: str, old: str, new: str) -> Edit:
    def edit(parts: Parts) -> None:
        for t in parts[part].iter(f"{W}t"):
            t.text = (t.text or "").replace(old, new)

    return edit


def core(tag: str, value: str) -> Edit:
    def edit(parts: Parts) -> None:
        for element in parts["docProps/core.xml"]:
            if element.tag.endswith("}" + tag):
                element.text = value

    return edit


def part(name: str, change: Callable[[Any], None]) -> Edit:
    return lambda parts: change(parts[name])


def settings_without(tag: str) -> Edit:
    def edit(parts: Parts) -> None:
        element = found_in(parts["word/settings.xml"], tag)
        element.getparent().remove(element)

    return edit


def all_of(*edits: Edit) -> Edit:
    def edit(parts: Parts) -> None:
        for one in edits:
            one(parts)

    return edit


def _swap_rows(parts: Parts) -> None:
    rows = next(body(parts).iter(f"{W}tbl")).findall(f"{W}tr")
    rows[1].addprevious(rows[-1])


def _renumber(parts: Parts) -> None:
    """The list numbers its items by itself."""
    parts["word/numbering.xml"] = etree.fromstring(
        f'<w:numbering {NS}><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/>'
        '<w:lvlText w:val="%1."/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/numbering"
    rels = parts["word/_rels/document.xml.rels"]
    etree.SubElement(rels, f"{{{rels.nsmap[None]}}}Relationship", Id="rIdNumbering", Type=kind, Target="numbering.xml")
    types = parts["[Content_Types].xml"]
    etree.SubElement(
        types, f"{{{types.nsmap[None]}}}Override", PartName="/word/numbering.xml",
        ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.numbering+xml",
    )  # fmt: skip
    style("BodyText", "pPr", "numPr", "numId", val="1")(parts)
    style("BodyText", "pPr", "numPr", "ilvl", val="0")(parts)


def _leave_bibliography(parts: Parts) -> None:
    space = "http://schemas.openxmlformats.org/officeDocument/2006/bibliography"
    parts["customXml/item9.xml"] = etree.fromstring(f'<b:Sources xmlns:b="{space}" SelectedStyle="APA.XSL"/>')
    rels = parts["word/_rels/document.xml.rels"]
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/customXml"
    etree.SubElement(
        rels, f"{{{rels.nsmap[None]}}}Relationship", Id="rIdLeft", Type=kind, Target="../customXml/item9.xml"
    )


def _no_page_field(parts: Parts) -> None:
    for name in ("word/footer1.xml", "word/footer2.xml"):
        for code in parts[name].iter(f"{W}instrText"):
            code.text = " DATE "


def _no_workbook(parts: Parts) -> None:
    external = parts["word/charts/chart1.xml"].find(f"{C}externalData")
    external.getparent().remove(external)


def _no_alt(parts: Parts) -> None:
    for node in body(parts).iter():
        if str(node.tag).endswith("}docPr"):
            node.set("descr", "")


def _picture(parts: Parts) -> None:
    a = "http://schemas.openxmlformats.org/drawingml/2006/main"
    for node in list(body(parts).iter(f"{C}chart")):
        node.getparent().replace(node, etree.fromstring(f'<a:blip xmlns:a="{a}"/>'))


def _no_colophon(parts: Parts) -> None:
    table = list(body(parts).iter(f"{W}tbl"))[-1]
    table.getparent().remove(table)


def _first_page_differs(parts: Parts) -> None:
    etree.SubElement(list(body(parts).iter(f"{W}sectPr"))[-1], f"{W}titlePg")


def _m(name: str, id: str, edit: Edit, *more: str) -> Mutant:
    return Mutant(name=name, id=id, edit=edit, more=frozenset(more))


_PAGE = (
    _m("纸张改为信纸", "F-PAPER", section("pgSz", w="12240", h="15840")),
    _m("天头 25 毫米", "F-MARGINS", section("pgMar", top="1440")),
    _m("装订线 10 毫米", "F-MARGINS", section("pgMar", gutter="567")),
    _m("网格行距 29 磅", "F-GRID", section("docGrid", linePitch="580")),
    _m("行和字符网格", "F-GRID", section("docGrid", type="linesAndChars")),
    _m("页脚距 15 毫米", "F-PAGE-DISTANCE", section("pgMar", footer="850")),
    _m("页码用连字符", "F-PAGE-DASH", footer("word/footer1.xml", "—", "-")),
    _m("页码黑体", "F-PAGE-FONT", style("PageNumberOdd", "rPr", "rFonts", ascii="黑体", hAnsi="黑体")),
    _m("页码五号", "F-PAGE-SIZE", style("PageNumberOdd", "rPr", "sz", val="21")),
    _m("页码行距", "F-PAGE-LINE", style("PageNumberEven", "pPr", "spacing", line="579")),
    _m("单页码居中", "F-PAGE-ODD", style("PageNumberOdd", "pPr", "jc", val="center")),
    _m("单页码不空一字", "F-PAGE-ODD", style("PageNumberOdd", "pPr", "ind", right="0")),
    _m("双页码居右", "F-PAGE-EVEN", style("PageNumberEven", "pPr", "jc", val="right")),
    _m("奇偶页相同", "F-PAGE-EVEN", settings_without("evenAndOddHeaders")),
    _m("首页不同", "F-PAGE-FIRST", _first_page_differs),
    _m("没有页码域", "F-PAGE-NONE", _no_page_field),
)
_BODY = (
    _m("正文宋体", "F-BODY-FONT", style("BodyText", "rPr", "rFonts", eastAsia="宋体")),
    _m("正文小三", "F-BODY-SIZE", style("BodyText", "rPr", "sz", val="30")),
    _m("正文字距标准", "F-BODY-PITCH", style("BodyText", "rPr", "spacing", val="0")),
    _m("正文行距 28 磅", "F-BODY-LINE", style("BodyText", "pPr", "spacing", line="560")),
    _m("正文行距最小值", "F-BODY-LINE", style("BodyText", "pPr", "spacing", lineRule="atLeast")),
    _m("正文段后 6 磅", "F-BODY-SPACE", style("BodyText", "pPr", "spacing", after="120")),
    _m("正文首行不缩进", "F-BODY-INDENT", without("BodyText", "pPr", "ind")),
    _m("正文左缩进", "F-BODY-EDGE", style("BodyText", "pPr", "ind", left="200")),
    _m("正文左对齐", "F-BODY-JC", style("BodyText", "pPr", "jc", val="left")),
    _m("正文加粗", "F-BODY-BOLD", style("BodyText", "rPr", "b", val="1")),
    _m("正文深灰", "F-COLOUR", style("BodyText", "rPr", "color", val="333333")),
    _m("正文数字 Arial", "F-LATIN-FONT", style("BodyText", "rPr", "rFonts", ascii="Arial")),
    _m("引号西文字体", "F-MARKS-FONT", style("BodyTextMarks", "rPr", "rFonts", ascii="Arial", hAnsi="Arial")),
    _m("对齐网格", "F-SNAP", style("BodyText", "pPr", "snapToGrid", val="1")),
    _m("数字旁自动加空", "F-AUTOSPACE", style("BodyText", "pPr", "autoSpaceDN", val="1")),
    _m("标点不避头尾", "F-KINSOKU", style("BodyText", "pPr", "kinsoku", val="0")),
    _m("标点不悬出", "F-OVERFLOW", style("BodyText", "pPr", "overflowPunct", val="0")),
    _m("孤行控制", "F-WIDOW", style("BodyText", "pPr", "widowControl", val="1")),
)
_HEADS = (
    _m("一级标题宋体", "F-H1-FONT", style("Heading1", "rPr", "rFonts", eastAsia="宋体")),
    _m("二级标题仿宋", "F-H2-FONT", style("Heading2", "rPr", "rFonts", eastAsia="仿宋_GB2312")),
    _m("三级标题楷体", "F-H3-FONT", style("Heading3", "rPr", "rFonts", eastAsia="楷体_GB2312")),
    _m("三级标题加粗", "F-H3-BOLD", style("Heading3", "rPr", "b", val="1")),
    _m("一级标题加粗", "F-H-BOLD", style("Heading1", "rPr", "b", val="1")),
    _m("二级标题小三", "F-H-SIZE", style("Heading2", "rPr", "sz", val="30")),
    _m("一级标题字距", "F-H-PITCH", style("Heading1", "rPr", "spacing", val="0")),
    _m("一级标题行距", "F-H-LINE", style("Heading1", "pPr", "spacing", line="600")),
    _m("二级标题不缩进", "F-H-INDENT", without("Heading2", "pPr", "ind")),
    _m("一级标题不与下段同页", "F-H-KEEP", style("Heading1", "pPr", "keepNext", val="0")),
    _m("一级标题没有大纲级别", "F-H-REAL", without("Heading1", "pPr", "outlineLvl")),
    _m("二级标题大纲 1 级", "F-H-LEVEL", style("Heading2", "pPr", "outlineLvl", val="0")),
    _m("二、写成三、", "F-H-ORDER", text("Heading1", "二、", "三、", 1)),
    _m("（二）写成（三）", "F-H-ORDER", text("Heading2", "（二）", "（三）", 1)),
    _m("正文自动编号", "F-AUTO-NUMBER", _renumber),
    _m("标题黑体", "F-TITLE-FONT", style("Title", "rPr", "rFonts", eastAsia="黑体")),
    _m("标题小二", "F-TITLE-SIZE", style("Title", "rPr", "sz", val="36")),
    _m("标题左对齐", "F-TITLE-JC", style("Title", "pPr", "jc", val="left")),
    _m("标题加粗", "F-TITLE-BOLD", style("Title", "rPr", "b", val="1")),
    _m("标题首行缩进", "F-TITLE-INDENT", style("Title", "pPr", "ind", firstLineChars="200")),
    _m("标题行距 30 磅", "F-TITLE-LINE", style("Title", "pPr", "spacing", line="600")),
    _m("标题前不空行", "F-TITLE-SPACE", style("Title", "pPr", "spacing", before="0")),
    _m("标题不是标题样式", "F-TITLE-REAL", style("Title", "name", val="大标题")),
)
_FRONT = (
    _m("报头改名", "F-MAST-NAME", text("Masthead", "晋团", "示例")),
    _m("没有报头", "F-MAST-NONE", removed("Masthead")),
    _m("报头黑体", "F-MAST-FONT", style("Masthead", "rPr", "rFonts", eastAsia="黑体")),
    _m("报头 60 磅", "F-MAST-SIZE", style("Masthead", "rPr", "sz", val="120")),
    _m("报头黑色", "F-MAST-COLOUR", style("Masthead", "rPr", "color", val="000000")),
    _m("报头左对齐", "F-MAST-JC", style("Masthead", "pPr", "jc", val="left")),
    _m("报头行距", "F-MAST-LINE", style("Masthead", "pPr", "spacing", line="1600")),
    _m("报头字距", "F-MAST-PITCH", style("Masthead", "rPr", "spacing", val="0")),
    _m("报头排不下", "F-MAST-ONE-LINE", style("Masthead", "rPr", "sz", val="260"), "F-MAST-SIZE"),
    _m("没有期号", "F-ISSUE-NONE", removed("IssueNumber")),
    _m("期号方括号", "F-ISSUE-BRACKETS", text("IssueNumber", "〔2023〕", "[2023]")),
    _m("期号虚位", "F-ISSUE-ZERO", text("IssueNumber", "第4期", "第04期")),
    _m("期号左对齐", "F-ISSUE-JC", style("IssueNumber", "pPr", "jc", val="left")),
    _m("期号楷体", "F-ISSUE-FONT", style("IssueNumber", "rPr", "rFonts", eastAsia="楷体_GB2312")),
    _m("期号四号", "F-ISSUE-SIZE", style("IssueNumber", "rPr", "sz", val="28")),
    _m("没有署日行", "F-DATE-NONE", removed("DateLine"), "F-RULE-NONE"),
    _m("日期前用空格", "F-DATE-SPACES", text("DateLine", "示例单位", "示例单位　　　　　　")),
    _m("没有制表位", "F-DATE-TABS", without("DateLine", "pPr", "tabs")),
    _m("没有红线", "F-RULE-NONE", without("DateLine", "pPr", "pBdr")),
    _m("红线黑色", "F-RULE-COLOUR", style("DateLine", "pPr", "pBdr", "bottom", color="000000")),
    _m("红线 3 磅", "F-RULE-SIZE", style("DateLine", "pPr", "pBdr", "bottom", sz="24")),
    _m("红线贴字", "F-RULE-SPACE", style("DateLine", "pPr", "pBdr", "bottom", space="1")),
    _m("红线缩短", "F-RULE-LENGTH", style("DateLine", "pPr", "ind", left="320", right="320")),
    _m("密级仿宋", "F-SECRET-FONT", style("Secret", "rPr", "rFonts", eastAsia="仿宋_GB2312")),
    _m("按语仿宋", "F-REMARK-FONT", style("Remark", "rPr", "rFonts", eastAsia="仿宋_GB2312")),
    _m("附件标识仿宋", "F-ATTACHMENT-FONT", style("AttachmentMark", "rPr", "rFonts", eastAsia="仿宋_GB2312")),
    _m("要目用别的字体", "F-FONT", style("ContentsLine", "rPr", "rFonts", eastAsia="华文彩云")),
)
_TABLES = (
    _m("没有表题", "F-TABLE-CAPTION", removed("Caption")),
    _m("表题宋体", "F-CAPTION-FONT", style("Caption", "rPr", "rFonts", eastAsia="宋体")),
    _m("表题三号", "F-CAPTION-SIZE", style("Caption", "rPr", "sz", val="32")),
    _m("表题左对齐", "F-CAPTION-JC", style("Caption", "pPr", "jc", val="left")),
    _m("表1 写成表2", "F-CAPTION-ORDER", text("Caption", "表1", "表2")),
    _m("单位行左对齐", "F-UNIT-JC", style("TableUnit", "pPr", "jc", val="left")),
    _m("表头不重复", "F-TABLE-HEADER", dropped(0, "tr", "trPr", "tblHeader")),
    _m("行可断开", "F-TABLE-SPLIT", dropped(0, "tr", "trPr", "cantSplit")),
    _m("表宽与列宽不一", "F-TABLE-WIDTH", in_table(0, "tblPr", "tblW", w="8000")),
    _m("单元格宽与列宽不一", "F-TABLE-CELLS", in_table(0, "tr", "tc", "tcPr", "tcW", w="1000")),
    _m("表超出版心", "F-TABLE-WIDE", in_table(0, "tblPr", "tblW", w="9900"), "F-TABLE-WIDTH"),
    _m("表头底纹", "F-TABLE-SHADE", style("YaoxunTable", "tcPr", "shd", val="clear", fill="D9D9D9")),
    _m("外框 0.5 磅", "F-TABLE-OUTER", style("YaoxunTable", "tblPr", "tblBorders", "top", sz="4")),
    _m("内框 1 磅", "F-TABLE-INNER", style("YaoxunTable", "tblPr", "tblBorders", "insideH", sz="8")),
    _m("表头仿宋", "F-TABLE-HEAD-FONT", style("TableHead", "rPr", "rFonts", eastAsia="仿宋_GB2312")),
    _m("表内宋体", "F-TABLE-FONT", style("TableText", "rPr", "rFonts", eastAsia="宋体")),
    _m("表内五号", "F-TABLE-SIZE", style("TableText", "rPr", "sz", val="21")),
    _m("表内行距", "F-TABLE-LINE", style("TableText", "pPr", "spacing", line="480")),
    _m("数居中", "F-TABLE-ALIGN", style("TableNumber", "pPr", "jc", val="center")),
    _m("小数位数不一", "F-TABLE-PRECISION", text("TableNumber", "50.0%", "50%", 1)),
    _m("没有数的格空着", "F-TABLE-NIL", text("TableNumber", "—", "", 4)),
    _m("合计在前", "F-TABLE-TOTAL", _swap_rows),
    _m("图是图片", "F-CHART-PICTURE", _picture),
    _m("图没有数据", "F-CHART-BOOK", _no_workbook),
    _m("没有图题", "F-CHART-CAPTION", removed("FigureCaption")),
    _m("没有替代文字", "F-ALT", _no_alt),
)
_FOOT = (
    _m("没有版记", "F-COL-NONE", _no_colophon),
    _m("末条线 0.25 毫米", "F-COL-OUTER", style("ColophonTable", "tblPr", "tblBorders", "bottom", sz="6")),
    _m("中间线 0.35 毫米", "F-COL-INNER", style("ColophonTable", "tblPr", "tblBorders", "insideH", sz="8")),
    _m("版记有竖线", "F-COL-SIDES", style("ColophonTable", "tblPr", "tblBorders", "left", val="single", sz="8")),
    _m("版记窄", "F-COL-WIDTH", in_table(-1, "tblPr", "tblW", w="8000")),
    _m("版记不浮动", "F-COL-FOOT", dropped(-1, "tblPr", "tblpPr")),
    _m("版记靠左偏", "F-COL-LEFT", in_table(-1, "tblPr", "tblpPr", tblpX="1000")),
    _m("版记宋体", "F-COL-FONT", style("Colophon", "rPr", "rFonts", eastAsia="宋体")),
    _m("版记三号", "F-COL-SIZE", style("Colophon", "rPr", "sz", val="32")),
    _m("版记行距", "F-COL-LINE", style("Colophon", "pPr", "spacing", line="560")),
    _m("版记不悬挂", "F-COL-HANG", style("Colophon", "pPr", "ind", hanging="0")),
    _m("送在报前", "F-COL-ORDER", all_of(text("Colophon", "报：", "送："), text("Colophon", "送：", "报：", 1))),
    _m("半角冒号", "F-COL-MARK", text("Colophon", "报：", "报:")),
)
_FILE = (
    _m("一处直接加粗", "F-DIRECT", inserted("BodyText", "<w:rPr><w:i/></w:rPr>", inside="r")),
    _m("空段落", "F-EMPTY", inserted("BodyText", '<w:p><w:pPr><w:pStyle w:val="BodyText"/></w:pPr></w:p>', n=1)),
    _m("空格缩进", "F-SPACES", text("BodyText", "每件", "　　每件", 3)),
    _m("作者是程序", "F-AUTHOR", core("creator", "python-docx")),
    _m("属性没有标题", "F-CORE-EMPTY", core("title", "")),
    _m("属性标题不同", "F-CORE-TITLE", core("title", "另一个标题")),
    _m("引文数据", "F-LEFTOVER", _leave_bibliography),
)
MUTANTS = (*_PAGE, *_BODY, *_HEADS, *_FRONT, *_TABLES, *_FOOT, *_FILE)
