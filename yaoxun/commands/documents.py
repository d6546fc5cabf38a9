"""Commands on documents: draft, documents, review, sign, trace, write, lint."""

from pathlib import Path
from typing import Annotated

import typer

from yaoxun.commands.frame import (
    ActorOption,
    HomeOption,
    JsonOption,
    NowOption,
    PeriodOption,
    context,
    emit,
    progress,
    say,
)

top = typer.Typer()


@top.command()
def draft(
    kind: Annotated[str, typer.Argument(help="文种，如 要讯。")],
    home: HomeOption = None,
    period: PeriodOption = None,
    as_of: Annotated[str | None, typer.Option("--as-of", help="以某一时刻所知为准，如 2023-04-01T12:00。")] = None,
    now: NowOption = None,
    actor: ActorOption = "手工",
) -> None:
    """拟稿：算出各项指标，写成 Word 草稿。"""
    from tasks.draft import draft as use_case

    with progress(context(home, now, actor), "拟稿") as ctx:
        result = use_case(ctx, kind, period, as_of)
    say(result.summary())


@top.command()
def documents(home: HomeOption = None, now: NowOption = None, json: JsonOption = False) -> None:
    """文稿清单：编号、文种、报告期、状态、期号。"""
    from tasks.documents import list_documents
    from yaoxun.screens import show_documents

    emit(list_documents(context(home, now)), json, show_documents, lambda rows: [row.as_json() for row in rows])


@top.command()
def review(
    doc: Annotated[int, typer.Argument(help="文稿编号（见 yaoxun documents）。")],
    actor: Annotated[str, typer.Option("--as", help="核稿人的登录名。")],
    home: HomeOption = None,
    remark: Annotated[str, typer.Option("--remark", help="核稿的话，记在案上。")] = "",
    now: NowOption = None,
) -> None:
    """核稿：核稿人看过最新一版，可以签发。文种设了核稿这一步的才要。"""
    from tasks.review import review as use_case

    say(use_case(context(home, now, actor), doc, remark=remark).summary())


@top.command()
def sign(
    doc: Annotated[int, typer.Argument(help="文稿编号（见 yaoxun documents）。")],
    actor: Annotated[str, typer.Option("--as", help="签发人的登录名。")],
    home: HomeOption = None,
    keep: Annotated[bool, typer.Option("--keep", help="数据已更新时仍按原稿发出。")] = False,
    now: NowOption = None,
) -> None:
    """签发：签发人确认后取号、定稿、进入发件箱。"""
    from tasks.sign import sign as use_case

    say(use_case(context(home, now, actor), doc, keep=keep, told=say).summary())


@top.command()
def trace(
    doc: Annotated[int, typer.Argument(help="文稿编号。")],
    number: Annotated[
        str | None, typer.Argument(help="文中的数（如 87）或其序号（如 num_012）；不写则列出全部。")
    ] = None,
    home: HomeOption = None,
    now: NowOption = None,
    json: JsonOption = False,
) -> None:
    """溯源：文中每个数来自哪些文件、哪张表、哪个格。"""
    from tasks.trace import trace as use_case
    from yaoxun.screens import show_trace

    emit(use_case(context(home, now), doc, number), json, show_trace, lambda rows: [row.as_json() for row in rows])


@top.command()
def write(
    file: Annotated[Path, typer.Argument(help="手写的一期（Markdown，文首写报头与版记）。")],
    out: Annotated[Path, typer.Option("-o", "--out", help="输出的文件，没写 .docx 的补上。")],
    home: HomeOption = None,
    now: NowOption = None,
) -> None:
    """把手写的一期排成要讯格式的 Word 文件。"""
    from tasks.write_issue import write_issue

    if out.suffix.lower() != ".docx":
        out = out.with_name(f"{out.name}.docx")
    say(write_issue(context(home, now), file, out).summary())


@top.command()
def lint(
    file: Annotated[Path, typer.Argument(help="要查的 Word 文件（.docx），本单位的、别人的都可以。")],
    profile: Annotated[
        str,
        typer.Option("--profile", help="按哪种版式查（report_templates/profiles/ 里的文件名），默认按第一个文种的。"),
    ] = "",
    home: HomeOption = None,
    now: NowOption = None,
    json: JsonOption = False,
) -> None:
    """查一份 Word 文件：版式、文字、数字，逐条列出依据和位置。

    依据分国标、惯例、本单位三等。有国标一等的问题时退出码为 1，否则为 0。
    """
    from tasks.lint import lint as use_case
    from yaoxun.screens_lint import show_linted

    linted = use_case(context(home, now), file, profile)
    emit(linted, json, show_linted, lambda one: one.as_json())
    if not linted.passes:
        raise typer.Exit(1)
