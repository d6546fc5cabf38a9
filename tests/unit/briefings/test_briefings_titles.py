"""Where a long title is broken (GB/T 9704 7.3.1): thirty titles against a clerk, and what holds for every title."""

import re
from itertools import accumulate, pairwise
from pathlib import Path

import pytest
from briefings_kit import TEMPLATES, docx, issue, paragraphs, part, shipped_profile
from hypothesis import given
from hypothesis import strategies as st
from title_cases import CASES, NAMES, TitleCase

from yaoxun.briefings.model import Run
from yaoxun.briefings.titles import TitleSetting, set_title, setting_of, title_runs
from yaoxun.briefings.titles_breaks import width
from yaoxun.briefings.titles_words import cut, office_words
from yaoxun.office.model import Organisation

HOLDS = 20.1
PIECES = [
    "团晋城市委", "推动", "青年发展型城市", "“七大行动”", "《政策汇编》", "87个", "六项", "40余种", "第4期", "12.5%", "，", "、", "走深走实",
    "GB/T", "（试行）", "和", "2023年", "“周例会、月报送”", "的", "关于", "1500万元", "《关于“青·创”工程的通知》",
]  # fmt: skip
titles = st.lists(st.sampled_from(PIECES), min_size=3, max_size=14).map("".join)
anything = st.text(st.sampled_from("团市委的和在推动，、“”《》（）·—87个a b｜"), max_size=90)


WORDS = office_words((), TEMPLATES) | NAMES


def setting(title: str) -> TitleSetting:
    return set_title(title, one_line_up_to=18, line_holds=HOLDS, names=WORDS)


def told(title: str) -> str:
    return "／".join(setting(title).lines)


# Against the clerk


def test_a_clerk_would_put_every_break_where_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    first = [case for case in CASES if told(case.title) == case.chosen[0]]
    with capsys.disabled():
        print(f"\n回行与文书首选相同：{len(first)}/{len(CASES)}")
    assert len(CASES) == 30
    assert len(first) >= 22
    assert [told(case.title) for case in CASES if told(case.title) not in case.chosen] == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_no_break_is_one_that_a_clerk_would_not_make(case: TitleCase) -> None:
    found = setting(case.title)
    print(f"\n{len(case.title)} 字 {told(case.title)} {found.score:.2f} {dict(found.chosen.marks)}")
    for other in found.alternatives:
        print(f"      {'／'.join(other.lines)} {other.score:.2f} {dict(other.marks)}")
    assert 14 <= len(case.title) <= 48
    assert [place for place in case.forbidden if place in told(case.title)] == []
    assert all(one.score >= found.score for one in found.alternatives)


def test_what_the_clerk_chose_keeps_the_rules_too() -> None:
    """A wrong answer key would prove nothing."""
    for case in CASES:
        for chosen in case.chosen:
            widths = [width(line) for line in chosen.split("／")]
            assert "".join(chosen.split("／")) == case.title
            assert max(widths) <= HOLDS, chosen
            assert all(abs(a - b) >= 1 for a, b in pairwise(widths)), chosen
            assert not any(b < min(a, c) for a, b, c in zip(widths, widths[1:], widths[2:], strict=False)), chosen
            assert not [place for place in case.forbidden if place in chosen], chosen


# One line, two lines, three


def test_a_title_of_up_to_18_characters_stays_on_one_line() -> None:
    assert setting("字" * 18).lines == ("字" * 18,)
    assert len(setting("字" * 19).lines) == 2
    assert setting("字" * 18).told() == ""


@pytest.mark.parametrize("n", range(19, 38))
def test_two_lines_hold_what_they_can_and_are_never_equal(n: int) -> None:
    first, second = setting("字" * n).lines
    assert abs(width(first) - width(second)) >= 1


def test_the_last_line_is_not_short_though_the_best_break_is_near_the_end() -> None:
    assert width(setting("团晋城市委聚焦青年急难愁盼问题推动工作，取得实效").lines[-1]) >= 5


@pytest.mark.parametrize(
    "title",
    [
        "青年发展型城市建设试点工作推进情况" * 3,
        "团晋城市委、团晋城市委《政策汇编》，青年发展型城市青年发展型城市和“七大行动、六项工程”团晋城市委",
    ],
)
def test_three_lines_and_more_are_no_hourglass(title: str) -> None:
    widths = [width(line) for line in setting(title).lines]
    assert len(widths) in (3, 4)
    assert not any(b < min(a, c) for a, b, c in zip(widths, widths[1:], widths[2:], strict=False))
    assert all(abs(a - b) >= 1 for a, b in pairwise(widths))


def test_a_book_title_that_no_line_holds_is_broken_between_its_words() -> None:
    found = setting("关于印发《晋城市青年发展型城市建设试点2023年重点任务清单》的通知")
    assert found.lines == ("关于印发《晋城市青年发展型城市建设试点", "2023年重点任务清单》的通知")


# What holds for every title


@given(titles)
def test_nothing_is_lost_and_every_line_fits(title: str) -> None:
    lines = setting(title).lines
    assert "".join(lines) == title
    assert all(width(line) <= HOLDS for line in lines)
    assert width(title) > 18 or len(lines) == 1


@given(titles)
def test_no_break_falls_inside_quotes_a_number_a_name_or_before_a_closing_mark(title: str) -> None:
    lines = setting(title).lines
    if len(lines) > 4:
        return
    ends = list(accumulate(len(line) for line in lines[:-1]))
    whole = [
        m.span() for m in re.finditer(r"“[^”]*”|《[^》]*》|\d+[个年]|1500万元|40余种|12.5%|团晋城市委|六项", title)
    ]
    assert [title[a:b] for a, b in whole for end in ends if a < end < b] == []
    assert not any(line[0] in "，、”》）%" for line in lines[1:])


@given(anything)
def test_any_text_is_broken_without_loss(title: str) -> None:
    found = setting(title)
    assert "".join(found.lines) == title.replace("｜", "").replace("|", "")
    assert found.by_hand or all(width(line) <= HOLDS for line in found.lines)


@given(titles)
def test_the_words_are_the_title(title: str) -> None:
    assert "".join(word.text for word in cut(title, WORDS)) == title


@pytest.mark.parametrize(
    "title", ["字" * 500, "a b" * 167, "“" + "字" * 498 + "”", "青年发展型城市建设试点" * 46, "，" * 500, "七" * 500]
)
def test_a_title_of_500_characters_costs_no_more_than_its_length(title: str) -> None:
    found = setting(title)
    assert found.considered <= len(title) * 42
    assert "".join(found.lines) == title
    assert all(width(line) <= HOLDS for line in found.lines)


@pytest.mark.parametrize("n", [30, 50, 65, 75, 80])
def test_as_many_lines_as_a_title_may_have_cost_a_bounded_number_of_looks(n: int) -> None:
    found = setting("青年" * (n // 2))
    assert 0 < found.considered < 3000
    assert len(found.lines) <= 5


# By hand


def test_a_mark_in_the_title_forces_the_break_and_is_not_printed() -> None:
    for mark in "｜|":
        found = setting(f"团晋城市委实施“七大行动”{mark}“六项工程”")
        assert found.lines == ("团晋城市委实施“七大行动”", "“六项工程”")
        assert found.told() == "标题回行（照标题里的｜）：团晋城市委实施“七大行动” ／ “六项工程”"


def test_a_forced_line_that_does_not_fit_is_told() -> None:
    assert "有一行排不下" in setting("字" * 25 + "｜字字").told()


def test_staff_see_the_two_best_other_ways() -> None:
    found = setting("关于2023年第一季度青年发展型城市建设试点任务进展情况的通报")
    assert len(found.alternatives) == 2
    assert found.told().startswith("标题回行：关于2023年第一季度青年发展型城市 ／ 建设试点任务进展情况的通报；也可：")
    assert set(found.chosen.marks) <= {"词意", "形状", "匀称", "短行", "行数", "超宽"}


def test_what_breaks_a_rule_is_not_offered() -> None:
    found = setting("晋城市教育局、团晋城市委联合开展“童心港湾”志愿服务活动")
    assert [other.lines[1] for other in found.alternatives] == ["“童心港湾”志愿服务活动"]


def test_the_runs_of_a_title_keep_their_numerals_across_a_break() -> None:
    runs = (
        Run(text="晋城市出台涉及青年的普惠性专项政策"), Run(text="87", numeral="num_001"),
        Run(text="个办理青年民生实事"), Run(text="95", numeral="num_002"), Run(text="件"),
    )  # fmt: skip
    made = title_runs(runs, shipped_profile(), WORDS)
    assert "".join(run.text for run in made) == "晋城市出台涉及青年的普惠性专项政策87个\n办理青年民生实事95件"
    assert [run.numeral for run in made if run.numeral] == ["num_001", "num_002"]
    forced = title_runs((Run(text="出台"), Run(text="｜"), Run(text="87", numeral="num_001")), shipped_profile())
    assert [(run.text, run.numeral) for run in forced] == [("出台", ""), ("\n", ""), ("87", "num_001")]


def test_the_profile_says_how_much_a_line_holds() -> None:
    assert len(setting_of((Run(text="字" * 18),), shipped_profile()).lines) == 1
    assert len(setting_of((Run(text="字" * 19),), shipped_profile()).lines) == 2
    assert len(setting_of((Run(text="字" * 19), Run(text="字" * 30)), shipped_profile()).lines) == 3


def test_the_title_of_a_document_is_one_unbroken_line_and_its_heading_is_broken() -> None:
    made = docx(issue(headline=(Run(text="团晋城市委推动青年发展型城市｜试点走深走实"),)))
    titles = [node.text for node in part(made, "docProps/core.xml") if node.tag.endswith("}title")]
    assert titles == ["团晋城市委推动青年发展型城市试点走深走实"]
    assert ("Title", "团晋城市委推动青年发展型城市\n试点走深走实") in paragraphs(made)


# Words


def test_names_and_numbers_are_words_and_places_make_organisations() -> None:
    text = "晋城市人民政府办公室、山西省人力资源和社会保障厅、中共泽州县委"
    assert [w.text for w in cut(text, ()) if w.kind == "N"] == text.split("、")
    counts = "2023年第一季度 1500万元 第八届 12.5% 40余种 6个百分点 2022—2023年 GB/T"
    assert [w.text for w in cut(counts, ()) if w.text != " "] == counts.split(" ")


def test_a_persons_name_is_one_word() -> None:
    assert "习近平" in [w.text for w in cut("学习贯彻习近平总书记重要讲话", ())]
    assert "陈示例" in [w.text for w in cut("县委书记陈示例到团县委调研", ())]


def test_the_office_adds_words_by_its_file(tmp_path: Path) -> None:
    centre = Organisation(code="a", name="示例中心（试点）", short="示例", kind="本级部门", order=1)
    (tmp_path / "title_words.txt").write_text("# 说明\n一二三 四五六 # 两个词\n", encoding="utf-8")
    assert office_words((centre,), tmp_path) == {"一二三", "四五六", "示例中心", "示例"}
    assert "走深走实" in office_words((), tmp_path / "none")
