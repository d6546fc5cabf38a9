"""draft: a cut, its figures, and a document version with its numerals, written in one transaction.

A second draft with the same content is nothing new; a draft after signing is a new document that may correct the old.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from tasks.cut import Cut, latest_period, make_cut
from tasks.desk import Desk, open_desk
from tasks.document_steps import LOOK_BACK, REACHES_NOBODY
from tasks.numeral_records import draft_records
from tasks.typeset import Typeset, show_typeset, typeset
from yaoxun.briefings import ledger
from yaoxun.briefings.lookup import FigureLookup
from yaoxun.briefings.model import Colophon, Issue, LateSlots, Masthead, content_bytes, content_sha
from yaoxun.briefings.narrative import render_narrative
from yaoxun.briefings.profile import FormatProfile, load_profile
from yaoxun.briefings.settings import BriefingKind
from yaoxun.briefings.titles_words import office_words
from yaoxun.context import SHANGHAI, Context, parse_now
from yaoxun.errors import NotNowError, RequestError
from yaoxun.failpoints import failpoint
from yaoxun.figures.ledger import add_cut, add_figures, figure_ids, versions_in_cut
from yaoxun.office.model import Period
from yaoxun.office.office import Office
from yaoxun.office.words import moment_words, period_words
from yaoxun.store.blobs import put_blob, sha256_of
from yaoxun.store.records import note_event, put_blob_row

_PERIODS = {"baseline": "试点前", "week": "周", "month": "月", "quarter": "季", "half": "半年", "year": "年"}


@dataclass(frozen=True, kw_only=True)
class Drafted:
    """A document and its version; `new` is False when its content was there already."""

    document: int
    version: int
    title: str
    period: str
    file: str
    new: bool
    corrects: int | None = None
    warnings: tuple[str, ...] = ()
    layout: tuple[str, ...] = ()

    def summary(self) -> str:
        """The file, what is worth knowing of its layout, and what a signer should know."""
        layout = self.layout if self.new else ()
        return "\n".join((self._said(), *layout, *(f"注意：{warning}" for warning in self.warnings)))

    def _said(self) -> str:
        if not self.new:
            return f"内容与第 {self.document} 号文稿第 {self.version} 版相同，没有新稿。"
        fixes = f"，更正第 {self.corrects} 号文稿" if self.corrects else ""
        return f"第 {self.document} 号文稿第 {self.version} 版《{self.title}》（{self.period}{fixes}）：{self.file}"


def draft(ctx: Context, kind: str, period: str | None = None, as_of: str | None = None) -> Drafted:
    """Draft a document of a kind for a period (the latest one by default), as known at `as_of` (now by default). A look
    back (`as_of`) is a document of its own that cannot be signed; the draft at hand stays as it is.

    Raises RequestError for no such kind or period, ConfigError when a figure or the template cannot be used.
    """
    moment = parse_now(as_of)
    with open_desk(ctx) as desk:
        setting = desk.config.briefings.get(kind)
        if setting is None:
            known = "、".join(desk.config.briefings)
            raise RequestError(f"没有名为“{kind}”的文种。", f"现有文种：{known}（config/briefings.yaml）。")
        with desk.store.read() as conn:
            wanted = _period(desk, conn, setting, period)
            ctx.tell(0, 3, "汇总")
            cut = make_cut(desk, conn, wanted, moment or ctx.now())
        work = _work(desk, kind, cut, looking_back=moment is not None)
        put_blob(ctx.home.blobs, work.typeset.docx)
        put_blob(ctx.home.blobs, content_bytes(work.issue))
        with desk.store.write() as conn:
            drafted = _record(desk, conn, work)
            failpoint("draft.before_commit")
        failpoint("draft.after_commit")
        _show_file(desk, drafted, work.typeset)
        return drafted


def _show_file(desk: Desk, drafted: "Drafted", made: Typeset) -> None:
    """Put a draft where people look; one that a crash kept from there is put back by the next run."""
    path = desk.ctx.home.documents / drafted.file
    if drafted.new or not path.exists():
        show_typeset(path, made.docx, made.pdf)


@dataclass(frozen=True, kw_only=True)
class _Work:
    kind: str
    setting: BriefingKind
    cut: Cut
    issue: Issue
    typeset: Typeset
    looking_back: bool


def _work(desk: Desk, kind: str, cut: Cut, *, looking_back: bool) -> _Work:
    """The document of a cut, written and set."""
    ctx, setting = desk.ctx, desk.config.briefings[kind]
    ctx.tell(1, 3, "成文")
    profile = load_profile(ctx.home.templates, setting.format)
    issue = _write(desk, setting, profile, cut)
    year = cut.known_at.astimezone(SHANGHAI).year
    slots = LateSlots(issue_number=setting.number_text(year, None, {}), printed_on=None)
    ctx.tell(2, 3, "排版")
    names = office_words(desk.office.organisations, ctx.home.templates)
    with desk.store.read() as conn:
        records = draft_records(conn, issue, cut.computed)
    made = typeset(ctx.home, issue, profile, slots, names, records=records)
    return _Work(kind=kind, setting=setting, cut=cut, issue=issue, typeset=made, looking_back=looking_back)


def _period(desk: Desk, conn: Connection, setting: BriefingKind, label: str | None) -> Period:
    if label:
        given = desk.office.period(label)
        if given.kind not in setting.periods:
            remedy = (
                f"它按{'、'.join(_PERIODS[kind] for kind in setting.periods)}成文，请用 --period 给出这样的报告期。"
            )
            raise RequestError(f"这个文种不按“{label}”这样的报告期成文。", remedy)
        if given.kind != "baseline" and (opens := desk.office.window(given).opens) > desk.ctx.now():
            raise NotNowError(
                f"{given.label} 要到 {moment_words(opens, desk.ctx.now())} 才开窗，还没有数据。", "请核对报告期。"
            )
        return given
    found = latest_period(desk, conn, setting.periods)
    if found is None:
        raise NotNowError("还没有开报过任何一期，没有可成文的数据。", "请先发放模板，或用 --period 指定报告期。")
    return found


def _write(desk: Desk, setting: BriefingKind, profile: FormatProfile, cut: Cut) -> Issue:
    figures = FigureLookup(
        computed=cut.computed,
        settings=desk.config.figures,
        short_name=lambda code: desk.office.organisation(code).short,
    )
    path = desk.ctx.home.templates / setting.folder / "narrative.md.j2"
    narrated = render_narrative(path, figures, template_variables(desk.office, cut.period, cut.known_at))
    rows = tuple((row.mark, tuple(a.name for a in row.to)) for row in setting.colophon)
    return Issue(
        headline=narrated.headline,
        masthead=Masthead(
            name=profile.masthead.name, issuer=setting.issuer, secret=setting.secret, urgency=setting.urgency
        ),
        blocks=narrated.blocks,
        colophon=Colophon(rows=rows, editor=setting.editor),
        numerals=narrated.numerals,
    )


def content_now(desk: Desk, conn: Connection, version: ledger.DocumentVersion) -> str:
    """The content hash that a new draft of a version's document would have."""
    setting = desk.config.briefings[version.kind]
    cut = make_cut(desk, conn, desk.office.period(version.period), desk.ctx.now())
    return content_sha(_write(desk, setting, load_profile(desk.ctx.home.templates, setting.format), cut))


def template_variables(office: Office, period: Period, known_at: datetime) -> Mapping[str, Any]:
    """What a template may print besides figures: the period, its windows, the office, and the moment it is as of."""
    return {
        "报告期": period.label,
        "报告期名": period_words(period),
        "年": f"{period.year}年",
        "数据截止日": period.data_to,
        "截至": known_at.astimezone(SHANGHAI).date(),
        "试点日": office.pilot_start,
        "办公室": office.name,
    }


def _record(desk: Desk, conn: Connection, work: _Work) -> Drafted:
    """Find or make the document, and add a version unless its newest says the same."""
    ctx, cut, sha = desk.ctx, work.cut, content_sha(work.issue)
    key = (work.kind, work.setting.issuer, cut.period.label)
    known = ledger.documents_of(conn, *key)
    if work.looking_back:
        return _record_look_back(desk, conn, work, known)
    known = [row for row in known if not row.occasion.startswith(LOOK_BACK)]
    last = known[-1] if known else None
    if last is not None:
        ledger.lock_document(conn, last.id)
        newest = ledger.latest_version(conn, last.id)
        signed = ledger.signed_version(conn, last.id)
        if newest is not None and (signed or newest).content_sha == sha:
            return _drafted(work, last.id, (signed or newest).n, new=False)
        if signed is None:
            return _add_version(desk, conn, work, last.id, last.corrects)
    document = ledger.add_document(
        conn, kind=work.kind, issuer=work.setting.issuer, period=cut.period.label, occasion=str(len(known) + 1),
        corrects=last.id if last is not None else None, actor=ctx.actor, now=ctx.now(),
    )  # fmt: skip
    if document is None:
        raise NotNowError("另一进程正在拟同一份文稿。", "请稍后再试。")
    return _add_version(desk, conn, work, document, last.id if last is not None else None)


def _record_look_back(desk: Desk, conn: Connection, work: _Work, known: Sequence[Any]) -> Drafted:
    """A look back has a document of its own for its moment."""
    ctx, cut = desk.ctx, work.cut
    occasion = f"{LOOK_BACK}{cut.known_at.astimezone(SHANGHAI):%Y-%m-%dT%H:%M:%S}"
    same = next((row.id for row in known if row.occasion == occasion), None)
    if same is not None:
        newest = ledger.latest_version(conn, same)
        if newest is not None and newest.content_sha == content_sha(work.issue):
            return _drafted(work, same, newest.n, new=False)
    document = same or ledger.add_document(
        conn, kind=work.kind, issuer=work.setting.issuer, period=cut.period.label, occasion=occasion, corrects=None,
        actor=ctx.actor, now=ctx.now(),
    )  # fmt: skip
    if document is None:
        raise NotNowError("另一进程正在拟同一份文稿。", "请稍后再试。")
    return _add_version(desk, conn, work, document, None)


def _add_version(desk: Desk, conn: Connection, work: _Work, document: int, corrects: int | None) -> Drafted:
    ctx, now, content = desk.ctx, desk.ctx.now(), content_bytes(work.issue)
    content_hash, docx_hash = sha256_of(content), sha256_of(work.typeset.docx)  # the bytes are on disk
    put_blob_row(conn, sha256=content_hash, size=len(content), kind="content", at=now)
    put_blob_row(conn, sha256=docx_hash, size=len(work.typeset.docx), kind="draft", at=now)
    cut_id, figures = _record_cut(desk, conn, work.cut)
    version = ledger.add_version(
        conn,
        document,
        title=work.issue.title,
        cut=cut_id,
        content_sha=content_hash,
        blob=docx_hash,
        origin="模板",
        actor=ctx.actor,
        now=now,
    )
    ledger.add_numerals(
        conn,
        version,
        [
            {"seq": n.seq, "text": n.text, "origin": n.origin, "bookmark": n.id,
             "figure_value": figures[(n.figure, n.dims)] if n.figure else None}
            for n in work.issue.numerals
        ],
    )  # fmt: skip
    n = ledger.version_by_id(conn, version).n
    payload = {"version": n, "content_sha": content_hash, "cut": cut_id}
    note_event(conn, actor=ctx.actor, at=now, verb="拟稿", subject=f"document:{document}", payload=payload)
    return _drafted(work, document, n, new=True, corrects=corrects)


def _record_cut(desk: Desk, conn: Connection, cut: Cut) -> tuple[int, dict[tuple[str, str], int]]:
    """A cut is named by its moment; one of the same moment that saw other versions (a trial's clock stands still) came
    before this one, so this one is recorded the least bit later."""
    known_at = cut.known_at
    while True:
        cut_id, new = add_cut(
            conn, period=cut.period.label, known_at=known_at, snapshot=desk.config.sha, version_ids=cut.version_ids
        )
        if new or versions_in_cut(conn, cut_id) == set(cut.version_ids):
            break
        known_at += timedelta(microseconds=1)
    return cut_id, add_figures(conn, cut_id, cut.computed.all()) if new else figure_ids(conn, cut_id)


def _drafted(work: _Work, document: int, n: int, *, new: bool, corrects: int | None = None) -> Drafted:
    word = "回看" if work.looking_back else "草稿"
    file = f"{word}-{work.kind}-{work.cut.period.label}-{document}-{n}.docx"
    return Drafted(
        document=document, version=n, title=work.issue.title, period=work.cut.period.label, file=file, new=new,
        corrects=corrects, warnings=tuple(_warnings(work)), layout=work.typeset.told,
    )  # fmt: skip


def _warnings(work: _Work) -> Iterator[str]:
    """What a signer should know before the text goes out: figures without data, who is missing of those who must report,
    and that it reaches nobody."""
    used = {n.figure for n in work.issue.numerals if n.figure}
    values = {name: work.cut.computed.values[name] for name in sorted(used)}
    if empty := [name for name, found in values.items() if found and all(v.value is None for v in found)]:
        yield f"这些指标没有数据，文中印作“—”或“无数据”：{'、'.join(empty)}。"
    covered = [v.coverage for found in values.values() for v in found if v.coverage]
    must = {org for coverage in covered for org in coverage.must}
    missing = {org for coverage in covered for org in coverage.must if org not in coverage.reported}
    if missing:
        yield f"必报的 {len(must)} 家，有 {len(missing)} 家未报全。"
    if not work.looking_back and not work.setting.mails:
        yield REACHES_NOBODY
