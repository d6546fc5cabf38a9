"""Commands on the office's own sheets: forms list, forms draft, forms try."""

from pathlib import Path
from typing import Annotated

import typer

from yaoxun.commands.frame import HomeOption, JsonOption, NowOption, context, emit, group, working
from yaoxun.context import Context
from yaoxun.errors import RequestError
from yaoxun.home import Home, home_to_change

forms = group("自己的表：起草报表定义，试读。")

FileArgument = Annotated[Path, typer.Argument(help="工作簿（.xlsx 等）。")]


@forms.command("list")
def forms_list(home: HomeOption = None, json: JsonOption = False) -> None:
    """报表清单：表号、名称、多久报一次、用哪份空表。"""
    from tasks.own_sheets import list_forms
    from yaoxun.screens_forms import show_forms

    emit(list_forms(context(home)), json, show_forms, lambda rows: [row.as_json() for row in rows])


@forms.command("draft")
def forms_draft(
    file: FileArgument,
    home: HomeOption = None,
    out: Annotated[Path | None, typer.Option("--out", help="写到哪个目录，默认办公室目录的 config/。")] = None,
    first_id: Annotated[str, typer.Option("--id", help="表号，如 T10；有几张表的依次往后编。默认取下一个空号。")] = "",
    sheet: Annotated[list[str] | None, typer.Option("--sheet", help="只起草这张工作表，可多次。")] = None,
    period: Annotated[str, typer.Option("--period", help="多久报一次：week month quarter half year。")] = "",
    assign: Annotated[
        str, typer.Option("--assign", help="顺便写入 assignments.yaml，由谁报：all 或 kind:县 或 D01,D02。")
    ] = "",
    force: Annotated[bool, typer.Option("--force", help="已有同名文件时覆盖。")] = False,
    now: NowOption = None,
) -> None:
    """起草：由自己的工作簿写出报表定义，拿不准的逐条列出。"""
    from tasks.own_sheets import draft_file
    from yaoxun.forms.layout.draft import PERIOD_KINDS, Wishes
    from yaoxun.screens_forms import show_drafted

    if period and period not in PERIOD_KINDS:
        raise RequestError(f"没有名为“{period}”的报告期种类。", f"请从中选一个：{'、'.join(PERIOD_KINDS)}。")
    if out is None:
        home_to_change(home)
    wishes = Wishes(first_id=first_id, period=period, sheets=tuple(sheet or ()))
    with working("正在看表…"):
        drafted = draft_file(context(home, now), file, wishes, out=out, force=force, assign=assign)
    show_drafted(drafted)


@forms.command("try")
def forms_try(
    file: FileArgument,
    home: HomeOption = None,
    copy: Annotated[
        Path | None, typer.Option("--copy", help="另写一份涂色副本（.xlsx），每格的颜色说明认作什么。")
    ] = None,
    json: JsonOption = False,
) -> None:
    """试读：每个有内容的格是怎样认的，不入库。

    认的是单位、报告期、列、计量单位。
    """
    from tasks.own_sheets import try_file
    from yaoxun.screens_forms import show_tried

    with working("正在看表…"):
        tried = try_file(_context(home), file, copy)
    emit(tried, json, show_tried, lambda t: t.as_json())


def _context(home: Path | None) -> Context:
    """An office's frame; where there is none yet, that of the shipped sample: looking at a sheet needs no office."""
    try:
        return context(home)
    except RequestError:
        if home is not None:
            raise
        return Context(home=Home(Path.cwd()))
