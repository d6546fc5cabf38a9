"""Random workbooks saved by LibreOffice: as .xlsx read as openpyxl reads them, as .xls and .ods read as the .xlsx. What
the formats themselves cannot hold is listed with its reason; anything else that differs is a fault.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from support.libreoffice import CSV, known, saved_as
from support.random_sheets import Comparison, Difference, Plan, compare, make_plan, write_openpyxl, write_xlsxwriter
from yaoxun.home import shipped
from yaoxun.sheets.limits import load_limits
from yaoxun.sheets.model import RawCell, RawWorkbook
from yaoxun.sheets.sandbox import Sandbox

BOOKS = 24
pytestmark = [pytest.mark.live, pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")]


@dataclass(frozen=True)
class Saved:
    """One plan, and the folder that holds LibreOffice's files of it, named by its number and kind."""

    plan: Plan
    folder: Path
    n: int

    def path(self, kind: str) -> Path:
        return self.folder / kind / f"{self.n}.{kind}"


@pytest.fixture(scope="module")
def saved(profile: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Saved]:
    folder = tmp_path_factory.mktemp("random")
    plans = [without_fractions(make_plan(20_000 + n, filled=250)) for n in range(BOOKS)]
    for n, plan in enumerate(plans):
        # Both hands: openpyxl leaves formulas to LibreOffice to compute, xlsxwriter brings results.
        (write_openpyxl if n % 2 else write_xlsxwriter)(plan, folder / f"{n}.xlsx")
    sources = [folder / f"{n}.xlsx" for n in range(BOOKS)]
    for kind in ("xlsx", "xls", "ods"):
        saved_as(profile, sources[0], kind, *sources[1:])
    saved_as(profile, sources[0], CSV, *sources[1:])
    return [Saved(plan, folder, n) for n, plan in enumerate(plans)]


def without_fractions(plan: Plan) -> Plan:
    """LibreOffice does not come to an end when it writes 1e-300 as a fraction into an .ods."""
    for page in plan.pages:
        page.cells = {k: replace(spec, code="0.00") if "?/" in spec.code else spec for k, spec in page.cells.items()}
    return plan


def read_all(saved: list[Saved], kind: str) -> list[RawWorkbook]:
    found = []
    with Sandbox(load_limits(shipped("config"))) as sandbox:
        for one in saved:
            book = sandbox.open(one.path(kind))
            assert isinstance(book, RawWorkbook), (kind, one.n, book)
            found.append(book)
    return found


def test_what_libreoffice_saved_is_read_as_openpyxl_reads_it(saved: list[Saved]) -> None:
    total = Comparison()
    for one, ours in zip(saved, read_all(saved, "xlsx"), strict=True):
        total.add(compare(one.path("xlsx"), ours))
    print(f"\nLibreOffice's .xlsx against openpyxl: {total.report()}")
    assert total.unexplained == []
    assert total.cells > 4_000


# (kind of file, reason, test that a difference from the .xlsx is that one)
FORMATS: tuple[tuple[str, str, Callable[[RawCell, RawCell], bool]], ...] = (
    (
        "xls", "LibreOffice writes 0 for the text of a formula that it has not computed itself",
        lambda xls, xlsx: xls.formula == xlsx.formula is not None and xls.value == 0 and xlsx.kind == "text",
    ),
    (
        "xls", "the last of fifteen digits, which LibreOffice rounds when it writes the .xlsx",
        lambda xls, xlsx: both(xls, xlsx, "number") and abs(xls.value - xlsx.value) < abs(xlsx.value) * Decimal("1.1e-14"),
    ),
    (
        "ods", "LibreOffice writes no more than twenty decimals",
        lambda ods, xlsx: both(ods, xlsx, "number") and abs(ods.value - xlsx.value) <= Decimal("1e-20"),
    ),
    (
        "ods", "a date before March 1900: LibreOffice's calendar lacks the 29 February 1900 that Excel counts",
        lambda ods, xlsx: both(ods, xlsx, "date") and ods.value == xlsx.value - timedelta(days=1) and ods.value.year < 1901,
    ),
    (
        "ods", "a number in a date format that is no date in Excel: the .ods holds the date",
        lambda ods, xlsx: xlsx.kind == "number" and (ods.kind == "date" or str(ods.value)[:6] in ("10000-", "-000-3")),
    ),
    (
        "ods", "a time of day in a date format: the .ods holds it as of 1899-12-30",
        lambda ods, xlsx: ods.kind == "date" and f"1899-12-30 {xlsx.value}" == str(ods.value),
    ),
)  # fmt: skip


def both(one: RawCell, other: RawCell, kind: str) -> bool:
    return one.kind == other.kind == kind


@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_the_other_formats_are_read_as_the_xlsx(saved: list[Saved], kind: str) -> None:
    total = Comparison()
    for one, ours, theirs in zip(saved, read_all(saved, kind), read_all(saved, "xlsx"), strict=True):
        total.add(alike(kind, one.n, ours, theirs))
    print(f"\n.{kind} against .xlsx: {total.report()}")
    assert total.unexplained == []
    assert total.cells > 4_000


def alike(kind: str, n: int, ours: RawWorkbook, theirs: RawWorkbook) -> Comparison:
    """Every cell, merge, hidden line of both."""
    result = Comparison()
    assert [s.name for s in ours.sheets] == [s.name for s in theirs.sheets]
    for here, there in zip(ours.sheets, theirs.sheets, strict=True):
        for place in sorted(set(here.cells) | set(there.cells)):
            result.cells += 1
            a, b = here.cells.get(place), there.cells.get(place)
            told = a is not None and a.formula != ""
            if a is None or b is None or known(a, told) != known(b, told):
                why = next((w for k, w, is_it in FORMATS if k == kind and a and b and is_it(a, b)), "")
                result.differences.append(Difference(f"{n}.{kind} {here.name} {place}", a, b, why))
        for what in ("merges", "hidden_rows", "hidden_cols", "state"):
            mine, other = getattr(here, what), getattr(there, what)
            if (set(mine), set(other)) != (set(other), set(mine)):
                result.differences.append(Difference(f"{n}.{kind} {here.name} {what}", mine, other))
    return result


def test_a_csv_has_the_texts_and_numbers_in_the_same_places(saved: list[Saved]) -> None:
    compared = Counter[str]()
    with Sandbox(load_limits(shipped("config"))) as sandbox:
        for one, book in zip(saved, read_all(saved, "xlsx"), strict=True):
            for page, sheet in zip(one.plan.pages, book.sheets, strict=True):
                found = sandbox.open(one.folder / "csv" / f"{one.n}-{page.name}.csv")
                assert isinstance(found, RawWorkbook), (one.n, page.name, found)
                cells = found.sheets[0].cells
                filled = {place for place, cell in sheet.cells.items() if cell.value != ""}
                # What lies under a merge stands in a CSV.
                assert filled <= set(cells) <= filled | page.covered(), (one.n, page.name)
                for place in filled & set(page.cells):
                    spec, text = page.cells[place], str(cells[place].value)
                    if spec.kind == "text" and isinstance(spec.typed, str) and spec.formula is None:
                        assert text == spec.value, (one.n, page.name, place)
                        compared["text"] += 1
                    elif spec.kind == "number" and spec.code == "General" and spec.formula is None:
                        assert float(text) == pytest.approx(float(spec.value), rel=1e-4), (one.n, page.name, place)
                        compared["number"] += 1
    print(f"\n.csv against what was written: {dict(compared)}, differences: 0")
    assert compared["text"] > 1_000 and compared["number"] > 50
