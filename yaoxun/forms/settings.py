"""The closed definition of one table: config/forms/T1.yaml as a frozen value. Loading and cross-checks stand in
loading.py; nothing about any one table lives in code.
"""

import json
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Literal

from pydantic import Field, model_validator

from yaoxun.forms.layout.settings import Layout
from yaoxun.office.model import PeriodKind
from yaoxun.settings import Closed

Kind = Literal[
    "text", "count", "money", "number", "percent", "date", "choice", "choices", "code", "document_no", "link"
]
Level = Literal["强制", "须说明", "提示", "试行"]
Given = str | int | Decimal | date | tuple[str, ...] | None

NUMERIC: frozenset[str] = frozenset({"count", "money", "number", "percent"})
EXPLANATION = "说明"


class Prefill(Closed):
    """What a locked cell is printed with. `attribute` of the row's list entry (`name` and `code` are the entry's own,
    `{季}` and `{上季}` stand for the number of the period's and the previous quarter), or the `previous` value of a
    column as last accepted; `restarts: year` makes that 0 in the first period of a year."""

    attribute: str = ""
    previous: str = ""
    restarts: Literal["", "year"] = ""

    @model_validator(mode="after")
    def _one(self) -> "Prefill":
        if bool(self.attribute) == bool(self.previous):
            raise ValueError("attribute 与 previous 必须恰好写一个")
        return self


class Refers(Closed):
    """A column whose values must stand in a `column` of the organisation's own `table`: accepted before, or in the same
    workbook. `rule` is the id of what is told otherwise."""

    rule: str
    table: str
    column: str

    @property
    def key(self) -> str:
        """Under which History.elsewhere holds what is known."""
        return f"{self.table}.{self.column}"


class ColumnSetting(Closed):
    """One column. `name` is a plain word, because rules use it; `header` is what is printed, where that differs.

    unit: printed after the header; unit_from: the column that holds the row's own unit. list: a code list whose names
    are the allowed values. options_from: the attribute of the row's list entry that holds them (甲（20%）；乙（100%）).
    occurs: past = not after the data window, plan = may be. words: allowed instead of a date (长期). carry: an open row
    is printed with this column's last value (registers: yes unless said otherwise; fixed tables: no). reason: the column
    that gives the reason where this one is not 0. indicator: the value becomes a fact. steady: a zero after a figure is
    asked about. contact: telephone numbers are expected here. hidden: locked, printed in a hidden column. unknown: the
    rule that a value outside the list breaks, where the list is another table's (X02, X03). refers: another table's column.
    """

    name: str
    kind: Kind = "text"
    header: str = ""
    meaning: str = ""
    aliases: tuple[str, ...] = ()
    unit: str = ""
    unit_from: str = ""
    decimals: int | None = Field(default=None, ge=0, le=6)
    required: bool = False
    locked: bool = False
    hidden: bool = False
    list: str = ""
    unknown: Literal["C05", "X02", "X03"] = "C05"
    refers: Refers | None = None
    options_from: str = ""
    words: tuple[str, ...] = ()
    occurs: Literal["", "past", "plan"] = ""
    max_chars: int = Field(default=500, ge=1, le=5000)
    prefill: Prefill | None = None
    carry: bool | None = None
    formula: str = ""
    allow_negative: bool = False
    allow_na: bool = False
    reason: str = ""
    indicator: bool = False
    steady: bool = False
    contact: bool = False
    width: float = Field(default=0, ge=0, le=100)

    @model_validator(mode="after")
    def _sensible(self) -> "ColumnSetting":
        if not self.name.isidentifier():
            raise ValueError(f"列名“{self.name}”只能用汉字、字母、数字，另需括号或符号的请写在 header")
        if self.kind in ("choice", "choices") and not (self.list or self.options_from):
            raise ValueError(f"“{self.name}”是选项，要写 list（用哪张代码表）")
        if self.formula and self.required:
            raise ValueError(f"“{self.name}”由公式算出，不能再写 required")
        return self

    @property
    def numeric(self) -> bool:
        return self.kind in NUMERIC

    @property
    def scale(self) -> int:
        """Digits after the decimal point."""
        if self.decimals is not None:
            return self.decimals
        return {"count": 0, "money": 2, "percent": 2, "number": 2}.get(self.kind, 0)

    @property
    def shown(self) -> str:
        """What people are told of the column: the words of its header, of several levels with ／ between them."""
        return (self.header or self.name).replace("/", "／")

    @property
    def measure(self) -> str:
        """The unit that is printed and stored: 万元 for money, % for percent, else the column's own."""
        return self.unit or {"money": "万元", "percent": "%"}.get(self.kind, "")

    @property
    def ours(self) -> bool:
        """The office's to fill: what stands in the file is compared, never taken."""
        return self.locked or self.hidden or bool(self.formula)


class RuleSetting(Closed):
    """One rule of a table. `must` is true where all is well; it is skipped where a column that it names is empty or
    unreadable, unless `blanks: true`. `message` may name columns in braces. `example` and `counter` are what the
    form's sample row is changed by to pass and to fail (`before`: the row as last accepted); both are tried at load."""

    id: str
    say: str
    must: str
    level: Level
    place: str
    message: str
    allowed: str = ""
    blanks: bool = False
    example: dict[str, Given] = Field(default_factory=dict)
    counter: dict[str, Given]
    before: dict[str, Given] | None = None


class RowsFrom(Closed):
    """The rows of a fixed table: the entries of a code list whose attribute `owner` names the organisation (`owner: ""`:
    every organisation reports every entry), or one row, the organisation itself (`organisation: true`)."""

    list: str = ""
    owner: str = "owner"
    organisation: bool = False

    @model_validator(mode="after")
    def _one(self) -> "RowsFrom":
        if bool(self.list) == self.organisation:
            raise ValueError("rows 必须恰好写一个：list（代码表），或 organisation: true（一家单位一行）")
        return self


class Register(Closed):
    """A register: `open` says which known rows are printed again (a condition over their last values), `number` is the
    column of the office's own number, `numbering` its pattern and `first` the first number of the series. carry: false
    where every period has a list of its own (发放台账): nothing is printed again or missed, and a row is known within
    its period only."""

    carry: bool = True
    open: str = "True"
    number: str = ""
    numbering: str = ""
    first: int = Field(default=1, ge=1)
    blank_rows: int = Field(default=40, ge=1, le=500)


class Counterpart(Closed):
    """The flow column of a table of shorter periods that a flow must equal when its periods are added up."""

    table: str
    column: str


class Flow(Closed):
    """A flow and its running totals: 累计 = 上期累计 + 本期 + 更正 (K01–K03), where `when` holds of the row. agrees_with: the
    same flow by shorter periods (K04: months = quarter = half = year); its rows are found by this table's `key`."""

    amount: str
    correction: str = ""
    totals: tuple[str, ...] = ()
    when: str = ""
    agrees_with: Counterpart | None = None


class Reconcile(Closed):
    """Rows that other organisations' rows are part of are compared, never added (Z01). `part_of` is the attribute of the
    code list's entries that names the whole; `column` the figure that is compared."""

    part_of: str
    column: str


class Similar(Closed):
    """New rows whose `column` is much like an entry of another organisation, or whose `same` is equal, are asked about."""

    rule: str
    column: str
    same: str = ""
    at_least: float = Field(default=0.6, gt=0, le=1)


class FormSetting(Closed):
    """One table as an office defines it."""

    id: str
    title: str
    kind: Literal["fixed", "register"]
    period: PeriodKind
    note: str = ""
    rows: RowsFrom | None = None
    register_: Register | None = Field(default=None, alias="register")
    key: tuple[str, ...]
    columns: tuple[ColumnSetting, ...]
    rules: tuple[RuleSetting, ...] = ()
    flows: tuple[Flow, ...] = ()
    similar: Similar | None = None
    reconcile: Reconcile | None = None
    layout: Layout | None = None
    reasons: tuple[str, ...] = ("上级部署调整", "数据口径调整", "前期漏报补报", "季节性因素", "其他（请写明）")
    sample: dict[str, Given] = Field(default_factory=dict)

    @cached_property
    def as_json(self) -> str:
        """The whole definition, keys sorted."""
        return json.dumps(self.model_dump(mode="json"), ensure_ascii=False, sort_keys=True)

    @model_validator(mode="after")
    def _sensible(self) -> "FormSetting":
        if (self.kind == "fixed") != (self.rows is not None):
            raise ValueError("kind: fixed 的表要写 rows（行从哪张代码表来），register 的表不写")
        if not self.key:
            raise ValueError("key 至少要写一列，用来认出同一行")
        names = [column.name for column in self.columns]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"“{name}”这一列写了两次")
        self._check_layout(names)
        ids = [rule.id for rule in self.rules]
        for rule_id in ids:
            if ids.count(rule_id) > 1:
                raise ValueError(f"规则编号“{rule_id}”用了两次")
        return self

    @property
    def carries(self) -> bool:
        """Whether rows go on from period to period: not those of a register that begins anew each time."""
        return self.register_ is None or self.register_.carry

    @property
    def looks_at(self) -> tuple[str, ...]:
        """The other tables that its rows are compared with."""
        refers = (column.refers.table for column in self.columns if column.refers)
        flows = (flow.agrees_with.table for flow in self.flows if flow.agrees_with)
        return tuple(dict.fromkeys((*refers, *flows)))

    def _check_layout(self, names: list[str]) -> None:
        layout = self.layout
        if layout is None:
            return
        for name in layout.columns:
            if name not in (*names, EXPLANATION):
                raise ValueError(f"layout.columns 里的“{name}”不是 columns 里的列")
        if self.rows is not None and self.rows.organisation:
            return
        if layout.shape == "labels" and self.kind == "fixed":
            raise ValueError("layout.shape 为 labels 的固定表一张表只有一条，rows 要写 organisation: true")
        for name in self.key:
            if name not in layout.columns:
                raise ValueError(f"key 里的“{name}”没有写进 layout.columns，来表里认不出行")
