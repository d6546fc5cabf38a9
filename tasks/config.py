"""config check and config import: the whole configuration loaded and checked; people and contacts seeded as rows."""

from dataclasses import dataclass

from tasks.desk import load_config, open_desk
from yaoxun.context import Context
from yaoxun.office.ledger import seed_people
from yaoxun.office.people import load_people
from yaoxun.store.records import note_event


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What a sound configuration holds."""

    organisations: int
    tables: int
    figures: int
    kinds: int

    def summary(self) -> str:
        return f"配置无误：单位 {self.organisations} 家，报表 {self.tables} 张，指标 {self.figures} 个，文种 {self.kinds} 种。"


@dataclass(frozen=True, kw_only=True)
class Imported:
    """How many people and contacts were new."""

    new: int

    def summary(self) -> str:
        return f"人员和联系方式：新登记 {self.new} 条，已有的未改。"


def check_config(ctx: Context) -> Checked:
    """Load everything. Raises ConfigError naming file, key and remedy of the first fault."""
    config = load_config(ctx.home)
    load_people(ctx.home.config, config.office)
    return Checked(
        organisations=len(config.office.organisations),
        tables=len(config.forms),
        figures=len(config.figures),
        kinds=len(config.briefings),
    )


def import_config(ctx: Context) -> Imported:
    """Seed people and contacts; rows that are there, edited or not, stay as they are."""
    with open_desk(ctx) as desk:
        people = load_people(ctx.home.config, desk.office)
        with desk.store.write() as conn:
            new = seed_people(conn, people.people, people.contacts, actor=ctx.actor, now=ctx.now())
            if new:
                note_event(conn, actor=ctx.actor, at=ctx.now(), verb="登记人员", subject="people", payload={"new": new})
    return Imported(new=new)
