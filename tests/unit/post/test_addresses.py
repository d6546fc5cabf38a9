import pytest

from yaoxun.mail_address import is_mail
from yaoxun.post.model import RecipientState, is_path, path_parts


@pytest.mark.parametrize("address", ["a@org.example", "a.b+c_d@x-y.org.example", f"{'x' * 64}@org.example"])
def test_an_ordinary_mailbox_is_one(address: str) -> None:
    assert is_mail(address) and not is_path(address)


@pytest.mark.parametrize(
    "address",
    ["", "a", "a@", "@org.example", "a@localhost", "a..b@org.example", ".a@org.example", "a@-org.example", "a@org..example",
     "a@org.example\n", "a b@org.example", "联络员@org.example", "a@示例.example", f"{'x' * 65}@org.example",
     "甲 <a@org.example>", "回/示例区/回执.txt"],
)  # fmt: skip
def test_what_no_server_is_sure_to_take_is_no_mailbox(address: str) -> None:
    assert not is_mail(address)


def test_a_path_under_the_letter_box_is_an_address() -> None:
    assert path_parts("回/示例区/回执 2023-03（第1号）.txt") == ("示例区", "回执 2023-03（第1号）.txt")


@pytest.mark.parametrize(
    "address",
    ["回/", "回/../x", "回/a/../../x", "回/a//b", "回/./a", "回/a/", "/回/a", "收/a", "回/a\\b", "回/C:x", "回/a\x00b",
     "回/a\nb", "回/尾点.", "回/尾空 "],
)  # fmt: skip
def test_what_leads_out_or_cannot_be_a_file_name_everywhere_is_none(address: str) -> None:
    assert path_parts(address) is None


def test_the_states_are_written_as_the_office_says_them() -> None:
    said = ["待发", "领取", "送达中", "服务器已接收", "被拒", "待重试", "状态不明", "已撤", "已改投"]

    assert [state.value for state in RecipientState] == said
