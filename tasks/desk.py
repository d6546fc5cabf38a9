"""What every use case works on: the home's store and its whole configuration, loaded once and checked across rooms.

Only joining stands here. Each room loads and checks its own files; what one file may name in another room's is
checked here (assignment → table, figure → table and column, briefing → template).
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from yaoxun.briefings.settings import BriefingKind, load_briefings
from yaoxun.context import Context
from yaoxun.errors import ConfigError
from yaoxun.figures.settings import FigureSetting, check_columns, load_figures
from yaoxun.forms.loading import load_forms
from yaoxun.forms.model import Form
from yaoxun.home import Home
from yaoxun.notices.settings import NoticeSettings, load_notices
from yaoxun.office.loading import load_office
from yaoxun.office.office import Office
from yaoxun.post.settings import MailSettings, load_mail
from yaoxun.sheets.limits import Limits, load_limits
from yaoxun.store.engine import Store, open_home_store
from yaoxun.store.records import put_snapshot, snapshot_content
from yaoxun.store.snapshots import read_config_files, snapshot_sha


@dataclass(frozen=True, kw_only=True)
class Config:
    """The whole configuration of an office under the hash of its files."""

    sha: str
    files: Mapping[str, str]
    office: Office
    forms: Mapping[str, Form]
    figures: Mapping[str, FigureSetting]
    briefings: Mapping[str, BriefingKind]
    notices: NoticeSettings
    mail: MailSettings
    limits: Limits


@dataclass(frozen=True, kw_only=True)
class Desk:
    """A use case's place of work."""

    ctx: Context
    store: Store
    config: Config

    @property
    def office(self) -> Office:
        return self.config.office


@contextmanager
def open_desk(ctx: Context) -> Iterator[Desk]:
    """Load the configuration (a fault stops here), open and migrate the store, record the configuration's snapshot."""
    config = load_config(ctx.home)
    store = open_home_store(ctx.home)
    try:
        with store.read() as conn:
            known = snapshot_content(conn, config.sha) is not None
        if not known:
            with store.write() as conn:
                put_snapshot(conn, sha=config.sha, content=config.files, at=ctx.now())
        yield Desk(ctx=ctx, store=store, config=config)
    finally:
        store.close()


def load_config(home: Home) -> Config:
    """The configuration of a home, checked; cached for as long as no file changes. Raises ConfigError."""
    files = read_config_files(home)
    overrides = tuple(sorted(item for item in os.environ.items() if item[0].startswith("YAOXUN_SMTP_")))
    return _load(home, snapshot_sha(files), overrides)


@lru_cache(maxsize=4)
def _load(home: Home, sha: str, _overrides: tuple[tuple[str, str], ...]) -> Config:
    office = load_office(home.config)
    config = Config(
        sha=sha,
        files=read_config_files(home),
        office=office,
        forms=load_forms(home.config, office.code_lists),
        figures=load_figures(home.config),
        briefings=load_briefings(home.config, home.templates),
        notices=load_notices(home.config, home.templates),
        mail=load_mail(home.config),
        limits=load_limits(home.config),
    )
    _check_across(config, home.config)
    return config


def _check_across(config: Config, folder: Path) -> None:
    for table, kind in config.office.table_kinds.items():
        if table not in config.forms:
            remedy = f"请建立 config/forms/{table}.yaml，或改正表号。"
            raise ConfigError(
                file=folder / "assignments.yaml", key="tables", problem=f"报表“{table}”没有定义", remedy=remedy
            )
        if config.forms[table].setting.period != kind:
            problem = f"{table} 在任务里按 {kind} 报，在表的定义里是 {config.forms[table].setting.period}"
            remedy = f"请把 assignments.yaml 或 forms/{table}.yaml 的 period 改成一样。"
            raise ConfigError(file=folder / "assignments.yaml", key="period", problem=problem, remedy=remedy)
    check_columns(config.figures, config.forms, config.office, folder / "figures.yaml")
