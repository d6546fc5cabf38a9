"""Putting away what was taken: under its own name where the disk takes it, else under a shorter one, over nothing."""

import os
from pathlib import Path

import pytest

from yaoxun.returns.folder import fitting, pick_up, picked_up, put_away, settled_files

LONG = "城" * 125 + ".xlsx"  # 255 bytes in GBK, 380 in UTF-8


def dropped(inbox: Path, name: bytes, content: bytes = b"x") -> None:
    path = Path(os.fsdecode(os.fsencode(inbox) + b"/" + name))
    path.write_bytes(content)
    os.utime(path, (1, 1))


@pytest.fixture
def places(tmp_path: Path) -> tuple[Path, Path, Path]:
    for name in ("收", "收/.取件", "已收"):
        (tmp_path / name).mkdir()
    return tmp_path / "收", tmp_path / "收/.取件", tmp_path / "已收"


def put_all_away(places: tuple[Path, Path, Path]) -> list[Path]:
    inbox, pickup, received = places
    for path in settled_files(inbox):
        assert pick_up(inbox, pickup, path)
    return [put_away(picked, received) for picked in picked_up(pickup)]


def test_a_name_in_gbk_that_is_too_long_in_utf8_is_shortened_before_its_extension(
    places: tuple[Path, Path, Path],
) -> None:
    dropped(places[0], LONG.encode("gbk"), b"content")
    (where,) = put_all_away(places)
    assert where.read_bytes() == b"content"
    assert where.name == "城" * 83 + ".xlsx", "254 bytes"
    assert list(places[1].iterdir()) == []


def test_the_longest_name_in_utf8_stays_as_it_is(places: tuple[Path, Path, Path]) -> None:
    name = "城" * 83 + "a.xlsx"
    assert len(name.encode()) == 255
    dropped(places[0], name.encode())
    assert [path.name for path in put_all_away(places)] == [name]


def test_putting_away_twice_is_once(places: tuple[Path, Path, Path]) -> None:
    inbox, pickup, received = places
    dropped(inbox, "表.xlsx".encode())
    picked = pick_up(inbox, pickup, settled_files(inbox)[0])
    assert picked
    for _ in range(2):
        put_away(picked, received)
    assert [path.name for path in received.rglob("*") if path.is_file()] == ["表.xlsx"]


@pytest.mark.parametrize("name", ["表.xlsx", LONG])
def test_a_file_that_lies_there_already_is_not_overwritten(places: tuple[Path, Path, Path], name: str) -> None:
    inbox, pickup, received = places
    dropped(inbox, name.encode("gbk"), b"new")
    picked = pick_up(inbox, pickup, settled_files(inbox)[0])
    assert picked
    (received / picked.key).mkdir()
    there = received / picked.key / fitting(name, 255)
    there.write_bytes(b"old")
    where = put_away(picked, received)
    assert (there.read_bytes(), where.read_bytes()) == (b"old", b"new")
    assert where.suffix == ".xlsx" and "（2）" in where.name and len(where.name.encode()) <= 255


@pytest.mark.parametrize(
    ("name", "longest", "wanted"),
    [
        ("城区.xlsx", 11, "城区.xlsx"),
        ("城区.xlsx", 10, "城.xlsx"),
        ("城区", 5, "城"),
        ("a." + "城" * 10, 11, "a.城城城"),
        (".xlsx", 4, ".xls"),
    ],
)
def test_a_name_is_cut_at_a_character_and_keeps_what_is_an_extension(name: str, longest: int, wanted: str) -> None:
    assert fitting(name, longest) == wanted
