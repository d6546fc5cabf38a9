"""What is read: values, addresses and the rest of a sheet, each written down in the file's own XML."""

from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter

from support.sheets_builders import MAIN, RELS, parts, shared_strings, sheet, styles, workbook, write
from yaoxun.sheets.limits import Limits
from yaoxun.sheets.model import RawSheet, RawWorkbook
from yaoxun.sheets.reader import read_workbook


def first_sheet(path: Path, limits: Limits) -> RawSheet:
    found = read_workbook(path, limits)
    assert isinstance(found, RawWorkbook), found
    return found.sheets[0]


def one_cell(tmp_path: Path, limits: Limits, cell: str, **options: object) -> tuple[str, object, str | None]:
    path = workbook(tmp_path / "a.xlsx", sheet(f'<row r="1">{cell}</row>'), **options)
    found = first_sheet(path, limits).get(1, 1)
    assert found is not None
    return found.kind, found.value, found.formula


@pytest.mark.parametrize(
    ("cell", "kind", "value"),
    [
        ('<c r="A1"><v>0.1</v></c>', "number", "0.1"),
        ('<c r="A1"><v>1.1000000000000001</v></c>', "number", "1.1"),
        ('<c r="A1"><v>0.30000000000000004</v></c>', "number", "0.3"),
        ('<c r="A1"><v>5</v></c>', "number", "5"),
        ('<c r="A1"><v>5.0</v></c>', "number", "5"),
        ('<c r="A1"><v>1E3</v></c>', "number", "1000"),
        ('<c r="A1"><v>9007199254740993</v></c>', "number", "9007199254740993"),
        ('<c r="A1"><v>-0</v></c>', "number", "0"),
        ('<c r="A1"><v> 12 </v></c>', "number", "12"),
        ('<c r="A1" t="n"><v>2.5E-3</v></c>', "number", "0.0025"),
        ('<c r="A1" t="str"><v>12</v></c>', "text", "12"),
        ('<c r="A1" t="inlineStr"><is><t xml:space="preserve"> 甲 </t></is></c>', "text", " 甲 "),
        ('<c r="A1" t="inlineStr"><is><r><t>甲</t></r><r><t>乙</t></r><rPh><t>yi</t></rPh></is></c>', "text", "甲乙"),
        ('<c r="A1" t="str"><v>一行_x000D_\n两行_x0007_</v></c>', "text", "一行\n两行"),
        ('<c r="A1" t="str"><v>_x005F_x0041_</v></c>', "text", "_x0041_"),
        ('<c r="A1" t="str"><v>_xD83D_</v></c>', "text", "_xD83D_"),
        ('<c r="A1" t="e"><v>#REF!</v></c>', "error", "#REF!"),
        ('<c r="A1" t="b"><v>1</v></c>', "bool", "True"),
        ('<c r="A1" t="b"><v>0</v></c>', "bool", "False"),
        ('<c r="A1" t="d"><v>2023-04-06</v></c>', "date", "2023-04-06 00:00:00"),
    ],
)
def test_a_cell_is_read_as_excel_shows_it(tmp_path: Path, limits: Limits, cell: str, kind: str, value: str) -> None:
    found = one_cell(tmp_path, limits, cell)
    assert (found[0], str(found[1]), found[2]) == (kind, value, None)


@pytest.mark.parametrize(
    ("number_format", "serial", "seen"),
    [
        ("yyyy-mm-dd", "45022", ("date", datetime(2023, 4, 6))),
        ('yyyy"年"m"月"d"日"', "45022.5", ("date", datetime(2023, 4, 6, 12))),
        ("[$-804]aaaa", "45022", ("date", datetime(2023, 4, 6))),
        (14, "45022", ("date", datetime(2023, 4, 6))),
        (31, "45022", ("date", datetime(2023, 4, 6))),  # what a Chinese Excel writes; openpyxl reads 45022
        (57, "45022", ("date", datetime(2023, 4, 6))),
        ("yyyy-mm-dd", "59", ("date", datetime(1900, 2, 28))),
        ("yyyy-mm-dd", "61", ("date", datetime(1900, 3, 1))),
        ("yyyy-mm-dd hh:mm", "45022.999999999", ("date", datetime(2023, 4, 7))),
        ("hh:mm", "0.4375", ("text", "10:30:00")),
        ("[h]:mm", "1.5", ("text", "36:00:00")),
        ("yyyy-mm-dd", "-5", ("number", Decimal(-5))),
        ("yyyy-mm-dd", "99999999", ("number", Decimal(99999999))),
        ('#,##0.00"人/day"', "45022", ("number", Decimal(45022))),
        ("[Red]0.00;[Blue]-0.00", "45022", ("number", Decimal(45022))),
        ("* #,##0_d", "45022", ("number", Decimal(45022))),
        ("0.00E+00", "45022", ("number", Decimal(45022))),
        (10, "0.5", ("number", Decimal("0.5"))),
    ],
)
def test_the_number_format_tells_a_date_from_a_number(
    tmp_path: Path, limits: Limits, number_format: str | int, serial: str, seen: tuple[str, object]
) -> None:
    found = one_cell(tmp_path, limits, f'<c r="A1" s="1"><v>{serial}</v></c>', style=styles(number_format))
    assert found[:2] == seen


def test_the_1904_date_system_is_four_years_later(tmp_path: Path, limits: Limits) -> None:
    found = one_cell(
        tmp_path, limits, '<c r="A1" s="1"><v>43560</v></c>', style=styles(14), workbook_pr='<workbookPr date1904="1"/>'
    )
    assert found[:2] == ("date", datetime(2023, 4, 6))


def test_formula_text_and_cached_value_come_together(tmp_path: Path, limits: Limits) -> None:
    rows = (
        '<row r="1"><c r="A1"><f>B1+1</f><v>3</v></c><c r="B1"><f>C1</f></c><c r="C1" t="e"><f>1/0</f><v>#DIV/0!</v></c>'
        '<c r="D1" t="str"><f>"甲"&amp;B1</f><v>甲</v></c></row>'
    )
    cells = first_sheet(workbook(tmp_path / "a.xlsx", sheet(rows)), limits).cells.values()
    assert [(c.address, c.kind, str(c.value), c.formula) for c in cells] == [
        ("A1", "number", "3", "B1+1"),
        ("B1", "text", "", "C1"),
        ("C1", "error", "#DIV/0!", "1/0"),
        ("D1", "text", "甲", '"甲"&B1'),
    ]


def test_a_shared_formula_is_given_for_each_cell(tmp_path: Path, limits: Limits) -> None:
    rows = (
        '<row r="1"><c r="A1"><f t="shared" ref="A1:A3" si="0">SUM(B1:C1)*$D$1</f><v>1</v></c></row>'
        '<row r="2"><c r="A2"><f t="shared" si="0"/><v>2</v></c></row>'
        '<row r="3"><c r="A3"><f t="shared" si="9"/><v>2</v></c></row>'
    )
    found = first_sheet(workbook(tmp_path / "a.xlsx", sheet(rows)), limits)
    assert [c.formula for c in found.cells.values()] == ["SUM(B1:C1)*$D$1", "SUM(B2:C2)*$D$1", ""]


def test_rows_and_cells_without_addresses_are_counted(tmp_path: Path, limits: Limits) -> None:
    rows = '<row><c><v>1</v></c><c><v>2</v></c></row><row r="5"><c r="C5"><v>3</v></c><c><v>4</v></c></row><row><c><v>5</v></c></row>'
    found = first_sheet(workbook(tmp_path / "a.xlsx", sheet(rows)), limits)
    assert {c.address: int(str(c.value)) for c in found.cells.values()} == {"A1": 1, "B1": 2, "C5": 3, "D5": 4, "A6": 5}
    assert (found.max_row, found.max_col) == (6, 4)


def test_of_a_merged_range_only_the_first_cell_counts(tmp_path: Path, limits: Limits) -> None:
    rows = "".join(
        f'<row r="{r}">' + "".join(f'<c r="{c}{r}"><v>1</v></c>' for c in "ABC") + "</row>" for r in (1, 2, 3)
    )
    merged = sheet(rows, '<mergeCells><mergeCell ref="A1:B2"/><mergeCell ref="C1:C1000"/></mergeCells>')
    found = first_sheet(workbook(tmp_path / "a.xlsx", merged), limits)
    assert sorted(c.address for c in found.cells.values()) == ["A1", "A3", "B3", "C1"]
    assert found.merges == ("A1:B2", "C1:C1000")


def test_hidden_rows_columns_and_sheets_are_told(tmp_path: Path, limits: Limits) -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="2" hidden="1"/><row r="4" hidden="true"><c r="E4"><v>1</v></c></row><row r="9" hidden="1"/>'
    hidden = sheet(rows, before='<cols><col min="2" max="3" hidden="1"/><col min="6" max="16384" hidden="1"/></cols>')
    entries = "".join(
        f'<sheet name="{state or "visible"}" sheetId="{n}" r:id="rId{n}" {f"state={chr(34)}{state}{chr(34)}" if state else ""}/>'
        for n, state in enumerate(("", "hidden", "veryHidden"), 1)
    )
    found = read_workbook(workbook(tmp_path / "a.xlsx", hidden, sheet(), sheet(), entries=entries), limits)
    assert isinstance(found, RawWorkbook)
    assert (found.sheets[0].hidden_rows, found.sheets[0].hidden_cols) == ({2, 4}, {2, 3})
    assert [s.state for s in found.sheets] == [s.name for s in found.sheets] == ["visible", "hidden", "veryHidden"]


def test_a_lying_dimension_loses_no_row(tmp_path: Path, limits: Limits) -> None:
    rows = "".join(f'<row r="{r}"><c r="A{r}"><v>{r}</v></c></row>' for r in range(1, 51))
    found = first_sheet(workbook(tmp_path / "a.xlsx", sheet(rows, before='<dimension ref="A1:A2"/>')), limits)
    assert len(found.cells) == found.max_row == 50


def test_rich_text_and_readings_of_shared_strings_make_one_text(tmp_path: Path, limits: Limits) -> None:
    sst = shared_strings("<r><t>青</t></r><r><t>·靓</t></r><rPh><t>liang</t></rPh>", "<t/>", "<t>乙</t>")
    rows = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c></row>'
    found = first_sheet(workbook(tmp_path / "a.xlsx", sheet(rows), sst=sst), limits)
    assert {c.address: c.value for c in found.cells.values()} == {"A1": "青·靓", "C1": "乙"}


def test_strict_files_prefixes_and_other_cases_of_names_are_read(tmp_path: Path, limits: Limits) -> None:
    strict = "http://purl.oclc.org/ooxml/spreadsheetml/main"
    cell = f'<x:worksheet xmlns:x="{strict}"><x:sheetData><x:row r="1"><x:c r="A1"><x:v>7</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    content = {
        name: str(text).replace(MAIN, strict).replace(RELS, "http://purl.oclc.org/ooxml/officeDocument/relationships")
        for name, text in parts(cell).items()
    }
    content["XL/Worksheets/Sheet1.xml"] = content.pop("xl/worksheets/sheet1.xml")
    found = read_workbook(write(tmp_path / "a.xlsx", content), limits)
    assert isinstance(found, RawWorkbook), found
    assert found.sheets[0].get(1, 1) is not None
    assert found.lossy == ("严格格式（Strict Open XML）",)


def test_styled_empty_rows_by_the_hundred_thousand_are_no_reason_to_refuse(tmp_path: Path, limits: Limits) -> None:
    blank = "".join(f'<row r="{r}" ht="14" customHeight="1"><c r="B{r}" s="0"/></row>' for r in range(2, 300_001))
    found = first_sheet(workbook(tmp_path / "a.xlsx", sheet('<row r="1"><c r="A1"><v>1</v></c></row>' + blank)), limits)
    assert (found.max_row, found.max_col, len(found.cells)) == (1, 1, 1)


def template(path: Path, extra: str = "") -> Path:
    """A workbook like those we issue; `extra` names one thing more."""
    book = xlsxwriter.Workbook(str(path))
    page = book.add_worksheet("T1")
    page.write_row(0, 0, ["措施", "本期完成", "完成率"], book.add_format({"bold": True, "bg_color": "#DDEBF7"}))
    page.write_formula(1, 2, "=B2*2")
    page.data_validation(1, 1, 9, 1, {"validate": "list", "source": ["甲", "乙"]})
    page.conditional_format(1, 1, 9, 1, {"type": "cell", "criteria": "<", "value": 0, "format": book.add_format()})
    page.protect("", {"sort": True})
    page.set_column(5, 5, None, None, {"hidden": True})
    page.set_header("&L报表")
    page.repeat_rows(0)
    book.add_worksheet("_meta").very_hidden()
    book.define_name("甲", "=T1!$A$1:$A$3")
    if extra == "comment":
        page.write_comment("A1", "说明")
    elif extra == "textbox":
        page.insert_textbox(3, 3, "盖章处")
    elif extra == "sparkline":
        page.add_sparkline(4, 4, {"range": "T1!A1:C1"})
    elif extra == "chart":
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=T1!$B$2:$B$5"})
        page.insert_chart("H2", chart)
    elif extra == "data bar":
        page.conditional_format(1, 2, 9, 2, {"type": "data_bar", "data_bar_2010": True})
    elif extra == "dynamic array":
        page.write_dynamic_array_formula("D1:D3", "=UNIQUE(A1:A3)")
    elif extra == "button":
        page.insert_button("H2", {"caption": "提交"})
    elif extra == "macro":
        macro = path.with_suffix(".bin")
        macro.write_bytes(b"macro")
        book.add_vba_project(str(macro))
    book.close()
    return path


@pytest.mark.parametrize(
    ("extra", "lossy"),
    [
        ("", ()),
        ("comment", ()),
        ("textbox", ("图形或文本框",)),
        ("sparkline", ("迷你图",)),
        ("chart", ("图表",)),
        ("data bar", ("新式条件格式",)),
        ("dynamic array", ("动态数组或富数据",)),
        ("button", ("窗体控件",)),
        ("macro", ("宏",)),
    ],
)
def test_what_openpyxl_would_lose_is_named(tmp_path: Path, limits: Limits, extra: str, lossy: tuple[str, ...]) -> None:
    found = read_workbook(template(tmp_path / "a.xlsx", extra), limits)
    assert isinstance(found, RawWorkbook), found
    assert found.lossy == lossy


@pytest.mark.parametrize(
    ("part", "content", "lossy"),
    [
        ("xl/media/image1.png", b"\x89PNG", ()),
        ("xl/drawings/drawing1.xml", '<d xmlns:x="urn:x"><x:pic/></d>', ("图片",)),
        ("xl/drawings/drawing1.xml", "<d/>", ()),
        ("xl/drawings/vmlDrawing1.vml", "<xml><br></xml>", ("窗体控件",)),
        ("xl/externalLinks/externalLink1.xml", "<a/>", ("外部链接",)),
        ("xl/slicers/slicer1.xml", "<a/>", ("切片器",)),
        ("xl/threadedComments/threadedComment1.xml", "<a/>", ("会话式批注",)),
        ("xl/cellimages.xml", "<a/>", ("单元格内图片",)),
        ("xl/calcChain.xml", "<a/>", ()),
        ("docProps/app.xml", "<a/>", ()),
    ],
)
def test_parts_beside_the_sheets_tell_what_would_be_lost(
    tmp_path: Path, limits: Limits, part: str, content: str | bytes, lossy: tuple[str, ...]
) -> None:
    found = read_workbook(workbook(tmp_path / "a.xlsx", extra={part: content}), limits)
    assert isinstance(found, RawWorkbook), found
    assert found.lossy == lossy
