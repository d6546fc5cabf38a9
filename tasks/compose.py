"""What a message says: the gate before it leaves, and its bytes. Joins the rooms that the outbox knows nothing of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from tasks.desk import Desk
from yaoxun.briefings.ledger import SIGNED, steps_of, version_by_id
from yaoxun.context import SHANGHAI
from yaoxun.errors import InternalError
from yaoxun.mail_address import is_mail
from yaoxun.notices import ledger as reminders
from yaoxun.notices.wording import Wording, word_notice
from yaoxun.office.ledger import obligation_by_id
from yaoxun.office.words import deadline_words
from yaoxun.post.compose import Attachment, Letter, compose
from yaoxun.post.diverting import diverted
from yaoxun.post.ledger import Outgoing
from yaoxun.post.manual import resent_at
from yaoxun.post.model import MessageKind, is_path
from yaoxun.returns.ledger import versions
from yaoxun.returns.states import Standing, standings
from yaoxun.store.blobs import get_blob

XLSX = "vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "vnd.openxmlformats-officedocument.wordprocessingml.document"
_REPORTED = "发出前已报送"


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What the gate says: the parameters that hold, or why nothing is to be sent."""

    params: Mapping[str, Any]
    withdraw: str = ""


def gate(desk: Desk, conn: Connection, claimed: Outgoing) -> Verdict:
    """Look once more, in the transaction that claims: is a reminder still owed, is a bulletin the one that was signed."""
    if claimed.kind == MessageKind.REMINDER.value:
        return _reminder_gate(desk, conn, claimed)
    if claimed.kind == MessageKind.BULLETIN.value:
        version = version_by_id(conn, claimed.params["document_version"])
        signed = [step for step in steps_of(conn, version.id) if step.step == SIGNED]
        if not signed or signed[0].content_sha != version.content_sha:
            return Verdict(params=claimed.params, withdraw="未签发，或签发后内容有变")
        if version.frozen_blob != claimed.params["attachments"][0]["blob"]:
            return Verdict(params=claimed.params, withdraw="待发文件不是签发取号后的文件")
    days = desk.config.notices.answers_expire_days
    wanted = resent_at(conn, claimed.recipient) or claimed.not_before
    late = desk.ctx.now() - wanted > timedelta(days=days)
    if late and not is_path(claimed.address) and claimed.kind in (MessageKind.RECEIPT.value, MessageKind.RETURN.value):
        return Verdict(params=claimed.params, withdraw=f"超过 {days} 天没有发出，不再发送")
    return Verdict(params=claimed.params)


def _reminder_gate(desk: Desk, conn: Connection, claimed: Outgoing) -> Verdict:
    rows = reminders.reminders_of_message(conn, claimed.message)
    wanted = [obligation_by_id(conn, oid) for oid in dict.fromkeys(row.obligation for row in rows)]
    known = [v for o in wanted for v in versions(conn, period=o.period, org=o.org, table=o.table)]
    now = desk.ctx.now()
    standing = standings(wanted, known, now)
    newer = reminders.reminded_later(conn, claimed.message, [o.id for o in wanted])
    gone = {o.id: why for o in wanted if (why := _why_not(desk, standing[o.id], newer))}
    for why in sorted(set(gone.values())):
        reminders.stop_reminders(conn, claimed.message, [o for o, its in gone.items() if its == why], why)
    owed = [standing[o.id] for o in wanted if o.id not in gone]
    if not owed:
        whys = sorted(set(gone.values()))
        return Verdict(params=claimed.params, withdraw="发出前已全部报送" if whys == [_REPORTED] else "；".join(whys))
    if claimed.frozen_at is not None:
        return Verdict(params=claimed.params)
    tables = [_owed_table(desk, one, now) for one in owed]
    late = [one for one in owed if one.obligation.due and now > one.obligation.due]
    told = {"tables": tables, "overdue": bool(late), "mixed": 0 < len(late) < len(owed)}
    return Verdict(params={**claimed.params, **told})


def _why_not(desk: Desk, one: Standing, newer: set[int]) -> str:
    """Why nobody is reminded of an obligation any more; '' when somebody is. Nobody is reminded of what would be refused,
    or twice at once where mail was held up for days."""
    o = one.obligation
    if not one.owed:
        return _REPORTED
    if not desk.office.expects(o.org, o.table, o.period):
        return "已不由该单位填报"
    if o.locks is not None and desk.ctx.now() > o.locks:
        return "发出前已锁定，不再收"
    return "另有更新的催报" if o.id in newer else ""


def _owed_table(desk: Desk, one: Standing, now: datetime) -> dict[str, str]:
    o = one.obligation
    deadline = deadline_words(o.due, now, desk.office) if o.due else ""
    title = desk.config.forms[o.table].title if o.table in desk.config.forms else o.table
    return {"table": o.table, "title": title, "period": o.period, "deadline": deadline, "state": one.state}


def compose_message(desk: Desk, one: Outgoing, recipients: Sequence[tuple[str, str]]) -> bytes:
    """The bytes of a mail, from its frozen parameters: a second call gives the same bytes. In a trial, the bytes that go
    to the other address."""
    params = one.params
    wording = word_message(desk, one)
    if one.frozen_at is None:
        raise InternalError("邮件内容尚未固定，不能成文")
    mail = desk.config.mail
    letter = Letter(
        message_id=one.message_id,
        date=one.frozen_at.astimezone(SHANGHAI),
        subject=wording.subject,
        text=wording.text,
        html=wording.html,
        sender=(mail.from_name, mail.from_address),
        to=_addresses(recipients, "to"),
        cc=_addresses(recipients, "cc"),
        attachments=tuple(
            Attachment(name=a["name"], data=get_blob(desk.ctx.home.blobs, a["blob"]), maintype="application",
                       subtype=DOCX if a["name"].endswith(".docx") else XLSX)
            for a in params.get("attachments", ())
        ),
    )  # fmt: skip
    if one.diverted_to:
        tag = f"{one.recipient}-{one.attempts}"
        letter = diverted(letter, tag=tag, to=one.diverted_to, instead_of=one.address, everybody=recipients)
    return compose(letter)


def _addresses(recipients: Sequence[tuple[str, str]], role: str) -> tuple[str, ...]:
    """Who stands in a header. What is no address is refused when its turn comes, and must not keep the others waiting."""
    return tuple(address for address, its in recipients if its == role and is_mail(address))


def word_message(desk: Desk, one: Outgoing) -> Wording:
    """The words of a message of any kind."""
    template = one.params.get("template", one.kind)
    words = {**one.params, "signature": desk.config.notices.signature}
    return word_notice(desk.ctx.home.templates, template, words)


def compose_copy(desk: Desk, one: Outgoing) -> bytes:
    """The bytes of a file under 回/: the marked-up workbook, or the notice as text that Windows opens as UTF-8."""
    if one.role == "copy":
        return get_blob(desk.ctx.home.blobs, one.params["attachments"][0]["blob"])
    wording = word_message(desk, one)
    return f"{wording.subject}\n\n{wording.text}".replace("\n", "\r\n").encode("utf-8-sig")
