"""The quick way through a worksheet that is written the way Excel, WPS, LibreOffice and openpyxl write nearly all of theirs:
its rows are taken apart by one expression that has to match them to the last character. What is around them goes through
expat as ever, and so does the whole sheet when anything in it is written otherwise: here nothing is guessed or refused.
"""

import re
from collections.abc import Iterator

from yaoxun.sheets.cells import MAX_COL, MAX_ROW, SheetPart
from yaoxun.sheets.grid import Cells
from yaoxun.sheets.model import CellKind, CellValue

LARGEST = 8_000_000  # bytes; beyond, the streaming way needs less memory
_OPEN, _CLOSE = "<sheetData>", "</sheetData>"
_NOTHING = "\0"  # stands where a blank cell stood; XML knows no such character
_BLANK = re.compile(r'<c r="[A-Z]{1,3}[0-9]{1,7}"(?: s="[0-9]{1,6}")?(?: t="n")? ?/>')
_ATTRIBUTES = rf'((?: [\w:.-]+="[^"<&{_NOTHING}]*")*)'
_CELL = r'<c r="([A-Z]{1,3})([0-9]{1,7})"(?: s="([0-9]{1,6})")?(?: t="(s|str|n|b|e|inlineStr)")?'
# What XML allows in a text.
_CHARACTER = "[^<\x00-\x08\x0b-\x1f\ufffe\uffff]"
_FORMULA = rf'(?:<f(?: aca="(?:false|true|0|1)")?>({_CHARACTER}+)</f>)?'
_VALUE = rf'(?:<v>({_CHARACTER}*)</v>|<v ?/>|<is><t(?: xml:space="preserve")?>({_CHARACTER}+)</t></is>)?'
_TOKEN = re.compile(rf"{_CELL}>{_FORMULA}{_VALUE}</c>|<row{_ATTRIBUTES} ?(/?)>|(</row>)")
_NUMBER_OF_ROW = re.compile(r' r="([0-9]{1,7})"')
_ENTRY = re.compile(rf'<si><t(?: xml:space="preserve")?>{_CHARACTER}*</t></si>')
_TEXT = re.compile(r"<t[^>]*>([^<]*)<")
_ENTITY = re.compile(r"&(?:(lt|gt|amp|quot|apos)|#([0-9]{1,7})|#x([0-9A-Fa-f]{1,6}));|&")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}


class _Otherwise(Exception):
    """Written otherwise than we can tell at sight."""


def split_sheet(content: bytes) -> tuple[bytes, str] | None:
    """The part without its rows, and the rows; None for one to be read the long way."""
    return _split(content, _OPEN, _CLOSE, _TOKEN)


def split_texts(content: bytes) -> tuple[bytes, list[str]] | None:
    """The table of texts without its entries, and the entries; None for one to be read the long way."""
    opened = re.search(rb"<sst(?: [^<>]*)?>", content)
    found = _split(content, opened[0].decode("ascii", "replace"), "</sst>", _ENTRY) if opened else None
    try:
        return (found[0], [_plain(text) for text in _TEXT.findall(found[1])]) if found else None
    except _Otherwise:
        return None


def _split(content: bytes, opened: str, closed: str, piece: re.Pattern[str]) -> tuple[bytes, str] | None:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return None
    head, _, rest = text.partition(opened)
    body, found, tail = rest.partition(closed)
    declared = re.match(r"\ufeff?<\?xml[^>]*>", head)
    if not found or "<!" in text or "<?" in head[declared.end() if declared else 0 :] or "<?" in tail:
        return None
    if (
        declared
        and "encoding" in declared[0]
        and not re.search(r"encoding=[\"'](utf-8|us-ascii)[\"']", declared[0], re.I)
    ):
        return None
    if "]]>" in body or _NOTHING in body:
        return None
    # Nothing may be left between the pieces. (One expression for all of them, possessive, fails in Python 3.11.2.)
    if piece.sub("", _BLANK.sub(_NOTHING, body)).strip(_NOTHING):
        return None
    return f"{head}{opened}{closed}{tail}".encode(), body


def read_rows(rows: str, part: SheetPart) -> tuple[Cells, list[int]] | None:
    """The cells in file order, and the hidden rows; None where something is to be read the long way. Raises Unreadable."""
    hidden: list[int] = []
    try:
        return list(_cells(rows, part, hidden)), hidden
    except _Otherwise:
        return None


def _cells(rows: str, part: SheetPart, hidden: list[int]) -> Iterator[tuple[int, int, CellKind, CellValue, str | None]]:
    texts, columns, known = part.texts, dict[str, int](), dict[tuple[str, str, str], tuple[CellKind, CellValue]]()
    number, row = "", 0
    for letters, at, style, kind, formula, value, inline, attributes, empty, closed in _TOKEN.findall(rows):
        if letters:
            if at != number:
                raise _Otherwise
            col = columns.get(letters) or columns.setdefault(letters, _column(letters))
            raw = inline or value if kind == "inlineStr" else value
            if kind == "s" and raw.isascii() and raw.isdecimal() and len(raw) < 7 and int(raw) < len(texts):
                found: tuple[CellKind, CellValue] = ("text", texts[int(raw)])
            elif raw:
                key = (kind, style, raw)
                found = known.get(key) or known.setdefault(key, part.typed(kind, style, _plain(raw), (row, col)))
            else:
                found = ("text", "")
            yield row, col, *found, part.formula(_plain(formula), (row, col)) if formula else None
        elif closed:
            number = _after(number)
        else:
            if number:
                raise _Otherwise
            row, is_hidden = _row(attributes)
            number = "" if empty else str(row)
            if is_hidden:
                hidden.append(row)


def _after(number: str) -> str:
    """No row is open any more; one had to be."""
    if not number:
        raise _Otherwise
    return ""


def _row(attributes: str) -> tuple[int, bool]:
    """The number of a row, and whether it is hidden."""
    found = _NUMBER_OF_ROW.findall(attributes)
    if len(found) != 1 or found[0].startswith("0") or int(found[0]) > MAX_ROW or attributes.count(" hidden=") > 1:
        raise _Otherwise
    return int(found[0]), any(f' hidden="{word}"' in attributes for word in ("1", "true", "on"))


def _column(letters: str) -> int:
    col = 0
    for letter in letters:
        col = col * 26 + ord(letter) - 64
    if col > MAX_COL:
        raise _Otherwise
    return col


def _plain(text: str) -> str:
    """A text with its references resolved."""
    return _ENTITY.sub(_character, text) if "&" in text else text


def _character(found: re.Match[str]) -> str:
    if found[1]:
        return _NAMED[found[1]]
    code = int(found[2]) if found[2] else int(found[3], 16) if found[3] else 0
    if code in (9, 10, 13) or 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000:
        return chr(code)
    raise _Otherwise
