"""C02 to C06, C10, C11, E01: what one cell may hold, column by column, and keys that stand twice."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal

from yaoxun.forms.findings import of_row
from yaoxun.forms.model import NOT_APPLICABLE, Cell, Finding, Row, Table
from yaoxun.forms.rules.catalogue import COMMON
from yaoxun.forms.settings import ColumnSetting
from yaoxun.forms.values import TOO_LARGE, number_written, plain, show

# Written with spaces or hyphens, or in full width, they are the same numbers.
_PERSONAL = re.compile(r"(?<!\d)(\d{6} ?\d{8} ?\d{3}[\dXx]|1[3-9]\d[ -]?\d{4}[ -]?\d{4})(?!\d)")
_SPACE = re.compile(r"\s")
_PROBLEMS = {
    "E01": "是错误值或没有算出值的公式，请直接填写",
    "C03": "不能读成数字，请只填数字，不带单位和文字",
    "C04": "不能读成日期，请写成 2023-04-06 的形式，年月日写全",
    "C05": "不在可选范围内，请从下拉列表中选择",
}

Judge = Callable[[Table, ColumnSetting, object], tuple[str, str]]


def check_cells(table: Table) -> Iterator[Finding]:
    """Every cell that a submitter fills. A column that the sheet lacks was told on reading."""
    for column in table.form.columns:
        if not column.ours and table.columns.get(column.name):
            yield from _column(table, column)


def _column(table: Table, column: ColumnSetting) -> Iterator[Finding]:
    name, judge = column.name, _JUDGES.get(column.kind, _text)
    refuses_na = column.required and not column.allow_na
    for row in _doubtful(table, column):
        cell = row.cells[name]
        value = cell.value
        if value is None:
            if cell.problem:
                words = _problem(column, cell) + _hint(table, column, row, cell.problem)
                rule = column.unknown if cell.problem == "C05" else cell.problem
                yield _finding(table, column, row, cell, rule, f"“{cell.text}”{words}。")
            elif column.required:
                yield _finding(table, column, row, cell, "C02", "是必填的，请填写。")
        elif value == NOT_APPLICABLE and isinstance(value, str):
            if refuses_na:
                yield _finding(table, column, row, cell, "C02", "是必填的，不能填“—”，请填写。")
        else:
            rule, words = judge(table, column, value)
            if rule:
                yield _finding(table, column, row, cell, rule, words)


def _doubtful(table: Table, column: ColumnSetting) -> list[Row]:
    """The rows whose cell is not fine at first sight. Nearly all are, and a comprehension tells them apart at a fraction of
    what judging costs: numbers and dates within their bounds, options, words without a digit and texts too short for any
    rule but —. What stands in many rows is looked at once."""
    values = [cell.value if cell is not None else None for cell in table.column(column.name)]
    if column.numeric:
        least, unit = Decimal(1 if column.kind == "percent" else 0), Decimal(1).scaleb(-column.scale)
        fine = [v.__class__ is Decimal and v >= least and not v % unit for v in values]
        return [row for row, one in zip(table.rows, fine, strict=True) if not one]
    if column.kind == "date":
        latest = table.frame.period.data_to if column.occurs == "past" else date.max
        doubtful = {v for v in set(values) if not (v.__class__ is date and v <= latest)}
    else:
        longest = column.max_chars if column.kind not in ("choice", "choices") else 500
        doubtful = {
            v
            for v in set(values)
            if not (v.__class__ is str and 1 < len(v) <= longest and (len(v) < 11 or v.isalpha()))
        }
    return [row for row, v in zip(table.rows, values, strict=True) if v in doubtful] if doubtful else []


def _problem(column: ColumnSetting, cell: Cell) -> str:
    number = number_written(cell.text) if cell.problem == "C03" else None
    if number is not None and abs(number) >= TOO_LARGE:
        return "太大，整数部分最多15位，请核对位数和单位"
    of_money = cell.problem == "C03" and column.kind == "money"
    return _PROBLEMS[cell.problem] + (f"（本列以{column.measure}计）" if of_money else "")


def _hint(table: Table, column: ColumnSetting, row: Row, problem: str) -> str:
    if problem != "C05":
        return ""
    options = table.frame.options(column, row.entry)
    return "：" + "、".join(options[:20]) + ("等" if len(options) > 20 else "")


def _finding(table: Table, column: ColumnSetting, row: Row, cell: Cell, rule: str, words: str) -> Finding:  # noqa: PLR0917
    message = f"第{cell.row}行“{column.shown}”{words}"
    where = {"table": table.form.id, "column": column.name, "found": cell.text}
    if rule in ("C03", "C05"):
        where |= {"example": _example(table, column, row), "allowed": _allowed(column, rule)}
    return of_row(rule, table.sheet, cell.address, message, row, **where)


def _example(table: Table, column: ColumnSetting, row: Row) -> str:
    """A value that this very column takes: from the table's sample row, of an option the first one; '' for none."""
    sample = table.form.setting.sample.get(column.name)
    if sample not in (None, ""):
        return str(sample)
    return next(iter(table.frame.options(column, row.entry)), "") if column.list else ""


def _allowed(column: ColumnSetting, rule: str) -> str:
    """What the column takes, in its own unit."""
    if rule == "C05":
        return COMMON[rule].say
    sign = "" if column.allow_negative else "不小于0的"
    unit = f"，以{column.measure}计" if column.measure else ""
    return f"{sign}{'数，最多' + str(column.scale) + '位小数' if column.scale else '整数'}{unit}，不带单位和文字。"


_FINE = ("", "")


def _number(table: Table, column: ColumnSetting, value: object) -> tuple[str, str]:
    if not isinstance(value, Decimal):
        return _FINE
    if value < 0 and not column.allow_negative:
        corrects = any(flow.correction for flow in table.form.setting.flows)
        return "C03", f"为{plain(value)}，不能是负数，请核对{'；要调减的请填更正列' if corrects else ''}。"
    if column.kind == "percent" and 0 < abs(value) < 1:
        return "R02", f"为{plain(value)}，即百分之{plain(value)}；如应为{plain(value * 100)}请改正，确实如此请说明。"
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and -exponent > column.scale:
        wanted = "应为整数" if not column.scale else f"最多{column.scale}位小数"
        return "C03", f"为{plain(value)}，{wanted}，请改正。"
    return _FINE


def _date(table: Table, column: ColumnSetting, value: object) -> tuple[str, str]:
    last = table.frame.period.data_to
    if column.occurs == "past" and isinstance(value, date) and value > last:
        return "C04", f"为{value.isoformat()}，晚于本期数据截止日{last.isoformat()}；尚未发生的请留到下期报。"
    return _FINE


def _text(table: Table, column: ColumnSetting, value: object) -> tuple[str, str]:
    text = value if isinstance(value, str) else show(value)
    if len(text) < 11:
        return _FINE if len(text) <= column.max_chars else _too_long(column, text)
    if not column.contact and _PERSONAL.search(text if text.isascii() else unicodedata.normalize("NFKC", text)):
        return "C11", "里有身份证号或手机号，请删去；本系统不收个人信息。"
    return _FINE if len(text) <= column.max_chars else _too_long(column, text)


def _too_long(column: ColumnSetting, text: str) -> tuple[str, str]:
    return "C10", f"共{len(text)}字，不能超过{column.max_chars}字，请精简。"


def _nothing(table: Table, column: ColumnSetting, value: object) -> tuple[str, str]:
    return _FINE


_JUDGES: dict[str, Judge] = {
    "count": _number, "money": _number, "number": _number, "percent": _number, "date": _date, "choice": _nothing,
    "choices": _nothing,
}  # fmt: skip


def check_keys(table: Table) -> Iterator[Finding]:
    """C06: no two rows with the same key."""
    names = table.form.setting.key
    keys = list(zip(*(_written(table, name) for name in names), strict=True))
    if len(set(keys)) == len(keys):
        return
    first: dict[tuple[str, ...], Row] = {}
    for row, key in zip(table.rows, keys, strict=True):
        if not any(key):
            continue
        earlier = first.setdefault(key, row)
        if earlier is not row:
            shown = "、".join(part for part in key if part)
            message = f"第{row.number}行“{shown}”与第{earlier.number}行重复，请只留一行。"
            column = next(name for name, part in zip(names, key, strict=True) if part)
            where = {
                "table": table.form.id,
                "column": column,
                "found": row.cells[column].text if column in row.cells else "",
            }
            yield of_row("C06", table.sheet, table.place(row, column), message, row, **where)


def _written(table: Table, name: str) -> list[str]:
    """What a key column says in every row, without spaces; nothing where it could not be read."""
    texts = [value if value.__class__ is str else show(value) for value in table.values(name)]
    return texts if _SPACE.search("".join(texts)) is None else ["".join(text.split()) for text in texts]
