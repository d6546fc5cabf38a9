"""What a judgement is made of: a file opened in a child, its tables placed, read and checked. Writes nothing.

The result carries the marks of the history it was checked against, so that judge can see at commit whether anything
was decided in between, and examine again.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from sqlalchemy import Connection

from tasks.desk import Config, Desk
from tasks.history import build_frame
from tasks.open_windows import make_obligations_of
from tasks.others import others_mark
from tasks.own_files import identified
from tasks.surroundings import owners_of_claimed
from yaoxun.failpoints import failpoint
from yaoxun.forms.checking import check, check_identity, decide
from yaoxun.forms.envelope import Identity
from yaoxun.forms.facts import facts_of
from yaoxun.forms.model import Fact, Finding, Frame, Table
from yaoxun.forms.reading import read_tables
from yaoxun.forms.rules.agreement import is_reconciled
from yaoxun.office.ledger import Obligation, obligations
from yaoxun.office.model import Organisation, Period
from yaoxun.office.office import Office
from yaoxun.returns.arrivals import Arrival
from yaoxun.returns.contents import Kept, content_sha, kept_rows
from yaoxun.returns.ledger import history_mark
from yaoxun.returns.placing import AS_THE_FILE_SAYS, Assigned, Placed, as_stated, dropped_by, place
from yaoxun.returns.summaries import part_of
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
    mark: Hashable

    @cached_property
    def kept(self) -> Kept:
        """The rows as they are kept."""
        return kept_rows(self.table)

    @cached_property
    def content_sha(self) -> str:
        """Equal for equal content."""
        return content_sha(self.table, self.kept)


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

    def worked_out(self) -> "Examination":
        """The same, with all that can be computed beforehand computed: the transaction that writes it holds up others."""
        all(one.content_sha for one in self.tables)
        return self


def open_arrival(desk: Desk, sandbox: Sandbox, arrival: Arrival) -> RawWorkbook | Refusal:
    """The raw cells of an archived file, read in a child; once for all looks at it."""
    raw = sandbox.open(blob_path(desk.ctx.home.blobs, arrival.blob))
    failpoint("judge.after_open")
    return raw


def mark_of(desk: Desk, conn: Connection, table: Table, org: str) -> Hashable:
    """What must not have moved at commit: decisions on this table of the organisation and on those that it looks at; where
    rows are compared with the others' (`similar`), what they are like; on all organisations' for `reconcile`."""
    form = table.form
    marks = [history_mark(conn, "" if is_reconciled(table) else org, form.id)]
    marks += [history_mark(conn, org, other) for other in form.setting.looks_at]
    return (tuple(marks), others_mark(desk, conn, table, org))


def examine(desk: Desk, raw: RawWorkbook | Refusal, arrival: Arrival, assigned: Assigned | None = None) -> Examination:
    """Place, read and check one opened file against what is known now. What staff say of where it belongs goes before
    what the file says."""
    if isinstance(raw, Refusal):
        return Examination(reason=raw.sentence, remedy=raw.remedy)
    said, sender = assigned or AS_THE_FILE_SAYS, dropped_by(desk.office, arrival.sender)
    raw, identity = as_assigned(desk.config, raw, said)
    placed = place(identity, desk.office, said, sender)
    if placed.org is None or not placed.periods:
        return Examination(org=placed.org, identity=identity, reason=placed.reason, remedy=placed.remedy)
    if sender is not None and sender != placed.org and not said.org:
        reason = f"文件放在“{sender.short}”的文件夹里，里面却是发给“{placed.org.short}”的表"
        remedy = "请核对：放错了的，放到对的文件夹；借用了别家的表的，请改用发给本单位的表。"
        return Examination(org=sender, identity=identity, reason=reason, remedy=remedy)
    for period in {p for p in placed.periods.values() if p.kind != "baseline"}:
        make_obligations_of(desk, placed.org, period)
    with desk.store.read() as conn:
        known = KnownNow(desk=desk, conn=conn, received_at=arrival.received_at, late=said.late)
        return examine_tables(desk.config, raw, placed, known, by_staff=bool(said.org or said.period))


def as_assigned(config: Config, raw: RawWorkbook, said: Assigned) -> tuple[RawWorkbook, Identity]:
    """What is looked at of a file, and what that says of itself: of a summary's part one organisation's rows, whatever
    the lines of the whole say."""
    raw = as_stated(raw, config.forms, said.sheets)
    if not said.part:
        return raw, identified(raw, config)
    raw, org = part_of(raw, config.forms, config.office, config.office.organisation(said.org)), said.org
    identity = identified(raw, config)
    meta = replace(identity.meta, org=org) if identity.meta else None
    own = {table: replace(said, organisation="") for table, said in identity.own.items()}
    return raw, replace(identity, meta=meta, own=own)


class Known(Protocol):
    """What the tables of a file are judged against. For the lock it counts when the file came, not when it is judged;
    `late`: staff let it in after the lock."""

    @property
    def received_at(self) -> datetime: ...
    @property
    def late(self) -> bool: ...
    def obligation(self, org: Organisation, table: str, period: str) -> Obligation | None:
        """What the organisation owes; None where it owes nothing."""

    def frame(self, table: str, org: Organisation, period: Period) -> Frame:
        """What the table is read and checked against."""

    def owners(self, table: Table) -> Mapping[str, str]:
        """Whose the official numbers are that the table claims."""

    def mark(self, table: Table, org: Organisation) -> Hashable:
        """What must not have moved until the judgement commits."""


@dataclass(frozen=True, kw_only=True)
class KnownNow:
    """What the ledgers know at the moment of one read transaction."""

    desk: Desk
    conn: Connection
    received_at: datetime
    late: bool

    def obligation(self, org: Organisation, table: str, period: str) -> Obligation | None:
        return next(iter(obligations(self.conn, period=period, org=org.code, table=table)), None)

    def frame(self, table: str, org: Organisation, period: Period) -> Frame:
        return build_frame(self.desk, self.conn, self.desk.config.forms[table], org, period)

    def owners(self, table: Table) -> Mapping[str, str]:
        return owners_of_claimed(self.desk, self.conn, table)

    def mark(self, table: Table, org: Organisation) -> Hashable:
        return mark_of(self.desk, self.conn, table, org.code)


def examine_tables(
    config: Config, raw: RawWorkbook, placed: Placed, known: Known, *, by_staff: bool = False
) -> Examination:
    """Read and check the tables of a placed file. `by_staff`: that the file names another organisation is told, but does
    not block."""
    org, identity = placed.org, placed.identity
    assert org is not None  # noqa: S101 (narrowing; the caller looked)
    owed, refused = _owed(config.office, placed, known)
    frames = {t: known.frame(t, org, placed.periods[t]) for t in owed}
    for table, obligation in _declared_only(config, placed, known).items():
        owed[table] = obligation
        frames[table] = known.frame(table, org, config.office.period(obligation.period))
    if not owed:
        reason = "；".join(dict.fromkeys(refused.values()))
        return Examination(
            org=org, identity=identity, reason=reason, remedy="请用本期发放的模板填报，或与办公室联系认领。"
        )
    read = read_tables(raw, config.forms, frames)
    # What the file says of itself is as it was placed by: names that are printed in a blank are left out there.
    whole = check_identity(
        replace(read, identity=identity), org=org, find=config.office.find_organisation, periods=placed.periods
    )
    if by_staff:
        whole = tuple(replace(f, level="提示", message=f"{f.message}（办公室已认领，照收）") for f in whole)
    whole += tuple(f for f in read.findings if f.column not in refused)
    blocking = tuple(f for f in whole if f.level == "强制")
    tables = []
    for name, one in read.tables.items():
        if one.declared == ABSENT:
            continue
        findings = check(one, workbook=read.tables, owners=known.owners(one))
        tables.append(
            Examined(table=one, obligation=owed[name], findings=findings, facts=facts_of(one),
                     verdict=decide((*findings, *blocking)), mark=known.mark(one, org))
        )  # fmt: skip
    return Examination(
        org=org, how=placed.how, identity=identity, tables=tuple(tables), findings=whole, refused=refused,
        lossless=not raw.lossy, reason="" if tables else "封面把各表都选成了“本次不含”，没有可收的报表",
        remedy="" if tables else "请在封面为要报的表选“有数据”或“零报告”后重报。",
    )  # fmt: skip


def _owed(office: Office, placed: Placed, known: Known) -> tuple[dict[str, Obligation], dict[str, str]]:
    """The obligations that the file's tables answer, and why the others cannot be taken."""
    owed: dict[str, Obligation] = {}
    why: dict[str, tuple[str, str]] = {}
    org = placed.org
    assert org is not None  # noqa: S101 (narrowing; the caller looked)
    for table, period in placed.periods.items():
        found = known.obligation(org, table, period.label)
        if found is None or found.opens is None:
            early = period.kind != "baseline" and office.window(period).opens > known.received_at
            why[table] = (period.label, "尚未开报" if early else "不在应报之列")
        elif _is_locked(found, known):
            why[table] = (period.label, "已过锁定时间，要由办公室决定是否收")
        else:
            owed[table] = found
    return owed, _refusals(org, why)


def takes(known: Known, org: Organisation, table: str, period: Period) -> bool:
    """Whether a table of an organisation can be taken for a period now."""
    found = known.obligation(org, table, period.label)
    return found is not None and found.opens is not None and not _is_locked(found, known)


def _is_locked(obligation: Obligation, known: Known) -> bool:
    return obligation.locks is not None and known.received_at > obligation.locks and not known.late


def _refusals(org: Organisation, why: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    """(period, reason) by table as sentences, the same one for all tables with one reason."""
    tables: dict[tuple[str, str], list[str]] = {}
    for table, reason in why.items():
        tables.setdefault(reason, []).append(table)
    said = {reason: f"{org.short} {reason[0]} 的 {'、'.join(names)} {reason[1]}" for reason, names in tables.items()}
    return {table: said[reason] for table, reason in why.items()}


def _declared_only(config: Config, placed: Placed, known: Known) -> dict[str, Obligation]:
    """Tables that the cover declares and the workbook lacks: they are returned with a finding at the cover's cell."""
    identity, labels = placed.identity, {period.label for period in placed.periods.values()}
    assert placed.org is not None  # noqa: S101 (narrowing; the caller looked)
    found: dict[str, Obligation] = {}
    for table, declared in identity.cover.declared.items():
        if table in identity.tables or table not in config.forms or declared in ("", ABSENT):
            continue
        label = identity.period_of(table) or (
            next(iter(labels)) if len(labels) == 1 else identity.cover.period_of(table)
        )
        obligation = known.obligation(placed.org, table, label) if label else None
        if obligation is not None and obligation.opens is not None and not _is_locked(obligation, known):
            found[table] = obligation
    return found


def mark_up(sandbox: Sandbox, source: Path, examination: Examination, folder: Path | None = None) -> bytes | None:
    """The submitter's own workbook with the findings marked; a list workbook where marking would lose something; None
    when even that failed in the child. It is made in `folder`, None: where the system keeps what is temporary."""
    findings = [f.as_dict() for one in examination.tables for f in one.findings]
    findings += [f.as_dict() for f in examination.findings]
    # A list of the findings does where marking the workbook itself fails.
    for lossless in dict.fromkeys((examination.lossless, False)):
        with TemporaryDirectory(dir=folder) as place_for_it:
            out = Path(place_for_it) / "marked.xlsx"
            result = sandbox.call(
                "yaoxun.forms.markup:mark_up", source_path=str(source), findings=findings, out_path=str(out),
                lossless=lossless,
            )  # fmt: skip
            if not isinstance(result, Refusal) and out.exists():
                return out.read_bytes()
    return None
