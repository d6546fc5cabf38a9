"""What every command is built from: its options, the frame of its request, and how results reach the screen.

No command stands here. Nothing heavy is imported before a command runs, so that `yaoxun --help` answers at once.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from yaoxun.commands.help_page import Group
from yaoxun.context import Context, parse_now
from yaoxun.home import find_home

HomeOption = Annotated[Path | None, typer.Option("--home", help="办公室目录，默认取 YAOXUN_HOME 或当前目录。")]
NowOption = Annotated[str | None, typer.Option("--now", help="试运行用的时间，如 2023-04-06T09:00。")]
PeriodOption = Annotated[str | None, typer.Option("--period", help="报告期，如 2023-03。")]
JsonOption = Annotated[bool, typer.Option("--json", help="输出 JSON。")]
ActorOption = Annotated[str, typer.Option("--as", help="以谁的名义（登录名）。")]

# What is at hand stands behind the bar; a longer name would break the line.
_WHAT_CHARS = 16


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


@contextmanager
def progress(ctx: Context, title: str) -> Iterator[Context]:
    """The same frame, in which a use case's `ctx.tell(done, total, what)` moves a bar with counts on stderr:

        with progress(context(home, now), "发放模板") as ctx:
            result = issue_templates(ctx, period)

    Before the first telling the bar shows that something is under way. Nothing is written when nobody watches, and the
    bar is gone when the work is done.
    """
    if not sys.stderr.isatty():
        yield ctx
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(bar_width=24), MofNCompleteColumn(), TimeElapsedColumn(),
               TextColumn("{task.fields[what]}", markup=False))  # fmt: skip
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=None, what="")

        def tell(done: int, total: int, what: str) -> None:
            bar.update(task, completed=done, total=total or None, what=what[:_WHAT_CHARS])

        yield replace(ctx, tell=tell)


def group(help_text: str) -> typer.Typer:
    """A group of commands (`yaoxun outbox …`, or the program's own) that shows its help when called bare."""
    return typer.Typer(no_args_is_help=True, add_completion=False, help=help_text, cls=Group)
