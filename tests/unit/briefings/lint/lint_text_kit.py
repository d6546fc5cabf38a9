"""Documents as text for the tests of writing and figures, built by hand: one line a paragraph, tables and charts beside."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from yaoxun.briefings.lint.habits import Habits, load_habits
from yaoxun.briefings.lint.model import (
    ChartData,
    Finding,
    NumeralRecord,
    Role,
    TextChart,
    TextParagraph,
    TextTable,
    WordText,
)  # fmt: skip
from yaoxun.briefings.lint.text_rules import text_findings

Part = str | tuple[Role, str] | TextTable | TextChart

ROOT = Path(__file__).parents[4]
SHIPPED: Habits = load_habits(ROOT / "report_templates")


def document(
    *parts: Part, numerals: Sequence[NumeralRecord] = (), bookmarks: Mapping[str, tuple[int, int]] | None = None
) -> WordText:
    """Strings are paragraphs of the body; tables and charts stand where they are given. `bookmarks` are the last line's."""
    paragraphs: list[TextParagraph] = []
    tables: list[TextTable] = []
    charts: list[TextChart] = []
    for part in parts:
        number = len(paragraphs) + 1
        if isinstance(part, TextTable):
            tables.append(_at(part, len(tables) + 1, number))
            paragraphs += _cells(part, len(tables), number)
        elif isinstance(part, TextChart):
            charts.append(part)
        else:
            role, text = ("body", part) if isinstance(part, str) else part
            paragraphs.append(TextParagraph(number=number, style="", role=role, text=text, bookmarks={}))
    if bookmarks:
        last = paragraphs.pop()
        paragraphs.append(
            TextParagraph(number=last.number, style="", role=last.role, text=last.text, bookmarks=bookmarks)
        )
    return WordText(
        paragraphs=tuple(paragraphs), tables=tuple(tables), charts=tuple(charts), numerals=tuple(numerals), core={}
    )


def _at(found: TextTable, number: int, paragraph: int) -> TextTable:
    return TextTable(number=number, caption=found.caption, unit=found.unit, rows=found.rows, paragraph=paragraph)


def _cells(found: TextTable, number: int, first: int) -> list[TextParagraph]:
    cells = [(r, c, text) for r, row in enumerate(found.rows) for c, text in enumerate(row)]
    return [
        TextParagraph(
            number=first + n, style="", role="table_cell" if r else "table_head", text=text, bookmarks={}, table=(number, r, c)
        )
        for n, (r, c, text) in enumerate(cells)
    ]  # fmt: skip


def table(*rows: str, caption: str = "表1　示例", unit: str = "个") -> TextTable:
    """A table of rows with their cells parted by |."""
    return TextTable(
        number=1, caption=caption, unit=unit, rows=tuple(tuple(row.split("|")) for row in rows), paragraph=1
    )


def chart(*rows: str, book: Sequence[str] | None = None) -> TextChart:
    """A chart from a small table: 县|办实事, then a row a category; `book` is what the workbook holds."""
    shown = _data(rows)
    return TextChart(caption="图1　示例", shown=shown, book=_data(book) if book else shown, alt="柱形图", paragraph=1)


def _data(rows: Sequence[str]) -> ChartData:
    head, *body = [row.split("|") for row in rows]
    series = tuple((name, tuple(row[n] for row in body)) for n, name in enumerate(head) if n)
    return ChartData(categories=tuple(row[0] for row in body), series=series)


def record(id: str, text: str, value: str, *, dims: str = "") -> NumeralRecord:
    return NumeralRecord(
        id=id, text=text, origin="figure", figure="policies", dims=dims, value=value, unit="项", cells=()
    )


def found_in(*parts: Part, habits: Habits = SHIPPED, **more: object) -> list[Finding]:
    """All findings of a document made of these parts."""
    return list(text_findings(document(*parts, **more), habits))  # type: ignore[arg-type]


def ids(*parts: Part, habits: Habits = SHIPPED, **more: object) -> set[str]:
    """The ids of all findings."""
    return {finding.id for finding in found_in(*parts, habits=habits, **more)}
