"""The declarations of config/figures.yaml: closed, typed, frozen. What they compute stands in compute.py.

A figure has exactly one source: `count` (entries of a register, or rows of a table), `sum` (a column of a table),
`size_of` (a code list as of the period, `organisations` among them) or `share` (one figure in another).
"""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from yaoxun.errors import ConfigError
from yaoxun.forms.layout.words import MONEY
from yaoxun.forms.model import NOT_APPLICABLE, Form
from yaoxun.forms.settings import ColumnSetting
from yaoxun.office.office import Office
from yaoxun.office.settings import ORGANISATION_KINDS
from yaoxun.settings import Closed, Faults, load_settings

Span = Literal["to_date", "period", "year", "pilot"]
Dated = Literal["since_pilot", "before_pilot", "period"]
Against = Literal["上期", "上年同期"]

_ROWS = {"where", "where_not", "org_kind", "distinct", "dated", "date", "span", "by"}
# What each source reads; a key that it does not would be taken for a condition that holds.
_READS = {
    "count": _ROWS | {"shown"},
    "sum": _ROWS | {"column"},
    "size_of": {"where", "where_not"},
    "share": set[str](),
}
_SOME_READ = set[str]().union(*_READS.values())


class Share(Closed):
    """One figure as a share of another, in per cent."""

    of: str
    within: str
    decimals: int = Field(default=1, ge=0, le=6)


class Words(Closed):
    """An approximate word: 余 (42, step 10 → 40余), 近 (98, step 100 → 近100; 98 is near, 70 is not and
    stays 70), 超 (42, step 10 → 超40)."""

    kind: Literal["余", "近", "超"]
    step: int = Field(ge=1)


class FigureSetting(Closed):
    """One figure. `where` keeps rows whose column holds one of the values, `where_not` drops them. `dated` compares the
    `date` column with the pilot's start or the data window; `span` says which periods' rows are taken; `by` splits the
    figure by 单位 or by a column; `distinct` names the columns that make two entries one. `shown` is the column that a
    trace of a count points at (by default the date, else the first of `where`)."""

    name: str
    unit: str = ""
    count: str = ""
    sum: str = ""
    column: str = ""
    size_of: str = ""
    share: Share | None = None
    where: dict[str, str | tuple[str, ...]] = {}
    where_not: dict[str, str | tuple[str, ...]] = {}
    org_kind: tuple[str, ...] = ()
    distinct: tuple[str, ...] = ()
    dated: Dated | None = None
    date: str = ""
    shown: str = ""
    span: Span = "to_date"
    by: str = ""
    words: Words | None = None
    compare: tuple[Against, ...] = ()

    @model_validator(mode="after")
    def _one_source(self) -> "FigureSetting":
        given = [name for name in ("count", "sum", "size_of", "share") if getattr(self, name)]
        if len(given) != 1:
            raise ValueError("count、sum、size_of、share 必须恰好写一个")
        idle = sorted(self.model_fields_set & _SOME_READ - _READS[given[0]])
        if idle:
            raise ValueError(f"{given[0]} 用不到 {'、'.join(idle)}，请删去")
        if self.sum and not self.column:
            raise ValueError("写了 sum（哪张表），还要写 column（哪一列）")
        if bool(self.dated) != bool(self.date):
            raise ValueError("dated 与 date（日期列）要一起写")
        return self

    @property
    def table(self) -> str:
        """The table it is computed from; '' for none."""
        return self.count or self.sum


class FigureFile(Closed):
    """config/figures.yaml."""

    figures: dict[str, FigureSetting]


def load_figures(config: Path) -> dict[str, FigureSetting]:
    """All figures by id. Raises ConfigError for unknown keys and shares of unknown figures."""
    faults = Faults()
    path = config / "figures.yaml"
    figures = load_settings(path, FigureFile).figures
    for figure_id, figure in figures.items():
        for part in (figure.share.of, figure.share.within) if figure.share else ():
            if part not in figures or figures[part].share or figures[part].by:
                problem = f"占比引用的指标“{part}”不存在、不是数量或按类分开"
                key = f"figures.{figure_id}.share"
                faults.add(ConfigError(file=path, key=key, problem=problem, remedy="请改正指标名。"))
    faults.stop()
    return figures


_Fault = tuple[str, str, str]  # the key below the figure, the problem, the remedy


def check_columns(
    figures: Mapping[str, FigureSetting],
    forms: Mapping[str, Form],
    office: Office,
    path: Path,
    unread: frozenset[str] = frozenset(),
) -> None:
    """Check every table, column, list, value and kind of organisation that figures name: a misspelt one would count
    nothing and say 0. `unread`: tables and lists with faults of their own, of which nothing can be said.

    Raises ConfigError with all faults.
    """
    faults = Faults()
    for figure_id, figure in figures.items():
        if figure.table not in unread and figure.size_of not in unread:
            for key, problem, remedy in _unknown(figure, forms, office):
                faults.add(ConfigError(file=path, key=f"figures.{figure_id}{key}", problem=problem, remedy=remedy))
    faults.stop()


def _unknown(figure: FigureSetting, forms: Mapping[str, Form], office: Office) -> Iterator[_Fault]:
    kinds = _kinds(office)
    for kind in figure.org_kind:
        if kind not in kinds:
            yield ".org_kind", f"没有“{kind}”这一类单位", _choose(kind, kinds)
    if figure.size_of:
        yield from _unknown_in_list(figure, office)
    elif figure.table and figure.table not in forms:
        yield "", f"没有报表“{figure.table}”", "请改正表号，或在 config/forms/ 建立它。"
    elif figure.table:
        yield from _unknown_in_table(figure, forms[figure.table], office)


def _kinds(office: Office) -> tuple[str, ...]:
    """The kinds that every office has, and those of this one's organisations."""
    return tuple(dict.fromkeys((*ORGANISATION_KINDS, *(o.kind for o in office.organisations))))


def _unknown_in_list(figure: FigureSetting, office: Office) -> Iterator[_Fault]:
    if figure.size_of == "organisations":
        codes = [o.code for o in office.organisations]
        known: dict[str, list[str] | None] = {"kind": list(_kinds(office)), "parent": ["", *codes]}
    elif figure.size_of in office.code_lists:
        entries = office.code_list(figure.size_of).entries
        names = dict.fromkeys(name for e in entries for name in e.attributes)
        known = {name: list(dict.fromkeys(e.attributes.get(name, "") for e in entries)) for name in names}
    else:
        problem, remedy = f"没有名为“{figure.size_of}”的代码表", "请改正表名，或在 config/lists/ 建立它。"
        yield ".size_of", problem, remedy
        return
    yield from _unknown_conditions(figure, known, figure.size_of)


def _unknown_in_table(figure: FigureSetting, form: Form, office: Office) -> Iterator[_Fault]:
    known = {column.name: _values(column, office) for column in form.columns}
    named = {"column": [figure.column], "date": [figure.date], "shown": [figure.shown], "distinct": figure.distinct}
    by = [] if figure.by == "单位" else [figure.by]
    for key, columns in (*named.items(), ("by", by)):
        for column in columns:
            if column and column not in known:
                yield f".{key}", f"{form.id} 没有“{column}”这一列", _choose(column, known)
    yield from _unknown_conditions(figure, known, form.id)
    if figure.sum and figure.column in form.by_name:
        yield from _other_unit(figure, form.by_name[figure.column], form.id)


def _other_unit(figure: FigureSetting, column: ColumnSetting, where: str) -> Iterator[_Fault]:
    """An amount of money in another unit than it is collected in: nothing converts it, so it would be wrong by powers of
    ten. Other units are words (种（套） for 种)."""
    units = (figure.unit, column.measure)
    if all(units) and units[0] != units[1] and any(MONEY.fullmatch(unit) for unit in units):
        problem = f"{where} 的“{column.name}”以{column.measure}计，这里写的单位是{figure.unit}，系统不换算"
        yield ".unit", problem, f"请写 {column.measure}，或不写 unit。"


def _values(column: ColumnSetting, office: Office) -> list[str] | None:
    """What a choice column may hold, '' for no answer; None for anything. A name of the list is what is stored."""
    if column.list not in office.code_lists or column.options_from:
        return None
    return ["", *dict.fromkeys(e.name for e in office.code_list(column.list).entries), NOT_APPLICABLE]


def _unknown_conditions(figure: FigureSetting, known: Mapping[str, list[str] | None], where: str) -> Iterator[_Fault]:
    for key, conditions in (("where", figure.where), ("where_not", figure.where_not)):
        for column, wanted in conditions.items():
            if column not in known:
                yield f".{key}", f"{where} 没有“{column}”这一列", _choose(column, known)
                continue
            allowed = known[column]
            for value in (wanted,) if isinstance(wanted, str) else wanted:
                if allowed is not None and value not in allowed:
                    yield f".{key}.{column}", f"{where} 的“{column}”没有“{value}”这个值", _choose(value, allowed)


def _choose(word: str, known: Iterable[str]) -> str:
    words = [one for one in known if one]
    near = difflib.get_close_matches(word, words, n=1, cutoff=0.5)
    return f"是否想写“{near[0]}”？" if near else f"请从中选：{'、'.join(words[:20])}。"
