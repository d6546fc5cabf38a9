"""The office of all figures: N organisations of one kind that owe the nine tables, with the policies that they had before."""

import random
import shutil
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import yaml

from tasks.desk import load_config
from yaoxun.context import Context, parse_now
from yaoxun.forms.loading import as_value
from yaoxun.home import Home, shipped

TABLES = ("T1", "T2", "T3", "T4", "T5", "T6", "T7", "T8", "T9")
NOW = "2023-03-27T10:00"
_KIND = "本级部门"
_INDICATORS, _TASKS, POLICIES = 4, 2, 10


def context(home: Home, actor: str = "手工") -> Context:
    """The day on which the workbooks come in."""
    return Context(home=home, actor=actor, occasion="bench", fixed_now=parse_now(NOW))


def make_home(root: Path, orgs: int) -> Home:
    """An office of the shipped configuration whose only reporting organisations are `orgs` of our own."""
    shutil.copytree(shipped("config"), root / "config")
    shutil.copytree(shipped("report_templates"), root / "report_templates")
    config = root / "config"
    numbers = [f"{n:04d}" for n in range(1, orgs + 1)]
    _append(config / "organisations.yaml", ({"code": f"bm{n}", "name": f"示例部门{n}", "kind": _KIND} for n in numbers))
    _append(config / "lists" / "indicator.yaml", (one for n in numbers for one in _indicators(n)))
    _append(config / "lists" / "task.yaml", (one for n in numbers for one in _tasks(n)))
    tables = [table for table in TABLES if (config / "forms" / f"{table}.yaml").exists()]
    kinds = {t: yaml.safe_load((config / "forms" / f"{t}.yaml").read_text("utf-8"))["period"] for t in tables}
    lines = [
        {"orgs": f"kind:{_KIND}", "tables": [t], "period": kind, "duty": "有则报"} for t, kind in kinds.items()
    ]  # fmt: skip
    (config / "assignments.yaml").write_text(yaml.safe_dump({"assignments": lines}, allow_unicode=True), "utf-8")
    return Home(root.resolve())


def _append(path: Path, entries: Iterator[dict[str, Any]]) -> None:
    """Add entries to a file that ends with its list."""
    text = path.read_text("utf-8").rstrip("\n")
    lines = yaml.safe_dump(list(entries), allow_unicode=True, sort_keys=False, default_flow_style=None, width=1000)
    path.write_text(text + "\n" + "".join(f"  {line}\n" for line in lines.splitlines()), "utf-8")


def _indicators(org: str) -> Iterator[dict[str, Any]]:
    for k in range(1, _INDICATORS + 1):
        yield {"code": f"I{org}-{k}", "name": f"示例指标{org}-{k}", "owner": f"示例部门{org}", "measure": f"X{k}",
               "scope": "市本级", "unit": "个", "target": "100"}  # fmt: skip


def _tasks(org: str) -> Iterator[dict[str, Any]]:
    for k in range(1, _TASKS + 1):
        yield {"code": f"R{org}-{k}", "name": f"示例任务{org}-{k}", "owner": f"示例部门{org}", "measure": f"X{k}",
               "traction": "Q1", "target": f"建成示例点{k}处", "plan_q1": "10", "plan_q2": "40", "plan_q3": "70"}  # fmt: skip


def write_history(home: Home, orgs: Sequence[int]) -> Iterator[Path]:
    """The policies that these organisations (all, in order) had before; T4 reports on them. They are no longer in force,
    so that T3 does not open with them. In files of a few hundred organisations each."""
    form = load_config(home).forms["T3"]
    usual = {c.name: as_value(c, form.setting.sample.get(c.name)) for c in form.columns if not c.ours}
    usual |= {"状态": "失效", "出台日期": date(2021, 3, 1), "失效日": date(2022, 3, 1)}
    usual = {name: value for name, value in usual.items() if value is not None}
    for start in range(0, len(orgs), 200):
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet("示例")
        sheet.append(["表号", "报告期", "单位", *usual])
        for n in orgs[start : start + 200]:
            for k in range(POLICIES):
                own = {"文号": f"晋示例{n:04d}发〔2021〕{k + 1}号", "政策名称": a_name(f"{n:04d}", "T3往年", k)}
                values = ("、".join(v) if isinstance(v, tuple) else v for v in (usual | own).values())
                sheet.append(["T3", "试点前", f"示例部门{n:04d}", *values])
        path = home.root / f"history-{start}.xlsx"
        book.save(path)
        yield path


def a_name(org: str, table: str, k: int) -> str:
    """A name that nobody else has, among words that every name has."""
    letters = random.Random(f"{org}/{table}/{k}")  # noqa: S311 (a name, not a secret)
    return "示例" + "".join(chr(0x4E00 + 30 * letters.randrange(600)) for _ in range(7)) + "实施办法"


def policy_number(org: str, k: int) -> str:
    """The official number of an organisation's k-th earlier policy, as all histories are imported in order."""
    return f"ZC{(int(org) - 1) * POLICIES + k + 1:04d}"
