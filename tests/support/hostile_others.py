"""Hostile files of the other formats that we read (.xls, .ods, .csv, HTML, MHTML, XML of 2003, zips of files), and all the
files that are no workbook whatever their name says.
"""

import io
import os
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

from support import sheets_biff_builder as biff
from support.hostile_build import DTD, OUTER, READ, Build, big, chance, given_bytes, made, patched, sound, table
from support.hostile_packages import digits
from support.sheets_builders import content_types, write
from support.sheets_other_builders import ODS, cell, data, number, ods, page, row, xml2003
from support.sheets_other_builders import table as ods_table

DOC = "application/vnd.openxmlformats-officedocument."
MACRO_BINARY = "application/vnd.ms-excel.sheet.binary.macroEnabled.main"


# No workbook at all


def ole_names(*streams: str) -> Build:
    """A damaged OLE file in which only the names of its streams can be found."""
    directory = b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in ("Root Entry", *streams))
    return given_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0") + bytes(20_000) + directory)


def archive(**members: str | bytes) -> Build:
    return lambda path: write(path, {name.replace("__", "."): text for name, text in members.items()})


def office(content_type: str, part: str) -> Build:
    return lambda path: write(path, {"[Content_Types].xml": content_types(content_type, "/" + part), part: "<a/>"})


def sparse(size: int) -> Build:
    def build(path: Path) -> None:
        with path.open("wb") as file:
            file.write(b"PK\x03\x04")
            file.truncate(size)

    return build


def link_to(target: str) -> Build:
    return lambda path: path.symlink_to(target)


def link_to_text(path: Path) -> None:
    path.with_suffix(".txt").write_text("root:x:0:0", encoding="utf-8")
    path.symlink_to(path.with_suffix(".txt").name)


FILES = table({
    "nothing at all": ("empty", given_bytes(b"")),
    "one byte": ("unknown", given_bytes(b"\x07")),
    "one letter": ("text", given_bytes(b"P")),
    "only a mark of UTF-8": ("text", given_bytes(b"\xef\xbb\xbf")),
    "only a mark of UTF-16": ("unknown", given_bytes(b"\xff\xfe")),
    "Word": ("doc", office(DOC + "wordprocessingml.document.main+xml", "word/document.xml")),
    "slides": ("ppt", office(DOC + "presentationml.presentation.main+xml", "ppt/presentation.xml")),
    "empty template": ("broken", office(DOC + "spreadsheetml.template.main+xml", "xl/workbook.xml")),
    "binary workbook": ("xlsb", office(MACRO_BINARY, "xl/workbook.bin")),
    "OFD": ("ofd", archive(OFD__xml="<a/>")),
    "rar": ("archive", given_bytes(b"Rar!\x1a\x07\x01\x00" + bytes(50))),
    "tar": ("archive", given_bytes(b"a".ljust(257, b"\0") + b"ustar\x0000" + bytes(300))),
    "gzip": ("archive", given_bytes(b"\x1f\x8b\x08" + bytes(50))),
    "pdf": ("pdf", given_bytes(b"%PDF-1.7\n" + bytes(50))),
    "png": ("image", given_bytes(b"\x89PNG\r\n\x1a\n" + bytes(50))),
    "jpeg": ("image", given_bytes(b"\xff\xd8\xff\xe0" + bytes(50))),
    "picture in vectors": ("unknown", given_bytes(b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>')),
    "program of Windows": ("unknown", given_bytes(b"MZ\x90\x00" + bytes(range(256)) * 4)),
    "program of Linux": ("unknown", given_bytes(b"\x7fELF\x02\x01\x01" + bytes(500))),
    "script": ("text", given_bytes(b"#!/bin/sh\nrm -rf /\n")),
    "shortcut": ("unknown", given_bytes(b"L\x00\x00\x00\x01\x14\x02\x00" + bytes(100))),
    "mail": ("mail", given_bytes(b"Received: x\r\nTo: y\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b--")),
    "prose": ("text", given_bytes("本月没有要报的".encode())),
    "zeros of a failed disk": ("unknown", given_bytes(bytes(4096))),
    "noise": ("unknown", given_bytes(bytes(range(256)) * 20)),
    "password": ("password", ole_names("EncryptionInfo", "EncryptedPackage")),
    "workbook with a password": ("password", given_bytes(biff.ole(b"", "EncryptedPackage"))),
    "folder": ("missing", Path.mkdir),
    "pipe": ("missing", os.mkfifo),
    "link to nothing": ("missing", link_to("没有.xlsx")),
    "link to itself": ("missing", lambda path: path.symlink_to(path.name)),
    "link to a device": ("missing", link_to("/dev/zero")),
    "link to a text": ("text", link_to_text),
    "five gigabytes of nothing": ("too_large", sparse(5_000_000_000)),
    "twenty megabytes of nothing": ("truncated", sparse(20_000_000)),
}, "file")  # fmt: skip


# Old workbooks


def book(records: bytes, **options: object) -> Build:
    """A BIFF8 workbook of one sheet in its OLE file."""
    return given_bytes(biff.ole(biff.stream([("表", 0, records)], **options)))  # type: ignore[arg-type]


def bare(stream: bytes) -> Build:
    return given_bytes(biff.ole(stream))


def old() -> bytes:
    """A good old workbook as one OLE file."""
    cells = biff.label(0, 0, "甲") + b"".join(biff.number(r, 1, r) for r in range(1, 60))
    return biff.ole(biff.stream([("表", 0, cells)]))


def old_patched(at: int, layout: str, value: int) -> Build:
    def build(path: Path) -> None:
        whole = bytearray(old())
        struct.pack_into(layout, whole, at, value)
        path.write_bytes(whole)

    return build


def fat_loop(path: Path) -> None:
    """The workbook's stream comes back to its own beginning."""
    whole = bytearray(old())
    struct.pack_into("<I", whole, 512 + 4 * 5, 2)
    path.write_bytes(whole)


def stream_patched(signature: int, offset: int, layout: str, value: int, *, last: bool = False) -> Build:
    """One number in a record of the stream; `offset` counts from the record's first byte."""
    stream = biff.stream([("表", 0, biff.label(0, 0, "甲") + biff.number(1, 1, 2))])
    return bare(patched(stream, struct.pack("<H", signature), offset, layout, value, last=last))


def texts8(count: int, *texts: str) -> bytes:
    """A table of shared texts that says it has `count`."""
    body = b"".join(struct.pack("<HB", len(text), 1) + text.encode("utf-16-le") for text in texts)
    return biff.record(0x00FC, struct.pack("<II", count, count) + body)


LABEL_SST = biff.record(0x00FD, struct.pack("<HHHI", 0, 0, 0, 4_000_000))
NAN, INF = struct.unpack("<d", b"\0\0\0\0\0\0\xf8\x7f")[0], float("inf")
ZERO = struct.pack("<d", 0)

OLD = table({
    "damaged": ("broken", ole_names("Workbook")),
    "damaged and older": ("broken", ole_names("Book")),
    "old Word": ("doc", ole_names("WordDocument")),
    "some damaged OLE": ("truncated", ole_names("Other")),
    "some OLE": ("ole", given_bytes(biff.ole(b"", "Other"))),
    "cut in the header": ("truncated", given_bytes(old()[:300])),
    "cut in the table of sectors": ("truncated", given_bytes(old()[:800])),
    "cut in the directory": ("broken", given_bytes(old()[:1300])),
    "cut in the stream": ("broken", given_bytes(old()[:2500])),
    "sectors in a loop": ("broken", fat_loop),
    "table of sectors in a loop": ("broken", old_patched(76, "<I", 1)),
    "directory beyond the end": ("broken", old_patched(48, "<I", 0x00FFFFFF)),
    "directory tree in a loop": ("broken", old_patched(1024 + 128 + 68, "<I", 1)),
    "sectors of two gigabytes": (READ, old_patched(30, "<H", 31)),
    "sectors of one byte": ("broken", old_patched(30, "<H", 0)),
    "stream of four gigabytes": ("broken", old_patched(1024 + 128 + 120, "<I", 0xFFFFFFF0)),
    "stream that begins beyond the end": ("broken", old_patched(1024 + 128 + 116, "<I", 0x00FFFFFF)),
    "no stream": ("broken", bare(b"")),
    "stream of zeros": ("broken", bare(bytes(5000))),
    "record that reaches beyond the end": ("broken", stream_patched(0x0203, 2, "<H", 0xFFFF, last=True)),
    "record that is too short": ("broken", book(biff.record(0x0203, b"\0\0"))),
    "text that is too short": (READ, book(biff.record(0x0204, struct.pack("<HHHHB", 0, 0, 0, 60_000, 1)))),
    "formula that is too short": ("broken", book(biff.record(0x0006, b"\0\0\0\0"))),
    "formula with false length": (READ, book(biff.record(0x0006, struct.pack("<HHH", 0, 0, 0) + ZERO + struct.pack("<HIH", 0, 0, 60_000)))),
    "formula that is its own master": (READ, book(biff.formula(0, 0, biff.exp(0, 0), ZERO))),
    "formula of unknown tokens": (READ, book(biff.formula(0, 0, b"\x7f" * 50, ZERO))),
    "formula of 2,000 operators": (READ, book(biff.formula(0, 0, biff.whole(1) + (biff.whole(1) + biff.TIMES) * 2000, ZERO))),
    "sheet beyond the end": ("broken", stream_patched(0x0085, 4, "<I", 0x7FFFFFFF)),
    "sheet that is the whole book": ("broken", stream_patched(0x0085, 4, "<I", 0)),
    "no end of the sheet": ("broken", bare(biff.stream([("表", 0, biff.number(1, 1, 2))])[:-4])),
    "two sheets of one name": ("unsafe", bare(biff.stream([("表", 0, b""), ("表", 0, b"")]))),
    "150 sheets": ("too_many_sheets", bare(biff.stream([(f"表{n}", 0, b"") for n in range(150)]))),
    "a text that is not there": ("broken", book(LABEL_SST, before=texts8(1, "甲"))),
    "four billion texts": (READ, book(b"", before=texts8(0xFFFFFFFF, "甲"))),
    "NaN": ("broken", book(biff.number(0, 0, NAN))),
    "infinite number": ("broken", book(biff.number(0, 0, INF))),
    "date after all days": (READ, book(biff.number(0, 0, 1e300, biff.DATE))),
    "negative date": (READ, book(biff.number(0, 0, -5, biff.DATE))),
    "duration beyond all": (READ, book(biff.number(0, 0, 1e300, biff.DURATION))),
    "error of no kind": (READ, book(biff.error(0, 0, 0x99))),
    "style that is not there": ("broken", book(biff.number(0, 0, 3, 60_000))),
    "backward merge": ("broken", book(biff.number(0, 0, 1) + biff.merged((9, 2, 9, 2)))),
    "whole sheet merged": ("merged_too_wide", book(biff.number(0, 0, 1) + biff.merged((0, 65_535, 0, 255)))),
    "backward merge that hides a wide one": ("broken", book(biff.number(0, 0, 1) + biff.merged((65_535, 0, 0, 255), (0, 65_535, 0, 255)))),
    "many merges": ("too_many_merges", made(lambda: biff.ole(biff.stream([("表", 0, b"".join(biff.merged(*[(r, r, c, c + 1) for c in range(0, 200, 2)]) for r in range(101)))])))),
    "last cell of all": (READ, book(biff.number(65_535, 255, 1))),
    "column 65535": ("broken", book(biff.number(0, 65_535, 1))),
    "several numbers in one record that ends too early": ("broken", book(biff.record(0x00BD, struct.pack("<HHHI", 0, 0, 0, 0) + struct.pack("<H", 9000)))),
    "protected by a password": ("password_xls", book(b"", before=biff.record(0x002F, struct.pack("<H", 1) + bytes(52)))),
    "no version": ("broken", stream_patched(0x0809, 4, "<H", 0x7777)),
    "no such code page": (READ, stream_patched(0x0042, 4, "<H", 60_000)),
    "Excel 2 of one record": ("broken", given_bytes(b"\x09\x00\x04\x00\x02\x00\x10\x00")),
    "Excel 4 of noise": ("broken", given_bytes(b"\x09\x04\x06\x00" + bytes(range(256)) * 8)),
    "lines of all columns hidden": (READ, book(biff.number(0, 0, 1) + biff.hidden_cols(0, 65_535) * 200)),
    "ten thousand boundaries of sheets": ("broken", book(biff.number(0, 0, 1) + biff.bof(0x0010) * 2000)),
}, "xls")  # fmt: skip


# OpenDocument


def spreadsheet(tables: str, styles: str = "") -> Build:
    return lambda path: ods(path, tables, styles)


def content(text: str | bytes, **extra: str | bytes) -> Build:
    return lambda path: write(path, {"mimetype": ODS, "content.xml": text, **extra})


def encrypted_opendocument() -> dict[str, str | bytes]:
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry '
        'manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry></manifest:manifest>'
    )
    return {"mimetype": ODS, "content.xml": b"\x9a" * 300, "META-INF/manifest.xml": manifest}


def with_dtd(dtd: str) -> Build:
    def build(path: Path) -> None:
        ods(path, ods_table(row(cell("甲"))))
        with zipfile.ZipFile(path) as package:
            text = package.read("content.xml").decode()
        write(path, {"mimetype": ODS, "content.xml": dtd + text})

    return build


def timed(text: str) -> str:
    return cell("x", office__value_type="time", office__time_value=text)


def filled(text: str = "1", **attrs: object) -> str:
    return number(text, **{f"table__number_{key}": value for key, value in attrs.items()})


OPEN_DOCUMENT = table({
    "empty": ("broken", archive(mimetype=ODS, content__xml="<a/>")),
    "text document": ("doc", archive(mimetype="application/vnd.oasis.opendocument.text", content__xml="<a/>")),
    "password": ("password", archive(mimetype=ODS, **{"encrypted-package": "甲"})),
    "older encryption": ("password", lambda path: write(path, encrypted_opendocument())),
    "no content": ("archive", archive(mimetype=ODS, styles__xml="<a/>")),
    "entities": ("unsafe", with_dtd(DTD)),
    "outer entity": ("unsafe", with_dtd(OUTER)),
    "entities in the manifest": ("unsafe", content("<a/>", **{"META-INF/manifest.xml": DTD + "<a>&b;</a>"})),
    "cut content": ("broken", content("<office:document-content><a>")),
    "content of no XML": ("broken", content(b"\xff\xfe\x00")),
    "a million columns with a value, in a million rows": ("too_far", spreadsheet(ods_table(row(filled(columns_repeated=1_000_000), number_rows_repeated=1_000_000)))),
    "100 billion columns with a value": ("too_far", spreadsheet(ods_table(row(filled(columns_repeated=99_999_999_999))))),
    "100 billion empty columns that span": (READ, spreadsheet(ods_table(row(cell(table__number_columns_repeated=99_999_999_999, table__number_columns_spanned=2))))),
    "100 billion empty rows that span": ("too_many_merges", spreadsheet(ods_table(row(cell(table__number_columns_spanned=2), number_rows_repeated=99_999_999_999)))),
    "a million empty columns in a million rows": (READ, spreadsheet(ods_table(row(filled()) + row(cell(table__number_columns_repeated=1_000_000), number_rows_repeated=1_000_000)))),
    "100 billion hidden rows": (READ, spreadsheet(ods_table(row(filled(), number_rows_repeated=1) + row(cell(), number_rows_repeated=99_999_999_999, visibility="collapse")))),
    "columns repeated below zero": ("broken", spreadsheet(ods_table(row(filled(columns_repeated=-5))))),
    "columns repeated a word": ("broken", spreadsheet(ods_table(row(filled(columns_repeated="viele"))))),
    "value that is a lie": (READ, spreadsheet(ods_table(row(cell("五", office__value_type="float", office__value="7"))))),
    "value that is missing": ("broken", spreadsheet(ods_table(row(cell("五", office__value_type="float"))))),
    "infinite value": ("broken", spreadsheet(ods_table(row(number("1e400"))))),
    "NaN": ("broken", spreadsheet(ods_table(row(number("NaN"))))),
    "date that is none": (READ, spreadsheet(ods_table(row(cell("x", office__value_type="date", office__date_value="-9999-99-99"))))),
    "time of 9,000 digits": (READ, spreadsheet(ods_table(row(timed(f"PT{'9' * 9000}H00M00S"))))),
    "spaces beyond all": ("text_too_long", spreadsheet(ods_table(row(cell('<text:s text:c="99999999999"/>' * 40))))),
    "span of the whole sheet": ("merged_too_wide", spreadsheet(ods_table(row(cell("甲", table__number_columns_spanned=16_384, table__number_rows_spanned=1_048_576))))),
    "table within a table, a thousand deep": (READ, spreadsheet("<table:table table:name='表'><table:table-row><table:table-cell>" * 1000 + "</table:table-cell></table:table-row></table:table>" * 1000)),
    "two tables of one name": ("unsafe", spreadsheet(ods_table(row(filled())) * 2)),
    "cell in no row": (READ, spreadsheet(ods_table(filled()))),
    "text of a megabyte": ("text_too_long", spreadsheet(ods_table(row(cell(digits(1_000_000)))))),
    "formula of half-open brackets": (READ, spreadsheet(ods_table(row(filled() + cell(table__formula="of:=" + "[.A1;'" * 20_000))))),
    "formula that fetches": (READ, spreadsheet(ods_table(row(number(1, table__formula="of:=DDE(&quot;soffice&quot;;&quot;/etc/passwd&quot;)"))))),
    "macros": (READ, lambda path: ods(path, ods_table(row(filled())), **{"Basic/Standard/Module1.xml": "<a/>"})),
    "bomb by ratio": ("bomb", content("<a>" + " " * 30_000_000 + "</a>")),
    "doubled content": ("unsafe", lambda path: write(path, {"mimetype": ODS, "content.xml": "<a/>"}, again=("content.xml",))),
}, "ods")  # fmt: skip


# Text, web pages, XML of 2003

MHTML = (
    b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n"
)


def web(body: Callable[[], str]) -> Build:
    return made(lambda: page(body()))


def table_of(cells: str) -> str:
    return f"<table><tr>{cells}</table>"


TEXTS = table({
    "stray character": ("csv_control", given_bytes("措施,本期完成\n规划,3\x00\n".encode("gbk") + "规划,3\n".encode("gbk") * 40)),
    "one wrong byte": ("csv_encoding", given_bytes("措施,本期完成\n".encode() * 20 + b"\xff,3\n")),
    "another encoding from the middle on": ("csv_encoding", given_bytes("措施,本期完成\n规划,3\n".encode() * 500 + b"\xff\xff,3\n")),
    "open quote": ("broken", given_bytes("措施,本期完成\n规划,\"3\n规划,3\n".encode())),
    "long field": ("text_too_long", given_bytes(f"措施,本期完成\n规划,{'字' * 32_768}\n".encode())),
    "far field": ("too_far", given_bytes(("甲,乙\n" * 9 + "," * 1000 + "甲\n").encode())),
    "half a pair in UTF-16": ("csv_encoding", given_bytes("甲,乙\n丙,丁\n".encode("utf-16") + b"\x00\xd8")),
    "a line of a million fields": ("too_far", made(lambda: ",".join(["1"] * 1_000_000).encode() + b"\n" + b"1,2\n" * 3)),
    "formula that runs a program": (READ, given_bytes("甲,乙\n=cmd|' /C calc'!A0,+1+1\n".encode())),
    "200,001 lines": ("too_many_cells", made(lambda: b"1,2\n" * 200_001)),
    "one line of twenty megabytes": big("text", made(lambda: b"x" * 19_999_999)),
    "one field of twenty megabytes": big("text_too_long", made(lambda: b"a,b\n1,2\n" + b"x" * 19_000_000 + b",1\n")),
    "one quoted field of twenty megabytes": big("text_too_long", made(lambda: b'a,b\n1,2\n"' + b"x\n" * 9_000_000 + b'",1\n')),
    "twenty million commas": big("too_far", made(lambda: b"a,b\n1,2\n3,4\n5,6\n" + b"," * 19_000_000 + b"1\n")),
    "ten million lines of nothing": big("too_much_memory", made(lambda: b"a,b\n1,2\n3,4\n" + b"\n" * 10_000_000)),
    "seven million lines": big("too_much_memory", made(lambda: b"1,\n" * 6_600_000)),
}, "csv") | table({
    "no table": ("html", given_bytes("<html><p>甲</p></html>".encode("gbk"))),
    "colspan of a billion": ("merged_too_wide", web(lambda: table_of("<td colspan=1000000000 rowspan=1000000000>甲"))),
    "colspan below zero": (READ, web(lambda: table_of("<td colspan=-5>甲"))),
    "colspan of 9,000 digits": (READ, web(lambda: table_of(f"<td colspan={'9' * 9000}>甲"))),
    "rows that all reach to the end": ("merged_too_wide", web(lambda: "<table>" + "<tr>" + "<td rowspan=60000>甲" * 900)),
    "101 tables": ("too_many_sheets", web(lambda: table_of("<td>甲") * 101)),
    "3,000 tables in each other": ("too_many_sheets", web(lambda: "<table><tr><td>甲" * 3000)),
    "entities": (READ, web(lambda: "<!DOCTYPE a [<!ENTITY b 'c'>]>" + table_of("<td>&b;"))),
    "outer entity": (READ, web(lambda: OUTER + table_of("<td>&b;"))),
    "script": (READ, web(lambda: table_of("<td><script>alert(1)</script>甲"))),
    "half a tag": (READ, web(lambda: table_of("<td>甲") + "<td colspan='")),
    # The parser of Python 3.11.2 passes it over with all that follows, the later ones refuse it.
    "a declaration that is none": ("broken|html", web(lambda: "<![if x" + table_of("<td>甲") + "<![x[")),
    "characters that are none": (READ, web(lambda: table_of("<td>&#xD800;&#0;&#x110000;&#99999999999;"))),
    "text of a megabyte": ("text_too_long", web(lambda: table_of("<td>" + "字" * 400_000))),
    "spaces of a megabyte": (READ, web(lambda: table_of("<td>甲" + "&nbsp;" * 200_000))),
    "attribute of a megabyte": (READ, web(lambda: table_of(f"<td style='{'display:' * 130_000}'>甲"))),
    "20,000 half comments": (READ, web(lambda: table_of("<td>甲") + "<!--" * 20_000)),
    "seven million tags": big("too_many_tags", web(lambda: "<b>" * 6_600_000)),
    "two million tables in each other": big("too_many_sheets", web(lambda: "<table>" * 2_800_000)),
    "four million half comments": big(READ, web(lambda: table_of("<td>甲") + "<!--" * 4_000_000)),
    "two million half tags": big("too_much_memory", web(lambda: table_of("<td>甲") + "<a b='" * 2_000_000)),
    "rows past a thousand covered columns": big("too_far", web(lambda: "<table><tr>" + "<td rowspan=60000>" * 1000 + "<tr><td>甲" * 1_000_000)),
}, "html") | table({
    "no table": ("html", given_bytes(MHTML + b"<p>\r\n--b--")),
    "no page": ("html", given_bytes(MHTML.replace(b"text/html", b"image/png") + b"x\r\n--b--")),
    "no end": (READ, given_bytes(MHTML + b"<table><tr><td>1</table>")),
    "page in broken base64": ("html", given_bytes(MHTML.replace(b"html\r\n", b"html\r\nContent-Transfer-Encoding: base64\r\n") + b"@@@=\r\n--b--")),
    "3,000 messages in each other": ("broken", given_bytes(b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b0\r\n\r\n" + b"".join(
        b"\r\n--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n" % (n - 1, n) for n in range(1, 3000)))),
    "header of a megabyte": ("html", given_bytes(b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=" + b"b" * 1_000_000 + b"\r\n\r\n--b")),
    "300,000 parts": big("html", made(lambda: MHTML + b"\r\n--b\r\nContent-Type: text/html\r\n\r\n" * 300_000)),
}, "mhtml") | table({
    "empty": ("broken", given_bytes(b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>')),
    "entities": ("unsafe", given_bytes((DTD + '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>').encode())),
    "outer entity": ("unsafe", given_bytes((OUTER + '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>').encode())),
    "cell of column a billion": ("too_far", given_bytes(xml2003({"表": f"<Row>{data('Number', '1', Index='1000000000')}</Row>"}))),
    "row a billion": ("too_far", given_bytes(xml2003({"表": f"<Row ss:Index='1000000000'>{data('Number', '1')}</Row>"}))),
    "merge across a billion": ("merged_too_wide", given_bytes(xml2003({"表": f"<Row>{data('Number', '1', MergeAcross='1000000000')}</Row>"}))),
    "merge of minus one": ("broken", given_bytes(xml2003({"表": f"<Row>{data('Number', '1', MergeDown='-1')}</Row>"}))),
    "a billion hidden rows": (READ, given_bytes(xml2003({"表": f"<Row ss:Span='1000000000' ss:Hidden='1'>{data('Number', '1')}</Row>"}))),
    "2,000 times all rows hidden": ("too_far", given_bytes(xml2003({"表": "<Row ss:Index='1' ss:Span='100000' ss:Hidden='1'/>" * 2000 + f"<Row>{data('Number', '1')}</Row>"}))),
    "cell in no row": ("broken", given_bytes(xml2003({"表": data("Number", "1")}))),
    "infinite number": ("broken", given_bytes(xml2003({"表": f"<Row>{data('Number', '1e400')}</Row>"}))),
    "date that is none": (READ, given_bytes(xml2003({"表": f"<Row>{data('DateTime', '9999-99-99T99:99:99')}</Row>"}))),
    "date of the year 1": (READ, given_bytes(xml2003({"表": f"<Row>{data('DateTime', '0001-01-01T00:00:00')}</Row>"}))),
    "sheet within a sheet": ("unsafe", given_bytes(xml2003({"表": f"<Row><Cell><Worksheet ss:Name='表'><Table><Row>{data('Number', '1')}</Row></Table></Worksheet></Cell></Row>"}))),
    "sheet within a cell's text": (READ, given_bytes(xml2003({"表": "<Row><Cell><Data ss:Type='String'><Worksheet ss:Name='里'/>甲</Data></Cell></Row>"}))),
    "cut": ("broken", given_bytes(xml2003({"表": f"<Row>{data('Number', '1')}</Row>"})[:-30])),
    "many beginnings": ("broken", made(lambda: xml2003({"表": ""}) + b"<?xml " * 100_000)),
    "number format of brackets": (READ, made(lambda: xml2003({"表": f"<Row>{data('Number', '1', StyleID='a')}</Row>"}, f'<Style ss:ID="a"><NumberFormat ss:Format="{"[" * 300_000}"/></Style>'))),
    "three million beginnings": big("broken", made(lambda: xml2003({"表": ""}) + b"<?xml " * 3_000_000)),
    "200,000 times all rows hidden": big("too_far", made(lambda: xml2003({"表": "<Row ss:Index='1' ss:Span='100000' ss:Hidden='1'/>" * 200_000 + f"<Row>{data('Number', '1')}</Row>"}))),
}, "xml2003")  # fmt: skip


# Zips of files


ARCHIVES = table({
    "one workbook": ("archive", lambda path: write(path, {"报表.xlsx": sound(path)})),
    "nothing": ("archive_empty", lambda path: write(path, {})),
    "litter only": ("archive_empty", archive(**{"__MACOSX/._a.xlsx": "PK"})),
    "101 files": ("archive_too_many", lambda path: write(path, {f"{n}.xlsx": "PK" for n in range(101)})),
    "1,001 files": ("bomb", lambda path: write(path, {f"{n}.xlsx": "PK" for n in range(1001)})),
    "file that is too large": ("archive_member_too_large", lambda path: write(path, {"大.xlsx": chance(1).randbytes(500_000) + bytes(19_600_000)})),
    "files that are too large together": ("bomb", lambda path: write(path, {f"{n}.xlsx": (bytes(range(256)) * 256 + chance(n).randbytes(4096)) * 200 for n in range(15)})),
    "bomb": ("bomb", lambda path: write(path, {"零.xlsx": bytes(19_000_000)})),
    "name that climbs": ("unsafe", archive(**{"../../a.xlsx": "PK"})),
    "name that climbs backwards": ("unsafe", archive(**{"..\\a.xlsx": "PK"})),
    "absolute name": ("unsafe", archive(**{"/etc/a.xlsx": "PK"})),
    "name with a drive": ("unsafe", archive(**{"C:\\a.xlsx": "PK"})),
    "name of a thousand signs": ("archive", archive(**{"甲" * 1000 + ".xlsx": "PK"})),
    "two files of one name": ("archive", archive(**{"a.xlsx": "PK", "A.xlsx": "PK"})),
    "wrong checksum": ("broken", made(lambda: patched(stored({"a.xlsx": b"PK" * 500}), b"PK\x01\x02", 16, "<I", 7))),
    "lying size": ("broken", made(lambda: patched(stored({"a.xlsx": b"PK" * 500}), b"PK\x01\x02", 24, "<I", 10))),
    "cut": ("truncated", made(lambda: stored({"a.xlsx": b"PK" * 500})[:-30])),
}, "zip")  # fmt: skip


def stored(members: dict[str, bytes]) -> bytes:
    """A zip without compression."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as package:
        for name, text in members.items():
            package.writestr(name, text)
    return out.getvalue()


KINDS = FILES | OLD | OPEN_DOCUMENT | TEXTS | ARCHIVES
