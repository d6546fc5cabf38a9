"""A zip that holds files, not a workbook: taken apart in the child, member by member, each counted while it streams.

A zip is taken apart whole or not at all, and only one layer deep: a zip within it stays a file. Members are written under
their number; the name that the zip gives is only shown. What becomes of the files is take_in's.
"""

import contextlib
import errno
import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from yaoxun.errors import system_words
from yaoxun.sheets.kinds import holds_parts, outer_kind
from yaoxun.sheets.limits import Limits
from yaoxun.sheets.package import Package
from yaoxun.sheets.prescan import check_sizes
from yaoxun.sheets.refusals import Unreadable, unreadable
from yaoxun.sheets.textual import decoded

# What Windows, macOS and an open Excel leave beside the files.
_LITTER = re.compile(r"(^|/)(__MACOSX/|\.(?![./])|~\$|Thumbs\.db$|desktop\.ini$)", re.I)


def unpack(path: str, limits: Mapping[str, Any], folder: str) -> dict[str, Any]:
    """What the child runs: {"members": [name, …], "litter": count}, member n written to folder/n (from 1); {} when the file is
    no zip of files or cannot be taken apart, which `read_workbook` then explains; {"disk": why} when our own disk refuses."""
    allowed = Limits.model_validate(limits)
    try:
        if outer_kind(Path(path)) != "zip":
            return {}
        with Package(Path(path), allowed) as package:
            if holds_parts(package):
                return {}
            names = []
            for n, (name, chunks) in enumerate(members(package, allowed), start=1):
                _write(Path(folder, str(n)), chunks)
                names.append(name)
            litter = sum(1 for info in package.infos() if not info.is_dir() and _LITTER.search(_name(info)))
    except Unreadable:
        return {}
    except OSError as err:  # of ours: what the zip itself refuses is Unreadable
        if err.errno == errno.EFBIG:
            raise  # the child's own limit, which would meet the file again
        return {"disk": system_words(err)}
    return {"members": names, "litter": litter}


def _write(path: Path, chunks: Iterator[bytes]) -> None:
    with path.open("wb") as out:
        for chunk in chunks:
            out.write(chunk)


def members(package: Package, limits: Limits) -> Iterator[tuple[str, Iterator[bytes]]]:
    """The files of a zip: name without its folders, and content. Raises Unreadable for what cannot be taken apart."""
    files = [info for info in package.infos() if not info.is_dir() and not _LITTER.search(_name(info))]
    check_sizes(((_name(info), info) for info in files), limits)
    if not files:
        raise unreadable("archive_empty")
    if len(files) > limits.archive_members:
        raise unreadable("archive_too_many", n=len(files), limit=limits.archive_members)
    for info in files:
        name = _name(info)
        if name.startswith("/") or ".." in name.split("/") or re.match(r"[A-Za-z]:", name):
            raise unreadable("unsafe", what=f"压缩包里的文件名 {name} 指向别处")
        if info.file_size > limits.file_bytes:
            raise unreadable("archive_member_too_large", name=name, limit=limits.file_bytes // 1_000_000)
    for info in files:
        yield _name(info).rpartition("/")[2], package.pieces(info)


def _name(info: zipfile.ZipInfo) -> str:
    """The name as its writer saw it; a zip made on a Chinese Windows does not say that its names are GBK."""
    name = info.filename
    if not info.flag_bits & 0x800:
        with contextlib.suppress(UnicodeEncodeError):  # then zipfile decoded it otherwise
            name = decoded(name.encode("cp437")) or name
    return name.replace("\\", "/")
