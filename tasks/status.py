"""status: how every obligation of one or several periods stands, for screens, reports and the demo's summary. Reads only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, get_args

from sqlalchemy import Connection

from tasks.cut import latest_period
from tasks.desk import Desk, open_desk
from tasks.mail_switch import mail_notice
from yaoxun.context import SHANGHAI, Context
from yaoxun.errors import RequestError
from yaoxun.office.ledger import obligations
from yaoxun.office.model import PeriodKind
from yaoxun.office.words import moment_words
from yaoxun.returns.arrivals import OUR_FAULT, UNCLAIMED, WAITING, Arrival, arrivals_in_state
from yaoxun.returns.ledger import versions
from yaoxun.returns.states import Standing, counted, standings

# (what is said, states) of those who still have something to do, in the order of urgency.
OPEN_STATES = (("未报", ("待报", "逾期")), ("退回待改", ("退回待改",)), ("待说明", ("待说明",)))


@dataclass(frozen=True, kw_only=True)
class Status:
    """Standings in period, office and form order, and the files that wait for somebody. period: the labels, 、 between
    them; titles: what tables are called; mail: what to know of the mail, '' while it goes as usual."""

    period: str
    periods: tuple[str, ...]
    now: datetime
    organisations: Mapping[str, str]
    tables: tuple[str, ...]
    titles: Mapping[str, str]
    standings: tuple[Standing, ...]
    unclaimed: tuple[Arrival, ...]
    mail: str = ""

    def by_state(self, *states: str, required_only: bool = False) -> list[Standing]:
        """Standings in any of these states."""
        found = [s for s in self.standings if s.state in states]
        return [s for s in found if s.obligation.required] if required_only else found

    def late(self) -> list[Standing]:
        """What was accepted, and first came after its due time."""
        return [s for s in self.standings if s.late and not s.owed]

    def of_period(self, period: str) -> "Status":
        """The part of one period."""
        found = tuple(s for s in self.standings if s.obligation.period == period)
        tables = tuple(t for t in self.tables if any(s.obligation.table == t for s in found))
        return Status(
            period=period, periods=(period,), now=self.now, organisations=self.organisations, tables=tables,
            titles=self.titles, standings=found, unclaimed=self.unclaimed, mail=self.mail,
        )  # fmt: skip

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
             "period": s.obligation.period, "required": s.obligation.required, "state": s.state, "late": s.late,
             "versions": s.versions, "due": s.obligation.due.astimezone(SHANGHAI).isoformat() if s.obligation.due else None}
            for s in self.standings
        ]  # fmt: skip
        waiting = [{"arrival": a.id, "name": a.name, "state": a.state, "reason": a.reason} for a in self.unclaimed]
        return {"period": self.period, "periods": list(self.periods), "counts": self.counts(), "obligations": rows,
                "unclaimed": waiting, "mail": self.mail}  # fmt: skip

    def as_text(self) -> str:
        """One paragraph a period to paste into a work chat: who is missing, by short name and in office order."""
        return "\n\n".join(self._paragraph(self.of_period(period)) for period in self.periods)

    def _paragraph(self, one: "Status") -> str:
        asked = {s.obligation.org for s in one.standings if s.obligation.required}
        owing = {s.obligation.org for s in one.standings if s.obligation.required and s.owed}
        due = sorted({s.obligation.due for s in one.standings if s.obligation.due})
        lines = [f"【报送情况】{one.period}：已报 {len(asked) - len(owing)} 家/应报 {len(asked)} 家"]
        for what, states in OPEN_STATES:
            named = one.named(one.by_state(*states, required_only=what == "未报"))
            lines += [f"{what}（{len(named)} 家）：{'、'.join(named)}"] if named else []
        if due:
            lines.append(f"截止时间：{moment_words(due[0], self.now)}")
        lines.append(f"以上截至 {moment_words(self.now)}")
        return "\n".join(lines)

    def named(self, found: Sequence[Standing]) -> list[str]:
        """Organisations with the tables in question; the tables are left out where they are all that the organisation
        must report."""
        by_org: dict[str, list[str]] = {}
        for s in found:
            by_org.setdefault(s.obligation.org, []).append(s.obligation.table)
        required = {(s.obligation.org, s.obligation.table) for s in self.standings if s.obligation.required}
        names = []
        for org, tables in by_org.items():
            is_all = {table for o, table in required if o == org} <= set(tables)
            names.append(self.organisations[org] + ("" if is_all else f"（{'、'.join(dict.fromkeys(tables))}）"))
        return names


def status(ctx: Context, *periods: str | None, org: str = "") -> Status:
    """How periods stand; none named: those that are open, or the one that was issued last. `org`: only of this one, by
    code or name. Raises RequestError for an unknown period or organisation."""
    with open_desk(ctx) as desk:
        return read_status(desk, [period for period in periods if period], org)


def read_status(desk: Desk, periods: Sequence[str], org: str = "") -> Status:
    """The same for callers that are at work already."""
    office, now = desk.office, desk.ctx.now()
    order = {one.code: one.order for one in office.organisations}
    only = _organisation(desk, org)
    tables = list(desk.config.forms)
    with desk.store.read() as conn:
        mail = mail_notice(desk, conn)
        labels = [office.period(period).label for period in periods] or _open_periods(desk, conn)
        asked = [o for label in labels for o in obligations(conn, period=label) if only in ("", o.org)]
        known = [version for label in labels for version in versions(conn, period=label)]
        asked = counted(office, asked, known)
        standing = standings([o for o in asked if o.table in tables], known, now)
        waiting = arrivals_in_state(conn, WAITING, UNCLAIMED, OUR_FAULT)

    def place(s: Standing) -> tuple[int, int, int]:
        o = s.obligation
        return labels.index(o.period), order.get(o.org, 0), tables.index(o.table)

    ordered = sorted(standing.values(), key=place)
    return Status(
        period="、".join(labels),
        periods=tuple(labels),
        now=now,
        organisations={one.code: one.short for one in office.organisations},
        tables=tuple(t for t in tables if any(s.obligation.table == t for s in ordered)),
        titles={name: form.title for name, form in desk.config.forms.items()},
        standings=tuple(ordered),
        unclaimed=tuple(waiting),
        mail=mail,
    )


def _organisation(desk: Desk, org: str) -> str:
    found = desk.office.find_organisation(org) if org else None
    if org and found is None:
        raise RequestError(f"名录里没有单位“{org}”。", "请写 config/organisations.yaml 里的代码、名称或简称。")
    return found.code if found else ""


def _open_periods(desk: Desk, conn: Connection) -> list[str]:
    """Periods that may be reported now, in time order; else the one that was issued last; before the first, the one that
    the calendar has open."""
    office, now = desk.office, desk.ctx.now()
    asked = obligations(conn)
    may = {o.period for o in asked if o.opens and o.opens <= now and (o.locks is None or now <= o.locks)}
    if owed := [label for label in may if office.expected(office.period(label))]:
        return sorted(owed, key=lambda label: office.period(label).sort)
    found = latest_period(desk, conn, get_args(PeriodKind))
    if found is not None:
        return [found.label]
    open_now = office.windows_open_at(now)
    return [open_now[-1].period.label if open_now else office.baseline.label]
