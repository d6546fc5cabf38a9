"""What the steps of a document (核稿, 签发, 照发) have in common: its newest version held, who may do it, the step on record."""

from typing import Any

from sqlalchemy import Connection

from tasks.desk import Desk
from yaoxun.briefings import ledger
from yaoxun.briefings.ledger import DocumentVersion
from yaoxun.briefings.settings import BriefingKind
from yaoxun.context import SHANGHAI
from yaoxun.errors import ConfigError, NotNowError, RequestError
from yaoxun.office.ledger import find_person
from yaoxun.store.records import note_event

LOOK_BACK = "截至"
REACHES_NOBODY = "版记没有一个收件邮箱，签发后不会寄给任何人。"


def newest_held(conn: Connection, document: int) -> DocumentVersion:
    """The newest version of a document, its row held so that no draft adds another. Raises RequestError for no such
    document, NotNowError for a look back."""
    if ledger.latest_version(conn, document) is None:
        raise RequestError(f"没有第 {document} 号文稿。", "用 yaoxun documents 查看编号。")
    ledger.lock_document(conn, document)
    newest = ledger.latest_version(conn, document)
    assert newest is not None  # noqa: S101 (narrowing; versions are never taken away)
    if newest.occasion.startswith(LOOK_BACK):
        raise NotNowError(f"第 {document} 号是{newest.occasion}的回看稿，只供查看。", "请用 yaoxun draft 拟的稿。")
    return newest


def kind_of(desk: Desk, version: DocumentVersion) -> BriefingKind:
    """How the office issues documents of this kind. Raises ConfigError when the kind was taken out of the configuration."""
    if version.kind not in desk.config.briefings:
        file, key = desk.ctx.home.config / "briefings.yaml", f"kinds.{version.kind}"
        problem = f"第 {version.document} 号文稿的文种“{version.kind}”已不在文种目录里"
        raise ConfigError(file=file, key=key, problem=problem, remedy="请把它放回去。")
    return desk.config.briefings[version.kind]


def require_role(desk: Desk, conn: Connection, version: DocumentVersion, role: str, step: str) -> Any:
    """Raises NotNowError where whoever acts has no such role today."""
    actor, day = desk.ctx.actor, desk.ctx.now().astimezone(SHANGHAI).date()
    person = find_person(conn, actor, day)
    if person is None or role not in person.roles:
        remedy = f"请由有“{role}”角色的人{step}（改 config/people.yaml 后 yaoxun config import --update）。"
        raise NotNowError(f"“{actor}”不能{step}{version.kind}。", remedy)


def refuse_superseded(conn: Connection, document: int) -> None:
    """Raises NotNowError for a document that never goes out, since its correction is signed."""
    later = ledger.signed_correction(conn, document)
    if later is not None and ledger.number_of(conn, document) is None:
        raise NotNowError(f"第 {document} 号文稿已由第 {later} 号更正并取代，不再发出。", "请以新稿为准。")


def record_step(desk: Desk, conn: Connection, version: DocumentVersion, step: str, remark: str = "") -> None:
    """Append a step to a version, and an event to its document."""
    ctx, now = desk.ctx, desk.ctx.now()
    ledger.add_step(
        conn, version.id, step=step, remark=remark, content_sha=version.content_sha, actor=ctx.actor, now=now
    )
    payload = {"version": version.n, "content_sha": version.content_sha} | ({"remark": remark} if remark else {})
    subject = f"document:{version.document}"
    note_event(conn, actor=ctx.actor, at=now, verb=step, subject=subject, payload=payload)


def is_reviewed(conn: Connection, version: DocumentVersion) -> bool:
    """Whether somebody has reviewed (核稿) what this version says."""
    steps = ledger.steps_of(conn, version.id)
    return any(step.step == ledger.REVIEWED and step.content_sha == version.content_sha for step in steps)
