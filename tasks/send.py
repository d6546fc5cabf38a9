"""send: every message that is due goes to each of its recipients once: by mail, or as a file under 回/.

claimed (safe to retry) → data (committed just before DATA) → accepted. What a message says is fixed at its first claim,
in that transaction; a reminder reads there what is still owed and is dropped if nothing is. A kill between data and
accepted is 状态不明: at most one mail, settled by a person. What cannot be delivered to one is put off and told of at the
end; the others get theirs. While mail is held (tasks/mail_switch.py) no mail is claimed. In a trial each mail goes to
`divert_to` instead, and leaves its message as it was: nothing is fixed but the bytes of that one mail.
"""

from collections import Counter
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import count

from ulid import ULID

from tasks.compose import compose_copy, compose_message, gate
from tasks.desk import Desk, open_desk
from tasks.mail_switch import why_held
from yaoxun.context import Context, wall_clock
from yaoxun.errors import InternalError, OutsideError, YaoxunError
from yaoxun.failpoints import failpoint
from yaoxun.mail_address import is_mail
from yaoxun.post import ledger, manual
from yaoxun.post.ledger import Outgoing
from yaoxun.post.model import RecipientState, is_path
from yaoxun.post.pathbox import Deposit, deposit
from yaoxun.post.smtp import Connection, Outcome
from yaoxun.store.blobs import get_blob, put_blob
from yaoxun.store.installation import raise_mark, record_first_use
from yaoxun.store.records import put_blob_row


@dataclass(frozen=True, kw_only=True)
class Sent:
    """How many recipients ended in which state; `held` is why mail waits, '' when it does not."""

    states: dict[str, int] = field(default_factory=dict)
    held: str = ""

    def summary(self) -> str:
        parts = "，".join(f"{state} {count}" for state, count in self.states.items())
        text = f"投递：{parts}" if parts else "没有待发的件"
        return f"{text}；邮件暂未发出：{self.held}" if self.held else text


_PUT = "已放入文件夹"


class _Lost(Exception):
    """The claim went to another process; nothing may be sent."""


class _Held(Exception):
    """Mail is held from now on; the sentence says why."""


def put_copies(ctx: Context) -> Sent:
    """Write what is due under 回/, and send no mail: the answer to a file that was just judged.

    Raises the first YaoxunError that kept a file from being written, when all the others are.
    """
    troubles: list[YaoxunError] = []
    with open_desk(ctx) as desk:
        states = _put_copies(desk, _due(desk), troubles)
        _tell(troubles)
        return Sent(states=states)


def send(ctx: Context) -> Sent:
    """Deliver what is due. Files under 回/ first, then mail over one connection.

    Raises OutsideError when the mail server is out of reach, or the YaoxunError of what could not be delivered to one,
    the first of them and when all that can go has gone; what was not sent stays due.
    """
    troubles: list[YaoxunError] = []
    with open_desk(ctx) as desk:
        with desk.store.write() as conn:
            lost = ledger.mark_unknown(conn, wall=wall_clock(), now=ctx.now())
        due = _due(desk)
        states = Counter(_put_copies(desk, due, troubles))
        if lost:
            states[RecipientState.UNKNOWN.value] += lost
        mails = [d for d in due if not is_path(d.address)]
        held = _send_mails(desk, mails, states, troubles) if mails else ""
        _tell(troubles)
        return Sent(states={state: count for state, count in states.items() if state}, held=held)


def _due(desk: Desk) -> list[Outgoing]:
    with desk.store.read() as conn:
        return ledger.due_recipients(conn, now=desk.ctx.now(), wall=wall_clock())


def _tell(troubles: list[YaoxunError]) -> None:
    """Each is on record with its recipient; the first one is said."""
    if troubles:
        raise troubles[0]


def _put_copies(desk: Desk, due: list[Outgoing], troubles: list[YaoxunError]) -> dict[str, int]:
    states = Counter(_put_copy(desk, one, troubles) for one in due if is_path(one.address))
    named = {_PUT if state == RecipientState.ACCEPTED else state: count for state, count in states.items()}
    return {state: count for state, count in named.items() if state}


def _send_mails(desk: Desk, mails: list[Outgoing], states: Counter[str], troubles: list[YaoxunError]) -> str:
    """Why mail is held, '' when it is not. A connection that fails ends the mails of this run; one letter that cannot be
    written does not."""
    with desk.store.write() as conn:
        record_first_use(conn, desk.ctx.home, at=wall_clock())  # where a kill kept the first opening from it
        if held := why_held(desk, conn):
            return held
    _note_how_far(desk)
    try:
        with Connection(desk.config.mail) as connection:
            for one in mails:
                states[_send_mail(desk, connection, one, troubles)] += 1
    except YaoxunError as err:
        troubles.append(err)
    except _Held as stopped:
        held = str(stopped)
    _note_how_far(desk)
    return held


def _note_how_far(desk: Desk) -> None:
    """So that an older database that is put back here is known by it."""
    with desk.store.read() as conn:
        reached = manual.reached(conn)
    raise_mark(desk.ctx.home, reached)


def _claim(desk: Desk, one: Outgoing, token: str) -> Outgoing | None:
    """Claim one recipient and fix what its message says; None when it is not ours or nothing is to be sent."""
    now = desk.ctx.now()
    mail = is_mail(one.address)
    with desk.store.write() as conn:
        if mail and (held := why_held(desk, conn)):
            raise _Held(held)
        divert_to = desk.config.mail.divert_to if mail else ""
        claimed = ledger.claim_recipient(conn, one.recipient, token=token, wall=wall_clock(), diverted_to=divert_to)
        if claimed is None:
            return None
        verdict = gate(desk, conn, claimed)
        if verdict.withdraw:
            ledger.withdraw_recipient(conn, one.recipient, why=verdict.withdraw, now=now)
            return None
        if divert_to:
            claimed = replace(claimed, params=verdict.params, frozen_at=now)
        else:
            ledger.freeze_params(conn, claimed.message, verdict.params, now=now)
            claimed = ledger.outgoing(conn, one.recipient)
        failpoint("send.before_claim_commit")
    failpoint("send.after_claim")
    return claimed


def _letter(desk: Desk, claimed: Outgoing, token: str) -> bytes:
    """The bytes of a message: composed from its frozen parameters once, then always the stored ones."""
    blobs = desk.ctx.home.blobs
    stored = claimed.diverted_eml if claimed.diverted_to else claimed.eml
    if stored is not None:
        return get_blob(blobs, stored)
    with desk.store.read() as conn:
        recipients = ledger.message_recipients(conn, claimed.message)
    eml = compose_message(desk, claimed, recipients)
    sha = put_blob(blobs, eml)
    with desk.store.write() as conn:
        put_blob_row(conn, sha256=sha, size=len(eml), kind="eml", at=desk.ctx.now())
        if claimed.diverted_to:
            ledger.set_diverted_eml(conn, claimed.recipient, sha, token=token)
        else:
            ledger.set_eml(conn, claimed.message, sha)
    failpoint("send.after_compose")
    return eml


def _send_mail(desk: Desk, connection: Connection, one: Outgoing, troubles: list[YaoxunError]) -> str:
    token = str(ULID())
    try:
        claimed = _claim(desk, one, token)
        if claimed is None:
            return ""
        # What is no address is refused before any byte is needed.
        eml = _letter(desk, claimed, token) if is_mail(one.address) else b""
    except YaoxunError as err:  # one unusable letter must not hold up the others
        troubles.append(err)
        return _finish(desk, one, token, Outcome.retry(0, f"成文失败：{err.message}"))

    begin = partial(_begin_data, desk, one, token)
    try:
        outcome = connection.deliver(desk.config.mail.from_address, claimed.goes_to, eml, begin)
    except _Lost:
        return ""
    except OutsideError as err:
        _finish(desk, one, token, Outcome.retry(0, err.message))
        raise
    failpoint("send.after_data")
    if claimed.diverted_to:
        outcome = _of_a_trial(claimed, outcome, troubles)
    state = _finish(desk, one, token, outcome)
    failpoint("send.after_accept")
    return state


def _begin_data(desk: Desk, one: Outgoing, token: str) -> None:
    failpoint("send.before_data")
    with desk.store.write() as conn:
        if not ledger.begin_data(conn, one.recipient, token=token, wall=wall_clock(), now=desk.ctx.now()):
            raise _Lost
    _note_how_far(
        desk
    )  # before the mail: what was sent is known here even if this database is not the one we have next
    failpoint("send.in_data")


def _of_a_trial(claimed: Outgoing, outcome: Outcome, troubles: list[YaoxunError]) -> Outcome:
    """What it means for the recipient: never that the mail was delivered to it, or refused for it."""
    text = f"改投到 {claimed.diverted_to}：{outcome.text}"
    if outcome.state is RecipientState.REFUSED:
        problem = f"改投地址 {claimed.diverted_to} 不收信：{outcome.text}。"
        troubles.append(OutsideError(problem, "请改正 config/mail.yaml 的 divert_to；信都还在待发箱。"))
        return Outcome.retry(outcome.code, text)
    state = RecipientState.DIVERTED if outcome.state is RecipientState.ACCEPTED else outcome.state
    return replace(outcome, state=state, text=text)


def _finish(desk: Desk, one: Outgoing, token: str, outcome: Outcome) -> str:
    now = desk.ctx.now()
    retry_at = desk.config.mail.retry_at(now, one.attempts) if outcome.state is RecipientState.RETRY else None
    with desk.store.write() as conn:
        done = ledger.finish_recipient(
            conn, one.recipient, token=token, state=outcome.state, raw=outcome.text, now=now, retry_at=retry_at
        )
    return outcome.state.value if done else ""


def _put_copy(desk: Desk, one: Outgoing, troubles: list[YaoxunError]) -> str:
    """A path under 回/ is a recipient like any other: written once and known to be."""
    token = str(ULID())
    try:
        claimed = _claim(desk, one, token)
        if claimed is None:
            return ""
        data = compose_copy(desk, claimed)
        failpoint("send.before_path")
        written = _deposit(desk, one.address, data)
    except YaoxunError as err:  # one file that cannot be written must not hold up the others
        troubles.append(err)
        return _finish(desk, one, token, Outcome.retry(0, f"没有放入文件夹：{err.message}"))
    failpoint("send.after_path")
    return _finish(desk, one, token, Outcome.accepted(0, f"已写入 {written}"))


def _deposit(desk: Desk, address: str, data: bytes) -> str:
    """Write a file that never overwrites: where another one has its name, with a number before the suffix."""
    stem, dot, suffix = address.rpartition(".")
    for n in count(1):
        name = address if n == 1 else f"{stem}（{n}）{dot}{suffix}"
        if deposit(desk.ctx.home.replies, name, data) is not Deposit.TAKEN:
            return name
    raise InternalError("count() ended")
