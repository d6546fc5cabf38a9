"""How figures are taken: two sides in turn within one run, and the memory of a tree of processes. What is measured stands
in lines.py.
"""

import gc
import math
import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


class BenchError(Exception):
    """A figure would be about something else than it says; none is better."""


def ensure(holds: bool, what: object) -> None:
    """Raises BenchError unless it holds."""
    if not holds:
        raise BenchError(str(what))


@dataclass(frozen=True)
class Spread:
    """Minimum, median and maximum of several measurements of one thing."""

    low: float
    middle: float
    high: float

    @classmethod
    def of(cls, values: list[float]) -> "Spread":
        return cls(min(values), statistics.median(values), max(values))

    def shown(self, digits: int = 3) -> str:
        return " / ".join(f"{one:.{digits}g}" for one in (self.low, self.middle, self.high))


@dataclass(frozen=True)
class Line:
    """One line of the table. `reached` is None for a figure without a target."""

    name: str
    what: str
    unit: str
    ours: Spread
    peer: str = ""
    theirs: Spread | None = None
    ratio: Spread | None = None
    target: str = ""
    reached: bool | None = None
    more: dict[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def seconds(work: Callable[[], Any]) -> float:
    """Wall seconds of one call, the collector's debts paid before."""
    gc.collect()
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def in_turn(ours: Callable[[], Any], theirs: Callable[[], Any], rounds: int) -> tuple[list[float], list[float]]:
    """Both sides once to warm up, then by turns, so that a busy moment of the machine falls on both."""
    ours()
    theirs()
    pairs = [(seconds(ours), seconds(theirs)) for _ in range(rounds)]
    return [one for one, _ in pairs], [other for _, other in pairs]


class Memory:
    """The most memory that these processes and their children held at one time, in bytes: proportional set size, which
    counts a page that n processes share as an n-th in each. Use as a context manager."""

    def __init__(self, *pids: int, every_s: float = 0.1) -> None:
        self._pids, self._every = pids, every_s
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self.peak = 0
        self.samples = 0

    def __enter__(self) -> "Memory":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._done.wait(self._every):
            self.peak = max(self.peak, sum(_pss(pid) for root in self._pids for pid in (root, *descendants(root))))
            self.samples += 1


def descendants(pid: int) -> list[int]:
    """All children of a process and theirs; those that end meanwhile are left out."""
    found: list[int] = []
    try:
        for thread in Path(f"/proc/{pid}/task").iterdir():
            for child in (thread / "children").read_text().split():
                found += [int(child), *descendants(int(child))]
    except OSError:
        return found
    return found


def _pss(pid: int) -> int:
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0


def exponent(sizes: list[int], times: list[float]) -> float:
    """The slope of log(time) over log(size), by least squares: 1 grows with the work, 2 with its square."""
    xs, ys = [math.log(n) for n in sizes], [math.log(t) for t in times]
    return statistics.linear_regression(xs, ys).slope
