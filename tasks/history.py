"""Fills forms' History from returns' ledger: what was accepted of an organisation's table before the period at hand.

A fixed table's row, and a register's entry alike, is known by its row in the newest earlier period's current version.
Reads only, in the caller's transaction.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from sqlalchemy import Connection

from tasks.desk import Desk
from tasks.others import others_like
from tasks.surroundings import figures_beside, known_elsewhere, sums_of_parts
from yaoxun.forms.model import Form, Frame, History, KnownRow
from yaoxun.office.ledger import Obligation, obligations
from yaoxun.office.model import Organisation, Period
from yaoxun.returns.cells import kept_values
from yaoxun.returns.ledger import StoredRow, Version, current_of, rows_of, versions
from yaoxun.returns.states import counted

SERIES_LENGTH = 6


@dataclass(frozen=True, kw_only=True)
class OnRecord:
    """What an organisation was asked for and what it sent, of one table or of all."""

    obligations: Sequence[Obligation]
    versions: Sequence[Version]

    def of(self, table: str) -> "OnRecord":
        """The part that concerns one table."""
        asked, sent = self.obligations, self.versions
        return OnRecord(
            obligations=[o for o in asked if o.table == table], versions=[v for v in sent if v.table == table]
        )


def on_record(conn: Connection, org: Organisation, table: str | None = None) -> OnRecord:
    """Read it; of all tables at once where many are asked about."""
    return OnRecord(
        obligations=obligations(conn, org=org.code, table=table), versions=versions(conn, org=org.code, table=table)
    )


def build_frame(
    desk: Desk, conn: Connection, form: Form, org: Organisation, period: Period, *, known: OnRecord | None = None
) -> Frame:
    """Everything that one table of one organisation is printed, read and checked against. known: what is on record of
    the organisation, where the caller has read it."""
    return Frame(
        form=form,
        org=org,
        period=period,
        lists=desk.office.code_lists,
        history=build_history(desk, conn, form, org, period, known=known),
        pilot_start=desk.office.pilot_start,
    )


def build_history(
    desk: Desk, conn: Connection, form: Form, org: Organisation, period: Period, *, known: OnRecord | None = None
) -> History:
    """The history of one table up to, and without, the period."""
    office, record = desk.office, known.of(form.id) if known else on_record(conn, org, form.id)
    earlier = [v for v in current_of(record.versions).values() if office.period(v.period).sort < period.sort]
    earlier.sort(key=lambda v: office.period(v.period).sort)
    stored = _by_version(rows_of(conn, [v.id for v in earlier]))
    asked = counted(office, record.obligations, earlier)
    owed = {o.period for o in asked if o.required}
    missing = owed - {v.period for v in earlier}
    return History(
        rows=_known(desk, earlier, stored) if form.setting.carries else {},
        previous=earlier[-1].period if earlier else "",
        missing=tuple(label for label in sorted(missing) if office.period(label).sort < period.sort),
        others_like=partial(others_like, desk, conn, form, org.code) if form.setting.similar else None,
        series=_series(form, earlier, stored),
        elsewhere=known_elsewhere(desk, conn, form, org, period),
        parts=sums_of_parts(desk, conn, form, org, period),
        beside=figures_beside(desk, conn, form, org, period),
    )


def _by_version(rows: Iterable[StoredRow]) -> dict[int, list[StoredRow]]:
    grouped: dict[int, list[StoredRow]] = {}
    for row in rows:
        grouped.setdefault(row.version, []).append(row)
    return grouped


def _known(desk: Desk, earlier: Sequence[Version], stored: Mapping[int, list[StoredRow]]) -> dict[str, KnownRow]:
    known: dict[str, KnownRow] = {}
    for version in earlier:
        year = desk.office.period(version.period).year
        for row in stored.get(version.id, ()):
            before = known.pop(row.row_uid, None)
            known[row.row_uid] = KnownRow(
                uid=row.row_uid,
                values=kept_values(row.cells),
                number=row.official_no,
                period=version.period,
                year=year,
                first_period=before.first_period if before else version.period,
            )
    return known


def _series(
    form: Form, earlier: Sequence[Version], stored: Mapping[int, list[StoredRow]]
) -> dict[tuple[str, str], tuple[Decimal, ...]]:
    steady = [column.name for column in form.columns if column.indicator and not column.formula]
    series: dict[tuple[str, str], list[Decimal]] = {}
    for version in earlier:
        for row in stored.get(version.id, ()):
            values = kept_values(row.cells)
            for column in steady:
                value = values.get(column)
                if isinstance(value, Decimal):
                    series.setdefault((row.row_uid, column), []).append(value)
    return {key: tuple(values[-SERIES_LENGTH:]) for key, values in series.items()}
