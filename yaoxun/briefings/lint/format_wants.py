"""How each kind of paragraph should look, by a profile: one line a fact. What a fact is stands in facts.py."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from yaoxun.briefings.lint import facts
from yaoxun.briefings.lint.catalogue import RULES, found
from yaoxun.briefings.lint.facts import BLACK, NOT_BOLD, Fact, apart, in_chars, points, ruled, spaced
from yaoxun.briefings.lint.model import Finding, Role
from yaoxun.briefings.lint.structure import WordDocument, WordParagraph
from yaoxun.briefings.profile import FormatProfile

_HEADINGS: tuple[Role, ...] = ("heading1", "heading2", "heading3")
_TEXT: tuple[Role, ...] = ("body", *_HEADINGS)
_GRID: tuple[Role, ...] = (*_TEXT, "title", "issue_number", "date_line")
_CELLS: tuple[Role, ...] = ("table_head", "table_cell")
_BLACK: tuple[Role, ...] = (*_GRID, *_CELLS, "caption", "unit", "colophon", "remark", "item", "contents")
_FLUSH = "左缩进 0 磅、右缩进 0 磅"


@dataclass(frozen=True, kw_only=True)
class Want:
    """Paragraphs in these roles have this fact, and no other; `styles` holds those of our styles that differ on purpose."""

    id: str
    roles: tuple[Role, ...]
    fact: Fact
    value: str
    styles: tuple[tuple[str, str], ...] = ()

    def of(self, p: WordParagraph) -> str:
        """What this paragraph should have."""
        return dict(self.styles).get(p.style, self.value)


def wants(profile: FormatProfile) -> list[Want]:
    """Every fact that is asked of the text."""
    return [
        *(
            Want(id=i, roles=r, fact=f, value=v)
            for i, r, f, v in (*_faces(profile), *_sizes(profile), *_places(profile))
        ),
        *_pitches(profile),
    ]


_Row = tuple[str, tuple[Role, ...], Fact, str]


def _faces(p: FormatProfile) -> Iterator[_Row]:
    face = p.faces
    yield "F-BODY-FONT", ("body",), facts.face, face.body
    yield "F-H1-FONT", ("heading1",), facts.face, face.hei
    yield "F-H2-FONT", ("heading2",), facts.face, face.kai
    yield "F-H3-FONT", ("heading3",), facts.face, face.body
    yield "F-TITLE-FONT", ("title", "item"), facts.face, face.title
    yield "F-MAST-FONT", ("masthead",), facts.face, face.title
    yield "F-ISSUE-FONT", ("issue_number", "date_line"), facts.face, face.body
    yield "F-SECRET-FONT", ("secret",), facts.face, face.hei
    yield "F-ATTACHMENT-FONT", ("attachment",), _mark_face, face.hei
    yield "F-REMARK-FONT", ("remark",), facts.face, face.kai
    yield "F-CAPTION-FONT", ("caption",), facts.face, face.hei
    yield "F-TABLE-HEAD-FONT", ("table_head",), facts.face, face.hei
    yield "F-TABLE-FONT", ("table_cell", "unit"), facts.face, face.body
    yield "F-COL-FONT", ("colophon",), facts.face, face.body
    text: tuple[Role, ...] = (*_GRID, *_CELLS, "caption", "unit", "colophon")
    yield "F-LATIN-FONT", text, facts.latin, face.latin
    yield "F-H-BOLD", ("heading1", "heading2"), facts.bold, NOT_BOLD
    yield "F-H3-BOLD", ("heading3",), facts.bold, "加粗" if p.headings.bold_third_level else NOT_BOLD
    yield "F-TITLE-BOLD", ("title", "item"), facts.bold, NOT_BOLD
    yield "F-BODY-BOLD", ("body",), facts.bold, NOT_BOLD
    yield "F-COLOUR", _BLACK, facts.colour, BLACK
    yield "F-MAST-COLOUR", ("masthead",), facts.colour, p.masthead.colour


def _sizes(p: FormatProfile) -> Iterator[_Row]:
    def pt(size: int) -> str:
        return points(size * 20)

    yield "F-BODY-SIZE", ("body",), facts.size, pt(p.body.size_pt)
    yield "F-H-SIZE", _HEADINGS, facts.size, pt(p.body.size_pt)
    yield "F-TITLE-SIZE", ("title", "item"), facts.size, pt(p.title.size_pt)
    yield "F-MAST-SIZE", ("masthead",), facts.size, pt(p.masthead.size_pt)
    yield "F-ISSUE-SIZE", ("issue_number", "date_line"), facts.size, pt(p.body.size_pt)
    yield "F-CAPTION-SIZE", ("caption",), facts.size, pt(p.table.caption_pt)
    yield "F-TABLE-SIZE", (*_CELLS, "unit"), facts.size, pt(p.table.size_pt)
    yield "F-COL-SIZE", ("colophon",), facts.size, pt(p.colophon.size_pt)
    yield "F-BODY-LINE", ("body",), facts.line, ruled(p.page.line_twip)
    yield "F-H-LINE", _HEADINGS, facts.line, ruled(p.page.line_twip)
    yield "F-TITLE-LINE", ("title",), facts.line, ruled(p.title.line_twip)
    yield "F-MAST-LINE", ("masthead",), facts.line, ruled(p.masthead.line_twip)
    yield "F-TABLE-LINE", _CELLS, facts.line, ruled(p.table.line_twip)
    yield "F-COL-LINE", ("colophon",), facts.line, ruled(p.colophon.line_twip)
    yield "F-BODY-SPACE", _TEXT, facts.around, apart(0, 0)
    yield "F-TITLE-SPACE", ("title",), facts.around, apart(p.title.space_twip, p.title.space_twip)


def _places(p: FormatProfile) -> Iterator[_Row]:
    indent = in_chars(p.body.indent_chars)
    yield "F-BODY-INDENT", ("body",), facts.first_line, indent
    yield "F-H-INDENT", _HEADINGS, facts.first_line, indent
    yield "F-BODY-EDGE", _TEXT, facts.sides, _FLUSH
    yield "F-BODY-JC", ("body",), facts.alignment, "两端对齐"
    yield "F-TITLE-JC", ("title", "item"), facts.alignment, "居中"
    yield "F-TITLE-INDENT", ("title", "item"), facts.first_line, in_chars(0)
    yield "F-MAST-JC", ("masthead",), facts.alignment, "居中"
    yield "F-ISSUE-JC", ("issue_number",), facts.alignment, "居中"
    yield "F-CAPTION-JC", ("caption",), facts.alignment, "居中"
    yield "F-UNIT-JC", ("unit",), facts.alignment, "右对齐"
    yield "F-H-KEEP", _HEADINGS, facts.keeps, "与下段同页"
    yield "F-SNAP", _TEXT, facts.switch("snapToGrid", "对齐网格", "不对齐网格"), "不对齐网格"
    yield "F-AUTOSPACE", _TEXT, _auto_space, "中西文之间不加空"
    yield "F-KINSOKU", _TEXT, facts.switch("kinsoku", "标点避头尾", "标点不避头尾"), "标点避头尾"
    yield "F-OVERFLOW", _TEXT, facts.switch("overflowPunct", "标点可悬出", "标点不可悬出"), "标点可悬出"
    yield "F-WIDOW", _TEXT, facts.switch("widowControl", "孤行控制", "不作孤行控制"), "不作孤行控制"
    yield "F-MARKS-FONT", ("body",), facts.marks, p.faces.body


def _pitches(p: FormatProfile) -> Iterator[Want]:
    pitch = spaced(p.page.pitch_twip)
    differing = (("BodyTight", spaced(p.body.tight_twip)), ("BodyLoose", spaced(p.body.loose_twip)))
    yield Want(id="F-BODY-PITCH", roles=("body",), fact=facts.tracking, value=pitch, styles=differing)
    yield Want(id="F-H-PITCH", roles=_HEADINGS, fact=facts.tracking, value=pitch)
    tracking = spaced(p.masthead.tracking_pt * 20)
    yield Want(id="F-MAST-PITCH", roles=("masthead",), fact=facts.tracking, value=tracking)


def _mark_face(p: WordParagraph) -> set[str]:
    """Of the line 附件1 alone, not of an attachment's title."""
    return facts.face(p) if re.fullmatch(r"附件\d*", p.text.strip()) else set()


def _auto_space(p: WordParagraph) -> set[str]:
    on = any(p.props.get(name, "1") != "0" for name in ("autoSpaceDE", "autoSpaceDN"))
    return {"中西文之间自动加空" if on else "中西文之间不加空"}


def check_wants(document: WordDocument, profile: FormatProfile) -> Iterator[Finding]:
    """A finding for every paragraph and fact that differs."""
    asked = wants(profile)
    by_role: dict[str, list[Want]] = {}
    for want in asked:
        for role in want.roles:
            by_role.setdefault(role, []).append(want)
    for p in document.paragraphs:
        for want in by_role.get(p.role, ()) if p.text.strip() else ():
            expected = want.of(p)
            other = want.fact(p) - {expected}
            if other:
                yield differs(want.id, expected, other, p)


def differs(id: str, expected: str, measured: set[str], p: WordParagraph) -> Finding:
    """A finding whose sentence follows from what was expected and measured."""
    shown = "、".join(sorted(measured))
    return found(
        id, f"{RULES[id].title}应为{expected}，现为{shown}。", expected=expected, measured=shown,
        paragraph=p.number or None, excerpt=p.text.strip(),
    )  # fmt: skip
