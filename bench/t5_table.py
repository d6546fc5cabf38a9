"""A table of T5 with 12 columns, as typed values and as a read table; some of its rows break a rule."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from bench.office import a_name
from yaoxun.forms.model import Cell, Frame, History, KnownRow, Row, Table

BEFORE = Decimal(30)
"""进度 of the rows that are known from the period before."""


def t5_rows(n: int) -> Iterator[dict[str, Any]]:
    """Rows of T5 as typed values; one in fifty breaks a rule."""
    wrongs: tuple[dict[str, Any], ...] = (
        {"进度": Decimal(120)}, {"投资": Decimal(-5)}, {"状态": None}, {"完成日": date(2023, 3, 10)},
        {"计划完成日": date(2023, 1, 5)}, {"名称": a_name("0001", "T5", 0)}, {"承诺内容": "长" * 201}, {"领域": "不在表上"},
        {"承诺内容": "请打 13912345678"}, {"本期惠及人次": Decimal("1.5")}, {"进度": Decimal(20)},
    )  # fmt: skip
    for k in range(n):
        usual = {
            "名称": a_name("0001", "T5", k), "领域": "住房安居", "责任单位": "示例部门0001", "承诺内容": f"建成青年驿站{k}处",
            "计划完成日": date(2023, 12, 1) + timedelta(days=k % 30), "投资": Decimal(k) + Decimal("0.25"),
            "本期惠及人次": Decimal(k % 90), "进度": Decimal(40), "状态": "推进中", "完成日": None,
        }  # fmt: skip
        yield usual | (wrongs[k // 50 % len(wrongs)] if k % 50 == 48 else {})


def t5_table(frame: Frame, rows: list[dict[str, Any]]) -> Table:
    """The rows as a read table; half of them known from the period before."""
    columns = {column.name: col for col, column in enumerate(frame.form.columns, start=2)}
    known = {
        f"u{k}": KnownRow(uid=f"u{k}", values={**row, "累计惠及人次": Decimal(10), "进度": BEFORE}, period="2023-02",
                          year=2023, first_period="2023-01")
        for k, row in enumerate(rows) if k % 2 == 0
    }  # fmt: skip
    frame = replace(frame, history=History(rows=known, previous="2023-02"))
    made = []
    for k, row in enumerate(rows):
        cells = {}
        for name, col in columns.items():
            value = row.get(name)
            problem = "C05" if value == "不在表上" else ""
            cells[name] = Cell(None if problem else value, "" if value is None else str(value), k + 4, col, problem)
        before = known.get(f"u{k}")
        total = (Decimal(10) if before else Decimal(0)) + row["本期惠及人次"]
        cells["累计惠及人次"] = Cell(total, str(total), k + 4, columns["累计惠及人次"])
        made.append(Row(uid=f"u{k}", number=k + 4, cells=cells, new=before is None, known=before))
    return Table(
        frame=frame, sheet="T5", declared="有数据", declared_at=("封面", "D15"), columns=columns, start_row=3,
        end_row=len(rows) + 4, rows=tuple(made),
    )  # fmt: skip
