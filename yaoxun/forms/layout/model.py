"""What is found in a sheet: blocks with their headers and rows, and of every filled cell what it was taken for."""

from dataclasses import dataclass
from typing import Literal

from yaoxun.sheets.model import address

Shape = Literal["table", "labels"]
RowRole = Literal["data", "total", "blank", "section"]
Role = Literal["data", "total", "note", "title", "header"]


@dataclass(frozen=True, kw_only=True)
class HeaderColumn:
    """One column of a table block: the words of its header from the top level down, merged groups repeated, the unit
    taken out of them ('' for none); `row`, `col` is the header's lowest cell."""

    path: tuple[str, ...]
    row: int
    col: int
    unit: str = ""

    @property
    def address(self) -> str:
        return address(self.row, self.col)


@dataclass(frozen=True, kw_only=True)
class Spot:
    """One label of a labels block and the cell that holds its value."""

    path: tuple[str, ...]
    label_row: int
    label_col: int
    row: int
    col: int
    unit: str = ""

    @property
    def address(self) -> str:
        return address(self.row, self.col)


@dataclass(frozen=True, kw_only=True)
class BodyRow:
    """A row below a header. `label` is the text of its first text cell, `group` what is merged down over it at the left.
    A section is a line of words (一、市直单位) that heads the rows below it and holds no data."""

    number: int
    role: RowRole
    label: str = ""
    group: str = ""


@dataclass(frozen=True, kw_only=True)
class Question:
    """What could not be decided, and where: an address and a Chinese sentence."""

    address: str
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Block:
    """One table of a sheet. `title` is the nearest title above it, `unit` what a line 单位：万元 says of all of it,
    `organisation` and `period` what lines as 填报单位：… and 2023年3月 say ('' for none). A table has `columns` and
    `rows` (header rows from `first_row` to `header_row`, body to `last_row`, inclusive); a labels block has `spots`."""

    sheet: str
    shape: Shape
    first_row: int
    header_row: int
    last_row: int
    title: str = ""
    unit: str = ""
    organisation: str = ""
    period: str = ""
    columns: tuple[HeaderColumn, ...] = ()
    rows: tuple[BodyRow, ...] = ()
    spots: tuple[Spot, ...] = ()
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True, kw_only=True)
class UnderstoodCell:
    """One filled cell as it was understood; `asked` says why it needs a person, `finding` what is wrong with it."""

    sheet: str
    cell: str
    organisation: str
    period: str
    column: str
    value: str
    unit: str
    role: Role
    asked: str = ""
    finding: str = ""
