"""Our reader, openpyxl and python-calamine on the same files: what each gets wrong, and how long it takes.

Run by `cd tests && PYTHONPATH=..:. ../.venv/bin/python -m support.reader_bench [books]`. Right is what was written: for each
filled cell its value (a date as date, a time or duration as such, an error as an error); a reader that gives nothing there
has lost it, another value is wrong. Rounding past the fifteenth digit counts for nobody. Formulas, merges and hidden lines
are a second row: whether a reader can tell them at all is counted by cell or line. LibreOffice's files are added when it is
installed; what LibreOffice itself changed (see tests/live/test_libreoffice_differential.py) is left out.
"""

import io
import shutil
import statistics
import sys
import time
import warnings
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl
from python_calamine import CalamineWorkbook

from support.libreoffice import saved_as
from support.random_sheets import EDGES, HANDS, Plan, as_seen, clock, make_plan
from yaoxun.home import shipped
from yaoxun.sheets.limits import Limits, load_limits
from yaoxun.sheets.model import RawWorkbook, address
from yaoxun.sheets.reader import read_workbook

Place = tuple[str, str]
Seen = dict[Place, tuple[str, Any]]
BLANK = ("text", "")


@dataclass
class Score:
    """Of one reader over all files of a kind."""

    cells: int = 0
    lost: int = 0
    wrong: int = 0
    refused: int = 0
    seconds: list[float] = field(default_factory=list)
    kinds: dict[str, int] = field(default_factory=dict)

    def add(self, wanted: Seen, found: Seen) -> None:
        self.cells += len(wanted)
        for place, value in wanted.items():
            if (got := found.get(place, BLANK)) != value:
                self.lost, self.wrong = self.lost + (got == BLANK), self.wrong + (got != BLANK)
                self.kinds[value[0]] = self.kinds.get(value[0], 0) + 1
        extra = set(found) - set(wanted)
        self.wrong += len(extra)
        if extra:
            self.kinds["nothing there"] = self.kinds.get("nothing there", 0) + len(extra)


def ours(path: Path, limits: Limits) -> Seen:
    found = read_workbook(path, limits)
    assert isinstance(found, RawWorkbook), found
    return {(s.name, c.address): (c.kind, c.value) for s in found.sheets for c in s.cells.values() if c.value != ""}


def by_openpyxl(path: Path, _: Limits) -> Seen:
    book = openpyxl.load_workbook(path, data_only=True)
    return {
        (sheet.title, cell.coordinate): _plain(cell.value, error=cell.data_type == "e")
        for sheet in book.worksheets
        for cell in list(sheet._cells.values())
        if cell.value not in (None, "")
    }


def by_calamine(path: Path, _: Limits) -> Seen:
    book = CalamineWorkbook.from_path(path)
    found = {}
    for name in book.sheet_names:
        sheet = book.get_sheet_by_name(name)
        for row, values in enumerate(sheet.to_python(skip_empty_area=False), start=1):
            for col, value in enumerate(values, start=1):
                if value != "":
                    found[name, address(row, col)] = _plain(value)
    return found


READERS: dict[str, Callable[[Path, Limits], Seen]] = {"ours": ours, "openpyxl": by_openpyxl, "calamine": by_calamine}


def _plain(value: Any, *, error: bool = False) -> tuple[str, Any]:  # noqa: PLR0911 (one for each type)
    if error:
        return "error", value
    if isinstance(value, bool):
        return "bool", value
    if isinstance(value, int | float):
        return "number", as_seen(value)
    if isinstance(value, datetime):
        return "date", value
    if isinstance(value, date):
        return "date", datetime(value.year, value.month, value.day)
    if isinstance(value, time_of_day):
        return "text", value.strftime("%H:%M:%S")
    return ("text", clock(value)) if isinstance(value, timedelta) else ("text", value)


def wanted(plan: Plan, hand: str, saved_by_libreoffice: bool) -> Seen:
    """What was written. A formula without a result has none to be read; what lies under a merge is nobody's."""
    seen = {p: (k, v) for p, (k, v, _) in plan.seen("xlsxwriter" if saved_by_libreoffice else hand).items()}
    return {p: v for p, v in seen.items() if v[1] != ""}


def for_all(plan: Plan) -> Plan:
    """Without the edges of the calendar and of binary numbers, about which the formats themselves disagree."""
    edges = {typed for typed, _, _ in EDGES}
    for page in plan.pages:
        page.cells = {
            place: spec
            for place, spec in page.cells.items()
            if place not in page.covered()
            and not (spec.code == "yyyy-mm-dd" and not isinstance(spec.typed, date) and spec.typed in edges)
            and not (spec.kind == "number" and _too_fine(spec.value))
            and "?/" not in spec.code
        }
    return plan


def _too_fine(value: Decimal) -> bool:
    return value != 0 and not Decimal("1e-5") < abs(value) < Decimal("1e15")


def survey(books: int, *, libreoffice: bool = True) -> dict[tuple[str, str], Score]:
    """(kind of file, reader) → score."""
    scores: dict[tuple[str, str], Score] = {}
    limits = load_limits(shipped("config"))
    with TemporaryDirectory() as name:
        for kind, path, right in _files(Path(name), books, libreoffice):
            for reader, read in READERS.items():
                if reader == "openpyxl" and path.suffix != ".xlsx":
                    continue
                score = scores.setdefault((kind, reader), Score())
                began = time.perf_counter()
                try:
                    found = read(path, limits)
                except BaseException as err:
                    if isinstance(err, KeyboardInterrupt):
                        raise
                    score.refused += 1
                    continue
                score.seconds.append(time.perf_counter() - began)
                score.add(right, found)
    return scores


def _files(folder: Path, books: int, libreoffice: bool) -> list[tuple[str, Path, Seen]]:
    files = []
    for hand, write in HANDS.items():
        for n in range(books):
            plan = for_all(make_plan(50_000 + n))
            path = folder / f"{hand}{n}.xlsx"
            write(plan, path)
            files.append((f"{hand}’s .xlsx", path, wanted(plan, hand, False)))
    if libreoffice and shutil.which("soffice"):
        sources = [path for kind, path, _ in files if kind.startswith("xlsxwriter")]
        for kind in ("xlsx", "xls", "ods"):
            made = saved_as(folder / "profile", sources[0], kind, *sources[1:])
            for n, source in enumerate(sources):
                right = wanted(for_all(make_plan(50_000 + n)), "xlsxwriter", True)
                files.append((f"LibreOffice’s .{kind}", made / f"{source.stem}.{kind}", right))
    return files


def report(scores: Mapping[tuple[str, str], Score]) -> str:
    out = io.StringIO()
    print("| files | reader | cells | lost | wrong | refused | ms a file (median) | what was lost or wrong |", file=out)
    print("|---|---|---|---|---|---|---|---|", file=out)
    for (kind, reader), score in scores.items():
        median = f"{statistics.median(score.seconds) * 1000:.1f}" if score.seconds else "–"
        what = ", ".join(f"{k} {n}" for k, n in sorted(score.kinds.items(), key=lambda i: -i[1]))
        print(
            f"| {kind} | {reader} | {score.cells:,} | {score.lost} | {score.wrong} | {score.refused} | {median} | {what} |",
            file=out,
        )
    return out.getvalue()


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    with suppress(BrokenPipeError):
        print(report(survey(int(sys.argv[1]) if len(sys.argv) > 1 else 20)))
