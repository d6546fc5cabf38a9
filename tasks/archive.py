"""archive verify: is every file on record on disk, whole, and what lies beside them. Reads only, deletes nothing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from tasks.desk import open_desk
from yaoxun.context import Context
from yaoxun.errors import system_words
from yaoxun.returns.arrivals import STATES, arrivals_in_state
from yaoxun.store.blobs import blob_path, measure
from yaoxun.store.records import blob_rows

_SHA = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, kw_only=True)
class Verified:
    """What was found: `faults` are sentences on what is missing or damaged; `strays` are whole files that no row names (a
    crash between disk and database leaves one), `foreign` what the program never put there. Paths below data/blobs."""

    checked: int
    size: int
    faults: tuple[str, ...]
    strays: tuple[str, ...]
    foreign: tuple[str, ...]

    @property
    def sound(self) -> bool:
        return not self.faults

    def as_json(self) -> dict[str, Any]:
        """The same as plain data."""
        lists = {name: list(getattr(self, name)) for name in ("faults", "strays", "foreign")}
        return {"sound": self.sound, "checked": self.checked, "bytes": self.size} | lists


def verify_archive(ctx: Context) -> Verified:
    """Read every archived file and compare it with its record; `ctx.tell` hears how far it is."""
    with open_desk(ctx) as desk, desk.store.read() as conn:
        rows = blob_rows(conn)
        faults = list(_without_blob(conn, {row.sha256 for row in rows}))
    root = ctx.home.blobs
    for done, row in enumerate(rows):
        ctx.tell(done, len(rows), row.sha256[:12])
        faults += _faults_of(root, row)
    seen = sorted(path for path in root.rglob("*") if path.is_file() or path.is_symlink())
    with open_desk(ctx) as desk, desk.store.read() as conn:
        known = {row.sha256 for row in blob_rows(conn)}  # asked after the disk: what came meanwhile is no stray
    strays, foreign = _besides(root, seen, known)
    return Verified(
        checked=len(rows), size=sum(row.size for row in rows), faults=tuple(faults), strays=strays, foreign=foreign
    )


def _without_blob(conn: Connection, known: set[str]) -> Iterator[str]:
    for arrival in arrivals_in_state(conn, *STATES):
        if arrival.blob not in known:
            yield f"第 {arrival.id} 号来件《{arrival.name}》的档案 {arrival.blob[:12]} 没有登记。请从备份恢复数据库。"


def _faults_of(root: Path, row: Any) -> Iterator[str]:
    path, name = blob_path(root, row.sha256), f"档案 {row.sha256[:12]}（{row.kind}）"
    remedy = f"请从备份恢复 data/blobs/{path.relative_to(root)}。"
    try:
        sha, size = measure(path)
    except FileNotFoundError:
        yield f"{name}不在盘上。{remedy}"
        return
    except OSError as err:
        yield f"{name}读不出来：{system_words(err)}。请检查磁盘和权限。"
        return
    if size != row.size:
        yield f"{name}应为 {row.size} 字节，盘上是 {size} 字节。{remedy}"
    elif sha != row.sha256:
        yield f"{name}内容与指纹不符。{remedy}"


def _besides(root: Path, seen: list[Path], known: set[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(strays, foreign) among what lies in the archive."""
    strays: list[str] = []
    foreign: list[str] = []
    for path in seen:
        ours = _SHA.fullmatch(path.name) and path == blob_path(root, path.name) and not path.is_symlink()
        if ours and path.name in known:
            continue
        (strays if ours and _is_whole(path) else foreign).append(path.relative_to(root).as_posix())
    return tuple(strays), tuple(foreign)


def _is_whole(path: Path) -> bool:
    try:
        return measure(path)[0] == path.name
    except OSError:
        return False
