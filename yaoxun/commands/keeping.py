"""Commands that keep an office: backup, restore, upgrade."""

from pathlib import Path
from typing import Annotated

import typer

from yaoxun.commands.frame import ActorOption, HomeOption, context, progress, say

top = typer.Typer()


@top.command()
def backup(
    folder: Annotated[Path, typer.Argument(help="备份文件夹，最好在另一块盘上；可反复用。")],
    home: HomeOption = None,
    keep: Annotated[int, typer.Option("--keep", help="只留最近几份；0 是都留。")] = 0,
) -> None:
    """备份整个办公室：数据库、档案、配置和各文件夹；不用停机。"""
    from tasks.backup import backup as back_up

    with progress(context(home), "备份") as ctx:
        done = back_up(ctx, folder, keep=keep)
    say(done.summary())
    if done.damaged:
        raise typer.Exit(1)


@top.command()
def restore(
    folder: Annotated[Path, typer.Argument(help="备份文件夹（取最新一份），或其中一份。")],
    to: Annotated[Path, typer.Option("--to", help="新的办公室目录：不存在的或空的文件夹。")],
) -> None:
    """从备份恢复成一个新的办公室；先逐个核对，恢复后发信是锁住的。"""
    from tasks.backup import restore as bring_back
    from yaoxun.context import Context
    from yaoxun.home import Home

    with progress(Context(home=Home(to.resolve()), actor="手工"), "恢复") as ctx:
        done = bring_back(ctx, folder)
    say(done.summary())


@top.command()
def upgrade(
    home: HomeOption = None,
    folder: Annotated[
        Path | None, typer.Option("--backup", help="升级前备份到哪里，默认在旁边的“目录名-备份”。")
    ] = None,
    actor: ActorOption = "手工",
) -> None:
    """装了新版程序以后：先备份，再升级数据库，然后检查配置。"""
    from tasks.upgrade import upgrade as bring_up

    with progress(context(home, None, actor), "升级") as ctx:
        done = bring_up(ctx, folder)
    say(done.summary())
