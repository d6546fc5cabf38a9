"""Numbers in words."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yaoxun.figures.settings import Words
from yaoxun.figures.words import approximate, half_up, plain


@pytest.mark.parametrize(
    ("number", "text"),
    [("87", "87"), ("12.50", "12.5"), ("100", "100"), ("1E+3", "1000"), ("0.00", "0"), (str(2**60), str(2**60))],
)
def test_a_number_is_printed_without_exponent_or_trailing_zeros(number: str, text: str) -> None:
    assert plain(Decimal(number)) == text


def test_no_number_is_a_dash() -> None:
    assert plain(None) == "—"


@pytest.mark.parametrize(
    ("number", "decimals", "text"), [("2.25", 1, "2.3"), ("2.5", 0, "3"), ("0.05", 1, "0.1"), ("63.218", 1, "63.2")]
)
def test_half_is_rounded_up(number: str, decimals: int, text: str) -> None:
    assert half_up(Decimal(number), decimals) == Decimal(text)


@pytest.mark.parametrize(
    ("kind", "number", "step", "text"),
    [
        ("余", 42, 10, "40余"), ("余", 40, 10, "40"), ("余", 7, 10, "7"), ("余", 142, 100, "100余"),
        ("超", 42, 10, "超40"), ("超", 40, 10, "40"), ("超", 7, 10, "7"),
        ("近", 98, 100, "近100"), ("近", 100, 100, "100"), ("近", 38, 10, "近40"), ("近", 42, 100, "42"), ("近", 3, 100, "3"),
    ],
)  # fmt: skip
def test_an_approximate_word(kind: str, number: int, step: int, text: str) -> None:
    assert approximate(Decimal(number), Words.model_validate({"kind": kind, "step": step})) == text


@given(st.integers(0, 10**6), st.sampled_from([10, 100, 1000]), st.sampled_from(["余", "近", "超"]))
def test_an_approximate_word_is_never_false(number: int, step: int, kind: str) -> None:
    word = approximate(Decimal(number), Words.model_validate({"kind": kind, "step": step}))
    named = int(word.strip("余近超"))
    if word.startswith("近"):
        assert number < named <= number + step / 5
    elif "余" in word or "超" in word:
        assert named < number < named + step
    else:
        assert named == number
