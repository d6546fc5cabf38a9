"""Figures as frozen values: a number with its unit, its coverage and the cells it came from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from yaoxun.store.types import Scaled


@dataclass(frozen=True, kw_only=True)
class Source:
    """One place a figure came from: a fact, a row (with the column that was looked at) or an entry of a code list."""

    fact: int | None = None
    sheet_row: int | None = None
    column: str = ""
    list_entry: str = ""


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """Who was asked and who declared, as organisation codes in office order; `must`: of those asked, who has to (必报)."""

    expected: tuple[str, ...]
    reported: tuple[str, ...]
    must: tuple[str, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(org for org in self.expected if org not in self.reported)


@dataclass(frozen=True, kw_only=True)
class FigureValue:
    """One figure of one cut. `dims` is '' or `单位=城区`; `value` None means no data at all. `uneven`: those of `against`
    that other organisations' data went into, so that the two cannot be compared."""

    figure: str
    dims: str = ""
    label: str = ""
    value: Scaled | None
    unit: str
    words: str = ""
    coverage: Coverage | None = None
    sources: tuple[Source, ...] = ()
    against: Mapping[str, Scaled | None] | None = None
    uneven: frozenset[str] = frozenset()

    @property
    def number(self) -> Decimal | None:
        return None if self.value is None else self.value.number


@dataclass(frozen=True, kw_only=True)
class Computed:
    """All figures of one cut, by id; figures split `by` a dimension hold several values."""

    values: Mapping[str, Sequence[FigureValue]]

    def all(self) -> list[FigureValue]:
        return [value for group in self.values.values() for value in group]
