"""The hands that fill an issued workbook as people do: open it, find a table by its header, type into cells, choose from
dropdowns, declare on the cover, save. What is typed is decided in fills.py; locked cells are never touched.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl

from yaoxun.forms.located import bare_header
from yaoxun.forms.template import COVER_SHEET
from yaoxun.forms.template_sheet import END_MARK

ZERO, DATA, NOT_INCLUDED = "零报告", "有数据", "本次不含"
Typed = str | int | float | date | None


@dataclass(frozen=True)
class Spot:
    """One row of a table: its number in the sheet, and whether it came pre-filled."""

    row: int
    printed: bool


class Workbook:
    """One workbook on somebody's desk."""

    def __init__(self, content: bytes) -> None:
        self._book: Any = openpyxl.load_workbook(BytesIO(content))
        self._sheets: dict[str, Any] = {}
        self._columns: dict[str, dict[str, int]] = {}
        for sheet in self._book.worksheets:
            mark = str(sheet.cell(3, 1).value or "")
            if re.fullmatch(r"#(T\d+|W)", mark):
                self._sheets[mark[1:]] = sheet
                headers = ((col, str(sheet.cell(3, col).value or "")) for col in range(2, sheet.max_column + 1))
                self._columns[mark[1:]] = {bare_header(text).split("/")[0]: col for col, text in headers}

    @property
    def tables(self) -> tuple[str, ...]:
        return tuple(self._sheets)

    def printed_rows(self, table: str) -> list[Spot]:
        """The rows that came with the workbook."""
        return [spot for spot in self._spots(table) if spot.printed]

    def blank_rows(self, table: str) -> Iterator[Spot]:
        """The rows still to be written in, from the top; a formula waiting for its row does not count."""
        for spot in self._spots(table):
            if not spot.printed and not any(
                self._is_written(table, spot, col) for col in self._columns[table].values()
            ):
                yield spot

    def written_rows(self, table: str) -> Iterator[Spot]:
        """Every row with something in it, printed or typed."""
        blank = {spot.row for spot in self.blank_rows(table)}
        return (spot for spot in self._spots(table) if spot.row not in blank)

    def _is_written(self, table: str, spot: Spot, col: int) -> bool:
        cell = self._sheets[table].cell(spot.row, col)
        return cell.value is not None and cell.data_type != "f"

    def _spots(self, table: str) -> Iterator[Spot]:
        sheet = self._sheets[table]
        for row in range(4, sheet.max_row + 1):
            hint = sheet.cell(row, 1).value
            if hint == END_MARK:
                return
            yield Spot(row=row, printed=hint is not None)

    def read(self, table: str, spot: Spot, column: str) -> Any:
        """What stands in a cell."""
        return self._sheets[table].cell(spot.row, self._columns[table][column]).value

    def options(self, table: str, spot: Spot, column: str) -> list[str]:
        """What a cell's dropdown offers."""
        sheet, col = self._sheets[table], self._columns[table][column]
        place = sheet.cell(spot.row, col).coordinate
        for rule in sheet.data_validations.dataValidation:
            if rule.type == "list" and place in rule.sqref:
                name, _, cells = str(rule.formula1).lstrip("=").rpartition("!")
                page = self._book[name.strip("'")]
                return [str(option.value) for (option,) in page[cells.replace("$", "")]]
        return []

    def type(self, table: str, spot: Spot, values: Mapping[str, Typed]) -> None:
        """Type into a row; None empties a cell."""
        for column, value in values.items():
            cell = self._sheets[table].cell(spot.row, self._columns[table][column])
            if cell.protection.locked and self._sheets[table].protection.sheet:
                raise ValueError(f"{table} {column}：{cell.coordinate} 是锁定的，填不进去")
            cell.value = datetime(value.year, value.month, value.day) if isinstance(value, date) else value

    def declare(self, declared: Mapping[str, str]) -> None:
        """Choose 本期情况 on the cover for the tables named."""
        cover = self._book[COVER_SHEET]
        for (name,) in cover.iter_rows(min_col=2, max_col=2):
            table = str(name.value or "").split(" ")[0]
            if table in declared:
                cover.cell(name.row, 4).value = declared[table]

    def sign_cover(self, day: date) -> None:
        """Who filled it in, by role."""
        words = {"填报人": "示例联络员", "审核人": "示例审核岗", "负责人": "示例分管领导", "电话": "0356-0000000",
                 "日期": day.isoformat()}  # fmt: skip
        cover = self._book[COVER_SHEET]
        for (label,) in cover.iter_rows(min_col=2, max_col=2):
            if label.value in words:
                cover.cell(label.row, 3).value = words[label.value]

    def saved(self) -> bytes:
        """The file as saved."""
        stream = BytesIO()
        self._book.save(stream)
        return stream.getvalue()


def issued_path(issued: Path, short: str, period: str) -> Path:
    """The workbook that an organisation was issued for a period, alone or with what opens together with it. Raises
    FileNotFoundError."""
    for path in sorted(issued.glob(f"*/{short}-*.xlsx")):
        if period in path.stem.removeprefix(f"{short}-").split("+"):
            return path
    raise FileNotFoundError(f"{short} {period}")


def open_workbook(path: Path) -> Workbook:
    """A workbook from a file."""
    return Workbook(path.read_bytes())
