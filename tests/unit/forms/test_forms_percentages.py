"""A cell that shows 100% holds 1 and counts as a hundred per cent, whatever the file is saved as."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from forms_kit import frame

from support import sheets_biff_builder as biff
from support.sheets_builders import sheet, styles, workbook
from support.sheets_other_builders import cell, data, ods, row, table, xml2003
from yaoxun.forms.settings import ColumnSetting
from yaoxun.forms.values import read_value
from yaoxun.home import shipped
from yaoxun.sheets.limits import load_limits
from yaoxun.sheets.model import Percent, RawWorkbook
from yaoxun.sheets.sandbox import Sandbox

HELD = {"A1": "1", "B1": "0.856", "C1": "1"}
"""The first two are shown as per cent, the last as it is."""


def xlsx(path: Path) -> None:
    shown = "".join(
        f'<c r="{at}" s="{n}"><v>{held}</v></c>' for n, (at, held) in zip((1, 2, 0), HELD.items(), strict=True)
    )
    workbook(path, sheet(f'<row r="1">{shown}</row>'), style=styles(9, "0.0%"))


def xls(path: Path) -> None:
    shown = zip(range(3), HELD.values(), (biff.PERCENT, biff.PERCENT, biff.PLAIN), strict=True)
    cells = b"".join(biff.number(0, n, float(held), style) for n, held, style in shown)
    path.write_bytes(biff.ole(biff.stream([("表", 0, cells)])))


def opendocument(path: Path) -> None:
    kinds = ("percentage", "percentage", "float")
    cells = [
        cell("x", office__value_type=kind, office__value=held) for kind, held in zip(kinds, HELD.values(), strict=True)
    ]
    ods(path, table(row(*cells)))


def of_2003(path: Path) -> None:
    known = ("Percent", "0.0%", "General")
    look = "".join(f'<Style ss:ID="s{n}"><NumberFormat ss:Format="{code}"/></Style>' for n, code in enumerate(known))
    cells = "".join(data("Number", held, StyleID=f"s{n}") for n, held in enumerate(HELD.values()))
    path.write_bytes(xml2003({"表": f"<Row>{cells}</Row>"}, styles=look))


@pytest.mark.parametrize("written", [xlsx, xls, opendocument, of_2003], ids=lambda made: made.__name__)
def test_a_cell_shown_as_per_cent_counts_a_hundredfold(written: Callable[[Path], None], tmp_path: Path) -> None:
    written(tmp_path / "表")
    with Sandbox(load_limits(shipped("config"))) as sandbox:
        raw = sandbox.open(tmp_path / "表")
    assert isinstance(raw, RawWorkbook), raw
    cells = {one.address: one for one in raw.sheets[0].cells.values()}
    assert {at: (one.kind, str(one.value)) for at, one in cells.items()} == {
        at: ("number", v) for at, v in HELD.items()
    }
    assert [isinstance(one.value, Percent) for one in cells.values()] == [True, True, False]
    share, count = ColumnSetting(name="进度", kind="percent"), ColumnSetting(name="人数", kind="number")
    read = [read_value(frame("T5"), share, one, None).value for one in cells.values()]
    assert read == [Decimal(100), Decimal("85.6"), Decimal(1)]
    assert read_value(frame("T5"), count, cells["A1"], None).value == Decimal(1), "where no per cent is asked for"
