"""What is wrong with a command line as typed, told in Chinese: one sentence and where the usage stands.

The parser of command lines tells its faults in English only; its exceptions are put into words here and nowhere else.
"""

import difflib
import re
from collections.abc import Mapping
from typing import Any, get_args

import typer

from yaoxun.errors import RequestError

# The parser's own exceptions: typer gives only this one to its users, and the others are its bases and sisters.
_BadParameter: Any = typer.BadParameter
UsageError: Any = _BadParameter.__mro__[1]

_TYPES = {"int": "整数", "float": "数", "bool": "true 或 false", "Path": "路径", "str": "文字"}
_EXTRA = re.compile(r"unexpected extra arguments?(?:\(s\))? \((.*)\)")
_QUOTED = re.compile(r"'([^']*)'")


class Misused(RequestError):
    """The command line cannot be understood; exit status 2, as with every command."""


def in_chinese(err: Any) -> Misused:
    """The sentence for an exception of the parser."""
    ctx = getattr(err, "ctx", None)
    message, remedy = _told(err, ctx)
    return Misused(message, f"{remedy}用法见 {command_words(ctx)} --help。")


def command_words(ctx: Any) -> str:
    """The words that a command is called by, however the program was started: yaoxun outbox list."""
    path = ctx.command_path if ctx is not None else "yaoxun"
    return re.sub(r"^.*__main__.py|^python -m yaoxun", "yaoxun", path)


def argument_word(param: Any) -> str:
    """What stands for an argument: DOC, FILE... where there may be several."""
    return str(param.metavar or param.name).upper() + ("" if param.nargs == 1 else "...")


def value_word(param: Any) -> str:
    """What kind of thing is written for a parameter: 整数, 文字, or the words to choose from."""
    described = getattr(param, "type_descriptor", None)
    if choices := getattr(described, "choices", None) or getattr(getattr(param, "type", None), "choices", None):
        return "、".join(str(getattr(c, "value", c)) for c in choices)
    annotation = getattr(described, "annotation", None)
    annotation = next(iter(get_args(annotation)), annotation)  # of several: what each is
    return _TYPES.get(getattr(annotation, "__name__", str(annotation)), "")


def _told(err: Any, ctx: Any) -> tuple[str, str]:
    """(what is wrong, what to do) of an exception that names a parameter."""
    kind, text = type(err).__name__, str(getattr(err, "message", err))
    if kind == "MissingParameter":
        return f"缺少{_name(err.param)}。", _help(err.param)
    if kind == "NoSuchOption":
        near = sorted(err.possibilities or ()) or _near(err.option_name, _options(ctx))
        return f"没有选项 {err.option_name}。", f"是否想写 {near[0]}？" if near else ""
    if kind == "BadOptionUsage":
        takes_none = "does not take a value" in text
        return f"选项 {err.option_name} 后面{'不写值' if takes_none else '要写一个值'}。", ""
    if isinstance(err, _BadParameter):
        return f"{_name(err.param)} 的值不对{_wanted(err.param)}。", _help(err.param)
    return _told_of_words(text, getattr(getattr(ctx, "command", None), "commands", {}))


def _told_of_words(text: str, commands: Mapping[str, Any]) -> tuple[str, str]:
    """The same of words that are no command, or one too many."""
    if "No such command" in text:
        word = found[1] if (found := _QUOTED.search(text)) else ""
        near = _near(word, list(commands))
        return f"没有命令“{word}”。", f"是否想写 {near[0]}？" if near else ""
    if "Missing command" in text:
        return "还要写做什么。", f"可选：{'、'.join(commands)}。"
    if found := _EXTRA.search(text):
        return f"多出了参数：{found[1]}。", "带空格的内容要加引号。"
    return "命令写得不对。", ""


def _name(param: Any) -> str:
    """How people know a parameter: 选项 --remark, or 参数 FILE with what it means."""
    if param is None:
        return "参数"
    if param.param_type_name == "option":
        return f"选项 {max(param.opts, key=len)}"
    return f"参数 {argument_word(param).rstrip('.')}"


def _help(param: Any) -> str:
    text = (getattr(param, "help", "") or "").strip()
    return f"它是：{text.rstrip('。')}。" if text else ""


def _wanted(param: Any) -> str:
    words = value_word(param)
    return f"，应为{'其中之一：' if '、' in words else ''}{words}" if words else ""


def _options(ctx: Any) -> list[str]:
    return [name for param in ctx.command.params for name in param.opts if name.startswith("--")] if ctx else []


def _near(word: str, known: list[str]) -> list[str]:
    return difflib.get_close_matches(word, known, n=1, cutoff=0.5)
