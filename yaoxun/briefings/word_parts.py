"""Paragraphs, runs, tables and footers as WordprocessingML elements. No package and no style is made here."""

import re
from collections.abc import Iterable, Sequence
from typing import Any
from xml.sax.saxutils import escape

from docx.oxml import parse_xml

from yaoxun.briefings.model import Colophon, Run, Table, legal, text_of
from yaoxun.briefings.profile import FormatProfile
from yaoxun.briefings.styles import NS
from yaoxun.briefings.titles import width

# Marks without a script of their own: left to themselves they print in the Latin face.
_MARKS = re.compile("([“”‘’—…·]+)")
_PROSE = 18.0
CENTRED = '<w:jc w:val="center"/>'
_NUMBER = re.compile(r"^[-+]?\d+(?:[.,]\d+)*%?(?:余)?$|^—$|^$")


class Ink:
    """Hands out the ids of bookmarks of one document."""

    def __init__(self) -> None:
        self._next = 0

    def bookmark(self) -> int:
        self._next += 1
        return self._next


def paragraph(style: str, runs: Iterable[Run], ink: Ink) -> Any:
    """A w:p element in a named style."""
    return parse_xml(paragraph_xml(style, runs, ink))


def paragraph_xml(style: str, runs: Iterable[Run], ink: Ink) -> str:
    """A w:p element; each run that prints a figure stands in a bookmark named by its numeral's id."""
    body = "".join(_run(style, run, ink) for run in runs)
    return f'<w:p {NS}><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{body}</w:p>'


def _run(style: str, run: Run, ink: Ink) -> str:
    pieces = "".join(_piece(style, piece, run.strong) for piece in _MARKS.split(run.text) if piece)
    if not run.numeral:
        return pieces
    n = ink.bookmark()
    return f'<w:bookmarkStart w:id="{n}" w:name="{run.numeral}"/>{pieces}<w:bookmarkEnd w:id="{n}"/>'


def _piece(style: str, text: str, strong: bool) -> str:
    look = (
        f'<w:rStyle w:val="{style}Marks"/>'
        if _MARKS.fullmatch(text)
        else ('<w:rStyle w:val="Strong"/>' if strong else "")
    )
    properties = f"<w:rPr>{look}</w:rPr>" if look else ""
    parts = []
    for part in re.split("([\t\n])", legal(text)):
        if part == "\t":
            parts.append("<w:tab/>")
        elif part == "\n":
            parts.append("<w:br/>")
        elif part:
            parts.append(f'<w:t xml:space="preserve">{escape(part)}</w:t>')
    return f"<w:r>{properties}{''.join(parts)}</w:r>"


def body_table(table: Table, profile: FormatProfile, ink: Ink) -> list[Any]:
    """Caption, unit line and table; the header repeats on every page and no row is split."""
    elements = []
    if table.caption:
        elements.append(paragraph("Caption", [Run(text=table.caption)], ink))
    if table.unit:
        elements.append(paragraph("TableUnit", [Run(text=f"单位：{table.unit}")], ink))
    widths = _column_widths(table, profile.page.text_twip)
    numeric = [all(_NUMBER.match(text_of(row[n])) for row in table.rows) for n in range(len(table.header))]
    rows = [_row(table.header, ["TableHead"] * len(widths), widths, ink, header=True)]
    styles = ["TableNumber" if is_number else "TableText" for is_number in numeric]
    for row in table.rows:
        cells = [cell if text_of(cell) else (Run(text=profile.table.nil),) for cell in row]
        rows.append(_row(cells, styles, widths, ink))
    elements.append(parse_xml(_table("YaoxunTable", widths, rows)))
    return elements


def _column_widths(table: Table, total: int) -> list[int]:
    """Shares of the type area by the widest cell of each column; they add up to it exactly. A cell of prose wraps: it
    asks for no more than half a line, so that the other columns keep room for their words."""
    lines = (table.header, *table.rows)
    widest = [max(2.0, *(width(text_of(line[n])) for line in lines)) for n in range(len(table.header))]
    wanted = [min(wide, _PROSE) + 1 for wide in widest]
    widths = [int(total * share / sum(wanted)) for share in wanted]
    widths[-1] += total - sum(widths)
    return widths


def _row(
    cells: Sequence[Sequence[Run]], styles: Sequence[str], widths: Sequence[int], ink: Ink, *, header: bool = False
) -> str:
    made = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{wide}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
        f"{paragraph_xml(style, cell, ink)}</w:tc>"
        for cell, style, wide in zip(cells, styles, widths, strict=True)
    )
    repeat = "<w:tblHeader/>" if header else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{repeat}</w:trPr>{made}</w:tr>"


def _table(style: str, widths: Sequence[int], rows: Sequence[str], place: str = "") -> str:
    grid = "".join(f'<w:gridCol w:w="{wide}"/>' for wide in widths)
    return (
        f'<w:tbl {NS}><w:tblPr><w:tblStyle w:val="{style}"/>{place}<w:tblW w:w="{sum(widths)}" w:type="dxa"/>{"" if place else CENTRED}'
        f'<w:tblLayout w:type="fixed"/><w:tblLook w:val="0000"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{"".join(rows)}</w:tbl>'
    )


def colophon_table(colophon: Colophon, copies: int | None, profile: FormatProfile, ink: Ink) -> Any:
    """版记: a table that floats to the foot of the type area of the page on which the text ends."""
    wide = profile.page.text_twip
    rows = "".join(
        paragraph_xml("Colophon", [Run(text=f"{mark}：{'，'.join(names)}")], ink) for mark, names in colophon.rows
    )
    made = []
    if rows:
        made.append(_colophon_row(rows, wide))
    if colophon.editor or copies:
        count = f"\t（共印{copies}份）" if copies else ""
        editor = f"责编：{colophon.editor}" if colophon.editor else ""
        made.append(_colophon_row(paragraph_xml("ColophonEditor", [Run(text=editor + count)], ink), wide))
    place = (
        f'<w:tblpPr w:leftFromText="0" w:rightFromText="0" w:topFromText="0" w:bottomFromText="0" w:vertAnchor="margin" '
        f'w:horzAnchor="page" w:tblpX="{profile.page.left_twip}" w:tblpYSpec="bottom"/><w:tblOverlap w:val="never"/>'
    )
    return parse_xml(_table("ColophonTable", [wide], made, place))


def _colophon_row(paragraphs: str, wide: int) -> str:
    return (
        f'<w:tr><w:trPr><w:cantSplit/></w:trPr><w:tc><w:tcPr><w:tcW w:w="{wide}" w:type="dxa"/></w:tcPr>'
        f"{paragraphs}</w:tc></w:tr>"
    )


def footer_xml(style: str) -> str:
    """— 1 — in a footer paragraph."""

    def field(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    dash = f'<w:r><w:rPr><w:rStyle w:val="{style}Marks"/></w:rPr><w:t xml:space="preserve">{{}}</w:t></w:r>'
    code = '<w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>'
    number = f"{field('begin')}{code}{field('separate')}<w:r><w:t>1</w:t></w:r>{field('end')}"
    return f'<w:p {NS}><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{dash.format("— ")}{number}{dash.format(" —")}</w:p>'
