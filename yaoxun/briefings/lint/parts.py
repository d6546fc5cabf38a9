"""What stands beside the text of a document: charts with their embedded workbooks, numeral records, core properties and
what other programs' templates leave behind.
"""

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from yaoxun.briefings.lint.cascade import local
from yaoxun.briefings.lint.model import ChartData, NumeralRecord, TextChart
from yaoxun.briefings.lint.opening import WordPackage
from yaoxun.briefings.lint.runs import C, R
from yaoxun.briefings.lint.structure import WordParagraph
from yaoxun.sheets.kinds import workbook_part
from yaoxun.sheets.limits import Limits
from yaoxun.sheets.model import RawSheet, RawWorkbook
from yaoxun.sheets.ooxml import read_ooxml
from yaoxun.sheets.package import Package
from yaoxun.sheets.prescan import check_members
from yaoxun.sheets.refusals import Unreadable

NUMERALS = "{urn:yaoxun:numerals:1}"
_BIBLIOGRAPHY = "{http://schemas.openxmlformats.org/officeDocument/2006/bibliography}Sources"
_REFERENCE = re.compile(r"'?([^'!]+)'?!\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?")
_MOST_CELLS = 10_000
CAPTION = re.compile(r"^\s*([表图])\s*(\d{1,4})(?!\d*[-－.])[\s　:：]*")


def read_charts(
    package: WordPackage, paragraph: WordParagraph, every: Sequence[WordParagraph], limits: Limits
) -> dict[str, TextChart]:
    """The charts of a paragraph by their key there, each with what it shows and what its workbook holds (None: nothing)."""
    found = {}
    targets = {r.id: r.target for r in package.relations(package.main) if r.kind == "chart"}
    for key in paragraph.charts:
        rid, _, alt = key.partition("\n")
        part = targets.get(rid, "")
        root = package.root(part)
        if root is None:
            continue
        book = _book(package, part, root, limits)
        shown = _data(root, None)
        try:
            held = _data(root, book) if book is not None else None
        except LookupError:  # it names no cells of its workbook: nothing could be edited there
            held = None
        found[f"{paragraph.number}\n{rid}"] = TextChart(
            caption=_caption(paragraph, every), shown=shown, book=held, alt=alt, paragraph=paragraph.number
        )
    return found


def _caption(paragraph: WordParagraph, every: Sequence[WordParagraph]) -> str:
    """The caption of a chart: the next paragraph with text where it is one, else the one before."""
    after = next((p.text for p in every[paragraph.number : paragraph.number + 2] if p.text.strip()), "")
    before = every[paragraph.number - 2].text if paragraph.number > 1 else ""
    return next((text.strip() for text in (after, before) if text.strip().startswith("图")), "")


def _book(package: WordPackage, part: str, root: Any, limits: Limits) -> RawWorkbook | None:
    """The embedded workbook, None where there is none that can be read."""
    external = root.find(f"{C}externalData")
    targets = {relation.id: relation.target for relation in package.relations(part)}
    content = package.parts.get(targets.get(str(external.get(f"{R}id")), "")) if external is not None else None
    if content is None:
        return None
    try:
        with Package(io.BytesIO(content), limits) as inner:
            main, kind = workbook_part(inner)
            check_members(inner, limits)
            return read_ooxml(inner, main, limits) if kind in ("xlsx", "xlsm") else None
    except Unreadable:
        return None


def _data(root: Any, book: RawWorkbook | None) -> ChartData:
    """What a chart shows from its cache, or the same references read in its workbook."""
    categories: tuple[str, ...] = ()
    series = []
    for one in root.iter(f"{C}ser"):
        name, cats, values = (_values(one.find(f"{C}{tag}"), book) for tag in ("tx", "cat", "val"))
        categories = categories or cats
        series.append((name[0] if name else "", values))
    return ChartData(categories=categories, series=tuple(series))


def _values(element: Any, book: RawWorkbook | None) -> tuple[str, ...]:
    if element is None:
        return ()
    if book is not None:
        references = [str(f.text or "") for f in element.iter(f"{C}f")]
        return tuple(_cells(references[0], book)) if references else _values(element, None)
    points = {str(p.get("idx")): "".join(v.text or "" for v in p.iter(f"{C}v")) for p in element.iter(f"{C}pt")}
    if not points:
        return tuple(str(v.text or "") for v in element.iter(f"{C}v"))
    counted = next((str(c.get("val")) for c in element.iter(f"{C}ptCount")), "")
    n = int(counted) if counted.isascii() and counted.isdigit() and len(counted) < 6 else len(points)
    return tuple(points.get(str(k), "") for k in range(min(n, _MOST_CELLS)))


def _cells(reference: str, book: RawWorkbook) -> Iterator[str]:
    found = _REFERENCE.fullmatch(reference.strip())
    sheet: RawSheet | None = book.sheet(found[1]) if found else None
    if found is None or sheet is None:
        raise LookupError(reference)
    first, last = (_column(found[2]), int(found[3])), (_column(found[4] or found[2]), int(found[5] or found[3]))
    wide, high = last[0] - first[0] + 1, last[1] - first[1] + 1
    if wide * high > _MOST_CELLS:
        return
    for row in range(first[1], last[1] + 1):
        for col in range(first[0], last[0] + 1):
            cell = sheet.get(row, col)
            yield "" if cell is None else str(cell.value)


def _column(letters: str) -> int:
    n = 0
    for letter in letters:
        n = n * 26 + ord(letter) - 64
    return n


def read_numerals(package: WordPackage) -> tuple[NumeralRecord, ...]:
    """The records of the document's own custom XML part."""
    for relation in package.relations(package.main):
        root = package.root(relation.target) if relation.kind == "customXml" else None
        if root is not None and root.tag == f"{NUMERALS}numerals":
            return tuple(_record(n) for n in root.iter(f"{NUMERALS}n"))
    return ()


def _record(element: Any) -> NumeralRecord:
    given: Mapping[str, str] = {str(key): str(value) for key, value in element.attrib.items()}
    names = ("id", "text", "origin", "figure", "dims", "value", "unit")
    cells = tuple(
        (str(c.get("file") or ""), str(c.get("sheet") or ""), str(c.get("cell") or ""))
        for c in element.iter(f"{NUMERALS}c")
    )
    return NumeralRecord(**{name: given.get(name, "") for name in names}, cells=cells)


def read_core(package: WordPackage) -> dict[str, str]:
    """Core properties by local name."""
    root = package.root(package.related("", "core-properties"))
    return {local(child): str(child.text or "") for child in root} if root is not None else {}


def read_leftovers(package: WordPackage) -> tuple[str, ...]:
    """Traces of a program's own template, in words."""
    found = []
    for relation in package.relations(package.main):
        root = package.root(relation.target) if relation.kind == "customXml" else None
        if root is not None and root.tag == _BIBLIOGRAPHY and not len(root):
            found.append("空的“引文”数据（customXml）")
    kinds = {r.kind for r in (*package.relations(""), *package.relations(package.main))}
    found += ["模板的缩略图"] if "thumbnail" in kinds else []
    found += ["模板的旧样式（stylesWithEffects）"] if "stylesWithEffects" in kinds else []
    return tuple(found)
