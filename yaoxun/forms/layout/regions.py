"""Cuts a sheet into bands and pieces: which rows stand alone (titles, notes, lines for the whole table), and which
cells beside and below each other make one region. What a region is, structure.py tells.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from yaoxun.forms.layout.headers import is_header_line
from yaoxun.forms.layout.info import is_info
from yaoxun.forms.layout.labels import is_pair_line, signs
from yaoxun.forms.layout.places import Line, Place, PlacedSheet, columns_of
from yaoxun.forms.layout.words import is_foot, is_item, is_total, looks_like_label, whole_period

Kind = Literal["title", "info", "note", "band"]
_LONG = 30
_SEEN = 50
_NARROWEST = 2  # columns of a table


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """Consecutive rows of one kind: a title, lines that hold for the table below, notes, or a band of rows."""

    kind: Kind
    lines: tuple[Line, ...]

    @property
    def first(self) -> int:
        return self.lines[0][0].row

    @property
    def last(self) -> int:
        return max(p.row for p in self.lines[-1])


def stretches(grid: PlacedSheet) -> list[Stretch]:
    """The filled rows of a sheet in order, each in one stretch."""
    return _Cutter([grid.lines[row] for row in sorted(grid.lines)]).cut()


class _Cutter:
    """Goes down the rows of one sheet, each looked at once."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        self.found: list[Stretch] = []
        self.band: list[Line] = []
        self.columns: set[int] = set()  # of the band
        self.seen = False  # whether a band stands above
        self.labelled = _label_runs(lines)
        # For each row the next one with several cells, and whether more than notes follow it.
        self.next: list[Line | None] = [None] * len(lines)
        self.follows: list[bool] = [False] * len(lines)
        for n in range(len(lines) - 2, -1, -1):
            below = lines[n + 1]
            several = len(below) > 1
            self.next[n] = below if several else self.next[n + 1]
            self.follows[n] = self.follows[n + 1] or (several and not is_foot(below[0].text)) or n + 1 in self.labelled

    def cut(self) -> list[Stretch]:
        for n, line in enumerate(self.lines):
            if self.band and line[0].row > max(p.bottom for p in self.band[-1]) + 1:
                self._close()
            kind = self._kind(n, line)
            if kind == "band":
                self.band.append(line)
                self.columns |= columns_of([line])
            else:
                self._close()
                self.found.append(Stretch(kind=kind, lines=(line,)))
        self._close()
        return self.found

    def _close(self) -> None:
        if self.band:
            self.found.append(Stretch(kind="band", lines=tuple(self.band)))
            self.seen = True
            self.band, self.columns = [], set()

    def _kind(self, n: int, line: Line) -> Kind:  # noqa: PLR0911 (one case a kind, in the order in which they are tried)
        """What one row is, from itself, what stands before it and what follows."""
        first = line[0]
        if self._foots(n, line):
            return "note"
        if all(p.family in ("text", "date") and is_info(p.text) for p in line) and not _is_heading(line):
            return "info"
        if not self.band and (is_pair_line(line) or _has_info(line)):
            return "info"
        if len(line) > 1 or first.family != "text":
            return "band"
        if self.band:
            return "band" if self._goes_on(n, first) else self._alone(n)
        if n in self.labelled:
            return "band"
        if self.found and self.found[-1].kind == "note" and (is_item(first.text) or len(first.text) > _LONG):
            return "note"
        return self._alone(n)

    def _alone(self, n: int) -> Kind:
        """A single text: a note where nothing but notes follows, else a title."""
        return "title" if self.follows[n] else "note"

    def _foots(self, n: int, line: Line) -> bool:
        if not (self.band or self.seen) or not is_foot(line[0].text):
            return False
        if len(line) == 1 and not any(mark in line[0].text for mark in "：:") and self._continues_labels(n):
            return False
        if len(line) == 1 or any(mark in p.text for p in line for mark in "：:"):
            return True
        return not self.follows[n] and (is_pair_line(line) or signs(line))

    def _continues_labels(self, n: int) -> bool:
        """Whether a single label stands right below another one."""
        above = self.lines[n - 1] if n else ()
        return len(above) == 1 and above[0].wide == 1 and looks_like_label(above[0].text)

    def _goes_on(self, n: int, place: Place) -> bool:
        """Whether a single text below a band is a row of it (a name without figures yet, a section) or begins another."""
        following = self.next[n]
        if any(p.bottom >= place.row and p.col < place.col for p in self.band[-1] + self.band[0]):
            return True  # beside a cell that is merged down past it: the one group of a header, a row of a group
        if place.wide > 1 and place.wide < 0.5 * len(self.columns) and place.bottom > place.row:
            return True
        if following is not None and is_header_line(following) and not _same_kind(following, self.band):
            return False
        if following is None and place.wide > 1:
            return _short(place) and is_total(place.text)
        return place.col in self.columns and (_short(place) or following is not None)


def _label_runs(lines: Sequence[Line]) -> set[int]:
    """The rows at which blank forms begin: labels below each other with nothing beside them."""
    starts: set[int] = set()
    run: list[Place] = []

    def close(end: int) -> None:
        named = sum(looks_like_label(p.text) and not is_foot(p.text) for p in run)
        if len(run) >= 2 and looks_like_label(run[0].text) and named >= 0.6 * len(run):
            starts.add(end - len(run))

    for n, line in enumerate(lines):
        lone = len(line) == 1 and line[0].wide == 1
        if not lone or (run and (line[0].col != run[-1].col or line[0].row != run[-1].row + 1)):
            close(n)
            run = []
        if lone:
            run.append(line[0])
    close(len(lines))
    return starts


def _is_heading(line: Line) -> bool:
    """Periods side by side (2023年1月 | 2023年2月) head columns; one alone speaks of the table."""
    return len(line) > 1 and all(whole_period(p.text) for p in line)


def _has_info(line: Line) -> bool:
    """A title and 单位：万元 in one row."""
    if len(line) > 4 or not all(p.family in ("text", "date") for p in line):
        return False
    return any(is_info(p.text) and not whole_period(p.text) for p in line)


def _short(place: Place) -> bool:
    return len(place.text) <= 20 and "。" not in place.text


def _same_kind(line: Line, band: Sequence[Line]) -> bool:
    """Whether a row of words goes on with a body of words rather than heading another table."""
    words = {p.text for p in band[0]}
    if len(words & {p.text for p in line}) >= 2:
        return False
    body = band[1:_SEEN] or band
    textual = sum(all(p.family != "number" for p in other) for other in body)
    return textual > len(body) / 2 and len(line) <= max(len(other) for other in body)


def pieces(band: Sequence[Line], is_table: Callable[[Sequence[Line]], bool]) -> Iterator[tuple[Line, ...]]:
    """The tables that stand beside each other in a band, from left to right; one piece where they are one table."""
    taken = columns_of(band)
    gaps = [col for col in range(min(taken), max(taken)) if col not in taken]
    start = min(taken)
    left = tuple(band)
    for gap in gaps:
        if sum(start <= col < gap for col in taken) < _NARROWEST:
            continue
        before = _cut(left, start, gap - 1)
        after = _cut(left, gap + 1, max(taken))
        if len(before) > 1 and len(after) > 1 and is_table(before) and is_table(after):
            yield before
            left, start = after, gap + 1
    yield left


def _cut(lines: Sequence[Line], first: int, last: int) -> tuple[Line, ...]:
    found = (tuple(p for p in line if first <= p.col <= last) for line in lines)
    return tuple(line for line in found if line)
