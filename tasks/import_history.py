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
from yaoxun.errors import NotNowError, RequestError, YaoxunError, system_words
from yaoxun.returns import arrivals, ledger
from yaoxun.returns.past import Fault, PastGroup
from yaoxun.returns.past_sheets import Stated, checked_key, past_groups
from yaoxun.sheets.model import RawWorkbook, Refusal
from yaoxun.sheets.sandbox import shared_sandbox
from yaoxun.store.blobs import blob_path, put_stream
from yaoxun.store.records import put_blob_row

CHANNEL = "import"
MOST_FAULTS = 50
_CELLS_AT_HAND = 1_000_000
"""Of several files as many as fit are kept as read while they are put in order; an office's ten years do."""
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
            ctx.tell(n, len(files), file.path.name)
            try:
                done.append(_import(desk, file, stated, alone=len(files) == 1))
            except YaoxunError as err:
                done.append(ImportedHistory(file=file.path.name, refused=f"{file.path.name}：{err}"))
    return ImportedFiles(files=tuple(done))


def import_history(ctx: Context, file: Path, stated: Stated = _AS_THE_FILE_SAYS) -> ImportedHistory:
    """Import one file. Raises RequestError with every fault, each with sheet, cell and remedy, when anything in it cannot
    be taken."""
    with open_desk(ctx) as desk:
        _check_stated(desk, stated)
        return _import(desk, _PastFile(desk, file), stated, alone=True)


def _check_stated(desk: Desk, stated: Stated) -> None:
    if stated.table and stated.table not in desk.config.forms:
        raise RequestError(f"没有报表“{stated.table}”。", f"现有：{'、'.join(desk.config.forms)}。")
    if stated.period:
        desk.office.period(stated.period)
    if stated.org and desk.office.find_organisation(stated.org) is None:
        raise RequestError(f"没有单位“{stated.org}”。", "单位名录在 config/organisations.yaml。")


class _PastFile:
    """A file on its way in: read once into the archive, and what is understood are those bytes, whatever becomes of the
    file meanwhile."""

    def __init__(self, desk: Desk, path: Path) -> None:
        self.path, self._desk = path, desk
        self._blob: tuple[str, int] | None = None
        self._at_hand: RawWorkbook | None = None

    def archived(self) -> tuple[str, int]:
        """Hash and bytes. Raises RequestError where it cannot be read, or is too large to be looked at."""
        if self._blob is None:
            try:
                if self.path.stat().st_size > self._desk.config.limits.file_bytes:
                    self._opened(self.path)  # which says so
                with self.path.open("rb") as handle:
                    self._blob = put_stream(self._desk.ctx.home.blobs, handle)
            except OSError as err:
                raise RequestError(f"读不了文件 {self.path}：{system_words(err)}", "请核对路径。") from err
        return self._blob

    def read(self, keep_cells: int = 0) -> RawWorkbook:
        """As a workbook, which the next call needs not open again where it has no more cells than that. Raises
        RequestError."""
        sha, _ = self.archived()
        raw = self._at_hand or self._opened(blob_path(self._desk.ctx.home.blobs, sha))
        self._at_hand = raw if cells_of(raw) <= keep_cells else None
        return raw

    def _opened(self, path: Path) -> RawWorkbook:
        raw = shared_sandbox(self._desk.config.limits).open(path)
        if isinstance(raw, Refusal):
            raise RequestError(f"{self.path.name}：{raw.sentence}", raw.remedy)
        return raw


def cells_of(raw: RawWorkbook) -> int:
    """How many cells are filled."""
    return sum(len(sheet.cells) for sheet in raw.sheets)


def _oldest_first(desk: Desk, files: Sequence[Path], stated: Stated) -> list[_PastFile]:
    """The files by their first period: what a table is compared with is what came before it."""
    firsts: dict[_PastFile, Any] = {_PastFile(desk, file): None for file in dict.fromkeys(files)}
    if len(firsts) < 2:
        return list(firsts)
    room = _CELLS_AT_HAND
    for file in firsts:
        try:
            raw = file.read(keep_cells=room)
            room = max(0, room - cells_of(raw))
            groups = past_groups(raw, desk.config.forms, desk.office, stated, [])
            firsts[file] = min((desk.office.period(group.key[1]).sort for group in groups), default=None)
        except YaoxunError:
            pass  # it is told when its turn comes
    latest = max((first for first in firsts.values() if first), default=None)
    return sorted(firsts, key=lambda file: (firsts[file] or latest, file.path.name) if latest else file.path.name)


def _import(desk: Desk, past: _PastFile, stated: Stated, *, alone: bool) -> ImportedHistory:
    ctx, file, faults, (sha, size) = desk.ctx, past.path, list[Fault](), past.archived()
    found = past_groups(past.read(), desk.config.forms, desk.office, stated, faults)
    groups = [group for group in found if checked_key(group, desk.config.forms, desk.office, faults)]
    with desk.store.write() as conn:
        put_blob_row(conn, sha256=sha, size=size, kind="import", at=ctx.now())
        key, known = _channel_key(conn, sha)
        if known is not None and not faults:
            return ImportedHistory(file=file.name, arrival=known)
        arrival = arrivals.add_arrival(
            conn, channel=CHANNEL, channel_key=key, name=file.name, sha=sha, now=ctx.now(), sender=ctx.actor
        )
        if arrival is None:
            raise _refusal(faults) if faults else NotNowError("另一进程正在导入这份文件。", "请稍后再试。")
        ledger.lock_tables(conn, _locks(desk, groups))
        batch = GroupImport(desk, conn, arrival, faults)
        for n, group in enumerate(sorted(groups, key=lambda g: desk.office.period(g.key[1]).sort)):
            if alone:
                ctx.tell(n, len(groups), f"{group.key[0]} {group.key[1]}")
            batch.take(group)
        if faults:
            raise _refusal(faults)  # the transaction goes with it
        batch.settle(len(groups))
    hints = tuple(f.sentence for f in batch.findings)
    return ImportedHistory(file=file.name, groups=len(groups), rows=batch.rows, arrival=arrival, hints=hints)


def _refusal(faults: Sequence[Fault]) -> RequestError:
    said = list(dict.fromkeys(fault.sentence() for fault in faults))
    lines = [f"{n}. {sentence}" for n, sentence in enumerate(said[:MOST_FAULTS], start=1)]
    if len(said) > MOST_FAULTS:
        lines.append(f"……另有 {len(said) - MOST_FAULTS} 处。")
    return RequestError(
        f"没有导入，有 {len(said)} 处要改：\n" + "\n".join(lines), "请改正文件后再导入，整份文件一次导入。"
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
