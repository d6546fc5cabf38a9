"""What a submitter changed against what the template was printed with."""

from decimal import Decimal

from yaoxun.forms.model import Frame, Row, Table
from yaoxun.forms.prefill import printed
from yaoxun.forms.settings import EXPLANATION


def is_changed(frame: Frame, row: Row) -> bool:
    """The row is new, or one of its input cells says something else than was printed (a typed 0 in an empty cell of a
    fixed table says nothing new)."""
    if row.new and not frame.form.fixed:
        return True
    opened = frame.prefill.get(row.uid)
    for column in frame.form.columns:
        cell = row.cells.get(column.name)
        if column.ours or cell is None or column.name == EXPLANATION:
            continue
        before = opened.values.get(column.name) if opened else printed(frame, column, row.entry, row.known)
        if cell.problem or (cell.value != before and not (before is None and cell.value == Decimal(0))):
            return True
    return False


def changed_rows(table: Table) -> tuple[Row, ...]:
    """The rows that are new or changed."""
    return tuple(row for row in table.rows if is_changed(table.frame, row))
