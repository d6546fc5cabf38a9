"""documents: what has been drafted, signed and numbered. Reads only."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from tasks.desk import open_desk
from tasks.document_steps import LOOK_BACK, is_reviewed
from yaoxun.briefings import ledger
from yaoxun.briefings.ledger import DocumentVersion
from yaoxun.briefings.settings import BriefingKind
from yaoxun.context import Context


@dataclass(frozen=True, kw_only=True)
class DocumentRow:
    """One document with its newest version."""

    number: int
    kind: str
    period: str
    title: str
    version: int
    state: str
    issue: str

    def as_json(self) -> dict[str, Any]:
        return {"number": self.number, "kind": self.kind, "period": self.period, "title": self.title,
                "version": self.version, "state": self.state, "issue": self.issue}  # fmt: skip


def list_documents(ctx: Context) -> list[DocumentRow]:
    """Every document, oldest first, with its state (see `_state`)."""
    with open_desk(ctx) as desk, desk.store.read() as conn:
        found = []
        for version in ledger.latest_versions(conn):
            number = ledger.number_of(conn, version.document)
            kind = desk.config.briefings.get(version.kind)
            state = "已定稿" if number else _state(conn, version, kind)
            issue = number_words(conn, kind, number.year, number.n) if number else ""
            found.append(
                DocumentRow(number=version.document, kind=version.kind, period=version.period, title=version.title,
                            version=version.n, state=state, issue=issue)
            )  # fmt: skip
        return found


def _state(conn: Connection, version: DocumentVersion, kind: BriefingKind | None) -> str:
    """Of a document without a number: 草稿 or a 回看, 草稿待核稿 or 已核稿待签发 where it is reviewed, 已签发待取号, and
    已被更正取代 once its correction is signed."""
    if ledger.signed_correction(conn, version.document) is not None:
        return "已被更正取代"
    if ledger.signed_version(conn, version.document) is not None:
        return "已签发待取号"
    if version.occasion.startswith(LOOK_BACK):
        return "回看稿"
    if kind is None or ledger.REVIEWED not in kind.steps:
        return "草稿"
    return "已核稿待签发" if is_reviewed(conn, version) else "草稿待核稿"


def number_words(conn: Connection, kind: BriefingKind | None, year: int, n: int) -> str:
    """期号 of a document in print; of a kind that the office no longer has, as most offices write it."""
    if kind is None:
        return f"〔{year}〕第{n}期"
    return kind.number_text(year, n, ledger.highest_numbers(conn, kind.series))
