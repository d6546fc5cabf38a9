"""名次 of numbers, ties sharing one. Pure; what is printed of it stands in briefings/calls.py."""

from collections.abc import Sequence
from decimal import Decimal


def ranked(numbers: Sequence[Decimal | None], *, ascending: bool = False) -> list[tuple[int, int | None]]:
    """(place in `numbers`, 名次), the best first: 9, 7, 7, 5 are 1, 2, 2, 4. Equal numbers keep their order; those without
    a number come last whichever way it goes, and have no 名次."""
    known = [(number, at) for at, number in enumerate(numbers) if number is not None]
    known.sort(key=lambda one: one[0], reverse=not ascending)
    found: list[tuple[int, int | None]] = []
    for n, (number, at) in enumerate(known, 1):
        is_tied = n > 1 and known[n - 2][0] == number
        found.append((at, found[-1][1] if is_tied else n))
    return found + [(at, None) for at, number in enumerate(numbers) if number is None]
