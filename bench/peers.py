"""What the figures are held against: the script that a user would write for the same folder (pandas.read_excel with
openpyxl, pandera, to_sql into SQLite), and T5's rules in pandera. Written as such scripts are, not to lose.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pandera.pandas as pa

from yaoxun.forms.model import Frame
from yaoxun.forms.settings import EXPLANATION, ColumnSetting
from yaoxun.forms.template import sheet_name
from yaoxun.forms.template_sheet import HEADER_ROW, header_text

_PERSONAL = r"(?<!\d)(?:\d{17}[\dXx]|1[3-9]\d{9})(?!\d)"


def schemas(frames: Mapping[str, Frame]) -> dict[str, pa.DataFrameSchema]:
    """One schema a table: required, numbers, dates, options, lengths, keys."""
    return {table: _schema(frame) for table, frame in frames.items()}


def _schema(frame: Frame) -> pa.DataFrameSchema:
    columns = {c.name: _column(frame, c) for c in frame.form.columns if not c.ours and c.name != EXPLANATION}
    keys = [name for name in frame.form.setting.key if name in columns]
    return pa.DataFrameSchema(columns, unique=keys or None)


def _column(frame: Frame, column: ColumnSetting) -> pa.Column:
    if column.numeric:
        checks = [] if column.allow_negative else [pa.Check.ge(0)]
        return pa.Column(float, checks, nullable=not column.required, coerce=True)
    if column.kind == "date" and not column.words:
        last = pd.Timestamp(frame.period.data_to)
        checks = [pa.Check.le(last)] if column.occurs == "past" else []
        return pa.Column("datetime64[ns]", checks, nullable=not column.required, coerce=True)
    checks = [pa.Check.str_length(max_value=column.max_chars)]
    if column.kind == "choice" and column.list:
        checks = [pa.Check.isin(list(frame.options(column, None)))]
    elif not column.contact:
        checks.append(pa.Check(lambda s: ~s.str.contains(_PERSONAL)))
    return pa.Column(str, checks, nullable=not column.required)


def script(folder: Path, database: Path, frames: Mapping[str, Frame]) -> int:
    """Every workbook of a folder into one SQLite file, table by table; how many rows were stored."""
    checks, stored = schemas(frames), 0
    names = {table: {header_text(c): c.name for c in frame.form.columns} for table, frame in frames.items()}
    with sqlite3.connect(database) as conn:
        for path in sorted(folder.glob("*.xlsx")):
            wanted = [sheet_name(frame.form) for frame in frames.values()]
            sheets = pd.read_excel(path, sheet_name=wanted, header=HEADER_ROW, engine="openpyxl")
            for table, frame in frames.items():
                rows = _rows(sheets[sheet_name(frame.form)].rename(columns=names[table]), frame)
                checks[table].validate(rows, lazy=True)
                rows.assign(file=path.name).to_sql(table, conn, if_exists="append", index=False)
                stored += len(rows)
    return stored


def _rows(sheet: pd.DataFrame, frame: Frame) -> pd.DataFrame:
    """The rows that were filled, above the end row."""
    typed = [c.name for c in frame.form.columns if not c.ours]
    end = sheet.index[sheet.iloc[:, 0] == "#end"][0]
    rows = sheet.loc[: end - 1, [c.name for c in frame.form.columns]].dropna(how="all", subset=typed)
    for column in frame.form.columns:
        if column.kind in ("text", "code", "document_no", "link", "choice", "choices") or column.words:
            kept = rows[column.name]
            rows[column.name] = kept.where(kept.isna(), kept.astype(str)).astype(object)
    return rows


def t5_schema(frame: Frame) -> pa.DataFrameSchema:
    """C02–C06, C10, C11 and T5-01 to T5-05 on a frame of parsed values; 上期进度 stands beside."""
    form = frame.form
    columns = {c.name: _column(frame, c) for c in form.columns if not c.ours and c.name != EXPLANATION}

    def whole(d: pd.DataFrame) -> Any:
        return d["本期惠及人次"].isna() | (d["本期惠及人次"] % 1 == 0)

    def cents(d: pd.DataFrame) -> Any:
        return d["投资"].isna() | ((d["投资"] * 100).round(6) % 1 == 0)

    def done_is_100(d: pd.DataFrame) -> Any:
        return (
            d["进度"].isna()
            | d["状态"].isna()
            | (d["状态"] == "误报")
            | ((d["状态"] == "已完成") == (d["进度"] == 100))
        )

    def done_has_day(d: pd.DataFrame) -> Any:
        return (d["状态"] == "误报") | ((d["状态"] == "已完成") == d["完成日"].notna())

    def not_overdue(d: pd.DataFrame) -> Any:
        late = d["计划完成日"] < pd.Timestamp(frame.period.data_to)
        return d["状态"].isin(["已完成", "误报"]) | ~late

    def not_back(d: pd.DataFrame) -> Any:
        return d["进度"].isna() | d["上期进度"].isna() | (d["进度"] >= d["上期进度"])

    rules = (lambda d: d["进度"].isna() | (d["进度"] <= 100), not_back, done_is_100, done_has_day, not_overdue, whole, cents,
             lambda d: ~d.duplicated(["名称", "责任单位"]))  # fmt: skip
    return pa.DataFrameSchema(columns, checks=[pa.Check(rule, ignore_na=False) for rule in rules])


def t5_failures(schema: pa.DataFrameSchema, rows: pd.DataFrame) -> set[int]:
    """The rows (positions) that a schema finds fault with."""
    try:
        schema.validate(rows, lazy=True)
    except pa.errors.SchemaErrors as err:
        return {int(i) for i in err.failure_cases["index"].dropna()}
    return set()


def as_frame(rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Typed values as a data frame, numbers as float, dates as datetime64."""
    frame = pd.DataFrame(rows)
    for name in frame.columns:
        if "日" in name:
            frame[name] = pd.to_datetime(frame[name])
        elif name in ("投资", "本期惠及人次", "进度", "上期进度"):
            frame[name] = frame[name].astype(float)
    return frame
