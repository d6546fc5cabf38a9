"""The questions of `yaoxun init`: what was not said as an option is asked, or has its usual value when nobody is to be asked."""

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import typer

from yaoxun.errors import RequestError

if TYPE_CHECKING:
    from tasks.init_home import Answers
    from tasks.init_organisations import NewOrganisation
    from yaoxun.office.settings import RegularKind

_SEPARATORS = re.compile(r"[、,，\s]+")


@dataclass(frozen=True, kw_only=True)
class Given:
    """What stood on the command line, as typed; None or '' for nothing."""

    name: str | None = None
    collector: str | None = None
    issuer: str | None = None
    periods: str | None = None
    mail: str | None = None
    smtp_host: str = ""
    smtp_user: str = ""
    mail_from: str = ""
    pilot_start: str | None = None
    records_from: str | None = None
    data_to: int | None = None
    tables: str = ""
    sample: bool = False


def answers_of(given: Given, organisations: "tuple[NewOrganisation, ...]", *, ask: bool, today: date) -> "Answers":
    """The answers of an office. Raises RequestError for an answer that is none, and where nobody can be asked."""
    from tasks.init_home import Answers

    asking = _asker(ask and not given.sample)
    name = asking(given.name, "办公室名称（通知和表格的落款）", "")
    collector = asking(given.collector, "收表单位的全称", name)
    issuer = asking(given.issuer, "简报的发文单位", collector)
    periods = asking(given.periods, "按哪些报告期收表（周、月、季、半年、年，可写几个）", "月")
    start = asking(given.pilot_start, "从哪个月开始收表", f"{today:%Y-%m}")
    records = asking(given.records_from, "要导入历史数据的，从哪个月起（不导入的直接回车）", start)
    data_to = asking(_typed(given.data_to), "每月的数据截止到几号（31 即月末）", "25")
    mail = _mail(asking(given.mail, "回执和催报怎么送（folder 只写到文件夹，smtp 用邮件）", "folder"))
    host, user, sender = given.smtp_host, given.smtp_user, given.mail_from
    if mail == "smtp":
        host = asking(host or None, "发信服务器", "")
        sender = asking(sender or None, "发件地址", "")
        user = asking(user or None, "登录账号", sender)
    return Answers(
        name=name, collector=collector, issuer=issuer, periods=_periods(periods), mail=mail, smtp_host=host,
        smtp_user=user, mail_from=sender, pilot_start=_month(start),
        records_from=_month(records) if records and _month(records) != _month(start) else None,
        data_to=_day(data_to), organisations=organisations,
        tables=tuple(word for word in _SEPARATORS.split(given.tables) if word), sample=given.sample,
    )  # fmt: skip


def _asker(ask: bool) -> Callable[[str | None, str, str], str]:
    """Asks for what was not given; `ask` False takes the usual value."""

    def answer(given: str | None, question: str, usual: str) -> str:
        if given is not None:
            return given.strip()
        if not ask:
            return usual
        if not at_terminal():
            raise RequestError(
                f"还没有回答“{question}”，而这里没有人可以问（不是终端）。",
                "请加 --yes 用通常的值，并用 --name 等选项写明要定的。",
            )
        return str(typer.prompt(question, default=usual or None)).strip()

    return answer


def at_terminal() -> bool:
    """Whether somebody sits there to be asked."""
    return sys.stdin.isatty()


def _periods(text: str) -> "tuple[RegularKind, ...]":
    from tasks.init_home import PERIODS

    words = [word.removesuffix("报").removesuffix("度") for word in _SEPARATORS.split(text) if word]
    kinds: dict[str, RegularKind] = {**PERIODS, **{kind: kind for kind in PERIODS.values()}}
    for word in words:
        if word not in kinds:
            raise RequestError(f"没有“{word}”这种报告期。", f"请从中选：{'、'.join(PERIODS)}。")
    return tuple(dict.fromkeys(kinds[word] for word in words)) or ("month",)


def _mail(text: str) -> str:
    words = {"folder": "folder", "none": "folder", "文件夹": "folder", "smtp": "smtp", "邮件": "smtp"}
    if text.lower() not in words:
        raise RequestError(f"没有“{text}”这种送法。", "请写 folder（只写到文件夹）或 smtp（用邮件发送）。")
    return words[text.lower()]


def _typed(number: int | None) -> str | None:
    return None if number is None else str(number)


def _day(text: str) -> int:
    day = text.removesuffix("日").removesuffix("号")
    if not day.isdecimal():
        raise RequestError(f"“{text}”不是几号。", "请写 1 到 31，31 即月末。")
    return int(day)


def _month(text: str) -> date:
    try:
        return date.fromisoformat(text if len(text) > len("2023-01") else f"{text}-01")
    except ValueError as err:
        raise RequestError(f"“{text}”不是月份。", "请写成 2023-01 的形式。") from err
