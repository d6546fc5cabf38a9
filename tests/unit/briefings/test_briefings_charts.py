"""Charts of Word's own: what is drawn, what 编辑数据 opens, and what is read to those who cannot see."""

import io
import zipfile
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from briefings_kit import docx, issue, part, part_names, run
from lxml import etree
from openpyxl import load_workbook
from openpyxl.utils import range_boundaries

from yaoxun.briefings.charts import MOST_SERIES, MOST_SLICES, alt_text, series_of
from yaoxun.briefings.model import Chart, Shape

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"


def chart(
    shape: Shape = "柱", header: tuple[str, ...] = ("县", "政策", "占比"), rows: tuple[tuple[str, ...], ...] = ()
) -> Chart:
    rows = rows or (("城区", "7", "53.8%"), ("泽州县", "", "46.15%"), ('A<B & "C"', "-2.5", "—"))
    return Chart(
        shape=shape, caption=(run("图1　各县"),), unit="个", header=tuple((run(h),) for h in header),
        rows=tuple(tuple((run(cell),) if cell else () for cell in row) for row in rows),
    )  # fmt: skip


def drawn(of: Chart) -> Any:
    return part(docx(issue(of)), "word/charts/chart1.xml")


def sheet(data: bytes) -> Any:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        book = load_workbook(io.BytesIO(package.read("word/embeddings/Microsoft_Excel_Sheet1.xlsx")))
    (only,) = book.worksheets
    return only


def cached(reference: Any) -> list[str]:
    """The points of a strRef or numRef, '' for a gap."""
    cache = reference.find(f"{C}strCache") if reference.tag == f"{C}strRef" else reference.find(f"{C}numCache")
    points = {int(p.get("idx")): p.findtext(f"{C}v") for p in cache.iter(f"{C}pt")}
    return [points.get(n, "") for n in range(int(cache.find(f"{C}ptCount").get("val")))]


def pointed_at(book: Any, formula: str) -> list[str]:
    name, _, cells = formula.partition("!")
    assert name == book.title
    first_col, first_row, last_col, last_row = range_boundaries(cells.replace("$", ""))
    found = [book.cell(r, c).value for r, c in product(range(first_row, last_row + 1), range(first_col, last_col + 1))]
    return ["" if value is None else str(value) for value in found]


def numbers(texts: list[str]) -> list[Decimal | None]:
    return [Decimal(text) if text else None for text in texts]


@pytest.mark.parametrize("shape", ["柱", "折线", "饼"])
def test_what_a_chart_shows_is_what_its_workbook_holds(shape: Shape) -> None:
    of = chart(shape) if shape != "饼" else chart(shape, ("县", "数"), (("城区", "7"), ("泽州县", "")))
    data = docx(issue(of))
    book, series = sheet(data), list(part(data, "word/charts/chart1.xml").iter(f"{C}ser"))
    assert len(series) == len(of.header) - 1
    for one in series:
        for where in ("tx", "cat"):
            reference = one.find(f"{C}{where}/{C}strRef")
            assert pointed_at(book, reference.findtext(f"{C}f")) == cached(reference)
        reference = one.find(f"{C}val/{C}numRef")
        assert numbers(pointed_at(book, reference.findtext(f"{C}f"))) == numbers(cached(reference))
    assert book["A1"].value == "县"
    assert book.max_row == len(of.rows) + 1 and book.max_column == len(of.header)


def test_gaps_percent_and_decimals_are_kept() -> None:
    first, second = series_of(chart())
    assert first.values == (Decimal(7), None, Decimal("-2.5")) and first.format == "0.0"
    assert second.values == (Decimal("53.8"), Decimal("46.15"), None) and second.format == '0.00"%"'
    book = sheet(docx(issue(chart())))
    assert (book["C2"].value, book["C2"].number_format, book["B3"].value) == (53.8, '0.00"%"', None)


def test_a_name_that_looks_like_a_formula_or_an_address_is_text_in_the_workbook() -> None:
    names = ("=1+1", "http://x.example", "007", "+86")
    of = chart(header=("县", "=SUM(A1)"), rows=tuple((name, "1") for name in names))
    book = sheet(docx(issue(of)))
    assert [(book.cell(n, 1).value, book.cell(n, 1).data_type) for n in range(2, 6)] == [(name, "s") for name in names]
    assert book["B1"].data_type == "s" and book["A3"].hyperlink is None


def test_a_chart_without_one_number_is_drawn_empty() -> None:
    data = docx(issue(chart(header=("县", "数"), rows=(("城区", ""), ("泽州县", "—")))))
    (series,) = part(data, "word/charts/chart1.xml").iter(f"{C}ser")
    assert cached(series.find(f"{C}val/{C}numRef")) == ["", ""]


@pytest.mark.parametrize("shape", ["柱", "折线"])
def test_a_hundred_categories_are_drawn_without_numbers_at_them(shape: Shape) -> None:
    rows = tuple((f"类别{n}", str(n)) for n in range(100))
    plot = drawn(chart(shape, ("县", "数"), rows))
    assert [label.get("val") for label in plot.iter(f"{C}showVal")] == ["0"]
    assert plot.find(f".//{C}cat/{C}strRef/{C}strCache/{C}ptCount").get("val") == "100"
    few = drawn(chart(shape, ("县", "数"), rows[:5]))
    assert [label.get("val") for label in few.iter(f"{C}showVal")] == ["1"]


def test_in_grey_no_two_series_and_no_two_slices_look_alike() -> None:
    rows = tuple((f"县{n}", "1") for n in range(MOST_SLICES))
    slices = [etree.tostring(p.find(f"{C}spPr")) for p in drawn(chart("饼", ("县", "数"), rows)).iter(f"{C}dPt")]
    assert len(slices) == len(set(slices)) == MOST_SLICES
    heads = ("县", *(f"数{n}" for n in range(MOST_SERIES)))
    line = ("城区", *("1" for _ in range(MOST_SERIES)))
    for shape, look in (("柱", f"{C}spPr"), ("折线", f"{C}marker")):
        plot = drawn(chart(shape, heads, (line,)))  # type: ignore[arg-type]
        looks = [etree.tostring(one.find(look)) for one in plot.iter(f"{C}ser")]
        assert len(looks) == len(set(looks)) == MOST_SERIES
    colours = {c.get("val") for c in drawn(chart("饼", ("县", "数"), rows)).iter(f"{A}srgbClr")}
    assert all(c[:2] == c[2:4] == c[4:] for c in colours), "greys only"


def test_slices_bear_their_names_and_lines_their_numbers_while_there_are_few() -> None:
    pie = drawn(chart("饼", ("县", "数"), (("城区", "7"), ("泽州县", "9"))))
    assert [pie.find(f".//{C}dLbls/{C}show{name}").get("val") for name in ("CatName", "Percent", "Val")] == [
        "1",
        "1",
        "0",
    ]
    assert pie.find(f".//{C}legend") is None
    heads, line = ("县", "甲", "乙", "丙"), ("城区", "1", "2", "3")
    for many, shown in ((3, "1"), (4, "0")):
        plot = drawn(chart("折线", heads[:many], (line[:many],)))
        assert {label.get("val") for label in plot.iter(f"{C}showVal")} == {shown}
        assert plot.find(f".//{C}legend") is not None


def test_a_chart_is_told_in_words_within_bounds() -> None:
    told = alt_text(chart())
    assert (
        told
        == '柱形图，图1 各县（单位：个）。城区：政策7，占比53.8%；泽州县：政策无，占比46.15%；A<B & "C"：政策-2.5，占比—。'
    )
    long = alt_text(chart(header=("县", "数"), rows=tuple((f"类别{n}", str(n)) for n in range(200))))
    assert len(long) == 600 and long.endswith("…")
    (drawing,) = part(docx(issue(chart()))).iter(f"{WP}docPr")
    assert drawing.get("descr") == told


def test_each_chart_has_a_part_and_a_workbook_of_its_own() -> None:
    data = docx(issue(chart(), chart("折线")))
    assert [name for name in part_names(data) if "/charts/c" in name or ".xlsx" in name] == [
        "word/charts/chart1.xml", "word/charts/chart2.xml", "word/embeddings/Microsoft_Excel_Sheet1.xlsx",
        "word/embeddings/Microsoft_Excel_Sheet2.xlsx",
    ]  # fmt: skip
    rels = [part(data, f"word/charts/_rels/chart{n}.xml.rels")[0].get("Target") for n in (1, 2)]
    assert [name.rpartition("/")[2] for name in rels] == ["Microsoft_Excel_Sheet1.xlsx", "Microsoft_Excel_Sheet2.xlsx"]
    external = [part(data, f"word/charts/chart{n}.xml").find(f"{C}externalData") for n in (1, 2)]
    assert all(one is not None for one in external)


def test_control_characters_do_not_break_a_chart_or_its_workbook() -> None:
    bad = "甲\x00\x01\x0b\ufffe\ud800乙"
    data = docx(issue(chart(header=(bad, bad), rows=((bad, "1"),))))
    assert (sheet(data)["A2"].value, sheet(data)["B1"].value) == ("甲乙", "甲乙")


def test_the_numbers_of_two_lines_stand_apart_where_the_lines_cross() -> None:
    of = chart("折线", ("月", "计划", "实际"), (("1月", "10", "8"), ("2月", "20", "23"), ("3月", "30", "")))
    first, second = drawn(of).iter(f"{C}ser")
    for series, usual, turned in ((first, "t", "b"), (second, "b", "t")):
        labels = series.find(f"{C}dLbls")
        assert labels.find(f"{C}dLblPos").get("val") == usual
        (single,) = labels.findall(f"{C}dLbl")
        assert (single.find(f"{C}idx").get("val"), single.find(f"{C}dLblPos").get("val")) == ("1", turned)
