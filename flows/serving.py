"""`python -m flows.serving --home DIR`: keep two children alive, the engine's server and the process that runs the
schedules, until Ctrl-C or SIGTERM. Prefect itself is imported by the children only.

One a home: the lock is the kernel's, so it is free again however the last one ended. The children watch a pipe and go
when this process goes (flows/guard.py); a new start waits for them, and ends them if it must.
"""

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

from flows.guard import hold, wait_released
from yaoxun.errors import OutsideError, YaoxunError
from yaoxun.home import Home, find_home
from yaoxun.schedules import load_schedules
from yaoxun.server import ServerFolder, environment, find_server

_HOST = "127.0.0.1"
_SERVER_UP_SECONDS = 120.0
_RUNNER_UP_SECONDS = 120.0
_STOP_SECONDS = 20.0
_PLANNED_WITHIN_SECONDS = 15.0
_RESTARTS_AT_MOST = 5


@dataclass
class Child:
    """A process of its own group under flows/guard.py, its output in a log; started again when it dies by itself."""

    folder: ServerFolder
    name: str
    words: tuple[str, ...]
    env: dict[str, str]
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        # Its own session: a Ctrl-C in the terminal reaches this parent only, which then stops the two in order.
        command = [sys.executable, "-m", "flows.guard", str(self.folder.lock(self.name)), *self.words]
        with self.folder.log(self.name).open("ab") as log:
            self.process = subprocess.Popen(
                command, env=self.env, stdin=subprocess.PIPE, stdout=log, stderr=log, start_new_session=True
            )  # fmt: skip

    def is_dead(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def stop(self) -> None:
        """Ask, wait, then sweep the whole group, so that no run outlives its runner."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(_STOP_SECONDS)
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def serve(home: Home, port: int | None = None) -> None:
    """Serve until told to stop. Raises NotNowError (already up), ConfigError, OutsideError (port taken, no start)."""
    folder = ServerFolder(home)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with hold(folder.lock("up")):
        schedules = load_schedules(home)
        for child in ("runner", "server"):
            wait_released(folder.lock(child), _STOP_SECONDS)
        folder.note.unlink(missing_ok=True)
        port = _free_port(schedules.port if port is None else port)
        env = environment(home, f"http://{_HOST}:{port}/api")
        words = ("prefect", "server", "start", "--host", _HOST, "--port", str(port))
        server, runner = Child(folder, "server", words, env), Child(folder, "runner", ("flows.served",), env)
        try:
            _say(f"正在启动调度服务（办公室目录 {home.root}）……")
            _bring_up(server, runner, stop)
            if not stop.is_set():
                _write_note(folder, port, server, runner)
                enabled = sum(schedule.enabled for schedule in schedules.schedules)
                _say(_where_to_look(folder, port, enabled))
                if enabled and not stop.wait(_PLANNED_WITHIN_SECONDS):
                    _check_planned(home)
                _keep_up(server, runner, stop)
        finally:
            _say("正在停下……")
            folder.note.unlink(missing_ok=True)
            runner.stop()
            server.stop()
            _say("已停下。没有办完的运行，下次启动时接着办。")


def _bring_up(server: Child, runner: Child, stop: threading.Event) -> None:
    server.start()
    _await(server, lambda: _is_healthy(server.env["PREFECT_API_URL"]), _SERVER_UP_SECONDS, stop)
    _start_runner(runner, stop)


def _start_runner(runner: Child, stop: threading.Event) -> None:
    runner.folder.ready.unlink(missing_ok=True)
    runner.start()
    _await(runner, runner.folder.ready.exists, _RUNNER_UP_SECONDS, stop)


def _keep_up(server: Child, runner: Child, stop: threading.Event) -> None:
    restarts = 0
    while not stop.wait(0.5):
        dead = [child for child in (server, runner) if child.is_dead()]
        if not dead:
            continue
        restarts += 1
        if restarts > _RESTARTS_AT_MOST:
            raise _did_not_start(dead[0])
        _say(f"{'、'.join(child.name for child in dead)} 意外停止，正在重新启动（第{restarts}次）……")
        runner.stop()
        if server in dead:
            _bring_up(server, runner, stop)
        else:
            _start_runner(runner, stop)
        _write_note(server.folder, int(server.words[-1]), server, runner)


def _check_planned(home: Home) -> None:
    """A server of the wrong versions is up, healthy, and plans nothing; then better not to look as if all were well."""
    server = find_server(home)
    if server is not None and server.planned_runs() == 0:
        raise OutsideError(
            "调度服务在运行，却没有排出任何一次运行。", "请按 requirements.lock 重新安装依赖，再启动。"
        )  # fmt: skip


def _await(child: Child, done: Callable[[], bool], seconds: float, stop: threading.Event) -> None:
    deadline = time.monotonic() + seconds
    while not stop.is_set() and not done():
        if child.is_dead() or time.monotonic() > deadline:
            raise _did_not_start(child)
        stop.wait(0.2)


def _is_healthy(api_url: str) -> bool:
    try:
        return httpx.get(f"{api_url}/health", timeout=2.0, trust_env=False).is_success
    except httpx.HTTPError:
        return False


def _free_port(wanted: int) -> int:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_HOST, wanted))
        except OSError as err:
            raise OutsideError(
                f"端口 {wanted} 已被别的程序占用。", "请在 config/schedules.yaml 的 port 处换一个，或写 0 任取。"
            ) from err  # fmt: skip
        return int(probe.getsockname()[1])


def _write_note(folder: ServerFolder, port: int, server: Child, runner: Child) -> None:
    content = {"pid": os.getpid(), "api_url": f"http://{_HOST}:{port}/api"}
    content |= {f"{child.name}_pid": child.process.pid for child in (server, runner) if child.process}
    fresh = folder.note.with_suffix(".new")
    fresh.write_text(json.dumps(content), encoding="utf-8")
    fresh.replace(folder.note)


def _where_to_look(folder: ServerFolder, port: int, enabled: int) -> str:
    return (
        f"调度服务已启动，{enabled}项日程生效。\n"
        f"  管理页面  http://{_HOST}:{port}  （口令在 {folder.secret}）\n"
        f"  运行记录  {folder.log('runner')}\n"
        "按 Ctrl-C 停下。"
    )


def _did_not_start(child: Child) -> OutsideError:
    return OutsideError(f"调度服务没有启动起来（{child.name}）。", f"请查看 {child.folder.log(child.name)} 的末尾。")


def _say(sentence: str) -> None:
    sys.stdout.write(f"{sentence}\n")
    sys.stdout.flush()


def main() -> int:
    """Serve one home; 0 after a clean stop, 1 with a sentence otherwise."""
    parser = argparse.ArgumentParser(prog="python -m flows.serving", description="启动调度服务")
    parser.add_argument("--home", type=Path, default=None)
    parser.add_argument("--port", type=int, default=None)
    given = parser.parse_args()
    try:
        serve(find_home(given.home), given.port)
    except YaoxunError as err:
        sys.stderr.write(f"{err}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
