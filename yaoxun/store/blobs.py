"""Blobs: bytes kept under their SHA-256 in data/blobs. On disk first (temp, fsync, rename, fsync of the folder), then
the row, so that a row never names bytes that are not there.
"""

import hashlib
import os
from contextlib import suppress
from pathlib import Path

from ulid import ULID

from yaoxun.errors import InternalError, OutsideError


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
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temp.open("wb") as handle:
            handle.write(data)
            handle.flush()
            os.fsync(handle.fileno())
        temp.replace(path)
        sync_folder(path.parent)
    except OSError as err:
        with suppress(OSError):
            temp.unlink(missing_ok=True)
        raise OutsideError(f"写不了文件 {path.name}：{err.strerror}", "请检查磁盘空间和目录权限，再重试。") from err


def sync_folder(folder: Path) -> None:
    """Make a rename in this folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
