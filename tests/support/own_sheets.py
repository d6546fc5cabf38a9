"""Three blank workbooks as offices have them, built by hand in openpyxl, and the definitions that go with them: a county
summary with a three-row header and sums, a form with labels beside cells, a register with merged groups.
"""

import re
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.datavalidation import DataValidation

_THIN = Side(style="thin")
BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
GREEN = PatternFill("solid", fgColor="FFE2EFDA")

SUMMARY = """
id: T20
title: 青年就业情况汇总表
kind: fixed
period: month
rows: {organisation: true}
key: [单位]
columns:
  - {name: 单位, locked: true, prefill: {attribute: name}, meaning: 县（市、区）}
  - {name: 上期累计, kind: count, unit: 人, hidden: true, prefill: {previous: 累计, restarts: year}, meaning: 上期末的累计}
  - {name: 本月, kind: count, unit: 人, required: true, indicator: true, steady: true, meaning: 本月新增}
  - {name: 累计, kind: count, unit: 人, indicator: true, formula: 上期累计 + 本月}
  - {name: 见习岗位, kind: count, unit: 个, indicator: true, meaning: 新开发的岗位}
  - {name: 见习补贴, kind: money, indicator: true, meaning: 本月发放}
  - {name: 说明, max_chars: 200}
layout:
  file: own/县区汇总.xlsx
  header_rows: 3
  organisation: 单位
  columns:
    单位: 县（市、区）
    本月: 青年就业/城镇新增就业/本月
    累计: 青年就业/城镇新增就业/本年累计
    见习岗位: 青年就业/就业见习/岗位数
    见习补贴: 青年就业/就业见习/补贴
    说明: 备注
"""

CARD = """
id: T21
title: 青年工作基本情况
kind: fixed
period: month
rows: {organisation: true}
key: [单位]
columns:
  - {name: 单位, locked: true, prefill: {attribute: name}, meaning: 填报单位}
  - {name: 青年人数, kind: count, unit: 人, required: true, indicator: true, meaning: 14至35周岁常住人口}
  - {name: 专项经费, kind: money, indicator: true, meaning: 本年安排}
  - {name: 其中市级, kind: money, meaning: 市级资金}
  - {name: 联系电话, contact: true, carry: true, meaning: 办公电话}
  - {name: 主要做法, max_chars: 60, meaning: 写实写短}
rules:
  - id: T21-01
    say: 市级资金不大于专项经费。
    must: 其中市级 <= 专项经费
    level: 强制
    place: 其中市级
    message: 市级资金{其中市级}大于专项经费{专项经费}，请核对。
    example: {专项经费: 10, 其中市级: 4}
    counter: {专项经费: 10, 其中市级: 14}
sample: {青年人数: 100, 专项经费: 10, 其中市级: 4}
layout:
  file: own/基本情况.xlsx
  shape: labels
  columns: {青年人数: 青年常住人口, 专项经费: 经费/专项经费, 其中市级: 经费/其中：市级, 联系电话: 联系电话, 主要做法: 主要做法}
"""

REGISTER = """
id: T22
title: 青年项目台账
kind: register
period: month
register: {number: 编号, numbering: "XM{n:03d}", first: 7, open: "状态 != '完成'"}
key: [类别, 项目名称]
columns:
  - {name: 编号, kind: code, locked: true, meaning: 由办公室编}
  - {name: 类别, required: true, meaning: 住房或就业}
  - {name: 项目名称, required: true, max_chars: 60, meaning: 写全称}
  - {name: 投资, kind: money, required: true, indicator: true, meaning: 总投资}
  - {name: 状态, required: true, meaning: 在建或完成}
  - {name: 说明, max_chars: 200}
layout:
  file: own/项目台账.xlsx
  header_rows: 2
  columns: {编号: 编号, 类别: 类别, 项目名称: 项目/名称, 投资: 项目/总投资, 状态: 进展, 说明: 备注}
"""


def _saved(book: Any) -> bytes:
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _boxed(sheet: Any, area: str) -> None:
    for line in sheet[area]:
        for cell in line:
            cell.border, cell.alignment = BOX, Alignment(horizontal="center", vertical="center", wrap_text=True)


def summary_book(counties: tuple[str, ...], *, month: str = "2023年　月", more: Any = None) -> bytes:
    """Title, unit line, header in three rows, number row, counties in two groups with 小计, 合计, notes; `more` is called
    with the sheet before it is saved."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "汇总"
    sheet["A1"] = "县（市、区）青年就业情况汇总表"
    sheet["A1"].font = Font(name="黑体", size=18, bold=True)
    sheet.merge_cells("A1:G1")
    sheet["A2"], sheet["F2"] = month, "金额单位：万元"
    for place, text in {"A3": "序号", "B3": "县（市、区）", "C3": "青年就业", "G3": "备注", "C4": "城镇新增就业", "E4": "就业见习",
                        "C5": "本月（人）", "D5": "本年累计（人）", "E5": "岗位数（个）", "F5": "补贴（万元）"}.items():  # fmt: skip
        sheet[place] = text
    for area in ("A3:A5", "B3:B5", "C3:F3", "G3:G5", "C4:D4", "E4:F4"):
        sheet.merge_cells(area)
    for col, text in enumerate(("甲", "乙", 1, 2, 3, 4, 5), start=1):
        sheet.cell(6, col).value = text
    row, sums = 7, []
    for part in (counties[: len(counties) // 2], counties[len(counties) // 2 :]):
        first = row
        for county in part:
            sheet.cell(row, 1).value, sheet.cell(row, 2).value = row - 6, county
            row += 1
        sheet.cell(row, 2).value = "小　计"
        for col in "CDEF":
            sheet[f"{col}{row}"] = f"=SUM({col}{first}:{col}{row - 1})"
        sums.append(row)
        row += 1
    sheet.cell(row, 2).value = "合　计"
    for col in "CDEF":
        sheet[f"{col}{row}"] = "=" + "+".join(f"{col}{n}" for n in sums)
    _boxed(sheet, f"A3:G{row}")
    sheet.cell(row + 1, 1).value = "注：本年累计由市里核对，不必改。"
    sheet.cell(row + 2, 1).value = "填表人：　　　　　　负责人：　　　　　　填报日期：　年　月　日"
    sheet.column_dimensions["B"].width = 18.5
    sheet.row_dimensions[5].height = 33
    sheet["B7"].fill = GREEN
    sheet.print_title_rows = "3:5"
    sheet.page_setup.orientation = "landscape"
    rule = DataValidation(type="whole", operator="greaterThanOrEqual", formula1="0")
    rule.add(f"C7:C{row - 1}")
    sheet.add_data_validation(rule)
    sheet.protection.sheet = True
    if more is not None:
        more(sheet)
    return _saved(book)


def card_book() -> bytes:
    """A form for one organisation: labels beside cells, one above its cell, a merged group, 填报单位 and 报告期 in lines."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "情况表"
    for place, text in {
        "A1": "青年工作基本情况表", "A2": "填报单位（盖章）：　　　　　　　　报告期：2023年　月", "A3": "青年常住人口（人）", "C3": "联系电话",
        "A4": "经费", "B4": "专项经费（万元）", "B5": "其中：市级（万元）", "A6": "主要做法", "A9": "填表说明：本表每月报一次。",
    }.items():  # fmt: skip
        sheet[place] = text
    for area in ("A1:D1", "A2:D2", "A4:A5", "C4:D4", "C5:D5", "B6:D8"):
        sheet.merge_cells(area)
    _boxed(sheet, "A3:D8")
    sheet.column_dimensions["A"].width = 22
    return _saved(book)


def register_book(*, month: str = "2023年　月", blank: int = 4) -> bytes:
    """A register with two groups merged downwards, a header in two rows and a dropdown."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "台账"
    for place, text in {"A1": "青年项目台账", "A2": "填报单位：", "D2": month, "A3": "类别", "B3": "编号", "C3": "项目",
                        "C4": "名称", "D4": "总投资（万元）", "E3": "进展", "F3": "备注"}.items():  # fmt: skip
        sheet[place] = text
    for area in ("A1:F1", "A3:A4", "B3:B4", "C3:D3", "E3:E4", "F3:F4"):
        sheet.merge_cells(area)
    for n, group in enumerate(("住房", "就业")):
        first = 5 + n * blank
        sheet.cell(first, 1).value = group
        sheet.merge_cells(start_row=first, end_row=first + blank - 1, start_column=1, end_column=1)
    last = 4 + 2 * blank
    _boxed(sheet, f"A3:F{last}")
    sheet.cell(last + 1, 1).value = "注：同一项目只报一次。"
    rule = DataValidation(type="list", formula1='"在建,完成"')
    rule.add(f"E5:E{last}")
    sheet.add_data_validation(rule)
    return _saved(book)


def put(config: Path, definition: str, file: bytes, orgs: str, duty: str = "必报") -> None:
    """Add a form with its own workbook to a home, owed by these organisations each month."""
    table = definition.strip().splitlines()[0].removeprefix("id: ")
    (config / "forms" / f"{table}.yaml").write_text(definition, encoding="utf-8")
    found = re.search(r"\bfile: ([^,}\n]+)", definition)
    assert found is not None
    name = found[1].strip()
    (config / name).parent.mkdir(exist_ok=True)
    (config / name).write_bytes(file)
    assignments = config / "assignments.yaml"
    line = f"  - {{orgs: [{orgs}], tables: [{table}], period: month, duty: {duty}, valid_from: 2022-06-01}}\n"
    assignments.write_text(assignments.read_text(encoding="utf-8").rstrip("\n") + "\n" + line, encoding="utf-8")


def opened(content: bytes) -> Any:
    return openpyxl.load_workbook(BytesIO(content))


def changed(content: bytes, cells: dict[str, Any]) -> bytes:
    """A workbook with these cells of its first sheet typed over."""
    book = opened(content)
    for place, value in cells.items():
        book.worksheets[0][place].value = value
    return _saved(book)
