"""Every statement on what came in before it is a version: arrivals, leases, placements, judgements, findings.

A placement is said by the program (assignment 0) or by staff; the rows of the highest assignment are what staff say.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select, update

from yaoxun.forms.model import Finding
from yaoxun.returns.placing import Assigned
from yaoxun.returns.tables import arrival, finding, judgement, placement, sheet_version
from yaoxun.store.engine import insert, insert_new, last_number, locked

LEASE = timedelta(seconds=120)
_LAST_PLACEMENT = last_number(placement.c.seq, placement.c.arrival)

WAITING, JUDGED, UNCLAIMED, DUPLICATE, OUR_FAULT, REJECTED = "待判", "已判", "待认领", "重复", "内部故障", "已拒收"
TAKEN_APART = "已拆分"  # a zip whose members, or a summary whose organisations, are arrivals of their own
STATES = (WAITING, JUDGED, UNCLAIMED, DUPLICATE, OUR_FAULT, REJECTED, TAKEN_APART)


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


def first_of_channel(conn: Connection, channel: str, sha: str) -> Arrival | None:
    """The first arrival of these bytes by a channel; None for none."""
    same = and_(arrival.c.channel == channel, arrival.c.blob == sha)
    row = conn.execute(select(arrival).where(same).order_by(arrival.c.id).limit(1)).one_or_none()
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
    """Let an arrival be judged again. Its reason stays until then: a sender who knows it is not told once more."""
    values = {"state": WAITING, "lease_until": None, "lease_token": ""}
    conn.execute(update(arrival).where(arrival.c.id == arrival_id).values(**values))


def held_arrival(conn: Connection, arrival_id: int, wall: datetime) -> tuple[Arrival, bool] | None:
    """An arrival, its row locked until the transaction ends, and whether it is being judged at this moment."""
    row = conn.execute(select(arrival).where(arrival.c.id == arrival_id).with_for_update()).one_or_none()
    if row is None:
        return None
    return _arrival(row), row.state == WAITING and row.lease_until is not None and row.lease_until >= wall


def hold_arrival(conn: Connection, arrival_id: int) -> Arrival:
    """The arrival, its row locked until the transaction ends."""
    return _arrival(locked(conn, arrival, arrival_id))


def part_key(whole: Arrival, org: str) -> str:
    """The channel key of one organisation's part of a summary."""
    return f"{whole.channel_key}/{org}"


def whole_of(conn: Connection, part: Arrival) -> Arrival | None:
    """The summary that an arrival is one organisation's part of: the same file under the key before its own."""
    key, _, org = part.channel_key.rpartition("/")
    whole = arrival_by_key(conn, part.channel, key) if key and org else None
    return whole if whole is not None and (whole.state, whole.blob) == (TAKEN_APART, part.blob) else None


def org_of_part(part: Arrival) -> str:
    """The code of the organisation whose part this was made as."""
    return part.channel_key.rpartition("/")[2]


def parts_of(conn: Connection, whole: Arrival) -> list[Arrival]:
    """The arrivals that a summary was taken apart into, in order; none for any other arrival."""
    same = and_(arrival.c.channel == whole.channel, arrival.c.blob == whole.blob, arrival.c.id != whole.id)
    rows = conn.execute(select(arrival).where(same).order_by(arrival.c.id))
    return [part for part in map(_arrival, rows) if part.channel_key.rpartition("/")[0] == whole.channel_key]


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
    assignment: int = 0,
    late: bool = False,
) -> None:
    """Append where one table of an arrival ('': all of them) belongs, by _meta, headers or staff."""
    seq = conn.execute(_LAST_PLACEMENT, {"of": arrival_id}).scalar_one()
    values: dict[str, Any] = {"arrival": arrival_id, "seq": seq + 1, "org": org, "table_id": table, "period": period}
    values |= {"sheet": sheet, "reason": reason, "actor": actor, "at": now}
    insert(conn, placement, values | {"assignment": assignment, "late": late})


def add_assignment(
    conn: Connection, arrival_id: int, said: Assigned, *, reason: str, actor: str, now: datetime
) -> None:
    """Append what staff say of an arrival. The caller holds the arrival's row."""
    last = select(func.coalesce(func.max(placement.c.assignment), 0)).where(placement.c.arrival == arrival_id)
    number = conn.execute(last).scalar_one() + 1
    for table, sheet in (said.sheets or {"": ""}).items():
        add_placement(conn, arrival_id, org=said.org, table=table, period=said.period, sheet=sheet, reason=reason,
                      actor=actor, now=now, assignment=number, late=said.late)  # fmt: skip


def placements_of(conn: Connection, arrival_id: int) -> list[Any]:
    """Everything that was said of where an arrival belongs, first one first."""
    mine = placement.c.arrival == arrival_id
    return list(conn.execute(select(placement).where(mine).order_by(placement.c.seq)))


def assigned_to(conn: Connection, arrival_id: int) -> Assigned | None:
    """What staff said last of where an arrival belongs; None where they said nothing."""
    rows = placements_of(conn, arrival_id)
    number = max((row.assignment for row in rows), default=0)
    if not number:
        return None
    said = [row for row in rows if row.assignment == number]
    sheets = {row.table_id: row.sheet for row in said if row.table_id}
    return Assigned(org=said[0].org, period=said[0].period, sheets=sheets, late=said[0].late)


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
    mine = (placement.c.arrival == arrival_id, placement.c.org != "")
    found = conn.execute(select(placement.c.org).where(*mine).order_by(placement.c.seq.desc())).first()
    return str(found.org) if found else ""


def judgements_of(conn: Connection, arrival_id: int) -> list[Any]:
    """Every look at an arrival, first one first."""
    mine = judgement.c.arrival == arrival_id
    return list(conn.execute(select(judgement).where(mine).order_by(judgement.c.seq)))


def looks_at(conn: Connection, arrival_ids: Sequence[int]) -> dict[int, int]:
    """How often each of these arrivals was looked at; those that were not are left out."""
    counted = select(judgement.c.arrival, func.count().label("n")).where(judgement.c.arrival.in_(arrival_ids))
    return {row.arrival: row.n for row in conn.execute(counted.group_by(judgement.c.arrival))}


def findings_of(conn: Connection, judgement_id: int) -> list[Any]:
    """The findings of one look."""
    mine = finding.c.judgement == judgement_id
    return list(conn.execute(select(finding).where(mine).order_by(finding.c.id)))


def relying_arrivals(
    conn: Connection, *, obligation: int, org: str, table: str, period: str, besides: int
) -> list[int]:
    """Judged arrivals whose table was placed here without a version of its own: it said the same as one that stood."""
    here = and_(placement.c.org == org, placement.c.table_id == table, placement.c.period == period)
    own = select(sheet_version.c.arrival).where(sheet_version.c.obligation == obligation)
    statement = (
        select(arrival.c.id)
        .join(placement, placement.c.arrival == arrival.c.id)
        .where(here, placement.c.assignment == 0, arrival.c.state == JUDGED, arrival.c.id != besides)
        .where(arrival.c.id.not_in(own))
    )
    return sorted({row.id for row in conn.execute(statement)})
