"""What the rows below a header are: records, sums, number rows, group titles; and where the table ends."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from yaoxun.forms.layout.grid import Grid
from yaoxun.forms.layout.headers import is_index_line, is_unit_line
from yaoxun.forms.layout.settings import Layout
from yaoxun.forms.layout.words import OF_PERIOD
from yaoxun.forms.located import Spot, full_header
from yaoxun.forms.model import Form
from yaoxun.forms.values import raw_text
from yaoxun.sheets.model import RawCell

_AFTER_END_WORD = re.compile(r"\s*\d{0,2}\s*[：:、．.（(\s]|\s*$")


@dataclass(frozen=True, kw_only=True)
class Body:
    """The rows between a header and `end`, exclusive. `lines` are the sheet's, with merged group labels carried down."""

    end: int
    lines: Mapping[int, Mapping[int, RawCell]]
    aside: frozenset[int]
    totals: tuple[int, ...]
    groups: frozenset[Spot]


def body_of(  # noqa: PLR0917 (what a body is read from)
    grid: Grid, layout: Layout, form: Form, header_row: int, limit: int, columns: Mapping[str, int]
) -> Body:
    """The body of a table whose header ends at `header_row` and which stands before row `limit`."""
    limit = _before_titles(grid, header_row, limit)
    end = next((row for row in _rows(grid, header_row, limit) if is_end(grid, row, layout)), limit)
    numeric = {columns[c.name] for c in form.columns if c.numeric and c.name in columns}
    keys = [columns[name] for name in form.setting.key if name in columns]
    totals, aside = [], set[int]()
    for row in _rows(grid, header_row, end):
        if _is_of_header(grid, row, header_row) or _is_group_title(grid, row, columns):
            aside.add(row)
        elif is_total(grid, row, layout, min(numeric, default=0), keys):
            totals.append(row)
            aside.add(row)
    # What a merge hides is seen by nobody who fills the sheet in.
    lines = {
        r: {c: cell for c, cell in line.items() if grid.corner((r, c)) == (r, c)} for r, line in grid.filled.items()
    }
    # An amount over several rows is one amount: it is the first row's, or it would be counted once a row.
    _carry_down(grid, lines, header_row, end, aside, {n: c for n, c in columns.items() if c not in numeric})
    groups = frozenset(spot for spot, box in grid.areas.items() if box[0] < box[2] and header_row < spot[0] < end)
    return Body(end=end, lines=lines, aside=frozenset(aside), totals=tuple(totals), groups=groups)


def _rows(grid: Grid, header_row: int, limit: int) -> Iterator[int]:
    yield from sorted(row for row in grid.filled if header_row < row < limit)


def _before_titles(grid: Grid, header_row: int, limit: int) -> int:
    """Where the lines above the next table's header begin: its title, its unit line."""
    row = limit - 1
    while row > header_row and row in grid.filled and len(grid.filled[row]) <= 2 and limit <= grid.last_row:
        row -= 1
    return row + 1 if limit <= grid.last_row else limit


def is_end(grid: Grid, row: int, layout: Layout) -> bool:
    """Whether a row is a note or the line 填表人 below a table."""
    first = next((raw_text(cell).strip() for _, cell in sorted(grid.filled[row].items()) if raw_text(cell).strip()), "")
    return any(first.startswith(word) and _AFTER_END_WORD.match(first, len(word)) for word in layout.end)


def is_total(grid: Grid, row: int, layout: Layout, first_number: int, keys: Sequence[int]) -> bool:
    """Whether a row is a sum: a word for one (甲县小计, 合计（万元）) before its first number, in a table without numbers
    (0) as the row's first word, and alone unless it is no more than 合计. A row whose keys all say something else is a
    record, whatever its other words."""
    texts = {c: raw_text(cell) for c, cell in sorted(grid.filled[row].items()) if cell.kind == "text"}
    told = {c: _says_total(text, layout) for c, text in texts.items() if not first_number or c < first_number}
    if not told or (keys and all(told.get(col) is False for col in keys)):
        return False
    first = full_header(texts[min(texts)])
    return any(told.values()) if first_number else told[min(told)] and (len(texts) == 1 or first in layout.totals)


def _says_total(text: str, layout: Layout) -> bool:
    words = "|".join(map(re.escape, layout.totals))
    told = rf"(?:[一二三四五六七八九十\d]+[、.])?\(?{OF_PERIOD}[\u4e00-\u9fff、]{{0,10}}(?:{words})数?\)?:?(?:\(.*\)|\d+[\u4e00-\u9fff]{{0,2}})?:?"
    return bool(words and re.fullmatch(told, full_header(text)))


def _is_of_header(grid: Grid, row: int, header_row: int) -> bool:
    """甲 乙 1 2 3, or units, right below the header."""
    line = grid.lines.get(row, ())
    return row <= header_row + 2 and bool(line) and (is_index_line(line) or is_unit_line(grid, line))


def _is_group_title(grid: Grid, row: int, columns: Mapping[str, int]) -> bool:
    """One text across the table (一、就业类)."""
    line = grid.filled[row]
    if len(line) != 1:
        return False
    ((col, cell),) = line.items()
    box = grid.areas.get((row, col))
    covered = sum(box[1] <= c <= box[3] for c in columns.values()) if box else 0
    return cell.kind == "text" and covered >= 2 and covered >= len(columns) / 2


def _carry_down(  # noqa: PLR0917 (the lines and what bounds them)
    grid: Grid,
    lines: dict[int, dict[int, RawCell]],
    header_row: int,
    end: int,
    aside: set[int],
    columns: Mapping[str, int],
) -> None:
    """Under a cell merged downwards, every row that has content of its own holds the merged cell."""
    mapped = set(columns.values())
    for (row, col), spot in grid.anchors.items():
        if col in mapped and spot[1] == col and header_row < spot[0] < row < end and row in lines and row not in aside:
            raw = grid.filled.get(spot[0], {}).get(spot[1])
            if raw is not None:
                lines[row].setdefault(col, raw)
