"""Commands on what is owed and what came: status."""

import time
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from yaoxun.commands.frame import HomeOption, JsonOption, NowOption, context, emit, say
from yaoxun.errors import RequestError

top = typer.Typer()


@top.command()
def status(
    home: HomeOption = None,
    period: Annotated[list[str] | None, typer.Option("--period", help="报告期，可写几个；不写即在报的各期。")] = None,
    org: Annotated[str, typer.Option("--org", help="只看一家单位（代码、名称或简称）。")] = "",
    text: Annotated[bool, typer.Option("--text", help="一段文字，可以贴到工作群。")] = False,
    xlsx: Annotated[Path | None, typer.Option("--xlsx", help="写成 Excel 文件，可以打印。")] = None,
    watch: Annotated[bool, typer.Option("--watch", help="守着看，隔一会儿刷新，按 Ctrl-C 结束。")] = False,
    every: Annotated[int, typer.Option("--every", min=1, help="守着看时每隔几秒刷新。")] = 10,
    now: NowOption = None,
    json: JsonOption = False,
) -> None:
    """报送情况：谁未报、谁被退回、谁逾期。"""
    from tasks.status import status as read_status
    from yaoxun.screens_status import show_status, watch_status

    if sum((text, xlsx is not None, watch, json)) > 1:
        raise RequestError("--text、--xlsx、--watch、--json 一次只能用一个。", "请去掉多余的选项。")
    read = partial(read_status, context(home, now), *(period or ()), org=org)
    if text:
        say(read().as_text())
    elif xlsx is not None:
        from yaoxun.screens_workbook import write_board

        say(f"已写成 {write_board(read(), xlsx)}")
    elif watch:
        watch_status(read, every, time.sleep)
    else:
        emit(read(), json, show_status, lambda s: s.as_json())
