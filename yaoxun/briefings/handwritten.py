"""An issue written by hand: YAML front matter for masthead and 版记, Markdown for the text. No figures and no Jinja.

---
标题: …            简报名称: 晋团要讯      期号: 〔2023〕第4期      署名: 共青团山西省委      日期: 2023-04-06
报: [省委办公厅, …]   送: […]   发: […]   责编: …   份数: 60
密级: 机密★1年       紧急程度: 特急        份号: "000001"    版式: zhuanbao
---
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

import yaml
from pydantic import Field, ValidationError

from yaoxun.briefings.markdown import parse_blocks
from yaoxun.briefings.model import Colophon, Issue, LateSlots, Masthead, Run
from yaoxun.errors import RequestError
from yaoxun.settings import Closed

_FRONT = re.compile(r"\A---[ \t]*\n(.*?)\n---[ \t]*\n", re.DOTALL)
_KEYS = (
    "标题",
    "简报名称",
    "期号",
    "署名",
    "日期",
    "报",
    "送",
    "发",
    "责编",
    "份数",
    "密级",
    "紧急程度",
    "份号",
    "版式",
)
_REMEDY = "请写成“键: 值”，冒号后空一格，值里有冒号的加引号，日期写成 2023-04-06。"


class FrontMatter(Closed):
    """The head of a hand-written issue; 简报名称 and 署名 default to the office's profile and kind."""

    title: str = Field(alias="标题", min_length=1)
    name: str = Field(default="", alias="简报名称")
    number: str = Field(default="", alias="期号")
    issuer: str = Field(default="", alias="署名")
    day: date | None = Field(default=None, alias="日期")
    report_to: tuple[str, ...] = Field(default=(), alias="报")
    send_to: tuple[str, ...] = Field(default=(), alias="送")
    issue_to: tuple[str, ...] = Field(default=(), alias="发")
    editor: str = Field(default="", alias="责编")
    copies: int | None = Field(default=None, alias="份数", ge=1)
    secret: str = Field(default="", alias="密级")
    urgency: Literal["", "特急", "加急"] = Field(default="", alias="紧急程度")
    copy_number: str = Field(default="", alias="份号", pattern=r"^(\d{6})?$")
    profile: str = Field(default="", alias="版式")


@dataclass(frozen=True, kw_only=True)
class Handwritten:
    """An issue with the slots that its author filled in; `profile` names the format profile, '' for the office's own."""

    issue: Issue
    late: LateSlots
    profile: str = ""


def parse_issue(text: str, *, name: str, issuer: str) -> Handwritten:
    """Read a hand-written issue; `name` and `issuer` stand where it gives none. Raises RequestError with the line."""
    found = _FRONT.match(text)
    if not found:
        raise RequestError("文首没有报头信息。", "请以一行 --- 开头，写“标题: …”等，再以一行 --- 结束。")
    front = _front(found[1])
    skipped = text[: found.end()].count("\n")

    def refuse(line: int, what: str) -> RequestError:
        return RequestError(f"第 {line + skipped} 行：要讯里不能用{what}。", "请改写成段落、标题（#）或表格。")

    blocks = parse_blocks(text[found.end() :], {}, refuse)
    if not blocks:
        raise RequestError("正文是空的。", "请在报头信息之后写正文。")
    rows = (("报", front.report_to), ("送", front.send_to), ("发", front.issue_to))
    issue = Issue(
        headline=(Run(text=" ".join(front.title.split())),),
        masthead=Masthead(
            name=front.name or name,
            issuer=front.issuer or issuer,
            secret=front.secret,
            urgency=front.urgency,
            copy_number=front.copy_number,
        ),
        blocks=blocks,
        colophon=Colophon(rows=tuple(row for row in rows if row[1]), editor=front.editor),
    )
    late = LateSlots(
        issue_number=front.number or "〔\u3000\u3000〕第\u3000期", printed_on=front.day, copies=front.copies
    )
    return Handwritten(issue=issue, late=late, profile=front.profile)


def _front(text: str) -> FrontMatter:
    try:
        content = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError) as err:  # ValueError: a date such as 2023-02-30
        mark = getattr(err, "problem_mark", None)
        where = f"第 {mark.line + 2} 行" if mark else "文首"
        raise RequestError(f"{where}的报头信息读不懂。", _REMEDY) from err
    if content is not None and not isinstance(content, dict):
        raise RequestError("文首的报头信息读不懂。", _REMEDY)
    try:
        return FrontMatter.model_validate(content or {})
    except ValidationError as err:
        first = err.errors()[0]
        key = str(first["loc"][0]) if first["loc"] else ""
        line = next((n for n, row in enumerate(text.splitlines(), 2) if row.startswith(key)), 2)
        what = {"missing": f"缺少“{key}”", "extra_forbidden": f"不认识“{key}”"}.get(first["type"], f"“{key}”的值不对")
        remedy = f"可用的键：{'、'.join(_KEYS)}；日期写成 2023-04-06，报、送、发写成 [甲, 乙]，份号写成六位数加引号，紧急程度写 特急 或 加急。"
        raise RequestError(f"第 {line} 行的报头信息：{what}。", remedy) from err
