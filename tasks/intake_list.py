"""Looking at files that came: which wait for somebody, and everything that is known of one. Reads only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from tasks.desk import Desk, open_desk
from tasks.outbox import shown_state
from yaoxun.context import SHANGHAI, Context
from yaoxun.errors import RequestError
from yaoxun.post.ledger import outbox
from yaoxun.post.model import KIND_WORDS
from yaoxun.returns import arrivals
from yaoxun.returns.arrivals import OUR_FAULT, REJECTED, STATES, UNCLAIMED, Arrival
from yaoxun.returns.ledger import decisions_of, versions
from yaoxun.store.blobs import blob_path
from yaoxun.store.records import events_of

USUAL = (UNCLAIMED, OUR_FAULT, REJECTED)


@dataclass(frozen=True, kw_only=True)
class IntakeRow:
    """One arrival as listed. `saw`: what the program could tell from it: org, tables, period; '' where it could not."""

    arrival: Arrival
    saw: Mapping[str, str]

    def as_json(self) -> dict[str, Any]:
        """The same as plain data."""
        a = self.arrival
        return {"arrival": a.id, "name": a.name, "state": a.state, "reason": a.reason, "sender": a.sender,
                "received_at": _local(a.received_at), "saw": dict(self.saw)}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class IntakeDetail:
    """Everything known of one arrival, in plain data that is printed as it is: file → the file and its sender;
    placements, looks (with their findings), versions (with their decisions), answers (with their recipients) and events,
    each a list in the order it came about."""

    row: IntakeRow
    file: Mapping[str, Any]
    placements: tuple[Mapping[str, Any], ...]
    looks: tuple[Mapping[str, Any], ...]
    versions: tuple[Mapping[str, Any], ...]
    answers: tuple[Mapping[str, Any], ...]
    events: tuple[Mapping[str, Any], ...]

    def as_json(self) -> dict[str, Any]:
        """The same as plain data."""
        lists = {name: list(getattr(self, name)) for name in ("placements", "looks", "versions", "answers", "events")}
        return self.row.as_json() | {"file": dict(self.file)} | lists


def list_intake(ctx: Context, states: tuple[str, ...] = ()) -> list[IntakeRow]:
    """Arrivals in these states, oldest first; none given: those that wait for somebody, and those rejected.

    Raises RequestError for a state that does not exist.
    """
    for state in states:
        if state not in STATES:
            raise RequestError(f"来件没有“{state}”这种状态。", f"可用：{'、'.join(STATES)}。")
    with open_desk(ctx) as desk, desk.store.read() as conn:
        return [_row(conn, a) for a in arrivals.arrivals_in_state(conn, *(states or USUAL))]


def _row(conn: Connection, arrival: Arrival) -> IntakeRow:
    told = [e.payload["saw"] for e in events_of(conn, f"arrival:{arrival.id}") if e.payload.get("saw")]
    return IntakeRow(arrival=arrival, saw=told[-1] if told else {"org": "", "tables": "", "period": ""})


def show_intake(ctx: Context, number: int) -> IntakeDetail:
    """Everything known of one arrival. Raises RequestError when there is none."""
    with open_desk(ctx) as desk, desk.store.read() as conn:
        arrival = arrivals.arrival_by_id(conn, number)
        if arrival is None:
            raise RequestError(f"没有第 {number} 号来件。", "用 yaoxun intake list 查看。")
        return IntakeDetail(
            row=_row(conn, arrival),
            file=_file(desk, arrival),
            placements=tuple(_placement(p) for p in arrivals.placements_of(conn, number)),
            looks=tuple(_look(conn, j) for j in arrivals.judgements_of(conn, number)),
            versions=tuple(_version(conn, v) for v in versions(conn, arrival_id=number)),
            answers=tuple(_answers(conn, number)),
            events=tuple(_event(e) for e in events_of(conn, f"arrival:{number}")),
        )


def _local(moment: datetime) -> str:
    return moment.astimezone(SHANGHAI).isoformat(timespec="seconds")


def _file(desk: Desk, arrival: Arrival) -> dict[str, Any]:
    path = blob_path(desk.ctx.home.blobs, arrival.blob)
    size = path.stat().st_size if path.exists() else None
    return {"name": arrival.name, "sha256": arrival.blob, "bytes": size, "channel": arrival.channel,
            "sender": arrival.sender, "duplicate_of": arrival.duplicate_of, "path": str(path)}  # fmt: skip


def _placement(row: Any) -> dict[str, Any]:
    return {"org": row.org, "table": row.table_id, "period": row.period, "sheet": row.sheet, "late": row.late,
            "reason": row.reason, "by_staff": bool(row.assignment), "actor": row.actor, "at": _local(row.at)}  # fmt: skip


def _look(conn: Connection, row: Any) -> dict[str, Any]:
    findings = [
        {"rule": f.rule, "level": f.level, "sheet": f.sheet, "cell": f.cell, "message": f.message}
        for f in arrivals.findings_of(conn, row.id)
    ]
    return {"number": row.seq, "outcome": row.outcome, "actor": row.actor, "at": _local(row.at), "findings": findings}


def _version(conn: Connection, version: Any) -> dict[str, Any]:
    decisions = [
        {"decision": d.decision, "reason": d.reason, "actor": d.actor, "at": _local(d.at)}
        for d in decisions_of(conn, version.id)
    ]
    return {"org": version.org, "table": version.table, "period": version.period, "n": version.n,
            "sheet": version.sheet, "declared": version.declared, "decisions": decisions}  # fmt: skip


def _answers(conn: Connection, number: int) -> list[dict[str, Any]]:
    answers: dict[str, dict[str, Any]] = {}
    for one in outbox(conn):
        if one.subject.startswith(f"arrival:{number}:"):
            answer = answers.setdefault(
                one.subject, {"kind": KIND_WORDS.get(one.kind, one.kind), "at": _local(one.not_before), "to": []}
            )
            answer["to"].append({"address": one.address, "state": shown_state(one)})
    return list(answers.values())


def _event(row: Any) -> dict[str, Any]:
    return {"verb": row.verb, "actor": row.actor, "at": _local(row.at), "payload": row.payload}
