"""A handful of the hostile set in one batch with good files: each waits with its reason, and what becomes of the good ones
is what becomes of them alone.
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from support.hostile_files import HOSTILE
from support.hostile_mutants import mutants
from support.office_kit import BUREAU, COUNTY, OTHER_BUREAU, OfficeKit, copy_office, make_office
from tasks.judge import judge_batch, waiting
from tasks.take_in import take_in
from yaoxun.errors import OutsideError

BAD = (
    "xlsx: bomb by ratio", "xlsx: overlapping members", "xlsx: whole sheet merged", "xlsx: entities in the sheet",
    "xlsx: number format of brackets", "xlsx: cell in no row", "xlsx: cut at a third", "xls: sectors in a loop",
    "xls: backward merge that hides a wide one", "ods: 100 billion columns with a value", "ods: outer entity",
    "html: colspan of a billion", "xml2003: row a billion", "csv: a line of a million fields", "zip: name that climbs",
    "zip: bomb", "file: password", "file: noise",
)  # fmt: skip
GOOD = (COUNTY, BUREAU, OTHER_BUREAU)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> OfficeKit:
    return make_office(tmp_path_factory.mktemp("office") / "home")


@pytest.fixture
def office(made: OfficeKit, tmp_path: Path) -> OfficeKit:
    return OfficeKit(copy_office(made.home.root, tmp_path / "home"))


def hostile(folder: Path, name: str) -> bytes:
    path = folder / "坏"
    HOSTILE[name].build(path)
    return path.read_bytes()


def in_one_batch(kit: OfficeKit) -> None:
    take_in(kit.ctx())
    judge_batch(kit.ctx(), waiting(kit.ctx()))


def kept_of(kit: OfficeKit, name: str) -> dict[str, list[Any]]:
    """What is on record for a file: its state, its decisions, its facts."""
    decisions = "select v.sheet, d.decision from decision d join sheet_version v on v.id = d.sheet_version"
    facts = "select f.column_name, f.value, f.cell from fact f join sheet_version v on v.id = f.sheet_version"
    mine = " join arrival a on a.id = v.arrival where a.name = :n order by 1, 2"
    return {
        "state": [r.state for r in kit.query("select state from arrival where name = :n", n=name)],
        "decisions": [tuple(r) for r in kit.query(decisions + mine, n=name)],
        "facts": [tuple(r) for r in kit.query(facts + mine + ", 3", n=name)],
    }


def test_good_files_beside_hostile_ones_are_judged_as_if_they_had_come_alone(
    made: OfficeKit, office: OfficeKit, tmp_path: Path
) -> None:
    good = [(office.filled(org), f"{org}.xlsx") for org in GOOD]
    alone = OfficeKit(copy_office(made.home.root, tmp_path / "alone"))
    alone.drop_in_order(good)
    in_one_batch(alone)
    bad = [(hostile(tmp_path, name), f"{n}.xlsx") for n, name in enumerate(BAD)]
    third = len(bad) // 3
    office.drop_in_order([*bad[:third], good[0], *bad[third : 2 * third], good[1], *bad[2 * third :], good[2]])
    in_one_batch(office)
    for _, name in good:
        assert kept_of(office, name) == kept_of(alone, name)
        assert kept_of(office, name)["state"] == ["已判"]
        assert kept_of(office, name)["facts"]
    for n, name in enumerate(BAD):
        (arrival,) = office.query("select id, state, reason from arrival where name = :n", n=f"{n}.xlsx")
        assert arrival.state == "待认领", name
        assert re.search("[一-鿿]{3}", arrival.reason), name
        assert not re.search("Traceback|Error|程序", arrival.reason), (name, arrival.reason)
        told = office.query("select params from message where subject like :s", s=f"arrival:{arrival.id}:%")
        assert [bool(json.loads(one.params)["remedy"]) for one in told] == [True], name


def test_a_mutant_of_each_format_in_one_zip_with_a_good_file_leaves_it_alone(office: OfficeKit, tmp_path: Path) -> None:
    import io
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for n, (_, content) in enumerate(mutants(11)):
            package.writestr(f"{n}.xlsx", content)
        package.writestr("好.xlsx", office.filled(COUNTY))
    office.drop(out.getvalue(), "全部.zip")
    in_one_batch(office)
    states = {row.name: row.state for row in office.query("select name, state from arrival")}
    assert len(states) == 13 and states.pop("全部.zip") == "已拆分" and states.pop("好.xlsx") == "已判"
    assert set(states.values()) == {"待认领"}


@pytest.mark.parametrize("name", ["file: pipe", "file: folder", "file: link to a device", "file: link to itself"])
def test_what_is_no_file_in_the_inbox_is_left_there_and_holds_nobody_up(office: OfficeKit, name: str) -> None:
    HOSTILE[name].build(office.home.inbox / "怪.xlsx")
    office.drop(office.filled(COUNTY), "好.xlsx")
    in_one_batch(office)
    assert [(row.name, row.state) for row in office.query("select name, state from arrival")] == [("好.xlsx", "已判")]
    assert "怪.xlsx" in {path.name for path in office.home.inbox.iterdir()}


def test_a_file_too_large_for_memory_is_told_and_the_others_are_taken(office: OfficeKit) -> None:
    path = office.drop(b"PK", "大.xlsx", age_s=300)
    with path.open("r+b") as file:
        file.truncate(4_000_000_000_000)  # holes: on the disk it is two bytes
    office.drop(b"PK", "大.xlsx".replace("大", "次"), age_s=200)
    office.drop(office.filled(COUNTY), "好.xlsx")
    import os

    os.utime(path, (1, 1))
    with pytest.raises(OutsideError, match="大"):
        take_in(office.ctx())
    judge_batch(office.ctx(), waiting(office.ctx()))
    assert [(r.name, r.state) for r in office.query("select name, state from arrival order by id")] == [
        ("次.xlsx", "待认领"), ("好.xlsx", "已判"),
    ]  # fmt: skip
