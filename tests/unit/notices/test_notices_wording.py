"""The words of a notice: data is data in subject, text and HTML."""

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yaoxun.errors import ConfigError
from yaoxun.notices.wording import Wording, word_notice

TEMPLATES = Path(__file__).parents[3] / "report_templates"


def word(folder: Path, source: str, **params: Any) -> Wording:
    (folder / "notices").mkdir(exist_ok=True)
    (folder / "notices" / "own.md.j2").write_text(source, encoding="utf-8")
    return word_notice(folder, "own", params)


def table(**changes: Any) -> dict[str, Any]:
    usual = {
        "title": "政策出台表",
        "table": "T3",
        "period": "2023-03",
        "decision": "接收",
        "note": "",
        "deadline": "3月28日17:30前",
        "state": "待报",
    }
    return {**usual, **changes}


PARAMS: dict[str, dict[str, Any]] = {
    "receipt": {"org": "城区", "headline": "接收", "file": "城区.xlsx", "arrival": 7, "received": "3月27日", "tables": [table()],
                "notes": ["一句话"], "signature": "示例办公室"},
    "return": {"org": "城区", "headline": "退回 1 张", "file": "城区.xlsx", "arrival": 7, "received": "3月27日",
               "tables": [table(decision="退回", note="缺 2 处")], "notes": [], "signature": "示例办公室", "problem_count": 3,
               "problems": [{"sheet": "T3", "cell": "B7", "rule": "C02", "level": "强制", "message": "没有填"}]},
    "reminder": {"org": "城区", "overdue": True, "tables": [table(state="退回待改"), table(state="待说明")], "signature": "示例办公室"},
    "bulletin": {"masthead": "晋团要讯", "number": "〔2023〕第4期", "title": "示例标题", "issuer": "示例单位", "date": "2023年4月6日"},
    "unclaimed": {"file": "不明.xlsx", "arrival": 7, "received": "3月27日", "reason": "认不出单位", "remedy": "请核对", "signature": "示例办公室"},
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(PARAMS))
def test_every_shipped_notice_has_one_line_of_subject_a_text_and_html(name: str) -> None:
    done = word_notice(TEMPLATES, name, PARAMS[name])
    assert done.subject and "\n" not in done.subject
    for sign in ("**", "{{", "{%", "\\"):
        assert sign not in done.text and sign not in done.html
    assert "\n\n\n" not in done.text and done.text.endswith("\n")
    assert done.html.startswith("<!DOCTYPE html>") and "<p>" in done.html


def test_a_notice_says_what_it_is_about() -> None:
    assert word_notice(TEMPLATES, "reminder", PARAMS["reminder"]).subject == "【催报】城区：2 张报表已逾期"
    early = word_notice(TEMPLATES, "reminder", {**PARAMS["reminder"], "overdue": False})
    assert early.subject == "【提醒】城区：2 张报表待报"
    text = word_notice(TEMPLATES, "return", PARAMS["return"]).text
    assert "T3!B7（C02 强制）：没有填" in text and "需要处理的有 3 处，先列 1 处" in text
    assert "<strong>政策出台表</strong>" in word_notice(TEMPLATES, "receipt", PARAMS["receipt"]).html


def test_a_return_says_what_is_attached() -> None:
    attached = {"name": "审核意见.xlsx", "blob": "0"}
    own = word_notice(TEMPLATES, "return", PARAMS["return"] | {"attachments": [attached | {"list_only": False}]}).text
    alone = word_notice(TEMPLATES, "return", PARAMS["return"] | {"attachments": [attached | {"list_only": True}]}).text
    assert "所附是你们自己的表格" in own and "所附只有" not in own
    assert (
        "所附是你们自己的表格" not in alone and "所附只有“审核意见”一页" in alone and "在你们自己的表格里改好" in alone
    )


def test_a_reminder_says_where_zero_is_written() -> None:
    assert "在自己要填的任一格里写“零报告”三个字" in word_notice(TEMPLATES, "reminder", PARAMS["reminder"]).text


def test_data_is_escaped_in_html_and_literal_in_text(tmp_path: Path) -> None:
    data = "A<B & C | **x** {{y}} [z](http://q.example) `k` _e_ <script>alert(1)</script>"
    done = word(tmp_path, "题\n\n**文**：{{ 名 }}\n", 名=data)
    assert f"文：{data}\n" == done.text
    assert (
        "<script>" not in done.html and "<a " not in done.html and "<em>" not in done.html and "<code>" not in done.html
    )
    assert "A&lt;B &amp; C | **x** {{y}}" in done.html
    assert "<strong>文</strong>" in done.html


@pytest.mark.parametrize(
    "data", ["# 大", "- 条", "1. 条", "1) 条", "---", "===", "> 引", "+ 条", "~~~", "    码", "| a | b |"]
)
def test_data_at_the_beginning_of_a_line_begins_no_block(tmp_path: Path, data: str) -> None:
    html = word(tmp_path, "题\n\n上文\n{{ 名 }}\n", 名=data).html
    assert not re.search(r"<(h\d|ul|ol|hr|blockquote|pre|table)", html)
    assert data.strip().replace(">", "&gt;") in html


def test_a_line_break_in_data_neither_ends_the_subject_nor_begins_a_block(tmp_path: Path) -> None:
    done = word(tmp_path, "【回执】{{ 名 }}\n\n正文{{ 名 }}\n", 名="甲\r\nBcc: x@y.example\n\n# 大")
    assert done.subject == "【回执】甲 Bcc: x@y.example # 大"
    assert done.text == "正文甲 Bcc: x@y.example # 大\n"
    assert "<h1>" not in done.html


@given(data=st.text(min_size=1, max_size=30))
def test_any_data_leaves_one_line_of_subject_and_one_paragraph(
    tmp_path_factory: pytest.TempPathFactory, data: str
) -> None:
    done = word(tmp_path_factory.mktemp("notice"), "题{{ 名 }}\n\n文{{ 名 }}尾\n", 名=data)
    assert len(done.subject.splitlines()) == 1
    assert done.html.count("<p>") == 1
    assert done.html.count("<") == 10, "doctype, html, head, meta, body and one p; nothing from the data"


@pytest.mark.parametrize(
    "source",
    ["题\n{{ 没有 }}", "题\n{% if %}", "题\n{{ ''.__class__.__mro__ }}", "题\n{{ 1 // 0 }}", "题\n{{ 名 + 1 }}"],
)
def test_a_template_that_cannot_be_filled_names_its_file_and_a_remedy(tmp_path: Path, source: str) -> None:
    with pytest.raises(ConfigError) as caught:
        word(tmp_path, source, 名="x")
    assert caught.value.file.endswith("own.md.j2") and caught.value.remedy
