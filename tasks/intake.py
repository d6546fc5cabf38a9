"""intake: what staff do about files that came: look at them, say where they belong, reject, take back, judge again.

Nothing is deleted and everything can be taken back: an assignment is a placement row, the last one holds; versions at a
place that was wrong are withdrawn by a decision, and the one that was current before is current again, because current is
derived. The state of an arrival changes in one transaction with what it tells; judging follows in its own, and is done by
the next collect where a kill came between.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from tasks.answer import answer_rejected, answer_withdrawn
from tasks.answer_summary import answer_summary
from tasks.case import open_case
from tasks.desk import Desk, open_desk
from tasks.examine import Examination, open_arrival
from tasks.fault import reopen
from tasks.import_history import CHANNEL as IMPORT
from tasks.judge import Judged, JudgedBatch, judge, judge_batch
from tasks.split import Summary, summary_of, write_parts
from tasks.write_versions import withdraw_versions
from yaoxun.context import Context, wall_clock
from yaoxun.errors import NotNowError, RequestError, YaoxunError
from yaoxun.failpoints import failpoint
from yaoxun.office.ledger import find_person
from yaoxun.returns import arrivals
from yaoxun.returns.arrivals import Arrival
from yaoxun.returns.placing import Assigned
from yaoxun.sheets.sandbox import shared_sandbox
from yaoxun.store.records import note_event

RETRIED = (arrivals.OUR_FAULT, arrivals.UNCLAIMED)


@dataclass(frozen=True, kw_only=True)
class Rejected:
    """An arrival that staff would not take, and how many of its tables were withdrawn."""

    arrival: int
    withdrawn: int

    def summary(self) -> str:
        gone = f"，撤下 {self.withdrawn} 张表" if self.withdrawn else ""
        return f"第 {self.arrival} 号来件：已拒收{gone}。改变主意可用 yaoxun intake reopen {self.arrival}。"


@dataclass(frozen=True, kw_only=True)
class Retried:
    """Several arrivals, judged again; `failed` are sentences on those that could not be."""

    judged: tuple[Judged, ...]
    failed: tuple[str, ...] = ()

    def summary(self) -> str:
        return JudgedBatch(judged=self.judged).summary() if self.judged else "" if self.failed else "没有要再审的来件。"


def assign(
    ctx: Context,
    number: int,
    *,
    org: str = "",
    period: str = "",
    sheets: Mapping[str, str] | None = None,
    late: bool = False,
    reason: str = "",
) -> Judged:
    """Say where an arrival belongs, and judge it there. What is not said is as the file says; all '' takes an earlier
    assignment back. Saying the same again changes nothing.

    org: code or any name; sheets: table → the sheet that holds it; late: take it though it came after the lock.
    Raises RequestError for what does not exist, NotNowError while another process judges it.
    """
    with open_desk(ctx) as desk:
        said = _said(desk, org=org, period=period, sheets=sheets or {}, late=late)
        with desk.store.write() as conn:
            _staff(desk, conn)
            arrival = _held(conn, number)
            if not said.org and arrivals.whole_of(conn, arrival) is not None:
                said = replace(said, org=arrivals.org_of_part(arrival))  # a part is always somebody's
            if said != (arrivals.assigned_to(conn, number) or Assigned()):
                _assign(desk, conn, arrival, said, reason)
            failpoint("assign.before_commit")
        failpoint("assign.after_commit")
    return judge(ctx, number)


def split(ctx: Context, number: int, *, period: str = "", late: bool = False, reason: str = "") -> JudgedBatch:
    """Take a summary apart, whoever sent it, and judge its parts; what stood of it is withdrawn.

    Raises RequestError for what does not exist or is no summary, NotNowError while another process judges it.
    """
    with open_desk(ctx) as desk:
        said = _said(desk, org="", period=period, sheets={}, late=late)
        with desk.store.write() as conn:
            _staff(desk, conn)
            arrival = _held(conn, number)
            if arrivals.whole_of(conn, arrival) is not None:
                raise NotNowError(f"第 {number} 号来件本身是从汇总表拆出来的。", "要改归属请加 --org。")
        raw = open_arrival(desk, shared_sandbox(desk.config.limits), arrival)
        summary = summary_of(desk, raw, arrival, said, by_staff=True)
        if not isinstance(summary, Summary):
            why, remedy = (
                (summary.reason, summary.remedy) if summary else ("文件打不开", "用 yaoxun intake show 查看原因。")
            )
            raise RequestError(f"第 {number} 号来件拆不开：{why}。", remedy)
        with desk.store.write() as conn:
            arrival = _held(conn, number)
            withdraw_versions(desk, conn, number, f"办公室拆分：{reason or '汇总表'}")
            parts = write_parts(desk, conn, arrival, summary, reason)
            failpoint("assign.before_commit")
        failpoint("assign.after_commit")
    return judge_batch(ctx, parts)


def _assign(desk: Desk, conn: Connection, arrival: Arrival, said: Assigned, reason: str) -> None:
    ctx = desk.ctx
    arrivals.add_assignment(conn, arrival.id, said, reason=reason or "办公室认领", actor=ctx.actor, now=ctx.now())
    where = desk.office.organisation(said.org).short if said.org else ""
    gone = withdraw_versions(desk, conn, arrival.id, f"办公室改认：{reason or where or '按文件自身'}")
    elsewhere = [v for v in gone if v.org != (said.org or v.org)]
    answer_withdrawn(desk, conn, arrival, elsewhere, f"应为{where}的报表")
    arrivals.reopen_arrival(conn, arrival.id)
    payload = {"org": said.org, "period": said.period, "sheets": dict(said.sheets), "late": said.late, "reason": reason}
    verb = "特批" if said.late else "认领"
    note_event(conn, actor=ctx.actor, at=ctx.now(), verb=verb, subject=f"arrival:{arrival.id}", payload=payload)


def _said(desk: Desk, *, org: str, period: str, sheets: Mapping[str, str], late: bool) -> Assigned:
    found = desk.office.find_organisation(org) if org else None
    if org and found is None:
        raise RequestError(f"没有单位“{org}”。", "请写单位代码或名称；单位名录在 config/organisations.yaml。")
    if period:
        desk.office.window(desk.office.period(period))  # 试点前 is no period that files are sent for
    for table in sheets:
        if table not in desk.config.forms:
            raise RequestError(f"没有报表“{table}”。", f"现有：{'、'.join(desk.config.forms)}。")
    label = desk.office.period(period).label if period else ""
    return Assigned(org=found.code if found else "", period=label, sheets=dict(sheets), late=late)


def _staff(desk: Desk, conn: Connection) -> None:
    """Whoever decides is known by name."""
    login = desk.ctx.actor
    if find_person(conn, login, desk.ctx.local_now().date()) is None:
        raise RequestError(
            f"没有登录名为“{login}”的人员。", "请用 --as 写 people.yaml 里的登录名；新增的先 yaoxun config import。"
        )


def _held(conn: Connection, number: int) -> Arrival:
    """The arrival, its row locked. Raises RequestError for none, NotNowError for one that staff cannot act on now."""
    found = arrivals.held_arrival(conn, number, wall_clock())
    if found is None:
        raise RequestError(f"没有第 {number} 号来件。", "用 yaoxun intake list 查看。")
    arrival, being_judged = found
    if being_judged:
        raise NotNowError(f"第 {number} 号来件正在审核。", "请过一两分钟再试。")
    if arrival.channel == IMPORT:
        raise NotNowError(f"第 {number} 号来件是导入的历史，不能认领或拒收。", "请改正文件后再导入一次，后导入的为准。")
    if arrival.state == arrivals.TAKEN_APART:
        problem = f"第 {number} 号来件已经拆开，本身没有可审的表：{arrival.reason}。"
        raise NotNowError(problem, "请对拆出的来件逐件办理，编号见上。")
    return arrival


def reject(ctx: Context, number: int, reason: str) -> Rejected:
    """Decide that an arrival is not taken: the sender is told, and what it brought is withdrawn.

    Raises NotNowError for one that is rejected already, or that repeats another.
    """
    with open_desk(ctx) as desk:
        with desk.store.write() as conn:
            _staff(desk, conn)
            arrival = _held(conn, number)
            if arrival.state in (arrivals.REJECTED, arrivals.DUPLICATE):
                raise NotNowError(f"第 {number} 号来件是“{arrival.state}”，无需拒收。", f"原因：{arrival.reason}")
            case = open_case(desk, conn, arrival, Examination(), arrivals.REJECTED)
            gone = withdraw_versions(desk, conn, number, f"拒收：{reason}")
            arrivals.settle_arrival(conn, number, state=arrivals.REJECTED, reason=reason)
            whole = arrivals.whole_of(conn, arrival)
            if whole is None:
                answer_rejected(case, reason)
            else:
                answer_summary(desk, conn, arrivals.hold_arrival(conn, whole.id))
            payload = {"reason": reason, "was": arrival.state, "withdrawn": len(gone)}
            note_event(conn, actor=ctx.actor, at=ctx.now(), verb="拒收", subject=f"arrival:{number}", payload=payload)
            failpoint("reject.before_commit")
        return Rejected(arrival=number, withdrawn=len(gone))


def undo_rejection(ctx: Context, number: int, reason: str = "") -> Judged:
    """Take a rejection back and judge the arrival again. Raises NotNowError for one that is not rejected."""
    with open_desk(ctx) as desk, desk.store.write() as conn:
        _staff(desk, conn)
        arrival = _held(conn, number)
        if arrival.state != arrivals.REJECTED:
            raise NotNowError(f"第 {number} 号来件是“{arrival.state}”，没有拒收。", "用 yaoxun intake show 查看。")
        arrivals.reopen_arrival(conn, number)
        payload = {"reason": reason, "was": arrival.reason}
        note_event(conn, actor=ctx.actor, at=ctx.now(), verb="撤回拒收", subject=f"arrival:{number}", payload=payload)
    return judge(ctx, number)


def retry(ctx: Context, numbers: Sequence[int] = ()) -> Retried:
    """Judge again what our fault kept from it or nobody could place; no numbers: all of them. One that does not exist, is
    in another state, or meets a fault is told and does not hold up the others."""
    judged: list[Judged] = []
    failed: list[str] = []
    with open_desk(ctx) as desk:
        with desk.store.read() as conn:
            wanted = list(dict.fromkeys(numbers)) or [a.id for a in arrivals.arrivals_in_state(conn, *RETRIED)]
        for done, number in enumerate(wanted):
            ctx.tell(done, len(wanted), f"第 {number} 号来件")
            try:
                with desk.store.write() as conn:
                    _let_in_again(desk, conn, number)
                judged += judge_batch(ctx, (number,)).judged
            except YaoxunError as err:
                failed.append(str(err))
    return Retried(judged=tuple(judged), failed=tuple(failed))


def _let_in_again(desk: Desk, conn: Connection, number: int) -> None:
    arrival = _held(conn, number)
    if arrival.state in RETRIED:
        reopen(desk, conn, number)
    elif arrival.state != arrivals.WAITING:
        problem = f"第 {number} 号来件是“{arrival.state}”，不用再审。"
        raise NotNowError(problem, "要改归属用 yaoxun intake assign，已拒收的用 yaoxun intake reopen。")
