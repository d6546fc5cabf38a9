"""init: a new office in an empty folder, derived from the shipped defaults and checked before it is left there.

The shipped files are changed as text (init_text.py), so that what they explain stays. An empty office has its own name,
no table of its own yet (or some of the shipped ones) and a bulletin of a few lines that can be drafted at once. The
answers are kept in config/.start.json, so that `config diff` knows what the office began with.
"""

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from tasks.config_check import check_config
from tasks.init_files import write_office
from tasks.init_organisations import NewOrganisation
from yaoxun.context import Context
from yaoxun.errors import ConfigError, OutsideError, RequestError, system_words
from yaoxun.home import Home, shipped
from yaoxun.mail_address import is_mail
from yaoxun.office.settings import RegularKind
from yaoxun.settings import load_yaml

START = ".start.json"
PERIODS: dict[str, RegularKind] = {"周": "week", "月": "month", "季": "quarter", "半年": "half", "年": "year"}


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What an office says of itself.

    collector and issuer: who collects tables and who issues bulletins ('' for the office itself). periods: kinds of
    period, the first is the bulletin's. mail: folder (answers stand in data/回 only) or smtp. tables: shipped tables to
    begin with. data_to: the day of a month that its data run to (31: its last). sample: the whole sample office instead.
    """

    name: str
    collector: str = ""
    issuer: str = ""
    periods: tuple[RegularKind, ...] = ("month",)
    mail: str = "folder"
    smtp_host: str = ""
    smtp_user: str = ""
    mail_from: str = ""
    data_to: int = 25
    pilot_start: date
    records_from: date | None = None
    organisations: tuple[NewOrganisation, ...] = ()
    tables: tuple[str, ...] = ()
    sample: bool = False


@dataclass(frozen=True, kw_only=True)
class Made:
    """A new office and what to do next."""

    root: Path
    steps: tuple[str, ...]

    def summary(self) -> str:
        lines = [f"办公室已建好：{self.root}（先看里面的 说明.md）", "接下来："]
        return "\n".join([*lines, *(f"  {n}. {step}" for n, step in enumerate(self.steps, 1))])


def init_home(ctx: Context, answers: Answers) -> Made:
    """Make the folder of `ctx.home`. Raises RequestError for a folder with something in it and for answers that do not
    fit together; then nothing is left behind."""
    root = ctx.home.root
    require_empty(root)
    _check_answers(answers)
    answers = replace(answers, tables=_with_named(answers.tables))
    try:
        beside = root if root.exists() else root.parent  # an empty folder may be somebody's working directory: it stays
        beside.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".init-", dir=beside) as scratch:
            home = Home(Path(scratch) / "office")
            home.make_folders()
            steps = _steps(answers)
            _write(home, answers, steps)
            _require_sound(replace(ctx, home=home))
            root.mkdir(exist_ok=True)
            for made in sorted(home.root.iterdir()):
                made.rename(root / made.name)
    except OSError as err:
        raise OutsideError(f"目录 {root} 建不成：{system_words(err)}。", "请检查磁盘和权限，换个位置再试。") from err
    return Made(root=root, steps=steps)


def require_empty(root: Path) -> None:
    """Raises RequestError for a folder that holds something, or that is a file."""
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise RequestError(f"{root} 已经有内容，没有动它。", "请另给一个空目录或还没有的目录。")


def _write(home: Home, answers: Answers, steps: tuple[str, ...]) -> None:
    for name in ("config", "report_templates"):
        shutil.copytree(shipped(name), home.root / name)
    write_office(home, answers, steps)
    (home.config / START).write_bytes(TypeAdapter(Answers).dump_json(answers, indent=1))


def begun_with(home: Home, folder: Path) -> Home:
    """What this program would make of the answers that an office began with, in an empty folder; of none the shipped files.

    Raises ConfigError where what is kept of the answers cannot be read."""
    path = home.config / START
    if not path.exists():
        for name in ("config", "report_templates"):
            shutil.copytree(shipped(name), folder / name)
        return Home(folder)
    try:
        answers = TypeAdapter(Answers).validate_json(path.read_bytes())
    except ValidationError as err:
        remedy = "它由 yaoxun init 写下，不必改；删去它，就与随附的配置比。"
        raise ConfigError(file=path, key="", problem="内容不对", remedy=remedy) from err
    _write(Home(folder), answers, ())
    return Home(folder)


def _require_sound(ctx: Context) -> None:
    checked = check_config(ctx)
    if checked.faults:
        fault = checked.faults[0]
        name = Path(fault.file).name
        raise RequestError(f"照这些回答建成的 {name} 有误（{fault.key}：{fault.problem}），没有建。", fault.remedy)


def _check_answers(answers: Answers) -> None:
    known = sorted(path.stem for path in (shipped("config") / "forms").glob("*.yaml"))
    for table in answers.tables:
        if table not in known:
            raise RequestError(f"随附的报表里没有“{table}”。", f"可选：{'、'.join(known)}。")
    if not answers.sample and not answers.name.strip():
        raise RequestError("没有写办公室名称。", "请用 --name 写上，如 --name 某某市统计办公室。")
    for what, day in (("试点开始的日子", answers.pilot_start), ("数据登记的起始日", answers.records_from)):
        if day is not None and day.day != 1:
            raise RequestError(f"{what} {day} 不是某月的1日。", "请写某月的1日，如 2023-01-01。")
    if not 1 <= answers.data_to <= 31:
        raise RequestError(f"每月没有 {answers.data_to} 号。", "数据截止日请写 1 到 31，31 即月末。")
    if answers.mail == "smtp" and not (answers.smtp_host and is_mail(answers.mail_from)):
        raise RequestError(
            "用邮件发送，要写服务器和发件地址。",
            "请用 --smtp-host 和 --mail-from 写上，如 smtp.mail.example 和 a@mail.example。",
        )


def _with_named(tables: tuple[str, ...]) -> tuple[str, ...]:
    """The tables and those that their columns name, without which they could not be checked; in the shipped order."""
    folder = shipped("config") / "forms"
    named, left = set[str](), list(tables)
    while left:
        table = left.pop()
        if table not in named and (folder / f"{table}.yaml").is_file():
            named.add(table)
            left += _tables_in(load_yaml(folder / f"{table}.yaml"))
    return tuple(sorted(named, key=lambda table: (table.rstrip("0123456789"), len(table), table)))


def _tables_in(part: Any) -> Iterator[str]:
    """Every table that a definition names (table: T3, column: …)."""
    if isinstance(part, dict):
        if isinstance(part.get("table"), str):
            yield part["table"]
        for value in part.values():
            yield from _tables_in(value)
    elif isinstance(part, list):
        for value in part:
            yield from _tables_in(value)


def _steps(answers: Answers) -> tuple[str, ...]:
    contacts = "在 config/people.yaml 核对岗位和联系邮箱，再运行 yaoxun config import"
    if answers.sample:
        return (
            "这是示例办公室，随便试：yaoxun config import",
            "yaoxun templates issue --now 2023-03-27T09:00，表在 data/发/",
            "填好的表放进 data/收/，yaoxun run collect；yaoxun status 看结果",
        )
    if not answers.organisations:
        contacts = "把 config/organisations.yaml 里的示例单位换成自己的单位；" + contacts
    if answers.tables:
        own = "yaoxun templates issue 发表（自己的表：yaoxun forms draft 表.xlsx，再在 config/assignments.yaml 写谁报）"
    else:
        own = "yaoxun forms draft 自己的表.xlsx 起草报表定义，再在 config/assignments.yaml 写谁报"
    return (contacts, own, "yaoxun config check 查一遍，然后 yaoxun up 启动（或 yaoxun templates issue 先发一次表）")
