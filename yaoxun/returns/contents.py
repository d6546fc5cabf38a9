"""What of a read table is kept: its rows, its facts, and the hash that tells whether two versions say the same. Pure."""

import hashlib
from collections.abc import Iterable
from typing import Any

from yaoxun.forms.model import Fact, Table
from yaoxun.returns.cells import content_of, kept_cells
from yaoxun.store.types import Scaled, canonical_json


def content_sha(table: Table) -> str:
    """Equal for equal declarations and rows, whatever the order of rows and the place of cells."""
    rows = sorted((row.uid, content_of(kept_cells(row))) for row in table.rows)
    return hashlib.sha256(canonical_json([table.declared, rows]).encode()).hexdigest()


def sheet_rows(table: Table, *, as_entries: bool) -> list[dict[str, Any]]:
    """Rows for the ledger."""
    return [
        {"row_uid": row.uid or f"行{row.number}", "row_number": row.number, "cells": kept_cells(row),
         "entry": row.uid if as_entries else None}
        for row in table.rows
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
