"""Every rule of figures on a text that contradicts itself and on the nearest one that does not."""

from collections.abc import Sequence
from decimal import Decimal

import pytest
from lint_text_kit import Part, chart, found_in, ids, record, table

from yaoxun.briefings.lint.catalogue import RULES
from yaoxun.briefings.lint.numbers_reading import chinese_number

# (rule, sentences that break it, sentences that do not)
SLIPS: Sequence[tuple[str, Sequence[Part], Sequence[Part]]] = (
    ("N-sum", ["出台“七大行动”“六项工程”共14项措施。"], ["出台“七大行动”“六项工程”共13项措施。"]),
    ("N-sum", ["选派男干部3人、女干部4人，共8人。"], ["选派男干部3人、女干部4人，共7人。"]),
    ("N-sum", ["投入3.2万元、4.5万元，共8.7万元。"], ["投入3.2万元、4.5万元，共7.8万元。"]),
    ("N-sum", ["开展3项调研，出台5项办法、8项意见，共14项。"], ["开展3项调研，出台5项办法、8项意见，共13项。"]),
    ("N-sum", ["发放手册200份和宣传单300份，共计600份。"], ["召开会议5次，走访企业12家，共收集意见36条。"]),
    ("N-sum", ["开展宣讲5场、座谈2场，共8场。"], ["覆盖3个县、5个乡镇共13个村。"]),
    ("N-part-exceeds", ["新增企业12家，其中规上企业15家。"], ["新增企业12家，其中规上企业5家，比上年增加15家。"]),
    ("N-part-exceeds", ["出台政策87个（其中青年专项政策88个）。"], ["涉及3个县，其中示例县5个乡镇。"]),
    ("N-parts", ["培训120人，其中男70人、女60人。"], ["培训120人，其中男70人、女50人。"]),
    ("N-parts", ["办件20件，其中市本级8件，其余13件。"], ["办件20件，其中市本级8件，其余12件。"]),
    ("N-parts", ["获奖10项，其中省级5项、市级8项。"], ["选派10人，其中党员8人、女性7人。"]),
    ("N-parts", ["评选30名，其中一等奖5名、二等奖10名、三等奖16名。"], ["评选30名，其中一等奖5名、二等奖10名。"]),
    ("N-share", ["出台政策87个，其中试点以来55个，占80%。"], ["出台政策87个，其中试点以来55个，占63.2%。"]),
    ("N-share", ["检查120家，其中合格30家，合格率35%。"], ["检查120家，其中发现问题30家，整改率100%。"]),
    ("N-share", ["办件200件，其中网上办理50件，占全市的百分之五十、占比45%。", "办件200件，其中网上办理50件，占比45%。"], ["办件200件，其中网上办理50件，占全市的45%。"]),
    ("N-shares", ["甲类占40%、乙类占35%、丙类占28%。"], ["甲类占40.1%、乙类占35.0%、丙类占25.0%。"]),
    ("N-sign", ["办件量下降-3%。"], ["办件量下降3%，增速为-3%。"]),
    ("N-sign", ["投诉同比增长−3%。"], ["投诉下降了3%—5%。"]),
    ("N-direction", ["由61个增加到55个。"], ["由55个增加到61个。"]),
    ("N-direction", ["由55个增加到61个，下降10.9%。"], ["由61个减少到55个，下降9.8%。"]),
    ("N-direction", ["比上年增加5个，下降6.1%。"], ["比上月增加5个，同比下降3%。"]),
    ("N-rate", ["由55个增加到61个，增长11.9%。"], ["由55个增加到61个，增长10.9%。"]),
    ("N-rate", ["共有87个，比上年增加5个，增长7.1%。"], ["共有87个，比上年增加5个，增长6.1%。"]),
    ("N-rate", ["收入3.5亿元，比上年增加0.5亿元，增长26.7%。"], ["收入3.5亿元，比上年增加0.5亿元，增长16.1%。"]),
    ("N-rate", ["现有82个，比上年减少5个，下降6.7%。"], ["现有82个，比上年减少5个，下降5.7%，按可比口径增长2%。"]),
    ("N-rate", ["从五十家增至六十家，增长百分之三十。"], ["从五十家增至六十家，增长百分之二十。"]),
    ("N-difference", ["由55个增加到61个，增加5个。"], ["由55个增加到61个，增加6个。"]),
    ("N-difference", ["由50%提高到60%，提高12个百分点。"], ["由50.2%提高到60.5%，提高10.3个百分点。"]),
    ("N-points", ["由50%提高到60%，提高10%。"], ["由50%提高到60%，提高10个百分点。"]),
    ("N-doubling", ["由10个增加到12个，翻一番。"], ["由10个增加到21个，翻一番。"]),
    ("N-doubling", ["由10个增加到20个，翻两番。"], ["由10个增加到40个，翻了两番。"]),
    ("N-times-fewer", ["投诉减少2倍。"], ["办件增加2倍，投诉减少一半。"]),
    ("N-list", ["建设学校、机关、企业、社区、园区、街区、空间等8类单元。"], ["建设学校、机关、企业、社区、园区、街区、空间等7类单元。"]),
    ("N-list", ["建设学校、机关、企业、社区等3类单元。"], ["在甲县、乙县、丙县等7个县试点。"]),
    ("N-list", ["抓好规划、建设、管理四个环节。"], ["抓好规划、建设、管理三个环节，党政机关、企业、学校20名青年参加。"]),
    ("N-list", ["出台5项措施：安居、就业、教育、健康。"], ["出台5项措施：安居、就业、教育、健康和托育。"]),
    ("N-list", ["出台5项措施：建好平台，服务青年；办好实事；抓好落实。"], ["出台5项措施：安居、就业、教育等。"]),
    ("N-list", ["印发《章程》《条例》《办法》等2部制度。"], ["印发《章程》《条例》《办法》等5部制度。"]),
    ("N-list", ["做到四个坚持：一是学；二是干；三是评。"], ["做到三个坚持：一是学；二是干；三是评。"]),
    (
        "N-list",
        ["实施七大行动。", "七大行动包括“规划”行动、“教育”行动、“就业”行动、“居住”行动、“健康”行动、“安全”行动。"],
        ["三大行动包括“规划”行动、“教育”行动、“就业”行动。"],
    ),
    (
        "N-headings",
        [("heading1", "一、实施三项工程"), ("heading2", "（一）甲"), ("heading2", "（二）乙")],
        [("heading1", "一、实施两项工程"), ("heading2", "（一）甲"), ("heading2", "（二）乙")],
    ),
    (
        "N-headings",
        [("heading1", "一、抓五个方面"), *[("heading2", f"（{n}）甲") for n in "一二三四"], ("heading1", "二、其他")],
        [("heading1", "一、落实“三项工程”要求"), ("heading2", "（一）甲"), ("heading2", "（二）乙")],
    ),
    ("N-table-total", [table("县|人数", "甲县|10", "乙县|20", "合计|31")], [table("县|人数", "合 计|30", "甲县|10", "乙县|20")]),
    (
        "N-table-total",
        [table("县|投入（万元）", "甲县|1.26", "乙县|2.30", "合计|3.76")],
        [table("县|占比|排名|投入", "甲县|35.3%|2|1.3", "乙县|64.7%|1|2.3", "丙县|—|—|—", "合计|100%|—|3.7")],
    ),
    (
        "N-table-total",
        [table("类别|项", "甲|1", "乙|2", "小计|3", "丙|4", "丁|5", "小计|9", "合计|13")],
        [table("类别|项", "甲|1", "其中：青年|1", "乙|2", "小计|3", "丙|4", "丁|5", "小计|9", "合计|12")],
    ),
    ("N-shares", [table("类|占比", "甲|50.0%", "乙|30.0%", "丙|21.0%")], [table("类|占比", "甲|33.4%", "乙|33.3%", "丙|33.4%")]),
    ("N-chart-book", [chart("县|人数", "甲县|10", "乙县|20", book=("县|人数", "甲县|10", "乙县|21"))], [chart("县|人数", "甲县|10.0", "乙县|20", book=("县|人数", "甲县|10", "乙县|20"))]),
    (
        "N-chart-table",
        [table("县|人数（人）", "甲县|10", "乙县|20", "合计|30"), chart("县|人数", "甲县|10", "乙县|21")],
        [table("县|人数（人）", "甲县|10", "乙县|20", "合计|30"), chart("县|办件", "甲县|10", "乙县|21")],
    ),
    (
        "N-rank",
        [table("县|得分|排名", "甲县|90|1", "乙县|80|2", "丙县|70|3"), "乙县排名第三。"],
        [table("县|得分|排名", "甲县|90|1", "乙县|80|2", "丙县|70|3"), "乙县排名第二，丙县居全省第一。"],
    ),
    ("N-headline", [("title", "示例市出台政策87个"), "全市出台政策85个。"], [("title", "2023年第三季度示例市出台政策87个"), "全市出台政策八十七个。"]),
    ("N-headline", [("title", "示例市实施“七大行动”"), "全市实施八大行动。"], [("title", "示例市服务超万人"), "服务青年12345人。"]),
    (
        "N-two-values",
        ["全市办理青年民生实事95件。", "目前很好。全市办理青年民生实事96件。"],
        ["全市办理青年民生实事95件。", "全县办理青年民生实事96件，2022年全市办理青年民生实事90件。"],
    ),
    (
        "N-prose-table",
        [table("县|新增就业（人）|实事", "甲县|120|5", "乙县|80|6", caption="表1　就业"), "甲县新增就业121人。"],
        [table("县|新增就业（人）|实事", "甲县|120|5", "乙县|80|6", caption="表1　就业"), "甲县新增就业120人，2022年甲县新增就业98人。"],
    ),
)  # fmt: skip


@pytest.mark.parametrize(("id", "slip", "right"), SLIPS)
def test_a_rule_names_the_contradiction_and_not_its_neighbour(
    id: str, slip: Sequence[Part], right: Sequence[Part]
) -> None:
    assert ids(*slip) == {id}
    assert ids(*right) == set()


def test_a_figure_printed_with_two_values_is_told() -> None:
    two = [record("num_001", "87", "87"), record("num_002", "85", "85")]
    assert ids("出台政策87项。", numerals=two) == {"N-two-values"}
    apart = [record("num_001", "87", "87"), record("num_002", "85", "85", dims="县=甲县")]
    assert ids("出台政策87项。", numerals=apart) == set()


def test_a_number_typed_over_is_told_at_its_paragraph() -> None:
    marks = {"num_001": (4, 6)}
    (finding,) = found_in("第一段。", "出台政策89项。", numerals=[record("num_001", "87", "87")], bookmarks=marks)
    assert (finding.id, finding.paragraph, finding.expected, finding.measured) == ("N-typed-over", 2, "87", "89")
    assert ids("出台政策87项。", numerals=[record("num_001", "87", "87")], bookmarks=marks) == set()


def test_every_rule_of_figures_has_a_contradiction_here() -> None:
    shown = {id for id, *_ in SLIPS} | {"N-typed-over"}
    assert shown == {id for id in RULES if id.startswith("N-")}


def test_a_finding_says_the_sum_and_where() -> None:
    (finding,) = found_in("第一段。", "出台“七大行动”“六项工程”共14项措施。")
    assert "7 + 6 = 13，写的是14项" in finding.problem
    assert (finding.expected, finding.measured, finding.paragraph) == ("13", "14项", 2)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("七", 7), ("十", 10), ("十三", 13), ("二十", 20), ("两", 2), ("一百零五", 105), ("两万三千", 23000), ("一百二十万", 1200000),
        ("三亿零五十", 300000050), ("二〇", None), ("二三", None), ("千百", None), ("万", None),
    ],
)  # fmt: skip
def test_chinese_numerals_are_read_as_numbers(text: str, value: int | None) -> None:
    assert chinese_number(text) == (None if value is None else Decimal(value))


def test_a_share_in_words_is_read_with_its_decimals() -> None:
    assert chinese_number("三点五") == Decimal("3.5")
