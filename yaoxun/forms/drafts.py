"""The rows of a located table as they were typed, before anything is known about which row is which."""

from collections.abc import Iterable, Iterator

from yaoxun.forms.identity import Draft
from yaoxun.forms.located import Located
from yaoxun.forms.model import Cell, Frame
from yaoxun.forms.settings import ColumnSetting
from yaoxun.forms.values import Reading, raw_text, read_value

Readings = dict[tuple[str, str], Reading]


def drafts_of(
    frame: Frame, place: Located, *, computed: bool = False, rows: Iterable[int] | None = None
) -> Iterator[Draft]:
    """The rows with content, in order. `computed`: what a file of history states in computed columns is read too; `rows`:
    only these (None: all)."""
    columns = [
        c
        for c in frame.form.columns
        if (computed or not c.formula) and (c.name in place.columns or c.name in place.spots)
    ]
    names = [column.name for column in columns]
    readings: Readings = {}
    for number in place.body if rows is None else rows:
        line = place.lines.get(number, {})
        hint = raw_text(line.get(place.mark_col)).strip() if place.mark_col else ""
        # A fixed table's row stays one when it is emptied; a register's is taken as not there.
        if place.is_filled(number, names) or (hint and frame.form.fixed):
            yield Draft(
                number=number,
                hint=hint,
                cells={c.name: _typed_cell(frame, place, (number, c), readings) for c in columns},
            )


def _typed_cell(frame: Frame, place: Located, at: tuple[int, ColumnSetting], readings: Readings) -> Cell:
    """A cell as typed. A formula of the submitter's own counts by its value; without one there is nothing to read.
    `readings` are those of texts that stood in this table before: of a column many say the same."""
    number, column = at
    spot, raw = place.at(number, column.name)
    spot = spot or place.first_spot(number)
    if raw is None:
        return Cell(None, "", *spot)
    text = raw_text(raw)
    if raw.formula is not None and not text:
        return Cell(None, f"={raw.formula}", *spot, "E01")
    if column.options_from:
        return Cell(None, text, *spot)
    key = (column.name, text)
    if raw.kind != "text":
        reading = read_value(frame, column, raw, None)
    elif key in readings:
        reading = readings[key]
    else:
        reading = readings[key] = read_value(frame, column, raw, None)
    return Cell(reading.value, text, *spot, reading.problem, reading.repair)
