"""Whether one column of a register knows an entry again: what is asked of the key that a draft proposes."""

import re
from collections.abc import Iterable, Sequence

from yaoxun.forms.layout.draft_columns import DraftColumn

_PERSON = re.compile(r"姓名$|(?<!单位)(?:人员|对象|负责人|联系人|名字)$")
_CODE_NAME = re.compile(r"证件?号|编号|号码|代码|身份证|后[四六4-6]位")
_STATE = re.compile(r"状态|办结|办理情况|进展|进度|是否(?:完成|办结|有效)|完成情况|终止|退出|停发|注销|销号")
_PROVES = 2
"""So many entries show that a name is not said twice."""


def key_doubt(key: DraftColumn, texts: Sequence[str], columns: Iterable[DraftColumn]) -> str:
    """The question on a key whose column holds these texts; '' where they show that it knows every entry. People of one
    name are common: a column that names them never does."""
    code = next((c.name for c in columns if c.name != key.name and _CODE_NAME.search(c.path[-1])), "")
    more = f"再加一列（如“{code}”）" if code else "再加一列"
    if len(set(texts)) < len(texts):
        return f"“{key.name}”有重复，认不出同一条；请在 key 里{more}。"
    if _PERSON.search(key.path[-1]):
        return f"凭“{key.name}”认同一条，重名的人会当成一个；请在 key 里{more}。"
    if len(texts) < _PROVES:
        return f"表里的数据少，看不出“{key.name}”会不会重复；先凭它认同一条，会重复的请在 key 里{more}。"
    return ""


def carry_doubt(columns: Iterable[DraftColumn]) -> str:
    """What is asked of a list without a column that could close an entry; '' where there is one."""
    if any(_STATE.search("".join(column.path)) for column in columns):
        return ""
    return (
        "这张表每期重新填，还是逐期累积？没有“状态”“办结”一类的列：每期只写本期的（如发放台账），"
        "请改成 register: {carry: false}；逐期累积的不用改，报过的以后每期都带出来。"
    )
