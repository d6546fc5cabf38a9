"""What one row of a found table says of its cells: whose they are, of which period, in which unit."""

from dataclasses import dataclass

from yaoxun.forms.layout.headings import PERCENTAGE, WHOLE
from yaoxun.forms.layout.model import Block, BodyRow
from yaoxun.forms.layout.places import Place, PlacedSheet
from yaoxun.forms.layout.reports import Report
from yaoxun.forms.layout.senses import Sense, TableSense
from yaoxun.forms.layout.words import half, is_total, part_of_year, split_unit, summed_period, tidy, whole_period


@dataclass(frozen=True, kw_only=True)
class RowSense:
    """What holds for all cells of a row; `doubts` are Chinese reasons to ask about them."""

    organisation: str
    period: str
    doubts: tuple[str, ...]


class FoundTable:
    """One block with what its columns hold; its rows are asked for from the top down."""

    def __init__(self, placed: PlacedSheet, block: Block, sense: TableSense, report: Report) -> None:
        self.placed, self.block, self.sense, self.report = placed, block, sense, report
        self._above = ""  # the organisation of the row above, which a row without one may go on with

    def row(self, body: BodyRow) -> RowSense:
        """What a row says."""
        owner, doubt = self._owner(body)
        period, unsure = self._period(body)
        if self.sense.owner and body.role == "data":
            self._above = owner
        doubts = (doubt, unsure, self.report.doubt, self.sense.shared)
        return RowSense(organisation=owner, period=period, doubts=tuple(d for d in doubts if d))

    def _owner(self, body: BodyRow) -> tuple[str, str]:
        if not self.sense.owner:
            return self.report.organisation, ""
        place = self.placed.at(body.number, self.sense.owner)
        if place is None:
            if body.role == "total":
                return "", ""
            asked = "本行没有写单位，是否与上一行相同，请确认" if self._above else "本行没有写单位，请确认是哪一家"
            return self._above, asked
        names_all = (
            is_total(place.text) or half(place.text) in WHOLE or (body.role == "total" and place.bottom == place.row)
        )
        return "" if names_all else tidy(place.text), ""

    def _period(self, body: BodyRow) -> tuple[str, str]:
        place = self.placed.at(body.number, self.sense.period) if self.sense.period else None
        text = place.text.strip() if place is not None else ""
        if body.role == "total":
            text = summed_period(text)  # 一季度小计 is the quarter's, 合计 the whole report's
        if not text:
            return self.report.period, ""
        if whole := whole_period(text):
            return whole, ""
        part = part_of_year(text) or part_of_year(f"{text}月")
        if part and self.report.year:
            return self.report.year + part, ""
        return "", "" if body.role == "total" else f"“{text}”是哪一年的没有写，请确认"

    def unit(self, column: Sense, body: BodyRow, place: Place) -> str:
        """The unit of a cell: its header's, the row's own, that in the row's name, what the line above the table says."""
        if column.column.unit or column.holds != "figure":
            return column.column.unit
        leaf = half(column.column.path[-1])
        if place.family == "number" and (place.text.strip().endswith(("%", "％")) or "%" in leaf):
            return "%"
        if PERCENTAGE.search(leaf):
            return ""  # the unit of the row is that of its amounts
        own = self.placed.at(body.number, self.sense.unit) if self.sense.unit else None
        if own is not None:
            return tidy(own.text)
        return self._named_unit(body) or (column.unit if place.family == "number" else "")

    def _named_unit(self, body: BodyRow) -> str:
        """The unit in the row's own name: 新增就业（人）."""
        for col, column in self.sense.columns.items():
            place = self.placed.at(body.number, col)
            if column.holds == "words" and place is not None and (unit := split_unit(place.text)[1]):
                return unit
            if column.holds == "figure":
                break
        return ""
