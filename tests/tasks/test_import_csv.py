"""A CSV of history that cannot be read is refused whole, with a sentence."""

from pathlib import Path

import pytest

from support.office_kit import OfficeKit, make_office
from tasks.import_history import import_history
from yaoxun.errors import RequestError


@pytest.fixture
def office(tmp_path: Path) -> OfficeKit:
    return make_office(tmp_path / "home", issued=False)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\xff\xff\xff,\xff", "认不出"),
        ("表,单位\n".encode() * 900 + b"\xff\xff,1\n", "编码"),
        ("表,单位\n".encode() * 90 + b"T3,\x01\n", "第 91 行有不能读的字符"),
        ('表,单位\n"T3,1\n'.encode(), "第 2 行有一个引号没有配对"),
        ("表,单位\nT3,甲\n".encode(), "."),
    ],
)
def test_it_says_what_is_wrong_and_takes_nothing(office: OfficeKit, tmp_path: Path, content: bytes, says: str) -> None:
    file = tmp_path / "历史.csv"
    file.write_bytes(content)
    with pytest.raises(RequestError, match=says):
        import_history(office.ctx(), file)
    assert office.query("select id from arrival") == []
