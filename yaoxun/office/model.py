"""The office as frozen values: organisations, code lists, periods, windows. No files and no database here."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, Literal

PeriodKind = Literal["baseline", "week", "month", "quarter", "half", "year"]
Duty = Literal["必报", "有则报"]
_BETWEEN_NAMES = re.compile(r"[、,，;；]")


@dataclass(frozen=True, kw_only=True)
class Organisation:
    """One organisation. `order` is 排序, the fixed order of every list; `kind` one of 省 市 县 开发区 成员单位 本级部门."""

    code: str
    name: str
    short: str
    kind: str
    order: int
    parent: str = ""
    aliases: tuple[str, ...] = ()
    valid_from: date = date.min
    valid_to: date = date.max


@dataclass(frozen=True, kw_only=True)
class ListEntry:
    """One code of a code list; `attributes` are its further columns (a task's lead, target, plan …) as text."""

    code: str
    name: str
    order: int
    aliases: tuple[str, ...] = ()
    valid_from: date = date.min
    valid_to: date = date.max
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class CodeList:
    """A dated code list, resolved as of the period that is reported."""

    name: str
    title: str
    entries: tuple[ListEntry, ...]

    @cached_property
    def _resolved(self) -> dict[tuple[str, date], Any]:
        """What was asked before: a list of thousands is resolved once a day and not once a file."""
        return {}

    def as_of(self, day: date) -> tuple[ListEntry, ...]:
        """The entries in force on that day, in order."""
        key = ("", day)
        if key not in self._resolved:
            self._resolved[key] = tuple(e for e in self.entries if e.valid_from <= day <= e.valid_to)
        found: tuple[ListEntry, ...] = self._resolved[key]
        return found

    def names_as_of(self, day: date) -> Mapping[str, str]:
        """What may be written for an entry in force, names, codes and aliases alike → the name it stands for; a name goes
        before another entry's alias, the earlier entry before the later."""
        key = ("names", day)
        if key not in self._resolved:
            names: dict[str, str] = {}
            for one in reversed(self.as_of(day)):
                names |= dict.fromkeys((*one.aliases, one.code), one.name)
            self._resolved[key] = names | {one.name: one.name for one in self.as_of(day)}
        found: Mapping[str, str] = self._resolved[key]
        return found

    def first_named(self, attribute: str, day: date) -> Mapping[str, tuple[ListEntry, ...]]:
        """The entries in force by whom an attribute names, by the first of several."""
        key = (f"first {attribute}", day)
        if key not in self._resolved:
            groups: dict[str, tuple[ListEntry, ...]] = {}
            for one in self.as_of(day):
                first = _BETWEEN_NAMES.split(one.attributes.get(attribute, ""))[0].strip()
                groups[first] = (*groups.get(first, ()), one)
            self._resolved[key] = groups
        found: Mapping[str, tuple[ListEntry, ...]] = self._resolved[key]
        return found

    def find(self, text: str, day: date) -> ListEntry | None:
        """The entry in force whose code, name or alias is exactly this text; None for none."""
        return next((e for e in self.as_of(day) if text in (e.code, e.name, *e.aliases)), None)


@dataclass(frozen=True, kw_only=True)
class Period:
    """A reporting period: `label` (2023-03) serves sums and 累计, `data_from`..`data_to` (both inclusive) what may be
    dated in it. `first_day`..`last_day` are the label's own calendar days; lists resolve as of `last_day`. `sort` orders
    periods by their end; the baseline 试点前 sorts before all."""

    label: str
    kind: PeriodKind
    year: int
    ordinal: int
    first_day: date
    last_day: date
    data_from: date
    data_to: date

    @property
    def sort(self) -> tuple[date, date]:
        return (self.last_day, self.first_day)


@dataclass(frozen=True, kw_only=True)
class Window:
    """When a period is asked for; aware times. `provisional` marks dates of a year whose calendar is unpublished (暂定)."""

    period: Period
    opens: datetime
    due: datetime
    locks: datetime
    provisional: bool = False


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """An organisation owes a table for every period of its form's kind, within the valid dates."""

    org: str
    table: str
    duty: Duty
    valid_from: date = date.min
    valid_to: date = date.max
