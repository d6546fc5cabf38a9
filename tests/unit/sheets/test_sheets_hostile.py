"""Each limit and each sentence, and damage by chance; the kinds of bad files are in test_hostile_files.py."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.hostile_build import sound
from support.sheets_builders import MAIN, sheet, styles, workbook
from yaoxun.sheets.limits import Limits
from yaoxun.sheets.model import RawWorkbook, Refusal
from yaoxun.sheets.reader import read_workbook
from yaoxun.sheets.refusals import CODES, refusal
from yaoxun.sheets.sandbox import Sandbox


def test_a_file_that_vanished_is_refused(tmp_path: Path, sandbox: Sandbox) -> None:
    found = sandbox.open(tmp_path / "没有.xlsx")
    assert isinstance(found, Refusal)
    assert found.code == "missing"


@pytest.mark.parametrize(
    ("limit", "value", "code"),
    [
        ("file_bytes", 500, "too_large"),
        ("unpacked_bytes", 2000, "bomb"),
        ("tags", 200, "too_many_tags"),
        ("filled_cells", 157, "too_many_cells"),
        ("members", 4, "bomb"),
        ("text_chars", 157, "too_much_text"),
    ],
)
def test_each_limit_is_kept(tmp_path: Path, limits: Limits, limit: str, value: int, code: str) -> None:
    sound(tmp_path / "a.xlsx")
    found = read_workbook(tmp_path / "a.xlsx", limits.model_copy(update={limit: value}))
    assert isinstance(found, Refusal)
    assert found.code == code


def test_a_limit_that_is_just_met_is_no_refusal(tmp_path: Path, limits: Limits) -> None:
    sound(tmp_path / "a.xlsx")
    found = read_workbook(tmp_path / "a.xlsx", limits.model_copy(update={"filled_cells": 158, "text_chars": 158}))
    assert isinstance(found, RawWorkbook)


def test_every_code_has_a_whole_sentence_and_a_hostile_name_cannot_break_it() -> None:
    blanks = ("name", "what", "where", "sheet", "cell", "ref", "n", "mb", "limit", "max_row", "max_col")
    for code in CODES:
        said = refusal(code, **dict.fromkeys(blanks, "\u202e甲\n" * 500))
        assert "\n" not in said.sentence
        assert "\u202e" not in said.sentence
        assert len(said.sentence) < 500


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=4))
def test_a_few_wrong_bytes_never_do_more_than_refuse(
    tmp_path: Path, limits: Limits, damage: list[tuple[float, int]]
) -> None:
    whole = bytearray(sound(tmp_path / "a.xlsx"))
    for where, byte in damage:
        whole[int(where * len(whole))] = byte
    (tmp_path / "a.xlsx").write_bytes(whole)
    assert isinstance(read_workbook(tmp_path / "a.xlsx", limits), RawWorkbook | Refusal)


SNIPPETS = ['<row r="', '">', "</row>", '<c r="A1" t="s">', "<v>", "</v>", "</c>", "<f", ' t="shared" si="0"', "/>", "9", "-1", "<is><t>",
            "</t></is>", "&amp;", "<mergeCell ref=", '"A1:B2"', ' s="99"', ' t="b"', ' t="d"', "=", "(", '"', "<col hidden=", "1e9"]  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 8), st.sampled_from(SNIPPETS)), min_size=1, max_size=3))
def test_a_sheet_with_pieces_cut_and_put_in_never_does_more_than_refuse(
    tmp_path: Path, limits: Limits, edits: list[tuple[int, int, str]]
) -> None:
    text = sheet(
        '<row r="1" hidden="1"><c r="A1" t="str"><f>B1&amp;"("</f><v>甲</v></c><c r="B1" s="1"><v>45000</v></c></row>'
        '<row r="2"><c r="A2"><f t="shared" si="0">B2*2</f><v>1</v></c></row><row r="3"><c r="A3"><f t="shared" si="0"/></c></row>',
        '<mergeCells><mergeCell ref="C1:D2"/></mergeCells>',
    )
    for where, cut, put in edits:
        at = len(MAIN) + where
        text = text[:at] + put + text[at + cut :]
    found = read_workbook(workbook(tmp_path / "a.xlsx", text, style=styles(14)), limits)
    assert isinstance(found, RawWorkbook | Refusal)
