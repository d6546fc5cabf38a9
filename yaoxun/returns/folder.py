"""The folder 收/: which files have settled, picking one up, putting it away. Touches only files, no database.

A file is taken when its size and mtime have not moved for `SETTLE_S` seconds of real time. It is first renamed into
收/.取件/<ULID>/ under its own name; the ULID is the arrival's channel key, so whatever is found there after a crash is
put on record once.
"""

import fcntl
import os
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ulid import ULID

from yaoxun.errors import OutsideError, system_words
from yaoxun.sheets.textual import decoded
from yaoxun.store.blobs import sync_folder

SETTLE_S = 2.0
_IGNORED_PREFIXES = (".", "~$")
_IGNORED_SUFFIXES = (".tmp", ".part", ".crdownload", ".swp")
_LONGEST_SUFFIX = 20  # bytes; what is longer is no extension
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


def settled_files(inbox: Path, refused: Callable[[OSError], None] | None = None) -> list[Path]:
    """Files of 收/ and its subfolders that nobody is writing any more, oldest first. `refused` hears of what the disk does
    not let us look at."""
    seen = []

    def told(err: OSError) -> None:
        if refused and not isinstance(err, FileNotFoundError):
            refused(err)

    # Unlike rglob it bears what goes away under its hands.
    for folder, subfolders, names in os.walk(inbox, onerror=told):
        subfolders[:] = [name for name in subfolders if not name.startswith(_IGNORED_PREFIXES)]
        for name in names:
            path = Path(folder, name)
            if name.startswith(_IGNORED_PREFIXES) or name.endswith(_IGNORED_SUFFIXES) or PRECHECKED in name:
                continue
            try:
                found = path.lstat()
            except OSError as err:
                told(err)
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
        raise OutsideError(f"收件夹里的“{path.name}”取不出来：{system_words(err)}", "请检查目录权限。") from err
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
    """Move a file that is on record to 已收/<ULID>/, under a shorter name where its own does not fit; nothing is
    overwritten, and doing it twice is doing it once."""
    folder = received / picked.key
    target = folder / picked.name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        target = _free(folder, picked.name)
        if picked.path.exists():
            picked.path.rename(target)
            sync_folder(folder)
    except FileNotFoundError:
        pass  # another process put it away
    except OSError as err:
        raise OutsideError(f"“{picked.name}”移不到已收：{system_words(err)}", "请检查磁盘空间和目录权限。") from err
    _remove(picked.path.parent)
    return target


def _free(folder: Path, name: str) -> Path:
    """A name that the disk takes and no file has. A name in GBK is half as long again in UTF-8."""
    longest = os.pathconf(folder, "PC_NAME_MAX")
    names = (fitting(name, longest, "" if n == 1 else f"（{n}）") for n in range(1, 1000))
    return next(path for one in names if not (path := folder / one).exists())


def fitting(name: str, longest: int, mark: str = "") -> str:
    """The name with `mark` before its extension, shortened at a character so that all of it is at most `longest` bytes."""
    suffix = Path(name).suffix
    if len(os.fsencode(suffix)) > _LONGEST_SUFFIX:
        suffix = ""
    room = longest - len(os.fsencode(mark + suffix))
    stem = os.fsencode(name.removesuffix(suffix))[:room].decode("utf-8", "ignore")
    return f"{stem}{mark}{suffix}"


def _remove(folder: Path) -> None:
    """Remove a pickup folder that holds nothing but its mark."""
    try:
        (folder / ".来处").unlink(missing_ok=True)
        folder.rmdir()
    except OSError:
        return
