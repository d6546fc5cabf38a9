"""The plan of the sample quarter as frozen values: who reports what in which month, and what it must add up to.

How it is typed into workbooks stands in hands.py and fills.py; when it happens, in quarter.py.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from types import MappingProxyType

from yaoxun.demo.names import DeedName, PolicyName, deed_name, event_name, policy_name

MONTHS = ("2023-01", "2023-02", "2023-03")
WEEK = "2023-W14"  # the first week that the leads report; the quarter's tables come with March
BULLETIN = "要讯"
QUARTERLY, QUARTER = "季度通报", "2023Q1"
COUNTIES = ("chengqu", "zezhou", "gaoping", "yangcheng", "lingchuan", "qinshui")
BUREAUS = tuple(f"danwei{n:02d}" for n in range(1, 21))
REPORTING = (*COUNTIES, *BUREAUS)

# What each plays in March.
LATE = "danwei07"
NEVER = "danwei19"
FAULTY = "danwei12"
UNEXPLAINED = "danwei11"
TWICE = "danwei03"
CORRECTED = "danwei05"
POLICIES_ALONE = "danwei09"
NOTHING_NEW = "danwei16"
NO_WORKBOOK = "danwei14"
OLD_FORMAT = "zezhou"
SECOND_DAY = (FAULTY, UNEXPLAINED, NO_WORKBOOK, OLD_FORMAT, "danwei20", "qinshui")

# What the quarter must come to at the end; config/figures.yaml says how each is counted.
EXPECTED: Mapping[str, int] = MappingProxyType({
    "measures_total": 13, "measures_env": 7, "measures_projects": 6, "traction_total": 7, "tasks_total": 45,
    "counties_total": 6, "policies_city": 87, "policies_since_pilot": 55, "policies_before_pilot": 32,
    "deeds_total": 95, "products_total": 42, "topics_total": 3,
})  # fmt: skip
EXPECTED_WORDS = MappingProxyType({"products_total": "40余"})

# Policies of each bureau: before the pilot (imported), told late in January, new in January, February and March.
_POLICIES = """
01 2 2 1 0 1    06 2 2 0 1 1    11 2 1 1 0 0    16 1 0 0 1 0
02 2 2 0 1 0    07 2 2 1 0 1    12 2 1 0 0 1    17 1 0 1 0 0
03 2 2 1 0 1    08 2 2 0 1 0    13 1 1 1 0 1    18 1 0 0 1 0
04 2 2 0 1 0    09 2 2 1 0 2    14 1 1 0 1 0    19 1 0 0 1 0
05 2 2 1 0 1    10 2 2 0 1 0    15 1 1 1 0 1    20 1 0 1 0 1
"""
# Deeds of each bureau: promised in January, February and March.
_DEEDS = """
01 3 1 2    06 3 1 1    11 3 1 1    16 3 0 0
02 3 1 2    07 3 1 1    12 3 0 1    17 3 1 1
03 3 1 1    08 3 1 1    13 3 1 1    18 3 0 1
04 3 1 1    09 3 1 1    14 3 0 1    19 3 1 0
05 3 1 1    10 3 1 1    15 3 1 1    20 3 0 1
"""
_COUNTY_POLICIES = {"2023-01": COUNTIES, "2023-02": (), "2023-03": ("chengqu", "gaoping", "yangcheng")}
_COUNTY_DEEDS = {"2023-01": COUNTIES * 2, "2023-02": (), "2023-03": ("chengqu", "zezhou")}
# Kinds (套) of posters and souvenirs, think-tank topics, public campaigns.
_PRODUCTS = {("danwei08", "2023-01"): 6, ("danwei08", "2023-02"): 8, ("danwei13", "2023-02"): 6, ("danwei13", "2023-03"): 4,
             (CORRECTED, "2023-03"): 8, ("danwei17", "2023-03"): 10}  # fmt: skip
_TOPICS = {("danwei14", "2023-01"): "青年居住现状研究课题（示例）", ("danwei18", "2023-02"): "城市评价体系研究课题（示例）",
           ("danwei06", "2023-03"): "公共空间标准研究课题（示例）"}  # fmt: skip
_CAMPAIGNS = {("danwei08", "2023-01"): "宣传标语标志征集（示例）", ("danwei10", "2023-02"): "青年意见建议征集（示例）"}
WRONG_PRODUCTS = 9  # what CORRECTED types first, instead of its 8

_WINDOWS = {"2023-01": date(2022, 12, 26), "2023-02": date(2023, 1, 26), "2023-03": date(2023, 2, 26)}
_PILOT, _BEFORE_PILOT = date(2022, 6, 6), date(2021, 3, 1)


@dataclass(frozen=True, kw_only=True)
class Policy:
    """One policy: `late` when it is older than the month that it is told in; `number` '' for none."""

    org: str
    name: PolicyName
    issued: date
    number: str
    late: bool = False


@dataclass(frozen=True, kw_only=True)
class Deed:
    """One deed with the day it is promised for, and its cost in 万元."""

    org: str
    name: DeedName
    due: date
    cost_wanyuan: int


@dataclass(frozen=True, kw_only=True)
class Event:
    """One line of T7."""

    name: str
    kind: str
    on: date
    products: int = 0


@dataclass(frozen=True, kw_only=True)
class Month:
    """What one organisation has to tell in one month."""

    policies: tuple[Policy, ...] = ()
    deeds: tuple[Deed, ...] = ()
    events: tuple[Event, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Story:
    """The whole plan: the policies before the pilot, and what each organisation tells in each month."""

    before_pilot: tuple[Policy, ...]
    months: Mapping[tuple[str, str], Month] = field(default_factory=dict)

    def of(self, org: str, period: str) -> Month:
        """What an organisation tells in a month."""
        return self.months.get((org, period), Month())


def make_story() -> Story:
    """The plan; the same at every call."""
    policies = _all_policies()
    deeds = _all_deeds()
    months = {
        (org, period): Month(
            policies=tuple(p for when, p in policies if p.org == org and when == period),
            deeds=tuple(d for when, d in deeds if d.org == org and when == period),
            events=tuple(_events(org, period)),
        )
        for org in REPORTING
        for period in MONTHS
    }
    return Story(before_pilot=tuple(p for when, p in policies if not when), months=months)


def _rows(plan: str) -> dict[str, tuple[int, ...]]:
    """A table of numbers, several organisations a line, as organisation → its numbers."""
    lines = [line.split("    ") for line in plan.strip().splitlines()]
    cells = sorted(cell.split() for line in lines for cell in line)
    return {f"danwei{cell[0]}": tuple(int(n) for n in cell[1:]) for cell in cells}


def _all_policies() -> list[tuple[str, Policy]]:
    """Every policy with the month that tells of it, '' for the imported ones."""
    found: list[tuple[str, Policy]] = []
    names = map(policy_name, count())
    plan = _rows(_POLICIES)
    for column, when in enumerate(("", "2023-01", *MONTHS)):
        late = column == 1
        for org, counts in plan.items():
            for _ in range(counts[column]):
                day = _day(when, len(found), late=late)
                found.append((when, _policy(org, next(names), day, len(found), late=late)))
    for when, orgs in _COUNTY_POLICIES.items():
        for org in orgs:
            found.append((when, _policy(org, next(names), _day(when, len(found)), len(found))))
    return found


def _policy(org: str, name: PolicyName, day: date, n: int, *, late: bool = False) -> Policy:
    mark = org.removeprefix("danwei") if org in BUREAUS else f"县{COUNTIES.index(org) + 1}"
    number = "" if n % 9 == 8 else f"晋市示例{mark}发〔{day.year}〕{n + 1}号"
    return Policy(org=org, name=name, issued=day, number=number, late=late)


def _day(when: str, n: int, *, late: bool = False) -> date:
    """A day within the month's data window; before it, since or before the pilot, for what is older."""
    if not when:
        return _BEFORE_PILOT + timedelta(days=n * 13 % 440)
    if late:
        return _PILOT + timedelta(days=n * 7 % 190)
    return _WINDOWS[when] + timedelta(days=n * 5 % 27)


def _all_deeds() -> list[tuple[str, Deed]]:
    found: list[tuple[str, Deed]] = []
    names = map(deed_name, count())
    plan = _rows(_DEEDS)
    wanted = [
        (period, org) for n, period in enumerate(MONTHS) for org, counts in plan.items() for _ in range(counts[n])
    ]
    wanted += [(period, org) for period, orgs in _COUNTY_DEEDS.items() for org in orgs]
    for n, (period, org) in enumerate(wanted):
        due = date(2023, 6 + n % 6, 28)
        found.append((period, Deed(org=org, name=next(names), due=due, cost_wanyuan=20 + n * 7 % 180)))
    return found


def _events(org: str, period: str) -> Iterator[Event]:
    key, n = (org, period), REPORTING.index(org) + MONTHS.index(period) * 3
    if key == (NOTHING_NEW, MONTHS[-1]):
        return
    on = _day(period, n)
    if n % 4:
        yield Event(name=event_name(n), kind="活动", on=on)
    if key in _PRODUCTS:
        yield Event(
            name=f"第{MONTHS.index(period) + 1}批主题海报和文创（示例）",
            kind="海报文创",
            on=on,
            products=_PRODUCTS[key],
        )
    if key in _TOPICS:
        yield Event(name=_TOPICS[key], kind="课题", on=on)
    if key in _CAMPAIGNS:
        yield Event(name=_CAMPAIGNS[key], kind="征集", on=on)
