"""The declarations of config/figures.yaml: closed, typed, frozen. What they compute stands in compute.py.

A figure has exactly one source: `count` (entries of a register, or rows of a table), `sum` (a column of a table),
`size_of` (a code list as of the period, `organisations` among them) or `share` (one figure in another).
"""

from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from yaoxun.errors import ConfigError
from yaoxun.settings import Closed, load_settings

Span = Literal["to_date", "period", "year", "pilot"]
Dated = Literal["since_pilot", "before_pilot", "period"]
Against = Literal["上期", "上年同期"]


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
    """All figures by id. Raises ConfigError for an unknown key or a share of an unknown figure."""
    path = config / "figures.yaml"
    figures = load_settings(path, FigureFile).figures
    for figure_id, figure in figures.items():
        for part in (figure.share.of, figure.share.within) if figure.share else ():
            if part not in figures or figures[part].share or figures[part].by:
                problem = f"占比引用的指标“{part}”不存在、不是数量或按类分开"
                raise ConfigError(file=path, key=f"figures.{figure_id}.share", problem=problem, remedy="请改正指标名。")
    return figures


def check_columns(figures: dict[str, FigureSetting], columns: dict[str, set[str]], lists: set[str], path: Path) -> None:
    """Check every table, column and list that figures name; `columns` is table → its columns. Raises ConfigError."""
    for figure_id, figure in figures.items():
        where = f"figures.{figure_id}"
        if figure.size_of and figure.size_of not in lists | {"organisations"}:
            problem, remedy = f"没有名为“{figure.size_of}”的代码表", "请改正表名，或在 config/lists/ 建立它。"
            raise ConfigError(file=path, key=f"{where}.size_of", problem=problem, remedy=remedy)
        if figure.table and figure.table not in columns:
            problem, remedy = f"没有报表“{figure.table}”", "请改正表号，或在 config/forms/ 建立它。"
            raise ConfigError(file=path, key=where, problem=problem, remedy=remedy)
        named = {
            figure.column,
            figure.date,
            figure.shown,
            *figure.distinct,
            *figure.where,
            *figure.where_not,
            figure.by,
        } - {""}
        for column in sorted(named - {"单位"}) if figure.table else ():
            if column not in columns[figure.table]:
                problem = f"{figure.table} 没有“{column}”这一列"
                raise ConfigError(file=path, key=where, problem=problem, remedy="请按 config/forms/ 的列名改正。")
