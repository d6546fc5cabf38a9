"""Whose and of which period a block is: by its own lines, else by the names of its sheet and file."""

from collections.abc import Collection
from dataclasses import dataclass

from yaoxun.forms.layout.model import Block
from yaoxun.forms.layout.words import find_period, names_one, part_of_year, tidy


@dataclass(frozen=True, kw_only=True)
class Report:
    """Whose and of which period a block is; the doubts hold for all its cells."""

    organisation: str = ""
    period: str = ""
    doubt: str = ""

    @property
    def year(self) -> str:
        return self.period[:4]


def report_of(block: Block, sheet_name: str, file_name: str, known: Collection[str]) -> Report:
    """Whose and of which period a block is: by its own lines, else by the sheet's and the file's name."""
    named = find_period(sheet_name).label
    part = part_of_year(tidy(sheet_name))
    period, doubt = block.period, ""
    if not period:
        doubt = next((q.sentence.rstrip("。") for q in block.questions if "报告期" in q.sentence), "")
    year = period[:4] or find_period(file_name).label[:4]
    if part and year:
        named = year + part
    if not period or (len(period) == 4 and named.startswith(period)):
        period = named or period
    elif named and len(named) > 4 and named != period:
        doubt = f"表里写的是{period}，工作表名写的是{named}，请确认报告期"
    elif part and not year:
        doubt = f"工作表名写了{sheet_name}，是哪一年的没有写，请确认"
    if part and not year and not period:
        doubt = f"工作表名写了“{sheet_name}”，是哪一年的没有写，请确认"
    if not period and not doubt:
        period = find_period(file_name.rpartition(".")[0]).label
    return Report(organisation=_organisation_of(block, sheet_name, file_name, known), period=period, doubt=doubt)


def _organisation_of(block: Block, sheet_name: str, file_name: str, known: Collection[str]) -> str:
    if block.organisation:
        return block.organisation
    name = tidy(sheet_name)
    if name in known or names_one(name):
        return name
    stem = file_name.rpartition(".")[0]
    for text in (block.title, stem):
        named = [one for one in known if len(one) >= 2 and text.startswith(one)]
        if named:
            return max(named, key=len)
    return ""
