"""What each column of a found table holds: figures, names of organisations, units, periods, running numbers, words.

Decided by its header and all its values together. Single cells are understanding.py's.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from yaoxun.forms.layout.headings import (
    CODE,
    CODE_IN_WORDS,
    COUNTED,
    ORGANISATION_HEAD,
    OTHER_ORGANISATION,
    PERCENTAGE,
    RATE,
    SERIAL,
    UNIT_HEAD,
    VALUED,
    WHOLE,
)
from yaoxun.forms.layout.info import names_organisation
from yaoxun.forms.layout.model import Block, HeaderColumn, Question
from yaoxun.forms.layout.places import Place, PlacedSheet
from yaoxun.forms.layout.words import (
    MONEY,
    PERCENT,
    find_period,
    half,
    is_total,
    is_unit,
    looks_like_organisation,
    part_of_year,
    summed_period,
    tidy,
    whole_period,
)

Holds = Literal["figure", "date", "organisation", "unit", "period", "serial", "words", "nothing"]
_COUNTY = ("县", "区", "市", "旗")
_PERIOD_HEAD = frozenset({"月份", "报告期", "年份", "年度", "季度", "年月", "期间", "所属期", "统计月份", "时间"})


@dataclass(frozen=True, kw_only=True)
class Sense:
    """One column. `unit` as its header says it, else what the line 单位：… means for it; `period` and `organisation`
    where the header itself names one; `doubt` is a Chinese reason to ask about its figures; `undated`: the header names a
    period that cannot be told."""

    column: HeaderColumn
    holds: Holds
    unit: str = ""
    period: str = ""
    organisation: str = ""
    doubt: str = ""
    undated: bool = False

    @property
    def name(self) -> str:
        return "/".join(self.column.path)

    @property
    def is_sum(self) -> bool:
        """Whether the figures are sums of several periods: 一季度小计 beside 1月, 2月, 3月."""
        return self.holds == "figure" and bool(summed_period(self.column.path[-1]))


@dataclass(frozen=True, kw_only=True)
class TableSense:
    """All columns of a table by number; `owner` the column that names the organisation, `unit` that of the row's unit,
    `period` that of the row's period (0 for none). `shared` asks whether rows are organisations of their own."""

    columns: Mapping[int, Sense]
    owner: int = 0
    unit: int = 0
    period: int = 0
    shared: str = ""
    questions: tuple[Question, ...] = ()


def make_sense(sheet: PlacedSheet, block: Block, known: Collection[str], year: str) -> TableSense:
    """Decide for every column. `known` holds names of organisations, `year` is that of the report ('' if unknown)."""
    cells = {c.col: _values(sheet, block, c.col) for c in block.columns}
    kinds = {c.col: _holds(c, cells[c.col]) for c in block.columns}
    owner, shared, questions = _owner(block, cells, kinds, known)
    if owner:
        kinds[owner] = "organisation"
    across = _organisations_across(block, kinds, known)
    columns: dict[int, Sense] = {}
    for column in block.columns:
        holds = kinds[column.col]
        period, doubt = column_period(column.path, year) if holds == "figure" else ("", "")
        unit, unsure = column.unit, ""
        if not unit and holds == "figure":
            unit, unsure = unit_for(column.path, block.unit)
            unsure = "" if "unit" in kinds.values() else unsure  # each row says its own
        columns[column.col] = Sense(
            column=column, holds=holds, unit=unit, period=period, organisation=across.get(column.col, ""),
            doubt=doubt or unsure or _about_ratio(column, unit, cells[column.col]), undated=bool(doubt),
        )  # fmt: skip
    first = {kind: next((col for col, k in kinds.items() if k == kind), 0) for kind in ("unit", "period")}
    return TableSense(
        columns=columns, owner=owner, unit=first["unit"], period=first["period"], shared=shared, questions=questions
    )


def _about_ratio(column: HeaderColumn, unit: str, values: Sequence[Place]) -> str:
    """Excel keeps 85% as 0.85; whether it shows it so cannot be seen in the value."""
    numbers = [n for p in values if p.family == "number" and isinstance(n := p.cell.value, Decimal)]
    is_percent = unit == "%" or (not unit and PERCENTAGE.search(half(column.path[-1])))
    if not is_percent or not numbers or any(abs(n) > 1 for n in numbers) or all(n == int(n) for n in numbers):
        return ""
    said = "单位是%" if unit else f"“{column.path[-1]}”没有写单位"
    return f"{said}，而数都不大于1，像是按小数存的百分数，请确认"


def _values(sheet: PlacedSheet, block: Block, col: int) -> list[Place]:
    """The cells of the data rows of a column, merged ones once."""
    rows = [row.number for row in block.rows if row.role == "data"]
    found = (sheet.at(row, col) for row in rows)
    return list(dict.fromkeys(p for p in found if p is not None and p.col <= col))


def holds_codes(heading: str, values: Sequence[Place]) -> bool:
    """Whether figures in a column are codes and no amounts: by its heading, or by a leading zero or letters in text cells."""
    leaf = re.sub(r"[（(][^）)]*[)）]$", "", half(heading))
    if leaf in SERIAL or CODE.search(leaf):
        return True
    texts = [half(p.text) for p in values if p.cell.kind == "text" and p.family in ("text", "number")]
    if CODE_IN_WORDS.search(leaf) and texts and len(texts) == len(values):
        return True
    digits = [text for text in texts if re.fullmatch(r"[0-9A-Za-z]*\d[0-9A-Za-z]*", text)]
    return len(digits) > len(values) / 2 and any(re.match(r"0\d", t) or re.search("[A-Za-z]", t) for t in digits)


def _holds(column: HeaderColumn, values: Sequence[Place]) -> Holds:  # noqa: PLR0911 (one case a kind)
    leaf = half(column.path[-1])
    families = [p.family for p in values if p.family not in ("dash", "unknown", "error")]
    figures = families.count("number")
    if leaf in SERIAL and leaf != "编号":
        return "serial"
    if leaf in _PERIOD_HEAD and values and all(_is_period(p.text) for p in values):
        return "period"
    if UNIT_HEAD.fullmatch(leaf) and families and sum(is_unit(p.text) for p in values) >= 0.6 * len(values):
        return "unit"
    if UNIT_HEAD.fullmatch(leaf) and leaf != "单位":
        return "unit"
    if not families:
        return "figure" if column.unit else "nothing"
    if not column.unit and holds_codes(leaf, values):
        return "words"
    if figures > len(families) / 2 or (column.unit and figures >= len(families) / 2):
        return "figure"
    return "date" if families.count("date") > len(families) / 2 else "words"


def _is_period(text: str) -> bool:
    return bool(whole_period(text) or part_of_year(text) or (text.strip().isdigit() and 1 <= int(text) <= 12))


def _owner(  # noqa: PLR0911 (one doubt after another)
    block: Block, cells: Mapping[int, Sequence[Place]], kinds: Mapping[int, Holds], known: Collection[str]
) -> tuple[int, str, tuple[Question, ...]]:
    """The column that names each row's organisation, why that is not sure, and what is asked once."""
    heads = [c for c in block.columns if kinds[c.col] in ("words", "nothing") and _names_owner(c)]
    if not heads and (named := _by_values(block, cells, kinds, known)):
        return named, "", ()
    if not heads:
        other = next((c for c in block.columns if OTHER_ORGANISATION.fullmatch(half(c.path[-1]))), None)
        if other is None or block.organisation:
            return 0, "", ()
        sentence = f"这张表是哪家单位报的没有写。“{other.path[-1]}”不当作填报单位；如果就是，请在 layout.organisation 写这一列。"
        return 0, "", (Question(address=other.address, sentence=sentence),)
    column = next((c for c in heads if _names_reporter(c)), heads[0])
    names = [tidy(p.text) for p in cells[column.col] if p.family == "text" and not is_total(p.text)]
    if not block.organisation or not names:
        return column.col, "", ()
    sure = all(name in known for name in names) or any(
        w in column.path[-1] for w in ("县", "市", "区", "乡", "镇", "街道")
    )
    if sure or _names_reporter(column):
        return column.col, "", ()
    if sum(looks_like_organisation(name) for name in names) < len(names) / 2:
        return 0, "", ()
    return column.col, f"这些行是“{column.path[-1]}”各自的数，还是都由{block.organisation}填报，请确认", ()


def _by_values(
    block: Block, cells: Mapping[int, Sequence[Place]], kinds: Mapping[int, Holds], known: Collection[str]
) -> int:
    """The first column of words, where every one of them is an organisation or county though its heading does not say so."""
    first = next((c.col for c in block.columns if kinds[c.col] == "words"), 0)
    names = [tidy(p.text) for p in cells.get(first, ()) if not is_total(p.text)]
    sure = len(names) >= 2 and len(set(names)) == len(names) and all(n in known or _is_county(n) for n in names)
    return first if sure and not block.organisation else 0


def _names_reporter(column: HeaderColumn) -> bool:
    return names_organisation(column.path[-1]) and "单位名称" not in half(column.path[-1])


def _names_owner(column: HeaderColumn) -> bool:
    return bool(ORGANISATION_HEAD.fullmatch(half(column.path[-1]))) or names_organisation(column.path[-1])


def _organisations_across(block: Block, kinds: Mapping[int, Holds], known: Collection[str]) -> dict[int, str]:
    """Column → the organisation that its header names, where all figures stand under names of organisations."""
    figures = [
        c for c in block.columns if kinds[c.col] == "figure" or (kinds[c.col] == "nothing" and c.path[-1] in known)
    ]
    for level in range(max((len(c.path) for c in figures), default=0)):
        named = {c.col: c.path[level] for c in figures if len(c.path) > level and not _names_all(c.path[level])}
        names = set(named.values())
        if len(names) >= 2 and all(name in known or _is_county(name) for name in names):
            return named
    return {}


def _names_all(name: str) -> bool:
    return is_total(name) or half(name) in WHOLE


def _is_county(name: str) -> bool:
    return len(name) >= 2 and name.endswith(_COUNTY) and looks_like_organisation(name)


def column_period(path: Sequence[str], year: str) -> tuple[str, str]:
    """The period that a header names (1月 with the year of its own path or of the report), and a doubt."""
    own_year = next((label for word in path if len(label := _year_of(word)) == 4), "")
    for word in reversed(path):
        text = summed_period(word) or _as_period(word)
        found = find_period(text)
        if found.doubt:
            return "", found.doubt
        if len(found.label) > 4:
            return found.label, ""
        if part := part_of_year(text):
            known = own_year or year
            return (known + part, "") if known else ("", f"“{word}”是哪一年的没有写，请确认")
        if _is_span(text):
            return "", f"“{word}”是几个月的累计，请确认算哪一期"
    return own_year, ""


def _year_of(word: str) -> str:
    plain = half(word)
    return plain if plain.isdigit() and 1990 <= int(plain) <= 2100 else whole_period(_as_period(word))


def _as_period(word: str) -> str:
    """A heading that is a date stands for its month."""
    return word[:7] if len(word) == 10 and word.endswith("-01") else word


def _is_span(text: str) -> bool:
    plain = half(text)
    left, dash, right = plain.partition("-")
    return bool(dash) and left.rstrip("月").isdigit() and right.endswith("月") and right[:-1].isdigit()


def unit_for(path: Sequence[str], line: str) -> tuple[str, str]:
    """What the line 单位：… means for a column without a unit of its own, and why that is not sure. A unit of money says
    nothing of what is counted."""
    leaf, named = half(path[-1]), _named_unit(path[-1], line.split("、"))
    if named or not line or RATE.search(leaf):
        return named, ""
    whole = "／".join(path)
    units = line.split("、")
    others = [u for u in units if not MONEY.fullmatch(u) and not PERCENT.fullmatch(u)]
    # The lowest heading says what is counted; 创业贷款 above 笔数 does not make it an amount.
    counted = COUNTED.search(leaf) and not VALUED.search(leaf)
    if counted and not others:
        return "", ""
    money = [u for u in units if MONEY.fullmatch(u)]
    if len(units) == 1:
        unlike = not money and VALUED.search(leaf)
        return ("", f"上面写的单位是{line}，“{whole}”像是金额，请确认它的单位") if unlike else (line, "")
    if not counted and VALUED.search(whole) and len(money) == 1:
        return money[0], ""
    if (counted or not VALUED.search(whole)) and COUNTED.search(whole) and len(others) == 1:
        return others[0], ""
    return "", f"上面写的单位是{line}，看不出“{whole}”是哪一个，请确认"


def _named_unit(heading: str, units: Sequence[str]) -> str:
    """The one of several units that a heading itself says: 户数 is counted in 户, 人数 in 人; '' for none."""
    leaf = half(heading)
    others = [u for u in units if not MONEY.fullmatch(u) and not PERCENT.fullmatch(u)]
    if VALUED.search(leaf) or RATE.search(leaf):
        return ""
    if "人次" in leaf and "人" in others:
        return "人次"
    named = [u for u in others if u in leaf] if len(others) > 1 else []
    longest = max(map(len, named), default=0)
    best = [u for u in named if len(u) == longest]
    return best[0] if len(best) == 1 else ""
