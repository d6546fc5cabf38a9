"""Functions that a child runs only in tests: each is what a crafted file might make a library do."""

import os
import signal
import sys
import time
from pathlib import Path
from typing import Any


def echo(**arguments: Any) -> Any:
    return arguments


def loop() -> None:
    while True:
        pass


def sleep(note: str) -> None:
    Path(note).write_text(f"{os.getpid()} {os.getppid()}")
    time.sleep(60)


def hog() -> int:
    return len(bytearray(4_000_000_000))


def hog_slowly() -> int:
    kept = []
    while True:
        kept.append(bytes(bytearray(1_000_000)))


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def crash() -> None:
    os.abort()


def leave() -> None:
    sys.exit(0)


def fail() -> None:
    raise KeyError("没有这个键")


class Panic(BaseException):
    """What a library written in another language raises, past every `except Exception`."""


def panic() -> None:
    raise Panic("index out of bounds")


def kill_zygote_once(note: str) -> str:
    if not Path(note).exists():
        Path(note).write_text("once")
        os.kill(os.getppid(), signal.SIGKILL)
        time.sleep(5)
    return "second time"


def kill_zygote() -> None:
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(5)


def freeze_zygote() -> None:
    os.kill(os.getppid(), signal.SIGSTOP)
    time.sleep(5)


def chatter() -> str:
    print('{"status": "done", "size": 1}')
    os.write(1, b'{"status": "done", "size": 1}\n1')
    return "said"


def flood(size: int) -> str:
    return "字" * size


def not_plain() -> object:
    return object()


def surroundings() -> dict[str, Any]:
    files = []
    for fd in range(3, 64):
        try:
            files.append(str(Path(f"/proc/self/fd/{fd}").readlink()))
        except OSError:
            continue
    return {"environment": dict(os.environ), "files": files, "modules": sorted(sys.modules)}
