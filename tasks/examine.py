"""What a judgement is made of: a file opened in a child, its tables placed, read and checked. Writes nothing.

The result carries the marks of the history it was checked against, so that judge can see at commit whether anything
was decided in between, and examine again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Connection

from tasks.desk import Desk
from tasks.history import build_frame
from tasks.open_windows import make_obligations
from yaoxun.failpoints import failpoint
from yaoxun.forms.checking import check, check_identity, decide
from yaoxun.forms.envelope import Identity
from yaoxun.forms.facts import facts_of
from yaoxun.forms.locating import identify
from yaoxun.forms.model import Fact, Finding, Table
from yaoxun.forms.reading import read_tables
from yaoxun.office.ledger import Obligation, obligations
from yaoxun.office.model import Organisation
from yaoxun.returns.arrivals import Arrival
from yaoxun.returns.ledger import history_mark
from yaoxun.returns.placing import Placed, place
from yaoxun.sheets.model import RawWorkbook, Refusal
from yaoxun.sheets.sandbox import Sandbox
from yaoxun.store.blobs import blob_path

ABSENT = "本次不含"


@dataclass(frozen=True, kw_only=True)
class Examined:
    """One table of a file: as read, with its findings, facts and the decision they lead to."""

    table: Table
    obligation: Obligation
    findings: tuple[Finding, ...]
    facts: tuple[Fact, ...]
    verdict: str
    mark: tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class Examination:
    """One look at a file. Without tables it cannot be judged: `reason` and `remedy` say why."""

    org: Organisation | None = None
    how: str = ""
    identity: Identity | None = None
    tables: tuple[Examined, ...] = ()
    findings: tuple[Finding, ...] = ()
    refused: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""
    remedy: str = ""
    lossless: bool = True


def open_arrival(desk: Desk, sandbox: Sandbox, arrival: Arrival) -> RawWorkbook | Refusal:
    """The raw cells of an archived file, read in a child; once for all looks at it."""
    raw = sandbox.open(blob_path(desk.ctx.home.blobs, arrival.blob))
    failpoint("judge.after_open")
    return raw


def mark_of(conn: Connection, table: Table, org: str) -> tuple[int, int]:
    """What must not have moved at commit: decisions on this table of the organisation, or of all of them where new rows
    are compared with the others' (`similar`)."""
    compared = table.form.setting.similar and any(row.new for row in table.rows)
    return history_mark(conn, "" if compared else org, table.form.id)


def examine(desk: Desk, raw: RawWorkbook | Refusal, arrival: Arrival) -> Examination:
    """Place, read and check one opened file against what is known now."""
    if isinstance(raw, Refusal):
        return Examination(reason=raw.sentence, remedy=raw.remedy)
    identity = identify(raw, desk.config.forms)
    placed = place(identity, desk.office)
    if placed.org is None or not placed.periods:
        return Examination(org=placed.org, identity=identity, reason=placed.reason, remedy=placed.remedy)
    sender = desk.office.find_organisation(arrival.sender.split("/", maxsplit=1)[0]) if arrival.sender else None
    if sender is not None and sender != placed.org:
        reason = f"文件放在“{sender.short}”的文件夹里，里面却是发给“{placed.org.short}”的表"
        remedy = "请核对：放错了的，放到对的文件夹；借用了别家的表的，请改用发给本单位的表。"
        return Examination(org=sender, identity=identity, reason=reason, remedy=remedy)
    for label in {p.label for p in placed.periods.values() if p.kind != "baseline"}:
        make_obligations(desk, label)
    with desk.store.read() as conn:
        return _examine_tables(desk, conn, raw, placed, arrival.received_at)


def _examine_tables(
    desk: Desk, conn: Connection, raw: RawWorkbook, placed: Placed, received_at: datetime
) -> Examination:
    org, identity = placed.org, placed.identity
    assert org is not None  # noqa: S101 (narrowing; the caller looked)
    owed, refused = _owed(desk, conn, placed, received_at)
    frames = {t: build_frame(desk, conn, desk.config.forms[t], org, placed.periods[t]) for t in owed}
    for table, period in _declared_only(desk, conn, placed, org, received_at).items():
        owed[table] = period
        frames[table] = build_frame(desk, conn, desk.config.forms[table], org, desk.office.period(period.period))
    if not owed:
        reason = "；".join(dict.fromkeys(refused.values()))
        return Examination(
            org=org, identity=identity, reason=reason, remedy="请用本期发放的模板填报，或与办公室联系认领。"
        )
    read = read_tables(raw, desk.config.forms, frames)
    whole = check_identity(read, org=org)
    whole += tuple(f for f in read.findings if f.column not in refused)
    blocking = tuple(f for f in whole if f.level == "强制")
    tables = []
    for name, one in read.tables.items():
        if one.declared == ABSENT:
            continue
        findings = check(one)
        tables.append(
            Examined(table=one, obligation=owed[name], findings=findings, facts=facts_of(one),
                     verdict=decide((*findings, *blocking)), mark=mark_of(conn, one, org.code))
        )  # fmt: skip
    return Examination(
        org=org, how=placed.how, identity=identity, tables=tuple(tables), findings=whole, refused=refused,
        lossless=not raw.lossy, reason="" if tables else "封面把各表都选成了“本次不含”，没有可收的报表",
        remedy="" if tables else "请在封面为要报的表选“有数据”或“零报告”后重报。",
    )  # fmt: skip


def _owed(
    desk: Desk, conn: Connection, placed: Placed, received_at: datetime
) -> tuple[dict[str, Obligation], dict[str, str]]:
    """The obligations that the file's tables answer, and why the others cannot be taken. What counts for the lock is when
    the file came, not when it is judged."""
    owed: dict[str, Obligation] = {}
    why: dict[str, tuple[str, str]] = {}
    org = placed.org
    assert org is not None  # noqa: S101 (narrowing; the caller looked)
    for table, period in placed.periods.items():
        found = obligations(conn, period=period.label, org=org.code, table=table)
        if not found or found[0].opens is None:
            early = period.kind != "baseline" and desk.office.window(period).opens > received_at
            why[table] = (period.label, "尚未开报" if early else "不在应报之列")
        elif found[0].locks is not None and received_at > found[0].locks:
            why[table] = (period.label, "已过锁定时间，要由办公室决定是否收")
        else:
            owed[table] = found[0]
    return owed, _refusals(org, why)


def _refusals(org: Organisation, why: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    """(period, reason) by table as sentences, the same one for all tables with one reason."""
    tables: dict[tuple[str, str], list[str]] = {}
    for table, reason in why.items():
        tables.setdefault(reason, []).append(table)
    said = {reason: f"{org.short} {reason[0]} 的 {'、'.join(names)} {reason[1]}" for reason, names in tables.items()}
    return {table: said[reason] for table, reason in why.items()}


def _declared_only(
    desk: Desk, conn: Connection, placed: Placed, org: Organisation, received_at: datetime
) -> dict[str, Obligation]:
    """Tables that the cover declares and the workbook lacks: they are returned with a finding at the cover's cell."""
    identity, labels = placed.identity, {period.label for period in placed.periods.values()}
    found: dict[str, Obligation] = {}
    for table, declared in identity.cover.declared.items():
        if table in identity.tables or table not in desk.config.forms or declared in ("", ABSENT):
            continue
        label = identity.period_of(table) or (next(iter(labels)) if len(labels) == 1 else "")
        for obligation in obligations(conn, period=label, org=org.code, table=table) if label else ():
            if obligation.opens is not None and (obligation.locks is None or received_at <= obligation.locks):
                found[table] = obligation
    return found


def mark_up(desk: Desk, sandbox: Sandbox, arrival: Arrival, examination: Examination) -> bytes | None:
    """The submitter's own workbook with the findings marked; a list workbook where marking would lose something; None
    when even that failed in the child."""
    findings = [f.as_dict() for one in examination.tables for f in one.findings]
    findings += [f.as_dict() for f in examination.findings]
    source = blob_path(desk.ctx.home.blobs, arrival.blob)
    # A list of the findings does where marking the workbook itself fails.
    for lossless in dict.fromkeys((examination.lossless, False)):
        with TemporaryDirectory(dir=desk.ctx.home.data) as folder:
            out = Path(folder) / "marked.xlsx"
            result = sandbox.call(
                "yaoxun.forms.markup:mark_up", source_path=str(source), findings=findings, out_path=str(out),
                lossless=lossless,
            )  # fmt: skip
            if not isinstance(result, Refusal) and out.exists():
                return out.read_bytes()
    return None
