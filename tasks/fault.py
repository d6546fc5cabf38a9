"""An internal failure: put on record and told to the sender once, and tried again once for every new version of the
program or of the configuration; the same fault would only come again otherwise.
"""

import traceback

from sqlalchemy import Connection

from tasks.answer import answer_fault
from tasks.answer_summary import answer_summary
from tasks.desk import Desk
from yaoxun import __version__
from yaoxun.returns import arrivals
from yaoxun.returns.arrivals import Arrival
from yaoxun.store.records import events_of, note_event

FAULT, AGAIN = "内部故障", "再审"
REASON = "程序出了问题，不是表的问题；文件已存档，修好后会自动再审"


def note_fault(desk: Desk, arrival: Arrival, token: str, err: Exception) -> None:
    """Keep the file under its number with the traceback on record, unless another process has taken it over."""
    ctx = desk.ctx
    with desk.store.write() as conn:
        if arrivals.still_held(conn, arrival.id, token):
            arrivals.settle_arrival(conn, arrival.id, state=arrivals.OUR_FAULT, reason=REASON)
            trace = "".join(traceback.format_exception(err))[-4000:]
            payload = {"error": trace, **_mark(desk)}
            subject = f"arrival:{arrival.id}"
            note_event(conn, actor=ctx.actor, at=ctx.now(), verb=FAULT, subject=subject, payload=payload)
            whole = arrivals.whole_of(conn, arrival)
            if whole is None:
                answer_fault(desk, conn, arrival)
            else:
                answer_summary(desk, conn, arrivals.hold_arrival(conn, whole.id))


def reopen_repaired(desk: Desk, conn: Connection) -> int:
    """Let those be judged again that no look met under this program and configuration; how many."""
    reopened = 0
    for arrival in arrivals.arrivals_in_state(conn, arrivals.OUR_FAULT):
        tried = [e.payload for e in events_of(conn, f"arrival:{arrival.id}") if e.verb in (FAULT, AGAIN)]
        if not any(_mark(desk).items() <= payload.items() for payload in tried):
            reopen(desk, conn, arrival.id)
            reopened += 1
    return reopened


def reopen(desk: Desk, conn: Connection, arrival: int) -> None:
    """Let one arrival be judged again, and say so."""
    arrivals.reopen_arrival(conn, arrival)
    subject = f"arrival:{arrival}"
    note_event(conn, actor=desk.ctx.actor, at=desk.ctx.now(), verb=AGAIN, subject=subject, payload=_mark(desk))


def _mark(desk: Desk) -> dict[str, str]:
    return {"program": __version__, "config": desk.config.sha}
