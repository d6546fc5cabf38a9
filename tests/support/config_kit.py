"""A new office as `init` makes it, and faults planted in its files by place or by text."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from tasks.config_check import Checked, check_config
from tasks.init_home import Answers, init_home
from tasks.init_organisations import NewOrganisation
from yaoxun.context import Context, parse_now
from yaoxun.home import Home

GONE = object()
"""Planted in the place of a value: the key is taken out."""
NOW = "2023-03-27T10:00"
ANSWERS = Answers(
    name="某市统计办公室", collector="某市统计局", issuer="某市人民政府办公室", pilot_start=date(2023, 1, 1), tables=("T3", "T7"),
    organisations=(
        NewOrganisation(name="甲县统计局", short="甲县", kind="县", code="jia", mail="a@jia.example"),
        NewOrganisation(name="乙县统计局", short="乙县", kind="县", code="yi", mail="a@yi.example"),
        NewOrganisation(name="示例单位", mail="a@danwei.example"),
    ),
)  # fmt: skip


def context(root: Path, now: str = NOW) -> Context:
    return Context(home=Home(root), actor="手工", occasion="试", fixed_now=parse_now(now))


def new_office(root: Path, **changed: Any) -> Context:
    """A new office and the frame to work in it."""
    ctx = context(root.resolve())
    init_home(ctx, replace(ANSWERS, **changed))
    return ctx


@dataclass(frozen=True)
class Planted:
    """An office whose files are spoilt one by one."""

    root: Path

    def set(self, file: str, path: Sequence[str | int], value: Any) -> None:
        """Put a value at a place of a YAML file (numbers count from 0), or take it out."""
        target = self.root / file
        content = yaml.load(target.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        at = content
        for part in path[:-1]:
            at = at[part]
        if value is GONE:
            del at[path[-1]]
        elif isinstance(at, list) and path[-1] == len(at):
            at.append(value)
        else:
            at[path[-1]] = value
        text = yaml.dump(content, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False)
        target.write_text(text, encoding="utf-8")

    def write(self, file: str, old: str, new: str) -> None:
        """Change a place of a text."""
        target = self.root / file
        text = target.read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {file}"
        target.write_text(text.replace(old, new, 1), encoding="utf-8")

    def check(self) -> Checked:
        return check_config(context(self.root))


def copied(office: Path, to: Path) -> Planted:
    """A copy of an office to spoil."""
    shutil.copytree(office, to)
    return Planted(to)
