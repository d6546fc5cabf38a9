"""Commands on tables: templates, import."""

from pathlib import Path
from typing import Annotated

import typer

from yaoxun.commands.frame import ActorOption, HomeOption, NowOption, PeriodOption, context, group, say, working

templates = group("报表模板。")
imports = group("导入历史数据。")


@templates.command("issue")
def templates_issue(home: HomeOption = None, period: PeriodOption = None, now: NowOption = None) -> None:
    """发放模板：为在报的报告期（或指定的一期）给每家单位各出一份工作簿。"""
    from tasks.issue_templates import issue_templates
    from tasks.open_windows import open_windows

    ctx = context(home, now)
    with working("正在发放模板…"):
        opened, issued = open_windows(ctx, period), issue_templates(ctx, period)
    say(opened.summary())
    say(issued.summary())


@imports.command("history")
def import_history(
    file: Annotated[Path, typer.Argument(help="扁平表（.xlsx 或 .csv）：每行一条登记或一个数。")],
    home: HomeOption = None,
    now: NowOption = None,
    actor: ActorOption = "手工",
) -> None:
    """导入历史数据：往期的数与登记，带着各自的来处入库。"""
    from tasks.import_history import import_history as use_case

    say(use_case(context(home, now, actor), file).summary())
