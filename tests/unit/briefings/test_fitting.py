"""What is made of a document's pages, on pages made by hand: where paragraphs stand, which last lines are short, what is
set tighter or looser next, what staff is told."""

import pytest

from support.made_pages import line, page, pages_of_lines, set_lines
from yaoxun.briefings.fitting import Laid, fit_of, is_short, laid_out, page_count, warnings
from yaoxun.briefings.measuring import Page
from yaoxun.briefings.model import (
    Block,
    Colophon,
    Contents,
    Fit,
    Heading,
    Issue,
    Item,
    Masthead,
    Paragraph,
    Remark,
    Run,
)
from yaoxun.briefings.profile import FormatProfile, load_profile
from yaoxun.home import shipped


def profile(name: str = "yaoxun") -> FormatProfile:
    return load_profile(shipped("report_templates"), name)


def runs(text: str) -> tuple[Run, ...]:
    return (Run(text=text),)


def issue(*blocks: Block, title: str = "标题") -> Issue:
    return Issue(
        headline=runs(title),
        masthead=Masthead(name="晋团要讯", issuer="示例省委"),
        blocks=blocks,
        colophon=Colophon(rows=(("报", ("示例办公厅",)),)),
    )


def laid(of: Issue, pages: list[Page], name: str = "yaoxun") -> list[Laid]:
    return list(laid_out(of, profile(name), pages))


def body(*texts: str) -> tuple[Paragraph, ...]:
    return tuple(Paragraph(runs=runs(text)) for text in texts)


def test_every_paragraph_is_found_with_its_lines_and_page() -> None:
    text = "甲" * 60, "乙" * (28 * 22), "丙" * 10
    found = laid(issue(*body(*text)), pages_of_lines(["标题", *set_lines(*text)]))
    assert [(one.index, one.lines, one.last, one.page) for one in found] == [
        (-1, 1, 2, 1), (0, 3, 6, 1), (1, 23, 2, 1), (2, 1, 10, 2)
    ]  # fmt: skip


def test_blanks_and_forced_breaks_do_not_count() -> None:
    found = laid(issue(*body("第 3 段，有 空格"), title="标｜题"), [page(["标", "题", "第3段，有空格"])])
    assert [(one.index, one.lines) for one in found] == [(-1, 2), (0, 1)]


def test_a_text_that_stands_within_a_line_is_not_taken_for_the_paragraph() -> None:
    found = laid(
        issue(*body("工作"), Heading(level=1, runs=runs("一、建机制"))), [page(["标题", "推动工作", "一、建机制"])]
    )
    assert [one.index for one in found] == [-1, 1]


def test_lines_of_the_list_of_contents_are_not_taken_for_headings() -> None:
    blocks = (Contents(), *body("正文"), Item(runs=runs("第二篇")), *body("又"))
    rows = ["本期要目", "1.标题", "2.第二篇", "标题", "正文", "第二篇", "又"]
    found = laid(issue(*blocks), [page(rows[:3]), page(rows[3:], 2)])
    assert [(one.index, one.page) for one in found] == [(-1, 2), (1, 2), (2, 2), (3, 2)]


def test_a_remark_above_the_title_is_found_above_it() -> None:
    found = laid(issue(Remark(runs=runs("按语：好。")), *body("正文")), [page(["按语：好。", "标题", "正文"])])
    assert [one.index for one in found] == [0, -1, 1]


def test_a_row_of_a_table_that_looks_like_a_page_number_is_none() -> None:
    found = laid(issue(*body("甲—1—")), [page([line("标题", 0), line("甲", 1), line("—1—", 2), line("乙", 3)])])
    assert [(one.index, one.lines) for one in found] == [(-1, 1), (0, 2)]


@pytest.mark.parametrize(("last", "short"), [(1, True), (2, True), (3, False)])
def test_a_last_line_of_one_or_two_characters_is_short(last: int, short: bool) -> None:
    text = "甲" * (26 + 28 + last)
    of = issue(*body(text))
    (_, one) = laid(of, pages_of_lines(["标题", *set_lines(text)]))
    assert is_short(of, one) == short


def test_one_line_of_two_characters_is_a_short_paragraph_and_no_short_line() -> None:
    of = issue(*body("好的"))
    assert not any(is_short(of, one) for one in laid(of, [page(["标题", "好的"])]))


def fitted(last: int, lines: int, before: Fit) -> Fit:
    of = issue(*body("甲"))
    return fit_of(of, profile(), [Laid(index=0, lines=lines, last=last, page=1, at_foot=False)], before)


def test_a_short_line_is_taken_in_where_the_lines_above_have_room() -> None:
    assert fitted(2, 3, Fit()).tight == {0}
    assert fitted(1, 2, Fit()).tight == {0}


def test_it_is_made_longer_where_they_have_not_or_that_has_not_helped() -> None:
    assert (fitted(2, 2, Fit()).tight, fitted(2, 2, Fit()).loose) == (set(), {0})
    again = fitted(1, 5, Fit(tight=frozenset({0})))
    assert (again.tight, again.loose) == (set(), {0})


def test_what_is_looser_already_stays_so() -> None:
    assert fitted(1, 5, Fit(loose=frozenset({0}))) == Fit(loose=frozenset({0}))


def test_pages_of_headings_are_kept_for_the_table_of_contents_only() -> None:
    blocks = (Heading(level=1, runs=runs("一、甲")), *body("乙"))
    of, rows = (
        issue(*blocks),
        [page(["封面"], numbered=False), page(["目录"], numbered=False), page(["标题"]), page(["一、甲", "乙"], 2)],
    )
    found = laid(of, rows, "huibian")
    assert fit_of(of, profile("huibian"), found, Fit()).pages == {"_Toc00000001": 1, "_Toc00000002": 2}
    assert fit_of(of, profile(), found, Fit()).pages == {}
    assert page_count(rows, profile("huibian")) == 2


def test_an_odd_last_page_is_told_with_two_remedies_and_an_even_one_is_not() -> None:
    of = issue(*body("甲"))
    (told,) = warnings(of, [], 3)
    assert "共 3 面" in told and "增删几行" in told and "调整附件和图表" in told and "不要用“此页无正文”" in told
    assert list(warnings(of, [], 4)) == []


def test_short_lines_and_headings_at_the_foot_are_told_by_page_and_beginning() -> None:
    of = issue(*body("甲" * 20), Heading(level=1, runs=runs("一、标题")))
    found = [
        Laid(index=0, lines=2, last=2, page=1, at_foot=False),
        Laid(index=1, lines=1, last=4, page=3, at_foot=True),
    ]
    short, alone = warnings(of, found, 4)
    assert short == f"第 1 面“{'甲' * 12}…”一段末行只有 2 个字，请增删一两个字。"
    assert alone == "第 3 面的标题“一、标题”落在了面末，请增删几行。"
