"""What a judgement leaves of each table: a version with its decision, rows, register entries, facts and explanations; and
the withdrawal of an arrival's versions when it turns out to belong elsewhere. In the caller's transaction.

A version that was withdrawn stays on record. When a later look at the same arrival finds the same content at the same
place, it is decided on again; other content makes another version.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from tasks.case import Case
from tasks.desk import Desk
from tasks.examine import Examined
from yaoxun.errors import NotNowError
from yaoxun.forms.settings import EXPLANATION
from yaoxun.office.ledger import lock_obligation
from yaoxun.returns import arrivals, ledger
from yaoxun.returns.contents import fact_rows, sheet_rows
from yaoxun.returns.ledger import Version
from yaoxun.returns.registers import register_entries

_NO_NUMBERS: Mapping[str, str] = {}


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The decision on one table, and the version it fell on; `same_as` names the version that it repeats, `replaces` the
    one that was current until then (0: there was none)."""

    decision: str
    n: int
    same_as: int = 0
    replaces: int = 0


def write_version(case: Case, one: Examined) -> Verdict:
    """Put one table of the arrival on record; what stands of it already is left as it is."""
    conn, obligation = case.conn, one.obligation
    sha = one.content_sha
    known = ledger.versions(conn, period=obligation.period, org=obligation.org, table=obligation.table)
    own = [v for v in known if v.arrival == case.arrival.id]
    for version in own:
        if version.decision != ledger.WITHDRAWN:
            return Verdict(decision=version.decision, n=version.n)
    for version in reversed(own):
        if version.content_sha == sha and _decided_before(conn, version) == one.verdict:
            _decide(case, version.id, one.verdict, "重新认领")
            return Verdict(decision=one.verdict, n=version.n)
    last = ledger.latest_of(known).get(obligation.id)
    if last is not None and last.content_sha == sha and last.decision == ledger.ACCEPTED == one.verdict:
        return Verdict(decision=ledger.ACCEPTED, n=last.n, same_as=last.n)
    before = ledger.current_of(known).get(obligation.id)
    return _new_version(case, one, sha, before.n if before is not None else 0)


def _decided_before(conn: Connection, version: Version) -> str:
    """What a withdrawn version had been decided to be."""
    decisions = [d.decision for d in ledger.decisions_of(conn, version.id) if d.decision != ledger.WITHDRAWN]
    return str(decisions[-1])


def _decide(case: Case, version: int, verdict: str, reason: str) -> None:
    actor, now = case.desk.ctx.actor, case.desk.ctx.now()
    ledger.add_decision(
        case.conn, version, judgement=case.judgement, verdict=verdict, reason=reason, actor=actor, now=now
    )


def _new_version(case: Case, one: Examined, sha: str, before: int) -> Verdict:
    conn, now, obligation = case.conn, case.desk.ctx.now(), one.obligation
    n = ledger.next_version_number(conn, obligation.id)
    identity = case.examination.identity
    version = ledger.add_version(
        conn, obligation_id=obligation.id, arrival_id=case.arrival.id, declared=one.table.declared or "有数据",
        cover=identity.cover.fields if identity else {}, sheet=one.table.sheet, content_sha=sha,
        based_on=identity.based_on(obligation.table) if identity else "", snapshot=case.desk.config.sha,
        received_at=case.arrival.received_at, now=now, look=case.seq,
    )  # fmt: skip
    if version is None:
        raise NotNowError(f"第 {case.arrival.id} 号来件的 {obligation.table} 已有版本。", "无需处理。")
    _decide(case, version, one.verdict, "")
    write_content(conn, version, one, accepted=one.verdict == ledger.ACCEPTED)
    ledger.add_explanations(conn, obligation_id=obligation.id, version_id=version, texts=_explained(one), now=now)
    return Verdict(decision=one.verdict, n=n, replaces=before)


def _explained(one: Examined) -> list[tuple[str, str, str, str]]:
    """(rule, row, column, what the 说明 cell says) for every finding that was explained; one on a row that is not in the
    table brings its words itself."""
    words = {row.uid: row.cells[EXPLANATION].text for row in one.table.rows if EXPLANATION in row.cells}
    return [(f.rule, f.row_uid, f.column, words.get(f.row_uid, f.found)) for f in one.findings if f.explained]


def write_content(
    conn: Connection, version: int, one: Examined, *, accepted: bool, numbers: Mapping[str, str] = _NO_NUMBERS
) -> None:
    """Rows, register entries and facts of a version; an entry is made, and numbered, at its first acceptance. numbers: the
    official numbers that entries come with."""
    form = one.table.form
    register = form.setting.register_
    if register and accepted:
        uids = [row.uid for row in one.table.rows]
        register_entries(conn, form.id, uids, numbering=register.numbering, first=register.first, numbers=numbers)
    ledger.add_rows(conn, version, sheet_rows(one.table, as_entries=bool(register and accepted), kept=one.kept))
    obligation = one.obligation
    ledger.add_facts(conn, version, fact_rows(one.facts, org=obligation.org, period=obligation.period))


def withdraw_versions(desk: Desk, conn: Connection, arrival: int, reason: str) -> list[Version]:
    """Withdraw whatever stands of an arrival; the versions that stood. Arrivals that said the same at one of these places
    and made no version of their own are judged again. The caller holds the arrival's row."""
    ctx = desk.ctx
    standing = ledger.standing_of(conn, arrival)
    ledger.lock_tables(conn, _locks(standing))
    for obligation in sorted(v.obligation for v in standing):
        lock_obligation(conn, obligation)
    relying: set[int] = set()
    for version in standing:
        ledger.add_decision(
            conn, version.id, judgement=None, verdict=ledger.WITHDRAWN, reason=reason, actor=ctx.actor, now=ctx.now()
        )
        relying.update(
            arrivals.relying_arrivals(
                conn, obligation=version.obligation, org=version.org, table=version.table, period=version.period,
                besides=arrival,
            )
        )  # fmt: skip
    for other in sorted(relying):
        arrivals.reopen_arrival(conn, other)
    return standing


def _locks(versions: Iterable[Version]) -> list[str]:
    """What judge locks for the same tables, whichever kind of table each is now."""
    return [name for v in versions for name in (v.table, f"{v.table}:{v.org}", f"{v.table}:parts")]
