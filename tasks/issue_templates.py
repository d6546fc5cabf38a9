"""issue_templates: one workbook for each organisation and opening, and one for each of the office's own files, pre-filled
with what was accepted before.

Issuing twice is issuing once: a workbook equal to the last one issued is not written again.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from tasks.desk import Desk, open_desk
from tasks.history import build_frame, on_record
from tasks.open_windows import make_obligations, rows_of_nobody
from tasks.own_files import open_own, open_questions
from yaoxun.context import Context
from yaoxun.forms.envelope import Heading, Meta
from yaoxun.forms.layout.filling import fill_own
from yaoxun.forms.model import Frame
from yaoxun.forms.template import build_template
from yaoxun.office.ledger import Obligation, add_template_issue, latest_template, obligations
from yaoxun.office.model import Organisation, Period
from yaoxun.office.periods import KINDS, containing
from yaoxun.office.words import moment_words
from yaoxun.returns.ledger import Version, current_of
from yaoxun.store.blobs import put_blob, sha256_of, write_durably
from yaoxun.store.records import note_event, put_blob_row

_FREQUENCY = {"baseline": "", "week": "每周", "month": "每月", "quarter": "每季", "half": "每半年", "year": "每年"}


@dataclass(frozen=True, kw_only=True)
class Issued:
    """How many templates were written, and where. `nobodys`: rows that no organisation is asked for (see open_windows);
    `unanswered`: how many questions of its draft each issued table still has."""

    written: int
    unchanged: int
    folder: str
    nobodys: tuple[str, ...] = ()
    unanswered: tuple[str, ...] = ()

    def summary(self) -> str:
        same = f"，{self.unchanged} 份与已发的相同未重发" if self.unchanged else ""
        nobodys = f"；没有单位填报：{'、'.join(self.nobodys)}" if self.nobodys else ""
        asked = (
            f"。请注意：{'、'.join(self.unanswered)}起草时标着“？请确认”的还没有答，发出的表可能不对；"
            "请改好定义、删去这些行，再发一次"
            if self.unanswered
            else ""
        )
        return f"发放模板 {self.written} 份{same}，在 {self.folder}{nobodys}{asked}"


def issue_templates(ctx: Context, period: str | None = None) -> Issued:
    """Write the templates of the open windows, or of what opens together with one period, to data/发/. Raises RequestError
    for no such period."""
    with open_desk(ctx) as desk:
        opened = make_obligations(desk, period)
        written = unchanged = 0
        nobodys: list[str] = []
        for opening in openings(desk, opened.periods):
            for beside in (p.label for p in opening if p.label not in opened.periods):
                make_obligations(desk, beside)
            nobodys += [row for one in opening for row in rows_of_nobody(desk, one)]
            names = "、".join(p.label for p in opening)
            for done, org in enumerate(desk.office.organisations):
                ctx.tell(done, len(desk.office.organisations), f"{names} {org.short}")
                new, same = _issue(desk, org, opening)
                written, unchanged = written + new, unchanged + same
        return Issued(
            written=written, unchanged=unchanged, folder=str(ctx.home.issued), nobodys=tuple(nobodys),
            unanswered=_unanswered(desk, opened.periods),
        )  # fmt: skip


def _unanswered(desk: Desk, labels: Sequence[str]) -> tuple[str, ...]:
    """The tables of these periods whose drafts still have questions, with their number."""
    tables = dict.fromkeys(e.table for label in labels for e in desk.office.expected(desk.office.period(label)))
    counts = {table: len(open_questions(desk.config.forms[table])) for table in tables}
    return tuple(f"{table} 有 {count} 处" for table, count in counts.items() if count)


def openings(desk: Desk, labels: Sequence[str]) -> list[tuple[Period, ...]]:
    """The periods that are asked for together with each of these, months before quarters; each such group once."""
    found: dict[str, tuple[Period, ...]] = {}
    for label in labels:
        together = _together(desk, desk.office.period(label))
        found.setdefault(bundle_of(together), together)
    return list(found.values())


def _together(desk: Desk, period: Period) -> tuple[Period, ...]:
    """What opens with a period: everything of another kind, weeks apart, whose window opens at the very time."""
    office = desk.office
    if period.kind == "week":
        return (period,)
    opens = office.window(period).opens
    same = [
        office.period(containing(kind, period.last_day).label) for kind in KINDS if kind not in ("week", period.kind)
    ]
    owed = [other for other in same if office.window(other).opens == opens and office.expected(other)]
    return tuple(sorted((period, *owed), key=lambda p: KINDS.index(p.kind)))


def bundle_of(periods: Sequence[Period]) -> str:
    """The name of a workbook's periods in files and on record: 2023-03+2023Q1."""
    return "+".join(period.label for period in periods)


def _issue(desk: Desk, org: Organisation, opening: Sequence[Period]) -> tuple[int, int]:
    """Issue one organisation's workbooks: ours with the tables that we lay out, and each of the office's own. How many were
    written, and how many it has already."""
    tables = list(desk.config.forms)
    with desk.store.read() as conn:
        owed = {period: _owed(desk, conn, org, period) for period in opening}
        asked = [(period, o) for period, found in owed.items() for o in found]
        asked.sort(key=lambda item: tables.index(item[1].table))
        if not asked:
            return 0, 0
        known = on_record(conn, org)
        frames = [build_frame(desk, conn, desk.config.forms[o.table], org, period, known=known) for period, o in asked]
        bundle = bundle_of([period for period, found in owed.items() if found])
        based_on = {t: n for period in opening for t, n in _based_on(known.versions, period).items()}
    written = 0
    files = list(dict.fromkeys(frame.form.own_file for frame in frames))
    for file in files:
        within = [frame for frame in frames if frame.form.own_file == file]
        own = bundle_of(list(dict.fromkeys(frame.period for frame in within)))
        label, meta = f"{own}/{file}" if file else bundle, _meta(org, own if file else bundle)
        if file:
            blank, raw = open_own(desk.ctx.home.config, within[0].form, desk.config.limits)
            data = fill_own(blank, raw, within, meta=meta, based_on=based_on, known=desk.office.names)
        else:
            ours = [(period, o) for period, o in asked if not desk.config.forms[o.table].own_file]
            data = build_template(within, heading=_heading(desk, ours), meta=meta, based_on=based_on)
        name = f"{org.short}-{own}-{_own_name(within)}.xlsx" if file else f"{org.short}-{bundle}.xlsx"
        path = desk.ctx.home.issued / bundle / name
        written += _hand_out(desk, org, label, path, data, [frame.form.id for frame in within])
    return written, len(files) - written


def _owed(desk: Desk, conn: Connection, org: Organisation, period: Period) -> list[Obligation]:
    """What was opened for the organisation and is still its own: the assignments may have been corrected since."""
    asked = obligations(conn, period=period.label, org=org.code)
    return [o for o in asked if desk.office.expects(org.code, o.table, period.label)]


def _own_name(frames: Sequence[Frame]) -> str:
    """What an own workbook is called in the folder: its table's title, or its file's name where it holds several."""
    name = frames[0].form.title if len(frames) == 1 else Path(frames[0].form.own_file).stem
    return re.sub(r'[\\/:*?"<>|\s]', "_", name)[:60]


def _hand_out(  # noqa: PLR0917 (a workbook and where it goes)
    desk: Desk, org: Organisation, bundle: str, path: Path, data: bytes, tables: Sequence[str]
) -> bool:
    """Write one workbook and put it on record; whether it was not there already."""
    home, now = desk.ctx.home, desk.ctx.now()
    sha = put_blob(home.blobs, data)
    with desk.store.read() as conn:
        last = latest_template(conn, org.code, bundle)
    if last is not None and last.blob == sha and _holds(path, sha):
        return False
    with desk.store.write() as conn:
        put_blob_row(conn, sha256=sha, size=len(data), kind="template", at=now)
        if last is None or last.blob != sha:
            where = path.relative_to(home.data).as_posix()
            add_template_issue(conn, org=org.code, bundle=bundle, snapshot=desk.config.sha, blob=sha, path=where,
                               actor=desk.ctx.actor, now=now)  # fmt: skip
            payload = {"period": bundle.partition("/")[0], "tables": list(tables)}
            note_event(conn, actor=desk.ctx.actor, at=now, verb="发表", subject=f"org:{org.code}", payload=payload)
    write_durably(path, data)
    return True


def _holds(path: Path, sha: str) -> bool:
    """Whether a file is this very one; a crash may have left an older one there."""
    try:
        return sha256_of(path.read_bytes()) == sha
    except OSError:
        return False


def _based_on(known: Sequence[Version], period: Period) -> Mapping[str, str]:
    """The accepted version of this period that each table continues."""
    return {v.table: f"v{v.n}" for v in current_of(v for v in known if v.period == period.label).values()}


def _heading(desk: Desk, asked: Sequence[tuple[Period, Obligation]]) -> Heading:
    """The cover's words; tables with different deadlines each say their own."""
    kinds = dict.fromkeys(period.kind for period, _ in asked)
    due = {o.table: moment_words(o.due) for _, o in asked if o.due}
    words = list(dict.fromkeys(due.values()))
    return Heading(
        office=desk.office.name, title="周例会表" if list(kinds) == ["week"] else "每月一套表",
        frequency="、".join(_FREQUENCY[kind] for kind in kinds),
        due=words[0] if len(words) == 1 else "各表不同，见下表" if words else "", due_of=due,
    )  # fmt: skip


def _meta(org: Organisation, bundle: str) -> Meta:
    return Meta(template=f"{org.code}:{bundle}", version=1, org=org.code, issue=bundle)
