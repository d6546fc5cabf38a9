"""Every named failpoint in turn: the chain is killed there, started again, and compared with an undisturbed run.

    cd tests && PYTHONPATH=..:. ../.venv/bin/python -m support.failpoint_table --list    the points
    cd tests && PYTHONPATH=..:. ../.venv/bin/python -m support.failpoint_table           runs them, prints the table

tests/tasks/test_failpoints.py asserts the same table line by line.
"""

import json
import os
import queue
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from support.end_state import differences, end_state
from support.filling import policy
from support.office_kit import (
    BUREAU,
    COUNTY,
    OfficeKit,
    copy_office,
    expire_leases,
    make_office,
    use_mail_server,
)
from tasks.outbox import settle
from tasks.send import send
from yaoxun.demo.smtp_server import ServerHandle, received_mails, start_server
from yaoxun.failpoints import KNOWN
from yaoxun.home import Home
from yaoxun.post.model import RecipientState

ROOT = Path(__file__).resolve().parents[2]
# A point that is passed often is also tried later: at another file, at the first mail, in the bulletin, in a reminder.
LATER = (
    "judge.before_commit:2", "judge.before_commit:4", "judge.after_copy:4", "judge.after_commit:3",
    "send.after_claim:6", "send.after_compose:4", "send.in_data:8",
    "send.after_data:12", "send.after_accept:11", "take_in.after_commit:3",
)  # fmt: skip
CASES = (*KNOWN, *LATER)
UNKNOWN_AFTER = {"send.in_data": 0, "send.after_data": 1}  # mails on the server when a person is asked


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of one point. `unequal` lists differences to the undisturbed end state that no 状态不明 explains; `mails`
    counts copies on the server by (message, recipient), `doubtful` the 状态不明 recipients, `settled` what differs after
    a person has settled them."""

    point: str
    first_exit: int
    second_exit: int
    unequal: list[str]
    mails: Mapping[tuple[str, str], int]
    doubtful: list[tuple[str, str]]
    settled: list[str] = field(default_factory=list)

    @property
    def died(self) -> bool:
        return self.first_exit == -9


OUTCOMES: list[Outcome] = []  # of this session's tests, for the summary at its end


class Runners:
    """A few processes that fork one child a run; as many runs at a time as there are processes."""

    def __init__(self, warm_ups: Sequence[Path]) -> None:
        env = os.environ | {
            "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "tests"))),
            "OPENBLAS_NUM_THREADS": "1",
        }
        command = [sys.executable, str(ROOT / "tests" / "support" / "chain.py")]
        self.free: queue.Queue[Any] = queue.Queue()
        self.all = [
            subprocess.Popen(
                [*command, str(home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=env, text=True, cwd=ROOT
            )
            for home in warm_ups
        ]
        for process in self.all:
            self.free.put(process)

    def run(self, home: Path, failpoint: str = "") -> int:
        """Walk the chain once; the exit status, −9 for a kill."""
        process = self.free.get()
        try:
            process.stdin.write(json.dumps({"home": str(home), "failpoint": failpoint}) + "\n")
            process.stdin.flush()
            return int(process.stdout.readline())
        finally:
            self.free.put(process)

    def stop(self) -> None:
        for process in self.all:
            assert process.stdin and process.stdout
            process.stdin.close()
            process.wait(20)
            process.stdout.close()


@dataclass
class Bench:
    """The prepared home, the undisturbed outcome, and the runs."""

    folder: Path
    server: ServerHandle
    runners: Runners
    prepared: Path
    undisturbed: Any = None

    def try_point(self, point: str) -> Outcome:
        """Kill the chain at a point, start it again, and look."""
        root = self.folder / point.replace(":", "-")
        home = copy_office(self.prepared, root)
        first = self.runners.run(root, point)
        expire_leases(home.database_url)
        second = self.runners.run(root)
        doubtful, mails = self._doubtful(home), self.mails(home)
        unequal = [d for d in differences(self.undisturbed, end_state(home)) if not _explained(d, doubtful)]
        settled = self._settle(home, mails, doubtful) if doubtful else []
        return Outcome(point=point, first_exit=first, second_exit=second, unequal=unequal, mails=mails,
                       doubtful=doubtful, settled=settled)  # fmt: skip

    def mails(self, home: Home) -> dict[tuple[str, str], int]:
        """Copies on the server for every mail recipient of this home, 0 among them."""
        kit = OfficeKit(home)
        asked = kit.query("select m.message_id, m.kind, m.subject, r.address from message m join recipient r"
                          " on r.message = m.id where r.address not like '回/%'")  # fmt: skip
        got = Counter((mail.message_id, to) for mail in received_mails(self.server.folder) for to in mail.rcpt)
        return {(f"{m.kind} {m.subject}", m.address): got[(m.message_id, m.address)] for m in asked}

    def _doubtful(self, home: Home) -> list[tuple[str, str]]:
        rows = OfficeKit(home).query(
            "select m.kind, m.subject, r.address from message m join recipient r on r.message = m.id"
            " where r.state = :state", state=RecipientState.UNKNOWN.value,
        )  # fmt: skip
        return [(f"{row.kind} {row.subject}", row.address) for row in rows]

    def _settle(self, home: Home, mails: Mapping[tuple[str, str], int], doubtful: list[tuple[str, str]]) -> list[str]:
        """A person looks at the server and says what became of it; then all must be as undisturbed."""
        kit = OfficeKit(home)
        (row,) = kit.query("select id from recipient where state = :s", s=RecipientState.UNKNOWN.value)
        settle(kit.ctx(), row.id, arrived=mails[doubtful[0]] == 1, remark="查服务器记录")
        send(kit.ctx("2023-03-29T09:30"))
        left = [d for d in differences(self.undisturbed, end_state(home)) if not d.startswith("/events")]
        wrong = [f"{to}: {n} mails" for to, n in self.mails(home).items() if n != 1]
        return [d for d in left if not _explained(d, doubtful, settled=True)] + wrong


def _explained(difference: str, doubtful: list[tuple[str, str]], *, settled: bool = False) -> bool:
    """Whether a difference is no more than that a doubtful recipient is 状态不明 (settled: that it once was)."""
    if not difference.startswith("/messages") or "/recipients" not in difference:
        return False
    ours, theirs = difference.partition(": ")[2].split(" ≠ ")
    for _, address in doubtful:
        sent = f"('{address}', 'ROLE', '服务器已接收', False, ['送达中', '服务器已接收'])"
        unknown = f"('{address}', 'ROLE', '状态不明', False, ['送达中', '状态不明'])"
        once = (
            f"('{address}', 'ROLE', '服务器已接收', False, ['送达中', '状态不明', '人工认定：已送达'])",
            f"('{address}', 'ROLE', '服务器已接收', False, ['送达中', '状态不明', '人工认定：重发', '送达中', '服务器已接收'])",
        )
        for role in ("to", "cc"):
            told = [text.replace("ROLE", role) for text in ((*once,) if settled else (unknown,))]
            if ours.count(sent.replace("ROLE", role)) == 1 and theirs in [
                ours.replace(sent.replace("ROLE", role), text) for text in told
            ]:
                return True
    return False


@contextmanager
def open_bench(folder: Path, processes: int = 2) -> Iterator[Bench]:
    """Prepare the office and its post, walk the chain once undisturbed."""
    with start_server(folder / "smtp") as server:
        prepared = folder / "prepared"
        kit = make_office(prepared)
        use_mail_server(prepared, server)
        _drop_files(kit)
        warm_ups = [folder / f"warm-up-{n}" for n in range(processes)]
        for one in warm_ups:
            copy_office(prepared, one)
        runners = Runners(warm_ups)
        try:
            bench = Bench(folder, server, runners, prepared)
            undisturbed = folder / "undisturbed"
            copy_office(prepared, undisturbed)
            if runners.run(undisturbed) != 0:
                raise AssertionError("the undisturbed chain failed")
            bench.undisturbed = end_state(Home(undisturbed))
            if set(bench.mails(Home(undisturbed)).values()) != {1}:
                raise AssertionError("the undisturbed chain did not send every mail once")
            yield bench
        finally:
            runners.stop()


def _drop_files(kit: OfficeKit) -> None:
    """One that is accepted, one that is returned, one that is no workbook, and the first once more."""
    good = kit.filled(COUNTY, rows={"T3": [policy(1, 层级="县")]})
    wrong = kit.filled(BUREAU, rows={"T3": [policy(2, 出台日期="不详")]})
    kit.drop_in_order(
        [(good, "城区.xlsx"), (wrong, "示例单位01.xlsx"), (b"no workbook", "杂件.xlsx"), (good, "城区再报.xlsx")]
    )


def table_of(outcomes: list[Outcome]) -> list[str]:
    """The table as lines: failpoint, whether it was reached, end state equal, mails on the server, 状态不明."""
    lines = [f"{'failpoint':34} {'killed':>6} {'end state':>10} {'mails 0/1/2+':>14} {'状态不明':>6}"]
    for one in outcomes:
        counts = Counter(min(n, 2) for n in one.mails.values())
        equal = "equal" if not one.unequal and not one.settled else "DIFFERS"
        mails = "/".join(str(counts[n]) for n in range(3))
        lines.append(f"{one.point:34} {'yes' if one.died else 'NO':>6} {equal:>10} {mails:>14} {len(one.doubtful):>8}")
    return lines


def main() -> int:
    """List the points, or run them all and print the table."""
    if "--list" in sys.argv:
        print("\n".join(CASES))
        return 0
    with tempfile.TemporaryDirectory() as folder, open_bench(Path(folder)) as bench, ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(bench.try_point, CASES))
    print("\n".join(table_of(outcomes)))
    for one in outcomes:
        for line in [*one.unequal, *one.settled]:
            print(f"{one.point}: {line[:300]}")
    return 0 if all(one.died and not one.unequal and not one.settled for one in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
