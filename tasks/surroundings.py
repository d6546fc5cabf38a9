"""What a table is compared with besides its own past: other tables of the organisation, shorter periods, other
organisations. Fills the rest of forms' History from returns' ledger; reads only, in the caller's transaction.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from sqlalchemy import Connection

from tasks.desk import Desk
from yaoxun.forms.model import FigureBeside, Form, Frame, Table
from yaoxun.forms.prefill import owned_entries
from yaoxun.forms.rules.agreement import wholes
from yaoxun.forms.rules.references import claimed_numbers
from yaoxun.forms.settings import Flow
from yaoxun.forms.values import show
from yaoxun.office.model import Organisation, Period
from yaoxun.office.periods import KINDS, containing
from yaoxun.returns.cells import kept_values
from yaoxun.returns.ledger import Version, current_of, owners_of, rows_of, versions


def known_elsewhere(
    desk: Desk, conn: Connection, form: Form, org: Organisation, period: Period
) -> dict[str, frozenset[str]]:
    """What the columns that others refer to hold, in what was accepted up to the end of the period."""
    found: dict[str, frozenset[str]] = {}
    for refers in (column.refers for column in form.columns if column.refers):
        ids = [
            v.id for v in _current(conn, refers.table, org) if desk.office.period(v.period).last_day <= period.last_day
        ]
        if refers.column == desk.config.forms[refers.table].number_column:
            texts = (row.official_no for row in rows_of(conn, ids))
        else:
            texts = (show(kept_values(row.cells).get(refers.column)) for row in rows_of(conn, ids))
        found[refers.key] = frozenset(text for text in texts if text)
    return found


def _current(conn: Connection, table: str, org: Organisation) -> list[Version]:
    return list(current_of(versions(conn, org=org.code, table=table)).values())


def sums_of_parts(
    desk: Desk, conn: Connection, form: Form, org: Organisation, period: Period
) -> dict[tuple[tuple[str, ...], str], Decimal]:
    """(key, amount) → what the shorter periods of this one add up to; nothing while one of them was not accepted."""
    sums: dict[tuple[tuple[str, ...], str], Decimal] = {}
    for flow in form.setting.flows:
        if flow.agrees_with is None:
            continue
        other = desk.config.forms[flow.agrees_with.table]
        wanted = set(_labels_within(other, period))
        inside = [v for v in _current(conn, other.id, org) if v.period in wanted]
        if {v.period for v in inside} != wanted:
            continue
        theirs = next((f for f in other.setting.flows if f.amount == flow.agrees_with.column), None)
        for row in rows_of(conn, [v.id for v in inside]):
            values = kept_values(row.cells)
            key = (tuple(show(values.get(name)) for name in form.setting.key), flow.amount)
            sums[key] = sums.get(key, Decimal(0)) + _amount(values, flow, theirs)
    return sums


def _labels_within(form: Form, period: Period) -> Iterator[str]:
    kind = next(k for k in KINDS if k == form.setting.period)
    stretch = containing(kind, period.first_day)
    while stretch.last_day <= period.last_day:
        yield stretch.label
        stretch = stretch.shift(1)


def _amount(values: Mapping[str, object], flow: Flow, theirs: Flow | None) -> Decimal:
    columns = [flow.agrees_with.column if flow.agrees_with else "", theirs.correction if theirs else ""]
    return sum((v for c in columns if isinstance(v := values.get(c), Decimal)), Decimal(0))


def figures_beside(
    desk: Desk, conn: Connection, form: Form, org: Organisation, period: Period
) -> tuple[FigureBeside, ...]:
    """Other organisations' figures of the period that have a whole in common with rows of this one."""
    setting, source = form.setting.reconcile, form.setting.rows
    if setting is None or source is None:
        return ()
    lists = desk.office.code_lists
    whole_of = wholes(lists[source.list], setting.part_of, period.last_day)
    own = {e.code for e in owned_entries(Frame(form=form, org=org, period=period, lists=lists))}
    shared = {whole_of.get(code, code) for code in own} & set(whole_of.values())
    if not shared:
        return ()
    current = current_of(versions(conn, period=period.label, table=form.id)).values()
    others = {v.id: desk.office.organisation(v.org).short for v in current if v.org != org.code}
    return tuple(
        FigureBeside(org=others[row.version], uid=row.row_uid, value=value)
        for row in rows_of(conn, list(others))
        if whole_of.get(row.row_uid, row.row_uid) in shared
        and isinstance(value := kept_values(row.cells).get(setting.column), Decimal)
    )


def owners_of_claimed(desk: Desk, conn: Connection, table: Table) -> dict[str, str]:
    """Whose the official numbers are that a table claims and that are not its organisation's: number → short name."""
    claimed = claimed_numbers(table)
    if not claimed:
        return {}
    found = owners_of(conn, table.form.id, list(claimed))
    return {n: desk.office.organisation(o).short for n, o in found.items() if o != table.frame.org.code}
