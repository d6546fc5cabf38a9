"""Rows put into an office's own sheet: what stands below moves with all that belongs to it, and formulas go on meaning
what they meant.
"""

from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from yaoxun.forms.layout.inserting import insert_below


def book() -> Any:
    """Header in 1, body in 2 to 4, sums in 5, a note in 6; a second sheet looks at it."""
    made = Workbook()
    sheet = made.worksheets[0]
    sheet.title = "台账 一"
    for line in (["名", "数", "倍"], ["甲", 1, "=B2*2"], ["乙", 2, "=B3*2"], [None, None, "=B4*$B$5"]):
        sheet.append(line)
    sheet.append(["合计", "=SUM(B2:B4)", "=SUM(C$2:C4)+B5"])
    sheet.append(["注：略"])
    sheet.merge_cells("A6:C6")
    sheet.merge_cells("D1:D6")
    sheet.row_dimensions[6].height = 40
    sheet["A4"].font, sheet["A5"].fill = Font(bold=True), PatternFill("solid", fgColor="FFFF0000")
    other = made.create_sheet("看")
    other["A1"], other["A2"], other["A3"] = "='台账 一'!B5", "=SUM('台账 一'!B2:B4)", "=B5"
    rule = DataValidation(type="list", formula1="'台账 一'!$A$2:$A$4")
    rule.add("A2:A4")
    rule.add("B5")
    sheet.add_data_validation(rule)
    sheet.conditional_formatting.add("B2:B4", CellIsRule(operator="lessThan", formula=["0"], font=Font(bold=True)))
    sheet.print_area = "A1:D6"
    made.defined_names["总数"] = DefinedName("总数", attr_text="'台账 一'!$B$5")
    return made


def grown(count: int = 2, below: int = 4) -> Any:
    made = book()
    insert_below(made, made.worksheets[0], below, count)
    out = BytesIO()
    made.save(out)
    return load_workbook(BytesIO(out.getvalue()))


def test_formulas_go_on_pointing_at_what_they_pointed_at_and_sums_grow() -> None:
    made = grown()
    sheet, other = made.worksheets
    assert (sheet["B7"].value, sheet["C7"].value) == ("=SUM(B2:B6)", "=SUM(C$2:C6)+B7")
    assert [sheet[f"C{n}"].value for n in range(2, 7)] == ["=B2*2", "=B3*2", "=B4*$B$7", "=B5*$B$7", "=B6*$B$7"]
    assert [other[f"A{n}"].value for n in (1, 2, 3)] == ["='台账 一'!B7", "=SUM('台账 一'!B2:B6)", "=B5"]
    assert made.defined_names["总数"].attr_text == "'台账 一'!$B$7"


def test_merges_heights_dropdowns_formats_and_print_area_move_and_grow() -> None:
    sheet = grown().worksheets[0]
    assert set(map(str, sheet.merged_cells.ranges)) == {"A8:C8", "D1:D8"}
    assert (sheet.row_dimensions[8].height, sheet.row_dimensions[6].height) == (40, None)
    (rule,) = sheet.data_validations.dataValidation
    assert (str(rule.sqref), rule.formula1) == ("A2:A6 B7", "'台账 一'!$A$2:$A$6")
    assert [str(one.sqref) for one in sheet.conditional_formatting] == ["B2:B6"]
    assert sheet.print_area == "'台账 一'!$A$1:$D$8"


def test_new_rows_look_like_the_one_above() -> None:
    sheet = grown().worksheets[0]
    assert [sheet[f"A{n}"].font.bold for n in (3, 4, 5, 6)] == [False, True, True, True]
    assert sheet["A7"].fill.fgColor.rgb == "FFFF0000" and sheet["A8"].value == "注：略"


@pytest.mark.parametrize("below", [2, 3])
def test_rows_within_a_range_make_it_longer(below: int) -> None:
    assert grown(below=below).worksheets[0]["B7"].value == "=SUM(B2:B6)"
