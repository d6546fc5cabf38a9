"""Which rows a table opens with and what is printed in them: from the code list (fixed tables) or from what was accepted
before (registers). The same values are what locked cells are compared with on return.
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from yaoxun.forms.expressions import BEFORE, NEW, Expression, computed
from yaoxun.forms.model import Frame, KnownRow, PrefillRow, Value
from yaoxun.forms.settings import EXPLANATION, ColumnSetting
from yaoxun.forms.values import to_value
from yaoxun.office.model import ListEntry


def prefill_rows(frame: Frame) -> tuple[PrefillRow, ...]:
    """The rows of a template, in order; computed columns hold what the sheet's formulas show before anyone types."""
    rows = _fixed_rows(frame) if frame.form.fixed else _open_rows(frame)
    return tuple(rows)


def owned_entries(frame: Frame) -> Iterator[ListEntry]:
    """The entries of a fixed table's code list that this organisation reports, in force as of the period; where the one
    row is the organisation itself, an entry of its code and name."""
    source = frame.form.setting.rows
    if source is None:
        return
    if source.organisation:
        yield ListEntry(code=frame.org.code, name=frame.org.name, order=0)
        return
    entries, day, org = frame.lists[source.list], frame.period.last_day, frame.org
    if not source.owner:
        yield from entries.as_of(day)
        return
    # Of several leads the first named reports.
    led = entries.first_named(source.owner, day)
    own = (one for name in dict.fromkeys((org.code, org.short, org.name, *org.aliases)) for one in led.get(name, ()))
    yield from sorted(own, key=lambda entry: entry.order)


def _fixed_rows(frame: Frame) -> Iterator[PrefillRow]:
    for entry in owned_entries(frame):
        known = frame.history.rows.get(entry.code)
        values = {column.name: printed(frame, column, entry, known) for column in frame.form.columns}
        yield PrefillRow(uid=entry.code, entry=entry, known=known, values=with_computed(frame, values, known))


def _open_rows(frame: Frame) -> Iterator[PrefillRow]:
    opens = frame.form.opens
    for known in frame.history.rows.values():
        scope = {**dict.fromkeys(frame.form.by_name), **known.values, BEFORE: known.values, NEW: False, **frame.names}
        if opens is None or opens.value(scope):
            values = {column.name: printed(frame, column, None, known) for column in frame.form.columns}
            yield PrefillRow(uid=known.uid, known=known, values=with_computed(frame, values, known))


def printed(frame: Frame, column: ColumnSetting, entry: ListEntry | None, known: KnownRow | None) -> Value:
    """What a column is printed with in one row; None for nothing."""
    if column.name == frame.form.organisation_column:
        return frame.org.name
    if known and column.name == frame.form.number_column:
        return known.number or None
    if column.formula:
        return None
    if column.prefill:
        if column.prefill.attribute:
            return _attribute(frame, column, entry)
        return _previous(frame, column, known)
    carry = column.carry if column.carry is not None else not frame.form.fixed and column.name != EXPLANATION
    return known.values.get(column.name) if carry and known else None


def _attribute(frame: Frame, column: ColumnSetting, entry: ListEntry | None) -> Value:
    if entry is None or column.prefill is None:
        return None
    quarter = int(frame.names["季"])
    name = column.prefill.attribute.replace("{季}", str(quarter)).replace("{上季}", str(quarter - 1))
    text = {"code": entry.code, "name": entry.name}.get(name) or entry.attributes.get(name, "")
    rows = frame.form.setting.rows
    if rows and rows.owner and name == rows.owner:
        text = re.sub(rf"(?<!\w){re.escape(frame.org.code)}(?!\w)", frame.org.short, text)
    return to_value(frame, column, text, entry).value


def _previous(frame: Frame, column: ColumnSetting, known: KnownRow | None) -> Value:
    if column.prefill is None or known is None:
        return None
    if column.prefill.restarts == "year" and known.year != frame.period.year:
        return Decimal(0)
    return known.values.get(column.prefill.previous)


def row_scope(frame: Frame, values: Mapping[str, Any], known: KnownRow | None) -> dict[str, Any]:
    """What an expression sees of one row."""
    return {**values, BEFORE: known.values if known else {}, NEW: known is None, **frame.names}


def with_computed(frame: Frame, values: Mapping[str, Value], known: KnownRow | None) -> dict[str, Value]:
    """The values with every computed column computed."""
    scope = row_scope(frame, values, known)
    for name, expression in frame.form.formulas.items():
        scope[name] = compute(frame.form.by_name[name], expression, scope)
    return {name: scope[name] for name in values}


def compute(column: ColumnSetting, expression: Expression, scope: Mapping[str, Any]) -> Value:
    """One computed column over a scope."""
    result = computed(expression, scope, scale=column.scale if column.numeric else None)
    return result if result is None or isinstance(result, Decimal | str) else str(result)
