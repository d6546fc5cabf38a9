"""record_file: one file that came, by whichever channel, is archived by content and put on record, once for its key.

A zip of files is taken apart: it is archived and recorded itself, and every file in it is an arrival of its own, from the
same sender, under the zip's key and its number. All of it is one transaction, so that a kill leaves everything or nothing.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from sqlalchemy import Connection

from tasks.desk import Desk
from yaoxun.errors import OutsideError
from yaoxun.failpoints import failpoint
from yaoxun.returns.arrivals import TAKEN_APART, add_arrival, settle_arrival
from yaoxun.sheets.kinds import may_be_archive
from yaoxun.sheets.model import Refusal
from yaoxun.sheets.sandbox import shared_sandbox
from yaoxun.store.blobs import blob_path, put_stream
from yaoxun.store.records import note_event, put_blob_row


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """Who brought a file, under which key of which channel, and what it is called."""

    channel: str
    key: str
    name: str
    sender: str = ""
    on_behalf_of: str = ""


@dataclass(frozen=True, kw_only=True)
class _Kept:
    """A file whose bytes are in the archive."""

    name: str
    sha: str
    size: int


def record_file(desk: Desk, incoming: Incoming, file: BinaryIO) -> tuple[int, ...]:
    """Archive an open file of any size and put it on record; the arrivals that are to be judged: its own, or those of a
    zip's members; none when its key was on record. Raises OutsideError or OSError when the disk refuses: nothing is on
    record then."""
    now = desk.ctx.now()
    whole = _keep(desk, incoming.name, file)
    members, litter = _take_apart(desk, whole) if may_be_archive(file) else ((), 0)
    failpoint("take_in.after_blob")
    with desk.store.write() as conn:
        arrival = _add(desk, conn, incoming, whole, now)
        new: tuple[int, ...] = (arrival,) if arrival is not None else ()
        if arrival is not None and members:
            new = tuple(_add_members(desk, conn, incoming, members, now))
            reason = f"压缩包拆出 {len(new)} 份：第 {'、'.join(map(str, new))} 号来件"
            reason += f"；略过系统生成的文件 {litter} 个" if litter else ""
            settle_arrival(conn, arrival, state=TAKEN_APART, reason=reason)
            subject, payload = f"arrival:{arrival}", {"members": new, "litter": litter}
            note_event(conn, actor=desk.ctx.actor, at=now, verb="拆分", subject=subject, payload=payload)
        failpoint("take_in.before_commit")
    failpoint("take_in.after_commit")
    return new


def _keep(desk: Desk, name: str, file: BinaryIO) -> _Kept:
    sha, size = put_stream(desk.ctx.home.blobs, file)
    return _Kept(name=name, sha=sha, size=size)


def _take_apart(desk: Desk, whole: _Kept) -> tuple[tuple[_Kept, ...], int]:
    """The files of a zip, archived, and how many were left out as litter. None when the file is no zip of files or cannot
    be taken apart: then judging says why."""
    limits = desk.config.limits
    with TemporaryDirectory(prefix="yaoxun-", dir=desk.ctx.home.data) as folder:
        path = blob_path(desk.ctx.home.blobs, whole.sha).absolute()
        found = shared_sandbox(limits).call(
            "yaoxun.sheets.archive:unpack", path=str(path), limits=limits.model_dump(), folder=folder
        )
        if isinstance(found, Refusal) or not found:
            return (), 0
        if refused := found.get("disk"):
            raise OutsideError(f"压缩包暂时拆不开：{refused}", "请检查磁盘空间和目录权限。")
        members = []
        for n, name in enumerate(found["members"], start=1):
            with Path(folder, str(n)).open("rb") as member:
                members.append(_keep(desk, name, member))
    return tuple(members), found["litter"]


def _add_members(
    desk: Desk, conn: Connection, zipped: Incoming, members: tuple[_Kept, ...], now: datetime
) -> "list[int]":
    added = []
    for n, member in enumerate(members, start=1):
        incoming = Incoming(
            channel=zipped.channel, key=f"{zipped.key}/{n}", name=member.name, sender=zipped.sender,
            on_behalf_of=zipped.on_behalf_of,
        )  # fmt: skip
        arrival = _add(desk, conn, incoming, member, now)
        if arrival is not None:
            added.append(arrival)
    return added


def _add(desk: Desk, conn: Connection, incoming: Incoming, kept: _Kept, now: datetime) -> int | None:
    put_blob_row(conn, sha256=kept.sha, size=kept.size, kind="arrival", at=now)
    arrival = add_arrival(
        conn, channel=incoming.channel, channel_key=incoming.key, name=incoming.name, sha=kept.sha, now=now,
        sender=incoming.sender, on_behalf_of=incoming.on_behalf_of,
    )  # fmt: skip
    if arrival is not None:
        payload = {"name": kept.name, "sha256": kept.sha, "bytes": kept.size}
        note_event(conn, actor=desk.ctx.actor, at=now, verb="收件", subject=f"arrival:{arrival}", payload=payload)
    return arrival
