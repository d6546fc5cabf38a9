"""What a file is, told by its content and never by its name.

Only .xlsx and .xlsm are read; every other kind has a code in refusals.py. Zip packages are told apart by their member
names and content types. Whether a workbook is sound is not asked here.
"""

import codecs
import re
from pathlib import Path

from yaoxun.sheets.package import Package
from yaoxun.sheets.refusals import unreadable

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
    (b"MIME-Version:", "html"),
)

# An OLE file names its streams in UTF-16 in its directory; which names occur tells what it holds.
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
READ = frozenset({"xlsx", "xlsm"})

_HTML = re.compile(r"<\s*(!doctype\s+html|html|head|body|meta|table)\b", re.I)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_HEAD = 8192


def outer_kind(path: Path) -> str:
    """`zip`, or the refusal code of what the bytes of the file are otherwise."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
        if not head:
            return "empty"
        kind = next((kind for magic, kind in _MAGIC if head.startswith(magic)), "")
        if kind == "ole":
            return _ole_kind(head + file.read())
    if kind:
        return kind
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head[8:12] == b"WEBP" or head[4:8] == b"ftyp":
        return "image"
    return "archive" if head[257:262] == b"ustar" else _text_kind(head)


def workbook_part(package: Package) -> str:
    """The name of the part that holds the workbook. Raises Unreadable when the package is no .xlsx or .xlsm.

    Excel follows the package's relationship, openpyxl the content types; where they disagree nothing is read.
    """
    kinds = {part: _kind_of(content_type) for part, content_type in package.content_types().items()}
    mains = {part for part, kind in kinds.items() if kind in READ}
    roots = [relation.target for relation in package.relations("") if relation.kind == "officeDocument"]
    chosen = set(roots) & mains if roots else mains
    if len(chosen) == 1:
        return chosen.pop()
    if mains:
        raise unreadable("unsafe", what="哪个部件是工作簿，前后不一致")
    other = next((kind for kind in kinds.values() if kind), "")
    if not other and "xl/workbook.xml" in package.names():
        raise unreadable("broken", what="没有写明哪个部件是工作簿")
    raise unreadable(other or _bare_zip_kind(package.names()))


def _kind_of(content_type: str) -> str:
    lowered = content_type.strip().lower()
    return next((kind for prefix, kind in _CONTENT_TYPES if lowered.startswith(prefix)), "")


def _bare_zip_kind(names: list[str]) -> str:
    if "ofd.xml" in names:
        return "ofd"
    if "mimetype" in names and "content.xml" in names:
        return "ods"
    return "archive"


def _ole_kind(content: bytes) -> str:
    return next((kind for name, kind in _OLE_STREAMS if name.encode("utf-16-le") in content), "ole")


def _text_kind(head: bytes) -> str:
    text = _decoded(head)
    if text is None or _CONTROL.search(text):
        return "unknown"
    if _HTML.search(text):
        return "html"
    if "urn:schemas-microsoft-com:office:spreadsheet" in text:
        return "sheet2003"
    if text.lstrip().startswith("<?xml"):
        return "unknown"
    return "csv" if re.search(r"[,;\t，]", text) else "text"


def _decoded(head: bytes) -> str | None:
    """The beginning as text in the encodings that are met in practice, None when it is no text."""
    encodings = ("utf-16",) if head[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return codecs.getincrementaldecoder(encoding)().decode(head)
        except UnicodeDecodeError:
            continue
    return None
