"""A workbook as plain JSON data and back: how it leaves the child.

JSON and not pickle, because whoever takes over a child with a crafted file must not be able to run code in the
parent. Numbers travel as text, so nothing passes through a float. Cells of a sheet that say the same are told once; where
cells stand, and which of the contents each has, are arrays of whole numbers, in base64.
"""

from array import array
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from yaoxun.sheets.limits import Limits
from yaoxun.sheets.model import (
    CellKind,
    Cells,
    CellValue,
    Content,
    Percent,
    RawCell,
    RawSheet,
    RawWorkbook,
    Refusal,
)
from yaoxun.sheets.reader import read_workbook

_CODES: dict[CellKind, str] = {"text": "t", "number": "n", "date": "d", "bool": "b", "error": "e"}
_KINDS: dict[str, CellKind] = {code: kind for kind, code in _CODES.items()}
_PERCENT = "p"  # a number, seen as per cent
_new_cell = tuple.__new__  # what RawCell does, without its Python around it
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
    """The workbook or refusal again. Raises ValueError, TypeError, LookupError or ArithmeticError when
    the data is of another shape."""
    if "refusal" in plain:
        code, sentence, remedy = map(str, plain["refusal"])
        return Refusal(code, sentence, remedy)
    sheets = tuple(_sheet(sheet) for sheet in plain["sheets"])
    return RawWorkbook(sheets=sheets, lossy=tuple(map(str, plain["lossy"])))


def _plain_sheet(sheet: RawSheet) -> dict[str, Any]:
    cells = sheet.cells
    contents = cells.contents if isinstance(cells, Cells) else {spot: cell[2:] for spot, cell in cells.items()}
    rows, cols = zip(*contents, strict=True) if contents else ((), ())
    # By identity: equal numbers may differ in how they are seen.
    ids = list(map(id, contents.values()))
    said = dict(zip(ids, contents.values(), strict=True))
    number = {key: n for n, key in enumerate(said)}
    return {
        "name": sheet.name,
        "state": sheet.state,
        "codes": "".join([_PERCENT if v.__class__ is Percent else _CODES[kind] for kind, v, _ in said.values()]),
        "values": [v if v.__class__ is str else _plain_value(v) for _, v, _ in said.values()],
        "formulas": [formula for _, _, formula in said.values()],
        "cells": [_packed(rows), _packed(cols), _packed(map(number.__getitem__, ids))],
        "hidden_rows": sorted(sheet.hidden_rows),
        "hidden_cols": sorted(sheet.hidden_cols),
        "merges": list(sheet.merges),
        "size": [sheet.max_row, sheet.max_col],
    }


def _packed(numbers: Iterable[int]) -> str:
    return b64encode(array("I", numbers).tobytes()).decode("ascii")


def _unpacked(packed: str) -> "array[int]":
    numbers: array[int] = array("I")
    numbers.frombytes(b64decode(packed))
    return numbers


def _plain_value(value: CellValue) -> str | bool:
    if isinstance(value, str | bool):
        return value
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _sheet(plain: Mapping[str, Any]) -> RawSheet:
    if plain["state"] not in _STATES:
        raise ValueError(plain["state"])
    max_row, max_col = map(int, plain["size"])
    told = zip(plain["codes"], plain["values"], plain["formulas"], strict=True)
    # Most are texts, and there are many.
    said = [("text", v, f) if c == "t" and v.__class__ is str and f is None else _content(c, v, f) for c, v, f in told]
    rows, cols, which = map(_unpacked, plain["cells"])
    cells = zip(zip(rows, cols, strict=True), map(said.__getitem__, which), strict=True)
    return RawSheet(
        name=str(plain["name"]), state=plain["state"],
        cells={spot: _new_cell(RawCell, spot + content) for spot, content in cells},
        hidden_rows=frozenset(map(int, plain["hidden_rows"])), hidden_cols=frozenset(map(int, plain["hidden_cols"])),
        merges=tuple(map(str, plain["merges"])), max_row=max_row, max_col=max_col,
    )  # fmt: skip


def _content(code: str, value: str | bool, formula: str | None) -> Content:
    if not (formula is None or formula.__class__ is str):
        raise TypeError("formula")
    if value.__class__ is not (bool if code == "b" else str):
        raise TypeError("value")
    if code == _PERCENT:
        return "number", Percent(str(value)), formula
    kind = _KINDS[code]
    if kind == "number":
        return kind, Decimal(str(value)), formula
    return kind, datetime.fromisoformat(str(value)) if kind == "date" else value, formula
