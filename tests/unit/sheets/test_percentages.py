"""A number keeps whether its cell shows it as per cent."""

from decimal import Decimal

import pytest

from yaoxun.sheets.codec import from_plain, to_plain
from yaoxun.sheets.model import Percent, RawCell, RawSheet, RawWorkbook
from yaoxun.sheets.values import format_kind


@pytest.mark.parametrize(
    ("number_format", "code", "kind"),
    [(9, None, "percent"), (10, None, "percent"), (164, "0.0%", "percent"), (164, '0"%"', "plain"), (164, r"0\%", "plain"),
     (164, "yyyy", "date"), (0, None, "plain")],
)  # fmt: skip
def test_a_percent_sign_that_is_no_quoted_text_makes_a_percentage(
    number_format: int, code: str | None, kind: str
) -> None:
    assert format_kind(number_format, code) == kind


def test_it_leaves_the_child_as_it_was_read() -> None:
    cells = {(1, 1): RawCell(1, 1, "number", Percent("0.85")), (1, 2): RawCell(1, 2, "number", Decimal("0.85"))}
    book = RawWorkbook(sheets=(RawSheet(name="表", state="visible", cells=cells, max_row=1, max_col=2),))
    back = from_plain(to_plain(book))
    assert isinstance(back, RawWorkbook) and back == book
    assert [type(cell.value) for cell in back.sheets[0].cells.values()] == [Percent, Decimal]
