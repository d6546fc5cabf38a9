"""How the findings of `yaoxun lint` look on a screen. Nothing is computed here but counts."""

from collections import Counter
from typing import TYPE_CHECKING

from rich.table import Table

from yaoxun.briefings.lint.model import Tier
from yaoxun.screens import console

if TYPE_CHECKING:
    from tasks.lint import Linted

_TIERS: tuple[Tier, ...] = ("国标", "惯例", "本单位")


def show_linted(linted: "Linted") -> None:
    """Findings, one a line, the standard's first; then how many there are and whether the page was measured."""
    out, report = console(), linted.report
    if report.findings:
        table = Table(title=f"{linted.file}（版式 {linted.profile}）")
        for name in ("依据", "编号", "位置", "问题", "办法"):
            table.add_column(name, overflow="fold")  # a Chinese sentence has no blanks to break at
        for f in sorted(report.findings, key=lambda f: _TIERS.index(f.tier)):
            clause = f.clause if f.clause not in _TIERS else ""
            where = "全文" if f.paragraph is None else f"第 {f.paragraph} 段"
            where = f"第 {f.page} 页 {where}" if f.page else where
            quoted = f"“{f.excerpt}”：" if f.excerpt else ""
            table.add_row(f"{f.tier} {clause}".strip(), f.id, where, f"{quoted}{f.problem}", f.remedy)
        out.print(table, markup=False)
    counts = Counter(finding.tier for finding in report.findings)
    told = "、".join(f"{tier} {counts[tier]} 条" for tier in _TIERS if counts[tier])
    out.print(f"共 {len(report.findings)} 条：{told}。" if told else "没有发现问题。", markup=False)
    out.print(
        f"已排版量过，共 {report.pages} 页。" if report.rendered else f"未渲染：{report.not_rendered}。", markup=False
    )
