"""New rows much like an entry that is known already: another organisation's, or one of one's own.

Names are compared by their pairs of neighbouring characters (Jaccard). Only entries that share one of the name's rarest
pairs can reach the threshold, so that thousands of entries cost little.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from yaoxun.forms.findings import explained
from yaoxun.forms.model import Finding, Row, Table
from yaoxun.forms.settings import Similar
from yaoxun.forms.values import show

_NOISE = re.compile(r"[\W_]|关于|印发|通知|实施")
Pairs = frozenset[str]


def pairs_of(name: str) -> Pairs:
    """The pairs of neighbouring characters of a name, without punctuation and the words of every title."""
    bare = _NOISE.sub("", unicodedata.normalize("NFKC", name))
    return frozenset(bare[i : i + 2] for i in range(len(bare) - 1))


@dataclass(frozen=True, kw_only=True)
class _Entry:
    org: str
    name: str
    same: str
    pairs: Pairs


def check_similar(table: Table) -> Iterator[Finding]:
    """The table's `similar` rule; nothing where it has none."""
    setting = table.form.setting.similar
    fresh = [row for row in table.rows if row.new] if setting else []
    if setting is None or not fresh:
        return
    entries = list(_entries(table, setting))
    by_same = {entry.same: entry for entry in reversed(entries) if entry.same and entry.org}
    names = [pairs_of(show(row.value(setting.column))) for row in fresh]
    index = _Index(entries, names, setting.at_least)
    for row, pairs in zip(fresh, names, strict=True):
        same = show(row.value(setting.same)) if setting.same else ""
        twin = by_same.get(same) if same else None
        entry = twin or index.nearest(pairs)
        if entry is not None:
            yield _finding(table, setting, row, entry, by_number=twin is not None)


def _entries(table: Table, setting: Similar) -> Iterator[_Entry]:
    for row in table.frame.history.others:
        name, same = row.values.get(setting.column, ""), row.values.get(setting.same, "")
        yield _Entry(org=row.org, name=name, same=same, pairs=pairs_of(name))
    for known in table.frame.history.rows.values():
        name = show(known.values.get(setting.column))
        yield _Entry(org="", name=name, same="", pairs=pairs_of(name))


class _Index:
    """Entries by the rarest pairs of their names."""

    def __init__(self, entries: list[_Entry], names: list[Pairs], at_least: float) -> None:
        self._at_least = at_least
        self._count = Counter(pair for entry in entries for pair in entry.pairs)
        self._count.update(pair for pairs in names for pair in pairs)
        self._by_pair: dict[str, list[_Entry]] = {}
        for entry in entries:
            for pair in self._rare(entry.pairs):
                self._by_pair.setdefault(pair, []).append(entry)

    def _rare(self, pairs: Pairs) -> list[str]:
        """Two sets with Jaccard ≥ t share one of each other's n − ⌈t·n⌉ + 1 first pairs in any common order."""
        keep = len(pairs) - math.ceil(self._at_least * len(pairs)) + 1
        return sorted(pairs, key=lambda pair: (self._count[pair], pair))[:keep]

    def nearest(self, pairs: Pairs) -> _Entry | None:
        best, found, size = self._at_least, None, len(pairs)
        for pair in self._rare(pairs):
            for entry in self._by_pair.get(pair, ()):
                if entry is found or not size * best <= len(entry.pairs) <= size / best:
                    continue
                common = len(pairs & entry.pairs)
                share = common / (len(pairs) + len(entry.pairs) - common)
                if share > best or (share >= best and found is None):
                    best, found = share, entry
        return found


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
