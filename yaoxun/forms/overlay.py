"""Our own values over a row as typed: locked cells and computed columns are ours, whatever the file says there. What was
altered is told (C12, and K01 or K03 where a running total is concerned).
"""

from typing import Any

from yaoxun.forms.findings import at, of_row
from yaoxun.forms.identity import Draft
from yaoxun.forms.located import Located
from yaoxun.forms.model import NOT_APPLICABLE, Cell, Finding, Frame, Row, Value
from yaoxun.forms.prefill import compute, printed, row_scope
from yaoxun.forms.settings import ColumnSetting
from yaoxun.forms.values import raw_text, read_value, show


def overlay(frame: Frame, place: Located, draft: Draft) -> tuple[Row, list[Finding]]:
    """The row with our values in it, and a finding for each of our cells that was altered."""
    one = _Overlay(frame, place, draft)
    one.keep_retired()
    one.lock()
    one.compute()
    return one.row, one.findings


class _Overlay:
    def __init__(self, frame: Frame, place: Located, draft: Draft) -> None:
        self.frame, self.place, self.draft = frame, place, draft
        self.opened = frame.prefill.get(draft.uid)
        known = frame.history.rows.get(draft.uid)
        entry = self.opened.entry if self.opened else None
        self.row = Row(
            uid=draft.uid, number=draft.number, cells=draft.cells, new=known is None, known=known, entry=entry
        )
        self.findings: list[Finding] = []

    def keep_retired(self) -> None:
        """A code that has left its list since stays as accepted while the row says the same."""
        known = self.row.known
        for name, cell in self.draft.cells.items():
            if cell.problem == "C05" and known and cell.text == show(known.values.get(name)):
                self.draft.cells[name] = Cell(known.values[name], cell.text, cell.row, cell.col)

    def lock(self) -> None:
        """Locked cells say what the template was printed with."""
        for column in self.frame.form.columns:
            if column.ours and not column.formula:
                if self.opened:
                    self._put(column, self.opened.values.get(column.name))
                else:
                    self._put(column, printed(self.frame, column, None, self.row.known))

    def compute(self) -> None:
        """Computed columns are computed here; — counts as empty."""
        form, row = self.frame.form, self.row
        if not form.formulas:
            return
        values = {column.name: row.value(column.name) for column in form.columns}
        scope = row_scope(self.frame, {n: None if v == NOT_APPLICABLE else v for n, v in values.items()}, row.known)
        for name, expression in form.formulas.items():
            scope[name] = compute(form.by_name[name], expression, scope)
            self._put(form.by_name[name], scope[name])

    def _put(self, column: ColumnSetting, ours: Value) -> None:
        """Set our value; tell where a typed value (a formula is never looked at) says something else."""
        number = self.draft.number
        raw = self.place.cell(number, column.name)
        # Where the sheet has lost the column, the value stands for its row.
        spot = self.place.spot(number, column.name) or self.place.first_spot(number)
        self.draft.cells[column.name] = Cell(ours, show(ours), *spot)
        text = raw_text(raw).strip()
        if raw is None or raw.formula is not None or not text or column.name == self.frame.form.organisation_column:
            return
        theirs = read_value(self.frame, column, raw, self.row.entry).value
        if theirs != ours and show(theirs) != show(ours):
            self.findings.append(self._altered(column, text, ours))

    def _altered(self, column: ColumnSetting, text: str, ours: Value) -> Finding:
        row, form, shown = self.row, self.frame.form, show(ours) or "空"
        cell = self.place.address(row.number, column.name)
        sheet, name = self.place.sheet.name, column.shown
        more: dict[str, Any] = {"table": form.id, "column": column.name, "found": text, "allowed": shown}
        if any(column.name in flow.totals for flow in form.setting.flows):
            message = (
                f"第{row.number}行“{name}”按上期累计＋本期＋更正应为{shown}，所填为“{text}”。"
                "请填回本期数或更正数；累计口径有出入的请在说明列写明。"
            )
            return of_row("K01", sheet, cell, message, row, **more)
        restarted = (
            column.prefill and column.prefill.restarts and row.known and row.known.year != self.frame.period.year
        )
        message = f"第{row.number}行“{name}”是系统掌握的数，应为{shown}，所填“{text}”不收。"
        return at("K03" if restarted else "C12", sheet, cell, message, row_uid=row.uid, **more)
