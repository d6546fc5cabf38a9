"""judge: one arrival is examined, and versions, decisions, findings, rows, facts and the answer to its sender are
written in one transaction.

The arrival is claimed with a token and a lease of 120 s. The work is done outside any transaction, in a child; then one
transaction checks that the token still holds and that nothing was decided on these tables meanwhile. A late holder of an
old token writes nothing; a moved history means another look.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection
from ulid import ULID

from tasks.answer import answer, answer_duplicate, answer_unclaimed, known_org
from tasks.case import Case
from tasks.desk import Desk, open_desk
from tasks.examine import Examination, Examined, examine, mark_of, mark_up, open_arrival
from tasks.fault import REASON, note_fault, reopen_repaired
from tasks.unchanged import says_no_change
from tasks.write_versions import Verdict, write_version
from yaoxun.context import Context, wall_clock
from yaoxun.errors import DISK_REFUSES, InternalError, NotNowError, OutsideError, YaoxunError, system_words
from yaoxun.failpoints import failpoint
from yaoxun.forms.rules.agreement import is_reconciled
from yaoxun.office.ledger import lock_obligation
from yaoxun.returns import arrivals, ledger
from yaoxun.returns.arrivals import Arrival
from yaoxun.returns.placing import Assigned, dropped_by, seen_of
from yaoxun.sheets.sandbox import Sandbox, shared_sandbox
from yaoxun.sheets.uncollected import uncollected
from yaoxun.store.blobs import blob_path, put_blob
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
    """Arrivals that have not had their turn, oldest first; among them those that our fault kept from it, once for every
    new program or configuration."""
    with open_desk(ctx) as desk:
        with desk.store.read() as conn:
            kept = arrivals.arrivals_in_state(conn, arrivals.OUR_FAULT)
        if kept:
            with desk.store.write() as conn:
                reopen_repaired(desk, conn)
        with desk.store.read() as conn:
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
                with uncollected():
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
        assigned = arrivals.assigned_to(conn, arrival_id)
    if arrival is None:
        raise NotNowError(f"没有第 {arrival_id} 号来件。", "请核对编号。")
    if not claimed:
        return Judged(arrival=arrival_id, state=arrival.state, reason="已审过，或另一进程正在审")
    failpoint("judge.after_claim")
    try:
        return _work(desk, sandbox, arrival, assigned, token)
    except Exception as err:
        refused = isinstance(err, OSError) and err.errno in DISK_REFUSES
        if refused or (isinstance(err, YaoxunError) and not isinstance(err, InternalError)):
            with desk.store.write() as conn:
                arrivals.release_arrival(conn, arrival_id, token)
            if isinstance(err, OSError):
                remedy = "不是表的问题；文件已存档，下次收件自动再审。请检查磁盘空间和目录权限。"
                raise OutsideError(f"第 {arrival_id} 号来件暂时没有审成：{system_words(err)}", remedy) from err
            raise
        # One file's fault in our program must not hold up the others.
        note_fault(desk, arrival, token, err)
        return Judged(arrival=arrival.id, state=arrivals.OUR_FAULT, reason=REASON)


def _work(desk: Desk, sandbox: Sandbox, arrival: Arrival, assigned: Assigned | None, token: str) -> Judged:
    known = None if assigned else _duplicate(desk, arrival, token)  # of what staff have placed, we look at the file
    if known is not None:
        return known
    raw = open_arrival(desk, sandbox, arrival)
    for _ in range(LOOKS):
        examination = examine(desk, raw, arrival, assigned).worked_out()
        blocked = any(one.verdict != ledger.ACCEPTED for one in examination.tables)
        source, home = blob_path(desk.ctx.home.blobs, arrival.blob), desk.ctx.home
        marked = mark_up(sandbox, source, examination, home.data) if blocked else None
        marked_sha = put_blob(home.blobs, marked) if marked else ""
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
    ledger.lock_tables(conn, [lock for one in examination.tables for lock in _locks_of(one)])
    for obligation in sorted(one.obligation.id for one in examination.tables):
        lock_obligation(conn, obligation)
    if any(mark_of(desk, conn, one.table, one.obligation.org) != one.mark for one in examination.tables):
        return None
    if marked_sha:
        put_blob_row(conn, sha256=marked_sha, size=marked_size, kind="marked", at=now)
    case = open_case(desk, conn, arrival, examination, arrivals.JUDGED if examination.tables else arrivals.UNCLAIMED)
    decided = _write_case(case)
    if decided:
        answer(case, decided, marked_sha)
    elif arrival.reason != examination.reason:  # who was told is not told again
        answer_unclaimed(case)
    return _settle(case, decided)


def _locks_of(one: Examined) -> Iterator[str]:
    """What a table's history is shared by: a register by all organisations, a fixed table by one, over all periods; and
    the tables that it looks at, or the organisations that report parts of one figure."""
    form, org = one.table.form, one.obligation.org
    yield f"{form.id}:{org}" if form.fixed else form.id
    if is_reconciled(one.table):
        yield f"{form.id}:parts"
    for other in form.setting.looks_at:
        yield from (other, f"{other}:{org}")


def open_case(desk: Desk, conn: Connection, arrival: Arrival, examination: Examination, outcome: str) -> Case:
    """Append a look at an arrival. The caller holds the arrival's row."""
    judgement, seq = arrivals.add_judgement(
        conn, arrival.id, snapshot=desk.config.sha, outcome=outcome, actor=desk.ctx.actor, now=desk.ctx.now()
    )
    return Case(desk=desk, conn=conn, arrival=arrival, judgement=judgement, seq=seq, examination=examination)


def _write_case(case: Case) -> list[tuple[Examined, Verdict]]:
    """Placements, findings and versions; each table with its verdict."""
    tables = case.examination.tables
    _write_placements(case)
    findings = [*case.examination.findings, *(f for one in tables for f in one.findings)]
    arrivals.add_findings(case.conn, case.judgement, findings)
    return [(one, write_version(case, one)) for one in tables]


def _settle(case: Case, decided: list[tuple[Examined, Verdict]]) -> Judged:
    state = arrivals.JUDGED if decided else arrivals.UNCLAIMED
    reason = case.examination.reason
    arrivals.settle_arrival(case.conn, case.arrival.id, state=state, reason=reason)
    decisions = tuple((one.table.form.id, verdict.decision) for one, verdict in decided)
    saw = seen_of(case.examination.identity, case.examination.org)
    _note(case, "审核", {"decisions": dict(decisions), "reason": reason, "saw": saw})
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


def _of_another(desk: Desk, conn: Connection, arrival: Arrival, first: Arrival) -> bool:
    """Whether this file lies in the folder of another organisation than the one that sent equal bytes first: two may
    report the same."""
    folder = dropped_by(desk.office, arrival.sender)
    return folder is not None and folder.code != known_org(desk, conn, first)


def _duplicate(desk: Desk, arrival: Arrival, token: str) -> Judged | None:
    """Answer a file whose very bytes are known: a file that came before, or one that we made ourselves."""
    with desk.store.read() as conn:
        kind = blob_kind(conn, arrival.blob)
        if kind == "template" and says_no_change(desk, conn, arrival.blob):
            kind = ""
        if not arrival.duplicate_of and kind not in ("template", "marked"):
            return None
    with desk.store.write() as conn:
        if not arrivals.still_held(conn, arrival.id, token):
            return Judged(arrival=arrival.id, state="另一进程已审")
        first = arrivals.arrival_by_id(conn, arrival.duplicate_of) if arrival.duplicate_of else None
        if first is None and kind not in ("template", "marked"):
            return None
        settled = first is not None and (first.state == arrivals.REJECTED or ledger.still_stands(conn, first.id))
        of_another = (
            first is not None and kind not in ("template", "marked") and _of_another(desk, conn, arrival, first)
        )
        if of_another or (first is not None and first.state != arrivals.WAITING and not settled):
            return None  # the first one was not taken, or something newer came since: this one is looked at itself
        if first is not None and first.state == arrivals.WAITING:
            arrivals.release_arrival(conn, arrival.id, token)
            return Judged(arrival=arrival.id, state=arrivals.WAITING, reason=f"等第 {first.id} 号来件审完")
        case = open_case(desk, conn, arrival, Examination(), arrivals.DUPLICATE)
        reason = answer_duplicate(case, first, kind or "")
        arrivals.settle_arrival(conn, arrival.id, state=arrivals.DUPLICATE, reason=reason)
        _note(case, "重复", {"reason": reason})
        failpoint("judge.before_duplicate_commit")
        return Judged(arrival=arrival.id, state=arrivals.DUPLICATE, reason=reason)
