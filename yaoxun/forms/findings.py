"""Makes findings of the common rules, with level and example from the catalogue."""

from typing import Any

from yaoxun.forms.model import Finding, Row
from yaoxun.forms.rules.catalogue import COMMON
from yaoxun.forms.settings import EXPLANATION


def at(rule: str, sheet: str, cell: str, message: str, **more: Any) -> Finding:
    """A finding of a common rule at a place; `more` are further fields of Finding."""
    words = COMMON[rule]
    more.setdefault("table", "")
    more.setdefault("level", words.level)
    more.setdefault("example", words.example)
    more.setdefault("allowed", words.say)
    return Finding(rule=rule, sheet=sheet, cell=cell, message=message, **more)


def of_row(rule: str, sheet: str, cell: str, message: str, row: Row, **more: Any) -> Finding:
    """A finding about a row: explained where its 说明 cell has text."""
    more.setdefault("row_uid", row.uid)
    return at(rule, sheet, cell, message, explained=explained(row), **more)


def explained(row: Row) -> bool:
    """The row's 说明 cell has text."""
    cell = row.cells.get(EXPLANATION)
    return cell is not None and isinstance(cell.value, str) and cell.value.strip() not in ("", "—")
