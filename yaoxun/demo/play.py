"""The demo: a home made afresh, two servers, the quarter acted out as flow runs, the ending checked and shown.

The plan stands in story.py, what happens when in quarter.py, how it ended in ending.py.
"""

import shutil
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from yaoxun.context import Context, parse_now, wall_clock
from yaoxun.demo.hosts import engine_server, mail_server, run_child, run_deployed, wait_up
from yaoxun.errors import NotNowError, RequestError, YaoxunError
from yaoxun.home import Home, shipped
from yaoxun.schedules import FlowName
from yaoxun.screens import console
from yaoxun.server import Server, find_server

if TYPE_CHECKING:
    from yaoxun.demo.quarter import Desks

MARKER = ".yaoxun-demo"
HISTORY = "试点前政策台账（示例）.xlsx"
CLERK, SIGNER = "bgs", "qfr"
_SCHEDULES_NOTE = "# 演示用：各项日程都停着，由演示按试运行的时间逐次运行。\n"
_SHOWN_LINES = 14


def play(home: Path) -> int:
    """Play the quarter in a folder of its own; 0 when it came out as told, 1 with sentences otherwise."""
    with suppress(ValueError):  # not the main thread: then nobody sends us signals either
        signal.signal(signal.SIGTERM, _as_interrupt)
    try:
        return _play(prepare(home))
    except YaoxunError as err:
        sys.stderr.write(f"{err}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("演示已中断，启动的服务都已停下。\n")
        return 130


def _as_interrupt(*_: Any) -> None:
    raise KeyboardInterrupt


def prepare(folder: Path) -> Home:
    """An empty home with the shipped configuration and templates, its schedules at rest.

    Raises RequestError for a folder with something else in it, NotNowError when a demo still runs there.
    """
    root = folder.resolve()
    if root.exists():
        if not root.is_dir() or (any(root.iterdir()) and not (root / MARKER).is_file()):
            raise RequestError(
                f"{root} 不是演示用的目录，里面的东西不能动。", "请换一个目录，或用 --home 指定一个新的。"
            )
        if find_server(Home(root)):
            raise NotNowError(f"{root} 里的服务还在运行。", "请先停下它再演示。")
        for path in root.iterdir():
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    root.mkdir(parents=True, exist_ok=True)
    (root / MARKER).write_text("要讯的演示目录，每次演示都会重建。\n", encoding="utf-8")
    for name in ("config", "report_templates"):
        shutil.copytree(shipped(name), root / name)
    _rest_schedules(root / "config" / "schedules.yaml")
    home = Home(root)
    home.make_folders()
    return home


def _rest_schedules(path: Path) -> None:
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    content["port"] = 0
    for schedule in content["schedules"]:
        schedule["enabled"] = False
    path.write_text(_SCHEDULES_NOTE + yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")


def _play(home: Home) -> int:
    from yaoxun.demo.ending import differences, read_ending
    from yaoxun.demo.quarter import act
    from yaoxun.demo.summary import show_summary

    screen, began = console(), wall_clock()

    def say(text: str) -> None:
        seconds = (wall_clock() - began).total_seconds()
        screen.print(f"[dim]{seconds:5.0f} 秒[/]  ", end="")
        screen.print(text, markup=False, highlight=False, soft_wrap=True)

    say(f"演示目录：{home.root}")
    say("正在启动邮件服务器和调度服务……")
    with mail_server(home), engine_server(home) as engine:
        _prepare_office(home, say)
        server = wait_up(home, engine)
        say(f"调度服务已启动：{server.api_url}")
        act(Runs(home=home, server=server, tell=say), _desks(home))
        ending = read_ending(_context(home, "2023-04-06T09:05"))
    say("服务已停下。")
    wrong = differences(ending)
    show_summary(screen, home, ending)
    for line in wrong:
        screen.print(f"对不上：{line}", style="red", markup=False)
    return 1 if wrong else 0


def _context(home: Home, now: str, actor: str = CLERK) -> Context:
    return Context(home=home, actor=actor, occasion="演示", fixed_now=parse_now(now))


def _prepare_office(home: Home, say: Callable[[str], None]) -> None:
    """People, and the policies before the pilot, while the server starts."""
    from tasks.config import import_config
    from tasks.config_check import check_config
    from tasks.import_history import import_history
    from yaoxun.demo.history import write_history

    say(check_config(_context(home, "")).summary())
    say(import_config(_context(home, "2023-01-03T09:00")).summary())
    desks = _desks(home)
    write_history(home.root / HISTORY, desks.story, desks.office)
    say(import_history(_context(home, "2023-01-04T09:00"), home.root / HISTORY).summary())


def _desks(home: Home) -> "Desks":
    from tasks.desk import load_config
    from yaoxun.demo.quarter import Desks
    from yaoxun.demo.story import make_story

    return Desks(home=home, office=load_config(home).office, story=make_story())


@dataclass(frozen=True, kw_only=True)
class Runs:
    """The stage of quarter.py, where every use case of the office is a flow run; only a signature is a person's."""

    home: Home
    server: Server
    tell: Callable[[str], None]

    def say(self, text: str) -> None:
        self.tell(f"—— {text}")

    def issue(self, period: str, now: str) -> None:
        self._run("issuing", now, period=period)

    def collect(self, now: str) -> None:
        self._run("collecting", now)

    def collect_through_server(self, now: str) -> None:
        self._show("collecting", now, run_deployed(self.server, "collecting", {"now": now}, CLERK), "（经调度服务）")

    def remind(self, now: str) -> None:
        self._run("reminding", now)

    def deliver(self, now: str) -> None:
        self._run("delivering", now)

    def draft(self, kind: str, period: str, now: str) -> None:
        self._run("drafting", now, kind=kind, period=period)

    def sign(self, now: str) -> None:
        from tasks.documents import list_documents
        from tasks.sign import sign

        ctx = _context(self.home, now, SIGNER)
        newest = list_documents(ctx)[-1]
        self.tell(f"{_clock(now)} 签发：{sign(ctx, newest.number).summary()}")

    def _run(self, flow: FlowName, now: str, **parameters: str) -> None:
        self._show(flow, now, run_child(self.home, self.server, flow, {"now": now, **parameters}, CLERK), "")

    def _show(self, flow: FlowName, now: str, said: str, how: str) -> None:
        lines = [line for line in said.splitlines() if line and not _is_plain(line)]
        accepted = sum(map(_is_plain, said.splitlines()))
        if accepted:
            lines.insert(1, f"{accepted} 份全部接收")
        more = [f"……另有 {len(lines) - _SHOWN_LINES} 行从略"] if len(lines) > _SHOWN_LINES else []
        title = f"{_clock(now)} {_FLOWS[flow]}{how}："
        self.tell(title + ("\n" + " " * 10).join([*lines[:_SHOWN_LINES], *more]))


_FLOWS: dict[FlowName, str] = {"issuing": "发表", "collecting": "收件审核", "drafting": "起草", "delivering": "取号分发",
                               "reminding": "催报"}  # fmt: skip


def _is_plain(line: str) -> bool:
    """A file whose tables were all accepted needs no line of its own."""
    return "号来件：已判" in line and "退回" not in line and "待说明" not in line


def _clock(now: str) -> str:
    return now.replace("T", " ")
