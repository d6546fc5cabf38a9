"""What an honest organisation types into its workbook in a month, table by table, from the plan in story.py. Mistakes are
made in mistakes.py.
"""

import random
from collections.abc import Callable, Mapping
from datetime import date

from yaoxun.demo.fills_more import MORE_FILLS
from yaoxun.demo.hands import DATA, ZERO, Spot, Typed, Workbook
from yaoxun.demo.sheetful import Sheetful
from yaoxun.demo.story import MONTHS, Deed, Event, Policy

LATE_TELLING = "前期漏报补报：试点启动以来出台的文件，此次一并补报"
BEHIND = "方案已印发，因场地手续办理较慢落后于计划，四月底前赶上"
_DOINGS = ("召开推进会1次，逐项明确责任和时限", "到县（市、区）调研，听取青年代表意见", "完成季度项目对接，签订合作协议",
           "组织志愿者开展集中服务", "完成资金下达，开工前手续办结")  # fmt: skip
_NEXT = ("继续按计划推进，月底前完成阶段验收", "四月起组织第二批", "汇总意见，修订实施细则", "对照计划补齐短板")


def fill(sheetful: Sheetful, *, quiet: bool = False) -> Workbook:
    """Fill every table and the cover. quiet: nothing is told of registers, which are all declared 零报告."""
    book = sheetful.book
    declared = {}
    for table in book.tables:
        declared[table] = ZERO if quiet and table not in ("T1", "T2") else _FILLS[table](sheetful)
    book.declare(declared)
    book.sign_cover(sheetful.cut_off)
    return book


def _fill_measures(sheetful: Sheetful) -> str:
    """T1: about a twelfth of the year's target each month; a level creeps up."""
    book, dice = sheetful.book, sheetful.dice
    month = MONTHS.index(sheetful.period) + 1
    for n, spot in enumerate(book.printed_rows("T1")):
        target = float(book.read("T1", spot, "年度目标") or 12)
        if book.read("T1", spot, "性质") == "流量":
            amount = max(1, round(target / 12 * dice.uniform(0.7, 1.2)))
        else:
            amount = round(target * (0.4 + 0.05 * month))
        typed: Typed = _full_width(amount) if dice.random() < 0.05 else amount
        book.type("T1", spot, {"本期完成": typed, "主要做法": dice.choice(_DOINGS), "下步打算": _NEXT[n % len(_NEXT)]})
    return DATA


def _full_width(number: int) -> str:
    """As typed with a Chinese input method left on."""
    return str(number).translate(str.maketrans("0123456789", "０１２３４５６７８９"))


def _fill_tasks(sheetful: Sheetful) -> str:
    """T2: the milestone from the row's own dropdown; behind plan is explained beside it."""
    book, dice = sheetful.book, sheetful.dice
    month = MONTHS.index(sheetful.period) + 1
    for spot in book.printed_rows("T2"):
        plan = float(book.read("T2", spot, "本季计划") or 0)
        milestones = book.options("T2", spot, "里程碑")
        behind = month == 3 and plan > 20 and dice.random() < 0.3
        step = 0 if plan == 0 and month == 1 else 2 if month == 3 and plan > 20 and not behind else 1
        values: dict[str, Typed] = {
            "里程碑": milestones[step],
            "本期进展": dice.choice(_DOINGS),
            "下步打算": dice.choice(_NEXT),
        }
        if not book.read("T2", spot, "责任领导"):
            values |= {"责任领导": "分管副职", "经办人": "示例联络员", "完成时间": date(2023, 12, 20)}
        if behind:
            values |= {"存在问题": "场地手续办理较慢", "说明": BEHIND}
        book.type("T2", spot, values)
    return DATA


def _fill_policies(sheetful: Sheetful) -> str:
    """T3: what came with the workbook stays; new policies go into blank rows, one old one is replaced in March."""
    book, changed = sheetful.book, False
    if sheetful.period == MONTHS[-1] and sheetful.org == "danwei02":
        first = book.printed_rows("T3")[0]
        book.type("T3", first, {"状态": "已修改", "替代文号": "晋市示例02发〔2023〕201号"})
        changed = True
    for spot, policy in zip(book.blank_rows("T3"), sheetful.told.policies, strict=False):
        book.type("T3", spot, policy_cells(policy, sheetful.short))
    return DATA if changed or sheetful.told.policies else ZERO


def policy_cells(policy: Policy, short: str) -> dict[str, Typed]:
    """One policy as typed into a row of T3, or into the flat table of history."""
    matter, city = policy.name.matter, policy.org.startswith("danwei")
    n = policy.issued.toordinal()
    return {
        "文号": policy.number or None, "政策名称": policy.name.title, "发文单位": short,
        "联合发文": "示例联合发文单位" if n % 7 == 0 else None, "层级": "市" if city else "县",
        "出台日期": policy.issued, "失效日": "长期" if n % 3 else date(2025, 12, 31), "类别": ("普惠", "专项", "长效")[n % 3],
        "组织动员": matter.organising or None, "对应措施": matter.measure, "政策要点": matter.point,
        "办理部门": "政务服务大厅综合窗口", "公开属性": "公开", "状态": "有效", "说明": LATE_TELLING if policy.late else None,
    }  # fmt: skip


def _fill_deeds(sheetful: Sheetful) -> str:
    """T5: progress of the open deeds, then the new ones."""
    book, dice = sheetful.book, sheetful.dice
    printed = book.printed_rows("T5")
    for spot in printed:
        book.type("T5", spot, _progress(sheetful, spot, dice))
    for spot, deed in zip(book.blank_rows("T5"), sheetful.told.deeds, strict=False):
        book.type("T5", spot, _deed_cells(deed, sheetful.short, dice))
    return DATA if printed or sheetful.told.deeds else ZERO


def _progress(sheetful: Sheetful, spot: Spot, dice: random.Random) -> Mapping[str, Typed]:
    before = float(sheetful.book.read("T5", spot, "进度") or 0)
    now = before + dice.choice((15, 20, 25, 30))
    people = dice.randint(20, 400)
    if now >= 55:
        return {"进度": 100, "状态": "已完成", "完成日": sheetful.cut_off, "本期惠及人次": people}
    return {"进度": now, "状态": "推进中", "本期惠及人次": people}


def _deed_cells(deed: Deed, short: str, dice: random.Random) -> dict[str, Typed]:
    work, started = deed.name.work, dice.random() < 0.7
    typed_day: Typed = f"{deed.due.year}.{deed.due.month}.{deed.due.day}" if dice.random() < 0.1 else deed.due
    return {
        "名称": deed.name.title, "领域": work.field, "责任单位": short, "承诺内容": work.promise, "计划完成日": typed_day,
        "投资": deed.cost_wanyuan, "本期惠及人次": dice.randint(10, 90) if started else 0,
        "进度": dice.choice((5, 10, 20)) if started else 0, "状态": "推进中" if started else "未启动",
    }  # fmt: skip


def _fill_events(sheetful: Sheetful) -> str:
    """T7: one line an event."""
    book, dice = sheetful.book, sheetful.dice
    for spot, event in zip(book.blank_rows("T7"), sheetful.told.events, strict=False):
        book.type("T7", spot, _event_cells(event, sheetful.short, dice))
    return DATA if sheetful.told.events else ZERO


def _event_cells(event: Event, short: str, dice: random.Random) -> dict[str, Typed]:
    cells: dict[str, Typed] = {"名称": event.name, "类别": event.kind, "日期": event.on, "主办": short}
    if event.products:
        return cells | {"产品种类": event.products, "媒体层级": "市级"}
    link = f"https://www.yaoxun.example/2023/{event.on:%m%d}" if dice.random() < 0.5 else None
    return cells | {
        "参与人次": dice.randint(30, 300),
        "阅读量": dice.randint(500, 9000),
        "媒体层级": "市级",
        "链接": link,
    }


_FILLS: Mapping[str, Callable[[Sheetful], str]] = {
    "T1": _fill_measures, "T2": _fill_tasks, "T3": _fill_policies, "T5": _fill_deeds, "T7": _fill_events, **MORE_FILLS,
}  # fmt: skip
