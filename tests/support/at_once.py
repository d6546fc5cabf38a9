"""Several processes that do the same at the same moment: `python tests/support/at_once.py HOME COUNT WHAT NOW [ARGUMENT…]`.

Imports once, forks COUNT children, lets them go together, and prints one JSON list: what each child returned, or the
traceback of what it raised. With `--stop-at NAME` a child stops itself (SIGSTOP) the first time it passes that failpoint,
as a process does that the machine has forgotten; whoever started it lets it go on.
"""

import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import tasks.judge
import tasks.send
import tasks.sign
from tasks.draft import draft
from tasks.intake import assign
from tasks.judge import judge, waiting
from tasks.remind import remind
from tasks.send import send
from tasks.sign import sign
from tasks.take_in import take_in
from yaoxun.context import Context, parse_now
from yaoxun.errors import NotNowError
from yaoxun.home import Home


def judge_all(ctx: Context) -> list[Any]:
    """Judge whatever waits, again and again until everybody's work is done."""
    done: list[Any] = []
    for _ in range(600):
        for arrival in waiting(ctx):
            judged = judge(ctx, arrival)
            done.append([judged.arrival, judged.state, judged.reason])
        if not _open(ctx):
            return done
        time.sleep(0.05)
    raise AssertionError("arrivals are left waiting")


def _open(ctx: Context) -> int:
    from sqlalchemy import text

    from yaoxun.store.engine import open_store

    store = open_store(ctx.home.database_url)
    try:
        with store.read() as conn:
            return int(conn.execute(text("select count(*) from arrival where state = '待判'")).scalar_one())
    finally:
        store.close()


def whole_day(ctx: Context, turn: int, *documents: str) -> list[Any]:
    """Collect, sign what is drafted though newer data comes in, send, remind, send."""
    take_in(ctx)
    for document in documents[turn:] + documents[:turn]:
        sign(ctx.as_actor("qfr"), int(document), keep=True)
    judged = judge_all(ctx)
    send(ctx)
    remind(ctx)
    send(ctx)
    return judged


def sign_all(ctx: Context, turn: int, *documents: str) -> list[Any]:
    """Sign every document, each process beginning at another one."""
    order = documents[turn:] + documents[:turn]
    return [[int(d), sign(ctx.as_actor("qfr"), int(d)).number] for d in order]


def judge_one(ctx: Context, arrival: str) -> list[Any]:
    judged = judge(ctx, int(arrival))
    return [judged.arrival, judged.state, list(judged.decisions)]


def assign_one(ctx: Context, turn: int, arrival: str, *orgs: str) -> list[Any]:
    """Each process says another organisation; who finds the file being judged tries again."""
    for _ in range(600):
        try:
            judged = assign(ctx.as_actor("qfr"), int(arrival), org=orgs[turn % len(orgs)])
        except NotNowError:
            time.sleep(0.02)
        else:
            return [judged.arrival, judged.state, judged.reason]
    raise AssertionError("the arrival is being judged for ever")


WORK: dict[str, Callable[..., Any]] = {
    "day": whole_day,
    "take_in": lambda ctx, turn, *rest: list(take_in(ctx).arrivals),
    "judge": lambda ctx, turn, *rest: judge_all(ctx),
    "judge_one": lambda ctx, turn, *rest: judge_one(ctx, *rest),
    "assign": assign_one,
    "draft": lambda ctx, turn, *rest: draft(ctx, *rest).document,
    "sign": sign_all,
    "send": lambda ctx, turn, *rest: send(ctx).states,
    "remind": lambda ctx, turn, *rest: remind(ctx).steps,
}


def stop_at(name: str) -> None:
    """Replace the failpoints of the use cases by one that stops this process, once."""
    passed: list[str] = []

    def failpoint(here: str) -> None:
        if here == name and not passed:
            passed.append(here)
            os.kill(os.getpid(), signal.SIGSTOP)

    for module in (tasks.judge, tasks.send, tasks.sign, sys.modules["tasks.examine"]):
        module.failpoint = failpoint  # type: ignore[attr-defined]


def main(words: list[str]) -> None:
    if "--stop-at" in words:
        at = words.index("--stop-at")
        stop_at(words[at + 1])
        del words[at : at + 2]
    root, count, what, now, *rest = words
    ctx = Context(home=Home(Path(root)), actor="手工", occasion="试", fixed_now=parse_now(now))
    if count == "1":
        print(json.dumps([WORK[what](ctx, 0, *rest)], ensure_ascii=False))
        return
    gate, open_gate = os.pipe()
    results = []
    for turn in range(int(count)):
        answer, write = os.pipe()
        if os.fork() == 0:
            os.close(open_gate)
            os.read(gate, 1)  # until the parent closes its end
            try:
                result: Any = WORK[what](ctx, turn, *rest)
            except BaseException:  # noqa: BLE001 (handed to the parent)
                result = {"error": traceback.format_exc()}
            with os.fdopen(write, "w") as out:
                out.write(json.dumps(result, ensure_ascii=False))
            os._exit(0)
        os.close(write)
        results.append(answer)
    os.close(open_gate)
    texts = [os.fdopen(answer).read() for answer in results]
    print(json.dumps([json.loads(t) if t else {"error": "the process died"} for t in texts], ensure_ascii=False))


if __name__ == "__main__":
    main(sys.argv[1:])
