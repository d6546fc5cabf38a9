"""Reads a flat table of history: one row a record, with 表号, 报告期 and 单位 before the table's own columns. Pure.

Running totals that the file states are taken as stated, because nothing before it could be added up; what it leaves out
is computed. Every cell keeps its address, so that an imported figure is traced like any other.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from yaoxun.errors import RequestError
from yaoxun.forms.identity import Draft, assign
from yaoxun.forms.locating import bare_header
from yaoxun.forms.model import Cell, Form, Frame, Row, Table
from yaoxun.forms.prefill import with_computed
from yaoxun.forms.values import raw_text, read_value, show
from yaoxun.sheets.model import RawCell, RawSheet, RawWorkbook

TABLE, PERIOD, ORG = "表号", "报告期", "单位"
Key = tuple[str, str, str]


@dataclass(frozen=True, kw_only=True)
class Group:
    """The rows of one table, period and organisation in one sheet: (row number, column number → cell)."""

    key: Key
    sheet: str
    columns: Mapping[str, int]
    rows: tuple[tuple[int, Mapping[int, RawCell]], ...]


def read_groups(raw: RawWorkbook) -> list[Group]:
    """Every group in order of appearance. Raises RequestError when a sheet has no such header, or a row no key."""
    groups: list[Group] = []
    for sheet in raw.sheets:
        if sheet.state == "visible" and sheet.cells:
            groups += _groups(sheet)
    if not groups:
        raise RequestError("文件里没有可导入的行。", f"第一行写 {TABLE}、{PERIOD}、{ORG} 和各列列名，以下每行一条。")
    return groups


def _groups(sheet: RawSheet) -> Iterator[Group]:
    headers = {bare_header(raw_text(cell)): col for (row, col), cell in sheet.cells.items() if row == 1}
    missing = [name for name in (TABLE, PERIOD, ORG) if name not in headers]
    if missing:
        problem = f"工作表“{sheet.name}”第一行缺少{'、'.join(missing)}。"
        raise RequestError(problem, "请在第一行写齐这三列和各列列名。")
    found: dict[Key, list[tuple[int, Mapping[int, RawCell]]]] = {}
    for number in sorted({row for row, _ in sheet.cells if row > 1}):
        cells = {col: cell for col in headers.values() if (cell := sheet.get(number, col)) is not None}
        table, period, org = (raw_text(cells.get(headers[name])).strip() for name in (TABLE, PERIOD, ORG))
        if not (table and period and org):
            problem = f"工作表“{sheet.name}”第 {number} 行缺少表号、报告期或单位。"
            raise RequestError(problem, "请补齐，或删去这一行。")
        found.setdefault((table, period, org), []).append((number, cells))
    for key, rows in found.items():
        yield Group(key=key, sheet=sheet.name, columns=headers, rows=tuple(rows))


def read_table(group: Group, frame: Frame) -> Table:
    """A group as a table. Raises RequestError for a column that the table does not have."""
    spelt = _spellings(frame.form)
    columns = {}
    for header, col in group.columns.items():
        if header not in (TABLE, PERIOD, ORG):
            if header not in spelt:
                problem = f"工作表“{group.sheet}”的“{header}”不是 {frame.form.id} 的列。"
                raise RequestError(problem, f"{frame.form.id} 的列有：{'、'.join(frame.form.by_name)}。")
            columns[spelt[header]] = col
    drafts = [_draft(frame, number, cells, columns) for number, cells in group.rows]
    assign(frame, drafts)
    rows = tuple(_row(frame, draft) for draft in drafts)
    lost = [draft.number for draft in drafts if not draft.uid]
    if lost:
        problem = f"工作表“{group.sheet}”第 {lost[0]} 行对不上 {frame.form.id} 里本单位的任何一行。"
        raise RequestError(problem, "请核对关键列，或先在 config/lists/ 里建立这一项。")
    return Table(
        frame=frame, sheet=group.sheet, declared="有数据", declared_at=(group.sheet, "A1"),
        columns={name: columns.get(name, 0) for name in frame.form.by_name}, start_row=1,
        end_row=group.rows[-1][0] + 1, rows=rows, as_stated=True,
    )  # fmt: skip


def _spellings(form: Form) -> dict[str, str]:
    return {
        bare_header(text): column.name
        for column in reversed(form.columns)
        for text in (column.name, column.header, *column.aliases)
        if text
    }


def _draft(frame: Frame, number: int, cells: Mapping[int, RawCell], columns: Mapping[str, int]) -> Draft:
    """A row as read. An empty cell is one of a column that the file has, unless we fill that column ourselves."""
    read: dict[str, Cell] = {}
    for name, col in columns.items():
        raw, column = cells.get(col), frame.form.by_name[name]
        if raw is not None or not (column.formula or column.prefill):
            reading = read_value(frame, column, raw, None)
            read[name] = Cell(reading.value, raw_text(raw), number, col, reading.problem, reading.repair)
    return Draft(number=number, hint="", cells=read)


def _row(frame: Frame, draft: Draft) -> Row:
    known = frame.history.rows.get(draft.uid)
    expected = frame.prefill.get(draft.uid)
    cells = dict(draft.cells)
    if expected is not None:
        for name, value in expected.values.items():
            if name not in cells and value is not None and frame.form.by_name[name].prefill:
                cells[name] = Cell(value, show(value), draft.number, 0)
    values = {name: cells[name].value if name in cells else None for name in frame.form.by_name}
    for name, value in with_computed(frame, values, known).items():
        if name in frame.form.formulas and name not in draft.cells:
            cells[name] = Cell(value, show(value), draft.number, _first_col(draft))
    return Row(uid=draft.uid, number=draft.number, cells=cells, new=known is None, known=known)


def _first_col(draft: Draft) -> int:
    return min((cell.col for cell in draft.cells.values()), default=1)
