"""Rules on the tables of the text: caption, header, rows, widths, rules, and what stands in their columns."""

import re
from collections.abc import Iterator, Sequence

from yaoxun.briefings.lint import facts
from yaoxun.briefings.lint.cascade import whole
from yaoxun.briefings.lint.catalogue import found
from yaoxun.briefings.lint.facts import number
from yaoxun.briefings.lint.format_colophon import edge_of, edge_words
from yaoxun.briefings.lint.model import Finding
from yaoxun.briefings.lint.structure import WordCell, WordDocument, WordParagraph, WordTable
from yaoxun.briefings.lint.wording import above
from yaoxun.briefings.profile import FormatProfile

_NUMBER = re.compile(r"^[-+−]?\d{1,3}(?:[,，]\d{3})*(?:\.\d+)?%?余?$|^[-+−]?\d+(?:\.\d+)?%?余?$")
_NIL = frozenset({"", "-", "－", "–", "/", "无", "——", "—"})
_TOTAL = re.compile(r"^\s*(合\s*计|总\s*计)\s*$")
_LAYOUT_COLUMNS = 1


def check_tables(document: WordDocument, profile: FormatProfile) -> Iterator[Finding]:
    """Every table with text of its own; tables inside tables and frames of one column are no data."""
    for table in document.tables:
        if any(p.role in ("table_head", "table_cell") for p in _paragraphs(document, table)) and not table.nested:
            for check in (_caption, _rows, _widths, _rules, _columns, _total):
                yield from check(document, table, profile)


def _paragraphs(document: WordDocument, table: WordTable) -> list[WordParagraph]:
    return [document.paragraph(n) for row in table.rows for cell in row.cells for n in cell.paragraphs]


def _tell(id: str, problem: str, expected: str, measured: str, at: int, *, excerpt: str = "") -> Finding:
    return found(id, problem, expected=expected, measured=measured, paragraph=at, excerpt=excerpt)


def _caption(document: WordDocument, table: WordTable, profile: FormatProfile) -> Iterator[Finding]:
    caption, _ = above(document, table)
    if caption:
        return
    last = max((n for row in table.rows for cell in row.cells for n in cell.paragraphs), default=table.first)
    below = next((p for p in document.paragraphs[last : last + 2] if p.text.strip()), None)
    if below is not None and below.role == "caption" and below.text.strip().startswith("表"):
        yield _tell(
            "F-TABLE-CAPTION", "表题应在表的上方，现在表下。", "表上方", "表下方", below.number, excerpt=below.text
        )
    else:
        yield _tell("F-TABLE-CAPTION", "表上方没有表题（表1　名称）。", "表1　名称", "无", table.first)


def _rows(document: WordDocument, table: WordTable, profile: FormatProfile) -> Iterator[Finding]:
    if not any(row.repeats for row in table.rows):
        yield _tell("F-TABLE-HEADER", "表头没有设“在各页顶端重复”。", "表头跨页重复", "不重复", table.first)
    split = sum(not row.cannot_split for row in table.rows)
    if split:
        yield _tell("F-TABLE-SPLIT", f"有 {split} 行允许跨页断开。", "各行不跨页断开", f"{split} 行可断开", table.first)


def _widths(document: WordDocument, table: WordTable, profile: FormatProfile) -> Iterator[Finding]:
    kind, width, grid = table.props.get("tblW.type", "auto"), whole(table.props.get("tblW.w", "0")), sum(table.grid)
    if kind != "dxa" or width != grid:
        shown = f"表宽 {_mm(width)}" if kind == "dxa" else f"表宽 {kind}"
        yield _tell(
            "F-TABLE-WIDTH",
            f"各列宽之和（{_mm(grid)}）与{shown}不一致，Word 和 WPS 排出来不一样。",
            f"表宽 {_mm(grid)}",
            shown,
            table.first,
        )
    text = _text_width(document, table, profile)
    if max(grid, width if kind == "dxa" else 0) > text + 20:
        wide = _mm(max(grid, width))
        yield _tell("F-TABLE-WIDE", f"表宽 {wide}，超出版心 {_mm(text)}。", f"不超过 {_mm(text)}", wide, table.first)
    for n, row in enumerate(table.rows):
        at = 0
        for cell in row.cells:
            wanted = sum(table.grid[at : at + cell.span])
            at += cell.span
            given = whole(cell.props.get("tcW.w", "0"))
            if table.grid and cell.props.get("tcW.type", "dxa") == "dxa" and given and given != wanted:
                yield _tell(
                    "F-TABLE-CELLS", f"第 {n + 1} 行有单元格宽 {_mm(given)}，所在列宽 {_mm(wanted)}。", _mm(wanted), _mm(given),
                    cell.paragraphs[0] if cell.paragraphs else table.first,
                )  # fmt: skip
                return


def _text_width(document: WordDocument, table: WordTable, profile: FormatProfile) -> int:
    if table.section >= len(document.sections):
        return profile.page.text_twip
    props = document.sections[table.section].props
    return whole(props.get("pgSz.w", "0")) - sum(whole(props.get(f"pgMar.{side}", "0")) for side in ("left", "right"))


def _mm(twip: int) -> str:
    return f"{number(round(twip / 56.7, 1))} 毫米"


def _rules(document: WordDocument, table: WordTable, profile: FormatProfile) -> Iterator[Finding]:
    t = profile.table
    outer, inner = _edges(table)
    for measured, id, what, wanted in (
        (outer, "F-TABLE-OUTER", "外框线", t.outer_eighth_pt),
        (inner, "F-TABLE-INNER", "内框线", t.inner_eighth_pt),
    ):
        expected = edge_words(wanted)
        if measured - {expected}:
            shown = "、".join(sorted(measured))
            yield _tell(id, f"表的{what}应为{expected}，现为{shown}。", expected, shown, table.first)
    fills = {_fill(cell.props) for row in table.rows for cell in row.cells} | {_fill(table.props)} - {""}
    fills -= {""}
    if fills or "style.shd" in table.props:
        shown = "、".join(sorted(fills)) or "表格样式带底纹"
        yield _tell("F-TABLE-SHADE", f"表里有底纹（{shown}）。", "无底纹", shown, table.first)


def _edges(table: WordTable) -> tuple[set[str], set[str]]:
    """The rules round a table and those inside it, in words; a cell's own rule stands over the table's."""
    sides: tuple[set[str], set[str]] = (set(), set())
    for n, row in enumerate(table.rows):
        for k, cell in enumerate(row.cells):
            for edge, is_outer in (
                ("top", n == 0), ("bottom", n == len(table.rows) - 1), ("left", k == 0), ("right", k == len(row.cells) - 1),
            ):  # fmt: skip
                general = edge if is_outer else "insideH" if edge in ("top", "bottom") else "insideV"
                own = f"tcBorders.{edge}" in cell.props
                shown = edge_of(cell.props, edge, "tcBorders") if own else edge_of(table.props, general)
                sides[not is_outer].add(shown)
    return sides


def _fill(props: dict[str, str]) -> str:
    fill = props.get("shd.fill", "auto").upper()
    return "" if fill in ("AUTO", "FFFFFF") and props.get("shd", "clear") in ("clear", "nil") else fill


def _columns(document: WordDocument, table: WordTable, profile: FormatProfile) -> Iterator[Finding]:
    data = [row for row in table.rows if not row.repeats]
    data = data[1:] if len(data) == len(table.rows) else data
    width = max((len(row.cells) for row in data), default=0)
    for n in range(width):
        cells = [
            row.cells[n] for row in data if n < len(row.cells) and row.cells[n].span == 1 and not row.cells[n].continues
        ]
        told = [(cell, _text(document, cell)) for cell in cells]
        if any(_NUMBER.match(text) for _, text in told) and all(
            _NUMBER.match(text) or text in _NIL for _, text in told
        ):
            yield from _column(document, told, n + 1, profile)


def _column(
    document: WordDocument, cells: Sequence[tuple[WordCell, str]], n: int, profile: FormatProfile
) -> Iterator[Finding]:
    """One column of numbers: its cells with their text."""
    first, nil = next(cell.paragraphs[0] for cell, text in cells if text), profile.table.nil
    sides = {_side(document, cell) for cell, text in cells if text} - {"右对齐"}
    if sides:
        shown = "、".join(sorted(sides))
        yield _tell("F-TABLE-ALIGN", f"第 {n} 列是数，应右对齐，现为{shown}。", "右对齐", shown, first)
    places = {len(text.strip("%余").partition(".")[2]) for _, text in cells if _NUMBER.match(text)}
    if len(places) > 1:
        shown = "、".join(f"{count} 位" for count in sorted(places))
        yield _tell("F-TABLE-PRECISION", f"第 {n} 列的小数位数不一（{shown}）。", "一列一种小数位数", shown, first)
    for cell, text in [(cell, text) for cell, text in cells if text in _NIL and text != nil][:1]:
        at, shown = cell.paragraphs[0] if cell.paragraphs else first, text or "空白"
        yield _tell("F-TABLE-NIL", f"第 {n} 列没有数的格应写“{nil}”，现为{shown}。", nil, shown, at)


def _text(document: WordDocument, cell: WordCell) -> str:
    return "".join(document.paragraph(k).text for k in cell.paragraphs).strip()


def _side(document: WordDocument, cell: WordCell) -> str:
    p = document.paragraph(cell.paragraphs[0])
    return "右对齐" if "decimal:" in p.props.get("tabs", "") else next(iter(facts.alignment(p)))


def _total(document: WordDocument, table: WordTable, profile: FormatProfile) -> Iterator[Finding]:
    for n, row in enumerate(table.rows):
        if row.cells and _TOTAL.match(_text(document, row.cells[0])) and n != len(table.rows) - 1:
            at = row.cells[0].paragraphs[0]
            yield _tell("F-TABLE-TOTAL", "合计应排在最后一行。", "最后一行", f"第 {n + 1} 行", at, excerpt="合计")
