"""The state of an obligation, derived from its versions and the time: one enum, never stored; and which of those that were
opened still count. Pure.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from yaoxun.office.ledger import Obligation
from yaoxun.office.office import Office
from yaoxun.returns.ledger import ACCEPTED, UNEXPLAINED, WITHDRAWN, Version, current_of, latest_of

State = Literal["未到期", "待报", "未报", "已报", "零报告", "退回待改", "待说明", "逾期"]
"""未报: a 有则报 table that nobody declared in time; only what is 必报 is 逾期."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How one obligation stands. `owed`: nothing of it has been accepted. `late`: it is 必报 and owed past its due
    time, or what was accepted first came after it; 有则报 is never late."""

    obligation: Obligation
    state: State
    owed: bool
    late: bool
    versions: int
    current: Version | None
    latest: Version | None


def counted(office: Office, obligations: Iterable[Obligation], versions: Iterable[Version]) -> list[Obligation]:
    """The obligations that count: those that the office expects now, and, as record, those with a version. One that was
    opened before the assignments were corrected, and that nobody answered, is nobody's any more."""
    answered = {version.obligation for version in versions if version.decision != WITHDRAWN}
    return [o for o in obligations if o.id in answered or office.expects(o.org, o.table, o.period)]


def standings(obligations: Iterable[Obligation], versions: Iterable[Version], now: datetime) -> Mapping[int, Standing]:
    """How every obligation stands at a time, by its id. A version that was withdrawn belonged elsewhere."""
    by_obligation: dict[int, list[Version]] = {}
    for version in (v for v in versions if v.decision != WITHDRAWN):
        by_obligation.setdefault(version.obligation, []).append(version)
    return {o.id: _standing(o, by_obligation.get(o.id, []), now) for o in obligations}


def _standing(obligation: Obligation, versions: list[Version], now: datetime) -> Standing:
    current = current_of(versions).get(obligation.id)
    latest = latest_of(versions).get(obligation.id)
    overdue = obligation.due is not None and now > obligation.due
    first_came_late = bool(versions and obligation.due and min(v.received_at for v in versions) > obligation.due)
    late = obligation.required and (overdue if current is None else first_came_late)
    return Standing(
        obligation=obligation,
        state=_state(obligation, current, latest, now),
        owed=current is None,
        late=late,
        versions=len(versions),
        current=current,
        latest=latest,
    )


def _state(obligation: Obligation, current: Version | None, latest: Version | None, now: datetime) -> State:
    if latest is not None and latest.decision != ACCEPTED and latest != current:
        return "待说明" if latest.decision == UNEXPLAINED else "退回待改"
    if current is not None:
        return "零报告" if current.declared == "零报告" else "已报"
    if obligation.opens is not None and now < obligation.opens:
        return "未到期"
    if obligation.due is None or now <= obligation.due:
        return "待报"
    return "逾期" if obligation.required else "未报"
