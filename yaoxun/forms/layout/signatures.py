"""Who filled a sheet in and when: 填表人：某, 审核人：某, 填报日期：2023年3月28日. What such lines say is of one filled sheet: the
labels stay where it goes out again, what stands behind them does not. Pure text in, text out.
"""

import re

from yaoxun.forms.layout.words import half, tidy

_PEOPLE = (
    r"填表人|填报人|制表人|经办人|审核人|复核人|校对人|签发人|审批人|报送人|统计人|录入人|负责人|(?:单位|部门|统计|填报|分管|主要|科室|股室)负责人|"
    r"(?:主管|分管|主要|单位|审签|签发)领导|联系人|联系电话|联系方式|手机|电话|制表|填表|审核|复核|校对|签发|审批|经办|签字|签名"
)
_DAYS = r"(?:填报|填表|报送|制表|上报|报出|打印|编制)日期|日期"
_TIMES = r"(?:填报|填表|报送|制表|上报|报出)时间"
_SEAL = r"(?:\s*[（(](?:签字|签名|签章|盖章|章)[)）])?"
_LABEL = rf"(?:{_PEOPLE}|{_DAYS}|{_TIMES}){_SEAL}"
# Behind a label up to the next one, of any kind.
_SAID = re.compile(
    rf"(?P<head>(?<![\u4e00-\u9fff])(?P<label>{_LABEL})\s*[:：])(?P<said>[^:：]*?)(?=(?:\s+|(?<=日))[\u4e00-\u9fff]{{2,8}}{_SEAL}\s*[:：]|$)"
)
# A note tells everybody how to fill the sheet in and whom to ask: 注：…, 1. …, whole sentences.
_NOTE = re.compile(r"\s*(?:注|附注|备注|(?:填表|填报)?说明|[（(]?\d{1,2}[.．、）)])|.*。", re.S)
_DAY = re.compile(r"\d+月\d+[日号]|20\d\d[-./]\d{1,2}[-./]\d{1,2}")


def unsigned(text: str) -> str:
    """The text without what stands behind such labels; a blank to write on (　年　月　日, ____) stays, as
    does a note."""
    if is_note(text) or re.search("[；;]", text):
        return text
    return _SAID.sub(lambda m: m[0] if not _is_said(m["label"], m["said"]) else f"{m['head']}{_gap(text, m)}", text)


def is_note(text: str) -> bool:
    """Whether a text tells how to fill the sheet in, whatever labels it speaks of."""
    return bool(_NOTE.match(text))


def signs_beside(label: str, value: str) -> bool:
    """Whether a cell is such a label, and the one beside it says something."""
    plain = tidy(label)
    return (
        bool(re.fullmatch(_LABEL, plain))
        and _is_said(plain, value)
        and ":" not in half(value)
        and not re.fullmatch(_LABEL, tidy(value))
    )


def _is_said(label: str, said: str) -> bool:
    """Whether anything was filled in; behind 填报时间 only a day, for it may ask for the period."""
    filled = bool(re.sub(r"[\s_＿年月日/／.-]", "", said))
    return filled and (not re.match(_TIMES, label) or bool(_DAY.search(half(said))))


def _gap(text: str, found: re.Match[str]) -> str:
    return "　　　　" if text[found.end() :].strip() else ""
