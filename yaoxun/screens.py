"""How results look on a screen: rich tables for people. Nothing is computed here."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from tasks.documents import DocumentRow
    from tasks.outbox import OutboxRow, UnclaimedRow
    from tasks.status import Status
    from tasks.trace import TracedNumeral

_COLOURS = {"已报": "green", "零报告": "green", "待报": "white", "未到期": "dim", "退回待改": "yellow", "待说明": "yellow",
            "逾期": "red", "未报": "dim"}  # fmt: skip


def console() -> Console:
    """The screen; where nobody watches, wide enough that no cell is cut."""
    screen = Console()
    return screen if screen.is_terminal else Console(width=160)


def show_status(status: "Status") -> None:
    """Board of organisation × table, then the names that matter."""
    out = console()
    table = Table(title=f"{status.period} 报送情况")
    table.add_column("单位")
    for name in status.tables:
        table.add_column(name)
    by_org: dict[str, dict[str, Any]] = {}
    for standing in status.standings:
        by_org.setdefault(standing.obligation.org, {})[standing.obligation.table] = standing
    for org, cells in by_org.items():
        table.add_row(status.organisations[org], *(_state(cells.get(name)) for name in status.tables))
    out.print(table)
    for title, states in (("未报", ("待报", "逾期")), ("退回待改", ("退回待改",)), ("待说明", ("待说明",))):
        _names(out, title, status, status.by_state(*states, required_only=title == "未报"))
    _names(out, "迟报", status, status.late())
    for arrival in status.unclaimed:
        out.print(f"{arrival.state}：第 {arrival.id} 号来件《{arrival.name}》 {arrival.reason}")


def _state(standing: Any) -> str:
    if standing is None:
        return ""
    late = "（迟）" if standing.late and not standing.owed else ""
    return f"[{_COLOURS[standing.state]}]{standing.state}{late}[/]"


def _names(out: Console, title: str, status: "Status", standings: list[Any]) -> None:
    by_org: dict[str, list[str]] = {}
    for standing in standings:
        by_org.setdefault(standing.obligation.org, []).append(standing.obligation.table)
    if by_org:
        names = "；".join(f"{status.organisations[org]}（{'、'.join(tables)}）" for org, tables in by_org.items())
        out.print(f"{title} {len(by_org)} 家：{names}")


def _table(columns: tuple[str, ...], rows: Sequence[tuple[str, ...]], title: str = "") -> None:
    table = Table(*columns, title=title or None)
    for row in rows:
        table.add_row(*row)
    console().print(table if rows else "没有内容。")


def show_documents(rows: "list[DocumentRow]") -> None:
    """Documents, one a line."""
    lines = [(str(r.number), r.kind, r.period, r.title, str(r.version), r.state, r.issue) for r in rows]
    _table(("编号", "文种", "报告期", "标题", "版本", "状态", "期号"), lines)


def show_outbox(rows: "list[OutboxRow]") -> None:
    """Recipients, one a line."""
    lines = [(str(r.number), r.kind, r.subject, r.address, r.state, str(r.attempts)) for r in rows]
    _table(("编号", "类别", "事由", "收件人", "状态", "次数"), lines)


def show_unclaimed(rows: "list[UnclaimedRow]") -> None:
    """Unclaimed files, one a line."""
    lines = [(str(r.arrival.id), r.arrival.name, r.arrival.state, r.arrival.reason) for r in rows]
    _table(("来件", "文件", "状态", "原因"), lines)


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
