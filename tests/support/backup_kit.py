"""Backups taken while eight processes write, and what must hold of each: it is one moment of the office, whole in itself."""

import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from support.office_kit import OfficeKit
from support.race_kit import EIGHT, a_busy_day, results_of, several_documents, start
from tasks.backup import BackedUp, backup, restore
from tasks.mail_switch import pause
from yaoxun.context import Context
from yaoxun.home import Home
from yaoxun.store.blobs import get_blob

# What belongs together was written in one transaction: of a parent that is there, all children are.
FAMILIES = (
    ("sheet_version", "fact", "sheet_version"), ("sheet_version", "sheet_row", "sheet_version"),
    ("judgement", "finding", "judgement"), ("cut", "figure_value", "cut"), ("cut", "cut_version", "cut"),
    ("document_version", "numeral", "document_version"), ("message", "recipient", "message"),
)  # fmt: skip
# Rows that are never changed once they are written.
FROZEN = ("judgement", "sheet_version", "decision", "finding", "sheet_row", "fact", "figure_value", "document", "numeral",
          "document_step", "issue_number", "event", "blob", "placement", "recipient_event")  # fmt: skip


@dataclass
class Taken:
    """Backups of one busy day, with the seconds each took, and how many were begun before the day was over."""

    backups: list[BackedUp] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    during: int = 0


def busy_day_with_backups(kit: OfficeKit, vault: Path, orgs: tuple[str, ...], *, every_s: float) -> Taken:
    """Eight processes collect, sign and remind; mail is paused, so that all of it waits. A backup every so many seconds
    until they are done, and one afterwards."""
    documents = several_documents(kit, 3)
    a_busy_day(kit, orgs)
    pause(kit.ctx(), reason="试")
    process, taken = start(kit, EIGHT, "day", *documents), Taken()
    while process.poll() is None:
        _take(kit, vault, taken)
        taken.during += 1
        time.sleep(every_s)
    results_of(process)
    _take(kit, vault, taken)
    return taken


def _take(kit: OfficeKit, vault: Path, taken: Taken) -> None:
    began = time.monotonic()
    taken.backups.append(backup(kit.ctx(), vault))
    taken.seconds.append(time.monotonic() - began)


def restored(one: BackedUp, root: Path) -> OfficeKit:
    restore(Context(home=Home(root)), one.path)
    return OfficeKit(Home(root))


def tables_of(home: Home) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the database by table, in order of its first column."""
    with closing(sqlite3.connect(home.data / "yaoxun.db")) as conn:
        names = [
            n
            for (n,) in conn.execute("select name from sqlite_master where type = 'table' and name not like 'sqlite%'")
        ]
        return {name: conn.execute(f"select * from {name} order by 1").fetchall() for name in names}  # noqa: S608


def faults_of(kit: OfficeKit, final: OfficeKit) -> list[str]:
    """Where a restored office is not one earlier moment of the final one: a reference that leads nowhere, a blob that is
    missing or damaged, a row that is not as it was written, half of what belongs together."""
    faults = []
    with closing(sqlite3.connect(kit.home.data / "yaoxun.db")) as conn:
        faults += [f"{row[0]} {row[1]} → {row[2]}" for row in conn.execute("pragma foreign_key_check")]
    here, there = tables_of(kit.home), tables_of(final.home)
    for sha, *_ in here["blob"]:
        get_blob(kit.home.blobs, sha)  # raises for a damaged one
    for name in FROZEN:
        lost = set(here[name]) - set(there[name])
        faults += [f"{name} {row[0]} was never written so" for row in lost]
    for parent, child, _ in FAMILIES:
        column = _column(final, child, parent)
        known = {row[0] for row in here[parent]}
        wanted = {row[0] for row in there[child] if row[column] in known}
        if wanted != {row[0] for row in here[child]}:
            faults.append(f"{child} is not complete for the {parent} that are there")
    return faults


def _column(kit: OfficeKit, child: str, parent: str) -> int:
    with closing(sqlite3.connect(kit.home.data / "yaoxun.db")) as conn:
        names = [row[1] for row in conn.execute(f"pragma table_info({child})")]
    return names.index(parent)
