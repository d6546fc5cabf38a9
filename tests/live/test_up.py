"""`yaoxun up` on a whole home: a workbook dropped into 收/ is collected, checked and answered by a run that the server
scheduled, with no hand in it; after kill -9 a new start carries on.
"""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import openpyxl

from tasks.config import import_config
from tasks.issue_templates import issue_templates
from yaoxun.context import Context, parse_now
from yaoxun.demo.hands import issued_path
from yaoxun.home import Home, shipped

NOW = "2023-03-26T10:00"
SCHEDULES = f"""
port: 0
schedules:
  - {{name: 收件审核, flow: collecting, interval: 60, parameters: {{now: "{NOW}"}}}}
"""


def a_home(folder: Path) -> Home:
    for name in ("config", "report_templates"):
        shutil.copytree(shipped(name), folder / name)
    (folder / "config/schedules.yaml").write_text(SCHEDULES, encoding="utf-8")
    ctx = Context(home=Home(folder), fixed_now=parse_now(NOW))
    import_config(ctx)
    issue_templates(ctx, "2023-03")
    return ctx.home


def report_zero(home: Home, org: str) -> None:
    """Declare 零报告 for every table of an organisation's own workbook and drop it into 收/."""
    book = openpyxl.load_workbook(issued_path(home.issued, org, "2023-03"))
    cover = book["封面"]
    for row in cover.iter_rows(min_col=2, max_col=4):
        if str(row[0].value or "").startswith("T"):
            row[2].value = "零报告"
    path = home.inbox / f"{org}.xlsx"
    book.save(path)
    long_ago = time.time() - 60
    os.utime(path, (long_ago, long_ago))


def start(home: Home) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "yaoxun", "up", "--home", str(home.root)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def wait_for(done: Callable[[], Any], seconds: float) -> Any:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := done():
            return found
        time.sleep(0.3)
    raise AssertionError(f"not within {seconds} s")


def answer(home: Home, org: str) -> Callable[[], str]:
    def look() -> str:
        found = sorted((home.replies / org).glob("*.txt"))
        return found[0].read_text(encoding="utf-8-sig") if found else ""

    return look


def processes_of(home: Home) -> list[str]:
    listing = subprocess.run(["ps", "-eo", "pid,args"], capture_output=True, text=True, check=True).stdout
    return [line for line in listing.splitlines() if str(home.root) in line and " ps " not in line]


def test_a_dropped_workbook_is_answered_by_a_scheduled_run_and_a_kill_changes_nothing(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")
    up = start(home)
    try:
        report_zero(home, "城区")
        text = wait_for(lambda: up.poll() is not None or answer(home, "城区")(), 180)
        assert up.poll() is None, up.stdout.read().decode() if up.stdout else ""
        assert "零报告" in text
        assert "接收" in text
        actors = (
            sqlite3.connect(home.data / "yaoxun.db").execute("select actor from event where verb = '审核'").fetchall()
        )
        assert actors == [("定时",)]
        up.send_signal(signal.SIGKILL)
        up.wait(10)
        report_zero(home, "高平市")
        up = start(home)
        assert "接收" in wait_for(answer(home, "高平市"), 240)
        up.send_signal(signal.SIGTERM)
        assert up.wait(40) == 0
        wait_for(lambda: not processes_of(home), 20)
        assert len(list((home.replies / "城区").glob("*.txt"))) == 1
    finally:
        with suppress(ProcessLookupError):
            up.kill()
