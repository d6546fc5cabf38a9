"""config diff: in what an office's config/ and report_templates/ differ from the defaults, for an upgrade: files, keys of
YAML files (default → ours), lines of templates, and keys that the default files have and the office lacks. The defaults of
an office that `init` made are what this program would make of the same answers, else the shipped files.
"""

import difflib
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tasks.init_home import START, begun_with
from tasks.init_text import inline
from yaoxun.context import Context
from yaoxun.errors import ConfigError
from yaoxun.home import shipped
from yaoxun.settings import load_yaml

CHANGED, OURS, LACKING = "改动", "新增", "没有"
# What stands below these is the office's own matter: a name that the sample has and the office lacks is no new key.
_NAMES = ("figures", "contacts", "kinds", "first_numbers", "sample", "example", "counter", "before", "attributes")
_NAMED_BY = ("id", "code", "login", "name", "mark")
_LINE = 60
_FOLDERS = ("config", "report_templates")


@dataclass(frozen=True, kw_only=True)
class KeyDifference:
    """One key: changed, ours only, or shipped only; `new` where it is a setting that this version brings."""

    key: str
    state: str
    default: Any = None
    ours: Any = None
    new: bool = False

    def sentence(self) -> str:
        if self.state == CHANGED:
            return f"{self.key}：{_shown(self.default)} → {_shown(self.ours)}"
        if self.state == OURS:
            return f"{self.key}：我们加的，{_shown(self.ours)}"
        return f"{self.key}：{'新版增加的键' if self.new else '我们没有'}，原来的是 {_shown(self.default)}"


@dataclass(frozen=True, kw_only=True)
class FileDifference:
    """One file: ours only, shipped only, or changed by key or by line (as diff -u shows them, default first)."""

    file: str
    state: str
    keys: tuple[KeyDifference, ...] = ()
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Differences:
    """All of them, in the order of the files. `own` False: the office uses the shipped files themselves. `started`: what it
    is compared with is what `init` makes of the answers that it began with."""

    own: bool
    started: bool
    files: tuple[FileDifference, ...]

    @property
    def new_keys(self) -> list[tuple[str, KeyDifference]]:
        """(file, key) of the settings that this version brings and the office lacks."""
        return [(f.file, k) for f in self.files for k in f.keys if k.new]

    def summary(self) -> str:
        if not self.own:
            return "这个办公室没有自己的 config/ 和 report_templates/，用的就是随附的。"
        base = "新建时" if self.started else "随附"
        if not self.files:
            return f"与{base}的完全相同。"
        counts = {state: sum(f.state == state for f in self.files) for state in (CHANGED, OURS, LACKING)}
        parts = "，".join(f"{state} {count} 个" for state, count in counts.items() if count)
        return f"与{base}的相比：文件{parts}；新版增加而我们没有的键 {len(self.new_keys)} 个。"

    def as_json(self) -> dict[str, Any]:
        """The same as plain data."""
        files = [
            {"file": f.file, "state": f.state, "lines": list(f.lines), "keys": [
                {"key": k.key, "state": k.state, "default": k.default, "ours": k.ours, "new": k.new} for k in f.keys
            ]}
            for f in self.files
        ]  # fmt: skip
        return {"own": self.own, "started": self.started, "files": files}


def config_diff(ctx: Context) -> Differences:
    """Compare. Raises ConfigError for a YAML file that cannot be read."""
    folders = {"config": ctx.home.config, "report_templates": ctx.home.templates}
    differences: list[FileDifference] = []
    with tempfile.TemporaryDirectory() as scratch:
        begun = begun_with(ctx.home, Path(scratch))
        for name in _FOLDERS:
            default, ours = _files(begun.root / name), _files(folders[name])
            for file in sorted({*default, *ours}):
                differences += _compare(f"{name}/{file}", default.get(file), ours.get(file))
    own = any(folder != shipped(name) for name, folder in folders.items())
    return Differences(own=own, started=(ctx.home.config / START).exists(), files=tuple(differences))


def _files(folder: Path) -> dict[str, Path]:
    return {
        path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file() and path.name != START
    }


def _compare(file: str, default: Path | None, ours: Path | None) -> Iterator[FileDifference]:
    if default is None or ours is None:
        yield FileDifference(file=file, state=OURS if default is None else LACKING)
    elif default.read_bytes() == ours.read_bytes():
        return
    elif default.suffix == ".yaml":
        before, after = load_yaml(default) or {}, load_yaml(ours) or {}
        if keys := tuple(_keys("", before, after)):  # else only comments and blanks differ
            yield FileDifference(file=file, state=CHANGED, keys=keys)
    else:
        yield FileDifference(file=file, state=CHANGED, lines=tuple(_lines(default, ours)))


def _lines(default: Path, ours: Path) -> Iterator[str]:
    try:
        before, after = (path.read_text(encoding="utf-8-sig").splitlines() for path in (default, ours))
    except UnicodeDecodeError as err:
        if ours.suffix in (".j2", ".md", ".html", ".txt"):
            remedy = "请确认是 UTF-8 编码的文本文件。"
            raise ConfigError(file=ours, key="", problem="文件读不出来", remedy=remedy) from err
        return
    for line in difflib.unified_diff(before, after, "原来的", "我们的", lineterm="", n=1):
        if not line.startswith(("---", "+++")):
            yield line


def _keys(path: str, default: Any, ours: Any, listed: bool = False) -> Iterator[KeyDifference]:
    """Differences below a place; `listed`: it stands in an entry of a list, where a key that ours lacks is not new."""
    is_list = isinstance(default, list) and isinstance(ours, list)
    if is_list:
        default, ours = _by_name(default, ours)
    if not (isinstance(default, Mapping) and isinstance(ours, Mapping)):
        if default != ours:
            yield KeyDifference(key=path, state=CHANGED, default=default, ours=ours)
        return
    listed = listed or is_list
    is_ours = listed or path.rpartition(".")[2] in _NAMES
    for key in dict.fromkeys([*default, *ours]):
        at = f"{path}.{key}" if path else str(key)
        if key not in default:
            yield KeyDifference(key=at, state=OURS, ours=ours[key])
        elif key not in ours:
            yield KeyDifference(key=at, state=LACKING, default=default[key], new=not is_ours)
        else:
            yield from _keys(at, default[key], ours[key], listed)


def _by_name(*lists: list[Any]) -> list[Any]:
    """Lists of entries, each by what names it; lists of plain values as they are."""
    if not any(isinstance(entry, Mapping) for entries in lists for entry in entries):
        return list(lists)
    return [dict(_named(entries)) for entries in lists]


def _named(entries: list[Any]) -> Iterator[tuple[str, Any]]:
    names: list[str] = []
    for number, entry in enumerate(entries, 1):
        keys = [key for key in _NAMED_BY if isinstance(entry, Mapping) and key in entry]
        name = str(entry[keys[0]]) if keys else str(number)
        names.append(name)
        yield (name if names.count(name) == 1 else f"{name}（{names.count(name)}）"), entry


def _shown(value: Any) -> str:
    """A value as it is written, short enough for a line."""
    text = inline(value) if value not in (None, "") else "（空）"
    return text if len(text) <= _LINE else f"{text[: _LINE - 1]}…"
