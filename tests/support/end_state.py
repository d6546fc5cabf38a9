"""What a home has come to, as plain data that is equal for equal outcomes: no running times, tokens, ULIDs, Message-IDs,
or bytes that only say when they were written. Everything else is in it, so that an equality of two is worth something.
"""

import hashlib
import re
from collections import Counter
from email.parser import BytesParser
from email.policy import default
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from sqlalchemy import Connection, select

from yaoxun.briefings import tables as briefings
from yaoxun.figures import tables as figures
from yaoxun.home import Home
from yaoxun.notices.tables import reminder
from yaoxun.office.tables import obligation, template_issue
from yaoxun.post.tables import message, recipient, recipient_event
from yaoxun.returns import tables as returns
from yaoxun.store.blobs import blob_path, sha256_of
from yaoxun.store.engine import open_store
from yaoxun.store.records import blob, event

_ULID = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}")
_WHEN_WRITTEN = re.compile(rb"<(dcterms:(?:created|modified))[^>]*>[^<]*</\1>")


def end_state(home: Home) -> dict[str, Any]:
    """Every submission, number, mail, returned copy and reminder of a home."""
    store = open_store(home.database_url)
    try:
        with store.read() as conn:
            return _Reader(conn, home).everything()
    finally:
        store.close()


def fingerprint(data: bytes) -> str:
    """A hash of what a file says: of a workbook's or document's parts without the times in them, else of the bytes."""
    try:
        with ZipFile(BytesIO(data)) as package:
            parts = sorted((name, _WHEN_WRITTEN.sub(b"", package.read(name))) for name in package.namelist())
    except BadZipFile:
        return hashlib.sha256(data).hexdigest()[:16]
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def letter_of(data: bytes) -> dict[str, Any]:
    """A mail without its Message-ID and boundaries."""
    mail: Any = BytesParser(policy=default).parsebytes(data)
    text, page = mail.get_body(("plain",)), mail.get_body(("html",))
    return {
        "subject": mail["Subject"], "from": mail["From"], "to": mail["To"], "cc": mail["Cc"], "date": mail["Date"],
        "text": text.get_content() if text else None, "html": page.get_content() if page else None,
        "attachments": [(a.get_filename(), fingerprint(a.get_payload(decode=True))) for a in mail.iter_attachments()],
    }  # fmt: skip


class _Reader:
    def __init__(self, conn: Connection, home: Home) -> None:
        self.conn, self.home = conn, home
        self.files = {row.id: row.name for row in self.all(returns.arrival)}
        self.owed = {o.id: (o.org, o.table_id, o.period) for o in self.all(obligation)}

    def all(self, table: Any, *where: Any) -> list[Any]:
        return list(self.conn.execute(select(table).where(*where).order_by(*table.primary_key.columns)))

    def everything(self) -> dict[str, Any]:
        return {
            "arrivals": [self._arrival(row) for row in self.all(returns.arrival)],
            "obligations": sorted([*self.owed[o.id], o.required] for o in self.all(obligation)),
            "templates": [(t.org, t.bundle, t.n, t.path) for t in self.all(template_issue)],
            "versions": sorted((self._version(v) for v in self.all(returns.sheet_version)), key=str),
            "register": sorted((e.register, e.official_no, e.uid) for e in self.all(returns.register_entry)),
            "cuts": [self._cut(row) for row in self.all(figures.cut)],
            "documents": [self._document(row) for row in self.all(briefings.document)],
            "numbers": [(n.series, n.year, n.n, n.document, n.state) for n in self.all(briefings.issue_number)],
            "messages": [self._message(row) for row in self.all(message)],
            "reminders": sorted([*self.owed[r.obligation], r.step, str(r.due_at), r.stopped_why, self._subject(r.message)]
                                for r in self.all(reminder)),
            "events": sorted((e.verb, e.subject, e.actor) for e in self.all(event)),
            "blobs": self._blobs(),
            "files": self._files(),
        }  # fmt: skip

    def _arrival(self, row: Any) -> dict[str, Any]:
        looks = self.all(returns.judgement, returns.judgement.c.arrival == row.id)
        placed = self.all(returns.placement, returns.placement.c.arrival == row.id)
        return {
            "id": row.id, "name": row.name, "bytes": row.blob, "from": row.sender, "state": row.state,
            "reason": row.reason, "duplicate_of": row.duplicate_of, "leased": row.lease_until is not None,
            "looks": [(j.seq, j.outcome, self._findings(j.id)) for j in looks],
            "placed": [(p.seq, p.org, p.table_id, p.period, p.sheet) for p in placed],
        }  # fmt: skip

    def _findings(self, judgement: int) -> list[Any]:
        rows = self.all(returns.finding, returns.finding.c.judgement == judgement)
        return sorted((f.table_id, f.rule, f.row_uid, f.column_name, f.sheet, f.cell, f.message) for f in rows)

    def _version(self, v: Any) -> dict[str, Any]:
        mine = {name: getattr(returns, name).c.sheet_version == v.id for name in ("decision", "sheet_row", "fact")}
        rows = self.all(returns.sheet_row, mine["sheet_row"])
        facts = self.all(returns.fact, mine["fact"])
        told = self.all(returns.explanation, returns.explanation.c.sheet_version == v.id)
        return {
            "of": self.owed[v.obligation], "n": v.n, "file": self.files[v.arrival], "declared": v.declared,
            "cover": v.cover, "based_on": v.based_on, "content": v.content_sha,
            "decisions": [(d.seq, d.decision, d.reason) for d in self.all(returns.decision, mine["decision"])],
            "rows": [(r.row_number, r.row_uid, r.entry, r.cells) for r in rows],
            "facts": sorted((f.row_uid, f.column_name, f.value, f.scale, f.unit, f.cell) for f in facts),
            "explained": sorted((e.rule, e.row_uid, e.column_name, e.seq, e.text) for e in told),
        }  # fmt: skip

    def _cut(self, row: Any) -> dict[str, Any]:
        held = {c.sheet_version for c in self.all(figures.cut_version, figures.cut_version.c.cut == row.id)}
        versions = [v for v in self.all(returns.sheet_version) if v.id in held]
        values = self.all(figures.figure_value, figures.figure_value.c.cut == row.id)
        return {
            "period": row.period, "known_at": str(row.known_at),
            "versions": sorted((*self.owed[v.obligation], v.n) for v in versions),
            "figures": sorted((f.figure, f.dims, f.value, f.scale, f.words) for f in values),
        }  # fmt: skip

    def _document(self, row: Any) -> dict[str, Any]:
        versions = self.all(briefings.document_version, briefings.document_version.c.document == row.id)
        return {
            "key": (row.id, row.kind, row.issuer, row.period, row.occasion, row.corrects),
            "versions": [
                {"n": v.n, "title": v.title, "content": v.content_sha, "draft": self._print(v.blob), "frozen": self._print(v.frozen_blob),
                 "steps": [(s.seq, s.step, s.actor, s.content_sha) for s in self._of_version(briefings.document_step, v)],
                 "numerals": [(n.seq, n.text, n.origin, n.bookmark) for n in self._of_version(briefings.numeral, v)]}
                for v in versions
            ],
        }  # fmt: skip

    def _of_version(self, table: Any, version: Any) -> list[Any]:
        return self.all(table, table.c.document_version == version.id)

    def _message(self, row: Any) -> dict[str, Any]:
        to = self.all(recipient, recipient.c.message == row.id)
        attached = [(a["name"], self._print(a["blob"])) for a in row.params.get("attachments", ())]
        return {
            "key": (row.kind, row.subject, row.version), "params": row.params | {"attachments": attached},
            "frozen": str(row.frozen_at), "letter": letter_of(self._bytes(row.eml)) if row.eml else None,
            "recipients": sorted((r.address, r.role, r.state, r.lease_until is not None, self._happened(r.id)) for r in to),
        }  # fmt: skip

    def _happened(self, to: int) -> list[str]:
        return [e.what for e in self.all(recipient_event, recipient_event.c.recipient == to)]

    def _subject(self, number: int | None) -> str:
        rows = self.all(message, message.c.id == number)
        return rows[0].subject if rows else ""

    def _bytes(self, sha: str) -> bytes:
        return blob_path(self.home.blobs, sha).read_bytes()

    def _print(self, sha: str | None) -> str:
        return fingerprint(self._bytes(sha)) if sha else ""

    def _blobs(self) -> dict[str, int]:
        """How many of each kind are on record; each must be on disk, whole."""
        rows = self.all(blob)
        damaged = [row.kind for row in rows if sha256_of(self._bytes(row.sha256)) != row.sha256]
        return Counter(row.kind for row in rows) | Counter({"damaged": len(damaged)})

    def _files(self) -> list[tuple[str, str]]:
        """Files that people see, and whatever else was left lying in 收/; names that are ULIDs read the same."""
        folders = (self.home.inbox, self.home.received, self.home.replies, self.home.documents, self.home.issued)
        found = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
        return sorted((self._name(path), fingerprint(path.read_bytes())) for path in found)

    def _name(self, path: Path) -> str:
        return _ULID.sub("·", path.relative_to(self.home.data).as_posix())


def differences(one: Any, other: Any, where: str = "") -> list[str]:
    """Where two end states differ, one line each, for a person to read."""
    if isinstance(one, dict) and isinstance(other, dict):
        keys = sorted({*one, *other}, key=str)
        return [line for key in keys for line in differences(one.get(key), other.get(key), f"{where}/{key}")]
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return [d for n, (a, b) in enumerate(zip(one, other, strict=True)) for d in differences(a, b, f"{where}[{n}]")]
    return [] if one == other else [f"{where}: {one!r} ≠ {other!r}"]
