"""A document back from the bytes of its content. Pure; the bytes lie in the blob store under the content hash."""

import json
from typing import Any

from yaoxun.briefings.model import Block, Colophon, Heading, Issue, Masthead, Numeral, Paragraph, Run, Table


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
    if plain["block"] == "Heading":
        return Heading(level=plain["level"], runs=_runs(plain["runs"]))
    if plain["block"] == "Paragraph":
        return Paragraph(runs=_runs(plain["runs"]))
    return Table(
        caption=plain["caption"],
        unit=plain["unit"],
        header=tuple(_runs(cell) for cell in plain["header"]),
        rows=tuple(tuple(_runs(cell) for cell in row) for row in plain["rows"]),
    )
