"""A folder of backups:

    说明.txt              marks the folder as ours and says how to restore
    blobs/aa/<sha256>     bytes by their hash, once for all backups
    2023-04-06_090500/    one backup: the database, config/, report_templates/, manifest.json

A backup comes to be under another name and is renamed when it is whole. What goes into it is decided in backup.py.
"""

import fcntl
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ulid import ULID

from yaoxun.errors import InternalError, NotNowError, OutsideError, RequestError, system_words
from yaoxun.store.blobs import blob_path, measure, put_stream, sync_folder, write_durably

MANIFEST = "manifest.json"
_NOTE = "说明.txt"
_PART = ".part-"
_FORMAT, _READABLE = 2, (1, 2)  # the first kept no times
_WORDS = (
    "这里是要讯办公室的备份，由 yaoxun backup 写入，请不要改动。\n"
    "每个日期文件夹是一份备份；blobs 是各份共用的档案，少了它就不能恢复。\n"
    "恢复：yaoxun restore 这个文件夹或其中一份 --to 新的办公室目录\n"
    "口令不在备份里。\n"
)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One file: its path from the home (or from the backup's folder), hash, bytes, and when it was last written, in
    nanoseconds; None where that says nothing."""

    path: str
    sha256: str
    size: int
    mtime_ns: int | None = None


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a backup holds. `files` lie in its own folder; `shared` (the folders people see) and `blobs` under blobs/;
    `damaged`: blobs on record whose bytes were missing or damaged already."""

    made_at: str
    program: str
    schema: tuple[str, ...]
    database: str
    home: str
    files: tuple[Entry, ...]
    shared: tuple[Entry, ...]
    blobs: tuple[Entry, ...]
    damaged: tuple[str, ...]

    def as_json(self) -> str:
        return json.dumps({"format": _FORMAT} | asdict(self), ensure_ascii=False, indent=1) + "\n"

    def hashes(self) -> set[str]:
        """Everything that must be under blobs/."""
        return {entry.sha256 for entry in (*self.shared, *self.blobs)}


@dataclass(frozen=True)
class Vault:
    """A folder of backups, held by one process."""

    root: Path

    @property
    def blobs(self) -> Path:
        return self.root / "blobs"

    def has(self, sha: str) -> bool:
        """Whether the very bytes are there already. They are read, so that a flipped one is mended by the next backup and
        not found by the restore that needs it."""
        with suppress(OSError):
            return measure(blob_path(self.blobs, sha))[0] == sha
        return False

    def keep(self, file: Path) -> tuple[str, int]:
        """Put what a file holds under blobs/ unless it is there: hash and bytes. What is there but damaged is written
        again. Raises OSError where the file cannot be read."""
        sha, size = measure(file)
        if self.has(sha):
            return sha, size
        with suppress(OSError):
            blob_path(self.blobs, sha).unlink(missing_ok=True)
        with file.open("rb") as handle:
            return put_stream(self.blobs, handle)

    def new_part(self) -> Path:
        """A folder for a backup that is coming to be; what a kill left of earlier ones is removed."""
        for left in self.root.glob(f"{_PART}*"):
            shutil.rmtree(left, ignore_errors=True)
        part = self.root / f"{_PART}{ULID()}"
        part.mkdir()
        return part

    def finish(self, part: Path, manifest: Manifest, name: str) -> Path:
        """Write the manifest and give the backup its name."""
        write_durably(part / MANIFEST, manifest.as_json().encode())
        names = (name if n == 1 else f"{name}-{n}" for n in range(1, 1000))
        final = next(path for one in names if not (path := self.root / one).exists())
        part.rename(final)
        sync_folder(self.root)
        return final

    def backups(self) -> list[Path]:
        """The whole backups, oldest first."""
        return sorted(path.parent for path in self.root.glob(f"[0-9]*/{MANIFEST}"))

    def rotate(self, keep: int, new: Path) -> list[str]:
        """Remove the oldest backups beyond `keep`, then the bytes that no backup names any more; the names removed. `new`
        stays, also where a clock that was put back has given it the oldest name."""
        others = [path for path in self.backups() if path != new]
        gone = others[: max(0, len(others) - keep + 1)]
        for path in gone:
            aside = self.root / f"{_PART}{ULID()}"
            path.rename(aside)
            shutil.rmtree(aside)
        if gone:
            named = set[str]().union(*(read_manifest(path).hashes() for path in self.backups()))
            for path in self.blobs.glob("??/*"):
                if path.name not in named:
                    path.unlink()
        return [path.name for path in gone]


@contextmanager
def open_vault(root: Path) -> Iterator[Vault]:
    """Hold a folder of backups, making it where there is none. Raises RequestError for a folder of something else,
    NotNowError while another process holds it, OutsideError when the disk refuses."""
    try:
        root.mkdir(parents=True, exist_ok=True)
        if not (root / _NOTE).is_file():
            if any(root.iterdir()):
                remedy = "请指定一个空文件夹，或以前备份用过的文件夹。"
                raise RequestError(f"{root} 里有别的东西，不是备份文件夹。", remedy)
            write_durably(root / _NOTE, _WORDS.encode("utf-8-sig"))
        handle = os.open(root, os.O_RDONLY)
    except OSError as err:
        raise OutsideError(
            f"备份文件夹 {root} 用不了：{system_words(err)}。", "请检查磁盘和目录权限，再重试。"
        ) from err
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield Vault(root)
    except BlockingIOError as err:
        raise NotNowError("另一个备份正在进行。", "请等它完成再试。") from err
    finally:
        os.close(handle)


def find_backup(folder: Path) -> tuple[Path, Vault]:
    """The backup that a path names: itself, or the newest one in a folder of backups. Raises RequestError."""
    if (folder / MANIFEST).is_file():
        return folder, Vault(folder.parent)
    found = Vault(folder).backups()
    if not found:
        raise RequestError(f"{folder} 里没有完整的备份。", "请指明 yaoxun backup 用过的文件夹，或其中一份。")
    return found[-1], Vault(folder)


def read_manifest(backup: Path) -> Manifest:
    """The manifest of a backup. Raises InternalError when it is missing, damaged or of a newer program."""
    try:
        data: dict[str, Any] = json.loads((backup / MANIFEST).read_text(encoding="utf-8"))
        if data.pop("format") not in _READABLE:
            raise NotNowError(f"备份 {backup.name} 是更新版本的程序做的。", "请升级程序后再恢复。")
        lists = {name: tuple(Entry(**one) for one in data[name]) for name in ("files", "shared", "blobs")}
        for entry in (one for entries in lists.values() for one in entries):
            if not re.fullmatch(r"[0-9a-f]{64}", entry.sha256) or not _is_below(entry.path):
                raise ValueError(entry.path)
        return Manifest(**data | lists | {"schema": tuple(data["schema"]), "damaged": tuple(data["damaged"])})
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as err:
        raise InternalError(f"备份 {backup.name} 的清单 {MANIFEST} 读不出来。", "请换一份备份恢复。") from err


def _is_below(path: str) -> bool:
    """Whether a path stays in the folder it is put into."""
    return not path.startswith("/") and not set(path.split("/")) & {"", ".", ".."}


def places(backup: Path, vault: Vault, manifest: Manifest) -> Mapping[Entry, Path]:
    """Where the bytes of every entry lie."""
    own = {entry: backup / entry.path for entry in manifest.files}
    return own | {entry: blob_path(vault.blobs, entry.sha256) for entry in (*manifest.shared, *manifest.blobs)}
