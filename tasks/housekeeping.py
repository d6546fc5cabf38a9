"""housekeep: what no other use case comes back to: deliveries cut off in DATA, and arrivals of an internal fault."""

from dataclasses import dataclass

from tasks.desk import open_desk
from tasks.fault import reopen_repaired
from yaoxun.context import Context, wall_clock
from yaoxun.post.ledger import mark_unknown


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
    with open_desk(ctx) as desk, desk.store.write() as conn:
        unknown = mark_unknown(conn, wall=wall_clock(), now=ctx.now())
        return Housekept(unknown=unknown, reopened=reopen_repaired(desk, conn))
