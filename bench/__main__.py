"""`python -m bench [LINE …]`: measures, prints the table, writes it to bench/results/ as JSON.

BENCH_N=2 makes a quick run at that size, which shows that everything runs and nothing else. LINE names lines by their
letter (a to f); without one, all.
"""

import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench import lines
from bench.documents import documents
from bench.fixture import shape
from bench.lines import ROOT, Sizes
from bench.measure import Line
from bench.office import make_home
from yaoxun.home import Home

RESULTS = Path(__file__).parent / "results"


def main(wanted: Sequence[str] = (), *, results: Path = RESULTS) -> int:
    """Run the lines; 0 when every target of a full run is reached."""
    quick = int(os.environ.get("BENCH_N", "0"))
    sizes = Sizes.quick(quick) if quick else Sizes()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        root = Path(folder)
        home = make_home(root / "office", 3)
        content = shape(home)
        measured = list(_measure(root, home, sizes, wanted))
    report = {"fixture": vars(content), "machine": machine(), "quick": bool(quick),
              "lines": [line.as_dict() for line in measured]}  # fmt: skip
    results.mkdir(parents=True, exist_ok=True)
    (results / "bench.json").write_text(json.dumps(report, ensure_ascii=False, indent=1), "utf-8")
    show(measured, report)
    return 0 if quick else int(any(line.reached is False for line in measured))


def _measure(root: Path, home: Home, sizes: Sizes, wanted: Sequence[str]) -> Iterator[Line]:
    todo: dict[str, Callable[[], Iterator[Line]]] = {
        "a": lambda: lines.opening(home, sizes), "b": lambda: lines.folder(root, sizes),
        "c": lambda: lines.checking(home, sizes), "d": lambda: lines.issuing(root, sizes),
        "e": lambda: lines.many(root, sizes), "f": lambda: documents(root, home, sizes),
    }  # fmt: skip
    for letter in wanted or todo:
        print(f"测量 {letter} …", file=sys.stderr, flush=True)
        yield from todo[letter]()


def machine() -> dict[str, Any]:
    """Where and on what this was measured, without a name or a path."""
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    peers = {name: version(name) for name in ("pandas", "openpyxl", "pandera", "python-calamine", "docxtpl")}
    return {"commit": commit.stdout.strip(), "cores": len(os.sched_getaffinity(0)), "python": platform.python_version(),
            "system": f"{platform.system()} {platform.machine()}", "load": round(os.getloadavg()[0], 2), **peers}  # fmt: skip


def show(measured: Sequence[Line], report: dict[str, Any]) -> None:
    """The table on the screen."""
    fixture, where = report["fixture"], report["machine"]
    title = f"样本“{fixture['name']}”：{len(fixture['tables'])} 张表，{fixture['filled']} 格，{fixture['facts']} 个事实，{fixture['bytes']} 字节，{fixture['sha']}"
    table = Table(title=title, caption="，".join(f"{key} {value}" for key, value in where.items()))
    for name in ("项目", "内容", "单位", "最小/中位/最大", "对照", "对照值", "比值", "目标", "达到"):
        table.add_column(name, overflow="fold")
    for line in measured:
        peak = (
            "；内存合计 {peak_mb:.0f} MB，处理器 {processor_s:.0f} 秒".format(**line.more)
            if "peak_mb" in line.more
            else ""
        )
        peak += (
            "；按处理器时间 {:.2f}".format(line.more["of_processor_time"]) if "of_processor_time" in line.more else ""
        )
        table.add_row(
            line.name, line.what + peak, line.unit, line.ours.shown(), line.peer, line.theirs.shown() if line.theirs else "",
            line.ratio.shown() if line.ratio else "", line.target, {None: "", True: "是", False: "否"}[line.reached],
        )  # fmt: skip
    Console(width=None if sys.stdout.isatty() else 160).print(table)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
