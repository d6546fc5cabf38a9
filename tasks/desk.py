"""What every use case works on: the home's store and its whole configuration, loaded once and checked across rooms.

Only joining stands here; how the files are read, and what one may name in another's, stands in config_load.py.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

from tasks.config_load import load
from yaoxun.briefings.settings import BriefingKind
from yaoxun.context import Context
from yaoxun.errors import InternalError
from yaoxun.figures.settings import FigureSetting
from yaoxun.forms.model import Form
from yaoxun.home import Home
from yaoxun.notices.settings import NoticeSettings
from yaoxun.office.office import Office
from yaoxun.post.settings import MailSettings
from yaoxun.sheets.limits import Limits
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
    loaded = load(home)
    loaded.faults.stop()
    parts = (loaded.office, loaded.figures, loaded.briefings, loaded.notices, loaded.mail, loaded.limits)
    office, figures, briefings, notices, mail, limits = parts
    if not (office and notices and mail and limits) or figures is None or briefings is None:
        raise InternalError("a configuration without a fault did not load")
    return Config(
        sha=sha, files=read_config_files(home), office=office, forms=loaded.forms, figures=figures,
        briefings=briefings, notices=notices, mail=mail, limits=limits,
    )  # fmt: skip
