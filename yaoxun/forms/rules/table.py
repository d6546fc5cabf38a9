"""The rules that a table writes in its own YAML file, row by row."""

from collections.abc import Iterator, Mapping, Sequence
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
    seen = _Seen(table)
    for rule in table.form.rules:
        yield from (_finding(table, rule, n, environment(table, n)) for n in _broken(table, rule, seen))


class _Seen:
    """The rows column by column, as conditions see them: — and words in date columns are empty."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._columns: dict[str, list[Any]] = {}
        self._unread: dict[str, set[int]] = {}
        self._empty: dict[str, set[int]] = {}

    def values(self, name: str) -> list[Any]:
        """A column's value in every row; of 前 the row as last accepted, of 新增 whether it is new."""
        if name not in self._columns:
            self._columns[name] = self._look(name)
        return self._columns[name]

    def unread(self, name: str) -> set[int]:
        """The rows where a column could not be read."""
        if name not in self._unread:
            cells = enumerate(self._table.column(name))
            self._unread[name] = {n for n, cell in cells if cell is not None and cell.problem}
        return self._unread[name]

    def empty(self, name: str) -> set[int]:
        """The rows that hold nothing in a column."""
        if name not in self._empty:
            self._empty[name] = {n for n, value in enumerate(self.values(name)) if value is None}
        return self._empty[name]

    def unknown(self, name: str) -> set[int]:
        """The rows that held nothing in a column when they were last accepted."""
        return {n for n, known in enumerate(self.values(BEFORE)) if known.get(name) is None}

    def _look(self, name: str) -> list[Any]:
        rows = self._table.rows
        if name == BEFORE:
            return [row.known.values if row.known else _NOTHING for row in rows]
        if name == NEW:
            return [row.new for row in rows]
        found = [cell.value if cell is not None else None for cell in self._table.column(name)]
        if self._table.form.by_name[name].kind == "date":
            return [value if isinstance(value, date) else None for value in found]
        return [None if value.__class__ is str and value == NOT_APPLICABLE else value for value in found]


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


def _broken(table: Table, rule: Rule, seen: _Seen) -> Sequence[int]:
    """The rows that break a rule."""
    must, columns = rule.must.over(table.frame.names), [seen.values(name) for name in rule.must.arguments]
    numbers: Sequence[int] = range(len(table.rows))
    if rule.setting.blanks:
        skipped = set[int]().union(*map(seen.unread, rule.must.names))
    else:
        skipped = set[int]().union(*map(seen.empty, rule.must.names), *map(seen.unknown, rule.must.before))
    if skipped:
        numbers = [n for n in numbers if n not in skipped]
        columns = [[column[n] for n in numbers] for column in columns]
    try:
        if columns:
            return [n for n, kept in zip(numbers, map(must, *columns), strict=True) if not kept]
    except (ArithmeticError, TypeError):
        pass  # one row cannot be told; each by itself, then
    return [n for n in range(len(table.rows)) if not _holds(table, rule, n)]


def _holds(table: Table, rule: Rule, n: int) -> bool:
    """Whether a row keeps a rule, or need not. Raises InternalError where the rule compares what cannot be compared."""
    row, values = table.rows[n], environment(table, n)
    if rule.setting.blanks:
        if any(row.cells[name].problem for name in rule.must.names if name in row.cells):
            return True
    elif None in (*map(values.get, rule.must.names), *map(values[BEFORE].get, rule.must.before)):
        return True
    try:
        return bool(rule.must.value(values))
    except ArithmeticError:
        return True
    except TypeError as err:
        raise InternalError(f"规则{rule.setting.id}对“{table.sheet}”第{row.number}行算不出结果：{err}") from err


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
