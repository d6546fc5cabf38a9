"""A cut: what was known of a period at a moment, and the figures computed from it. Reads only; draft writes.

The versions of a cut are the current ones, as they were known then, of the period and of all before it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from tasks.desk import Desk
from yaoxun.figures.compute import Basis, compute_figures
from yaoxun.figures.frames import CutData, build_facts, build_rows
from yaoxun.figures.ledger import versions_in_cut
from yaoxun.figures.model import Computed
from yaoxun.office.ledger import Obligation, obligations
from yaoxun.office.model import Period, PeriodKind
from yaoxun.returns.ledger import Version, current_of, facts_of, rows_of, same_entries, versions
from yaoxun.returns.states import counted

# What counts as reported; 不适用 does not. '' is a table of no declaration, accepted for what it holds.
DECLARED = ("有数据", "零报告", "")


@dataclass(frozen=True, kw_only=True)
class Cut:
    """A cut before it is recorded: its period, moment and versions, with the figures."""

    period: Period
    known_at: datetime
    version_ids: tuple[int, ...]
    computed: Computed


def make_cut(desk: Desk, conn: Connection, period: Period, known_at: datetime) -> Cut:
    """Compute all figures of a period as known at a moment. Raises ConfigError for a figure that cannot be."""
    chosen = _versions(desk, conn, period, known_at)
    data = _data(desk, conn, period, chosen)
    file = desk.ctx.home.config / "figures.yaml"
    basis = Basis(data=data, office=desk.office, figures=desk.config.figures, file=file)
    ids = tuple(sorted(v.id for v in chosen))
    return Cut(period=period, known_at=known_at, version_ids=ids, computed=compute_figures(basis))


def versions_now(desk: Desk, conn: Connection, period: str) -> frozenset[int]:
    """Ids of the versions that a cut of this period would hold now."""
    return frozenset(v.id for v in _versions(desk, conn, desk.office.period(period), desk.ctx.now()))


def cut_is_overtaken(conn: Connection, cut_id: int | None, now: frozenset[int]) -> bool:
    """Whether a cut holds other versions than these."""
    return cut_id is not None and versions_in_cut(conn, cut_id) != now


def latest_period(desk: Desk, conn: Connection, kinds: Sequence[PeriodKind]) -> Period | None:
    """The period of these kinds whose window opened last and in which something is owed; None before the first."""
    now = desk.ctx.now()
    labels = {o.period for o in obligations(conn) if o.opens is not None and o.opens <= now}
    found = [period for label in labels if (period := desk.office.period(label)).kind in kinds]
    return max(found, key=lambda period: (bool(desk.office.expected(period)), period.sort), default=None)


def _versions(desk: Desk, conn: Connection, period: Period, known_at: datetime) -> list[Version]:
    current = current_of(versions(conn, known_at=known_at)).values()
    # By the day they end on: a quarter holds its last month, and a month the quarter that ends with it.
    return [v for v in current if desk.office.period(v.period).last_day <= period.last_day]


def _data(desk: Desk, conn: Connection, period: Period, chosen: list[Version]) -> CutData:
    ids = [v.id for v in chosen]
    labels = sorted({v.period for v in chosen}, key=lambda label: desk.office.period(label).sort)
    order = {label: n for n, label in enumerate(labels)}
    forms = desk.config.forms.values()
    registers = frozenset(form.id for form in forms if not form.fixed and form.setting.carries)
    rows = build_rows(
        chosen,
        rows_of(conn, ids),
        org_kind={org.code: org.kind for org in desk.office.organisations},
        sort_of=order.__getitem__,
        same_entry=same_entries(conn),
        registers=registers,
    )
    asked = counted(desk.office, obligations(conn, period=period.label), chosen)
    reported = {(v.table, v.org) for v in chosen if v.period == period.label and v.declared in DECLARED}
    return CutData(
        period=period,
        rows=rows,
        facts=build_facts(facts_of(conn, ids)),
        collected=frozenset((v.table, v.period, v.org) for v in chosen),
        expected=_by_table(desk, asked, None),
        must=_by_table(desk, [o for o in asked if o.required], None),
        reported=_by_table(desk, asked, reported),
        registers=registers,
    )


def _by_table(
    desk: Desk, asked: Sequence[Obligation], among: set[tuple[str, str]] | None
) -> Mapping[str, tuple[str, ...]]:
    """Table → organisations that owe it (and are `among`), in office order."""
    order = {org.code: org.order for org in desk.office.organisations}
    found: dict[str, list[str]] = {}
    for o in sorted(asked, key=lambda o: order.get(o.org, 0)):
        if among is None or (o.table, o.org) in among:
            found.setdefault(o.table, []).append(o.org)
    return {table: tuple(orgs) for table, orgs in found.items()}
