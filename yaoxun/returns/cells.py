"""How the cells of a row are kept as plain data: column → [value, address, kind]. Pure.

kind is n (a number as text), d (an ISO date), l (a list of names), t (text); an empty cell is not kept.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from yaoxun.forms.model import Row, Value


def kept_cells(row: Row) -> dict[str, list[Any]]:
    """The filled, readable cells of a row."""
    kept: dict[str, list[Any]] = {}
    for column, cell in row.cells.items():
        value = cell.value
        if value.__class__ is str and value and not cell.problem:  # most are
            kept[column] = [value, cell.address, "t"]
        elif value not in (None, (), "") and not cell.problem:
            plain, kind = _plain(value)
            kept[column] = [plain, cell.address, kind]
    return kept


def _plain(value: Value) -> tuple[Any, str]:
    if isinstance(value, Decimal):
        return f"{value:f}", "n"
    if isinstance(value, date):
        return value.isoformat(), "d"
    if isinstance(value, tuple):
        return list(value), "l"
    return value, "t"


def kept_values(cells: Mapping[str, Any]) -> dict[str, Value]:
    """The values of kept cells by column."""
    return {column: _value(entry[0], entry[2]) for column, entry in cells.items()}


def _value(plain: Any, kind: str) -> Value:
    if kind == "n":
        return Decimal(plain)
    if kind == "d":
        return date.fromisoformat(plain)
    return tuple(plain) if kind == "l" else str(plain)


def content_of(cells: Mapping[str, Any]) -> dict[str, Any]:
    """What makes two rows the same content: the values without their addresses."""
    return {column: entry[0] for column, entry in cells.items()}
