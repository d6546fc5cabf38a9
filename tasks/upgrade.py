"""upgrade: after a new program has been installed. Any command brings the database to the present schema when it opens it;
this one makes a backup first, and looks at the configuration with the new program's eyes.
"""

from dataclasses import dataclass
from pathlib import Path

from tasks.backup import backup
from tasks.config_check import check_config
from tasks.config_diff import config_diff
from yaoxun.context import Context
from yaoxun.errors import ConfigError, RequestError
from yaoxun.store.dump import sqlite_file
from yaoxun.store.engine import open_home_store, open_store
from yaoxun.store.migrate import missing_steps
from yaoxun.store.records import note_event


@dataclass(frozen=True, kw_only=True)
class Upgraded:
    """What was done: the backup, the steps the database took, the faults the new program finds in the configuration,
    and in what the configuration differs from the shipped one."""

    backup: Path | None
    steps: tuple[str, ...]
    faults: tuple[str, ...]
    differences: str

    def summary(self) -> str:
        lines = []
        if self.steps:
            lines += [f"升级前的备份：{self.backup}", f"数据库已升级：{'、'.join(self.steps)}"]
        else:
            lines.append("数据库已经是现在的结构，没有改动，也没有另做备份。")
        if self.faults:
            lines += [f"配置有 {len(self.faults)} 处要改：", *self.faults]
        else:
            lines.append("配置检查无误。")
        lines.append(self.differences)
        return "\n".join(lines)


def upgrade(ctx: Context, folder: Path | None = None) -> Upgraded:
    """Back up and migrate a database of an earlier program. `folder`: for the backup, beside the home unless given.

    Raises RequestError for a home without a database, NotNowError for a database of a newer program, and what a backup
    raises: then nothing was changed.
    """
    home = ctx.home
    file = sqlite_file(home.database_url)
    if file is not None and not file.is_file():
        raise RequestError(f"{home.root} 还没有数据库，没有可升级的。", "请核对 --home。")
    store = open_store(home.database_url)
    try:
        steps = missing_steps(store)
    finally:
        store.close()
    made = None
    if steps:
        made = backup(ctx, folder or home.root.with_name(f"{home.root.name}-备份")).path
        _migrate(ctx, steps)
    faults = tuple(str(fault) for fault in check_config(ctx).faults)
    return Upgraded(backup=made, steps=tuple(steps), faults=faults, differences=_differences(ctx))


def _differences(ctx: Context) -> str:
    try:
        return f"{config_diff(ctx).summary()}（详见 yaoxun config diff）"
    except ConfigError:  # among the faults already
        return "改好以后，再用 yaoxun config diff 看与随附配置的差别。"


def _migrate(ctx: Context, steps: list[str]) -> None:
    store = open_home_store(ctx.home)
    try:
        with store.write() as conn:
            payload = {"steps": steps}
            note_event(conn, actor=ctx.actor, at=ctx.now(), verb="升级数据库", subject="database", payload=payload)
    finally:
        store.close()
