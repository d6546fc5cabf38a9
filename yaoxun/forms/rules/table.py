"""The rules that a table writes in its own YAML file, row by row."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from yaoxun.errors import InternalError
from yaoxun.forms.expressions import BEFORE, NEW
from yaoxun.forms.findings import explained
from yaoxun.forms.model import NOT_APPLICABLE, Finding, Rule, Table
from yaoxun.forms.values import show

_NOTHING: Mapping[str, Any] = {}


def check_rules(table: Table) -> Iterator[Finding]:
    """Every rule over every row; a rule is skipped where a column that it names is empty, unless it says `blanks`."""
    rows = [environment(table, n) for n in range(len(table.rows))]
    for rule in table.form.rules:
        yield from _one_rule(table, rule, rows)


def environment(table: Table, n: int) -> dict[str, Any]:
    """What a condition sees of a row: — and words in date columns count as empty."""
    row = table.rows[n]
    values: dict[str, Any] = dict(table.frame.names)
    for column in table.form.columns:
        cell = row.cells.get(column.name)
        value = cell.value if cell is not None else None
        if value == NOT_APPLICABLE or (column.kind == "date" and not isinstance(value, date)):
            value = None
        values[column.name] = value
    values[BEFORE] = row.known.values if row.known else _NOTHING
    values[NEW] = row.new
    return values


def _one_rule(table: Table, rule: Rule, rows: list[dict[str, Any]]) -> Iterator[Finding]:
    must, names, before = rule.must.value, tuple(rule.must.names), tuple(rule.must.before)
    for n, values in enumerate(rows):
        row = table.rows[n]
        if rule.setting.blanks:
            if any(row.cells[name].problem for name in names if name in row.cells):
                continue
        elif any(values[name] is None for name in names) or any(values[BEFORE].get(b) is None for b in before):
            continue
        try:
            if must(values):
                continue
        except ArithmeticError:
            continue
        except TypeError as err:
            raise InternalError(f"规则{rule.setting.id}对“{table.sheet}”第{row.number}行算不出结果：{err}") from err
        yield _finding(table, rule, n, values)


def _finding(table: Table, rule: Rule, n: int, values: Mapping[str, Any]) -> Finding:
    row, setting = table.rows[n], rule.setting
    shown = {name: show(value) for name, value in values.items() if name not in (BEFORE, NEW)}
    cell = row.cells.get(setting.place)
    example = "，".join(f"{name}：{show(value)}" for name, value in setting.example.items())
    return Finding(
        rule=setting.id, level=setting.level, table=table.form.id, sheet=table.sheet, cell=table.place(row, setting.place),
        message=f"第{row.number}行：{setting.message.format(**shown)}", row_uid=row.uid, column=setting.place,
        found=cell.text if cell else "", allowed=setting.allowed or setting.say, example=example, explained=explained(row),
    )  # fmt: skip
