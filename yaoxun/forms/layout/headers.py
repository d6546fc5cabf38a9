"""The header of a table: how many rows it has, and the name path of every column below it.

A row belongs to the header by evidence: words above figures, merged groups that need a row below them, blanks that a
row below fills. Titles and bodies stand in structure.py, forms without a header in labels.py.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from yaoxun.forms.layout.headings import AVERAGE, UNIT_HEAD
from yaoxun.forms.layout.model import HeaderColumn, Question
from yaoxun.forms.layout.places import Line, Place, PlacedSheet, columns_of, is_year
from yaoxun.forms.layout.words import half, is_foot, is_total, is_unit, part_of_year, split_unit, tidy

MOST_LEVELS = 5
_LONGEST = 40
_STEMS = "甲乙丙丁戊己庚辛"
_INDEX = re.compile(rf"[(（]?(\d{{1,2}})[)）]?(?:[=＝].+)?|[{_STEMS}]|栏次|列次|—|-")


def is_header_line(line: Line) -> bool:
    """Words (or years, or months as dates) that could head columns; at least two of them."""
    if len(line) < 2 or any(len(p.text) > _LONGEST for p in line):
        return False
    if any(is_total(p.text) for p in line[:2]) and not any(not is_total(p.text) and p.family == "text" for p in line):
        return False
    words = [p for p in line if p.family == "text"]
    rest = [p for p in line if p.family != "text"]
    return (bool(words) and all(is_year(p) or _heads_as_date(p) for p in rest)) or _only_years(line)


def _only_years(line: Line) -> bool:
    return all(is_year(p) for p in line) and all(
        int(half(b.text)[:4]) == int(half(a.text)[:4]) + 1 for a, b in pairwise(line)
    )


def _heads_as_date(place: Place) -> bool:
    return place.family == "date" and (place.text.endswith("-01") or place.text.endswith("月"))


def is_index_line(line: Line) -> bool:
    """A row of column numbers under a header: 1 2 3 …, or 甲 乙 1 2."""
    texts = [half(p.text) for p in line]
    if len(texts) < 3 or not all(_INDEX.fullmatch(text) for text in texts):
        return False
    numbers = [int(found[1]) for text in texts if (found := _INDEX.fullmatch(text)) and found[1]]
    return len(numbers) >= 2 and numbers[0] in (1, 2) and all(b == a + 1 for a, b in pairwise(numbers))


def names_in_order(line: Line, following: Line) -> bool:
    """Whether 甲 and 乙 below each other name rows, so that the first row is no row of column numbers."""
    return half(following[0].text) == _STEMS[1] and half(line[0].text) == _STEMS[0]


def is_unit_line(grid: PlacedSheet, line: Line) -> bool:
    """A row that says the unit of every column: 计量单位 | 人 | 万元, or units alone, each below a heading of its own."""
    if len(line) < 2:
        return False
    if UNIT_HEAD.fullmatch(half(line[0].text)):
        return all(is_unit(p.text) for p in line[1:])
    return grid.own(line[0].row, 1) is None and all(is_unit(p.text) and _heads_alone(grid, p) for p in line)


def _heads_alone(grid: PlacedSheet, place: Place) -> bool:
    """Whether a word of its own width stands right above, that is no unit: below a group 场次 and 人次 are headings."""
    above = grid.at(place.row - 1, place.col)
    return above is not None and above.family == "text" and above.wide == 1 and not is_unit(above.text)


def header_depth(grid: PlacedSheet, lines: Sequence[Line]) -> int:
    """How many of these lines are header, column numbers not counted; 0 where the first is none."""
    if not lines or not is_header_line(lines[0]):
        return 0
    depth = 1
    while depth < min(len(lines), MOST_LEVELS) and _needs(grid, lines[:depth], lines[depth]):
        depth += 1
    return depth


def _needs(grid: PlacedSheet, header: Sequence[Line], line: Line) -> bool:
    """Whether the header so far is completed by this line."""
    row = line[0].row
    if is_unit_line(grid, line):
        return True
    if any(is_foot(p.text) or (is_total(p.text) and AVERAGE.search(p.text)) for p in line[:1]):
        return False
    if not all(p.family in ("text", "dash") or is_year(p) or _heads_as_date(p) or part_of_year(p.text) for p in line):
        return False
    if any(p.bottom >= row for above in header for p in above):
        return True
    last = header[-1]
    groups = [p for p in last if p.wide > 1 and _is_split(grid, p, line)]
    if groups:
        return True
    filled = columns_of(header)
    fills = [p for p in line if p.col not in filled]
    first = min(filled)
    below_first = grid.own(row, first)
    return bool(fills) and below_first is None and all(len(p.text) <= _LONGEST for p in line)


def _is_split(grid: PlacedSheet, group: Place, line: Line) -> bool:
    """Whether a merged heading has headings of its own below it, not a value that is merged as it is."""
    below = [p for p in line if group.col <= p.col <= group.right]
    return len(below) > 1 or (len(below) == 1 and below[0].right < group.right and len(line) > 1)


def header_columns(
    grid: PlacedSheet, header: Sequence[Line], body: Sequence[Line]
) -> tuple[tuple[HeaderColumn, ...], tuple[Question, ...]]:
    """The columns with their paths, and what is unclear about them."""
    units: dict[int, str] = {}
    if len(header) > 1 and is_unit_line(grid, header[-1]):
        units = {p.col: tidy(p.text) for p in header[-1] if is_unit(p.text)}
        header = header[:-1]
    rows = range(header[0][0].row, header[-1][0].row + 1)
    covered = columns_of(header) | {p.col for line in body for p in line}
    columns: list[HeaderColumn] = []
    asked: list[Question] = []
    for col in sorted(covered):
        first = next((p for line in body for p in line if p.col == col), None)
        places = _stack(grid, rows, col)
        if not places:
            if first is not None and not columns and _names_rows(body, col):
                columns.append(HeaderColumn(path=("",), row=rows.stop - 1, col=col))
            elif first is not None:
                sentence = "这一列有内容而没有表头，请补上表头，或说明不取。"
                asked.append(Question(address=first.address, sentence=sentence))
        elif places[-1].wide == 1 or places[-1].col == col or first is not None:
            column = _column(places, col)
            columns.append(replace(column, unit=units.get(col, column.unit)))
    return tuple(columns), (*asked, *_doubles(columns))


def _names_rows(body: Sequence[Line], col: int) -> bool:
    """Whether a column without a heading (the corner was left blank) names the rows."""
    places = [p for line in body for p in line if p.col == col]
    return len(places) >= 0.8 * len(body) and all(p.family == "text" for p in places)


def _doubles(columns: Sequence[HeaderColumn]) -> Iterator[Question]:
    """Columns that go by the same words."""
    seen: dict[tuple[str, ...], HeaderColumn] = {}
    for column in columns:
        other = seen.setdefault(column.path, column)
        if other is not column:
            sentence = f"“{'/'.join(column.path)}”与 {other.address} 的表头相同，请确认两列各是什么。"
            yield Question(address=column.address, sentence=sentence)


def _column(places: Sequence[Place], col: int) -> HeaderColumn:
    path: list[str] = []
    unit = ""
    for place in places:
        name, found = split_unit(place.text)
        unit = found or unit
        if name and not (found == "" and is_unit(name) and half(place.text).startswith("(")):
            path.append(name)
    lowest = places[-1]
    return HeaderColumn(
        path=tuple(path) or (tidy(lowest.text),), row=lowest.row, col=lowest.col if lowest.wide == 1 else col, unit=unit
    )


def _stack(grid: PlacedSheet, rows: range, col: int) -> list[Place]:
    """The headings over a column from the top level down, each once."""
    found: list[Place] = []
    for row in rows:
        place = grid.at(row, col)
        if place is None and any(grid.own(below, col) for below in range(row + 1, rows.stop)):
            place = _spread(grid, rows, row, col)
        if place is not None and place not in found and place.row >= rows.start:
            found.append(place)
    return found


def _spread(grid: PlacedSheet, rows: range, row: int, col: int) -> Place | None:
    """The heading on the left that reaches over this blank cell though nothing is merged."""
    for left in range(col - 1, 0, -1):
        place = grid.at(row, left)
        if place is None:
            if not any(grid.own(below, left) for below in range(row + 1, rows.stop)):
                return None
            continue
        has_own = any(grid.own(below, left) for below in range(row + 1, rows.stop))
        return place if place.wide == 1 and has_own and _same_group(grid, rows, row, left, col) else None
    return None


def _same_group(grid: PlacedSheet, rows: range, row: int, left: int, col: int) -> bool:
    """Whether the levels above this row are one heading for both columns."""
    for above in range(rows.start, row):
        one, other = grid.at(above, left), grid.at(above, col)
        if other is not None and one is not other:
            return False
    return True
