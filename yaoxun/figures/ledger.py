"""Every statement on cuts, figure values and their sources."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from yaoxun.figures.model import FigureValue, Source
from yaoxun.figures.tables import cut, cut_version, figure_source, figure_value
from yaoxun.store.engine import insert, insert_new
from yaoxun.store.types import Scaled


def add_cut(
    conn: Connection, *, period: str, known_at: datetime, snapshot: str, version_ids: Sequence[int]
) -> tuple[int, bool]:
    """The cut of this period, time and configuration with its versions; its id and whether it is new."""
    key = {"period": period, "known_at": known_at, "config_snapshot": snapshot}
    new = insert_new(conn, cut, key)
    if new is None:
        same = [cut.c[name] == value for name, value in key.items()]
        return int(conn.execute(select(cut.c.id).where(*same)).scalar_one()), False
    lines = [{"cut": new, "sheet_version": version} for version in version_ids]
    if lines:
        conn.execute(cut_version.insert(), lines)
    return new, True


def versions_in_cut(conn: Connection, cut_id: int) -> set[int]:
    """Ids of the versions that stood in a cut."""
    rows = conn.execute(select(cut_version.c.sheet_version).where(cut_version.c.cut == cut_id))
    return {row.sheet_version for row in rows}


def add_figures(conn: Connection, cut_id: int, values: Iterable[FigureValue]) -> dict[tuple[str, str], int]:
    """Record the figures of a new cut with their sources; (figure, dims) → id."""
    ids: dict[tuple[str, str], int] = {}
    for value in values:
        coverage = value.coverage
        row = {
            "cut": cut_id, "figure": value.figure, "dims": value.dims, "unit": value.unit, "words": value.words,
            "value": value.value.value if value.value else None, "scale": value.value.scale if value.value else None,
            "coverage": {"expected": list(coverage.expected), "reported": list(coverage.reported)} if coverage else {},
        }  # fmt: skip
        value_id = insert(conn, figure_value, row)
        ids[(value.figure, value.dims)] = value_id
        sources = [
            {"figure_value": value_id, "fact": s.fact, "sheet_row": s.sheet_row, "column_name": s.column,
             "list_entry": s.list_entry}
            for s in value.sources
        ]  # fmt: skip
        if sources:
            conn.execute(figure_source.insert(), sources)
    return ids


def figure_ids(conn: Connection, cut_id: int) -> dict[tuple[str, str], int]:
    """(figure, dims) → id of the values of a cut."""
    rows = conn.execute(select(figure_value).where(figure_value.c.cut == cut_id))
    return {(row.figure, row.dims): row.id for row in rows}


def recorded_figure(conn: Connection, value_id: int) -> FigureValue:
    """One recorded figure with its sources."""
    row = conn.execute(select(figure_value).where(figure_value.c.id == value_id)).one()
    found = conn.execute(select(figure_source).where(figure_source.c.figure_value == value_id))
    sources = [Source(fact=r.fact, sheet_row=r.sheet_row, column=r.column_name, list_entry=r.list_entry) for r in found]
    value = None if row.value is None else Scaled(row.value, row.scale)
    return FigureValue(
        figure=row.figure, dims=row.dims, value=value, unit=row.unit, words=row.words, sources=tuple(sources)
    )
