"""Builders of what comes instead of an .xlsx: OpenDocument, web pages, XML of 2003."""

from collections.abc import Mapping
from pathlib import Path

from support.sheets_builders import write

ODS = "application/vnd.oasis.opendocument.spreadsheet"


def ods(path: Path, tables: str, styles: str = "", **extra: str) -> bytes:
    """An OpenDocument spreadsheet, written to `path` too."""
    names = {"office": "office", "table": "table", "text": "text", "style": "style", "draw": "drawing"}
    spaces = "".join(f' xmlns:{key}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for key, name in names.items())
    spaces += ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
    content = (
        f"<office:document-content{spaces}><office:automatic-styles>{styles}</office:automatic-styles><office:body>"
        f"<office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    return write(path, {"mimetype": ODS, "content.xml": content, **extra}).read_bytes()


def table(rows: str, name: str = "表", more: str = "") -> str:
    return f'<table:table table:name="{name}"{more}>{rows}</table:table>'


def cell(text: str = "", **attrs: object) -> str:
    """`value_type="float"` → office:value-type; a name with a prefix is written in full."""
    written = "".join(f' {key.replace("__", ":").replace("_", "-")}="{value}"' for key, value in attrs.items())
    inside = "".join(f"<text:p>{line}</text:p>" for line in text.split("\n")) if text else ""
    return f"<table:table-cell{written}>{inside}</table:table-cell>"


def row(*cells: str, **attrs: object) -> str:
    written = "".join(f' table:{key.replace("_", "-")}="{value}"' for key, value in attrs.items())
    return f"<table:table-row{written}>{''.join(cells)}</table:table-row>"


def number(value: object, **attrs: object) -> str:
    return cell(str(value), office__value_type="float", office__value=value, **attrs)


def page(body: str, charset: str = "utf-8", head: str = "") -> bytes:
    return f'<html><head><meta charset="{charset}">{head}</head><body>{body}</body></html>'.encode(
        "gb18030" if charset.startswith("gb") else charset
    )


def xml2003(sheets: Mapping[str, str], styles: str = "", declared: str = "UTF-8", options: str = "") -> bytes:
    spaces = (
        'xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"'
    )
    written = "".join(
        f'<Worksheet ss:Name="{name}"><Table>{rows}</Table>{options}</Worksheet>' for name, rows in sheets.items()
    )
    text = (
        f'<?xml version="1.0" encoding="{declared}"?><Workbook {spaces}><Styles>{styles}</Styles>{written}</Workbook>'
    )
    return text.encode("gb18030" if declared.startswith("gb") else declared)


def data(kind: str, text: str, **attrs: str) -> str:
    written = "".join(f' ss:{key}="{value}"' for key, value in attrs.items())
    return f'<Cell{written}><Data ss:Type="{kind}">{text}</Data></Cell>'
