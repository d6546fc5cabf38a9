"""Rules on 版记: its rows, its three rules and its place at the foot of the type area."""

import re
from collections.abc import Iterator

from yaoxun.briefings.lint.cascade import whole
from yaoxun.briefings.lint.catalogue import found
from yaoxun.briefings.lint.model import Finding
from yaoxun.briefings.lint.roles import is_colophon
from yaoxun.briefings.lint.structure import WordDocument, WordTable
from yaoxun.briefings.profile import FormatProfile

_ROW = re.compile(r"\s*(报|送|发|责编)(：)?")
_ORDER = "报送发责"


def check_colophon(document: WordDocument, profile: FormatProfile) -> Iterator[Finding]:
    """The last table that is a 版记, or its bare paragraphs."""
    if profile.opening != "masthead":
        return
    rows = document.role("colophon")
    if not rows:
        yield found("F-COL-NONE", "没有版记（报、送、发）。", expected="报：… 送：… 发：…", measured="无")
        return
    marks = [(p, match) for p in rows if (match := _ROW.match(p.text))]
    order = [_ORDER.index(match[1][0]) for _, match in marks]
    if order != sorted(order):
        measured = "、".join(match[1] for _, match in marks)
        yield found("F-COL-ORDER", f"版记各行应依报、送、发、责编的次序，现为{measured}。", expected="报、送、发、责编", measured=measured, paragraph=rows[0].number)  # fmt: skip
    for p, match in marks:
        if not match[2]:
            yield found("F-COL-MARK", f"“{match[1]}”后应为全角冒号。", expected=f"{match[1]}：", measured=p.text[:3], paragraph=p.number, excerpt=p.text)  # fmt: skip
        hanging = whole(p.props.get("ind.hanging", "0"))
        if match[1] != "责编" and hanging != profile.colophon.hanging_twip:
            yield found(
                "F-COL-HANG", "版记回行没有与冒号后的字对齐。", expected=f"悬挂缩进 {profile.colophon.hanging_twip / 20:g} 磅",
                measured=f"悬挂缩进 {hanging / 20:g} 磅", paragraph=p.number, excerpt=p.text,
            )  # fmt: skip
    tables = [table for table in document.tables if is_colophon(document, table)]
    if tables:
        yield from _table(tables[-1], profile)
    else:
        yield from _bare(document, profile)


def _table(table: WordTable, profile: FormatProfile) -> Iterator[Finding]:
    c, page, props = profile.colophon, profile.page, table.props
    for edges, id, what, wanted in (
        (("top", "bottom"), "F-COL-OUTER", "首末两条分隔线", c.outer_eighth_pt),
        (("insideH",), "F-COL-INNER", "中间的分隔线", c.inner_eighth_pt),
    ):
        drawn = {edge_of(props, edge) for edge in edges}
        expected = edge_words(wanted)
        if drawn != {expected}:
            yield _rule(id, what, expected, "、".join(sorted(drawn)), table.first)
    vertical = {edge_of(props, edge) for edge in ("left", "right", "insideV")} - {"无"}
    if vertical:
        yield _rule("F-COL-SIDES", "左右", "无竖线", "、".join(sorted(vertical)), table.first)
    width = whole(props.get("tblW.w", "0"))
    if width != page.text_twip or sum(table.grid) != page.text_twip:
        real = width if width != page.text_twip else sum(table.grid)
        measured = f"{real / 56.7:.1f} 毫米"
        yield _rule("F-COL-WIDTH", "分隔线", f"与版心等宽（{page.text_twip / 56.7:.1f} 毫米）", measured, table.first)
    place = {key: props.get(f"tblpPr.{key}", "") for key in ("vertAnchor", "tblpYSpec")}
    if place != {"vertAnchor": "margin", "tblpYSpec": "bottom"}:
        yield _foot("浮动，但不在版心底" if table.floats else "随正文排列", table.first)
    elif (props.get("tblpPr.horzAnchor"), props.get("tblpPr.tblpX")) != ("page", str(page.left_twip)):
        yield _rule(
            "F-COL-LEFT",
            "左端",
            "与版心左边对齐",
            f"{props.get('tblpPr.horzAnchor')} {props.get('tblpPr.tblpX')}",
            table.first,
        )


def _bare(document: WordDocument, profile: FormatProfile) -> Iterator[Finding]:
    """A 版记 of paragraphs: its rules can only be borders of paragraphs."""
    rows, c = document.role("colophon"), profile.colophon
    ends = {edge_of(rows[0].props, "top", "pBdr"), edge_of(rows[-1].props, "bottom", "pBdr")}
    expected = edge_words(c.outer_eighth_pt)
    if ends != {expected} and not any(p.shapes for p in rows):
        yield _rule("F-COL-OUTER", "首末两条分隔线", expected, "、".join(sorted(ends)), rows[0].number)
    yield _foot("随正文排列", rows[0].number)


def edge_of(props: dict[str, str], edge: str, group: str = "tblBorders") -> str:
    """A border in words."""
    kind = props.get(f"{group}.{edge}", "nil")
    if kind in ("nil", "none"):
        return "无"
    colour = props.get(f"{group}.{edge}.color", "auto").upper()
    shown = "" if colour in ("AUTO", "000000") else f" {colour}"
    return edge_words(whole(props.get(f"{group}.{edge}.sz", "0")), "" if kind == "single" else kind) + shown


def edge_words(eighths: int, kind: str = "") -> str:
    """A black single rule of that many eighths of a point, in words."""
    return f"{kind or '单线'} {eighths / 8:g} 磅（{eighths / 8 * 0.3528:.2f} 毫米）"


def _rule(id: str, what: str, expected: str, measured: str, number: int) -> Finding:
    return found(
        id, f"版记的{what}应为{expected}，现为{measured}。", expected=expected, measured=measured, paragraph=number
    )


def _foot(measured: str, number: int) -> Finding:
    return found(
        "F-COL-FOOT", f"版记应置于版心底，末条分隔线与版心下边缘重合，现为{measured}。", expected="浮动到版心底", measured=measured,
        paragraph=number,
    )  # fmt: skip
