"""The quick way through a sheet says what the long way says, is taken for what the usual programs write, and is left for
everything else.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from support.random_sheets import HANDS, make_plan
from yaoxun.sheets import ooxml
from yaoxun.sheets.cells import SheetPart
from yaoxun.sheets.grid import Reading
from yaoxun.sheets.limits import Limits
from yaoxun.sheets.model import RawWorkbook
from yaoxun.sheets.parts import SheetEntry
from yaoxun.sheets.plain_sheet import read_rows, split_sheet, split_texts
from yaoxun.sheets.reader import read_workbook

pytestmark = pytest.mark.filterwarnings("ignore:Cell .* is marked as a date:UserWarning")
ROWS = '<row r="1" spans="1:2"><c r="A1" t="s"><v>0</v></c><c r="B1" s="3"/></row><row r="2" hidden="1"/>'


# One piece of ROWS, and what the quick way must not take it for.
OTHERWISE = (
    ('r="A1"', 'r="A2"'), ('r="A1"', 'r="A11"'), ('r="A1"', 'r="1"'), ('r="A1"', 'r="A01"'), ('r="A1"', 'r="XFE1"'),
    ('r="A1"', 'r="甲1"'), ('r="A1"', 'x="A1"'), ("B1", "A1\" s=\"3\"><v>1</v></c><c r=\"A1"), ('s="3"/>', 's="3">'),
    ('s="3"/>', 's="3"/>甲'), ("<v>0", "<v>9"), ("<v>0", "<v>0<"), ("<v>0</v>", "<v>0</v>甲"), ('t="s"', 't="q"'), ('t="s"', "t='s'"),
    ('t="s"', 't="n" a="b"'), ('<row r="1"', '<row r="1" r="1"'), ('<row r="1"', '<row hidden="1" r="1" hidden="0"'),
    ('<row r="1"', '<row a=" r="1"'), ('<row r="1"', '<row r="01"'), ('<row r="1"', '<row r="3"'), ('<row r="1"', "<row"),
    ('<row r="1"', '<rows r="1"'), ('"1:2">', '"1>2">'), ('"1:2">', '"1:2"/>'), ("</row>", ""), ("</row>", "</row>甲"),
    ('hidden="1"/>', 'hidden="1">'), ('r="2"', 'r="1048577"'),
)  # fmt: skip


def sheet_part(limits: Limits) -> SheetPart:
    return SheetPart(SheetEntry(name="表", state="visible", relation=""), Reading(limits=limits, texts=["甲"]))


def part(rows: str, declared: str = '<?xml version="1.0" encoding="UTF-8"?>', tail: str = "") -> bytes:
    return f"{declared}<worksheet><sheetData>{rows}</sheetData>{tail}</worksheet>".encode()


def both_ways(path: Path, limits: Limits, monkeypatch: pytest.MonkeyPatch) -> tuple[object, object]:
    quick = read_workbook(path, limits)
    with monkeypatch.context() as patch:
        patch.setattr(ooxml, "LARGEST", 0)
        return quick, read_workbook(path, limits)


@pytest.mark.parametrize("hand", HANDS)
def test_both_ways_read_the_same(tmp_path: Path, limits: Limits, hand: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in range(8):
        HANDS[hand](make_plan(seed), tmp_path / "a.xlsx")
        quick, slow = both_ways(tmp_path / "a.xlsx", limits, monkeypatch)
        assert isinstance(quick, RawWorkbook) and quick == slow


@pytest.mark.parametrize("saved", ["xlsxwriter", "openpyxl"])
def test_an_issued_workbook_is_read_quickly_whoever_saved_it(
    tmp_path: Path, limits: Limits, saved: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.xlsx"
    if saved == "xlsxwriter":
        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet()
            fill(lambda row, col, value: sheet.write(row - 1, col - 1, value))
    else:
        made = openpyxl.Workbook()
        fill(made.worksheets[0].cell)
        made.worksheets[0].row_dimensions[3].hidden = True
        made.worksheets[0].merge_cells("A8:B9")
        made.save(path)
    found = []
    monkeypatch.setattr(ooxml, "read_rows", lambda rows, part: found.append(read := read_rows(rows, part)) or read)
    quick, slow = both_ways(path, limits, monkeypatch)
    assert isinstance(quick, RawWorkbook) and quick == slow and len(quick.sheets[0].cells) > 30
    assert len(found) == 1 and found[0] is not None


def fill(write: Callable[[int, int, Any], Any]) -> None:
    values = (1, -2.5, 1e15, 0.1 + 0.2, "甲<乙&丙>", ' 前后 "空" ', True, "=A1+1", '=IF(A1<3,"甲&乙","")', "长" * 300)
    for n, value in enumerate(values * 4):
        write(n // 5 + 1, n % 5 + 1, value)


def test_rows_are_taken_out_and_what_is_around_them_stays() -> None:
    found = split_sheet(part(ROWS, tail="<mergeCells/>"))
    assert found is not None
    around, rows = found
    assert rows == ROWS and around == part("", tail="<mergeCells/>")


@pytest.mark.parametrize(
    "content",
    [
        part(ROWS + " "),
        part(ROWS.replace("</c>", "<extLst/></c>")),
        part(ROWS.replace('t="s"', 't="s" t="n"')),
        part(ROWS.replace('r="A1"', 'r="a1"')),
        part(ROWS.replace("<v>0</v>", "<v>0</v><v>1</v>")),
        part(ROWS.replace("<v>0</v>", "<v>\x01</v>")),
        part(ROWS.replace("<v>0</v>", "<v>]]></v>")),
        part(ROWS.replace("<v>0</v>", "<v><![CDATA[0]]></v>")),
        part(ROWS.replace("<c r", "<x:c r", 1)),
        part(ROWS, '<?xml version="1.0"?><!DOCTYPE worksheet>'),
        part(ROWS, '<?xml version="1.0" encoding="gb18030"?>'),
        part(ROWS, '<?xml version="1.0"?><?go?>'),
        part(ROWS).replace(b"</sheetData>", b""),
        part(ROWS).replace(b"spans", b"\xff\xfe"),
    ],
)
def test_what_is_written_otherwise_goes_the_long_way(content: bytes, limits: Limits) -> None:
    found = split_sheet(content)
    assert found is None or read_rows(found[1], sheet_part(limits)) is None


def test_a_cell_written_a_bit_otherwise_is_not_taken_for_another(limits: Limits) -> None:
    taken = read_rows(ROWS, sheet_part(limits))
    assert taken is not None and taken == (({(1, 1): ("text", "甲", None)}, 1, 1, 2), [2])
    for was, instead in OTHERWISE:
        assert was in ROWS and read_rows(ROWS.replace(was, instead, 1), sheet_part(limits)) is None, instead


def test_texts_with_runs_or_readings_go_the_long_way() -> None:
    plain = '<si><t>甲&amp;乙</t></si><si><t xml:space="preserve"> 丙&#10;</t></si>'
    found = split_texts(f'<sst xmlns="x" count="2">{plain}</sst>'.encode())
    assert found == (b'<sst xmlns="x" count="2"></sst>', ["甲&乙", " 丙\n"])
    for other in (
        "<si><r><t>甲</t></r></si>",
        "<si><t>甲</t><rPh/></si>",
        "<si><t>&x;</t></si>",
        "<si><t>&#1;</t></si>",
    ):
        assert split_texts(f"<sst>{plain}{other}</sst>".encode()) is None
