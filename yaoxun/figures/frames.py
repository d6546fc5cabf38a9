"""One cut as pandas frames. Frames stay inside the room: ids and frozen values go in and out.

`rows` has one line for each row of a current version: id, version, declared, table, org, org_kind, period, sort (periods
in time order), own_uid, uid (the entry it counts under), register, cells. `facts` has one line for each fact: id, version,
own_uid, column, value (Int64), scale, unit.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from yaoxun.office.model import Period

if TYPE_CHECKING:  # the values only: nothing here reads the ledger
    from yaoxun.returns.ledger import StoredRow, Version


@dataclass(frozen=True, kw_only=True)
class CutData:
    """Everything the figures of one cut are computed from. `collected` holds (table, period, organisation) of every
    version; `expected`, `must` (必报) and `reported` say for the period itself: table → organisations in office order.
    `registers`: the tables whose rows are entries that stand until a later row says otherwise."""

    period: Period
    rows: pd.DataFrame
    facts: pd.DataFrame
    collected: frozenset[tuple[str, str, str]]
    expected: Mapping[str, tuple[str, ...]]
    must: Mapping[str, tuple[str, ...]]
    reported: Mapping[str, tuple[str, ...]]
    registers: frozenset[str]


_ROW_TYPES = {"id": "Int64", "version": "Int64", "sort": "Int64"}
_FACT_TYPES = {"id": "Int64", "version": "Int64", "value": "Int64", "scale": "Int64"}


def build_rows(
    versions: Sequence["Version"],
    rows: Sequence["StoredRow"],
    *,
    org_kind: Mapping[str, str],
    sort_of: Callable[[str], int],
    same_entry: Mapping[str, str],
    registers: frozenset[str],
) -> pd.DataFrame:
    """The rows frame, all periods in it. A row that staff declared to be another's entry (联合发文) bears that entry's uid."""
    by_id = {version.id: version for version in versions}
    lines = []
    for row in rows:
        version = by_id[row.version]
        lines.append(
            {"id": row.id, "version": row.version, "declared": version.declared, "table": version.table,
             "org": version.org, "org_kind": org_kind.get(version.org, ""), "period": version.period,
             "sort": sort_of(version.period), "own_uid": row.row_uid, "uid": same_entry.get(row.row_uid, row.row_uid),
             "register": version.table in registers, "cells": row.cells}
        )  # fmt: skip
    names = ["id", "version", "declared", "table", "org", "org_kind", "period", "sort", "own_uid", "uid", "register",
             "cells"]  # fmt: skip
    return pd.DataFrame(lines, columns=names).astype(_ROW_TYPES).sort_values("id").reset_index(drop=True)


def newest_of_entries(rows: pd.DataFrame) -> pd.DataFrame:
    """Of each entry of a register only the row of its newest period among these; of a joint entry (联合发文) the lead's.
    Rows of fixed tables all stay. To be asked of the rows known at one period: earlier ones have their own newest."""
    in_register = rows["register"].astype(bool)
    entries = rows[in_register].copy()
    entries["lead"] = entries["own_uid"] == entries["uid"]
    entries = entries.sort_values(["lead", "sort", "id"]).drop_duplicates(["table", "uid"], keep="last")
    return pd.concat([rows[~in_register], entries.drop(columns="lead")]).sort_values("id")


def build_facts(facts: Sequence[Any]) -> pd.DataFrame:
    """The facts frame; integers stay exact (nullable Int64, never float)."""
    lines = [
        {"id": f.id, "version": f.sheet_version, "own_uid": f.row_uid, "column": f.column_name, "value": f.value,
         "scale": f.scale, "unit": f.unit}
        for f in facts
    ]  # fmt: skip
    names = ["id", "version", "own_uid", "column", "value", "scale", "unit"]
    return pd.DataFrame(lines, columns=names).astype(_FACT_TYPES)


def cell_values(cells: Mapping[str, Any], column: str) -> tuple[str, ...]:
    """The stored value of a column as text, ('',) for none; a cell with several choices holds each of them."""
    entry = cells.get(column)
    if not entry or entry[0] is None:
        return ("",)
    return tuple(entry[0]) if isinstance(entry[0], list) else (str(entry[0]),)


def with_column(frame: pd.DataFrame, column: str) -> pd.Series:
    """A column of the sheets as a series of text beside the frame's index."""
    return frame["cells"].map(lambda cells: "、".join(cell_values(cells, column))).astype("string")


def holds(frame: pd.DataFrame, column: str, wanted: str | Sequence[str]) -> "pd.Series[bool]":
    """Whether the column of each row holds one of the wanted values."""
    allowed = {wanted} if isinstance(wanted, str) else set(wanted)
    return frame["cells"].map(lambda cells: not allowed.isdisjoint(cell_values(cells, column))).astype(bool)
