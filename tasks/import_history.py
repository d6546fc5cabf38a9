"""import_history: past periods come in from flat tables, from the office's own sheets and from our old templates, as
arrivals of channel import with findings and provenance of their own.

They stand on obligations that are not required, under their own period or under the baseline 试点前. A file is taken
whole or not at all, and once: its hash is its channel key. A later file replaces what an earlier one said of the same
table, organisation and period. Everything that keeps a file out is told at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from tasks.desk import Desk, open_desk
from tasks.import_groups import GroupImport
from yaoxun.context import Context
from yaoxun.errors import NotNowError, RequestError, YaoxunError
from yaoxun.returns import arrivals, ledger
from yaoxun.returns.past import Fault, PastGroup
from yaoxun.returns.past_sheets import Stated, checked_key, past_groups
from yaoxun.sheets.model import RawWorkbook, Refusal
from yaoxun.sheets.sandbox import shared_sandbox
from yaoxun.store.blobs import put_blob
from yaoxun.store.records import put_blob_row

CHANNEL = "import"
MOST_FAULTS = 50
_AS_THE_FILE_SAYS = Stated()


@dataclass(frozen=True, kw_only=True)
class ImportedHistory:
    """How many groups (table × organisation × period) and rows came in; nothing when the file had come before. `hints`:
    findings that do not keep it out, as sentences. `refused`: why nothing was taken."""

    file: str
    groups: int = 0
    rows: int = 0
    arrival: int = 0
    hints: tuple[str, ...] = ()
    refused: str = ""

    def summary(self) -> str:
        if self.refused:
            return self.refused
        if not self.groups:
            return f"{self.file}：早已导入（第 {self.arrival} 号来件），没有重复导入。"
        said = f"{self.file}：导入历史 {self.groups} 组，{self.rows} 行（第 {self.arrival} 号来件）"
        if not self.hints:
            return f"{said}。"
        lines = [f"  {sentence}" for sentence in self.hints[:MOST_FAULTS]]
        if len(self.hints) > MOST_FAULTS:
            lines.append(f"  ……全部见 yaoxun intake show {self.arrival}")
        return "\n".join([f"{said}，另有 {len(self.hints)} 处要核对（不影响导入）：", *lines])


@dataclass(frozen=True, kw_only=True)
class ImportedFiles:
    """Several files, oldest period first."""

    files: tuple[ImportedHistory, ...]

    @property
    def refused(self) -> int:
        return sum(bool(one.refused) for one in self.files)

    def summary(self) -> str:
        new = sum(bool(one.groups) for one in self.files)
        counts = {"导入": new, "早已导入": len(self.files) - new - self.refused, "没有导入": self.refused}
        parts = [f"{what} {count} 个" for what, count in counts.items() if count]
        return f"共 {len(self.files)} 个文件：{'，'.join(parts)}。"


def import_files(ctx: Context, files: Sequence[Path], stated: Stated = _AS_THE_FILE_SAYS) -> ImportedFiles:
    """Import several files, the oldest period first whatever their order; one that cannot be taken does not keep the
    others out. Raises RequestError for a table, period or organisation that does not exist."""
    done: list[ImportedHistory] = []
    with open_desk(ctx) as desk:
        _check_stated(desk, stated)
        for n, file in enumerate(_oldest_first(desk, files, stated)):
            ctx.tell(n, len(files), file.name)
            try:
                done.append(_import(desk, file, stated, alone=len(files) == 1))
            except YaoxunError as err:
                done.append(ImportedHistory(file=file.name, refused=f"{file.name}：{err}"))
    return ImportedFiles(files=tuple(done))


def import_history(ctx: Context, file: Path, stated: Stated = _AS_THE_FILE_SAYS) -> ImportedHistory:
    """Import one file. Raises RequestError with every fault, each with sheet, cell and remedy, when anything in it cannot
    be taken."""
    with open_desk(ctx) as desk:
        _check_stated(desk, stated)
        return _import(desk, file, stated, alone=True)


def _check_stated(desk: Desk, stated: Stated) -> None:
    if stated.table and stated.table not in desk.config.forms:
        raise RequestError(f"没有报表“{stated.table}”。", f"现有：{'、'.join(desk.config.forms)}。")
    if stated.period:
        desk.office.period(stated.period)
    if stated.org and desk.office.find_organisation(stated.org) is None:
        raise RequestError(f"没有单位“{stated.org}”。", "单位名录在 config/organisations.yaml。")


def _oldest_first(desk: Desk, files: Sequence[Path], stated: Stated) -> list[Path]:
    """The files by their first period: what a table is compared with is what came before it."""
    if len(files) < 2:
        return list(files)
    firsts: dict[Path, Any] = {}
    for file in dict.fromkeys(files):
        try:
            groups = past_groups(_open(desk, file), desk.config.forms, desk.office, stated, [])
            firsts[file] = min((desk.office.period(group.key[1]).sort for group in groups), default=None)
        except YaoxunError:
            firsts[file] = None  # it is told when its turn comes
    latest = max((first for first in firsts.values() if first), default=None)
    return sorted(firsts, key=lambda file: (firsts[file] or latest, file.name) if latest else file.name)


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as err:
        raise RequestError(f"读不了文件 {file}：{err.strerror}", "请核对路径。") from err


def _open(desk: Desk, file: Path) -> RawWorkbook:
    raw = shared_sandbox(desk.config.limits).open(file)
    if isinstance(raw, Refusal):
        raise RequestError(f"{file.name}：{raw.sentence}", raw.remedy)
    return raw


def _import(desk: Desk, file: Path, stated: Stated, *, alone: bool) -> ImportedHistory:
    ctx, faults, data = desk.ctx, list[Fault](), _bytes(file)
    found = past_groups(_open(desk, file), desk.config.forms, desk.office, stated, faults)
    groups = [group for group in found if checked_key(group, desk.config.forms, desk.office, faults)]
    sha = put_blob(ctx.home.blobs, data)
    with desk.store.write() as conn:
        put_blob_row(conn, sha256=sha, size=len(data), kind="import", at=ctx.now())
        key, known = _channel_key(conn, sha)
        if known is not None and not faults:
            return ImportedHistory(file=file.name, arrival=known)
        arrival = arrivals.add_arrival(
            conn, channel=CHANNEL, channel_key=key, name=file.name, sha=sha, now=ctx.now(), sender=ctx.actor
        )
        if arrival is None:
            raise _refusal(file, faults) if faults else NotNowError("另一进程正在导入这份文件。", "请稍后再试。")
        ledger.lock_tables(conn, _locks(desk, groups))
        batch = GroupImport(desk, conn, arrival, faults)
        for n, group in enumerate(sorted(groups, key=lambda g: desk.office.period(g.key[1]).sort)):
            if alone:
                ctx.tell(n, len(groups), f"{group.key[0]} {group.key[1]}")
            batch.take(group)
        if faults:
            raise _refusal(file, faults)  # the transaction goes with it
        batch.settle(len(groups))
    hints = tuple(f.sentence for f in batch.findings)
    return ImportedHistory(file=file.name, groups=len(groups), rows=batch.rows, arrival=arrival, hints=hints)


def _refusal(file: Path, faults: Sequence[Fault]) -> RequestError:
    said = list(dict.fromkeys(fault.sentence() for fault in faults))
    lines = [f"{n}. {sentence}" for n, sentence in enumerate(said[:MOST_FAULTS], start=1)]
    if len(said) > MOST_FAULTS:
        lines.append(f"……另有 {len(said) - MOST_FAULTS} 处。")
    return RequestError(
        f"没有导入，{file.name} 有 {len(said)} 处要改：\n" + "\n".join(lines), "请改正文件后再导入，整份文件一次导入。"
    )


def _channel_key(conn: Connection, sha: str) -> tuple[str, int | None]:
    """The key of a new import of these bytes, or the arrival that brought them and still stands. A file whose figures were
    replaced by another since may be imported again."""
    key, n = sha, 1
    while (known := arrivals.arrival_by_key(conn, CHANNEL, key)) is not None:
        if ledger.still_stands(conn, known.id):
            return key, known.id
        n += 1
        key = f"{sha}:{n}"
    return key, None


def _locks(desk: Desk, groups: Sequence[PastGroup]) -> list[str]:
    """What judge locks for the same tables."""
    names = []
    for table, _, named in (group.key for group in groups):
        org = desk.office.find_organisation(named)
        names += [table, f"{table}:{org.code if org else named}"]
    return names
