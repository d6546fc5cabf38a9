"""open_windows: assignments of an open period become obligations; missing ones are made at every collect."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from tasks.desk import Desk, open_desk
from yaoxun.context import Context
from yaoxun.office.ledger import add_obligation, obligations
from yaoxun.office.model import Organisation, Period, Window
from yaoxun.office.office import Expected
from yaoxun.office.words import moment_words
from yaoxun.store.records import note_event


@dataclass(frozen=True, kw_only=True)
class Opened:
    """How many obligations were made, and for which periods. `nobodys`: rows that no organisation is asked for."""

    made: int
    periods: tuple[str, ...]
    not_yet: str = ""
    nobodys: tuple[str, ...] = ()

    def summary(self) -> str:
        if self.not_yet:
            return self.not_yet
        where = "、".join(self.periods) or "无"
        text = f"在报的报告期：{where}；新增应报 {self.made} 项"
        return text + (f"；没有单位填报：{'、'.join(self.nobodys)}" if self.nobodys else "")


def open_windows(ctx: Context, period: str | None = None) -> Opened:
    """Make the obligations of every open window, or of one period whose window has opened."""
    with open_desk(ctx) as desk:
        opened = make_obligations(desk, period)
        periods = [desk.office.period(label) for label in opened.periods]
        return replace(opened, nobodys=tuple(row for one in periods for row in rows_of_nobody(desk, one)))


def make_obligations(desk: Desk, period: str | None = None) -> Opened:
    """The same for callers that are at work already. Raises RequestError for a period that does not exist."""
    office, now = desk.office, desk.ctx.now()
    windows = [office.window(office.period(period))] if period else list(office.windows_open_at(now))
    closed = [window for window in windows if window.opens > now]
    windows = [window for window in windows if window.opens <= now]
    not_yet = f"{closed[0].period.label} 要到 {moment_words(closed[0].opens, now)} 才开窗。" if closed else ""
    with desk.store.write() as conn:
        made = sum(_open_one(desk, conn, window, desk.office.expected(window.period)) for window in windows)
    return Opened(made=made, periods=tuple(window.period.label for window in windows), not_yet=not_yet)


def make_obligations_of(desk: Desk, org: Organisation, period: Period) -> None:
    """What one organisation owes for a period whose window has opened: all that judging its file needs. Nothing is
    written where it is there already."""
    window = desk.office.window(period)
    if window.opens > desk.ctx.now():
        return
    with desk.store.read() as conn:
        there = {one.table for one in obligations(conn, period=period.label, org=org.code)}
    missing = [one for one in desk.office.expected_of(org, period) if one.table not in there]
    if missing:
        with desk.store.write() as conn:
            _open_one(desk, conn, window, missing)


def rows_of_nobody(desk: Desk, period: Period) -> Iterator[str]:
    """The office's check on fixed tables (every active task has its reporting lead): list entries in force that no
    organisation which owes the table reports, as `table code`."""
    owed: dict[str, set[str]] = {}
    for org, table, _, _ in desk.office.expected(period):
        owed.setdefault(table, set()).update((org.code, org.short, org.name, *org.aliases))
    for table, names in owed.items():
        rows = desk.config.forms[table].setting.rows
        if rows is not None and rows.list and rows.owner:
            led = desk.office.code_lists[rows.list].first_named(rows.owner, period.last_day)
            yield from sorted(
                f"{table} {e.code}" for name, entries in led.items() if name not in names for e in entries
            )


def _open_one(desk: Desk, conn: Connection, window: Window, owed: Sequence[Expected]) -> int:
    now, made = desk.ctx.now(), 0
    for org, table, duty, valid_from in owed:
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
