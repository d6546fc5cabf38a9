"""Shared formulas moved by us and by openpyxl come out the same, and what openpyxl takes for a cell is left where it is a name."""

import random

import pytest
from openpyxl.formula.translate import Translator, TranslatorError

from yaoxun.sheets.formulas import SharedFormulas
from yaoxun.sheets.model import address

PIECES = (
    "A1", "$A1", "A$1", "$A$1", "B2:C9", "$B2:C$9", "AA10", "xfd7", "C:D", "$C:D", "3:5", "$3:5", "LOG10(B2)", "SUM(A1:A9)",
    "表A1!B2", "Sheet1!C3", "'It''s (A1)'!D4", '"A1 是""文字"""', "1E5", "2.5", "某名称", "名称1", "T_1", "Table1[[#This Row],[A1]]",
    "[1]Sheet1!E5", "#REF!", "TRUE", "OFFSET(A1,1,2):B7", "{1,2;3,4}", "A1:B2:C3", "甲!A:A", "-B3", "B3%",
)  # fmt: skip


def moved(formula: str, start: tuple[int, int], to: tuple[int, int]) -> str:
    shared = SharedFormulas()
    shared.text_at("0", formula, *start)
    return shared.text_at("0", "", *to)


def test_two_thousand_formulas_are_moved_as_openpyxl_moves_them() -> None:
    chance, differences, beyond = random.Random(7), [], 0  # noqa: S311 (a sample, not a secret)
    for _ in range(2_000):
        formula = chance.choice("+-*/&,<=").join(chance.choices(PIECES, k=chance.randint(1, 5)))
        start, to = ((chance.randint(1, 30), chance.randint(1, 40)) for _ in range(2))
        try:
            wanted = Translator("=" + formula, address(*start)).translate_formula(address(*to)).removeprefix("=")
        except TranslatorError:
            wanted, beyond = formula, beyond + 1
        if "xfd7" in formula and to[1] > start[1]:
            wanted = formula  # beyond the last column: openpyxl writes XFE
        if moved(formula, start, to).upper() != wanted.upper():
            differences.append((formula, start, to, wanted, moved(formula, start, to)))
    assert differences == [] and 100 < beyond < 1_900


@pytest.mark.parametrize("name", ["XFE1", "ZZZ9", "ABCD1", "A1048577x", "A1.b", "x.A1", "A1(2)"])
def test_what_looks_like_a_cell_and_is_none_stays(name: str) -> None:
    assert moved(f"{name}+B2", (1, 1), (3, 2)) == f"{name}+C4"


def test_a_long_formula_without_an_end_takes_no_time() -> None:
    for unclosed in ('"', "'", "[", "'[", "A1:", "$A$"):
        assert moved(unclosed * 8_000, (1, 1), (2, 2))
