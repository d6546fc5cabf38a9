"""Commands on outgoing mail: outbox."""

from typing import Annotated

import typer

from yaoxun.commands.frame import ActorOption, HomeOption, JsonOption, context, emit, group, say

outbox = group("发件箱。")


@outbox.command("list")
def outbox_list(
    home: HomeOption = None,
    state: Annotated[list[str] | None, typer.Option("--state", help="只列某种状态，可多次。")] = None,
    json: JsonOption = False,
) -> None:
    """发件箱：每个收件人的状态。"""
    from tasks.outbox import list_outbox
    from yaoxun.screens import show_outbox

    emit(
        list_outbox(context(home), tuple(state or ())), json, show_outbox, lambda rows: [row.as_json() for row in rows]
    )


@outbox.command("settle")
def outbox_settle(
    recipient: Annotated[int, typer.Argument(help="收件编号（见 outbox list）。")],
    arrived: Annotated[bool, typer.Option("--arrived/--resend", help="查实已送达，或需要重发。")],
    remark: Annotated[str, typer.Option("--remark", help="依据，如：对方电话确认收到。")],
    actor: ActorOption = "手工",
    home: HomeOption = None,
) -> None:
    """认定一件“状态不明”的投递：已送达，或重发。"""
    from tasks.outbox import settle

    say(settle(context(home, None, actor), recipient, arrived=arrived, remark=remark).summary())
