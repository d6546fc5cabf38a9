from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default

from yaoxun.post.compose import Letter, compose
from yaoxun.post.diverting import diverted

LETTER = Letter(
    message_id="<abc@mail.example>", date=datetime(2023, 4, 6, 1, 0, tzinfo=UTC), subject="晋团要讯第4期", text="请查收。\n",
    html="<!DOCTYPE html><html><body>\n<p>请查收。</p></body></html>", sender=("办公室（示例）", "y@mail.example"),
    to=("a@org.example", "b@org.example"), cc=("c@org.example",),
)  # fmt: skip
EVERYBODY = [
    ("a@org.example", "to"),
    ("b@org.example", "to"),
    ("c@org.example", "cc"),
    ("回/示例区/1-1 回执.txt", "note"),
]


def divert(letter: Letter = LETTER, tag: str = "7-1", instead_of: str = "b@org.example") -> Letter:
    return diverted(letter, tag=tag, to="trial@mail.example", instead_of=instead_of, everybody=EVERYBODY)


def test_a_diverted_letter_names_its_true_recipients_before_anything_else() -> None:
    message = message_from_bytes(compose(divert()), policy=default)
    assert (message["To"], message["Cc"]) == ("trial@mail.example", None)
    assert message["Subject"] == "【试运行改投】晋团要讯第4期"
    text = divert().text
    assert text.startswith(
        "【试运行改投】这封信没有发给收件人，改投到 trial@mail.example。\n本封原收件人：b@org.example\n"
    )
    assert "全部主送：a@org.example、b@org.example\n全部抄送：c@org.example\n" in text
    assert text.endswith("请查收。\n")
    assert "回/" not in text
    html = divert().html
    assert html.index("试运行改投") > html.index("<body>")
    assert html.index("b@org.example") < html.index("<p>请查收。</p>")


def test_no_two_recipients_and_no_resent_mail_share_a_message_id_and_none_has_that_of_the_true_mail() -> None:
    ids = {divert(tag=tag).message_id for tag in ("7-1", "7-2", "8-1")} | {LETTER.message_id}
    assert ids == {"<abc.7-1@mail.example>", "<abc.7-2@mail.example>", "<abc.8-1@mail.example>", "<abc@mail.example>"}


def test_a_page_without_a_body_is_marked_too_and_addresses_cannot_become_markup() -> None:
    found = divert(replace(LETTER, html="<p>x</p>"), instead_of="<b>@org.example")
    assert found.html.startswith("<div") and found.html.endswith("<p>x</p>")
    assert "<b>" not in found.html and "&lt;b&gt;" in found.html
