"""issue_templates: one workbook for each organisation and opening, pre-filled with what was accepted before.

Issuing twice is issuing once: a workbook equal to the last one issued is not written again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tasks.desk import Desk, open_desk
from tasks.history import build_frame
from tasks.open_windows import make_obligations
from yaoxun.context import Context
from yaoxun.forms.envelope import Heading, Meta
from yaoxun.forms.template import build_template
from yaoxun.office.ledger import Obligation, add_template_issue, latest_template, obligations
from yaoxun.office.model import Organisation, Period, PeriodKind
from yaoxun.office.words import moment_words
from yaoxun.returns.ledger import Version, current_of, versions
from yaoxun.store.blobs import put_blob, sha256_of, write_durably
from yaoxun.store.records import note_event, put_blob_row

_FREQUENCY = {"baseline": "", "week": "每周", "month": "每月", "quarter": "每季", "half": "每半年", "year": "每年"}


@dataclass(frozen=True, kw_only=True)
class Issued:
    """How many templates were written, and where."""

    written: int
    unchanged: int
    folder: str

    def summary(self) -> str:
        same = f"，{self.unchanged} 份与已发的相同未重发" if self.unchanged else ""
        return f"发放模板 {self.written} 份{same}，在 {self.folder}"


def issue_templates(ctx: Context, period: str | None = None) -> Issued:
    """Write the templates of the open windows, or of one period, to data/发/. Raises RequestError for no such period."""
    with open_desk(ctx) as desk:
        opened = make_obligations(desk, period)
        written = unchanged = 0
        for label in opened.periods:
            for org in desk.office.organisations:
                outcome = _issue(desk, org, desk.office.period(label))
                written += outcome == "written"
                unchanged += outcome == "unchanged"
        return Issued(written=written, unchanged=unchanged, folder=str(ctx.home.issued))


def _issue(desk: Desk, org: Organisation, period: Period) -> str:
    """Issue one workbook; "none" when the organisation owes nothing, "unchanged" when it has this very one."""
    home, now = desk.ctx.home, desk.ctx.now()
    with desk.store.read() as conn:
        asked = obligations(conn, period=period.label, org=org.code)
        forms = [
            desk.config.forms[o.table] for o in sorted(asked, key=lambda o: list(desk.config.forms).index(o.table))
        ]
        if not forms:
            return "none"
        frames = [build_frame(desk, conn, form, org, period) for form in forms]
        based_on = _based_on(versions(conn, org=org.code, period=period.label))
        last = latest_template(conn, org.code, period.label)
    data = build_template(
        frames, heading=_heading(desk, asked, period.kind), meta=_meta(org, period), based_on=based_on
    )
    sha = put_blob(home.blobs, data)
    path = home.issued / period.label / f"{org.short}-{period.label}.xlsx"
    if last is not None and last.blob == sha and _holds(path, sha):
        return "unchanged"
    with desk.store.write() as conn:
        put_blob_row(conn, sha256=sha, size=len(data), kind="template", at=now)
        if last is None or last.blob != sha:
            where = path.relative_to(home.data).as_posix()
            add_template_issue(conn, org=org.code, bundle=period.label, snapshot=desk.config.sha, blob=sha, path=where,
                               actor=desk.ctx.actor, now=now)  # fmt: skip
            payload = {"period": period.label, "tables": [form.id for form in forms]}
            note_event(conn, actor=desk.ctx.actor, at=now, verb="发表", subject=f"org:{org.code}", payload=payload)
    write_durably(path, data)
    return "written"


def _holds(path: Path, sha: str) -> bool:
    """Whether a file is this very one; a crash may have left an older one there."""
    try:
        return sha256_of(path.read_bytes()) == sha
    except OSError:
        return False


def _based_on(known: Sequence[Version]) -> Mapping[str, str]:
    """The accepted version of this period that each table continues."""
    return {v.table: f"v{v.n}" for v in current_of(known).values()}


def _heading(desk: Desk, asked: Sequence[Obligation], kind: PeriodKind) -> Heading:
    due = sorted({o.due for o in asked if o.due})
    words = moment_words(due[0]) if due else ""
    return Heading(office=desk.office.name, frequency=_FREQUENCY[kind], due=words)


def _meta(org: Organisation, period: Period) -> Meta:
    return Meta(template=f"{org.code}:{period.label}", version=1, org=org.code, issue=period.label)
