"""Where a long title is broken (GB/T 9704 7.3.1)."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yaoxun.briefings.titles import break_title, width

REAL = "团晋城市委以“七大行动”“六项工程”推动青年发展型城市试点走深走实"
PIECES = [
    "团晋城市委", "推动", "青年发展型城市", "“七大行动”", "《政策汇编》", "87个", "六项", "40余种", "第4期", "12.5%", "，", "、", "走深走实",
    "GB/T", "（试行）", "和", "2023年",
]  # fmt: skip
titles = st.lists(st.sampled_from(PIECES), min_size=3, max_size=14).map("".join)


def lines_of(title: str) -> list[str]:
    return break_title(title, one_line_up_to=18, line_holds=20.1)


def test_a_title_of_up_to_18_characters_stays_on_one_line() -> None:
    assert lines_of("字" * 18) == ["字" * 18]
    assert len(lines_of("字" * 19)) == 2


def test_a_title_is_broken_after_a_mark_where_the_lines_allow_it() -> None:
    assert lines_of(REAL) == ["团晋城市委以“七大行动”“六项工程”", "推动青年发展型城市试点走深走实"]


def test_an_equal_break_after_a_mark_gives_way_to_one_that_is_not_equal() -> None:
    assert [width(line) for line in lines_of(REAL.replace("推动", "为牵引推动"))] == [19, 17]


@given(titles)
def test_nothing_is_lost_and_every_line_fits(title: str) -> None:
    lines = lines_of(title)
    assert "".join(lines) == title
    assert len(lines) == 1 or all(width(line) <= 20.1 for line in lines)


@given(titles)
def test_no_break_falls_inside_quotes_a_number_or_before_a_closing_mark(title: str) -> None:
    for head in _heads(title):
        assert head.count("“") == head.count("”")
        assert head.count("《") == head.count("》")
        assert head.count("（") == head.count("）")
        assert not re.search(r"[0-9A-Za-z第余六]$", head), "a number keeps its measure word"
    for line in lines_of(title)[1:]:
        assert line[0] not in "，、”》）%"


@given(titles)
def test_the_last_line_holds_more_than_two_characters(title: str) -> None:
    lines = lines_of(title)
    assert len(lines) == 1 or width(lines[-1]) >= 3


def _heads(title: str) -> list[str]:
    lines = lines_of(title)
    return ["".join(lines[:n]) for n in range(1, len(lines))]


@pytest.mark.parametrize("n", range(19, 39))
def test_two_lines_are_never_equally_long_where_that_can_be_avoided(n: int) -> None:
    first, second = lines_of("字" * n)
    assert abs(width(first) - width(second)) >= 1


def test_equal_lines_are_not_bought_with_a_break_after_a_mark() -> None:
    title = "推动青年发展型城市建设，推动青年发展型城市试点"
    first, second = lines_of(title)
    assert width(first) != width(second)


@pytest.mark.parametrize(
    "title",
    [
        "青年发展型城市建设试点工作推进情况" * 3,
        "团晋城市委、团晋城市委《政策汇编》，青年发展型城市青年发展型城市和“七大行动、六项工程”团晋城市委",
    ],
)
def test_three_lines_are_no_hourglass(title: str) -> None:
    widths = [width(line) for line in lines_of(title)]
    assert len(widths) == 3
    assert not widths[1] < min(widths[0], widths[2])
    assert all(abs(a - b) >= 1 for a, b in pairwise(widths))


def test_a_title_that_cannot_be_broken_or_never_ends_is_left_to_word() -> None:
    closed = "“" + "字" * 40 + "”"
    assert lines_of(closed) == [closed]
    assert lines_of("字" * 500) == ["字" * 500]


def test_a_closing_mark_without_an_opening_one_does_not_stop_the_breaking() -> None:
    assert len(lines_of("一些文字）" + "字" * 20)) == 2
