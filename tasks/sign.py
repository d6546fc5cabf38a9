"""sign: 签发 by a named person, then 取号: number, frozen file, message and recipients.

签发 is one transaction and binds the content without its late slots (期号, 印发日期, 份数). 取号 is a second one and may
follow later: what is signed and unnumbered is pulled by the next run. A draft whose cut has been overtaken by newer data
says so at 签发 and waits at 取号 for a person: sent as it is (照发), or drafted again.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from tasks.cut import cut_is_overtaken, versions_now
from tasks.desk import Desk, open_desk
from tasks.document_steps import (
    REACHES_NOBODY,
    is_reviewed,
    kind_of,
    newest_held,
    record_step,
    refuse_superseded,
    require_role,
)
from tasks.documents import number_words
from tasks.draft import content_now
from tasks.numeral_records import version_records
from tasks.typeset import Typeset, show_typeset, typeset
from yaoxun.briefings import ledger
from yaoxun.briefings.ledger import AS_IT_IS, REVIEWED, SIGNED, DocumentVersion
from yaoxun.briefings.model import LateSlots, content_sha
from yaoxun.briefings.profile import load_profile
from yaoxun.briefings.storage import issue_from_bytes
from yaoxun.briefings.titles_words import office_words
from yaoxun.context import SHANGHAI, Context
from yaoxun.errors import InternalError, NotNowError, YaoxunError
from yaoxun.failpoints import failpoint
from yaoxun.post.compose import new_message_id
from yaoxun.post.ledger import put_message
from yaoxun.post.model import MessageKind
from yaoxun.store.blobs import get_blob, put_blob
from yaoxun.store.records import note_event, put_blob_row


@dataclass(frozen=True, kw_only=True)
class Signed:
    """A signed document; `number` is '' while it waits for one, `waits` says why."""

    document: int
    title: str
    number: str = ""
    file: str = ""
    recipients: int = 0
    waits: str = ""
    before: bool = False

    def summary(self) -> str:
        if self.before:
            return f"第 {self.document} 号文稿《{self.title}》先前已取号{self.number}，没有再发：{self.file}"
        if self.waits:
            return f"第 {self.document} 号文稿《{self.title}》已签发，尚未取号：{self.waits}"
        return f"第 {self.document} 号文稿《{self.title}》已签发，取号{self.number}，收件人 {self.recipients} 个，定稿：{self.file}"


@dataclass(frozen=True, kw_only=True)
class Numbered:
    """What 取号 did for documents that had been signed before."""

    documents: tuple[Signed, ...]

    def summary(self) -> str:
        return "\n".join(one.summary() for one in self.documents) or "没有待取号的文稿"


def _unheard(_said: str) -> None:
    return


def sign(ctx: Context, document: int, *, keep: bool = False, told: Callable[[str], None] = _unheard) -> Signed:
    """Sign the newest version of a document as `ctx.actor` and give it its number. `keep`: send it as it is although
    newer data has come. `told` hears, before it has a number, what the signer should know.

    Raises RequestError for no such document, NotNowError when the person may not sign, or it was not reviewed (核稿)
    where that is asked for.
    """
    with open_desk(ctx) as desk:
        with desk.store.write() as conn:
            version = _sign(desk, conn, document, keep=keep)
            failpoint("sign.before_commit")
        failpoint("sign.after_sign")
        if not kind_of(desk, version).mails:
            told(f"注意：{REACHES_NOBODY}")
        return _number(desk, version)


def number_signed(ctx: Context) -> Numbered:
    """Give every signed document that has none its number, and put back frozen files that a crash kept from 稿/."""
    with open_desk(ctx) as desk:
        with desk.store.read() as conn:
            pending = ledger.signed_without_number(conn)
            frozen = [v for v in ledger.latest_versions(conn) if v.frozen_blob]
        for version in frozen:
            _show_file(desk, version)
        return Numbered(documents=tuple(_try_number(desk, version) for version in pending))


def _try_number(desk: Desk, version: DocumentVersion) -> Signed:
    """One document's trouble holds up neither the others nor the mail that follows."""
    try:
        return _number(desk, version)
    except YaoxunError as err:
        return Signed(document=version.document, title=version.title, waits=str(err))


def _sign(desk: Desk, conn: Connection, document: int, *, keep: bool) -> DocumentVersion:
    newest = newest_held(conn, document)
    kind = kind_of(desk, newest)
    require_role(desk, conn, newest, kind.signed_by, SIGNED)
    refuse_superseded(conn, document)
    signed = ledger.signed_version(conn, document)
    version = signed or newest
    if signed is None and REVIEWED in kind.steps and not is_reviewed(conn, version):
        remedy = f"请由有“核稿人”角色的人先核稿：yaoxun review {document} --as 登录名。"
        raise NotNowError(f"第 {document} 号文稿第 {version.n} 版还没有核稿，不能签发。", remedy)
    steps = [step.step for step in ledger.steps_of(conn, version.id)]
    if signed is None:
        record_step(desk, conn, version, SIGNED)
    if keep and AS_IT_IS not in steps:
        record_step(desk, conn, version, AS_IT_IS)
    return version


def _number(desk: Desk, version: DocumentVersion) -> Signed:
    """取号, freeze and intend the mails, in one transaction; the file is made before it for the number that is next, and
    made again when another document took that number."""
    home = desk.ctx.home
    issue = issue_from_bytes(get_blob(home.blobs, version.content_sha))
    if content_sha(issue) != version.content_sha:
        raise InternalError(f"第 {version.document} 号文稿的内容与签发时不符", "请从备份恢复 data/blobs。")
    done: Signed | None = None
    made: Typeset | None = None
    while done is None:
        with desk.store.read() as conn:
            done = _numbered_before(desk, conn, version)
            late = _next_slots(desk, conn, version)
            seen = versions_now(desk, conn, version.period)
            waits = "" if done else _waits(desk, conn, version, seen)
            records = version_records(conn, issue, version.id)
        if waits:
            return Signed(document=version.document, title=version.title, waits=waits)
        if done is None:
            profile = load_profile(home.templates, kind_of(desk, version).format)
            names = office_words(desk.office.organisations, home.templates)
            made = typeset(home, issue, profile, late, names, records=records)
            sha = put_blob(home.blobs, made.docx)
            failpoint("sign.after_freeze")
            with desk.store.write() as conn:
                done = _commit_number(desk, conn, version, (late, sha, len(made.docx), seen))
                failpoint("sign.before_number_commit")
            failpoint("sign.after_number")
    _show_file(desk, version, made)
    failpoint("sign.after_file")
    return done


def _next_slots(desk: Desk, conn: Connection, version: DocumentVersion) -> LateSlots:
    kind, day = kind_of(desk, version), desk.ctx.now().astimezone(SHANGHAI).date()
    n = ledger.next_number(conn, version.document, name=kind.series, year=day.year, first_n=kind.first_number(day.year))
    return LateSlots(issue_number=number_words(conn, kind, day.year, n), printed_on=day, copies=kind.copies)


def _numbered_before(desk: Desk, conn: Connection, version: DocumentVersion) -> Signed | None:
    number = ledger.number_of(conn, version.document)
    if number is None:
        return None
    words = number_words(conn, kind_of(desk, version), number.year, number.n)
    return replace(_signed(desk, version, words), before=True)


def _signed(desk: Desk, version: DocumentVersion, number: str) -> Signed:
    kind = kind_of(desk, version)
    return Signed(
        document=version.document, title=version.title, number=number, file=f"{kind.series}{number}.docx",
        recipients=len(kind.mails),
    )  # fmt: skip


def _show_file(desk: Desk, version: DocumentVersion, made: Typeset | None = None) -> None:
    """Put the frozen file where people look, unless it is there or there is none; with it the PDF of the one just made."""
    with desk.store.read() as conn:
        number = ledger.number_of(conn, version.document)
        frozen = ledger.version_by_id(conn, version.id).frozen_blob
        if number is None or frozen is None or version.kind not in desk.config.briefings:
            return
        words = number_words(conn, kind_of(desk, version), number.year, number.n)
    path = desk.ctx.home.documents / _signed(desk, version, words).file
    if not path.exists():
        docx = get_blob(desk.ctx.home.blobs, frozen)
        show_typeset(path, docx, made.pdf if made and made.docx == docx else None)


def _waits(desk: Desk, conn: Connection, version: DocumentVersion, now: frozenset[int]) -> str:
    """Why a signed document gets no number: newer data that changes what it says, and nobody has said that it goes out
    as it is. Newer data that leaves every word as it was holds nothing up."""
    if (later := ledger.signed_correction(conn, version.document)) is not None:
        return f"第 {later} 号文稿已更正并取代本稿，本稿不再取号。"
    steps = [step.step for step in ledger.steps_of(conn, version.id)]
    overtaken = AS_IT_IS not in steps and cut_is_overtaken(conn, version.cut, now)
    if overtaken and content_now(desk, conn, version) != version.content_sha:
        return (
            "拟稿以后又收到了新的数据。请决定：按原稿发出（yaoxun sign 编号 --as 登录名 --keep），"
            "或重新拟稿（yaoxun draft）后签发新稿。"
        )
    return ""


def _commit_number(
    desk: Desk, conn: Connection, version: DocumentVersion, frozen: tuple[LateSlots, str, int, frozenset[int]]
) -> Signed | None:
    """None when another look is needed: another document took the number that the frozen file bears, or a version came
    in since (`seen` are those that the gate looked at)."""
    late, sha, size, seen = frozen
    kind, now, year = kind_of(desk, version), desk.ctx.now(), late.day.year
    ledger.lock_document(conn, version.document)
    before = _numbered_before(desk, conn, version)
    if before is not None:
        return before
    superseded = ledger.signed_correction(conn, version.document) is not None
    if superseded or versions_now(desk, conn, version.period) != seen:
        return None
    n = ledger.take_number(
        conn, version.document, name=kind.series, year=year, first_n=kind.first_number(year), now=now
    )
    if late.issue_number != number_words(conn, kind, year, n):
        conn.rollback()
        return None
    put_blob_row(conn, sha256=sha, size=size, kind="document", at=now)
    ledger.freeze(conn, version.id, sha)
    payload = {"number": late.issue_number, "frozen": sha}
    subject = f"document:{version.document}"
    note_event(conn, actor=desk.ctx.actor, at=now, verb="取号", subject=subject, payload=payload)
    _intend(desk, conn, version, late, sha)
    return _signed(desk, version, late.issue_number)


def _intend(desk: Desk, conn: Connection, version: DocumentVersion, late: LateSlots, sha: str) -> None:
    kind, now = kind_of(desk, version), desk.ctx.now()
    subject = f"document:{version.document}"
    printed = late.day
    params = {
        "document_version": version.id, "title": version.title, "masthead": kind.series, "issuer": version.issuer,
        "number": late.issue_number, "date": f"{printed.year}年{printed.month}月{printed.day}日",
        "attachments": [{"name": f"{kind.series}{late.issue_number}.docx", "blob": sha}],
    }  # fmt: skip
    put_message(
        conn, kind=MessageKind.BULLETIN.value, subject=subject, params=params, not_before=now, now=now,
        recipients=[(address, "to") for address in kind.mails],
        message_id=new_message_id(desk.config.mail.domain),
    )  # fmt: skip
