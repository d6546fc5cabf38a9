"""The folder 收/: which files have settled, picking one up, putting it away. Touches only files, no database.

A file is taken when its size and mtime have not moved for `SETTLE_S` seconds of real time. It is first renamed into
收/.取件/<ULID>/ under its own name; the ULID is the arrival's channel key, so whatever is found there after a crash is
put on record once.
"""

import fcntl
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ulid import ULID

from yaoxun.errors import OutsideError
from yaoxun.sheets.textual import decoded
from yaoxun.store.blobs import sync_folder

SETTLE_S = 2.0
_IGNORED_PREFIXES = (".", "~$")
_IGNORED_SUFFIXES = (".tmp", ".part", ".crdownload", ".swp")
PRECHECKED = "（预检，不报送）"
"""Stands in the name of a marked-up copy that a precheck wrote: such a file is never taken."""


@dataclass(frozen=True, kw_only=True)
class Picked:
    """A file in 收/.取件/: its channel key, where it lies, its own name, and the subfolder of 收/ it was dropped in."""

    key: str
    path: Path
    name: str
    dropped_in: str


@contextmanager
def one_at_a_time(lock: Path) -> Iterator[None]:
    """Held by one process at a time, so that of two files the one that came later goes on record later. The next one
    waits; a process that dies lets go."""
    with lock.open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def settled_files(inbox: Path) -> list[Path]:
    """Files of 收/ and its subfolders that nobody is writing any more, oldest first."""
    seen = []
    for folder, subfolders, names in os.walk(inbox):  # unlike rglob it bears what goes away under its hands
        subfolders[:] = [name for name in subfolders if not name.startswith(_IGNORED_PREFIXES)]
        for name in names:
            path = Path(folder, name)
            if name.startswith(_IGNORED_PREFIXES) or name.endswith(_IGNORED_SUFFIXES) or PRECHECKED in name:
                continue
            try:
                found = path.lstat()
            except FileNotFoundError:
                continue
            # A copied file keeps the time of its first machine, whose clock may be ahead; then ours at its coming counts.
            moved = found.st_mtime if found.st_mtime <= time.time() else found.st_ctime
            if stat.S_ISREG(found.st_mode) and time.time() - moved >= SETTLE_S:
                seen.append((moved, path.relative_to(inbox).parts, path))
    return [path for _, _, path in sorted(seen)]


def pick_up(inbox: Path, pickup: Path, path: Path) -> Picked | None:
    """Rename a settled file into a folder of its own; None when it is gone or another process was first."""
    key = str(ULID())
    subfolder = path.relative_to(inbox).parent.as_posix()
    folder = pickup / key
    try:
        folder.mkdir(parents=True)
        if subfolder != ".":
            (folder / ".来处").write_text(readable(subfolder), encoding="utf-8")
        path.rename(folder / path.name)
        sync_folder(folder)
        sync_folder(path.parent)
    except FileNotFoundError:
        _remove(folder)
        return None
    except OSError as err:
        _remove(folder)
        raise OutsideError(f"收件夹里的“{path.name}”取不出来：{err.strerror}", "请检查目录权限。") from err
    return _picked(folder)


def picked_up(pickup: Path) -> list[Picked]:
    """What lies in 收/.取件/, oldest first; empty folders that a crash left are removed."""
    found = []
    for folder in sorted(p for p in pickup.iterdir() if p.is_dir()):
        picked = _picked(folder)
        if picked is not None:
            found.append(picked)
        elif _is_old(folder):
            _remove(folder)
    return found


def _is_old(folder: Path) -> bool:
    """Whether an empty pickup folder was left by a crash, and is not another process's of this moment."""
    try:
        return time.time() - folder.stat().st_mtime > 60
    except FileNotFoundError:
        return False


def _picked(folder: Path) -> Picked | None:
    try:
        files = [p for p in folder.iterdir() if p.name != ".来处"]
        mark = folder / ".来处"
        dropped_in = mark.read_text(encoding="utf-8") if mark.exists() else ""
    except FileNotFoundError:
        return None
    return (
        Picked(key=folder.name, path=files[0], name=readable(files[0].name), dropped_in=dropped_in) if files else None
    )


def readable(name: str) -> str:
    """A file name as text that can be stored: names that another system wrote in GBK come as broken UTF-8."""
    data = os.fsencode(name)
    return decoded(data) or data.decode("utf-8", "replace")


def put_away(picked: Picked, received: Path) -> Path:
    """Move a file that is on record to 已收/<ULID>/; doing it twice is doing it once."""
    target = received / picked.key
    try:
        target.mkdir(parents=True, exist_ok=True)
        if picked.path.exists():
            os.replace(picked.path, target / picked.name)  # noqa: PTH105 (replace across folders of one disk)
            sync_folder(target)
    except FileNotFoundError:
        pass  # another process put it away
    except OSError as err:
        raise OutsideError(f"“{picked.name}”移不到已收：{err.strerror}", "请检查磁盘空间和目录权限。") from err
    _remove(picked.path.parent)
    return target / picked.name


def _remove(folder: Path) -> None:
    """Remove a pickup folder that holds nothing but its mark."""
    try:
        (folder / ".来处").unlink(missing_ok=True)
        folder.rmdir()
    except OSError:
        return
