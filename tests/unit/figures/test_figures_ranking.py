"""名次: ties share one, and what has no number has none and comes last."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from yaoxun.figures.ranking import ranked

NUMBERS = st.lists(st.none() | st.decimals(-99, 99, places=1), max_size=12)


def test_equal_numbers_share_a_rank_and_the_next_counts_them() -> None:
    numbers = [Decimal(7), None, Decimal("9.0"), Decimal(9), Decimal(5)]
    assert ranked(numbers) == [(2, 1), (3, 1), (0, 3), (4, 4), (1, None)]
    assert ranked(numbers, ascending=True) == [(4, 1), (0, 2), (2, 3), (3, 3), (1, None)]


@given(numbers=NUMBERS)
def test_a_rank_is_one_more_than_there_are_better_numbers(numbers: list[Decimal | None]) -> None:
    for ascending in (False, True):
        found = ranked(numbers, ascending=ascending)
        assert sorted(at for at, _ in found) == list(range(len(numbers)))
        known = [n for n in numbers if n is not None]
        for at, rank in found:
            mine = numbers[at]
            better = None if mine is None else sum(n < mine if ascending else n > mine for n in known)
            assert rank == (None if better is None else better + 1)
        assert [rank is None for _, rank in found] == sorted(rank is None for _, rank in found)
