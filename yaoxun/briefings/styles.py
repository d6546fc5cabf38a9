"""The named styles of a document as WordprocessingML, made from a profile: all looks live here, none in the text.

Children of w:pPr and w:rPr stand in schema order. Values follow GB/T 9704-2012 and the profile's comments.
"""

from dataclasses import dataclass
from typing import Any

from yaoxun.briefings.profile import FormatProfile

NS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'

_DEFAULTS = """<w:docDefaults><w:rPrDefault><w:rPr>{fonts}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>
<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>"""


@dataclass(frozen=True, kw_only=True)
class Look:
    """One paragraph style. Sizes in pt, the rest in twips; `face` is the CJK face; `marks` gives “” — … · that face."""

    id: str
    name: str
    face: str
    size_pt: int
    line_twip: int
    latin: str = ""
    before: int = 0
    after: int = 0
    jc: str = "both"
    indent: str = ""
    keep_next: bool = False
    outline: int | None = None
    bold: bool = False
    colour: str = ""
    tracking: int = 0
    border: str = ""
    tabs: str = ""
    page_break: bool = False
    based_on: str = "Normal"


def looks(profile: FormatProfile) -> tuple[Look, ...]:
    """Every paragraph style of a document."""
    return (*_text_looks(profile), *_table_looks(profile), *_frame_looks(profile), *_front_looks(profile),
            *_attachment_looks(profile))  # fmt: skip


def _text_looks(p: FormatProfile) -> tuple[Look, ...]:
    face, size, line, pitch = p.faces, p.body.size_pt, p.page.line_twip, p.page.pitch_twip
    indent = f'<w:ind w:firstLineChars="{p.body.indent_chars * 100}" w:firstLine="{p.body.indent_twip}"/>'
    body: dict[str, Any] = {"size_pt": size, "line_twip": line, "tracking": pitch, "indent": indent}
    head: dict[str, Any] = {**body, "keep_next": True}
    title: dict[str, Any] = {"face": face.title, "size_pt": p.title.size_pt, "line_twip": p.title.line_twip, "jc": "center",
                             "before": p.title.space_twip, "after": p.title.space_twip, "keep_next": True}  # fmt: skip
    return (
        Look(id="Normal", name="Normal", face=face.body, size_pt=size, line_twip=line, tracking=pitch, based_on=""),
        Look(id="BodyText", name="Body Text", face=face.body, **body),
        Look(id="BodyTight", name="正文紧", face=face.body, **{**body, "tracking": p.body.tight_twip}),
        Look(id="BodyLoose", name="正文松", face=face.body, **{**body, "tracking": p.body.loose_twip}),
        Look(id="Title", name="Title", **title),
        Look(id="ItemTitle", name="条目标题", page_break=p.opening == "cover", **title),
        Look(id="Heading1", name="heading 1", face=face.hei, outline=0, **head),
        Look(id="Heading2", name="heading 2", face=face.kai, outline=1, **head),
        Look(id="Heading3", name="heading 3", face=face.body, outline=2, bold=p.headings.bold_third_level, **head),
        Look(id="Remark", name="按语", face=face.kai, **body),
    )


def _table_looks(p: FormatProfile) -> tuple[Look, ...]:
    """Tables and charts."""
    face, line = p.faces, p.page.line_twip
    cell: dict[str, Any] = {"size_pt": p.table.size_pt, "line_twip": p.table.line_twip}
    caption: dict[str, Any] = {"face": face.hei, "size_pt": p.table.caption_pt, "line_twip": line, "jc": "center"}
    return (
        Look(id="Caption", name="caption", keep_next=True, **caption),
        Look(id="FigureCaption", name="图题", **caption),
        Look(
            id="ChartBody", name="图", face=face.body, size_pt=p.table.size_pt, line_twip=0, jc="center", keep_next=True
        ),
        Look(id="TableUnit", name="表单位", face=face.body, jc="right", keep_next=True, **cell),
        Look(id="TableHead", name="表头", face=face.hei, jc="center", **cell),
        Look(id="TableText", name="表内文字", face=face.body, jc="left", **cell),
        Look(id="TableNumber", name="表内数字", face=face.body, jc="right", **cell),
        Look(id="TableGap", name="表间", face=face.body, size_pt=1, line_twip=10),
    )


def _frame_looks(p: FormatProfile) -> tuple[Look, ...]:
    """Masthead, colophon and page numbers."""
    m, c, n, face, line = p.masthead, p.colophon, p.page_number, p.faces, p.page.line_twip
    right = p.page.text_twip - m.indent_twip
    stops = f'<w:tabs><w:tab w:val="left" w:pos="{m.indent_twip}"/><w:tab w:val="right" w:pos="{right}"/></w:tabs>'
    rule = (
        f'<w:pBdr><w:bottom w:val="single" w:sz="{m.rule_eighth_pt}" w:space="{m.rule_space_pt}" '
        f'w:color="{m.colour}"/></w:pBdr>'
    )
    hanging = (
        f'<w:ind w:left="{c.indent_twip + c.hanging_twip}" w:right="{c.indent_twip}" w:hanging="{c.hanging_twip}"/>'
    )
    editor = f'<w:tabs><w:tab w:val="right" w:pos="{p.page.text_twip - c.indent_twip}"/></w:tabs>'
    edge = f'<w:ind w:left="{c.indent_twip}" w:right="{c.indent_twip}"/>'
    colophon: dict[str, Any] = {"face": face.body, "size_pt": c.size_pt, "line_twip": c.line_twip}
    number: dict[str, Any] = {"face": face.song, "latin": face.song, "size_pt": n.size_pt, "line_twip": n.line_twip}
    return (
        Look(id="Masthead", name="报头", face=face.title, size_pt=m.size_pt, line_twip=m.line_twip, jc="center",
             colour=m.colour, tracking=m.tracking_pt * 20),
        Look(id="IssueNumber", name="期号", face=face.body, size_pt=p.body.size_pt, line_twip=line, jc="center"),
        Look(id="DateLine", name="署日行", face=face.body, size_pt=p.body.size_pt, line_twip=line, jc="left",
             tabs=stops, border=rule),
        Look(id="Colophon", name="版记", indent=hanging, jc="left", **colophon),
        Look(id="ColophonEditor", name="版记责编", indent=edge, tabs=editor, jc="left", **colophon),
        Look(id="ColophonAnchor", name="版记锚", face=face.body, size_pt=1, line_twip=10),
        Look(id="PageNumberOdd", name="页码单", jc="right", indent=f'<w:ind w:right="{n.indent_twip}"/>', **number),
        Look(id="PageNumberEven", name="页码双", jc="left", indent=f'<w:ind w:left="{n.indent_twip}"/>', **number),
    )  # fmt: skip


def _front_looks(p: FormatProfile) -> tuple[Look, ...]:
    """What may stand before the text: 份号, 密级 and 紧急程度, 要目, cover and 目录."""
    face, size, line, c, t = p.faces, p.body.size_pt, p.page.line_twip, p.cover, p.toc
    plain: dict[str, Any] = {"size_pt": size, "line_twip": line}
    char = size * 20 + p.page.pitch_twip
    leader = f'<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="{p.page.text_twip}"/></w:tabs>'
    entry: dict[str, Any] = {"size_pt": t.size_pt, "line_twip": line, "jc": "left", "tabs": leader}
    return (
        Look(id="CopyNumber", name="份号", face=face.body, jc="left", **plain),
        Look(id="Secret", name="密级", face=face.hei, jc="left", **plain),
        Look(id="ContentsHead", name="要目题", face=face.hei, jc="center", keep_next=True, **plain),
        Look(id="ContentsLine", name="要目", face=face.kai, jc="left", indent=f'<w:ind w:left="{4 * char}" w:hanging="{2 * char}"/>',
             **plain),
        Look(id="CoverName", name="封面名称", face=face.title, size_pt=c.name_pt, line_twip=c.name_line_twip,
             before=c.name_before_twip, after=line, jc="center"),
        Look(id="CoverIssuer", name="封面署名", face=face.title, size_pt=c.line_pt, line_twip=line,
             before=c.line_before_twip, jc="center"),
        Look(id="CoverDate", name="封面日期", face=face.kai, size_pt=c.line_pt, line_twip=line, jc="center"),
        Look(id="TOCHead", name="TOC Heading", face=face.title, size_pt=t.title_pt, line_twip=p.title.line_twip,
             after=line, jc="center", page_break=True),
        Look(id="TOC1", name="toc 1", face=face.hei, **entry),
        Look(id="TOC2", name="toc 2", face=face.body, indent=f'<w:ind w:left="{char}"/>', **entry),
        Look(id="TOC3", name="toc 3", face=face.body, indent=f'<w:ind w:left="{2 * char}"/>', **entry),
    )  # fmt: skip


def _attachment_looks(p: FormatProfile) -> tuple[Look, ...]:
    """附件说明 (7.3.4) and the head of an attachment (7.3.7)."""
    face, line = p.faces, p.page.line_twip
    char = p.body.size_pt * 20 + p.page.pitch_twip
    one, many = 5 * char, 5 * char + p.body.size_pt * 25  # “1. ” is a character and a quarter wide
    note: dict[str, Any] = {"face": face.body, "size_pt": p.body.size_pt, "line_twip": line, "tracking": p.page.pitch_twip,
                            "jc": "left", "tabs": f'<w:tabs><w:tab w:val="left" w:pos="{one}"/></w:tabs>'}  # fmt: skip

    def hanging(to: int) -> str:
        return f'<w:ind w:left="{to}" w:hanging="{to - 2 * char}"/>'

    return (
        Look(id="AttachmentNote", name="附件说明", before=line, indent=hanging(one), **note),
        Look(id="AttachmentNotes", name="附件说明首行", before=line, indent=hanging(many), **note),
        Look(id="AttachmentNotesMore", name="附件说明次行", indent=hanging(many), **note),
        Look(id="AttachmentMark", name="附件", face=face.hei, size_pt=p.body.size_pt, line_twip=line, jc="left",
             keep_next=True, page_break=True),
        Look(id="AttachmentTitle", name="附件标题", face=face.title, size_pt=p.title.size_pt, line_twip=p.title.line_twip,
             before=line, after=p.title.space_twip, jc="center", keep_next=True),
    )  # fmt: skip


def styles_xml(profile: FormatProfile) -> str:
    """The whole w:styles element."""
    defaults = _DEFAULTS.format(fonts=_fonts(profile.faces.body, profile.faces.latin), size=profile.body.size_pt * 2)
    parts = [defaults]
    for look in looks(profile):
        parts += [_paragraph_style(look, profile.faces.latin), _mark_style(look)]
    return f"<w:styles {NS}>{''.join(parts)}{_table_styles(profile)}</w:styles>"


def _fonts(face: str, latin: str) -> str:
    return f'<w:rFonts w:ascii="{latin}" w:hAnsi="{latin}" w:eastAsia="{face}" w:cs="{latin}"/>'


def _paragraph_style(look: Look, latin: str) -> str:
    default = ' w:default="1"' if look.id == "Normal" else ""
    based = f'<w:basedOn w:val="{look.based_on}"/>' if look.based_on else ""
    following = '<w:next w:val="BodyText"/>' if look.keep_next else ""
    outline = f'<w:outlineLvl w:val="{look.outline}"/>' if look.outline is not None else ""
    keep = '<w:keepNext w:val="1"/>' if look.keep_next else ""
    pitch = f'w:line="{look.line_twip}" w:lineRule="exact"' if look.line_twip else 'w:line="240" w:lineRule="auto"'
    spacing = f'<w:spacing w:before="{look.before}" w:after="{look.after}" {pitch}/>'
    page_break = "<w:pageBreakBefore/>" if look.page_break else ""
    paragraph = (
        f'<w:pPr>{keep}{page_break}<w:widowControl w:val="0"/>{look.border}{look.tabs}<w:kinsoku w:val="1"/>'
        f'<w:overflowPunct w:val="1"/><w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/><w:snapToGrid w:val="0"/>'
        f'{spacing}{look.indent}<w:jc w:val="{look.jc}"/>{outline}</w:pPr>'
    )
    bold = "1" if look.bold else "0"
    colour = f'<w:color w:val="{look.colour}"/>' if look.colour else '<w:color w:val="auto"/>'
    run = (
        f'<w:rPr>{_fonts(look.face, look.latin or latin)}<w:b w:val="{bold}"/><w:bCs w:val="{bold}"/>{colour}'
        f'<w:spacing w:val="{look.tracking}"/><w:sz w:val="{look.size_pt * 2}"/><w:szCs w:val="{look.size_pt * 2}"/></w:rPr>'
    )
    return (
        f'<w:style w:type="paragraph"{default} w:styleId="{look.id}"><w:name w:val="{look.name}"/>{based}{following}'
        f"<w:qFormat/>{paragraph}{run}</w:style>"
    )


def _mark_style(look: Look) -> str:
    """“ ” ‘ ’ — … · have no script of their own; this character style prints them in the paragraph's CJK face."""
    return (
        f'<w:style w:type="character" w:customStyle="1" w:styleId="{look.id}Marks"><w:name w:val="{look.name}标点"/>'
        f"<w:rPr>{_fonts(look.face, look.face)}</w:rPr></w:style>"
    )


def _table_styles(p: FormatProfile) -> str:
    t, c = p.table, p.colophon
    grid = _borders(outer=t.outer_eighth_pt, inside_h=t.inner_eighth_pt, inside_v=t.inner_eighth_pt, sides=True)
    foot = _borders(outer=c.outer_eighth_pt, inside_h=c.inner_eighth_pt, inside_v=0, sides=False)
    margins = '<w:tblCellMar><w:left w:w="{0}" w:type="dxa"/><w:right w:w="{0}" w:type="dxa"/></w:tblCellMar>'
    style = (
        '<w:style w:type="table" w:customStyle="1" w:styleId="{id}"><w:name w:val="{name}"/>'
        "<w:tblPr>{borders}{margins}</w:tblPr></w:style>"
    )
    strong = (
        '<w:style w:type="character" w:styleId="Strong"><w:name w:val="Strong"/><w:rPr><w:b/><w:bCs/></w:rPr></w:style>'
    )
    return (
        strong
        + style.format(id="YaoxunTable", name="要讯表", borders=grid, margins=margins.format(85))
        + style.format(id="ColophonTable", name="版记表", borders=foot, margins=margins.format(0))
    )


def _borders(*, outer: int, inside_h: int, inside_v: int, sides: bool) -> str:
    def line(edge: str, size: int) -> str:
        kind = "single" if size else "nil"
        return f'<w:{edge} w:val="{kind}" w:sz="{size}" w:space="0" w:color="000000"/>'

    side = outer if sides else 0
    edges = (("top", outer), ("left", side), ("bottom", outer), ("right", side), ("insideH", inside_h),
             ("insideV", inside_v))  # fmt: skip
    return "<w:tblBorders>" + "".join(line(edge, size) for edge, size in edges) + "</w:tblBorders>"
