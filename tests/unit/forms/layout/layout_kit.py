"""Sheets as rows of values, and what the program makes of them, in words that a test can read."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from yaoxun.forms.layout.model import Block, UnderstoodCell
from yaoxun.forms.layout.structure import find_blocks
from yaoxun.forms.layout.understanding import understand
from yaoxun.sheets.model import RawCell, RawSheet, RawWorkbook


def sheet_of(
    rows: Sequence[Sequence[Any]],
    merges: Sequence[str] = (),
    name: str = "Sheet1",
    formulas: Mapping[str, str] | None = None,
) -> RawSheet:
    """A sheet; None is a blank cell, a str beginning with # an error."""
    cells = {}
    for r, line in enumerate(rows, start=1):
        for c, value in enumerate(line, start=1):
            if value is None:
                continue
            kind = "number" if isinstance(value, int | float) else "error" if str(value).startswith("#") else "text"
            typed: Any = Decimal(str(value)) if kind == "number" else value
            cell = RawCell(r, c, kind, typed)  # type: ignore[arg-type]
            formula = (formulas or {}).get(cell.address)
            cells[r, c] = RawCell(r, c, kind, typed, formula)  # type: ignore[arg-type]
    return RawSheet(
        name=name, state="visible", cells=cells, merges=tuple(merges), max_row=len(rows),
        max_col=max((len(line) for line in rows), default=0),
    )  # fmt: skip


def blocks_of(rows: Sequence[Sequence[Any]], merges: Sequence[str] = ()) -> tuple[Block, ...]:
    return find_blocks(sheet_of(rows, merges))


def paths(block: Block) -> list[str]:
    return ["/".join(c.path) for c in block.columns] or ["/".join(s.path) for s in block.spots]


def understood(
    rows: Sequence[Sequence[Any]], merges: Sequence[str] = (), *, name: str = "Sheet1", **more: Any
) -> dict[str, UnderstoodCell]:
    """Address → what the cell was taken for."""
    raw = RawWorkbook(sheets=(sheet_of(rows, merges, name),))
    return {cell.cell: cell for cell in understand(raw, **more)}
