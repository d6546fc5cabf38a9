"""Every statement by which a person changes the outbox: pause and resume, 认定, 撤回, 重发. What sends stands in ledger.py."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, update

from yaoxun.post.ledger import READY, add_event, is_free
from yaoxun.post.model import PATH_PREFIX, RecipientState
from yaoxun.post.tables import mail_switch, message, recipient, recipient_event
from yaoxun.store.engine import insert

PAUSED, RUNNING = "暂停", "恢复"
RESENT = "人工重发"
_OVER = (RecipientState.DIVERTED.value, RecipientState.WITHDRAWN.value, RecipientState.REFUSED.value)
_IS_MAIL = recipient.c.address.not_like(f"{PATH_PREFIX}%")


@dataclass(frozen=True, kw_only=True)
class Switch:
    """One turn of the switch: `state` 暂停 or 恢复, from `effective_at` on."""

    state: str
    reason: str
    actor: str
    effective_at: datetime


def add_switch(conn: Connection, switch: Switch, *, now: datetime) -> None:
    """Append a pause or its end."""
    values = {"state": switch.state, "reason": switch.reason, "actor": switch.actor}
    insert(conn, mail_switch, values | {"effective_at": switch.effective_at, "at": now})


def switch_at(conn: Connection, now: datetime) -> Switch | None:
    """What holds at a time: the switch that took effect last; None when nobody ever turned it."""
    rows = select(mail_switch).where(mail_switch.c.effective_at <= now)
    row = conn.execute(rows.order_by(mail_switch.c.effective_at.desc(), mail_switch.c.id.desc()).limit(1)).one_or_none()
    return _switch(row) if row is not None else None


def switches_after(conn: Connection, now: datetime) -> list[Switch]:
    """What is to take effect later."""
    rows = select(mail_switch).where(mail_switch.c.effective_at > now)
    return [_switch(row) for row in conn.execute(rows.order_by(mail_switch.c.effective_at, mail_switch.c.id))]


def _switch(row: Any) -> Switch:
    return Switch(state=row.state, reason=row.reason, actor=row.actor, effective_at=row.effective_at)


def state_of(conn: Connection, recipient_id: int) -> str | None:
    """The state of a recipient; None when there is no such number."""
    return conn.execute(select(recipient.c.state).where(recipient.c.id == recipient_id)).scalar_one_or_none()


def settle_recipient(conn: Connection, recipient_id: int, *, arrived: bool, remark: str, now: datetime) -> bool:
    """A person says what became of a 状态不明 delivery: it arrived, or it is to be sent again (same Message-ID)."""
    unknown = (recipient.c.id == recipient_id, recipient.c.state == RecipientState.UNKNOWN.value)
    row = conn.execute(select(recipient).where(*unknown).with_for_update()).one_or_none()
    if row is None:
        return False
    there = RecipientState.DIVERTED if row.diverted_to else RecipientState.ACCEPTED
    state = there if arrived else RecipientState.WAITING
    conn.execute(update(recipient).where(recipient.c.id == recipient_id).values(state=state.value, retry_at=None))
    add_event(conn, recipient_id, what=f"人工认定：{'已送达' if arrived else '重发'}", raw=remark, now=now)
    return True


def cancel_recipient(conn: Connection, recipient_id: int, *, why: str, wall: datetime, now: datetime) -> bool:
    """A person takes back what waits; False when it does not wait, or is being sent at this moment."""
    gone = {"state": RecipientState.WITHDRAWN.value, "lease_until": None, "lease_token": ""}
    done = update(recipient).where(recipient.c.id == recipient_id, is_free(wall)).values(gone)
    if conn.execute(done).rowcount != 1:
        return False
    add_event(conn, recipient_id, what=RecipientState.WITHDRAWN.value, raw=why, now=now)
    return True


def resend_recipient(conn: Connection, recipient_id: int, *, why: str, now: datetime) -> bool:
    """A person wants sent what went elsewhere, was taken back or refused; False for every other state."""
    over = (recipient.c.id == recipient_id, recipient.c.state.in_(_OVER))
    again = {"state": RecipientState.WAITING.value, "retry_at": None, "diverted_to": "", "eml": None}
    if conn.execute(update(recipient).where(*over).values(again)).rowcount != 1:
        return False
    add_event(conn, recipient_id, what=RESENT, raw=why, now=now)
    return True


def resent_at(conn: Connection, recipient_id: int) -> datetime | None:
    """When a person last wanted it sent again; None when nobody did."""
    asked = (recipient_event.c.recipient == recipient_id, recipient_event.c.what == RESENT)
    found: datetime | None = conn.execute(
        select(recipient_event.c.at).where(*asked).order_by(recipient_event.c.seq.desc()).limit(1)
    ).scalar_one_or_none()
    return found


def waiting_mails(conn: Connection) -> list[Any]:
    """Mails that have not had their turn (待发, 待重试, 领取): recipient, kind, not_before; files under 回/ are none."""
    held = recipient.c.state.in_((*READY, RecipientState.CLAIMED.value))
    rows = select(recipient.c.id.label("recipient"), message.c.kind, message.c.not_before)
    return list(
        conn.execute(
            rows.join(message, message.c.id == recipient.c.message).where(held, _IS_MAIL).order_by(recipient.c.id)
        )
    )


def mail_counts(conn: Connection) -> dict[str, int]:
    """How many mails stand in each state; files under 回/ are none."""
    rows = select(recipient.c.state, func.count().label("n")).where(_IS_MAIL).group_by(recipient.c.state)
    found = {row.state: row.n for row in conn.execute(rows)}
    return {state.value: found[state.value] for state in RecipientState if state.value in found}


def reached(conn: Connection) -> int:
    """How far the outbox has come: the newest event. It only grows, unless an older database was put back."""
    newest: int = conn.execute(select(func.coalesce(func.max(recipient_event.c.id), 0))).scalar_one()
    return newest


def last_words(conn: Connection) -> dict[int, str]:
    """Of each recipient, what was noted last: a server's words, or why it was taken back."""
    newest = select(func.max(recipient_event.c.id)).group_by(recipient_event.c.recipient)
    rows = conn.execute(select(recipient_event).where(recipient_event.c.id.in_(newest)))
    return {row.recipient: row.raw for row in rows}
