"""What a form's `layout:` may say: how its table is found in a sheet that the office did not design with us."""

from typing import Literal

from pydantic import Field, model_validator

from yaoxun.settings import Closed

PATH = "/"
"""Separates the levels of a header: 就业/城镇新增就业/本月."""


class Layout(Closed):
    """How one table stands in the office's own sheet. Words, not addresses: inserted rows and columns break nothing.

    file: the blank workbook that is issued, relative to config/ ('' where the table is only read, as in history).
    sheet: the sheet's name ('' for any). shape: `table` (header above, one record a row) or `labels` (each value beside
    or below its label, one record a sheet). title: words that stand above this table, where one sheet holds several.
    header_rows: how many rows the header has. columns: column name → the path of its header, or of its label.
    organisation: the column that names the organisation, where one sheet holds one organisation a row; '' where the
    whole sheet is one organisation's. summaries_from: who may send one file with the rows of many organisations, which
    is taken apart. ignore: headers that are neither read nor asked about (序号). totals: words that
    make a row a sum, checked and not taken. end: words that stand below the table.
    """

    file: str = ""
    sheet: str = ""
    shape: Literal["table", "labels"] = "table"
    title: str = ""
    header_rows: int = Field(default=1, ge=1, le=5)
    columns: dict[str, str] = Field(min_length=1)
    organisation: str = ""
    summaries_from: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ("序号",)
    totals: tuple[str, ...] = ("合计", "总计", "小计")
    end: tuple[str, ...] = ("注", "备注", "说明", "填表人", "制表人", "审核人", "负责人")

    @model_validator(mode="after")
    def _fits(self) -> "Layout":
        if self.organisation and self.organisation not in self.columns:
            raise ValueError(f"organisation 写的“{self.organisation}”不在 columns 里")
        if self.summaries_from and not self.organisation:
            raise ValueError("写了 summaries_from（谁可以报汇总表），要写 organisation：单位名称在哪一列")
        if self.shape == "labels" and self.organisation:
            raise ValueError("shape 为 labels 的一张表只有一家单位，不写 organisation")
        return self
