"""The rows below a header: data, sums, sections and blanks, with their labels and groups."""

from collections.abc import Iterator, Sequence

from yaoxun.forms.layout.headings import WHOLE
from yaoxun.forms.layout.model import BodyRow, HeaderColumn, RowRole
from yaoxun.forms.layout.places import Line, PlacedSheet
from yaoxun.forms.layout.words import half, is_section, is_total, looks_like_organisation, tidy


def body_rows(
    grid: PlacedSheet, body: Sequence[Line], above: int, columns: Sequence[HeaderColumn]
) -> Iterator[BodyRow]:
    """The rows of a body; rows without anything between them are blank."""
    names = [_label(line) for line in body]
    parts = [name for name in names if half(name) not in WHOLE]
    are_organisations = sum(looks_like_organisation(name) for name in parts) > len(parts) / 2
    number = above
    for line, name in zip(body, names, strict=True):
        row = line[0].row
        for blank in range(number + 1, row):
            yield BodyRow(number=blank, role="blank")
        number = row
        group = _group(grid, row, columns)
        yield BodyRow(number=row, role=_role(line, name, columns, are_organisations), label=name or group, group=group)


def _label(line: Line) -> str:
    texts = [p for p in line if p.family == "text"]
    own = [p for p in texts if p.bottom == p.row] or texts
    return tidy(own[0].text) if own else ""


def _group(grid: PlacedSheet, row: int, columns: Sequence[HeaderColumn]) -> str:
    """What is merged down over this row in the first columns."""
    for column in columns[:3]:
        place = grid.at(row, column.col)
        if place is not None and place.bottom > place.row and place.family == "text":
            return tidy(place.text)
    return ""


def _role(line: Line, name: str, columns: Sequence[HeaderColumn], are_organisations: bool) -> RowRole:
    leading = [p for p in line if p.col <= (columns[2].col if len(columns) > 2 else columns[-1].col if columns else 0)]
    if any(is_total(p.text) for p in leading if p.family == "text"):
        return "total"
    if are_organisations and half(name) in WHOLE:
        return "total"
    alone = len(line) == 1 and line[0].family == "text"
    if alone and (line[0].wide >= max(3, len(columns) // 2) or is_section(line[0].text)):
        return "section"
    return "data"
