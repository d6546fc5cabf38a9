"""One of several processes that collect one home: `python -m bench.worker HOME K N FIRST FILES`.

Says `ready` when everything is imported and its child for foreign files runs, waits for a line, then does what a
collecting run does (take in, judge in batches) until FILES arrivals from number FIRST on are judged, and says what
processor time it and its child took. Process 0 takes in; all judge, each its share by the number of the arrival.
"""

import resource
import sys
import time
from pathlib import Path

from bench.measure import ensure
from bench.office import context
from tasks.desk import load_config
from tasks.judge import judge_batch, waiting
from tasks.take_in import take_in
from yaoxun.home import Home
from yaoxun.sheets.sandbox import shared_sandbox

BATCH = 50
_PATIENCE_S = 120


def main(root: str, k: int, n: int, first: int, files: int) -> None:
    """Serve once."""
    ctx = context(Home(Path(root)), f"第{k}个")
    sandbox = shared_sandbox(load_config(ctx.home).limits)
    sandbox.open(ctx.home.root / "warm.xlsx")
    print("ready", flush=True)
    sys.stdin.readline()
    before = _processor_s(resource.RUSAGE_SELF)
    if k == 0:
        take_in(ctx)
    mine = {one for one in range(first, first + files) if one % n == k}
    heard = time.monotonic()
    while mine:
        batch = tuple(one for one in waiting(ctx) if one in mine)[:BATCH]
        ensure(time.monotonic() - heard < _PATIENCE_S, "nothing comes in")
        if not batch:
            time.sleep(0.01)
            continue
        for one in judge_batch(ctx, batch).judged:
            ensure(bool(one.decisions) and all(decision == "接收" for _, decision in one.decisions), one)
        mine -= set(batch)
        heard = time.monotonic()
    sandbox.__exit__(None, None, None)  # its time counts when it has ended
    used = _processor_s(resource.RUSAGE_SELF) + _processor_s(resource.RUSAGE_CHILDREN)
    print(f"done {used - before:.3f}", flush=True)


def _processor_s(who: int) -> float:
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:6]))
