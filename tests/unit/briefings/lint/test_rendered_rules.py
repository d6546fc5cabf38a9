"""The rules on rendered pages, each broken once on pages made by hand; unbroken, they find nothing."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from support.made_pages import FOOT_RULE, RED_RULE, line, page, pages_of_lines, set_lines
from yaoxun.briefings.lint.model import Finding, Report, Role, TextParagraph, WordText
from yaoxun.briefings.lint.rendered import pages_of, rendered_findings
from yaoxun.briefings.lint.rendered_catalogue import RENDERED
from yaoxun.briefings.lint.rendered_checking import with_rendered
from yaoxun.briefings.measuring import Line, Page
from yaoxun.briefings.profile import FormatProfile, load_profile
from yaoxun.home import shipped

LONG, MORE = "甲" * (26 + 28 * 30 + 10), "乙" * (26 + 28 * 3 + 10)
COLOPHON = "报：示例办公厅"
STYLES: dict[Role, str] = {"body": "BodyText", "colophon": "Colophon", "heading1": "Heading1", "title": "Title"}


def profile() -> FormatProfile:
    return load_profile(shipped("report_templates"), "yaoxun")


def text(*paragraphs: tuple[Role, str], style: str = "") -> WordText:
    found = tuple(
        TextParagraph(number=n, style=style or STYLES.get(role, ""), role=role, text=words, bookmarks={})
        for n, (role, words) in enumerate(paragraphs, 1)
    )
    return WordText(paragraphs=found, tables=(), charts=(), numerals=(), core={})


def sound() -> list[Page]:
    """Two pages: a full one, and one that ends with the colophon."""
    rows = set_lines(LONG, MORE)
    first, second = pages_of_lines(rows)
    foot = (*second.lines[:-1], line(COLOPHON, 20.8), second.lines[-1])
    return [replace(first, rules=(RED_RULE,)), replace(second, lines=foot, rules=(FOOT_RULE,))]


TEXT = text(("body", LONG), ("body", MORE), ("colophon", COLOPHON))


def findings(pages: Sequence[Page], of: WordText = TEXT) -> list[Finding]:
    return list(rendered_findings(pages, of, profile()))


def ids(pages: Sequence[Page], of: WordText = TEXT) -> list[str]:
    return [finding.id for finding in findings(pages, of)]


def test_sound_pages_have_no_findings() -> None:
    assert findings(sound()) == []


def lines_changed(change: Callable[[Line], Line], *which: int, on: int = 0) -> list[Page]:
    """The sound pages with some lines of one of them changed (all of them but its number, when none is named)."""
    pages = sound()
    last = len(pages[on].lines) - 1
    wanted = which or range(last)
    lines = tuple(
        change(one) if n in [w % (last + 1) for w in wanted] else one for n, one in enumerate(pages[on].lines)
    )
    pages[on] = replace(pages[on], lines=lines)
    return pages


def down(mm: float) -> Callable[[Line], Line]:
    return lambda one: replace(one, baseline=one.baseline + mm, middle=one.middle + mm)


def right(mm: float) -> Callable[[Line], Line]:
    return lambda one: replace(one, left=one.left + mm, right=one.right + mm)


def resized(on: int, **rule: float) -> list[Page]:
    pages = sound()
    pages[on] = replace(pages[on], rules=tuple(replace(one, **rule) for one in pages[on].rules))
    return pages


def unnumbered() -> list[Page]:
    first, second = sound()
    return [first, replace(second, lines=second.lines[:-1])]


def with_faces(*names: str) -> list[Page]:
    return [replace(one, faces=frozenset(names)) for one in sound()]


@pytest.mark.parametrize(
    ("pages", "wanted"),
    [
        (lambda: lines_changed(down(1.0)), ["R-LAST", "R-FIRST"]),
        (lambda: lines_changed(down(0.4)), []),
        (lambda: lines_changed(down(0.8), -2), ["R-LAST", "R-PITCH"]),
        (lambda: lines_changed(right(3), 5), ["R-OVERFULL"]),
        (lambda: lines_changed(right(-3), 5), ["R-OVERFULL"]),
        (lambda: lines_changed(down(1.5), -1), ["R-NUMBER-PLACE"]),
        (lambda: lines_changed(right(-60), -1), ["R-NUMBER-SIDE"]),
        (lambda: lines_changed(right(130), -1, on=1), ["R-NUMBER-SIDE"]),
        (unnumbered, ["R-NUMBER-NONE"]),
        (lambda: resized(0, left=33.6), ["R-RULE"]),
        (lambda: resized(0, left=28.2), []),
        (lambda: resized(1, bottom=260.9, top=260.9), ["R-COL-FOOT"]),
        (lambda: [*sound(), page(["附页"], 3)], ["R-COL-LAST"]),
        (lambda: with_faces("SimSun", "MicrosoftYaHei"), ["R-FACE"]),
        (lambda: with_faces("FangSong_GB2312", "FZXBSJW--GB1-0", "KaiTi_GB2312", "TimesNewRomanPSMT"), []),
    ],
)
def test_a_rule_that_is_broken_is_named_and_no_other(pages: Callable[[], list[Page]], wanted: list[str]) -> None:
    assert ids(pages()) == wanted


def test_a_page_short_of_a_line_is_told_with_its_number() -> None:
    rows = set_lines(LONG)
    pages = [page(rows[:21], 1), page(rows[21:], 2)]
    (lines, last) = findings(pages, text(("body", LONG)))
    assert (lines.id, lines.page, lines.measured, lines.expected) == ("R-LINES", 1, "21 行", "22 行")
    assert (last.id, last.expected) == ("R-LAST", "260.0±0.5 毫米")
    assert lines.clause == "GB/T 9704-2012 5.2.3"


def test_what_is_off_on_every_page_is_told_once() -> None:
    pages = [
        page([replace(one, baseline=one.baseline + 2) for one in page(["甲" * 20]).lines[:1]], n) for n in range(1, 6)
    ]
    (told,) = findings(pages, text(*[("body", "甲" * 20)] * 5))
    assert told.id == "R-FIRST" and "（共 5 面，先见于第 1、2、3 面）" in told.problem


def test_a_page_whose_next_begins_with_a_new_paragraph_need_not_be_full() -> None:
    rows = set_lines(LONG[: 26 + 28 * 10 + 5])
    assert (
        ids([page(rows, 1), page(["丙" * 20], 2)], text(("body", LONG[: 26 + 28 * 10 + 5]), ("body", "丙" * 20))) == []
    )


def test_lines_of_27_characters_are_told_once_with_their_count() -> None:
    of = text(("body", LONG))
    rows = set_lines(LONG, width=27)
    (told,) = (f for f in findings(pages_of_lines(rows), of) if f.id == "R-CHARS")
    assert told.expected == "26 字" and told.measured == "25 字"
    assert "有 32 个整行" in told.problem


def test_what_marks_and_latin_words_at_the_ends_of_lines_do_is_excused() -> None:
    shorter, hanging = "甲" * 26 + "乙" * 27, "丙" * 26 + "丁" * 28 + "，"
    paragraphs = (
        shorter + "本，后文好",
        hanging + "后文好的",
        "戊" * 26 + "己" * 25 + "ABCDE后文",
        "庚" * 26 + "辛" * 26 + "2023年后",
    )
    rows = ["甲" * 26, "乙" * 27, "本，后文好", "丙" * 26, "丁" * 28 + "，", "后文好的", "戊" * 26, "己" * 25, "ABCDE后文",
            "庚" * 26, "辛" * 26, "2023年后"]  # fmt: skip
    assert "R-CHARS" not in ids([page(rows)], text(*(("body", one) for one in paragraphs)))


def test_lines_in_the_tight_and_loose_styles_hold_one_more_or_one_less() -> None:
    for style, width, first in (("BodyTight", 29, 27), ("BodyLoose", 27, 25), ("BodyText", 28, 26)):
        words = "甲" * (first + width * 3 + 9)
        rows = [words[:first], *(words[n : n + width] for n in range(first, len(words), width))]
        assert "R-CHARS" not in ids([page(rows)], text(("body", words), style=style))


def test_a_colophon_on_an_odd_page_is_a_matter_of_custom_with_two_remedies() -> None:
    (told,) = findings([page([line(COLOPHON, 20.8)], rules=[FOOT_RULE])], text(("colophon", COLOPHON)))
    assert (told.id, told.tier, told.page) == ("R-COL-EVEN", "惯例", 1)
    assert "增删几行" in told.remedy and "调整附件和图表" in told.remedy and "不要用“此页无正文”" in told.remedy


def test_a_page_with_nothing_but_the_colophon_may_bear_no_number() -> None:
    first = sound()[0]
    alone = page([line(COLOPHON, 20.8)], rules=[FOOT_RULE], numbered=False)
    of = text(("body", LONG[: 26 + 28 * 21]), ("colophon", COLOPHON))
    assert ids([first, alone], of) == []


def test_a_heading_at_the_foot_of_a_page_is_told_and_one_with_text_below_is_not() -> None:
    heading, body = "一、标题", "甲" * 40
    of = text(("heading1", heading), ("body", body))
    (told,) = findings([page([heading]), page(set_lines(body), 2)], of)
    assert (told.id, told.page, told.paragraph) == ("R-HEADING-FOOT", 1, 1)
    assert ids([page([heading, *set_lines(body)])], of) == []


def test_a_short_last_line_is_told_with_its_paragraph() -> None:
    of = text(("body", "甲" * 28))
    (told,) = findings([page(set_lines("甲" * 28))], of)
    assert (told.id, told.measured, told.paragraph) == ("R-SHORT-LINE", "2 个字", 1)


def test_a_page_turned_sideways_is_not_measured_by_upright_ones() -> None:
    aside = replace(page(["一", "二"], 1), width=297.0, height=210.0)
    lines = (
        *(replace(one, baseline=one.baseline - 9) for one in aside.lines[:-1]),
        replace(aside.lines[-1], middle=184.0),
    )
    assert ids([replace(aside, lines=lines)], text(("body", "一"), ("body", "二"))) == []


def test_every_rule_of_the_catalogue_is_broken_in_this_module() -> None:
    source = Path(__file__).read_text(encoding="utf-8")
    assert [id for id in RENDERED if f'"{id}"' not in source] == []


def test_paragraphs_are_given_their_pages_and_cells_where_there_is_no_doubt() -> None:
    def cell(number: int, words: str) -> TextParagraph:
        return TextParagraph(
            number=number, style="TableText", role="table_cell", text=words, bookmarks={}, table=(1, 0, number)
        )

    of = text(("body", "甲" * 10), ("other", ""), ("body", "乙" * 10), ("other", ""), ("body", "丙" * 10))
    rows = list(of.paragraphs)
    rows[1], rows[3] = cell(2, "1"), cell(4, "2")
    found = pages_of(
        [page(["甲" * 10, "1", "乙" * 10]), page(["2", "丙" * 10], 2)], replace(of, paragraphs=tuple(rows)), profile()
    )
    assert found == {1: 1, 2: 1, 3: 1, 5: 2}


def test_a_report_takes_in_the_rendered_findings_and_the_pages_of_its_own() -> None:
    own = Finding(
        id="F-X",
        tier="国标",
        clause="",
        problem="",
        expected="",
        measured="",
        page=None,
        paragraph=3,
        excerpt="",
        remedy="",
    )
    report = with_rendered(
        Report(findings=(own,), not_rendered="只查了文件"), {"findings": [], "count": 4, "pages": [[3, 2]]}
    )
    assert report.rendered and report.pages == 4
    assert report.findings == (replace(own, page=2),)
    for answer in (
        None,
        {"findings": 1},
        {"findings": [{}], "count": 1, "pages": []},
        {"findings": [], "count": "x", "pages": []},
    ):
        with pytest.raises((TypeError, ValueError, KeyError)):
            with_rendered(report, answer)
