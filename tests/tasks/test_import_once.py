"""What is imported is what is archived: a file is read once, and what happens to it meanwhile changes nothing."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from support.office_kit import BUREAU, COUNTY, OTHER_COUNTY, OfficeKit, make_office
from support.own_sheets import SUMMARY, changed, put, summary_book
from tasks import import_history as history
from yaoxun.errors import RequestError
from yaoxun.home import Home
from yaoxun.sheets.sandbox import Sandbox
from yaoxun.store.blobs import get_blob, put_stream

COUNTIES = ("城区", "泽州县", "高平市", "阳城县", "陵川县", "沁水县")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    kit = make_office(tmp_path_factory.mktemp("history") / "home", (COUNTY, OTHER_COUNTY, BUREAU), issued=False)
    put(kit.home.config, SUMMARY, summary_book(COUNTIES), f"{COUNTY}, {OTHER_COUNTY}")
    return kit.home.root


@pytest.fixture
def kit(made: Path, tmp_path: Path) -> OfficeKit:
    shutil.copytree(made, tmp_path / "home")
    return OfficeKit(Home((tmp_path / "home").resolve()), "2023-06-20T10:00")


def summary(month: str, value: int) -> bytes:
    return changed(summary_book(COUNTIES, month=month), {"C7": value})


def months(folder: Path) -> list[Path]:
    files = [folder / f"{month}.xlsx" for month in (12, 11, 10)]
    for file in files:
        file.write_bytes(summary(f"2022年{file.stem}月", int(file.stem)))
    return files


def values(kit: OfficeKit) -> list[tuple[str, int]]:
    return [
        tuple(row) for row in kit.query("select period, value from fact where indicator = 'T20.本月' order by period")
    ]


@pytest.mark.parametrize("several", [False, True])
def test_a_file_that_is_written_again_meanwhile_is_taken_as_it_was_read(
    kit: OfficeKit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, several: bool
) -> None:
    file = tmp_path / "12.xlsx"
    first = summary("2022年12月", 5)
    file.write_bytes(first)
    other = tmp_path / "11.xlsx"
    other.write_bytes(summary("2022年11月", 4))

    def then_changed(root: Path, source: Any) -> tuple[str, int]:
        kept = put_stream(root, source)
        file.write_bytes(summary("2022年12月", 99))
        return kept

    monkeypatch.setattr(history, "put_stream", then_changed)
    done = history.import_files(kit.ctx(), [file, other] if several else [file])
    assert done.refused == 0
    assert ("2022-12", 5) in values(kit)
    (row,) = kit.query("select blob from arrival where name = '12.xlsx'")
    assert get_blob(kit.home.blobs, row.blob) == first


@pytest.mark.parametrize(("room", "looks"), [(1_000_000, 3), (0, 6)])
def test_several_files_are_opened_once_where_there_is_room(
    kit: OfficeKit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: int, looks: int
) -> None:
    opened: list[Path] = []
    real = Sandbox.open

    def counted(sandbox: Sandbox, path: Path) -> Any:
        opened.append(path)
        return real(sandbox, path)

    monkeypatch.setattr(Sandbox, "open", counted)
    monkeypatch.setattr(history, "_CELLS_AT_HAND", room)
    files = months(tmp_path)
    assert history.import_files(kit.ctx(), files).refused == 0
    assert values(kit) == [("2022-10", 10), ("2022-11", 11), ("2022-12", 12)]
    assert len(opened) == looks and not set(opened) & set(files), "the archived bytes are looked at"


def test_a_file_that_is_too_large_is_refused_by_its_size_and_not_archived(kit: OfficeKit, tmp_path: Path) -> None:
    file = tmp_path / "大.xlsx"
    with file.open("wb") as made:
        made.truncate(30_000_000)
    before = list(kit.home.blobs.rglob("*"))
    with pytest.raises(RequestError, match=r"大\.xlsx.*30 MB"):
        history.import_history(kit.ctx(), file)
    assert list(kit.home.blobs.rglob("*")) == before


def test_what_is_no_file_is_told_in_chinese(kit: OfficeKit, tmp_path: Path) -> None:
    for path, says in ((tmp_path / "无.xlsx", "没有这个文件"), (tmp_path, "是目录，不是文件")):
        with pytest.raises(RequestError, match=says):
            history.import_history(kit.ctx(), path)
