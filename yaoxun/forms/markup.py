"""The submitter's own workbook with the offending cells marked, and a first sheet 审核意见 that lists every finding.

Runs in a sandbox child: plain paths, dicts and strings in and out. A marked copy is corrected and sent back as it is: the
sheet is ignored on reading, the marks are taken off when the copy is marked again.
"""

from collections.abc import Mapping, Sequence
from copy import copy
from pathlib import Path
from typing import Any

from yaoxun.forms.review_list import CELL_COL, COLOUR_COL, EXPLANATION_COL, FIRST_ROW, REVIEW_SHEET, SHEET_COL
from yaoxun.forms.row_heights import row_height

AUTHOR = "审核意见"
MOST_COMMENTS = 300
MOST_TO_EXPLAIN = 5
_ORDER = ("强制", "须说明", "提示", "试行")
_FILLS = {"强制": "FFFFC7CE", "须说明": "FFFFEB9C"}
_HEAD = ("序号", "等级", "规则", "工作表", "单元格", "问题和办法", "所填", "应为", "示例", "原底色", "说明")
_WIDTHS = (6, 9, 9, 22, 9, 70, 24, 36, 24, 10, 36)
_HOW_MARKED = (
    "红色格必须改正；黄色格请改正，或在该行“说明”列（表上没有的，在“备注”列或本页“说明”列）写明原因。",
    f"改好后把本文件原样发回即可，本页不用删。须说明的每次先标{MOST_TO_EXPLAIN}条，其余列在本页，可一并说明。",
)
_HOW_LISTED = (
    "强制的必须改正；须说明的请改正，或在该行“说明”列（表上没有的，在“备注”列）写明原因。",
    "本文件只列意见，没有你们的表格。请在你们自己的表格里逐条改好，再把那份表格发回。",
)
_SEPARATOR = "\n――原批注――\n"

FindingDict = Mapping[str, Any]
_ByCell = Mapping[tuple[str, str], str]


def mark_up(source_path: str, findings: Sequence[FindingDict], out_path: str, lossless: bool) -> dict[str, Any]:
    """Write the marked copy (`lossless`: rewriting the source loses nothing), else a workbook with the list only.

    findings: `Finding.as_dict()` each. Returns {"mode": "marked" | "list", "marked": cells, "listed": findings}.
    """
    import openpyxl

    ordered = in_order(findings)
    if lossless:
        with Path(source_path).open("rb") as source:  # an archived file has no suffix to go by
            book = openpyxl.load_workbook(source, rich_text=True)
        told = _take_off_marks(book)
        originals = _mark_cells(book, ordered)
    else:
        book, originals, told = openpyxl.Workbook(), {}, {}
        book.remove(book.worksheets[0])
    _write_list(book, ordered, (originals, told), linked=lossless)
    book.save(out_path)
    return {"mode": "marked" if lossless else "list", "marked": len(originals), "listed": len(ordered)}


def in_order(findings: Sequence[FindingDict]) -> list[FindingDict]:
    """强制 first, then 须说明 that is not explained, then the rest, each in the order given."""
    return sorted(findings, key=lambda f: _ORDER.index(f["level"]) + (2 if f["explained"] else 0))


def _asked(ordered: Sequence[FindingDict]) -> list[FindingDict]:
    """What is marked in the sheets: all 强制, and at most five 须说明 at a time."""
    open_ones = [f for f in ordered if f["level"] == "须说明" and not f["explained"]]
    return [f for f in ordered if f["level"] == "强制"] + open_ones[:MOST_TO_EXPLAIN]


def _target(book: Any, sheet: str, place: str) -> Any:
    """The cell at a place, the first of its group where cells are merged; None where the sheet is not there."""
    if sheet not in book.sheetnames or sheet == REVIEW_SHEET:
        return None
    page = book[sheet]
    for merged in page.merged_cells.ranges:
        if place in merged:
            return page.cell(merged.min_row, merged.min_col)
    return page[place]


def _mark_cells(book: Any, ordered: Sequence[FindingDict]) -> dict[tuple[str, str], str]:
    """Fill and comment the cells; (sheet, cell) → the colour that was there ('' for none)."""
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    by_cell: dict[tuple[str, str], list[FindingDict]] = {}
    for finding in _asked(ordered):
        by_cell.setdefault((finding["sheet"], finding["cell"]), []).append(finding)
    originals: dict[tuple[str, str], str] = {}
    for n, ((sheet, place), group) in enumerate(by_cell.items()):
        cell = _target(book, sheet, place)
        if cell is None:
            continue
        originals[sheet, place] = _colour(cell)
        book[sheet].row_dimensions[cell.row].hidden = False  # a mark in a hidden row would never be seen
        cell.fill = PatternFill("solid", fgColor=_FILLS[group[0]["level"]])
        if n < MOST_COMMENTS:
            words = "\n".join(f"[{f['rule']}] {f['message']}" for f in group)
            kept = f"{_SEPARATOR}{cell.comment.text}" if cell.comment else ""
            cell.comment = Comment(_clean(words)[:2000] + kept, AUTHOR, height=120, width=320)
    return originals


def _colour(cell: Any) -> str:
    fill = cell.fill
    colour = fill.fgColor.rgb if fill is not None and fill.fill_type == "solid" else ""
    return colour if isinstance(colour, str) else ""


def _take_off_marks(book: Any) -> dict[tuple[str, str], str]:
    """Undo the marks of an earlier round: fills as the old list remembers them, comments of our own. What was explained in
    the old list: (sheet, cell) → words."""
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    told: dict[tuple[str, str], str] = {}
    if REVIEW_SHEET in book.sheetnames:
        old = book[REVIEW_SHEET]
        for row in old.iter_rows(min_row=FIRST_ROW, values_only=True, max_col=EXPLANATION_COL):
            sheet, place, rgb = (str(row[col - 1] or "") for col in (SHEET_COL, CELL_COL, COLOUR_COL))
            if row[EXPLANATION_COL - 1]:
                told[sheet, place] = str(row[EXPLANATION_COL - 1])
            cell = _target(book, sheet, place) if rgb else None
            if cell is not None:
                cell.fill = PatternFill() if rgb == "无" else PatternFill("solid", fgColor=rgb)
        book.remove(old)
    for page in book.worksheets:
        for line in page.iter_rows():
            for cell in line:
                note = cell.comment
                if note is not None and note.author == AUTHOR:
                    kept = note.text.partition(_SEPARATOR)[2]
                    cell.comment = Comment(kept, "填报单位") if kept else None
    return told


def _write_list(book: Any, ordered: Sequence[FindingDict], known: tuple[_ByCell, _ByCell], *, linked: bool) -> None:
    """known: the colours that were there, and what was explained before; both by (sheet, cell)."""
    from openpyxl.worksheet.hyperlink import Hyperlink

    originals, told = known
    page = book.create_sheet(REVIEW_SHEET, 0)
    _write_head(page, ordered, marked=linked)
    asked = {id(f) for f in _asked(ordered)}
    for n, finding in enumerate(ordered, start=1):
        at = FIRST_ROW + n - 1
        place = (finding["sheet"], finding["cell"])
        original = (originals[place] or "无") if id(finding) in asked and place in originals else ""
        level = finding["level"] + ("（已说明）" if finding["explained"] else "")
        texts = [str(n), level, finding["rule"], *place, finding["message"], finding["found"], finding["allowed"]]
        for col, text in enumerate([*texts, finding["example"], original, told.get(place, "")], start=1):
            _write(page.cell(at, col), text)
        page.row_dimensions[at].height = row_height(map(str, [*texts, finding["example"]]), _WIDTHS)
        if linked and finding["sheet"] in book.sheetnames:
            quoted = finding["sheet"].replace("'", "''")
            link = page.cell(at, 5)
            link.hyperlink = Hyperlink(ref=link.coordinate, location=f"'{quoted}'!{finding['cell']}")
            alignment, link.style = copy(link.alignment), "Hyperlink"
            link.alignment = alignment
    for other in book.worksheets:
        other.sheet_view.tabSelected = other is page
    book.active = 0


def _write_head(page: Any, ordered: Sequence[FindingDict], *, marked: bool) -> None:
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    counts = "，".join(f"{level}{n}条" for level in _ORDER if (n := sum(1 for f in ordered if f["level"] == level)))
    _write(page.cell(1, 1), "审核意见")
    page.cell(1, 1).font = Font(size=16, bold=True)
    what, how = _HOW_MARKED if marked else _HOW_LISTED
    _write(page.cell(2, 1), f"共{len(ordered)}条：{counts}。{what}")
    _write(page.cell(3, 1), how)
    for col, (text, width) in enumerate(zip(_HEAD, _WIDTHS, strict=True), start=1):
        _write(page.cell(4, col), text)
        page.cell(4, col).font = Font(bold=True)
        page.column_dimensions[get_column_letter(col)].width = width
    page.column_dimensions["J"].hidden = True
    page.freeze_panes = "A5"
    wrap = Alignment(wrap_text=True, vertical="top")
    for at in range(FIRST_ROW, FIRST_ROW + len(ordered)):
        for col in range(1, len(_HEAD) + 1):
            page.cell(at, col).alignment = copy(wrap)
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", 9
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.page_setup.fitToHeight = 0
    page.print_title_rows = "4:4"


def _clean(text: Any) -> str:
    """Without the control characters that a workbook cannot hold."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    return ILLEGAL_CHARACTERS_RE.sub("", str(text))


def _write(cell: Any, text: Any) -> None:
    """As text whatever it begins with: a quoted =1+1 must not become a formula."""
    cell.value = _clean(text)[:32000]
    if cell.value:
        cell.data_type = "s"
