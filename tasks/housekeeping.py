"""housekeep: what no other use case comes back to: deliveries cut off in DATA, and arrivals of an internal fault."""

from dataclasses import dataclass

from tasks.desk import open_desk
from yaoxun.context import Context, wall_clock
from yaoxun.post.ledger import mark_unknown
from yaoxun.returns.arrivals import OUR_FAULT, arrivals_in_state, reopen_arrival
from yaoxun.store.records import events_of, note_event


@dataclass(frozen=True, kw_only=True)
class Housekept:
    """Deliveries that became 状态不明, and arrivals that are to be judged again."""

    unknown: int
    reopened: int

    def summary(self) -> str:
        return f"清理：状态不明 {self.unknown} 件，待再审 {self.reopened} 件"


def housekeep(ctx: Context) -> Housekept:
    """Settle what a crash left. A file that failed through our fault is judged again once a new configuration or a new
    version of the program is in place, and otherwise left alone: the same fault would only come again."""
    from yaoxun import __version__

    with open_desk(ctx) as desk, desk.store.write() as conn:
        unknown = mark_unknown(conn, wall=wall_clock(), now=ctx.now())
        reopened = 0
        mark = {"program": __version__, "config": desk.config.sha}
        for arrival in arrivals_in_state(conn, OUR_FAULT):
            subject = f"arrival:{arrival.id}"
            tried = [e.payload for e in events_of(conn, subject) if e.verb in ("再审", "内部故障")]
            if not any(mark.items() <= payload.items() for payload in tried):
                reopen_arrival(conn, arrival.id)
                note_event(conn, actor=ctx.actor, at=ctx.now(), verb="再审", subject=subject, payload=mark)
                reopened += 1
        return Housekept(unknown=unknown, reopened=reopened)
