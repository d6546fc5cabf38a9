"""Taking in when disks refuse or files are huge: each file for itself, nothing lost, and all of it again the next time."""

import io
import os
import shutil
import sys
import tracemalloc
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from support.office_kit import BUREAU, COUNTY, OfficeKit, copy_office, make_office
from tasks import examine, record_file
from tasks.archive import verify_archive
from tasks.judge import judge_batch, waiting
from tasks.take_in import take_in
from yaoxun.errors import OutsideError
from yaoxun.store.blobs import blob_path, measure, put_stream


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> OfficeKit:
    return make_office(tmp_path_factory.mktemp("office") / "home", (COUNTY, BUREAU))


@pytest.fixture
def office(made: OfficeKit, tmp_path: Path) -> OfficeKit:
    return OfficeKit(copy_office(made.home.root, tmp_path / "home"))


def states(kit: OfficeKit) -> list[tuple[str, str]]:
    return [(row.name, row.state) for row in kit.query("select name, state from arrival order by id")]


def zipped(content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("城区.xlsx", content)
    return out.getvalue()


def refused(kit: OfficeKit) -> str:
    with pytest.raises(OutsideError) as told:
        take_in(kit.ctx())
    assert "不是表的问题；文件没有丢，下次收件自动再试" in told.value.remedy
    return told.value.message


def test_a_huge_file_is_archived_in_pieces_and_refused_by_its_size(office: OfficeKit) -> None:
    with office.drop(b"PK", "大.xlsx").open("r+b") as file:
        file.truncate(60_000_000)
    path = office.home.inbox / "大.xlsx"
    whole = measure(path)

    os.utime(path, (1, 1))
    tracemalloc.start()
    try:
        office.take_in()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    sys.stdout.write(f"60 MB taken in: {peak / 1e6:.1f} MB of memory\n")
    assert peak < 20_000_000
    office.collect()
    (row,) = office.query("select a.state, a.reason, b.sha256, b.size from arrival a join blob b on b.sha256 = a.blob")
    assert (row.state, row.sha256, row.size) == ("待认领", *whole)
    assert "60 MB" in row.reason and "20 MB" in row.reason
    assert measure(blob_path(office.home.blobs, row.sha256)) == whole and verify_archive(office.ctx()).sound


def test_a_disk_that_fills_up_at_one_file_lets_the_others_in_and_tries_it_again(
    office: OfficeKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = office.filled(COUNTY)

    def full(root: Path, file: Any) -> tuple[str, int]:
        if len(bad) == file.seek(0, 2):
            raise OSError(28, "No space left on device")
        file.seek(0)
        return put_stream(root, file)

    office.drop_in_order([(bad, "坏.xlsx"), (office.filled(BUREAU), "好.xlsx")])
    monkeypatch.setattr(record_file, "put_stream", full)
    for _ in range(2):
        assert refused(office) == "“坏.xlsx”暂时没有收成：磁盘已满"
        assert states(office) == [("好.xlsx", "待判")]
    monkeypatch.undo()
    office.collect()
    assert states(office) == [("好.xlsx", "已判"), ("坏.xlsx", "已判")]


def test_a_zip_needs_no_room_outside_of_the_office(office: OfficeKit, monkeypatch: pytest.MonkeyPatch) -> None:
    office.drop_in_order([(zipped(office.filled(COUNTY)), "报表.zip"), (office.filled(BUREAU), "单位.xlsx")])
    monkeypatch.setattr("tempfile.tempdir", "/nonexistent")  # as full as a /tmp can be
    office.take_in()
    assert states(office) == [("报表.zip", "已拆分"), ("城区.xlsx", "待判"), ("单位.xlsx", "待判")]


@contextmanager
def nowhere(**_: object) -> Iterator[str]:
    """A folder that the child cannot write to."""
    yield "/nonexistent"


@contextmanager
def no_folder(**_: object) -> Iterator[str]:
    raise OSError(28, "No space left on device")
    yield


@pytest.mark.parametrize("folder", [nowhere, no_folder])
def test_a_zip_that_the_disk_has_no_room_for_waits_and_is_taken_apart_the_next_time(
    office: OfficeKit, monkeypatch: pytest.MonkeyPatch, folder: Any
) -> None:
    office.drop_in_order([(zipped(office.filled(COUNTY)), "报表.zip"), (office.filled(BUREAU), "单位.xlsx")])
    monkeypatch.setattr(record_file, "TemporaryDirectory", folder)
    assert "“报表.zip”暂时没有收成" in refused(office)
    assert states(office) == [("单位.xlsx", "待判")]
    monkeypatch.undo()
    office.collect()
    assert states(office) == [("单位.xlsx", "已判"), ("报表.zip", "已拆分"), ("城区.xlsx", "已判")]


def test_a_file_that_would_fill_the_disk_is_not_begun(office: OfficeKit, monkeypatch: pytest.MonkeyPatch) -> None:
    office.drop_in_order([(bytes(9_000_000), "大.bin"), (office.filled(BUREAU), "好.xlsx")])
    left = shutil.disk_usage("/")._replace(free=12_000_000)
    monkeypatch.setattr("shutil.disk_usage", lambda _: left)
    assert refused(office) == "“大.bin”暂时没有收成：文件有 9 MB，磁盘只剩 12 MB，放不下"
    monkeypatch.undo()
    office.collect()
    assert states(office) == [("好.xlsx", "已判"), ("大.bin", "待认领")]


def test_of_several_that_were_refused_the_number_is_told(office: OfficeKit, monkeypatch: pytest.MonkeyPatch) -> None:
    office.drop_in_order([(b"a", "一.bin"), (b"b", "二.bin"), (b"c", "三.bin")])
    left = shutil.disk_usage("/")._replace(free=1)
    monkeypatch.setattr("shutil.disk_usage", lambda _: left)
    assert "（另有 2 件也没有收成）" in refused(office)


def test_a_subfolder_that_cannot_be_looked_into_is_told_and_the_others_are_taken(
    office: OfficeKit, monkeypatch: pytest.MonkeyPatch
) -> None:

    real = os.scandir

    def refuse(path: Any) -> Any:
        if str(path).endswith("城区"):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    office.drop_in_order([(office.filled(COUNTY), "城区/表.xlsx"), (office.filled(BUREAU), "单位.xlsx")])
    monkeypatch.setattr("os.scandir", refuse)
    assert "城区”暂时没有收成：没有权限" in refused(office)
    assert states(office) == [("单位.xlsx", "待判")]
    monkeypatch.undo()
    office.collect()
    assert ("表.xlsx", "已判") in states(office)


def test_a_disk_that_is_full_while_one_file_is_judged_lets_the_others_have_their_turn(
    office: OfficeKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.drop_in_order(
        [(office.filled(COUNTY, typed={"T1": {"本期完成": "约三场"}}), "退.xlsx"), (b"no workbook", "杂.xlsx")]
    )
    office.take_in()
    monkeypatch.setattr(examine, "TemporaryDirectory", no_folder)
    with pytest.raises(OutsideError, match="第 1 号来件暂时没有审成：磁盘已满"):
        judge_batch(office.ctx(), waiting(office.ctx()))
    assert states(office) == [("退.xlsx", "待判"), ("杂.xlsx", "待认领")]
    monkeypatch.undo()
    office.collect()
    assert states(office) == [("退.xlsx", "已判"), ("杂.xlsx", "待认领")]
