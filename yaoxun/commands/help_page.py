"""What `--help` shows, in Chinese from the first heading to the last word: the library's own page has headings, notes and
names of types in English. What is wrong with a command line is usage.py's.
"""

import inspect
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from typer.core import TyperCommand, TyperGroup

from yaoxun.commands.usage import argument_word, command_words, value_word

_HELP = "显示这一页。"
_INDENT = 2


class Group(TyperGroup):
    """A group of commands whose help, and that of all its commands, is the page below."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Print the group's page; nothing is left for the formatter."""
        _show(self, ctx, formatter)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of that name, its help told here."""
        command: Any = super().get_command(ctx, cmd_name)
        if isinstance(command, TyperCommand):
            command.format_help = partial(_show, command)  # type: ignore[method-assign]
        return command


def _show(command: Any, ctx: Any, _formatter: Any) -> None:
    from rich.console import Console
    from rich.padding import Padding
    from rich.text import Text

    params = [p for p in command.get_params(ctx) if not getattr(p, "hidden", False)]
    arguments = [p for p in params if p.param_type_name == "argument"]
    console = Console(highlight=False)
    console.print(Text.assemble("用法：", (_usage(command, ctx, arguments), "bold")))
    console.print(Padding(Text(inspect.cleandoc(command.help or "")), (1, 0, 0, _INDENT)))
    _part(console, "参数", [(argument_word(p), value_word(p), _told(p)) for p in arguments])
    options = [p for p in params if p.param_type_name == "option"]
    _part(console, "选项", [(_names(p), "" if p.is_flag else value_word(p), _told(p)) for p in options])
    _part(console, "命令", [(name, "", text) for name, text in _commands(command, ctx)])


def _usage(command: Any, ctx: Any, arguments: Sequence[Any]) -> str:
    words = [word if p.required else f"[{word}]" for p in arguments if (word := argument_word(p))]
    return " ".join([command_words(ctx), *(["命令"] if isinstance(command, TyperGroup) else words), "[选项]"])


def _part(console: Any, title: str, rows: Sequence[tuple[str, str, str]]) -> None:
    """One part of the page: names, what is written there, what it is for; nothing where there are none."""
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    if not rows:
        return
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True, style="bold cyan")
    if any(kind for _, kind, _ in rows):
        table.add_column(no_wrap=True, style="dim")
    table.add_column(overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for n, cell in enumerate(row) if n != 1 or len(table.columns) > 2))
    console.print()
    console.print(Text(title, style="bold"))
    console.print(Padding(table, (0, 0, 0, _INDENT)))


def _names(option: Any) -> str:
    """--home; --sample / --empty for the two sides of a switch."""
    return " / ".join(", ".join(names) for names in (option.opts, option.secondary_opts) if names)


def _told(param: Any) -> str:
    """What a parameter is for, with what holds where it is left out."""
    if param.name == "help" and param.is_eager:
        return _HELP
    text, usual = (param.help or "").strip(), param.default
    if param.required:
        return f"{text}（必填）"
    if getattr(param, "secondary_opts", None):
        usual = (param.opts if usual else param.secondary_opts)[0]
    is_said = usual is not None and usual is not False and usual not in ("", (), [])
    return f"{text}（默认 {usual}）" if is_said else text


def _commands(command: Any, ctx: Any) -> Iterator[tuple[str, str]]:
    """(name, first line of its help) of a group's commands."""
    if isinstance(command, TyperGroup):
        for name in command.list_commands(ctx):
            found = command.get_command(ctx, name)
            if found is not None and not found.hidden:
                yield name, next(iter(inspect.cleandoc(found.help or "").splitlines()), "")
