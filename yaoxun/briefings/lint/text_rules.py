"""Everything that is checked in a document's text: the habits of writing (T-) and the figures (N-). The rules themselves
stand in text_*.py and numbers_*.py, one module a subject; how a file becomes text is read elsewhere.
"""

from collections.abc import Iterator

from yaoxun.briefings.lint.habits import Habits
from yaoxun.briefings.lint.model import Finding, WordText
from yaoxun.briefings.lint.numbers_changes import changes
from yaoxun.briefings.lint.numbers_document import headline, prose_and_tables, records, two_values
from yaoxun.briefings.lint.numbers_lists import headed, lists, quoted, steps
from yaoxun.briefings.lint.numbers_parts import parts
from yaoxun.briefings.lint.numbers_reading import sentences
from yaoxun.briefings.lint.numbers_tables import charts, ranks, tables
from yaoxun.briefings.lint.text_dates import dates, number_forms
from yaoxun.briefings.lint.text_marks import marks
from yaoxun.briefings.lint.text_order import gaps, order_mark
from yaoxun.briefings.lint.text_pairs import pairs
from yaoxun.briefings.lint.text_reading import lines
from yaoxun.briefings.lint.text_spaces import spaces
from yaoxun.briefings.lint.text_words import characters, phrases, words


def text_findings(text: WordText, habits: Habits) -> Iterator[Finding]:
    """Every finding of the text and its figures that the office has not switched off, in no order."""
    for finding in (*_writing(text, habits), *_figures(text)):
        if finding.id not in habits.not_checked:
            yield finding


def _writing(text: WordText, habits: Habits) -> Iterator[Finding]:
    every = [line for line in lines(text) if line.role != "footer"]
    for line in every:
        yield from marks(line)
        yield from spaces(line)
        yield from characters(line, habits)
        yield from words(line, habits)
        yield from dates(line)
        yield from order_mark(line)
    yield from pairs(every)
    yield from phrases(every, habits)
    yield from gaps(every)
    yield from number_forms(every)


def _figures(text: WordText) -> Iterator[Finding]:
    every = [
        line
        for line in lines(text)
        if line.role not in ("footer", "contents", "toc", "table_head", "table_cell", "unit")
    ]
    read = [sentence for line in every for sentence in sentences(line)]
    for sentence in read:
        yield from parts(sentence)
        yield from changes(sentence)
        yield from lists(sentence)
    for line in every:
        yield from quoted(line)
    yield from steps(every)
    yield from headed(every)
    yield from headline(read, text.tables)
    yield from two_values(read)
    yield from prose_and_tables(read, text.tables)
    yield from ranks(read, text.tables)
    yield from tables(text.tables)
    yield from charts(text.charts, text.tables)
    yield from records(text)
