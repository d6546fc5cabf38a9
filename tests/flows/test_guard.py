"""A guarded process goes with its parent, and one lock has one holder."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from flows.guard import hold, wait_released
from yaoxun.errors import NotNowError

STUBBORN = (
    "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nprint('in', flush=True)\ntime.sleep(60)\n"
)
PARENT = (
    "import subprocess, sys, time\n"
    "child = subprocess.Popen([sys.executable, '-m', 'flows.guard', sys.argv[1], 'sleeper'],"
    " stdin=subprocess.PIPE, start_new_session=True)\n"
    "time.sleep(60)\n"
)


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "sleeper.py").write_text("import time\nprint('in', flush=True)\ntime.sleep(60)\n")
    (tmp_path / "stubborn.py").write_text(STUBBORN)
    root = str(Path(__file__).parents[2])
    return {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{root}"}


def wait_for(done: Callable[[], bool], seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if done():
            return True
        time.sleep(0.05)
    return False


def is_held(lock: Path) -> bool:
    try:
        hold(lock).close()
    except NotNowError:
        return True
    return False


def test_a_lock_has_one_holder_and_is_free_when_the_holder_ends(tmp_path: Path) -> None:
    lock = tmp_path / "up.lock"
    first = hold(lock)
    with pytest.raises(NotNowError, match="已在运行"):
        hold(lock)
    assert lock.read_text() == str(os.getpid())
    first.close()
    assert not is_held(lock)


def test_a_child_goes_when_its_parent_is_killed(tmp_path: Path, env: dict[str, str]) -> None:
    lock = tmp_path / "child.lock"
    parent = subprocess.Popen([sys.executable, "-c", PARENT, str(lock)], env=env, stdout=subprocess.PIPE)
    assert parent.stdout is not None
    parent.stdout.readline()
    assert is_held(lock)
    parent.send_signal(signal.SIGKILL)
    parent.communicate()
    assert wait_for(lambda: not is_held(lock), seconds=5)


def test_a_leftover_that_does_not_go_by_itself_is_ended(tmp_path: Path, env: dict[str, str]) -> None:
    lock = tmp_path / "child.lock"
    command = [sys.executable, "-m", "flows.guard", str(lock), "stubborn"]
    with subprocess.Popen(command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as leftover:
        assert leftover.stdout is not None
        leftover.stdout.readline()
        wait_released(lock, seconds=0.3)
        assert leftover.wait(5) == -signal.SIGKILL
