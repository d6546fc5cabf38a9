"""The office of tests/fixtures/spine-001.sql.gz: a home whose database the first released program wrote."""

import gzip
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

from support.office_kit import OfficeKit, make_office

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"


def spine_office(folder: Path) -> OfficeKit:
    """The home as that program left it: its database and blobs, nothing that later programs add."""
    kit = make_office(folder, issued=False)
    for path in (*kit.home.data.glob("yaoxun.db*"), kit.home.installation):
        path.unlink(missing_ok=True)
    with closing(sqlite3.connect(kit.home.data / "yaoxun.db")) as conn:
        conn.executescript(gzip.decompress((FIXTURES / "spine-001.sql.gz").read_bytes()).decode())
    with zipfile.ZipFile(FIXTURES / "spine-001-blobs.zip") as blobs:
        blobs.extractall(kit.home.blobs)
    _second_kind(kit.home.root / "config" / "briefings.yaml")
    return kit


def _second_kind(path: Path) -> None:
    """The kind of document that is a draft there."""
    body = path.read_text(encoding="utf-8")
    kind = "  要讯:" + body.partition("  要讯:")[2].partition("\n\n")[0] + "\n"
    path.write_text(body.rstrip("\n") + "\n" + kind.replace("  要讯:", "  要讯1:", 1), encoding="utf-8")


def rows_of(kit: OfficeKit, columns: dict[str, list[str]]) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of these columns, by table."""
    with closing(sqlite3.connect(kit.home.data / "yaoxun.db")) as conn:
        return {
            table: sorted(conn.execute(f"select {', '.join(names)} from {table}"), key=repr)  # noqa: S608
            for table, names in columns.items()
        }


def columns_of(kit: OfficeKit) -> dict[str, list[str]]:
    with closing(sqlite3.connect(kit.home.data / "yaoxun.db")) as conn:
        tables = [
            n
            for (n,) in conn.execute("select name from sqlite_master where type = 'table' and name not like 'sqlite%'")
        ]
        return {table: [row[1] for row in conn.execute(f"pragma table_info({table})")] for table in tables}
