"""A package into a WordDocument: body, tables, sections and footers. Charts, numeral records and properties are read in
parts.py, looks in cascade.py, runs in runs.py; what a paragraph is for is found in roles.py.
"""

from collections.abc import Iterator
from typing import Any

from yaoxun.briefings.lint.cascade import Styles, W, attribute, flat, local, theme_fonts, whole
from yaoxun.briefings.lint.opening import WordPackage
from yaoxun.briefings.lint.parts import read_charts, read_core, read_leftovers, read_numerals
from yaoxun.briefings.lint.roles import give_roles
from yaoxun.briefings.lint.runs import R, Runs
from yaoxun.briefings.lint.structure import Section, WordCell, WordDocument, WordParagraph, WordRow, WordTable
from yaoxun.sheets.limits import Limits
from yaoxun.sheets.refusals import unreadable

_AROUND = frozenset({"sdt", "sdtContent", "customXml", "ins", "moveTo"})


def read_word(package: WordPackage, limits: Limits, masthead: str = "") -> WordDocument:
    """The document in effect; `masthead` is the name by which a masthead is known. Raises Unreadable."""
    root = package.root(package.main)
    body = root.find(f"{W}body") if root is not None else None
    if body is None:
        raise unreadable("broken", what="正文里没有内容")
    related = {
        kind: package.root(package.related(package.main, kind)) for kind in ("styles", "theme", "numbering", "settings")
    }
    styles = Styles(related["styles"], theme_fonts(related["theme"]), related["numbering"])
    reader = _Reader(styles)
    reader.walk(body, None, "")
    charts = {
        number: chart
        for paragraph in reader.paragraphs
        for number, chart in read_charts(package, paragraph, reader.paragraphs, limits).items()
    }
    document = WordDocument(
        paragraphs=tuple(reader.paragraphs), tables=tuple(reader.tables[n] for n in sorted(reader.tables)),
        sections=tuple(_sections(package, body, styles)), settings=flat(related["settings"], {}), charts=charts,
        numerals=read_numerals(package), core=read_core(package), leftovers=read_leftovers(package),
    )  # fmt: skip
    give_roles(document, masthead)
    return document


class _Reader:
    """Walks a body in document order."""

    def __init__(self, styles: Styles) -> None:
        self._styles = styles
        self.paragraphs: list[WordParagraph] = []
        self.tables: dict[int, WordTable] = {}
        self._numbers = 0
        self._section = 0

    def walk(
        self, container: Any, place: tuple[int, int, int] | None, table_style: str, *, boxed: bool = False
    ) -> None:
        """All paragraphs and tables below, in order."""
        for child in container:
            name = local(child)
            if name == "p":
                self._paragraph(child, place, table_style, boxed)
            elif name == "tbl":
                self._table(child, nested=place is not None)
            elif name in _AROUND:
                self.walk(child, place, table_style, boxed=boxed)

    def _paragraph(self, element: Any, place: tuple[int, int, int] | None, table_style: str, boxed: bool) -> None:
        runs, paragraph = read_paragraph(element, self._styles, table_style)
        paragraph.number = len(self.paragraphs) + 1
        paragraph.section, paragraph.table, paragraph.boxed = self._section, place, boxed
        self.paragraphs.append(paragraph)
        for box in runs.boxes:
            self.walk(box, place, table_style, boxed=True)
        self._section += paragraph.ends_section

    def _table(self, element: Any, *, nested: bool) -> None:
        self._numbers += 1
        number, first, section = self._numbers, len(self.paragraphs) + 1, self._section
        own = flat(element.find(f"{W}tblPr"), self._styles.theme)
        style = own.get("tblStyle") or self._styles.default("table")
        props = {**self._styles.chain(style, "tblPr"), **own}
        if self._styles.shades(style):
            props["style.shd"] = "1"
        grid = element.find(f"{W}tblGrid")
        widths = [attribute(column, "w") for column in grid if local(column) == "gridCol"] if grid is not None else []
        rows = tuple(self._row(row, (number, n), style) for n, row in enumerate(_below(element, "tr")))
        self.tables[number] = WordTable(
            number=number, style=style, grid=tuple(whole(width) for width in widths), props=props, rows=rows,
            direct=frozenset(own), first=first, section=section, nested=nested,
        )  # fmt: skip

    def _row(self, element: Any, place: tuple[int, int], style: str) -> WordRow:
        props = flat(element.find(f"{W}trPr"), {})
        cells = tuple(self._cell(cell, (*place, n), style) for n, cell in enumerate(_below(element, "tc")))
        return WordRow(cells=cells, repeats=props.get("tblHeader") == "1", cannot_split=props.get("cantSplit") == "1")

    def _cell(self, element: Any, place: tuple[int, int, int], style: str) -> WordCell:
        start = len(self.paragraphs)
        self.walk(element, place, style)
        own = [p.number for p in self.paragraphs[start:] if p.table == place]
        props = flat(element.find(f"{W}tcPr"), {})
        continues = props.get("vMerge") == "continue" or ("vMerge" in props and props["vMerge"] != "restart")
        return WordCell(
            paragraphs=tuple(own), props=props, span=whole(props.get("gridSpan", "1")) or 1, continues=continues
        )


def read_paragraph(element: Any, styles: Styles, table_style: str) -> tuple[Runs, WordParagraph]:
    """A w:p in effect, unnumbered."""
    properties = element.find(f"{W}pPr")
    direct = flat(properties, styles.theme)
    style = direct.pop("pStyle", "") or styles.default("paragraph")
    runs = Runs(element, styles, style, table_style)
    props = styles.paragraph(style, table_style, direct)
    ends = properties is not None and properties.find(f"{W}sectPr") is not None
    return runs, WordParagraph(
        number=0, style=style, style_name=styles.name(style), stretches=tuple(runs.stretches), props=props,
        run_props=styles.run(style, table_style, "", {}), direct=frozenset(direct), auto=styles.number_text(props),
        bookmarks=runs.bookmarks, section=0, fields=tuple(runs.fields), pictures=tuple(runs.pictures),
        shapes=runs.shapes, charts=tuple(f"{rid}\n{alt}" for rid, alt in runs.charts), ends_section=ends,
        breaks_page=runs.breaks_page or props.get("pageBreakBefore") == "1",
    )  # fmt: skip


def _below(element: Any, name: str) -> Iterator[Any]:
    """The rows of a table or cells of a row, those inside controls too."""
    for child in element:
        if local(child) == name:
            yield child
        elif local(child) in _AROUND:
            yield from _below(child, name)


def _sections(package: WordPackage, body: Any, styles: Styles) -> Iterator[Section]:
    targets = {relation.id: relation.target for relation in package.relations(package.main)}
    before: dict[str, tuple[WordParagraph, ...]] = {}
    for element in body.iter(f"{W}sectPr"):
        if local(element.getparent()) == "sectPrChange":
            continue
        for reference in element.findall(f"{W}footerReference"):
            root = package.root(targets.get(str(reference.get(f"{R}id")), ""))
            found = root.iter(f"{W}p") if root is not None else ()
            before[attribute(reference, "type") or "default"] = tuple(read_paragraph(p, styles, "")[1] for p in found)
        yield Section(
            props=flat(element, {}), footers=dict(before)
        )  # one without footers of its own goes on with the last
