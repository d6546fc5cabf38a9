"""Commands on outgoing mail: outbox, and mail (pause, resume, test, release, status)."""

from typing import Annotated

import typer

from yaoxun.commands.frame import ActorOption, HomeOption, JsonOption, NowOption, context, emit, group, say

outbox = group("发件箱：每个收件人的状态，认定、撤回、重发。")
mail = group("发信：状态、暂停、恢复、试发、放行。")

Numbers = Annotated[list[int], typer.Argument(help="收件编号，可写几个（见 outbox list）。")]
ReasonOption = Annotated[str, typer.Option("--reason", help="原因，记录在案。")]
SinceOption = Annotated[str | None, typer.Option("--from", help="自何时起，如 2023-04-05T00:00；不写即现在。")]


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


@outbox.command("cancel")
def outbox_cancel(
    recipients: Numbers, reason: ReasonOption, actor: ActorOption = "手工", home: HomeOption = None
) -> None:
    """撤回还没有发出的投递。"""
    from tasks.outbox import cancel

    say(cancel(context(home, None, actor), tuple(recipients), reason=reason).summary())


@outbox.command("resend")
def outbox_resend(
    recipients: Numbers, reason: ReasonOption, actor: ActorOption = "手工", home: HomeOption = None
) -> None:
    """重发已改投、已撤、被拒的投递。

    改为待发，下一次投递时发给本来的收件人。
    """
    from tasks.outbox import resend

    say(resend(context(home, None, actor), tuple(recipients), reason=reason).summary())


@mail.command("status")
def mail_status(home: HomeOption = None, now: NowOption = None, json: JsonOption = False) -> None:
    """发信是否正常：停用、暂停、锁住、改投，待发多少。"""
    from tasks.mail_switch import mail_status as read

    emit(read(context(home, now)), json, lambda status: say("\n".join(status.lines())), lambda status: status.as_json())


@mail.command("pause")
def mail_pause(
    reason: ReasonOption,
    since: SinceOption = None,
    actor: ActorOption = "手工",
    home: HomeOption = None,
    now: NowOption = None,
) -> None:
    """暂停发信：收表、审核、拟文照常，信留在待发箱。"""
    from tasks.mail_switch import pause
    from yaoxun.context import parse_now

    say(pause(context(home, now, actor), reason=reason, since=parse_now(since)).summary())


@mail.command("resume")
def mail_resume(
    reason: ReasonOption = "",
    since: SinceOption = None,
    actor: ActorOption = "手工",
    home: HomeOption = None,
    now: NowOption = None,
) -> None:
    """恢复发信。"""
    from tasks.mail_switch import resume
    from yaoxun.context import parse_now

    say(resume(context(home, now, actor), reason=reason, since=parse_now(since)).summary())


@mail.command("test")
def mail_test(
    address: Annotated[str, typer.Argument(help="试发到哪个邮箱，一般是自己的。")],
    actor: ActorOption = "手工",
    home: HomeOption = None,
) -> None:
    """试发一封：按现在的设置连接、登录、投递，逐步说明；不进发件箱。"""
    from tasks.try_mail import try_mail

    try_mail(context(home, None, actor), address, say)
    say("试发成功。请到收件邮箱看一看，也看看垃圾邮件。")


@mail.command("release")
def mail_release(
    actor: Annotated[str, typer.Option("--as", help="谁放行（登录名）。")],
    reason: ReasonOption,
    withdraw_before: Annotated[
        str | None, typer.Option("--withdraw-before", help="这个时间以前的待发邮件撤回不发，如 2023-04-01。")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="不再询问。")] = False,
    home: HomeOption = None,
    now: NowOption = None,
) -> None:
    """放行：复制、搬来或恢复的办公室，由一个人确认后才发信。

    先列出待发的件。
    """
    from tasks.mail_switch import release
    from yaoxun.context import parse_now

    ctx, before = context(home, now, actor), parse_now(withdraw_before)
    say(release(ctx, reason=reason, withdraw_before=before, look_only=True).summary())
    if not yes and typer.prompt("由本处发信，确定吗？写“是”才发", default="否").strip().lower() not in (
        "是",
        "y",
        "yes",
    ):
        raise typer.Abort
    say(release(ctx, reason=reason, withdraw_before=before).summary())
