"""The quick way through a worksheet that is written the way Excel, WPS, LibreOffice and openpyxl write nearly all of theirs:
its rows are split at their tags, and what follows a cell's address is told apart once for all cells that say the same. Every
character has to be accounted for. What is around the rows goes through expat as ever, and so does the whole sheet when
anything in it is written otherwise or breaks a limit: here nothing is guessed or refused.
"""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain, repeat

from yaoxun.sheets.cells import SheetPart
from yaoxun.sheets.grid import Filled
from yaoxun.sheets.model import MAX_COL, MAX_ROW, Content, column_number
from yaoxun.sheets.refusals import Unreadable

LARGEST = 8_000_000  # bytes; beyond, the streaming way needs less memory
_OPEN, _CLOSE = b"<sheetData>", b"</sheetData>"
# What XML allows in no text, and a line end that it would change.
_CONTROLS = bytes([*range(9), *range(11, 32)])
_NO_CHARACTERS = ("\ufffe", "\uffff")
_MARKS = (b"<!", b"<?")
_DECLARED = re.compile(rb"(?:\xef\xbb\xbf)?<\?xml[^>]*>")
_KNOWN_ENCODING = re.compile(rb"encoding=[\"'](utf-8|us-ascii)[\"']", re.I)
_ROW_BEGINS, _ROW_ENDS, _CELL_BEGINS = "<row", "</row>", '<c r="'
_ATTRIBUTES = re.compile(r'(?: [\w:.-]+="[^"<&]*")*')
_ATTRIBUTE = re.compile(r' ([\w:.-]+)="([^"]*)"')
_FORMULA = '(?:<f(?: aca="(?:false|true|0|1)")?>([^<]+)</f>)?'
_VALUE = '(?:<v>([^<]*)</v>|<v ?/>|<is><t(?: xml:space="preserve")?>([^<]+)</t></is>)?'
# A cell, from behind its address; the second way of those whose text stands in the table of texts.
_CELL = re.compile(rf'(?: s="([0-9]{{1,6}})")?(?: t="(s|str|n|b|e|inlineStr)")?(?: ?/>|>{_FORMULA}{_VALUE}</c>)')
_SHARED = re.compile(r'(?: s="[0-9]{1,6}")? t="s"><v>([0-9]{1,6})</v></c>')
_ENTRY = re.compile(r'(<si><t(?: xml:space="preserve")?>([^<]*)</t></si>)')
_ENTITY = re.compile(r"&(?:(lt|gt|amp|quot|apos)|#([0-9]{1,7})|#x([0-9A-Fa-f]{1,6}));|&")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}


class _Otherwise(Exception):
    """Written otherwise than we can tell at sight."""


def split_sheet(content: bytes) -> tuple[bytes, str] | None:
    """The part without its rows, and the rows; None for one to be read the long way."""
    return _split(content, _OPEN, _CLOSE)


def split_texts(content: bytes) -> tuple[bytes, list[str]] | None:
    """The table of texts without its entries, and the entries; None for one to be read the long way."""
    opened = re.search(rb"<sst(?: [^<>]*)?>", content)
    found = _split(content, opened[0], b"</sst>") if opened else None
    entries = _ENTRY.findall(found[1]) if found else []
    if found is None or sum(len(entry) for entry, _ in entries) != len(found[1]):
        return None
    texts = [text for _, text in entries]
    try:
        return found[0], [_plain(text) for text in texts] if "&" in found[1] else texts
    except _Otherwise:
        return None


def _split(content: bytes, opened: bytes, closed: bytes) -> tuple[bytes, str] | None:
    head, _, rest = content.partition(opened)
    body, found, tail = rest.partition(closed)
    declared = _DECLARED.match(head)
    # (What of this stands among the rows is left over there.)
    if not found or any(
        mark in around for around in (head[declared.end() if declared else 0 :], tail) for mark in _MARKS
    ):
        return None
    if declared and b"encoding" in declared[0] and not _KNOWN_ENCODING.search(declared[0]):
        return None
    if (b"]]" in body and b"]]>" in body) or len(body.translate(None, _CONTROLS)) < len(body):
        return None
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return None if any(no in text for no in _NO_CHARACTERS) else (b"".join((head, opened, closed, tail)), text)


def read_rows(rows: str, part: SheetPart) -> tuple[Filled, list[int]] | None:
    """The filled cells, and the hidden rows; None where something is to be read the long way."""
    hidden: list[int] = []
    try:
        return _filled(rows, part, hidden), hidden
    except (_Otherwise, Unreadable):  # the long way says which cell it is
        return None


def _filled(rows: str, part: SheetPart, hidden: list[int]) -> Filled:
    numbers, counts, cells = list[int](), list[int](), list[tuple[str, str, str]]()
    for number, row in _rows(rows, hidden):
        numbers.append(number)
        counts.append(len(row))
        cells += row
    letters, _, tails = zip(*cells, strict=True) if cells else ((), (), ())
    columns = {name: _column(name) for name in set(letters)}
    times, known = Counter(tails), part.known
    _learn([tail for tail in times if tail not in known], part)
    spots = zip(chain.from_iterable(map(repeat, numbers, counts)), map(columns.__getitem__, letters), strict=True)
    contents = map(known.__getitem__, tails)
    filled = {spot: content for spot, content in zip(spots, contents, strict=True) if content is not None}
    said = [(content, n) for tail, n in times.items() if (content := known[tail]) is not None]
    if len(filled) < sum(n for _, n in said):
        raise _Otherwise  # a cell stands there twice
    chars = sum((len(c[1]) if isinstance(c[1], str) else 0) * n + len(c[2] or "") * n for c, n in said)
    return Filled(filled, chars, numbers[-1] if numbers else 0, max(columns.values(), default=0))


def _rows(rows: str, hidden: list[int]) -> Iterator[tuple[int, list[tuple[str, str, str]]]]:
    """Each row's number, and its cells as (letters, what ends the address, all that follows)."""
    before, *pieces = rows.split(_ROW_BEGINS)
    shapes: dict[tuple[str, str], tuple[bool, bool]] = {}
    last = 0
    if before:
        raise _Otherwise
    for piece in pieces:
        attributes, _, rest = piece.partition(">")
        head, _, more = attributes.partition(' r="')
        number, _, tail = more.partition('"')
        is_hidden, is_empty = shapes.get((head, tail)) or shapes.setdefault((head, tail), _shape(head, tail))
        row = int(number) if number.isdecimal() and len(number) < 8 else 0
        if not last < row <= MAX_ROW or str(row) != number:
            raise _Otherwise
        last = row
        if is_hidden:
            hidden.append(row)
        if is_empty:
            if rest:
                raise _Otherwise
            continue
        first, *cells = rest.removesuffix(_ROW_ENDS).split(_CELL_BEGINS)
        if first or not rest.endswith(_ROW_ENDS):
            raise _Otherwise
        mark = number + '"'
        yield row, [cell.partition(mark) for cell in cells]


def _shape(head: str, tail: str) -> tuple[bool, bool]:
    """Of a row's attributes, before its number and behind: whether it is hidden, and whether it ends there."""
    bare = tail.removesuffix("/")
    around = head + bare.removesuffix(" ")
    found = _ATTRIBUTE.findall(around)
    if not _ATTRIBUTES.fullmatch(around) or len(dict(found)) < len(found) or "r" in dict(found):
        raise _Otherwise
    return dict(found).get("hidden") in ("1", "true", "on"), bare != tail


def _learn(tails: list[str], part: SheetPart) -> None:
    """Put down what cells hold that are written so."""
    texts, known, end = part.texts, part.known, len(part.texts)
    for tail, shared in zip(tails, map(_SHARED.fullmatch, tails), strict=True):
        if shared and (index := int(shared[1])) < end and (text := texts[index]):
            known[tail] = "text", text, None
        else:
            known[tail] = _content(tail, part)


def _content(tail: str, part: SheetPart) -> Content | None:
    """What a cell holds; None for nothing."""
    found = _CELL.fullmatch(tail)
    if not found:
        raise _Otherwise
    style, kind, formula, value, inline = found.groups()
    raw = inline or value if kind == "inlineStr" else value
    if not raw and not formula:
        return None
    content = part.content(kind or "n", int(style or 0), _plain(raw or ""), _plain(formula) if formula else None)
    return content if content[1] != "" or content[2] is not None else None


def _column(letters: str) -> int:
    if letters.isascii() and letters.isalpha() and letters.isupper() and len(letters) < 4:
        col = column_number(letters)
        if col <= MAX_COL:
            return col
    raise _Otherwise


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
