"""Three workbooks that an office brings on its first day, filled in as last month's were: a county summary with a three-row
header and 小计 rows, a one-organisation form of labels, a register with groups merged downwards.
"""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from openpyxl import Workbook

N = None


def book_of(rows: Sequence[Sequence[Any]], merges: str = "") -> bytes:
    """A workbook of one sheet."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Sheet1"
    for line in rows:
        sheet.append(line)
    for area in merges.split():
        sheet.merge_cells(area)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def county_summary() -> bytes:
    return book_of(
        [
            ["全市青年就业创业服务情况汇总表"],
            ["报告期：2026年9月", N, N, N, N, N, "单位：人、场、万元"],
            ["序号", "县（市、区）", "就业服务", N, N, N, "创业扶持", N, "备注"],
            [N, N, "招聘活动", N, "见习岗位", N, "创业贷款", N, N],
            [N, N, "场次（场）", "进场人数（人）", "开发数（个）", "上岗人数（人）", "笔数（笔）", "金额（万元）", N],
            [1, "东区（示例）", 4, 1210, 60, 41, 12, 156.5, N],
            [2, "南县（示例）", 2, 655, 35, 20, 7, 88, N],
            [N, "小计", 6, 1865, 95, 61, 19, 244.5, N],
            [3, "西县（示例）", 3, 720, 28, 19, 5, 61.2, N],
            [4, "北市（示例）", 5, 1502, 77, 50, 16, 203, "含一场线上"],
            [N, "小计", 8, 2222, 105, 69, 21, 264.2, N],
            [N, "合计", 14, 4087, 200, 130, 40, 508.7, N],
            ["注：1.场次含线上；2.金额保留两位小数。"],
            ["填表人：", N, N, "审核人：", N, N, "填报日期：", N, N],
        ],
        "A2:F2 E4:F4 G2:I2 G4:H4 C3:F3 D14:F14 G14:I14 A13:I13 A14:C14 A3:A5 A1:I1 B3:B5 I3:I5 G3:H3 C4:D4",
    )


def label_form() -> bytes:
    return book_of(
        [
            ["青年之家运行情况登记表"],
            ["填报单位", "东区（示例）", N, "填报月份", "2026年9月", N],
            ["开放天数（天）", 26, "服务青年（人次）", 1840, "活动场次（场）", 9],
            ["志愿者人数（人）", 37, "经费支出（万元）", 2.35, "是否示范点", "是"],
            ["主要做法", "开设周末课堂，联合社区开展就业沙龙。"],
            ["存在问题", "场地偏小。"],
            ["说明：每月填一份，次月5日前报。"],
            ["填表人", N, "审核人", N, "联系电话", N],
        ],
        "B2:C2 B6:F6 E2:F2 A1:F1 B5:F5 A7:F7",
    )


REGISTER_ROWS = (
    ["重点工程", "示例高铁站青年突击队", "2026-03-12", 24, "站前广场铺装", 12.5, 80],
    [N, "示例水厂青年突击队", "2026-05-08", 16, "管网改造", 8, 45],
    ["应急抢险", "示例防汛青年突击队", "2026-06-01", 30, "河道巡查", 3.2, 100],
    [N, "示例森林防火青年突击队", "2026-02-20", 22, "林区巡护", 4.1, 60],
)


def grouped_register() -> bytes:
    return book_of(
        [
            ["青年突击队台账"],
            ["填报单位：东区（示例）", N, N, N, "截至2026年9月30日"],
            ["类别", "突击队名称", "组建情况", N, "攻坚任务", "投入", N],
            [N, N, "组建日期", "人数", N, "资金（万元）", "进度（%）"],
            *REGISTER_ROWS,
            ["合计", N, N, 92, N, 27.8, N],
            ["备注：人数为在册人数。"],
        ],
        "F3:G3 A5:A6 E2:G2 A1:G1 B3:B4 A3:A4 E3:E4 A7:A8 A2:D2 A9:B9 C3:D3 A10:G10",
    )
