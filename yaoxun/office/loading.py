"""Loads the office's own files into one frozen Office and refuses what does not fit together, by file and key.

Code lists load in lists.py, people in people.py. What other rooms' files say of the office is checked where rooms join.
"""

import re
from datetime import date
from pathlib import Path

from yaoxun.errors import ConfigError, InternalError
from yaoxun.office.lists import gather_lists
from yaoxun.office.model import Assignment, Organisation, PeriodKind
from yaoxun.office.office import Office, bare_name
from yaoxun.office.periods import KINDS, containing
from yaoxun.office.settings import (
    ORGANISATION_KINDS,
    AssignmentSetting,
    AssignmentsFile,
    CalendarFile,
    OfficeFile,
    OrganisationSetting,
    OrganisationsFile,
    PeriodsFile,
    RegularKind,
)
from yaoxun.office.windows import make_period, plain_moments
from yaoxun.office.workdays import WorkCalendar
from yaoxun.settings import Faults, load_settings

_BY_KIND = "kind:"
_EVERYBODY = "all"
# A short name names folders and files, 城区-2023-03.xlsx among them: what some system does not take, and 255 bytes a name.
_NO_FILE_NAME = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]')
_NAME_BYTES = 180
_NOBODY = Organisation(code="", name="", short="", kind="", order=0)


def load_office(config: Path) -> Office:
    """The office of a configuration folder. Raises ConfigError with all faults of its files."""
    faults = Faults()
    office = gather_office(config, faults)
    faults.stop()
    if office is None:
        raise InternalError("an office without a fault did not load")
    return office


def gather_office(config: Path, faults: Faults) -> Office | None:
    """The office as far as its files can be read, for looking further; what is wrong goes to `faults`. None without a
    list of organisations or rules of periods. Where office.yaml cannot be read, the first organisation stands in."""
    found = _organisations(config / "organisations.yaml", faults)
    names = frozenset(n for o in found for n in (o.code, o.name, o.short, *o.aliases)) if found else None
    lists = gather_lists(config / "lists", names, faults)
    organisations = found or (_NOBODY,)
    head = _head(config / "office.yaml", {o.code for o in found} if found else None, faults)
    by_code = {o.code: o for o in organisations}
    collector = by_code.get(head.collector, organisations[0])
    issuer = by_code.get(head.issuer, organisations[0])
    reporting = tuple(o for o in organisations if o.code not in (head.collector, head.issuer))
    assignments, kinds = _assignments(config / "assignments.yaml", reporting, by_code if found else None, faults)
    calendar = _calendar(config / "calendar.yaml", faults)
    rules = _rules(config / "periods.yaml", calendar, head.pilot_start, faults)
    if not found or rules is None:
        return None
    return Office(
        name=head.name,
        collector=collector,
        issuer=issuer,
        organisations=organisations,
        code_lists=lists,
        assignments=assignments,
        table_kinds=kinds,
        rules=rules,
        calendar=calendar,
        pilot_start=head.pilot_start,
        records_from=head.records_from or head.pilot_start,
    )


def _fault(path: Path, key: str, problem: str, remedy: str) -> ConfigError:
    return ConfigError(file=path, key=key, problem=problem, remedy=remedy)


def _head(path: Path, codes: set[str] | None, faults: Faults) -> OfficeFile:
    """office.yaml, or what stands in for it while the other files are looked at."""
    office = OfficeFile(name="（office.yaml 有误）", collector="", issuer="", pilot_start=date(2020, 1, 1))
    with faults.gathered():
        office = load_settings(path, OfficeFile)
        for key, code in (("collector", office.collector), ("issuer", office.issuer)):
            if codes is not None and code not in codes:
                faults.add(_fault(path, key, f"名录里没有单位“{code}”", "请写 organisations.yaml 里的代码。"))
    return office


def _organisations(path: Path, faults: Faults) -> tuple[Organisation, ...]:
    file = OrganisationsFile(organisations=())
    with faults.gathered():
        file = load_settings(path, OrganisationsFile)
    settings, kinds = file.organisations, (*ORGANISATION_KINDS, *file.kinds)
    parents = {s.code: s.parent for s in settings}
    owner: dict[str, str] = {}
    codes: set[str] = set()
    for number, setting in enumerate(settings, 1):
        key = f"organisations.{number}"
        if setting.code in codes:
            faults.add(_fault(path, f"{key}.code", f"单位代码“{setting.code}”写了两次", "请换一个代码。"))
            continue
        codes.add(setting.code)
        if setting.kind not in kinds:
            remedy = f"请从中选一个：{'、'.join(kinds)}；别的类别（如 乡镇）先写进本文件的 kinds: [乡镇]。"
            faults.add(_fault(path, f"{key}.kind", f"没有“{setting.kind}”这一类单位", remedy))
        for name in (setting.code, setting.name, setting.short, *setting.aliases):
            other = owner.setdefault(bare_name(name), setting.code) if name else setting.code
            if other != setting.code:
                problem = f"“{name}”既指 {other} 又指 {setting.code}"
                faults.add(_fault(path, key, problem, "请改正其中一家的名称、简称或别名。"))
        with faults.gathered():
            _check_parents(path, key, setting.code, parents)
        with faults.gathered():
            _check_file_name(path, f"{key}.{'short' if setting.short else 'name'}", setting.short or setting.name)
    return tuple(_organisation(setting, order) for order, setting in enumerate(settings, 1))


def _organisation(s: OrganisationSetting, order: int) -> Organisation:
    return Organisation(
        code=s.code, name=s.name, short=s.short or s.name, kind=s.kind, order=order, parent=s.parent,
        aliases=s.aliases, valid_from=s.valid_from, valid_to=s.valid_to,
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
    path: Path, reporting: tuple[Organisation, ...], by_code: dict[str, Organisation] | None, faults: Faults
) -> tuple[tuple[Assignment, ...], dict[str, PeriodKind]]:
    """Assignments written compactly, one an organisation and table; and the kind of period of each table. `by_code` None:
    organisations are not known."""
    found: list[Assignment] = []
    kinds: dict[str, PeriodKind] = {}
    settings: tuple[AssignmentSetting, ...] = ()
    with faults.gathered():
        settings = load_settings(path, AssignmentsFile).assignments
    for number, setting in enumerate(settings, 1):
        key = f"assignments.{number}"
        orgs: list[str] = []
        with faults.gathered():
            orgs += [] if by_code is None else _named(path, f"{key}.orgs", setting, reporting, by_code)
        for table in setting.tables:
            if kinds.setdefault(table, setting.period) != setting.period:
                problem = f"{table} 在别处是 {kinds[table]}，这里是 {setting.period}"
                faults.add(_fault(path, f"{key}.period", problem, "一张表只有一种报告期，请改正其中一处。"))
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
) -> list[str]:
    """The codes of the organisations that an assignment names."""
    if isinstance(setting.orgs, tuple):
        unknown = [code for code in setting.orgs if code not in by_code]
        if unknown:
            raise _fault(path, key, f"名录里没有单位“{'、'.join(unknown)}”", "请写 organisations.yaml 里的代码。")
        return list(setting.orgs)
    kind = setting.orgs.removeprefix(_BY_KIND)
    chosen = [o.code for o in reporting if setting.orgs == _EVERYBODY or (kind != setting.orgs and o.kind == kind)]
    # An office that has nobody to report yet may well say "all".
    if not chosen and (setting.orgs != _EVERYBODY or reporting):
        kinds = "、".join(dict.fromkeys(f"{_BY_KIND}{o.kind}" for o in reporting))
        remedy = f"请写 {_EVERYBODY}、{kinds}，或单位代码的列表（如 [{reporting[0].code if reporting else '代码'}]）。"
        raise _fault(path, key, f"“{setting.orgs}”没有指到任何单位", remedy)
    return chosen


def _rules(path: Path, calendar: WorkCalendar, start: date, faults: Faults) -> PeriodsFile | None:
    with faults.gathered():
        rules = load_settings(path, PeriodsFile)
        for kind in KINDS:
            with faults.gathered():
                _check_order(path, rules, kind, calendar, start)
        return rules
    return None


def _check_order(path: Path, rules: PeriodsFile, kind: RegularKind, calendar: WorkCalendar, start: date) -> None:
    """A year of windows, from the pilot's start, must open before they are due and be due before they lock."""
    stretch = containing(kind, start)
    while stretch.first_day <= date(start.year + 1, start.month, 1):
        opens, due, locks = plain_moments(make_period(stretch, rules), rules, calendar)
        if not opens < due < locks:
            problem = f"{stretch.label} 的开窗（{opens:%m-%d %H:%M}）、截止（{due:%m-%d %H:%M}）、锁定（{locks:%m-%d %H:%M}）次序不对"
            raise _fault(path, f"{kind}.due", problem, "开窗要早于截止，截止要早于锁定。")
        stretch = stretch.shift(1)


def _calendar(path: Path, faults: Faults) -> WorkCalendar:
    settings = CalendarFile()
    with faults.gathered():
        settings = load_settings(path, CalendarFile)
    return WorkCalendar(
        days_off=frozenset(settings.days_off),
        workdays=frozenset(settings.workdays),
        complete_years=frozenset(settings.complete_years),
    )
