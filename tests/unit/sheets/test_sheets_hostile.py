"""Foreign files of every bad kind: each is refused in Chinese for what it is, or read rightly, and harms nobody."""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sheets_builders import MAIN, content_types, parts, shared_strings, sheet, styles, workbook, write

from yaoxun.sheets.limits import Limits
from yaoxun.sheets.model import RawWorkbook, Refusal
from yaoxun.sheets.reader import read_workbook
from yaoxun.sheets.refusals import CODES, refusal
from yaoxun.sheets.sandbox import Sandbox

DTD = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'


def sound(path: Path) -> bytes:
    rows = "".join(f'<row r="{r}"><c r="A{r}" t="s"><v>0</v></c><c r="B{r}"><v>{r}</v></c></row>' for r in range(1, 80))
    return workbook(path, sheet(rows), sst=shared_strings("<t>指标</t>"), style=styles(14)).read_bytes()


def truncated(keep: float | int) -> Callable[[Path], object]:
    def build(path: Path) -> None:
        whole = sound(path)
        path.write_bytes(whole[: int(len(whole) * keep) if isinstance(keep, float) else keep])

    return build


def given_bytes(content: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(content)


def given_sheet(text: str, **options: object) -> Callable[[Path], object]:
    return lambda path: workbook(path, text, **options)


def given_part(name: str, content: str | bytes | None) -> Callable[[Path], object]:
    return lambda path: workbook(path, extra={name: content})


def ole(*streams: str) -> Callable[[Path], object]:
    directory = b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in ("Root Entry", *streams))
    return given_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0") + bytes(20_000) + directory)


def lying_size(path: Path) -> None:
    """The directory and the local header announce 10 bytes of sheet1.xml."""
    whole = bytearray(sound(path))
    name = b"xl/worksheets/sheet1.xml"
    at = whole.find(name)
    struct.pack_into("<I", whole, at - 8, 10)
    at = whole.rfind(name)
    struct.pack_into("<I", whole, at - 22, 10)
    path.write_bytes(whole)


def overlapping(path: Path) -> None:
    """A thousand members are one and the same compressed megabyte, 60 times over the limit when unpacked."""
    content = parts()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in content.items():
            package.writestr(name, text)
        package.writestr("xl/media/a0000.bin", zlib.compress(bytes(range(256)) * 4000, 0)[:900_000])
    whole = buffer.getvalue()
    end = whole.rfind(b"PK\x05\x06")
    start = struct.unpack_from("<I", whole, end + 16)[0]
    line_at = whole.rfind(b"PK\x01\x02", 0, end)
    line = whole[line_at:end]
    lines = b"".join(line.replace(b"a0000", f"b{n:04}".encode()) for n in range(900))
    directory = whole[start:end] + lines
    count = len(content) + 1 + 900
    path.write_bytes(
        whole[:start] + directory + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, len(directory), start, 0)
    )


def many_members(path: Path) -> None:
    write(path, {**parts(), **{f"xl/junk/{n}.xml": "<a/>" for n in range(1001)}})


def a_hundred_and_one_sheets(path: Path) -> None:
    workbook(path, *[sheet() for _ in range(101)])


def encrypted_member(path: Path) -> None:
    whole = bytearray(sound(path))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = whole.find(signature)
        while at >= 0:
            struct.pack_into("<H", whole, at + offset, 1)
            at = whole.find(signature, at + 4)
    path.write_bytes(whole)


def strange_compression(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as package:
        for name, text in parts().items():
            package.writestr(name, text, zipfile.ZIP_DEFLATED if "sheet1" not in name else zipfile.ZIP_LZMA)


def archive(**members: str) -> Callable[[Path], object]:
    return lambda path: write(path, {name.replace("__", "."): text for name, text in members.items()})


def office(content_type: str, part: str) -> Callable[[Path], object]:
    return lambda path: write(path, {"[Content_Types].xml": content_types(content_type, "/" + part), part: "<a/>"})


CELL = '<row r="1"><c r="A1"><v>1</v></c></row>'
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
TEMPLATE = "application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml"
BINARY = "application/vnd.ms-excel.sheet.binary.macroEnabled.main"

REFUSED: dict[str, tuple[str, Callable[[Path], object]]] = {
    # Other kinds of files
    "nothing at all": ("empty", given_bytes(b"")),
    "old workbook": ("xls", ole("Workbook")),
    "older workbook": ("xls", ole("Book")),
    "password": ("password", ole("EncryptionInfo", "EncryptedPackage")),
    "old Word": ("doc", ole("WordDocument")),
    "some OLE": ("ole", ole("Other")),
    "Word": ("doc", office(WORD, "word/document.xml")),
    "slides": ("ppt", office(SLIDES, "ppt/presentation.xml")),
    "template": ("xltx", office(TEMPLATE, "xl/workbook.xml")),
    "binary workbook": ("xlsb", office(BINARY, "xl/workbook.bin")),
    "OpenDocument": ("ods", archive(mimetype="application/vnd.oasis.opendocument.spreadsheet", content__xml="<a/>")),
    "OFD": ("ofd", archive(OFD__xml="<a/>")),
    "zip of a workbook": ("archive", archive(报表__xlsx="PK")),
    "empty zip": ("archive", lambda path: write(path, {})),
    "rar": ("archive", given_bytes(b"Rar!\x1a\x07\x01\x00" + bytes(50))),
    "pdf": ("pdf", given_bytes(b"%PDF-1.7\n" + bytes(50))),
    "png": ("image", given_bytes(b"\x89PNG\r\n\x1a\n" + bytes(50))),
    "jpeg": ("image", given_bytes(b"\xff\xd8\xff\xe0" + bytes(50))),
    "html": ("html", given_bytes("<html><table><tr><td>甲</td></tr></table></html>".encode("gbk"))),
    "XML of 2003": ("sheet2003", given_bytes(b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>')),
    "csv in GBK": ("csv", given_bytes("措施,本期完成\n规划,3\n".encode("gbk"))),
    "csv in UTF-8": ("csv", given_bytes("\ufeff措施\t本期完成\n".encode())),
    "csv in UTF-16": ("csv", given_bytes("措施\t本期完成\n".encode("utf-16"))),
    "prose": ("text", given_bytes("本月没有要报的".encode())),
    "zeros of a failed disk": ("unknown", given_bytes(bytes(4096))),
    "noise": ("unknown", given_bytes(bytes(range(256)) * 20)),
    # Damaged
    "four bytes": ("truncated", truncated(4)),
    "cut at a third": ("truncated", truncated(0.33)),
    "cut before the end": ("truncated", truncated(0.97)),
    "cut in the end record": ("truncated", truncated(-10)),
    "beginning lost": ("broken", lambda path: path.write_bytes(b"PK\x03\x04" + sound(path)[600:])),
    "no workbook.xml": ("broken", given_part("xl/workbook.xml", None)),
    "no sheet part": ("broken", given_part("xl/worksheets/sheet1.xml", None)),
    "no list of parts": ("broken", given_part("xl/_rels/workbook.xml.rels", None)),
    "no content types": ("broken", given_part("[Content_Types].xml", None)),
    "wrong content type": ("broken", given_part("[Content_Types].xml", content_types("application/xml"))),
    "no sheets": ("broken", given_sheet(sheet(), entries="<x/>")),
    "half a sheet": ("broken", given_sheet(sheet()[:-20])),
    "no XML": ("broken", given_sheet("甲乙丙")),
    "sheet in GBK": ("broken", given_part("xl/worksheets/sheet1.xml", b'<?xml version="1.0" encoding="GBK"?>' + sheet().encode())),
    "damaged properties": ("broken", given_part("docProps/app.xml", "<a>")),
    "no such text": ("broken", given_sheet(sheet('<row r="1"><c r="A1" t="s"><v>3</v></c></row>'))),
    "a word for a number": ("broken", given_sheet(sheet('<row r="1"><c r="A1"><v>3个</v></c></row>'))),
    "infinite number": ("broken", given_sheet(sheet('<row r="1"><c r="A1"><v>1e999</v></c></row>'))),
    "no address": ("broken", given_sheet(sheet('<row r="1"><c r="1A"><v>3</v></c></row>'))),
    "row 0": ("broken", given_sheet(sheet('<row r="0"><c r="A0"><v>3</v></c></row>'))),
    "column ZZZ": ("broken", given_sheet(sheet('<row r="1"><c r="ZZZ1"><v>3</v></c></row>'))),
    # Made to do harm, or to be read in two ways
    "entities in a sheet": ("unsafe", given_sheet('<?xml version="1.0"?>' + DTD + sheet('<row r="1"><c r="A1" t="str"><v>&b;</v></c></row>'))),
    "entities in the properties": ("unsafe", given_part("docProps/core.xml", DTD + "<a>&b;</a>")),
    "entities in UTF-16": ("unsafe", given_part("docProps/core.xml", (DTD + "<a/>").encode("utf-16"))),
    "outer entity": ("unsafe", given_part("xl/theme/theme1.xml", '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>')),
    "doubled part": ("unsafe", lambda path: write(path, parts(), again=("xl/worksheets/sheet1.xml",))),
    "doubled in another case": ("unsafe", given_part("XL/workbook.xml", "<a/>")),
    "absolute name": ("unsafe", given_part("/etc/passwd", "甲")),
    "escaping name": ("unsafe", given_part("xl/../../../etc/passwd", "甲")),
    "backslash name": ("unsafe", given_part("xl\\media\\a", "甲")),
    "strange compression": ("unsafe", strange_compression),
    "two workbooks": ("unsafe", given_part("[Content_Types].xml", content_types(part="/xl/other.xml"))),
    "one cell twice": ("unsafe", given_sheet(sheet('<row r="1"><c r="A1"><v>3</v></c><c r="A1"><v>4</v></c></row>'))),
    "cell of another row": ("unsafe", given_sheet(sheet('<row r="1"><c r="A9"><v>3</v></c></row>'))),
    "two sheets of one name": ("unsafe", given_sheet(sheet(), entries='<sheet name="T" r:id="rId1"/><sheet name="t" r:id="rId1"/>')),
    "lying size": ("broken", lying_size),
    "encrypted members": ("zip_password", encrypted_member),
    # Too much
    "bomb by ratio": ("bomb", given_part("xl/media/a.bin", bytes(30_000_000))),
    "bomb by count": ("bomb", many_members),
    "overlapping members": ("bomb", overlapping),
    "too many sheets": ("too_many_sheets", a_hundred_and_one_sheets),
    "whole sheet merged": ("merged_too_wide", given_sheet(sheet(CELL, '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'))),
    "many merges": (
        "too_many_merges",
        given_sheet(sheet(CELL, "<mergeCells>" + "".join(f'<mergeCell ref="A{r}:B{r}"/>' for r in range(1, 10_002)) + "</mergeCells>")),
    ),
    "backward merge": ("broken", given_sheet(sheet(CELL, '<mergeCells><mergeCell ref="B2:A1"/></mergeCells>'))),
    "far row": ("too_far", given_sheet(sheet('<row r="1048576"><c r="A1048576"><v>1</v></c></row>'))),
    "far column": ("too_far", given_sheet(sheet('<row r="1"><c r="XFD1"><v>1</v></c></row>'))),
    "long text": ("text_too_long", given_sheet(sheet(f'<row r="1"><c r="A1" t="str"><v>{"字" * 32_768}</v></c></row>'))),
    "long shared text": ("text_too_long", given_sheet(sheet(), sst=shared_strings(f"<t>{'字' * 32_768}</t>"))),
    "one long text in many cells": (
        "too_much_text",
        given_sheet(
            sheet("".join(f'<row r="{r}"><c r="A{r}" t="s"><v>0</v></c></row>' for r in range(1, 400))),
            sst=shared_strings(f"<t>{'字' * 32_000}</t>"),
        ),
    ),
    "many styles": ("too_many_styles", given_sheet(sheet(), style=styles(*[0] * 20_001))),
}  # fmt: skip


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("name", REFUSED)
def test_a_bad_file_is_refused_for_what_it_is(tmp_path: Path, sandbox: Sandbox, name: str) -> None:
    code, build = REFUSED[name]
    build(tmp_path / "报表.xlsx")
    found = sandbox.open(tmp_path / "报表.xlsx")
    assert isinstance(found, Refusal), found
    assert found.code == code, found
    for text in (found.sentence, found.remedy):
        assert re.match(r"^[\u4e00-\u9fffA-Z“].*。$", text)
        assert text.isprintable()


def test_after_all_of_them_a_sound_file_still_opens_in_the_same_sandbox(tmp_path: Path, sandbox: Sandbox) -> None:
    sound(tmp_path / "好.xlsx")
    found = sandbox.open(tmp_path / "好.xlsx")
    assert isinstance(found, RawWorkbook)
    assert len(found.sheets[0].cells) == 158


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
    blanks = ("what", "where", "sheet", "cell", "ref", "n", "mb", "limit", "max_row", "max_col")
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
