"""What comes instead of an .xlsx: OpenDocument, text with delimiters, web pages, XML of 2003, templates."""

import zipfile
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.sheets_builders import content_types, sheet, workbook, write
from support.sheets_other_builders import ODS, cell, data, number, ods, page, row, table, xml2003
from yaoxun.sheets.codec import from_plain, to_plain
from yaoxun.sheets.limits import Limits
from yaoxun.sheets.model import RawSheet, RawWorkbook, Refusal
from yaoxun.sheets.reader import read_workbook


def read(path: Path, content: bytes, limits: Limits) -> RawWorkbook:
    path.write_bytes(content)
    found = read_workbook(path, limits)
    assert isinstance(found, RawWorkbook), found
    assert from_plain(to_plain(found)) == found
    assert found.lossy, "a marked-up copy of it cannot be written"
    return found


def refused(path: Path, content: bytes, limits: Limits) -> str:
    path.write_bytes(content)
    found = read_workbook(path, limits)
    assert isinstance(found, Refusal), found
    return found.code


def shown(found: RawSheet) -> dict[str, tuple[str, object, str | None]]:
    return {cell.address: (cell.kind, cell.value, cell.formula) for cell in found.cells.values()}


def texts(found: RawSheet) -> dict[str, object]:
    return {cell.address: cell.value for cell in found.cells.values()}


# OpenDocument


@pytest.mark.parametrize(
    ("written", "kind", "value", "formula"),
    [
        (cell("甲\n乙", office__value_type="string"), "text", "甲\n乙", None),
        (cell("<text:s text:c='2'/>前后 ", office__value_type="string"), "text", "  前后 ", None),
        (cell("甲<text:tab/>乙<text:line-break/>丙", office__value_type="string"), "text", "甲\t乙\n丙", None),
        (cell("001", office__value_type="string"), "text", "001", None),
        (cell("0.3", office__value_type="float", office__value="0.30000000000000004"), "number", Decimal("0.3"), None),
        (cell("12%", office__value_type="percentage", office__value="0.12"), "number", Decimal("0.12"), None),
        (cell("¥5", office__value_type="currency", office__value="5"), "number", Decimal(5), None),
        (cell("4月6日", office__value_type="date", office__date_value="2023-04-06"), "date", datetime(2023, 4, 6), None),
        (cell("x", office__value_type="date", office__date_value="2023-04-06T08:30:00"), "date", datetime(2023, 4, 6, 8, 30), None),
        (cell("x", office__value_type="time", office__time_value="PT13H45M00S"), "text", "13:45:00", None),
        (cell("x", office__value_type="time", office__time_value="PT36H00M00.5S"), "text", "36:00:00", None),
        (cell("x", office__value_type="time", office__time_value="PT252H36M42.9999999S"), "text", "252:36:43", None),
        (cell("真", office__value_type="boolean", office__boolean_value="true"), "bool", True, None),
        (cell("TRUE", office__value_type="float", office__value="1"), "bool", True, None),
        (cell("#REF!", office__value_type="string", office__string_value="", calcext__value_type="error"), "error", "#REF!", None),
        (number(6, table__formula="of:=SUM([.A1:.B2];[$'甲.乙'.C3];2)"), "number", Decimal(6), "SUM(A1:B2,'甲.乙'!C3,2)"),
        (number(1, table__formula="of:=IF([.A1]=&quot;;[.B]&quot;;[.$B$1];1)"), "number", Decimal(1), 'IF(A1=";[.B]",$B$1,1)'),
        (cell(table__formula="of:=[.A1]"), "text", "", "A1"),
        (cell("甲<office:annotation><text:p>批注</text:p></office:annotation>", office__value_type="string"), "text", "甲", None),
        (cell("甲<draw:frame><text:p>图</text:p></draw:frame>", office__value_type="string"), "text", "甲", None),
    ],
)  # fmt: skip
def test_a_cell_of_an_opendocument_is_read_as_it_is_shown(  # noqa: PLR0917
    tmp_path: Path, limits: Limits, written: str, kind: str, value: object, formula: str | None
) -> None:
    book = read(tmp_path / "a.xlsx", ods(tmp_path / "b", table(row(written))), limits)
    assert shown(book.sheets[0]) == {"A1": (kind, value, formula)}


def test_repeated_cells_and_rows_keep_their_addresses(tmp_path: Path, limits: Limits) -> None:
    rows = (
        row(cell(table__number_columns_repeated=2), number(7, table__number_columns_repeated=2), cell(table__number_columns_repeated=16380))
        + row(cell(), number_rows_repeated=3)
        + row(cell("甲", office__value_type="string"), number_rows_repeated=2)
        + row(cell(table__number_columns_repeated=16384), number_rows_repeated=1048570)
    )  # fmt: skip
    book = read(tmp_path / "a.ods", ods(tmp_path / "b", table(rows)), limits)
    assert texts(book.sheets[0]) == {"C1": Decimal(7), "D1": Decimal(7), "A5": "甲", "A6": "甲"}


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        (row(number(1), number_rows_repeated=1048576), "too_far"),
        (row(number(1, table__number_columns_repeated=16384)), "too_far"),
        (row(number(1, table__number_columns_repeated=900), number_rows_repeated=90000), "too_many_cells"),
        (row(cell("字" * 900, table__number_columns_repeated=900), number_rows_repeated=90), "too_much_text"),
        (row(cell("字", table__number_columns_spanned=999, table__number_rows_spanned=9999)), "merged_too_wide"),
        (row(cell("字" * 32768, office__value_type="string")), "text_too_long"),
        (row(number("1e999")), "broken"),
        (row(number(1, table__number_columns_repeated="-5")), "broken"),
        (row(*[cell(table__number_columns_spanned=2)] * 10001), "too_many_merges"),
    ],
)
def test_what_is_repeated_too_often_is_refused_at_once(tmp_path: Path, limits: Limits, rows: str, code: str) -> None:
    assert refused(tmp_path / "a.ods", ods(tmp_path / "b", table(rows)), limits) == code


def test_merges_hidden_lines_and_hidden_sheets_of_an_opendocument(tmp_path: Path, limits: Limits) -> None:
    style = '<style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/></style:style>'
    columns = '<table:table-column table:number-columns-repeated="2"/><table:table-column table:visibility="collapse"/>'
    span = cell("题", table__number_columns_spanned=3, table__number_rows_spanned=2)
    covered = "<table:covered-table-cell><text:p>盖住</text:p></table:covered-table-cell>"
    rows = row(span, covered) + row(covered) + row(cell("藏"), visibility="collapse", number_rows_repeated=2)
    rows += row(cell(), cell(), cell("末"), visibility="filter")
    tables = table(columns + rows) + table(row(cell("甲")), "藏", ' table:style-name="ta2"')
    book = read(tmp_path / "a.ods", ods(tmp_path / "b", tables, style), limits)
    first = book.sheets[0]
    assert (first.merges, first.hidden_rows, first.hidden_cols) == (("A1:C2",), {3, 4, 5}, {3})
    assert texts(first) == {"A1": "题", "A3": "藏", "A4": "藏", "C5": "末"}
    assert [(s.name, s.state) for s in book.sheets] == [("表", "visible"), ("藏", "hidden")]


def test_groups_and_nested_tables_do_not_shift_addresses(tmp_path: Path, limits: Limits) -> None:
    inner = f"<table:table-cell>{table(row(cell('里')), '里表')}</table:table-cell>"
    rows = f"<table:table-header-rows>{row(cell('头'))}</table:table-header-rows>"
    rows += f"<table:table-row-group>{row(inner, cell('右'))}</table:table-row-group>{row(cell('末'))}"
    gone = f"<table:tracked-changes>{row(cell('删'))}</table:tracked-changes>"
    book = read(tmp_path / "a.ods", ods(tmp_path / "b", gone + table(rows)), limits)
    assert [texts(s) for s in book.sheets] == [{"A1": "头", "B2": "右", "A3": "末"}]


# Text with delimiters


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "，"])
def test_a_text_is_read_in_its_encoding_with_its_delimiter(
    tmp_path: Path, limits: Limits, encoding: str, delimiter: str
) -> None:
    text = "No，措施\r\n规划，3\r\n".replace("，", delimiter)
    book = read(tmp_path / "表.xlsx", text.encode(encoding), limits)
    assert book.sheets[0].name == "csv"
    assert shown(book.sheets[0]) == {
        "A1": ("text", "No", None), "B1": ("text", "措施", None), "A2": ("text", "规划", None), "B2": ("text", "3", None),
    }  # fmt: skip


def test_quoted_line_breaks_ragged_rows_and_blank_lines_keep_the_addresses(tmp_path: Path, limits: Limits) -> None:
    text = '标题\n"甲\n乙",2\n\n丙,,4,5\n"他说""好""",#REF!\n="001",1\n末,3'
    book = read(tmp_path / "a.csv", text.encode(), limits)
    assert texts(book.sheets[0]) == {
        "A1": "标题", "A2": "甲\n乙", "B2": "2", "A4": "丙", "C4": "4", "D4": "5", "A5": '他说"好"', "B5": "#REF!",
        "A6": "001", "B6": "1", "A7": "末", "B7": "3",
    }  # fmt: skip
    assert book.sheets[0].cells[5, 2].kind == "error"


def test_numbers_with_commas_do_not_hide_the_tab(tmp_path: Path, limits: Limits) -> None:
    text = "单位\t数\n甲\t1,234\n乙\t2,345,678\n丙\t9\n"
    assert texts(read(tmp_path / "a", text.encode(), limits).sheets[0])["B3"] == "2,345,678"


@pytest.mark.parametrize(
    "text",
    [
        "本月没有要报的。",
        "各单位，请注意：本月报表，月底前报送。\n谢谢，配合。\n",
        "第一行\n第二行\n第三行，完\n",
        "甲\n乙\n丙\n",
    ],
)
def test_prose_is_no_table(tmp_path: Path, limits: Limits, text: str) -> None:
    assert refused(tmp_path / "a.csv", text.encode("gb18030"), limits) == "text"


def test_a_quote_within_a_field_is_no_fault(tmp_path: Path, limits: Limits) -> None:
    assert texts(read(tmp_path / "a.csv", '尺寸,备注\n"5"寸,好\n'.encode(), limits).sheets[0])["A2"] == "5寸"


# Web pages


@pytest.mark.parametrize("charset", ["utf-8", "gb2312", "gbk"])
def test_spans_become_merges_and_push_the_neighbours_aside(tmp_path: Path, limits: Limits, charset: str) -> None:
    body = (
        "<table><col><col span=2 style='display:none'><tr><td colspan=3>题&nbsp;目<br>副题</td></tr>"
        "<tr><th rowspan=2>单位<td>数<td>占比</tr><tr style='display: none'><td>1,234.5</td><td> #N/A\n </td></tr></table>"
    )
    first = read(tmp_path / "a.xls", page(body, charset), limits).sheets[0]
    assert texts(first) == {"A1": "题 目\n副题", "A2": "单位", "B2": "数", "C2": "占比", "B3": "1,234.5", "C3": "#N/A"}
    assert (first.merges, first.hidden_rows, first.hidden_cols) == (("A1:C1", "A2:A3"), {3}, {2, 3})
    assert first.cells[3, 3].kind == "error"


def test_a_layout_is_no_sheet_and_tables_are_numbered(tmp_path: Path, limits: Limits) -> None:
    body = "<table><tr><td><table><tr><td>甲</table></td><td><table><tr><td>乙</td></tr></table></td></tr></table><table></table>"
    book = read(tmp_path / "a.xls", page(body), limits)
    assert [(s.name, texts(s)) for s in book.sheets] == [("表格1", {"A1": "甲"}), ("表格2", {"A1": "乙"})]


def test_scripts_and_styles_are_not_read_and_excels_name_is(tmp_path: Path, limits: Limits) -> None:
    head = "<!--[if gte mso 9]><xml><x:ExcelWorksheet><x:Name>一月</x:Name></x:ExcelWorksheet></xml><![endif]-->"
    body = "<table><tr><td>1<script>var a = '<td>2</td>'</script><style>td {}</style></td></tr></table>"
    (only,) = read(tmp_path / "a.xls", page(body, head=head), limits).sheets
    assert (only.name, texts(only)) == ("一月", {"A1": "1"})


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("<table><tr><td colspan=60000 rowspan=60000>甲</table>", "merged_too_wide"),
        ("<table><tr>" + "<td colspan=900>" * 2 + "<td>甲</table>", "too_far"),
        ("<table><tr><td>甲</table>" * 101, "too_many_sheets"),
        ("<table><tr><td>" + "字" * 32_768 + "</table>", "text_too_long"),
        ("<b>" * 6_000_001, "too_many_tags"),
    ],
)
def test_the_limits_hold_for_a_web_page(tmp_path: Path, limits: Limits, body: str, code: str) -> None:
    assert refused(tmp_path / "a.xls", page(body), limits) == code


@pytest.mark.parametrize(
    ("limit", "value", "code"),
    [("filled_cells", 3, "too_many_cells"), ("text_chars", 3, "too_much_text"), ("max_row", 1, "too_far"), ("tags", 9, "too_many_tags")],
)  # fmt: skip
def test_each_limit_holds_for_a_web_page(tmp_path: Path, limits: Limits, limit: str, value: int, code: str) -> None:
    content = page("<table><tr><td>甲<td>乙<tr><td>丙<td>丁</table>")
    assert refused(tmp_path / "a.xls", content, limits.model_copy(update={limit: value})) == code


def test_the_sheets_of_a_web_archive_are_read(tmp_path: Path, limits: Limits) -> None:
    def part(kind: str, text: str) -> str:
        return f"--b\r\nContent-Type: {kind}; charset=gb2312\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{text}\r\n"

    names = "<frameset><x:Name>一月</x:Name><x:Name>二月</x:Name></frameset>"
    parts = part("text/html", names) + part("text/html", "<table><tr><td>甲</table>") + part("text/css", "<table>")
    parts += part("text/html", "<table><tr><td>乙</table>")
    content = "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n" + parts + "--b--"
    book = read(tmp_path / "a.xls", content.encode("gb18030"), limits)
    assert [(s.name, texts(s)) for s in book.sheets] == [("一月", {"A1": "甲"}), ("二月", {"A1": "乙"})]


# XML of 2003


STYLES = "".join(
    f'<Style ss:ID="{name}"><NumberFormat ss:Format="{code}"/></Style>'
    for name, code in {"d": "Short Date", "c": "yyyy-mm-dd", "h": "[h]:mm", "y": "Currency", "p": "Percent"}.items()
)


@pytest.mark.parametrize("declared", ["UTF-8", "gb2312", "UTF-16"])
def test_an_xml_of_2003_is_read_with_addresses_merges_and_hidden_lines(
    tmp_path: Path, limits: Limits, declared: str
) -> None:
    rows = (
        '<Column ss:Index="2" ss:Span="1" ss:Hidden="1"/>'
        f"<Row>{data('String', '题', MergeAcross='2')}{data('String', '右')}</Row>"
        f'<Row ss:Index="3" ss:Hidden="1" ss:Span="1">{data("Number", "0.30000000000000004", Index="2")}{data("Number", "5")}</Row>'
        f"<Row>{data('Number', '6', Formula='=SUM(R[-2]C)')}<Cell><Comment><Data>批注</Data></Comment></Cell></Row>"
    )
    book = read(tmp_path / "a.xls", xml2003({"表": rows}, declared=declared), limits)
    first = book.sheets[0]
    assert shown(first) == {
        "A1": ("text", "题", None), "D1": ("text", "右", None), "B3": ("number", Decimal("0.3"), None),
        "C3": ("number", Decimal(5), None), "A5": ("number", Decimal(6), "SUM(R[-2]C)"),
    }  # fmt: skip
    assert (first.merges, first.hidden_rows, first.hidden_cols) == (("A1:C1",), {3, 4}, {2, 3})


@pytest.mark.parametrize(
    ("written", "kind", "value"),
    [
        (data("DateTime", "2023-04-06T00:00:00.000", StyleID="d"), "date", datetime(2023, 4, 6)),
        (data("Number", "45022", StyleID="c"), "date", datetime(2023, 4, 6)),
        (data("DateTime", "1899-12-31T13:45:00.000"), "text", "13:45:00"),
        (data("DateTime", "1900-01-01T12:00:00.000", StyleID="h"), "text", "36:00:00"),
        (data("Number", "12.5", StyleID="y"), "number", Decimal("12.5")),
        (data("Number", "0.5", StyleID="p"), "number", Decimal("0.5")),
        (data("Boolean", "1"), "bool", True),
        (data("Error", "#DIV/0!"), "error", "#DIV/0!"),
        (data("String", "<B>甲</B>乙&#10;丙"), "text", "甲乙\n丙"),
    ],
)
def test_the_types_of_an_xml_of_2003(tmp_path: Path, limits: Limits, written: str, kind: str, value: object) -> None:
    book = read(tmp_path / "a.xls", xml2003({"表": f"<Row>{written}</Row>"}, STYLES), limits)
    assert shown(book.sheets[0]) == {"A1": (kind, value, None)}


def test_a_hidden_sheet_of_an_xml_of_2003(tmp_path: Path, limits: Limits) -> None:
    options = '<o:WorksheetOptions xmlns:o="urn:schemas-microsoft-com:office:excel"><o:Visible>SheetVeryHidden</o:Visible></o:WorksheetOptions>'
    book = read(tmp_path / "a.xls", xml2003({"一": f"<Row>{data('Number', '1')}</Row>"}, options=options), limits)
    assert book.sheets[0].state == "veryHidden"


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        (f'<Row ss:Index="1048576">{data("Number", "1")}</Row>', "too_far"),
        (f"<Row>{data('Number', '1', MergeAcross='16383', MergeDown='99999')}</Row>", "merged_too_wide"),
        (f"<Row>{data('Number', '1个')}</Row>", "broken"),
        (f'<Row ss:Index="x">{data("Number", "1")}</Row>', "broken"),
        (f"<Row>{data('Number', '1', Index='2')}{data('Number', '1', Index='2')}</Row>", "unsafe"),
        ("<Row>", "broken"),
    ],
)
def test_a_bad_xml_of_2003_is_refused(tmp_path: Path, limits: Limits, rows: str, code: str) -> None:
    assert refused(tmp_path / "a.xls", xml2003({"表": rows}), limits) == code


# Templates


@pytest.mark.parametrize(
    "kind",
    [
        "application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml",
        "application/vnd.ms-excel.template.macroEnabled.main+xml",
    ],
)
def test_a_template_is_read_like_a_workbook(tmp_path: Path, limits: Limits, kind: str) -> None:
    workbook(tmp_path / "b", sheet(), extra={"[Content_Types].xml": content_types(kind)})
    book = read(tmp_path / "a.xltx", (tmp_path / "b").read_bytes(), limits)
    assert texts(book.sheets[0]) == {"A1": Decimal(7)}


# Whatever is cut out and put in


SNIPPETS = ["<", ">", '"', "'", "</", "/>", "<![x", "<!--", "&", ";", "=", "\x00", "-1", "999999999", "\n", ",", "\ufeff", "<table:table-row>",
            "<tr>", "<td colspan=9>", "</Row>", "[", "$", ".", "of:=", " ss:Index='3'", "x"]  # fmt: skip
_MHTML = (
    "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n"
)


def _samples(path: Path) -> dict[str, bytes]:
    old = page("<table><tr><td rowspan=2>甲<br>乙<td colspan=2>1</tr><tr hidden><th>丙</table>")
    return {
        "csv": "单位,数\n甲,3\n\"乙\n\",4\n".encode(),
        "html": old,
        "mhtml": _MHTML.encode() + old + b"\r\n--b--",
        "xml": xml2003({"表": f"<Row>{data('String', '题', MergeAcross='2')}{data('DateTime', '2023-04-06T00:00:00')}</Row>"}, STYLES),
        "ods": ods(
            path, table(row(cell("甲"), number(6, table__formula="of:=SUM([.A1:.B2];[$表.C3])")), more=' table:print="false"')
        ),
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["csv", "html", "mhtml", "xml", "ods"])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 8), st.sampled_from(SNIPPETS)), min_size=1, max_size=4))
def test_pieces_cut_and_put_in_never_do_more_than_refuse(
    tmp_path: Path, limits: Limits, kind: str, edits: list[tuple[float, int, str]]
) -> None:
    whole = _samples(tmp_path / "b")[kind]
    if kind == "ods":
        with zipfile.ZipFile(tmp_path / "b") as package:
            whole = package.read("content.xml")
    for where, cut, put in edits:
        at = int(where * len(whole))
        whole = whole[:at] + put.encode() + whole[at + cut :]
    (tmp_path / "a").write_bytes(whole)
    if kind == "ods":
        write(tmp_path / "a", {"mimetype": ODS, "content.xml": whole})
    assert isinstance(read_workbook(tmp_path / "a", limits), RawWorkbook | Refusal)


def test_a_mail_is_told_from_a_web_archive(tmp_path: Path, limits: Limits) -> None:
    content = b"Received: from a\r\nTo: b\r\n" + _MHTML.encode() + page("<table><tr><td>1</table>") + b"\r\n--b--"
    assert refused(tmp_path / "a.xls", content, limits) == "mail"
    assert refused(
        tmp_path / "a.xls",
        _MHTML.replace("boundary=b", "boundary=b0").replace("--b\r\nContent-Type: text/html\r\n\r\n", "").encode()
        + nested_mail(2000),
        limits,
    ) in ("broken", "html")


def nested_mail(depth: int) -> bytes:
    return b"".join(
        b"\r\n--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n" % (n - 1, n) for n in range(1, depth)
    )
