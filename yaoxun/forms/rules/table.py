"""The rules that a table writes in its own YAML file, row by row."""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import repeat
from typing import Any

from yaoxun.errors import InternalError
from yaoxun.forms.expressions import BEFORE, NEW
from yaoxun.forms.findings import explained
from yaoxun.forms.model import NOT_APPLICABLE, Finding, Rule, Table
from yaoxun.forms.settings import ColumnSetting
from yaoxun.forms.values import show

_NOTHING: Mapping[str, Any] = {}


def check_rules(table: Table) -> Iterator[Finding]:
    """Every rule over every row; a rule is skipped where a column that it names is empty, unless it says `blanks`."""
    columns: dict[str, _Seen] = {}
    for rule in table.form.rules:
        for name in rule.must.arguments:
            if name not in columns:
                columns[name] = _Seen(table, table.form.by_name[name])
        yield from _one_rule(table, rule, [columns[name] for name in rule.must.arguments])


class _Seen:
    """A column as conditions see it: its value in every row (— and words in date columns are empty), and the rows where it
    could not be read."""

    def __init__(self, table: Table, column: ColumnSetting) -> None:
        cells = [row.cells.get(column.name) for row in table.rows]
        self.values: list[Any]
        if column.kind == "date":
            self.values = [c.value if c is not None and isinstance(c.value, date) else None for c in cells]
        else:
            self.values = [
                None if c is None or ((v := c.value).__class__ is str and v == NOT_APPLICABLE) else c.value
                for c in cells
            ]
        self.unread = {n for n, cell in enumerate(cells) if cell is not None and cell.problem}


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


def _one_rule(table: Table, rule: Rule, columns: list[_Seen]) -> Iterator[Finding]:
    must, before, blanks = rule.must.over(table.frame.names), tuple(rule.must.before), rule.setting.blanks
    unread = set[int]().union(*(column.unread for column in columns))
    given = zip(*(column.values for column in columns), strict=True) if columns else repeat(())
    for n, (row, values) in enumerate(zip(table.rows, given, strict=False)):
        known = row.known.values if row.known else _NOTHING
        if blanks:
            if n in unread:
                continue
        elif None in values or (before and any(known.get(b) is None for b in before)):
            continue
        try:
            if must(*values, known, row.new):
                continue
        except ArithmeticError:
            continue
        except TypeError as err:
            raise InternalError(f"规则{rule.setting.id}对“{table.sheet}”第{row.number}行算不出结果：{err}") from err
        yield _finding(table, rule, n, environment(table, n))


def _finding(table: Table, rule: Rule, n: int, values: Mapping[str, Any]) -> Finding:
    row, setting = table.rows[n], rule.setting
    shown = {name: show(value) for name, value in values.items() if name not in (BEFORE, NEW)}
    cell = row.cells.get(setting.place)
    example = "，".join(f"{name}：{show(value)}" for name, value in setting.example.items())
    return Finding(
        rule=setting.id, level=setting.level, table=table.form.id, sheet=table.sheet, cell=table.place(row, setting.place),
        message=f"第{cell.row if cell else row.number}行：{setting.message.format(**shown)}", row_uid=row.uid, column=setting.place,
        found=cell.text if cell else "", allowed=setting.allowed or setting.say, example=example, explained=explained(row),
    )  # fmt: skip
