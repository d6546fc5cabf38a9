"""Rows as plain data for the ledger, and back: column → [text or list of texts, cell address]."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from yaoxun.forms.model import NOT_APPLICABLE, Form, Row, Table, Value
from yaoxun.forms.settings import ColumnSetting
from yaoxun.forms.values import plain, show


def stored_cells(table: Table, row: Row) -> dict[str, list[Any]]:
    """What `returns.ledger.add_rows` keeps of a row; empty and unreadable cells are left out."""
    names = ((name, row.value(name)) for name in row.cells)
    return {name: [_plain(value), table.place(row, name)] for name, value in names if value is not None}


def _plain(value: Value) -> str | list[str]:
    if isinstance(value, tuple):
        return list(value)
    return plain(value) if isinstance(value, Decimal) else show(value)


def known_values(form: Form, cells: Mapping[str, Sequence[Any]]) -> dict[str, Value]:
    """The values of a stored row, for `KnownRow`; columns that the form no longer has are left out."""
    return {n: _value(form.by_name[n], entry[0]) for n, entry in cells.items() if n in form.by_name and entry}


def _value(column: ColumnSetting, stored: Any) -> Value:
    if isinstance(stored, list | tuple):
        return tuple(str(part) for part in stored)
    if stored in (None, ""):
        return None
    text = str(stored)
    if text == NOT_APPLICABLE or text in column.words:
        return text
    if column.numeric:
        return Decimal(text)
    return date.fromisoformat(text) if column.kind == "date" else text


def content_hash(table: Table) -> str:
    """Equal for two submissions that say the same, wherever the cells stand."""
    rows = sorted((row.uid, {n: cell[0] for n, cell in stored_cells(table, row).items()}) for row in table.rows)
    content = json.dumps([table.form.id, table.declared, rows], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()
