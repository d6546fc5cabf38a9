"""Values that must be known elsewhere: `refers` (another table of the same organisation), X02 (a list entry's own columns),
Z02 (a number that is another organisation's). C05 and X03, values outside a column's own list, stand in cells.py.
"""

from collections.abc import Iterator, Mapping

from yaoxun.forms.findings import of_row
from yaoxun.forms.model import NOT_APPLICABLE, Finding, Row, Table
from yaoxun.forms.rules.catalogue import reference_words
from yaoxun.forms.settings import ColumnSetting, Refers
from yaoxun.forms.values import show

SHOWN = 20


def check_references(table: Table, workbook: Mapping[str, Table]) -> Iterator[Finding]:
    """Cells whose column `refers` to another table and whose value is neither known there nor in the same workbook."""
    for column in table.form.columns:
        if column.refers:
            yield from _unknown(table, column, column.refers, workbook.get(column.refers.table))


def _unknown(table: Table, column: ColumnSetting, refers: Refers, beside: Table | None) -> Iterator[Finding]:
    known = table.frame.history.elsewhere.get(refers.key, frozenset())
    if beside is not None:
        known |= {show(row.value(refers.column)) for row in beside.rows}
    shown = "、".join(sorted(known - {""})[:SHOWN])
    for row in table.rows:
        text = show(row.value(column.name))
        if text in known or text in ("", NOT_APPLICABLE):
            continue
        options = f"，可填：{shown}{'等' if len(known) > SHOWN else ''}" if shown else "，目前还没有可填的"
        message = f"第{row.number}行“{column.shown}”{text}不在本单位报过的{refers.table}里{options}。"
        yield Finding(
            rule=refers.rule, level="强制", table=table.form.id, sheet=table.sheet, cell=table.place(row, column.name),
            message=message, row_uid=row.uid, column=column.name, found=row.cells[column.name].text,
            allowed=reference_words(column), example=show(table.form.setting.sample.get(column.name)),
        )  # fmt: skip


def check_lists(table: Table) -> Iterator[Finding]:
    """X02: what the office's list says of a printed row is itself in a list as of the period (a task's measure)."""
    for column in table.form.columns:
        if not (column.list and column.unknown == "X02" and column.prefill):
            continue
        for row in table.rows:
            said = row.entry.attributes.get(column.prefill.attribute, "") if row.entry else ""
            if said and row.value(column.name) is None:
                message = f"第{row.number}行“{column.shown}”登记的是“{said}”，本期已无此项；不必改，请告诉办公室。"
                yield _of(table, "X02", row, column.name, message, found=said)


def claimed_numbers(table: Table) -> dict[str, Finding]:
    """Official numbers that somebody typed into rows that bear another one or none: number → the finding that told."""
    number = table.form.number_column
    return {f.found: f for f in table.findings if number and f.rule == "C12" and f.column == number}


def check_claims(table: Table, owners: Mapping[str, str]) -> Iterator[Finding]:
    """Z02: a row that claims a number of another organisation's. owners: number → short name, of those claimed."""
    rows = {row.uid: row for row in table.rows}
    for number, told in claimed_numbers(table).items():
        if number in owners and told.row_uid in rows:
            row = rows[told.row_uid]
            message = f"第{row.number}行的编号{number}是{owners[number]}的一项，不能由本单位填报；本单位另有一项的，编号请留空。"
            yield _of(table, "Z02", row, told.column, message, found=number)


def _of(table: Table, rule: str, row: Row, column: str, message: str, *, found: str) -> Finding:
    where = {"table": table.form.id, "column": column, "found": found}
    return of_row(rule, table.sheet, table.place(row, column), message, row, **where)
