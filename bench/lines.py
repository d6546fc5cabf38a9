"""The lines of the table. Each takes the sizes of a run and gives one or several `Line`s; how they are timed stands in
measure.py, what is measured on in fixture.py, the other sides in peers.py.
"""

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from bench.fixture import drop, frames_of, workbook
from bench.measure import Line, Memory, Spread, ensure, exponent, in_turn, seconds
from bench.office import POLICIES, TABLES, context, make_home, write_history
from bench.t5_table import BEFORE, t5_rows, t5_table
from tasks.desk import load_config
from tasks.import_history import import_history
from tasks.issue_templates import issue_templates
from tasks.open_windows import open_windows
from yaoxun.forms.checking import check
from yaoxun.forms.model import Finding
from yaoxun.forms.rules.cells import check_cells, check_keys
from yaoxun.forms.rules.table import check_rules
from yaoxun.home import Home
from yaoxun.sheets.model import RawWorkbook
from yaoxun.sheets.sandbox import Sandbox
from yaoxun.store.engine import open_home_store

PROCESSES = 2
ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Sizes:
    """How much one run measures."""

    rounds: int = 9
    opened: int = 10
    folder: int = 24
    folder_rounds: int = 5
    rows: int = 1_000
    issued: int = 20
    many: tuple[int, ...] = (100, 500, 1_500)
    collection: tuple[int, ...] = (250, 500, 1_000, 2_000)
    collection_rounds: int = 3

    @classmethod
    def quick(cls, n: int) -> "Sizes":
        """A run that only shows that everything runs."""
        return cls(
            rounds=1,
            opened=1,
            folder=n,
            folder_rounds=1,
            rows=50,
            issued=1,
            many=(n, n + 1),
            collection=(20, 40),
            collection_rounds=1,
        )


# a) opening


def opening(home: Home, sizes: Sizes) -> Iterator[Line]:
    """Our whole safe path, a file in a warm sandbox, against python-calamine alone."""
    from python_calamine import CalamineWorkbook

    path = home.root / "opened.xlsx"
    path.write_bytes(workbook(1))

    def theirs() -> None:
        for _ in range(sizes.opened):
            book = CalamineWorkbook.from_path(str(path))
            for name in book.sheet_names:
                book.get_sheet_by_name(name).to_python()

    with Sandbox(load_config(home).limits) as sandbox, _one_core():

        def ours() -> None:
            for _ in range(sizes.opened):
                ensure(isinstance(sandbox.open(path), RawWorkbook), path.name)

        mine, peer = in_turn(ours, theirs, sizes.rounds)
    ratio = Spread.of([a / b for a, b in zip(mine, peer, strict=True)])
    per_file = 1000 / sizes.opened
    yield Line(
        name="a 安全打开", what="一份工作簿连同各格的值与地址，热子进程，一核", unit="毫秒",
        ours=Spread.of([t * per_file for t in mine]), peer="python-calamine 只取值",
        theirs=Spread.of([t * per_file for t in peer]), ratio=ratio, target="不超过 4 倍", reached=ratio.middle <= 4,
    )  # fmt: skip


class _one_core:
    """This process and the children it starts meanwhile on one core."""

    def __enter__(self) -> None:
        import os

        self._before = os.sched_getaffinity(0)
        os.sched_setaffinity(0, {min(self._before)})

    def __exit__(self, *_: object) -> None:
        import os

        os.sched_setaffinity(0, self._before)


# b) and e) from the folder to stored facts


def folder(root: Path, sizes: Sizes) -> Iterator[Line]:
    """Two processes on one home against the script a user would write, on the same files."""
    from bench.peers import script

    home = make_home(root / "b", sizes.folder)
    files = root / "script"
    files.mkdir()
    for n in range(1, sizes.folder + 1):
        (files / f"{n:04d}.xlsx").write_bytes(workbook(n))
    frames = frames_of(home)
    mine: list[float] = []
    peer: list[float] = []
    script_rows = [0]

    def theirs() -> None:
        (root / "script.db").unlink(missing_ok=True)
        script_rows[0] = script(files, root / "script.db", frames)

    theirs()
    for _ in range(sizes.folder_rounds):
        mine.append(collect(home, range(1, sizes.folder + 1)).seconds)
        peer.append(seconds(theirs))
    stored = counts(home)
    earlier = sizes.folder * POLICIES
    ensure(stored["sheet_row"] - earlier == script_rows[0], (stored, script_rows))
    ratio = Spread.of([b / a for a, b in zip(mine, peer, strict=True)])
    yield Line(
        name="b 文件夹到入库", what=f"{sizes.folder} 份，两个进程，全部规则，版本、逐格来源与事实", unit="份/秒",
        ours=Spread.of([sizes.folder / t for t in mine]), peer="read_excel(openpyxl)＋pandera＋to_sql 一个进程",
        theirs=Spread.of([sizes.folder / t for t in peer]), ratio=ratio, target="至少 8 倍", reached=ratio.middle >= 8,
        more={"stored": stored},
    )  # fmt: skip


def many(root: Path, sizes: Sizes) -> Iterator[Line]:
    """The same at growing sizes: seconds, peak memory of all processes together, and the slope."""
    times: list[float] = []
    processor: list[float] = []
    for n in sizes.many:
        home = make_home(root / f"e{n}", n)
        done = collect(home, range(1, n + 1))
        took, peak = done.seconds, done.peak_bytes / 1_000_000
        times.append(took)
        processor.append(done.processor_s)
        stored = counts(home)
        ensure(stored["sheet_version"] == n * (1 + len(TABLES)), stored)
        shutil.rmtree(home.root)
        last = n == sizes.many[-1]
        yield Line(
            name=f"e {n} 份", what="从文件夹到事实，两个进程", unit="秒", ours=Spread.of([took]),
            more={"peak_mb": peak, "per_second": n / took, "processor_s": done.processor_s, "stored": stored},
            target="内存合计不超过 600 MB" if last else "", reached=peak <= 600 if last else None,
        )  # fmt: skip
    slope, of_processor = (exponent(list(sizes.many), one) for one in (times, processor))
    yield Line(name="e 斜率", what="、".join(map(str, sizes.many)) + " 份", unit="指数", ours=Spread.of([slope]),
               target="不超过 1.05", reached=slope <= 1.05, more={"of_processor_time": of_processor})  # fmt: skip


@dataclass(frozen=True)
class Collected:
    """What two processes took: wall seconds, peak memory together in bytes, processor seconds together."""

    seconds: float
    peak_bytes: int
    processor_s: float


def collect(home: Home, numbers: range) -> Collected:
    """Two processes take in and judge these organisations' workbooks, on a database that holds their earlier policies."""
    start_anew(home, numbers)
    drop(home, numbers)
    first = counts(home)["arrival"] + 1
    shutil.copy(next(home.inbox.glob("*.xlsx")), home.root / "warm.xlsx")
    command = [sys.executable, "-m", "bench.worker", str(home.root)]
    workers = [
        subprocess.Popen([*command, str(k), str(PROCESSES), str(first), str(len(numbers))], cwd=ROOT, text=True,
                         stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for k in range(PROCESSES)
    ]  # fmt: skip
    for worker in workers:
        ensure(worker.stdout is not None and worker.stdout.readline() == "ready\n", worker.returncode)
    with Memory(*(worker.pid for worker in workers)) as memory:
        start = time.perf_counter()
        with ThreadPoolExecutor(PROCESSES) as pool:
            ended = list(pool.map(lambda worker: worker.communicate("go\n")[0], workers))
        took = time.perf_counter() - start
    ensure(all(said.startswith("done ") for said in ended), ended)
    return Collected(took, memory.peak, sum(float(said.split()[1]) for said in ended))


def start_anew(home: Home, numbers: range) -> None:
    """An empty database, the earlier policies of these organisations, the windows open."""
    shutil.rmtree(home.data, ignore_errors=True)
    open_home_store(home).close()
    for file in write_history(home, numbers):
        import_history(context(home), file)
    for label in dict.fromkeys(frame.period.label for frame in frames_of(home).values()):
        open_windows(context(home), label)


def counts(home: Home) -> dict[str, int]:
    """How many rows the ledger holds."""
    store = open_home_store(home)
    try:
        with store.read() as conn:
            tables = ("arrival", "sheet_version", "sheet_row", "fact")
            return {t: int(conn.exec_driver_sql(f"SELECT COUNT(*) FROM {t}").scalar_one()) for t in tables}  # noqa: S608
    finally:
        store.close()


# c) checking


def checking(home: Home, sizes: Sizes) -> Iterator[Line]:
    """T5 (12 columns): all its rules; and those of one cell, of one row and of keys against pandera with the same, where
    both find fault with the same rows."""
    from bench import peers

    frame = frames_of(home)["T5"]
    rows = list(t5_rows(sizes.rows))
    table = t5_table(frame, rows)
    data = peers.as_frame([row | {"上期进度": BEFORE if k % 2 == 0 else None} for k, row in enumerate(rows)])
    schema = peers.t5_schema(frame)

    def ours() -> list[Finding]:
        fresh = replace(table)  # what a table has looked up stays with it
        return [finding for one in (check_cells, check_keys, check_rules) for finding in one(fresh)]

    faulty = {row.number - 4 for row in table.rows for f in ours() if f.row_uid == row.uid}
    found = peers.t5_failures(schema, data)
    ensure(faulty == found, faulty ^ found)
    check(table)
    everything = Spread.of([seconds(lambda: check(replace(table))) * 1000 for _ in range(sizes.rounds * 3)])
    yield Line(
        name="c 校验", what=f"{sizes.rows} 行 × 12 列，全部规则，{len(check(table))} 条意见", unit="毫秒", ours=everything,
        target="不超过 30 毫秒", reached=everything.middle <= 30, more={"faulty_rows": len(faulty)},
    )  # fmt: skip
    mine, peer = in_turn(ours, lambda: peers.t5_failures(schema, data), sizes.rounds * 3)
    ratio = Spread.of([b / a for a, b in zip(mine, peer, strict=True)])
    yield Line(
        name="c 同样的规则", what="格、行、主键的规则，两边查出同样的行", unit="毫秒",
        ours=Spread.of([t * 1000 for t in mine]), peer="pandera", theirs=Spread.of([t * 1000 for t in peer]), ratio=ratio,
        target="至少快 5 倍", reached=ratio.middle >= 5,
    )  # fmt: skip


# d) templates


def issuing(root: Path, sizes: Sizes) -> Iterator[Line]:
    """The use case: histories read, workbooks of all tables built, archived, written into 发/ and put on record."""
    home = make_home(root / "d", sizes.issued)
    label, times, processor = "2023-03", list[float](), list[float]()

    def issue() -> None:
        before = time.process_time()
        ensure(_issue(home, label) == sizes.issued, label)
        processor.append(time.process_time() - before)

    with _one_core():
        for _ in range(sizes.rounds + 1):
            start_anew(home, range(1, sizes.issued + 1))
            times.append(seconds(issue))
    rate = Spread.of([sizes.issued / t for t in times[1:]])
    yield Line(
        name="d 发放模板", what=f"{sizes.issued} 家，九张表，连同往期、存档与记录，一核", unit="份/秒", ours=rate,
        target="至少 20", reached=rate.middle >= 20,
        more={"processor_ms": Spread.of([t * 1000 / sizes.issued for t in processor[1:]])},
    )  # fmt: skip


def _issue(home: Home, label: str) -> int:
    return issue_templates(context(home), label).written
