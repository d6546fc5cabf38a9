"""Documents of every kind as .docx bytes: whatever must hold for all of them is tested on these. `python -m
support.word_samples` says their hashes, so that two processes can be compared.
"""

import hashlib
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path

from yaoxun.briefings.handwritten import parse_issue
from yaoxun.briefings.lint.model import NumeralRecord
from yaoxun.briefings.model import Colophon, Fit, Heading, Issue, LateSlots, Masthead, Numeral, Paragraph, Run
from yaoxun.briefings.profile import FormatProfile, load_profile
from yaoxun.briefings.word import build_docx
from yaoxun.briefings.word_front import toc_entries

TEMPLATES = Path(__file__).parents[2] / "report_templates"
FRONT = """---
标题: 示例市以“七大行动”“六项工程”推动青年发展型城市试点走深走实
期号: 〔2023〕第4期
日期: 2023-04-06
报: [示例办公厅甲, 示例办公厅乙]
送: [示例单位]
责编: 示例责编
份数: 60
{more}---

"""
PROSE = "示例市把青年发展放在城市工作的突出位置，围绕“规划、教育、就业”等方面——出台政策；青·思、A<B & C。"
TABLE = "表：各县情况（单位：个）\n\n| 县 | 政策 | 占比 |\n|---|---|---|\n| 示例县甲 | 7 | 53.8% |\n| 示例县乙 | | 46.15% |\n| 合计 | 13 | — |\n"
CHARTS = "\n".join(
    f"{shape}图：各县{n}（单位：个）\n\n| 县 | {heads} |\n|{'---|' * columns}\n" + rows
    for n, (shape, heads, columns, rows) in enumerate((
        ("柱形", "政策 | 实事", 3, "| 示例县甲 | 7 | 2.5 |\n| 示例县乙 | | -4 |\n"),
        ("折线", "政策 | 实事", 3, "| 1月 | 7 | 2.5 |\n| 2月 | — | 4 |\n| 3月 | 9 | 6 |\n"),
        ("饼", "占比", 2, "| 示例县甲 | 53.8% |\n| 示例县乙 | 46.2% |\n"),
    ), 1)
)  # fmt: skip
HEADINGS = f"# 建机制\n\n{PROSE}\n\n## 供给扩面\n\n### 细项\n\n**重点**与“引”。{PROSE}\n\n"


def markdown(body: str, more: str = "") -> str:
    """A hand-written issue."""
    return FRONT.format(more=more) + body


def wide_table(columns: int, rows: int = 3) -> str:
    """A pipe table that is wider than a page."""
    heads = "".join(f" 项{n} |" for n in range(1, columns))
    lines = [f"| 县{k} |" + " 1 |" * (columns - 1) for k in range(rows)]
    return f"表：宽表（单位：个）\n\n| 县 |{heads}\n|{'---|' * columns}\n" + "\n".join(lines) + "\n"


@cache
def profile(name: str) -> FormatProfile:
    """A shipped profile."""
    return load_profile(TEMPLATES, name)


def written(text: str, profile_name: str = "yaoxun") -> bytes:
    """A hand-written issue as Word, as it is before anybody has laid it out."""
    made = parse_issue(text, name=profile(profile_name).masthead.name, issuer="示例省委")
    return build_docx(made.issue, profile(profile_name), made.late)


def drafted(late: LateSlots | None = None, *, with_records: bool = True) -> bytes:
    """What a draft is: numerals in the title and the text, with their records; a paragraph set tighter, one looser."""
    numbers = [Numeral(seq=1, id="num_001", text="87", origin="figure", figure="policies"),
               Numeral(seq=2, id="num_002", text="2023年", origin="date"),
               Numeral(seq=3, id="num_003", text="13", origin="figure", figure="deeds", dims="单位=示例县甲")]  # fmt: skip
    issue = Issue(
        headline=(Run(text="示例市出台政策"), Run(text="87", numeral="num_001"), Run(text="项推动试点工作")),
        masthead=Masthead(name="晋团要讯", issuer="示例省委", secret="内部", urgency="特急", copy_number="000001"),
        blocks=(Heading(level=1, runs=(Run(text="一、建机制"),)), Paragraph(runs=(Run(text="2023年办成实事"), Run(text="13", numeral="num_003"), Run(text="件。"))),
                Paragraph(runs=(Run(text=PROSE),)), Paragraph(runs=(Run(text=PROSE),))),
        colophon=Colophon(rows=(("报", ("示例办公厅",)),), editor="示例责编"), numerals=tuple(numbers),
    )  # fmt: skip
    records = [
        NumeralRecord(id=n.id, text=n.text, origin=n.origin, figure=n.figure, dims=n.dims, value=n.text if n.figure else "",
                      unit="项" if n.figure else "", cells=(("ab" * 32, "T3", "B5"),) if n.figure else ())
        for n in numbers
    ]  # fmt: skip
    fit = Fit(tight=frozenset({2}), loose=frozenset({3}))
    return build_docx(issue, profile("yaoxun"), late, fit=fit, records=records if with_records else ())


def laid_out(text: str, profile_name: str) -> bytes:
    """A hand-written issue whose pages are known."""
    of = profile(profile_name)
    made = parse_issue(text, name=of.masthead.name, issuer="示例省委")
    pages = {name: 1 + n for n, (_, name, _) in enumerate(toc_entries(made.issue, of.toc_levels))}
    return build_docx(made.issue, of, made.late, fit=Fit(pages=pages))


ITEMS = f"> 按语：请阅。\n\n本期要目\n\n{HEADINGS}标题：示例县推动第二项工作\n\n{HEADINGS}{TABLE}\n标题：示例县推动第三项工作\n\n{PROSE}"
MARKS = '密级: 机密★1年\n紧急程度: 特急\n份号: "000001"\n'
SAMPLES: dict[str, Callable[[], bytes]] = {
    "拟稿": drafted,
    "登记稿": lambda: drafted(LateSlots(issue_number="〔2023〕第4期（总第104期）", printed_on=date(2023, 4, 6), copies=60)),
    "手写要讯": lambda: written(markdown(HEADINGS + TABLE + "\n" + CHARTS, MARKS)),
    "几条": lambda: written(markdown(ITEMS)),
    "专报": lambda: written(markdown(HEADINGS + TABLE, MARKS), "zhuanbao"),
    "汇编": lambda: written(markdown(HEADINGS + TABLE), "huibian"),
    "汇编几条": lambda: laid_out(markdown(ITEMS), "huibian"),
    "宽表": lambda: written(markdown(f"{PROSE}\n\n{wide_table(19)}\n{PROSE}\n\n{wide_table(14)}")),
    "汇编宽表": lambda: written(markdown(f"{PROSE}\n\n{wide_table(19)}"), "huibian"),
    "一个附件": lambda: written(markdown(f"{PROSE}\n\n附件：示例名单\n\n{TABLE}")),
    "几个附件": lambda: written(markdown(f"{PROSE}\n\n附件：示例名单\n\n{TABLE}\n附件：示例办法\n\n{HEADINGS}\n\n{wide_table(19)}")),
    "没有版记": lambda: written("---\n标题: 示例标题\n---\n正文。\n"),
}  # fmt: skip


def hashes() -> dict[str, str]:
    """Name of each sample → SHA-256 of its file."""
    return {name: hashlib.sha256(make()).hexdigest() for name, make in SAMPLES.items()}


if __name__ == "__main__":
    for sample, sha in hashes().items():
        print(sample.encode("unicode_escape").decode(), sha)
