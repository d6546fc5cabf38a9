"""trace: where a printed number came from, down to file, sheet and cell. Reads only what was recorded."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from sqlalchemy import Connection

from tasks.desk import Desk, open_desk
from yaoxun.briefings import ledger as briefings
from yaoxun.context import Context
from yaoxun.errors import RequestError
from yaoxun.figures.ledger import recorded_figure
from yaoxun.figures.model import Source
from yaoxun.figures.settings import Against
from yaoxun.figures.words import plain
from yaoxun.returns.ledger import facts_by_id, rows_by_id, source_files
from yaoxun.store.types import Scaled

ORIGINS = {"date": "日期", "ordinal": "序数", "declared": "申明的定数", "figure": "指标"}


@dataclass(frozen=True, kw_only=True)
class SourceCell:
    """One place a number came from; `sheet` and `cell` are '' for an entry of a code list."""

    organisation: str
    period: str
    file: str
    arrival: int | None
    sheet: str
    cell: str
    value: str
    entry: str


@dataclass(frozen=True, kw_only=True)
class TracedNumeral:
    """One numeral of a document with everything it came from."""

    bookmark: str
    text: str
    origin: str
    figure: str
    sources: tuple[SourceCell, ...]

    def as_json(self) -> dict[str, Any]:
        own = {"numeral": self.bookmark, "text": self.text, "origin": self.origin, "figure": self.figure}
        return own | {"sources": [vars(source) for source in self.sources]}


def trace(ctx: Context, document: int, number: str | None = None) -> list[TracedNumeral]:
    """The numerals of a document's newest version, or those that read `number` or bear it as their id.

    Raises RequestError when there is no such document or number.
    """
    with open_desk(ctx) as desk, desk.store.read() as conn:
        version = briefings.latest_version(conn, document)
        if version is None:
            raise RequestError(f"没有第 {document} 号文稿。", "用 yaoxun documents 查看编号。")
        wanted = [n for n in briefings.numerals_of(conn, version.id) if number in (None, n.text, n.bookmark)]
        if not wanted:
            raise RequestError(f"第 {document} 号文稿里没有“{number}”这个数。", "不写数字可列出全部。")
        return [_traced(desk, conn, row) for row in wanted]


def _traced(desk: Desk, conn: Connection, row: Any) -> TracedNumeral:
    figure = ""
    sources: tuple[SourceCell, ...] = ()
    if row.figure_value is not None:
        value = recorded_figure(conn, row.figure_value)
        setting = desk.config.figures.get(value.figure)
        figure = (
            f"{value.figure}（{setting.name if setting else value.figure}{'，' + value.dims if value.dims else ''}）"
        )
        if any(against in row.text for against in get_args(Against)):
            figure += "，比较数，只列本期的来源"
        sources = tuple(_source_cell(desk, place) for place in places(conn, value.sources))
    return TracedNumeral(
        bookmark=row.bookmark, text=row.text, origin=ORIGINS[row.origin], figure=figure, sources=sources
    )


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where one source stands: its file (None for an entry of a code list), cell, value, and the entry of its row."""

    file: Any | None
    cell: str
    value: Any
    entry: str


def places(conn: Connection, sources: Sequence[Source]) -> Iterator[Place]:
    """Where a figure's sources stand."""
    rows = rows_by_id(conn, [s.sheet_row for s in sources if s.sheet_row is not None])
    facts = facts_by_id(conn, [s.fact for s in sources if s.fact is not None])
    ids = {r.sheet_version for r in rows.values()} | {f.sheet_version for f in facts.values()}
    files = source_files(conn, sorted(ids))
    for source in sources:
        if source.fact is not None:
            fact = facts[source.fact]
            number = plain(Scaled(fact.value, fact.scale).number)
            yield Place(file=files[fact.sheet_version], cell=fact.cell, value=number, entry=fact.row_uid)
        elif source.sheet_row is not None:
            row = rows[source.sheet_row]
            value, cell = looked_at(row.cells, source.column)
            yield Place(file=files[row.sheet_version], cell=cell, value=value, entry=row.row_uid)
        else:
            yield Place(file=None, cell="", value="", entry=source.list_entry)


def looked_at(cells: Mapping[str, Any], column: str) -> tuple[Any, str]:
    """Value and address of the column that was counted by; without one, or where it stands in no cell of the sheet, of
    the row's first filled cell."""
    own = [cells[column]] if column in cells else []
    real = [entry for entry in (*own, *cells.values()) if entry[1][:1].isalpha()]
    value, cell, *_ = next(iter(real), ("", ""))
    return value, cell


def _source_cell(desk: Desk, place: Place) -> SourceCell:
    if place.file is None:
        return _list_entry(place.entry)
    value, file = place.value, place.file
    text = "、".join(value) if isinstance(value, list) else str(value or "")
    return SourceCell(
        organisation=desk.office.organisation(file.org).short, period=file.period, file=file.name,
        arrival=file.arrival_id, sheet=file.sheet, cell=place.cell, value=text, entry=place.entry,
    )  # fmt: skip


def _list_entry(entry: str) -> SourceCell:
    name, _, code = entry.partition(":")
    return SourceCell(
        organisation="", period="", file=f"代码表 {name}", arrival=None, sheet="", cell="", value=code, entry=entry
    )
