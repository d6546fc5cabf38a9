"""The closed shape of the office's own files: office, organisations, lists/*, assignments, periods, calendar, people.

Only what one file may say on its own; what one file says about another is checked in loading.py and people.py.
"""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from yaoxun.office.model import Duty, PeriodKind
from yaoxun.settings import Clock, Closed

ORGANISATION_KINDS = ("省", "市", "县", "开发区", "成员单位", "本级部门")
"""The kinds that every office has; organisations.yaml may name further ones."""
RegularKind = Literal["week", "month", "quarter", "half", "year"]
ContactKind = Literal["A岗", "B岗", "分管领导", "抄送", "允许发件"]
Move = Literal["提前", "顺延"]
Row = dict[str, Any]


def _words(value: Any) -> Any:
    """Numbers and dates of a list's further columns are kept as the text they were written as."""
    return str(value) if isinstance(value, int | float | date) and not isinstance(value, bool) else value


Words = Annotated[str, BeforeValidator(_words)]
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9_\-]+$")]
Text = Annotated[str, Field(min_length=1)]


class Dated(Closed):
    """Something in force from a day to a day, both included."""

    valid_from: date = date.min
    valid_to: date = date.max

    @model_validator(mode="after")
    def _forwards(self) -> "Dated":
        if self.valid_from > self.valid_to:
            raise ValueError(f"valid_from（{self.valid_from}）晚于 valid_to（{self.valid_to}）")
        return self


class OfficeFile(Closed):
    """office.yaml. `collector` and `issuer` are codes of organisations. `records_from`: the day from which data stand
    under periods of their own; earlier ones belong to 试点前 (default: the pilot's start)."""

    name: Text
    collector: str
    issuer: str
    pilot_start: date
    records_from: date | None = None

    @model_validator(mode="after")
    def _first_of_month(self) -> "OfficeFile":
        if self.pilot_start.day != 1 or (self.records_from or self.pilot_start).day != 1:
            raise ValueError("pilot_start 和 records_from 要写某月的1日")
        return self


class OrganisationSetting(Dated):
    """One organisation. Its place in the file is its 排序; `short` is the name where nothing else is said."""

    code: Code
    name: Text
    short: str = ""
    kind: Text
    parent: str = ""
    aliases: tuple[Text, ...] = ()


class OrganisationsFile(Closed):
    """organisations.yaml. `kinds`: further kinds of organisations (乡镇, 街道, 县直部门), beside those that every office has."""

    kinds: tuple[Text, ...] = ()
    organisations: tuple[OrganisationSetting, ...]


class AttributeSetting(Closed):
    """A further column of a code list. `holds`: organisation (one) or organisations (、-separated) by code or name,
    number, or the name of a code list of which it holds a code or a name; '' for any text. `one_of`: the words it may hold."""

    title: str = ""
    holds: str = ""
    one_of: tuple[str, ...] = ()
    required: bool = False
    default: Words = ""


class EntrySetting(Dated):
    """One code of a list, without the further columns that the list itself declares."""

    code: Code
    name: Text
    aliases: tuple[Text, ...] = ()


class ListFile(Dated):
    """lists/NAME.yaml. The dates are those of every entry that gives none of its own."""

    title: Text
    attributes: dict[Annotated[str, Field(pattern=r"^[A-Za-z]\w*$")], AttributeSetting] = {}
    entries: tuple[Row, ...]


class AssignmentSetting(Dated):
    """Who owes what. `orgs`: all (everyone but collector and issuer), kind:KIND, or a list of codes. Of two entries that
    name the same organisation and table the later holds."""

    orgs: str | tuple[str, ...]
    tables: tuple[Text, ...]
    period: RegularKind
    duty: Duty


class AssignmentsFile(Closed):
    """assignments.yaml."""

    assignments: tuple[AssignmentSetting, ...]


class MonthMoment(Closed):
    """A moment told from the last month of the period, or `after` months later: its `day` (31 for the last of any
    month) or its `workday`-th working day, `at` a time."""

    after: int = Field(default=0, ge=0, le=2)
    day: int | None = Field(default=None, ge=1, le=31)
    workday: int | None = Field(default=None, ge=1, le=15)
    at: Clock

    @model_validator(mode="after")
    def _one(self) -> "MonthMoment":
        if (self.day is None) == (self.workday is None):
            raise ValueError("day（几号）与 workday（第几个工作日）必须恰好写一个")
        return self


class WeekMoment(Closed):
    """A moment told from the week itself, or `after` weeks later: its `weekday` (1 for Monday), `at` a time."""

    after: int = Field(default=0, ge=0, le=2)
    weekday: int = Field(ge=1, le=7)
    at: Clock


class MonthRules(Closed):
    """Data to the day of the period's last month, and when it is asked for. `on_day_off`: where a due date that falls on
    a day off goes."""

    data_to: int = Field(ge=1, le=31)
    opens: MonthMoment
    due: MonthMoment
    locks: MonthMoment
    on_day_off: Move


class WeekRules(Closed):
    """The same for weeks; `data_to` is a weekday."""

    data_to: int = Field(ge=1, le=7)
    opens: WeekMoment
    due: WeekMoment
    locks: WeekMoment
    on_day_off: Move


class PeriodsFile(Closed):
    """periods.yaml. `newcomer_workdays`: what a new organisation or table has, from the day it came into being."""

    newcomer_workdays: int = Field(ge=0, le=30)
    week: WeekRules
    month: MonthRules
    quarter: MonthRules
    half: MonthRules
    year: MonthRules

    def of(self, kind: PeriodKind) -> WeekRules | MonthRules:
        """The rules of a kind of period."""
        rules: WeekRules | MonthRules = getattr(self, kind)
        return rules


class CalendarFile(Closed):
    """calendar.yaml: what the office knows better. `complete_years`: years whose notice has been entered here in full,
    so that their dates are no longer 暂定."""

    days_off: tuple[date, ...] = ()
    workdays: tuple[date, ...] = ()
    complete_years: tuple[int, ...] = ()

    @model_validator(mode="after")
    def _disjoint(self) -> "CalendarFile":
        both = sorted(set(self.days_off) & set(self.workdays))
        if both:
            raise ValueError(f"{both[0]} 既写在 days_off 又写在 workdays")
        return self


class StaffSetting(Closed):
    """Somebody of the office who logs in; `title` says the post, no personal name."""

    login: Code
    org: str
    title: Text
    roles: tuple[Text, ...] = Field(min_length=1)
    valid_from: date | None = None


class PeopleFile(Closed):
    """people.yaml. `contacts`: organisation → kind of contact → one address or several."""

    valid_from: date
    staff: tuple[StaffSetting, ...]
    contacts: dict[str, dict[ContactKind, str | tuple[str, ...]]]
