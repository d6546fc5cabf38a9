"""Builders of old workbooks: BIFF records by hand, and the OLE file around them. Nothing that is still kept writes them."""

import struct
from collections.abc import Sequence

PLAIN, DATE, PERCENT, DURATION = 0, 1, 2, 3  # the cell styles of every book built here
_FORMATS = {DATE: (164, "yyyy-mm-dd"), PERCENT: (10, ""), DURATION: (165, "[h]:mm")}
_SECTOR = 512


def record(code: int, data: bytes = b"") -> bytes:
    return struct.pack("<HH", code, len(data)) + data


def _text(text: str) -> bytes:
    return struct.pack("<HB", len(text), 1) + text.encode("utf-16-le")


def label(row: int, col: int, text: str) -> bytes:
    return record(0x0204, struct.pack("<HHH", row, col, PLAIN) + _text(text))


def number(row: int, col: int, value: float, style: int = PLAIN) -> bytes:
    return record(0x0203, struct.pack("<HHHd", row, col, style, value))


def boolean(row: int, col: int, value: bool) -> bytes:
    return record(0x0205, struct.pack("<HHHBB", row, col, PLAIN, value, 0))


def error(row: int, col: int, code: int) -> bytes:
    return record(0x0205, struct.pack("<HHHBB", row, col, PLAIN, code, 1))


def formula(row: int, col: int, tokens: bytes, result: bytes, style: int = PLAIN) -> bytes:
    """`result`: eight bytes, a float or one of the special cases."""
    head = struct.pack("<HHH", row, col, style) + result + struct.pack("<HIH", 0, 0, len(tokens))
    return record(0x0006, head + tokens)


def shared(first: int, last: int, col: int, tokens: bytes) -> bytes:
    return record(0x04BC, struct.pack("<HHBBBBH", first, last, col, col, 0, 2, len(tokens)) + tokens)


def exp(row: int, col: int) -> bytes:
    """The tokens of a cell whose formula stands with another."""
    return struct.pack("<BHH", 0x01, row, col)


def ref(row: int, col: int) -> bytes:
    return struct.pack("<BHH", 0x44, row, col | 0xC000)


def relative(row: int, col: int) -> bytes:
    return struct.pack("<BHBB", 0x4C, row & 0xFFFF, col & 0xFF, 0xC0)


def whole(value: int) -> bytes:
    return struct.pack("<BH", 0x1E, value)


TIMES = b"\x05"


def hidden_row(row: int) -> bytes:
    return record(0x0208, struct.pack("<HHHHHHI", row, 0, 10, 255, 0, 0, 0x20 | 0x100))


def hidden_cols(first: int, last: int) -> bytes:
    return record(0x007D, struct.pack("<HHHHHH", first, last, 2000, 0, 1, 0))


def merged(*ranges: tuple[int, int, int, int]) -> bytes:
    """(first row, last row, first column, last column) each."""
    return record(0x00E5, struct.pack("<H", len(ranges)) + b"".join(struct.pack("<HHHH", *r) for r in ranges))


def bof(kind: int, version: int = 0x0600) -> bytes:
    return record(0x0809, struct.pack("<HHHH", version, kind, 0, 1997) + (bytes(8) if version == 0x0600 else b""))


def stream(sheets: Sequence[tuple[str, int, bytes]], *, date1904: bool = False, before: bytes = b"") -> bytes:
    """A BIFF8 workbook: (name, 0 visible | 1 hidden | 2 very hidden, records) a sheet. `before` goes right behind the first
    BOF."""
    fonts = record(0x0031, struct.pack("<HHHHHBBBB", 200, 0, 8, 400, 0, 0, 0, 0, 0) + b"\x01\x00a") * 5
    formats = b"".join(record(0x041E, struct.pack("<H", key) + _text(code)) for key, code in _FORMATS.values() if code)
    styles = b"".join(
        record(0x00E0, struct.pack("<HHHBBBBIIH", 0, _FORMATS.get(n, (0, ""))[0], 0, 0, 0, 0, 0, 0, 0, 0))
        for n in range(4)
    )
    head = bof(0x0005) + before + record(0x0042, b"\xb0\x04") + record(0x0022, struct.pack("<H", date1904))
    head += fonts + formats + styles
    listed = [(name.encode("utf-16-le"), len(name), state) for name, state, _ in sheets]
    start = len(head) + sum(4 + 8 + len(name) for name, _, _ in listed) + 4
    body, lines = b"", b""
    for (name, chars, state), (_, _, records) in zip(listed, sheets, strict=True):
        lines += record(0x0085, struct.pack("<IBBBB", start + len(body), state, 0, chars, 1) + name)
        body += bof(0x0010) + records + record(0x000A)
    return head + lines + record(0x000A) + body


def stream5(name: str, records: bytes) -> bytes:
    """A BIFF5 workbook of one sheet, texts in GBK."""
    encoded = name.encode("gbk")
    head = bof(0x0005, 0x0500) + record(0x0042, struct.pack("<H", 936))
    head += record(0x0031, struct.pack("<HHHHHBBBB", 200, 0, 8, 400, 0, 0, 0, 0, 0) + b"\x01a") * 5
    head += record(0x00E0, struct.pack("<HHHBBHII", 0, 0, 0, 0, 0, 0, 0, 0)[:16]) * 2
    start = len(head) + 4 + 7 + len(encoded) + 4
    head += record(0x0085, struct.pack("<IBBB", start, 0, 0, len(encoded)) + encoded) + record(0x000A)
    return head + bof(0x0010, 0x0500) + records + record(0x000A)


def label5(row: int, col: int, text: str) -> bytes:
    encoded = text.encode("gbk")
    return record(0x0204, struct.pack("<HHHH", row, col, 0, len(encoded)) + encoded)


def ole(content: bytes, name: str = "Workbook") -> bytes:
    """The OLE file around one stream: header, table of sectors, directory, the stream."""
    content = content.ljust(4096, b"\0")
    content += bytes(-len(content) % _SECTOR)
    count = len(content) // _SECTOR
    tables = -(-(count + 2) // 127)  # sectors of the table, which lists itself too
    first = tables + 1
    fat = [*[0xFFFFFFFD] * tables, 0xFFFFFFFE, *range(first + 1, first + count), 0xFFFFFFFE]
    table = struct.pack(f"<{tables * 128}I", *fat, *[0xFFFFFFFF] * (tables * 128 - len(fat)))
    root, none = 5, 0xFFFFFFFF

    def entry(title: str, kind: int, child: int, first: int, size: int) -> bytes:
        encoded = title.encode("utf-16-le") + b"\0\0"
        tail = struct.pack("<HBBIII16sIQQIII", len(encoded), kind, 1, none, none, child, b"", 0, 0, 0, first, size, 0)
        return encoded.ljust(64, b"\0") + tail

    directory = entry("Root Entry", root, 1, 0xFFFFFFFE, 0) + entry(name, 2, none, first, len(content))
    header = struct.pack(
        "<8s16sHHHHH6sIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6, b"", 0, tables, tables, 0,
        4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0,
    )  # fmt: skip
    header += struct.pack("<109I", *range(tables), *[none] * (109 - tables))
    return header + table + directory.ljust(_SECTOR, b"\0") + content
