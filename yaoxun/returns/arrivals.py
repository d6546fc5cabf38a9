"""Every statement on what came in before it is a version: arrivals, leases, placements, judgements, findings."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select, update

from yaoxun.forms.model import Finding
from yaoxun.returns.tables import arrival, finding, judgement, placement
from yaoxun.store.engine import insert, insert_new, locked

LEASE = timedelta(seconds=120)

WAITING, JUDGED, UNCLAIMED, DUPLICATE, OUR_FAULT = "待判", "已判", "待认领", "重复", "内部故障"


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """One file that came, by whichever channel."""

    id: int
    channel: str
    channel_key: str
    name: str
    blob: str
    sender: str
    on_behalf_of: str
    duplicate_of: int | None
    received_at: datetime
    state: str
    reason: str


def _arrival(row: Any) -> Arrival:
    names = ("id", "channel", "channel_key", "name", "blob", "sender", "on_behalf_of", "duplicate_of")
    return Arrival(**{name: getattr(row, name) for name in (*names, "received_at", "state", "reason")})


def add_arrival(
    conn: Connection,
    *,
    channel: str,
    channel_key: str,
    name: str,
    sha: str,
    now: datetime,
    sender: str = "",
    on_behalf_of: str = "",
) -> int | None:
    """Put a file on record, once for its channel key; its id, None when it was there. A file whose bytes came before
    points to the last arrival of them that was no duplicate itself."""
    if arrival_by_key(conn, channel, channel_key) is not None:
        return None  # asked first, because a refused insert uses up a number that people would miss
    first = conn.execute(
        select(func.max(arrival.c.id)).where(arrival.c.blob == sha, arrival.c.state != DUPLICATE)
    ).scalar_one()
    values: dict[str, Any] = {
        "channel": channel,
        "channel_key": channel_key,
        "name": name,
        "blob": sha,
        "sender": sender,
    }
    values |= {"on_behalf_of": on_behalf_of, "duplicate_of": first, "received_at": now}
    return insert_new(conn, arrival, values | {"lease_token": "", "state": WAITING, "reason": ""})


def arrival_by_id(conn: Connection, arrival_id: int) -> Arrival | None:
    """The arrival of that number; None for none."""
    row = conn.execute(select(arrival).where(arrival.c.id == arrival_id)).one_or_none()
    return _arrival(row) if row else None


def arrival_by_key(conn: Connection, channel: str, channel_key: str) -> Arrival | None:
    """The arrival of a channel's key; None for none."""
    same = and_(arrival.c.channel == channel, arrival.c.channel_key == channel_key)
    row = conn.execute(select(arrival).where(same)).one_or_none()
    return _arrival(row) if row else None


def waiting_arrivals(conn: Connection, wall: datetime) -> list[int]:
    """Arrivals that nobody holds and that have not had their turn, oldest first."""
    free = or_(arrival.c.lease_until.is_(None), arrival.c.lease_until < wall)
    rows = conn.execute(select(arrival.c.id).where(arrival.c.state == WAITING, free).order_by(arrival.c.id))
    return [row.id for row in rows]


def arrivals_in_state(conn: Connection, *states: str) -> list[Arrival]:
    """Arrivals in any of these states, oldest first."""
    rows = conn.execute(select(arrival).where(arrival.c.state.in_(states)).order_by(arrival.c.id))
    return [_arrival(row) for row in rows]


def claim_arrival(conn: Connection, arrival_id: int, *, token: str, wall: datetime) -> bool:
    """Take an arrival for `LEASE`; False when it has had its turn or another holds it."""
    free = or_(arrival.c.lease_until.is_(None), arrival.c.lease_until < wall)
    done = conn.execute(
        update(arrival)
        .where(arrival.c.id == arrival_id, arrival.c.state == WAITING, free)
        .values(lease_token=token, lease_until=wall + LEASE)
    )
    return done.rowcount == 1


def still_held(conn: Connection, arrival_id: int, token: str) -> bool:
    """Whether this token still holds the arrival; locks its row, so that it stays true in this transaction."""
    row = locked(conn, arrival, arrival_id)
    return bool(row.lease_token == token and row.state == WAITING)


def settle_arrival(conn: Connection, arrival_id: int, *, state: str, reason: str = "") -> None:
    """Write what became of an arrival and give its lease back."""
    values = {"state": state, "reason": reason, "lease_until": None, "lease_token": ""}
    conn.execute(update(arrival).where(arrival.c.id == arrival_id).values(**values))


def reopen_arrival(conn: Connection, arrival_id: int) -> None:
    """Let an arrival be judged again."""
    settle_arrival(conn, arrival_id, state=WAITING)


def add_placement(
    conn: Connection,
    arrival_id: int,
    *,
    org: str,
    table: str,
    period: str,
    sheet: str,
    reason: str,
    actor: str,
    now: datetime,
) -> None:
    """Append where one table of an arrival belongs, by _meta, headers or staff."""
    seq = conn.execute(
        select(func.coalesce(func.max(placement.c.seq), 0)).where(placement.c.arrival == arrival_id)
    ).scalar_one()
    values: dict[str, Any] = {"arrival": arrival_id, "seq": seq + 1, "org": org, "table_id": table, "period": period}
    insert(conn, placement, values | {"sheet": sheet, "reason": reason, "actor": actor, "at": now})


def add_judgement(
    conn: Connection, arrival_id: int, *, snapshot: str, outcome: str, actor: str, now: datetime
) -> tuple[int, int]:
    """Append one look at an arrival; its id and its number. The caller holds the arrival's row."""
    seq = conn.execute(
        select(func.coalesce(func.max(judgement.c.seq), 0)).where(judgement.c.arrival == arrival_id)
    ).scalar_one()
    values: dict[str, Any] = {"arrival": arrival_id, "seq": seq + 1, "config_snapshot": snapshot, "outcome": outcome}
    return insert(conn, judgement, values | {"actor": actor, "at": now}), int(seq) + 1


def add_findings(conn: Connection, judgement_id: int, findings: Iterable[Finding]) -> int:
    """Record findings; those that would share a key are told apart by their cell. How many were written."""
    rows: dict[tuple[str, str, str, str], dict[str, Any]] = {}
    for f in findings:
        key = (f.table, f.rule, f.row_uid, f.column)
        if key in rows:
            key = (f.table, f.rule, f.row_uid, f"{f.column}@{f.cell}")
        rows[key] = {
            "judgement": judgement_id, "table_id": key[0], "rule": key[1], "row_uid": key[2], "column_name": key[3],
            "level": f.level, "sheet": f.sheet, "cell": f.cell, "found": f.found, "message": f.message,
            "explained": f.explained,
        }  # fmt: skip
    if rows:
        conn.execute(finding.insert(), list(rows.values()))
    return len(rows)


def release_arrival(conn: Connection, arrival_id: int, token: str) -> None:
    """Give a lease back without having judged; nothing happens when the token no longer holds it."""
    mine = and_(arrival.c.id == arrival_id, arrival.c.lease_token == token, arrival.c.state == WAITING)
    conn.execute(update(arrival).where(mine).values(lease_until=None, lease_token=""))


def placed_org(conn: Connection, arrival_id: int) -> str:
    """The organisation an arrival was last placed with; '' for none."""
    rows = conn.execute(
        select(placement.c.org).where(placement.c.arrival == arrival_id).order_by(placement.c.seq.desc())
    )
    found = rows.first()
    return str(found.org) if found else ""
