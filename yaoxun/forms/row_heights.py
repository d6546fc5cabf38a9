"""How high a row of wrapped text must be; not every program fits rows by itself when it opens a file."""

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

LINE = 15.0


def row_height(texts: Iterable[str], widths: Iterable[float]) -> float:
    """Points, for texts in columns of these widths (in characters, a Chinese one counts two)."""
    lines = [_lines(text, width) for text, width in zip(texts, widths, strict=False)]
    return LINE * min(max(lines, default=1), 26)


@lru_cache(maxsize=8192)
def _lines(text: str, width: float) -> int:
    per_line = max(int(width) - 1, 2)
    parts = text.split("\n")
    return sum(max(1, -(-_width(part) // per_line)) for part in parts)


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)
