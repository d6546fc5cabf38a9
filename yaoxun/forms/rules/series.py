"""C08 and C13: a figure against its own history."""

from collections.abc import Iterator
from decimal import Decimal
from statistics import median

from yaoxun.forms.findings import of_row
from yaoxun.forms.model import Finding, Row, Table
from yaoxun.forms.values import plain


def check_series(table: Table) -> Iterator[Finding]:
    """Zero after non-zero (steady columns), and outliers against the last six periods (indicator columns)."""
    series = table.frame.history.series
    columns = [c for c in table.form.columns if not c.ours and (c.steady or c.indicator)] if series else []
    for column in columns:
        for row in table.rows:
            past = series.get((row.uid, column.name))
            value = row.value(column.name)
            if not past or not isinstance(value, Decimal):
                continue
            if column.steady and value == 0 and past[-1] > 0 and is_steady(row):
                words = f"上期为{plain(past[-1])}，本期为0，请在说明列写明原因。"
                yield _finding(table, row, column.name, "C08", words)
            elif column.indicator and is_outlier(value, past):
                middle = Decimal(median(past[-6:]))
                words = f"为{plain(value)}，近{len(past[-6:])}期的中位数是{plain(middle)}，变化很大，请核对单位和位数。"
                yield _finding(table, row, column.name, "C13", words)


def is_steady(row: Row) -> bool:
    """A code list may say that an indicator comes and goes (attribute steady: 否)."""
    return row.entry is None or row.entry.attributes.get("steady", "是") in ("是", "", "yes", "true")


def is_outlier(value: Decimal, past: tuple[Decimal, ...]) -> bool:
    """|x − median of the last 6| > max(3 MAD, 50 %), with at least 4 values and a median of at least 5."""
    last = past[-6:]
    if len(last) < 4:
        return False
    middle = Decimal(median(last))
    spread = Decimal(median(abs(x - middle) for x in last))
    return middle >= 5 and abs(value - middle) > max(3 * spread, middle / 2)


def _finding(table: Table, row: Row, column: str, rule: str, words: str) -> Finding:
    cell = row.cells[column]
    message = f"第{row.number}行“{table.form.by_name[column].shown}”{words}"
    where = {"table": table.form.id, "column": column, "found": cell.text}
    return of_row(rule, table.sheet, table.place(row, column), message, row, **where)
