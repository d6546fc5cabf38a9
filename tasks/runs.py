"""The ledger of runs: which flow ran for which period on which occasion, who asked, and what came of it.

A scheduled occasion that was finished once is not done again, however often the engine starts it.
"""

from tasks.desk import open_desk
from yaoxun.context import Context, wall_clock
from yaoxun.store.records import begin_run, finish_run


def begin(ctx: Context, kind: str, period: str) -> int | None:
    """Put a run on record; None when this occasion has been finished before."""
    with open_desk(ctx) as desk, desk.store.write() as conn:
        return begin_run(
            conn, kind=kind, period=period, occasion=ctx.occasion, requested_by=ctx.actor,
            scheduled_for=ctx.scheduled_for, now=ctx.now(), wall=wall_clock(),
        )  # fmt: skip


def finish(ctx: Context, run: int, outcome: str) -> None:
    """Write what came of a run."""
    with open_desk(ctx) as desk, desk.store.write() as conn:
        finish_run(conn, run, outcome=outcome, now=ctx.now())
