"""What a child may do to us: nothing. Each way to die, hang or take too much ends as a refusal for its file only."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sheets_hostile_functions

import yaoxun
from support.sheets_builders import workbook
from yaoxun.errors import InternalError, OutsideError
from yaoxun.home import shipped
from yaoxun.sheets import sandbox as sandbox_module
from yaoxun.sheets.limits import Limits
from yaoxun.sheets.model import RawWorkbook, Refusal
from yaoxun.sheets.sandbox import Sandbox

MODULE = sheets_hostile_functions.__name__
NAMES = [name for name, value in vars(sheets_hostile_functions).items() if getattr(value, "__module__", "") == MODULE]
ALLOWED = tuple(f"{MODULE}:{name}" for name in NAMES if name.islower())
SMALL = {"memory_bytes": 100_000_000, "cpu_seconds": 1, "wall_seconds": 30, "result_bytes": 1_000_000}


@pytest.fixture(scope="module")
def small(limits: Limits) -> Limits:
    return limits.model_copy(update=SMALL)


@pytest.fixture(scope="module")
def shared(small: Limits) -> Iterator[Sandbox]:
    with Sandbox(small, ALLOWED) as sandbox:
        yield sandbox


def still_opens(sandbox: Sandbox, folder: Path) -> bool:
    return isinstance(sandbox.open(workbook(folder / "好.xlsx")), RawWorkbook)


@pytest.mark.parametrize(
    ("function", "code"),
    [
        ("loop", "too_slow"),
        ("hog", "too_much_memory"),
        ("hog_slowly", "too_much_memory"),
        ("die", "died"),
        ("crash", "died"),
        ("leave", "failed"),
        ("fail", "failed"),
        ("panic", "failed"),
        ("not_plain", "failed"),
    ],
)
def test_however_a_child_ends_only_its_file_is_refused(
    tmp_path: Path, shared: Sandbox, function: str, code: str
) -> None:
    zygote = shared.open(workbook(tmp_path / "a.xlsx")) and shared._zygote
    found = shared.call(f"{MODULE}:{function}")
    assert isinstance(found, Refusal)
    assert found.code == code
    assert re.match("^读这个文件.*。$", found.sentence)
    assert still_opens(shared, tmp_path)
    assert shared._zygote is zygote


def test_a_child_that_sleeps_is_ended_by_the_wall_clock(tmp_path: Path, small: Limits) -> None:
    began = time.monotonic()
    with Sandbox(small.model_copy(update={"wall_seconds": 1}), ALLOWED) as sandbox:
        found = sandbox.call(f"{MODULE}:sleep", note=str(tmp_path / "pids"))
        assert isinstance(found, Refusal)
        assert found.code == "too_slow"
        assert time.monotonic() - began < 20
        assert gone(int((tmp_path / "pids").read_text().split()[0]))
        assert still_opens(sandbox, tmp_path)


def test_a_result_beyond_the_limit_is_refused_and_one_below_arrives_whole(shared: Sandbox) -> None:
    found = shared.call(f"{MODULE}:flood", size=400_000)
    assert isinstance(found, Refusal)
    assert found.code == "result_too_large"
    assert shared.call(f"{MODULE}:flood", size=300_000) == "字" * 300_000


def test_plain_arguments_go_and_come_back_unchanged_also_large_ones(shared: Sandbox) -> None:
    arguments = {"甲": [1, None, True, "乙\n"], "long": "字" * 200_000}
    assert shared.call(f"{MODULE}:echo", **arguments) == arguments


def test_what_a_child_prints_does_not_reach_the_protocol(tmp_path: Path, shared: Sandbox) -> None:
    assert shared.call(f"{MODULE}:chatter") == "said"
    assert still_opens(shared, tmp_path)


def test_a_zygote_killed_between_two_files_is_replaced(tmp_path: Path, small: Limits) -> None:
    with Sandbox(small, ALLOWED) as sandbox:
        assert still_opens(sandbox, tmp_path)
        assert sandbox._zygote is not None
        sandbox._zygote.kill()
        assert still_opens(sandbox, tmp_path)


def test_a_zygote_killed_during_a_file_is_replaced_and_the_file_tried_once_more(tmp_path: Path, small: Limits) -> None:
    with Sandbox(small, ALLOWED) as sandbox:
        assert sandbox.call(f"{MODULE}:kill_zygote_once", note=str(tmp_path / "note")) == "second time"
        found = sandbox.call(f"{MODULE}:kill_zygote")
        assert isinstance(found, Refusal)
        assert found.code == "died"
        assert still_opens(sandbox, tmp_path)


def test_a_zygote_that_no_longer_answers_is_given_up(
    tmp_path: Path, small: Limits, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Sandbox(small.model_copy(update={"wall_seconds": 1}), ALLOWED) as sandbox:
        assert still_opens(sandbox, tmp_path)
        with monkeypatch.context() as patch:
            patch.setattr(sandbox_module, "_GRACE_SECONDS", 0.0)
            found = sandbox.call(f"{MODULE}:freeze_zygote")
        assert isinstance(found, Refusal)
        assert found.code == "too_slow"
        assert still_opens(sandbox, tmp_path)


def test_a_zygote_that_cannot_start_is_no_fault_of_the_file(
    tmp_path: Path, small: Limits, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/true")
    with Sandbox(small) as sandbox, pytest.raises(OutsideError, match="子进程"):
        sandbox.open(workbook(tmp_path / "a.xlsx"))


def test_a_folder_is_no_file_and_a_file_that_may_not_be_read_is_no_fault_of_its_sender(
    tmp_path: Path, shared: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = shared.open(tmp_path)
    assert isinstance(found, Refusal)
    assert found.code == "missing"
    path = workbook(tmp_path / "报表.xlsx")

    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(OutsideError, match=r"报表\.xlsx"):
        shared.open(path)


def test_only_listed_functions_and_plain_arguments_are_taken(shared: Sandbox, small: Limits) -> None:
    with pytest.raises(InternalError, match="未登记"):
        shared.call("os:system", command="true")
    with pytest.raises(InternalError, match="纯数据"):
        shared.call(f"{MODULE}:echo", x=object())


def test_a_child_holds_no_file_no_secret_and_no_main_of_its_parent(
    tmp_path: Path, small: Limits, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YAOXUN_MAIL_PASSWORD", "geheim")
    with (tmp_path / "database").open("wb") as database, Sandbox(small, ALLOWED) as sandbox:
        os.set_inheritable(database.fileno(), True)
        found = sandbox.call(f"{MODULE}:surroundings")
    assert not isinstance(found, Refusal)
    assert "geheim" not in found["environment"].values()
    assert not [name for name in found["files"] if "database" in name or name.startswith("socket")]
    assert not {"pytest", "prefect", "sqlalchemy", "pandas"} & set(found["modules"])


def test_many_threads_share_one_sandbox(tmp_path: Path, shared: Sandbox) -> None:
    paths = [workbook(tmp_path / f"{n}.xlsx", *["<a/>"] * (n % 2)) for n in range(12)]
    found: dict[int, object] = {}

    def open_one(n: int) -> None:
        found[n] = shared.open(paths[n])

    threads = [threading.Thread(target=open_one, args=(n,)) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [len(found[n].sheets[0].cells) for n in range(12)] == [1, 0] * 6  # type: ignore[attr-defined]


def test_the_zygote_survives_the_thread_that_started_it(tmp_path: Path, small: Limits) -> None:
    with Sandbox(small) as sandbox:
        first = threading.Thread(target=sandbox.open, args=(workbook(tmp_path / "a.xlsx"),))
        first.start()
        first.join()
        zygote = sandbox._zygote
        assert still_opens(sandbox, tmp_path)
        assert sandbox._zygote is zygote


def test_leaving_the_sandbox_ends_its_zygote(tmp_path: Path, small: Limits) -> None:
    with Sandbox(small) as sandbox:
        assert still_opens(sandbox, tmp_path)
        assert sandbox._zygote is not None
        pid = sandbox._zygote.pid
    assert gone(pid)


PARENT = """
import sys
from pathlib import Path
from yaoxun.sheets.limits import Limits
from yaoxun.sheets.sandbox import Sandbox
limits = Limits.model_validate_json(sys.argv[1])
Sandbox(limits, (sys.argv[2],)).call(sys.argv[2], note=sys.argv[3])
"""


@pytest.mark.parametrize("victim", ["parent", "zygote"])
def test_when_the_parent_or_the_zygote_is_killed_all_below_die_soon(
    tmp_path: Path, limits: Limits, victim: str
) -> None:
    note = tmp_path / "pids"
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    root = str(Path(yaoxun.__file__).parent.parent)
    environment = {**os.environ, "PYTHONPATH": root + os.pathsep + os.environ["PYTHONPATH"]}
    arguments = [limits.model_dump_json(), f"{MODULE}:sleep", str(note)]
    parent = subprocess.Popen([sys.executable, str(script), *arguments], env=environment)
    child, zygote = _pids(note)
    os.kill(parent.pid if victim == "parent" else zygote, signal.SIGKILL)
    try:
        assert gone(zygote)
        assert gone(child)
    finally:
        parent.kill()
        parent.wait()


def _pids(note: Path) -> tuple[int, int]:
    for _ in range(500):
        if note.exists() and len(note.read_text().split()) == 2:
            child, zygote = map(int, note.read_text().split())
            return child, zygote
        time.sleep(0.02)
    raise AssertionError("the child never started")


def gone(pid: int) -> bool:
    """Whether the process ends within three seconds; one that only waits to be reaped has ended."""
    for _ in range(150):
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX":
                return True
        except (FileNotFoundError, ProcessLookupError):
            return True
        time.sleep(0.02)
    return False


def test_limits_are_closed_and_the_shipped_ones_leave_time_before_a_lease_ends(limits: Limits) -> None:
    assert 2 * (limits.wall_seconds + sandbox_module._GRACE_SECONDS) < 120
    assert json.loads(limits.model_dump_json()) == limits.model_dump()
    text = (shipped("config") / "limits.yaml").read_text(encoding="utf-8")
    for name in Limits.model_fields:
        before = text[: text.index(f"\n{name}:")].rstrip().splitlines()[-1]
        assert before.startswith(("#", *Limits.model_fields)), f"{name} stands without a reason"
