"""Which rows of an own sheet are the organisation's, what it declares without a cover, and what is wrong with its header."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from yaoxun.forms.changes import is_changed
from yaoxun.forms.findings import at
from yaoxun.forms.identity import Draft
from yaoxun.forms.layout.grid import Grid
from yaoxun.forms.layout.words import MONEY
from yaoxun.forms.located import Located
from yaoxun.forms.model import Cell, Finding, Frame, Row
from yaoxun.forms.settings import EXPLANATION, ColumnSetting
from yaoxun.forms.values import raw_text
from yaoxun.office.model import Organisation
from yaoxun.office.office import bare_name
from yaoxun.sheets.model import RawCell, address

ZERO = "零报告"


def names_of(org: Organisation) -> frozenset[str]:
    """All that an organisation is called by, for comparing."""
    return frozenset(bare_name(name) for name in (org.code, org.name, org.short, *org.aliases))


def own_drafts(frame: Frame, place: Located, drafts: Sequence[Draft], findings: list[Finding]) -> Iterator[Draft]:
    """The rows that are the organisation's own; others' are told and left out. A row that stands for the organisation
    itself is known by that and not by its words."""
    if place.layout is None:
        yield from drafts
        return
    column, source = frame.form.organisation_column, frame.form.setting.rows
    mine = names_of(frame.org)
    for draft in drafts:
        if column in draft.cells:
            cell = draft.cells[column]
            if bare_name(cell.text) not in mine:
                findings += _not_mine(frame, place, draft)
                continue
            draft.cells[column] = replace(cell, value=frame.org.name, problem="", repair="")
        if source is not None and source.organisation:
            draft.hint = frame.org.code
            for name in frame.form.setting.key:
                draft.cells.setdefault(name, Cell(frame.org.name, "", *place.first_spot(draft.number)))
        yield draft


def _not_mine(frame: Frame, place: Located, draft: Draft) -> Iterator[Finding]:
    """A filled row of another organisation, or of none that is known."""
    column = frame.form.organisation_column
    inputs = [c.name for c in frame.form.columns if not c.ours and c.name != column]
    if not place.is_filled(draft.number, inputs):
        return
    text = draft.cells[column].text
    where = {"table": frame.form.id, "column": column, "found": text}
    spot = place.address(draft.number, column)
    if not text.strip():
        message = f"第{draft.number}行没有写{column}，不知道是不是本单位的，请填写；多余的请删去。"
        yield at("C02", place.sheet.name, spot, message, row_uid=f"row{draft.number}", **where)
        return
    message = f"第{draft.number}行是“{text}”的，别家的行不收，只收{frame.org.short}的。"
    yield at("S11", place.sheet.name, spot, message, row_uid=f"row{draft.number}", **where)


def own_structure(frame: Frame, place: Located) -> Iterator[Finding]:
    """Units that are not ours, and records below the notes, which would be lost."""
    if place.layout is None:
        return
    for name, (unit, spot) in place.units.items():
        column = frame.form.by_name[name]
        if _differs(column, unit, own=spot[0] >= place.header_from):
            message = f"“{column.shown}”的单位写的是{unit}，应为{column.measure}。请换算成{column.measure}填报，单位改回原样。"
            more = {"table": frame.form.id, "column": name, "found": unit, "allowed": column.measure}
            yield at("S10", place.sheet.name, address(*spot), message, **more)
    yield from _merged_amounts(frame, place)
    numeric = [c.name for c in frame.form.columns if c.numeric and c.name in place.columns]
    below = [row for row in sorted(place.lines) if place.end_row <= row < place.limit] if not place.spots else []
    lost = [row for row in below if sum(_is_number(place, row, name) for name in numeric) >= min(2, len(numeric)) > 0]
    if lost:
        message = f"表下的说明、填表人以下还有内容（共{len(lost)}行），不会被收。请移到表内。"
        yield at("S04", place.sheet.name, place.address(lost[0]), message, table=frame.form.id)


def _merged_amounts(frame: Frame, place: Located) -> Iterator[Finding]:
    """Amounts in cells that are merged over several records: each was read once, as its first row's."""
    areas = Grid(place.sheet).areas if place.groups else {}
    for column in frame.form.columns:
        col = place.columns.get(column.name, 0) if column.numeric and not column.ours else 0
        for spot in sorted(spot for spot in place.groups if spot[1] == col and spot in place.sheet.cells):
            last = areas[spot][2]
            if sum(spot[0] <= row <= last for row in place.body) > 1:
                header = column.shown
                message = f"“{header}”第{spot[0]}至{last}行合并成了一格，只作为第{spot[0]}行的数收一次；各行各有数的，请取消合并、逐行填写。"
                where = {"table": frame.form.id, "column": column.name, "row_uid": f"row{spot[0]}"}
                yield at("R01", place.sheet.name, address(*spot), message, **where)


def _differs(column: ColumnSetting, unit: str, *, own: bool) -> bool:
    """A unit in a header is that column's; one in a line above holds for the amounts of money only."""
    if not column.numeric or column.unit_from or not column.measure:
        return False
    units = re.split(r"[、/]", unit)
    if not own:
        return (
            column.kind == "money" and not any(u == column.measure for u in units) and any(map(MONEY.fullmatch, units))
        )
    return column.measure not in (unit, *units)


def _is_number(place: Located, row: int, name: str) -> bool:
    cell = place.lines[row].get(place.columns[name])
    return cell is not None and cell.kind == "number"


def declared_zero(place: Located, drafts: list[Draft]) -> bool:
    """Whether a row of an own sheet says 零报告 where its values would stand; such a row holds nothing else and is left out."""
    if place.layout is None:
        return False
    numbers = [n for n in place.body if any(raw_text(c).strip() == ZERO for c in _cells_of(place, n))]
    for draft in drafts:
        draft.cells = {
            name: replace(c, value=None, text="", problem="", repair="") if c.text.strip() == ZERO else c
            for name, c in draft.cells.items()
        }
    # A form of labels is one record, whatever is left in it.
    said = [d for d in drafts if d.number not in numbers or any(c.text.strip() for c in d.cells.values())]
    drafts[:] = drafts if place.spots else said
    return bool(numbers)


def _cells_of(place: Located, number: int) -> Iterator[RawCell]:
    if place.spots:
        yield from (cell for name in place.spots if (cell := place.cell(number, name)) is not None)
    else:
        yield from place.lines.get(number, {}).values()


def own_declaration(frame: Frame, place: Located, rows: Sequence[Row], *, zero: bool) -> tuple[str, list[Finding]]:
    """What a sheet without a cover declares: 有数据 with any content, 零报告 where it says so; an empty register counts as
    零报告, an empty fixed table is returned."""
    inputs = [c.name for c in frame.form.columns if not c.ours and c.name not in (*frame.form.setting.key, EXPLANATION)]
    filled = any(is_changed(frame, row) for row in rows)
    if frame.form.fixed:
        filled = any(row.cells[n].text.strip() for row in rows for n in inputs if n in row.cells)
    if zero or filled or (frame.form.fixed and not rows):
        return (ZERO if zero else "有数据"), []
    number = place.body[0] if place.body else place.header_row
    spot = place.address(number, next((n for n in inputs if place.spot(number, n)), ""))
    where = {"table": frame.form.id, "column": "declared"}
    if frame.form.fixed:
        message = f"“{frame.form.title}”一格也没有填。请填写；确实没有的，请在自己要填的任一格里写“{ZERO}”三个字。"
        return "有数据", [at("C07", place.sheet.name, spot, message, **where)]
    message = f"“{frame.form.title}”没有新增或变化，已按{ZERO}收；有数据的请补填后重报。"
    return ZERO, [at("C07", place.sheet.name, spot, message, level="提示", **where)]
