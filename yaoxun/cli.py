"""The command line: reads arguments, calls one use case, prints. No work is done here, and nothing heavy is imported
before a command runs, so that `yaoxun --help` answers at once. Prefect is never imported: runs are asked for through
the running server, or started as a child process.
"""

import os
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Annotated, Any

import typer

from yaoxun.context import Context, parse_now
from yaoxun.errors import NotNowError, RequestError, YaoxunError
from yaoxun.home import find_home

HomeOption = Annotated[Path | None, typer.Option("--home", help="办公室目录，默认取 YAOXUN_HOME 或当前目录。")]
NowOption = Annotated[str | None, typer.Option("--now", help="试运行用的时间，如 2023-04-06T09:00。")]
PeriodOption = Annotated[str | None, typer.Option("--period", help="报告期，如 2023-03。")]
JsonOption = Annotated[bool, typer.Option("--json", help="输出 JSON。")]
ActorOption = Annotated[str, typer.Option("--as", help="以谁的名义（登录名）。")]

app = typer.Typer(no_args_is_help=True, add_completion=False, help="要讯：收表、审核、汇总、成文、签发、投递、催报。")
templates_app = typer.Typer(no_args_is_help=True, help="报表模板。")
import_app = typer.Typer(no_args_is_help=True, help="导入历史数据。")
outbox_app = typer.Typer(no_args_is_help=True, help="发件箱。")
config_app = typer.Typer(no_args_is_help=True, help="配置。")
intake_app = typer.Typer(no_args_is_help=True, help="来件与待认领。")
for name, sub in (
    ("templates", templates_app), ("import", import_app), ("outbox", outbox_app), ("config", config_app),
    ("intake", intake_app),
):  # fmt: skip
    app.add_typer(sub, name=name)

FLOWS = {"issue": "issuing", "collect": "collecting", "draft": "drafting", "deliver": "delivering",
         "remind": "reminding", "housekeep": "housekeeping"}  # fmt: skip


def main() -> None:
    """Run a command; an error of ours is one Chinese sentence on stderr and exit status 1."""
    try:
        app()
    except YaoxunError as err:
        sys.stderr.write(f"{err}\n")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


def context(home: Path | None, now: str | None = None, actor: str = "") -> Context:
    """The frame of a hand's request."""
    from ulid import ULID

    return Context(home=find_home(home), actor=actor or "手工", occasion=str(ULID()), fixed_now=parse_now(now))


def emit(value: Any, as_json: bool, show: Callable[[Any], None], plain: Callable[[Any], Any]) -> None:
    """Print a result for people, or as JSON."""
    if as_json:
        import json

        sys.stdout.write(json.dumps(plain(value), ensure_ascii=False, indent=2, default=str) + "\n")
    else:
        show(value)


def say(text: str) -> None:
    """A line for people."""
    sys.stdout.write(text + "\n")


def working(text: str) -> AbstractContextManager[Any]:
    """A sign of life for what may take a while; silent when nobody watches."""
    if not sys.stderr.isatty():
        return nullcontext()
    from rich.console import Console

    return Console(stderr=True).status(text)


@templates_app.command("issue")
def templates_issue(home: HomeOption = None, period: PeriodOption = None, now: NowOption = None) -> None:
    """发放模板：为在报的报告期（或指定的一期）给每家单位各出一份工作簿。"""
    from tasks.issue_templates import issue_templates
    from tasks.open_windows import open_windows

    ctx = context(home, now)
    with working("正在发放模板…"):
        opened, issued = open_windows(ctx, period), issue_templates(ctx, period)
    say(opened.summary())
    say(issued.summary())


@app.command()
def run(
    what: Annotated[str, typer.Argument(help="issue | collect | draft | deliver | remind | housekeep")],
    home: HomeOption = None,
    period: PeriodOption = None,
    kind: Annotated[str | None, typer.Option("--kind", help="文种（draft 用），如 要讯。")] = None,
    now: NowOption = None,
    actor: ActorOption = "手工",
) -> None:
    """运行一次流程：服务已启动时交给它，否则就地以子进程运行。"""
    from yaoxun.server import find_server, run_as_child

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
    sys.stdout.flush()
    raise SystemExit(run_as_child(find_home(home), flow, wanted, actor))


def _wait(ask: Callable[[], Any]) -> Any:
    while not (state := ask()).is_over:
        time.sleep(1)
    return state


@app.command()
def status(
    home: HomeOption = None, period: PeriodOption = None, now: NowOption = None, json: JsonOption = False
) -> None:
    """报送情况：谁未报、谁被退回、谁逾期。"""
    from tasks.status import status as read
    from yaoxun.screens import show_status

    emit(read(context(home, now), period), json, show_status, lambda s: s.as_json())


@import_app.command("history")
def import_history(
    file: Annotated[Path, typer.Argument(help="扁平表（.xlsx 或 .csv）：每行一条登记或一个数。")],
    home: HomeOption = None,
    now: NowOption = None,
    actor: ActorOption = "手工",
) -> None:
    """导入历史数据：往期的数与登记，带着各自的来处入库。"""
    from tasks.import_history import import_history as use_case

    say(use_case(context(home, now, actor), file).summary())


@app.command()
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

    with working("正在汇总成文…"):
        result = use_case(context(home, now, actor), kind, period, as_of)
    say(result.summary())


@app.command()
def documents(home: HomeOption = None, json: JsonOption = False) -> None:
    """文稿清单：编号、文种、报告期、状态、期号。"""
    from tasks.documents import list_documents
    from yaoxun.screens import show_documents

    emit(list_documents(context(home)), json, show_documents, lambda rows: [row.as_json() for row in rows])


@app.command()
def sign(
    doc: Annotated[int, typer.Argument(help="文稿编号（见 yaoxun documents）。")],
    actor: Annotated[str, typer.Option("--as", help="签发人的登录名。")],
    home: HomeOption = None,
    keep: Annotated[bool, typer.Option("--keep", help="数据已更新时仍按原稿发出。")] = False,
    now: NowOption = None,
) -> None:
    """签发：签发人确认后取号、定稿、进入发件箱。"""
    from tasks.sign import sign as use_case

    say(use_case(context(home, now, actor), doc, keep=keep).summary())


@app.command()
def trace(
    doc: Annotated[int, typer.Argument(help="文稿编号。")],
    number: Annotated[
        str | None, typer.Argument(help="文中的数（如 87）或其序号（如 num_012）；不写则列出全部。")
    ] = None,
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """溯源：文中每个数来自哪些文件、哪张表、哪个格。"""
    from tasks.trace import trace as use_case
    from yaoxun.screens import show_trace

    emit(use_case(context(home), doc, number), json, show_trace, lambda rows: [row.as_json() for row in rows])


@app.command()
def write(
    file: Annotated[Path, typer.Argument(help="手写的一期（Markdown，文首写报头与版记）。")],
    out: Annotated[Path, typer.Option("-o", "--out", help="输出的 .docx。")],
    home: HomeOption = None,
    now: NowOption = None,
) -> None:
    """把手写的一期排成要讯格式的 Word 文件。"""
    from tasks.write_issue import write_issue

    say(write_issue(context(home, now), file, out).summary())


@outbox_app.command("list")
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


@outbox_app.command("settle")
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


@intake_app.command("list")
def intake_list(home: HomeOption = None, json: JsonOption = False) -> None:
    """待认领的来件与原因。"""
    from tasks.outbox import list_unclaimed
    from yaoxun.screens import show_unclaimed

    emit(list_unclaimed(context(home)), json, show_unclaimed, lambda rows: [row.as_json() for row in rows])


@config_app.command("check")
def config_check(home: HomeOption = None) -> None:
    """检查全部配置；有误时说明文件、键和改法。"""
    from tasks.config import check_config

    say(check_config(context(home)).summary())


@config_app.command("import")
def config_import(
    home: HomeOption = None,
    update: Annotated[bool, typer.Option("--update", help="已登记的也以配置为准，自今天起生效。")] = False,
    now: NowOption = None,
    actor: ActorOption = "手工",
) -> None:
    """把配置中的人员和联系方式登记入库（已有的不改，除非加 --update）。"""
    from tasks.config import import_config

    say(import_config(context(home, now, actor), update=update).summary())


@app.command()
def up(home: HomeOption = None) -> None:
    """启动：调度服务与全部定时任务，按 Ctrl-C 停止。"""
    root = find_home(home).root
    os.execv(sys.executable, [sys.executable, "-m", "flows.serving", "--home", str(root)])  # noqa: S606 (replaces us)


@app.command()
def demo(home: Annotated[Path, typer.Option("--home", help="演示用的目录，每次重建。")] = Path("demo-home")) -> None:
    """演示：一个季度的收表、审核、成文、签发、投递、催报。"""
    from yaoxun.demo.play import play

    raise SystemExit(play(home))
