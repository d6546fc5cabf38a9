"""Loads the office's own files into one frozen Office and refuses what does not fit together, by file and key.

Code lists load in lists.py, people in people.py. What other rooms' files say of the office is checked where rooms join.
"""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from yaoxun.errors import ConfigError
from yaoxun.office.lists import load_lists
from yaoxun.office.model import Assignment, Organisation, PeriodKind
from yaoxun.office.office import Office, bare_name
from yaoxun.office.periods import KINDS, containing
from yaoxun.office.settings import (
    AssignmentSetting,
    AssignmentsFile,
    CalendarFile,
    OfficeFile,
    OrganisationsFile,
    PeriodsFile,
)
from yaoxun.office.windows import make_period, plain_moments
from yaoxun.office.workdays import WorkCalendar
from yaoxun.settings import load_settings

_BY_KIND = "kind:"
_EVERYBODY = "all"
# A short name names folders and files, 城区-2023-03.xlsx among them: what some system does not take, and 255 bytes a name.
_NO_FILE_NAME = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]')
_NAME_BYTES = 180


def load_office(config: Path) -> Office:
    """The office of a configuration folder. Raises ConfigError naming file, key and remedy of the first fault."""
    organisations = _organisations(config / "organisations.yaml")
    path = config / "office.yaml"
    office = load_settings(path, OfficeFile)
    by_code = {o.code: o for o in organisations}
    for key, code in (("collector", office.collector), ("issuer", office.issuer)):
        if code not in by_code:
            raise _fault(path, key, f"名录里没有单位“{code}”", "请写 organisations.yaml 里的代码。")
    names = frozenset(name for o in organisations for name in (o.code, o.name, o.short, *o.aliases))
    reporting = tuple(o for o in organisations if o.code not in (office.collector, office.issuer))
    assignments, kinds = _assignments(config / "assignments.yaml", reporting, by_code)
    calendar = _calendar(config / "calendar.yaml")
    return Office(
        name=office.name,
        collector=by_code[office.collector],
        issuer=by_code[office.issuer],
        organisations=organisations,
        code_lists=load_lists(config / "lists", names),
        assignments=assignments,
        table_kinds=kinds,
        rules=_rules(config / "periods.yaml", calendar, office.pilot_start),
        calendar=calendar,
        pilot_start=office.pilot_start,
        records_from=office.records_from or office.pilot_start,
    )


def _fault(path: Path, key: str, problem: str, remedy: str) -> ConfigError:
    return ConfigError(file=path, key=key, problem=problem, remedy=remedy)


def _organisations(path: Path) -> tuple[Organisation, ...]:
    settings = load_settings(path, OrganisationsFile).organisations
    parents = {s.code: s.parent for s in settings}
    owner: dict[str, str] = {}
    codes: set[str] = set()
    for number, setting in enumerate(settings, 1):
        key = f"organisations.{number}"
        if setting.code in codes:
            raise _fault(path, f"{key}.code", f"单位代码“{setting.code}”写了两次", "请换一个代码。")
        codes.add(setting.code)
        for name in (setting.code, setting.name, setting.short, *setting.aliases):
            other = owner.setdefault(bare_name(name), setting.code) if name else setting.code
            if other != setting.code:
                problem = f"“{name}”既指 {other} 又指 {setting.code}"
                raise _fault(path, key, problem, "请改正其中一家的名称、简称或别名。")
        _check_parents(path, key, setting.code, parents)
        _check_file_name(path, f"{key}.{'short' if setting.short else 'name'}", setting.short or setting.name)
    return tuple(
        Organisation(
            code=s.code, name=s.name, short=s.short or s.name, kind=s.kind, order=order, parent=s.parent,
            aliases=s.aliases, valid_from=s.valid_from, valid_to=s.valid_to,
        )
        for order, s in enumerate(settings, 1)
    )  # fmt: skip


def _check_file_name(path: Path, key: str, name: str) -> None:
    """Folders under 收/ and 回/ and the issued workbooks bear this name."""
    remedy = "文件夹和文件要用这个名字，请另写一个简称（short）。"
    if found := _NO_FILE_NAME.search(name):
        raise _fault(path, key, f"“{name}”里的“{found[0]}”不能用在文件名里", remedy)
    if name != name.strip(" ."):
        raise _fault(path, key, f"“{name}”以点或空格开头或结尾，不能作文件名", remedy)
    if len(name.encode()) > _NAME_BYTES:
        raise _fault(path, key, f"“{name}”太长，不能作文件名（最多 {_NAME_BYTES // 3} 个汉字）", remedy)


def _check_parents(path: Path, key: str, code: str, parents: dict[str, str]) -> None:
    seen, above = {code}, parents[code]
    while above:
        if above not in parents:
            raise _fault(path, f"{key}.parent", f"名录里没有上级单位“{above}”", "请写本文件里的代码，没有上级的不写。")
        if above in seen:
            raise _fault(path, f"{key}.parent", f"“{above}”绕了一圈又成了自己的上级", "请改正其中一家的 parent。")
        seen.add(above)
        above = parents[above]


def _assignments(
    path: Path, reporting: tuple[Organisation, ...], by_code: dict[str, Organisation]
) -> tuple[tuple[Assignment, ...], dict[str, PeriodKind]]:
    """Assignments written compactly, one an organisation and table; and the kind of period of each table."""
    found: list[Assignment] = []
    kinds: dict[str, PeriodKind] = {}
    for number, setting in enumerate(load_settings(path, AssignmentsFile).assignments, 1):
        key = f"assignments.{number}"
        orgs = list(_named(path, f"{key}.orgs", setting, reporting, by_code))
        for table in setting.tables:
            if kinds.setdefault(table, setting.period) != setting.period:
                problem = f"{table} 在别处是 {kinds[table]}，这里是 {setting.period}"
                raise _fault(path, f"{key}.period", problem, "一张表只有一种报告期，请改正其中一处。")
            found += [
                Assignment(
                    org=org, table=table, duty=setting.duty, valid_from=setting.valid_from, valid_to=setting.valid_to
                )
                for org in orgs
            ]
    return tuple(found), kinds


def _named(
    path: Path,
    key: str,
    setting: AssignmentSetting,
    reporting: tuple[Organisation, ...],
    by_code: dict[str, Organisation],
) -> Iterator[str]:
    """The codes of the organisations that an assignment names."""
    if isinstance(setting.orgs, tuple):
        for code in setting.orgs:
            if code not in by_code:
                raise _fault(path, key, f"名录里没有单位“{code}”", "请写 organisations.yaml 里的代码。")
            yield code
        return
    kind = setting.orgs.removeprefix(_BY_KIND)
    chosen = [o.code for o in reporting if setting.orgs == _EVERYBODY or (kind != setting.orgs and o.kind == kind)]
    if not chosen:
        kinds = "、".join(dict.fromkeys(f"{_BY_KIND}{o.kind}" for o in reporting))
        remedy = f"请写 {_EVERYBODY}、{kinds}，或单位代码的列表（如 [{reporting[0].code if reporting else '代码'}]）。"
        raise _fault(path, key, f"“{setting.orgs}”没有指到任何单位", remedy)
    yield from chosen


def _rules(path: Path, calendar: WorkCalendar, start: date) -> PeriodsFile:
    rules = load_settings(path, PeriodsFile)
    for kind in KINDS:
        stretch = containing(kind, start)
        while stretch.first_day <= date(start.year + 1, start.month, 1):
            opens, due, locks = plain_moments(make_period(stretch, rules), rules, calendar)
            if not opens < due < locks:
                problem = f"{stretch.label} 的开窗（{opens:%m-%d %H:%M}）、截止（{due:%m-%d %H:%M}）、锁定（{locks:%m-%d %H:%M}）次序不对"
                raise _fault(path, f"{kind}.due", problem, "开窗要早于截止，截止要早于锁定。")
            stretch = stretch.shift(1)
    return rules


def _calendar(path: Path) -> WorkCalendar:
    settings = load_settings(path, CalendarFile)
    return WorkCalendar(
        days_off=frozenset(settings.days_off),
        workdays=frozenset(settings.workdays),
        complete_years=frozenset(settings.complete_years),
    )
