"""Commands on files that came, and on what is kept of them: intake, check, archive."""

from pathlib import Path
from typing import Annotated

import typer

from yaoxun.commands.frame import HomeOption, JsonOption, NowOption, PeriodOption, context, emit, group, progress, say

top = typer.Typer()
intake = group("来件与待认领。")
archive = group("存档。")

NumberArgument = Annotated[int, typer.Argument(help="来件编号（见 intake list）。")]
StaffOption = Annotated[str, typer.Option("--as", help="谁的决定（people.yaml 里的登录名）。")]
ReasonOption = Annotated[str, typer.Option("--reason", help="依据，记在案上。")]


@intake.command("list")
def intake_list(
    home: HomeOption = None,
    state: Annotated[list[str] | None, typer.Option("--state", help="只列某种状态，可多次。")] = None,
    now: NowOption = None,
    json: JsonOption = False,
) -> None:
    """待认领、内部故障和已拒收的来件，各为什么。

    另列程序看得出的单位、报告期、报表。
    """
    from tasks.intake_list import list_intake
    from yaoxun.screens import show_intake_list

    rows = list_intake(context(home, now), tuple(state or ()))
    emit(rows, json, show_intake_list, lambda found: [row.as_json() for row in found])


@intake.command("show")
def intake_show(
    number: NumberArgument, home: HomeOption = None, now: NowOption = None, json: JsonOption = False
) -> None:
    """一份来件的全部情况：文件、归属、各次审核和意见、版本和决定、答复。"""
    from tasks.intake_list import show_intake
    from yaoxun.screens import show_intake_detail

    emit(show_intake(context(home, now), number), json, show_intake_detail, lambda one: one.as_json())


@intake.command("assign")
def intake_assign(
    number: NumberArgument,
    actor: StaffOption,
    org: Annotated[str, typer.Option("--org", help="属于哪家单位（代码或名称）；不写的按文件。")] = "",
    period: Annotated[str, typer.Option("--period", help="属于哪个报告期；不写的按文件。")] = "",
    table: Annotated[list[str] | None, typer.Option("--table", help="表号，与 --sheet 成对，可多次。")] = None,
    sheet: Annotated[list[str] | None, typer.Option("--sheet", help="该表在哪张工作表。")] = None,
    late: Annotated[bool, typer.Option("--late", help="特批：锁定以后到的也收。")] = False,
    split: Annotated[bool, typer.Option("--split", help="汇总表：按单位拆开，各记在自己名下。")] = False,
    reason: ReasonOption = "",
    home: HomeOption = None,
    now: NowOption = None,
) -> None:
    """认领：说明来件属于哪家单位、哪个报告期，并重新审核。

    后一次认领为准；什么都不写即收回认领、按文件自身。各单位都在一张上的汇总表用 --split 拆开。
    """
    from tasks.intake import assign
    from tasks.intake import split as split_summary
    from yaoxun.errors import RequestError

    tables, sheets = table or [], sheet or []
    if len(tables) != len(sheets):
        raise RequestError("--table 和 --sheet 要成对。", "例如 --table T1 --sheet 措施推进表。")
    if split and (org or tables):
        raise RequestError("--split 是按表里写的单位拆开，不能再写 --org、--table。", "去掉其中一样。")
    ctx = context(home, now, actor)
    if split:
        say(split_summary(ctx, number, period=period, late=late, reason=reason).summary())
        return
    stands = dict(zip(tables, sheets, strict=True))
    say(assign(ctx, number, org=org, period=period, sheets=stands, late=late, reason=reason).summary())


@intake.command("reject")
def intake_reject(
    number: NumberArgument,
    actor: StaffOption,
    reason: Annotated[str, typer.Option("--reason", help="为什么不收，会告诉报送的单位。")],
    home: HomeOption = None,
    now: NowOption = None,
) -> None:
    """拒收一份来件：答复报送的单位；已收的表撤下。可以撤回。"""
    from tasks.intake import reject

    say(reject(context(home, now, actor), number, reason).summary())


@intake.command("reopen")
def intake_reopen(
    number: NumberArgument,
    actor: StaffOption,
    reason: ReasonOption = "",
    home: HomeOption = None,
    now: NowOption = None,
) -> None:
    """撤回拒收，重新审核。"""
    from tasks.intake import undo_rejection

    say(undo_rejection(context(home, now, actor), number, reason).summary())


@intake.command("retry")
def intake_retry(
    numbers: Annotated[list[int] | None, typer.Argument(help="来件编号，可多个。")] = None,
    everything: Annotated[bool, typer.Option("--all", help="内部故障和待认领的全部再审。")] = False,
    home: HomeOption = None,
    now: NowOption = None,
) -> None:
    """再审“内部故障”或“待认领”的来件（程序修好或配置改过以后）。

    每份都审；有审不了的，逐份说明，退出码为 1。
    """
    from tasks.intake import retry
    from yaoxun.errors import RequestError

    if bool(numbers) == everything:
        raise RequestError("请写来件编号，或写 --all。", "例如 yaoxun intake retry 12 15。")
    with progress(context(home, now), "再审") as ctx:
        done = retry(ctx, tuple(numbers or ()))
    if done.summary():
        say(done.summary())
    for sentence in done.failed:
        typer.echo(sentence, err=True)
    if done.failed:
        raise typer.Exit(1)


@top.command()
def check(
    file: Annotated[Path, typer.Argument(help="要预检的工作簿。")],
    org: Annotated[str, typer.Option("--org", help="单位（代码或名称），文件里看不出时写。")] = "",
    period: PeriodOption = None,
    copy: Annotated[Path | None, typer.Option("--copy", help="审核意见副本写到哪里，默认在旁边。")] = None,
    home: HomeOption = None,
    now: NowOption = None,
    json: JsonOption = False,
) -> None:
    """预检一份工作簿：按同样的规则审核，什么都不登记。

    列出意见，另存审核意见副本。全部能接收时退出码为 0，否则为 1。
    """
    from tasks.precheck import precheck
    from yaoxun.screens import show_prechecked

    checked = precheck(context(home, now), file, org=org, period=period or "", copy=copy)
    emit(checked, json, show_prechecked, lambda one: one.as_json())
    if not checked.acceptable:
        raise typer.Exit(1)


@archive.command("verify")
def archive_verify(home: HomeOption = None, json: JsonOption = False) -> None:
    """核对存档：登记的文件是否都在、是否完好。

    另列没有登记的文件。有问题时退出码为 1。
    """
    from tasks.archive import verify_archive
    from yaoxun.screens import show_verified

    with progress(context(home), "核对存档") as ctx:
        found = verify_archive(ctx)
    emit(found, json, show_verified, lambda one: one.as_json())
    if not found.sound:
        raise typer.Exit(1)
