"""Blobs: bytes kept under their SHA-256 in data/blobs. On disk first (temp, fsync, rename, fsync of the folder), then
the row, so that a row never names bytes that are not there.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from ulid import ULID

from yaoxun.errors import InternalError, OutsideError, system_words

_PIECE = 1 << 20


def sha256_of(data: bytes) -> str:
    """The hash in hex."""
    return hashlib.sha256(data).hexdigest()


def blob_path(root: Path, sha: str) -> Path:
    """Where the bytes of a hash lie."""
    return root / sha[:2] / sha


def put_blob(root: Path, data: bytes) -> str:
    """Make the bytes durable; their hash. Bytes that are there already are not written again.

    Raises OutsideError when the disk refuses.
    """
    sha = sha256_of(data)
    path = blob_path(root, sha)
    if not path.exists():
        write_durably(path, data)
    return sha


def put_stream(root: Path, source: BinaryIO) -> tuple[str, int]:
    """Make what an open file holds durable without having it in memory: its hash, and how many bytes.

    Raises OutsideError when it cannot be read or the disk refuses.
    """
    digest, size, temp = hashlib.sha256(), 0, root / f".{ULID()}.part"
    with _whole_or_absent(temp, "data/blobs"):
        root.mkdir(parents=True, exist_ok=True)
        with temp.open("wb") as handle:
            while piece := _read(source):
                digest.update(piece)
                size += handle.write(piece)
            handle.flush()
            os.fsync(handle.fileno())
        path = blob_path(root, digest.hexdigest())
        if not path.exists():
            path.parent.mkdir(exist_ok=True)
            temp.replace(path)
            sync_folder(path.parent)
    return digest.hexdigest(), size


def _read(source: BinaryIO) -> bytes:
    try:
        return source.read(_PIECE)
    except OSError as err:
        raise OutsideError(f"文件读不出来：{system_words(err)}", "请检查磁盘和权限，再重试。") from err


def measure(path: Path) -> tuple[str, int]:
    """Hash and bytes of a file of any size. Raises OSError where it cannot be read."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as handle:
        while piece := handle.read(_PIECE):
            digest.update(piece)
            size += len(piece)
    return digest.hexdigest(), size


def get_blob(root: Path, sha: str) -> bytes:
    """The bytes of a hash. Raises InternalError when they are missing or damaged."""
    try:
        data = blob_path(root, sha).read_bytes()
    except OSError as err:
        raise InternalError(f"档案 {sha[:12]} 读不出来。", "请从备份恢复 data/blobs。") from err
    if sha256_of(data) != sha:
        raise InternalError(f"档案 {sha[:12]} 已损坏（内容与指纹不符）。", "请从备份恢复 data/blobs。")
    return data


def write_durably(path: Path, data: bytes) -> None:
    """Write a file so that after a power cut it is whole or absent. Raises OutsideError when the disk refuses."""
    temp = path.parent / f".{ULID()}.part"
    with _whole_or_absent(temp, path.name):
        path.parent.mkdir(parents=True, exist_ok=True)
        with temp.open("wb") as handle:
            handle.write(data)
            handle.flush()
            os.fsync(handle.fileno())
        temp.replace(path)
        sync_folder(path.parent)


@contextmanager
def _whole_or_absent(temp: Path, name: str) -> Iterator[None]:
    """Whatever goes wrong, no half of a file stays. Raises OutsideError when the disk refuses."""
    try:
        yield
    except OSError as err:
        raise OutsideError(f"写不了文件 {name}：{system_words(err)}", "请检查磁盘空间和目录权限，再重试。") from err
    finally:
        with suppress(OSError):
            temp.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Make a rename in this folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
