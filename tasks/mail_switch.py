"""Whether mail may leave: switched off in the configuration, paused by a person, or held because the office was copied or
restored. Pausing, resuming, releasing; how mail stands. What is sent and how stands in send.py.

Held mail waits as it is: messages are still made and 回/ is still written, nothing is composed. When it goes on, every
mail meets the gate of compose.py as always.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from tasks.desk import Desk, open_desk
from yaoxun.context import SHANGHAI, Context, wall_clock
from yaoxun.errors import NotNowError, RequestError
from yaoxun.post import manual
from yaoxun.post.manual import PAUSED, RUNNING, Switch
from yaoxun.post.model import KIND_WORDS
from yaoxun.store.installation import misfits, record_place
from yaoxun.store.records import note_event

_RELEASE = "yaoxun mail release --as 登录名 --reason 原因"


def why_held(desk: Desk, conn: Connection) -> str:
    """Why no mail may leave now, as a Chinese sentence; '' when it may."""
    if not desk.config.mail.enabled:
        return "邮件未启用（config/mail.yaml 的 enabled）"
    return _muzzled(desk, conn) or _paused(manual.switch_at(conn, desk.ctx.now()))


def mail_notice(desk: Desk, conn: Connection) -> str:
    """What everybody should know of the mail, '' when it goes as usual or is not in use."""
    mail = desk.config.mail
    if not mail.enabled:
        return ""
    return why_held(desk, conn) or (f"试运行，所有邮件改投到 {mail.divert_to}" if mail.divert_to else "")


def _muzzled(desk: Desk, conn: Connection) -> str:
    found = misfits(conn, desk.ctx.home, reached=manual.reached)
    if not found:
        return ""
    return f"这是从别处复制、搬来或恢复来的办公室，发信已锁住（{'；'.join(found)}）。确认原来那处不再发信后，用 {_RELEASE} 放行"


def _paused(switch: Switch | None) -> str:
    if switch is None or switch.state != PAUSED:
        return ""
    since = _words(switch.effective_at)
    return f"{switch.actor} 自 {since} 起暂停发信：{switch.reason}。恢复用 yaoxun mail resume"


def _words(moment: datetime) -> str:
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


@dataclass(frozen=True, kw_only=True)
class Switched:
    """A turn of the switch that is on record."""

    switch: Switch

    def summary(self) -> str:
        what = "暂停发信（照常收表、审核、拟文，信都留在待发箱）" if self.switch.state == PAUSED else "恢复发信"
        return f"自 {_words(self.switch.effective_at)} 起{what}。"


def pause(ctx: Context, *, reason: str, since: datetime | None = None) -> Switched:
    """Send nothing from now, or from a later time, on."""
    if not reason.strip():
        raise RequestError("暂停发信要写明原因。", "请加 --reason，如 --reason 节日期间统一暂停。")
    return _switch(ctx, PAUSED, reason, since)


def resume(ctx: Context, *, reason: str = "", since: datetime | None = None) -> Switched:
    """Send again from now, or from a later time, on. Raises NotNowError when nothing is paused then."""
    return _switch(ctx, RUNNING, reason, since)


def _switch(ctx: Context, state: str, reason: str, since: datetime | None) -> Switched:
    now = ctx.now()
    switch = Switch(state=state, reason=reason.strip(), actor=ctx.actor, effective_at=max(since or now, now))
    with open_desk(ctx) as desk, desk.store.write() as conn:
        then = manual.switch_at(conn, switch.effective_at)
        planned = [one for one in manual.switches_after(conn, now) if one.state == PAUSED]
        if state == RUNNING and (then is None or then.state != PAUSED):
            remedy = (
                "用 yaoxun mail status 查看。"
                if not planned
                else "有一次暂停还没有开始：用 --from 写上它开始以后的时间。"
            )
            raise NotNowError("发信没有暂停，无需恢复。", remedy)
        manual.add_switch(conn, switch, now=now)
        payload = {"reason": switch.reason, "effective_at": switch.effective_at.isoformat()}
        note_event(conn, actor=ctx.actor, at=now, verb=f"{state}发信", subject="mail", payload=payload)
    return Switched(switch=switch)


@dataclass(frozen=True, kw_only=True)
class MailStatus:
    """How mail stands. `held`: why none leaves, '' when it does; `coming`: later turns of the switch; `waiting`: mails
    that have not had their turn, by kind; `states`: all mails by state."""

    server: str
    divert_to: str
    held: str
    coming: tuple[Switch, ...]
    waiting: Mapping[str, int]
    oldest: datetime | None
    states: Mapping[str, int]

    def as_json(self) -> dict[str, Any]:
        """The same as plain data."""
        coming = [{"state": s.state, "from": s.effective_at.astimezone(SHANGHAI).isoformat(), "by": s.actor,
                   "reason": s.reason} for s in self.coming]  # fmt: skip
        oldest = self.oldest.astimezone(SHANGHAI).isoformat() if self.oldest else None
        return {"server": self.server, "divert_to": self.divert_to, "held": self.held, "coming": coming,
                "waiting": dict(self.waiting), "oldest": oldest, "states": dict(self.states)}  # fmt: skip

    def lines(self) -> list[str]:
        """For people, one line a matter."""
        lines = [f"发信：{self.held}。" if self.held else f"发信：正常，经 {self.server}。"]
        if self.divert_to:
            lines.append(
                f"试运行改投：所有邮件都发到 {self.divert_to}，不发给真正的收件人（config/mail.yaml 的 divert_to）。"
            )
        lines += [f"已安排：{_words(s.effective_at)} 起{s.state}发信（{s.actor}：{s.reason}）。" for s in self.coming]
        since = f"，最早的是 {_words(self.oldest)}" if self.oldest else ""
        counts = _counted(self.waiting)
        lines.append(f"待发邮件：{counts}{since}。" if counts else "待发邮件：没有。")
        if self.states:
            lines.append("全部邮件：" + "，".join(f"{state} {n}" for state, n in self.states.items()) + "。")
        return lines


def mail_status(ctx: Context) -> MailStatus:
    """How mail stands now."""
    with open_desk(ctx) as desk:
        return read_mail_status(desk)


def read_mail_status(desk: Desk) -> MailStatus:
    """The same for callers that are at work already."""
    mail, now = desk.config.mail, desk.ctx.now()
    with desk.store.read() as conn:
        held, waiting = why_held(desk, conn), manual.waiting_mails(conn)
        return MailStatus(
            server=f"{mail.host}:{mail.port}",
            divert_to=mail.divert_to,
            held=held,
            coming=tuple(manual.switches_after(conn, now)),
            waiting=_by_kind(waiting),
            oldest=min((one.not_before for one in waiting), default=None),
            states=manual.mail_counts(conn),
        )


def _by_kind(waiting: list[Any]) -> dict[str, int]:
    counts = Counter(one.kind for one in waiting)
    return {words: counts[kind] for kind, words in KIND_WORDS.items() if counts[kind]}


def _counted(counts: Mapping[str, int]) -> str:
    return "，".join(f"{kind} {n}" for kind, n in counts.items())


@dataclass(frozen=True, kw_only=True)
class Release:
    """What a release finds or did: why mail was held, what waits by kind, and how many were taken back."""

    why: str
    waiting: Mapping[str, int]
    withdrawn: int = 0
    done: bool = False

    def summary(self) -> str:
        counts = _counted(self.waiting) or "没有"
        if not self.done:
            return (f"{self.why}。\n待发邮件：{counts}。\n注意：原来那处在复制或备份以后可能已经发过其中一部分；"
                    "不想再发的旧件，用 --withdraw-before 日期 撤回。")  # fmt: skip
        taken = f"撤回 {self.withdrawn} 件，" if self.withdrawn else ""
        return f"已放行：{taken}待发邮件：{counts}。下一次投递时发出。"


def release(ctx: Context, *, reason: str, withdraw_before: datetime | None = None, look_only: bool = False) -> Release:
    """Let this place send from now on, and take back mails that were meant to go before a time; with `look_only`, tell
    what would happen. Raises NotNowError when the place is the recorded one, RequestError without a reason."""
    now = ctx.now()
    with open_desk(ctx) as desk, desk.store.write() as conn:
        why = _muzzled(desk, conn)
        if not why:
            raise NotNowError("发信没有锁住，无需放行。", "暂停过的用 yaoxun mail resume；情形见 yaoxun mail status。")
        waiting = manual.waiting_mails(conn)
        if look_only:
            return Release(why=why.partition("。")[0], waiting=_by_kind(waiting))
        if not reason.strip():
            raise RequestError("放行要写明原因。", "请加 --reason，如 --reason 换了新机器，旧机器已停用。")
        old = [one for one in waiting if withdraw_before is not None and one.not_before < withdraw_before]
        why_back = f"{ctx.actor} 放行时撤回：{reason}"
        gone = {one.recipient for one in old
                if manual.cancel_recipient(conn, one.recipient, why=why_back, wall=wall_clock(), now=now)}  # fmt: skip
        record_place(conn, desk.ctx.home, actor=ctx.actor, reason=reason, at=now)
        payload = {"reason": reason, "was": why, "withdrawn": len(gone)}
        note_event(conn, actor=ctx.actor, at=now, verb="放行发信", subject="mail", payload=payload)
        left = [one for one in waiting if one.recipient not in gone]
    return Release(why=why, waiting=_by_kind(left), withdrawn=len(gone), done=True)
