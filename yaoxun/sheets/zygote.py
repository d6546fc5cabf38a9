"""The process that opens foreign files: `python -m yaoxun.sheets.zygote FUNCTION…`, started by sandbox.py.

It imports once, then forks one child a request. The child sets its own limits, runs one of the functions named on
the command line and writes the result into a nameless file; the zygote waits, no longer than allowed, and passes the
result on. A child may die of anything. The protocol: one JSON line in (function, arguments, limits), one JSON line
out (how it ended, how many bytes follow), then the bytes of the result, JSON too. The first answer, `ready`, is not
asked for.

It holds no database and no secret, and dies when its standard input closes, that is, with its parent.
"""

import contextlib
import ctypes
import gc
import importlib
import json
import os
import resource
import select
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable
from typing import IO, Any

_OUT_OF_MEMORY = 71
_FAILED = 72
_RESULT_TOO_LARGE = 73
_PR_SET_PDEATHSIG = 1
_GRACE_SECONDS = 5
_LIBRARY = ctypes.CDLL(None)  # opened once; every child uses it


def main(allowed: list[str]) -> None:
    """Serve requests until standard input closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle; it closes our input
    rehearse = _find("yaoxun.sheets.rehearsal:rehearse")
    _reply("ready", b"")
    rehearsed = False
    while line := _read_line():
        request = json.loads(line)
        if not rehearsed:
            with contextlib.suppress(OSError):  # without a place for it, children are slower and nothing else
                rehearse(request["limits"])
            gc.collect()
            gc.freeze()  # children then share these pages instead of copying them
            rehearsed = True
        if request["function"] not in allowed:
            _reply("failed", b"not allowed: " + request["function"].encode())
            continue
        try:
            function = _find(request["function"])
        except (ImportError, AttributeError):
            _reply("failed", traceback.format_exc().encode())
            continue
        with tempfile.TemporaryFile() as result:
            status = _run(function, request, result)
            result.seek(0)
            _reply(status, result.read())


def _find(name: str) -> Callable[..., Any]:
    module, _, attribute = name.partition(":")
    found: Callable[..., Any] = getattr(importlib.import_module(module), attribute)
    return found


def _read_line() -> bytes:
    """One request, b'' at the end. The parent waits for the answer before it sends the next."""
    pieces = []
    while piece := os.read(0, 65_536):
        pieces.append(piece)
        if piece.endswith(b"\n"):
            return b"".join(pieces)
    return b""


def _reply(status: str, body: bytes) -> None:
    data = json.dumps({"status": status, "size": len(body)}).encode() + b"\n" + body
    view = memoryview(data)
    while view:
        view = view[os.write(1, view) :]


def _run(function: Callable[..., Any], request: dict[str, Any], result: IO[bytes]) -> str:
    """Fork, wait and say how it ended."""
    # The child holds the writing end and nobody else does: it closes when the child is gone, however it went.
    alive, held = os.pipe()
    zygote = os.getpid()
    child = os.fork()
    if child == 0:
        os.close(alive)
        _be_child(zygote, function, request, result)
    os.close(held)
    ended = _wait(alive, child, request["limits"]["wall_seconds"])
    os.close(alive)
    _, status = os.waitpid(child, 0)
    if not ended or _signal_of(status) in (signal.SIGXCPU, signal.SIGALRM):
        return "too_slow"
    return {
        0: "done", _OUT_OF_MEMORY: "too_much_memory", _FAILED: "failed", _RESULT_TOO_LARGE: "result_too_large",
    }.get(os.waitstatus_to_exitcode(status), "died")  # fmt: skip


def _signal_of(status: int) -> int:
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


def _wait(alive: int, child: int, seconds: float) -> bool:
    """Whether the child ended by itself in time; otherwise it is killed. Our parent's death ends us both."""
    ready, _, _ = select.select([alive, 0], [], [], seconds)
    if alive in ready:
        return True
    os.kill(child, signal.SIGKILL)
    if ready:
        os._exit(0)
    return False


def _be_child(zygote: int, function: Callable[..., Any], request: dict[str, Any], result: IO[bytes]) -> None:
    code = _FAILED
    gc.disable()  # it lives for one file; looking for cycles among its cells would take a third of its time
    try:
        _shut_in(zygote, request["limits"])
        try:
            outcome = json.dumps(function(**request["arguments"]), ensure_ascii=False).encode("utf-8", "replace")
            code = _RESULT_TOO_LARGE
            if len(outcome) <= request["limits"]["result_bytes"]:
                result.write(outcome)
                result.flush()
                code = 0
        except MemoryError:
            code = _OUT_OF_MEMORY
        except BaseException:  # noqa: BLE001 (whatever a foreign file provokes ends with this child)
            result.write(traceback.format_exc().encode("utf-8", "replace"))
            result.flush()
    finally:
        # Never back into the zygote's loop, and no exit handlers of its modules.
        os._exit(code)


def _shut_in(zygote: int, limits: dict[str, int]) -> None:
    """Set the limits of this process, and cut it off from the protocol."""
    if sys.platform == "linux":
        _LIBRARY.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != zygote:
        os._exit(_FAILED)
    # A second clock, should zygote and PDEATHSIG both fail.
    signal.setitimer(signal.ITIMER_REAL, limits["wall_seconds"] + _GRACE_SECONDS)
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(null, 1)
    cpu = limits["cpu_seconds"]
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits["result_bytes"], limits["result_bytes"]))
    memory = _mapped_bytes() + limits["memory_bytes"]
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def _mapped_bytes() -> int:
    """Address space already in use by what the zygote imported, in bytes."""
    try:
        with open("/proc/self/statm") as statm:  # noqa: PTH123 (pathlib is slower here than the rest of this function)
            return int(statm.read().split()[0]) * resource.getpagesize()
    except OSError:
        return 0


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError):  # the parent is gone
        main(sys.argv[1:])
