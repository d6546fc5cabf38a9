"""K04 and Z01: the same figure told twice must agree, by shorter periods and by parts. Nothing is added up for anybody here;
what was told elsewhere comes with the history.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from yaoxun.forms.findings import of_row
from yaoxun.forms.model import FigureBeside, Finding, Row, Table
from yaoxun.forms.settings import Flow
from yaoxun.forms.values import plain, show
from yaoxun.office.model import CodeList


def check_periods(table: Table) -> Iterator[Finding]:
    """K04: months = quarter = half = year, for flows that say which table they agree with; corrections count in."""
    parts = table.frame.history.parts
    for flow in table.form.setting.flows:
        if flow.agrees_with is None or not parts:
            continue
        for row in table.rows:
            wanted = parts.get((row_key(table, row), flow.amount))
            amount = _amount(row, flow)
            if wanted is not None and amount is not None and amount != wanted:
                where = f"{flow.agrees_with.table}“{flow.agrees_with.column}”"
                message = (
                    f"第{row.number}行“{flow.amount}”为{plain(amount)}，本期内各期{where}合计{plain(wanted)}，两者应相等。"
                    "请改正；各期有误的请填更正或补报，口径不同的请在说明列写明。"
                )
                yield _of(table, "K04", row, flow.amount, message, allowed=plain(wanted))


def row_key(table: Table, row: Row) -> tuple[str, ...]:
    """The row's key as text."""
    return tuple(show(row.value(name)) for name in table.form.setting.key)


def _amount(row: Row, flow: Flow) -> Decimal | None:
    amount = row.value(flow.amount)
    if not isinstance(amount, Decimal):
        return None
    correction = row.value(flow.correction) if flow.correction else None
    return amount + (correction if isinstance(correction, Decimal) else 0)


def check_parts(table: Table) -> Iterator[Finding]:
    """Z01: parts that together are more than their whole, told at every row of this table that is one or the other."""
    setting, source = table.form.setting.reconcile, table.form.setting.rows
    if setting is None or source is None:
        return
    whole_of = wholes(table.frame.lists[source.list], setting.part_of, table.frame.period.last_day)
    own = [FigureBeside(org=table.frame.org.short, uid=r.uid, value=v) for r in table.rows
           if isinstance(v := r.value(setting.column), Decimal)]  # fmt: skip
    told = {figure.uid: figure for figure in (*table.frame.history.beside, *own)}
    for row in table.rows:
        whole = whole_of.get(row.uid, row.uid)
        parts = [figure for figure in told.values() if whole_of.get(figure.uid) == whole]
        total = sum((figure.value for figure in parts), Decimal(0))
        if parts and whole in told and total > told[whole].value:
            message = _words(row, setting.column, told[whole], parts, total)
            yield _of(table, "Z01", row, setting.column, message, allowed=plain(told[whole].value))


def is_reconciled(table: Table) -> bool:
    """Whether a row of this table is a part of another organisation's figure, or has parts."""
    setting, source = table.form.setting.reconcile, table.form.setting.rows
    if setting is None or source is None:
        return False
    whole_of = wholes(table.frame.lists[source.list], setting.part_of, table.frame.period.last_day)
    shared = {*whole_of, *whole_of.values()}
    return any(row.uid in shared for row in table.rows)


def wholes(entries: CodeList, attribute: str, day: date) -> Mapping[str, str]:
    """Code of a part → code of the whole that it belongs to, as of a day."""
    parts = entries.first_named(attribute, day).items()
    found = {said: whole.code for said, _ in parts if said and (whole := entries.find(said, day))}
    return {part.code: found[said] for said, named in parts if said in found for part in named}


def _words(row: Row, column: str, whole: FigureBeside, parts: Sequence[FigureBeside], total: Decimal) -> str:
    listed = "，".join(f"{part.org}{plain(part.value)}" for part in parts)
    return (
        f"第{row.number}行“{column}”：各单位所报合计{plain(total)}（{listed}），大于{whole.org}报的{plain(whole.value)}。"
        "请与对方核对，有误的改正；口径不同的请在说明列写明。"
    )


def _of(table: Table, rule: str, row: Row, column: str, message: str, *, allowed: str) -> Finding:
    found = row.cells[column].text if column in row.cells else ""
    where = {"table": table.form.id, "column": column, "found": found, "allowed": allowed}
    return of_row(rule, table.sheet, table.place(row, column), message, row, **where)
