"""check FILE (预检): what would become of a workbook, by the same rules, with nothing recorded.

No database is needed or made. Where the home has one, it is opened read-only for what was accepted before (上期累计 …);
without it the file is checked as an organisation's first. Only the marked-up copy is written, where the caller says; else
beside the file, or in the current folder where that is the program's own data/. Its name keeps it from being collected.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.exc import DatabaseError

from tasks.desk import Config, Desk, load_config
from tasks.examine import Examination, Examined, KnownNow, as_assigned, examine_tables, mark_up
from tasks.unchanged import says_no_change
from yaoxun.context import Context
from yaoxun.errors import RequestError, YaoxunError, system_words
from yaoxun.forms.locating import identify
from yaoxun.forms.model import Finding, Frame, Table
from yaoxun.home import Home
from yaoxun.office.ledger import Obligation
from yaoxun.office.model import Organisation, Period
from yaoxun.returns.folder import PRECHECKED
from yaoxun.returns.placing import Assigned, Placed, place, seen_of
from yaoxun.returns.summaries import organisations_in, whole_findings
from yaoxun.sheets.delimited import SHEET as TEXT_SHEET
from yaoxun.sheets.model import RawWorkbook, Refusal
from yaoxun.sheets.sandbox import Sandbox
from yaoxun.store.blobs import measure, write_durably
from yaoxun.store.engine import open_read_only
from yaoxun.store.migrate import missing_steps
from yaoxun.store.records import blob_kind

_UNCHECKED = "没有用往期数据：与上期、累计有关的没有核。"
_SEEN = (("org", "单位"), ("period", "报告期"), ("tables", "报表"))
OURS = {"template": "这是发出的空白模板，一格未改，没有可收的内容。", "marked": "这是退回的审核意见原件，一格未改。"}


@dataclass(frozen=True, kw_only=True)
class Prechecked:
    """What would become of a file: `decisions` (table, title, period, decision), findings in the order of their cells,
    notes in Chinese. `saw`: what the file says of itself; `copy`: the marked-up copy, '' for none."""

    file: str
    org: str
    decisions: tuple[tuple[str, str, str, str], ...]
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]
    saw: Mapping[str, str]
    history: bool
    copy: str = ""

    @property
    def acceptable(self) -> bool:
        """Whether every table of it would be accepted."""
        return bool(self.decisions) and all(decision == "接收" for *_, decision in self.decisions)

    def as_json(self) -> dict[str, Any]:
        """The same as plain data."""
        decisions = [dict(zip(("table", "title", "period", "decision"), d, strict=True)) for d in self.decisions]
        return {"file": self.file, "acceptable": self.acceptable, "org": self.org, "saw": dict(self.saw),
                "decisions": decisions, "findings": [f.as_dict() for f in self.findings], "notes": list(self.notes),
                "history": self.history, "copy": self.copy}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class KnownWithout:
    """What the calendar and the lists say of a file that came at this moment, and the ledgers where there are some."""

    config: Config
    received_at: datetime
    ledgers: KnownNow | None
    late: bool = False

    def obligation(self, org: Organisation, table: str, period: str) -> Obligation | None:
        """As the window would make it."""
        office = self.config.office
        asked = office.period(period)
        expected = () if asked.kind == "baseline" else office.expected(asked)
        for one in (e for e in expected if e.org == org and e.table == table):
            window = office.window(asked)
            if window.opens > self.received_at:
                return None
            due = office.newcomer_due(window, one.valid_from) if one.valid_from else window.due
            return Obligation(id=0, org=org.code, table=table, period=period, row_scope="", required=one.duty == "必报",
                              opens=window.opens, due=due, locks=max(window.locks, due))  # fmt: skip
        return None

    def frame(self, table: str, org: Organisation, period: Period) -> Frame:
        if self.ledgers is not None:
            return self.ledgers.frame(table, org, period)
        office = self.config.office
        return Frame(form=self.config.forms[table], org=org, period=period, lists=office.code_lists,
                     pilot_start=office.pilot_start)  # fmt: skip

    def owners(self, table: Table) -> Mapping[str, str]:
        return self.ledgers.owners(table) if self.ledgers is not None else {}

    def mark(self, table: Table, org: Organisation) -> tuple[int, int]:
        return (0, 0)  # nothing is going to be committed


def precheck(ctx: Context, file: Path, *, org: str = "", period: str = "", copy: Path | None = None) -> Prechecked:
    """Check one file. `org` and `period` say where it belongs, over what it says itself.

    Raises RequestError for a file that cannot be read, an unknown organisation or period, or a copy over the file itself;
    OutsideError when the copy cannot be written.
    """
    config = load_config(ctx.home)
    sha = _hash_of(file)
    out = _copy_path(ctx.home, file, copy)
    assigned = _assigned(config, org, period)
    with Sandbox(config.limits) as sandbox:
        raw = sandbox.open(file)
        with _history(ctx, config) as (ledgers, why_not):
            ours = _ours(ledgers, sha) if ledgers else None
            if ours or isinstance(raw, Refusal):
                note = ours or (f"{raw.sentence}{raw.remedy}" if isinstance(raw, Refusal) else "")
                return _untold(file, (note,), ledgers is not None)
            known = KnownWithout(config=config, received_at=ctx.now(), ledgers=ledgers)
            placed, examination = _examined(config, raw, assigned, known)
        checked = _told(file, placed, examination, why_not)
        if checked.findings:
            marked = mark_up(sandbox, file.absolute(), examination)
            return _with_copy(checked, out, marked)
        return checked


def _ours(ledgers: KnownNow, sha: str) -> str | None:
    """What to say of a file that we made and that came back as it was; None where it is looked at like any other."""
    kind = blob_kind(ledgers.conn, sha) or ""
    return None if kind == "template" and says_no_change(ledgers.desk, ledgers.conn, sha) else OURS.get(kind)


def _hash_of(file: Path) -> str:
    try:
        return measure(file)[0]
    except OSError as err:
        raise RequestError(f"读不了文件 {file}：{system_words(err)}。", "请核对路径。") from err


def _copy_path(home: Home, file: Path, wanted: Path | None) -> Path:
    """Where the copy goes: as asked, but never over the file itself; else a free name beside it, outside data/."""
    if wanted is not None:
        if wanted.exists() and wanted.samefile(file):
            raise RequestError("副本不能写在原文件上。", "请用 --copy 另写一个文件名。")
        return wanted
    folders, data = (file.absolute().parent, Path.cwd(), home.root), home.data.resolve()
    folder = next(folder for folder in folders if not folder.resolve().is_relative_to(data))
    n, free = 1, folder / f"{file.stem}-审核意见{PRECHECKED}.xlsx"
    while free.exists():
        n += 1
        free = folder / f"{file.stem}-审核意见{PRECHECKED}-{n}.xlsx"
    return free


def _assigned(config: Config, org: str, period: str) -> Assigned:
    found = config.office.find_organisation(org) if org else None
    if org and found is None:
        raise RequestError(f"没有单位“{org}”。", "请写单位代码或名称；单位名录在 config/organisations.yaml。")
    label = config.office.period(period).label if period else ""
    return Assigned(org=found.code if found else "", period=label)


@contextmanager
def _history(ctx: Context, config: Config) -> Iterator[tuple[KnownNow | None, str]]:
    """The ledgers of the home, read-only, and ''; or None, and why they cannot be asked."""
    store = why_not = None
    try:
        store = open_read_only(ctx.home)
        why_not = "数据库是另一版本的程序建立的" if store and missing_steps(store) else None
    except (YaoxunError, DatabaseError):
        why_not = "数据库打不开"
    if store is None or why_not:
        yield None, f"{why_not or '还没有数据库'}，{_UNCHECKED}"
        return
    try:
        with store.read() as conn:
            desk = Desk(ctx=ctx, store=store, config=config)
            yield KnownNow(desk=desk, conn=conn, received_at=ctx.now(), late=False), ""
    finally:
        store.close()


def _examined(config: Config, raw: RawWorkbook, assigned: Assigned, known: KnownWithout) -> tuple[Placed, Examination]:
    if summed := () if assigned.org else _summed(config, raw):
        return _summary_examined(config, raw, [replace(assigned, org=o.code, part=True) for o in summed], known)
    raw, identity = as_assigned(config, raw, assigned)
    placed = place(identity, config.office, assigned)
    if placed.org is None or not placed.periods:
        examination = Examination(org=placed.org, identity=identity, reason=placed.reason, remedy=placed.remedy)
        return placed, examination
    return placed, examine_tables(config, raw, placed, known)


def _summed(config: Config, raw: RawWorkbook) -> tuple[Organisation, ...]:
    """The organisations of a summary, where every table of it may come as one; () for any other file."""
    identity = identify(raw, config.forms, config.office.names)
    layouts = [config.forms[table].setting.layout for table in identity.tables]
    orgs = organisations_in(identity, config.office)
    return orgs if len(orgs) > 1 and all(layout and layout.summaries_from for layout in layouts) else ()


def _summary_examined(
    config: Config, raw: RawWorkbook, parts: Sequence[Assigned], known: KnownWithout
) -> tuple[Placed, Examination]:
    """A summary as its parts would be judged, and what is told of the whole."""
    looks = [_examined(config, raw, part, known) for part in parts]
    placed, first = looks[0]
    whole = whole_findings(raw, config.forms, config.office, placed.periods) if placed.periods else ()
    shared = dict.fromkeys((*whole, *(f for _, look in looks for f in look.findings)))
    refused = {f"{n}": say for n, (_, look) in enumerate(looks) for say in (*look.refused.values(), look.reason) if say}
    tables = tuple(one for _, look in looks for one in look.tables)
    return placed, replace(first, org=None, tables=tables, findings=tuple(shared), refused=refused)


def _untold(file: Path, notes: tuple[str, ...], history: bool) -> Prechecked:
    return Prechecked(
        file=str(file), org="", decisions=(), findings=(), notes=notes, saw={"org": "", "tables": "", "period": ""},
        history=history,
    )  # fmt: skip


def _title(one: Examined, examination: Examination) -> str:
    """A table's title; in a summary with whose part it is."""
    title = one.table.form.title
    return title if examination.org else f"{one.table.frame.org.short} {title}"


def _told(file: Path, placed: Placed, examination: Examination, why_not: str) -> Prechecked:
    decisions = tuple(
        (one.table.form.id, _title(one, examination), one.obligation.period, one.verdict) for one in examination.tables
    )
    findings = [*examination.findings, *(f for one in examination.tables for f in one.findings)]
    findings = [replace(f, sheet=file.name) if f.sheet == TEXT_SHEET else f for f in findings]
    saw = seen_of(examination.identity, None)
    notes = list(dict.fromkeys(examination.refused.values()))
    if not decisions:
        read = "；".join(f"{name}：{saw[key] or '看不出'}" for key, name in _SEEN)
        notes = [f"不能收：{examination.reason}。", examination.remedy, f"文件里看得出的——{read}。"]
        if not placed.periods:
            notes.append("请用 --org 和 --period 说明是哪家单位、哪一期，再预检一次。")
    notes.append(why_not or "已用数据库里的往期数据核对。")
    org = examination.org.short if examination.org else ""
    return Prechecked(file=str(file), org=org, decisions=decisions, findings=tuple(findings), notes=tuple(notes),
                      saw=saw, history=not why_not)  # fmt: skip


def _with_copy(checked: Prechecked, out: Path, marked: bytes | None) -> Prechecked:
    if marked is None:
        return replace(checked, notes=(*checked.notes, "审核意见副本没有做成，意见请看上表。"))
    write_durably(out.absolute(), marked)
    return replace(checked, copy=str(out), notes=(*checked.notes, f"审核意见副本：{out}"))
