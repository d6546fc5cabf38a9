"""The Word file: GB/T 9704 values, styles only, bookmarks, the same bytes everywhere."""

import hashlib
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from briefings_kit import (
    LATE,
    W,
    bookmarks,
    docx,
    issue,
    paragraph,
    paragraphs,
    part,
    part_names,
    printed_text,
    run,
    shipped_profile,
    table,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from yaoxun.briefings.model import (
    Attachment,
    Chart,
    Colophon,
    Contents,
    Heading,
    Issue,
    Item,
    Masthead,
    Numeral,
    Paragraph,
    Remark,
    Run,
    Table,
    content_bytes,
    content_sha,
    text_runs,
)
from yaoxun.briefings.storage import issue_from_bytes

ROOT = Path(__file__).parents[3]


def styles(data: bytes) -> dict[str, Any]:
    return {s.get(f"{W}styleId"): s for s in part(data, "word/styles.xml").iter(f"{W}style")}


def value(element: Any, path: str, name: str = "val") -> str | None:
    found = element.find("/".join(f"{W}{step}" for step in path.split("/")))
    return None if found is None else found.get(f"{W}{name}")


# The same bytes


def test_the_same_issue_gives_the_same_bytes() -> None:
    assert docx() == docx()


def test_the_package_bears_no_date_and_no_name_of_a_tool() -> None:
    core = part(docx(), "docProps/core.xml")
    text = "".join(core.itertext())
    assert "python-docx" not in text
    assert "2013" not in text, "the date of python-docx's own template"
    assert "示例单位" in text and "示例标题" in text


# What is signed


def test_the_late_slots_are_no_part_of_the_content() -> None:
    assert docx(late=LATE) != docx(late=replace(LATE, issue_number="〔2023〕第5期"))
    assert "〔2023〕" not in content_bytes(issue()).decode()
    assert content_sha(issue()) != content_sha(issue(headline=(run("另一标题"),)))


texts = st.text(max_size=12)
runs = st.lists(
    st.builds(Run, text=texts, numeral=st.sampled_from(["", "num_001"]), strong=st.booleans()), max_size=3
).map(tuple)
cells = st.lists(runs, min_size=2, max_size=2).map(tuple)
grid = {"caption": runs, "unit": texts, "header": cells, "rows": st.lists(cells, max_size=3).map(tuple)}
blocks = st.one_of(
    st.builds(Heading, level=st.integers(1, 3), runs=runs),
    *(st.builds(kind, runs=runs) for kind in (Paragraph, Remark, Item)),
    st.builds(Contents),
    st.builds(Attachment, number=st.integers(0, 9), runs=runs),
    st.builds(Table, **grid),
    st.builds(
        Chart,
        **grid
        | {
            "rows": st.lists(st.tuples(runs, st.sampled_from(["", "—", "7", "-2.5%"]).map(text_runs)), max_size=3).map(
                tuple
            )
        },
        shape=st.sampled_from(["柱", "折线", "饼"]),
    ),
)
issues = st.builds(
    Issue,
    headline=runs,
    masthead=st.builds(Masthead, name=texts, issuer=texts, secret=texts, urgency=st.sampled_from(["", "特急"]), copy_number=texts),
    blocks=st.lists(blocks, max_size=4).map(tuple),
    colophon=st.builds(
        Colophon, rows=st.lists(st.tuples(texts, st.lists(texts, max_size=2).map(tuple)), max_size=2).map(tuple), editor=texts
    ),
    numerals=st.lists(
        st.builds(Numeral, seq=st.integers(1, 99), id=texts, text=texts, origin=st.sampled_from(["figure", "date"]), dims=texts),
        max_size=2,
    ).map(tuple),
)  # fmt: skip


@given(issues)
@settings(max_examples=60, deadline=None)
def test_what_is_stored_comes_back_equal(of: Issue) -> None:
    assert issue_from_bytes(content_bytes(of)) == of
    assert content_sha(issue_from_bytes(content_bytes(of))) == content_sha(of)


@given(issues)
@settings(max_examples=25, deadline=None)
def test_any_issue_makes_a_file_that_can_be_read(of: Issue) -> None:
    assert part(docx(of)).tag == f"{W}document"


def test_an_issue_that_an_earlier_program_stored_keeps_its_bytes_and_its_hash() -> None:
    with zipfile.ZipFile(ROOT / "tests" / "fixtures" / "spine-001-blobs.zip") as blobs:
        stored = {Path(name).name: blobs.read(name) for name in blobs.namelist() if not name.endswith("/")}
    contents = {sha: data for sha, data in stored.items() if data.startswith(b'{"blocks":')}
    assert contents
    for sha, data in contents.items():
        assert content_bytes(issue_from_bytes(data)) == data
        assert content_sha(issue_from_bytes(data)) == hashlib.sha256(data).hexdigest() == sha


def test_each_new_part_of_an_issue_changes_what_is_signed() -> None:
    usual = content_sha(issue())
    heads = ({"secret": "内部"}, {"urgency": "加急"}, {"copy_number": "000001"})
    changed = [content_sha(issue(masthead=replace(issue().masthead, **more))) for more in heads]
    changed += [content_sha(issue(*issue().blocks, block)) for block in (
        Contents(), Remark(runs=(run("甲"),)), Item(runs=(run("甲"),)), Paragraph(runs=(run("甲"),)),
        Attachment(number=0, runs=(run("甲"),)), Attachment(number=1, runs=(run("甲"),)))]  # fmt: skip
    charts = [Chart(shape=shape, caption=(), unit="", header=(), rows=()) for shape in ("柱", "折线", "饼")]
    changed += [content_sha(issue(*issue().blocks, one)) for one in charts]
    assert len({usual, *changed}) == 1 + len(changed) == 13


# The figures


def test_every_figure_stands_in_a_bookmark_named_by_its_numeral() -> None:
    of = issue(
        Heading(level=1, runs=(run("一、"), run("12", numeral="num_002"))),
        Paragraph(runs=(run("“"), run("比上期增加5个，增长6.1%", numeral="num_003"), run("”"), run("8", numeral="num_004", strong=True))),
        replace(table(), rows=(((run("城区"),), (run("7", numeral="num_005"),)),)),
        headline=(run("出台"), run("87", numeral="num_001"), run("个")),
    )  # fmt: skip
    assert bookmarks(docx(of)) == {
        "num_001": "87", "num_002": "12", "num_003": "比上期增加5个，增长6.1%", "num_004": "8", "num_005": "7",
    }  # fmt: skip
    ids = [b.get(f"{W}id") for b in part(docx(of)).iter(f"{W}bookmarkStart")]
    assert len(set(ids)) == len(ids) == 5


def test_a_figure_in_a_broken_title_keeps_its_bookmark_and_the_properties_an_unbroken_title() -> None:
    headline = (run("示例单位推动青年发展型城市建设试点出台政策"), run("87", numeral="num_001"), run("个走深走实"))
    data = docx(issue(paragraph(), headline=headline))
    assert bookmarks(data) == {"num_001": "87"}
    (title,) = [text for style, text in paragraphs(data) if style == "Title"]
    assert title.count("\n") == 1
    assert title.replace("\n", "") == "".join(r.text for r in headline)
    assert title.replace("\n", "") in "".join(part(data, "docProps/core.xml").itertext())


def test_a_long_figure_broken_over_two_lines_of_the_title_has_one_bookmark() -> None:
    phrase = "比上期增加许多许多许多许多许多许多，增长也很多"
    data = docx(issue(paragraph(), headline=(run("市级政策总数"), run(phrase, numeral="num_001"))))
    assert bookmarks(data)["num_001"].replace("\n", "") == phrase


# The page


def test_page_margins_grid_and_footer_follow_the_standard() -> None:
    section = part(docx()).find(f"{W}body/{W}sectPr")
    size, margins, grid = (section.find(f"{W}{name}") for name in ("pgSz", "pgMar", "docGrid"))
    assert (size.get(f"{W}w"), size.get(f"{W}h")) == ("11906", "16838")
    sides = {name: margins.get(f"{W}{name}") for name in ("top", "right", "bottom", "left", "footer")}
    assert sides == {"top": "2098", "right": "1474", "bottom": "1984", "left": "1587", "footer": "1446"}
    assert (grid.get(f"{W}type"), grid.get(f"{W}linePitch")) == ("lines", "579")


def test_every_body_style_keeps_22_lines_of_28_characters() -> None:
    made = styles(docx())
    for name in ("Normal", "BodyText", "Heading1", "Heading2", "Heading3"):
        assert value(made[name], "pPr/spacing", "line") == "579"
        assert value(made[name], "pPr/spacing", "lineRule") == "exact"
        assert value(made[name], "rPr/spacing") == "-5"
        assert value(made[name], "rPr/sz") == "32"
        assert value(made[name], "pPr/jc") == "both"
    assert value(made["BodyText"], "pPr/ind", "firstLineChars") == "200"
    assert value(made["BodyText"], "pPr/ind", "firstLine") == "630"


def test_page_numbers_stand_odd_right_and_even_left_between_dashes() -> None:
    data = docx()
    assert part(data, "word/settings.xml").find(f"{W}evenAndOddHeaders") is not None
    footers = [part(data, name) for name in part_names(data) if name.startswith("word/footer")]
    looks = {f.find(f"{W}p/{W}pPr/{W}pStyle").get(f"{W}val"): f for f in footers}
    assert set(looks) == {"PageNumberOdd", "PageNumberEven"}
    for footer in footers:
        assert printed_text(footer) == "— 1 —"
        assert [i.text.strip() for i in footer.iter(f"{W}instrText")] == ["PAGE"]
    made = styles(data)
    assert (
        value(made["PageNumberOdd"], "pPr/jc") == "right" and value(made["PageNumberOdd"], "pPr/ind", "right") == "280"
    )
    assert (
        value(made["PageNumberEven"], "pPr/jc") == "left" and value(made["PageNumberEven"], "pPr/ind", "left") == "280"
    )
    kinds = {r.get(f"{W}type") for r in part(data).iter(f"{W}footerReference")}
    assert kinds == {"default", "even"}


def test_the_masthead_is_red_and_the_date_line_bears_the_red_rule() -> None:
    data = docx()
    assert paragraphs(data)[:3] == [
        ("Masthead", "晋团要讯"),
        ("IssueNumber", "〔2023〕第4期"),
        ("DateLine", "\t示例单位\t2023年4月6日"),
    ]
    made = styles(data)
    assert value(made["Masthead"], "rPr/color") == "FF0000" and value(made["Masthead"], "rPr/sz") == "130"
    bottom = made["DateLine"].find(f"{W}pPr/{W}pBdr/{W}bottom")
    assert {k: bottom.get(f"{W}{k}") for k in ("val", "sz", "space", "color")} == {
        "val": "single", "sz": "12", "space": "5", "color": "FF0000",
    }  # fmt: skip
    assert made["DateLine"].find(f"{W}pPr/{W}ind") is None, "a border would follow the indent"


def test_a_draft_leaves_room_for_number_and_day() -> None:
    texts = dict(paragraphs(docx(late=None))[:3])
    assert texts == {"Masthead": "晋团要讯", "IssueNumber": "〔〕第　期", "DateLine": "\t示例单位\t　　年　月　日"}


def test_headings_are_real_headings() -> None:
    made = styles(docx())
    levels = [
        (name, value(made[name], "name"), value(made[name], "pPr/outlineLvl"))
        for name in ("Heading1", "Heading2", "Heading3")
    ]
    assert levels == [("Heading1", "heading 1", "0"), ("Heading2", "heading 2", "1"), ("Heading3", "heading 3", "2")]
    assert value(made["Heading1"], "rPr/rFonts", "eastAsia") == "黑体"
    assert value(made["Heading2"], "rPr/rFonts", "eastAsia") == "楷体_GB2312"
    assert all(made[name].find(f"{W}pPr/{W}keepNext") is not None for name, *_ in levels)


def test_marks_without_a_script_print_in_the_chinese_face() -> None:
    data = docx(
        issue(
            paragraph("“甲”——‘乙’…青·靓 A"),
        )
    )
    marked = [
        "".join(t.text for t in r.iter(f"{W}t")) for r in part(data).iter(f"{W}r")
        if r.find(f"{W}rPr/{W}rStyle") is not None and r.find(f"{W}rPr/{W}rStyle").get(f"{W}val") == "BodyTextMarks"
    ]  # fmt: skip
    assert marked == ["“", "”——‘", "’…", "·"]
    fonts = styles(data)["BodyTextMarks"].find(f"{W}rPr/{W}rFonts")
    assert {fonts.get(f"{W}{k}") for k in ("ascii", "hAnsi", "eastAsia")} == {"仿宋_GB2312"}


# Tables and 版记


def test_a_table_repeats_its_head_never_splits_a_row_and_fills_the_type_area() -> None:
    data = docx(issue(table(("城区", "7"), ("泽州县", ""), ("高平市", "12.5"))))
    grid = part(data).find(f".//{W}tbl")
    assert value(grid, "tblPr/tblStyle") == "YaoxunTable"
    widths = [int(c.get(f"{W}w")) for c in grid.iter(f"{W}gridCol")]
    assert sum(widths) == 8845 == int(grid.find(f"{W}tblPr/{W}tblW").get(f"{W}w"))
    rows = list(grid.iter(f"{W}tr"))
    assert all(r.find(f"{W}trPr/{W}cantSplit") is not None for r in rows)
    assert [r.find(f"{W}trPr/{W}tblHeader") is not None for r in rows] == [True, False, False, False]
    inside = [pair for pair in paragraphs(data) if pair[0] in ("TableHead", "TableText", "TableNumber")]
    assert inside == [
        ("TableHead", "单位"), ("TableHead", "个数"), ("TableText", "城区"), ("TableNumber", "7"), ("TableText", "泽州县"),
        ("TableNumber", "—"), ("TableText", "高平市"), ("TableNumber", "12.5"),
    ]  # fmt: skip


def test_a_column_of_prose_leaves_room_for_the_others() -> None:
    data = docx(issue(table(("城区", "很长的说明" * 60))))
    first, _ = (int(c.get(f"{W}w")) for c in part(data).find(f".//{W}tbl").iter(f"{W}gridCol"))
    assert first >= 3 * 240, "three characters of 12 pt"


def test_the_colophon_stands_at_the_foot_between_rules_of_8_6_8() -> None:
    data = docx()
    made = styles(data)["ColophonTable"].find(f"{W}tblPr/{W}tblBorders")
    assert [(made.find(f"{W}{e}").get(f"{W}val"), made.find(f"{W}{e}").get(f"{W}sz")) for e in ("top", "insideH", "bottom")] == [
        ("single", "8"), ("single", "6"), ("single", "8"),
    ]  # fmt: skip
    assert {made.find(f"{W}{e}").get(f"{W}val") for e in ("left", "right", "insideV")} == {"nil"}
    place = list(part(data).iter(f"{W}tblpPr"))[-1]
    assert {k: place.get(f"{W}{k}") for k in ("horzAnchor", "tblpX", "vertAnchor", "tblpYSpec")} == {
        "horzAnchor": "page", "tblpX": "1587", "vertAnchor": "margin", "tblpYSpec": "bottom",
    }  # fmt: skip
    foot = [pair for pair in paragraphs(data) if pair[0].startswith("Colophon")]
    assert foot == [
        ("Colophon", "报：甲办公厅，乙办公厅"), ("Colophon", "送：丙单位"), ("ColophonEditor", "责编：示例责编\t（共印60份）"),
        ("ColophonAnchor", ""),
    ]  # fmt: skip


# Hostile data


def test_control_characters_and_lone_surrogates_do_not_break_the_file() -> None:
    bad = "甲\x00\x01\x0b\x1f\ufffe\ud800乙"
    of = issue(
        paragraph(bad), table((bad, bad)), headline=(run(bad),), masthead=Masthead(name=bad, issuer=bad),
        colophon=Colophon(rows=(("报", (bad,)),), editor=bad),
    )  # fmt: skip
    data = docx(of, replace(LATE, issue_number=bad))
    assert ("BodyText", "甲乙") in paragraphs(data)
    assert ("Title", "甲乙") in paragraphs(data)
    assert issue_from_bytes(content_bytes(of)) == of


def test_markup_in_data_is_text() -> None:
    data = docx(issue(paragraph("A<B & C > \"D\" 'E' </w:t><w:br/>")))
    assert ("BodyText", "A<B & C > \"D\" 'E' </w:t><w:br/>") in paragraphs(data)


def test_a_very_long_title_does_not_break_the_properties() -> None:
    assert len(part(docx(issue(headline=(run("字" * 400),))), "docProps/core.xml")) > 0


def test_the_faces_are_those_of_the_profile() -> None:
    fonts = shipped_profile().faces
    made = styles(docx())
    assert value(made["Title"], "rPr/rFonts", "eastAsia") == fonts.title
    assert value(made["BodyText"], "rPr/rFonts", "ascii") == fonts.latin
    assert value(made["PageNumberOdd"], "rPr/rFonts", "ascii") == fonts.song
