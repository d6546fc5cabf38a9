"""Computes the declared figures from one cut. Pure: frames and settings in, frozen values with their sources out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import pandas as pd

from yaoxun.errors import ConfigError
from yaoxun.figures.frames import CutData, cell_values, holds, newest_of_entries, with_column
from yaoxun.figures.model import Computed, Coverage, FigureValue, Source
from yaoxun.figures.settings import FigureSetting
from yaoxun.figures.words import approximate, half_up
from yaoxun.office.model import Organisation, Period
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
        if then is not None:
            now = [_beside(basis, value, then, against) for value in now]
    return [_finished(basis, setting, value) for value in now]


def _compared(basis: Basis, figure_id: str, period: Period) -> list[FigureValue]:
    """The figure at an earlier period; nothing where that period was neither collected nor imported."""
    setting = basis.figures[figure_id]
    parts = (setting.share.of, setting.share.within) if setting.share else (figure_id,)
    for part in parts:
        table = basis.figures[part].table
        if table and not any((table, period.label) == (t, p) for t, p, _ in basis.data.collected):
            return []
    return _at(basis, figure_id, period)


def _beside(basis: Basis, value: FigureValue, then: Period, against: str) -> FigureValue:
    """The value, marked where other organisations' data went into the one that it is compared with."""
    setting = basis.figures[value.figure]
    only = value.label if setting.by == "单位" else ""
    parts = (setting.share.of, setting.share.within) if setting.share else (value.figure,)
    same = all(_covers(basis, part, basis.data.period, only) == _covers(basis, part, then, only) for part in parts)
    return value if same else replace(value, uneven=value.uneven | {against})


def _covers(basis: Basis, figure_id: str, period: Period, only: str) -> tuple[object, frozenset[str]]:
    """Whose data a figure of a table holds at a period (`only`: of this organisation). The entries of a register stand
    until a later row says otherwise, so whoever ever reported is in a figure over several periods, once anybody has
    reported the last of them; any other figure lacks what is not in for its last period."""
    setting, office = basis.figures[figure_id], basis.office
    kinds, span = setting.org_kind, _span(basis, setting, period)

    def among(periods: set[str]) -> frozenset[str]:
        found = {o for t, p, o in basis.data.collected if t == setting.table and p in periods}
        orgs = [office.organisation(code) for code in found]
        return frozenset(o.code for o in orgs if (not kinds or o.kind in kinds) and only in ("", o.short))

    last = among({period.label})
    stands = setting.table in basis.data.registers and setting.span != "period"
    return (bool(last) if stands else last), among(span)


def _finished(basis: Basis, setting: FigureSetting, value: FigureValue) -> FigureValue:
    words = approximate(value.number, setting.words) if setting.words and value.number is not None else ""
    coverage = None
    if setting.table:
        data = basis.data
        coverage = Coverage(
            expected=_of_kind(basis, setting, data.expected.get(setting.table, ())),
            reported=_of_kind(basis, setting, data.reported.get(setting.table, ())),
            must=_of_kind(basis, setting, data.must.get(setting.table, ())),
        )
    return replace(value, words=words, coverage=coverage)


def _of_kind(basis: Basis, setting: FigureSetting, orgs: Sequence[str]) -> tuple[str, ...]:
    """Those organisations that the figure looks at."""
    wanted = setting.org_kind
    return tuple(code for code in orgs if not wanted or basis.office.organisation(code).kind in wanted)


def _at(basis: Basis, figure_id: str, period: Period) -> list[FigureValue]:
    setting = basis.figures[figure_id]
    if setting.share:
        return [_share(basis, figure_id, period)]
    if setting.size_of:
        return [_size(basis, figure_id, period)]
    rows = _select(basis, setting, period)
    if not setting.by:
        return [_value(basis, figure_id, rows, _is_known(basis, setting, period))]
    if setting.by == "单位":
        return [
            replace(
                _value(basis, figure_id, rows[rows["org"] == org.code], _is_known(basis, setting, period, org.code)),
                dims=f"单位={org.short}", label=org.short,
            )
            for org in _organisations(basis, setting, rows)
        ]  # fmt: skip
    labels = dict.fromkeys(label for cells in rows["cells"] for label in cell_values(cells, setting.by))
    return [
        replace(
            _value(basis, figure_id, rows[holds(rows, setting.by, label)], True),
            dims=f"{setting.by}={label}", label=label,
        )
        for label in labels
    ]  # fmt: skip


def _select(basis: Basis, setting: FigureSetting, period: Period) -> pd.DataFrame:
    """The rows that a figure looks at, as of a period."""
    rows = basis.data.rows
    rows = rows[(rows["table"] == setting.table) & rows["period"].isin(_span(basis, setting, period))]
    rows = newest_of_entries(rows)
    if setting.org_kind:
        rows = rows[rows["org_kind"].isin(setting.org_kind)]
    for condition, keep in ((setting.where, True), (setting.where_not, False)):
        for column, wanted in condition.items():
            rows = rows[holds(rows, column, wanted) == keep]
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


def _span(basis: Basis, setting: FigureSetting, period: Period) -> set[str]:
    """The periods whose rows a figure takes, by label."""
    office = basis.office
    if setting.span == "to_date":
        labels = {label for _, label, _ in basis.data.collected}
        return {label for label in labels if office.period(label).last_day <= period.last_day}
    if setting.span == "period":
        return {period.label}
    return {p.label for p in office.cumulative_periods(period, setting.span)}


def _is_known(basis: Basis, setting: FigureSetting, period: Period, org: str = "") -> bool:
    """Whether anything was collected in the figure's span (from one organisation): what was not asked is not zero."""
    span = _span(basis, setting, period)
    of_table = {(p, o) for t, p, o in basis.data.collected if t == setting.table}
    return any(p in span and org in ("", o) for p, o in of_table)


def _value(basis: Basis, figure_id: str, rows: pd.DataFrame, known: bool) -> FigureValue:
    setting = basis.figures[figure_id]
    value: Scaled | None
    if setting.count:
        column = setting.shown or setting.date or next(iter(setting.where), "")
        sources = tuple(Source(sheet_row=int(row_id), column=column) for row_id in rows["id"])
        value, unit = Scaled(len(rows), 0) if known else None, setting.unit
    else:
        value, unit, sources = _sum(basis, figure_id, rows, known)
    return FigureValue(figure=figure_id, value=value, unit=unit, sources=sources)


def _sum(
    basis: Basis, figure_id: str, rows: pd.DataFrame, known: bool
) -> tuple[Scaled | None, str, tuple[Source, ...]]:
    """What was collected and holds no row, or only rows of a 零报告, is zero; rows left empty are no data."""
    setting = basis.figures[figure_id]
    facts = basis.data.facts
    facts = facts[facts["column"] == setting.column].merge(rows[["version", "own_uid"]], on=["version", "own_uid"])
    if facts.empty:
        zero = known and bool((rows["declared"] == "零报告").all())
        return Scaled(0, 0) if zero else None, setting.unit, ()
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
    sources: dict[tuple[object, ...], Source] = {}
    for source in (*part.sources, *whole.sources):
        sources.setdefault((source.fact, source.sheet_row, source.list_entry), source)
    return FigureValue(figure=figure_id, value=value, unit="%", sources=tuple(sources.values()))


def _organisations(basis: Basis, setting: FigureSetting, rows: pd.DataFrame) -> list[Organisation]:
    """Who is asked and who has rows, in office order: one without rows is shown, one no longer asked is not lost."""
    codes = {*_of_kind(basis, setting, basis.data.expected.get(setting.table, ())), *rows["org"]}
    return sorted((basis.office.organisation(code) for code in codes), key=lambda org: org.order)
