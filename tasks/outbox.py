"""Looking into the outbox and at unclaimed files, and settling what no program can: a 状态不明 delivery."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tasks.desk import open_desk
from yaoxun.context import SHANGHAI, Context
from yaoxun.errors import NotNowError
from yaoxun.post import ledger
from yaoxun.post.model import is_path
from yaoxun.returns.arrivals import OUR_FAULT, UNCLAIMED, Arrival, arrivals_in_state
from yaoxun.store.records import note_event

KINDS = {"bulletin": "简报", "receipt": "回执", "return": "退回件", "reminder": "催报"}


@dataclass(frozen=True, kw_only=True)
class OutboxRow:
    """One recipient of one message, as listed."""

    number: int
    kind: str
    subject: str
    address: str
    state: str
    attempts: int
    not_before: datetime

    def as_json(self) -> dict[str, Any]:
        moment = self.not_before.astimezone(SHANGHAI).isoformat()
        return {"number": self.number, "kind": self.kind, "subject": self.subject, "address": self.address,
                "state": self.state, "attempts": self.attempts, "not_before": moment}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Settled:
    """What a person said of a delivery."""

    number: int
    arrived: bool

    def summary(self) -> str:
        return f"第 {self.number} 号投递：{'认定已送达' if self.arrived else '改为待发，将以同一编号重发'}。"


@dataclass(frozen=True, kw_only=True)
class UnclaimedRow:
    """A file that nobody could place."""

    arrival: Arrival

    def as_json(self) -> dict[str, Any]:
        a = self.arrival
        received = a.received_at.astimezone(SHANGHAI).isoformat()
        return {"arrival": a.id, "name": a.name, "state": a.state, "reason": a.reason, "received_at": received}


def list_outbox(ctx: Context, states: tuple[str, ...] = ()) -> list[OutboxRow]:
    """Every recipient, or those in some states, oldest message first."""
    with open_desk(ctx) as desk, desk.store.read() as conn:
        return [
            OutboxRow(number=o.recipient, kind=KINDS.get(o.kind, o.kind), subject=o.subject, address=o.address,
                      state=_shown_state(o), attempts=o.attempts, not_before=o.not_before)
            for o in ledger.outbox(conn, states=states)
        ]  # fmt: skip


def _shown_state(one: ledger.Outgoing) -> str:
    return "已放入文件夹" if is_path(one.address) and one.state == "服务器已接收" else one.state


def settle(ctx: Context, recipient: int, *, arrived: bool, remark: str) -> Settled:
    """Settle a 状态不明 delivery. Raises NotNowError when it is in another state."""
    with open_desk(ctx) as desk, desk.store.write() as conn:
        if not ledger.settle_recipient(conn, recipient, arrived=arrived, remark=remark, now=ctx.now()):
            remedy = "用 yaoxun outbox list --state 状态不明 查看。"
            raise NotNowError(f"第 {recipient} 号投递不是“状态不明”，无需认定。", remedy)
        payload = {"arrived": arrived, "remark": remark}
        subject = f"recipient:{recipient}"
        note_event(conn, actor=ctx.actor, at=ctx.now(), verb="认定投递", subject=subject, payload=payload)
    return Settled(number=recipient, arrived=arrived)


def list_unclaimed(ctx: Context) -> list[UnclaimedRow]:
    """Files in 待认领, and those that wait for a repair of the program."""
    with open_desk(ctx) as desk, desk.store.read() as conn:
        return [UnclaimedRow(arrival=a) for a in arrivals_in_state(conn, UNCLAIMED, OUR_FAULT)]
