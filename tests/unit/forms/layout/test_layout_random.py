"""Tables put together at random, of which everything is known: 300 of them, none understood wrongly."""

import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from layout_kit import understood

from yaoxun.sheets.model import address

_COUNTIES = ["甲县", "乙县", "丙区", "丁市", "戊县", "己区", "庚县"]
_GROUPS = ["就业", "住房", "教育", "健康", "文化"]
_LEAVES = [("人数", "人"), ("场次", "场"), ("资金", "万元"), ("本月", ""), ("累计", ""), ("户数", "户"), ("套数", "套")]
_TITLES = ["青年工作统计表", "各县区进展情况", "重点工作调度表"]


@dataclass
class Built:
    """Rows of values with merges, and what every cell of the body is: role, path, organisation, period, unit."""

    rows: list[list[Any]] = field(default_factory=list)
    merges: list[str] = field(default_factory=list)
    meaning: dict[str, tuple[str, str, str, str, str]] = field(default_factory=dict)


def build(seed: int) -> Built:
    rng = random.Random(seed)  # noqa: S311 (the same tables every time)
    down, right = rng.randrange(4), rng.randrange(3)
    columns = _columns(rng)
    built = Built(rows=[[] for _ in range(down)])
    width = right + len(columns)
    month = rng.choice(["2023-01", "2023-03", "2023-11"])
    words = f"{month[:4]}年{int(month[5:])}月"
    where = rng.choice(["title", "line", "none"])
    title = rng.choice(_TITLES)
    _line(built, right, f"{words}{title}" if where == "title" else title)
    if rng.random() < 0.5:
        built.merges.append(_area(len(built.rows), right + 1, len(built.rows), width))
    line_unit = rng.choice(["", "万元"]) if all(unit or "/" in path for path, unit in columns) else ""
    if line_unit:
        _line(built, right, f"单位：{line_unit}")
    if where == "line":
        _line(built, right, f"报告期：{words}")
    if rng.random() < 0.3:
        built.rows.append([])
    _header(built, rng, right, columns)
    _body(built, rng, right, columns, "" if where == "none" else month, line_unit)
    if rng.random() < 0.5:
        _line(built, right, "注：本表按月填报。")
    return built


def _columns(rng: random.Random) -> list[tuple[str, str]]:
    columns = [("序号", "")] if rng.random() < 0.5 else []
    columns.append((rng.choice(["县区", "县（市、区）", "单位名称", "地区"]), ""))
    for group in rng.sample(_GROUPS, rng.randrange(1, 4)):
        leaves = rng.sample(_LEAVES, rng.randrange(2, 4))
        columns += [(f"{group}/{leaf}", unit) for leaf, unit in leaves]
    return columns


def _line(built: Built, right: int, text: str) -> None:
    built.rows.append([None] * right + [text])


def _area(top: int, left: int, bottom: int, last: int) -> str:
    return f"{address(top, left)}:{address(bottom, last)}"


def _header(built: Built, rng: random.Random, right: int, columns: Sequence[tuple[str, str]]) -> None:
    """Two rows; groups merged or followed by blanks; units in brackets of one kind or the other."""
    merged = rng.random() < 0.6
    upper: list[Any] = [None] * right
    lower: list[Any] = [None] * right
    top = len(built.rows) + 1
    brackets = rng.choice(["（{}）", "({})", "\n（{}）"])
    last_group = ""
    for n, (path, unit) in enumerate(columns, start=right + 1):
        group, _, leaf = path.partition("/")
        if not leaf:
            upper.append(group)
            lower.append(None)
            if merged:
                built.merges.append(_area(top, n, top + 1, n))
            continue
        upper.append(group if group != last_group else None)
        lower.append(leaf + (brackets.format(unit) if unit else ""))
        if merged and group != last_group:
            wide = sum(p.startswith(f"{group}/") for p, _ in columns)
            built.merges.append(_area(top, n, top, n + wide - 1))
        last_group = group
    built.rows += [upper, lower]


def _body(  # noqa: PLR0917 (what a body is made of)
    built: Built, rng: random.Random, right: int, columns: Sequence[tuple[str, str]], period: str, line_unit: str
) -> None:
    names = rng.sample(_COUNTIES, rng.randrange(2, 6))
    sums = [0] * len(columns)
    for serial, name in enumerate(names, start=1):
        figures = [rng.randrange(1, 500) for _ in columns]
        dash = rng.random() < 0.15
        if dash:
            figures[-1] = 0
        sums = [a + b for a, b in zip(sums, figures, strict=True)]
        _row(built, right, columns, "data", name, period, line_unit, serial, figures, dash)
        if rng.random() < 0.1 and serial < len(names):
            built.rows.append([])
    if rng.random() < 0.6:
        _row(built, right, columns, "total", rng.choice(["合计", "总计", "合 计"]), period, line_unit, 0, sums, False)


def _row(  # noqa: PLR0917 (what one row is made of)
    built: Built, right: int, columns: Sequence[tuple[str, str]], role: str, name: str, period: str, line_unit: str,
    serial: int, figures: Sequence[int], dash: bool,
) -> None:  # fmt: skip
    line: list[Any] = [None] * right
    number = len(built.rows) + 1
    org = name if role == "data" else ""
    for n, (path, unit) in enumerate(columns):
        value: Any = figures[n]
        if path == "序号":
            value = serial or None
        elif "/" not in path:
            value = name
        elif dash and n == len(columns) - 1:
            value = "—"
        line.append(value)
        if value is not None:
            leaf = "/" in path
            shown = unit or (line_unit if leaf and value != "—" else "")
            built.meaning[address(number, right + n + 1)] = (role, path, org, period, shown)
    built.rows.append(line)


def test_no_cell_of_300_random_tables_is_understood_wrongly() -> None:
    cells = asked = 0
    wrong: list[str] = []
    for seed in range(300):
        built = build(seed)
        found = understood(built.rows, built.merges)
        for at, meaning in built.meaning.items():
            cell = found[at]
            told = (cell.role, cell.column, cell.organisation, cell.period, cell.unit)
            cells += 1
            asked += bool(cell.asked)
            if told != meaning and not cell.asked:
                wrong.append(f"seed {seed} {at}: {told}, wanted {meaning}")
            assert not cell.finding, f"seed {seed} {at}: {cell.finding}"
    sys.stdout.write(f"300 random tables: {cells} cells, {asked} asked about, {len(wrong)} wrong\n")
    assert not wrong, "\n".join(wrong[:20])
    assert asked <= 0.1 * cells


def test_the_same_table_is_built_from_the_same_seed() -> None:
    assert build(7) == build(7) and build(7) != build(8)
