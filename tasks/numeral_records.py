"""The records that a drafted document carries in itself: what each of its numerals is, and the cells it came from, named by
the hash of the file, sheet and cell. Reads only what was recorded.
"""

from collections.abc import Iterator, Mapping
from functools import cache

from sqlalchemy import Connection

from tasks.trace import places
from yaoxun.briefings import ledger
from yaoxun.briefings.lint.model import NumeralRecord
from yaoxun.briefings.model import Issue, Numeral
from yaoxun.figures.ledger import recorded_figure
from yaoxun.figures.model import Computed, FigureValue, Source
from yaoxun.figures.words import plain

_Cells = tuple[tuple[str, str, str], ...]


def draft_records(conn: Connection, issue: Issue, computed: Computed) -> tuple[NumeralRecord, ...]:
    """The records of a new draft, whose figures are not written down yet."""
    values = {(value.figure, value.dims): value for value in computed.all()}
    return _records(conn, issue, {n.id: values[(n.figure, n.dims)] for n in issue.numerals if n.figure})


def version_records(conn: Connection, issue: Issue, version: int) -> tuple[NumeralRecord, ...]:
    """The records of a version, from its recorded numerals."""
    rows = [row for row in ledger.numerals_of(conn, version) if row.figure_value is not None]
    values = {value: recorded_figure(conn, value) for value in {row.figure_value for row in rows}}
    return _records(conn, issue, {row.bookmark: values[row.figure_value] for row in rows})


def _records(conn: Connection, issue: Issue, values: Mapping[str, FigureValue]) -> tuple[NumeralRecord, ...]:
    @cache
    def cells(sources: tuple[Source, ...]) -> _Cells:
        return tuple(_cells(conn, sources))

    def record(numeral: Numeral) -> NumeralRecord:
        value = values.get(numeral.id)
        number = plain(value.number) if value and value.number is not None else ""
        return NumeralRecord(
            id=numeral.id, text=numeral.text, origin=numeral.origin, figure=numeral.figure, dims=numeral.dims, value=number,
            unit=value.unit if value else "", cells=cells(value.sources) if value else (),
        )  # fmt: skip

    return tuple(map(record, issue.numerals))


def _cells(conn: Connection, sources: tuple[Source, ...]) -> Iterator[tuple[str, str, str]]:
    for place in places(conn, sources):
        if place.file is not None:
            yield place.file.blob, place.file.sheet, place.cell
