"""One table as a worksheet: title, units, header, rows, end row, foot; dropdowns, formulas, protection, print set-up.

Fixed tables are protected (without a password) but for their input cells. Registers are not protected and their rows
are unlocked, because a sheet with any locked cell in range refuses sorting and deleting.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any
from xml.sax.saxutils import escape

from xlsxwriter.worksheet import CellBlankTuple, CellStringTuple, Worksheet

from yaoxun.forms.excel_formula import excel_formula
from yaoxun.forms.expressions import NEW
from yaoxun.forms.model import Frame, PrefillRow, Value
from yaoxun.forms.row_heights import row_height
from yaoxun.forms.settings import EXPLANATION, ColumnSetting
from yaoxun.forms.values import show
from yaoxun.sheets.model import address, column_letters

START_MARK, END_MARK = "#", "#end"
END_TEXT = "— 表尾：请在此行以上填写 —"
FOOT_TEXT = "填表人：　　　　　　审核人：　　　　　　负责人（签字）：　　　　　　（盖章）"
HEADER_ROW = 2
_ROW = "\x00"  # where the number of a row comes
_NUMBER_FORMATS = {"count": "#,##0", "date": "yyyy-mm-dd", "text": "@"}
_WIDTHS = {"count": 10, "money": 12, "number": 11, "percent": 9, "date": 12, "choice": 14, "choices": 18, "code": 12}


class QuickSheet(Worksheet):  # type: ignore[misc]
    """A worksheet that writes the same bytes in a third of the time: its formulas use no function younger than Excel 2007,
    of which xlsxwriter looks for thirty in every one; the rows to be filled are alike; and most other cells hold a text."""

    def write_alike(self, rows: range, looks: Sequence[tuple[Any, str]]) -> None:
        """Rows of blank cells from the second column on: each column's look and its formula without the equals sign, ''
        for none, with `_ROW` where the row's number comes. They are kept as one cell that writes the whole row and one
        that says how far it goes."""
        row = {len(looks): _Written(), 1: _Alike(looks)}
        for at in rows:
            self._check_dimensions(at, 1)
            self._check_dimensions(at, len(looks))
            self.table[at] = row

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        return formula.removeprefix("=")

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        if isinstance(cell, CellStringTuple) and cell.format:
            place, look = f"{column_letters(col + 1)}{row + 1}", cell.format._get_xf_index()
            self.fh.write(f'<c r="{place}" s="{look}" t="s"><v>{cell.string}</v></c>')
        elif isinstance(cell, CellBlankTuple) and cell.format:
            self.fh.write(f'<c r="{column_letters(col + 1)}{row + 1}" s="{cell.format._get_xf_index()}"/>')
        elif isinstance(cell, _Alike):
            self.fh.write(cell.xml.replace(_ROW, str(row + 1)))
        elif not isinstance(cell, _Written):
            super()._write_cell(row, col, cell)


class _Alike:
    """The cells of a row that is like others."""

    def __init__(self, looks: Sequence[tuple[Any, str]]) -> None:
        self._looks = looks

    @cached_property
    def xml(self) -> str:
        """With `_ROW` for the row's number. Not before the sheet is written: looks are numbered then."""
        cells = []
        for n, (look, formula) in enumerate(self._looks, start=2):
            start = f'<c r="{column_letters(n)}{_ROW}" s="{look._get_xf_index()}"'
            cells.append(f"{start}><f>{escape(formula)}</f><v></v></c>" if formula else f"{start}/>")
        return "".join(cells)


class _Written:
    """A cell that was written with its row."""


class Formats:
    """The cell formats of a workbook, each made once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[str, str], Any] = {}
        base = {"font_name": "宋体", "font_size": 11, "valign": "vcenter"}
        box = {"border": 1, "text_wrap": True}
        self.title = book.add_format(base | {"font_size": 16, "bold": True, "align": "center"})
        self.note = book.add_format(base | {"font_color": "#595959"})
        self.header = book.add_format(base | box | {"bold": True, "align": "center", "bg_color": "#D9E1F2"})
        self.end = book.add_format(base | {"font_color": "#7F7F7F", "italic": True})
        self.text = book.add_format(base | box | {"valign": "top"})
        self.input = self.cell("input", "@")
        self.locked = self.cell("locked", "@")

    def cell(self, look: str, number_format: str) -> Any:
        """A body cell: `input` white, `known` pre-filled and editable, `locked` grey, `computed` green."""
        key = (look, number_format)
        if key not in self._made:
            colours = {"known": "#FFF9E5", "locked": "#EDEDED", "computed": "#E8F3E8"}
            spec: dict[str, Any] = {"font_name": "宋体", "font_size": 11, "valign": "vcenter", "border": 1}
            spec |= {"text_wrap": True, "num_format": number_format, "locked": look in ("locked", "computed")}
            if look in colours:
                spec["bg_color"] = colours[look]
            self._made[key] = self._book.add_format(spec)
        return self._made[key]


class Dropdowns:
    """The hidden sheet of options: each distinct list is written once, in a column of its own."""

    def __init__(self, sheet_name: str) -> None:
        self._sheet, self._columns = sheet_name, dict[tuple[str, ...], int]()

    def reference(self, options: tuple[str, ...]) -> str:
        """The range that holds these options."""
        col = self._columns.setdefault(options, len(self._columns) + 1)
        letters = address(1, col).rstrip("1")
        return f"='{self._sheet}'!${letters}$1:${letters}${len(options)}"

    def write(self, sheet: Any) -> None:
        """Write every list asked for."""
        for options, col in self._columns.items():
            for n, option in enumerate(options):
                sheet.write_string(n, col - 1, option)
        sheet.hide()


def header_text(column: ColumnSetting) -> str:
    """What is printed over a column: name, unit, ＊ for required."""
    unit = "" if column.name.endswith(column.measure or " ") else column.measure
    return f"{column.header or column.name}{f'（{unit}）' if unit else ''}{'＊' if column.required else ''}"


def number_format(column: ColumnSetting) -> str:
    """The Excel number format of a column."""
    if column.kind == "number":
        return "General"
    if column.numeric and column.kind != "count":
        return "#,##0" + ("." + "0" * column.scale if column.scale else "")
    return _NUMBER_FORMATS.get(column.kind, "@" if not column.formula else "General")


def write_table(book: Any, sheet: Any, frame: Frame, formats: Formats, lists: Dropdowns) -> None:
    """Fill one worksheet."""
    form, columns = frame.form, frame.form.columns
    rows = list(frame.prefill.values())
    blank = form.setting.register_.blank_rows if form.setting.register_ else 0
    first, last_col = HEADER_ROW + 1, len(columns)
    end = first + len(rows) + blank
    sheet.merge_range(0, 1, 0, last_col, f"{form.title}（{frame.period.label}）", formats.title)
    note = form.setting.note or "标＊的必填；灰色、绿色格由系统填，不必改。没有数据留空，是零填0，不适用填—。"
    sheet.write_string(1, 1, f"填报单位：{frame.org.name}　　{note}", formats.note)
    sheet.write_string(HEADER_ROW, 0, f"{START_MARK}{form.id}")
    for col, column in enumerate(columns, start=1):
        sheet.write_string(HEADER_ROW, col, header_text(column), formats.header)
        sheet.set_column(col, col, _width(column), None, {"hidden": 1} if column.hidden else {})
    for n, row in enumerate(rows):
        _write_row(sheet, frame, formats, first + n, row)
    _write_blank_rows(sheet, frame, formats, range(first + len(rows), end))
    sheet.write_string(end, 0, END_MARK)
    sheet.write_string(end, 1, END_TEXT, formats.end)
    sheet.write_string(end + 1, 1, FOOT_TEXT, formats.note)
    _validations(sheet, frame, lists, first, end)
    _set_up(sheet, frame, end + 1, last_col)


def _width(column: ColumnSetting) -> float:
    return column.width or _WIDTHS.get(column.kind, 20)


def _set_up(sheet: Any, frame: Frame, last_row: int, last_col: int) -> None:
    """Hidden first column, frozen panes, protection, printing."""
    sheet.set_column(0, 0, None, None, {"hidden": 1})
    sheet.set_row(HEADER_ROW, 36)
    sheet.freeze_panes(HEADER_ROW + 1, 3)
    sheet.repeat_rows(HEADER_ROW)
    sheet.print_area(0, 1, last_row, last_col)
    sheet.set_landscape()
    sheet.set_paper(8 if last_col > 12 else 9)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C第 &P 页，共 &N 页")
    if frame.form.fixed:
        sheet.protect("", {"format_columns": True, "format_rows": True, "autofilter": True})


def _write_row(sheet: Any, frame: Frame, formats: Formats, at: int, row: PrefillRow) -> None:
    sheet.write_string(at, 0, row.uid)
    seen = [column for column in frame.form.columns if not column.hidden]
    sheet.set_row(at, row_height((show(row.values.get(c.name)) for c in seen), map(_width, seen)))
    for col, column in enumerate(frame.form.columns, start=1):
        value = row.values.get(column.name)
        style = formats.cell(_look(column, value), number_format(column))
        if column.formula:
            shown = float(value) if isinstance(value, Decimal) else show(value)
            formula = formula_text(frame, column, _places(frame, str(at + 1)), row)
            sheet.write_formula(at, col, "=" + formula, style, shown)
        else:
            _write_value(sheet, at, col, value, style)


def _write_blank_rows(sheet: QuickSheet, frame: Frame, formats: Formats, rows: range) -> None:
    """The rows to be filled; they differ by nothing but the number of the row."""
    if rows:
        places, columns = _places(frame, _ROW), frame.form.columns
        looks = [formats.cell(_look(column, None), number_format(column)) for column in columns]
        formulas = [formula_text(frame, column, places, None) if column.formula else "" for column in columns]
        sheet.write_alike(rows, list(zip(looks, formulas, strict=True)))


def _look(column: ColumnSetting, value: Value) -> str:
    return "computed" if column.formula else "locked" if column.ours else "known" if value is not None else "input"


def _places(frame: Frame, row: str) -> dict[str, str]:
    """Column → its cell's address in a row."""
    return {c.name: f"{column_letters(n + 1)}{row}" for n, c in enumerate(frame.form.columns, start=1)}


def _write_value(sheet: Any, at: int, col: int, value: Value, style: Any) -> None:
    if value is None:
        sheet.write_blank(at, col, None, style)
    elif isinstance(value, Decimal):
        sheet.write_number(at, col, float(value), style)
    elif isinstance(value, date):
        sheet.write_datetime(at, col, datetime(value.year, value.month, value.day), style)
    else:
        sheet.write_string(at, col, show(value), style)


def formula_text(frame: Frame, column: ColumnSetting, places: Mapping[str, str], row: PrefillRow | None) -> str:
    """A computed column's formula in Excel's words without the equals sign. places: column → its cell's address. Raises
    KeyError where one of its columns has no place."""
    names: Mapping[str, Any] = {**frame.names, NEW: row is None}
    before = row.known.values if row and row.known else {}
    body = excel_formula(frame.form.formulas[column.name], places.__getitem__, names, before)
    if column.numeric:
        body = f"ROUND({body},{column.scale})"
    if row is None:
        body = f'IF({places[frame.form.setting.key[0]]}="","",{body})'
    return f'IFERROR({body},"")'


def _validations(sheet: Any, frame: Frame, lists: Dropdowns, first: int, end: int) -> None:
    rows = list(frame.prefill.values())
    for col, column in enumerate(frame.form.columns, start=1):
        if column.ours or end == first:
            continue
        if column.options_from:
            for n, row in enumerate(rows):
                options = frame.options(column, row.entry)
                if options:
                    sheet.data_validation(
                        first + n, col, first + n, col, _choice_rule(column, lists.reference(options))
                    )
        elif (column.list or column.refers) and frame.options(column, None):
            rule = _choice_rule(column, lists.reference(frame.options(column, None)))
            sheet.data_validation(first, col, end - 1, col, rule)
        elif column.name == EXPLANATION and frame.form.setting.reasons:
            rule = _choice_rule(column, lists.reference(frame.form.setting.reasons)) | {"show_error": False}
            sheet.data_validation(first, col, end - 1, col, rule)
        elif column.numeric or column.kind == "date" or column.meaning:
            sheet.data_validation(first, col, end - 1, col, _typed_rule(column))


def _prompt(column: ColumnSetting) -> dict[str, Any]:
    return {"input_title": (column.header or column.name)[:32], "input_message": (column.meaning or "请填写")[:255]}


def _choice_rule(column: ColumnSetting, source: str) -> dict[str, Any]:
    rule = {"validate": "list", "source": source, **_prompt(column)}
    if column.kind == "choices":
        more = f"{rule['input_message']}（可多选，用顿号隔开）"[:255]
        return rule | {"show_error": False, "input_message": more}
    if column.refers:
        return rule | {"show_error": False}  # what the same workbook brings is right, too
    return rule | {"error_title": "请从列表中选择", "error_message": "这一格只能选下拉列表里的一项。"}


def _typed_rule(column: ColumnSetting) -> dict[str, Any]:
    """Warnings, not refusals: — for not applicable must remain possible, and pasting evades them anyway."""
    rule: dict[str, Any] = {"validate": "any", **_prompt(column), "error_type": "warning"}
    if column.numeric:
        low = -(10**12) if column.allow_negative else 0
        rule |= {"validate": "decimal", "criteria": "between", "minimum": low, "maximum": 10**12}
        rule |= {"error_title": "应为数字", "error_message": "请只填数字，不带单位。不适用填—。"}
    elif column.kind == "date":
        rule |= {"validate": "date", "criteria": "between", "minimum": date(1950, 1, 1), "maximum": date(2100, 1, 1)}
        rule |= {"error_title": "应为日期", "error_message": "请写成 2023-04-06 的形式。"}
    return rule
