"""Builders of the tests of briefings: small issues, the shipped profile, figures as a template sees them, Word as XML."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path
from typing import Any

from lxml import etree

from yaoxun.briefings.calls import Printed
from yaoxun.briefings.model import Block, Colophon, Heading, Issue, LateSlots, Masthead, Numeral, Paragraph, Run, Table
from yaoxun.briefings.narrative import Narrated, render_narrative
from yaoxun.briefings.profile import FormatProfile, load_profile
from yaoxun.briefings.word import build_docx

TEMPLATES = Path(__file__).parents[3] / "report_templates"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
LATE = LateSlots(issue_number="〔2023〕第4期", printed_on=date(2023, 4, 6), copies=60)


@lru_cache
def shipped_profile() -> FormatProfile:
    return load_profile(TEMPLATES, "yaoxun")


def run(text: str, **more: Any) -> Run:
    return Run(text=text, **more)


def paragraph(text: str = "这是一段正文。") -> Paragraph:
    return Paragraph(runs=(run(text),))


def table(*rows: Sequence[str], header: Sequence[str] = ("单位", "个数")) -> Table:
    cells = tuple(tuple((run(cell),) if cell else () for cell in row) for row in rows)
    return Table(caption=(run("表1　示例表"),), unit="个", header=tuple((run(cell),) for cell in header), rows=cells)


def issue(*blocks: Block, **changes: Any) -> Issue:
    """An ordinary small issue: headings of three levels, a figure, a table, a 版记."""
    usual: dict[str, Any] = {
        "headline": (run("示例标题"),),
        "masthead": Masthead(name="晋团要讯", issuer="示例单位"),
        "blocks": blocks
        or (
            Heading(level=1, runs=(run("一、建机制"),)),
            Paragraph(runs=(run("出台政策"), run("87", numeral="num_001"), run("个，“示例”——完。"))),
            Heading(level=2, runs=(run("（一）供给"),)),
            Heading(level=3, runs=(run("1. 细项"),)),
            table(("城区", "7"), ("泽州县", "")),
        ),
        "colophon": Colophon(rows=(("报", ("甲办公厅", "乙办公厅")), ("送", ("丙单位",))), editor="示例责编"),
        "numerals": (Numeral(seq=1, id="num_001", text="87", origin="figure", figure="policies"),),
    }
    return Issue(**{**usual, **changes})


def docx(of: Issue | None = None, late: LateSlots | None = LATE) -> bytes:
    return build_docx(of or issue(), shipped_profile(), late)


def part(data: bytes, name: str = "word/document.xml") -> Any:
    """One part of a .docx as an element tree."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return etree.fromstring(package.read(name))


def part_names(data: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return package.namelist()


def printed_text(element: Any) -> str:
    """The text of an element as it is read: line breaks and tabs are characters."""
    signs = {f"{W}br": "\n", f"{W}tab": "\t"}
    found = []
    for node in element.iter(f"{W}t", f"{W}br", f"{W}tab"):
        if node.tag == f"{W}tab" and node.getparent().tag == f"{W}tabs":
            continue
        found.append(signs.get(node.tag) or node.text or "")
    return "".join(found)


def paragraphs(data: bytes) -> list[tuple[str, str]]:
    """(style, text) of every paragraph of the document in order, those of tables among them."""
    return [
        (p.find(f"{W}pPr/{W}pStyle").get(f"{W}val"), printed_text(p)) for p in part(data).iter(f"{W}p")
    ]  # fmt: skip


def bookmarks(data: bytes) -> dict[str, str]:
    """Name of each bookmark → the text between its start and its end."""
    found: dict[str, str] = {}
    for start in part(data).iter(f"{W}bookmarkStart"):
        text, node = "", start.getnext()
        while not (node.tag == f"{W}bookmarkEnd" and node.get(f"{W}id") == start.get(f"{W}id")):
            text += printed_text(node)
            node = node.getnext()
        assert start.get(f"{W}name") not in found, "one bookmark a name"
        found[start.get(f"{W}name")] = text
    return found


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


class FakeFigures:
    """Figures for a template: name → text (with a measure word), or → rows of (label, text)."""

    def __init__(self, values: Mapping[str, str | Sequence[tuple[str, str]]], unit: str = "个") -> None:
        self.values, self.unit = values, unit

    def one(self, name: str, style: str) -> Printed:
        value = self.values[name]
        if not isinstance(value, str):
            raise KeyError(name)
        tail = self.unit if style == "值和量词" else ""
        return Printed(text=value, figure=name, tail=tail, number=_number(value))

    def rows(self, name: str) -> Sequence[Printed]:
        value = self.values[name]
        if isinstance(value, str):
            return [Printed(text=value, figure=name, number=_number(value))]
        return [
            Printed(text=text, figure=name, dims=f"单位={label}", label=label, number=_number(text))
            for label, text in value
        ]

    def has(self, name: str) -> bool:
        return self.values[name] not in ("", "0", "—")

    def comparable(self, name: str, against: str = "上期") -> bool:
        return self.has(name)


def narrate(
    folder: Path,
    body: str,
    figures: Mapping[str, Any] | None = None,
    *,
    title: str = "标题：示例标题\n\n",
    **variables: Any,
) -> Narrated:
    """Render a narrative; `body` starts on line 3."""
    path = folder / "narrative.md.j2"
    path.write_text(title + body, encoding="utf-8")
    return render_narrative(path, FakeFigures(figures or {}), variables)
