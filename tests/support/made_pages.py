"""Pages made by hand, as measuring.py would read them: text on the grid of the shipped profile, without LibreOffice."""

from collections.abc import Sequence
from dataclasses import replace

from yaoxun.briefings.measuring import Line, Page, Rule

PITCH, FIRST = 10.213, 45.4
LEFT, EM = 28.0, 5.556
FOOT_RULE = Rule(left=28.0, right=184.0, top=261.83, bottom=261.83, thickness=0.35, colour="000000")
RED_RULE = Rule(left=28.0, right=184.0, top=90.2, bottom=90.2, thickness=0.53, colour="FF0000")


def at(row: float) -> float:
    """The baseline of a row of the grid, from 0."""
    return FIRST + row * PITCH


def line(text: str, row: float, *, left: float = LEFT) -> Line:
    """A line of whole characters on a row."""
    right = left + len(text) * EM
    return Line(baseline=at(row), middle=at(row) - 1.7, left=left, right=right, text=text)


def number(n: int) -> Line:
    """— 1 — where it belongs."""
    left = 163.5 if n % 2 else 33.0
    return Line(baseline=270.5, middle=269.03, left=left, right=left + 15.6, text=f"—{n}—")


def set_lines(*paragraphs: str, width: int = 28) -> list[str]:
    """Paragraphs as lines: the first of each two characters shorter."""
    found = []
    for text in paragraphs:
        found.append(text[: width - 2])
        found += [text[n : n + width] for n in range(width - 2, len(text), width)]
    return found


def page(
    lines: Sequence[str] | Sequence[Line], n: int = 1, *, rules: Sequence[Rule] = (), numbered: bool = True
) -> Page:
    """A page with these lines from its top, and its number."""
    placed = [one if isinstance(one, Line) else line(one, row) for row, one in enumerate(lines)]
    placed += [number(n)] if numbered else []
    return Page(
        width=210.0, height=297.0, lines=tuple(placed), rules=tuple(rules), faces=frozenset({"FandolFang-Regular"})
    )


def pages_of_lines(lines: Sequence[str], *, rows: int = 22) -> list[Page]:
    """As many pages as the lines need."""
    return [page(lines[at : at + rows], n) for n, at in enumerate(range(0, len(lines), rows), 1)]


def with_rules(one: Page, *rules: Rule) -> Page:
    return replace(one, rules=rules)
