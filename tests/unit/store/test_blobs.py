"""Bytes on their way into the archive: in pieces, whole or absent, each only once."""

import io
import sys
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from yaoxun.errors import OutsideError
from yaoxun.store.blobs import blob_path, get_blob, measure, put_blob, put_stream, sha256_of


def kept(root: Path) -> list[str]:
    return sorted(path.name for path in root.rglob("*") if path.is_file())


class Failing(io.BytesIO):
    """A file of which the disk gives the first piece only."""

    def read(self, size: int | None = -1) -> bytes:
        if self.tell():
            raise OSError(5, "Input/output error")
        return super().read(size)


@pytest.mark.parametrize("size", [0, 1, 1 << 20, 2_500_000])
def test_what_is_read_in_pieces_is_kept_whole_under_its_hash(tmp_path: Path, size: int) -> None:
    content = (bytes(range(251)) * (size // 251 + 1))[:size]
    sha, length = put_stream(tmp_path, io.BytesIO(content))
    assert (sha, length) == (sha256_of(content), size) == measure(blob_path(tmp_path, sha))
    assert get_blob(tmp_path, sha) == content
    assert kept(tmp_path) == [sha], "nothing else is left"


def test_the_same_bytes_again_are_no_second_file(tmp_path: Path) -> None:
    sha = put_blob(tmp_path, b"abc")
    before = blob_path(tmp_path, sha).stat().st_ino
    assert put_stream(tmp_path, io.BytesIO(b"abc")) == (sha, 3)
    assert blob_path(tmp_path, sha).stat().st_ino == before and kept(tmp_path) == [sha]


def test_a_large_file_is_never_in_memory_as_a_whole(tmp_path: Path) -> None:
    with (tmp_path / "large").open("wb") as made:
        made.truncate(80_000_000)
    tracemalloc.start()
    try:
        with (tmp_path / "large").open("rb") as file:
            sha, size = put_stream(tmp_path / "blobs", file)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    sys.stdout.write(f"80 MB into the archive: {peak / 1e6:.1f} MB of memory\n")
    assert size == 80_000_000 and kept(tmp_path / "blobs") == [sha] and peak < 8_000_000


def test_a_file_that_cannot_be_read_to_its_end_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(OutsideError, match="读不出来：磁盘读写出错"):
        put_stream(tmp_path, Failing(bytes(3_000_000)))
    assert kept(tmp_path) == []


def test_a_full_disk_is_told_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    puts: tuple[Any, ...] = (
        lambda: put_stream(tmp_path, io.BytesIO(b"abc")),
        lambda: put_blob(tmp_path, b"abc"),
    )
    for put in puts:
        with pytest.raises(OutsideError, match="磁盘已满"):
            put()
        assert kept(tmp_path) == []
