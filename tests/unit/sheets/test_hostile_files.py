"""The hostile set through one shared sandbox: each file is refused for what it is, or read when it is harmless, and the
next good file is read as ever. The big kinds, all mutants and the cost are in tests/soak/test_hostile_full.py.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.hostile_build import CELL, sound
from support.hostile_files import HOSTILE, QUICK, Toll, build_and_read, faults_of, read_hostile
from support.hostile_mutants import good_files, inside, mutants, truncations
from support.measured_reading import MeasuringSandbox, measuring_sandbox
from support.sheets_builders import sheet, workbook
from yaoxun.sheets.limits import Limits
from yaoxun.sheets.model import RawCell, RawSheet, RawWorkbook, Refusal
from yaoxun.sheets.refusals import refusal

MUTANTS, TRUNCATIONS = 60, 20
pytestmark = pytest.mark.filterwarnings("ignore:Duplicate name")


@pytest.fixture(scope="module")
def toll() -> Iterator[Toll]:
    kept = Toll()
    yield kept
    print(f"\n{kept.report()}")


@pytest.fixture(scope="module")
def measured(limits: Limits) -> Iterator[MeasuringSandbox]:
    with measuring_sandbox(limits) as shared:
        yield shared


@pytest.mark.parametrize("name", QUICK)
def test_a_hostile_file_is_refused_for_what_it_is_or_read_when_harmless(
    tmp_path: Path, measured: MeasuringSandbox, toll: Toll, name: str
) -> None:
    before = len(toll.wrong)
    build_and_read(measured, tmp_path, name, toll)
    assert toll.wrong[before:] == []


def test_the_set_has_every_format_and_far_more_than_sixty_kinds() -> None:
    formats = {name.partition(":")[0] for name in HOSTILE}
    assert formats == {"xlsx", "xls", "ods", "csv", "html", "mhtml", "xml2003", "zip", "file"}
    assert len(HOSTILE) > 300 and len(QUICK) > 300


def test_a_good_workbook_cut_anywhere_is_refused(tmp_path: Path, measured: MeasuringSandbox, toll: Toll) -> None:
    before = len(toll.wrong)
    for name, content in truncations(TRUNCATIONS):
        (tmp_path / "报表.xlsx").write_bytes(content)
        assert isinstance(read_hostile(measured, tmp_path / "报表.xlsx", name, toll), Refusal), name
    assert toll.wrong[before:] == []


def test_mutants_of_every_format_never_do_more_than_be_refused(
    tmp_path: Path, measured: MeasuringSandbox, toll: Toll
) -> None:
    before, read = len(toll.wrong), 0
    for name, content in mutants(MUTANTS):
        (tmp_path / "报表.xlsx").write_bytes(content)
        read += isinstance(read_hostile(measured, tmp_path / "报表.xlsx", name, toll), RawWorkbook)
    assert toll.wrong[before:] == []
    # Damage that were always noticed at once, or never, would test little.
    assert 0 < read < MUTANTS


def test_after_all_of_them_good_files_are_read_in_the_same_sandbox(tmp_path: Path, measured: MeasuringSandbox) -> None:
    sound(tmp_path / "好.xlsx")
    found = measured.open(tmp_path / "好.xlsx")
    assert isinstance(found, RawWorkbook)
    assert len(found.sheets[0].cells) == 158
    assert measured.peak > 1_000_000
    for kind, content in good_files().items():
        (tmp_path / "a").write_bytes(content)
        found = measured.open(tmp_path / "a")
        assert (
            isinstance(found, Refusal) and found.code == "archive" if kind == "zip" else isinstance(found, RawWorkbook)
        )


def test_mutants_are_the_same_every_time_and_differ_from_the_good_file() -> None:
    assert list(mutants(24)) == list(mutants(24))
    assert len({content for _, content in mutants(24)}) == 24


def test_damage_inside_a_package_leaves_the_package_sound(tmp_path: Path) -> None:
    import zipfile

    from support.hostile_build import chance

    good = good_files()["xlsx"]
    for seed in range(10):
        (tmp_path / "a").write_bytes(inside(chance(seed), good))
        with zipfile.ZipFile(tmp_path / "a") as package:
            assert package.testzip() is None
        assert (tmp_path / "a").read_bytes() != good


def test_the_checks_of_the_set_would_notice_a_fault(tmp_path: Path, measured: MeasuringSandbox) -> None:
    assert "our own" in faults_of(refusal("failed"))
    assert "no Chinese" in faults_of(Refusal("x", "KeyError: 'a'", "请重报。"))
    stray = RawSheet("表", "visible", {(0, 1): RawCell(0, 1, "text", "甲")})
    assert "a cell at 0, 1" in faults_of(RawWorkbook((stray,)))
    assert faults_of(refusal("empty")) == ""
    toll = Toll()
    HOSTILE["xlsx: planted"] = type(HOSTILE[QUICK[0]])("bomb", lambda path: workbook(path, sheet(CELL)))
    try:
        build_and_read(measured, tmp_path, "xlsx: planted", toll)
    finally:
        del HOSTILE["xlsx: planted"]
    assert toll.wrong and "read and not bomb" in toll.wrong[0]
