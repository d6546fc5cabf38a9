"""Closed configuration files: YAML in, frozen pydantic values out, every fault a `ConfigError` with file, key, line
and remedy. Which settings exist is said by the rooms that own them; nothing about any one setting lives here, only
kinds of value that several rooms hold.
"""

import difflib
from collections.abc import Iterator
from datetime import time
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_args

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from yaoxun.errors import ConfigError


class Closed(BaseModel):
    """A frozen setting that refuses keys it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _clock(value: Any) -> Any:
    """YAML reads an unquoted 17:30 as the number 1050, which would pass for eighteen minutes past midnight."""
    if not isinstance(value, str):
        raise ValueError('时间要写成带引号的 "17:30"')
    return value


Clock = Annotated[time, BeforeValidator(_clock)]

M = TypeVar("M", bound=BaseModel)

_PROBLEMS = {
    "missing": ("缺少这个键", "请补上这个键"),
    "string_type": ("应为文字", "请写成文字，必要时加引号"),
    "int_type": ("应为整数", "请写成整数"),
    "int_parsing": ("应为整数", "请写成整数"),
    "bool_type": ("应为 true 或 false", "请写成 true 或 false"),
    "bool_parsing": ("应为 true 或 false", "请写成 true 或 false"),
    "list_type": ("应为列表", "请写成以“- ”开头的若干行"),
    "tuple_type": ("应为列表", "请写成以“- ”开头的若干行"),
    "dict_type": ("应为键和值", "请写成“键: 值”的若干行"),
    "model_type": ("应为键和值", "请写成“键: 值”的若干行"),
    "date_from_datetime_parsing": ("应为日期", "请写成 2023-01-31 的形式"),
    "date_parsing": ("应为日期", "请写成 2023-01-31 的形式"),
    "date_type": ("应为日期", "请写成 2023-01-31 的形式"),
    "time_parsing": ("应为时间", '请写成带引号的 "17:30"'),
    "string_too_short": ("不能空", "请写上内容"),
    "too_short": ("不能空", "请至少写一项"),
    "string_pattern_mismatch": ("只能用字母、数字、横线和下划线", "请改用字母和数字"),
    "greater_than_equal": ("数太小", "请对照随附的 config/ 改大"),
    "less_than_equal": ("数太大", "请对照随附的 config/ 改小"),
}


_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):  # type: ignore[misc]
    """SafeLoader that refuses a key given twice (plain YAML keeps the last one in silence)."""


def _mapping(loader: _Loader, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
    seen: set[Any] = set()
    for key_node, _ in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in seen:
            raise yaml.constructor.ConstructorError(None, None, f"键“{key}”出现了两次", key_node.start_mark)
        seen.add(key)
    return dict(_Base.construct_mapping(loader, node, deep=True))


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def load_yaml(path: Path) -> Any:
    """The plain content of a YAML file. Raises ConfigError when it is missing, unreadable or no YAML."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as err:
        raise ConfigError(file=path, key="", problem="文件不存在", remedy="请从随附的 config/ 复制一份再改。") from err
    except (OSError, UnicodeDecodeError) as err:
        raise ConfigError(file=path, key="", problem="文件读不出来", remedy="请确认是 UTF-8 编码的文本文件。") from err
    try:
        return yaml.load(text, Loader=_Loader)  # noqa: S506 (a SafeLoader)
    except ValueError as err:  # a date such as 2023-02-30; YAML does not say where
        remedy = "请检查文件里的日期是否存在（如 2023-02-30 就不存在）。"
        raise ConfigError(file=path, key="", problem=f"有日期写错了（{err}）", remedy=remedy) from err
    except yaml.YAMLError as err:
        mark = getattr(err, "problem_mark", None)
        raise ConfigError(
            file=path, key="", line=mark.line + 1 if mark else None,
            problem=f"不是合法的 YAML（{getattr(err, 'problem', None) or err}）", remedy="请检查该行的缩进、冒号和引号。",
        ) from err  # fmt: skip


def load_settings(path: Path, model: type[M]) -> M:
    """One file as one frozen value. Raises ConfigError naming the first fault."""
    return parse_settings(load_yaml(path) or {}, model, path)


def parse_settings(content: Any, model: type[M], path: Path) -> M:
    """Content already read from `path` as one frozen value; raises ConfigError naming the first fault."""
    try:
        return model.model_validate(content)
    except ValidationError as err:
        raise _config_error(err, model, path) from err


def _config_error(err: ValidationError, model: type[BaseModel], path: Path) -> ConfigError:
    # A misspelt key is also a missing one; what was typed helps more than what was not.
    first = min(err.errors(), key=lambda fault: fault["type"] != "extra_forbidden")
    loc = tuple(
        part for part in first["loc"] if not (isinstance(part, str) and part.startswith(("function-", "tagged-")))
    )
    key = ".".join(str(part + 1) if isinstance(part, int) else part for part in loc)
    line = _line_of(path, loc)
    if first["type"] == "extra_forbidden":
        near = difflib.get_close_matches(str(loc[-1]), sorted(set(_known_keys(model, loc[:-1]))), n=1, cutoff=0.5)
        remedy = f"是否想写“{near[0]}”？" if near else "请删去这个键，或对照随附的 config/ 改正拼写。"
        return ConfigError(file=path, key=key, line=line, problem="不认识这个键", remedy=remedy)
    if first["type"] == "literal_error":
        problem, remedy = f"值“{first['input']}”不在允许之列", f"请从中选一个：{first['ctx']['expected']}"
    elif first["type"] == "value_error":
        problem, remedy = str(first["ctx"]["error"]), "请改正这一处。"
    else:
        problem, remedy = _PROBLEMS.get(first["type"], (first["msg"], "请对照随附的 config/ 改正。"))
        if first["type"] != "missing":
            problem += f"，现在是“{str(first['input'])[:40]}”"
    return ConfigError(file=path, key=key, line=line, problem=problem, remedy=remedy)


def _known_keys(model: Any, loc: tuple[Any, ...]) -> Iterator[str]:
    """Names of the fields that may stand at `loc` below `model`, for the suggestion."""
    if isinstance(model, type) and issubclass(model, BaseModel):
        if not loc:
            for name, field in model.model_fields.items():
                yield field.alias or name
        else:
            for name, field in model.model_fields.items():
                if loc[0] in (name, field.alias):
                    yield from _known_keys(field.annotation, loc[1:])
        return
    for arg in get_args(model):
        yield from _known_keys(
            arg, loc[1:] if loc and not isinstance(arg, type(None)) and _is_container(model) else loc
        )


def _is_container(annotation: Any) -> bool:
    origin = getattr(annotation, "__origin__", None)
    return isinstance(origin, type) and issubclass(origin, (list, tuple, dict, set, frozenset))


def _line_of(path: Path, loc: tuple[Any, ...]) -> int | None:
    """The line of the deepest part of `loc` that the file really has."""
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except (OSError, yaml.YAMLError, UnicodeDecodeError):
        return None
    line = None
    for part in loc:
        if isinstance(node, yaml.MappingNode):
            found = next(((k, v) for k, v in node.value if k.value == str(part)), None)
            if found is None:
                return line
            line, node = found[0].start_mark.line + 1, found[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line + 1
        else:
            return line
    return line
