"""Every statement on the outbox. A message is due to each of its recipients once; each recipient has a state:

待发 → 领取 (claimed, safe to retry) → 送达中 (committed just before DATA) → 服务器已接收, in a trial 已改投
                 └→ 待重试, 被拒, 已撤         └→ 状态不明 (a kill or a lost answer; a person settles it)

What people do to it by hand stands in manual.py.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, case, func, or_, select, update

from yaoxun.post.model import RecipientState
from yaoxun.post.tables import message, recipient, recipient_event
from yaoxun.store.engine import insert, insert_new

LEASE = timedelta(seconds=180)

READY = (RecipientState.WAITING.value, RecipientState.RETRY.value)


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """One recipient of one message, as far as sending needs it. `diverted_to`: in a trial, where its last attempt went
    instead, with the bytes of that (`diverted_eml`); '' and None otherwise."""

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
    diverted_to: str
    diverted_eml: str | None

    @property
    def goes_to(self) -> str:
        """The mailbox that is offered the mail."""
        return self.diverted_to or self.address


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
        insert_new(conn, recipient, row | {"lease_token": "", "attempts": 0, "diverted_to": ""})
    return new


def is_free(wall: datetime) -> Any:
    """The condition that a recipient may be claimed, or done something else with: nobody is at it."""
    expired = and_(recipient.c.state == RecipientState.CLAIMED.value, recipient.c.lease_until < wall)
    return or_(recipient.c.state.in_(READY), expired)


def due_recipients(conn: Connection, *, now: datetime, wall: datetime) -> list[Outgoing]:
    """Everything that may be sent now, oldest message first."""
    ready = or_(recipient.c.retry_at.is_(None), recipient.c.retry_at <= now)
    statement = _joined().where(is_free(wall), ready, message.c.not_before <= now)
    return [_outgoing(row) for row in conn.execute(statement.order_by(message.c.id, recipient.c.id))]


def _joined() -> Any:
    columns = [c for c in message.c if c.name not in ("id", "at")]
    mine = (recipient.c.id.label("rid"), message.c.id.label("mid"), recipient.c.eml.label("diverted_eml"))
    own = (recipient.c[name] for name in ("address", "role", "state", "attempts", "diverted_to"))
    return select(*mine, *own, *columns).select_from(recipient.join(message, message.c.id == recipient.c.message))


def _outgoing(row: Any) -> Outgoing:
    names = ("kind", "subject", "version", "message_id", "address", "role", "state", "attempts", "params", "eml")
    values = {name: getattr(row, name) for name in (*names, "frozen_at", "not_before", "diverted_to", "diverted_eml")}
    return Outgoing(recipient=row.rid, message=row.mid, **values)


def claim_recipient(
    conn: Connection, recipient_id: int, *, token: str, wall: datetime, diverted_to: str = ""
) -> Outgoing | None:
    """Take a recipient for `LEASE`, to send to its own address or to another; None when it has had its turn or another
    holds it. Bytes made for another address than this one are let go."""
    attempts = recipient.c.attempts + 1
    kept = case((recipient.c.diverted_to == diverted_to, recipient.c.eml), else_=None)
    claim = (
        update(recipient)
        .where(recipient.c.id == recipient_id, is_free(wall))
        .values(state=RecipientState.CLAIMED.value, lease_token=token, lease_until=wall + LEASE, attempts=attempts,
                diverted_to=diverted_to, eml=kept)
    )  # fmt: skip
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


def set_diverted_eml(conn: Connection, recipient_id: int, sha: str, *, token: str) -> None:
    """Bind the bytes that go to another address instead, while the claim holds."""
    mine = (recipient.c.id == recipient_id, recipient.c.lease_token == token)
    conn.execute(update(recipient).where(*mine).values(eml=sha))


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
    held = (*READY, RecipientState.CLAIMED.value)
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
