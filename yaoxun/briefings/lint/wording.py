"""A WordDocument as text alone, for the rules of writing and of figures."""

from yaoxun.briefings.lint.model import TextParagraph, TextTable, WordText
from yaoxun.briefings.lint.roles import is_colophon
from yaoxun.briefings.lint.structure import WordDocument, WordTable


def text_of(document: WordDocument) -> WordText:
    """The text of a document: its paragraphs with their roles, tables, charts, numeral records and properties."""
    return WordText(
        paragraphs=tuple(
            TextParagraph(number=p.number, style=p.style, role=p.role, text=p.text, bookmarks=p.bookmarks, table=p.table)
            for p in document.paragraphs
        ),
        tables=tuple(_table(document, table) for table in document.tables if not is_colophon(document, table)),
        charts=tuple(document.charts.values()),
        numerals=document.numerals,
        core=document.core,
    )  # fmt: skip


def _table(document: WordDocument, table: WordTable) -> TextTable:
    caption, unit = above(document, table)
    rows = []
    for row in table.rows:
        cells: list[str] = []
        for cell in row.cells:
            text = "\n".join(document.paragraph(n).text for n in cell.paragraphs).strip()
            cells += [text, *[""] * (cell.span - 1)]
        rows.append(tuple(cells))
    return TextTable(number=table.number, caption=caption, unit=unit, rows=tuple(rows), paragraph=table.first)


def above(document: WordDocument, table: WordTable) -> tuple[str, str]:
    """The caption and the unit (without 单位：) that stand over a table, '' for none."""
    caption = unit = ""
    for p in reversed(document.paragraphs[max(0, table.first - 4) : table.first - 1]):
        if p.role == "unit" and not unit:
            unit = p.text.strip().strip("（）()").partition("：")[2] or p.text.strip().strip("（）()").partition(":")[2]
        elif p.role == "caption":
            caption = p.text.strip()
            break
        elif p.text.strip():
            break
    return caption, unit.strip()
