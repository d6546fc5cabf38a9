"""config import: people and contacts of the configuration seeded as rows. What is checked stands in config_check.py."""

from dataclasses import dataclass

from tasks.desk import open_desk
from yaoxun.context import Context
from yaoxun.office.ledger import differing, follow_config, seed_people
from yaoxun.office.people import load_people
from yaoxun.store.records import note_event


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
