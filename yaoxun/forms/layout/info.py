"""Labels of the lines around a table, and what stands behind them: who reports (填报单位：…, 乡镇（街道）：…), which period, who
filled it in and when. Pure text in, text out; where a line stands is not known here.
"""

import re
import unicodedata
from collections.abc import Collection
from typing import NamedTuple

from yaoxun.forms.layout.words import (
    AS_OF,
    UNIT_LINE,
    half,
    looks_like_organisation,
    tidy,
    unit_of_line,
    whole_period,
)
from yaoxun.office.office import bare_name

_ORGANISATION_LABEL = r"(?:填报|报送|上报|填表|编报|报告|编制)(?:单位|部门|机构)(?:名称)?|单位名称"
_PLACE_LABEL = (
    r"(?:所属|所在)?(?:县[（(]市[、,，/]?区[)）]|县[（(]区[)）]|县[、/]?市?[、/]?区|区县|市县|乡镇[（(]街道[)）]|街道[（(](?:乡镇|镇|乡)[)）]|"
    r"乡[（(]镇[)）]|镇[（(]街道[)）]|乡[、/]?镇[、/]?街道|镇街|乡镇|街道|乡|镇|县)(?:名称)?"
)
"""Kinds of places that report: labels only where a colon follows, for else they are headings or values."""
_SEAL = r"\s*(?:[（(](?:盖章|公章|签章|章)[)）])?"
_LINE = re.compile(
    rf"(?P<head>(?P<label>(?:{_ORGANISATION_LABEL})(?:\s*[（(][^）)]*[）)])?|(?<!\S)(?:{_PLACE_LABEL})){_SEAL}\s*[:：])"
    r"[\s_＿]*(?P<name>[^\s_＿]*)"
)
_OF_UNIT = re.compile(rf"(?P<head>(?P<label>单位){_SEAL}\s*[:：])\s*(?P<name>\S+)")
_ANY_LINE = re.compile(r"(?P<head>(?<!\S)(?P<label>[^\s:：]{1,20})\s*[:：])\s*(?P<name>[^\s:：]+)")
_OF_OTHERS = re.compile(r"机关|来源|主送|抄送|[报呈]送?[至给]|^[报送呈]{1,2}$|主管|制定|批准|备案|监制|印制|指导|解释")
_PERIOD_LABEL = (
    "报告期|报告期间|所属期|所属期间|所属时期|统计时间|报表时间|报送期|统计期|统计月份|月份|报告月份|时间|统计期间|所属月份|数据时间|"
    "(?:填报|填表|报送|上报|报表|数据|所属|统计|报告)(?:月份|月度|季度|年度|年月|期间|期|时期|所属期)"
)
_FILLED_IN = "填报时间|填表时间|报送时间|上报时间|制表时间"  # of filling in, unless a period stands beside
_LABEL_WORDS = frozenset(
    [
        "单位",
        "日期",
        "填报日期",
        "填表日期",
        "报送日期",
        "制表日期",
        "上报日期",
        "填表人",
        "填报人",
        "制表人",
        "审核人",
        "负责人",
        "单位负责人",
        "联系人",
        "联系电话",
        "电话",
        "经办人",
        "制表",
        "审核",
        "复核",
        "表号",
        "制表机关",
        "文号",
        "批准文号",
        "批准机关",
        "有效期",
        "制定机关",
        "备案机关",
        "编号",
        "统计负责人",
        "分管领导",
        "主管领导",
        "报表编号",
        "填报时间",
        "填表时间",
        "报送时间",
        "制表时间",
        "上报时间",
        "数据来源",
    ]
)
_SHORTEST_NAME = 2
_NO_NAMES: frozenset[str] = frozenset()


class OrganisationLine(NamedTuple):
    """A line that says whose the sheet is: its label, the name behind it ('' for an empty line), and where in the text what
    stands before the name ends and the name ends."""

    label: str
    name: str
    head: int
    end: int


def organisation_line(text: str, known: Collection[str] = _NO_NAMES) -> OrganisationLine | None:
    """The line of a cell that says whose the sheet is; None for none. By its label (填报单位, 乡镇（街道）), or, whatever its
    label, by a name behind it that is among `known`."""
    found = _LINE.search(text)
    if found:
        return _line(text, found)
    named = (m for m in _ANY_LINE.finditer(text) if not _OF_OTHERS.search(m["label"]))
    return next((_line(text, m) for m in named if is_known(_unsealed(m["name"]), known)), None)


def is_known(name: str, known: Collection[str]) -> bool:
    """Whether a name is among known ones, whatever its spaces and brackets."""
    return bool(known) and (name in known or bare_name(name) in known)


def doubtful_line(text: str) -> bool:
    """Whether a cell looks as if it said whose the sheet is, with a label and a name that are not known."""
    found = _ANY_LINE.fullmatch(text.strip())
    told = found is None or is_info_label(found["label"]) or _OF_OTHERS.search(found["label"])
    return not told and found is not None and looks_like_organisation(_unsealed(found["name"]))


def _line(text: str, found: re.Match[str]) -> OrganisationLine:
    rest = text[found.end("head") :]
    whole = tidy(rest)
    # An empty line goes on with the next label: 填报单位：    填报日期：…
    name = "" if re.search("[:：]", found["name"]) else found["name"]
    if name and not re.search("[:：]", rest) and looks_like_organisation(whole):
        return OrganisationLine(found["label"], _unsealed(whole), found.end("head"), len(text.rstrip()))
    name = _unsealed(name)
    named = name if len(name) >= _SHORTEST_NAME and not whole_period(name) else ""
    end = found.start("name") + len(name) if named else found.end("head")
    return OrganisationLine(found["label"], named, found.end("head"), end)


def _unsealed(name: str) -> str:
    return re.sub(r"[（(](?:盖章|公章|签章|章)[)）]$", "", name).strip("_＿ ")


def organisation_of_line(text: str, known: Collection[str] = _NO_NAMES) -> str:
    """The organisation that a line 填报单位：… names; '' for none or an empty one."""
    if unit_of_line(text):
        text = UNIT_LINE.sub("", unicodedata.normalize("NFKC", text))
    line = organisation_line(text, known)
    if line is not None:
        return line.name
    found = _OF_UNIT.search(text)
    name = _unsealed(found["name"]) if found else ""
    return name if looks_like_organisation(name) else ""


def is_info(text: str, known: Collection[str] = _NO_NAMES) -> bool:
    """A line's cell that says what holds for the whole table: 单位：万元, 填报单位：…, 报告期：…, 2023年3月."""
    plain = half(text)
    if whole_period(text) or unit_of_line(text) or AS_OF.fullmatch(plain):
        return True
    label, colon, _ = plain.partition(":")
    if colon and (is_info_label(label) or _is_place(label)):
        return True
    return bool(known) and organisation_line(text, known) is not None


def is_info_label(text: str) -> bool:
    """A label of such a line that stands in a cell of its own: 填报单位, 报告期, 填报日期, 乡镇（街道）：."""
    plain = re.sub(r"[（(].*?[)）]", "", tidy(text))
    return plain in _LABEL_WORDS or asks_organisation(text) or names_period(text)


def names_organisation(label: str) -> bool:
    """Whether a label or heading asks for the reporting organisation."""
    return bool(re.fullmatch(rf"(?:{_ORGANISATION_LABEL})", re.sub(r"[（(].*?[)）]", "", tidy(label))))


def asks_organisation(text: str) -> bool:
    """The same of a cell by itself: a kind of place does where a colon follows it."""
    return names_organisation(text) or (text.rstrip().endswith(("：", ":")) and _is_place(text))


def _is_place(text: str) -> bool:
    return bool(re.fullmatch(_PLACE_LABEL, half(tidy(text))))


def names_period(label: str, value: str = "") -> bool:
    """Whether a label asks for the reporting period. 填表时间 does where its value is one, not a day."""
    plain = re.sub(r"[（(].*?[)）]$", "", tidy(label))
    weak = bool(whole_period(value)) and bool(re.fullmatch(_FILLED_IN, plain))
    return weak or bool(re.fullmatch(_PERIOD_LABEL, plain))
