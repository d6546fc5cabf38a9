"""New rows much like an entry that is known already: another organisation's, or one of one's own. How names are compared
stands in names.py.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from yaoxun.forms.findings import explained
from yaoxun.forms.model import Finding, ForeignRow, Row, Table
from yaoxun.forms.rules.names import NameIndex
from yaoxun.forms.settings import Similar
from yaoxun.forms.values import show


@dataclass(frozen=True, kw_only=True)
class _Entry:
    org: str
    name: str


def check_similar(table: Table) -> Iterator[Finding]:
    """The table's `similar` rule; nothing where it has none."""
    setting = table.form.setting.similar
    fresh = new_names(table)
    if setting is None or not fresh:
        return
    by_same: dict[str, _Entry] = {}
    nearest: dict[int, tuple[float, _Entry]] = {}
    index = NameIndex[int]()  # of the new ones: they are few, and what is known is much
    for n, (_, name, _) in enumerate(fresh):
        index.add(name, n)
    for name, same, entry in _entries(table, setting, [(name, same) for _, name, same in fresh]):
        if same:
            by_same.setdefault(same, entry)
        for share, n in index.near(name, setting.at_least):
            if n not in nearest or share > nearest[n][0]:
                nearest[n] = (share, entry)
    for n, (row, _, same) in enumerate(fresh):
        twin = by_same.get(same) if same else None
        if twin is not None or n in nearest:
            yield _finding(table, setting, row, twin or nearest[n][1], by_number=twin is not None)


def new_names(table: Table) -> list[tuple[Row, str, str]]:
    """The rows that are compared with others, each with its name and its number ('' for none)."""
    setting = table.form.setting.similar
    if setting is None:
        return []
    return [
        (row, show(row.value(setting.column)), show(row.value(setting.same)) if setting.same else "")
        for row in table.rows
        if row.new
    ]


def _entries(table: Table, setting: Similar, wanted: list[tuple[str, str]]) -> Iterator[tuple[str, str, _Entry]]:
    history = table.frame.history
    others: Iterable[ForeignRow] = history.others if history.others_like is None else history.others_like(wanted)
    for row in others:
        name = row.values.get(setting.column, "")
        yield name, row.values.get(setting.same, ""), _Entry(org=row.org, name=name)
    for known in history.rows.values():
        name = show(known.values.get(setting.column))
        yield name, "", _Entry(org="", name=name)


def _finding(table: Table, setting: Similar, row: Row, entry: _Entry, *, by_number: bool) -> Finding:
    whose = f"{entry.org}已报的" if entry.org else "本单位以前报过的"
    column = setting.same if by_number else setting.column
    why = f"“{setting.same}”相同" if by_number else "名称相近"
    message = (
        f"第{row.number}行与{whose}“{entry.name}”{why}。"
        "同一项（如联合发文）请在说明列写“与某单位同一件”；不是同一项的，请写明区别。"
    )
    cell: Mapping[str, str] = {"found": row.cells[column].text if column in row.cells else ""}
    return Finding(
        rule=setting.rule, level="须说明", table=table.form.id, sheet=table.sheet, cell=table.place(row, column),
        message=message, row_uid=row.uid, column=column, explained=explained(row), allowed="同一项只报一次", **cell,
    )  # fmt: skip
