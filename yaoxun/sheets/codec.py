"""A workbook as plain JSON data and back: how it leaves the child.

JSON and not pickle, because whoever takes over a child with a crafted file must not be able to run code in the
parent. Numbers travel as text, so nothing passes through a float.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from yaoxun.sheets.limits import Limits
from yaoxun.sheets.model import CellKind, CellValue, Percent, RawCell, RawSheet, RawWorkbook, Refusal
from yaoxun.sheets.reader import read_workbook

_CODES: dict[CellKind, str] = {"text": "t", "number": "n", "date": "d", "bool": "b", "error": "e"}
_KINDS: dict[str, CellKind] = {code: kind for kind, code in _CODES.items()}
_PERCENT = "p"  # a number, seen as per cent
_STATES = {"visible", "hidden", "veryHidden"}


def read_plain(path: str, limits: Mapping[str, Any]) -> dict[str, Any]:
    """`read_workbook` with plain arguments and a plain result: what the child runs."""
    return to_plain(read_workbook(Path(path), Limits.model_validate(limits)))


def to_plain(outcome: RawWorkbook | Refusal) -> dict[str, Any]:
    """A workbook or a refusal as data that JSON can carry."""
    if isinstance(outcome, Refusal):
        return {"refusal": [outcome.code, outcome.sentence, outcome.remedy]}
    return {"lossy": list(outcome.lossy), "sheets": [_plain_sheet(sheet) for sheet in outcome.sheets]}


def from_plain(plain: Mapping[str, Any]) -> RawWorkbook | Refusal:
    """The workbook or refusal again. Raises ValueError, TypeError or KeyError when the data is of another shape."""
    if "refusal" in plain:
        code, sentence, remedy = map(str, plain["refusal"])
        return Refusal(code, sentence, remedy)
    sheets = tuple(_sheet(sheet) for sheet in plain["sheets"])
    return RawWorkbook(sheets=sheets, lossy=tuple(map(str, plain["lossy"])))


def _plain_sheet(sheet: RawSheet) -> dict[str, Any]:
    return {
        "name": sheet.name,
        "state": sheet.state,
        "cells": [[c.row, c.col, _code(c), _plain_value(c.value), c.formula] for c in sheet.cells.values()],
        "hidden_rows": sorted(sheet.hidden_rows),
        "hidden_cols": sorted(sheet.hidden_cols),
        "merges": list(sheet.merges),
        "size": [sheet.max_row, sheet.max_col],
    }


def _code(cell: RawCell) -> str:
    return _PERCENT if cell.value.__class__ is Percent else _CODES[cell.kind]


def _plain_value(value: CellValue) -> str | bool:
    if isinstance(value, str | bool):
        return value
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _sheet(plain: Mapping[str, Any]) -> RawSheet:
    if plain["state"] not in _STATES:
        raise ValueError(plain["state"])
    max_row, max_col = map(int, plain["size"])
    cells = (_cell(*cell) for cell in plain["cells"])
    return RawSheet(
        name=str(plain["name"]), state=plain["state"], cells={(cell.row, cell.col): cell for cell in cells},
        hidden_rows=frozenset(map(int, plain["hidden_rows"])), hidden_cols=frozenset(map(int, plain["hidden_cols"])),
        merges=tuple(map(str, plain["merges"])), max_row=max_row, max_col=max_col,
    )  # fmt: skip


def _cell(row: int, col: int, code: str, value: str | bool, formula: str | None) -> RawCell:
    if row.__class__ is not int or col.__class__ is not int or not (formula is None or formula.__class__ is str):
        raise TypeError("cell")
    if value.__class__ is not (bool if code == "b" else str):
        raise TypeError("value")
    if code == _PERCENT:
        return RawCell(row, col, "number", Percent(str(value)), formula)
    kind = _KINDS[code]
    if kind == "number":
        return RawCell(row, col, kind, Decimal(str(value)), formula)
    return RawCell(row, col, kind, datetime.fromisoformat(str(value)) if kind == "date" else value, formula)
