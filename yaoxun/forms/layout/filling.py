"""Writes into the office's own blank workbook for one organisation: what is known goes into its cells, 填报单位 and 报告期
into their lines, `_meta` behind it. Everything else stays as the office made it. Same input, same bytes.

Rows of other organisations, and of entries that are not this one's, are emptied and hidden, never removed: sums, merged
groups and row heights stay right. What the file says in cells that a submitter fills is taken out: it may be last year's.
"""

import io
import re
import zipfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from yaoxun.errors import ConfigError
from yaoxun.forms.drafts import drafts_of
from yaoxun.forms.envelope import Meta
from yaoxun.forms.identity import assign
from yaoxun.forms.layout.grid import Grid
from yaoxun.forms.layout.own_rows import names_of, own_drafts
from yaoxun.forms.layout.said import lines_filled
from yaoxun.forms.layout.samples import clear_sums, make_room
from yaoxun.forms.located import Located
from yaoxun.forms.locating import locate
from yaoxun.forms.model import Form, Frame, PrefillRow, Value
from yaoxun.forms.template import META_SHEET, meta_lines
from yaoxun.forms.template_sheet import formula_text
from yaoxun.forms.values import plain, show
from yaoxun.office.office import bare_name
from yaoxun.sheets.model import RawWorkbook

_ZIP_TIME = (2000, 1, 1, 0, 0, 0)
# Where the blank says neither, the library writes the present moment.
_DATES = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</dcterms:)")


def fill_own(
    blank: bytes, raw: RawWorkbook, frames: Sequence[Frame], *, meta: Meta, based_on: Mapping[str, str],
    known: Collection[str] = frozenset(),
) -> bytes:  # fmt: skip
    """The office's blank workbook for one organisation, as xlsx bytes. `raw`: the same blank as read; the frames' forms
    share this file; `known`: the names of organisations, none of which stays in its lines. Raises ConfigError where a table is not in it, or known rows do not fit in."""
    import openpyxl

    forms = [frame.form for frame in frames]
    book = openpyxl.load_workbook(io.BytesIO(blank), rich_text=True)
    raw = _with_room(book, raw, frames)
    places = own_places(raw, forms)
    first = {found[0].sheet.name for found in places.values()}
    for frame in frames:
        place, *others = places[frame.form.id]
        _Filler(book[place.sheet.name], frame, place).fill(known)
        for other in others:  # the same table once more, a month's sheet each: one is issued
            _Filler(book[other.sheet.name], frame, other).empty_all()
            if other.sheet.name not in first:
                book[other.sheet.name].sheet_state = "hidden"
    book.active = next(n for n, sheet in enumerate(book.sheetnames) if book[sheet].sheet_state == "visible")
    _write_meta(book, frames, {table: found[0].sheet.name for table, found in places.items()}, meta, based_on)
    out = io.BytesIO()
    book.save(out)
    return _repacked(out.getvalue())


def _with_room(book: Any, raw: RawWorkbook, frames: Sequence[Frame]) -> RawWorkbook:
    """The workbook with the registers emptied and with rows for all that is known, the lowest table of a sheet first."""
    found = own_places(raw, [frame.form for frame in frames])
    registers = [frame for frame in frames if not frame.form.fixed and not found[frame.form.id][0].spots]
    for frame in sorted(registers, key=lambda f: -found[f.form.id][0].header_row):
        place = own_places(raw, [frame.form for frame in frames])[frame.form.id][0]
        made = make_room(book, frame, place)
        raw = replace(raw, sheets=tuple(made if sheet.name == made.name else sheet for sheet in raw.sheets))
    return raw


def own_places(raw: RawWorkbook, forms: Sequence[Form]) -> dict[str, list[Located]]:
    """Where the tables of a blank workbook stand, by table; the place to fill comes first. Raises ConfigError naming what its layout asks for in vain."""
    found = locate(raw, {form.id: form for form in forms})
    for form in forms:
        layout = form.setting.layout
        assert layout is not None  # noqa: S101 (narrowing; only own forms are asked for)
        place = found[form.id][0] if form.id in found else None
        missing = [name for name in layout.columns if place is None or not place.spot(place.header_row, name)]
        if missing:
            words = "、".join(f"“{layout.columns[name]}”" for name in missing)
            problem = f"在 {layout.file} 里找不到{words if place else '这张表的表头'}"
            remedy = "请对照文件改正 layout.columns（多级表头用 / 隔开）、header_rows 或 title。"
            raise ConfigError(file=form.file, key="layout.columns", problem=problem, remedy=remedy)
    return {form.id: found[form.id] for form in forms}


class _Filler:
    """Fills one table of one workbook."""

    def __init__(self, sheet: Any, frame: Frame, place: Located) -> None:
        self.sheet, self.frame, self.place = sheet, frame, place
        self.grid = Grid(place.sheet)
        self.emptied: set[int] = set()

    def fill(self, known: Collection[str]) -> None:
        form, frame = self.frame.form, self.frame
        for spot, text in lines_filled(self.place, form, frame.org.name, frame.period, known).items():
            self._write(spot, text)
        clear_sums(self.sheet, self.place)
        rows = list(self.frame.prefill.values())
        if self.place.spots:
            self._fill_row(self.place.header_row, rows[0] if len(rows) == 1 else None)
            return
        matched = self._matched() if form.fixed else {}
        free = [number for number in self._free() if number not in matched.values()]
        for row in rows:
            number = matched.get(row.uid) or self._take(free, row)
            self._fill_row(number, row)

    def empty_all(self) -> None:
        """Take out everything that the table holds."""
        clear_sums(self.sheet, self.place)
        if self.place.spots:
            self._fill_row(self.place.header_row, None)
        for number in self.place.body if not self.place.spots else ():
            self._empty(number)

    def _matched(self) -> dict[str, int]:
        """uid → row, of a fixed table's rows that the blank prints; what is printed for others is emptied and hidden."""
        frame, place = self.frame, self.place
        printed = list(drafts_of(frame, place))
        drafts = list(own_drafts(frame, place, [replace(d, cells=dict(d.cells)) for d in printed], []))
        assign(frame, drafts)
        matched = {d.uid: d.number for d in drafts if d.uid in frame.prefill}
        for draft in printed:
            if draft.number not in matched.values():
                self._empty(draft.number)
                if self._has_key(draft.number):
                    self.sheet.row_dimensions[draft.number].hidden = True
        return matched

    def _has_key(self, number: int) -> bool:
        names = (
            [self.frame.form.organisation_column]
            if self.frame.form.organisation_column
            else self.frame.form.setting.key
        )
        return any(self._text(number, name) for name in names if name in self.place.columns)

    def _empty(self, number: int) -> None:
        """Take out what a row says, its formulas, group labels and organisation left; also what nobody reads of it."""
        for name, col in (*self.place.columns.items(), *self.place.unknown):
            cell = self.sheet.cell(number, col)
            if (
                name != self.frame.form.organisation_column
                and (number, col) not in self.grid.anchors
                and not _formula(cell)
            ):
                cell.value = None
        self.emptied.add(number)

    def _free(self) -> Iterator[int]:
        """Rows that wait to be filled: below the header, with nothing in them but serial numbers and group labels."""
        place, own = self.place, self.frame.form.organisation_column
        names = [c.name for c in self.frame.form.columns if c.name != own]
        # Where nothing stands below the table, rows go on for as long as the sheet has a look for them.
        last = (
            place.end_row
            if place.end_row < place.limit
            else max(self.sheet.max_row + 1, place.sheet.max_row + 1, place.limit)
        )
        for number in range(place.header_row + 1, last):
            waiting = number in self.emptied or not place.is_filled(number, names)
            if waiting and number not in place.aside and not self.sheet.row_dimensions[number].hidden:
                yield number

    def _take(self, free: list[int], row: PrefillRow) -> int:
        """The first free row whose group label agrees with a known row."""
        for number in free:
            if all(self._agrees(number, name, row) for name in self.place.columns):
                free.remove(number)
                return number
        form = self.frame.form
        key = "、".join(show(row.values.get(n)) for n in form.setting.key)
        problem = f"{form.own_file} 里没有空行放“{key}”（{self.frame.org.short}）"
        raise ConfigError(
            file=form.file, key="layout.file", problem=problem, remedy="请在这个文件的表里加够空行或这一行。"
        )

    def _agrees(self, number: int, name: str, row: PrefillRow) -> bool:
        """Whether a row's cell leaves room for what is known: empty, or a group label or organisation that says the same."""
        spot = (number, self.place.columns[name])
        text = "" if number in self.emptied and spot not in self.grid.anchors else self._text(number, name)
        if name == self.frame.form.organisation_column:
            return not text or bare_name(text) in names_of(self.frame.org)
        return text in ("", show(row.values.get(name)))

    def _text(self, number: int, name: str) -> str:
        spot = (number, self.place.columns[name])
        return self.grid.text(*self.grid.corner(spot))

    def _fill_row(self, number: int, row: PrefillRow | None) -> None:
        """What is known goes in, what a submitter is to fill is left empty, whatever the blank had there."""
        form, layout = self.frame.form, self.place.layout
        self.sheet.row_dimensions[number].hidden = False
        for _, col in self.place.unknown:
            if (number, col) not in self.grid.anchors and not _formula(self.sheet.cell(number, col)):
                self.sheet.cell(number, col).value = None
        for column in form.columns:
            spot = self.place.spot(number, column.name)
            if spot is None or layout is None or column.name not in layout.columns or _formula(self.sheet.cell(*spot)):
                continue
            named = column.name in (*form.setting.key, form.organisation_column)
            if named and number not in self.emptied and self.grid.text(*spot):
                continue
            if column.formula and row is not None:
                self._write_formula(number, column.name, row)
            elif spot not in self.place.groups or not self.grid.text(*spot):
                self._write(spot, row.values.get(column.name) if row else None)

    def _write_formula(self, number: int, name: str, row: PrefillRow) -> None:
        """What the sheet does not show of what is known stands in the formula as a number."""
        column = self.frame.form.by_name[name]
        places = {n: self.place.address(number, n) for n in self.place.columns}
        for other in self.frame.form.columns:
            value = row.values.get(other.name)
            if other.ours and other.numeric and other.name not in places:
                places[other.name] = plain(value) if isinstance(value, Decimal) else "0"
        try:
            self.sheet[places[name]].value = "=" + formula_text(self.frame, column, places, row)
        except KeyError:
            return  # it is computed from what the sheet does not ask for: we compute it on return

    def _write(self, spot: tuple[int, int], value: Value) -> None:
        cell = self.sheet.cell(*self.grid.corner(spot))
        if spot in self.place.tails:
            label = re.match(r"[^：:]*[：:]", self.grid.text(*spot))
            _write_text(cell, f"{label[0] if label else ''}{show(value)}")
        elif isinstance(value, Decimal):
            cell.value = int(value) if value == value.to_integral_value() else float(value)
        elif isinstance(value, date) or value is None:
            cell.value = value
        else:
            _write_text(cell, show(value))


def _formula(cell: Any) -> bool:
    return bool(cell.data_type == "f")


def _write_text(cell: Any, text: str) -> None:
    cell.value = text or None
    if text:
        cell.data_type = "s"  # a name that begins with = is no formula


def _write_meta(
    book: Any, frames: Sequence[Frame], sheets: Mapping[str, str], meta: Meta, based_on: Mapping[str, str]
) -> None:
    if META_SHEET in book.sheetnames:
        book.remove(book[META_SHEET])
    page = book.create_sheet(META_SHEET)
    for n, line in enumerate(meta_lines(frames, meta, based_on, sheets), start=1):
        for col, text in enumerate(line, start=1):
            _write_text(page.cell(n, col), text)
    page.sheet_state = "veryHidden"


def _repacked(data: bytes) -> bytes:
    """The same package with fixed dates."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            info = zipfile.ZipInfo(name, _ZIP_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            content = source.read(name)
            if name == "docProps/core.xml":
                content = _DATES.sub(rb"\g<1>2000-01-01T00:00:00Z\g<2>", content)
            target.writestr(info, content)
    return out.getvalue()
