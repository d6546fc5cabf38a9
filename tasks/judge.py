"""judge: one arrival is examined, and versions, decisions, findings, rows, facts and the answer to its sender are
written in one transaction.

The arrival is claimed with a token and a lease of 120 s. The work is done outside any transaction, in a child; then one
transaction checks that the token still holds and that nothing was decided on these tables meanwhile. A late holder of an
old token writes nothing; a moved history means another look.
"""

import traceback
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection
from ulid import ULID

from tasks.answer import answer, answer_duplicate, answer_unclaimed
from tasks.case import Case
from tasks.desk import Desk, open_desk
from tasks.examine import Examination, Examined, examine, mark_of, mark_up, open_arrival
from yaoxun import __version__
from yaoxun.context import Context, wall_clock
from yaoxun.errors import NotNowError, YaoxunError
from yaoxun.failpoints import failpoint
from yaoxun.forms.settings import EXPLANATION
from yaoxun.office.ledger import lock_obligation
from yaoxun.returns import arrivals, ledger
from yaoxun.returns.arrivals import Arrival
from yaoxun.returns.contents import content_sha, fact_rows, sheet_rows
from yaoxun.sheets.sandbox import Sandbox, shared_sandbox
from yaoxun.store.blobs import put_blob
from yaoxun.store.records import blob_kind, note_event, put_blob_row

LOOKS = 20


@dataclass(frozen=True, kw_only=True)
class Judged:
    """What became of one arrival: its state and the decision for each table."""

    arrival: int
    state: str
    decisions: tuple[tuple[str, str], ...] = ()
    reason: str = ""

    def summary(self) -> str:
        tables = "，".join(f"{table} {decision}" for table, decision in self.decisions)
        return f"第 {self.arrival} 号来件：{self.state}" + (
            f"（{tables or self.reason}）" if tables or self.reason else ""
        )


@dataclass(frozen=True, kw_only=True)
class JudgedBatch:
    """Several arrivals."""

    judged: tuple[Judged, ...]

    def summary(self) -> str:
        return "\n".join(one.summary() for one in self.judged) or "没有待审的来件"


def waiting(ctx: Context) -> tuple[int, ...]:
    """Arrivals that have not had their turn, oldest first."""
    with open_desk(ctx) as desk, desk.store.read() as conn:
        return tuple(arrivals.waiting_arrivals(conn, wall_clock()))


def judge(ctx: Context, arrival: int) -> Judged:
    """Judge one arrival. Raises NotNowError when another process holds it; a fault of the program is put on record."""
    return judge_batch(ctx, (arrival,)).judged[0]


def judge_batch(ctx: Context, wanted: tuple[int, ...]) -> JudgedBatch:
    """Judge several arrivals in turn with one child; one file's trouble does not hold up the others: the first error is
    raised when all have had their turn."""
    judged: list[Judged] = []
    errors: list[YaoxunError] = []
    with open_desk(ctx) as desk:
        sandbox = shared_sandbox(desk.config.limits)
        for arrival in wanted:
            try:
                judged.append(_judge(desk, sandbox, arrival))
            except YaoxunError as err:
                errors.append(err)
    if errors:
        raise errors[0]
    return JudgedBatch(judged=tuple(judged))


def _judge(desk: Desk, sandbox: Sandbox, arrival_id: int) -> Judged:
    token = str(ULID())
    with desk.store.write() as conn:
        claimed = arrivals.claim_arrival(conn, arrival_id, token=token, wall=wall_clock())
        arrival = arrivals.arrival_by_id(conn, arrival_id)
    if arrival is None:
        raise NotNowError(f"没有第 {arrival_id} 号来件。", "请核对编号。")
    if not claimed:
        return Judged(arrival=arrival_id, state=arrival.state, reason="已审过，或另一进程正在审")
    failpoint("judge.after_claim")
    try:
        return _work(desk, sandbox, arrival, token)
    except YaoxunError:
        with desk.store.write() as conn:
            arrivals.release_arrival(conn, arrival_id, token)
        raise
    except Exception as err:  # noqa: BLE001 (one file's fault in our program must not hold up the others)
        return _our_fault(desk, arrival, token, err)


def _work(desk: Desk, sandbox: Sandbox, arrival: Arrival, token: str) -> Judged:
    known = _duplicate(desk, arrival, token)
    if known is not None:
        return known
    raw = open_arrival(desk, sandbox, arrival)
    for _ in range(LOOKS):
        examination = examine(desk, raw, arrival)
        blocked = any(one.verdict != ledger.ACCEPTED for one in examination.tables)
        marked = mark_up(desk, sandbox, arrival, examination) if blocked else None
        marked_sha = put_blob(desk.ctx.home.blobs, marked) if marked else ""
        failpoint("judge.after_copy")
        with desk.store.write() as conn:
            judged = _commit(desk, conn, arrival, token, (examination, marked_sha, len(marked or b"")))
            failpoint("judge.before_commit")
        failpoint("judge.after_commit")
        if judged is not None:
            return judged
    raise NotNowError(f"第 {arrival.id} 号来件审了 {LOOKS} 次，往期数据一直在变。", "稍后会自动再审。")


def _commit(
    desk: Desk, conn: Connection, arrival: Arrival, token: str, work: tuple[Examination, str, int]
) -> Judged | None:
    """Write one look at an arrival (examination, hash and size of the marked-up copy); None when the history moved and
    another look is needed."""
    examination, marked_sha, marked_size = work
    now = desk.ctx.now()
    if not arrivals.still_held(conn, arrival.id, token):
        return Judged(arrival=arrival.id, state="另一进程已审")
    # In one order everywhere, so that two judges never wait for each other.
    ledger.lock_tables(conn, [_lock_of(one) for one in examination.tables])
    for obligation in sorted(one.obligation.id for one in examination.tables):
        lock_obligation(conn, obligation)
    if any(mark_of(conn, one.table, one.obligation.org) != one.mark for one in examination.tables):
        return None
    if marked_sha:
        put_blob_row(conn, sha256=marked_sha, size=marked_size, kind="marked", at=now)
    case = _open_case(desk, conn, arrival, examination, arrivals.JUDGED if examination.tables else arrivals.UNCLAIMED)
    decided = _write_case(case)
    if decided:
        answer(case, decided, marked_sha)
    else:
        answer_unclaimed(case)
    return _settle(case, decided)


def _lock_of(one: Examined) -> str:
    """What a table's history is shared by: a register by all organisations, a fixed table by one, over all periods."""
    form = one.table.form
    return f"{form.id}:{one.obligation.org}" if form.fixed else form.id


def _open_case(desk: Desk, conn: Connection, arrival: Arrival, examination: Examination, outcome: str) -> Case:
    judgement, seq = arrivals.add_judgement(
        conn, arrival.id, snapshot=desk.config.sha, outcome=outcome, actor=desk.ctx.actor, now=desk.ctx.now()
    )
    return Case(desk=desk, conn=conn, arrival=arrival, judgement=judgement, seq=seq, examination=examination)


def _write_case(case: Case) -> "list[tuple[Examined, Verdict]]":
    """Placements, findings and versions; each table with its verdict."""
    tables = case.examination.tables
    _write_placements(case)
    findings = [*case.examination.findings, *(f for one in tables for f in one.findings)]
    arrivals.add_findings(case.conn, case.judgement, findings)
    return [(one, _write_version(case, one)) for one in tables]


def _settle(case: Case, decided: "list[tuple[Examined, Verdict]]") -> Judged:
    state = arrivals.JUDGED if decided else arrivals.UNCLAIMED
    reason = case.examination.reason
    arrivals.settle_arrival(case.conn, case.arrival.id, state=state, reason=reason)
    decisions = tuple((one.table.form.id, verdict.decision) for one, verdict in decided)
    _note(case, "审核", {"decisions": dict(decisions), "reason": reason})
    return Judged(arrival=case.arrival.id, state=state, decisions=decisions, reason=reason)


def _note(case: Case, verb: str, payload: dict[str, Any]) -> None:
    ctx, subject = case.desk.ctx, f"arrival:{case.arrival.id}"
    note_event(case.conn, actor=ctx.actor, at=ctx.now(), verb=verb, subject=subject, payload=payload)


def _write_placements(case: Case) -> None:
    for one in case.examination.tables:
        arrivals.add_placement(
            case.conn, case.arrival.id, org=one.obligation.org, table=one.obligation.table,
            period=one.obligation.period, sheet=one.table.sheet, reason=case.examination.how,
            actor=case.desk.ctx.actor, now=case.desk.ctx.now(),
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The decision on one table, and the version it fell on; `same_as` names the version that it repeats."""

    decision: str
    n: int
    same_as: int = 0


def _write_version(case: Case, one: Examined) -> Verdict:
    conn, now, obligation = case.conn, case.desk.ctx.now(), one.obligation
    sha = content_sha(one.table)
    known = ledger.versions(conn, period=obligation.period, org=obligation.org, table=obligation.table)
    last = ledger.latest_of(known).get(obligation.id)
    if last is not None and last.content_sha == sha and last.decision == ledger.ACCEPTED == one.verdict:
        return Verdict(decision=ledger.ACCEPTED, n=last.n, same_as=last.n)
    n = ledger.next_version_number(conn, obligation.id)
    identity = case.examination.identity
    version = ledger.add_version(
        conn, obligation_id=obligation.id, arrival_id=case.arrival.id, declared=one.table.declared or "有数据",
        cover=identity.cover.fields if identity else {}, sheet=one.table.sheet, content_sha=sha,
        based_on=identity.based_on(obligation.table) if identity else "", snapshot=case.desk.config.sha,
        received_at=case.arrival.received_at, now=now,
    )  # fmt: skip
    if version is None:
        raise NotNowError(f"第 {case.arrival.id} 号来件的 {obligation.table} 已有版本。", "无需处理。")
    ledger.add_decision(
        conn, version, judgement=case.judgement, verdict=one.verdict, reason="", actor=case.desk.ctx.actor, now=now
    )
    write_content(conn, version, one, accepted=one.verdict == ledger.ACCEPTED)
    ledger.add_explanations(conn, obligation_id=obligation.id, version_id=version, texts=_explained(one), now=now)
    return Verdict(decision=one.verdict, n=n)


def _explained(one: Examined) -> list[tuple[str, str, str, str]]:
    """(rule, row, column, what the 说明 cell says) for every finding that was explained."""
    words = {row.uid: row.cells[EXPLANATION].text for row in one.table.rows if EXPLANATION in row.cells}
    return [(f.rule, f.row_uid, f.column, words.get(f.row_uid, "")) for f in one.findings if f.explained]


def write_content(conn: Connection, version: int, one: Examined, *, accepted: bool) -> None:
    """Rows, register entries and facts of a version; an entry is made, and numbered, at its first acceptance."""
    form = one.table.form
    register = form.setting.register_
    if register and accepted:
        uids = [row.uid for row in one.table.rows]
        ledger.register_entries(conn, form.id, uids, numbering=register.numbering)
    ledger.add_rows(conn, version, sheet_rows(one.table, as_entries=bool(register and accepted)))
    obligation = one.obligation
    ledger.add_facts(conn, version, fact_rows(one.facts, org=obligation.org, period=obligation.period))


def _duplicate(desk: Desk, arrival: Arrival, token: str) -> Judged | None:
    """Answer a file whose very bytes are known: a file that came before, or one that we made ourselves."""
    with desk.store.write() as conn:
        if not arrivals.still_held(conn, arrival.id, token):
            return Judged(arrival=arrival.id, state="另一进程已审")
        kind = blob_kind(conn, arrival.blob)
        first = arrivals.arrival_by_id(conn, arrival.duplicate_of) if arrival.duplicate_of else None
        if first is None and kind not in ("template", "marked"):
            return None
        if first is not None and first.state != arrivals.WAITING and not ledger.still_stands(conn, first.id):
            return None  # the first one was not taken, or something newer came since: this one is looked at itself
        if first is not None and first.state == arrivals.WAITING:
            arrivals.release_arrival(conn, arrival.id, token)
            return Judged(arrival=arrival.id, state=arrivals.WAITING, reason=f"等第 {first.id} 号来件审完")
        case = _open_case(desk, conn, arrival, Examination(), arrivals.DUPLICATE)
        reason = answer_duplicate(case, first, kind or "")
        arrivals.settle_arrival(conn, arrival.id, state=arrivals.DUPLICATE, reason=reason)
        _note(case, "重复", {"reason": reason})
        failpoint("judge.before_duplicate_commit")
        return Judged(arrival=arrival.id, state=arrivals.DUPLICATE, reason=reason)


def _our_fault(desk: Desk, arrival: Arrival, token: str, err: Exception) -> Judged:
    """Put an internal failure on record; the file stays under its number and is judged again after the repair."""
    reason = "程序出了问题，不是表的问题；文件已存档，修好后会自动再审"
    with desk.store.write() as conn:
        if arrivals.still_held(conn, arrival.id, token):
            arrivals.settle_arrival(conn, arrival.id, state=arrivals.OUR_FAULT, reason=reason)
            trace = "".join(traceback.format_exception(err))[-4000:]
            payload = {"error": trace, "program": __version__, "config": desk.config.sha}
            subject = f"arrival:{arrival.id}"
            note_event(conn, actor=desk.ctx.actor, at=desk.ctx.now(), verb="内部故障", subject=subject, payload=payload)
    return Judged(arrival=arrival.id, state=arrivals.OUR_FAULT, reason=reason)
