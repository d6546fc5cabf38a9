"""A zip of files: what is taken out of it in the child, and the reason when nothing can be."""

import io
import struct
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from support.sheets_builders import parts, write
from yaoxun.sheets.kinds import may_be_archive
from yaoxun.sheets.limits import Limits
from yaoxun.sheets.model import Refusal
from yaoxun.sheets.reader import read_workbook
from yaoxun.sheets.sandbox import Sandbox

UNPACK = "yaoxun.sheets.archive:unpack"


def zipped(members: Mapping[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return out.getvalue()


def unpack(sandbox: Sandbox, limits: Limits, content: bytes, folder: Path) -> tuple[dict[str, bytes], int]:
    """Name → content of what was taken out, and the count of litter."""
    out = folder / "out"
    out.mkdir()
    (folder / "a.zip").write_bytes(content)
    found = sandbox.call(UNPACK, path=str(folder / "a.zip"), limits=limits.model_dump(), folder=str(out))
    assert not isinstance(found, Refusal)
    if not found:
        return {}, 0
    assert {path.name for path in out.iterdir()} == {str(n) for n in range(1, len(found["members"]) + 1)}
    return {name: (out / str(n)).read_bytes() for n, name in enumerate(found["members"], start=1)}, found["litter"]


def test_files_come_out_under_their_own_names_without_folders_and_litter(
    tmp_path: Path, limits: Limits, sandbox: Sandbox
) -> None:
    content = zipped(
        {"夹/": "", "夹/表.xlsx": "甲", "夹\\旧.xls": "乙", "__MACOSX/._表.xlsx": "x", "夹/.DS_Store": "x", "~$表.xlsx": "x",
         "夹/Thumbs.db": "x", "desktop.ini": "x"}
    )  # fmt: skip
    assert unpack(sandbox, limits, content, tmp_path) == ({"表.xlsx": "甲".encode(), "旧.xls": "乙".encode()}, 5)


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_names_without_the_flag_of_utf8_are_read(
    tmp_path: Path, limits: Limits, sandbox: Sandbox, encoding: str
) -> None:
    # 軄 ends in 5C in GBK, which is a backslash to whoever looks at bytes.
    name = "示例軄/表乗.xlsx".encode(encoding)
    placeholder = "a" * len(name)
    content = zipped({placeholder: "甲"}).replace(placeholder.encode(), name)
    assert unpack(sandbox, limits, content, tmp_path)[0] == {"表乗.xlsx": "甲".encode()}


def test_two_files_of_one_name_both_come_out(tmp_path: Path, limits: Limits, sandbox: Sandbox) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "a.zip").write_bytes(zipped({"一/表.xlsx": "甲", "二/表.xlsx": "乙"}))
    found = sandbox.call(UNPACK, path=str(tmp_path / "a.zip"), limits=limits.model_dump(), folder=str(tmp_path / "out"))
    assert found == {"members": ["表.xlsx", "表.xlsx"], "litter": 0}
    assert (tmp_path / "out" / "2").read_text() == "乙"


def test_a_workbook_is_not_taken_apart(tmp_path: Path, limits: Limits, sandbox: Sandbox) -> None:
    content = write(tmp_path / "b", parts()).read_bytes()
    assert not may_be_archive(io.BytesIO(content))
    assert unpack(sandbox, limits, content, tmp_path) == ({}, 0)


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])
def test_a_zip_of_workbooks_is_known_for_one_however_it_is_packed(tmp_path: Path, method: int) -> None:
    content = zipped({"表.xlsx": write(tmp_path / "b", parts()).read_bytes()}, method)
    assert may_be_archive(io.BytesIO(content))


@pytest.mark.parametrize("content", [b"", b"PK", b"PK\x05\x06", b"%PDF-1.7", b"PK\x03\x04" + b"\xff" * 60])
def test_what_is_no_zip_needs_no_child(content: bytes) -> None:
    assert not may_be_archive(io.BytesIO(content))


def test_a_disk_that_takes_no_member_is_told_and_not_blamed_on_the_zip(
    tmp_path: Path, limits: Limits, sandbox: Sandbox
) -> None:
    (tmp_path / "a.zip").write_bytes(zipped({"表.xlsx": "甲"}))
    gone = str(tmp_path / "gone")
    found = sandbox.call(UNPACK, path=str(tmp_path / "a.zip"), limits=limits.model_dump(), folder=gone)
    assert found == {"disk": "没有这个文件或目录"}


def test_a_zip_with_the_longest_comment_is_known_for_one() -> None:
    content = zipped({"表.xlsx": "甲"})
    assert may_be_archive(io.BytesIO(content[:-2] + b"\xff\xff" + bytes(65535)))


def with_flag(content: bytes, value: int) -> bytes:
    """Every member marked as encrypted."""
    whole = bytearray(content)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = whole.find(signature)
        while at >= 0:
            struct.pack_into("<H", whole, at + offset, value)
            at = whole.find(signature, at + 4)
    return bytes(whole)


def lying(content: bytes) -> bytes:
    """The directory announces ten bytes for a member that has more."""
    whole = bytearray(content)
    struct.pack_into("<I", whole, whole.rfind(b"PK\x01\x02") + 24, 10)
    return bytes(whole)


def damaged(content: bytes) -> bytes:
    whole = bytearray(content)
    whole[60] ^= 0xFF
    return bytes(whole)


def nested(layers: int) -> bytes:
    content = b"PK"
    for _ in range(layers):
        content = zipped({"内.zip": content})
    return content


SMALL = {"file_bytes": 3000, "unpacked_bytes": 6000, "archive_members": 3}
REFUSED: dict[str, tuple[str, Callable[[], bytes]]] = {
    "encrypted": ("zip_password", lambda: with_flag(zipped({"a.xlsx": b"PK"}), 1)),
    "too many": ("archive_too_many", lambda: zipped({f"{n}.xlsx": b"PK" for n in range(4)})),
    "too many for the directory": ("bomb", lambda: zipped({f"{n}": b"" for n in range(1001)})),
    "one too large": ("archive_member_too_large", lambda: zipped({"大.xlsx": b"0" * 3001})),
    "all too large": ("bomb", lambda: zipped({f"{n}.xlsx": b"0" * 2500 for n in range(3)})),
    "a bomb": ("bomb", lambda: zipped({"零.xlsx": bytes(2_000_000)})),
    "an absolute name": ("unsafe", lambda: zipped({"/etc/a.xlsx": b"PK"})),
    "a name that climbs": ("unsafe", lambda: zipped({"夹/../../a.xlsx": b"PK"})),
    "a name that climbs backwards": ("unsafe", lambda: zipped({"..\\a.xlsx": b"PK"})),
    "a name with a drive": ("unsafe", lambda: zipped({"C:\\a.xlsx": b"PK"})),
    "litter only": ("archive_empty", lambda: zipped({"__MACOSX/._a.xlsx": b"PK", "a/": b""})),
    "nothing": ("archive_empty", lambda: zipped({})),
    "cut": ("truncated", lambda: zipped({"a.xlsx": b"PK" * 500})[:-30]),
    "damaged": ("broken", lambda: damaged(zipped({"a.xlsx": bytes(range(256)) * 9}))),
    "a lying size": ("broken", lambda: lying(zipped({"a.xlsx": b"PK" * 500}))),
    "another compression": ("unsafe", lambda: zipped({"a.xlsx": b"PK" * 500}, zipfile.ZIP_LZMA)),
    "a zip that was in a zip": ("archive", lambda: nested(3)),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_a_zip_that_cannot_be_taken_apart_says_why(tmp_path: Path, limits: Limits, sandbox: Sandbox, kind: str) -> None:
    code, build = REFUSED[kind]
    tight = limits.model_copy(update={**SMALL, **({"file_bytes": 90_000} if "directory" in kind else {})})
    content = build()
    if kind != "a zip that was in a zip":
        assert unpack(sandbox, tight, content, tmp_path) == ({}, 0)
    (tmp_path / "报表.xlsx").write_bytes(content)
    found = read_workbook(tmp_path / "报表.xlsx", tight)
    assert isinstance(found, Refusal), found
    assert found.code == code, found
