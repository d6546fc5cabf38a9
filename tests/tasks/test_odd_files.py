"""What offices send instead of one .xlsx: a zip of workbooks, a CSV, a PDF among them. Every file is answered for itself."""

import io
import os
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from support.office_kit import BUREAU, COUNTY, OTHER_COUNTY, OfficeKit, copy_office, make_office
from yaoxun.store.blobs import get_blob

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> OfficeKit:
    return make_office(tmp_path_factory.mktemp("office") / "home")


@pytest.fixture
def office(made: OfficeKit, tmp_path: Path) -> OfficeKit:
    return OfficeKit(copy_office(made.home.root, tmp_path / "home"))


def zipped(members: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return out.getvalue()


def named_in_gbk(content: bytes, plain: str, name: str) -> bytes:
    """The zip as an old Windows writes it: `plain` becomes `name`, whose GBK is as long, and no flag says so."""
    encoded = name.encode("gbk")
    assert len(encoded) == len(plain)
    return content.replace(plain.encode(), encoded)


def rows(office: OfficeKit) -> list[tuple[int, str, str, str]]:
    """(number, name, state, sender) of every arrival."""
    return [(r.id, r.name, r.state, r.sender) for r in office.query("select * from arrival order by id")]


def reason(office: OfficeKit, number: int) -> str:
    (found,) = office.query("select reason from arrival where id = :n", n=number)
    return str(found.reason)


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])
def test_every_file_of_a_zip_is_an_arrival_and_judged(office: OfficeKit, method: int) -> None:
    members = {
        "三月/": b"", "三月/城区.xlsx": office.filled(COUNTY), "三月/单位.xlsx": office.filled(BUREAU),
        "三月/盖章件.pdf": b"%PDF-1.7\n" + bytes(50), "__MACOSX/三月/._城区.xlsx": b"junk", "三月/Thumbs.db": b"junk",
        "三月/~$城区.xlsx": b"junk", "三月/内.zip": zipped({"表.xlsx": b"PK"}),
    }  # fmt: skip
    office.drop(zipped(members, method), "报表.zip")
    judged = office.collect().judged
    assert rows(office) == [
        (1, "报表.zip", "已拆分", ""), (2, "城区.xlsx", "已判", ""), (3, "单位.xlsx", "已判", ""),
        (4, "盖章件.pdf", "待认领", ""), (5, "内.zip", "待认领", ""),
    ]  # fmt: skip
    assert reason(office, 1) == "压缩包拆出 4 份：第 2、3、4、5 号来件；略过系统生成的文件 3 个"
    assert "PDF" in reason(office, 4)
    assert "压缩包" in reason(office, 5)
    assert [one.arrival for one in judged] == [2, 3, 4, 5]


def test_the_members_come_from_whom_the_zip_came_from_under_its_key(office: OfficeKit) -> None:
    office.drop(zipped({"表.xlsx": office.filled(COUNTY)}), f"{office.short(COUNTY)}/一起.zip")
    office.collect()
    (whole, member) = office.query("select * from arrival order by id")
    assert (member.sender, member.channel) == (whole.sender, whole.channel) == (office.short(COUNTY), "folder")
    assert member.channel_key == f"{whole.channel_key}/1"
    assert member.state == "已判"


def test_a_member_in_the_wrong_folder_is_not_taken(office: OfficeKit) -> None:
    office.drop(zipped({"表.xlsx": office.filled(COUNTY)}), f"{office.short(OTHER_COUNTY)}/一起.zip")
    office.collect()
    assert [state for _, _, state, _ in rows(office)] == ["已拆分", "待认领"]


def test_names_in_gbk_are_read(office: OfficeKit) -> None:
    content = named_in_gbk(zipped({"abcd.xlsx": office.filled(COUNTY)}), "abcd", "城区")
    office.drop(content, "报表.zip")
    office.take_in()
    assert [name for _, name, _, _ in rows(office)] == ["报表.zip", "城区.xlsx"]


def test_the_bytes_are_kept_as_they_came(office: OfficeKit) -> None:
    first, second = office.filled(COUNTY), b"%PDF-1.7\n"
    whole = zipped({"一.xlsx": first, "二.pdf": second})
    office.drop(whole, "报表.zip")
    office.take_in()
    blobs = [r.blob for r in office.query("select blob from arrival order by id")]
    assert [get_blob(office.home.blobs, sha) for sha in blobs] == [whole, first, second]
    assert [path.name for path in office.home.received.rglob("*.zip")] == ["报表.zip"]


def test_the_same_zip_again_is_answered_as_a_repeat_of_its_files(office: OfficeKit) -> None:
    content = zipped({"表.xlsx": office.filled(COUNTY)})
    for _ in range(2):
        office.drop(content, "报表.zip")
        office.collect()
    assert [state for _, _, state, _ in rows(office)] == ["已拆分", "已判", "已拆分", "重复"]


def test_a_zip_that_cannot_be_taken_apart_waits_whole_with_its_reason(office: OfficeKit) -> None:
    many, climbing = zipped({f"{n}.xlsx": b"PK" for n in range(101)}), zipped({"../../a.xlsx": b"PK"})
    files = [
        (many, "多.zip"),
        (climbing, "怪.zip"),
        (zipped({"a/": b""}), "空.zip"),
        (office.filled(COUNTY), "好.xlsx"),
    ]
    office.drop_in_order(files)
    office.collect()
    assert [(name, state) for _, name, state, _ in rows(office)] == [
        ("多.zip", "待认领"), ("怪.zip", "待认领"), ("空.zip", "待认领"), ("好.xlsx", "已判"),
    ]  # fmt: skip
    for number, says in enumerate(("有 101 个文件", "指向别处", "没有文件"), start=1):
        assert says in reason(office, number)


@pytest.mark.parametrize("point", ["take_in.before_commit", "take_in.after_commit"])
def test_a_zip_whose_taking_was_cut_off_is_there_once(office: OfficeKit, point: str) -> None:
    office.drop(zipped({"一.xlsx": office.filled(COUNTY), "二.pdf": b"%PDF-1.7\n"}), "报表.zip")
    code = (
        "import sys; from pathlib import Path; from tasks.take_in import take_in; from yaoxun.home import Home\n"
        "from yaoxun.context import Context, parse_now\n"
        "take_in(Context(home=Home(Path(sys.argv[1])), actor='手工', occasion='试', fixed_now=parse_now(sys.argv[2])))"
    )
    env = os.environ | {"YAOXUN_FAILPOINT": point, "PYTHONPATH": str(ROOT)}
    died = subprocess.run([sys.executable, "-c", code, str(office.home.root), office.now], env=env, check=False)
    assert died.returncode == -9
    office.collect()
    office.collect()
    assert [(name, state) for _, name, state, _ in rows(office)] == [
        ("报表.zip", "已拆分"), ("一.xlsx", "已判"), ("二.pdf", "待认领"),
    ]  # fmt: skip


def test_a_text_with_no_table_of_ours_waits_with_its_reason_and_an_answer(office: OfficeKit) -> None:
    office.drop("指标,数值\n甲,3\n".encode("gb18030"), f"{office.short(COUNTY)}/数据.csv")
    office.collect()
    ((_, _, state, _),) = rows(office)
    assert state == "待认领"
    assert reason(office, 1)


def test_an_issued_file_saved_under_another_name_is_told_by_its_content(office: OfficeKit) -> None:
    office.drop(office.filled(COUNTY), "报表.et")
    office.collect()
    assert [state for _, _, state, _ in rows(office)] == ["已判"]


PANIC = """
import xlrd

class Panic(BaseException):
    pass

def panic(*args, **kwargs):
    raise Panic("index out of bounds")

xlrd.open_workbook = panic
"""


def test_a_library_that_panics_in_a_child_is_that_files_trouble(
    office: OfficeKit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text(PANIC, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    config = office.home.config / "limits.yaml"  # other limits, hence a child of this test's own
    config.write_text(config.read_text(encoding="utf-8").replace("sheets: 100", "sheets: 99"), encoding="utf-8")
    old = b"\x09\x08\x08\x00\x00\x05\x05\x00"
    office.drop_in_order([(old, "坏.xls"), (office.filled(COUNTY), "好.xlsx")])
    office.collect()
    assert [(name, state) for _, name, state, _ in rows(office)] == [("坏.xls", "待认领"), ("好.xlsx", "已判")]
    assert "程序出错" in reason(office, 1)
