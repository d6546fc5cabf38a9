"""Whole documents: one that holds every slip of the format's list and five of different make that hold none. The words are
the tests' own.
"""

from collections.abc import Sequence

import pytest
from lint_text_kit import Part, chart, ids, table

# One slip a paragraph, as bulletin-format.md lists them, in the setting in which they really occur.
SLIPS: dict[str, tuple[str, ...]] = {
    "T-half-width": ("示例市围绕《示例市青年规划(2021—2025年)》推进实施。",),
    "T-space-digits": ("力争到 2024 年，工作机制比较健全。",),
    "T-mark-between-quoted": ("聚焦“着力优化”、“组织动员”两条主线，抓好落实。",),
    "T-gb2312": ("实施“青·创”工程和“青·靚”工程，营造氛围。",),
    "T-two-ways": ("着力解决青年“急难愁盼”问题。", "围绕青年“急难盼愁”，出台支持政策。"),
    "T-approximate": ("约20名左右青年骨干参加了座谈。",),
    "T-padded-date": ("2023年04月06日，召开第一次调度会。",),
    "T-document-number": ("按照示例发[2023]12号文件要求，细化任务。",),
    "T-straight-quotes": ('坚持"党管青年"原则，形成合力。',),
    "N-sum": ("出台“七大行动”“六项工程”共14项具体措施。",),
    "N-parts": ("全年办理实事30件，其中省级10件、市级12件、县级9件。",),
    "N-list": ("建设学校、机关、企业、社区、园区、街区等7类示范单元。",),
    "N-sign": ("青年来信来访同比下降-3.5%。",),
}


def test_a_document_with_every_slip_gets_exactly_these_findings() -> None:
    paragraphs: list[Part] = [("title", "示例市推进青年发展型城市建设"), ("heading1", "一、主要做法")]
    paragraphs += [text for texts in SLIPS.values() for text in texts]
    assert ids(*paragraphs) == set(SLIPS)


@pytest.mark.parametrize("id", SLIPS)
def test_each_slip_of_the_document_is_found_for_its_own_paragraph(id: str) -> None:
    assert ids(*SLIPS[id]) == {id}


@pytest.mark.parametrize("id", SLIPS)
def test_the_document_without_one_slip_lacks_that_finding_only(id: str) -> None:
    rest = [text for name, texts in SLIPS.items() if name != id for text in texts]
    assert ids(*rest) == set(SLIPS) - {id}


BULLETIN: Sequence[Part] = (
    ("masthead", "示例要讯"), ("issue_number", "〔2023〕第4期"), ("date_line", "示例单位\t2023年4月6日"),
    ("title", "示例市实施“七大行动”“六项工程”\n建设青年发展型城市"),
    "2022年6月，示例市入选试点。试点以来，围绕《示例市青年规划（2021—2025年）》，按照“一年打基础、两年见成效、长期促巩固”思路，"
    "努力解决青年“急难愁盼”问题，形成一批可复制、可推广的经验。",
    ("heading1", "一、高位推动，强化统筹"),
    "出台“七大行动”“六项工程”共13项措施。实施“城市规划”行动、“教育优先”行动、“就业创业”行动、“安居乐业”行动、“生活便利”行动、"
    "“身心健康”行动、“平安相伴”行动；实施“青·思”“青·创”“青·力”“青·融”“青·靓”“青·联”六项工程。",
    "建立“周例会”“月报送”“季调度”“年总结”四项机制。2023年，6个县（市、区）将相关表述写入政府工作报告。",
    ("heading1", "二、聚焦民生，办好实事"),
    "全市出台普惠性、专项政策87个，其中试点启动以后出台55个，占63.2%；办理民生实事95件。建设学校、机关、企业、社区、园区、街区、"
    "空间等7类示范单元，设计制作文创产品40余种（套）。",
    "一是建平台。全市建成驿站61个，比上年增加6个，增长10.9%。二是强服务。服务青年由1.2万人次增加到1.5万人次，增长25%。三是优环境。",
    ("caption", "表1　各县情况"), ("unit", "单位：个"),
    table("县（市、区）|政策|实事|占比", "甲县|20|30|31.6%", "乙县|37|35|36.8%", "丙县|30|30|31.6%", "合计|87|95|100.0%", caption="表1　各县情况"),
    chart("县|政策", "甲县|20", "乙县|37", "丙县|30"),
    "从各县看，乙县政策37个，甲县政策20个。",
    ("colophon", "报：省委办公厅，省人大办公厅，省政府办公厅"), ("colophon", "责 编：示例联络员\t共印30份"), ("footer", "— 1 —"),
)  # fmt: skip

SPECIAL_REPORT: Sequence[Part] = (
    ("secret", "机密★1年"), ("title", "关于示例县矛盾纠纷化解工作的专报"), ("remark", "按语：示例县的做法针对性强，供各地参考。"),
    "示例县设立调解室12个，选派调解员36名，其中专职20名、兼职16名。一季度受理纠纷240件，化解234件，化解率97.5%，同比提高2.3个百分点。",
    ("heading2", "（一）坚持源头治理"),
    "“小事不出村，大事不出镇。”这是群众的期盼。县里把网格员、楼栋长、志愿者三支队伍拧成一股绳，做到“三个到位”：一是人员到位，"
    "二是经费到位，三是责任到位。",
    ("heading2", "（二）坚持法治引领"),
    "依据《示例省多元化解纠纷促进条例》《示例市〈条例〉实施细则》等文件，出台5项制度：首问负责、限时办结、联席会商、信息报送和责任追究。",
    "1.健全网络。在乡镇、村、网格三级设点，实现全覆盖。", "2.严格考核。每月5日前通报，对连续两次排名末位的约谈主要负责人。",
    "下一步，要做到：（1）抓重点；（2）补短板；（3）强弱项。请于2023年5月31日（星期三）17:30前反馈，电话：0351-1234567。",
)  # fmt: skip

CIRCULAR: Sequence[Part] = (
    ("title", "关于2023年第一季度督查情况的通报"), "各县（市、区）人民政府，市直各单位：",
    "根据《关于开展专项督查的通知》（示例办发〔2023〕6号）要求，3月6日至17日，市政府督查室对11个县（市、区）、24个部门开展督查，"
    "共发现问题128个，已整改116个，整改率90.6%。现将有关情况通报如下。",
    ("heading1", "一、总体情况"),
    "重点项目126个，总投资354.7亿元，年度计划投资80亿元，一季度完成21.6亿元，占年度计划的27%。开工率100%的有甲县、乙县2个县，"
    "高于平均水平的有丙县、丁县等5个县。",
    "分类看，基础设施类占45.2%，产业类占38.9%，民生类占15.9%。", ("caption", "表1　重点项目进度"), ("unit", "单位：亿元"),
    table(
        "县|年度计划|完成投资|完成率（%）|排名", "甲县|20.0|6.4|32.0|1", "乙县|35.5|9.2|25.9|2", "丙县|24.5|6.0|24.5|3",
        "合计|80.0|21.6|27.0|—", caption="表1　重点项目进度",
    ),
    "甲县排名第一，丙县排名第三。", ("heading1", "二、存在问题"),
    "（一）进度不平衡。完成率最高的与最低的相差7.5个百分点。（二）要素保障不足。3个项目用地未落实，5个项目资金未到位，8个项目均已列入台账。",
    ("heading1", "三、下一步要求"), "第一，压实责任。各级各部门要对号入座、逐项销号。第二，强化调度。第三，严肃问责。",
)  # fmt: skip

COMPILATION: Sequence[Part] = (
    ("cover", "示 例 工 作 汇 编"), ("cover", "二〇二三年四月"), ("toc", "一、政策篇\t1"), ("toc", "二、实事篇\t15"),
    ("item", "政策篇"), ("heading1", "一、促进就业八条措施"),
    "第一条　对首次来示例市就业的高校毕业生，给予一次性补贴3000元；对硕士、博士研究生，分别给予5000元、10000元。",
    "第二条　鼓励企业设立见习岗位，补贴标准为最低工资的60%—80%，期限3—12个月。",
    "第三条　每年遴选10个左右创业项目，给予5万元至20万元扶持。不少于三分之一的资金用于县域。", ("item", "实事篇"), ("heading1", "一、驿站建设"),
    table("序号|名 称|地 址|床位", "1|示例驿站一|示例路1号|30", "2|示例驿站二|示例路2号|20", "合 计|||50"),
    "驿站提供7天免费住宿。入住1320人次，满意率99.6%。男女比例约为1:1.2。", "名单如下：", "示例甲　示例乙　示例丙　示例丁",
    "“青年夜校”开课以来，开设书法、茶艺、摄影、舞蹈等课程，报名人数翻了一番。参与者说：“在这里，既能学本领，又能交朋友，真好！”",
)  # fmt: skip

PROSE: Sequence[Part] = (
    ("title", "数字化服务平台使用说明"),
    "平台网址为 https://www.example.com/a?b=1,2;c=(3)，技术支持邮箱 help.desk@example.com，App 版本 v2.3.1，数据接口遵循 GB/T 2260-2007。",
    "首页采用 Responsive Web Design (RWD), mobile first 的思路，支持 Chrome、Edge 等浏览器。用户可下载“使用手册.pdf”查阅。",
    "Please read the terms (v1.0), then click \"Accept\". Don't share your password!", "系统支持 CSV、XLSX 两种格式，单个文件不超过20MB。",
    "服务时间为8:30—17:30，节假日除外。2023年全年系统可用率99.95%，平均响应时间0.8秒，累计访问1.3亿次。",
    "公式 f(x)=2x+1 用来折算。比例尺1:5000，气温零下5℃至12℃。他用了“A/B 测试”，效果提升约三成。",
    "要一件一件落实，实实在在、仔仔细细；的的确确为了了解群众所需，达到目的的同时，不搞一刀切。",
    "十分感谢！一些同志问：三农工作怎么抓？五四青年节怎么办？四面八方都有回音，千方百计办好事。",
)  # fmt: skip


@pytest.mark.parametrize(
    "document", [BULLETIN, SPECIAL_REPORT, CIRCULAR, COMPILATION, PROSE], ids=["要讯", "专报", "通报", "汇编", "说明"]
)
def test_a_clean_document_has_no_finding(document: Sequence[Part]) -> None:
    assert ids(*document) == set()


def test_an_empty_document_has_no_finding() -> None:
    assert ids() == set()
    assert ids("", "  ", "\n") == set()
