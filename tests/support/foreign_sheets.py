"""Twelve workbooks as offices have them, none of our design, each with the meaning of every filled cell written down by
hand: role, column path, organisation, period, unit. Nothing here is computed by the program.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet


@dataclass(frozen=True, kw_only=True)
class Meaning:
    """What a cell is; titles, headers and notes have a role only."""

    role: str
    column: str = ""
    organisation: str = ""
    period: str = ""
    unit: str = ""


@dataclass(frozen=True, kw_only=True)
class Foreign:
    """A workbook with its meaning: (sheet, address) → what stands there. `doubtful`: cells that a person must look at."""

    name: str
    file_name: str
    content: bytes
    expected: Mapping[tuple[str, str], Meaning]
    doubtful: frozenset[tuple[str, str]] = frozenset()


@dataclass
class Page:
    """Writes a sheet and keeps the meaning beside every cell."""

    sheet: Worksheet
    expected: dict[tuple[str, str], Meaning]
    columns: dict[str, tuple[str, str]] = field(default_factory=dict)
    period: str = ""
    org: str = ""
    doubtful: set[tuple[str, str]] = field(default_factory=set)

    def put(self, cells: Mapping[str, Any], role: str) -> None:
        """Cells that have a role and nothing else."""
        for at, value in cells.items():
            self.sheet[at] = value
            self.expected[self.sheet.title, at] = Meaning(role=role)

    def merge(self, *areas: str) -> None:
        for area in areas:
            self.sheet.merge_cells(area)

    def row(self, number: int, cells: Mapping[str, Any], *, role: str = "data", **more: Any) -> None:
        """One row of a table: letters of columns to values. `org`, `period`, `units` (letter → unit) where they differ."""
        for letter, value in cells.items():
            self.sheet[f"{letter}{number}"] = value
            path, unit = self.columns[letter]
            self.expected[self.sheet.title, f"{letter}{number}"] = Meaning(
                role=role,
                column=path,
                organisation=more.get("org", self.org),
                period=more.get("periods", {}).get(letter, more.get("period", self.period)),
                unit=more.get("units", {}).get(letter, unit),
            )

    def spot(self, at: str, value: Any, column: str, unit: str = "") -> None:
        """The value of a label."""
        self.sheet[at] = value
        self.expected[self.sheet.title, at] = Meaning(
            role="data", column=column, organisation=self.org, period=self.period, unit=unit
        )

    def doubt(self, *places: str) -> None:
        self.doubtful |= {(self.sheet.title, at) for at in places}


class Maker:
    """A workbook under construction."""

    def __init__(self) -> None:
        self.book = Workbook()
        self.book.remove(self.book.worksheets[0])
        self.expected: dict[tuple[str, str], Meaning] = {}
        self.pages: list[Page] = []

    def page(self, title: str, **more: Any) -> Page:
        page = Page(self.book.create_sheet(title), self.expected, **more)
        self.pages.append(page)
        return page

    def done(self, name: str, file_name: str) -> Foreign:
        out = BytesIO()
        self.book.save(out)
        doubtful = frozenset(place for page in self.pages for place in page.doubtful)
        return Foreign(
            name=name, file_name=file_name, content=out.getvalue(), expected=self.expected, doubtful=doubtful
        )


def county_summary() -> Foreign:
    """A county summary: three header rows with groups in groups, 小计 and 合计 rows, 单位：万元, 填表人 below."""
    maker = Maker()
    p = maker.page("汇总表", period="2023-03")
    p.put({"A1": "2023年3月青年发展重点工作县区汇总表"}, "title")
    p.put({"A2": "填报单位：示例市青年工作办公室", "J2": "单位：万元"}, "note")
    p.put(
        {"A3": "序号", "B3": "片区", "C3": "县（市、区）", "D3": "青年就业", "H3": "青年住房", "K3": "备注"}, "header"
    )
    p.put({"D4": "新增就业（人）", "F4": "资金投入", "H4": "保障套数（套）", "I4": "补贴资金"}, "header")
    p.put({"D5": "本月", "E5": "累计", "F5": "本月", "G5": "累计", "I5": "本月", "J5": "累计"}, "header")
    p.merge("A1:K1", "A3:A5", "B3:B5", "C3:C5", "D3:G3", "H3:J3", "D4:E4", "F4:G4", "H4:H5", "I4:J4", "K3:K5")
    p.columns = {
        "A": ("序号", ""), "B": ("片区", ""), "C": ("县（市、区）", ""),
        "D": ("青年就业/新增就业/本月", "人"), "E": ("青年就业/新增就业/累计", "人"),
        "F": ("青年就业/资金投入/本月", "万元"), "G": ("青年就业/资金投入/累计", "万元"),
        "H": ("青年住房/保障套数", "套"), "I": ("青年住房/补贴资金/本月", "万元"), "J": ("青年住房/补贴资金/累计", "万元"),
        "K": ("备注", ""),
    }  # fmt: skip
    p.row(
        6,
        {"A": 1, "B": "东片", "C": "甲县", "D": 120, "E": 300, "F": 12.5, "G": 40, "H": 8, "I": 3, "J": 9},
        org="甲县",
    )
    p.row(
        7,
        {"A": 2, "C": "乙县", "D": 80, "E": 210, "F": 7.5, "G": 20, "H": 4, "I": 1, "J": 3, "K": "含续建"},
        org="乙县",
    )
    p.row(8, {"C": "小计", "D": 200, "E": 510, "F": 20, "G": 60, "H": 12, "I": 4, "J": 12}, role="total")
    p.row(9, {"A": 3, "B": "西片", "C": "丙区", "D": 50, "E": 150, "F": 5, "G": 15, "H": 0, "I": 0, "J": 0}, org="丙区")
    p.row(10, {"A": 4, "C": "丁市", "D": 60, "E": 90, "F": 6, "G": 9, "H": 2, "I": 1, "J": 1}, org="丁市")
    p.row(11, {"C": "小计", "D": 110, "E": 240, "F": 11, "G": 24, "H": 2, "I": 1, "J": 1}, role="total")
    p.merge("B6:B8", "B9:B11")
    p.row(12, {"A": "合计", "D": 310, "E": 750, "F": 31, "G": 84, "H": 14, "I": 5, "J": 13}, role="total")
    p.merge("A12:C12")
    p.put({"A13": "注：资金为各级财政实际拨付数。"}, "note")
    p.put({"A14": "填表人：示例联络员", "D14": "审核人：示例审核员", "H14": "填表日期：2023年3月28日"}, "note")
    return maker.done("county summary, three header rows, subtotals", "县区汇总.xlsx")


def labels_form() -> Foreign:
    """One organisation's form: labels beside their values, pairs in a row, merged values, a group merged down."""
    maker = Maker()
    p = maker.page("填报表", org="示例教育局", period="2023Q1")
    p.put({"A1": "青年发展型城市建设季度填报表"}, "title")
    p.merge("A1:D1")
    p.put({"A2": "填报单位", "C2": "报告期"}, "header")
    p.spot("B2", "示例教育局", "填报单位")
    p.spot("D2", "2023年一季度", "报告期")
    p.put({"A3": "联系电话", "C3": "填报日期"}, "header")
    p.spot("B3", "0356-2000000", "联系电话")
    p.spot("D3", datetime(2023, 4, 6), "填报日期")
    p.put({"A4": "开展活动场次（场）", "C4": "参与人次（人次）"}, "header")
    p.spot("B4", 12, "开展活动场次", "场")
    p.spot("D4", 860, "参与人次", "人次")
    p.put({"A5": "资金投入（万元）", "C5": "完成率（%）"}, "header")
    p.spot("B5", 35.6, "资金投入", "万元")
    p.spot("D5", 71.2, "完成率", "%")
    p.put({"A6": "主要做法", "A7": "下步打算"}, "header")
    p.spot("B6", "组织校园招聘会三场，建立见习基地两个。", "主要做法")
    p.spot("B7", "继续开展暑期实践活动，扩大见习岗位。", "下步打算")
    p.merge("B6:D6", "B7:D7")
    p.put({"A9": "填表人：示例联络员", "C9": "负责人（签字）："}, "note")
    return maker.done("labels beside values", "填报表.xlsx")


def register_with_groups() -> Foreign:
    """A register: merged heading groups, rows grouped by a merged first column, dates, money, words."""
    maker = Maker()
    p = maker.page("项目台账", period="2023-03")
    p.put({"A1": "青年友好项目台账"}, "title")
    p.put({"A2": "（2023年3月）"}, "note")
    p.put(
        {"A3": "所属县区", "B3": "序号", "C3": "项目名称", "D3": "建设时间", "F3": "投资（万元）", "H3": "责任单位"},
        "header",
    )
    p.put({"D4": "开工日期", "E4": "竣工日期", "F4": "总投资", "G4": "本月完成"}, "header")
    p.merge("A1:H1", "A2:H2", "A3:A4", "B3:B4", "C3:C4", "D3:E3", "F3:G3", "H3:H4")
    p.columns = {
        "A": ("所属县区", ""), "B": ("序号", ""), "C": ("项目名称", ""), "D": ("建设时间/开工日期", ""),
        "E": ("建设时间/竣工日期", ""), "F": ("投资/总投资", "万元"), "G": ("投资/本月完成", "万元"), "H": ("责任单位", ""),
    }  # fmt: skip
    day = datetime
    p.row(
        5,
        {
            "A": "甲县",
            "B": 1,
            "C": "青年驿站",
            "D": day(2022, 5, 1),
            "E": day(2023, 6, 30),
            "F": 120,
            "G": 10,
            "H": "示例住建局",
        },
        org="甲县",
    )
    p.row(6, {"B": 2, "C": "青年公园", "D": day(2022, 9, 1), "F": 80.5, "G": 4.5, "H": "示例园林局"}, org="甲县")
    p.row(
        7,
        {
            "A": "乙县",
            "B": 3,
            "C": "人才公寓",
            "D": day(2023, 1, 5),
            "E": day(2024, 12, 31),
            "F": 2000,
            "G": 60,
            "H": "示例住建局",
        },
        org="乙县",
    )
    p.row(8, {"B": 4, "C": "青年夜校", "D": day(2023, 3, 1), "F": 15, "G": 3, "H": "示例文旅局"}, org="乙县")
    p.row(9, {"B": 5, "C": "创业街区", "D": day(2023, 2, 8), "F": 300, "G": 22, "H": "示例人社局"}, org="乙县")
    p.merge("A5:A6", "A7:A9")
    return maker.done("register with merged groups", "项目台账.xlsx")


def two_tables_below() -> Foreign:
    """Two tables of different width in one sheet, each with its own title and unit."""
    maker = Maker()
    p = maker.page("月报", org="示例人社局", period="2023-02")
    p.put({"A1": "青年就业创业月报"}, "title")
    p.put({"A2": "填报单位：示例人社局", "E2": "报告期：2023年2月"}, "note")
    p.put({"A4": "一、就业情况"}, "title")
    p.put({"D5": "单位：人"}, "note")
    p.put({"A6": "指标", "B6": "本月", "C6": "上月", "D6": "累计"}, "header")
    p.columns = {"A": ("指标", ""), "B": ("本月", "人"), "C": ("上月", "人"), "D": ("累计", "人")}
    p.row(7, {"A": "城镇新增就业", "B": 320, "C": 290, "D": 610})
    p.row(8, {"A": "其中：高校毕业生", "B": 120, "C": 100, "D": 220})
    p.row(9, {"A": "失业人员再就业", "B": 45, "C": 50, "D": 95})
    p.put({"A11": "二、创业扶持资金"}, "title")
    p.put({"E12": "单位：万元"}, "note")
    p.put({"A13": "项目", "B13": "笔数（笔）", "C13": "贷款额", "D13": "贴息额", "E13": "备注"}, "header")
    p.sheet["B13"] = "户数（户）"
    p.columns = {
        "A": ("项目", ""),
        "B": ("户数", "户"),
        "C": ("贷款额", "万元"),
        "D": ("贴息额", "万元"),
        "E": ("备注", ""),
    }
    p.row(14, {"A": "青年创业贷款", "B": 12, "C": 240, "D": 6.5})
    p.row(15, {"A": "小微企业贷款", "B": 3, "C": 300, "D": 4, "E": "新开办"})
    p.row(16, {"A": "合计", "B": 15, "C": 540, "D": 10.5}, role="total")
    p.put({"A17": "填报人：示例联络员"}, "note")
    return maker.done("two tables below each other", "月报.xlsx")


def side_by_side() -> Foreign:
    """Two tables beside each other, of different height, each with a title of its own."""
    maker = Maker()
    p = maker.page("对照", period="2023-03")
    p.put({"A1": "2023年3月创建单元与阵地情况"}, "title")
    p.merge("A1:G1")
    p.put({"A2": "创建单元", "E2": "活动阵地"}, "title")
    p.merge("A2:C2", "E2:G2")
    p.put(
        {
            "A3": "县区",
            "B3": "申报（个）",
            "C3": "授牌（个）",
            "E3": "县区",
            "F3": "阵地（处）",
            "G3": "面积（平方米）",
        },
        "header",
    )
    left = {"A": ("县区", ""), "B": ("申报", "个"), "C": ("授牌", "个")}
    p.columns = left | {"E": ("县区", ""), "F": ("阵地", "处"), "G": ("面积", "平方米")}
    p.row(4, {"A": "甲县", "B": 5, "C": 2}, org="甲县")
    p.row(4, {"E": "甲县", "F": 3, "G": 450}, org="甲县")
    p.row(5, {"A": "乙县", "B": 4, "C": 1}, org="乙县")
    p.row(5, {"E": "丙区", "F": 2, "G": 300.5}, org="丙区")
    p.row(6, {"A": "丙区", "B": 6, "C": 3}, org="丙区")
    p.row(7, {"A": "合计", "B": 15, "C": 6}, role="total")
    return maker.done("side by side", "对照.xlsx")


def sheet_per_month() -> Foreign:
    """A sheet a month, all alike; the year stands in the title only."""
    maker = Maker()
    for month, figures in (("1月", (11, 2)), ("2月", (13, 4)), ("3月", (17, 6))):
        p = maker.page(month, period=f"2023-0{month[0]}", org="示例团委")
        p.put({"A1": "2023年志愿服务统计表"}, "title")
        p.put({"A2": "填报单位：示例团委"}, "note")
        p.put({"A3": "项目", "B3": "场次（场）", "C3": "人次（人次）"}, "header")
        p.columns = {"A": ("项目", ""), "B": ("场次", "场"), "C": ("人次", "人次")}
        p.row(4, {"A": "助学", "B": figures[0], "C": figures[0] * 10})
        p.row(5, {"A": "敬老", "B": figures[1], "C": figures[1] * 10})
        p.row(6, {"A": "合计", "B": sum(figures), "C": sum(figures) * 10}, role="total")
    return maker.done("a sheet a month", "志愿服务.xlsx")


def organisation_a_row() -> Foreign:
    """One organisation a row, the whole city in the first row, a rate, numbers of columns under the header."""
    maker = Maker()
    p = maker.page("进度", period="2023-03")
    p.put({"B2": "全市青年政策落实进度表"}, "title")
    p.put({"B3": "截至2023年3月"}, "note")
    p.put({"B4": "单位名称", "C4": "政策数（个）", "D4": "已落实（个）", "E4": "落实率（%）", "F4": "说明"}, "header")
    p.put({"B5": "甲", "C5": 1, "D5": 2, "E5": "3=2/1", "F5": 4}, "header")
    p.columns = {
        "B": ("单位名称", ""),
        "C": ("政策数", "个"),
        "D": ("已落实", "个"),
        "E": ("落实率", "%"),
        "F": ("说明", ""),
    }
    p.row(6, {"B": "全市", "C": 30, "D": 24, "E": 80}, role="total")
    p.row(7, {"B": "示例财政局", "C": 10, "D": 9, "E": 90}, org="示例财政局")
    p.row(8, {"B": "示例民政局", "C": 12, "D": 9, "E": 75, "F": "三个正在会签"}, org="示例民政局")
    p.row(9, {"B": "示例卫健委", "C": 8, "D": 6, "E": 75}, org="示例卫健委")
    return maker.done("organisation a row, column numbers, sum on top", "进度.xlsx")


def headers_without_merges() -> Foreign:
    """Two header rows whose groups are blanks instead of merges; a blank row between; a wrong sum."""
    maker = Maker()
    p = maker.page("Sheet1", period="2023-03")
    p.put({"A1": "三月份青年活动统计"}, "title")
    p.put({"A2": "2023-03", "G2": "计量单位：人次"}, "note")
    p.put({"A3": "序号", "B3": "县区", "C3": "文体活动", "E3": "志愿活动", "G3": "备注"}, "header")
    p.put({"C4": "线上", "D4": "线下", "E4": "线上", "F4": "线下"}, "header")
    p.columns = {
        "A": ("序号", ""), "B": ("县区", ""), "C": ("文体活动/线上", "人次"), "D": ("文体活动/线下", "人次"),
        "E": ("志愿活动/线上", "人次"), "F": ("志愿活动/线下", "人次"), "G": ("备注", ""),
    }  # fmt: skip
    p.row(5, {"A": 1, "B": "甲县", "C": 10, "D": 20, "E": 30, "F": 40}, org="甲县")
    p.row(6, {"A": 2, "B": "乙县", "C": 11, "D": 21, "E": 31, "F": 41, "G": "补报"}, org="乙县")
    p.row(8, {"A": 3, "B": "丙区", "C": 12, "D": "—", "E": 32, "F": 42}, org="丙区", units={"D": ""})
    p.row(9, {"B": "总计", "C": 33, "D": 41, "E": 93, "F": 124}, role="total")
    return maker.done("groups without merges, a blank row between, a wrong sum", "活动.xlsx")


def blank_lead() -> Foreign:
    """Blank columns and rows before the table, a unit column, rows with their own units."""
    maker = Maker()
    p = maker.page("指标", org="示例统计局", period="2023")
    p.put({"D4": "青年发展主要指标"}, "title")
    p.put({"D5": "填报单位：示例统计局", "G5": "2023年度"}, "note")
    p.put({"D7": "指标名称", "E7": "计量单位", "F7": "年度目标", "G7": "实际完成"}, "header")
    p.columns = {"D": ("指标名称", ""), "E": ("计量单位", ""), "F": ("年度目标", ""), "G": ("实际完成", "")}
    rows = (
        ("青年人口", "万人", 52, 51.3),
        ("新增就业", "人", 8000, 8210),
        ("扶持资金", "万元", 1500, 1480.5),
        ("升学率", "%", 95, 96.1),
    )
    for n, (name, unit, goal, done) in enumerate(rows, start=8):
        p.row(n, {"D": name, "E": unit, "F": goal, "G": done}, units={"F": unit, "G": unit})
    p.put({"D13": "说明：1.青年指14至35周岁人口。"}, "note")
    p.put({"D14": "2.升学率为当年数。"}, "note")
    return maker.done("blank lead rows and columns, unit column", "指标.xlsx")


def hidden_rows() -> Foreign:
    """Hidden rows and a hidden column hold figures; a cell is an error, another is words among figures."""
    maker = Maker()
    p = maker.page("明细", org="示例妇联", period="2023-01")
    p.put({"A1": "填报单位：示例妇联   2023年1月   单位：户"}, "note")
    p.put({"A2": "社区", "B2": "走访户数", "C2": "帮扶户数", "D2": "联系电话"}, "header")
    p.columns = {"A": ("社区", ""), "B": ("走访户数", "户"), "C": ("帮扶户数", "户"), "D": ("联系电话", "")}
    p.row(3, {"A": "示例一社区", "B": 20, "C": 3, "D": 13800000000})
    p.row(4, {"A": "示例二社区", "B": 18, "C": 2})
    p.row(5, {"A": "示例三社区", "B": "约二十", "C": 4}, units={"B": ""})
    p.row(6, {"A": "示例四社区", "B": 22, "C": "#REF!"}, units={"C": ""})
    p.row(7, {"A": "示例五社区", "B": 19, "C": 5})
    p.sheet.row_dimensions[4].hidden = True
    p.sheet.column_dimensions["D"].hidden = True
    p.doubt("A4", "B4", "C4", "D3")
    return maker.done("hidden rows and columns, an error, words among figures", "明细.xlsx")


def months_across() -> Foreign:
    """A transposed table: the periods stand in the header, two years, quarters between."""
    maker = Maker()
    p = maker.page("趋势", org="示例商务局")
    p.put({"A1": "青年消费情况"}, "title")
    p.put({"A2": "填报单位：示例商务局", "F2": "单位：万元"}, "note")
    p.put({"A3": "项目", "B3": "2022年", "D3": "2023年"}, "header")
    p.put({"B4": "11月", "C4": "12月", "D4": "1月", "E4": "2月", "F4": "一季度"}, "header")
    p.merge("A3:A4", "B3:C3", "D3:F3")
    p.columns = {
        "A": ("项目", ""), "B": ("2022年/11月", "万元"), "C": ("2022年/12月", "万元"), "D": ("2023年/1月", "万元"),
        "E": ("2023年/2月", "万元"), "F": ("2023年/一季度", "万元"),
    }  # fmt: skip
    periods = {"B": "2022-11", "C": "2022-12", "D": "2023-01", "E": "2023-02", "F": "2023Q1"}
    for n, (name, start) in enumerate((("餐饮消费", 100), ("文旅消费", 60), ("网络消费", 210)), start=5):
        p.row(
            n,
            dict(zip("ABCDEF", (name, start, start + 5, start + 9, start + 2, start * 3), strict=True)),
            periods=periods,
        )
    return maker.done("periods across", "趋势.xlsx")


def organisations_across() -> Foreign:
    """Counties in the header, tasks in the rows with sections between, a total column, values written as text."""
    maker = Maker()
    p = maker.page("任务分县", period="2023-03")
    p.put({"A1": "重点任务分县完成情况（2023年3月）"}, "title")
    p.put({"A2": "序号", "B2": "任务", "C2": "甲县", "D2": "乙县", "E2": "丙区", "F2": "合计"}, "header")
    p.columns = {
        "A": ("序号", ""), "B": ("任务", ""), "C": ("甲县", "场"), "D": ("乙县", "场"), "E": ("丙区", "场"), "F": ("合计", "场"),
    }  # fmt: skip
    orgs = {"C": "甲县", "D": "乙县", "E": "丙区"}

    def task(n: int, serial: int, name: str, values: tuple[Any, Any, Any, Any]) -> None:
        for letter, value in zip("ABCDEF", (serial, name, *values), strict=True):
            p.row(n, {letter: value}, org=orgs.get(letter, ""), units={} if letter in "CDEF" else {letter: ""})

    p.put({"A3": "一、就业创业"}, "title")
    p.merge("A1:F1", "A3:F3")
    task(4, 1, "招聘会（场）", (3, "4", 5, 12))
    task(5, 2, "创业培训（场）", (1, 2, 1, 4))
    p.put({"A6": "二、文化生活"}, "title")
    p.merge("A6:F6")
    task(7, 3, "青年市集（场）", (2, 2, 2, 6))
    task(8, 4, "读书会（场）", (5, 6, 7, 18))
    p.put({"A9": "备注：数据由各县区提供"}, "note")
    return maker.done("organisations across, sections", "任务分县.xlsx")


LAYOUTS: tuple[Callable[[], Foreign], ...] = (
    county_summary, labels_form, register_with_groups, two_tables_below, side_by_side, sheet_per_month, organisation_a_row,
    headers_without_merges, blank_lead, hidden_rows, months_across, organisations_across,
)  # fmt: skip
