"""Registers: every entry once, under the official number that it is given or comes with. SQL of register_entry stands here and,
where entries are joined to their rows, in ledger.py.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, select

from yaoxun.office.tables import obligation
from yaoxun.returns.ledger import lock_tables
from yaoxun.returns.tables import decision, register_entry, sheet_version

_NO_NUMBERS: Mapping[str, str] = {}
_ANY_LENGTH = 1_000_000
_LENGTH = func.length(register_entry.c.official_no)
# The official numbers of a register that are shorter than that, the longest first.
_NUMBERS = (
    select(register_entry.c.official_no)
    .where(register_entry.c.register == bindparam("register"), register_entry.c.official_no != "")
    .where(bindparam("below") > _LENGTH)
    .order_by(_LENGTH.desc(), register_entry.c.official_no.desc())
)


def register_entries(
    conn: Connection, register: str, uids: Sequence[str], *, numbering: str, first: int = 1,
    numbers: Mapping[str, str] = _NO_NUMBERS,
) -> dict[str, str]:  # fmt: skip
    """Enter these uids in a register, each once; a new entry keeps the official number that it comes with (`numbers`), else
    it is given the next one of the register's own series: `numbering` is a format such as `ZC{n:04d}` ('' for none), which
    begins with `first` and goes on after the highest. uid → official number, new entries only."""
    lock_tables(conn, (register,))
    there = {r.uid for r in conn.execute(select(register_entry.c.uid).where(register_entry.c.uid.in_(uids)))}
    new = [uid for uid in dict.fromkeys(uids) if uid not in there]
    last = _last_in_series(conn, register, numbering) if new and numbering else 0
    last = max(last, *(_place_in_series(numbers.get(uid, ""), numbering) for uid in new), 0)
    given: dict[str, str] = {}
    for uid in new:
        number = numbers.get(uid, "")
        if not number and numbering:
            last = max(last + 1, first)
            number = numbering.format(n=last)
        given[uid] = number
    if given:
        values = [{"uid": uid, "register": register, "official_no": number} for uid, number in given.items()]
        conn.execute(register_entry.insert(), values)
    return given


def _last_in_series(conn: Connection, register: str, numbering: str) -> int:
    """The highest number of the series; 0 for none. Among those of one length the last in the order of letters is the
    highest, and a shorter one can only be higher than one with leading zeros: so a register of a hundred thousand entries
    costs what a small one does."""
    highest, below = 0, _ANY_LENGTH
    while True:
        found = _longest_of_series(conn, register, numbering, below)
        highest, below = max(highest, _place_in_series(found, numbering)), len(found)
        if not found or not found.startswith(numbering.partition("{")[0] + "0"):
            return highest


def _longest_of_series(conn: Connection, register: str, numbering: str, below: int) -> str:
    """Of the series' numbers with fewer letters, the last of the longest; '' for none."""
    for most in (50, None):  # numbers of other patterns may stand before it
        texts = conn.execute(_NUMBERS.limit(most), {"register": register, "below": below}).scalars()
        found = next((text for text in texts if _place_in_series(text, numbering)), "")
        if found:
            return found
    return ""


def official_numbers(conn: Connection, register: str) -> dict[str, str]:
    """Every entry of a register with its official number, '' for none."""
    rows = conn.execute(select(register_entry).where(register_entry.c.register == register))
    return {row.uid: row.official_no for row in rows}


def _place_in_series(number: str, numbering: str) -> int:
    """Which number of the series this is; 0 for one of another pattern."""
    before, _, rest = numbering.partition("{")
    after = rest.partition("}")[2]
    found = re.fullmatch(rf"{re.escape(before)}(\d+){re.escape(after)}", number) if numbering else None
    return int(found[1]) if found else 0


def last_decision(conn: Connection, table: str, *, upto: int | None = None) -> tuple[int, str]:
    """The newest decision on a table of any organisation (not after the id `upto`): its id and what was decided on, by its
    hash; (0, '') for none."""
    asked = {"table": table} | ({} if upto is None else {"upto": upto})
    row = conn.execute(_last_decision(dated=upto is not None), asked).first()
    return (row.id, row.content_sha) if row else (0, "")


@cache
def _last_decision(*, dated: bool) -> Any:
    statement = select(decision.c.id, sheet_version.c.content_sha).select_from(_decided(bindparam("table")))
    if dated:
        statement = statement.where(decision.c.id <= bindparam("upto"))
    return statement.order_by(decision.c.id.desc()).limit(1)


def decided_since(conn: Connection, table: str, decision_id: int) -> list[str]:
    """The organisations on whose table something was decided after that decision."""
    statement = select(obligation.c.org).select_from(_decided(table)).where(decision.c.id > decision_id).distinct()
    return sorted(row.org for row in conn.execute(statement))


def _decided(table: Any) -> Any:
    return decision.join(sheet_version, sheet_version.c.id == decision.c.sheet_version).join(
        obligation, and_(obligation.c.id == sheet_version.c.obligation, obligation.c.table_id == table)
    )
