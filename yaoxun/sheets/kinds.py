"""What a file is, told by its content and never by its name.

A kind is either one that reader.py has a reader for or a code in refusals.py. Zip packages are told apart by their member
names and content types, OLE files by the streams of their directory. Whether a workbook is sound is not asked here.
"""

import io
import re
import struct
from pathlib import Path
from typing import BinaryIO

from xlrd.compdoc import CompDoc

from yaoxun.sheets.package import CONTENT_TYPES, Package
from yaoxun.sheets.refusals import unreadable
from yaoxun.sheets.textual import decoded

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"\x89PNG\r\n", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"BM", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"Rar!\x1a", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"BZh", "archive"),
    (b"\xfd7zXZ", "archive"),
    (b"{\\rtf", "doc"),
    # Excel 2 to 5 without the OLE file around it, which some programs still write.
    (b"\x09\x00\x04\x00", "xls"),
    (b"\x09\x02\x06\x00", "xls"),
    (b"\x09\x04\x06\x00", "xls"),
    (b"\x09\x08\x08\x00\x00\x05", "xls"),
)

# The streams of an OLE file tell what it holds.
_OLE_STREAMS = (
    ("EncryptedPackage", "password"),
    ("WordDocument", "doc"),
    ("PowerPoint Document", "ppt"),
    ("Workbook", "xls"),
    ("Book", "xls"),
)

_MAIN = "application/vnd.openxmlformats-officedocument."
_CONTENT_TYPES: tuple[tuple[str, str], ...] = (
    (_MAIN + "spreadsheetml.sheet.main+xml", "xlsx"),
    ("application/vnd.ms-excel.sheet.macroenabled.main+xml", "xlsm"),
    (_MAIN + "spreadsheetml.template.main+xml", "xltx"),
    ("application/vnd.ms-excel.template.macroenabled.main+xml", "xltx"),
    ("application/vnd.ms-excel.sheet.binary.macroenabled.main", "xlsb"),
    (_MAIN + "wordprocessingml.", "doc"),
    ("application/vnd.ms-word.", "doc"),
    (_MAIN + "presentationml.", "ppt"),
    ("application/vnd.ms-powerpoint.", "ppt"),
)
_OOXML = frozenset({"xlsx", "xlsm", "xltx"})

_OPENDOCUMENT = "application/vnd.oasis.opendocument."
_OPENDOCUMENT_KINDS = (("spreadsheet", "ods"), ("text", "doc"), ("presentation", "ppt"))
_PARTS = frozenset({CONTENT_TYPES, "xl/workbook.xml", "content.xml", "encrypted-package", "ofd.xml"})

_HTML = re.compile(r"<\s*(!doctype\s+html|html|head|body|meta|table)\b", re.I)
_WORKBOOK = re.compile(r"<\s*(\w+:)?Workbook\b")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_MIME = re.compile(
    rb"\s*(MIME-Version|From|To|Subject|Date|Received|Return-Path|Delivered-To|Message-ID|Content-Type|X-[A-Za-z-]+):",
    re.I,
)
_HEAD = 8192
_LONGEST_END = 22 + 65535  # the record that ends a zip, with its comment
_DIRECTORY = 1 << 24


def outer_kind(path: Path) -> str:
    """What the bytes of the file are; `zip` for every zip, see `workbook_part` and `holds_parts`."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
        if not head:
            return "empty"
        kind = next((kind for magic, kind in _MAGIC if head.startswith(magic)), "")
        if kind == "ole":
            return _ole_kind(head + file.read())
    return kind or _unmarked_kind(head)


def _unmarked_kind(head: bytes) -> str:
    """Of files that do not begin with their mark."""
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head[8:12] == b"WEBP" or head[4:8] == b"ftyp":
        return "image"
    if _MIME.match(head) and b"multipart/" in head.lower():
        return "mhtml"
    return "archive" if head[257:262] == b"ustar" else _text_kind(head)


def may_be_archive(file: BinaryIO) -> bool:
    """Whether a child should look if an open file is a zip of files. Opens no zip: only the names in its directory are
    looked through, so that the many workbooks cost no second child. Raises OSError where it cannot be read."""
    file.seek(0)
    if file.read(2) != b"PK":
        return False
    file.seek(max(0, file.seek(0, io.SEEK_END) - _LONGEST_END))
    tail = file.read()
    end = tail.rfind(b"PK\x05\x06")
    if end < 0 or len(tail) < end + 22:
        return False
    size, start = struct.unpack_from("<II", tail, end + 12)
    file.seek(start)
    directory = file.read(min(size, _DIRECTORY))
    return b"[Content_Types].xml" not in directory and b"content.xml" not in directory


def holds_parts(package: Package) -> bool:
    """Whether a zip is a document made of parts; otherwise it is an archive of files."""
    return not _PARTS.isdisjoint(package.names())


def workbook_part(package: Package) -> tuple[str, str]:
    """The part that holds the workbook, and its kind: `xlsx`, `xlsm`, `xltx` or `ods`. Raises Unreadable for another package.

    Excel follows the package's relationship, openpyxl the content types; where they disagree nothing is read.
    """
    kinds = {part: _kind_of(content_type) for part, content_type in package.content_types().items()}
    mains = {part for part, kind in kinds.items() if kind in _OOXML}
    roots = [relation.target for relation in package.relations("") if relation.kind == "officeDocument"]
    chosen = set(roots) & mains if roots else mains
    if len(chosen) == 1:
        part = chosen.pop()
        return part, kinds[part]
    if mains:
        raise unreadable("unsafe", what="哪个部件是工作簿，前后不一致")
    other = next((kind for kind in kinds.values() if kind), "")
    if not other and "xl/workbook.xml" in package.names():
        raise unreadable("broken", what="没有写明哪个部件是工作簿")
    other = other or _other_package(package)
    if other == "ods":
        return "content.xml", other
    raise unreadable(other)


def _kind_of(content_type: str) -> str:
    lowered = content_type.strip().lower()
    return next((kind for prefix, kind in _CONTENT_TYPES if lowered.startswith(prefix)), "")


def _other_package(package: Package) -> str:
    names = package.names()
    if "ofd.xml" in names:
        return "ofd"
    if "mimetype" not in names or not {"content.xml", "encrypted-package"} & set(names):
        return "archive"
    mimetype = b"".join(package.stream("mimetype"))[:200].decode("ascii", "replace").strip()
    if "encrypted-package" in names:
        return "password"
    kind = mimetype.removeprefix(_OPENDOCUMENT)
    return next((code for name, code in _OPENDOCUMENT_KINDS if kind.startswith(name)), "unknown")


def _ole_kind(content: bytes) -> str:
    """By the streams of the root: a workbook may hold a Word document, and may speak of one."""
    try:
        directory = CompDoc(content, logfile=io.StringIO()).dirlist
        names = {entry.name for entry in directory if entry.parent == 0}
        return next((kind for name, kind in _OLE_STREAMS if name in names), "ole")
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 (xlrd raises anything on a damaged directory)
        # The names, in UTF-16, may still stand somewhere.
        return next((kind for name, kind in _OLE_STREAMS if name.encode("utf-16-le") in content), "truncated")


def _text_kind(head: bytes) -> str:
    text = decoded(head, whole=False) or _mostly_text(head)
    if text is None:
        return "unknown"
    if "urn:schemas-microsoft-com:office:spreadsheet" in text and _WORKBOOK.search(text):
        return "sheet2003"
    if _HTML.search(text):
        return "html"
    first, _, _ = text.partition("\n")
    controls = len(_CONTROL.findall(text))
    # A stray control character in a table is told by its line; many of them, or one at the start, are no text.
    if controls and (_CONTROL.search(first) or controls > len(text) // 100 or not re.search(r"[,;\t，]", first)):
        return "unknown"
    return "unknown" if text.lstrip().startswith("<?xml") else "csv"


def _mostly_text(head: bytes) -> str | None:
    """A text with a few bytes that are none, which then is refused as such; None when it is no text at all."""
    for encoding in ("utf-8", "gb18030"):
        text = head.decode(encoding, "replace")
        if text.count("\ufffd") * 50 <= len(text):
            return text
    return None
