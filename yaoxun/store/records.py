"""The store's own tables: config snapshots, blobs, events, installations and runs, with every statement that touches them
(those on installations stand in installation.py).
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, Connection, Index, Table, Text, UniqueConstraint, select, update

from yaoxun.store.engine import insert, insert_new
from yaoxun.store.types import integer, json_text, metadata, moment, pk, text

schema_migration = Table(
    "schema_migration",
    metadata,
    Column("n", integer("n").type, primary_key=True, autoincrement=False),
    text("name"),
    moment("applied_at"),
)
config_snapshot = Table(
    "config_snapshot", metadata, Column("sha", Text, primary_key=True), json_text("content"), moment("made_at")
)
blob = Table(
    "blob", metadata, Column("sha256", Text, primary_key=True), integer("size"), text("kind"), moment("made_at")
)
event = Table(
    "event",
    metadata,
    pk(),
    text("actor"),
    moment("at"),
    text("verb"),
    text("subject"),
    json_text("payload"),
    Index("ix_event_subject", "subject"),
)
installation = Table(
    "installation",
    metadata,
    pk(),
    integer("seq"),
    text("identity"),
    text("home"),
    text("machine"),
    text("db"),
    text("inode"),
    text("actor"),
    text("reason"),
    moment("at"),
    UniqueConstraint("seq", name="uq_installation"),
)
run = Table(
    "run",
    metadata,
    pk(),
    text("kind"),
    text("period"),
    text("occasion"),
    text("requested_by"),
    moment("scheduled_for", nullable=True),
    moment("started_at"),
    moment("lease_until", nullable=True),
    text("outcome"),
    moment("finished_at", nullable=True),
    UniqueConstraint("kind", "period", "occasion", name="uq_run"),
)

RUN_LEASE = timedelta(minutes=10)


def note_event(
    conn: Connection, *, actor: str, at: datetime, verb: str, subject: str, payload: Mapping[str, Any] | None = None
) -> None:
    """Append one event, in the transaction of what it tells."""
    insert(conn, event, {"actor": actor, "at": at, "verb": verb, "subject": subject, "payload": dict(payload or {})})


def events_of(conn: Connection, subject: str) -> list[Any]:
    """The events of one subject in the order they happened."""
    return list(conn.execute(select(event).where(event.c.subject == subject).order_by(event.c.id)))


def put_blob_row(conn: Connection, *, sha256: str, size: int, kind: str, at: datetime) -> None:
    """Record a blob whose bytes are already on disk; the first kind stays."""
    insert_new(conn, blob, {"sha256": sha256, "size": size, "kind": kind, "made_at": at})


def blob_rows(conn: Connection) -> list[Any]:
    """Every blob on record: sha256, size, kind."""
    return list(conn.execute(select(blob).order_by(blob.c.sha256)))


def schema_steps(conn: Connection) -> list[str]:
    """The names of the migrations this database has had, in order."""
    return list(conn.execute(select(schema_migration.c.name).order_by(schema_migration.c.n)).scalars())


def blob_kind(conn: Connection, sha256: str) -> str | None:
    """What the bytes were first seen as; None when unknown."""
    return conn.execute(select(blob.c.kind).where(blob.c.sha256 == sha256)).scalar_one_or_none()


def put_snapshot(conn: Connection, *, sha: str, content: Mapping[str, str], at: datetime) -> None:
    """Record the configuration under its hash, once."""
    insert_new(conn, config_snapshot, {"sha": sha, "content": dict(content), "made_at": at})


def snapshot_content(conn: Connection, sha: str) -> dict[str, str] | None:
    """The files of a recorded configuration: relative path → text."""
    return conn.execute(select(config_snapshot.c.content).where(config_snapshot.c.sha == sha)).scalar_one_or_none()


def begin_run(
    conn: Connection,
    *,
    kind: str,
    period: str,
    occasion: str,
    requested_by: str,
    scheduled_for: datetime | None,
    now: datetime,
    wall: datetime,
) -> int | None:
    """Put a run of this kind, period and occasion on record; None when it has been finished before. One that was begun
    and not finished may be begun again: its process may have died, and every use case bears a second run."""
    key: dict[str, Any] = {"kind": kind, "period": period, "occasion": occasion}
    values = {"requested_by": requested_by, "scheduled_for": scheduled_for, "started_at": now, "outcome": ""}
    fresh = insert_new(conn, run, key | values | {"lease_until": wall + RUN_LEASE})
    if fresh is not None:
        return fresh
    same = [run.c[name] == value for name, value in key.items()]
    again = update(run).where(*same, run.c.outcome == "").values(lease_until=wall + RUN_LEASE)
    return conn.execute(again.returning(run.c.id)).scalar_one_or_none()


def finish_run(conn: Connection, run_id: int, *, outcome: str, now: datetime) -> None:
    """Write what came of a run and give its lease back."""
    conn.execute(update(run).where(run.c.id == run_id).values(outcome=outcome, finished_at=now, lease_until=None))
