"""Commands that run flows: run, up, demo."""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from yaoxun.commands.frame import ActorOption, HomeOption, NowOption, PeriodOption, say, working
from yaoxun.errors import NotNowError, RequestError
from yaoxun.home import Home, find_home

top = typer.Typer()

FLOWS = {"issue": "issuing", "collect": "collecting", "draft": "drafting", "deliver": "delivering",
         "remind": "reminding", "housekeep": "housekeeping"}  # fmt: skip


@top.command()
def run(
    what: Annotated[str, typer.Argument(help="issue | collect | draft | deliver | remind | housekeep")],
    home: HomeOption = None,
    period: PeriodOption = None,
    kind: Annotated[str | None, typer.Option("--kind", help="文种（draft 用），如 要讯。")] = None,
    now: NowOption = None,
    actor: ActorOption = "手工",
) -> None:
    """运行一次流程：服务已启动时交给它，否则就地以子进程运行。"""
    from yaoxun.server import find_server

    if what not in FLOWS:
        raise RequestError(f"没有名为“{what}”的流程。", f"请从中选一个：{'、'.join(FLOWS)}。")
    wanted = {"period": period or "", "now": now or ""}
    if what == "housekeep":
        del wanted["period"]
    if what == "draft":
        wanted["kind"] = kind or ""
    flow: Any = FLOWS[what]
    if find_home(home).data.joinpath("prefect").exists() and (server := find_server(find_home(home))):
        run_id = server.start_run(flow, wanted, actor)
        with working("已交给服务运行，等待结果…"):
            state = _wait(lambda: server.state_of(run_id))
        if not state.succeeded:
            raise NotNowError(state.message or "这次运行没有办成。")
        say(state.message or "已办成。")
        return
    raise SystemExit(_run_here(find_home(home), flow, wanted, actor))


@top.command()
def up(home: HomeOption = None) -> None:
    """启动：调度服务与全部定时任务，按 Ctrl-C 停止。"""
    root = find_home(home).root
    os.execv(sys.executable, [sys.executable, "-m", "flows.serving", "--home", str(root)])  # noqa: S606 (replaces us)


@top.command()
def demo(home: Annotated[Path, typer.Option("--home", help="演示用的目录，每次重建。")] = Path("demo-home")) -> None:
    """演示：一个季度的收表、审核、成文、签发、投递、催报。"""
    from yaoxun.demo.play import play

    raise SystemExit(play(home))


def _run_here(home: Home, flow: Any, wanted: dict[str, str], actor: str) -> int:
    """Run a flow as a child; what it says is told when the sign of life is gone."""
    from yaoxun.server import run_as_child

    sys.stdout.flush()
    heard: list[str] = []
    with working("正在运行…") as watched:
        code = run_as_child(home, flow, wanted, actor, heard.append if watched else None)
    for line in heard:
        say(line)
    return code


def _wait(ask: Callable[[], Any]) -> Any:
    while not (state := ask()).is_over:
        time.sleep(1)
    return state
