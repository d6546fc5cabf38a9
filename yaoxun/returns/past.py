"""Tables of past periods, from whatever brings them: the rows of a group as a table whose figures are taken as stated.

Running totals that a file states are taken as stated, because nothing before it could be added up; what it leaves out is
computed. Every cell keeps its address, so that an imported figure is traced like any other.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from yaoxun.forms.changes import is_changed
from yaoxun.forms.identity import Draft, assign
from yaoxun.forms.model import Cell, Declaration, Finding, Frame, Row, Table
from yaoxun.forms.prefill import with_computed
from yaoxun.forms.values import show, to_value
from yaoxun.sheets.model import address

Key = tuple[str, str, str]
"""Table, period and organisation, as the file writes them."""


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What keeps a file of history out, and where; `cell` '' for the whole sheet."""

    sheet: str
    cell: str
    say: str

    def sentence(self) -> str:
        return f"「{self.sheet}」{self.cell}：{self.say}"


@dataclass(frozen=True, kw_only=True)
class PastGroup(ABC):
    """What one sheet holds of one table, period and organisation. places: 表号, 报告期, 单位 → the address that says it."""

    key: Key
    sheet: str
    places: Mapping[str, str]

    @abstractmethod
    def read(self, frame: Frame, faults: list[Fault]) -> Table:
        """The group as a table in its frame."""

    def fault(self, name: str, say: str) -> Fault:
        """A fault where the file says its table, period or organisation."""
        return Fault(sheet=self.sheet, cell=self.places.get(name, "A1"), say=say)


def past_table(
    frame: Frame, sheet: str, columns: Mapping[str, int], drafts: Sequence[Draft], faults: list[Fault], *, start: int,
    findings: tuple[Finding, ...] = (), declared: Declaration = "有数据",
) -> Table:  # fmt: skip
    """Rows as typed as a table; a row that is none of the organisation's is a fault. A register without new or changed rows
    was a zero report."""
    for draft in drafts:
        draft.cells = {n: c for n, c in draft.cells.items() if not _is_nothing(frame, n, c)}
    assign(frame, drafts)
    for draft in drafts:
        if not draft.uid:
            faults.append(_unmatched(frame, sheet, draft))
    rows = tuple(_row(frame, draft) for draft in drafts if draft.uid)
    if declared == "有数据" and not frame.form.fixed and not any(is_changed(frame, row) for row in rows):
        declared = "零报告"
    return Table(
        frame=frame, sheet=sheet, declared=declared, declared_at=(sheet, "A1"),
        columns={name: columns.get(name, 0) for name in frame.form.by_name}, start_row=start,
        end_row=max((draft.number for draft in drafts), default=start) + 1, rows=rows, findings=findings, as_stated=True,
    )  # fmt: skip


def _is_nothing(frame: Frame, name: str, cell: Cell) -> bool:
    """An empty cell, or a formula without a result, in a column that we fill ourselves."""
    column = frame.form.by_name[name]
    return column.ours and (not cell.text.strip() or (bool(column.formula) and cell.text.startswith("=")))


def _unmatched(frame: Frame, sheet: str, draft: Draft) -> Fault:
    names = frame.form.setting.key
    key = "，".join(f"{n}“{draft.cells[n].text if n in draft.cells else ''}”" for n in names)
    cell = next((draft.cells[n].address for n in names if n in draft.cells), address(draft.number, _first_col(draft)))
    source = frame.form.setting.rows
    where = f"config/lists/{source.list}.yaml" if source and source.list else "config/organisations.yaml"
    wanted = "、".join(names)
    say = f"这一行对不上 {frame.form.id} 里{frame.org.short}的任何一行：{key}。请核对{wanted}，或先在 {where} 里建立这一项。"
    return Fault(sheet=sheet, cell=cell, say=say)


def _row(frame: Frame, draft: Draft) -> Row:
    known = frame.history.rows.get(draft.uid)
    expected = frame.prefill.get(draft.uid)
    cells = dict(draft.cells)
    for name in [n for n in cells if frame.form.by_name[n].options_from]:
        old = cells[name]
        reading = to_value(frame, frame.form.by_name[name], old.text, expected.entry if expected else None)
        cells[name] = Cell(reading.value, old.text, old.row, old.col, reading.problem, reading.repair)
    if expected is not None:
        for name, value in expected.values.items():
            if name not in cells and value is not None and frame.form.by_name[name].prefill:
                cells[name] = Cell(value, show(value), draft.number, 0)
    values = {name: cells[name].value if name in cells else None for name in frame.form.by_name}
    for name, value in with_computed(frame, values, known).items():
        if name in frame.form.formulas and name not in draft.cells:
            cells[name] = Cell(value, show(value), draft.number, _first_col(draft))
    return Row(
        uid=draft.uid, number=draft.number, cells=cells, new=known is None, known=known,
        entry=expected.entry if expected else None,
    )  # fmt: skip


def _first_col(draft: Draft) -> int:
    return min((cell.col for cell in draft.cells.values()), default=1)
