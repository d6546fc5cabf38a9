"""A small office for the tests of use cases: a home in a folder, issued templates, workbooks filled as people do and
dropped into 收/, use cases at a fixed time. What became of it all is told by end_state.py.
"""

import os
import re
import shutil
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import text

from support.filling import fill
from tasks.config import import_config
from tasks.issue_templates import issue_templates
from tasks.judge import JudgedBatch, judge_batch, waiting
from tasks.mail_switch import release
from tasks.open_windows import open_windows
from tasks.take_in import TakenIn, take_in
from yaoxun.context import Context, parse_now
from yaoxun.demo.hands import issued_path
from yaoxun.demo.smtp_server import PASSWORD, USER
from yaoxun.home import Home, shipped
from yaoxun.store.engine import Store, open_store

MARCH = "2023-03"
OPEN = "2023-03-25T10:00"  # the window has opened; due on 2023-03-28 at 17:30
MORNING = "2023-03-27T10:00"
OVERDUE = "2023-03-29T09:30"
SIGNER = "qfr"
COUNTY, OTHER_COUNTY, BUREAU, OTHER_BUREAU = "chengqu", "zezhou", "danwei01", "danwei02"
FOUR = (COUNTY, OTHER_COUNTY, BUREAU, OTHER_BUREAU)
COUNTIES = ("chengqu", "zezhou", "gaoping", "yangcheng", "lingchuan", "qinshui")
WHOLE_OFFICE = (*COUNTIES, *(f"danwei{n:02d}" for n in range(1, 21)))


@dataclass(frozen=True)
class OfficeKit:
    """One home with its hands. `now` is the office time of every use case that is not told another one."""

    home: Home
    now: str = MORNING

    def ctx(self, now: str = "", actor: str = "手工") -> Context:
        return Context(home=self.home, actor=actor, occasion="试", fixed_now=parse_now(now or self.now))

    @property
    def store(self) -> Store:
        """The database, for looking; the caller closes it."""
        return open_store(self.home.database_url)

    def issue(self, period: str = MARCH, now: str = OPEN) -> None:
        open_windows(self.ctx(now), period)
        issue_templates(self.ctx(now), period)

    def template(self, org: str, period: str = MARCH) -> bytes:
        """The issued workbook of an organisation that holds this period, alone or with what opens together with it."""
        return issued_path(self.home.issued, self.short(org), period).read_bytes()

    def short(self, org: str) -> str:
        from tasks.desk import load_config

        return load_config(self.home).office.organisation(org).short

    def filled(self, org: str, period: str = MARCH, **how: Any) -> bytes:
        """A workbook of an organisation that is accepted: see `fill` for what can be changed."""
        return fill(self.template(org, period), **how)

    def drop(self, content: bytes, name: str, age_s: float = 60) -> Path:
        """Put a file into 收/ as if it had been lying there for a while; the older one is taken first."""
        path = self.home.inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        moment = time.time() - age_s
        os.utime(path, (moment, moment))
        return path

    def drop_in_order(self, files: Iterable[tuple[bytes, str]]) -> None:
        """Put several files, the first being the oldest."""
        for n, (content, name) in enumerate(files):
            self.drop(content, name, age_s=600 - n)

    def take_in(self, now: str = "") -> TakenIn:
        return take_in(self.ctx(now))

    def collect(self, now: str = "") -> JudgedBatch:
        """Take in and judge until nothing waits."""
        take_in(self.ctx(now))
        judged: list[Any] = []
        while left := waiting(self.ctx(now)):
            judged += judge_batch(self.ctx(now), left).judged
        return JudgedBatch(judged=tuple(judged))

    def expire_leases(self) -> None:
        """Let the wall clock pass every lease, as waiting three minutes would."""
        expire_leases(self.home.database_url)

    def query(self, sql: str, **values: Any) -> list[Any]:
        """Rows of the database, for looking."""
        store = self.store
        try:
            with store.read() as conn:
                return list(conn.execute(text(sql), values))
        finally:
            store.close()


def expire_leases(url: str) -> None:
    long_ago = parse_now("2000-01-01T00:00")
    store = open_store(url)
    with store.write() as conn:
        from yaoxun.post.tables import recipient
        from yaoxun.returns.tables import arrival
        from yaoxun.store.records import run

        for table in (arrival, recipient, run):
            conn.execute(table.update().where(table.c.lease_until.is_not(None)).values(lease_until=long_ago))
    store.close()


def make_office(folder: Path, orgs: Sequence[str] = FOUR, *, now: str = MORNING, issued: bool = True) -> OfficeKit:
    """A home whose reporting organisations are `orgs` only, with people on record and March's templates issued."""
    shutil.copytree(shipped("config"), folder / "config")
    shutil.copytree(shipped("report_templates"), folder / "report_templates")
    _assign(folder / "config" / "assignments.yaml", orgs)
    _fewer_readers(folder / "config" / "briefings.yaml")
    kit = OfficeKit(Home(folder.resolve()), now)
    import_config(kit.ctx(OPEN))
    if issued:
        kit.issue()
    return kit


def move_in(home: Home) -> Home:
    """Let a copied home send, as a person does who knows that the first one is no more."""
    release(Context(home=home, actor="手工", fixed_now=parse_now(OPEN)), reason="试")
    return home


def copy_office(source: Path, root: Path) -> Home:
    """The same home elsewhere, sending."""
    shutil.copytree(source, root)
    return move_in(Home(root))


def _assign(path: Path, orgs: Sequence[str]) -> None:
    """The shipped assignments, narrowed to these organisations."""
    bureaus = [org for org in orgs if org.startswith("danwei")]
    narrowed = path.read_text(encoding="utf-8").replace("orgs: all", f"orgs: [{', '.join(orgs)}]")
    if bureaus:
        narrowed = narrowed.replace('orgs: "kind:成员单位"', f"orgs: [{', '.join(bureaus)}]")
    else:
        narrowed = re.sub(r".*kind:成员单位.*\n", "", narrowed)
    path.write_text(narrowed, encoding="utf-8")


def _fewer_readers(path: Path) -> None:
    """A bulletin for four: what holds for four mails holds for ten."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    dropped = ("srdbgt@", "szfbgt@", "szxbgt@", "gsdw@", "tswbz@", "jgbm@")
    path.write_text("".join(line for line in lines if not any(d in line for d in dropped)), encoding="utf-8")


def use_mail_server(folder: Path, server: Any) -> None:
    """Lead a home's mail to a demo server by its own config; the password comes from a file in the home."""
    path = folder / "config" / "mail.yaml"
    (folder / "password").write_text(PASSWORD, encoding="utf-8")
    changes = {"enabled": "true", "host": server.host, "port": server.port, "security": server.security,
               "user": USER, "password_env": '""', "password_file": "password", "ca_file": server.ca_file}  # fmt: skip
    body = path.read_text(encoding="utf-8")
    for key, value in changes.items():
        body = re.sub(rf"^{key}:.*$", f"{key}: {value}", body, flags=re.MULTILINE)
    path.write_text(body, encoding="utf-8")
