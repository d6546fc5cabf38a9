"""Old workbooks (.xls, .et), built record by record."""

import struct
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support import sheets_biff_builder as biff
from yaoxun.sheets.codec import from_plain, to_plain
from yaoxun.sheets.limits import Limits
from yaoxun.sheets.model import RawCell, RawWorkbook, Refusal
from yaoxun.sheets.reader import read_workbook

TEXT_RESULT, NO_RESULT = b"\x00" + bytes(5) + b"\xff\xff", b"\x03" + bytes(5) + b"\xff\xff"
CELLS = (
    biff.label(0, 0, "晋城市示例表\r\n（汇总）")
    + biff.number(1, 0, 0.1 + 0.2)
    + biff.number(1, 1, 45022.5, biff.DATE)
    + biff.number(1, 2, 0.125, biff.PERCENT)
    + biff.number(1, 3, 1.5, biff.DURATION)
    + biff.boolean(2, 0, True)
    + biff.error(2, 1, 0x17)
    + biff.formula(3, 0, biff.ref(1, 0) + biff.whole(2) + biff.TIMES, struct.pack("<d", 0.6))
    + biff.formula(3, 1, biff.ref(0, 0), TEXT_RESULT)
    + biff.record(0x0207, struct.pack("<HB", 2, 1) + "合计".encode("utf-16-le"))
    + biff.formula(3, 2, biff.ref(0, 0), NO_RESULT)
    + biff.formula(4, 0, biff.exp(4, 0), struct.pack("<d", 4))
    + biff.shared(4, 5, 0, biff.relative(0, 1) + biff.whole(2) + biff.TIMES)
    + biff.formula(5, 0, biff.exp(4, 0), struct.pack("<d", 6))
    + biff.label(7, 1, "合并块")
    + biff.label(7, 2, "盖住的")
)
AROUND = biff.hidden_row(1) + biff.hidden_cols(2, 3) + biff.merged((0, 0, 0, 3), (7, 8, 1, 2))


def sound() -> bytes:
    sheets = [
        ("T3 政策", 0, AROUND + CELLS),
        ("隐藏表", 1, biff.label(0, 0, "甲")),
        ("_meta", 2, biff.label(98, 26, "远")),
    ]
    return biff.ole(biff.stream(sheets))


def read(path: Path, content: bytes, limits: Limits) -> RawWorkbook:
    path.write_bytes(content)
    found = read_workbook(path, limits)
    assert isinstance(found, RawWorkbook), found
    assert from_plain(to_plain(found)) == found
    return found


def test_cells_are_read_as_from_a_new_workbook(tmp_path: Path, limits: Limits) -> None:
    book = read(tmp_path / "表.xlsx", sound(), limits)
    first = book.sheets[0]
    assert list(first.cells.values()) == [
        RawCell(1, 1, "text", "晋城市示例表\n（汇总）"),
        RawCell(2, 1, "number", Decimal("0.3")),
        RawCell(2, 2, "date", datetime(2023, 4, 6, 12)),
        RawCell(2, 3, "number", Decimal("0.125")),
        RawCell(2, 4, "text", "36:00:00"),
        RawCell(3, 1, "bool", True),
        RawCell(3, 2, "error", "#REF!"),
        RawCell(4, 1, "number", Decimal("0.6"), "A2*2"),
        RawCell(4, 2, "text", "合计", "A1"),
        RawCell(4, 3, "text", "", "A1"),
        RawCell(5, 1, "number", Decimal(4), "B5*2"),
        RawCell(6, 1, "number", Decimal(6), "B6*2"),
        RawCell(8, 2, "text", "合并块"),
    ]
    assert (first.merges, first.max_row, first.max_col) == (("A1:D1", "B8:C9"), 8, 4)
    assert (first.hidden_rows, first.hidden_cols) == ({2}, {3, 4})
    assert [(s.name, s.state) for s in book.sheets] == [
        ("T3 政策", "visible"),
        ("隐藏表", "hidden"),
        ("_meta", "veryHidden"),
    ]
    assert book.sheets[2].cells[99, 27].address == "AA99"
    assert book.lossy == ("旧格式（.xls）",)


def test_the_other_date_system_is_heeded(tmp_path: Path, limits: Limits) -> None:
    content = biff.ole(biff.stream([("表", 0, biff.number(0, 0, 43560, biff.DATE))], date1904=True))
    assert read(tmp_path / "a.xls", content, limits).sheets[0].cells[1, 1].value == datetime(2023, 4, 6)


@pytest.mark.parametrize("wrapped", [True, False])
def test_a_workbook_of_excel_5_is_read_with_its_chinese(tmp_path: Path, limits: Limits, wrapped: bool) -> None:
    content = biff.stream5("汇总", biff.label5(0, 1, "示例单位") + biff.number(1, 1, 3))
    book = read(tmp_path / "a.et", biff.ole(content, "Book") if wrapped else content, limits)
    assert book.sheets[0].name == "汇总"
    assert [(c.address, c.value) for c in book.sheets[0].cells.values()] == [("B1", "示例单位"), ("B2", Decimal(3))]


def test_a_workbook_that_speaks_of_word_is_a_workbook(tmp_path: Path, limits: Limits) -> None:
    content = biff.ole(biff.stream([("表", 0, biff.label(0, 0, "EncryptedPackage WordDocument"))]))
    assert read(tmp_path / "a.doc", content, limits).sheets[0].cells[1, 1].value == "EncryptedPackage WordDocument"


def test_one_cell_in_the_last_corner_costs_nothing(tmp_path: Path, limits: Limits) -> None:
    content = biff.ole(biff.stream([("表", 0, biff.number(0, 0, 1e15) + biff.label(65535, 255, "角"))]))
    cells = read(tmp_path / "a.xls", content, limits).sheets[0].cells
    assert [(c.address, c.value) for c in cells.values()] == [("A1", Decimal(10**15)), ("IV65536", "角")]


def refused(path: Path, content: bytes, limits: Limits) -> Refusal:
    path.write_bytes(content)
    found = read_workbook(path, limits)
    assert isinstance(found, Refusal), found
    return found


def test_an_encrypted_one_says_how_to_take_the_password_off(tmp_path: Path, limits: Limits) -> None:
    # With a person's password and with the one that Excel uses by itself the file looks the same.
    content = biff.ole(
        biff.stream([("表", 0, b"")], before=biff.record(0x002F, struct.pack("<HHH", 1, 1, 1) + bytes(48)))
    )
    found = refused(tmp_path / "a.xls", content, limits)
    assert found.code == "password_xls"
    assert "取消" in found.remedy


@pytest.mark.parametrize(
    ("limit", "value", "code"),
    [("filled_cells", 5, "too_many_cells"), ("max_col", 26, "too_far"), ("merges", 1, "too_many_merges"), ("cell_chars", 3, "text_too_long"),
     ("merged_area", 5, "merged_too_wide"), ("sheets", 2, "too_many_sheets"), ("styles", 2, "too_many_styles"), ("text_chars", 9, "too_much_text")],
)  # fmt: skip
def test_the_limits_hold(tmp_path: Path, limits: Limits, limit: str, value: int, code: str) -> None:
    assert refused(tmp_path / "a.xls", sound(), limits.model_copy(update={limit: value})).code == code


@pytest.mark.parametrize("keep", [9, 300, 600, 1200, 1800, 2300])
def test_a_cut_one_is_refused(tmp_path: Path, limits: Limits, keep: int) -> None:
    assert refused(tmp_path / "a.xls", sound()[:keep], limits).code in ("broken", "truncated")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=4))
def test_a_few_wrong_bytes_never_do_more_than_refuse(
    tmp_path: Path, limits: Limits, damage: list[tuple[float, int]]
) -> None:
    whole = bytearray(sound())
    for where, byte in damage:
        whole[int(where * 3500)] = byte
    (tmp_path / "a.xls").write_bytes(whole)
    assert isinstance(read_workbook(tmp_path / "a.xls", limits), RawWorkbook | Refusal)
