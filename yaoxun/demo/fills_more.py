"""What is typed into the tables that the bulletin of the demo does not count: T4, T6 and T9 of the quarter, T8, and W."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from yaoxun.demo.hands import DATA, ZERO, Typed
from yaoxun.demo.sheetful import Sheetful
from yaoxun.demo.story import COUNTIES, MONTHS, REPORTING

_UNITS = (
    ("社区", "青年会客厅"),
    ("学校", "青春课堂"),
    ("企业", "青年先锋岗"),
    ("街区", "青年市集"),
    ("空间", "城市书房"),
)
_WISHES = ("希望增加面向新就业青年的短租房源", "希望夜间公交延长到22时30分以后", "希望青年活动场地可以网上预约",
           "希望增加周末开放的托育点")  # fmt: skip
_RESULTS = ("采纳", "办理中", "部分采纳", "留作参考")


def _turn(sheetful: Sheetful) -> int:
    return REPORTING.index(sheetful.org)


def _fill_effects(sheetful: Sheetful) -> str:
    """T4: what the policies that have a number came to; who has none yet declares nothing."""
    book, dice = sheetful.book, sheetful.dice
    spots = book.blank_rows("T4")
    numbers = book.options("T4", next(spots), "政策编号")[:3]
    for n, (spot, number) in enumerate(zip(book.blank_rows("T4"), numbers, strict=False)):
        case = "示例街道的青年在政务大厅当场领取补贴" if n == 0 else None
        book.type("T4", spot, {"政策编号": number, "本期惠及人次": dice.randint(20, 900),
                               "本期资金": dice.randint(5, 300) / 2, "典型案例": case})  # fmt: skip
    return DATA if numbers else ZERO


def _fill_units(sheetful: Sheetful) -> str:
    """T6: two units in each county, one with every third bureau."""
    book, n = sheetful.book, _turn(sheetful)
    county = sheetful.org in COUNTIES
    told = 2 if county else int(n % 3 == 0)
    for k, spot in zip(range(told), book.blank_rows("T6"), strict=False):
        kind, brand = _UNITS[(n + k) % len(_UNITS)]
        stage = ("申报", "培育", "验收", "授牌")[(n + 2 * k) % 4]
        book.type("T6", spot, {"名称": f"{sheetful.short}示例{kind}{k + 1}", "类别": kind, "主管部门": sheetful.short,
                               "县区": sheetful.short if county else None, "一单元一品牌": brand, "阶段": stage,
                               "理念制度": "已达标", "环境空间": "推进中", "阶段日期": sheetful.cut_off})  # fmt: skip
    return DATA if told else ZERO


def _fill_problems(sheetful: Sheetful) -> str:
    """T8: every fifth bureau has a problem in January and asks for a meeting in February; half of them close it in March."""
    book, n = sheetful.book, _turn(sheetful)
    printed = book.printed_rows("T8")
    if printed and sheetful.period == MONTHS[1]:
        changed: dict[str, Typed] = {"提请会商": "是", "需协调单位": "示例单位20", "状态": "拟会商"}
        book.type("T8", printed[0], changed)
    elif printed and n % 2:
        book.type("T8", printed[0], {"状态": "整改中", "会商日": sheetful.cut_off})
    elif printed:
        changed = {
            "状态": "销号",
            "会商日": sheetful.cut_off,
            "结论": "已明确由示例单位20办理",
            "销号日": sheetful.cut_off,
        }
        book.type("T8", printed[0], changed)
    elif sheetful.org not in COUNTIES and n % 5 == 0 and sheetful.period == MONTHS[0]:
        task = str(book.read("T2", book.printed_rows("T2")[0], "任务"))
        book.type("T8", next(book.blank_rows("T8")), {
            "来源": "任务推进", "涉及任务": task, "描述": f"{task}的场地手续没有办结", "紧急程度": "一般",
            "提出日": sheetful.cut_off - timedelta(days=5), "提请会商": "否", "整改时限": date(2023, 4, 30), "状态": "新报"})  # fmt: skip
    else:
        return ZERO
    return DATA


def _fill_opinions(sheetful: Sheetful) -> str:
    """T9: two opinions with every fourth organisation."""
    book, n = sheetful.book, _turn(sheetful)
    told = 2 if n % 4 == 1 else 0
    for k, spot in zip(range(told), book.blank_rows("T9"), strict=False):
        result = _RESULTS[(n + k) % len(_RESULTS)]
        taken = result in ("采纳", "部分采纳")
        book.type("T9", spot, {"收集日": sheetful.cut_off - timedelta(days=20 + k), "渠道": "座谈会", "领域": "住房安居",
                               "内容": _WISHES[(n + k) % len(_WISHES)], "办理结果": result,
                               "承办单位": sheetful.short if taken else None,
                               "答复日": sheetful.cut_off if taken else None})  # fmt: skip
    return DATA if told else ZERO


def _fill_week(sheetful: Sheetful) -> str:
    """W: one row."""
    book, dice = sheetful.book, sheetful.dice
    done = dice.choice(("召开推进会1次，逐项明确责任和时限", "到县（市、区）调研1次", "完成季度项目对接"))
    for spot in book.printed_rows("W"):
        book.type("W", spot, {"本周完成": done, "下周计划": "继续按计划推进", "预告": "下周四召开座谈会"})
    return DATA


MORE_FILLS: Mapping[str, Callable[[Sheetful], str]] = {
    "T4": _fill_effects, "T6": _fill_units, "T8": _fill_problems, "T9": _fill_opinions, "W": _fill_week,
}  # fmt: skip
