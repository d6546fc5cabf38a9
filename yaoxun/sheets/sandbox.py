"""Opens foreign files in children with limits on memory, processor and time, from any thread of any process.

One `Sandbox` owns one zygote (zygote.py) and hands it one file at a time; several sandboxes work side by side. The
zygote is a fresh process: it inherits no database handle, no socket, no secret of the environment, and not the
parent's `__main__` (which is Prefect's own, hence no multiprocessing).
"""

import atexit
import contextlib
import fcntl
import json
import logging
import os
import selectors
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import yaoxun
from yaoxun.errors import InternalError, OutsideError
from yaoxun.sheets.codec import from_plain
from yaoxun.sheets.limits import Limits
from yaoxun.sheets.model import RawWorkbook, Refusal
from yaoxun.sheets.refusals import refusal
from yaoxun.sheets.uncollected import uncollected

_READ = "yaoxun.sheets.codec:read_plain"
_UNPACK = "yaoxun.sheets.archive:unpack"
# Functions of later rooms that touch a foreign file with a library; named, not imported.
ALLOWED = (
    "yaoxun.forms.markup:mark_up",
    "yaoxun.forms.layout.colouring:colour",
    "yaoxun.forms.layout.dropdowns:read_dropdowns",
    "yaoxun.briefings.lint.checking:lint_plain",
    "yaoxun.briefings.lint.rendered_checking:rendered_plain",
)
# All that a zygote may know of its parent's environment.
_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "TZ", "TMPDIR", "PYTHONPATH", "VIRTUAL_ENV")
# Beyond the child's own limit: the zygote itself hangs, or the machine does.
_GRACE_SECONDS = 10.0
_ANSWER_BYTES = 1 << 20  # most answers fit into this
_PIPE_BYTES = 4096  # a pipe takes this much whole or not at all

log = logging.getLogger(__name__)


class _ZygoteDied(Exception):
    """The zygote went away before it answered."""


class Sandbox:
    """Use as a context manager, once a batch: `with Sandbox(limits) as sandbox: sandbox.open(path)`.

    A child that dies, hangs or takes too much is a Refusal for its file; the zygote and we live on.
    """

    def __init__(self, limits: Limits, allowed: tuple[str, ...] = ALLOWED) -> None:
        self._limits = limits
        self._allowed = (_READ, _UNPACK, *allowed)
        self._zygote: subprocess.Popen[bytes] | None = None
        self._ready = False
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self  # the zygote starts with the first file

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        with self._lock:
            self._stop()

    def open(self, path: Path) -> RawWorkbook | Refusal:
        """Read a workbook in a child. Raises OutsideError when the disk refuses or no child can be started."""
        if not path.is_file():
            return refusal("missing")
        try:
            path.open("rb").close()
        except OSError as err:
            raise OutsideError(f"文件“{path.name}”读不出来。", "请检查磁盘和文件的访问权限，再试一次。") from err
        plain = self.call(_READ, path=str(path.absolute()), limits=self._limits.model_dump())
        if isinstance(plain, Refusal):
            return plain
        try:
            with uncollected():
                return from_plain(plain)
        except (ValueError, TypeError, LookupError, ArithmeticError) as err:
            # Only a child that a file has taken over would answer so.
            log.error("child answered with data of another shape for %s", path, exc_info=err)
            return refusal("died")

    def call(self, function: str, **arguments: Any) -> Any | Refusal:
        """Run an allowed function (`module:name`) in a child; arguments and result are JSON data, files go by path.

        An exception in the function is the Refusal `failed`, with its traceback in the log. Raises InternalError
        for a function that is not allowed or arguments that are not plain, OutsideError when no child starts.
        """
        if function not in self._allowed:
            raise InternalError(f"未登记的子进程函数：{function}")
        request = {"function": function, "arguments": arguments, "limits": self._limits.model_dump()}
        try:
            line = json.dumps(request).encode() + b"\n"
        except (TypeError, ValueError) as err:
            raise InternalError(f"子进程函数 {function} 的参数不是纯数据：{err}") from err
        with self._lock:
            status, body = self._answer(line)
        return _outcome(function, status, body)

    def _answer(self, line: bytes) -> tuple[str, bytes]:
        # Once more on a fresh zygote: it may have been killed for reasons that are not this file's.
        for _ in range(2):
            zygote = self._start()
            try:
                return self._exchange(zygote, line)
            except _ZygoteDied:
                self._stop()
            except TimeoutError:
                self._stop()
                return "too_slow", b""
        return "died", b""

    def _exchange(self, zygote: subprocess.Popen[bytes], line: bytes) -> tuple[str, bytes]:
        assert zygote.stdin and zygote.stdout  # noqa: S101 (both were asked for)
        deadline = time.monotonic() + self._limits.wall_seconds + _GRACE_SECONDS
        if not self._ready:
            try:
                _read_answer(zygote.stdout.fileno(), deadline)
            except (_ZygoteDied, TimeoutError) as err:
                self._stop()
                raise OutsideError(
                    "读表的子进程启动后随即退出。", "请检查内存是否用尽、程序是否装全，再试一次。"
                ) from err
            self._ready = True
        try:
            for start in range(0, len(line), _PIPE_BYTES):
                zygote.stdin.write(line[start : start + _PIPE_BYTES])
        except OSError as err:
            raise _ZygoteDied from err
        return _read_answer(zygote.stdout.fileno(), deadline)

    def _start(self) -> subprocess.Popen[bytes]:
        if self._zygote is not None and self._zygote.poll() is None:
            return self._zygote
        self._stop()
        self._ready = False
        root = str(Path(yaoxun.__file__).resolve().parent.parent)
        environment = {key: os.environ[key] for key in _ENVIRONMENT if key in os.environ}
        paths = [root, environment.get("PYTHONPATH", "")]
        environment |= {"PYTHONPATH": os.pathsep.join(filter(None, paths)), "PYTHONUTF8": "1"}
        environment["OPENBLAS_NUM_THREADS"] = "1"  # numpy comes with openpyxl; its threads would not survive a fork
        # -P: whatever lies in the current folder is never imported.
        command = [sys.executable, "-P", "-m", "yaoxun.sheets.zygote", *self._allowed]
        try:
            self._zygote = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, bufsize=0
            )
        except OSError as err:
            raise OutsideError("无法启动读表的子进程。", "请检查内存和进程数是否已用尽，稍后再试。") from err
        assert self._zygote.stdout  # noqa: S101 (it was asked for)
        with contextlib.suppress(OSError, AttributeError):  # then an answer comes in more pieces
            fcntl.fcntl(self._zygote.stdout, fcntl.F_SETPIPE_SZ, _ANSWER_BYTES)
        return self._zygote

    def _stop(self) -> None:
        """End the zygote; it keeps nothing that would want saving."""
        zygote, self._zygote = self._zygote, None
        if zygote is None:
            return
        zygote.kill()
        zygote.wait()
        assert zygote.stdin and zygote.stdout  # noqa: S101 (both were asked for)
        zygote.stdin.close()
        zygote.stdout.close()


def _read_answer(fd: int, deadline: float) -> tuple[str, bytes]:
    """One answer: how it ended, and the result. Raises _ZygoteDied, and TimeoutError after the deadline."""
    received = bytearray()
    while (end := received.find(b"\n")) < 0:
        _receive(fd, received, deadline)
    header = json.loads(received[:end])
    del received[: end + 1]
    while len(received) < header["size"]:
        _receive(fd, received, deadline)
    return header["status"], bytes(received)


def _receive(fd: int, received: bytearray, deadline: float) -> None:
    with selectors.DefaultSelector() as selector:
        selector.register(fd, selectors.EVENT_READ)
        if not selector.select(max(0.0, deadline - time.monotonic())):
            raise TimeoutError
    piece = os.read(fd, _ANSWER_BYTES)
    if not piece:
        raise _ZygoteDied
    received += piece


def _outcome(function: str, status: str, body: bytes) -> Any | Refusal:
    if status == "done":
        try:
            return json.loads(body)
        except (ValueError, RecursionError):
            return refusal("died")
    if status == "failed":
        log.error("%s failed in a child:\n%s", function, body.decode("utf-8", "replace"))
    return refusal(status)


_shared: dict[tuple[int, Limits], Sandbox] = {}


def shared_sandbox(limits: Limits) -> Sandbox:
    """The sandbox of this process for these limits, kept until the process ends: starting a zygote costs more than
    reading a workbook. A forked child gets one of its own."""
    key = (os.getpid(), limits)
    if key not in _shared:
        _shared[key] = sandbox = Sandbox(limits)
        atexit.register(sandbox.__exit__, None, None, None)
    return _shared[key]
