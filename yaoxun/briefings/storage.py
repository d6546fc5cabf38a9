"""A document back from the bytes of its content. Pure; the bytes lie in the blob store under the content hash."""

import json
from collections.abc import Mapping
from typing import Any

from yaoxun.briefings.model import (
    Attachment,
    Block,
    Chart,
    Colophon,
    Contents,
    Heading,
    Issue,
    Item,
    Masthead,
    Numeral,
    Paragraph,
    Remark,
    Run,
    Table,
    text_runs,
)

_PLAIN: Mapping[str, Any] = {"Paragraph": Paragraph, "Remark": Remark, "Item": Item}


def issue_from_bytes(data: bytes) -> Issue:
    """The inverse of content_bytes."""
    plain = json.loads(data)
    colophon = plain["colophon"]
    rows = tuple((mark, tuple(names)) for mark, names in colophon["rows"])
    return Issue(
        headline=_runs(plain["headline"]),
        masthead=Masthead(**plain["masthead"]),
        blocks=tuple(_block(block) for block in plain["blocks"]),
        colophon=Colophon(rows=rows, editor=colophon["editor"]),
        numerals=tuple(Numeral(**numeral) for numeral in plain["numerals"]),
    )


def _runs(plain: list[dict[str, Any]]) -> tuple[Run, ...]:
    return tuple(Run(**run) for run in plain)


def _block(plain: dict[str, Any]) -> Block:
    match plain["block"]:
        case "Heading":
            return Heading(level=plain["level"], runs=_runs(plain["runs"]))
        case "Attachment":
            return Attachment(number=plain["number"], runs=_runs(plain["runs"]))
        case "Contents":
            return Contents()
        case "Table":
            return Table(**_grid(plain))
        case "Chart":
            return Chart(shape=plain["shape"], **_grid(plain))
        case kind:
            made: Block = _PLAIN[kind](runs=_runs(plain["runs"]))
            return made


def _grid(plain: dict[str, Any]) -> dict[str, Any]:
    caption = plain["caption"]
    return {
        "caption": text_runs(caption) if isinstance(caption, str) else _runs(caption),
        "unit": plain["unit"],
        "header": tuple(_runs(cell) for cell in plain["header"]),
        "rows": tuple(tuple(_runs(cell) for cell in row) for row in plain["rows"]),
    }
