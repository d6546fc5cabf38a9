"""Which row is which. The uid in the hidden column is a hint, checked against the key columns, because people sort and
copy visible columns only: a full key decides, then the office's number, then the hint, and what is left is new.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from yaoxun.forms.model import Cell, Frame
from yaoxun.forms.values import show

Key = tuple[str, ...]


@dataclass(kw_only=True)
class Draft:
    """A row being read: its hint and cells; `uid` is decided here. `how`: hint, key, number, asked or new."""

    number: int
    hint: str
    cells: dict[str, Cell]
    uid: str = ""
    how: str = ""
    key: Key = field(default=())


def assign(frame: Frame, drafts: Sequence[Draft]) -> None:
    """Give every draft its uid. In a fixed table a draft that is no known row keeps uid ''."""
    known = _known_keys(frame)
    by_key = {key: uid for uid, key in reversed(known.items()) if any(key)}
    for draft in drafts:
        draft.key = tuple(_bare(_written(draft.cells.get(name))) for name in frame.form.setting.key)
    taken: set[str] = set()
    for wanted in (True, False):  # a row that also carries the hint goes before its copy
        for draft in drafts:
            uid = by_key.get(draft.key)
            if uid and not draft.uid and uid not in taken and (draft.hint == uid) is wanted:
                _settle(draft, uid, "hint" if wanted else "key", taken)
    for draft, uid in _numbered(frame, drafts):
        if uid not in taken and not draft.uid and draft.hint != uid:
            _settle(draft, uid, "number" if _same(draft.key, known[uid]) else "asked", taken)
    _by_hint(drafts, known, taken)
    if not frame.form.fixed:
        for draft in drafts:
            if not draft.uid:
                _settle(draft, _new_uid(frame, draft, taken), "new", taken)


def _settle(draft: Draft, uid: str, how: str, taken: set[str]) -> None:
    draft.uid, draft.how = uid, how
    taken.add(uid)


def _known_keys(frame: Frame) -> dict[str, Key]:
    names = frame.form.setting.key
    rows: Mapping[str, Any] = frame.prefill if frame.form.fixed else frame.history.rows
    return {uid: tuple(_bare(show(row.values.get(name))) for name in names) for uid, row in rows.items()}


def _written(cell: Cell | None) -> str:
    """The value where it can be read, so that 2023.4.6 and 2023-04-06 are one; else the text."""
    if cell is None:
        return ""
    return cell.text if cell.value is None else show(cell.value)


def _bare(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)) if text else ""


def _numbered(frame: Frame, drafts: Sequence[Draft]) -> Iterator[tuple[Draft, str]]:
    column = frame.form.number_column
    numbers = {known.number: uid for uid, known in frame.history.rows.items() if known.number}
    for draft in drafts:
        uid = numbers.get(_written(draft.cells.get(column))) if column else None
        if uid:
            yield draft, uid


def _by_hint(drafts: Sequence[Draft], known: Mapping[str, Key], taken: set[str]) -> None:
    """Among the rows with one hint, the one whose key is nearest keeps it; with nothing in common it is asked about."""
    claims: dict[str, list[tuple[int, int, Draft]]] = {}
    for draft in drafts:
        if not draft.uid and draft.hint in known and draft.hint not in taken:
            claims.setdefault(draft.hint, []).append((-_same(draft.key, known[draft.hint]), draft.number, draft))
    for uid, rivals in claims.items():
        same, _, draft = min(rivals, key=lambda rival: rival[:2])
        _settle(draft, uid, "hint" if same else "asked", taken)


def _same(a: Key, b: Key) -> int:
    """How many key columns say the same."""
    return sum(1 for x, y in zip(a, b, strict=True) if x and x == y)


def _new_uid(frame: Frame, draft: Draft, taken: set[str]) -> str:
    """From organisation, table and key (all content where the key is empty), so that reading twice gives the same; of a
    list that begins anew every period from the period, too."""
    key: Sequence[str] = draft.key if any(draft.key) else sorted(f"{n}={_written(c)}" for n, c in draft.cells.items())
    n = 0
    while True:
        of = (frame.org.code, frame.form.id, *(() if frame.form.setting.carries else (frame.period.label,)))
        seed = "\x1f".join((*of, *key, str(n)))
        uid = "n" + hashlib.sha256(seed.encode()).hexdigest()[:15]
        if uid not in taken and uid not in frame.history.rows:
            return uid
        n += 1
