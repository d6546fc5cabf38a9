"""judge: one arrival is examined, and versions, decisions, findings, rows, facts and the answer to its sender are
written in one transaction.

The arrival is claimed with a token and a lease of 120 s. The work is done outside any transaction, in a child; then one
transaction checks that the token still holds and that nothing was decided on these tables meanwhile. A late holder of an
old token writes nothing; a moved history means another look.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sqlalchemy import Connection
from ulid import ULID

from tasks.answer import answer, answer_unclaimed
from tasks.answer_summary import Beside, answer_summary, beside_of, standing_of
from tasks.case import Case, note_case, open_case
from tasks.desk import Desk, open_desk
from tasks.duplicates import answer_known, as_past_data
from tasks.examine import Examination, Examined, examine, mark_of, mark_up, open_arrival
from tasks.fault import REASON, note_fault, reopen_repaired
from tasks.split import Summary, hinted, summary_of, write_parts
from tasks.write_versions import Verdict, write_version
from yaoxun.context import Context, wall_clock
from yaoxun.errors import DISK_REFUSES, InternalError, NotNowError, OutsideError, YaoxunError, system_words
from yaoxun.failpoints import failpoint
from yaoxun.forms.rules.agreement import is_reconciled
from yaoxun.office.ledger import lock_obligation
from yaoxun.returns import arrivals, ledger
from yaoxun.returns.arrivals import Arrival
from yaoxun.returns.placing import Assigned, seen_of
from yaoxun.sheets.model import RawWorkbook, Refusal
from yaoxun.sheets.sandbox import Sandbox, shared_sandbox
from yaoxun.sheets.uncollected import uncollected
from yaoxun.store.blobs import blob_path, put_blob
from yaoxun.store.records import put_blob_row

LOOKS = 20


@dataclass(frozen=True, kw_only=True)
class Judged:
    """What became of one arrival: its state and the decision for each table; of a summary the ids of its parts."""

    arrival: int
    state: str
    decisions: tuple[tuple[str, str], ...] = ()
    reason: str = ""
    parts: tuple[int, ...] = ()

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


_Opened = dict[str, RawWorkbook | Refusal]
"""The summary that was taken apart last, as read, by its hash."""


@dataclass(frozen=True, kw_only=True)
class _Turn:
    """An arrival that this process holds, what staff say of it, and the summary that it is a part of."""

    arrival: Arrival
    assigned: Assigned | None
    whole: Arrival | None
    token: str


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
    """Judge several arrivals, and the parts of summaries among them, in turn with one child; one file's trouble does not
    hold up the others: the first error is raised when all have had their turn."""
    judged: list[Judged] = []
    left, opened = list(wanted), _Opened()
    errors: list[YaoxunError] = []
    with open_desk(ctx) as desk:
        sandbox = shared_sandbox(desk.config.limits)
        while left:
            try:
                with uncollected():
                    judged.append(_judge(desk, sandbox, left.pop(0), opened))
                left = [*judged[-1].parts, *left]
            except YaoxunError as err:
                errors.append(err)
    if errors:
        raise errors[0]
    return JudgedBatch(judged=tuple(judged))


def _judge(desk: Desk, sandbox: Sandbox, arrival_id: int, opened: _Opened) -> Judged:
    token = str(ULID())
    with desk.store.write() as conn:
        claimed = arrivals.claim_arrival(conn, arrival_id, token=token, wall=wall_clock())
        arrival = arrivals.arrival_by_id(conn, arrival_id)
        assigned = arrivals.assigned_to(conn, arrival_id)
        whole = arrivals.whole_of(conn, arrival) if arrival else None
    if arrival is None:
        raise NotNowError(f"没有第 {arrival_id} 号来件。", "请核对编号。")
    if not claimed:
        return Judged(arrival=arrival_id, state=arrival.state, reason="已审过，或另一进程正在审")
    failpoint("judge.after_claim")
    try:
        if whole is not None:
            assigned = replace(assigned or Assigned(org=arrivals.org_of_part(arrival)), part=True)
        turn = _Turn(arrival=arrival, assigned=assigned, whole=whole, token=token)
        return _work(desk, sandbox, turn, opened)
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


def _work(desk: Desk, sandbox: Sandbox, turn: _Turn, opened: _Opened) -> Judged:
    arrival = turn.arrival
    known = None if turn.assigned else answer_known(desk, arrival, turn.token)
    if known is not None:
        return Judged(arrival=arrival.id, state=known[0], reason=known[1])
    raw = opened.get(arrival.blob) or open_arrival(desk, sandbox, arrival)
    summary = None if turn.whole else summary_of(desk, raw, arrival, turn.assigned)
    if isinstance(summary, Summary):
        opened.clear()
        opened[arrival.blob] = raw  # its parts are looked at next
        return _take_apart(desk, turn, summary)
    for _ in range(LOOKS):
        looked = summary or hinted(desk, examine(desk, raw, arrival, turn.assigned))
        examination = as_past_data(desk, arrival, looked).worked_out()
        beside = _beside(desk, turn, examination)
        marked = _marked(desk, sandbox, turn, (examination, beside))
        marked_sha = put_blob(desk.ctx.home.blobs, marked) if marked else ""
        failpoint("judge.after_copy")
        with desk.store.write() as conn:
            judged = _commit(desk, conn, turn, (examination, beside, marked_sha, len(marked or b"")))
            failpoint("judge.before_commit")
        failpoint("judge.after_commit")
        if judged is not None:
            return judged
    raise NotNowError(f"第 {arrival.id} 号来件审了 {LOOKS} 次，往期数据一直在变。", "稍后会自动再审。")


def _take_apart(desk: Desk, turn: _Turn, summary: Summary) -> Judged:
    arrival = turn.arrival
    with desk.store.write() as conn:
        if not arrivals.still_held(conn, arrival.id, turn.token):
            return Judged(arrival=arrival.id, state="另一进程已审")
        parts = write_parts(desk, conn, arrival, summary)
        failpoint("judge.before_commit")
    failpoint("judge.after_commit")
    return Judged(arrival=arrival.id, state=arrivals.TAKEN_APART, reason=f"汇总表拆成 {len(parts)} 家", parts=parts)


def _beside(desk: Desk, turn: _Turn, examination: Examination) -> Beside | None:
    """Of a summary's part the others, as they stand; None for what is no part."""
    if turn.whole is None:
        return None
    with desk.store.read() as conn:
        return beside_of(standing_of(desk, conn, turn.whole, but=turn.arrival.id), turn.arrival.id, examination)


def _marked(desk: Desk, sandbox: Sandbox, turn: _Turn, look: tuple[Examination, Beside | None]) -> bytes | None:
    """The marked-up copy where something was not accepted; of a summary one of the whole, made with its last part."""
    examination, beside = look
    blocked = any(one.verdict != ledger.ACCEPTED for one in examination.tables)
    if beside is not None:
        blocked, examination = bool(beside.to_mark), Examination(findings=beside.to_mark, lossless=examination.lossless)
    source, home = blob_path(desk.ctx.home.blobs, turn.arrival.blob), desk.ctx.home
    return mark_up(sandbox, source, examination, home.data) if blocked else None


def _commit(
    desk: Desk, conn: Connection, turn: _Turn, work: tuple[Examination, Beside | None, str, int]
) -> Judged | None:
    """Write one look at an arrival (examination, what stands beside it, hash and size of the marked-up copy); None when
    the history moved and another look is needed."""
    examination, beside, marked_sha, marked_size = work
    arrival = turn.arrival
    if not arrivals.still_held(conn, arrival.id, turn.token):
        return Judged(arrival=arrival.id, state="另一进程已审")
    # In one order everywhere, so that two judges never wait for each other.
    ledger.lock_tables(conn, [lock for one in examination.tables for lock in _locks_of(one)])
    for obligation in sorted(one.obligation.id for one in examination.tables):
        lock_obligation(conn, obligation)
    if any(mark_of(desk, conn, one.table, one.obligation.org) != one.mark for one in examination.tables):
        return None
    if turn.whole is not None and beside is not None and not beside.holds(desk, conn, turn.whole):
        return None
    if marked_sha:
        put_blob_row(conn, sha256=marked_sha, size=marked_size, kind="marked", at=desk.ctx.now())
    case = open_case(desk, conn, arrival, examination, arrivals.JUDGED if examination.tables else arrivals.UNCLAIMED)
    decided = _write_case(case)
    if turn.whole is not None:
        judged = _settle(case, decided)
        answer_summary(desk, conn, turn.whole, marked_sha, list_only=not examination.lossless)
        return judged
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
    note_case(case, "审核", {"decisions": dict(decisions), "reason": reason, "saw": saw})
    return Judged(arrival=case.arrival.id, state=state, decisions=decisions, reason=reason)


def _write_placements(case: Case) -> None:
    for one in case.examination.tables:
        arrivals.add_placement(
            case.conn, case.arrival.id, org=one.obligation.org, table=one.obligation.table,
            period=one.obligation.period, sheet=one.table.sheet, reason=case.examination.how,
            actor=case.desk.ctx.actor, now=case.desk.ctx.now(),
        )  # fmt: skip
