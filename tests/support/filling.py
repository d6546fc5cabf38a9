"""The hands of the tests: an issued workbook filled as people do, quickly, and rows for its registers."""

import random
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any

import openpyxl

from yaoxun.forms.located import bare_header
from yaoxun.forms.template import COVER_SHEET
from yaoxun.forms.template_sheet import END_MARK

# Names that no rule takes for one another.
_POLICY = (
    "租房补贴",
    "创业贷款",
    "托育服务",
    "心理咨询",
    "夜校课程",
    "体育场馆",
    "人才驿站",
    "婚恋交友",
    "就业见习",
    "志愿风采",
)
_PAPER = ("实施细则", "管理办法", "三年规划", "申领指南", "工作方案", "若干举措")

Row = Mapping[str, Any]
TABLES = ("T1", "T2", "T3", "T4", "T5", "T6", "T7", "T8", "T9")
"""What a bureau's workbook of March holds, the quarter's tables among them."""


def _policy_name(n: int) -> str:
    if n < len(_POLICY) * len(_PAPER):
        return _POLICY[n % 10] + _PAPER[n // 10]
    letters = random.Random(n)  # noqa: S311 (beyond what sounds like anything: eight characters that nobody else has)
    return "".join(chr(letters.randrange(0x4E00, 0x9000)) for _ in range(8))


def policy(n: int, **changes: Any) -> dict[str, Any]:
    """The n-th policy that a bureau reports for March."""
    usual = {
        "文号": f"晋市示例发〔2023〕{n}号", "政策名称": _policy_name(n), "发文单位": "示例单位", "层级": "市",
        "出台日期": datetime(2023, 3, 10), "对应措施": "优化城市居住环境", "政策要点": "发放补贴", "公开属性": "公开",
        "状态": "有效",
    }  # fmt: skip
    return usual | changes


def fill(
    template: bytes,
    *,
    declared: Mapping[str, str] | None = None,
    rows: Mapping[str, Sequence[Row]] | None = None,
    typed: Mapping[str, Mapping[str, Any]] | None = None,
    change: Any = None,
    person: str = "示例联络员",
) -> bytes:
    """Fill a workbook so that it is accepted, and save it.

    declared: table → 本期情况, where it is not the usual one (有数据 for T1, T2, W and what has rows; else 零报告).
    rows: register → new rows. typed: table → column → what to type in its printed rows in place of the usual.
    change: called with the openpyxl workbook before it is saved, for what people do besides.
    """
    book = _open(template)
    sheets = _sheets(book)
    usual = {"T1": {"本期完成": 3}, "T2": {"里程碑": _first_milestone, "本期进展": "已印发方案并组织实施"},
             "W": {"本周完成": "召开推进会1次", "下周计划": "继续推进"}}  # fmt: skip
    for table, sheet in sheets.items():
        columns = _columns(sheet)
        for row in _printed(sheet):
            for column, value in {**usual.get(table, {}), **(typed or {}).get(table, {})}.items():
                sheet.cell(row, columns[column]).value = value(book, sheet, row) if callable(value) else value
            if table == "T2":
                sheet.cell(row, columns["说明"]).value = "按计划推进，下月加快"
        first = _first_blank(sheet)
        for n, new in enumerate((rows or {}).get(table, ())):
            for column, value in new.items():
                sheet.cell(first + n, columns[column]).value = value
    words = {t: "有数据" if t in ("T1", "T2", "W") or (rows or {}).get(t) else "零报告" for t in sheets}
    _write_cover(book[COVER_SHEET], words | dict(declared or {}), person)
    if change is not None:
        change(book)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def only(table: str, tables: Sequence[str] = TABLES) -> dict[str, str]:
    """The cover of a file that brings one table alone."""
    return {t: "有数据" if t == table else "本次不含" for t in tables}


def _open(content: bytes) -> Any:
    return openpyxl.load_workbook(BytesIO(content))


def _sheets(book: Any) -> dict[str, Any]:
    found = {}
    for sheet in book.worksheets:
        mark = str(sheet.cell(3, 1).value or "")
        if re.fullmatch(r"#(T\d+|W)", mark):
            found[mark[1:]] = sheet
    return found


def sheet_of(book: Any, table: str) -> Any:
    """The sheet of a table, for `change`."""
    return _sheets(book)[table]


def _columns(sheet: Any) -> dict[str, int]:
    return {bare_header(str(c.value or "")).split("/")[0]: c.column for c in sheet[3] if c.column > 1}


def column_of(sheet: Any, column: str) -> int:
    """The number of a column, for `change`."""
    return _columns(sheet)[column]


def _printed(sheet: Any) -> list[int]:
    return [r for r in range(4, _end(sheet)) if sheet.cell(r, 1).value]


def _first_blank(sheet: Any) -> int:
    return next((r for r in range(4, _end(sheet)) if not sheet.cell(r, 1).value), _end(sheet))


def _end(sheet: Any) -> int:
    return next(r for r in range(4, sheet.max_row + 1) if sheet.cell(r, 1).value == END_MARK)


def _first_milestone(book: Any, sheet: Any, row: int) -> str:
    """The second option of the row's dropdown: something has been done."""
    column = _columns(sheet)["里程碑"]
    place = sheet.cell(row, column).coordinate
    for rule in sheet.data_validations.dataValidation:
        if rule.type == "list" and place in rule.sqref:
            name, _, cells = str(rule.formula1).lstrip("=").rpartition("!")
            letters, top = re.match(r"\$([A-Z]+)\$(\d+)", cells).groups()  # type: ignore[union-attr]
            return str(book[name.strip("'")][f"{letters}{int(top) + 2}"].value)
    raise AssertionError(f"no dropdown at {place}")


def _write_cover(cover: Any, declared: Mapping[str, str], person: str) -> None:
    words = {"填报人": person, "审核人": "示例审核岗", "负责人": "示例分管领导", "电话": "0356-0000000",
             "日期": date(2023, 3, 27).isoformat()}  # fmt: skip
    for (label,) in cover.iter_rows(min_col=2, max_col=2):
        text_ = str(label.value or "")
        if text_ in words:
            cover.cell(label.row, 3).value = words[text_]
        if (table := text_.split(" ", maxsplit=1)[0]) in declared:
            cover.cell(label.row, 4).value = declared[table]
