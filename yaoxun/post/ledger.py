"""Every statement on the outbox. A message is due to each of its recipients once; each recipient has a state:

待发 → 领取 (claimed, safe to retry) → 送达中 (committed just before DATA) → 服务器已接收
                 └→ 待重试, 被拒, 已撤         └→ 状态不明 (a kill or a lost answer; a person settles it)
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select, update

from yaoxun.post.model import RecipientState
from yaoxun.post.tables import message, recipient, recipient_event
from yaoxun.store.engine import insert, insert_new

LEASE = timedelta(seconds=180)

_READY = (RecipientState.WAITING.value, RecipientState.RETRY.value)


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """One recipient of one message, as far as sending needs it."""

    recipient: int
    message: int
    kind: str
    subject: str
    version: int
    message_id: str
    address: str
    role: str
    state: str
    attempts: int
    params: Mapping[str, Any]
    eml: str | None
    frozen_at: datetime | None
    not_before: datetime


def put_message(
    conn: Connection,
    *,
    kind: str,
    subject: str,
    message_id: str,
    params: Mapping[str, Any],
    recipients: Iterable[tuple[str, str]],
    not_before: datetime,
    now: datetime,
    version: int = 1,
) -> int | None:
    """Intend a message, once for its kind, subject and version; its id, None when it was there. `recipients` are
    (address, role) with role to, cc or path; an address that comes twice is one recipient."""
    values = {"kind": kind, "subject": subject, "version": version, "message_id": message_id, "params": dict(params)}
    new = insert_new(conn, message, values | {"not_before": not_before, "at": now})
    if new is None:
        return None
    for address, role in recipients:
        row = {"message": new, "address": address, "role": role, "state": RecipientState.WAITING.value}
        insert_new(conn, recipient, row | {"lease_token": "", "attempts": 0})
    return new


def _free(wall: datetime) -> Any:
    expired = and_(recipient.c.state == RecipientState.CLAIMED.value, recipient.c.lease_until < wall)
    return or_(recipient.c.state.in_(_READY), expired)


def due_recipients(conn: Connection, *, now: datetime, wall: datetime) -> list[Outgoing]:
    """Everything that may be sent now, oldest message first."""
    ready = or_(recipient.c.retry_at.is_(None), recipient.c.retry_at <= now)
    statement = _joined().where(_free(wall), ready, message.c.not_before <= now)
    return [_outgoing(row) for row in conn.execute(statement.order_by(message.c.id, recipient.c.id))]


def _joined() -> Any:
    columns = [c for c in message.c if c.name not in ("id", "at")]
    mine = (recipient.c.id.label("rid"), message.c.id.label("mid"), recipient.c.address, recipient.c.role)
    return select(*mine, recipient.c.state, recipient.c.attempts, *columns).select_from(
        recipient.join(message, message.c.id == recipient.c.message)
    )


def _outgoing(row: Any) -> Outgoing:
    names = ("kind", "subject", "version", "message_id", "address", "role", "state", "attempts", "params", "eml")
    values = {name: getattr(row, name) for name in (*names, "frozen_at", "not_before")}
    return Outgoing(recipient=row.rid, message=row.mid, **values)


def claim_recipient(conn: Connection, recipient_id: int, *, token: str, wall: datetime) -> Outgoing | None:
    """Take a recipient for `LEASE`; None when it has had its turn or another holds it."""
    attempts = recipient.c.attempts + 1
    claim = (
        update(recipient)
        .where(recipient.c.id == recipient_id, _free(wall))
        .values(state=RecipientState.CLAIMED.value, lease_token=token, lease_until=wall + LEASE, attempts=attempts)
    )
    if conn.execute(claim).rowcount != 1:
        return None
    return _outgoing(conn.execute(_joined().where(recipient.c.id == recipient_id)).one())


def freeze_params(conn: Connection, message_id: int, params: Mapping[str, Any], *, now: datetime) -> None:
    """Fix what a message says, at its first claim; a later call changes nothing."""
    first = update(message).where(message.c.id == message_id, message.c.frozen_at.is_(None))
    conn.execute(first.values(params=dict(params), frozen_at=now))


def set_eml(conn: Connection, message_id: int, sha: str) -> None:
    """Bind the bytes that are sent; the first stay."""
    conn.execute(update(message).where(message.c.id == message_id, message.c.eml.is_(None)).values(eml=sha))


def begin_data(conn: Connection, recipient_id: int, *, token: str, wall: datetime, now: datetime) -> bool:
    """Commit that DATA is about to begin; False when the claim was lost, and then nothing may be sent."""
    mine = and_(recipient.c.lease_token == token, recipient.c.state == RecipientState.CLAIMED.value)
    begun = (
        update(recipient)
        .where(recipient.c.id == recipient_id, mine)
        .values(state=RecipientState.DATA.value, lease_until=wall + LEASE)
    )
    if conn.execute(begun).rowcount != 1:
        return False
    add_event(conn, recipient_id, what=RecipientState.DATA.value, raw="", now=now)
    return True


def finish_recipient(
    conn: Connection,
    recipient_id: int,
    *,
    token: str,
    state: RecipientState,
    raw: str,
    now: datetime,
    retry_at: datetime | None = None,
) -> bool:
    """Write what came of an attempt; False when the claim was lost in between, and then nothing is written."""
    held = (RecipientState.CLAIMED.value, RecipientState.DATA.value)
    done = (
        update(recipient)
        .where(recipient.c.id == recipient_id, recipient.c.lease_token == token, recipient.c.state.in_(held))
        .values(state=state.value, lease_until=None, lease_token="", retry_at=retry_at)
    )
    if conn.execute(done).rowcount != 1:
        return False
    add_event(conn, recipient_id, what=state.value, raw=raw, now=now)
    return True


def withdraw_recipient(conn: Connection, recipient_id: int, *, why: str, now: datetime) -> None:
    """Nothing is to be sent any more; only before DATA."""
    held = (*_READY, RecipientState.CLAIMED.value)
    done = (
        update(recipient)
        .where(recipient.c.id == recipient_id, recipient.c.state.in_(held))
        .values(state=RecipientState.WITHDRAWN.value, lease_until=None, lease_token="")
    )
    if conn.execute(done).rowcount:
        add_event(conn, recipient_id, what=RecipientState.WITHDRAWN.value, raw=why, now=now)


def mark_unknown(conn: Connection, *, wall: datetime, now: datetime) -> int:
    """Deliveries that were in DATA when their process died: 状态不明. How many."""
    lost = and_(recipient.c.state == RecipientState.DATA.value, recipient.c.lease_until < wall)
    rows = conn.execute(select(recipient.c.id).where(lost).with_for_update()).all()
    for row in rows:
        conn.execute(
            update(recipient)
            .where(recipient.c.id == row.id)
            .values(state=RecipientState.UNKNOWN.value, lease_until=None, lease_token="")
        )
        add_event(conn, row.id, what=RecipientState.UNKNOWN.value, raw="发送途中进程中断", now=now)
    return len(rows)


def settle_recipient(conn: Connection, recipient_id: int, *, arrived: bool, remark: str, now: datetime) -> bool:
    """A person says what became of a 状态不明 delivery: it arrived, or it is to be sent again (same Message-ID)."""
    state = RecipientState.ACCEPTED if arrived else RecipientState.WAITING
    done = (
        update(recipient)
        .where(recipient.c.id == recipient_id, recipient.c.state == RecipientState.UNKNOWN.value)
        .values(state=state.value, retry_at=None)
    )
    if conn.execute(done).rowcount != 1:
        return False
    add_event(conn, recipient_id, what=f"人工认定：{'已送达' if arrived else '重发'}", raw=remark, now=now)
    return True


def add_event(conn: Connection, recipient_id: int, *, what: str, raw: str, now: datetime) -> None:
    """Append what happened to a recipient."""
    last = select(func.coalesce(func.max(recipient_event.c.seq), 0)).where(recipient_event.c.recipient == recipient_id)
    seq = conn.execute(last).scalar_one() + 1
    insert(conn, recipient_event, {"recipient": recipient_id, "seq": seq, "what": what, "raw": raw, "at": now})


def outbox(conn: Connection, *, states: Iterable[str] = (), kind: str = "") -> list[Outgoing]:
    """The outbox, newest message last, by states and kind."""
    statement = _joined()
    wanted = list(states)
    if wanted:
        statement = statement.where(recipient.c.state.in_(wanted))
    if kind:
        statement = statement.where(message.c.kind == kind)
    return [_outgoing(row) for row in conn.execute(statement.order_by(message.c.id, recipient.c.id))]


def message_recipients(conn: Connection, message_id: int) -> list[tuple[str, str]]:
    """(address, role) of every recipient of a message."""
    rows = conn.execute(select(recipient).where(recipient.c.message == message_id).order_by(recipient.c.id))
    return [(row.address, row.role) for row in rows]


def outgoing(conn: Connection, recipient_id: int) -> Outgoing:
    """One recipient as it stands now."""
    return _outgoing(conn.execute(_joined().where(recipient.c.id == recipient_id)).one())
