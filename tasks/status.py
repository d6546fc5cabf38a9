"""status: how every obligation of a period stands, for screens, reports and the demo's summary. Reads only."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

from tasks.cut import latest_period
from tasks.desk import Desk, open_desk
from yaoxun.context import SHANGHAI, Context
from yaoxun.office.ledger import obligations
from yaoxun.office.model import PeriodKind
from yaoxun.returns.arrivals import OUR_FAULT, UNCLAIMED, WAITING, Arrival, arrivals_in_state
from yaoxun.returns.ledger import versions
from yaoxun.returns.states import Standing, standings


@dataclass(frozen=True, kw_only=True)
class Status:
    """One period: standings in office order and form order, and the files that wait for somebody."""

    period: str
    organisations: Mapping[str, str]
    tables: tuple[str, ...]
    standings: tuple[Standing, ...]
    unclaimed: tuple[Arrival, ...]

    def by_state(self, *states: str, required_only: bool = False) -> list[Standing]:
        """Standings in any of these states."""
        found = [s for s in self.standings if s.state in states]
        return [s for s in found if s.obligation.required] if required_only else found

    def late(self) -> list[Standing]:
        """What was accepted, and first came after its due time."""
        return [s for s in self.standings if s.late and not s.owed and s.obligation.required]

    def counts(self) -> dict[str, int]:
        """Number of obligations in each state."""
        counts: dict[str, int] = {}
        for s in self.standings:
            counts[s.state] = counts.get(s.state, 0) + 1
        return counts

    def as_json(self) -> dict[str, Any]:
        """The same as plain data."""
        rows = [
            {"org": s.obligation.org, "name": self.organisations[s.obligation.org], "table": s.obligation.table,
             "required": s.obligation.required, "state": s.state, "late": s.late, "versions": s.versions,
             "due": s.obligation.due.astimezone(SHANGHAI).isoformat() if s.obligation.due else None}
            for s in self.standings
        ]  # fmt: skip
        waiting = [{"arrival": a.id, "name": a.name, "state": a.state, "reason": a.reason} for a in self.unclaimed]
        return {"period": self.period, "counts": self.counts(), "obligations": rows, "unclaimed": waiting}


def status(ctx: Context, period: str | None = None) -> Status:
    """How a period stands; None: the period whose window opened last. Raises RequestError for an unknown period."""
    with open_desk(ctx) as desk:
        return read_status(desk, period)


def read_status(desk: Desk, period: str | None) -> Status:
    """The same for callers that are at work already."""
    office, now = desk.office, desk.ctx.now()
    label = office.period(period).label if period else _newest_period(desk)
    order = {org.code: org.order for org in office.organisations}
    tables = list(desk.config.forms)
    with desk.store.read() as conn:
        asked = obligations(conn, period=label)
        standing = standings(asked, versions(conn, period=label), now)
        waiting = arrivals_in_state(conn, WAITING, UNCLAIMED, OUR_FAULT)
    ordered = sorted(
        standing.values(), key=lambda s: (order.get(s.obligation.org, 0), tables.index(s.obligation.table))
    )
    return Status(
        period=label,
        organisations={org.code: org.short for org in office.organisations},
        tables=tuple(t for t in tables if any(s.obligation.table == t for s in ordered)),
        standings=tuple(ordered),
        unclaimed=tuple(waiting),
    )


def _newest_period(desk: Desk) -> str:
    """The period that was issued last; before the first, the one that the calendar has open."""
    with desk.store.read() as conn:
        found = latest_period(desk, conn, get_args(PeriodKind))
    if found is not None:
        return found.label
    open_now = desk.office.windows_open_at(desk.ctx.now())
    return open_now[-1].period.label if open_now else desk.office.baseline.label
