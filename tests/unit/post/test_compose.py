from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yaoxun.errors import InternalError
from yaoxun.post.compose import Attachment, Letter, compose, new_message_id

NAME = "市青少年联席会议简报（第3期）.docx"
PARAGRAPH = st.text(st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="\u2028\u2029\x85"), max_size=120)


def a_letter(**changes: Any) -> Letter:
    ordinary: dict[str, Any] = {
        "message_id": "<receipt-1@mail.example>",
        "date": datetime(2023, 4, 6, 1, 0, tzinfo=UTC),
        "subject": "【回执】示例区：两张表已接收",
        "text": "示例区：\n\n收到你们报来的表。\n",
        "html": "<p>收到你们报来的表。</p>\n",
        "sender": ("市青少年联席会议办公室（示例）", "yaoxun@mail.example"),
        "to": ("a@org.example",),
    }
    return Letter(**(ordinary | changes))


def read(eml: bytes) -> EmailMessage:
    message = BytesParser(policy=default).parsebytes(eml)
    assert isinstance(message, EmailMessage)
    assert not any(part.defects for part in message.walk())
    return message


def header(eml: bytes, name: str) -> str:
    """As RFC 2047 has it read. (The newer parser puts spaces between the encoded words of a display name.)"""
    unfolded = message_from_bytes(eml)[name].replace("\r\n ", " ")
    return str(make_header(decode_header(unfolded)))


def an_attachment(name: str = NAME, data: bytes = b"PK\x03\x04" + bytes(range(256)) * 20) -> Attachment:
    return Attachment(name=name, data=data, maintype="application", subtype="octet-stream")


def test_a_letter_reads_back_as_it_was_written() -> None:
    letter = a_letter(to=("a@org.example", "b@org.example"), cc=("c@org.example",), attachments=(an_attachment(),))

    message = read(compose(letter))

    assert message["Subject"] == letter.subject
    assert header(compose(letter), "From") == f"{letter.sender[0]} <{letter.sender[1]}>"
    assert message["From"].addresses[0].addr_spec == letter.sender[1]
    assert [a.addr_spec for a in message["To"].addresses] == ["a@org.example", "b@org.example"]
    assert [a.addr_spec for a in message["Cc"].addresses] == ["c@org.example"]
    assert message["Date"].datetime == letter.date
    assert message["Message-ID"] == letter.message_id
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None and text.get_content().replace("\r\n", "\n") == letter.text
    assert html is not None and html.get_content().replace("\r\n", "\n") == letter.html
    (attached,) = message.iter_attachments()
    assert attached.get_filename() == NAME
    assert attached.get_content() == letter.attachments[0].data


def test_a_reader_that_knows_no_rfc_2231_finds_an_ascii_name_with_the_right_ending() -> None:
    eml = compose(a_letter(attachments=(an_attachment(), an_attachment("附件2.XLSX"))))

    names = [part.get_param("name") for part in read(eml).iter_attachments()]

    assert names == ["attachment-1.docx", "attachment-2.xlsx"]
    # both forms in one header would make the reader drop the Chinese one
    assert b" filename=" not in eml and b"filename*" in eml


def test_the_older_parser_reads_the_chinese_too() -> None:
    eml = compose(a_letter(attachments=(an_attachment(),)))
    message = message_from_bytes(eml)

    assert header(eml, "Subject") == a_letter().subject
    parts = [part.get_filename() for part in message.walk() if part.get_filename()]
    assert parts == [NAME]


def test_the_same_letter_is_the_same_bytes() -> None:
    letter = a_letter(attachments=(an_attachment(), an_attachment("附件2.xlsx")))

    assert compose(letter) == compose(letter)
    assert compose(letter) != compose(a_letter(message_id="<receipt-2@mail.example>"))


def test_every_line_ends_in_crlf_and_is_short_ascii() -> None:
    letter = a_letter(
        subject="特别长的标题" * 30, text="长" * 5000, to=tuple(f"{'x' * 60}{n}@org.example" for n in range(9))
    )

    eml = compose(letter)

    assert eml.isascii()
    assert eml.count(b"\n") == eml.count(b"\r\n") == eml.count(b"\r")
    assert eml.endswith(b"\r\n")
    assert max(len(line) for line in eml.split(b"\r\n")) <= 78


@given(subject=PARAGRAPH.filter(lambda s: s.strip()), name=PARAGRAPH.filter(lambda s: s.strip()))
def test_any_subject_and_sender_survive_folding(subject: str, name: str) -> None:
    eml = compose(a_letter(subject=subject, sender=(name, "yaoxun@mail.example")))

    assert header(eml, "Subject") == str(read(eml)["Subject"]) == subject.strip()
    assert header(eml, "From") == f"{name.strip()} <yaoxun@mail.example>"
    assert [a.addr_spec for a in read(eml)["From"].addresses] == ["yaoxun@mail.example"]


@given(name=PARAGRAPH.map(str.strip).filter(bool))
def test_any_file_name_survives(name: str) -> None:
    (attached,) = read(compose(a_letter(attachments=(an_attachment(name, b"x"),)))).iter_attachments()

    assert attached.get_filename() == name


@pytest.mark.parametrize("ending", ["", "--", "\n.\n"])
def test_a_text_that_holds_the_boundary_stays_a_text(ending: str) -> None:
    boundaries = [part.get_boundary() for part in read(compose(a_letter())).walk() if part.is_multipart()]
    body = "".join(f"--{boundary}{ending}\n" for boundary in boundaries) + "end\n"

    message = read(compose(a_letter(text=body)))

    part = message.get_body(("plain",))
    assert boundaries and part is not None and part.get_content().splitlines() == body.splitlines()


@pytest.mark.parametrize(
    "changes",
    [
        {"subject": "标题\r\nBcc: thief@evil.example"},
        {"subject": "标题\nX: y"},
        {"subject": "标题\x85X: y"},
        {"sender": ("办公室\r\nBcc: thief@evil.example", "yaoxun@mail.example")},
        {"sender": ("办公室", "yaoxun@mail.example>\r\nBcc: <thief@evil.example")},
        {"to": ("a@org.example\r\nBcc: thief@evil.example",)},
        {"cc": ("a@org.example, thief@evil.example",)},
        {"message_id": "<1@mail.example>\r\nBcc: thief@evil.example"},
    ],
)
def test_nothing_breaks_out_of_a_header(changes: dict[str, Any]) -> None:
    with pytest.raises(InternalError):
        compose(a_letter(**changes))


@pytest.mark.parametrize(
    "changes", [{"subject": " "}, {"text": "\n\n"}, {"html": ""}, {"to": ()}, {"to": ("不是邮箱",)}]
)
def test_an_empty_letter_is_not_made(changes: dict[str, Any]) -> None:
    with pytest.raises(InternalError):
        compose(a_letter(**changes))


def test_a_date_without_a_zone_is_refused() -> None:
    with pytest.raises(InternalError, match="时区"):
        compose(a_letter(date=datetime(2023, 4, 6, 9, 0)))


def test_a_file_name_with_a_line_break_or_no_utf8_is_still_sent() -> None:
    letter = a_letter(
        subject="【待认领】坏\udcff名",
        text="《坏\udcff名》没有办理\n",
        attachments=(an_attachment("坏\r\nBcc: thief@evil.example\udcff.xlsx"),),
    )

    message = read(compose(letter))

    assert message["Bcc"] is None
    (attached,) = message.iter_attachments()
    assert attached.get_filename() == "坏__Bcc: thief@evil.example_.xlsx"


def test_every_outbox_row_gets_a_message_id_of_its_own() -> None:
    ids = {new_message_id("mail.example") for _ in range(100)}
    assert len(ids) == 100
    assert all(one.isascii() and one.endswith("@mail.example>") for one in ids)
