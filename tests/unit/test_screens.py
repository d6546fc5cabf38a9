"""What tables on the screen say where there is nothing to list."""

import pytest

from yaoxun import screens


def test_an_empty_table_says_what_there_is_nothing_of(capsys: pytest.CaptureFixture[str]) -> None:
    screens._table(("等级", "规则"), (), "意见")
    screens._table(("类别", "收件人"), (), "答复")
    assert capsys.readouterr().out.split() == ["意见：没有内容。", "答复：没有内容。"]


def test_an_empty_list_of_its_own_needs_no_name(capsys: pytest.CaptureFixture[str]) -> None:
    screens.show_documents([])
    assert capsys.readouterr().out.strip() == "没有内容。"
