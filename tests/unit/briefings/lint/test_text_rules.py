"""Every rule of writing on a sentence that breaks it and on the nearest one that does not."""

from collections.abc import Sequence

import pytest
from lint_text_kit import SHIPPED, Part, found_in, ids, table

from yaoxun.briefings.lint.catalogue import RULES
from yaoxun.briefings.lint.habits import Habits, Word

SLIPS: Sequence[tuple[str, Part, Part]] = (
    ("T-half-width", "示例市印发规划(2021—2025年)。", "示例市印发规划（2021—2025年）。"),
    ("T-half-width", "一是学,二是干。", "投入1,234元，占3.5%，比例为1:2。"),
    ("T-half-width", "会议8:30开始;请准时到会。", "会议8:30开始；请准时到会。"),
    ("T-half-width", "(1)加强领导。", "（1）加强领导。"),
    ("T-half-width", "成效明显.下一步继续推进。", "登录 www.example.com 查看，或发邮件到 office@example.com。"),
    ("T-half-width", "一个新阶段--高质量发展。", "一个新阶段——高质量发展。"),
    ("T-half-width", "学习、思考...实践。", "《Guidelines for Youth (2023), Part 1: Work》已译出。"),
    ("T-straight-quotes", '坚持"党管青年"原则。', "坚持“党管青年”原则。"),
    ("T-straight-quotes", "坚持'党管青年'原则。", "采购27\"显示器5台，含 Xi'an 站。"),
    ("T-unpaired", "坚持“党管青年原则。", "坚持“党管青年”原则。"),
    ("T-unpaired", "印发《办法》）。", "1）加强领导；2）抓好落实。"),
    ("T-unpaired", "印发《“青年之家》”办法。", "印发《“青年之家”办法》。"),
    ("T-nested-quotes", "提出“建好“青年之家”阵地”。", "提出“建好‘青年之家’阵地”。"),
    ("T-nested-titles", "转发《关于印发《工作办法》的通知》。", "转发《关于印发〈工作办法〉的通知》。"),
    ("T-doubled-mark", "任务全部完成。。", "任务全部完成！"),
    ("T-doubled-mark", "他说“任务完成了。”。", "他说：“任务完成了。”"),
    ("T-mark-between-quoted", "开展“学习周”、“实践月”活动。", "开展“学习周”“实践月”活动，“青年”号、“团员”岗齐创。"),
    ("T-mark-between-quoted", "学习《章程》、《条例》。", "学习《章程》（修订版）、《条例》和《办法》。"),
    ("T-title-end", ("heading1", "一、抓好落实。"), ("heading1", "一、抓好落实")),
    ("T-title-end", ("heading2", "（一）强化领导。"), ("heading2", "（一）强化领导。建立例会制度，每月调度。")),
    ("T-title-end", ("title", "示例市推进试点。"), ("title", "示例市怎样推进试点？")),
    ("T-caption-end", ("caption", "表1　各县情况。"), ("caption", "表1　各县情况")),
    ("T-full-width", "共办实事９件。", "共办实事9件。"),
    ("T-space-digits", "共出台 13 项措施。", "共出台13项措施。"),
    ("T-space-digits", "占 30% 以上。", "安装 Office 365 软件，执行 GB/T 9704 的规定。"),
    ("T-space-han", "示例市 召开会议。", ("heading1", "第一章　总则")),
    ("T-space-han", "示例市　召开会议，研究部署。", "联系人：示例联络员　电话：1234567"),
    ("T-space-ends", "　　示例市召开会议。", "示例市召开会议。"),
    ("T-space-ends", "示例市召开会议。 ", ("unit", " 单位：个")),
    ("T-control", "示例市\u200b召开会议。", "示例市召开会议。"),
    ("T-control", "示例市\ue123召开会议。", "示例市\n召开会议。"),
    ("T-gb2312", "实施“青·靚”工程。", "实施“青·靓”工程——二〇二三年起…"),
    ("T-rare", "示例联络员甲喆发言。", "示例联络员甲哲发言。"),
    ("T-emoji", "圆满完成✅😀。", "圆满完成，评为★级①类。"),
    ("T-wrong-word", "其它工作正常。", "尤其它还带动了就业。"),
    ("T-wrong-word", "会议布署了工作。", "公布署名文章。"),
    ("T-repeated", "各单位要进行进行整改。", "各单位要进行整改。"),
    ("T-repeated", "青年发展的的目标。", "达到目的的办法；了了解情况。"),
    ("T-repeated", "建设友好型城市友好型城市。", "一步一步推进，一件一件落实，研究研究再说。"),
    ("T-approximate", "约20人左右参加。", "约20人参加，20人左右发言。"),
    ("T-approximate", "近40余种产品。", "近10余年来，40余种产品，节约30%以上。"),
    ("T-approximate", "超过100人以上参加。", "签约50余个项目，约200名县级以上干部参加，预约100余人。"),
    ("T-padded-date", "于2023年04月06日印发。", "于2023年4月6日印发，编号2023-04-06。"),
    ("T-padded-date", "于4月06日印发。", "于10月20日印发。"),
    ("T-no-such-date", "于2023年2月29日召开。", "于2024年2月29日召开。"),
    ("T-no-such-date", "于2月30日召开，4月31号结束。", "于2月29日召开，4月30号结束。"),
    ("T-no-such-date", "自2023年13月起实行。", "自2023年12月起实行。"),
    ("T-no-such-date", "于二月三十日召开。", "于二月二十日召开。"),
    ("T-weekday", "2023年4月6日（星期五）召开。", "2023年4月6日（星期四）召开。"),
    ("T-short-year", "规划期为2021—25年。", "规划期为2021—2025年。"),
    ("T-document-number", "依据示例发[2023]12号文件。", "依据示例发〔2023〕12号文件。"),
    ("T-document-number", "依据示例发（2023）12号文件。", "依据（2023）示例01民初12号判决。"),
    ("T-document-order", "依据示例发〔2023〕第12号文件。", "依据示例公告〔2023〕第12号、示例要讯〔2023〕第4期。"),
    ("T-range", "增长5-10%。", "增长5%—10%，工期2021-2025年，编号3-5。"),
    ("T-range", "投入3—5万元。", "投入3万元—5万元。"),
    ("T-zero-year", "二零二三年四月。", "二〇二三年四月，一九九八年，零八宪章。"),
    ("T-number-forms", "服务12,345人，投入3.2万元。", "服务1.2万人，投入3.2万元。"),
    ("T-number-forms", "服务12,345人，来访23456人。", "服务12,345人，来访23,456人，办件1234件。"),
    ("T-order-mark", "1、加强领导。", "1.加强领导。"),
    ("T-order-mark", "（一）、加强领导。", "1、2月份完成调研。"),
    ("T-order-mark", "一.加强领导。", "一、加强领导"),
    ("T-order-gap", "一是学。二是干。四是评。", "一是学。二是干。三是评。"),
    ("T-order-gap", "第一，学。第三，评。", "总量居全省第一，增速第三，均有提升。"),
    ("T-order-gap", "一是学。二是干。二是评。", "一是学，是基础；二是干。"),
)  # fmt: skip


@pytest.mark.parametrize(("id", "slip", "right"), SLIPS)
def test_a_rule_names_the_slip_and_not_its_neighbour(id: str, slip: Part, right: Part) -> None:
    assert ids(slip) == {id}
    assert ids(right) == set()


def test_a_set_phrase_written_two_ways_is_told_once_at_the_rarer_way() -> None:
    (finding,) = found_in("解决青年急难愁盼问题。", "办好急难愁盼实事。", "回应急难盼愁。")
    assert (finding.id, finding.paragraph, finding.tier) == ("T-two-ways", 3, "惯例")
    assert "“急难愁盼”2处，“急难盼愁”1处" in finding.problem
    assert ids("解决急难盼愁问题。", "再办急难盼愁实事。") == set()


def test_a_quotation_of_several_paragraphs_is_closed_once() -> None:
    assert ids("“青年是未来。", "“青年要奋斗。”") == set()
    assert ids("“青年是未来。", "青年要奋斗。”") == {"T-unpaired"}


def test_steps_go_on_over_paragraphs_until_a_heading() -> None:
    assert ids("一是学。", "二是干。", "三是评。") == set()
    assert ids("一是学。", "三是评。") == {"T-order-gap"}
    assert ids("一是学。", ("heading1", "二、做法"), "三是评。") == set()


def test_all_places_of_a_kind_in_a_paragraph_are_one_finding_that_counts_them() -> None:
    (finding,) = found_in("共 13 项，分 7 类，历时 2 年。")
    assert "共3处" in finding.problem
    assert "“共 13 项”" in finding.measured


def test_a_finding_carries_its_clause_place_and_remedy() -> None:
    (finding,) = found_in("第一段。", "开展“学习周”、“实践月”活动。")
    assert (finding.tier, finding.clause, finding.paragraph) == ("国标", "GB/T 15834-2011 4.5.3.5", 2)
    assert "“学习周”、“实践月”" in finding.excerpt
    assert finding.remedy.endswith("。") and finding.expected == "不用顿号"


def test_the_remedy_for_a_character_names_what_to_write_instead() -> None:
    (finding,) = found_in("青·靚工程。")
    assert "“靚”改为“靓”" in finding.remedy
    (rare,) = found_in("甲喆发言。")
    assert "人名、地名用字可以保留" in rare.remedy


def test_the_breaks_of_a_title_are_no_blanks_and_its_numbers_stay_whole() -> None:
    assert ids(("title", "示例市实施“七大行动”\n推进试点建设"), "示例市实施“七大行动”，推进试点。") == set()


def test_blanks_line_up_mastheads_colophons_and_short_cells() -> None:
    assert ids(
        ("masthead", "示 例 要 讯"), ("date_line", "示例单位　2023年4月6日"), ("colophon", "责 编：示例联络员"),
        table("单 位|数 量", "示例县|1", "合 计|1"),
    ) == set()  # fmt: skip


def test_a_rule_that_is_switched_off_is_silent() -> None:
    off = Habits(not_checked=frozenset({"T-space-digits"}))
    assert ids("共 13 项。", habits=off) == set()


def test_the_words_of_the_office_are_its_own() -> None:
    own = Habits(
        words=(Word(wrong="阳光办", right="阳光办公室", within=("阳光办公室",)),), phrases=(("一网通办", "一网统办"),)
    )
    assert ids("送阳光办。", habits=own) == {"T-wrong-word"}
    assert ids("送阳光办公室。", habits=own) == set()
    assert ids("推进一网通办。", "深化一网统办。", habits=own) == {"T-two-ways"}
    assert ids("其它工作。", habits=own) == set()


def test_every_rule_of_writing_has_a_slip_here() -> None:
    shown = {id for id, *_ in SLIPS} | {"T-two-ways"}
    assert shown == {id for id in RULES if id.startswith("T-")}


def test_what_the_shipped_habits_suggest_is_in_the_face() -> None:
    for char, instead in SHIPPED.characters.items():
        instead.encode("gb2312")
        with pytest.raises(UnicodeEncodeError):
            char.encode("gb2312")
