"""Reads a flat table of history: one row a record, with 表号, 报告期 and 单位 before the table's own columns. Pure.

Every group of rows (table, period, organisation) is read in its frame once that is known; what is wrong is gathered, so
that a file is mended once. What a past table is made of its rows stands in past.py.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from yaoxun.forms.identity import Draft
from yaoxun.forms.layout.own_rows import names_of
from yaoxun.forms.located import bare_header
from yaoxun.forms.model import Cell, Form, Frame, Table
from yaoxun.forms.values import raw_text, read_value
from yaoxun.office.office import bare_name
from yaoxun.returns.past import Fault, Key, PastGroup, past_table
from yaoxun.sheets.model import RawCell, RawSheet, address

TABLE, PERIOD, ORG = "表号", "报告期", "单位"
Lines = tuple[tuple[int, Mapping[int, RawCell]], ...]


@dataclass(frozen=True, kw_only=True)
class FlatGroup(PastGroup):
    """The rows of one table, period and organisation in one sheet: (row number, column number → cell)."""

    columns: Mapping[str, int]
    rows: Lines

    def read(self, frame: Frame, faults: list[Fault]) -> Table:
        """The group as a table; a column that the table does not have is a fault."""
        spelt, columns = _spellings(frame.form), dict[str, int]()
        for header, col in self.columns.items():
            if header in (TABLE, PERIOD, ORG):
                continue
            if header in spelt:
                columns[spelt[header]] = col
            elif any(col in cells for _, cells in self.rows):
                say = f"“{header}”不是 {frame.form.id} 的列；它的列有：{'、'.join(frame.form.by_name)}。"
                faults.append(Fault(sheet=self.sheet, cell=address(1, col), say=say))
        drafts = [_draft(frame, number, cells, columns, self.columns[ORG]) for number, cells in self.rows]
        return past_table(frame, self.sheet, columns, drafts, faults, start=1)


def looks_flat(sheet: RawSheet) -> bool:
    """Whether the first row holds two of the three words that a flat table begins with."""
    words = {bare_header(raw_text(cell)) for (row, _), cell in sheet.cells.items() if row == 1}
    return len(words & {TABLE, PERIOD, ORG}) >= 2


def flat_groups(sheet: RawSheet, faults: list[Fault]) -> Iterator[FlatGroup]:
    """Every group in order of appearance; a row without table, period or organisation is a fault."""
    headers = {bare_header(raw_text(cell)): col for (row, col), cell in sheet.cells.items() if row == 1}
    missing = [name for name in (TABLE, PERIOD, ORG) if name not in headers]
    if missing:
        say = f"第一行缺少{'、'.join(missing)}，请写齐这三列和各列列名。"
        faults.append(Fault(sheet=sheet.name, cell="A1", say=say))
        return
    found: dict[Key, list[tuple[int, Mapping[int, RawCell]]]] = {}
    for number in sorted({row for row, _ in sheet.cells if row > 1}):
        cells = {col: cell for col in headers.values() if (cell := sheet.get(number, col)) is not None}
        key = {name: raw_text(cells.get(headers[name])).strip() for name in (TABLE, PERIOD, ORG)}
        empty = [name for name, text in key.items() if not text]
        if empty:
            say = f"缺少{'、'.join(empty)}，请补齐，或删去这一行。"
            faults.append(Fault(sheet=sheet.name, cell=address(number, headers[empty[0]]), say=say))
            continue
        found.setdefault((key[TABLE], key[PERIOD], key[ORG]), []).append((number, cells))
    for group, rows in found.items():
        places = {name: address(rows[0][0], headers[name]) for name in (TABLE, PERIOD, ORG)}
        yield FlatGroup(key=group, sheet=sheet.name, places=places, columns=headers, rows=tuple(rows))


def _spellings(form: Form) -> dict[str, str]:
    return {
        bare_header(text): column.name
        for column in reversed(form.columns)
        for text in (column.name, column.header, *column.aliases)
        if text
    }


def _draft(frame: Frame, number: int, cells: Mapping[int, RawCell], columns: Mapping[str, int], org_col: int) -> Draft:
    read: dict[str, Cell] = {}
    for name, col in columns.items():
        raw = cells.get(col)
        reading = read_value(frame, frame.form.by_name[name], raw, None)
        read[name] = Cell(reading.value, raw_text(raw), number, col, reading.problem, reading.repair)
    return Draft(number=number, hint=_named(frame, read, (number, org_col)), cells=read)


def _named(frame: Frame, read: dict[str, Cell], spot: tuple[int, int]) -> str:
    """Fill in what the word under 单位 says of a row: the column that names the organisation, and, where the one row is
    the organisation itself, its key. The row's uid where that is sure."""
    source, names = frame.form.setting.rows, [frame.form.organisation_column]
    itself = source is not None and source.organisation
    for name in [*names, *frame.form.setting.key] if itself else names:
        if name and (name not in read or bare_name(read[name].text) in {"", *names_of(frame.org)}):
            read[name] = Cell(frame.org.name, frame.org.name, *spot)
    sure = itself and all(bare_name(read[name].text) in names_of(frame.org) for name in frame.form.setting.key)
    return frame.org.code if sure else ""
