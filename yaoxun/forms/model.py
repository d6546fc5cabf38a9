"""The values of forms: a compiled form, the frame in which a table is read, the table, its findings. No reading and no
checking lives here.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from yaoxun.forms.expressions import Expression, window_names
from yaoxun.forms.settings import ColumnSetting, FormSetting, Level, RuleSetting
from yaoxun.office.model import CodeList, ListEntry, Organisation, Period
from yaoxun.sheets.model import address

Value = str | Decimal | date | tuple[str, ...] | None
Declaration = Literal["有数据", "零报告", "不适用", "本次不含", ""]
DECLARATIONS: tuple[Declaration, ...] = ("有数据", "零报告", "不适用", "本次不含")
Decision = Literal["接收", "待说明", "退回"]

NOT_APPLICABLE = "—"
"""Not applicable, as typed; an empty cell is no data, and 0 is zero."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A table's rule with its condition compiled."""

    setting: RuleSetting
    must: Expression


@dataclass(frozen=True, kw_only=True)
class Form:
    """One table, compiled. `columns` ends with 说明; `formulas` stand in the order in which they can be computed."""

    setting: FormSetting
    columns: tuple[ColumnSetting, ...]
    formulas: Mapping[str, Expression]
    rules: tuple[Rule, ...]
    opens: Expression | None
    flow_when: tuple[Expression | None, ...]
    file: Path

    @property
    def id(self) -> str:
        return self.setting.id

    @property
    def title(self) -> str:
        return self.setting.title

    @property
    def fixed(self) -> bool:
        return self.setting.kind == "fixed"

    @cached_property
    def by_name(self) -> Mapping[str, ColumnSetting]:
        return {column.name: column for column in self.columns}

    @property
    def number_column(self) -> str:
        """The column of the office's own number; '' for none."""
        return self.setting.register_.number if self.setting.register_ else ""

    @property
    def organisation_column(self) -> str:
        """The column that names the organisation in an own sheet of many organisations; '' for none."""
        return self.setting.layout.organisation if self.setting.layout else ""

    @property
    def own_file(self) -> str:
        """The office's own blank workbook, relative to config/; '' where we make the sheet."""
        return self.setting.layout.file if self.setting.layout else ""


@dataclass(frozen=True, kw_only=True)
class KnownRow:
    """A row as last accepted, computed columns included. `period` is the label and `year` the year of that acceptance,
    `first_period` the label of the first one, `number` the office's own number."""

    uid: str
    values: Mapping[str, Value]
    number: str = ""
    period: str = ""
    year: int = 0
    first_period: str = ""


@dataclass(frozen=True, kw_only=True)
class ForeignRow:
    """An entry of another organisation's register: its short name and the columns that `similar` compares, as text."""

    org: str
    values: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class FigureBeside:
    """Another organisation's figure of this period: its short name, and the uid (a list code) of its row."""

    org: str
    uid: str
    value: Decimal


@dataclass(frozen=True, kw_only=True)
class History:
    """What was accepted of one organisation's table before the period at hand; filled from returns' ledger by a task.

    rows: by uid, each as last accepted. previous: label of the last accepted period, '' for none. missing: labels of the periods that were owed since then and not accepted.
    others: for similar names; where there are many, `others_like` gives those that are near to one of some (name, number). series: (uid, column) → the values of earlier periods, oldest first.
    elsewhere: `table.column` of another table → what it holds (`refers`). parts: (key, amount) → the sum of the shorter
    periods' rows of that key, where all of them are there (K04). beside: other organisations' figures of this very period
    that have a whole in common with rows of this table (Z01).
    """

    rows: Mapping[str, KnownRow] = field(default_factory=dict)
    previous: str = ""
    missing: tuple[str, ...] = ()
    others: tuple[ForeignRow, ...] = ()
    others_like: Callable[[Sequence[tuple[str, str]]], Iterable[ForeignRow]] | None = None
    series: Mapping[tuple[str, str], tuple[Decimal, ...]] = field(default_factory=dict)
    elsewhere: Mapping[str, frozenset[str]] = field(default_factory=dict)
    parts: Mapping[tuple[tuple[str, ...], str], Decimal] = field(default_factory=dict)
    beside: tuple[FigureBeside, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PrefillRow:
    """A row as it is printed: `values` by column; `entry` is the code list entry of a fixed table's row."""

    uid: str
    values: Mapping[str, Value]
    entry: ListEntry | None = None
    known: KnownRow | None = None


@dataclass(frozen=True, kw_only=True)
class Frame:
    """Everything that one table is printed, read and checked against."""

    form: Form
    org: Organisation
    period: Period
    lists: Mapping[str, CodeList]
    history: History = field(default_factory=History)
    pilot_start: date = date.min

    @cached_property
    def names(self) -> Mapping[str, Any]:
        """期初日, 期末日 … for expressions."""
        period = self.period
        return window_names(period.data_from, period.data_to, self.pilot_start, period.last_day.month)

    @cached_property
    def prefill(self) -> Mapping[str, PrefillRow]:
        """The rows that the table opens with, by uid, in order."""
        from yaoxun.forms.prefill import prefill_rows

        return {row.uid: row for row in prefill_rows(self)}

    def choices(self, column: ColumnSetting, entry: ListEntry | None) -> Mapping[str, str]:
        """What may be written in a choice column, names, codes and aliases alike → the name it stands for."""
        if column.options_from:
            text = entry.attributes.get(column.options_from, "") if entry else ""
            options = [part.strip() for part in text.replace(";", "；").split("；") if part.strip()]
            return {option: option for option in options}
        return self.lists[column.list].names_as_of(self.period.last_day)

    def options(self, column: ColumnSetting, entry: ListEntry | None) -> tuple[str, ...]:
        """The names in a dropdown, in the list's order."""
        if column.options_from:
            return tuple(self.choices(column, entry))
        if column.refers:
            return tuple(sorted(self.history.elsewhere.get(column.refers.key, ())))
        return tuple(dict.fromkeys(one.name for one in self.lists[column.list].as_of(self.period.last_day)))


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a row, filled or not. `text` is what stood there, `value` what we take. `problem` is '' or the id of
    the rule that says why it cannot be read (C03, C04, C05, E01), `repair` what was safely mended."""

    value: Value
    text: str
    row: int
    col: int
    problem: str = ""
    repair: str = ""

    @property
    def address(self) -> str:
        return address(self.row, self.col)


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row. `new`: not known from earlier periods; `entry`: a fixed table's list entry."""

    uid: str
    number: int
    cells: Mapping[str, Cell]
    new: bool = False
    known: KnownRow | None = None
    entry: ListEntry | None = None

    def value(self, column: str) -> Value:
        cell = self.cells.get(column)
        return cell.value if cell is not None and not cell.problem else None


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What is wrong with a table, and where. An error without a place is impossible.

    `table` is '' for the file itself. `explained`: a 须说明 whose row's 说明 cell has text; it does not block.
    """

    rule: str
    level: Level
    table: str
    sheet: str
    cell: str
    message: str
    row_uid: str = ""
    column: str = ""
    found: str = ""
    allowed: str = ""
    example: str = ""
    explained: bool = False

    def __post_init__(self) -> None:
        if not self.sheet or not self.cell:
            raise ValueError(f"a finding needs a sheet and a cell: {self.rule} {self.message}")

    @property
    def sentence(self) -> str:
        """Place and message in one Chinese sentence."""
        return f"「{self.sheet}」{self.cell}：{self.message}"

    def as_dict(self) -> dict[str, Any]:
        """Plain data, for the child that marks up a workbook and for the ledger."""
        return asdict(self)


@dataclass(frozen=True, kw_only=True)
class Table:
    """One table of a returned workbook as read: `columns` → the sheet column that holds it (0: the sheet has none).
    `start_row` is the header's row, `end_row` the end row's; `findings` came up while reading. `as_stated`: a computed
    column that a row's own cell states (a file of history) is taken from that cell."""

    frame: Frame
    sheet: str
    declared: Declaration
    declared_at: tuple[str, str]
    columns: Mapping[str, int]
    start_row: int
    end_row: int
    rows: tuple[Row, ...]
    findings: tuple[Finding, ...] = ()
    absent: bool = False
    as_stated: bool = False
    _by_column: dict[str, tuple[Cell | None, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def form(self) -> Form:
        return self.frame.form

    def column(self, name: str) -> tuple[Cell | None, ...]:
        """A column's cell in every row, None where a row has none; looked up once for all rules."""
        found = self._by_column.get(name) or tuple([row.cells.get(name) for row in self.rows])
        return self._by_column.setdefault(name, found)

    def values(self, name: str) -> list[Value]:
        """A column's value in every row, None where a row has no such cell or it could not be read."""
        return [cell.value if cell is not None and not cell.problem else None for cell in self.column(name)]

    def place(self, row: Row, column: str) -> str:
        """The address of a row's cell; the row's first cell where the sheet lacks the column."""
        cell = row.cells.get(column)
        if cell is not None and cell.col:
            return cell.address
        return address(row.number, self.columns.get(column) or min((c for c in self.columns.values() if c), default=1))


@dataclass(frozen=True, kw_only=True)
class Fact:
    """An indicator's value with the cells it came from (`cell` is one address, or several joined by 、)."""

    row_uid: str
    column: str
    indicator: str
    value: Decimal
    scale: int
    unit: str
    cell: str
