"""Every statement on the reminder ledger."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from yaoxun.notices.tables import reminder
from yaoxun.store.engine import insert_new


def add_reminder(
    conn: Connection, *, obligation: int, step: str, due_at: datetime, message: int | None, stopped_why: str = ""
) -> bool:
    """Record one step of one obligation; False when it was on record, and then nothing more is to be done."""
    values = {"obligation": obligation, "step": step, "due_at": due_at, "message": message}
    return insert_new(conn, reminder, values | {"stopped_why": stopped_why}) is not None


def steps_done(conn: Connection, obligations: list[int]) -> set[tuple[int, str]]:
    """(obligation, step) pairs on record."""
    rows = conn.execute(select(reminder).where(reminder.c.obligation.in_(obligations)))
    return {(row.obligation, row.step) for row in rows}


def reminders_of_message(conn: Connection, message: int) -> list[Any]:
    """The steps that one message carries."""
    return list(conn.execute(select(reminder).where(reminder.c.message == message).order_by(reminder.c.id)))


def reminded_later(conn: Connection, message: int, obligations: list[int]) -> set[int]:
    """Those of the obligations that a later message reminds of, too."""
    later = (reminder.c.message > message, reminder.c.obligation.in_(obligations), reminder.c.stopped_why == "")
    return set(conn.execute(select(reminder.c.obligation).where(*later)).scalars())


def stop_reminders(conn: Connection, message: int, obligations: list[int], why: str) -> None:
    """Write why steps of a message fell away before it was sent."""
    mine = (reminder.c.message == message, reminder.c.obligation.in_(obligations))
    conn.execute(update(reminder).where(*mine).values(stopped_why=why))
