"""The values of a whole workbook: what `_meta` and the cover say, and its tables once read. One table is in model.py."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from yaoxun.forms.model import Finding, Table


@dataclass(frozen=True, kw_only=True)
class SheetMeta:
    """What `_meta` says of one sheet: `based_on` names the sheet version that it continues ('' for none)."""

    table: str
    period: str
    sheet: str
    based_on: str = ""


@dataclass(frozen=True, kw_only=True)
class Meta:
    """The very hidden sheet: which template this is. `template` names the bundle, `issue` the one that went out."""

    template: str
    version: int
    org: str
    issue: str = ""
    rules: str = ""
    sheets: tuple[SheetMeta, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Heading:
    """The office's words on the cover. `due` holds for every table that `due_of` does not name."""

    office: str
    title: str = "每月一套表"
    basis: str = ""
    frequency: str = ""
    valid_until: str = ""
    due: str = ""
    due_of: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Cover:
    """The cover as read: label → text (填报人, 审核人 …), and label → its cell's address. `sheet` is '' where there is none.
    `periods`: table → the label beside it."""

    sheet: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    declared: Mapping[str, str] = field(default_factory=dict)
    declared_at: Mapping[str, str] = field(default_factory=dict)
    periods: Mapping[str, str] = field(default_factory=dict)

    def period_of(self, table: str) -> str:
        """The period that the cover gives to a table: its own where the workbook holds several; '' for none."""
        said = self.fields.get("报告期", "").strip()
        return self.periods.get(table, "") if "、" in said else said


@dataclass(frozen=True, kw_only=True)
class Said:
    """What the lines of an own sheet say (填报单位：…, 2023年3月), '' for nothing, and the address that says it. `named`: the
    organisations that fill its rows, each once."""

    sheet: str = ""
    organisation: str = ""
    organisation_at: str = ""
    period: str = ""
    period_at: str = ""
    named: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Identity:
    """What a file says of itself, before anything is known about its sender: `tables` → the sheet that holds it, `own` →
    what the lines of an own sheet say."""

    meta: Meta | None
    cover: Cover
    tables: Mapping[str, str]
    own: Mapping[str, Said] = field(default_factory=dict)

    def period_of(self, table: str) -> str:
        """The period label that `_meta` gives to a table; '' where it is lost."""
        found = (s.period for s in self.meta.sheets if s.table == table) if self.meta else iter(())
        return next(found, "")

    def based_on(self, table: str) -> str:
        """The sheet version that a table continues; '' for none."""
        found = (s.based_on for s in self.meta.sheets if s.table == table) if self.meta else iter(())
        return next(found, "")


@dataclass(frozen=True, kw_only=True)
class ReadWorkbook:
    """A returned workbook: its tables by id and the findings on the file itself."""

    identity: Identity
    tables: Mapping[str, Table]
    findings: tuple[Finding, ...]
