"""The letter box under 回/: a copy for an organisation that fetches its papers there. Nothing is ever overwritten."""

from enum import Enum
from pathlib import Path

from yaoxun.errors import InternalError, OutsideError, system_words
from yaoxun.post.model import path_parts
from yaoxun.store.blobs import write_durably


class Deposit(Enum):
    """What came of a deposit."""

    WRITTEN = "已写入"
    SAME = "已有相同文件"
    TAKEN = "已有不同的同名文件"


def deposit(root: Path, address: str, data: bytes) -> Deposit:
    """Put `data` at `address` (回/…, `root` being the folder 回/), so that it is whole or absent after a power cut.

    The same bytes again are no second file. TAKEN: another file has this name and stays; the caller picks a new one.
    Raises InternalError when the address leads out of 回/, OutsideError when the disk refuses.
    """
    target = _below(root, address)
    try:
        if target.exists():
            return Deposit.SAME if target.is_file() and target.read_bytes() == data else Deposit.TAKEN
        write_durably(target, data)
    except OSError as err:
        raise OutsideError(
            f"写不了文件 {address}：{system_words(err)}。", "请检查磁盘空间和目录权限，再重试。"
        ) from err
    return Deposit.WRITTEN


def _below(root: Path, address: str) -> Path:
    """The file an address means; a link inside 回/ that leads out of it counts as leading out."""
    parts = path_parts(address)
    target = root.joinpath(*parts) if parts else root
    if not parts or not target.resolve().is_relative_to(root.resolve()):
        raise InternalError(
            f"“{address}”不是回件夹里的文件名。", "请检查收件地址：应为“回/单位/文件名”，不含 .. 和特殊符号。"
        )
    return target
