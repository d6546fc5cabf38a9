"""Commands that set an office up: init, config. The questions of init stand in asking.py."""

from pathlib import Path
from typing import Annotated

import typer

from yaoxun.commands.frame import ActorOption, HomeOption, JsonOption, NowOption, context, emit, group, say

top = typer.Typer()
config = group("配置。")


@top.command()
def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="新办公室的目录：空的，或还没有的。")],
    name: Annotated[str | None, typer.Option("--name", help="办公室名称。")] = None,
    collector: Annotated[str | None, typer.Option("--collector", help="收表单位的全称，不写即办公室名称。")] = None,
    issuer: Annotated[str | None, typer.Option("--issuer", help="发文单位的全称，不写即收表单位。")] = None,
    periods: Annotated[
        str | None, typer.Option("--periods", help="报告期种类，如 月 或 月、季；第一种是出简报的。")
    ] = None,
    mail: Annotated[str | None, typer.Option("--mail", help="folder 只写到文件夹，smtp 用邮件发送。")] = None,
    smtp_host: Annotated[str, typer.Option("--smtp-host", help="发信服务器，如 smtp.qq.com。")] = "",
    smtp_user: Annotated[str, typer.Option("--smtp-user", help="登录账号，不写即发件地址。")] = "",
    mail_from: Annotated[str, typer.Option("--mail-from", help="发件地址。")] = "",
    pilot_start: Annotated[str | None, typer.Option("--pilot-start", help="从哪个月开始收表，如 2023-01。")] = None,
    records_from: Annotated[
        str | None, typer.Option("--records-from", help="要导入更早的数据时，从哪个月起，如 2021-01。")
    ] = None,
    data_to: Annotated[int | None, typer.Option("--data-to", help="每月数据截止到几号，31 即月末，不写即 25。")] = None,
    organisations: Annotated[
        Path | None,
        typer.Option(
            "--organisations",
            help="单位名单（.xlsx 或 .csv），表头写 单位名称 简称 类别 代码 邮箱；类别如 县 本级部门 乡镇 街道 县直部门，自定。",
        ),
    ] = None,
    tables: Annotated[str, typer.Option("--tables", help="用哪些随附的报表，如 T3,T5；不写即不用。")] = "",
    sample: Annotated[bool, typer.Option("--sample/--empty", help="示例办公室，还是空的办公室。")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="不提问，没写的用通常的值。")] = False,
    now: NowOption = None,
) -> None:
    """建立一个新办公室的目录：配置、模板、数据文件夹和说明。"""
    from tasks.init_home import init_home, require_empty
    from tasks.init_organisations import read_organisations
    from yaoxun.commands.asking import Given, answers_of
    from yaoxun.context import Context, parse_now
    from yaoxun.home import Home

    ctx = Context(home=Home(folder.resolve()), actor="手工", fixed_now=parse_now(now))
    require_empty(ctx.home.root)
    listed = read_organisations(organisations) if organisations else ()
    given = Given(
        name=name, collector=collector, issuer=issuer, periods=periods, mail=mail, smtp_host=smtp_host,
        smtp_user=smtp_user, mail_from=mail_from, pilot_start=pilot_start, records_from=records_from,
        data_to=data_to, tables=tables, sample=sample,
    )  # fmt: skip
    say(init_home(ctx, answers_of(given, listed, ask=not yes, today=ctx.local_now().date())).summary())


@config.command("check")
def config_check(home: HomeOption = None, now: NowOption = None, json: JsonOption = False) -> None:
    """检查全部配置和模板；每处错误都说明文件、行、键和改法。"""
    from tasks.config_check import check_config
    from yaoxun.screens_config import show_checked

    checked = check_config(context(home, now))
    emit(checked, json, show_checked, lambda c: c.as_json())
    if checked.faults:
        raise typer.Exit(1)


@config.command("diff")
def config_diff(
    home: HomeOption = None,
    everything: Annotated[bool, typer.Option("--all", help="全部列出，不略去。")] = False,
    json: JsonOption = False,
) -> None:
    """比较配置和模板：与建立时或随附的有哪些不同，新版多了哪些键。"""
    from tasks.config_diff import config_diff as use_case
    from yaoxun.screens_config import show_differences

    emit(use_case(context(home)), json, lambda found: show_differences(found, everything), lambda d: d.as_json())


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
