"""A letter as the bytes that go over the wire: headers, text, HTML and attachments. Pure, and the same letter is always
the same bytes: the frozen copy in the outbox can be sent again under the same Message-ID.

Everything is 7-bit with short lines, so no server extension is needed. What a letter says is not decided here.
"""

import base64
import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import PurePosixPath

from ulid import ULID

from yaoxun.errors import InternalError
from yaoxun.mail_address import is_mail

_POLICY = SMTP.clone(cte_type="7bit")
_LINE_BREAK = re.compile(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")

# 39 bytes are 13 Chinese characters and 52 of base64: with "Subject: " and the wrapping the line stays under 76.
_WORD_BYTES = 39


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A file that goes along; `name` may be Chinese."""

    name: str
    data: bytes
    maintype: str
    subtype: str


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A mail before it is bytes. `date` is aware; `sender` is (name, address); `to` and `cc` are addresses."""

    message_id: str
    date: datetime
    subject: str
    text: str
    html: str
    sender: tuple[str, str]
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()


def new_message_id(domain: str) -> str:
    """A Message-ID for a new outbox row, which keeps it for every attempt. It is random, never derived from the row's
    key: mail systems drop a known Message-ID without a word, and two homes, or a home made anew, share their keys."""
    return f"<{ULID()}@{domain}>"


def compose(letter: Letter) -> bytes:
    """The mail as bytes with CRLF line ends, ready for DATA. Raises InternalError for what cannot stand in a header."""
    _check(letter)
    lines = [
        f"Date: {format_datetime(letter.date)}",
        f"Message-ID: {letter.message_id}",
        f"From: {_words(letter.sender[0])}\r\n <{letter.sender[1]}>",
        *(f"{name}: " + ",\r\n ".join(them) for name, them in (("To", letter.to), ("Cc", letter.cc)) if them),
        f"Subject: {_words(letter.subject)}",
        # RFC 3834: no out-of-office reply is owed to a machine
        "Auto-Submitted: auto-generated",
    ]
    return "\r\n".join(lines).encode("ascii") + b"\r\n" + _content(letter).as_bytes(policy=_POLICY)


def _check(letter: Letter) -> None:
    """Refuse what would break out of a header; template and settings are ours, so this is our own fault."""
    remedy = "请把这封信的内容报给开发者；其他信不受影响。"
    if letter.date.tzinfo is None:
        raise InternalError("信的日期没有时区。", remedy)
    if not re.fullmatch(r"<[!-;=?-~]+@[!-;=?-~]+>", letter.message_id):
        raise InternalError(f"邮件编号“{letter.message_id}”不合规。", remedy)
    for what, value in (("标题", letter.subject), ("发件人名称", letter.sender[0])):
        if _LINE_BREAK.search(value):
            raise InternalError(f"信的{what}里有换行：{value!r}", remedy)
    for what, value in (("标题", letter.subject), ("正文", letter.text), ("正文", letter.html)):
        if not _UNPRINTABLE.sub("", value).strip():
            raise InternalError(f"信“{letter.subject}”的{what}是空的。", remedy)
    if not letter.to and not letter.cc:
        raise InternalError(f"信“{letter.subject}”没有收件人。", remedy)
    for address in (letter.sender[1], *letter.to, *letter.cc):
        if not is_mail(address):
            raise InternalError(f"“{address}”不是邮箱地址。", "请改正 config/ 里的这个地址。")


def _words(text: str) -> str:
    """Header text in encoded words (RFC 2047), folded between characters; a few plain English words stay as they are.

    Not left to EmailMessage: it loses spaces and breaks lines differently from one patch release to the next.
    """
    text = _UNPRINTABLE.sub(" ", text).strip()
    if len(text) <= 60 and re.fullmatch(r"[A-Za-z0-9_-]+(?: [A-Za-z0-9_-]+)*", text):
        return text
    chunks, chunk = [], b""
    for character in text:
        code = character.encode()
        if len(chunk) + len(code) > _WORD_BYTES:
            chunks.append(chunk)
            chunk = b""
        chunk += code
    return "\r\n ".join(f"=?utf-8?b?{base64.b64encode(c).decode()}?=" for c in (*chunks, chunk))


def _content(letter: Letter) -> EmailMessage:
    """The MIME part: text with its HTML alternative, then the attachments."""
    body = EmailMessage(policy=_POLICY)
    body.set_content(_sound(letter.text), cte="base64")
    body.add_alternative(_sound(letter.html), subtype="html", cte="base64")
    for number, one in enumerate(letter.attachments, 1):
        # filename alone becomes filename* (RFC 2231); giving both makes the reader lose the Chinese name. Programs that
        # know only the old way find an ASCII name in Content-Type.
        plain = f"attachment-{number}{_ascii_suffix(one.name)}"
        body.add_attachment(
            one.data, maintype=one.maintype, subtype=one.subtype, filename=_UNPRINTABLE.sub("_", one.name), params={"name": plain}
        )  # fmt: skip
    # "=_" stands in no base64 text, and every part is base64
    seed = hashlib.sha256(letter.message_id.encode()).hexdigest()[:24]
    multiparts = [part for part in body.walk() if part.is_multipart()]
    for level, part in enumerate(multiparts):
        part.set_boundary(f"=_{seed}.{level}")
    return body


def _ascii_suffix(name: str) -> str:
    suffix = PurePosixPath(name).suffix
    return suffix.lower() if re.fullmatch(r"\.[A-Za-z0-9]{1,8}", suffix) else ""


def _sound(text: str) -> str:
    """Text that UTF-8 can hold; a file name that was no UTF-8 on its disk brings lone surrogates along."""
    return text.encode("utf-8", "replace").decode("utf-8")
