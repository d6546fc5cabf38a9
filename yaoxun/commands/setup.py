"""Commands that set an office up: config."""

from typing import Annotated

import typer

from yaoxun.commands.frame import ActorOption, HomeOption, NowOption, context, group, say

config = group("配置。")


@config.command("check")
def config_check(home: HomeOption = None) -> None:
    """检查全部配置；有误时说明文件、键和改法。"""
    from tasks.config import check_config

    say(check_config(context(home)).summary())


@config.command("import")
def config_import(
    home: HomeOption = None,
    update: Annotated[bool, typer.Option("--update", help="已登记的也以配置为准，自今天起生效。")] = False,
    now: NowOption = None,
    actor: ActorOption = "手工",
) -> None:
    """把配置中的人员和联系方式登记入库（已有的不改，除非加 --update）。"""
    from tasks.config import import_config

    say(import_config(context(home, now, actor), update=update).summary())
