"""Tells of every filled cell of any workbook what it was taken for: whose it is, of which period, which column, unit and role.

Nothing is guessed: where the sheet does not say, a value stays '' and `asked` says why a person must look. How tables
are found is structure.py's, what their columns hold senses.py's, whether sums fit sums.py's.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from yaoxun.forms.layout.model import Block, BodyRow, Role, Spot, UnderstoodCell
from yaoxun.forms.layout.places import Place, PlacedSheet, family_of
from yaoxun.forms.layout.reports import Report, report_of
from yaoxun.forms.layout.senses import Sense, make_sense, unit_for
from yaoxun.forms.layout.structure import Anatomy, take_apart
from yaoxun.forms.layout.sums import unequal_sums
from yaoxun.forms.layout.table_rows import FoundTable
from yaoxun.forms.layout.words import (
    is_total,
)
from yaoxun.forms.values import raw_text
from yaoxun.sheets.model import RawSheet, RawWorkbook

_NOTHING = {"organisation": "", "period": "", "column": "", "unit": "", "finding": ""}
_LIST = 4  # so many single texts below each other may be a list without a heading


def understand(
    raw: RawWorkbook, *, file_name: str = "", organisations: Collection[str] = ()
) -> tuple[UnderstoodCell, ...]:
    """Every filled cell, sheet by sheet, in order of rows. Cells of hidden sheets, rows and columns are asked about.

    organisations: names and short names that are known. file_name: may name a period or a known organisation.
    """
    known = frozenset(organisations)
    return tuple(cell for sheet in raw.sheets for cell in _Reader(sheet, file_name, known).cells())


class _Reader:
    """One sheet."""

    def __init__(self, sheet: RawSheet, file_name: str, known: frozenset[str]) -> None:
        self.sheet = sheet
        self.anatomy: Anatomy = take_apart(sheet, known)
        self.placed: PlacedSheet = self.anatomy.grid
        self.file_name, self.known = file_name, known
        self.asked = {q.address: q.sentence for block in self.anatomy.blocks for q in block.questions}
        self.found: dict[tuple[int, int], UnderstoodCell] = {}

    def cells(self) -> Iterator[UnderstoodCell]:
        for block in self.anatomy.blocks:
            report = report_of(block, self.sheet.name, self.file_name, self.known)
            if block.shape == "labels":
                self._labels(block, report)
            else:
                self._table(block, report)
        self._outside()
        for (row, col), cell in sorted(self.sheet.cells.items()):
            if not raw_text(cell).strip() and cell.formula is None:
                continue
            taken = self.found.get((row, col)) or self._unseen(row, col)
            yield self._hidden(row, col, taken)

    def _make(self, place: Place, role: Role, asked: str = "", **more: str) -> None:
        told = _NOTHING | more
        told["finding"] = told["finding"] or _fault(place)
        self.found[place.row, place.col] = UnderstoodCell(
            sheet=self.sheet.name, cell=place.address, value=place.text, role=role, asked=asked, **told
        )  # fmt: skip

    def _table(self, block: Block, report: Report) -> None:
        sense = make_sense(self.placed, block, self.known, report.year)
        self.asked |= {q.address: q.sentence for q in sense.questions}
        for row in range(block.first_row, block.header_row + 1):
            for place in self.placed.lines.get(row, ()):
                if self._in(place, block):
                    self._make(place, "header", asked=self.asked.get(place.address, ""))
        sums = unequal_sums(self.placed, block, sense)
        table = FoundTable(self.placed, block, sense, report)
        for body in block.rows:
            self._row(table, body, sums)

    def _in(self, place: Place, block: Block) -> bool:
        columns = [c.col for c in block.columns]
        return bool(columns) and min(columns) <= place.col <= max(columns) and (place.row, place.col) not in self.found

    def _row(self, table: FoundTable, body: BodyRow, sums: Mapping[str, str]) -> None:
        """The cells of one row."""
        if body.role == "section":
            for place in self.placed.lines.get(body.number, ()):
                if self._in(place, table.block):
                    self._make(place, "title")
            return
        row = table.row(body)
        for place in self.placed.lines.get(body.number, ()):
            column = table.sense.columns.get(place.col)
            if column is None:
                continue
            reasons = (*row.doubts, column.doubt if place.family == "number" else "")
            self._make(
                place,
                "total" if body.role == "total" or column.is_sum else "data",
                organisation=column.organisation or row.organisation,
                period=column.period or ("" if column.undated else row.period),
                column=column.name,
                unit=table.unit(column, body, place),
                asked="；".join(dict.fromkeys(reason for reason in reasons if reason)),
                finding=_fault(place) or _wrong_family(column, place) or sums.get(place.address, ""),
            )

    def _labels(self, block: Block, report: Report) -> None:
        for spot in block.spots:
            value = self.placed.own(spot.row, spot.col)
            if value is not None:
                self._spot(block, report, spot, value, self.asked.get(value.address, ""))
        for row in range(block.first_row, block.last_row + 1):
            for place in self.placed.lines.get(row, ()):
                if (place.row, place.col) not in self.found:
                    self._make(place, "header", asked=self.asked.get(place.address, ""))

    def _spot(self, block: Block, report: Report, spot: Spot, value: Place, asked: str) -> None:
        unit, doubt = spot.unit, ""
        if not unit and value.family == "number":
            unit, doubt = unit_for(spot.path, block.unit)
        self._make(
            value,
            "total" if is_total(spot.path[-1]) else "data",
            organisation=report.organisation,
            period=report.period,
            column="/".join(spot.path),
            unit=unit,
            asked="；".join(reason for reason in (asked, report.doubt, doubt) if reason),
        )

    def _outside(self) -> None:
        roles: tuple[tuple[frozenset[tuple[int, int]], Role], ...] = (
            (self.anatomy.above, "title"), (self.anatomy.info, "note"), (self.anatomy.notes, "note"),
        )  # fmt: skip
        unclear = (
            "看不出这一格是表的内容还是说明，请确认。"
            if not self.anatomy.blocks and len(self.sheet.cells) >= _LIST
            else ""
        )
        for spots, role in roles:
            for row, col in spots:
                place = self.placed.own(row, col)
                if place is not None and (row, col) not in self.found:
                    self._make(place, role, asked=self.asked.get(place.address, unclear))

    def _unseen(self, row: int, col: int) -> UnderstoodCell:
        """What belongs to no column or label, and the content that a merge hides."""
        cell = self.sheet.cells[row, col]
        place = Place(cell, row, col, raw_text(cell), family_of(cell, raw_text(cell)))
        covered = self.placed.anchors.get((row, col), (row, col)) != (row, col)
        asked = "这一格被合并区域盖住，看不见，请确认是否要取。" if covered else "看不出这一格属于哪一列，请确认。"
        self._make(place, "data", asked=self.asked.get(place.address, asked))
        return self.found[row, col]

    def _hidden(self, row: int, col: int, cell: UnderstoodCell) -> UnderstoodCell:
        where = ""
        if self.sheet.state != "visible":
            where = "这张工作表是隐藏的"
        elif row in self.sheet.hidden_rows:
            where = f"第{row}行是隐藏的"
        elif col in self.sheet.hidden_cols:
            where = "这一列是隐藏的"
        if not where or (cell.role not in ("data", "total") and self.sheet.state == "visible"):
            return cell
        return replace(cell, asked="；".join(filter(None, (f"{where}，请确认是否要取", cell.asked))))


def _fault(place: Place) -> str:
    if place.family == "error":
        return f"这一格是错误值 {place.text}，请改正公式或数据。"
    if place.family == "unknown":
        return "这一格的公式没有存下结果，请用 Excel 打开、保存后再用。"
    return ""


def _wrong_family(column: Sense, place: Place) -> str:
    if column.holds == "figure" and place.family == "text":
        return f"这一列是数，这一格写的是文字“{place.text[:20]}”，请改成数。"
    if column.holds == "figure" and place.family == "date":
        return f"这一列是数，这一格是日期 {place.text}，请核对。"
    if column.holds == "date" and place.family == "text":
        return f"这一列是日期，这一格写的是“{place.text[:20]}”，请写成 2023-03-15 的形式。"
    return ""
