"""Checking a file before it is sent: the same decisions and findings as on arrival, and nothing written but the copy."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from support.filling import policy
from support.office_kit import BUREAU, COUNTY, MARCH, MORNING, OfficeKit, make_office
from tasks.precheck import precheck
from yaoxun.errors import RequestError
from yaoxun.home import Home

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> OfficeKit:
    return make_office(tmp_path_factory.mktemp("office") / "home")


@pytest.fixture
def no_data(office: OfficeKit, tmp_path: Path) -> OfficeKit:
    """The same office's configuration, without a database or any folder of data."""
    shutil.copytree(office.home.config, tmp_path / "bare" / "config")
    shutil.copytree(office.home.templates, tmp_path / "bare" / "report_templates")
    return OfficeKit(Home(tmp_path / "bare"))


def tree(root: Path) -> dict[str, tuple[int, str]]:
    """Every file and folder, when it was written and what it holds."""
    return {
        path.relative_to(root).as_posix(): (
            path.stat().st_mtime_ns,
            hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "",
        )
        for path in [root, *root.rglob("*")]
    }


def on_disk(folder: Path, content: bytes, name: str = "表.xlsx") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def test_what_would_be_accepted_is_told_so_and_nothing_is_written(office: OfficeKit, tmp_path: Path) -> None:
    file = on_disk(tmp_path, office.filled(BUREAU, rows={"T3": [policy(1)]}))
    before = tree(office.home.root)
    checked = precheck(office.ctx(), file)
    assert checked.acceptable and checked.history
    assert {"T1", "T2", "T3"} <= {table for table, *_ in checked.decisions}
    assert tree(office.home.root) == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["表.xlsx"], "no finding, no copy"


def test_the_findings_are_those_of_an_arrival_and_the_copy_is_marked(office: OfficeKit, tmp_path: Path) -> None:
    content = office.filled(BUREAU, rows={"T3": [policy(1, 出台日期="不详"), policy(2, 层级="市")]})
    file = on_disk(tmp_path, content)
    before, source = tree(office.home.root), file.read_bytes()
    checked = precheck(office.ctx(), file)
    assert tree(office.home.root) == before and file.read_bytes() == source
    assert not checked.acceptable
    copy = openpyxl.load_workbook(tmp_path / "表-审核意见（预检，不报送）.xlsx")
    assert "不能读成日期" in " ".join(str(c.value) for row in copy["审核意见"].iter_rows() for c in row)
    again = precheck(office.ctx(), file)
    assert Path(again.copy).name == "表-审核意见（预检，不报送）-2.xlsx"
    shutil.copytree(office.home.root, tmp_path / "home")
    judged = OfficeKit(Home(tmp_path / "home"))
    judged.drop(content, "表.xlsx")
    (one,) = judged.collect().judged
    assert dict(one.decisions) == {table: decision for table, _, _, decision in checked.decisions}
    recorded = judged.query("select rule, cell, message from finding order by id")
    assert {(r.rule, r.cell, r.message) for r in recorded} == {(f.rule, f.cell, f.message) for f in checked.findings}


def test_the_copy_of_a_file_that_lies_in_the_inbox_goes_elsewhere_and_is_never_collected(
    office: OfficeKit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(office.home.root, tmp_path / "home")
    kit = OfficeKit(Home(tmp_path / "home"))
    kit.drop(kit.filled(BUREAU, rows={"T3": [policy(1, 出台日期="不详")]}), "表.xlsx")
    (tmp_path / "here").mkdir()
    for current, folder in ((tmp_path / "here", tmp_path / "here"), (kit.home.inbox, kit.home.root)):
        monkeypatch.chdir(current)
        copy = Path(precheck(kit.ctx(), kit.home.inbox / "表.xlsx").copy)
        assert copy.parent == folder
    kit.drop(copy.read_bytes(), copy.name, age_s=60)
    kit.collect()
    assert [row.name for row in kit.query("select name from arrival")] == ["表.xlsx"]


def test_without_a_database_none_is_made_and_the_history_is_said_to_be_missing(
    office: OfficeKit, no_data: OfficeKit, tmp_path: Path
) -> None:
    file = on_disk(tmp_path, office.filled(BUREAU, rows={"T3": [policy(1)]}))
    before = tree(no_data.home.root)
    checked = precheck(no_data.ctx(), file)
    assert tree(no_data.home.root) == before and not no_data.home.data.exists()
    assert checked.acceptable and not checked.history
    assert any("还没有数据库" in note for note in checked.notes)


def test_what_was_accepted_before_is_read_from_the_database(office: OfficeKit, tmp_path: Path) -> None:
    shutil.copytree(office.home.root, tmp_path / "home")
    kit = OfficeKit(Home(tmp_path / "home"))
    kit.drop(kit.filled(COUNTY, typed={"T1": {"本期完成": 7}}), "三月.xlsx")
    kit.collect()
    april = "2023-04-26T10:00"
    kit.issue("2023-04", april)
    file = on_disk(tmp_path, kit.filled(COUNTY, "2023-04", typed={"T1": {"本期完成": 0}}), "四月.xlsx")
    before = tree(kit.home.root)
    asked = [f for f in precheck(kit.ctx(april), file).findings if f.rule == "C08"]
    assert asked, "上期有数、本期为0"
    assert tree(kit.home.root) == before
    (kit.home.data / "yaoxun.db").write_bytes(b"not a database at all, but long enough to be read as one" * 40)
    checked = precheck(kit.ctx(april), file)
    assert not checked.history and any("数据库打不开" in note for note in checked.notes)


def _anonymous(book: Any) -> None:
    del book["_meta"]
    for row in book["封面"].iter_rows(min_col=2, max_col=3):
        if row[0].value in ("报告期", "填报单位"):
            row[1].value = None


def test_a_file_that_says_nothing_of_itself_is_asked_about_and_checked_when_told(
    office: OfficeKit, tmp_path: Path
) -> None:
    file = on_disk(tmp_path, office.filled(COUNTY, change=_anonymous))
    asked = precheck(office.ctx(), file)
    assert not asked.acceptable
    assert any("--org" in note and "--period" in note for note in asked.notes)
    assert "T1" in asked.saw["tables"] and asked.saw["org"] == ""
    told = precheck(office.ctx(), file, org=office.short(COUNTY), period=MARCH)
    assert {p for _, _, p, d in told.decisions if d == "接收"} >= {MARCH}
    assert {"T1", "T3", "T5", "T7"} <= {table for table, *_ in told.decisions}


def test_what_is_ours_or_no_workbook_is_one_sentence(office: OfficeKit, tmp_path: Path) -> None:
    for content, says in ((office.template(COUNTY), "空白模板"), (b"no workbook", "不是")):
        checked = precheck(office.ctx(), on_disk(tmp_path, content))
        assert not checked.acceptable and len(checked.notes) == 1
        assert says in checked.notes[0]


def test_the_lock_and_the_opening_count_as_on_arrival(office: OfficeKit, tmp_path: Path) -> None:
    file = on_disk(tmp_path, office.filled(COUNTY))
    late = precheck(office.ctx("2023-06-20T10:00"), file)
    assert not late.acceptable and "已过锁定时间" in " ".join(late.notes)
    early = precheck(office.ctx("2023-02-01T10:00"), file)
    assert not early.acceptable and "尚未开报" in " ".join(early.notes)


def test_the_source_is_never_written_over_and_what_cannot_be_read_is_told(office: OfficeKit, tmp_path: Path) -> None:
    file = on_disk(tmp_path, office.filled(BUREAU, rows={"T3": [policy(1, 出台日期="不详")]}))
    with pytest.raises(RequestError, match="原文件"):
        precheck(office.ctx(), file, copy=tmp_path / "." / "表.xlsx")
    with pytest.raises(RequestError, match="读不了文件"):
        precheck(office.ctx(), tmp_path / "没有.xlsx")
    with pytest.raises(RequestError, match="没有单位"):
        precheck(office.ctx(), file, org="没有这家")
    asked = precheck(office.ctx(), file, copy=tmp_path / "意见.xlsx")
    assert asked.copy == str(tmp_path / "意见.xlsx") and (tmp_path / "意见.xlsx").exists()


def command(kit: OfficeKit, *words: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}
    line = [sys.executable, "-m", "yaoxun", *words, "--home", str(kit.home.root)]
    return subprocess.run(line, capture_output=True, text=True, env=env, timeout=60, check=False)


def test_the_exit_status_says_whether_all_would_be_accepted(office: OfficeKit, tmp_path: Path) -> None:
    good = on_disk(tmp_path, office.filled(BUREAU, rows={"T3": [policy(1)]}), "好.xlsx")
    bad = on_disk(tmp_path, office.filled(BUREAU, rows={"T3": [policy(1, 出台日期="不详")]}), "坏.xlsx")
    before = tree(office.home.root)
    assert command(office, "check", str(good), "--now", MORNING).returncode == 0
    done = command(office, "check", str(bad), "--now", MORNING, "--json")
    assert done.returncode == 1 and done.stderr == ""
    told = json.loads(done.stdout)
    assert not told["acceptable"] and told["findings"][0]["cell"] == "H4"
    shown = command(office, "check", str(bad), "--now", MORNING)
    assert shown.returncode == 1 and "不能读成日期" in shown.stdout and "Traceback" not in shown.stderr
    assert tree(office.home.root) == before
