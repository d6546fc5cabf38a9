"""What of a read table is kept: its rows, its facts, and the hash that tells whether two versions say the same. Pure."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from yaoxun.forms.model import Fact, Row, Table
from yaoxun.returns.cells import content_of, kept_cells
from yaoxun.store.types import Scaled, canonical_json

Kept = Sequence[tuple[Row, dict[str, list[Any]]]]


def kept_rows(table: Table) -> Kept:
    """Every row with the cells of it that are kept."""
    return [(row, kept_cells(row)) for row in table.rows]


def content_sha(table: Table, kept: Kept | None = None) -> str:
    """Equal for equal declarations and rows, whatever the order of rows and the place of cells. `kept`: the table's rows
    where they are at hand."""
    rows = sorted((row.uid, content_of(cells)) for row, cells in kept or kept_rows(table))
    return hashlib.sha256(canonical_json([table.declared, rows]).encode()).hexdigest()


def sheet_rows(table: Table, *, as_entries: bool, kept: Kept | None = None) -> list[dict[str, Any]]:
    """Rows for the ledger."""
    return [
        {"row_uid": row.uid or f"行{row.number}", "row_number": row.number, "cells": cells,
         "entry": row.uid if as_entries else None}
        for row, cells in kept or kept_rows(table)
    ]  # fmt: skip


def fact_rows(facts: Iterable[Fact], *, org: str, period: str) -> list[dict[str, Any]]:
    """Facts for the ledger, as scaled integers."""
    rows = []
    for one in facts:
        scaled = Scaled.of(one.value, one.scale)
        rows.append(
            {"row_uid": one.row_uid, "column_name": one.column, "org": org, "period": period, "unit": one.unit,
             "indicator": one.indicator, "value": scaled.value, "scale": scaled.scale, "cell": one.cell}
        )  # fmt: skip
    return rows
