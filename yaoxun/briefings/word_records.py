"""The records of a document's numerals as the custom XML part that it carries: what each number is, and the cells it came
from. Read back by lint/parts.py; what is printed never depends on them.
"""

import uuid
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import quoteattr

from yaoxun.briefings.lint.model import NumeralRecord
from yaoxun.briefings.model import legal

NAMESPACE = "urn:yaoxun:numerals:1"
_STORE = "http://schemas.openxmlformats.org/officeDocument/2006/customXml"
_NAMES = ("id", "text", "origin", "figure", "dims", "value", "unit")
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def records_xml(records: Sequence[NumeralRecord]) -> bytes:
    """/customXml/item1.xml."""
    lines = []
    for record in records:
        named = _attributes((name, str(getattr(record, name))) for name in _NAMES)
        cells = (_attributes(zip(("file", "sheet", "cell"), cell, strict=True)) for cell in record.cells)
        lines.append(f"<n{named}>{''.join(f'<c{cell}/>' for cell in cells)}</n>")
    return f'{_DECLARATION}<numerals xmlns="{NAMESPACE}">{"".join(lines)}</numerals>'.encode()


def properties_xml() -> bytes:
    """/customXml/itemProps1.xml: without it LibreOffice drops the item when it saves the document."""
    name = str(uuid.uuid5(uuid.NAMESPACE_URL, NAMESPACE)).upper()
    schema = f'<ds:schemaRefs><ds:schemaRef ds:uri="{NAMESPACE}"/></ds:schemaRefs>'
    return f'{_DECLARATION}<ds:datastoreItem ds:itemID="{{{name}}}" xmlns:ds="{_STORE}">{schema}</ds:datastoreItem>'.encode()


def _attributes(pairs: Iterable[tuple[str, str]]) -> str:
    return "".join(f" {name}={quoteattr(legal(value))}" for name, value in pairs)
