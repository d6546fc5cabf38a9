"""K01, K02 and the reasons of corrections. That 累计 = 上期累计 + 本期 + 更正, and that January restarts 本年累计 only,
holds by construction, because totals are recomputed from history; here is told what the construction cannot mend.
"""

from collections.abc import Iterator
from decimal import Decimal

from yaoxun.forms.findings import at, of_row
from yaoxun.forms.model import Finding, Row, Table
from yaoxun.forms.prefill import row_scope
from yaoxun.forms.settings import ColumnSetting, Flow
from yaoxun.forms.values import plain
from yaoxun.sheets.model import address


def check_flows(table: Table) -> Iterator[Finding]:
    """A gap in the chain of periods, totals that fall or are negative, corrections without a reason."""
    yield from _gap(table)
    told: set[str] = set()
    for flow, when in zip(table.form.setting.flows, table.form.flow_when, strict=True):
        for row in _doubtful(table, flow):
            scope = row_scope(table.frame, {n: row.value(n) for n in table.form.by_name}, row.known) if when else {}
            if when is None or when.value(scope):
                for finding in _falls(table, flow, row):
                    told.add(row.uid)
                    yield finding
    for column in table.form.columns:
        if column.reason:
            yield from _reasons(table, column, told)


def _doubtful(table: Table, flow: Flow) -> list[Row]:
    """The rows that `_falls` may say anything of: a correction takes away, or a total is below nothing."""
    columns = [table.values(name) for name in (*flow.totals, flow.correction) if name]
    below = {n for values in columns for n, v in enumerate(values) if isinstance(v, Decimal) and v < 0}
    return [table.rows[n] for n in sorted(below)]


def _gap(table: Table) -> Iterator[Finding]:
    history, flows = table.frame.history, table.form.setting.flows
    if not history.missing or not flows or not table.rows:
        return
    total = flows[0].totals[0]
    spot = address(
        table.start_row, table.columns.get(total) or min((c for c in table.columns.values() if c), default=1)
    )
    after = f"，累计从{history.previous}接算" if history.previous else ""
    message = f"{'、'.join(history.missing)}没有收到{after}，请补报缺的各期。"
    yield at("K01", table.sheet, spot, message, table=table.form.id, column=total, level="提示")


def _falls(table: Table, flow: Flow, row: Row) -> Iterator[Finding]:
    amount, correction = _number(row, flow.amount), _number(row, flow.correction)
    reason = table.form.by_name[flow.correction].reason if flow.correction else ""
    if correction < 0 and amount + correction < 0 and not (reason and row.value(reason)):
        words = f"更正{plain(correction)}使累计减少，请在“{reason or flow.correction}”写明原因。"
        yield _finding(table, row, flow.correction, words)
        return
    for total in flow.totals:
        value = row.value(total)
        if isinstance(value, Decimal) and value < 0:
            words = f"更正后“{total}”为{plain(value)}，累计不能是负数，请核对更正数。"
            yield _finding(table, row, flow.correction or flow.amount, words)
            return


def _number(row: Row, column: str) -> Decimal:
    value = row.value(column) if column else None
    return value if isinstance(value, Decimal) else Decimal(0)


def _finding(table: Table, row: Row, column: str, words: str) -> Finding:
    text = row.cells[column].text if column in row.cells else ""
    where = {"table": table.form.id, "column": column, "found": text}
    return of_row(
        "K02",
        table.sheet,
        table.place(row, column),
        f"第{row.number}行“{table.form.by_name[column].shown}”：{words}",
        row,
        **where,
    )


def _reasons(table: Table, column: ColumnSetting, told: set[str]) -> Iterator[Finding]:
    for row in table.rows:
        number = _number(row, column.name)
        reason = row.cells.get(column.reason)
        if reason is not None and reason.problem:
            continue  # an unreadable reason was told where it stands
        if number and row.uid not in told and not row.value(column.reason):
            message = f"第{row.number}行“{column.shown}”填了{plain(number)}，请在“{column.reason}”写明原因。"
            where = {"table": table.form.id, "column": column.reason}
            yield of_row("C03", table.sheet, table.place(row, column.reason), message, row, **where)
