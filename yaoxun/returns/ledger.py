"""Every statement on what was accepted or returned: versions, decisions, rows, register entries, facts.

What is known is appended. 「current」 is derived here and nowhere else: the 接收 version of an obligation that arrived
last, whatever was judged first.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, select

from yaoxun.office.tables import obligation
from yaoxun.returns.tables import (
    arrival,
    decision,
    explanation,
    fact,
    register_entry,
    same_entry,
    sheet_row,
    sheet_version,
)
from yaoxun.store.engine import insert, insert_new, last_number

_LAST_VERSION = last_number(sheet_version.c.n, sheet_version.c.obligation)
_LAST_DECISION = last_number(decision.c.seq, decision.c.sheet_version)
ACCEPTED, UNEXPLAINED, WITHDRAWN = "接收", "待说明", "撤销"


@dataclass(frozen=True, kw_only=True)
class Version:
    """One table of one organisation for one period, as one file brought it, with its latest decision."""

    id: int
    obligation: int
    org: str
    table: str
    period: str
    n: int
    arrival: int
    declared: str
    sheet: str
    content_sha: str
    received_at: datetime
    decision: str
    decided_at: datetime


@dataclass(frozen=True, kw_only=True)
class StoredRow:
    """A row as it came: column → [value as text or list, cell address]."""

    id: int
    version: int
    row_uid: str
    row_number: int
    cells: Mapping[str, Any]
    official_no: str


def next_version_number(conn: Connection, obligation_id: int) -> int:
    """The caller holds the obligation's row."""
    return int(conn.execute(_LAST_VERSION, {"of": obligation_id}).scalar_one()) + 1


def add_version(
    conn: Connection,
    *,
    obligation_id: int,
    arrival_id: int,
    declared: str,
    cover: Mapping[str, str],
    based_on: str,
    sheet: str,
    content_sha: str,
    snapshot: str,
    received_at: datetime,
    now: datetime,
    look: int = 1,
) -> int | None:
    """Append a version; its id, None when this look at the arrival already made one for this obligation."""
    n = next_version_number(conn, obligation_id)
    values: dict[str, Any] = {"obligation": obligation_id, "n": n, "arrival": arrival_id, "look": look}
    values |= {"declared": declared, "cover": dict(cover)}
    values |= {"based_on": based_on, "sheet": sheet, "content_sha": content_sha, "config_snapshot": snapshot}
    return insert_new(conn, sheet_version, values | {"received_at": received_at, "at": now})


def add_decision(
    conn: Connection, version_id: int, *, judgement: int | None, verdict: str, reason: str, actor: str, now: datetime
) -> None:
    """Append a decision on a version."""
    seq = conn.execute(_LAST_DECISION, {"of": version_id}).scalar_one() + 1
    values = {"sheet_version": version_id, "seq": seq, "judgement": judgement, "decision": verdict, "reason": reason}
    insert(conn, decision, values | {"actor": actor, "at": now})


def add_rows(conn: Connection, version_id: int, rows: Iterable[Mapping[str, Any]]) -> None:
    """Record the rows of a version: dicts with row_uid, row_number, cells and entry (None outside registers)."""
    values = [{"sheet_version": version_id, **row} for row in rows]
    if values:
        conn.execute(sheet_row.insert(), values)


def add_facts(conn: Connection, version_id: int, facts: Iterable[Mapping[str, Any]]) -> None:
    """Record the facts of a version: dicts of the table's columns without the version."""
    values = [{"sheet_version": version_id, **one} for one in facts]
    if values:
        conn.execute(fact.insert(), values)


def add_explanations(
    conn: Connection, *, obligation_id: int, version_id: int, texts: Iterable[tuple[str, str, str, str]], now: datetime
) -> None:
    """Record explanations: (rule, row_uid, column, text)."""
    for rule, row_uid, column, words in texts:
        key = {"obligation": obligation_id, "rule": rule, "row_uid": row_uid, "column_name": column}
        same = and_(*(explanation.c[name] == value for name, value in key.items()))
        seq = conn.execute(select(func.coalesce(func.max(explanation.c.seq), 0)).where(same)).scalar_one() + 1
        insert(conn, explanation, key | {"seq": seq, "text": words, "sheet_version": version_id, "at": now})


def _latest_decision(*, dated: bool) -> Any:
    """The number of a version's last decision (`dated`: as it was known at a time); looked up for each version that is asked
    for, because grouping all decisions would cost what the ledger holds."""
    one = decision.alias()
    statement = select(func.max(one.c.seq)).where(one.c.sheet_version == sheet_version.c.id)
    if dated:
        statement = statement.where(one.c.at <= bindparam("known_at"))
    return statement.correlate(sheet_version).scalar_subquery()


def versions(
    conn: Connection,
    *,
    known_at: datetime | None = None,
    period: str | None = None,
    org: str | None = None,
    table: str | None = None,
    arrival_id: int | None = None,
) -> list[Version]:
    """Versions with the decision that held at `known_at` (None: now), in the order their files arrived."""
    asked = {"known_at": known_at, "period": period, "org": org, "table_id": table, "arrival": arrival_id}
    asked = {name: value for name, value in asked.items() if value is not None}
    return [_version(row) for row in conn.execute(_versions(tuple(asked)), asked)]


@cache
def _versions(asked: tuple[str, ...]) -> Any:
    """The statement of `versions` with these parameters; put together once."""
    last = _latest_decision(dated="known_at" in asked)
    joined = sheet_version.join(
        decision, and_(decision.c.sheet_version == sheet_version.c.id, decision.c.seq == last)
    ).join(obligation, obligation.c.id == sheet_version.c.obligation)
    columns = (obligation.c.org, obligation.c.table_id, obligation.c.period, decision.c.decision)
    statement = select(sheet_version, *columns, decision.c.at.label("decided_at")).select_from(joined)
    for column in (obligation.c.period, obligation.c.org, obligation.c.table_id, sheet_version.c.arrival):
        if column.name in asked:
            statement = statement.where(column == bindparam(column.name))
    return statement.order_by(sheet_version.c.received_at, sheet_version.c.arrival, sheet_version.c.n)


def _version(row: Any) -> Version:
    names = ("id", "obligation", "org", "period", "n", "arrival", "declared", "sheet", "content_sha", "received_at")
    values = {name: getattr(row, name) for name in (*names, "decision", "decided_at")}
    return Version(table=row.table_id, **values)


def current_of(all_versions: Iterable[Version]) -> dict[int, Version]:
    """The current version of each obligation: among the accepted, the one that arrived last."""
    current: dict[int, Version] = {}
    for version in sorted(all_versions, key=lambda v: (v.received_at, v.arrival, v.n)):
        if version.decision == ACCEPTED:
            current[version.obligation] = version
    return current


def latest_of(all_versions: Iterable[Version]) -> dict[int, Version]:
    """The version of each obligation that arrived last, accepted or not; what was withdrawn counts as never sent."""
    left = [version for version in all_versions if version.decision != WITHDRAWN]
    ordered = sorted(left, key=lambda v: (v.received_at, v.arrival, v.n))
    return {version.obligation: version for version in ordered}


def lock_tables(conn: Connection, tables: Iterable[str]) -> None:
    """Hold these tables (a register's id, or a fixed table's `id:organisation`) until the transaction ends, in one order
    everywhere: histories are compared, and series counted up, below. SQLite has one writer anyway."""
    for table in sorted(set(tables)) if conn.dialect.name == "postgresql" else ():
        conn.exec_driver_sql("SELECT pg_advisory_xact_lock(7244, hashtext(%s))", (table,))


def history_mark(conn: Connection, org: str, table: str) -> tuple[int, int]:
    """Moves whenever anything is decided on this organisation's table ('': on any organisation's); compared again before
    a judgement commits."""
    row = conn.execute(_history_mark(of_one=bool(org)), {"table": table} | ({"org": org} if org else {})).one()
    return int(row[0]), int(row[1])


@cache
def _history_mark(*, of_one: bool) -> Any:
    joined = decision.join(sheet_version, sheet_version.c.id == decision.c.sheet_version).join(
        obligation, obligation.c.id == sheet_version.c.obligation
    )
    statement = select(func.coalesce(func.max(decision.c.id), 0), func.count()).select_from(joined)
    statement = statement.where(obligation.c.table_id == bindparam("table"))
    return statement.where(obligation.c.org == bindparam("org")) if of_one else statement


def rows_of(conn: Connection, version_ids: Sequence[int]) -> list[StoredRow]:
    """The rows of these versions, in sheet order."""
    found: list[StoredRow] = []
    joined = sheet_row.outerjoin(register_entry, register_entry.c.uid == sheet_row.c.row_uid)
    for start in range(0, len(version_ids), 500):
        chunk = version_ids[start : start + 500]
        statement = select(sheet_row, register_entry.c.official_no).select_from(joined)
        statement = statement.where(sheet_row.c.sheet_version.in_(chunk)).order_by(
            sheet_row.c.sheet_version, sheet_row.c.row_number, sheet_row.c.id
        )
        for r in conn.execute(statement):
            found.append(
                StoredRow(id=r.id, version=r.sheet_version, row_uid=r.row_uid, row_number=r.row_number, cells=r.cells,
                          official_no=r.official_no or "")
            )  # fmt: skip
    return found


def facts_of(conn: Connection, version_ids: Sequence[int]) -> list[Any]:
    """The facts of these versions."""
    found: list[Any] = []
    for start in range(0, len(version_ids), 500):
        chunk = version_ids[start : start + 500]
        found += conn.execute(select(fact).where(fact.c.sheet_version.in_(chunk)).order_by(fact.c.id))
    return found


def rows_by_id(conn: Connection, ids: Sequence[int]) -> dict[int, Any]:
    """Recorded rows by their ids."""
    return {row.id: row for row in conn.execute(select(sheet_row).where(sheet_row.c.id.in_(ids)))}


def facts_by_id(conn: Connection, ids: Sequence[int]) -> dict[int, Any]:
    """Recorded facts by their ids."""
    return {row.id: row for row in conn.execute(select(fact).where(fact.c.id.in_(ids)))}


def source_files(conn: Connection, version_ids: Sequence[int]) -> dict[int, Any]:
    """Where versions came from: version id → row with org, period, sheet, and its file's name, blob and number."""
    joined = sheet_version.join(arrival, arrival.c.id == sheet_version.c.arrival).join(
        obligation, obligation.c.id == sheet_version.c.obligation
    )
    columns = (sheet_version.c.id, sheet_version.c.sheet, obligation.c.org, obligation.c.period)
    file = (arrival.c.name, arrival.c.blob, arrival.c.channel, arrival.c.id.label("arrival_id"))
    statement = select(*columns, *file).select_from(joined).where(sheet_version.c.id.in_(version_ids))
    return {row.id: row for row in conn.execute(statement)}


def owners_of(conn: Connection, register: str, numbers: Sequence[str]) -> dict[str, str]:
    """Which organisation's entry bears an official number: number → code, of those that exist."""
    joined = (
        register_entry.join(sheet_row, sheet_row.c.entry == register_entry.c.uid)
        .join(sheet_version, sheet_version.c.id == sheet_row.c.sheet_version)
        .join(obligation, obligation.c.id == sheet_version.c.obligation)
    )
    statement = select(register_entry.c.official_no, obligation.c.org).select_from(joined).distinct()
    wanted = statement.where(register_entry.c.register == register, register_entry.c.official_no.in_(numbers))
    return {row.official_no: row.org for row in conn.execute(wanted)}


def same_entries(conn: Connection) -> dict[str, str]:
    """Entries that staff declared to be another's: entry → the entry whose row counts."""
    return {row.entry: row.of_entry for row in conn.execute(select(same_entry))}


def standing_of(conn: Connection, arrival_id: int) -> list[Version]:
    """The versions of an arrival that were not withdrawn."""
    return [v for v in versions(conn, arrival_id=arrival_id) if v.decision != WITHDRAWN]


def decisions_of(conn: Connection, version_id: int) -> list[Any]:
    """Every decision on a version, first one first."""
    return list(conn.execute(select(decision).where(decision.c.sheet_version == version_id).order_by(decision.c.seq)))


def still_stands(conn: Connection, arrival_id: int) -> bool:
    """Whether an arrival has versions and each is still the latest of its obligation."""
    mine = standing_of(conn, arrival_id)
    for one in mine:
        latest = latest_of(versions(conn, period=one.period, org=one.org, table=one.table))
        if latest[one.obligation].id != one.id:
            return False
    return bool(mine)
