"""A narrative's figures from one cut, as printed text."""

import pytest

from yaoxun.briefings.lookup import FigureLookup
from yaoxun.figures.model import Computed, Coverage, FigureValue
from yaoxun.figures.settings import FigureSetting
from yaoxun.store.types import Scaled


def lookup(*values: FigureValue, **setting: object) -> FigureLookup:
    declared = FigureSetting.model_validate({"name": "甲", "count": "T3", **setting})
    return FigureLookup(
        computed=Computed(values={"甲": values}), settings={"甲": declared}, short_name={"a": "城区"}.__getitem__
    )


def value(number: int | None = 42, **more: object) -> FigureValue:
    scaled = None if number is None else Scaled(number, 0)
    return FigureValue(**{"figure": "甲", "value": scaled, "unit": "个", **more})  # type: ignore[arg-type]


def test_a_value_with_and_without_its_measure_word() -> None:
    assert (lookup(value()).one("甲", "值").text, lookup(value()).one("甲", "值").tail) == ("42", "")
    assert (lookup(value()).one("甲", "值和量词").text, lookup(value()).one("甲", "值和量词").tail) == ("42", "个")


def test_no_data_is_a_dash_without_a_measure_word() -> None:
    printed = lookup(value(None)).one("甲", "值和量词")
    assert (printed.text, printed.tail) == ("—", "")


def test_a_word_is_printed_where_there_is_one_and_else_the_value() -> None:
    assert lookup(value(words="40余")).one("甲", "词").text == "40余"
    assert lookup(value()).one("甲", "词").text == "42"


def test_comparison_and_coverage_are_sentences() -> None:
    compared = value(against={"上期": Scaled(40, 0)}, coverage=Coverage(expected=("a", "b"), reported=("b",)))
    assert lookup(compared).one("甲", "上期").text == "比上期增加2个，增长5%"
    assert lookup(compared).one("甲", "覆盖").text == "应报2家，实报1家，未报：城区"


def test_a_base_of_other_organisations_is_not_comparable_and_is_said_in_words() -> None:
    base = {"上期": Scaled(40, 0)}
    assert lookup(value(against=base)).comparable("甲")
    uneven = lookup(value(against=base, uneven=frozenset({"上期"})))
    assert not uneven.comparable("甲")
    assert uneven.one("甲", "上期").text == "上期报送单位不同，不可比"


def test_a_split_figure_has_rows_and_no_one_value() -> None:
    split = lookup(value(1, dims="单位=城区", label="城区"), value(None, dims="单位=泽州县", label="泽州县"), by="单位")
    assert [(r.label, r.text, r.dims) for r in split.rows("甲")] == [
        ("城区", "1", "单位=城区"),
        ("泽州县", "—", "单位=泽州县"),
    ]
    with pytest.raises(KeyError):
        split.one("甲", "值")
    with pytest.raises(KeyError):
        split.rows("乙")
