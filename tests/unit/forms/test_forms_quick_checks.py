"""What makes the checks quick changes nothing: cells that are passed at sight, rules as functions of columns."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from forms_kit import Filler, frame

from support.random_books import Book, make_book, shipped_config
from yaoxun.forms.expressions import BEFORE
from yaoxun.forms.model import Table
from yaoxun.forms.reading import read_tables
from yaoxun.forms.rules import cells
from yaoxun.forms.rules.cells import check_cells, check_keys
from yaoxun.forms.rules.table import _broken, _holds, _Seen, environment
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


def test_the_rows_that_break_a_rule_are_those_that_break_it_one_by_one(books: list[Book]) -> None:
    broken = 0
    for table in tables_of(books):
        seen = _Seen(table)
        for rule in table.form.rules:
            slow = [n for n in range(len(table.rows)) if not _holds(table, rule, n)]
            assert list(_broken(table, rule, seen)) == slow
            broken += len(slow)
    assert broken > 20


def test_keys_are_the_same_whatever_spaces_stand_in_them() -> None:
    row = {"名称": "示例青年驿站", "领域": "住房安居", "责任单位": "示例单位"}
    filler = Filler(frame("T5")).declare_all().type("T5", 0, row)
    filler.type("T5", 1, row | {"名称": "示例 青年　驿站"}).type("T5", 2, row | {"名称": "另一处"})
    assert [(f.rule, f.cell) for f in check_keys(filler.table("T5"))] == [("C06", "C5")]
