"""The whole configuration as far as it can be read, with all its faults: each file on its own, and then what one file says
of another's, among what could be read. A normal command needs it whole (desk.py); `config check` looks at the rest, too.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from yaoxun.briefings.settings import BriefingKind, load_briefings
from yaoxun.errors import ConfigError
from yaoxun.figures.settings import FigureSetting, check_columns, load_figures
from yaoxun.forms.loading import gather_forms
from yaoxun.forms.model import Form
from yaoxun.home import Home
from yaoxun.notices.settings import NoticeSettings, load_notices
from yaoxun.office.lists import gather_lists
from yaoxun.office.loading import gather_office
from yaoxun.office.office import Office
from yaoxun.post.settings import MailSettings, load_mail
from yaoxun.settings import Faults
from yaoxun.sheets.limits import Limits, load_limits


@dataclass(kw_only=True)
class Loaded:
    """What could be read; None, or nothing of it, where a file could not be."""

    faults: Faults = field(default_factory=Faults)
    office: Office | None = None
    forms: Mapping[str, Form] = field(default_factory=dict)
    figures: Mapping[str, FigureSetting] | None = None
    briefings: Mapping[str, BriefingKind] | None = None
    notices: NoticeSettings | None = None
    mail: MailSettings | None = None
    limits: Limits | None = None

    def unread(self, folder: str) -> frozenset[str]:
        """Names of the files of config/<folder>/ that have faults."""
        return frozenset(path.stem for f in self.faults.found if (path := Path(f.file)).parent.name == folder)


def load(home: Home) -> Loaded:
    """Read everything; what is wrong stands in `faults`, in the order of the rooms."""
    loaded = Loaded()
    config, gathered = home.config, loaded.faults.gathered
    loaded.office = gather_office(config, loaded.faults)
    # Without an office the faults of its lists are told already; the tables are looked at all the same.
    lists = loaded.office.code_lists if loaded.office else gather_lists(config / "lists", None, Faults())
    loaded.forms = gather_forms(config, lists, loaded.faults)
    with gathered():
        loaded.figures = load_figures(config)
    with gathered():
        loaded.briefings = load_briefings(config, home.templates)
    with gathered():
        loaded.notices = load_notices(config, home.templates)
    with gathered():
        loaded.mail = load_mail(config)
    with gathered():
        loaded.limits = load_limits(config)
    _check_across(loaded, config)
    return loaded


def _check_across(loaded: Loaded, folder: Path) -> None:
    office, faults = loaded.office, loaded.faults
    if office is None:
        return
    unread = loaded.unread("forms") | loaded.unread("lists")
    for form in loaded.forms.values():
        _check_summaries(form, office, faults)
    for table, kind in office.table_kinds.items():
        if table not in unread:
            _check_table(loaded, folder, table, kind)
    if loaded.figures is not None:
        with faults.gathered():
            check_columns(loaded.figures, loaded.forms, office, folder / "figures.yaml", unread)


def _check_summaries(form: Form, office: Office, faults: Faults) -> None:
    layout = form.setting.layout
    known = {org.code for org in office.organisations}
    for code in (code for code in (layout.summaries_from if layout else ()) if code not in known):
        remedy = f"请写 organisations.yaml 里的代码，如 {office.collector.code}。"
        faults.add(ConfigError(file=form.file, key="layout.summaries_from", problem=f"没有单位“{code}”", remedy=remedy))


def _check_table(loaded: Loaded, folder: Path, table: str, kind: str) -> None:
    path = folder / "assignments.yaml"
    if table not in loaded.forms:
        problem, remedy = f"报表“{table}”没有定义", f"请建立 config/forms/{table}.yaml，或改正表号。"
        loaded.faults.add(ConfigError(file=path, key="tables", problem=problem, remedy=remedy))
    elif loaded.forms[table].setting.period != kind:
        problem = f"{table} 在任务里按 {kind} 报，在表的定义里是 {loaded.forms[table].setting.period}"
        remedy = f"请把 assignments.yaml 或 forms/{table}.yaml 的 period 改成一样。"
        loaded.faults.add(ConfigError(file=path, key="period", problem=problem, remedy=remedy))
