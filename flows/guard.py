"""`python -m flows.guard LOCK MODULE [words …]`: run a module that must not outlive the process that started it.

Standard input is a pipe whose other end only the parent holds: when the parent is gone, however it went, the pipe ends
and this process stops. LOCK is held as long as this process lives and names its pid, so that a new parent can wait for
it, or end it, without guessing from a pid.
"""

import fcntl
import os
import runpy
import signal
import sys
import threading
import time
from pathlib import Path
from typing import TextIO

from yaoxun.errors import NotNowError

_GRACE_SECONDS = 3.0


def hold(lock: Path) -> TextIO:
    """Hold the lock until the returned file closes or the process ends. Raises NotNowError where another holds it."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    file = lock.open("a+", encoding="ascii")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as err:
        file.close()
        raise NotNowError("这个办公室目录的调度服务已在运行。", "不必再启动；要重启，请先停下原来的那个。") from err
    file.seek(0)
    file.truncate()
    file.write(str(os.getpid()))
    file.flush()
    return file


def wait_released(lock: Path, seconds: float) -> None:
    """Wait for the holder to end; kill it when it has not after `seconds`."""
    deadline = time.monotonic() + seconds
    killed = False
    while True:
        try:
            hold(lock).close()
            return
        except NotNowError:
            if time.monotonic() > deadline and not killed:
                killed = True
                os.kill(int(lock.read_text(encoding="ascii")), signal.SIGKILL)
            time.sleep(0.1)


def _stop_with_parent() -> None:
    while os.read(0, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_GRACE_SECONDS)
    if os.getpgid(0) == os.getpid():
        os.killpg(os.getpid(), signal.SIGKILL)  # with all that this process started
    os._exit(1)


def main() -> None:
    """Take the lock, watch the parent, become the module."""
    lock, module, *words = sys.argv[1:]
    _held = hold(Path(lock))
    threading.Thread(target=_stop_with_parent, daemon=True).start()
    sys.argv = [module, *words]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
