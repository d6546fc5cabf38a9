"""One arrival under judgement, as the parts of a judgement hand it to each other inside one transaction."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from tasks.desk import Desk
from tasks.examine import Examination
from yaoxun.returns.arrivals import Arrival, add_judgement
from yaoxun.store.records import note_event


@dataclass(frozen=True, kw_only=True)
class Case:
    """The desk, the transaction, the arrival with its judgement (id and number), and what the look at it found."""

    desk: Desk
    conn: Connection
    arrival: Arrival
    judgement: int
    seq: int
    examination: Examination


def open_case(desk: Desk, conn: Connection, arrival: Arrival, examination: Examination, outcome: str) -> Case:
    """Append a look at an arrival. The caller holds the arrival's row."""
    judgement, seq = add_judgement(
        conn, arrival.id, snapshot=desk.config.sha, outcome=outcome, actor=desk.ctx.actor, now=desk.ctx.now()
    )
    return Case(desk=desk, conn=conn, arrival=arrival, judgement=judgement, seq=seq, examination=examination)


def note_case(case: Case, verb: str, payload: dict[str, Any]) -> None:
    """Put what was done with the arrival in the journal."""
    ctx, subject = case.desk.ctx, f"arrival:{case.arrival.id}"
    note_event(case.conn, actor=ctx.actor, at=ctx.now(), verb=verb, subject=subject, payload=payload)
