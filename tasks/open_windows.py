"""open_windows: assignments of an open period become obligations; missing ones are made at every collect."""

from dataclasses import dataclass

from sqlalchemy import Connection

from tasks.desk import Desk, open_desk
from yaoxun.context import Context
from yaoxun.office.ledger import add_obligation
from yaoxun.office.model import Window
from yaoxun.office.words import moment_words
from yaoxun.store.records import note_event


@dataclass(frozen=True, kw_only=True)
class Opened:
    """How many obligations were made, and for which periods."""

    made: int
    periods: tuple[str, ...]
    not_yet: str = ""

    def summary(self) -> str:
        if self.not_yet:
            return self.not_yet
        where = "、".join(self.periods) or "无"
        return f"在报的报告期：{where}；新增应报 {self.made} 项"


def open_windows(ctx: Context, period: str | None = None) -> Opened:
    """Make the obligations of every open window, or of one period whose window has opened."""
    with open_desk(ctx) as desk:
        return make_obligations(desk, period)


def make_obligations(desk: Desk, period: str | None = None) -> Opened:
    """The same for callers that are at work already. Raises RequestError for a period that does not exist."""
    office, now = desk.office, desk.ctx.now()
    windows = [office.window(office.period(period))] if period else list(office.windows_open_at(now))
    closed = [window for window in windows if window.opens > now]
    windows = [window for window in windows if window.opens <= now]
    not_yet = f"{closed[0].period.label} 要到 {moment_words(closed[0].opens, now)} 才开窗。" if closed else ""
    with desk.store.write() as conn:
        made = sum(_open_one(desk, conn, window) for window in windows)
    return Opened(made=made, periods=tuple(window.period.label for window in windows), not_yet=not_yet)


def _open_one(desk: Desk, conn: Connection, window: Window) -> int:
    now, made = desk.ctx.now(), 0
    for org, table, duty, valid_from in desk.office.expected(window.period):
        due = desk.office.newcomer_due(window, valid_from) if valid_from else window.due
        made += add_obligation(
            conn, org=org.code, table=table, period=window.period.label, required=duty == "必报",
            opens=window.opens, due=due, locks=max(window.locks, due), now=now,
        )  # fmt: skip
    if made:
        payload = {"made": made, "due": window.due.isoformat()}
        subject = f"period:{window.period.label}"
        note_event(conn, actor=desk.ctx.actor, at=now, verb="开报", subject=subject, payload=payload)
    return made
