"""A file that our program fails on is kept under its number, its sender is told once that nothing is wrong with it, and it
is looked at again once for every new configuration or program. And: what is archived is whole, or is told.
"""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

import tasks.examine
import tasks.fault
from support.office_kit import COUNTY, SIGNER, OfficeKit, make_office
from tasks.archive import verify_archive
from tasks.housekeeping import housekeep
from tasks.intake import reject, retry
from tasks.judge import judge_batch, waiting
from tasks.send import put_copies
from yaoxun.errors import InternalError
from yaoxun.home import Home
from yaoxun.store.blobs import blob_path


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> OfficeKit:
    return make_office(tmp_path_factory.mktemp("office") / "home")


@pytest.fixture
def office(prepared: OfficeKit, tmp_path: Path) -> OfficeKit:
    shutil.copytree(prepared.home.root, tmp_path / "home")
    return OfficeKit(Home(tmp_path / "home"))


class Broken:
    """A program that fails on files, until it is repaired; counts how often it was tried."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
        self.tried, self.repaired, self.error = 0, False, error
        real = tasks.examine.check

        def check(*words: Any, **named: Any) -> Any:
            if self.repaired:
                return real(*words, **named)
            self.tried += 1
            raise self.error

        monkeypatch.setattr(tasks.examine, "check", check)


@pytest.fixture(params=[ZeroDivisionError("planted"), InternalError("planted")], ids=["any", "ours"])
def broken(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Broken:
    return Broken(monkeypatch, request.param)


def changed_config(kit: OfficeKit) -> None:
    path = kit.home.config / "notices.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "# 改过\n", encoding="utf-8")


def told(kit: OfficeKit) -> list[str]:
    rows = kit.query("select params from message order by id")
    return [json.loads(row.params).get("template", "receipt") for row in rows]


def states(kit: OfficeKit) -> list[str]:
    return [row.state for row in kit.query("select state from arrival order by id")]


def test_the_sender_is_told_once_and_the_file_is_accepted_after_the_repair(office: OfficeKit, broken: Broken) -> None:
    office.drop(office.filled(COUNTY), f"{office.short(COUNTY)}/表.xlsx")
    office.collect()
    assert states(office) == ["内部故障"]
    put_copies(office.ctx())
    (note,) = (office.home.replies / office.short(COUNTY)).iterdir()
    text = note.read_text(encoding="utf-8-sig")
    assert note.name == "1-0 程序故障.txt"
    assert "不是您的表有错" in text and "第 1 号" in text and "不用重报" in text
    addresses = {row.address for row in office.query("select address from recipient")}
    assert "a@chengqu.example" in addresses

    for _ in range(3):  # the same program and configuration: nothing is tried again
        assert waiting(office.ctx()) == ()
        assert housekeep(office.ctx()).reopened == 0
    assert broken.tried == 1

    changed_config(office)
    assert office.collect().judged[0].state == "内部故障"
    assert waiting(office.ctx()) == ()
    assert broken.tried == 2
    assert told(office) == ["fault"], "told once"

    broken.repaired = True
    changed_config(office)
    assert dict(office.collect().judged[0].decisions)["T1"] == "接收"
    assert told(office) == ["fault", "receipt"]


def test_going_back_to_a_configuration_that_failed_is_not_another_try(office: OfficeKit, broken: Broken) -> None:
    path = office.home.config / "notices.yaml"
    first = path.read_text(encoding="utf-8")
    office.drop(office.filled(COUNTY), "表.xlsx")
    office.collect()
    changed_config(office)
    office.collect()
    path.write_text(first, encoding="utf-8")
    office.collect()
    assert broken.tried == 2


def test_a_new_version_of_the_program_is_another_try(
    office: OfficeKit, broken: Broken, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.drop(office.filled(COUNTY), "表.xlsx")
    office.collect()
    monkeypatch.setattr(tasks.fault, "__version__", "99.0")
    broken.repaired = True
    assert office.collect().judged[0].state == "已判"


def test_by_hand_it_is_tried_at_any_time_and_only_where_there_is_something_to_try(
    office: OfficeKit, broken: Broken
) -> None:
    office.drop_in_order([(office.filled(COUNTY), "表.xlsx"), (b"no workbook", "杂件.xlsx")])
    office.collect()
    assert states(office) == ["内部故障", "待认领"]
    assert [one.state for one in retry(office.ctx()).judged] == ["内部故障", "待认领"]
    assert told(office) == ["fault", "unclaimed"]
    broken.repaired = True
    assert retry(office.ctx(), (1,)).judged[0].state == "已判"
    again = retry(office.ctx(), (1,))
    assert again.judged == () and "第 1 号来件是“已判”" in again.failed[0]


def test_of_several_by_hand_each_is_tried_and_told(office: OfficeKit, broken: Broken) -> None:
    files = [(office.filled(COUNTY), "表.xlsx"), (b"no workbook", "杂件.xlsx"), (b"nor this", "杂件二.xlsx")]
    office.drop_in_order(files)
    office.collect()
    reject(office.ctx("", SIGNER), 2, "不是报表")
    broken.repaired = True
    done = retry(office.ctx(), (9, 2, 1, 3, 1))
    assert [(one.arrival, one.state) for one in done.judged] == [(1, "已判"), (3, "待认领")]
    assert ["没有第 9 号来件" in done.failed[0], "第 2 号来件是“已拒收”" in done.failed[1]] == [True, True]
    assert len(done.failed) == 2


def test_one_files_fault_holds_up_no_other(office: OfficeKit, broken: Broken) -> None:
    office.drop_in_order([(office.filled(COUNTY), "表.xlsx"), (b"no workbook", "杂件.xlsx")])
    office.take_in()
    assert [j.state for j in judge_batch(office.ctx(), waiting(office.ctx())).judged] == ["内部故障", "待认领"]


def test_what_is_archived_is_compared_with_its_record_and_what_lies_beside_it_is_listed(office: OfficeKit) -> None:
    office.drop_in_order([(office.filled(COUNTY), "表.xlsx"), (b"no workbook", "杂件.xlsx"), (b"nor this", "又.xlsx")])
    office.collect()
    whole = verify_archive(office.ctx(actor=SIGNER))
    assert whole.sound and whole.checked == len(office.query("select * from blob")) and whole.strays == ()
    shas = [row.blob for row in office.query("select blob from arrival order by id")]
    root = office.home.blobs
    paths = [blob_path(root, sha) for sha in shas]
    paths[0].write_bytes(paths[0].read_bytes()[:-1] + b"?")
    paths[1].write_bytes(b"shorter")
    paths[2].unlink()
    stray = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"  # of “hello”
    blob_path(root, stray).parent.mkdir(exist_ok=True)
    blob_path(root, stray).write_bytes(b"hello")
    (root / "说明.txt").write_text("外来", encoding="utf-8")
    told: list[tuple[int, int]] = []
    from dataclasses import replace

    found = verify_archive(replace(office.ctx(), tell=lambda done, total, what: told.append((done, total))))
    assert not found.sound
    assert [("内容与指纹不符" in f, "7 字节" in f, "不在盘上" in f) for f in _in_order(found.faults, shas)] == [
        (True, False, False), (False, True, False), (False, False, True)
    ]  # fmt: skip
    assert found.strays == (f"2c/{stray}",)
    assert found.foreign == ("说明.txt",)
    assert (root / "说明.txt").exists() and blob_path(root, stray).exists()
    assert len(told) == found.checked


def _in_order(faults: tuple[str, ...], shas: list[str]) -> list[str]:
    return [next(f for f in faults if sha[:12] in f) for sha in shas]
