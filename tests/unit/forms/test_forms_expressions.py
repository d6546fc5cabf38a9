"""The language of conditions and computed columns, and the same in Excel."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yaoxun.forms.excel_formula import excel_formula
from yaoxun.forms.expressions import ExpressionError, compile_expression, computed, round_half_up

COLUMNS = {"甲": True, "乙": True, "文": False, "日": False, "多": False}


def value(source: str, *, blanks: bool = False, **row: Any) -> Any:
    scope = dict.fromkeys(COLUMNS) | {"前": {}, "新增": True, "期末日": date(2023, 4, 25)} | row
    return compile_expression(source, COLUMNS, blanks=blanks).value(scope)


@pytest.mark.parametrize(
    ("source", "row", "expected"),
    [
        ("甲 + 乙 * 2", {"甲": Decimal(1), "乙": Decimal("0.1")}, Decimal("1.2")),
        ("1 / 4 * 甲", {"甲": Decimal(2)}, Decimal("0.5")),
        ("1 < 甲 <= 3", {"甲": Decimal(3)}, True),
        ("文 in ('有效', '废止')", {"文": "废止"}, True),
        ("'青·靓' in 多", {"多": ("青·靓", "青·思")}, True),
        ("'优' if 甲 > 9 else '良'", {"甲": Decimal(9)}, "良"),
        ("日 <= 期末日 and not 新增", {"日": date(2023, 4, 1)}, False),
        ("前.甲 == 甲", {"甲": Decimal(3), "前": {"甲": Decimal(3)}}, True),
        ("匹配(文, r'\\d{4}')", {"文": "2023"}, True),
        ("分值(文)", {"文": "组织实施（60%）"}, Decimal(60)),
        ("空(文) and not 有(文)", {}, True),
        ("天数(日, 期末日)", {"日": date(2023, 4, 20)}, Decimal(5)),
    ],
)
def test_an_expression_says_what_it_reads_like(source: str, row: dict[str, Any], expected: Any) -> None:
    assert value(source, **row) == expected


def test_an_empty_number_counts_as_nothing_in_a_computed_column() -> None:
    assert value("前.甲 + 甲 + 乙", blanks=True, 乙=Decimal(3)) == Decimal(3)


def test_an_ordering_with_an_empty_side_is_false_where_blanks_may_occur() -> None:
    assert value("甲 > 1", blanks=True) is False
    assert value("甲 <= 1", blanks=True) is False


def test_dividing_by_nothing_gives_nothing() -> None:
    expression = compile_expression("甲 / 乙 * 100", COLUMNS, blanks=True)
    row = {"甲": Decimal(0), "乙": None, "前": {}}
    assert computed(expression, row, scale=2) is None
    assert computed(expression, row | {"甲": Decimal(3)}, scale=2) is None


@given(st.decimals(min_value=-1000, max_value=1000, places=3))
def test_rounding_takes_a_half_away_from_zero(number: Decimal) -> None:
    rounded = round_half_up(number, 2)
    assert abs(rounded - number) <= Decimal("0.005")
    if abs(rounded - number) == Decimal("0.005"):
        assert abs(rounded) > abs(number)


@pytest.mark.parametrize(
    "source",
    [
        "().__class__",
        "[x for x in 多]",
        "lambda: 1",
        "甲 ** 9999",
        "open('x')",
        "f'{甲}'",
        "甲 if",
        "新增.x",
        "甲 := 3",
    ],
)
def test_what_is_not_in_the_list_is_refused(source: str) -> None:
    with pytest.raises(ExpressionError):
        compile_expression(source, COLUMNS, blanks=False)


@pytest.mark.parametrize(
    ("source", "formula"),
    [
        ("前.甲 + 甲", "(5+B2)"),
        ("甲 / 乙 * 100", "((B2/C2)*100)"),
        ("'优' if 甲 >= 9 and 文 in ('a', 'b') else ''", 'IF(AND((B2>=9),OR(D2="a",D2="b")),"优","")'),
        ("0 if 空(文) else 甲", 'IF((D2=""),0,B2)'),
        ("甲 if 日 <= 期末日 else 0", "IF((E2<=DATE(2023,4,25)),B2,0)"),
    ],
)
def test_a_computed_column_reads_the_same_in_excel(source: str, formula: str) -> None:
    places = dict(zip(COLUMNS, ("B2", "C2", "D2", "E2", "F2"), strict=True))
    expression = compile_expression(source, COLUMNS, blanks=True)
    written = excel_formula(expression, places.__getitem__, {"期末日": date(2023, 4, 25)}, {"甲": Decimal(5)})
    assert written == formula
