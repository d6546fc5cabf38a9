"""An issue written by hand."""

from datetime import date

import pytest
from briefings_kit import paragraphs, shipped_profile

from yaoxun.briefings.handwritten import Handwritten, parse_issue
from yaoxun.briefings.model import Heading, Paragraph
from yaoxun.briefings.word import build_docx
from yaoxun.errors import RequestError

HEAD = "---\n标题: 示例标题\n期号: 〔2023〕第4期\n日期: 2023-04-06\n报: [甲, 乙]\n发: [丙]\n责编: 示例责编\n份数: 60\n---\n"


def parse(text: str) -> Handwritten:
    return parse_issue(text, name="晋团要讯", issuer="示例单位")


def refused(text: str) -> str:
    with pytest.raises(RequestError) as caught:
        parse(text)
    assert caught.value.remedy
    return str(caught.value)


def test_the_front_matter_fills_masthead_colophon_and_late_slots() -> None:
    done = parse(HEAD + "\n正文。\n")
    assert (done.issue.title, done.issue.masthead.name, done.issue.masthead.issuer) == (
        "示例标题",
        "晋团要讯",
        "示例单位",
    )
    assert done.issue.colophon.rows == (("报", ("甲", "乙")), ("发", ("丙",)))
    assert (done.late.issue_number, done.late.printed_on, done.late.copies) == ("〔2023〕第4期", date(2023, 4, 6), 60)


def test_name_and_issuer_can_be_given_and_numbers_need_no_call() -> None:
    done = parse("---\n标题: 甲\n简报名称: 示例专报\n署名: 另一单位\n---\n出台政策87个。\n")
    assert (done.issue.masthead.name, done.issue.masthead.issuer) == ("示例专报", "另一单位")
    assert done.issue.numerals == ()
    assert done.late.issue_number == "〔　　〕第　期"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("正文。\n", "文首"),
        ("---\n标题: 甲\n标头: 乙\n---\n正文。\n", "第 3 行的报头信息：不认识“标头”"),
        ("---\n署名: 甲\n---\n正文。\n", "缺少“标题”"),
        ("---\n标题: 甲\n日期: 2023年4月6日\n---\n正文。\n", "第 3 行的报头信息：“日期”的值不对"),
        ("---\n标题: 甲\n日期: 2023-02-30\n---\n正文。\n", "2023-04-06"),
        ("---\n标题: 甲\n报: 甲办公厅\n---\n正文。\n", "[甲, 乙]"),
        ("---\n标题: 甲\n份数: 0\n---\n正文。\n", "第 3 行的报头信息：“份数”的值不对"),
        ("---\n标题: 甲\n署名: 乙: 丙\n---\n正文。\n", "第 3 行"),
        ("---\n只有一句话\n---\n正文。\n", "键: 值"),
        ("---\n标题: 甲\n---\n\n\n", "正文是空的"),
        ("---\n标题: 甲\n---\n\n正文。\n\n- 条目\n", "第 7 行：要讯里不能用项目符号列表"),
    ],
)
def test_what_is_wrong_is_said_with_its_line_and_a_remedy(text: str, says: str) -> None:
    assert says in refused(text)


def test_a_long_text_comes_out_whole_and_in_order() -> None:
    sentences = [f"第{n}段：示例文字“引语”——《示例》，共{n * 7}个，占{n}.5%，A<B & C。" for n in range(1, 201)]
    body = "\n\n".join(f"# 标题{n}\n\n{s}" if n % 20 == 0 else s for n, s in enumerate(sentences))
    done = parse(HEAD + body)
    read = "".join(
        "".join(run.text for run in block.runs) for block in done.issue.blocks if isinstance(block, Paragraph)
    )
    assert read == "".join(sentences)
    assert sum(isinstance(block, Heading) for block in done.issue.blocks) == 10
    printed = "".join(
        text for style, text in paragraphs(build_docx(done.issue, shipped_profile(), done.late)) if style == "BodyText"
    )
    assert printed == "".join(sentences)
