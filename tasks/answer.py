"""The answer to what came in, intended in the transaction of what it tells: a receipt, the marked-up workbook, that a file
was not taken or went elsewhere, or that our program failed on it.

What is said is decided here; the words stand in report_templates/notices/. The answer goes to 回/<organisation>/ and, to
the organisation's contacts, by mail; what nobody could place is answered in 回/待认领/.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from tasks.case import Case
from tasks.desk import Desk
from tasks.examine import Examination, Examined
from yaoxun.context import SHANGHAI
from yaoxun.forms.model import Finding
from yaoxun.forms.settings import EXPLANATION
from yaoxun.office.ledger import contacts_of
from yaoxun.office.words import moment_words
from yaoxun.post.compose import new_message_id
from yaoxun.post.ledger import put_message
from yaoxun.post.model import PATH_PREFIX, MessageKind
from yaoxun.returns.arrivals import REJECTED, Arrival, placed_org, whole_of
from yaoxun.returns.ledger import ACCEPTED, Version, current_of, decisions_of, versions
from yaoxun.returns.placing import dropped_by
from yaoxun.sheets.delimited import SHEET as TEXT_SHEET

if TYPE_CHECKING:
    from tasks.write_versions import Verdict

SHOWN_PROBLEMS = 30
_NAME_BYTES = (
    180  # of a marked-up workbook; with the numbers before it, it stays under 200 and far from the 255 of a disk
)
_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]')


def answer(case: Case, decided: "Sequence[tuple[Examined, Verdict]]", marked_sha: str) -> None:
    """Intend the receipt, or the return with the marked-up workbook, of a judged file."""
    examination, arrival = case.examination, case.arrival
    org = examination.org.code if examination.org else ""
    all_findings = [*examination.findings, *(f for one, _ in decided for f in one.findings)]
    problems = [f for f in all_findings if _is_open(f)]
    returned = any(verdict.decision != ACCEPTED for _, verdict in decided)
    attachments = []
    if returned and marked_sha:
        attachments = [{"name": marked_name(arrival.name), "blob": marked_sha, "list_only": not examination.lossless}]
    params = {
        "headline": _headline(decided),
        "tables": [_table_line(one, verdict, examination) for one, verdict in decided],
        "notes": _notes(examination, all_findings, arrival),
        "problems": [_problem(f, arrival) for f in problems[:SHOWN_PROBLEMS]] if returned else [],
        "problem_count": len(problems),
        "attachments": attachments,
    }
    _intend(case, MessageKind.RETURN if returned else MessageKind.RECEIPT, params, org)


def answer_duplicate(case: Case, first: Arrival | None, kind: str, org: str) -> str:
    """Intend the receipt of a file whose bytes are known, for who sent it ('': nobody known); the reason that is written
    down."""
    if kind == "template":
        reason = "这是发出的空白模板，一格未改，没有可收的内容。请填写后再报。"
    elif kind == "marked":
        reason = "这是退给你们的审核意见原件，一格未改。请改好后再报。"
    elif first is not None and first.state == REJECTED:
        reason = f"与第 {first.id} 号来件逐字节相同，该件经办公室核对没有收：{first.reason}"
    else:
        reason = f"与第 {first.id if first else 0} 号来件逐字节相同，以那一份的审核结果为准，本件不再处理。"
    if org:
        params = {"headline": "与已报的文件相同", "tables": [], "notes": [reason], "attachments": []}
        _intend(case, MessageKind.RECEIPT, params, org)
    else:
        _unclaimed(case, reason, "如需重报，请改好内容后另存再报。", "")
    return reason


def answer_unclaimed(case: Case) -> None:
    """Intend the note on a file that could not be placed or opened; the organisation hears of it where it is known."""
    org = case.examination.org or dropped_by(case.desk.office, case.arrival.sender)
    _unclaimed(case, case.examination.reason, case.examination.remedy, org.code if org else "")


def _unclaimed(case: Case, reason: str, remedy: str, org: str) -> None:
    params = {"template": "unclaimed", "reason": reason, "remedy": remedy, "attachments": []}
    _intend(case, MessageKind.RECEIPT, params, org)


def answer_rejected(case: Case, reason: str) -> None:
    """Intend the note on a file that staff would not take."""
    org = known_org(case.desk, case.conn, case.arrival)
    _intend(case, MessageKind.RECEIPT, {"template": "rejected", "reason": reason, "attachments": []}, org)


def answer_fault(desk: Desk, conn: Connection, arrival: Arrival) -> None:
    """Intend, once for an arrival, the note that our program failed on it and that nothing is to be sent again."""
    letter = Letter(mark="0", subject="0", title="程序故障", org=known_org(desk, conn, arrival))
    put_letter(desk, conn, arrival, letter, {"template": "fault", "attachments": []})


def answer_withdrawn(desk: Desk, conn: Connection, arrival: Arrival, gone: Sequence[Version], why: str) -> None:
    """Intend the note to those whose tables were withdrawn, one each, with what counts for them from now on."""
    for org in dict.fromkeys(v.org for v in gone):
        mine = [v for v in gone if v.org == org]
        known = versions(conn, org=org, arrival_id=arrival.id)
        mark = f"{sum(len(decisions_of(conn, v.id)) for v in known)}"  # only grows, whatever is withdrawn
        letter = Letter(mark=f"撤{mark}", subject=f"撤下:{org}:{mark}", title="撤下", org=org)
        tables = [_withdrawn_line(desk, conn, v) for v in mine]
        params = {"template": "withdrawn", "reason": why, "tables": tables, "attachments": []}
        put_letter(desk, conn, arrival, letter, params)


def _withdrawn_line(desk: Desk, conn: Connection, gone: Version) -> dict[str, str]:
    form = desk.config.forms.get(gone.table)
    current = current_of(versions(conn, period=gone.period, org=gone.org, table=gone.table)).get(gone.obligation)
    note = f"现以第 {current.n} 版为准" if current else "本单位这张表目前没有可用的数据，请按时报送"
    return {"table": gone.table, "title": form.title if form else gone.table, "period": gone.period, "note": note}


def known_org(desk: Desk, conn: Connection, arrival: Arrival) -> str:
    """The organisation an arrival is placed with, else the one whose folder it lay in; '' for none. Of a summary's part who
    sent the summary."""
    arrival = whole_of(conn, arrival) or arrival
    folder = dropped_by(desk.office, arrival.sender)
    return placed_org(conn, arrival.id) or (folder.code if folder else "")


def _headline(decided: "Sequence[tuple[Examined, Verdict]]") -> str:
    counts: dict[str, int] = {}
    for _, verdict in decided:
        counts[verdict.decision] = counts.get(verdict.decision, 0) + 1
    return "，".join(f"{decision} {count} 张" for decision, count in counts.items())


def _table_line(one: Examined, verdict: "Verdict", examination: Examination) -> dict[str, str]:
    form = one.table.form
    if verdict.same_as:
        note = f"内容与第 {verdict.same_as} 版相同，仍以该版为准"
    elif verdict.decision == "退回":
        note = f"{_errors(one, examination)}，请改正后重报"
    elif verdict.decision == "待说明":
        note = f"有 {_count(one.findings, '须说明')} 处须在{_where_to_explain(one, examination)}写明原因，写好后重报"
    else:
        zero = "，零报告" if one.table.declared == "零报告" else ""
        note = f"第 {verdict.n} 版{zero}" + (f"，替换第 {verdict.replaces} 版" if verdict.replaces else "")
    return {"table": form.id, "title": form.title, "period": one.obligation.period, "decision": verdict.decision,
            "note": note}  # fmt: skip


def _errors(one: Examined, examination: Examination) -> str:
    """How many errors a table was returned for: its own, and those of the whole file (whose it is, of which period)."""
    own, whole = _count(one.findings, "强制"), _count(examination.findings, "强制")
    of_file = f"整份文件有 {whole} 处错误" if whole else ""
    return "，".join(part for part in (f"有 {own} 处错误" if own or not whole else "", of_file) if part)


def _count(findings: Iterable[Finding], level: str) -> int:
    return sum(f.level == level and _is_open(f) for f in findings)


def _is_open(finding: Finding) -> bool:
    """Whether a finding stands in the way: an error does whatever is written beside it."""
    return finding.level == "强制" or (finding.level == "须说明" and not finding.explained)


def _where_to_explain(one: Examined, examination: Examination) -> str:
    """Where the reason is written: beside the cell, or, of an own sheet without such a column, in the list that is sent back."""
    layout = one.table.form.setting.layout
    if layout is None:
        return "“说明”列"
    if one.table.columns.get(EXPLANATION) or EXPLANATION in layout.columns:
        return "该行的“说明”或“备注”列"
    if examination.lossless:
        return "所附表格“审核意见”页的“说明”列"
    return "所附“审核意见”页的“说明”列（把这一页复制进你们的表格，一并发回）"


def _notes(examination: Examination, findings: list[Finding], arrival: Arrival) -> list[str]:
    """What was not taken, and what we mended or ask the sender to look at."""
    notes = list(dict.fromkeys(examination.refused.values()))
    hints = [f for f in findings if f.level in ("提示", "试行")]
    notes += [f"{_sheet(f, arrival)}!{f.cell}：{f.message}" for f in hints[:SHOWN_PROBLEMS]]
    if len(hints) > SHOWN_PROBLEMS:
        notes.append(f"另有 {len(hints) - SHOWN_PROBLEMS} 条提示从略")
    return notes


def _sheet(finding: Finding, arrival: Arrival) -> str:
    """The name of the sheet; a text file has none of its own and is called by its name."""
    return arrival.name if finding.sheet == TEXT_SHEET else finding.sheet


def _problem(finding: Finding, arrival: Arrival) -> dict[str, str]:
    return {"sheet": _sheet(finding, arrival), "cell": finding.cell, "rule": finding.rule, "level": finding.level,
            "message": finding.message}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What tells an answer from the others to the same arrival: `mark` in the name of its file under 回/, `subject` in the
    key of its message, `title` for the end of the file's name. `org`: whom it goes to, '' for nobody known."""

    mark: str
    subject: str
    title: str
    org: str
    kind: MessageKind = MessageKind.RECEIPT


def _intend(case: Case, kind: MessageKind, params: dict[str, Any], org: str) -> None:
    title = "审核意见" if kind is MessageKind.RETURN else "回执"
    letter = Letter(mark=str(case.seq), subject=str(case.seq), title=title, org=org, kind=kind)
    put_letter(case.desk, case.conn, case.arrival, letter, params)


def put_letter(desk: Desk, conn: Connection, arrival: Arrival, letter: Letter, params: dict[str, Any]) -> None:
    """Put the answer in the outbox: a text under 回/, the marked-up workbook beside it, and mail to the contacts."""
    now, org = desk.ctx.now(), letter.org
    settings = desk.config.notices
    folder = desk.office.organisation(org).short if org else "待认领"
    stem = f"{PATH_PREFIX}{folder}/{arrival.id}-{letter.mark}"
    recipients = [(f"{stem} {letter.title}.txt", "note")]
    recipients += [(f"{stem} {a['name']}", "copy") for a in params["attachments"]]
    if org:
        day = now.astimezone(SHANGHAI).date()
        recipients += [(c.address, "to") for c in contacts_of(conn, org, day, settings.to)]
        recipients += [(c.address, "cc") for c in contacts_of(conn, org, day, settings.cc)]
    params = {**params, "org": folder, "file": arrival.name, "arrival": arrival.id}
    subject = f"arrival:{arrival.id}:{letter.subject}"
    put_message(
        conn, kind=letter.kind.value, subject=subject, recipients=recipients, not_before=now, now=now,
        params=params | {"received": moment_words(arrival.received_at)},
        message_id=new_message_id(desk.config.mail.domain),
    )  # fmt: skip


def marked_name(name: str) -> str:
    """What the marked-up copy of a file is called: a name that every system takes, its length counted in bytes."""
    before, after = "审核意见-", ".xlsx"
    room = _NAME_BYTES - len(f"{before}{after}".encode())
    stem = _UNSAFE.sub("_", name).removesuffix(after).strip(" .")
    stem = stem.encode("utf-8", "ignore")[:room].decode("utf-8", "ignore").rstrip(" .")
    return f"{before}{stem or '来件'}{after}"
