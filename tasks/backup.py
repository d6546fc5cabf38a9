"""backup and restore: a whole office, taken while it works, and made again elsewhere.

The database first, as of one moment; then every blob it names: bytes are on disk before their row, and never go. With
them config/, report_templates/ and the folders people see. Nothing is taken in while the database is copied: a file lies in
收/ or is on record, never both and never neither. A restored office sends no mail until a person releases it
(tasks/mail_switch.py).
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ulid import ULID

from tasks.vault import Entry, Manifest, Vault, find_backup, open_vault, places, read_manifest
from yaoxun import __version__
from yaoxun.context import SHANGHAI, Context
from yaoxun.errors import InternalError, NotNowError, OutsideError, RequestError, system_words
from yaoxun.home import Home
from yaoxun.returns.folder import one_at_a_time
from yaoxun.store.blobs import blob_path, measure
from yaoxun.store.dump import POSTGRESQL, SQLITE, BlobRow, contents, dump, load_postgresql, sqlite_file
from yaoxun.store.engine import open_home_store, open_store
from yaoxun.store.migrate import steps

_OWN_FOLDERS = ("config", "report_templates")


@dataclass(frozen=True, kw_only=True)
class BackedUp:
    """A backup that is whole: where, how much, what was damaged in the office itself, which old ones were removed."""

    path: Path
    database_bytes: int
    blobs: int
    new_blobs: int
    damaged: tuple[str, ...]
    removed: tuple[str, ...]

    def summary(self) -> str:
        text = (f"备份好了：{self.path}（数据库 {self.database_bytes / 1e6:.1f} MB，档案 {self.blobs} 个，"
                f"其中新增 {self.new_blobs} 个）")  # fmt: skip
        if self.removed:
            text += f"；删去旧备份 {len(self.removed)} 份"
        if self.damaged:
            text += f"。\n注意：有 {len(self.damaged)} 个档案在办公室里已缺失或损坏，备份里也没有：{'、'.join(s[:12] for s in self.damaged[:5])}"
        return text


@dataclass(frozen=True, kw_only=True)
class Restored:
    """A home made from a backup."""

    home: Path
    made_at: str
    files: int
    damaged: tuple[str, ...]

    def summary(self) -> str:
        text = f"已恢复到 {self.home}：{self.made_at} 的备份，{self.files} 个文件逐个核对无误。"
        if self.damaged:
            text += f"\n注意：备份时就有 {len(self.damaged)} 个档案缺失或损坏。"
        return (f"{text}\n发信已锁住。确认原来那处不再发信后，用 yaoxun mail release --home {self.home} --as 登录名 --reason 原因 放行；"
                "发信口令不在备份里，请照 config/mail.yaml 重新放好。")  # fmt: skip


def backup(ctx: Context, target: Path, *, keep: int = 0) -> BackedUp:
    """Back the home up into a folder of backups; with `keep`, only so many stay. Needs no sound configuration, and does
    not migrate the database.

    Raises RequestError for a target that will not do, NotNowError while another backup runs, OutsideError when a disk or
    the database refuses, InternalError for a damaged database.
    """
    target = target.resolve()
    if keep < 0:
        raise RequestError(f"--keep {keep} 不行。", "请写留几份，如 --keep 14；0 是都留。")
    if target.is_relative_to(ctx.home.root.resolve()):
        raise RequestError(
            "备份不能放在办公室目录里面：目录没了，备份也没了。", "请指定别处的文件夹，最好在另一块盘上。"
        )
    file = sqlite_file(ctx.home.database_url)
    if file is not None and not file.is_file():
        raise RequestError(f"{ctx.home.root} 还没有数据库，没有可备份的。", "请核对 --home。")
    with open_vault(target) as vault:
        try:
            ctx.home.data.mkdir(exist_ok=True)
            return _Backup(ctx, vault).make(keep)
        except OSError as err:
            problem = f"备份没有做成：{system_words(err)}{f'（{err.filename}）' if err.filename else ''}。"
            raise OutsideError(problem, "请检查磁盘空间和目录权限，再重试。") from err


class _Backup:
    """One backup under way."""

    def __init__(self, ctx: Context, vault: Vault) -> None:
        self.ctx, self.home, self.vault = ctx, ctx.home, vault
        self.new_blobs = 0

    def make(self, keep: int) -> BackedUp:
        part = self.vault.new_part()
        store = open_store(self.home.database_url)
        try:
            self.ctx.tell(0, 0, "数据库")
            with one_at_a_time(self.home.data / "take_in.lock"):
                inbox = list(self._shared("收"))
                dumped = dump(store, part)
            rows, schema = contents(store, dumped)
        finally:
            store.close()
        blobs, damaged = self._blobs(rows)
        seen = [entry for name in ("发", "回", "稿", "已收") for entry in self._shared(name)]
        manifest = Manifest(
            made_at=self.ctx.now().astimezone(SHANGHAI).isoformat(timespec="seconds"), program=__version__,
            schema=tuple(schema), database="postgresql" if dumped.name == POSTGRESQL else "sqlite",
            home=str(self.home.root), files=(_entry(part, dumped), *self._own_files(part)), blobs=tuple(blobs),
            shared=(*inbox, *seen), damaged=tuple(damaged),
        )  # fmt: skip
        final = self.vault.finish(part, manifest, f"{self.ctx.local_now():%Y-%m-%d_%H%M%S}")
        removed = self.vault.rotate(keep, final) if keep else []
        return BackedUp(
            path=final, database_bytes=manifest.files[0].size, blobs=len(blobs), new_blobs=self.new_blobs,
            damaged=tuple(damaged), removed=tuple(removed),
        )  # fmt: skip

    def _blobs(self, rows: list[BlobRow]) -> tuple[list[Entry], list[str]]:
        """Every blob on record, copied unless it is there; and those whose bytes the home itself has lost."""
        kept, damaged = [], []
        for n, (sha, size, _) in enumerate(rows, 1):
            self.ctx.tell(n, len(rows), "档案")
            if not self.vault.has(sha):
                if not _holds(blob := blob_path(self.home.blobs, sha), sha):
                    damaged.append(sha)
                    continue
                self.vault.keep(blob)
                self.new_blobs += 1
            kept.append(Entry(path=f"data/blobs/{sha[:2]}/{sha}", sha256=sha, size=size))
        return kept, damaged

    def _shared(self, name: str) -> Iterator[Entry]:
        """The files of a folder that people see. One that goes away meanwhile is left out."""
        root = self.home.data / name
        for path in sorted(p for p in root.rglob("*") if p.is_file()):
            with suppress(FileNotFoundError):
                written = path.stat().st_mtime_ns
                sha, size = self.vault.keep(path)
                entry = path.relative_to(self.home.root).as_posix()
                yield Entry(path=entry, sha256=sha, size=size, mtime_ns=written)

    def _own_files(self, part: Path) -> Iterator[Entry]:
        for name in _OWN_FOLDERS:
            if (self.home.root / name).is_dir():
                shutil.copytree(self.home.root / name, part / name, ignore_dangling_symlinks=True)
                yield from (_entry(part, path) for path in sorted((part / name).rglob("*")) if path.is_file())


def _entry(root: Path, path: Path) -> Entry:
    sha, size = measure(path)
    return Entry(path=path.relative_to(root).as_posix(), sha256=sha, size=size, mtime_ns=path.stat().st_mtime_ns)


def restore(ctx: Context, source: Path) -> Restored:
    """Make the home of `ctx`, which must not be there or be empty, from a backup or the newest one of a folder of them.
    Everything is compared with the manifest before anything is written.

    Raises RequestError or NotNowError when source or target will not do, InternalError for a damaged backup.
    """
    found, vault = find_backup(source.resolve())
    manifest, target = read_manifest(found), ctx.home.root
    _check_fits(manifest, target)
    where = places(found, vault, manifest)
    for n, (entry, path) in enumerate(where.items(), 1):
        ctx.tell(n, len(where), "核对")
        if not _holds(path, entry.sha256):
            raise InternalError(f"备份 {found.name} 里的 {entry.path} 缺失或已损坏，没有恢复。", "请换一份备份恢复。")
    part = target.with_name(f"{target.name}.part-{ULID()}")
    try:
        for n, (entry, path) in enumerate(where.items(), 1):
            ctx.tell(n, len(where), "恢复")
            _put(part, entry, path)
        _fill_database(Home(part))
        if target.exists():
            target.rmdir()
        part.rename(target)
    except OSError as err:
        raise OutsideError(f"写不了 {target}：{system_words(err)}。", "请检查磁盘空间和目录权限，再重试。") from err
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return Restored(home=target, made_at=manifest.made_at, files=len(where), damaged=manifest.damaged)


def _holds(path: Path, sha: str) -> bool:
    """Whether a file has these very bytes; a disk that cannot read them has lost them."""
    with suppress(OSError):
        return path.is_file() and measure(path)[0] == sha
    return False


def _check_fits(manifest: Manifest, target: Path) -> None:
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise NotNowError(f"{target} 里已有东西，没有恢复。", "请用 --to 指定一个新的或空的文件夹。")
    if set(manifest.schema) - {name for _, name, _ in steps()}:
        raise NotNowError("备份是更新版本的程序做的，本程序不认识其中的数据库。", "请升级程序后再恢复。")
    file = sqlite_file(Home(target).database_url)
    if manifest.database == "sqlite" and file != target / "data" / SQLITE:
        raise NotNowError(
            "这份备份用 SQLite，而 YAOXUN_DATABASE_URL 指向别的数据库。", "请先去掉 YAOXUN_DATABASE_URL 再恢复。"
        )
    if manifest.database == "postgresql" and file is not None:
        raise NotNowError("这份备份用 PostgreSQL。", "请新建一个空库，把 YAOXUN_DATABASE_URL 指向它，再恢复。")


def _put(root: Path, entry: Entry, path: Path) -> None:
    at_home = f"data/{entry.path}" if entry.path in (SQLITE, POSTGRESQL) else entry.path
    target = root / at_home
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, target)
    if entry.mtime_ns is not None:  # files in 收/ are taken in by their age
        os.utime(target, ns=(entry.mtime_ns, entry.mtime_ns))


def _fill_database(home: Home) -> None:
    """Load a dump of PostgreSQL's; bring the database to the present schema; leave the place unrecorded: no mail."""
    dumped = home.data / POSTGRESQL
    if dumped.is_file():
        store = open_store(home.database_url)
        try:
            load_postgresql(store, dumped)
        finally:
            store.close()
        dumped.unlink()
    open_home_store(home).close()
    home.installation.unlink(missing_ok=True)
