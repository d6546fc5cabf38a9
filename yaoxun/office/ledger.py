"""Every statement on the office's tables: people, contacts, obligations, issued templates."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Table, func, or_, select, update

from yaoxun.office.people import Contact, Person
from yaoxun.office.tables import contact, obligation, person, template_issue
from yaoxun.store.engine import insert, insert_new


@dataclass(frozen=True, kw_only=True)
class Obligation:
    """One organisation owes one table for one period. Times are aware; None for history, which has no window."""

    id: int
    org: str
    table: str
    period: str
    row_scope: str
    required: bool
    opens: datetime | None
    due: datetime | None
    locks: datetime | None


def seed_people(
    conn: Connection, people: Iterable[Person], contacts: Iterable[Contact], *, actor: str, now: datetime
) -> int:
    """Add the people and contacts that are not on record yet; how many were new. Rows that staff edited stay."""
    new = 0
    for p in people:
        values: dict[str, Any] = {
            "login": p.login,
            "valid_from": p.valid_from.isoformat(),
            "org": p.org,
            "title": p.title,
        }
        values |= {"roles": list(p.roles), "actor": actor, "at": now}
        new += insert_new(conn, person, values) is not None
    for c in contacts:
        row = {"org": c.org, "kind": c.kind, "address": c.address, "valid_from": c.valid_from.isoformat()}
        new += insert_new(conn, contact, row | {"actor": actor, "at": now}) is not None
    return new


def find_person(conn: Connection, login: str, day: date) -> Any | None:
    """The person of that login in force on that day; None for none."""
    rows = conn.execute(
        select(person)
        .where(person.c.login == login, person.c.valid_from <= day.isoformat())
        .where(or_(person.c.valid_to.is_(None), person.c.valid_to >= day.isoformat()))
        .order_by(person.c.valid_from.desc())
    )
    return rows.first()


def follow_config(
    conn: Connection, people: Iterable[Person], contacts: Iterable[Contact], *, actor: str, now: datetime, day: date
) -> int:
    """Make what is in force from a day on what the configuration says: changed people and new addresses get a row that
    begins on that day, addresses that are gone end the day before. How many were changed."""
    changed = 0
    for p in people:
        known = find_person(conn, p.login, day)
        wanted = {"org": p.org, "title": p.title, "roles": list(p.roles)}
        if known is None or any(getattr(known, name) != value for name, value in wanted.items()):
            _put(conn, person, {"login": p.login, "valid_from": day.isoformat()}, wanted | {"actor": actor, "at": now})
            changed += 1
    wanted_contacts = {(c.org, c.kind, c.address) for c in contacts}
    in_force = {(r.org, r.kind, r.address): r for r in conn.execute(select(contact)) if _holds(r, day)}
    for gone in in_force.keys() - wanted_contacts:
        ended = (day - timedelta(days=1)).isoformat()
        conn.execute(update(contact).where(contact.c.id == in_force[gone].id).values(valid_to=ended))
        changed += 1
    for org, kind, address in sorted(wanted_contacts - in_force.keys()):
        key = {"org": org, "kind": kind, "address": address, "valid_from": day.isoformat()}
        _put(conn, contact, key, {"valid_to": None, "actor": actor, "at": now})
        changed += 1
    return changed


def _put(conn: Connection, table: Table, key: dict[str, str], values: dict[str, Any]) -> None:
    """Insert a row, or write over the one that was made today."""
    if insert_new(conn, table, key | values) is None:
        conn.execute(update(table).where(*(table.c[name] == value for name, value in key.items())).values(**values))


def _holds(row: Any, day: date) -> bool:
    return bool(row.valid_from <= day.isoformat() and (row.valid_to is None or row.valid_to >= day.isoformat()))


def differing(conn: Connection, people: Iterable[Person], contacts: Iterable[Contact], *, day: date) -> int:
    """How many rows in force say something else than the configuration."""
    roles = sum(
        known is not None and list(known.roles) != list(p.roles)
        for p in people
        if (known := find_person(conn, p.login, day)) is not None
    )
    wanted = {(c.org, c.kind, c.address) for c in contacts}
    in_force = {(r.org, r.kind, r.address) for r in conn.execute(select(contact)) if _holds(r, day)}
    return roles + len(in_force - wanted)


def contacts_of(conn: Connection, org: str, day: date, kinds: Sequence[str]) -> list[Any]:
    """The organisation's contacts of these kinds in force on that day, in the order of `kinds`."""
    rows = conn.execute(
        select(contact)
        .where(contact.c.org == org, contact.c.kind.in_(kinds), contact.c.valid_from <= day.isoformat())
        .where(or_(contact.c.valid_to.is_(None), contact.c.valid_to >= day.isoformat()))
        .order_by(contact.c.id)
    ).all()
    return sorted(rows, key=lambda row: kinds.index(row.kind))


def add_obligation(
    conn: Connection,
    *,
    org: str,
    table: str,
    period: str,
    required: bool,
    opens: datetime | None,
    due: datetime | None,
    locks: datetime | None,
    now: datetime,
    row_scope: str = "",
) -> bool:
    """Make an obligation unless it is there; whether it was new."""
    values = {"org": org, "table_id": table, "period": period, "row_scope": row_scope, "required": required}
    values |= {"opens": opens, "due": due, "locks": locks, "made_at": now}
    return insert_new(conn, obligation, values) is not None


def _obligation(row: Any) -> Obligation:
    return Obligation(
        id=row.id,
        org=row.org,
        table=row.table_id,
        period=row.period,
        row_scope=row.row_scope,
        required=row.required,
        opens=row.opens,
        due=row.due,
        locks=row.locks,
    )


def obligations(
    conn: Connection, *, period: str | None = None, org: str | None = None, table: str | None = None
) -> list[Obligation]:
    """Obligations by any of period, organisation and table, oldest first."""
    statement = select(obligation).order_by(obligation.c.id)
    for column, wanted in ((obligation.c.period, period), (obligation.c.org, org), (obligation.c.table_id, table)):
        if wanted is not None:
            statement = statement.where(column == wanted)
    return [_obligation(row) for row in conn.execute(statement)]


def obligation_by_id(conn: Connection, obligation_id: int) -> Obligation:
    """The obligation of that id."""
    return _obligation(conn.execute(select(obligation).where(obligation.c.id == obligation_id)).one())


def lock_obligation(conn: Connection, obligation_id: int) -> None:
    """Hold the obligation's row until the transaction ends: versions are counted up below it. SQLite has one writer
    anyway."""
    if conn.dialect.name == "postgresql":
        conn.execute(select(obligation.c.id).where(obligation.c.id == obligation_id).with_for_update()).one()


def add_template_issue(
    conn: Connection, *, org: str, bundle: str, snapshot: str, blob: str, path: str, actor: str, now: datetime
) -> int:
    """Record an issued template; its running number for this organisation and bundle."""
    n = conn.execute(
        select(func.coalesce(func.max(template_issue.c.n), 0)).where(
            template_issue.c.org == org, template_issue.c.bundle == bundle
        )
    ).scalar_one()
    values = {"org": org, "bundle": bundle, "n": n + 1, "config_snapshot": snapshot, "blob": blob, "path": path}
    insert(conn, template_issue, values | {"actor": actor, "at": now})
    return int(n) + 1


def template_by_blob(conn: Connection, blob: str) -> Any | None:
    """The last template that was issued with this content; None for none."""
    same = select(template_issue).where(template_issue.c.blob == blob)
    return conn.execute(same.order_by(template_issue.c.id.desc()).limit(1)).first()


def latest_template(conn: Connection, org: str, bundle: str) -> Any | None:
    """The last template issued to an organisation for a bundle; None for none."""
    rows = conn.execute(
        select(template_issue)
        .where(template_issue.c.org == org, template_issue.c.bundle == bundle)
        .order_by(template_issue.c.n.desc())
    )
    return rows.first()
