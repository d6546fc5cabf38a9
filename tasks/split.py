"""split: a summary (one own sheet with the rows of many organisations) becomes one arrival an organisation, each assigned to
it and judged like any other.

Who may send one stands in the layout (`summaries_from`): the organisation in whose folder of 收/ it lay; in 收/ itself the
collecting office, where the sheet's own heading names it. Staff may split any. The parts are made in one transaction with
what becomes of the whole, each under the key of the whole and the organisation's code: never twice.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from tasks.desk import Desk
from tasks.examine import Examination, KnownNow, takes
from tasks.open_windows import make_obligations_of
from yaoxun.forms.envelope import Identity
from yaoxun.forms.locating import identify
from yaoxun.forms.model import Finding
from yaoxun.office.model import Organisation, Period
from yaoxun.returns import arrivals
from yaoxun.returns.arrivals import TAKEN_APART, Arrival
from yaoxun.returns.placing import AS_THE_FILE_SAYS, BY_LINES, Assigned, as_stated, dropped_by, place, summary_hint
from yaoxun.returns.summaries import organisations_in, whole_findings
from yaoxun.sheets.model import RawWorkbook, Refusal
from yaoxun.store.records import note_event

BY_FOLDER = "按所在文件夹"


@dataclass(frozen=True, kw_only=True)
class Summary:
    """A file that is taken apart: who sent it (None: nobody that is known) and how that is known, whose rows it holds, what
    is told of it as a whole, and what its parts are assigned by besides their organisation."""

    sender: Organisation | None
    how: str
    orgs: tuple[Organisation, ...]
    findings: tuple[Finding, ...]
    said: Assigned


def summary_of(
    desk: Desk, raw: RawWorkbook | Refusal, arrival: Arrival, said: Assigned | None = None, *, by_staff: bool = False
) -> Summary | Examination | None:
    """The file as a summary that may be taken apart; why it cannot be though its sender may send one; None for a file that
    is looked at like any other."""
    said = said or AS_THE_FILE_SAYS
    if isinstance(raw, Refusal) or said.org:
        return None
    raw = as_stated(raw, desk.config.forms, said.sheets)
    identity = identify(raw, desk.config.forms, desk.office.names)
    orgs, (sender, how) = organisations_in(identity, desk.office), _sender(desk, arrival, identity)
    if by_staff and not orgs:
        return _refused(identity, sender, "表里没有写着单位名称的行，不是汇总表", "请用 --org 认领给一家单位。")
    unasked = identity.meta is not None or (how == BY_LINES and sender != desk.office.collector)
    if not by_staff and (unasked or not _may_send(desk, identity.own, sender)):
        return None
    if not orgs or (orgs == (sender,) and not by_staff):
        return None
    if rest := [table for table in identity.tables if not _by_rows(desk, table)]:
        reason = f"这份文件里除了汇总表，还有{'、'.join(rest)}"
        return _refused(identity, sender, reason, "请把汇总表单独存成一个文件再报；别的表各单位各报各的。")
    return _opened(desk, raw, arrival, identity, Summary(sender=sender, how=how, orgs=orgs, findings=(), said=said))


def _opened(
    desk: Desk, raw: RawWorkbook, arrival: Arrival, identity: Identity, summary: Summary
) -> Summary | Examination:
    """The same, where somebody in it owes one of its tables for its period."""
    said = summary.said
    placed = place(identity, desk.office, Assigned(org=summary.orgs[0].code, period=said.period, sheets=said.sheets))
    if not placed.periods or set(placed.periods) != set(identity.tables):
        reason = placed.reason or "看不出报告期"
        return _refused(identity, summary.sender, reason, placed.remedy or "请在表上写明报告期后重报。")
    if not _is_owed(desk, arrival, summary, placed.periods):
        labels = "、".join(dict.fromkeys(period.label for period in placed.periods.values()))
        reason = f"表上写的是 {labels}，这一期的 {'、'.join(placed.periods)} 没有一家在报（尚未开报、已过锁定时间，或不在应报之列）"
        return _refused(
            identity, summary.sender, reason, "请核对表上的报告期；往期的由办公室用 yaoxun import history 导入。"
        )
    findings = tuple(whole_findings(raw, desk.config.forms, desk.office, placed.periods))
    return Summary(sender=summary.sender, how=summary.how, orgs=summary.orgs, findings=findings, said=said)


def _refused(identity: Identity, sender: Organisation | None, reason: str, remedy: str) -> Examination:
    return Examination(org=sender, identity=identity, reason=reason, remedy=remedy)


def _sender(desk: Desk, arrival: Arrival, identity: Identity) -> tuple[Organisation | None, str]:
    """Whose folder the file lay in; in none, whom its own headings name, all alike."""
    folder = dropped_by(desk.office, arrival.sender)
    if folder is not None:
        return folder, BY_FOLDER
    lines = {said.organisation for said in identity.own.values() if said.organisation}
    found = {org.code: org for org in map(desk.office.find_organisation, lines) if org is not None}
    return (next(iter(found.values())), BY_LINES) if len(found) == 1 else (None, "")


def _may_send(desk: Desk, tables: Iterable[str], sender: Organisation | None) -> bool:
    """Whether the sender stands in the list of every one of these own tables."""
    layouts = [layout for table in tables if (layout := desk.config.forms[table].setting.layout) is not None]
    return sender is not None and bool(layouts) and all(sender.code in layout.summaries_from for layout in layouts)


def _by_rows(desk: Desk, table: str) -> bool:
    return bool(desk.config.forms[table].organisation_column)


def _is_owed(desk: Desk, arrival: Arrival, summary: Summary, periods: Mapping[str, Period]) -> bool:
    for org in summary.orgs:
        for period in {period for period in periods.values() if period.kind != "baseline"}:
            make_obligations_of(desk, org, period)
    with desk.store.read() as conn:
        known = KnownNow(desk=desk, conn=conn, received_at=arrival.received_at, late=summary.said.late)
        return any(takes(known, org, table, period) for org in summary.orgs for table, period in periods.items())


def write_parts(desk: Desk, conn: Connection, arrival: Arrival, summary: Summary, reason: str = "") -> tuple[int, ...]:
    """Take a summary apart in the caller's transaction, who holds its row; the ids of its parts. reason: why staff did."""
    ctx, now = desk.ctx, desk.ctx.now()
    look, _ = arrivals.add_judgement(
        conn, arrival.id, snapshot=desk.config.sha, outcome=TAKEN_APART, actor=ctx.actor, now=now
    )
    arrivals.add_findings(conn, look, summary.findings)
    if summary.sender is not None:
        arrivals.add_placement(
            conn, arrival.id, org=summary.sender.code, table="", period="", sheet="", reason=summary.how,
            actor=ctx.actor, now=now,
        )  # fmt: skip
    parts = {org.code: _add_part(desk, conn, arrival, org, summary.said) for org in summary.orgs}
    told = "、".join(f"{desk.office.organisation(code).short}第 {number} 号" for code, number in parts.items())
    arrivals.settle_arrival(conn, arrival.id, state=TAKEN_APART, reason=f"汇总表拆成 {len(parts)} 家：{told}")
    payload = {"members": list(parts.values()), "orgs": list(parts), "reason": reason}
    note_event(conn, actor=ctx.actor, at=now, verb="拆分", subject=f"arrival:{arrival.id}", payload=payload)
    return tuple(parts.values())


def _add_part(desk: Desk, conn: Connection, whole: Arrival, org: Organisation, said: Assigned) -> int:
    """One organisation's part, which came when the whole did."""
    key = arrivals.part_key(whole, org.code)
    number = arrivals.add_arrival(
        conn, channel=whole.channel, channel_key=key, name=whole.name, sha=whole.blob, now=whole.received_at,
        sender=whole.sender, on_behalf_of=whole.on_behalf_of,
    )  # fmt: skip
    if number is None:
        there = arrivals.arrival_by_key(conn, whole.channel, key)
        assert there is not None  # noqa: S101 (the key was refused because it is there)
        return there.id
    mine = Assigned(org=org.code, period=said.period, sheets=said.sheets, late=said.late)
    ctx, reason = desk.ctx, f"第 {whole.id} 号汇总表拆出"
    arrivals.add_assignment(conn, number, mine, reason=reason, actor=ctx.actor, now=ctx.now())
    return number


def hinted(desk: Desk, examination: Examination) -> Examination:
    """A look that took nothing of a file with the rows of several organisations, with the way out."""
    identity = examination.identity
    if examination.tables or identity is None or len(organisations_in(identity, desk.office)) < 2:
        return examination
    hint = summary_hint(identity)
    remedy = examination.remedy if hint in examination.remedy else f"{examination.remedy}{hint}"
    return Examination(org=examination.org, identity=identity, reason=examination.reason, remedy=remedy)
