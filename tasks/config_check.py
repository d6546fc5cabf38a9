"""config check: everything that is wrong in config/ and report_templates/, and what is idle there.

What a normal command needs is checked when it loads (config_load.py); here stand the checks that need people, schedules
and rendered templates. A fault has to be mended; a hint (提示) is worth knowing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tasks.config_load import Loaded, load
from tasks.draft import template_variables
from tasks.own_files import check_own_files, open_questions
from tasks.trial_templates import Trial, try_narrative, try_notices
from yaoxun.briefings.lint.habits import load_habits
from yaoxun.briefings.profile import FormatProfile, load_profile
from yaoxun.briefings.word_tables import is_wide
from yaoxun.context import Context
from yaoxun.errors import ConfigError, RequestError
from yaoxun.home import Home
from yaoxun.office.office import Office
from yaoxun.office.people import People, gather_people
from yaoxun.office.periods import containing
from yaoxun.office.settings import ListFile
from yaoxun.schedules import load_schedules
from yaoxun.settings import Faults, load_settings

_MOST_LINES = 20


@dataclass(frozen=True, kw_only=True)
class Hint:
    """Something idle or unreachable: the configuration works with it."""

    file: str
    key: str
    say: str

    def sentence(self) -> str:
        return f"提示：{self.file}{'，键 ' + self.key if self.key else ''}：{self.say}"


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What a configuration holds, all its faults and its hints. `root` is the office's folder, `unanswered` how many
    questions of drafts nobody has answered yet."""

    root: Path
    organisations: int = 0
    tables: int = 0
    figures: int = 0
    kinds: int = 0
    faults: tuple[ConfigError, ...] = ()
    hints: tuple[Hint, ...] = ()
    unanswered: int = 0

    def summary(self) -> str:
        if self.faults:
            files = len({fault.file for fault in self.faults})
            return f"配置有误 {len(self.faults)} 处，在 {files} 个文件里；改好后请再查一遍。"
        asked = f"起草时标着“？请确认”的还有 {self.unanswered} 处没有答，见提示。" if self.unanswered else ""
        counts = f"单位 {self.organisations} 家，报表 {self.tables} 张，指标 {self.figures} 个，文种 {self.kinds} 种。"
        return f"配置无误：{counts}{asked}"

    def as_json(self) -> dict[str, Any]:
        """The same as plain data."""
        faults = [
            {"file": self._short(f.file), "line": f.line, "key": f.key, "problem": f.problem, "remedy": f.remedy}
            for f in self.faults
        ]
        hints = [{"file": h.file, "key": h.key, "say": h.say} for h in self.hints]
        counts = {
            "organisations": self.organisations,
            "tables": self.tables,
            "figures": self.figures,
            "kinds": self.kinds,
        }
        return {"ok": not self.faults, "faults": faults, "hints": hints, "counts": counts}

    def _short(self, file: str) -> str:
        path = Path(file)
        return path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else file


def check_config(ctx: Context) -> Checked:
    """Look through everything; raises nothing for what is wrong in the files."""
    home, loaded = ctx.home, load(ctx.home)
    faults = loaded.faults
    people = _people(home, loaded)
    _check_signers(home, loaded, people)
    _check_schedules(home, loaded)
    _check_own_files(ctx, loaded)
    try_notices(home.templates, faults)
    with faults.gathered():
        load_habits(home.templates)
    trials = _try_narratives(ctx, loaded)
    hints = () if faults else tuple(_hints(home, loaded, people, trials))
    return Checked(
        root=home.root,
        organisations=len(loaded.office.organisations) if loaded.office else 0,
        tables=len(loaded.forms),
        figures=len(loaded.figures or ()),
        kinds=len(loaded.briefings or ()),
        faults=_ordered(faults, home),
        hints=hints,
        unanswered=sum(len(open_questions(form)) for form in loaded.forms.values()),
    )


def _ordered(faults: Faults, home: Home) -> tuple[ConfigError, ...]:
    """By file, as a folder lists them, and by line in each."""

    def place(fault: ConfigError) -> tuple[bool, str, int]:
        return (not Path(fault.file).is_relative_to(home.config), fault.file, fault.line or 0)

    return tuple(sorted(faults.found, key=place))


def _people(home: Home, loaded: Loaded) -> People | None:
    office = loaded.office
    known = frozenset(o.code for o in office.organisations) if office is not None else None
    return gather_people(home.config, known, loaded.faults)


def _check_signers(home: Home, loaded: Loaded, people: People | None) -> None:
    if people is None:
        return
    roles = {role for person in people.people for role in person.roles}
    for name, kind in (loaded.briefings or {}).items():
        if kind.signed_by not in roles:
            problem = f"没有人有“{kind.signed_by}”这个角色，签发不了"
            remedy = f"请改成 people.yaml 里有人的角色（{'、'.join(sorted(roles))}），或在 people.yaml 给签发的人写上这个角色。"
            key = f"kinds.{name}.signed_by"
            file = home.config / "briefings.yaml"
            loaded.faults.add(ConfigError(file=file, key=key, problem=problem, remedy=remedy))


def _check_schedules(home: Home, loaded: Loaded) -> None:
    with loaded.faults.gathered():
        for number, schedule in enumerate(load_schedules(home).schedules, 1):
            kind = schedule.parameters.get("kind")
            if kind is not None and loaded.briefings is not None and kind not in loaded.briefings:
                problem = f"“{schedule.name}”起草的文种“{kind}”没有定义"
                remedy = f"请写 briefings.yaml 里的文种：{'、'.join(loaded.briefings)}。"
                file, key = home.config / "schedules.yaml", f"schedules.{number}.parameters.kind"
                loaded.faults.add(ConfigError(file=file, key=key, problem=problem, remedy=remedy))


def _check_own_files(ctx: Context, loaded: Loaded) -> None:
    if loaded.office is not None and loaded.limits is not None:
        day = ctx.local_now().date()
        found = check_own_files(ctx.home.config, loaded.forms, loaded.office, loaded.limits, day).found
        for fault in found:
            loaded.faults.add(fault)


def _try_narratives(ctx: Context, loaded: Loaded) -> dict[str, Trial]:
    """Each template folder once, with the first kind of document that uses it; its tables in the profile of each."""
    office, trials = loaded.office, dict[str, Trial]()
    if office is None or loaded.figures is None:
        return trials
    profiles = _profiles(ctx.home, loaded)
    for kind in (loaded.briefings or {}).values():
        if kind.folder not in trials:
            stretch = containing(kind.periods[0], office.records_from) if kind.periods[0] != "baseline" else None
            period = office.period(stretch.label) if stretch else office.baseline
            variables = template_variables(office, period, ctx.now())
            folder = ctx.home.templates / kind.folder
            trials[kind.folder] = try_narrative(folder, office, loaded.figures, variables, loaded.faults)
        if kind.format in profiles:
            path = ctx.home.templates / kind.folder / "narrative.md.j2"
            _check_widths(path, trials[kind.folder], profiles[kind.format], loaded.faults)
    return trials


def _profiles(home: Home, loaded: Loaded) -> dict[str, FormatProfile]:
    """The format profiles in use by name, of those that can be read."""
    found = dict[str, FormatProfile]()
    for name in dict.fromkeys(kind.format for kind in (loaded.briefings or {}).values()):
        with loaded.faults.gathered():
            found[name] = load_profile(home.templates, name)
    return found


def _check_widths(path: Path, trial: Trial, profile: FormatProfile, faults: Faults) -> None:
    """No table may have more columns than a page holds."""
    for table in trial.tables:
        try:
            is_wide(table, profile)
        except RequestError as err:
            faults.add(ConfigError(file=path, key="", problem=err.message.removesuffix("。"), remedy=err.remedy))


def _hints(home: Home, loaded: Loaded, people: People | None, trials: dict[str, Trial]) -> Iterator[Hint]:
    office = loaded.office
    if office is None or people is None:
        return
    if not loaded.forms:
        yield Hint(file="config/forms", key="", say="还没有报表；用 yaoxun forms draft 从自己的表做一张。")
    yield from _unanswered(loaded)
    yield from _idle_tables(loaded, office)
    yield from _without_contact(office, people)
    yield from _idle_lists(home, loaded, office)
    yield from _idle_figures(loaded, trials)
    for folder, trial in trials.items():
        for line, key, say in trial.hints:
            where = f"report_templates/{folder}/narrative.md.j2" + (f" 第{line}行" if line else "")
            yield Hint(file=where, key=key, say=say)
    used = {*trials, "notices", "profiles"}
    for path in sorted(home.templates.iterdir()):
        if path.is_dir() and path.name not in used:
            yield Hint(file=f"report_templates/{path.name}", key="", say="没有文种用这套模板（briefings.yaml）。")


def _unanswered(loaded: Loaded) -> Iterator[Hint]:
    """Drafts whose questions nobody has answered, or whose lines were left there."""
    for form in loaded.forms.values():
        if lines := open_questions(form):
            where = "、".join(map(str, lines[:_MOST_LINES])) + ("等" if len(lines) > _MOST_LINES else "")
            say = f"起草时标着“？请确认”的还有 {len(lines)} 处（第{where}行）；请核对，改好后删去那一行。"
            yield Hint(file=f"config/forms/{form.file.name}", key="", say=say)


def _idle_tables(loaded: Loaded, office: Office) -> Iterator[Hint]:
    for table, form in loaded.forms.items():
        if table not in office.table_kinds:
            yield Hint(file=f"config/forms/{form.file.name}", key="", say="没有单位报这张表（assignments.yaml）。")
        rows = form.setting.rows
        if rows and rows.list in office.code_lists and not office.code_list(rows.list).entries:
            say = f"{table} 的行由它来，现在一条也没有。"
            yield Hint(file=f"config/lists/{rows.list}.yaml", key="entries", say=say)


def _without_contact(office: Office, people: People) -> Iterator[Hint]:
    reached = {contact.org for contact in people.contacts}
    owing = {a.org for a in office.assignments}
    names = [o.short for o in office.organisations if o.code in owing - reached]
    if names:
        shown = "、".join(names[:10]) + ("等" if len(names) > 10 else "")
        say = f"有 {len(names)} 家要报表的单位没有联系方式，回执和催报到不了：{shown}。"
        yield Hint(file="config/people.yaml", key="contacts", say=say)


def _idle_lists(home: Home, loaded: Loaded, office: Office) -> Iterator[Hint]:
    used = {figure.size_of for figure in (loaded.figures or {}).values()}
    for form in loaded.forms.values():
        used |= {column.list for column in form.columns} | ({form.setting.rows.list} if form.setting.rows else set())
    files = [load_settings(path, ListFile) for path in (home.config / "lists").glob("*.yaml")]
    used |= {attribute.holds for file in files for attribute in file.attributes.values()}
    for name in sorted(office.code_lists.keys() - used):
        yield Hint(file=f"config/lists/{name}.yaml", key="", say="没有报表、指标或别的代码表用它。")


def _idle_figures(loaded: Loaded, trials: dict[str, Trial]) -> Iterator[Hint]:
    figures = loaded.figures or {}
    used = {name for trial in trials.values() for name in trial.figures}
    used |= {part for f in figures.values() if f.share for part in (f.share.of, f.share.within)}
    for name in figures:
        if name not in used:
            yield Hint(file="config/figures.yaml", key=f"figures.{name}", say="没有模板用到这个指标。")
