"""take_in: files settled in 收/ become arrivals, archived by content before anything else happens to them.

What a kill leaves: a file in 收/ (untouched), in 收/.取件/ (rescanned here), or on record (moved on here). So does what the
disk refuses: that file is told and tried again by the next call, and the others are taken.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tasks.desk import Desk, open_desk
from tasks.open_windows import make_obligations
from tasks.record_file import Incoming, record_file
from yaoxun.context import Context
from yaoxun.errors import OutsideError, system_words
from yaoxun.failpoints import failpoint
from yaoxun.returns import folder

CHANNEL = "folder"


@dataclass(frozen=True, kw_only=True)
class TakenIn:
    """Ids of the arrivals that this call put on record and that are to be judged; of a zip, its members."""

    arrivals: tuple[int, ...]

    def summary(self) -> str:
        return f"新收文件 {len(self.arrivals)} 份" if self.arrivals else "没有新文件"


def take_in(ctx: Context) -> TakenIn:
    """Archive every settled file of 收/ and put it on record, once. Raises OutsideError when all have had their turn and
    the disk refused one."""
    with open_desk(ctx) as desk:
        make_obligations(desk)  # a new organisation or table owes from now on
        errors: list[OutsideError] = []
        with folder.one_at_a_time(ctx.home.data / "take_in.lock"):
            new = [arrival for taken in _take_all(desk, errors) for arrival in taken]
    if errors:
        more = f"（另有 {len(errors) - 1} 件也没有收成）" if len(errors) > 1 else ""
        raise OutsideError(f"{errors[0].message}{more}", errors[0].remedy) from errors[0]
    return TakenIn(arrivals=tuple(new))


def _take_all(desk: Desk, errors: list[OutsideError]) -> Iterator[tuple[int, ...]]:
    """Every file in turn, what a crash left in 收/.取件/ first; one that cannot be taken does not hold up the others."""
    home = desk.ctx.home
    for left_over in folder.picked_up(home.pickup):
        with _told(errors, left_over.name):
            yield _record(desk, left_over)
    for path in folder.settled_files(home.inbox, lambda err: errors.append(_refusal(Path(err.filename).name, err))):
        failpoint("take_in.before_pickup")
        with _told(errors, path.name):
            picked = folder.pick_up(home.inbox, home.pickup, path)
            if picked is not None:
                failpoint("take_in.after_pickup")
                yield _record(desk, picked)


@contextmanager
def _told(errors: list[OutsideError], name: str) -> Iterator[None]:
    """What the disk refuses of one file is kept for the end."""
    try:
        yield
    except (OutsideError, OSError) as err:
        errors.append(_refusal(name, err))


def _refusal(name: str, err: OutsideError | OSError) -> OutsideError:
    why, remedy = (err.message, err.remedy) if isinstance(err, OutsideError) else (system_words(err), "")
    remedy = f"不是表的问题；文件没有丢，下次收件自动再试。{remedy or '请检查磁盘空间和目录权限。'}"
    return OutsideError(f"“{folder.readable(name)}”暂时没有收成：{why.removesuffix('。')}", remedy)


def _record(desk: Desk, picked: folder.Picked) -> tuple[int, ...]:
    """Archive one file and put it on record; nothing when it was on record or another process has it."""
    incoming = Incoming(channel=CHANNEL, key=picked.key, name=picked.name, sender=picked.dropped_in)
    try:
        file = picked.path.open("rb")
    except FileNotFoundError:
        return ()
    with file:
        _check_room(desk, os.fstat(file.fileno()).st_size)
        new = record_file(desk, incoming, file)
    folder.put_away(picked, desk.ctx.home.received)
    failpoint("take_in.after_move")
    return new


def _check_room(desk: Desk, size: int) -> None:
    """A file is kept beside itself, and a zip's members once more: one that would fill the disk harms all the others."""
    free = shutil.disk_usage(desk.ctx.home.blobs).free
    if size * 2 > free:
        raise OutsideError(f"文件有 {size // 1_000_000} MB，磁盘只剩 {free // 1_000_000} MB，放不下")
