"""Puts a form's columns into a sheet that is not ours, by the words of its layout: the header wherever it stands, the rows
below it, what is a sum, a number row or a group title among them; of labels the cell of each value.

Nothing is guessed from the look of the cells, so that a filled sheet is found exactly as the blank one was. What a sheet
without a layout holds is structure.py's.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from yaoxun.forms.layout.grid import Grid, plain_word
from yaoxun.forms.layout.headers import header_columns
from yaoxun.forms.layout.rows import body_of
from yaoxun.forms.layout.settings import PATH, Layout
from yaoxun.forms.layout.spots import REMARKS, find_spots, with_tails
from yaoxun.forms.layout.words import split_unit, unit_of_line
from yaoxun.forms.located import Located, Spot, bare_header, full_header
from yaoxun.forms.model import Form
from yaoxun.forms.settings import EXPLANATION
from yaoxun.sheets.model import RawSheet

_ENOUGH = 0.6
_LOOKS_UP = 8


@dataclass(frozen=True, kw_only=True)
class _Header:
    """A place where a form's header may stand. `extent`: its first and last column, where tables stand side by side."""

    form: Form
    first: int
    last: int
    columns: Mapping[str, int]
    doubles: tuple[tuple[str, int], ...]
    paths: Mapping[int, tuple[str, ...]]
    title_gap: int
    extent: tuple[int, int] = (1, 1 << 14)
    spots: Mapping[str, Spot] = field(default_factory=dict)
    tails: frozenset[Spot] = frozenset()
    labels: frozenset[Spot] = frozenset()

    @property
    def hits(self) -> float:
        assert self.form.setting.layout is not None  # noqa: S101 (narrowing; only forms with one are looked for)
        return len(self.columns) / len(self.form.setting.layout.columns)

    @property
    def titled(self) -> bool:
        """Its title stands above it, or none is asked for."""
        return self.title_gap <= _LOOKS_UP

    @property
    def wrong_depth(self) -> int:
        return abs(self.last - self.first + 1 - _layout(self.form).header_rows)

    def meets(self, other: "_Header") -> bool:
        """Whether the two have cells in common."""
        rows = self.first <= other.last and other.first <= self.last
        return rows and self.beside(other)

    def beside(self, other: "_Header") -> bool:
        """Whether the two have columns in common."""
        return self.extent[0] <= other.extent[1] and other.extent[0] <= self.extent[1]


def place_forms(sheet: RawSheet, forms: Sequence[Form]) -> list[tuple[Form, Located]]:
    """Every table of these forms (each has a layout) that stands in a sheet, from the top down."""
    wanted = [form for form in forms if form.setting.layout and form.setting.layout.sheet in ("", sheet.name)]
    # A sheet may have been renamed: then the words of its header decide.
    wanted = wanted or [form for form in forms if form.setting.layout]
    if not wanted or not sheet.cells:
        return []
    grid = Grid(sheet)
    chosen = _choose([header for form in wanted for header in _headers(grid, form)])
    placed: list[tuple[Form, Located]] = []
    for n, header in enumerate(chosen):
        limit = min(
            (h.first for h in chosen[n + 1 :] if h.first > header.last and h.beside(header)), default=grid.last_row + 1
        )
        begin = max((p.end_row for (_, p), h in zip(placed, chosen, strict=False) if h.beside(header)), default=0)
        above = [row for row in sorted(grid.filled) if begin <= row < header.first or row < chosen[0].first]
        located = replace(_located(_cut(grid, header), header, limit), sheet=sheet, above=tuple(reversed(above)))
        placed.append((header.form, located))
    return placed


def _cut(grid: Grid, header: _Header) -> Grid:
    """The sheet without what stands beside a table."""
    left, right = header.extent
    cells = {spot: cell for spot, cell in grid.sheet.cells.items() if left <= spot[1] <= right}
    return grid if len(cells) == len(grid.sheet.cells) else Grid(replace(grid.sheet, cells=cells))


def _choose(found: list[_Header]) -> list[_Header]:
    """Of headers that overlap the best one: with its title above it, then with most of its columns."""
    chosen: list[_Header] = []
    best = sorted(
        found,
        key=lambda h: (
            -h.titled,
            -h.hits,
            -len(h.columns),
            h.title_gap,
            len(h.doubles),
            h.wrong_depth,
            len(h.paths),
            h.first,
        ),
    )
    titled = {h.form.id for h in found if h.titled and _layout(h.form).title}
    for header in best:
        if not header.titled and (header.form.id in titled or any(h.form is header.form for h in chosen)):
            continue
        if not any(header.meets(other) for other in chosen):
            chosen.append(header)
    return sorted(chosen, key=lambda header: header.first)


def _layout(form: Form) -> Layout:
    layout = form.setting.layout
    assert layout is not None  # noqa: S101 (narrowing; only forms with one are looked for)
    return layout


def _headers(grid: Grid, form: Form) -> Iterator[_Header]:
    layout = _layout(form)
    if layout.shape == "labels":
        header = _labels(grid, form, layout)
        if header is not None:
            yield header
        return
    paths = {name: tuple(plain_word(word) for word in path.split(PATH)) for name, path in layout.columns.items()}
    words = {bare_header(path[-1]) for path in paths.values()}
    hits = {row: sum(bare_header(grid.word(row, col)) in words for col in line) for row, line in grid.filled.items()}
    for row in sorted(grid.filled):
        # More or fewer rows than said: one was put into the header, or some were taken out of it.
        for depth in (layout.header_rows, layout.header_rows + 1, *range(layout.header_rows - 1, 0, -1)):
            first = row - depth + 1
            if depth < 1 or first < 1 or not hits[row]:
                continue
            if sum(hits.get(r, 0) for r in range(first, row + 1)) < _ENOUGH * len(paths):
                continue
            found = header_paths(grid, first, row)
            for part in dict.fromkeys((tuple(found), *_runs(tuple(found)))):
                header = _header(grid, form, (first, row), {col: found[col] for col in part}, paths)
                if header is not None:
                    yield header


def _runs(columns: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """Columns that stand together: between two tables side by side there is a blank one."""
    run: list[int] = []
    for col in columns:
        if run and col > run[-1] + 1:
            yield tuple(run)
            run = []
        run.append(col)
    yield tuple(run)


def _header(
    grid: Grid, form: Form, rows: tuple[int, int], found: Mapping[int, tuple[str, ...]],
    paths: Mapping[str, tuple[str, ...]],
) -> _Header | None:  # fmt: skip
    columns, doubles = match_paths(paths, found)
    if not found or len(columns) < _ENOUGH * len(paths):
        return None
    whole = min(grid.sheet.cells, key=lambda spot: spot[1])[1], max(grid.sheet.cells, key=lambda spot: spot[1])[1]
    extent = (min(found), max(found)) if len(found) < len(header_paths(grid, *rows)) else whole
    return _Header(
        form=form, first=rows[0], last=rows[1], columns=columns, doubles=doubles, paths=found, extent=extent,
        title_gap=_title_gap(grid, rows[0], _layout(form).title),
    )  # fmt: skip


def _title_gap(grid: Grid, first: int, title: str) -> int:
    """How many rows above a row the words of a title stand; beyond all where they do not, just within where none are asked
    for."""
    if not title:
        return _LOOKS_UP
    above = (row for row in grid.filled if first - _LOOKS_UP <= row < first)
    words = full_header(title)
    told = [row for row in above if any(words in full_header(grid.text(row, col)) for col in grid.filled[row])]
    return first - max(told) if told else _LOOKS_UP + 1


def header_paths(grid: Grid, first: int, last: int) -> dict[int, tuple[str, ...]]:
    """Column → the words of its header from the top down, as they are compared."""
    header = [grid.lines[row] for row in range(first, last + 1) if row in grid.lines]
    columns, _ = header_columns(grid, header, ()) if header else ((), ())
    return {c.col: tuple(word for part in c.path if (word := plain_word(part))) for c in columns}


def match_paths(
    wanted: Mapping[str, tuple[str, ...]], found: Mapping[int, tuple[str, ...]]
) -> tuple[dict[str, int], tuple[tuple[str, int], ...]]:
    """Column name → sheet column, and (name, column) of headers that stand twice. The whole path decides; where it has
    gained or lost a level, or a unit in brackets, the words that are left must point to one column alone."""
    columns: dict[str, int] = {}
    doubles: list[tuple[str, int]] = []
    bare_found = {col: tuple(map(bare_header, path)) for col, path in found.items()}
    bare_wanted = {name: tuple(map(bare_header, path)) for name, path in wanted.items()}
    tiers = (
        (_equal, wanted, found),
        (_equal, bare_wanted, bare_found),
        (_like, wanted, found),
        (_like, bare_wanted, bare_found),
    )
    for n, (agree, asked, there) in enumerate(tiers):
        for name, path in asked.items():
            hits = [c for c, words in there.items() if c not in columns.values() and agree(path, words)]
            if name not in columns and (len(hits) == 1 or (hits and n == 0)):
                columns[name] = hits[0]
                doubles += [(name, col) for col in hits[1:]]
    return columns, tuple(doubles)


def _equal(wanted: tuple[str, ...], found: tuple[str, ...]) -> bool:
    # Joined, because a header may have the separator in it (失效日/长期).
    return PATH.join(wanted) == PATH.join(found)


def _like(wanted: tuple[str, ...], found: tuple[str, ...]) -> bool:
    return _within(wanted, found) or _within(found, wanted)


def _within(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    """The words of one path stand in the other in order, the last one last."""
    if not short or not long or short[-1] != long[-1]:
        return False
    words = iter(long)
    return all(word in words for word in short)


def _located(grid: Grid, header: _Header, limit: int) -> Located:
    layout = _layout(header.form)
    if layout.shape == "labels":
        return Located(
            sheet=grid.sheet, header_row=min(header.spots.values())[0], header_from=header.first, end_row=limit,
            columns=header.columns, lines=with_tails(grid, header.tails), layout=layout, spots=header.spots, tails=header.tails,
            labels=header.labels, limit=limit,
        )  # fmt: skip
    ignored = {plain_word(word) for word in layout.ignore}
    columns = dict(header.columns)
    # A remark column is where people explain themselves, mapped to a column of its own or not.
    remarks = next((col for col, path in header.paths.items() if path[-1] in REMARKS), 0)
    if EXPLANATION not in columns and remarks:
        columns[EXPLANATION] = remarks
    taken = {*columns.values(), *(col for _, col in header.doubles)}
    unknown = tuple(
        (PATH.join(path), col)
        for col, path in header.paths.items()
        if col not in taken and not ignored & {path[-1], bare_header(path[-1]), PATH.join(path)}
    )
    body = body_of(grid, layout, header.form, header.last, limit, header.columns)
    return Located(
        sheet=grid.sheet, header_row=header.last, header_from=header.first, end_row=body.end, limit=limit,
        columns=columns, doubles=header.doubles, unknown=unknown, lines=body.lines, layout=layout,
        aside=body.aside, totals=body.totals, groups=body.groups, units=units_of(grid, header.first, header.last, header.columns),
    )  # fmt: skip


def units_of(grid: Grid, first: int, last: int, columns: Mapping[str, int]) -> dict[str, tuple[str, Spot]]:
    """Column → the unit that is written over it and where: in its header, else ('' as its header) in a line 单位：万元."""
    found: dict[str, tuple[str, Spot]] = {}
    above = [row for row in grid.filled if first - _LOOKS_UP <= row < first]
    lines = [(unit_of_line(grid.text(row, col)), (row, col)) for row in above for col in grid.filled[row]]
    line = next((one for one in lines if one[0]), None)
    for name, col in columns.items():
        spots = [grid.corner((row, col)) for row in range(last, first - 1, -1)]
        own = next(((unit, spot) for spot in spots if (unit := split_unit(grid.text(*spot))[1])), line)
        if own is not None:
            found[name] = own
    return found


def _labels(grid: Grid, form: Form, layout: Layout) -> _Header | None:
    found = find_spots(grid, layout)
    if len(found.labels) < _ENOUGH * len(layout.columns):
        return None
    rows = [row for row, _ in found.labels.values()]
    return _Header(
        form=form, first=min(rows), last=max(rows), spots=found.spots, tails=found.tails,
        labels=frozenset(found.labels.values()), doubles=(), paths={},
        columns={name: spot[1] for name, spot in found.spots.items()}, title_gap=_title_gap(grid, min(rows), layout.title),
    )  # fmt: skip
