"""Whether the sums that a sheet holds equal their parts. A sum that fits any usual way of adding up is left alone."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from yaoxun.forms.layout.headings import AVERAGE, RATE, SUM_HEAD
from yaoxun.forms.layout.model import Block, BodyRow
from yaoxun.forms.layout.places import Place, PlacedSheet
from yaoxun.forms.layout.senses import Sense, TableSense
from yaoxun.forms.layout.words import half, is_part, is_total
from yaoxun.forms.values import number_written, plain

_MOST_COMPARED = 200_000
_SLACK = Decimal("0.01")


def unequal_sums(sheet: PlacedSheet, block: Block, sense: TableSense) -> dict[str, str]:
    """Address → a sentence, for every total that equals no sum of its parts."""
    found: dict[str, str] = {}
    for column in sense.columns.values():
        if column.holds == "figure" and column.unit != "%" and not RATE.search(half(column.column.path[-1])):
            found |= dict(_down(sheet, block.rows, column))
    found |= dict(_across(sheet, block, sense))
    return found


def _down(sheet: PlacedSheet, rows: Sequence[BodyRow], column: Sense) -> Iterator[tuple[str, str]]:
    """The totals of one column against the rows above or below them."""
    if len(rows) * sum(row.role == "total" for row in rows) > _MOST_COMPARED:
        return
    values = [(row, sheet.own(row.number, column.column.col)) for row in rows if row.role in ("data", "total")]
    for at, (row, place) in enumerate(values):
        if row.role != "total" or place is None or AVERAGE.search(row.label):
            continue
        total = _number(place)
        sums = set(_ways(values, at))
        if total is None or not sums or any(abs(total - s) <= _SLACK * len(values) for s in sums):
            continue
        likely = min(sums, key=lambda s: abs(total - s))
        yield place.address, f"合计写的是{plain(total)}，各行相加是{plain(likely)}，请核对。"


def _ways(values: Sequence[tuple[BodyRow, Place | None]], at: int) -> Iterator[Decimal]:
    """What a total may be the sum of: the rows since the last total, all rows, all subtotals, the rows of its group or
    below it up to the next; each with and without 其中 rows."""
    rows = [row for row, _ in values]
    before = next((n for n in range(at - 1, -1, -1) if rows[n].role == "total"), -1)
    after = next((n for n in range(at + 1, len(rows)) if rows[n].role == "total"), len(rows))
    everything = range(len(rows))
    choices: list[list[int]] = [
        [n for n in range(before + 1, at) if rows[n].role == "data"],
        [n for n in range(at + 1, after) if rows[n].role == "data"],
        [n for n in everything if rows[n].role == "data"],
        [n for n in range(at) if rows[n].role == "data"],
        [n for n in everything if rows[n].role == "total" and n != at],
        [n for n in range(at) if rows[n].role == "total"],
        [n for n in range(at + 1, len(rows)) if rows[n].role == "total"],
    ]
    if rows[at].group:
        choices.append([n for n in everything if rows[n].role == "data" and rows[n].group == rows[at].group])
    for chosen in choices:
        for names in (chosen, [n for n in chosen if not is_part(rows[n].label)]):
            numbers = [number for n in names if (number := _number(values[n][1])) is not None]
            if numbers:
                yield sum(numbers, Decimal(0))


def _across(sheet: PlacedSheet, block: Block, sense: TableSense) -> Iterator[tuple[str, str]]:
    """A 小计 column within a group of headings against the other figures of the group."""
    for column in sense.columns.values():
        path = column.column.path
        if len(path) < 2 or column.holds != "figure" or not SUM_HEAD.fullmatch(half(path[-1])):
            continue
        parts = [c for c in sense.columns.values() if _is_sibling(c, column)]
        if len(parts) < 2:
            continue
        for row in block.rows:
            place = sheet.own(row.number, column.column.col)
            numbers = [n for c in parts if (n := _number(sheet.own(row.number, c.column.col))) is not None]
            total = _number(place)
            if place is None or total is None or not numbers or row.role not in ("data", "total"):
                continue
            if all(abs(total - s) > _SLACK * len(parts) for s in _leading_sums(numbers)):
                yield (
                    place.address,
                    f"“{column.name}”写的是{plain(total)}，同组各列相加是{plain(sum(numbers, Decimal(0)))}，请核对。",
                )


def _leading_sums(numbers: Sequence[Decimal]) -> Iterator[Decimal]:
    """All of them, or the first few: what follows may be 其中."""
    for n in range(2, len(numbers) + 1):
        yield sum(numbers[:n], Decimal(0))
    yield numbers[0]


def _is_sibling(one: Sense, total: Sense) -> bool:
    above, path = total.column.path[:-1], one.column.path
    return (
        one is not total and one.holds == "figure" and path[: len(above)] == above and one.unit == total.unit
        and not RATE.search(half(path[-1])) and not is_total(path[-1]) and not is_part(path[-1])
    )  # fmt: skip


def _number(place: Place | None) -> Decimal | None:
    if place is None or place.family != "number":
        return None
    return (
        place.cell.value if isinstance(place.cell.value, Decimal) else number_written(place.text.strip().rstrip("%％"))
    )
