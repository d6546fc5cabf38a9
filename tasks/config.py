"""config check and config import: the whole configuration loaded and checked; people and contacts seeded as rows."""

from dataclasses import dataclass

from tasks.desk import Config, load_config, open_desk
from yaoxun.context import Context
from yaoxun.errors import ConfigError
from yaoxun.home import Home
from yaoxun.office.ledger import differing, follow_config, seed_people
from yaoxun.office.people import People, load_people
from yaoxun.schedules import load_schedules
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
    """How many people and contacts were new or changed, and how many differ from the configuration and were left."""

    new: int
    changed: int = 0
    left: int = 0

    def summary(self) -> str:
        text = f"人员和联系方式：新登记 {self.new} 条"
        if self.changed:
            return f"{text}，按配置更新 {self.changed} 条。"
        left = f"有 {self.left} 条与配置不同，没有改；要以配置为准，请加 --update。"
        return f"{text}，{left if self.left else '已有的未改。'}"


def check_config(ctx: Context) -> Checked:
    """Load everything. Raises ConfigError naming file, key and remedy of the first fault."""
    config = load_config(ctx.home)
    _check_signers(ctx.home, config, load_people(ctx.home.config, config.office))
    _check_schedules(ctx.home, config)
    return Checked(
        organisations=len(config.office.organisations),
        tables=len(config.forms),
        figures=len(config.figures),
        kinds=len(config.briefings),
    )


def _check_signers(home: Home, config: Config, people: People) -> None:
    roles = {role for person in people.people for role in person.roles}
    for name, kind in config.briefings.items():
        if kind.signed_by not in roles:
            problem = f"没有人有“{kind.signed_by}”这个角色，签发不了"
            remedy = f"请改成 people.yaml 里有人的角色（{'、'.join(sorted(roles))}），或在 people.yaml 给签发的人写上这个角色。"
            file = home.config / "briefings.yaml"
            raise ConfigError(file=file, key=f"kinds.{name}.signed_by", problem=problem, remedy=remedy)


def _check_schedules(home: Home, config: Config) -> None:
    for number, schedule in enumerate(load_schedules(home).schedules, 1):
        kind = schedule.parameters.get("kind")
        if kind is not None and kind not in config.briefings:
            problem = f"“{schedule.name}”起草的文种“{kind}”没有定义"
            remedy = f"请写 briefings.yaml 里的文种：{'、'.join(config.briefings)}。"
            file, key = home.config / "schedules.yaml", f"schedules.{number}.parameters.kind"
            raise ConfigError(file=file, key=key, problem=problem, remedy=remedy)


def import_config(ctx: Context, *, update: bool = False) -> Imported:
    """Seed people and contacts; rows that are there, edited or not, stay as they are. `update`: from today on, the
    configuration is what holds."""
    day = ctx.local_now().date()
    with open_desk(ctx) as desk:
        people = load_people(ctx.home.config, desk.office)
        with desk.store.write() as conn:
            new = seed_people(conn, people.people, people.contacts, actor=ctx.actor, now=ctx.now())
            changed = 0
            if update:
                changed = follow_config(conn, people.people, people.contacts, actor=ctx.actor, now=ctx.now(), day=day)
            left = differing(conn, people.people, people.contacts, day=day)
            if new or changed:
                payload = {"new": new, "changed": changed}
                note_event(conn, actor=ctx.actor, at=ctx.now(), verb="登记人员", subject="people", payload=payload)
    return Imported(new=new, changed=changed, left=left)
