"""The closing screen: what came in and went out, which files to open, where the main figures came from, how to go on."""

import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

from yaoxun.demo.ending import Ending
from yaoxun.demo.hands import issued_path
from yaoxun.demo.hosts import MAIL_FOLDER
from yaoxun.demo.smtp_server import received_mails
from yaoxun.demo.story import FAULTY, MONTHS, QUARTERLY
from yaoxun.home import Home
from yaoxun.returns.arrivals import DUPLICATE, JUDGED, UNCLAIMED
from yaoxun.returns.states import Standing

MAIN_FIGURES = ("policies_city", "policies_since_pilot", "deeds_total", "products_total", "topics_total")
_FIRST_CELLS = 3


def show_summary(screen: Console, home: Home, ending: Ending) -> None:
    """Print it all; makes the PDF where LibreOffice is there."""
    screen.print()
    screen.print(_in_and_out(home, ending))
    screen.print(_origins(ending))
    _line(screen, "可以打开看：")
    _say_files(screen, home, ending)
    bulletin = _bulletin(home, ending)
    if bulletin is not None:
        pdf = bulletin.with_suffix(".pdf")
        _line(screen, f"  要讯的 PDF：{pdf}" if pdf.exists() else "已生成 Word；未装 LibreOffice，未转 PDF")
    _say_how_to_go_on(screen, home, ending)


def _line(screen: Console, text: str) -> None:
    """A line that may be copied: neither coloured nor broken."""
    screen.print(text, markup=False, highlight=False, soft_wrap=True)


def _in_and_out(home: Home, ending: Ending) -> Table:
    status, decisions = ending.status, ending.decisions()
    owed = status.by_state("逾期", "待报", required_only=True)
    returned = status.by_state("退回待改", "待说明")
    reminded = ending.reminded()
    mails = received_mails(home.root / MAIL_FOLDER)
    table = Table(title=f"{MONTHS[0]} 至 {MONTHS[-1]}", show_header=False)
    took, twice, waits = (ending.count(state) for state in (JUDGED, DUPLICATE, UNCLAIMED))
    rows = {
        "收件": f"{took + twice + waits} 份：审核 {took}，重复 {twice}，待认领 {waits}",
        "审核": "，".join(f"{decision} {count} 张表" for decision, count in decisions.most_common()),
        f"{MONTHS[-1]} 未报": _names(ending, owed),
        f"{MONTHS[-1]} 退回待改": _names(ending, returned),
        f"{MONTHS[-1]} 迟报": _names(ending, [s for s in status.late() if not s.owed]),
        "催报": f"{len({row.subject for row in reminded})} 次，{len({row.subject.split(':')[0] for row in reminded})} 家",
        "发出邮件": f"{len(mails)} 封",
    }
    for name, text in rows.items():
        table.add_row(name, text or "无")
    return table


def _names(ending: Ending, standings: list[Standing]) -> str:
    by_org: dict[str, list[str]] = {}
    for standing in standings:
        by_org.setdefault(ending.status.organisations[standing.obligation.org], []).append(standing.obligation.table)
    return "；".join(f"{org}（{'、'.join(tables)}）" for org, tables in by_org.items())


def _origins(ending: Ending) -> Table:
    table = Table("指标", "要讯所印", "来源", "头几处", title="主要的数从哪里来")
    for wanted in MAIN_FIGURES:
        numeral = next((n for n in ending.numerals if n.figure.split("（")[0] == wanted), None)
        if numeral is None:
            continue
        name = numeral.figure.split("（", 1)[1].removesuffix("）")
        cells = [f"{s.file} {s.sheet}!{s.cell}" if s.cell else f"{s.file} {s.sheet}" for s in numeral.sources]
        table.add_row(name, numeral.text, f"{len(cells)} 处", "\n".join(cells[:_FIRST_CELLS]))
    return table


def _bulletin(home: Home, ending: Ending) -> Path | None:
    numbered = [row.issue for row in ending.documents if row.issue]
    found = sorted(home.documents.glob(f"*{numbered[-1]}.docx")) if numbered else []
    return found[0] if found else None


def _say_files(screen: Console, home: Home, ending: Ending) -> None:
    short = ending.status.organisations[FAULTY]
    marked = sorted((home.replies / short).glob("*审核意见-*.xlsx"))
    mails = received_mails(home.root / MAIL_FOLDER)
    files = {
        "要讯": _bulletin(home, ending),
        "季度通报的草稿，有封面、目录和图": next(iter(sorted(home.documents.glob(f"草稿-{QUARTERLY}-*.docx"))), None),
        "退回的表，问题逐格标出": marked[0] if marked else None,
        "发出的模板": issued_path(home.issued, short, MONTHS[-1]).parent,
        "回执和退回件": home.replies,
        "最后发出的一封邮件": mails[-1].file if mails else None,
        "全部邮件": home.root / MAIL_FOLDER,
    }
    for name, path in files.items():
        _line(screen, f"  {name}：{path or '没有'}")


def _say_how_to_go_on(screen: Console, home: Home, ending: Ending) -> None:
    number = ending.documents[0].number if ending.documents else 1
    base = f"--home {_shown(home.root)}"
    command = _shown(Path(sys.executable).with_name("yaoxun"))
    lines = (
        "接着看：",
        f"  {command} status --period {MONTHS[-1]} --now 2023-04-06T09:00 {base}    谁没报、谁退回、谁迟了",
        f"  {command} trace {number} 87 {base}    文中的 87 来自哪些文件、哪张表、哪个格",
        f"  {command} outbox list {base}    发件箱",
        f"  {command} intake list {base}    待认领的来件",
        f"把 {_a_workbook(home)} 改一改，放进 {home.inbox}，再：",
        f"  {command} run collect --now 2023-04-07T10:00 {base}    收件审核",
        f"  {command} draft 要讯 --period {MONTHS[-1]} --now 2023-04-07T10:00 {base}    重新拟稿",
    )
    for line in lines:
        _line(screen, line)


def _shown(path: Path) -> str:
    """A path as it can be typed here: the short form below the working directory."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def _a_workbook(home: Home) -> str:
    """A workbook that came in for the last month, to be changed and dropped again."""
    found = home.received.glob(f"*/示例单位*（{MONTHS[-1]}）报送表.xlsx")
    return str(min(found, key=lambda path: path.name, default=home.received))
