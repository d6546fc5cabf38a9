"""The lines around an own sheet's table: 填报单位：…, 2023年3月. What they say, and how they are filled in when the sheet goes
out: the same cells are looked at both ways.
"""

import re
from calendar import monthrange
from collections.abc import Collection, Iterator, Mapping
from datetime import date

from yaoxun.errors import RequestError
from yaoxun.forms.envelope import Said
from yaoxun.forms.layout.grid import Grid
from yaoxun.forms.layout.info import asks_organisation, names_period, organisation_line
from yaoxun.forms.layout.signatures import is_note, signs_beside, unsigned
from yaoxun.forms.layout.words import find_period, half, part_of_year, tidy
from yaoxun.forms.located import Located, Spot
from yaoxun.forms.model import Form
from yaoxun.forms.values import raw_text
from yaoxun.office.model import Period, PeriodKind
from yaoxun.office.periods import containing, parse_label
from yaoxun.sheets.model import address

_LOOKS_UP = 12
_GAP = r"[\s_＿]*"
_NOT_A_PERIOD = rf"(?!{_GAP}(?:以来|起|至|到|前|后|[-—~～]|\d*{_GAP}日))"
_YEAR = rf"(?:20\d\d|(?<!\d){_GAP})年"
_PERIOD_SHAPES = {
    "week": rf"{_YEAR}{_GAP}第?{_GAP}\d{{0,2}}{_GAP}周",
    "month": rf"{_YEAR}{_GAP}\d{{0,2}}{_GAP}月份?",
    "quarter": rf"{_YEAR}{_GAP}第?{_GAP}[一二三四1-4]?{_GAP}季度",
    "half": rf"{_YEAR}{_GAP}[上下]?{_GAP}半年",
    "year": rf"{_YEAR}度?",
}
_AS_OF = re.compile(
    rf"(?P<head>截{_GAP}[至止]{_GAP}到?{_GAP})(?P<dated>(?P<year>20\d\d|){_GAP}年)?{_GAP}(?P<month>\d{{0,2}}){_GAP}月{_GAP}(?P<day>\d{{0,2}}){_GAP}日"
)
_BARE = re.compile(r"20\d\d[-./]?(?:W\d\d?|Q[1-4]|H[12]|\d{1,2})(?:[-./]\d{1,2})?(?!\d)")


def say_of(place: Located, form: Form, known: Collection[str] = frozenset()) -> Said:
    """What the lines of a table's sheet say of organisation and period; the nearest above comes first. `known`: names of
    organisations, which make a line of any label one that names the organisation."""
    grid = Grid(place.sheet)
    organisation, organisation_at = _organisation(grid, place, known)
    period, spot = _period(grid, place, form)
    return Said(
        sheet=place.sheet.name, organisation=organisation, organisation_at=organisation_at, period=period,
        period_at=address(*spot) if spot else "", named=tuple(_named(place, form)),
    )  # fmt: skip


def _around(grid: Grid, place: Located) -> Iterator[Spot]:
    """The cells of the lines above a table, nearest first, then of those below; of labels all cells."""
    rows = sorted(grid.filled)
    above = list(place.above)
    below = [row for row in rows if place.end_row <= row < (place.limit or place.end_row + _LOOKS_UP)]
    within = [row for row in rows if place.spots and row >= place.header_from]
    for row in (*above, *within, *below):
        yield from ((row, col) for col in sorted(grid.filled[row]))


def _organisation(grid: Grid, place: Located, known: Collection[str]) -> tuple[str, str]:
    for spot in _around(grid, place):
        text = grid.text(*spot)
        if _is_column(place, spot) or is_note(text):
            continue
        line = organisation_line(text, known)
        if line is not None and line.name:
            return line.name, address(*spot)
        beside = grid.text(*grid.right_of(spot)) if asks_organisation(text) else ""
        if beside and not re.search(r"[:：]|年.{1,3}月", beside):
            return beside, address(*grid.right_of(spot))
    return "", ""


def _is_column(place: Located, spot: Spot) -> bool:
    """Whether a cell of a form of labels is the value of a column, or its label."""
    return spot in place.spots.values() or spot in place.labels


def _period(grid: Grid, place: Located, form: Form) -> tuple[str, Spot | None]:
    """The period and the cell that says it; None where only the sheet's name does."""
    for spot in _around(grid, place):
        text = grid.text(*spot)
        at = spot
        if names_period(text, grid.text(*grid.right_of(spot))):
            at = grid.right_of(spot)
            text = grid.text(*at)
        label = find_period(text).label or (find_period(text[:7]).label if at != spot else "")
        if label and _kind(label) == form.setting.period:
            return label, at
    for spot in _around(grid, place):
        if label := _period_of_day(grid.text(*spot), form.setting.period):
            return label, spot
    part = part_of_year(tidy(place.sheet.name))
    years = (find_period(grid.text(*spot)).label for spot in _around(grid, place)) if part else iter(())
    year = next((label[:4] for label in years if label), "")
    label = f"{year}{part}" if year and part else find_period(place.sheet.name).label
    return (label, None) if label and _kind(label) == form.setting.period else ("", None)


def _period_of_day(text: str, kind: PeriodKind) -> str:
    """The period in which the day of a line 截至2023年3月31日 lies; '' for no such line, or one without a year."""
    found = _AS_OF.search(text)
    if not found or not found["year"] or not found["day"] or kind == "baseline":
        return ""
    try:
        day = date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        return ""
    return containing(kind, day).label


def _kind(label: str) -> str:
    try:
        return parse_label(label).kind
    except RequestError:
        return ""


def _named(place: Located, form: Form) -> Iterator[str]:
    """The organisations of the rows in which anything is filled."""
    column = form.organisation_column
    inputs = [c.name for c in form.columns if not c.ours and c.name != column]
    seen: set[str] = set()
    for number in place.body if column else ():
        name = raw_text(place.cell(number, column)).strip()
        filled = any((cell := place.cell(number, c)) and cell.row == number and raw_text(cell).strip() for c in inputs)
        if name and filled and name not in seen:
            seen.add(name)
            yield name


# Filled in


def lines_filled(
    place: Located, form: Form, organisation: str, period: Period, known: Collection[str] = frozenset()
) -> dict[Spot, str]:
    """What the cells of these lines become when the sheet goes out to an organisation for a period: every line that names
    an organisation names this one, and nobody has filled it in yet."""
    grid = Grid(place.sheet)
    filled: dict[Spot, str] = {}
    told_period = False
    shape = re.compile(_PERIOD_SHAPES[form.setting.period] + _NOT_A_PERIOD)
    for spot in _around(grid, place):
        text = grid.text(*spot)
        if (target := _organisation_target(grid, place, spot, known)) is not None:
            filled[target] = _with_organisation(filled.get(target, grid.text(*target)), organisation, known)
        if not told_period:
            label = names_period(text, grid.text(*grid.right_of(spot)))
            target = grid.right_of(spot) if label else spot
            here = filled.get(target, grid.text(*target))
            if shape.search(here) and "日期" not in half(here):
                filled[target] = shape.sub(period_words(period), here, count=1)
                told_period = True
            elif label and (not here or find_period(here).label):
                filled[target] = period_words(period)
                told_period = True
    filled |= _also_dated(grid, place, form, filled, period)
    return filled | _unsigned(grid, place, filled)


def _unsigned(grid: Grid, place: Located, filled: Mapping[Spot, str]) -> dict[Spot, str]:
    """Who filled the blank in, and when, is taken out: 填表人：某 becomes 填表人：, a cell beside such a label empty."""
    found: dict[Spot, str] = {}
    for spot in _around(grid, place):
        if _is_column(place, spot):
            continue
        here = filled.get(spot, grid.text(*spot))
        if (bare := unsigned(here)) != here:
            found[spot] = bare
        beside = grid.right_of(spot)
        value = "" if _is_formula(grid, beside) else grid.text(*beside)
        if value and signs_beside(here, value) and beside not in filled and not _is_column(place, beside):
            found[beside] = ""
    return found


def _also_dated(grid: Grid, place: Located, form: Form, filled: Mapping[Spot, str], period: Period) -> dict[Spot, str]:
    """What else says the old period: 截至…日, a title that names it once more, and the cell that is read on return."""
    shape, more = re.compile(_PERIOD_SHAPES[form.setting.period] + _NOT_A_PERIOD), dict[Spot, str]()
    old, read_at = _period(grid, place, form)
    for spot in _around(grid, place):
        here = filled.get(spot, grid.text(*spot))
        if _AS_OF.search(here) and (spot[0] in place.above or _AS_OF.fullmatch(here.strip("（）() "))):
            more[spot] = _AS_OF.sub(lambda found: _day_written(found, period), here)
        elif spot not in filled and spot[0] in place.above and old and find_period(here).label == old:
            more[spot] = shape.sub(period_words(period), here, count=1)
    if read_at and more.get(read_at, filled.get(read_at)) in (None, grid.text(*read_at)) and old != period.label:
        more[read_at] = _BARE.sub(period_words(period), grid.text(*read_at), count=1)
    return more


def _day_written(found: re.Match[str], period: Period) -> str:
    """截至…日 for a period: the last day where the sheet has the last day of a month, else the day to which data count."""
    month, day = int(found["month"] or 0), int(found["day"] or 0)
    whole = 1 <= month <= 12 and day in (monthrange(int(found["year"] or 2023), month)[1], 0)
    to = period.last_day if whole else period.data_to
    return f"{found['head'].rstrip(' 　_＿')}{f'{to.year}年' if found['dated'] else ''}{to.month}月{to.day}日"


def _is_formula(grid: Grid, spot: Spot) -> bool:
    cell = grid.filled.get(spot[0], {}).get(spot[1])
    return cell is not None and cell.formula is not None


def _organisation_target(grid: Grid, place: Located, spot: Spot, known: Collection[str]) -> Spot | None:
    """The cell that the name goes into: that of the line, or the one beside its label."""
    text = grid.text(*spot)
    if _is_column(place, spot) or is_note(text):
        return None
    line = organisation_line(text, known)
    if line is None:
        return grid.right_of(spot) if asks_organisation(text) else None
    beside = grid.right_of(spot)
    named = not line.name and not text[line.head :].strip(" 　_＿") and grid.text(*beside)
    return beside if named and not find_period(named).label and ":" not in half(named) else spot


def _with_organisation(text: str, organisation: str, known: Collection[str]) -> str:
    line = organisation_line(text, known)
    if line is None:
        return organisation
    rest = text[line.end :]
    rest = rest.lstrip(" 　_＿") if not line.name else rest
    gap = "　　" if rest and not line.name else ""
    return f"{text[: line.head]}{organisation}{gap}{rest}"


def period_words(period: Period) -> str:
    """A period as sheets write it: 2023年3月, 2023年一季度."""
    n = period.ordinal
    words = {
        "week": f"第{n}周", "month": f"{n}月", "quarter": f"{'一二三四'[(n - 1) % 4]}季度", "half": f"{'上下'[(n - 1) % 2]}半年",
        "year": "",
    }  # fmt: skip
    return f"{period.year}年{words.get(period.kind, '')}"
