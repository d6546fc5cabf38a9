"""Commands on tables: templates, import."""

from pathlib import Path
from typing import Annotated

import typer

from yaoxun.commands.frame import ActorOption, HomeOption, NowOption, PeriodOption, context, group, progress, say

templates = group("报表模板。")
imports = group("导入历史数据。")


@templates.command("issue")
def templates_issue(home: HomeOption = None, period: PeriodOption = None, now: NowOption = None) -> None:
    """发放模板：为在报的报告期（或指定的一期）给每家单位各出一份工作簿。"""
    from tasks.issue_templates import issue_templates
    from tasks.open_windows import open_windows

    with progress(context(home, now), "发放模板") as ctx:
        opened, issued = open_windows(ctx, period), issue_templates(ctx, period)
    say(opened.summary())
    say(issued.summary())


@imports.command("history")
def import_history(
    files: Annotated[
        list[Path], typer.Argument(help="扁平表、本办公室自己的表（有 layout 的）或以前发的模板；可以一次给几个文件。")
    ],
    home: HomeOption = None,
    table: Annotated[str, typer.Option("--table", help="只认这一张报表，如 T1。")] = "",
    period: Annotated[
        str, typer.Option("--period", help="表上没有写报告期的，是哪一期，如 2022-12；表上写了别的一期的不导入。")
    ] = "",
    org: Annotated[str, typer.Option("--org", help="表上没有写单位的，是哪一家。")] = "",
    now: NowOption = None,
    actor: ActorOption = "手工",
) -> None:
    """导入历史数据：往期的数与登记，带着各自的来处入库。

    有错的文件整份不收，错处一次列全。
    """
    from tasks.import_history import import_files
    from yaoxun.returns.past_sheets import Stated

    with progress(context(home, now, actor), "导入历史数据") as ctx:
        done = import_files(ctx, files, Stated(table=table, period=period, org=org))
    for one in done.files:
        typer.echo(one.summary(), err=bool(one.refused))
    if len(done.files) > 1:
        say(done.summary())
    if done.refused:
        raise typer.Exit(1)
