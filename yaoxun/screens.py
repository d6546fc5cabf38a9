"""How results look on a screen: rich tables for people. Nothing is computed here."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from tasks.archive import Verified
    from tasks.documents import DocumentRow
    from tasks.intake_list import IntakeDetail, IntakeRow
    from tasks.outbox import OutboxRow
    from tasks.precheck import Prechecked
    from tasks.trace import TracedNumeral


def console() -> Console:
    """The screen; where nobody watches, wide enough that no cell is cut."""
    screen = Console()
    return screen if screen.is_terminal else Console(width=160)


def _table(columns: tuple[str, ...], rows: Sequence[tuple[str, ...]], title: str = "") -> None:
    table = Table(*columns, title=title or None)
    for row in rows:
        table.add_row(*row)
    console().print(table if rows else f"{title}：没有内容。" if title else "没有内容。")


def show_documents(rows: "list[DocumentRow]") -> None:
    """Documents, one a line."""
    lines = [(str(r.number), r.kind, r.period, r.title, str(r.version), r.state, r.issue) for r in rows]
    _table(("编号", "文种", "报告期", "标题", "版本", "状态", "期号"), lines)


def show_outbox(rows: "list[OutboxRow]") -> None:
    """Recipients, one a line."""
    lines = [(str(r.number), r.kind, r.about, r.address, r.state, str(r.attempts), r.note) for r in rows]
    _table(("编号", "类别", "事由", "收件人", "状态", "次数", "最近情况"), lines)


def show_intake_list(rows: "list[IntakeRow]") -> None:
    """Arrivals, one a line, with what the program could tell of each."""
    lines = [
        (str(r.arrival.id), r.arrival.name, r.arrival.sender, r.arrival.state, r.saw["org"], r.saw["period"],
         r.saw["tables"], r.arrival.reason)
        for r in rows
    ]  # fmt: skip
    _table(("来件", "文件", "来处", "状态", "单位", "报告期", "认出的表", "原因"), lines)


def show_intake_detail(one: "IntakeDetail") -> None:
    """Everything known of one arrival."""
    a, out = one.row.arrival, console()
    head = [f"第 {a.id} 号来件《{a.name}》：{a.state}", a.reason, f"收到：{one.row.as_json()['received_at']}"]
    head += [
        f"来处：{a.sender or '收件夹'}",
        f"指纹：{a.blob}",
        f"存档：{one.file['path']}（{one.file['bytes']} 字节）",
    ]
    out.print("\n".join(line for line in head if line), markup=False)
    placed = [
        (p["org"] or "（按文件）", p["period"] or "（按文件）", p["table"] or "（全部）", p["sheet"],
         "特批" if p["late"] else "", p["reason"], p["actor"], p["at"])
        for p in one.placements
    ]  # fmt: skip
    _table(("单位", "报告期", "报表", "工作表", "锁定后收", "依据", "谁", "何时"), placed, "归属")
    found = [(str(j["number"]), f["level"], f["rule"], f"{f['sheet']}!{f['cell']}", f["message"])
             for j in one.looks for f in j["findings"]]  # fmt: skip
    looks = [(str(j["number"]), j["outcome"], j["actor"], j["at"], str(len(j["findings"]))) for j in one.looks]
    _table(("第几次", "结果", "谁", "何时", "意见数"), looks, "审核")
    _table(("第几次", "等级", "规则", "位置", "意见"), found, "意见")
    decided = [(v["org"], v["table"], v["period"], str(v["n"]), d["decision"], d["reason"], d["actor"], d["at"])
               for v in one.versions for d in v["decisions"]]  # fmt: skip
    _table(("单位", "报表", "报告期", "版本", "决定", "依据", "谁", "何时"), decided, "版本和决定")
    told = [(t["kind"], r["address"], r["state"], t["at"]) for t in one.answers for r in t["to"]]
    _table(("类别", "收件人", "状态", "何时"), told, "答复")
    _table(("事项", "谁", "何时"), [(e["verb"], e["actor"], e["at"]) for e in one.events], "经过")


def show_verified(found: "Verified") -> None:
    """What is wrong with the archive, and what lies beside it."""
    out = console()
    for title, lines in (
        ("", found.faults),
        ("没有登记的文件（没有删）：", found.strays),
        ("外来文件（没有删）：", found.foreign),
    ):
        for line in lines:
            out.print(f"{title}{line}", markup=False)
    wrong = f"有问题 {len(found.faults)} 处" if found.faults else "全部完好"
    out.print(f"档案 {found.checked} 份，{found.size} 字节：{wrong}。", markup=False)


def show_prechecked(checked: "Prechecked") -> None:
    """What would become of a file, with every finding."""
    out = console()
    if checked.findings:
        lines = [
            (f.level + ("（已说明）" if f.explained else ""), f.rule, f.sheet, f.cell, f.message)
            for f in checked.findings
        ]
        _table(("等级", "规则", "工作表", "单元格", "意见"), lines)
    if checked.decisions:
        _table(("报表", "名称", "报告期", "结果"), checked.decisions, f"{checked.org} 预检")
    for line in checked.notes:
        out.print(line, markup=False)


def show_trace(numerals: "list[TracedNumeral]") -> None:
    """Numerals; with one figure asked for, every cell it came from."""
    if len({n.text for n in numerals}) > 1:
        lines = [(n.bookmark, n.text, n.origin, n.figure, str(len(n.sources)) if n.figure else "") for n in numerals]
        _table(("序号", "数", "来历", "指标", "来源数"), lines)
        return
    for n in numerals:
        cells = [
            (str(i), s.organisation, s.period, s.file, s.sheet, s.cell, s.value) for i, s in enumerate(n.sources, 1)
        ]
        _table(
            ("", "单位", "报告期", "文件", "工作表", "单元格", "值"),
            cells,
            f"{n.bookmark}：{n.text}  {n.figure or n.origin}",
        )
