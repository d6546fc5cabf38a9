"""Builders of the tests of the office: a small office as files in a folder, and the sample office loaded once."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from yaoxun.context import SHANGHAI
from yaoxun.office.loading import load_office
from yaoxun.office.office import Office

CONFIG = Path(__file__).parents[3] / "config"

FILES: Mapping[str, str] = {
    "office.yaml": """
name: 示例办公室
collector: tsw
issuer: sw
pilot_start: 2022-06-01
""",
    "organisations.yaml": """
organisations:
  - {code: sw, name: 示例省委, kind: 省}
  - {code: tsw, name: 示例市委, kind: 市, parent: sw}
  - {code: chengqu, name: 城区（示例）, short: 城区, kind: 县, aliases: [示例城区]}
  - {code: dw1, name: 示例单位一（市级）, short: 示例单位一, kind: 成员单位}
  - {code: dw2, name: 示例单位二（市级）, short: 示例单位二, kind: 成员单位}
""",
    "lists/measure.yaml": """
title: 措施
attributes:
  group: {one_of: [行动, 工程], required: true}
entries:
  - {code: X1, name: 规划, group: 行动}
  - {code: G5, name: 青·靓, aliases: [青·靚], group: 工程}
""",
    "lists/task.yaml": """
title: 任务
valid_from: 2023-01-01
valid_to: 2023-12-31
attributes:
  owner: {holds: organisation, required: true}
  co: {holds: organisations}
  measure: {holds: measure}
  target: {holds: number, default: 100}
entries:
  - {code: R1, name: 任务一, owner: dw1, co: 城区、示例单位二, measure: X1}
  - {code: R2, name: 任务二, owner: 示例单位二, measure: 青·靓, target: 20.5}
""",
    "assignments.yaml": """
assignments:
  - {orgs: all, tables: [T1], period: month, duty: 必报}
  - {orgs: "kind:成员单位", tables: [T4], period: quarter, duty: 有则报, valid_from: 2023-01-01}
""",
    "periods.yaml": (CONFIG / "periods.yaml").read_text(encoding="utf-8"),
    "calendar.yaml": "",
    "people.yaml": """
valid_from: 2022-06-01
staff:
  - {login: ngr, org: tsw, title: 拟稿岗, roles: [拟稿人]}
contacts:
  dw1: {A岗: a@dw1.example, 允许发件: [x@dw1.example, y@dw1.example]}
""",
}


def write_office(folder: Path, **changed: str) -> Path:
    """The small office under `folder`; `changed` replaces whole files, written periods= or lists__task=."""
    for name, content in {**FILES, **{k.replace("__", "/") + ".yaml": v for k, v in changed.items()}}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return folder


def edited(name: str, old: str, new: str) -> dict[str, str]:
    """One file of the small office with one place changed, as `write_office` takes it."""
    assert FILES[name].count(old) >= 1, f"{old!r} is not in {name}"
    return {name.removesuffix(".yaml").replace("/", "__"): FILES[name].replace(old, new, 1)}


def office(folder: Path, **changed: str) -> Office:
    return load_office(write_office(folder, **changed))


@lru_cache(maxsize=1)
def sample() -> Office:
    return load_office(CONFIG)


def day(text: str) -> date:
    return date.fromisoformat(text)


def at(text: str) -> datetime:
    """A time on the office's wall: 2023-03-28T17:30."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)
