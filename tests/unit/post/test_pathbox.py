from pathlib import Path

import pytest

from yaoxun.errors import InternalError, OutsideError
from yaoxun.post.pathbox import Deposit, deposit

ADDRESS = "回/示例区/回执.txt"


def files(root: Path) -> dict[str, bytes]:
    return {str(p.relative_to(root)): p.read_bytes() for p in root.rglob("*") if p.is_file()}


def test_a_copy_is_written_and_nothing_else_stays(tmp_path: Path) -> None:
    assert deposit(tmp_path, ADDRESS, b"one") is Deposit.WRITTEN
    assert files(tmp_path) == {"示例区/回执.txt": b"one"}


def test_the_same_copy_again_is_not_written_again(tmp_path: Path) -> None:
    deposit(tmp_path, ADDRESS, b"one")
    before = (tmp_path / "示例区/回执.txt").stat()

    assert deposit(tmp_path, ADDRESS, b"one") is Deposit.SAME
    after = (tmp_path / "示例区/回执.txt").stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_another_file_of_that_name_stays_as_it_is(tmp_path: Path) -> None:
    deposit(tmp_path, ADDRESS, b"one")

    assert deposit(tmp_path, ADDRESS, b"two") is Deposit.TAKEN
    assert files(tmp_path) == {"示例区/回执.txt": b"one"}


def test_a_folder_of_that_name_is_taken_too(tmp_path: Path) -> None:
    (tmp_path / "示例区/回执.txt").mkdir(parents=True)

    assert deposit(tmp_path, ADDRESS, b"one") is Deposit.TAKEN


@pytest.mark.parametrize("address", ["回/../x.txt", "回/a/../../x.txt", "/x.txt", "x.txt", "回/"])
def test_nothing_is_written_outside(tmp_path: Path, address: str) -> None:
    root = tmp_path / "回"

    with pytest.raises(InternalError):
        deposit(root, address, b"one")
    assert files(tmp_path) == {}


def test_a_link_out_of_the_box_is_not_followed(tmp_path: Path) -> None:
    root, elsewhere = tmp_path / "回", tmp_path / "elsewhere"
    root.mkdir()
    elsewhere.mkdir()
    (root / "示例区").symlink_to(elsewhere)

    with pytest.raises(InternalError):
        deposit(root, ADDRESS, b"one")
    assert files(elsewhere) == {}


def test_a_disk_that_refuses_is_outside_trouble(tmp_path: Path) -> None:
    (tmp_path / "示例区").write_bytes(b"a file where the folder should be")

    with pytest.raises(OutsideError):
        deposit(tmp_path, ADDRESS, b"one")
