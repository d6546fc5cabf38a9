"""Every statement on documents: versions, steps, numerals, series and issue numbers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, exists, func, select, update

from yaoxun.briefings.tables import document, document_step, document_version, issue_number, numeral, series
from yaoxun.store.engine import insert, insert_new, locked

REVIEWED, SIGNED, AS_IT_IS = "核稿", "签发", "照发"
LIVE = "在用"


@dataclass(frozen=True, kw_only=True)
class DocumentVersion:
    """One version of a document, with the document's own key."""

    id: int
    document: int
    kind: str
    issuer: str
    period: str
    occasion: str
    title: str
    n: int
    cut: int | None
    content_sha: str
    blob: str
    frozen_blob: str | None


def _joined() -> Any:
    own = (document.c.kind, document.c.issuer, document.c.period, document.c.occasion)
    source = document_version.join(document, document.c.id == document_version.c.document)
    return select(document_version, *own).select_from(source)


def _version(row: Any) -> DocumentVersion:
    names = ("id", "document", "kind", "issuer", "period", "occasion", "title", "n", "cut", "content_sha", "blob")
    return DocumentVersion(**{name: getattr(row, name) for name in (*names, "frozen_blob")})


def documents_of(conn: Connection, kind: str, issuer: str, period: str) -> list[Any]:
    """The documents of a kind for a period, oldest first; later ones correct earlier ones."""
    same = and_(document.c.kind == kind, document.c.issuer == issuer, document.c.period == period)
    return list(conn.execute(select(document).where(same).order_by(document.c.id)))


def add_document(
    conn: Connection,
    *,
    kind: str,
    issuer: str,
    period: str,
    occasion: str,
    corrects: int | None,
    actor: str,
    now: datetime,
) -> int | None:
    """A new document; None when its key exists."""
    key = {"kind": kind, "issuer": issuer, "period": period, "occasion": occasion}
    return insert_new(conn, document, key | {"corrects": corrects, "actor": actor, "at": now})


def lock_document(conn: Connection, document_id: int) -> Any:
    """Hold the document's row until the transaction ends: versions and its number are decided below it."""
    return locked(conn, document, document_id)


def add_version(
    conn: Connection, document_id: int, *, title: str, cut: int | None, content_sha: str, blob: str, origin: str,
    actor: str, now: datetime,
) -> int:  # fmt: skip
    """Append a version. The caller holds the document's row."""
    last = select(func.coalesce(func.max(document_version.c.n), 0)).where(document_version.c.document == document_id)
    n = conn.execute(last).scalar_one() + 1
    values = {"document": document_id, "n": n, "title": title, "cut": cut, "content_sha": content_sha, "blob": blob}
    return insert(conn, document_version, values | {"origin": origin, "actor": actor, "at": now})


def latest_version(conn: Connection, document_id: int) -> DocumentVersion | None:
    """The newest version of a document; None when there is no such document."""
    rows = conn.execute(
        _joined().where(document_version.c.document == document_id).order_by(document_version.c.n.desc())
    )
    row = rows.first()
    return _version(row) if row else None


def version_by_id(conn: Connection, version_id: int) -> DocumentVersion:
    """The version of that id."""
    return _version(conn.execute(_joined().where(document_version.c.id == version_id)).one())


def latest_versions(conn: Connection) -> list[DocumentVersion]:
    """The newest version of every document, oldest document first."""
    last = select(func.max(document_version.c.id)).group_by(document_version.c.document)
    rows = conn.execute(_joined().where(document_version.c.id.in_(last)).order_by(document_version.c.document))
    return [_version(row) for row in rows]


def add_step(
    conn: Connection, version_id: int, *, step: str, remark: str, content_sha: str, actor: str, now: datetime
) -> None:
    """Append a step; a second 签发 of one version is refused by its unique index."""
    last = select(func.coalesce(func.max(document_step.c.seq), 0)).where(document_step.c.document_version == version_id)
    seq = conn.execute(last).scalar_one() + 1
    values = {"document_version": version_id, "seq": seq, "step": step, "remark": remark}
    insert(conn, document_step, values | {"content_sha": content_sha, "actor": actor, "at": now})


def steps_of(conn: Connection, version_id: int) -> list[Any]:
    """The steps of a version in order."""
    statement = select(document_step).where(document_step.c.document_version == version_id)
    return list(conn.execute(statement.order_by(document_step.c.seq)))


def signed_version(conn: Connection, document_id: int) -> DocumentVersion | None:
    """The signed version of a document; None when none is."""
    signed = exists().where(document_step.c.document_version == document_version.c.id, document_step.c.step == SIGNED)
    row = conn.execute(_joined().where(document_version.c.document == document_id, signed)).first()
    return _version(row) if row else None


def signed_without_number(conn: Connection) -> list[DocumentVersion]:
    """Signed versions of documents that have no live number yet, in the order they were signed; one whose correction is
    signed is left out, since it is never to be numbered."""
    numbered = exists().where(issue_number.c.document == document_version.c.document, issue_number.c.state == LIVE)
    statement = (
        _joined()
        .join(document_step, document_step.c.document_version == document_version.c.id)
        .where(document_step.c.step == SIGNED, ~numbered)
        .order_by(document_step.c.id)
    )
    found = [_version(row) for row in conn.execute(statement)]
    return [version for version in found if signed_correction(conn, version.document) is None]


def signed_correction(conn: Connection, document_id: int) -> int | None:
    """The signed document that corrects this one, however often corrected again; None for none."""
    corrections = conn.execute(select(document.c.id).where(document.c.corrects == document_id)).scalars().all()
    for one in corrections:
        if signed_version(conn, one) is not None:
            return int(one)
        if (later := signed_correction(conn, one)) is not None:
            return later
    return None


def add_numerals(conn: Connection, version_id: int, rows: Iterable[dict[str, Any]]) -> None:
    """Record the numerals of a version: dicts with seq, text, origin, figure_value (or None), bookmark."""
    values = [{"document_version": version_id, **row} for row in rows]
    if values:
        conn.execute(numeral.insert(), values)


def numerals_of(conn: Connection, version_id: int) -> list[Any]:
    """The numerals of a version in reading order."""
    return list(conn.execute(select(numeral).where(numeral.c.document_version == version_id).order_by(numeral.c.seq)))


def number_of(conn: Connection, document_id: int) -> Any | None:
    """The live number of a document; None for none."""
    mine = and_(issue_number.c.document == document_id, issue_number.c.state == LIVE)
    return conn.execute(select(issue_number).where(mine)).one_or_none()


def next_number(conn: Connection, document_id: int, *, name: str, year: int, first_n: int, lock: bool = False) -> int:
    """The number a document has, or would be given next: the smallest of its series that is free, so that a number
    freed before distribution is given again. `lock` holds the series' row, so that it stays true in this transaction."""
    existing = number_of(conn, document_id)
    if existing is not None:
        return int(existing.n)
    if lock:
        insert_new(conn, series, {"series": name, "year": year, "first_n": first_n})
    statement = select(series).where(series.c.series == name, series.c.year == year)
    row = conn.execute(statement.with_for_update() if lock else statement).one_or_none()
    live = and_(issue_number.c.series == name, issue_number.c.year == year, issue_number.c.state == LIVE)
    taken = {r.n for r in conn.execute(select(issue_number.c.n).where(live))}
    n = int(row.first_n) if row else first_n
    while n in taken:
        n += 1
    return n


def highest_numbers(conn: Connection, name: str) -> dict[int, int]:
    """The highest number in use of each year of a series."""
    of = and_(issue_number.c.series == name, issue_number.c.state == LIVE)
    rows = conn.execute(select(issue_number.c.year, func.max(issue_number.c.n)).where(of).group_by(issue_number.c.year))
    return {int(year): int(n) for year, n in rows}


def take_number(conn: Connection, document_id: int, *, name: str, year: int, first_n: int, now: datetime) -> int:
    """Give a document the next number of a series, or find the one it has: no gap and no double."""
    n = next_number(conn, document_id, name=name, year=year, first_n=first_n, lock=True)
    if number_of(conn, document_id) is None:
        values = {"series": name, "year": year, "n": n, "document": document_id, "state": LIVE, "at": now}
        insert(conn, issue_number, values)
    return n


def freeze(conn: Connection, version_id: int, sha: str) -> None:
    """Bind the file with its late slots filled."""
    statement = update(document_version).where(document_version.c.id == version_id)
    conn.execute(statement.values(frozen_blob=sha))
