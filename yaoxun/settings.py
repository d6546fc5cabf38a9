"""Closed configuration files: YAML in, frozen pydantic values out, every fault a `ConfigError` with file, key, line
and remedy. Which settings exist is said by the rooms that own them; nothing about any one setting lives here, only
kinds of value that several rooms hold.
"""

import difflib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import time
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_args

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from yaoxun.errors import ConfigError, InternalError


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


class Faults:
    """Faults of the configuration as they are found: a loader goes on as far as it can and tells all at its end.

    faults = Faults()
    with faults.gathered():        # what raises ends here only
        settings = load_settings(path, Model)
    faults.add(ConfigError(…))     # what does not fit together
    faults.stop()                  # raises the first, the others with it
    """

    def __init__(self) -> None:
        self._found: dict[tuple[str, str, int | None, str], ConfigError] = {}

    def __bool__(self) -> bool:
        return bool(self._found)

    @property
    def found(self) -> tuple[ConfigError, ...]:
        """Each once, in the order in which they were found; none of them has `others`."""
        return tuple(self._found.values())

    def add(self, error: ConfigError) -> None:
        """Put an error and its others on the list."""
        for one in (error, *error.others):
            self._found.setdefault((one.file, one.key, one.line, one.problem), _with_line(one))
        error.others = ()

    @contextmanager
    def gathered(self) -> Iterator[None]:
        """What raises within ends the block and is put on the list."""
        try:
            yield
        except ConfigError as err:
            self.add(err)

    def stop(self) -> None:
        """Raise the first fault with the others in it; nothing where there is none."""
        if self._found:
            first, *others = self.found
            first.others = tuple(others)
            raise first


def load_settings(path: Path, model: type[M]) -> M:
    """One file as one frozen value. Raises ConfigError with all faults of the file."""
    return parse_settings(load_yaml(path) or {}, model, path)


def parse_settings(content: Any, model: type[M], path: Path) -> M:
    """Content already read from `path` as one frozen value; raises ConfigError with all its faults."""
    try:
        return model.model_validate(content)
    except ValidationError as err:
        faults = Faults()
        for loc, fault in _told_once(err.errors(), content):
            faults.add(_config_error(loc, fault, model, path))
        faults.stop()
        raise InternalError("a validation error names no fault") from err


def _told_once(found: Sequence[Any], content: Any) -> list[tuple[tuple[Any, ...], Any]]:
    """(place, fault) without those that are only another face of one: a misspelt key is also a missing one, and what was
    typed helps more than what was not; a value that fits none of several kinds is told as the first of them."""
    faults = sorted(found, key=lambda fault: fault["type"] != "extra_forbidden")
    misspelt = {fault["loc"][:-1] for fault in faults if fault["type"] == "extra_forbidden"}
    told: dict[tuple[Any, ...], Any] = {}
    for fault in faults:
        if fault["type"] != "missing" or fault["loc"][:-1] not in misspelt:
            told.setdefault(_plain_loc(fault, content), fault)
    return list(told.items())


def _plain_loc(fault: Any, content: Any) -> tuple[Any, ...]:
    """A fault's place without the names of the kinds that a value was tried as (str, tuple[str, ...], function-before[…])."""
    kept: list[Any] = []
    is_of_key = fault["type"] in ("missing", "extra_forbidden")
    for number, part in enumerate(fault["loc"], 1):
        is_there = part in content if isinstance(content, dict) else isinstance(content, list) and isinstance(part, int)
        if is_there:
            content = content[part]
        if is_there or not isinstance(part, str) or (is_of_key and number == len(fault["loc"])):
            kept.append(part)
    return tuple(kept)


def _config_error(loc: tuple[Any, ...], first: Any, model: type[BaseModel], path: Path) -> ConfigError:
    key = ".".join(str(part + 1) if isinstance(part, int) else str(part) for part in loc)
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


def _with_line(error: ConfigError) -> ConfigError:
    """The error with the line of its key, where its file is YAML and has it."""
    path = Path(error.file)
    if error.line is not None or not error.key or path.suffix != ".yaml":
        return error
    loc = tuple(int(part) - 1 if part.isdecimal() else part for part in error.key.split("."))
    line = _line_of(path, loc)
    return ConfigError(file=path, key=error.key, problem=error.problem, remedy=error.remedy, line=line)


def _line_of(path: Path, loc: tuple[Any, ...]) -> int | None:
    """The line of the deepest part of `loc` that the file really has."""
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=_Base)
    except (OSError, yaml.YAMLError, UnicodeDecodeError):
        return None
    line = None
    for part in loc:
        found = _below(node, part)
        if found is None:
            return line
        at, node = found
        line = at.start_mark.line + 1
    return line


def _below(node: Any, part: Any) -> tuple[Any, Any] | None:
    """(the node that shows where, the value) of one part of a place; an entry of a list is told by its number, or by its
    name, id or code."""
    if isinstance(node, yaml.MappingNode):
        wanted = str(part + 1) if isinstance(part, int) else str(part)
        return next(((k, v) for k, v in node.value if k.value in (str(part), wanted)), None)
    if not isinstance(node, yaml.SequenceNode):
        return None
    if isinstance(part, int):
        return (node.value[part], node.value[part]) if part < len(node.value) else None
    for entry in node.value:
        named = {k.value: v.value for k, v in entry.value} if isinstance(entry, yaml.MappingNode) else {}
        if part in (named.get("name"), named.get("id"), named.get("code")):
            return entry, entry
    return None
