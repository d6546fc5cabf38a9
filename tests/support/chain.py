"""The whole chain in processes of its own. `python tests/support/chain.py HOME` walks it once in HOME, then reads one JSON
line a run from its input ({"home": …, "failpoint": …}), forks a child that walks the chain there, and answers with the
child's exit status (−9: killed). Forking after one walk spares every run the imports and first-time work; a run shares no
connection, file or database with another.

A second run goes on where the first one died: that is what the tests of failpoints are about.
"""

import json
import os
import sys
import traceback
from contextlib import suppress
from pathlib import Path

from tasks.draft import draft
from tasks.intake import assign, reject
from tasks.judge import judge_batch, waiting
from tasks.remind import remind
from tasks.send import send
from tasks.sign import sign
from tasks.take_in import take_in
from yaoxun.context import Context, parse_now
from yaoxun.errors import NotNowError
from yaoxun.home import Home

MORNING, OVERDUE = "2023-03-27T10:00", "2023-03-29T09:30"


def walk(root: Path) -> None:
    """take_in → judge → assign → reject → draft → sign → send → remind → send."""
    now = Context(home=Home(root), actor="手工", occasion="试", fixed_now=parse_now(MORNING))
    later = Context(home=Home(root), actor="手工", occasion="试", fixed_now=parse_now(OVERDUE))
    staff = now.as_actor("qfr")  # who judges, too: after a kill the collecting run does it for whoever assigned
    take_in(now)
    while left := waiting(staff):
        judge_batch(staff, left)
    assign(staff, 2, org="danwei02", reason="试")
    with suppress(NotNowError):  # it was, the first time
        reject(staff, 3, "试")
    drafted = draft(now, "要讯")
    sign(staff, drafted.document)
    send(now)
    remind(later)
    send(later)


def _child(request: dict[str, str]) -> None:
    if request["failpoint"]:
        os.environ["YAOXUN_FAILPOINT"] = request["failpoint"]
    code = 1
    try:
        walk(Path(request["home"]))
        code = 0
    except BaseException:  # noqa: BLE001 (told on stderr; a forked child must never return into the loop)
        traceback.print_exc()
    finally:
        os._exit(code)


def serve(warm_up: Path) -> None:
    """One run a line, until the input ends."""
    walk(warm_up)
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            _child(json.loads(line))
        _, status = os.waitpid(pid, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
