"""What stands before, between and after the text: 份号, 密级, cover, 目录, 要目, items, attachments, wide tables."""

from typing import Any

import pytest
from briefings_kit import W, bookmarks, docx, issue, paragraph, paragraphs, part, run, shipped_profile, table

from support.word_samples import ITEMS, laid_out, markdown, profile, wide_table, written
from yaoxun.briefings.model import Attachment, Colophon, Contents, Heading, Item, Masthead, Remark, Run
from yaoxun.briefings.word import build_docx
from yaoxun.briefings.word_tables import is_wide
from yaoxun.errors import RequestError


def sections(data: bytes) -> list[Any]:
    return list(part(data).iter(f"{W}sectPr"))


def sides(section: Any) -> tuple[str, ...]:
    size, edges = section.find(f"{W}pgSz"), section.find(f"{W}pgMar")
    return (
        size.get(f"{W}w"),
        size.get(f"{W}orient") or "",
        *(edges.get(f"{W}{e}") for e in ("top", "bottom", "left", "right")),
    )


def test_number_of_the_copy_secrecy_and_urgency_stand_above_the_masthead_in_this_order() -> None:
    head = Masthead(name="晋团要讯", issuer="示例单位", secret="机密★1年", urgency="特急", copy_number="000001")
    assert paragraphs(docx(issue(masthead=head)))[:4] == [
        ("CopyNumber", "000001"), ("Secret", "机密★1年"), ("Secret", "特急"), ("Masthead", "晋团要讯"),
    ]  # fmt: skip
    assert [style for style, _ in paragraphs(docx())[:1]] == ["Masthead"]


def test_a_remark_and_the_contents_stand_above_the_title_only_where_the_text_begins_with_them() -> None:
    first = docx(
        issue(Remark(runs=(run("按语：请阅。"),)), Contents(), Heading(level=1, runs=(run("一、甲"),)), paragraph())
    )
    assert [style for style, _ in paragraphs(first)[3:8]] == [
        "Remark",
        "ContentsHead",
        "ContentsLine",
        "Title",
        "Heading1",
    ]
    later = docx(issue(paragraph(), Remark(runs=(run("按语：请阅。"),))))
    assert [style for style, _ in paragraphs(later)[3:6]] == ["Title", "BodyText", "Remark"]


def test_the_contents_list_the_items_and_without_items_the_headings() -> None:
    several = issue(Contents(), paragraph(), Item(runs=(run("第二条｜工作"),)), Heading(level=1, runs=(run("一、甲"),)))
    assert [text for style, text in paragraphs(docx(several)) if style == "ContentsLine"] == [
        "1.\t示例标题",
        "2.\t第二条工作",
    ]
    one = issue(Contents(), Heading(level=1, runs=(run("一、甲"),)), Heading(level=2, runs=(run("（一）乙"),)))
    assert [text for style, text in paragraphs(docx(one)) if style == "ContentsLine"] == ["一、甲"]


def test_one_attachment_is_named_without_a_number_and_several_with() -> None:
    one = docx(issue(paragraph(), Attachment(number=0, runs=(run("名单"),)), paragraph("附件的正文。")))
    assert [pair for pair in paragraphs(one) if pair[0].startswith("Attachment")] == [
        ("AttachmentNote", "附件：名单"), ("AttachmentMark", "附件"), ("AttachmentTitle", "名单"),
    ]  # fmt: skip
    pair = (Attachment(number=1, runs=(run("名单"),)), Attachment(number=2, runs=(run("办法"),)))
    two = docx(issue(paragraph(), pair[0], paragraph(), pair[1], paragraph()))
    assert [p for p in paragraphs(two) if p[0].startswith("Attachment")] == [
        ("AttachmentNotes", "附件：1.\t名单"), ("AttachmentNotesMore", "\t2.\t办法"), ("AttachmentMark", "附件1"),
        ("AttachmentTitle", "名单"), ("AttachmentMark", "附件2"), ("AttachmentTitle", "办法"),
    ]  # fmt: skip
    mark = next(s for s in part(two, "word/styles.xml").iter(f"{W}style") if s.get(f"{W}styleId") == "AttachmentMark")
    assert mark.find(f"{W}pPr/{W}pageBreakBefore") is not None


def test_a_cover_is_a_page_without_a_number_and_the_text_begins_on_page_one() -> None:
    data = written(markdown("# 甲\n\n正文。"), "huibian")
    assert [style for style, _ in paragraphs(data)[:4]] == ["CoverName", "IssueNumber", "CoverIssuer", "CoverDate"]
    first, last = sections(data)
    assert first.find(f"{W}footerReference") is None and len(last.findall(f"{W}footerReference")) == 2
    assert last.find(f"{W}pgNumType").get(f"{W}start") == "1" and first.find(f"{W}pgNumType") is None


def test_the_table_of_contents_is_a_field_whose_lines_link_to_their_headings() -> None:
    data = laid_out(markdown(ITEMS), "huibian")
    lines = [(style, text) for style, text in paragraphs(data) if style.startswith("TOC")]
    assert lines[0] == ("TOCHead", "目　录")
    assert [(style, text.split("\t")[0]) for style, text in lines[1:]] == [
        ("TOC1", "示例市以“七大行动”“六项工程”推动青年发展型城市试点走深走实"), ("TOC2", "一、建机制"),
        ("TOC1", "示例县推动第二项工作"), ("TOC2", "一、建机制"), ("TOC1", "示例县推动第三项工作"),
    ]  # fmt: skip
    assert all(text.split("\t")[1].isdigit() for _, text in lines[1:])
    marks = bookmarks(data)
    for link in part(data).iter(f"{W}hyperlink"):
        shown = "".join(t.text for t in link.iter(f"{W}t"))
        assert shown.startswith(marks[link.get(f"{W}anchor")].replace("\n", ""))
    codes = [code.text for code in part(data).iter(f"{W}instrText")]
    assert codes[0].startswith(" TOC ") and "条目标题,1" in codes[0] and "heading 1,2" in codes[0]
    assert [c.get(f"{W}fldCharType") for c in part(data).iter(f"{W}fldChar")].count("begin") == len(codes)
    assert not [c for c in part(data).iter(f"{W}fldChar") if c.get(f"{W}dirty")]


def test_while_its_pages_are_not_known_the_table_of_contents_asks_to_be_computed() -> None:
    data = written(markdown("# 甲\n\n正文。"), "huibian")
    assert [c.get(f"{W}dirty") for c in part(data).iter(f"{W}fldChar") if c.get(f"{W}dirty")] == ["1"]
    assert [text for style, text in paragraphs(data) if style == "TOC1"] == ["一、甲\t"]


def test_headings_bear_bookmarks_only_where_there_is_a_table_of_contents() -> None:
    assert not [name for name in bookmarks(docx()) if name.startswith("_Toc")]


def test_a_wide_table_has_a_page_turned_sideways_and_the_next_is_upright_again() -> None:
    data = written(markdown(f"正文。\n\n{wide_table(14)}\n正文。"))
    upright = ("11906", "", "2098", "1984", "1587", "1474")
    assert [sides(s) for s in sections(data)] == [
        upright,
        ("16838", "landscape", "1474", "1587", "2098", "1984"),
        upright,
    ]
    assert [len(s.findall(f"{W}footerReference")) for s in sections(data)] == [2, 0, 0], (
        "a later section has those before"
    )
    grid = next(g for g in part(data).iter(f"{W}tblGrid"))
    assert sum(int(c.get(f"{W}w")) for c in grid) == 16838 - 2098 - 1984 == 12756


def test_after_a_wide_table_at_the_end_the_colophon_stands_on_an_upright_page() -> None:
    styles = [style for style, _ in paragraphs(written(markdown(f"正文。\n\n{wide_table(14)}")))]
    assert styles[-5:] == ["ColophonAnchor", "Colophon", "Colophon", "ColophonEditor", "ColophonAnchor"]


def test_the_widest_table_fits_and_one_more_column_is_refused_with_how_many_there_may_be() -> None:
    cells = ["1"] * 20
    assert not is_wide(table(cells[:13], header=cells[:13]), shipped_profile())
    assert is_wide(table(cells[:14], header=cells[:14]), shipped_profile())
    assert is_wide(table(cells[:19], header=cells[:19]), shipped_profile())
    with pytest.raises(RequestError) as caught:
        docx(issue(table(cells, header=cells)))
    assert (
        "表1　示例表" in caught.value.message
        and "20 列" in caught.value.message
        and "最多 19 列" in caught.value.remedy
    )


def place_of_colophon(names: int) -> bool:
    rows = (("报", tuple(f"示例很长名称的单位{n}" for n in range(names))),)
    data = docx(issue(colophon=Colophon(rows=rows, editor="示例责编")))
    last = list(part(data).iter(f"{W}tbl"))[-1]
    assert f"示例很长名称的单位{names - 1}" in "".join(t.text for t in last.iter(f"{W}t"))
    splits = last.find(f"{W}tr").find(f"{W}trPr/{W}cantSplit") is None
    floats = last.find(f"{W}tblPr/{W}tblpPr") is not None
    assert splits != floats
    return floats


def test_a_colophon_that_no_page_holds_follows_the_text_and_may_be_split() -> None:
    assert place_of_colophon(20) and not place_of_colophon(150)


def test_an_item_in_a_collection_begins_a_page_and_its_forced_break_is_not_printed() -> None:
    of = issue(paragraph(), Item(runs=(Run(text="示例县推动｜第二项工作"),)), paragraph())
    data = build_docx(of, profile("huibian"), None)
    (title,) = [text for style, text in paragraphs(data) if style == "ItemTitle"]
    assert title == "示例县推动\n第二项工作"
    style = next(s for s in part(data, "word/styles.xml").iter(f"{W}style") if s.get(f"{W}styleId") == "ItemTitle")
    assert style.find(f"{W}pPr/{W}pageBreakBefore") is not None
