"""The names in the other organisations' registers, kept in memory while arrivals are judged, because every new row is
compared with all of them and there are tens of thousands. Brought up to date at every look by what was decided since the
last one, so that a look costs what is new and not what is known.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from tasks.desk import Desk
from yaoxun.forms.model import ForeignRow, Form, Table
from yaoxun.forms.rules.names import NameIndex
from yaoxun.forms.rules.similar import new_names
from yaoxun.returns.ledger import current_of, rows_of, versions
from yaoxun.returns.registers import decided_since, last_decision

Wanted = Sequence[tuple[str, str]]
_KEPT = 8
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class _Known:
    org: str
    uid: str
    name: str
    same: str


@dataclass(kw_only=True)
class _Names:
    """One register of one database. `seen` tells the last decision that was taken in."""

    form: Form
    seen: tuple[int, str] = (0, "")
    index: NameIndex[_Known] = field(default_factory=NameIndex)
    by_same: dict[str, dict[tuple[str, str], _Known]] = field(default_factory=dict)
    of_org: dict[str, list[tuple[int, _Known]]] = field(default_factory=dict)
    # The last question and its answer: a look and its commit ask the same.
    asked: tuple[tuple[int, str], str, tuple[tuple[str, str], ...]] | None = None
    answer: tuple[_Known, ...] = ()

    def follow(self, desk: Desk, conn: Connection) -> "_Names":
        """Take in what was decided since; start anew where the database is not the one that was seen before."""
        newest = last_decision(conn, self.form.id)
        if newest == self.seen:
            return self
        if self.index.is_untidy or (self.seen[0] and last_decision(conn, self.form.id, upto=self.seen[0]) != self.seen):
            self.seen, self.index, self.by_same, self.of_org = (0, ""), NameIndex(), {}, {}
        orgs = decided_since(conn, self.form.id, self.seen[0])
        # Of a few organisations each is asked for by itself, at the start all at once.
        for org in orgs if len(orgs) < 10 else (None,):
            self._take(desk, conn, org)
        self.seen = newest
        return self

    def _take(self, desk: Desk, conn: Connection, org: str | None) -> None:
        current = list(current_of(versions(conn, org=org, table=self.form.id)).values())
        current.sort(key=lambda v: desk.office.period(v.period).sort)
        org_of = {v.id: v.org for v in current}
        order = {v.id: n for n, v in enumerate(current)}
        newest: dict[str, dict[str, _Known]] = {}
        for row in sorted(rows_of(conn, list(org_of)), key=lambda row: order[row.version]):
            known = self._known(org_of[row.version], row.row_uid, row.cells)
            newest.setdefault(known.org, {})[known.uid] = known
        for code in [org] if org else sorted({*self.of_org, *newest}):
            self._replace(code, newest.get(code, {}).values())

    def _known(self, org: str, uid: str, cells: Mapping[str, Any]) -> _Known:
        similar = self.form.setting.similar
        assert similar is not None  # noqa: S101 (narrowing; only such registers are kept)
        name, same = (str(cells[c][0]) if c in cells else "" for c in (similar.column, similar.same))
        return _Known(org, uid, name, same)

    def _replace(self, org: str, entries: Iterable[_Known]) -> None:
        for number, gone in self.of_org.pop(org, ()):
            self.index.remove(number)
            if gone.same:
                self.by_same[gone.same].pop((org, gone.uid), None)
        self.of_org[org] = [(self.index.add(one.name, one), one) for one in entries]
        for _, one in self.of_org[org]:
            if one.same:
                self.by_same.setdefault(one.same, {})[org, one.uid] = one

    def like(self, org: str, wanted: Wanted) -> tuple[_Known, ...]:
        """Entries of other organisations that carry one of these names, nearly, or one of these numbers."""
        question = (self.seen, org, tuple(wanted))
        if self.asked != question:
            self.asked, self.answer = question, self._look(org, wanted)
        return self.answer

    def _look(self, org: str, wanted: Wanted) -> tuple[_Known, ...]:
        similar = self.form.setting.similar
        assert similar is not None  # noqa: S101 (narrowing; only such registers are kept)
        found: dict[_Known, None] = {}
        for name, same in wanted:
            found |= dict.fromkeys(self.by_same.get(same, {}).values()) if same else {}
            found |= dict.fromkeys(one for _, one in self.index.near(name, similar.at_least))
        return tuple(one for one in found if one.org != org)


_kept: OrderedDict[tuple[str, str, str], _Names] = OrderedDict()


def _like(desk: Desk, conn: Connection, form: Form, org: str, wanted: Wanted) -> tuple[_Known, ...]:
    key = (str(conn.engine.url), form.id, desk.config.sha)
    with _lock:
        names = _kept.setdefault(key, _Names(form=form))
        _kept.move_to_end(key)
        while len(_kept) > _KEPT:
            _kept.popitem(last=False)
        return names.follow(desk, conn).like(org, wanted)


def others_like(desk: Desk, conn: Connection, form: Form, org: str, wanted: Wanted) -> tuple[ForeignRow, ...]:
    """Entries of the other organisations' registers that one of the (name, number) may mean."""
    similar = form.setting.similar
    assert similar is not None  # noqa: S101 (narrowing; only such registers are asked about)
    return tuple(
        ForeignRow(
            org=desk.office.organisation(one.org).short,
            values={c: text for c, text in ((similar.column, one.name), (similar.same, one.same)) if c and text},
        )
        for one in _like(desk, conn, form, org, wanted)
    )


def others_mark(desk: Desk, conn: Connection, table: Table, org: str) -> tuple[_Known, ...]:
    """What the new rows of a table are compared with: it must not have moved between look and commit."""
    wanted = [(name, same) for _, name, same in new_names(table)]
    return _like(desk, conn, table.form, org, wanted) if wanted else ()
