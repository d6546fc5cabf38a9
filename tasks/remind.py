"""remind: one mail an organisation and day that names what is owed; a row for each obligation and step.

A ledger, not an equality of dates: a day that was missed is caught up once, and several missed steps become one
message. Nobody is reminded of 有则报 or of what was accepted. What the mail says is read when it is claimed (send).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from tasks.desk import Desk, open_desk
from yaoxun.context import SHANGHAI, Context
from yaoxun.failpoints import failpoint
from yaoxun.notices.ledger import add_reminder, steps_done
from yaoxun.notices.steps import due_steps
from yaoxun.office.ledger import Obligation, contacts_of, obligations
from yaoxun.post.compose import new_message_id
from yaoxun.post.ledger import put_message
from yaoxun.post.model import MessageKind
from yaoxun.returns.ledger import versions
from yaoxun.returns.states import standings
from yaoxun.store.records import note_event


@dataclass(frozen=True, kw_only=True)
class Reminded:
    """Organisations a message was made for, how many steps it covers, and how many tables of theirs."""

    organisations: tuple[str, ...]
    steps: int
    tables: int = 0
    without_contact: tuple[str, ...] = ()

    def summary(self) -> str:
        said = []
        if self.organisations:
            said.append(f"催报 {len(self.organisations)} 家，欠报表 {self.tables} 张，已排入发件箱，下次投递发出")
        if self.without_contact:
            said.append(f"没有联系人，催不到：{'、'.join(self.without_contact)}")
        return "；".join(said) or "没有要催报的"


def remind(ctx: Context, period: str | None = None) -> Reminded:
    """Make the reminders that are due now. Raises RequestError for a period that does not exist."""
    with open_desk(ctx) as desk:
        if period:
            desk.office.period(period)
        with desk.store.write() as conn:
            reminded = _remind(desk, conn, period)
            failpoint("remind.before_commit")
        failpoint("remind.after_commit")
        return reminded


def _remind(desk: Desk, conn: Connection, period: str | None) -> Reminded:
    by_org: dict[str, list[tuple[Obligation, str, datetime]]] = {}
    for obligation, step, due_at in _due(desk, conn, period):
        by_org.setdefault(obligation.org, []).append((obligation, step, due_at))
    reminded, unreachable, steps, tables = [], [], 0, 0
    for org in (o.code for o in desk.office.organisations if o.code in by_org):
        recipients = _recipients(desk, conn, org)
        if not recipients:
            unreachable.append(desk.office.organisation(org).short)
        elif _one_organisation(desk, conn, org, by_org[org], recipients):
            reminded.append(org)
            steps += len(by_org[org])
            tables += len({obligation.id for obligation, _, _ in by_org[org]})
    return Reminded(
        organisations=tuple(reminded), steps=steps, tables=tables, without_contact=tuple(unreachable)
    )  # fmt: skip


def _due(desk: Desk, conn: Connection, period: str | None) -> Iterator[tuple[Obligation, str, datetime]]:
    """(obligation, step, its time) for every step that is due, owed and not on record."""
    now = desk.ctx.now()
    asked = [o for o in obligations(conn, period=period) if o.required and o.due and _is_open(o, now)]
    asked = [o for o in asked if desk.office.expects(o.org, o.table, o.period)]
    standing = standings(asked, versions(conn, period=period), now)
    owed = [o for o in asked if standing[o.id].owed]
    done = steps_done(conn, [o.id for o in owed])
    for o in owed:
        assert o.due is not None  # noqa: S101 (narrowing; filtered above)
        for step, due_at in due_steps(desk.config.notices.reminders, desk.office, o.due, now):
            if (o.id, step) not in done and o.opens is not None and due_at >= o.opens:
                yield o, step, due_at


def _recipients(desk: Desk, conn: Connection, org: str) -> list[tuple[str, str]]:
    day = desk.ctx.now().astimezone(SHANGHAI).date()
    settings = desk.config.notices
    to = [(c.address, "to") for c in contacts_of(conn, org, day, settings.to)]
    return to + [(c.address, "cc") for c in contacts_of(conn, org, day, settings.cc)]


def _is_open(o: Obligation, now: datetime) -> bool:
    """Whether a return would still be taken; nobody is reminded of what would be refused."""
    return o.opens is not None and o.opens <= now and (o.locks is None or now <= o.locks)


def _one_organisation(
    desk: Desk,
    conn: Connection,
    org: str,
    due: Sequence[tuple[Obligation, str, datetime]],
    recipients: Sequence[tuple[str, str]],
) -> bool:
    """One message for everything an organisation is to be reminded of today; False when today's mail has been made: then
    these steps are caught up tomorrow."""
    now = desk.ctx.now()
    day = now.astimezone(SHANGHAI).date()
    subject = f"{org}:{day.isoformat()}"
    params = {"org": desk.office.organisation(org).short, "tables": [], "overdue": False}
    message = put_message(
        conn, kind=MessageKind.REMINDER.value, subject=subject, params=params, recipients=recipients,
        message_id=new_message_id(desk.config.mail.domain), not_before=now, now=now,
    )  # fmt: skip
    if message is None:
        return False
    for obligation, step, due_at in due:
        add_reminder(conn, obligation=obligation.id, step=step, due_at=due_at, message=message)
    payload = {"steps": [f"{o.table} {o.period} {step}" for o, step, _ in due]}
    note_event(conn, actor=desk.ctx.actor, at=now, verb="催报", subject=f"message:{message}", payload=payload)
    return True
