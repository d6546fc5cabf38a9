"""take_in: files settled in 收/ become arrivals, archived by content before anything else happens to them.

What a kill leaves: a file in 收/ (untouched), in 收/.取件/ (rescanned here), or on record (moved on here).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from tasks.desk import Desk, open_desk
from tasks.open_windows import make_obligations
from tasks.record_file import Incoming, record_file
from yaoxun.context import Context
from yaoxun.errors import OutsideError
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
    """Archive every settled file of 收/ and put it on record, once. Raises OutsideError when the disk refuses."""
    with open_desk(ctx) as desk:
        make_obligations(desk)  # a new organisation or table owes from now on
        errors: list[OutsideError] = []
        with folder.one_at_a_time(ctx.home.data / "take_in.lock"):
            new = [arrival for taken in _take_all(desk, errors) for arrival in taken]
    if errors:
        raise errors[0]
    return TakenIn(arrivals=tuple(new))


def _take_all(desk: Desk, errors: list[OutsideError]) -> Iterator[tuple[int, ...]]:
    """Every file in turn, what a crash left in 收/.取件/ first; one that cannot be taken does not hold up the others."""
    home = desk.ctx.home
    for left_over in folder.picked_up(home.pickup):
        try:
            yield _record(desk, left_over)
        except OutsideError as err:
            errors.append(err)
    for path in folder.settled_files(home.inbox):
        failpoint("take_in.before_pickup")
        try:
            picked = folder.pick_up(home.inbox, home.pickup, path)
            if picked is not None:
                failpoint("take_in.after_pickup")
                yield _record(desk, picked)
        except OutsideError as err:
            errors.append(err)


def _record(desk: Desk, picked: folder.Picked) -> tuple[int, ...]:
    """Archive one file and put it on record; nothing when it was on record or another process has it."""
    try:
        data = picked.path.read_bytes()
    except FileNotFoundError:
        return ()
    except OSError as err:
        problem = f"收到的“{picked.name}”读不出来：{err.strerror}"
        raise OutsideError(problem, f"请检查磁盘和权限；文件在 {picked.path.parent}。") from err
    except MemoryError as err:
        raise OutsideError(f"收到的“{picked.name}”太大，读不进内存", f"请移走这个文件：{picked.path.parent}。") from err
    incoming = Incoming(channel=CHANNEL, key=picked.key, name=picked.name, sender=picked.dropped_in)
    new = record_file(desk, incoming, data)
    folder.put_away(picked, desk.ctx.home.received)
    failpoint("take_in.after_move")
    return new
