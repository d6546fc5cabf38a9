"""Builders of the tests of figures: what was collected, line by line, as a cut; figures as figures.yaml declares them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from yaoxun.figures.compute import Basis, compute_figures
from yaoxun.figures.frames import CutData, build_facts, build_rows
from yaoxun.figures.model import FigureValue
from yaoxun.figures.settings import FigureSetting
from yaoxun.office.loading import load_office
from yaoxun.office.office import Office
from yaoxun.returns.ledger import StoredRow, Version

CONFIG = Path(__file__).parents[3] / "config"
MARCH, FEBRUARY, BEFORE = "2023-03", "2023-02", "试点前"


@lru_cache
def sample_office() -> Office:
    return load_office(CONFIG)


@dataclass
class Collected:
    """Versions with their rows, as they would be current in a cut. `registers`: tables whose rows are entries."""

    registers: frozenset[str] = frozenset({"T3", "T5", "T7"})
    expected: dict[str, tuple[str, ...]] = field(default_factory=dict)
    must: dict[str, tuple[str, ...]] = field(default_factory=dict)
    same: dict[str, str] = field(default_factory=dict)
    versions: list[Version] = field(default_factory=list)
    rows: list[StoredRow] = field(default_factory=list)
    facts: list[Any] = field(default_factory=list)

    def add(
        self, org: str, table: str, period: str, rows: Sequence[Mapping[str, Any]] = (), *, uids: Sequence[str] = (),
        numbers: Sequence[tuple[str, int, int, str]] = (), declared: str = "有数据",
    ) -> "Collected":  # fmt: skip
        """One version. `numbers` gives (column, value, scale, unit) of each row's fact, row by row."""
        version = self._version(org, table, period, declared)
        for n, cells in enumerate(rows):
            uid = uids[n] if uids else f"{org}-{len(self.rows)}"
            row = StoredRow(
                id=len(self.rows) + 1, version=version, row_uid=uid, row_number=n + 1,
                cells={name: [value, f"A{n + 1}"] for name, value in cells.items()}, official_no="",
            )  # fmt: skip
            self.rows.append(row)
            if n < len(numbers):
                column, value, scale, unit = numbers[n]
                self.facts.append(
                    SimpleNamespace(
                        id=len(self.facts) + 1,
                        sheet_version=version,
                        row_uid=uid,
                        column_name=column,
                        value=value,
                        scale=scale,
                        unit=unit,
                    )
                )
        return self

    def _version(self, org: str, table: str, period: str, declared: str) -> int:
        n, moment = len(self.versions) + 1, datetime(2023, 3, 26, tzinfo=UTC)
        self.versions.append(
            Version(
                id=n,
                obligation=n,
                org=org,
                table=table,
                period=period,
                n=1,
                arrival=n,
                declared=declared,
                sheet=table,
                content_sha="",
                received_at=moment,
                decision="接收",
                decided_at=moment,
            )
        )
        return n

    def cut(self, period: str = MARCH) -> CutData:
        office = sample_office()
        labels = sorted({v.period for v in self.versions}, key=lambda label: office.period(label).sort)
        rows = build_rows(
            self.versions, self.rows, org_kind={o.code: o.kind for o in office.organisations}, sort_of=labels.index,
            same_entry=self.same, registers=self.registers,
        )  # fmt: skip
        reported: dict[str, tuple[str, ...]] = {}
        for v in self.versions:
            if v.period == period:
                reported[v.table] = (*reported.get(v.table, ()), v.org)
        return CutData(
            period=office.period(period), rows=rows, facts=build_facts(self.facts),
            collected=frozenset((v.table, v.period, v.org) for v in self.versions), expected=self.expected,
            must=self.must, reported=reported, registers=self.registers,
        )  # fmt: skip

    def figures(self, period: str = MARCH, **declared: Mapping[str, Any]) -> dict[str, list[FigureValue]]:
        """Every declared figure, computed; a declaration without a name gets one."""
        settings = {name: FigureSetting.model_validate({"name": name, **given}) for name, given in declared.items()}
        basis = Basis(data=self.cut(period), office=sample_office(), figures=settings, file=Path("figures.yaml"))
        return {name: list(values) for name, values in compute_figures(basis).values.items()}

    def figure(self, period: str = MARCH, **declared: Any) -> FigureValue:
        """The only value of one figure."""
        (value,) = self.figures(period, one=declared)["one"]
        return value

    def split(self, period: str = MARCH, **declared: Any) -> dict[str, Any]:
        """Label → number of one figure that is split."""
        return {value.label: value.number for value in self.figures(period, one=declared)["one"]}


def policy(date: str = "2023-03-10", **cells: Any) -> dict[str, Any]:
    return {"层级": "市", "状态": "有效", "出台日期": date, **cells}
