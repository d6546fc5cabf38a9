"""What each paragraph is for: by our styles and the built-in ones, else by its text (一、 报： 〔2023〕第4期) and by its look
(large and red is a masthead). Whether it looks as it should is asked elsewhere.
"""

import re

from yaoxun.briefings.lint.cascade import whole
from yaoxun.briefings.lint.model import Role
from yaoxun.briefings.lint.parts import CAPTION
from yaoxun.briefings.lint.structure import WordDocument, WordParagraph, WordTable

_BY_STYLE: dict[str, Role] = {
    "Title": "title", "Heading1": "heading1", "Heading2": "heading2", "Heading3": "heading3", "Caption": "caption",
    "FigureCaption": "caption", "TableUnit": "unit", "TableHead": "table_head", "TableText": "table_cell",
    "TableNumber": "table_cell", "Masthead": "masthead", "IssueNumber": "issue_number", "DateLine": "date_line",
    "Colophon": "colophon", "ColophonEditor": "colophon", "CopyNumber": "secret", "Secret": "secret", "Remark": "remark",
    "ContentsHead": "contents", "ContentsLine": "contents", "ItemTitle": "item", "AttachmentNote": "attachment",
    "AttachmentNotes": "attachment", "AttachmentNotesMore": "attachment", "AttachmentMark": "attachment",
    "AttachmentTitle": "attachment", "CoverName": "cover", "CoverIssuer": "cover", "CoverDate": "cover", "TOC1": "toc",
    "TOC2": "toc", "TOC3": "toc", "TOCHead": "toc",
}  # fmt: skip
# Programs that save a document anew give their own ids and keep the names.
_BY_NAME: dict[str, Role] = {
    "title": "title", "标题": "title", "heading 1": "heading1", "heading 2": "heading2", "heading 3": "heading3",
    "caption": "caption", "toc 1": "toc", "toc 2": "toc", "toc 3": "toc", "toc heading": "toc", "图题": "caption",
    "表单位": "unit", "表头": "table_head", "表内文字": "table_cell", "表内数字": "table_cell", "报头": "masthead",
    "期号": "issue_number", "署日行": "date_line", "版记": "colophon", "版记责编": "colophon", "份号": "secret",
    "密级": "secret", "按语": "remark", "要目题": "contents", "要目": "contents", "条目标题": "item", "附件": "attachment",
    "附件标题": "attachment", "附件说明": "attachment", "附件说明首行": "attachment", "附件说明次行": "attachment",
    "封面名称": "cover", "封面署名": "cover", "封面日期": "cover",
}  # fmt: skip
_HEADINGS: tuple[tuple[Role, re.Pattern[str]], ...] = (
    ("heading1", re.compile(r"^\s*([一二三四五六七八九十百]+)、")),
    ("heading2", re.compile(r"^\s*[（(]([一二三四五六七八九十百]+)[)）]")),
    ("heading3", re.compile(r"^\s*(\d{1,2})[.．](?!\d)")),
)
LEVELS: dict[str, int] = {"heading1": 1, "heading2": 2, "heading3": 3}
COLOPHON = re.compile(r"^\s*(报|送|发|抄送|抄报|主送|责编|责任编辑|编辑)\s*[：:]")
ISSUE = re.compile(
    r"^\s*[〔\[(（【［]?\s*\d{0,4}\s*[〕\])）】］]?\s*年?第?[\s\d]*[期号]\s*([（(].*[)）])?\s*$|^\s*增刊.{0,8}$"
)
_DAY = re.compile(r"(\d{4}|[\s　])年[\s　]*\d{0,2}月[\s　]*\d{0,2}日|\d{4}[-./]\d{1,2}[-./]\d{1,2}")
_BY_FORM: tuple[tuple[Role, re.Pattern[str]], ...] = (
    ("unit", re.compile(r"[（(]?单位[：:]\s*[^\s。]{1,16}$")),
    ("contents", re.compile("本期要目$")),
    ("attachment", re.compile(r"附件\d*$")),
    ("remark", re.compile(r"(按语|编者按)\s*[：:]")),
)
_LONGEST_HEADING, _LONGEST_CAPTION, _LONGEST_FRONT, _FRONT = 40, 60, 200, 15
_LARGE = 52  # half points: what is larger is no heading
_TITLE = 36


def give_roles(document: WordDocument, masthead: str) -> None:
    """Set the role of every paragraph."""
    aside = {table.number for table in document.tables if is_colophon(document, table) or _is_frame(document, table)}
    heads = {(t.number, n) for t in document.tables for n, row in enumerate(t.rows) if row.repeats or n == 0}
    titled = any(_by_style(p) == "title" for p in document.paragraphs)
    front = True
    for p in document.paragraphs:
        if p.table and p.table[0] not in aside:
            known = _by_style(p)
            is_head = known == "table_head" or (p.table[:2] in heads and known is None)
            p.role = "table_head" if is_head else "table_cell"
            continue
        p.role = _by_style(p) or (_front(p, masthead) if front and p.number <= _FRONT else None) or _by_text(p)
        if p.role == "body" and front and not titled and _looks_like_title(p):
            p.role, titled = "title", True
        if p.role in ("title", *LEVELS) or (p.role == "body" and len(p.text) > _LONGEST_HEADING):
            front = False
    _foot(document)


def _by_style(p: WordParagraph) -> Role | None:
    role = _BY_STYLE.get(p.style) or _BY_NAME.get(p.style_name.strip().lower())
    if role in LEVELS or (role is None and p.props.get("outlineLvl") in ("0", "1", "2") and p.text.strip()):
        level = whole(p.props.get("outlineLvl", "9"))
        fallback: tuple[Role, ...] = ("heading1", "heading2", "heading3")
        return heading_role(p.text) or role or fallback[level]
    return role


def heading_role(text: str) -> Role | None:
    """The level of heading that the number before a text claims."""
    return next((role for role, pattern in _HEADINGS if pattern.match(text)), None)


def heading_number(text: str) -> str:
    """The number before a heading, as written; '' for none."""
    return next((found[1] for _, pattern in _HEADINGS if (found := pattern.match(text))), "")


def _front(p: WordParagraph, masthead: str) -> Role | None:
    """A paragraph above the title."""
    if len(p.text) > _LONGEST_FRONT:
        return None
    text = re.sub(r"\s", "", p.text)
    if text and (text == re.sub(r"\s", "", masthead) or (is_red(p) and size_of(p) > _LARGE and len(text) <= 12)):
        return "masthead"
    if ISSUE.match(p.text) and text:
        return "issue_number"
    return "date_line" if _DAY.search(p.text) and len(text) <= _LONGEST_HEADING else None


def _by_text(p: WordParagraph) -> Role:
    text = p.text.strip()
    if not text:
        return "other"
    if p.table:
        return "colophon"
    short = len(text) <= _LONGEST_HEADING and "。" not in text and not text.endswith(("；", "：", "，", ";"))
    if short and (role := heading_role(text)):
        return role
    is_caption = CAPTION.match(text) and len(text) <= _LONGEST_CAPTION and "。" not in text
    return "caption" if is_caption else next((role for role, form in _BY_FORM if form.match(text)), "body")


def _looks_like_title(p: WordParagraph) -> bool:
    return p.props.get("jc") == "center" and size_of(p) >= _TITLE and not is_red(p)


def _foot(document: WordDocument) -> None:
    """A colophon of bare paragraphs: from the first of the last ones that begins with 报： to the end."""
    tail = [p for p in document.paragraphs[-12:] if not p.table and p.text.strip()]
    starts = [n for n, p in enumerate(tail) if p.role == "body" and COLOPHON.match(p.text)]
    for p in tail[starts[0] :] if starts else ():
        p.role = "colophon"


def is_colophon(document: WordDocument, table: WordTable) -> bool:
    """Whether a table is the 版记."""
    words = [document.paragraph(n).text for row in table.rows for cell in row.cells for n in cell.paragraphs]
    return table.style == "ColophonTable" or any(COLOPHON.match(text) for text in words[:6])


def _is_frame(document: WordDocument, table: WordTable) -> bool:
    """Whether a table only places a masthead."""
    cells = [document.paragraph(n) for row in table.rows[:4] for cell in row.cells for n in cell.paragraphs]
    return any(is_red(p) and size_of(p) > _LARGE for p in cells)


def size_of(p: WordParagraph) -> int:
    """The size of a paragraph's largest text, in half points."""
    return max((whole(s.props.get("sz", "20")) for s in p.stretches if s.text.strip()), default=0)


def is_red(p: WordParagraph) -> bool:
    """Whether a paragraph's text is red."""
    for s in p.stretches:
        colour = s.props.get("color", "auto")
        if s.text.strip() and len(colour) == 6 and re.fullmatch("[0-9A-Fa-f]{6}", colour):
            red, green, blue = (int(colour[k : k + 2], 16) for k in (0, 2, 4))
            return red >= 0xB0 and green < 0x60 and blue < 0x60
    return False
