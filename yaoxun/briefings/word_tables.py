"""Tables of the text and the table of the 版记 as WordprocessingML text, never cell by cell through python-docx."""

import re
from collections.abc import Sequence
from math import ceil

from yaoxun.briefings.model import Colophon, Run, Table, text_of
from yaoxun.briefings.profile import FormatProfile
from yaoxun.briefings.titles_breaks import width
from yaoxun.briefings.word_parts import Ink, paragraph_xml
from yaoxun.errors import RequestError

_PROSE = 18.0
_NUMBER = re.compile(r"^[-+]?\d+(?:[.,]\d+)*%?(?:余)?$|^—$|^$")
_CENTRED = '<w:jc w:val="center"/>'
_LEAST = 2  # characters that a column has room for, besides its margins
_MARGINS_TWIP = 170


def is_wide(table: Table, profile: FormatProfile) -> bool:
    """Whether a table needs a page of its own turned sideways. Raises RequestError for one that no page holds."""
    least = len(table.header) * (_LEAST * profile.table.size_pt * 20 + _MARGINS_TWIP)
    if least <= profile.page.text_twip:
        return False
    if least > profile.page.text_height_twip:
        most = profile.page.text_height_twip * len(table.header) // least
        raise RequestError(
            f"“{text_of(table.caption) or '没有表题的表'}”有 {len(table.header)} 列，横排一面也放不下。",
            f"一张表最多 {most} 列，请拆成几张表，或只留要紧的列。",
        )
    return True


def table_xml(table: Table, profile: FormatProfile, ink: Ink, *, wide: bool = False) -> str:
    """Caption, unit line and table; the header repeats on every page and no row is split."""
    parts = []
    if table.caption:
        parts.append(paragraph_xml("Caption", table.caption, ink))
    if table.unit:
        parts.append(paragraph_xml("TableUnit", [Run(text=f"单位：{table.unit}")], ink))
    widths = _column_widths(table, profile.page.text_height_twip if wide else profile.page.text_twip)
    numeric = [all(_NUMBER.match(text_of(row[n])) for row in table.rows) for n in range(len(table.header))]
    rows = [_row(table.header, ["TableHead"] * len(widths), widths, ink, header=True)]
    styles = ["TableNumber" if is_number else "TableText" for is_number in numeric]
    for row in table.rows:
        cells = [cell if text_of(cell) else (Run(text=profile.table.nil),) for cell in row]
        rows.append(_row(cells, styles, widths, ink))
    return "".join((*parts, _table("YaoxunTable", widths, rows)))


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
        f'<w:tbl><w:tblPr><w:tblStyle w:val="{style}"/>{place}<w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'{"" if place else _CENTRED}<w:tblLayout w:type="fixed"/><w:tblLook w:val="0000"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def colophon_xml(colophon: Colophon, copies: int | None, profile: FormatProfile, ink: Ink) -> str:
    """版记: a table that floats to the foot of the type area of the page on which the text ends; one that no page holds
    follows the text."""
    wide = profile.page.text_twip
    texts = [f"{mark}：{'，'.join(names)}" for mark, names in colophon.rows]
    rows = "".join(paragraph_xml("Colophon", [Run(text=text)], ink) for text in texts)
    floats = _fits_page(texts, profile)
    made = []
    if rows:
        made.append(_colophon_row(rows, wide, splits=not floats))
    if colophon.editor or copies:
        count = f"\t（共印{copies}份）" if copies else ""
        editor = f"责编：{colophon.editor}" if colophon.editor else ""
        made.append(_colophon_row(paragraph_xml("ColophonEditor", [Run(text=editor + count)], ink), wide))
    place = (
        f'<w:tblpPr w:leftFromText="0" w:rightFromText="0" w:topFromText="0" w:bottomFromText="0" w:vertAnchor="margin" '
        f'w:horzAnchor="page" w:tblpX="{profile.page.left_twip}" w:tblpYSpec="bottom"/><w:tblOverlap w:val="never"/>'
    )
    return _table("ColophonTable", [wide], made, place if floats else "")


def _fits_page(texts: Sequence[str], profile: FormatProfile) -> bool:
    """Whether rows of the 版记 surely fit on a page: names are not split, so a line may stay a quarter empty."""
    c = profile.colophon
    line = (profile.page.text_twip - 2 * c.indent_twip - c.hanging_twip) / (c.size_pt * 20) * 0.75
    lines = sum(ceil(width(text) / line) for text in texts) + 1
    return lines * c.line_twip <= profile.page.text_height_twip


def _colophon_row(paragraphs: str, wide: int, *, splits: bool = False) -> str:
    whole = "" if splits else "<w:trPr><w:cantSplit/></w:trPr>"
    return f'<w:tr>{whole}<w:tc><w:tcPr><w:tcW w:w="{wide}" w:type="dxa"/></w:tcPr>{paragraphs}</w:tc></w:tr>'
