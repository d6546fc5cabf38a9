"""What makes the checks quick changes nothing: cells that are passed at sight, rules as functions of columns."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.random_books import Book, make_book, shipped_config
from yaoxun.forms.expressions import BEFORE
from yaoxun.forms.model import Table
from yaoxun.forms.reading import read_tables
from yaoxun.forms.rules import cells
from yaoxun.forms.rules.cells import check_cells
from yaoxun.forms.rules.table import environment
from yaoxun.sheets.limits import load_limits
from yaoxun.sheets.model import RawWorkbook
from yaoxun.sheets.reader import read_workbook

CONFIG = Path(__file__).parents[3] / "config"
SEEDS = range(500, 512)


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> list[Book]:
    folder = tmp_path_factory.mktemp("books")
    return [make_book(seed, folder) for seed in SEEDS]


def tables_of(books: list[Book]) -> Iterator[Table]:
    for book in books:
        raw = read_workbook(book.path, load_limits(CONFIG))
        assert isinstance(raw, RawWorkbook)
        yield from read_tables(raw, shipped_config().forms, book.frames).tables.values()


def test_no_cell_that_is_passed_at_sight_would_be_found_fault_with(
    books: list[Book], monkeypatch: pytest.MonkeyPatch
) -> None:
    tables = list(tables_of(books))
    quick = [list(check_cells(table)) for table in tables]
    monkeypatch.setattr(cells, "_doubtful", lambda table, column: table.rows)
    slow = [list(check_cells(table)) for table in tables]
    assert quick == slow and sum(map(len, slow)) > 50


def test_a_rule_as_a_function_says_what_it_says_of_a_row(books: list[Book]) -> None:
    asked = 0
    for table in tables_of(books):
        for rule in table.form.rules:
            function = rule.must.over(table.frame.names)
            for n in range(len(table.rows)):
                row = environment(table, n)
                given = [row[name] for name in rule.must.arguments]
                before = [row[BEFORE].get(name) for name in rule.must.before]
                if not rule.setting.blanks and None in (*given, *before):
                    continue
                assert bool(function(*given)) == bool(rule.must.value(row))
                asked += 1
    assert asked > 200
