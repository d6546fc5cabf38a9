"""The numbers of a table: indicator columns with unit, scale and the cells they came from."""

from collections.abc import Iterator
from decimal import Decimal

from yaoxun.forms.expressions import round_half_up
from yaoxun.forms.model import Fact, Form, Row, Table
from yaoxun.forms.settings import ColumnSetting
from yaoxun.forms.values import show


def facts_of(table: Table) -> tuple[Fact, ...]:
    """Every indicator value of an accepted table. Empty and — give no fact; a declared 零报告 gives 0 in input columns.

    A fixed table's indicator is its row's list code; where rows are organisations or entries it is table.column. A computed value's `cell` names its
    input cells.
    """
    return tuple(_facts(table))


def _facts(table: Table) -> Iterator[Fact]:
    columns = [column for column in table.form.columns if column.indicator]
    for row in table.rows:
        for column in columns:
            value = row.value(column.name)
            if value is None and table.declared == "零报告" and table.form.fixed and not column.ours:
                value = Decimal(0)
            if isinstance(value, Decimal):
                yield Fact(
                    row_uid=row.uid, column=column.name, indicator=_indicator(table.form, row, column),
                    value=round_half_up(value, column.scale), scale=column.scale, unit=_unit(row, column),
                    cell="、".join(source_cells(table, row, column)),
                )  # fmt: skip


def _indicator(form: Form, row: Row, column: ColumnSetting) -> str:
    listed = form.setting.rows is not None and form.setting.rows.list
    return row.uid if listed else f"{form.id}.{column.name}"


def _unit(row: Row, column: ColumnSetting) -> str:
    return show(row.value(column.unit_from)) if column.unit_from else column.measure


def source_cells(table: Table, row: Row, column: ColumnSetting) -> tuple[str, ...]:
    """The addresses a value came from: its own cell, or those of the inputs of its formula, each once."""
    if not column.formula or _is_stated(table, row, column):
        return (table.place(row, column.name),)
    seen: dict[str, None] = {}
    for name in sorted(table.form.formulas[column.name].names, key=lambda n: table.columns.get(n, 0)):
        source = table.form.by_name[name]
        if source.formula or (source.numeric and table.columns.get(name)):
            seen |= dict.fromkeys(source_cells(table, row, source))
    return tuple(seen) or (table.place(row, column.name),)


def _is_stated(table: Table, row: Row, column: ColumnSetting) -> bool:
    """Whether a computed column was taken from the row's own cell."""
    cell = row.cells.get(column.name)
    return table.as_stated and cell is not None and cell.col == table.columns[column.name]
