"""The state of returns as a workbook to print and to hand round: a coloured board a period, and a list of all obligations.

Only the look stands here; what is shown was worked out by tasks/status.py.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import xlsxwriter
from rich.cells import cell_len

from yaoxun.context import SHANGHAI
from yaoxun.errors import OutsideError, RequestError

if TYPE_CHECKING:
    from tasks.status import Status

_FILLS = {"已报": "#C6EFCE", "零报告": "#DDF3E0", "待报": "#FFFFFF", "未到期": "#F2F2F2", "退回待改": "#FFEB9C",
          "待说明": "#FFF4C9", "逾期": "#FFC7CE", "未报": "#EDEDED"}  # fmt: skip
_MEANINGS = {"已报": "已接收", "零报告": "已声明本期无数据", "待报": "还没有报，未到截止时间", "未到期": "还没有开窗",
             "退回待改": "有错误，已退回", "待说明": "要补写说明", "逾期": "必报的表过了截止时间没有报", "未报": "有则报的表没有报"}  # fmt: skip
_A4 = 9
_WIDEST = 44
_SHEET_CHARS = 31
_LIST_COLUMNS = (
    ("报告期", 10),
    ("单位", 18),
    ("表号", 6),
    ("报表", 24),
    ("必报", 6),
    ("状态", 10),
    ("迟报", 6),
    ("版次", 6),
    ("截止时间", 18),
)


def write_board(status: "Status", file: Path) -> Path:
    """Write the workbook; `.xlsx` is added where it is missing. Raises RequestError for another kind of file, OutsideError
    when the disk refuses."""
    if file.suffix.lower() not in ("", ".xlsx"):
        raise RequestError(f"{file.name} 不是 .xlsx 文件名。", "请写成 报送情况.xlsx 这样的名字。")
    path = file.with_suffix(".xlsx")
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    looks = _Looks(book)
    for period in status.periods:
        _write_board(book.add_worksheet(f"报送情况 {period}"[:_SHEET_CHARS]), looks, status.of_period(period))
    _write_list(book.add_worksheet("明细"), looks, status)
    try:
        book.close()
    except (OSError, xlsxwriter.exceptions.FileCreateError) as err:
        raise OutsideError(f"文件 {path} 写不成。", "请核对目录和权限；正用 Excel 打开着的，请先关上。") from err
    return path


class _Looks:
    """The formats of one workbook."""

    def __init__(self, book: Any) -> None:
        usual = {"font_name": "宋体", "font_size": 11, "valign": "vcenter"}
        framed = usual | {"border": 1}
        self.title = book.add_format(usual | {"bold": True, "font_size": 16})
        self.plain = book.add_format(usual)
        self.head = book.add_format(
            framed | {"bold": True, "bg_color": "#D9E2F3", "align": "center", "text_wrap": True}
        )
        self.name = book.add_format(framed)
        self.none = book.add_format(framed | {"bg_color": "#FFFFFF", "align": "center"})
        self.states = {
            state: book.add_format(framed | {"bg_color": fill, "align": "center"}) for state, fill in _FILLS.items()
        }


def _write_board(sheet: Any, looks: _Looks, one: "Status") -> None:
    cells: dict[str, dict[str, Any]] = {}
    for standing in one.standings:
        cells.setdefault(standing.obligation.org, {})[standing.obligation.table] = standing
    sheet.write_string(0, 0, f"{one.period} 报送情况", looks.title)
    sheet.write_string(1, 0, f"截至 {one.now.astimezone(SHANGHAI):%Y-%m-%d %H:%M}", looks.plain)
    sheet.write_string(2, 0, "单位", looks.head)
    for col, table in enumerate(one.tables, 1):
        sheet.write_string(2, col, f"{table}\n{one.titles.get(table, '')}", looks.head)
    for row, (org, standings) in enumerate(cells.items(), 3):
        sheet.write_string(row, 0, one.organisations[org], looks.name)
        for col, table in enumerate(one.tables, 1):
            found = standings.get(table)
            if found is None:
                sheet.write_string(row, col, "", looks.none)
            else:
                late = "（迟）" if found.late and not found.owed else ""
                sheet.write_string(row, col, found.state + late, looks.states[found.state])
    _write_legend(sheet, looks, len(cells) + 4)
    widest = max((cell_len(one.organisations[org]) for org in cells), default=0)
    sheet.set_column(0, 0, min(max(widest + 2, 12), _WIDEST))
    sheet.set_column(1, max(len(one.tables), 1), 13)
    sheet.set_row(2, 46)
    sheet.freeze_panes(3, 1)
    _set_page(sheet, 2)


def _write_legend(sheet: Any, looks: _Looks, row: int) -> None:
    sheet.write_string(row, 0, "图例", looks.plain)
    for n, (state, meaning) in enumerate(_MEANINGS.items(), 1):
        sheet.write_string(row + n, 0, state, looks.states[state])
        sheet.write_string(row + n, 1, meaning, looks.plain)
    sheet.write_string(row + len(_MEANINGS) + 1, 0, "（迟）", looks.name)
    sheet.write_string(row + len(_MEANINGS) + 1, 1, "第一次报来时已过截止时间", looks.plain)


def _write_list(sheet: Any, looks: _Looks, status: "Status") -> None:
    for col, (header, width) in enumerate(_LIST_COLUMNS):
        sheet.write_string(0, col, header, looks.head)
        sheet.set_column(col, col, width)
    for row, s in enumerate(status.standings, 1):
        o = s.obligation
        due = f"{o.due.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if o.due else ""
        words = (
            o.period,
            status.organisations[o.org],
            o.table,
            status.titles.get(o.table, ""),
            "是" if o.required else "否",
        )
        for col, word in enumerate(words):
            sheet.write_string(row, col, word, looks.name)
        sheet.write_string(row, 5, s.state, looks.states[s.state])
        sheet.write_string(row, 6, "是" if s.late else "", looks.name)
        sheet.write_number(row, 7, s.versions, looks.name)
        sheet.write_string(row, 8, due, looks.name)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(status.standings), 1), len(_LIST_COLUMNS) - 1)
    _set_page(sheet, 0)


def _set_page(sheet: Any, header: int) -> None:
    """A4, lying, as wide as one page, the header on each."""
    sheet.set_paper(_A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, header)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
    sheet.set_footer("&C第 &P 页，共 &N 页")
