"""How the state of returns looks on a screen: the board of organisation × table and the names that matter. Nothing is
computed here; the workbook stands in screens_workbook.py.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from yaoxun.screens import console

if TYPE_CHECKING:
    from tasks.status import Status

COLOURS = {"已报": "green", "零报告": "green", "待报": "default", "未到期": "dim", "退回待改": "yellow", "待说明": "yellow",
           "逾期": "red", "未报": "dim"}  # fmt: skip
# One character each, for a screen on which the words have no room.
SIGNS = {
    "已报": "报",
    "零报告": "零",
    "待报": "待",
    "未到期": "·",
    "退回待改": "退",
    "待说明": "说",
    "逾期": "逾",
    "未报": "无",
}
_LATE_SIGN = "*"
_RULES = 3  # a rule and a space on either side of what stands in a cell


def show_status(status: "Status") -> None:
    """Print the board once."""
    out = console()
    out.print(board(status, out.width))


def watch_status(read: "Callable[[], Status]", seconds: int, pause: Callable[[float], None]) -> None:
    """Show the board afresh every so many seconds until Ctrl-C; where nobody watches, once."""
    from rich.live import Live

    out = console()
    if not out.is_terminal:
        show_status(read())
        return
    note = Text(f"每 {seconds} 秒刷新一次，按 Ctrl-C 结束", style="dim")
    with Live(Group(board(read(), out.width), note), console=out, auto_refresh=False) as live:
        while True:
            pause(seconds)
            live.update(Group(board(read(), out.width), note), refresh=True)


def board(status: "Status", width: int) -> Group:
    """Everything that is shown, laid out for a screen of so many columns."""
    parts: list[RenderableType] = []
    for period in status.periods:
        one = status.of_period(period)
        parts += [*_tables(one, width), _names(one)]
    for arrival in status.unclaimed:
        parts.append(_line(arrival.state, f"第 {arrival.id} 号来件《{arrival.name}》 {arrival.reason}"))
    if status.mail:
        parts.append(_line("发信", status.mail))
    return Group(*parts)


def _tables(one: "Status", width: int) -> Iterator[RenderableType]:
    """One board in words where it fits, else in signs with what they mean; in parts where even these do not fit."""
    by_org: dict[str, dict[str, Any]] = {}
    for standing in one.standings:
        by_org.setdefault(standing.obligation.org, {})[standing.obligation.table] = standing
    names = max((cell_len(one.organisations[org]) for org in by_org), default=0)
    room = width - max(names, cell_len("单位")) - _RULES - 1
    write = _words
    parts = _parts(_widths(one, by_org, write), room)
    if len(parts) > 1:
        write = _signs
        parts = _parts(_widths(one, by_org, write), room)
    for shown in parts:
        table = Table(title=f"{one.period} 报送情况", title_justify="left")
        table.add_column("单位", no_wrap=True)
        for name in shown:
            table.add_column(name, no_wrap=True)
        for org, cells in by_org.items():
            table.add_row(one.organisations[org], *(_cell(cells.get(name), write) for name in shown))
        yield table
    if write is _signs:
        # A legend may break between its parts only.
        yield Text(
            " ".join(f"{sign}={state}" for sign, state in [*((v, k) for k, v in SIGNS.items()), (_LATE_SIGN, "迟报")]),
            style="dim",
        )


def _widths(one: "Status", by_org: dict[str, dict[str, Any]], write: Callable[[Any], str]) -> dict[str, int]:
    """Columns of the screen that each table takes, its rule with it."""
    return {
        name: max([cell_len(name), *(cell_len(write(cells[name])) for cells in by_org.values() if name in cells)])
        + _RULES
        for name in one.tables
    }


def _parts(widths: dict[str, int], room: int) -> list[list[str]]:
    """The tables in as few boards as fit, one at least in each."""
    parts: list[list[str]] = [[]]
    left = room
    for name, width in widths.items():
        if parts[-1] and width > left:
            parts.append([])
            left = room
        parts[-1].append(name)
        left -= width
    return parts


def _cell(standing: Any, write: Callable[[Any], str]) -> Text:
    return Text("") if standing is None else Text(write(standing), style=COLOURS[standing.state])


def _words(standing: Any) -> str:
    return str(standing.state) + ("（迟）" if _is_late(standing) else "")


def _signs(standing: Any) -> str:
    return SIGNS[standing.state] + (_LATE_SIGN if _is_late(standing) else "")


def _is_late(standing: Any) -> bool:
    return bool(standing.late and not standing.owed)


def _names(one: "Status") -> RenderableType:
    """Who is missing, who was returned, who was late: what in one column, names that are never broken in the other."""
    from tasks.status import OPEN_STATES

    grid = Table.grid(padding=(0, 1))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for what, states in OPEN_STATES:
        _add(grid, what, one.named(one.by_state(*states, required_only=what == "未报")))
    _add(grid, "迟报", one.named(one.late()))
    return grid


def _add(grid: Table, what: str, names: list[str]) -> None:
    if names:
        # A space between names is where a line may end.
        grid.add_row(f"{what} {len(names)} 家：", Text("  ".join(names)))


def _line(what: str, text: str) -> RenderableType:
    grid = Table.grid(padding=(0, 1))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row(f"{what}：", Text(text))
    return grid
