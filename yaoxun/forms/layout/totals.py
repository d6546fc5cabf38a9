"""S09: a sum printed in an own sheet against the rows that it adds up. Sums are looked at and never taken."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from yaoxun.forms.findings import at
from yaoxun.forms.layout.grid import Grid
from yaoxun.forms.layout.words import half
from yaoxun.forms.located import Located
from yaoxun.forms.model import Finding, Frame
from yaoxun.forms.values import number_written, plain, raw_text

_PARTIAL = "小计"
_SLACK = Decimal("0.000001")


def check_totals(frame: Frame, place: Located) -> Iterator[Finding]:
    """Every sum of counts and amounts that equals none of the groups of rows it may stand for. Rates are not summed, nor
    what a row's own formula computes."""
    names = [c.name for c in frame.form.columns if c.kind in ("count", "money", "number") and c.name in place.columns]
    names = [name for name in names if frame.form.by_name[name].indicator or not frame.form.by_name[name].formula]
    if place.layout is None or not place.totals:
        return
    groups = {row: list(_groups(place, row)) for row in place.totals}
    for row in place.totals:
        for name in names:
            told = _number(place, row, name)
            ways = [_sum(place, rows, name) for rows in groups[row]]
            sums = [total for total in ways if total is not None]
            # A 小计 over rows that are not this organisation's stands for none of those that are.
            lacking = ways[:1] == [None] and _PARTIAL in half(_label(place, row))
            if told is None or not sums or lacking or any(abs(told - total) <= _SLACK for total in sums):
                continue
            column = frame.form.by_name[name]
            label = _label(place, row)
            message = (
                f"第{row}行“{label}”的“{column.shown}”为{plain(told)}，按各行相加应为{plain(sums[0])}。"
                "合计数不收，请核对各行是否填错。"
            )
            yield at(
                "S09", place.sheet.name, place.address(row, name), message, table=frame.form.id, row_uid=f"row{row}",
                column=name, found=plain(told), allowed=plain(sums[0]),
            )  # fmt: skip


def _label(place: Located, row: int) -> str:
    assert place.layout is not None  # noqa: S101 (narrowing; the caller looked)
    texts = (raw_text(cell).strip() for _, cell in sorted(place.lines[row].items()))
    return next((t for t in texts if any(word in half(t) for word in place.layout.totals)), "合计")


def _groups(place: Located, row: int) -> Iterator[Sequence[int]]:
    """The groups of rows that a sum may add up, the likeliest first: all rows; of a 小计 those of its merged group, those
    since the sum above it, those up to the sum below it."""
    partial = _PARTIAL in half(_label(place, row))
    if not partial:
        yield place.body
    grid = Grid(place.sheet)
    for col in range(1, min(place.columns.values(), default=1) + 3):
        box = grid.areas.get(grid.corner((row, col)))
        if box and box[0] < box[2] and box[1] == box[3]:
            yield [r for r in place.body if box[0] <= r <= box[2]]
    before = max((r for r in place.totals if r < row), default=place.header_row)
    after = min((r for r in place.totals if r > row), default=place.end_row)
    above, below = [r for r in place.body if before < r < row], [r for r in place.body if row < r < after]
    yield from (rows for rows in (above, below) if rows)


def _sum(place: Located, rows: Sequence[int], name: str) -> Decimal | None:
    numbers = [n for row in rows if (n := _number(place, row, name)) is not None]
    return sum(numbers, Decimal(0)) if numbers else None


def _number(place: Located, row: int, name: str) -> Decimal | None:
    cell = place.lines.get(row, {}).get(place.columns[name])
    if cell is None or cell.row != row or not raw_text(cell).strip():
        return None
    return cell.value if isinstance(cell.value, Decimal) else number_written(raw_text(cell))
