"""All tables of all rooms, registered on the one metadata, and what a database really has."""

from typing import Any

from sqlalchemy import Engine, inspect

import yaoxun.briefings.tables
import yaoxun.figures.tables
import yaoxun.notices.tables
import yaoxun.office.tables
import yaoxun.post.tables
import yaoxun.returns.tables
import yaoxun.store.records  # noqa: F401 (each import registers its tables)
from yaoxun.store.types import metadata


def create_from_metadata(engine: Engine) -> None:
    metadata.create_all(engine)


def described(engine: Engine) -> dict[str, Any]:
    """Columns, keys and indexes of every table, as far as a database tells them."""
    seen = inspect(engine)
    found = {}
    for table in seen.get_table_names():
        if table == "sqlite_sequence":
            continue
        found[table] = {
            "columns": sorted((c["name"], str(c["type"]), c["nullable"]) for c in seen.get_columns(table)),
            "unique": sorted((str(u["name"]), tuple(u["column_names"])) for u in seen.get_unique_constraints(table)),
            "indexes": sorted(_index(i) for i in seen.get_indexes(table)),
            "key": seen.get_pk_constraint(table)["constrained_columns"],
            "references": sorted(
                (tuple(f["constrained_columns"]), f["referred_table"]) for f in seen.get_foreign_keys(table)
            ),
        }
    return found


def _index(index: Any) -> tuple[Any, ...]:
    where = {key: str(value) for key, value in (index.get("dialect_options") or {}).items() if key.endswith("_where")}
    return (
        str(index["name"]),
        tuple(str(c) for c in index["column_names"]),
        bool(index["unique"]),
        str(sorted(where.items())),
    )
