"""Looking into the outbox, and what only a person can say: settle what is 状态不明, take back what
waits, send again what did not reach its recipient.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from tasks.desk import open_desk
from yaoxun.briefings.ledger import version_by_id
from yaoxun.context import SHANGHAI, Context, wall_clock
from yaoxun.errors import NotNowError, RequestError, YaoxunError
from yaoxun.notices.ledger import reminders_of_message
from yaoxun.office.ledger import obligation_by_id
from yaoxun.post import ledger, manual
from yaoxun.post.model import KIND_WORDS, MessageKind, RecipientState, is_path
from yaoxun.store.records import note_event


@dataclass(frozen=True, kw_only=True)
class OutboxRow:
    """One recipient of one message, as listed. `subject` is the message's key, `about` what it is about in words, `note`
    what was noted last of this recipient."""

    number: int
    kind: str
    subject: str
    about: str
    address: str
    state: str
    attempts: int
    not_before: datetime
    note: str = ""

    def as_json(self) -> dict[str, Any]:
        moment = self.not_before.astimezone(SHANGHAI).isoformat()
        return {"number": self.number, "kind": self.kind, "subject": self.subject, "about": self.about,
                "address": self.address, "state": self.state, "attempts": self.attempts, "not_before": moment,
                "note": self.note}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Settled:
    """What a person said of a delivery."""

    number: int
    arrived: bool

    def summary(self) -> str:
        return f"第 {self.number} 号投递：{'认定已送达' if self.arrived else '改为待发，将以同一编号重发'}。"


@dataclass(frozen=True, kw_only=True)
class Changed:
    """Deliveries that a person took back or wants sent again."""

    numbers: tuple[int, ...]
    what: str

    def summary(self) -> str:
        return f"第 {'、'.join(str(n) for n in self.numbers)} 号投递：{self.what}。"


def list_outbox(ctx: Context, states: tuple[str, ...] = ()) -> list[OutboxRow]:
    """Every recipient, or those in some states, oldest message first. Raises RequestError for a state there is none of."""
    known = [state.value for state in RecipientState]
    if unknown := [state for state in states if state not in known]:
        raise RequestError(f"没有“{unknown[0]}”这种状态。", f"请从中选：{'、'.join(known)}。")
    with open_desk(ctx) as desk, desk.store.read() as conn:
        rows = ledger.outbox(conn, states=states)
        about = {one.message: one for one in rows}
        words = {number: _about(conn, one) for number, one in about.items()}
        notes = manual.last_words(conn)
        return [
            OutboxRow(number=o.recipient, kind=KIND_WORDS.get(o.kind, o.kind), subject=o.subject, about=words[o.message],
                      address=o.address, state=shown_state(o), attempts=o.attempts, not_before=o.not_before,
                      note=notes.get(o.recipient, ""))
            for o in rows
        ]  # fmt: skip


def _about(conn: Connection, one: ledger.Outgoing) -> str:
    """What a message is about: title, organisation, period."""
    params = one.params
    if one.kind == MessageKind.BULLETIN.value:
        period = version_by_id(conn, params["document_version"]).period
        return f"{params['masthead']}{params['number']}《{params['title']}》 {period}"
    if one.kind == MessageKind.REMINDER.value:
        day = one.subject.rpartition(":")[2]
        return f"{params['org']} {' '.join(_reminded(conn, one))}（{day}）"
    if "headline" not in params:
        return f"《{params['file']}》 {params['reason']}"
    periods = "、".join(dict.fromkeys(table["period"] for table in params["tables"]))
    return " ".join(word for word in (params["org"], periods, params["headline"], f"《{params['file']}》") if word)


def _reminded(conn: Connection, one: ledger.Outgoing) -> Iterator[str]:
    """The tables of a reminder, by period."""
    by_period: dict[str, dict[str, None]] = {}
    for row in reminders_of_message(conn, one.message):
        owed = obligation_by_id(conn, row.obligation)
        by_period.setdefault(owed.period, {})[owed.table] = None
    yield from (f"{period} {'、'.join(tables)}" for period, tables in by_period.items())


def shown_state(one: ledger.Outgoing) -> str:
    """A recipient's state in words; what went into a folder was taken by no server."""
    return "已放入文件夹" if is_path(one.address) and one.state == "服务器已接收" else one.state


def settle(ctx: Context, recipient: int, *, arrived: bool, remark: str) -> Settled:
    """Settle a 状态不明 delivery. Raises RequestError for an unknown number, NotNowError when it is in another state."""
    with open_desk(ctx) as desk, desk.store.write() as conn:
        if not manual.settle_recipient(conn, recipient, arrived=arrived, remark=remark, now=ctx.now()):
            remedy = "用 yaoxun outbox list --state 状态不明 查看。"
            raise _not_so(conn, recipient, "不是“状态不明”，无需认定", {}, remedy)
        _note(ctx, conn, "认定投递", recipient, {"arrived": arrived, "remark": remark})
    return Settled(number=recipient, arrived=arrived)


def cancel(ctx: Context, recipients: tuple[int, ...], *, reason: str) -> Changed:
    """Take back what waits, all or none of the numbers. Raises RequestError without a reason or for an unknown number,
    NotNowError for what has been sent."""
    with open_desk(ctx) as desk, desk.store.write() as conn:
        for number in _each(recipients, reason, "撤回"):
            why = f"{ctx.actor} 撤回：{reason}"
            if not manual.cancel_recipient(conn, number, why=why, wall=wall_clock(), now=ctx.now()):
                raise _not_so(conn, number, "撤不回来", _CANNOT_CANCEL)
            _note(ctx, conn, "撤回投递", number, {"reason": reason})
    return Changed(numbers=recipients, what=f"已撤回（{reason}）")


def resend(ctx: Context, recipients: tuple[int, ...], *, reason: str) -> Changed:
    """Send again what went elsewhere in a trial, was taken back or refused, all or none of the numbers. Raises
    RequestError without a reason or for an unknown number, NotNowError for every other state."""
    with open_desk(ctx) as desk, desk.store.write() as conn:
        for number in _each(recipients, reason, "重发"):
            if not manual.resend_recipient(conn, number, why=f"{ctx.actor}：{reason}", now=ctx.now()):
                raise _not_so(conn, number, "不能重发", _CANNOT_RESEND)
            _note(ctx, conn, "重发投递", number, {"reason": reason})
    return Changed(numbers=recipients, what="已改为待发，下一次投递时发出；发出前照常核对，已报送、已锁定的不再发")


_SENDING = "正在发送，请过几分钟再看"
_CANNOT_CANCEL = {"服务器已接收": "已经发出", "被拒": "收件方没有收，不会再发", "已撤": "已经撤回",
                  "已改投": "试运行时已发到改投地址", "领取": _SENDING, "送达中": _SENDING}  # fmt: skip
_CANNOT_RESEND = {"服务器已接收": "服务器已经接收，同一封不发第二次；请对方查垃圾邮件，或从 稿/、回/ 取文件另发",
                  "待发": "还在待发，不用重发", "待重试": "会自动再试，不用重发", "领取": _SENDING, "送达中": _SENDING}  # fmt: skip


def _each(recipients: tuple[int, ...], reason: str, what: str) -> tuple[int, ...]:
    if not reason.strip():
        raise RequestError(f"{what}要写明原因。", "请加 --reason。")
    return tuple(dict.fromkeys(recipients))


def _not_so(
    conn: Connection, number: int, what: str, reasons: Mapping[str, str], remedy: str = "用 yaoxun outbox list 查看。"
) -> YaoxunError:
    """Why a delivery cannot be changed so: there is none of that number, or it is in another state."""
    state = manual.state_of(conn, number)
    if state is None:
        return RequestError(f"没有第 {number} 号投递。", "编号见 yaoxun outbox list 的第一列。")
    if state == RecipientState.UNKNOWN.value:
        remedy = f"先查实对方收到没有，再用 yaoxun outbox settle {number} 认定。"
    return NotNowError(
        f"第 {number} 号投递{what}：现在是“{state}”{'，' if state in reasons else ''}{reasons.get(state, '')}。", remedy
    )


def _note(ctx: Context, conn: Connection, verb: str, number: int, payload: dict[str, Any]) -> None:
    note_event(conn, actor=ctx.actor, at=ctx.now(), verb=verb, subject=f"recipient:{number}", payload=payload)
