"""Names that are much alike, among many thousands: an index by pairs of neighbouring characters that grows and shrinks with
what it holds. What a match means is told in similar.py; nothing here knows a table.
"""

import math
import re
import unicodedata
from array import array
from collections.abc import Iterator
from operator import add
from typing import Generic, TypeVar

_NOISE = re.compile(r"[\W_]|关于|印发|通知|实施")
Pairs = frozenset[str]
Held = TypeVar("Held")


def pairs_of(name: str) -> Pairs:
    """The pairs of neighbouring characters of a name, without punctuation and the words of every title."""
    bare = _NOISE.sub("", unicodedata.normalize("NFKC", name))
    return frozenset(map(add, bare, bare[1:]))


class NameIndex(Generic[Held]):
    """Values under names. A look-up costs what the rarest pairs of the name that is asked for have in common with others,
    not what is held; the pairs of a name that is held are worked out when it comes into question, to hold little."""

    def __init__(self) -> None:
        self._held: list[tuple[str, Held] | None] = []
        self._by_pair: dict[str, array[int]] = {}
        self._gone = 0

    def add(self, name: str, value: Held) -> int:
        """Hold a value under a name; the number to remove it by, until `tidy`."""
        number = len(self._held)
        self._held.append((name, value))
        for pair in pairs_of(name):
            postings = self._by_pair.get(pair)
            if postings is None:
                postings = self._by_pair[pair] = array("L")
            postings.append(number)
        return number

    def remove(self, number: int) -> None:
        """Hold it no longer."""
        self._gone += self._held[number] is not None
        self._held[number] = None

    @property
    def is_untidy(self) -> bool:
        """Whether most of what was ever held is gone: time to build it anew."""
        return self._gone > 1000 and self._gone > len(self._held) // 2

    def near(self, name: str, at_least: float) -> Iterator[tuple[float, Held]]:
        """(Jaccard of their pairs, value) of every name that is at least so near, in the order in which they were added.

        Two sets with Jaccard ≥ t share at least one of any n − ⌈t·n⌉ + 1 pairs of the first: the rarest ones are taken.
        """
        pairs = pairs_of(name)
        held_too = pairs & self._by_pair.keys()
        # The rarest are those that nobody has.
        keep = len(held_too) - math.ceil(at_least * len(pairs)) + 1
        rare = sorted(held_too, key=lambda pair: (len(self._by_pair[pair]), pair))[:keep] if keep > 0 else ()
        for number in sorted({n for pair in rare for n in self._by_pair[pair]}):
            held = self._held[number]
            if held is not None:
                theirs = pairs_of(held[0])
                common = len(pairs & theirs)
                share = common / (len(pairs) + len(theirs) - common)
                if share >= at_least:
                    yield share, held[1]
