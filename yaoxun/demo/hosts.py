"""The two servers of the demo, each a child process that goes when the demo goes: the engine's, started by
`python -m flows.serving`, and the mail server (smtp_server.py).
"""

import importlib.util
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from yaoxun.demo.smtp_server import ServerHandle, start_server
from yaoxun.errors import NotNowError, OutsideError
from yaoxun.home import Home
from yaoxun.schedules import FlowName
from yaoxun.server import Server, ServerFolder, environment, find_server

MAIL_FOLDER = "邮件"
_UP_SECONDS, _STOP_SECONDS, _RUN_SECONDS = 150.0, 60.0, 120.0
_OF_THE_USER = ("YAOXUN_DATABASE_URL", "YAOXUN_HOME")  # a demo touches nothing but its own home


@contextmanager
def mail_server(home: Home) -> Iterator[ServerHandle]:
    """The mail server, writing every mail under 邮件/; while it is up, the environment points to it.

    Raises NotNowError when what it needs is not installed, OutsideError when it does not start.
    """
    if missing := [name for name in ("aiosmtpd", "cryptography") if importlib.util.find_spec(name) is None]:
        remedy = "请用 make demo 运行，或先安装：python -m pip install 'yaoxun[demo]'。"
        raise NotNowError(f"演示用的邮件服务器需要 {'、'.join(missing)}，还没有安装。", remedy)
    before = dict(os.environ)
    with start_server(home.root / MAIL_FOLDER) as server:
        try:
            os.environ.update(server.environment())
            for name in _OF_THE_USER:
                os.environ.pop(name, None)
            yield server
        finally:
            os.environ.clear()
            os.environ.update(before)


@contextmanager
def engine_server(home: Home) -> Iterator[subprocess.Popen[bytes]]:
    """The engine's server and the process that runs its deployments, starting up in the background; see wait_up."""
    folder = ServerFolder(home)
    folder.path.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "flows.guard", str(folder.lock("demo")), "flows.serving", "--home", str(home.root)]
    with folder.log("serving").open("ab") as log:
        # A session of its own: Ctrl-C reaches the demo alone, which then stops it in order.
        process = subprocess.Popen(
            [*command, "--port", "0"], env=environment(home, None), stdin=subprocess.PIPE, stdout=log, stderr=log,
            start_new_session=True,
        )  # fmt: skip
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_up(home: Home, process: subprocess.Popen[bytes]) -> Server:
    """The server once it answers. Raises OutsideError when it ends, or does not answer in time."""
    deadline = time.monotonic() + _UP_SECONDS
    while (server := find_server(home)) is None:
        if process.poll() is not None or time.monotonic() > deadline:
            raise OutsideError("调度服务没有启动起来。", f"请查看 {ServerFolder(home).log('serving')}。")
        time.sleep(0.2)
    return server


def run_child(home: Home, server: Server, flow: FlowName, parameters: Mapping[str, str], actor: str) -> str:
    """One flow run as a child process that reports to the server; what it says. Raises NotNowError when it fails."""
    words = [word for name, value in parameters.items() for word in (f"--{name}", value)]
    guard = [sys.executable, "-m", "flows.guard", str(ServerFolder(home).lock("demo-run")), f"flows.{flow}"]
    command = [*guard, "--home", str(home.root), "--actor", actor, *words]
    theirs, ours = os.pipe()  # the child goes when the end that only we hold is closed, however we went
    try:
        done = subprocess.run(
            command, env=environment(home, server.api_url), stdin=theirs, capture_output=True, text=True,
            timeout=_RUN_SECONDS, check=False,
        )  # fmt: skip
    finally:
        os.close(ours)
        os.close(theirs)
    if done.returncode:
        raise NotNowError(f"流程 {flow} 没有办成：{done.stderr.strip()}", f"详见 {ServerFolder(home).log('flows')}。")
    return done.stdout.strip()


def run_deployed(server: Server, flow: FlowName, parameters: Mapping[str, str], actor: str) -> str:
    """One flow run asked of the server, run by the process that serves the deployments; what it says.

    Raises NotNowError when it fails or takes too long.
    """
    run = server.start_run(flow, parameters, actor)
    deadline = time.monotonic() + _RUN_SECONDS
    while not (state := server.state_of(run)).is_over:
        if time.monotonic() > deadline:
            raise NotNowError(f"交给调度服务的流程 {flow} 两分钟没有办完（{state.kind}）。")
        time.sleep(0.5)
    if not state.succeeded:
        raise NotNowError(f"交给调度服务的流程 {flow} 没有办成：{state.message}")
    return state.message
