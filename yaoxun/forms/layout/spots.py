"""Forms of labels: the cell of each value, beside or below its label or behind its colon. By the words of a layout."""

from collections.abc import Mapping
from dataclasses import dataclass

from yaoxun.forms.layout.grid import Grid, plain_word
from yaoxun.forms.layout.settings import PATH, Layout
from yaoxun.forms.located import Spot, bare_header
from yaoxun.forms.settings import EXPLANATION
from yaoxun.sheets.model import RawCell

REMARKS = ("备注", "说明", "备注说明", "情况说明")


@dataclass(frozen=True, kw_only=True)
class Spots:
    """Column → its label, column → its value; `tails`, values that stand in one cell with their label."""

    labels: Mapping[str, Spot]
    spots: Mapping[str, Spot]
    tails: frozenset[Spot]


def find_spots(grid: Grid, layout: Layout) -> Spots:
    """The cells that a layout's labels ask for, as many as are there."""
    paths = {name: tuple(_label(word) for word in path.split(PATH)) for name, path in layout.columns.items()}
    known = {path[-1] for path in paths.values()} | {_label(word) for word in layout.ignore}
    words, heads = _by_word(grid)
    labels: dict[str, Spot] = {}
    spots: dict[str, Spot] = {}
    for name, path in paths.items():
        free = [[s for s in found.get(path[-1], ()) if s not in labels.values()] for found in (words, heads)]
        spot = _label_of(grid, path, free[0]) or _label_of(grid, path, free[1])
        if spot is not None:
            labels[name] = spot
            tail = _split(grid.text(*spot))[1] if spot not in free[0] else ""
            spots[name] = spot if tail else _value_of(grid, spot, known)
    remarks = next((spot for word in REMARKS for spot in words.get(word, ())), None)
    if EXPLANATION not in spots and remarks and remarks not in labels.values():
        spots[EXPLANATION] = _value_of(grid, remarks, known)
    tails = frozenset(spot for name, spot in spots.items() if spot == labels.get(name))
    return Spots(labels=labels, spots=spots, tails=tails)


def _by_word(grid: Grid) -> tuple[dict[str, list[Spot]], dict[str, list[Spot]]]:
    """The cells by all that they say, and by what stands before their colon."""
    words: dict[str, list[Spot]] = {}
    heads: dict[str, list[Spot]] = {}
    for row in sorted(grid.filled):
        for col in sorted(grid.filled[row]):
            text = grid.text(row, col)
            words.setdefault(_label(text), []).append((row, col))
            heads.setdefault(_label(_split(text)[0]), []).append((row, col))
    return words, heads


def _label(text: str) -> str:
    return bare_header(plain_word(text)).rstrip(":")


def _split(text: str) -> tuple[str, str]:
    """What stands before and behind the first colon; blanks and lines to write on are nothing."""
    at = min((text.index(sign) for sign in "：:" if sign in text), default=len(text))
    return text[:at], text[at + 1 :].strip(" 　_＿")


def _label_of(grid: Grid, path: tuple[str, ...], candidates: list[Spot]) -> Spot | None:
    """The label of that path: its last word, with the words before it to the left of it or above it."""
    return next((spot for spot in candidates if all(_stands_over(grid, word, spot) for word in path[:-1])), None)


def _stands_over(grid: Grid, word: str, spot: Spot) -> bool:
    row, col = spot
    left = (grid.word(row, c) for c in range(1, col))
    above = (grid.word(r, col) for r in range(1, row))
    return any(_label(one) == word for one in (*left, *above))


def _value_of(grid: Grid, label: Spot, known: set[str]) -> Spot:
    """The cell of a label's value: the one to its right; where another label stands there, the one below, or its own where
    the label ends with a colon."""
    right = grid.right_of(label)
    beside = grid.text(*right)
    if not beside or not {_label(beside), _label(_split(beside)[0])} & known:
        return right
    return label if grid.text(*label).endswith(("：", ":")) else grid.below(label)


def with_tails(grid: Grid, tails: frozenset[Spot]) -> Mapping[int, Mapping[int, RawCell]]:
    """The lines, with what follows the colon as the content of a cell that holds both label and value."""
    lines = {row: dict(line) for row, line in grid.filled.items()}
    for row, col in tails:
        lines[row][col] = RawCell(row=row, col=col, kind="text", value=_split(grid.text(row, col))[1])
    return lines
