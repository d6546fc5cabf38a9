"""Computes the declared figures from one cut. Pure: frames and settings in, frozen values with their sources out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import pandas as pd

from yaoxun.errors import ConfigError
from yaoxun.figures.frames import CutData, with_column
from yaoxun.figures.model import Computed, Coverage, FigureValue, Source
from yaoxun.figures.settings import FigureSetting
from yaoxun.figures.words import approximate, half_up
from yaoxun.office.model import Period
from yaoxun.office.office import Office
from yaoxun.store.types import Scaled


@dataclass(frozen=True, kw_only=True)
class Basis:
    """What one computation stands on: the cut, the office, the declarations and their file (for messages)."""

    data: CutData
    office: Office
    figures: Mapping[str, FigureSetting]
    file: Path


def compute_figures(basis: Basis) -> Computed:
    """Every declared figure of the cut, with comparisons, words and coverage.

    Raises ConfigError when a figure adds up different units.
    """
    values: dict[str, Sequence[FigureValue]] = {}
    for figure_id in basis.figures:
        values[figure_id] = _figure(basis, figure_id)
    return Computed(values=values)


def _figure(basis: Basis, figure_id: str) -> list[FigureValue]:
    setting, period = basis.figures[figure_id], basis.data.period
    now = _at(basis, figure_id, period)
    bases = {"上期": basis.office.previous(period), "上年同期": basis.office.year_ago(period)}
    for against in setting.compare:
        then = bases[against]
        known = {} if then is None else {v.dims: v.value for v in _compared(basis, figure_id, then)}
        now = [replace(v, against={**(v.against or {}), against: known.get(v.dims)}) for v in now]
    return [_finished(basis, setting, value) for value in now]


def _compared(basis: Basis, figure_id: str, period: Period) -> list[FigureValue]:
    """The figure at an earlier period; nothing where that period was neither collected nor imported."""
    setting = basis.figures[figure_id]
    parts = (setting.share.of, setting.share.within) if setting.share else (figure_id,)
    for part in parts:
        table = basis.figures[part].table
        if table and (table, period.label) not in basis.data.collected:
            return []
    return _at(basis, figure_id, period)


def _finished(basis: Basis, setting: FigureSetting, value: FigureValue) -> FigureValue:
    words = approximate(value.number, setting.words) if setting.words and value.number is not None else ""
    coverage = None
    if setting.table:
        data = basis.data
        coverage = Coverage(
            expected=data.expected.get(setting.table, ()), reported=data.reported.get(setting.table, ())
        )
    return replace(value, words=words, coverage=coverage)


def _at(basis: Basis, figure_id: str, period: Period) -> list[FigureValue]:
    setting = basis.figures[figure_id]
    if setting.share:
        return [_share(basis, figure_id, period)]
    if setting.size_of:
        return [_size(basis, figure_id, period)]
    rows = _select(basis, setting, period)
    if not setting.by:
        return [_value(basis, figure_id, rows, dims="", label="")]
    labels = _labels(basis, setting, rows)
    return [
        _value(basis, figure_id, rows[labels == label], dims=f"{setting.by}={label}", label=label)
        for label in _label_order(basis, setting, labels)
    ]


def _select(basis: Basis, setting: FigureSetting, period: Period) -> pd.DataFrame:
    """The rows that a figure looks at, as of a period."""
    rows = basis.data.rows
    rows = rows[(rows["table"] == setting.table) & _in_span(basis, setting, rows, period)]
    if setting.org_kind:
        rows = rows[rows["org_kind"].isin(setting.org_kind)]
    for condition, keep in ((setting.where, True), (setting.where_not, False)):
        for column, wanted in condition.items():
            allowed = [wanted] if isinstance(wanted, str) else list(wanted)
            rows = rows[with_column(rows, column).isin(allowed) == keep]
    if setting.dated:
        dates = with_column(rows, setting.date)
        pilot = basis.office.pilot_start.isoformat()
        chosen = {
            "since_pilot": dates >= pilot,
            "before_pilot": (dates < pilot) & (dates != ""),
            "period": (dates >= period.data_from.isoformat()) & (dates <= period.data_to.isoformat()),
        }[setting.dated]
        rows = rows[chosen]
    if setting.distinct:
        keys = pd.concat([with_column(rows, column) for column in setting.distinct], axis=1)
        blank = (keys == "").all(axis=1)
        rows = rows[blank | ~keys.duplicated()]
    return rows


def _in_span(basis: Basis, setting: FigureSetting, rows: pd.DataFrame, period: Period) -> "pd.Series[bool]":
    office = basis.office
    if setting.span == "to_date":
        return rows["period"].map(lambda label: office.period(label).sort <= period.sort).astype(bool)
    if setting.span == "period":
        return rows["period"] == period.label
    labels = {p.label for p in office.cumulative_periods(period, setting.span)}
    return rows["period"].isin(labels)


def _value(basis: Basis, figure_id: str, rows: pd.DataFrame, *, dims: str, label: str) -> FigureValue:
    setting = basis.figures[figure_id]
    value: Scaled | None
    if setting.count:
        column = setting.shown or setting.date or next(iter(setting.where), "")
        sources = tuple(Source(sheet_row=int(row_id), column=column) for row_id in rows["id"])
        # Nothing collected is no data, not zero.
        known = any(table == setting.table for table, _ in basis.data.collected)
        value, unit = Scaled(len(rows), 0) if known else None, setting.unit
    else:
        value, unit, sources = _sum(basis, figure_id, rows)
    return FigureValue(figure=figure_id, dims=dims, label=label, value=value, unit=unit, sources=sources)


def _sum(basis: Basis, figure_id: str, rows: pd.DataFrame) -> tuple[Scaled | None, str, tuple[Source, ...]]:
    setting = basis.figures[figure_id]
    facts = basis.data.facts
    facts = facts[facts["column"] == setting.column].merge(rows[["version", "own_uid"]], on=["version", "own_uid"])
    if facts.empty:
        return None, setting.unit, ()
    units = sorted(set(facts["unit"]))
    if len(units) > 1:
        problem = f"所报计量单位不一致（{'、'.join(units)}），不能相加"
        raise ConfigError(file=basis.file, key=f"figures.{figure_id}", problem=problem, remedy="请用 where 分开统计。")
    scale = int(facts["scale"].max())
    # Python integers: a sum of many 64-bit values may pass 64 bits and must then fail loudly, not wrap round.
    total = sum(int(v) * 10 ** (scale - int(s)) for v, s in zip(facts["value"], facts["scale"], strict=True))
    sources = tuple(Source(fact=int(fact_id)) for fact_id in facts["id"])
    return Scaled.of(Decimal(total).scaleb(-scale), scale), setting.unit or units[0], sources


def _size(basis: Basis, figure_id: str, period: Period) -> FigureValue:
    setting = basis.figures[figure_id]
    if setting.size_of == "organisations":
        orgs = basis.office.organisations_as_of(period.last_day)
        entries = [(o.code, {"kind": o.kind, "parent": o.parent}) for o in orgs]
    else:
        listed = basis.office.code_list(setting.size_of).as_of(period.last_day)
        entries = [(e.code, dict(e.attributes)) for e in listed]
    for condition, keep in ((setting.where, True), (setting.where_not, False)):
        for name, wanted in condition.items():
            allowed = [wanted] if isinstance(wanted, str) else list(wanted)
            entries = [(c, a) for c, a in entries if (a.get(name, "") in allowed) == keep]
    sources = tuple(Source(list_entry=f"{setting.size_of}:{code}") for code, _ in entries)
    return FigureValue(figure=figure_id, value=Scaled(len(entries), 0), unit=setting.unit, sources=sources)


def _share(basis: Basis, figure_id: str, period: Period) -> FigureValue:
    setting = basis.figures[figure_id]
    share = setting.share
    assert share is not None  # noqa: S101 (narrowing; the caller looked)
    part = _at(basis, share.of, period)[0]
    whole = _at(basis, share.within, period)[0]
    value = None
    if part.number is not None and whole.number:
        value = Scaled.of(half_up(part.number * 100 / whole.number, share.decimals), share.decimals)
    return FigureValue(figure=figure_id, value=value, unit="%", sources=part.sources + whole.sources)


def _labels(basis: Basis, setting: FigureSetting, rows: pd.DataFrame) -> "pd.Series[str]":
    if setting.by != "单位":
        return with_column(rows, setting.by)
    return rows["org"].map(lambda code: basis.office.organisation(code).short).astype("string")


def _label_order(basis: Basis, setting: FigureSetting, labels: "pd.Series[str]") -> list[str]:
    """Organisations in office order, those without rows among them; other labels in order of appearance."""
    if setting.by != "单位":
        return list(dict.fromkeys(labels))
    expected = basis.data.expected.get(setting.table, ())
    wanted = [basis.office.organisation(code) for code in expected]
    if setting.org_kind:
        wanted = [org for org in wanted if org.kind in setting.org_kind]
    return [org.short for org in sorted(wanted, key=lambda org: org.order)]
