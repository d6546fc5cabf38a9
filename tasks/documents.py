"""documents: what has been drafted, signed and numbered. Reads only."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from tasks.desk import open_desk
from yaoxun.briefings import ledger
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
    """Every document, oldest first; state 草稿, 已签发待取号 or 已定稿."""
    with open_desk(ctx) as desk, desk.store.read() as conn:
        found = []
        for version in ledger.latest_versions(conn):
            signed = ledger.signed_version(conn, version.document) is not None
            number = ledger.number_of(conn, version.document)
            state = "已定稿" if number else ("已签发待取号" if signed else "草稿")
            kind = desk.config.briefings.get(version.kind)
            issue = number_words(conn, kind, number.year, number.n) if number else ""
            found.append(
                DocumentRow(number=version.document, kind=version.kind, period=version.period, title=version.title,
                            version=version.n, state=state, issue=issue)
            )  # fmt: skip
        return found


def number_words(conn: Connection, kind: BriefingKind | None, year: int, n: int) -> str:
    """期号 of a document in print; of a kind that the office no longer has, as most offices write it."""
    if kind is None:
        return f"〔{year}〕第{n}期"
    return kind.number_text(year, n, ledger.highest_numbers(conn, kind.series))
