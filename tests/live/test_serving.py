"""`up` for real: server, schedules, requests, kills. The office behind it is a fake package `tasks` in a temporary
folder, so that only the timing is tested; every call is a line in a file.

A server of the wrong versions is up, healthy, and schedules nothing: so these tests wait for a run that happens.
"""

import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from yaoxun.home import Home
from yaoxun.server import Server, ServerFolder, find_server

ROOT = Path(__file__).parents[2]
SCHEDULES = """
port: 0
schedules:
  - {name: 随时收件, flow: collecting, interval: 5}
  - {name: 起草, flow: drafting, cron: "0 9 1 1 *", parameters: {kind: 简报}}
  - {name: 停用, flow: reminding, interval: 5, enabled: false}
"""
RECORD = """
import json, os, time
from dataclasses import dataclass
from yaoxun.errors import RequestError

@dataclass(frozen=True)
class Done:
    text: str
    arrivals: tuple = ()
    def summary(self):
        return self.text

def record(ctx, name, *rest):
    planned = ctx.scheduled_for.isoformat() if ctx.scheduled_for else ""
    early = ctx.scheduled_for is not None and ctx.now() < ctx.scheduled_for
    line = {"early": early, "name": name, "rest": rest, "occasion": ctx.occasion, "actor": ctx.actor, "planned": planned, "pid": os.getpid()}
    with (ctx.home.data / "calls.jsonl").open("a") as file:
        file.write(json.dumps(line) + "\\n")
    if rest and rest[0] == "没有":
        raise RequestError("没有“没有”这个文种。", "请对照目录。")
    if rest and rest[0] == "出错":
        raise ZeroDivisionError("fault of ours")
    if rest and rest[0] == "很慢" and not (ctx.home.data / "fast").exists():
        time.sleep(120)
    return Done(f"{name}办毕。")
"""
USE_CASES = {
    "open_windows": ("open_windows",),
    "issue_templates": ("issue_templates",),
    "take_in": ("take_in",),
    "judge": ("judge", "judge_batch"),
    "draft": ("draft",),
    "sign": ("number_signed",),
    "send": ("send", "put_copies"),
    "remind": ("remind",),
    "housekeeping": ("housekeep",),
}
RUNS = "def begin(*_):\n    return 1\n\n\ndef finish(*_):\n    return None\n"


def wait_for(done: Callable[[], Any], seconds: float) -> Any:
    """What `done` gives as soon as it is true; fails after so many seconds."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := done():
            return found
        time.sleep(0.1)
    pytest.fail(f"not within {seconds} s")


def planned_after(office: "Office", moment: datetime) -> list[datetime]:
    """Planned times later than `moment` at which the collecting flow really ran."""
    planned = {datetime.fromisoformat(call["planned"]) for call in office.calls("take_in")}
    return sorted(one for one in planned if one > moment)


@dataclass
class Office:
    """A home with a fake office behind its flows."""

    root: Path
    fakes: Path
    up: subprocess.Popen[str] | None = field(default=None)

    @property
    def home(self) -> Home:
        return Home(self.root)

    def env(self) -> dict[str, str]:
        return {**os.environ, "PYTHONPATH": f"{self.fakes}{os.pathsep}{ROOT}"}

    def child(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", *words, "--home", str(self.root)],
            env=self.env(), cwd=self.root, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip

    def start(self) -> Server:
        command = [sys.executable, "-m", "flows.serving", "--home", str(self.root)]
        self.up = subprocess.Popen(command, env=self.env(), cwd=self.root, stdout=subprocess.PIPE, text=True)
        return wait_for(lambda: self.up and self.up.poll() is None and find_server(self.home), 90)

    def kill(self) -> None:
        assert self.up is not None
        self.up.kill()
        self.up.wait()

    def calls(self, name: str) -> list[dict[str, Any]]:
        with suppress(FileNotFoundError):
            lines = (self.root / "data" / "calls.jsonl").read_text().splitlines()
            return [call for call in map(json.loads, lines) if call["name"] == name]
        return []

    def processes(self) -> list[str]:
        """Command lines of all processes that work for this home, but not of this test."""
        found = []
        for entry in Path("/proc").iterdir():
            with suppress(OSError):
                if entry.name.isdigit() and int(entry.name) != os.getpid():
                    command, env = (entry / "cmdline").read_bytes(), (entry / "environ").read_bytes()
                    if str(self.root).encode() in command + env:
                        found.append(command.replace(b"\0", b" ").decode())
        return found


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    root, fakes = tmp_path / "home", tmp_path / "fakes"
    (root / "config").mkdir(parents=True)
    (root / "data").mkdir()
    (root / "config" / "schedules.yaml").write_text(SCHEDULES, encoding="utf-8")
    package = fakes / "tasks"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "record.py").write_text(RECORD, encoding="utf-8")
    for module, names in USE_CASES.items():
        lines = ["from functools import partial", "from tasks.record import record"]
        lines += [f"def {name}(ctx, *rest): return record(ctx, {name!r}, *rest)" for name in names]
        lines += ["def waiting(ctx): return ()"] if module == "judge" else []
        (package / f"{module}.py").write_text("\n".join(lines), encoding="utf-8")
    (package / "runs.py").write_text(RUNS, encoding="utf-8")
    one = Office(root, fakes)
    yield one
    if one.up is not None and one.up.poll() is None:
        one.up.terminate()
        with suppress(subprocess.TimeoutExpired):
            one.up.wait(40)
        one.up.kill()


@pytest.fixture
def server(office: Office) -> Server:
    return office.start()


def test_what_is_scheduled_really_happens_and_stops_cleanly(office: Office, server: Server) -> None:
    """Also in this one life, because each costs seconds: a second start, the secret, a stranger, a stop."""
    call = wait_for(lambda: office.calls("take_in"), 40)[0]
    assert call["actor"] == "定时"
    assert call["occasion"] == call["planned"]
    assert not call["early"]
    assert datetime.fromisoformat(call["planned"]).second % 5 == 0
    assert server.planned_runs() > 0
    assert office.calls("remind") == []  # a schedule that is switched off

    second = office.child("flows.serving")
    assert second.returncode == 1
    assert "已在运行" in second.stderr
    assert "Traceback" not in second.stderr

    secret = ServerFolder(office.home).secret
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    stranger = httpx.get(f"{server.api_url}/csrf-token", params={"client": "a stranger"}, trust_env=False)
    assert stranger.status_code == 401

    assert office.up is not None
    office.up.send_signal(signal.SIGINT)
    said, _ = office.up.communicate(timeout=40)
    assert office.up.returncode == 0
    assert said.rstrip().endswith("已停下。没有办完的运行，下次启动时接着办。")
    assert "Prefect" not in said
    assert find_server(office.home) is None
    assert office.processes() == []


def test_a_request_runs_at_once_with_the_person_and_an_error_ends_as_its_sentence(
    office: Office, server: Server
) -> None:
    run = server.start_run("drafting", {"kind": "简报", "period": "2023-03"}, actor="示例经办")
    state = wait_for(lambda: (now := server.state_of(run)).is_over and now, 60)
    assert (state.succeeded, state.message) == (True, "draft办毕。")
    (call,) = office.calls("draft")
    assert call["rest"] == ["简报", "2023-03", None]
    assert (call["occasion"], call["actor"], call["planned"]) == (run, "示例经办", "")

    refused = server.start_run("drafting", {"kind": "没有"}, actor="示例经办")
    state = wait_for(lambda: (now := server.state_of(refused)).is_over and now, 60)
    assert (state.kind, state.message) == ("FAILED", "没有“没有”这个文种。\n处理办法：请对照目录。")

    child = office.child("flows.drafting", "--kind", "没有", "--actor", "示例经办")
    assert (child.returncode, child.stdout) == (1, "")
    assert child.stderr == "没有“没有”这个文种。\n处理办法：请对照目录。\n"


def test_after_a_power_cut_a_new_start_carries_on(office: Office, server: Server) -> None:
    run = server.start_run("drafting", {"kind": "很慢"}, actor="示例经办")
    wait_for(lambda: office.calls("draft"), 60)
    cut = datetime.now(UTC)
    office.kill()
    wait_for(lambda: office.processes() == [], 10)  # nobody is left, though nobody told them
    time.sleep(22)  # four or five planned times pass

    (office.root / "data" / "fast").touch()
    server = office.start()
    state = wait_for(lambda: (now := server.state_of(run)).kind == "COMPLETED" and now, 60)
    assert state.is_over
    assert [call["occasion"] for call in office.calls("draft")] == [run, run]

    # What the engine had already taken (it looks ten seconds ahead) is resumed like any other run that was cut off; of
    # the later times the last one is made up for and the earlier ones are not. Then the schedule goes on.
    ready = datetime.fromtimestamp(ServerFolder(office.home).ready.stat().st_mtime, UTC)
    wait_for(lambda: planned_after(office, ready), 40)
    missed = [planned for planned in planned_after(office, cut + timedelta(seconds=10)) if planned < ready]
    assert len(missed) == 1
    assert ready - missed[0] < timedelta(seconds=10)


def test_a_stop_in_the_middle_of_a_run_leaves_it_for_the_next_start(office: Office, server: Server) -> None:
    run = server.start_run("drafting", {"kind": "很慢"}, actor="示例经办")
    wait_for(lambda: office.calls("draft"), 60)
    assert office.up is not None
    office.up.terminate()
    assert office.up.wait(40) == 0
    assert office.processes() == []
    (office.root / "data" / "fast").touch()
    again = office.start()
    wait_for(lambda: again.state_of(run).kind == "COMPLETED", 60)


@pytest.mark.parametrize("dead", ["server", "runner"])
def test_a_part_that_dies_is_started_again(office: Office, server: Server, dead: str) -> None:
    note = json.loads(ServerFolder(office.home).note.read_text())
    os.kill(note[f"{dead}_pid"], signal.SIGKILL)

    def is_back() -> bool:
        with suppress(OSError, ValueError):
            return bool(json.loads(ServerFolder(office.home).note.read_text())[f"{dead}_pid"] != note[f"{dead}_pid"])
        return False

    wait_for(is_back, 60)
    back = datetime.now(UTC)
    wait_for(lambda: planned_after(office, back), 40)


def test_with_no_server_up_a_flow_runs_as_a_child(office: Office) -> None:
    done = office.child("flows.collecting", "--now", "2023-04-06T09:00")
    assert (done.returncode, done.stdout, done.stderr) == (0, "take_in办毕。\nput_copies办毕。\n", "")

    refused = office.child("flows.drafting", "--kind", "没有")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == "没有“没有”这个文种。\n处理办法：请对照目录。\n"

    broken = office.child("flows.drafting", "--kind", "出错")
    assert (broken.returncode, broken.stdout) == (1, "")
    assert broken.stderr.startswith("程序内部出错")
    assert "Traceback" not in broken.stderr
    assert "ZeroDivisionError" in ServerFolder(office.home).log("flows").read_text(encoding="utf-8")
    assert office.processes() == []


def test_a_port_in_use_is_said_and_nothing_is_left(office: Office) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = office.child("flows.serving", "--port", str(port))
    assert refused.returncode == 1
    assert f"端口 {port} 已被别的程序占用" in refused.stderr
    assert office.processes() == []
