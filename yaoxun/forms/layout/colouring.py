"""A copy of a workbook that shows how every cell was understood: a colour a role, questions and findings as comments, a
legend in front. Runs in a sandbox child: plain data in and out.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

LEGEND = "图例"
AUTHOR = "试读"
_ROLES = {
    "title": ("标题", "FFE4DFEC"), "header": ("表头", "FFBDD7EE"), "data": ("数据", "FFE2EFDA"), "total": ("合计", "FFFFF2CC"),
    "note": ("附注", "FFEDEDED"),
}  # fmt: skip
_ASKED, _WRONG = ("要请您确认", "FFF4B084"), ("有问题", "FFFFC7CE")
_MOST_COMMENTS = 500
_MOST_LISTED = 5000
_LIST_ROW = 14
_HEADS = ("工作表", "单元格", "认作", "哪家单位", "报告期", "列", "内容", "计量单位", "要确认的或问题")
_WIDTHS = (18, 9, 8, 18, 10, 26, 30, 10, 60)


def colour(source_path: str, cells: Sequence[Mapping[str, str]], out_path: str, keeps: bool) -> dict[str, int]:
    """Write the coloured copy. cells: UnderstoodCell as dicts, with the role `header` kept. keeps: the source is an .xlsx
    that openpyxl can rewrite; else the values alone stand in a new workbook. Returns {"coloured": n, "commented": n}."""
    import openpyxl
    from openpyxl.styles import PatternFill

    if keeps:
        with Path(source_path).open("rb") as source:
            book = openpyxl.load_workbook(source, rich_text=True)
    else:
        book = openpyxl.Workbook()
        book.remove(book.worksheets[0])
    coloured = commented = 0
    for cell in cells:
        target = _target(book, cell, keeps)
        if target is None:
            continue
        words, rgb = _look(cell)
        target.fill = PatternFill("solid", fgColor=rgb)
        coloured += 1
        if words and commented < _MOST_COMMENTS:
            _comment(target, words)
            commented += 1
    _legend(book, cells)
    book.save(out_path)
    return {"coloured": coloured, "commented": commented}


def _target(book: Any, cell: Mapping[str, str], keeps: bool) -> Any:
    """The cell to be coloured; None for one that a merge hides."""
    from openpyxl.cell.cell import MergedCell

    if cell["sheet"] not in book.sheetnames:
        if keeps:
            return None
        book.create_sheet(cell["sheet"])
    target = book[cell["sheet"]][cell["cell"]]
    if isinstance(target, MergedCell):
        return None
    if not keeps:
        _write(target, cell["value"])
    return target


def _look(cell: Mapping[str, str]) -> tuple[str, str]:
    """The words of the comment ('' for none) and the colour."""
    if cell["finding"]:
        return "\n".join(filter(None, (cell["finding"], cell["asked"]))), _WRONG[1]
    if cell["asked"]:
        return cell["asked"], _ASKED[1]
    return "", _ROLES[cell["role"]][1]


def _comment(target: Any, words: str) -> None:
    from openpyxl.comments import Comment

    kept = f"\n――原批注――\n{target.comment.text}" if target.comment else ""
    target.comment = Comment(words[:1500] + kept, AUTHOR, height=90, width=300)


def _legend(book: Any, cells: Sequence[Mapping[str, str]]) -> None:
    """The first sheet: what the colours mean, how often, and every cell in words."""
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    name = LEGEND
    while name in book.sheetnames:
        name += "1"
    page = book.create_sheet(name, 0)
    page["A1"] = "各格是怎样认的"
    page["A1"].font = Font(size=14, bold=True)
    for n, (shown, rgb, count) in enumerate(_counts(cells), start=3):
        page.cell(n, 1, shown).fill = PatternFill("solid", fgColor=rgb)
        page.cell(n, 2, f"{count} 格")
    page["A11"] = (
        "橙色和红色的格有批注，写明要确认什么、哪里不对；逐格的读法列在下面。本页和颜色只在这份副本里，原文件没有改动。"
    )
    page["A11"].alignment = Alignment(wrap_text=True, vertical="top")
    page.merge_cells("A11:H12")
    for col, (head, width) in enumerate(zip(_HEADS, _WIDTHS, strict=True), start=1):
        page.cell(_LIST_ROW, col, head).font = Font(bold=True)
        page.column_dimensions[get_column_letter(col)].width = width
    for n, cell in enumerate(cells[:_MOST_LISTED], start=_LIST_ROW + 1):
        for col, text in enumerate(_words(cell), start=1):
            _write(page.cell(n, col), text)
    _for_paper(page, min(len(cells), _MOST_LISTED))
    for other in book.worksheets:
        other.sheet_view.tabSelected = other is page
    book.active = 0


def _for_paper(page: Any, listed: int) -> None:
    from openpyxl.utils import get_column_letter

    page.auto_filter.ref = f"A{_LIST_ROW}:{get_column_letter(len(_HEADS))}{_LIST_ROW + listed}"
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", 9
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.page_setup.fitToHeight = 0


def _counts(cells: Sequence[Mapping[str, str]]) -> Iterator[tuple[str, str, int]]:
    clean = [cell["role"] for cell in cells if not cell["asked"] and not cell["finding"]]
    yield from ((shown, rgb, clean.count(role)) for role, (shown, rgb) in _ROLES.items())
    yield (*_ASKED, sum(bool(cell["asked"]) and not cell["finding"] for cell in cells))
    yield (*_WRONG, sum(bool(cell["finding"]) for cell in cells))


def _words(cell: Mapping[str, str]) -> tuple[str, ...]:
    said = "；".join(filter(None, (cell["finding"], cell["asked"])))
    told = (cell[key] for key in ("organisation", "period", "column", "value", "unit"))
    return (cell["sheet"], cell["cell"], _ROLES[cell["role"]][0], *told, said)


def _write(target: Any, text: str) -> None:
    """As text whatever it begins with."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    target.value = ILLEGAL_CHARACTERS_RE.sub("", text)[:32000]
    if target.value:
        target.data_type = "s"
