"""What tests of mail look at: the mails a server has, parsed; the states of an outbox; the settings changed by hand."""

import re
from collections import Counter
from collections.abc import Callable
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from typing import Any

from support.office_kit import SIGNER, OfficeKit
from tasks.draft import draft
from tasks.outbox import list_outbox
from tasks.sign import sign
from yaoxun.demo.smtp_server import ReceivedMail, ServerHandle, received_mails

StartServer = Callable[..., ServerHandle]


def set_mail(kit: OfficeKit, **changes: str) -> None:
    """Change config/mail.yaml as a person does."""
    path = kit.home.root / "config" / "mail.yaml"
    body = path.read_text(encoding="utf-8")
    for key, value in changes.items():
        body, found = re.subn(rf"^{key}:.*$", f"{key}: {value}", body, flags=re.MULTILINE)
        assert found == 1, key
    path.write_text(body, encoding="utf-8")


def letters(server: ServerHandle) -> list[tuple[ReceivedMail, EmailMessage]]:
    found = []
    for mail in received_mails(server.folder):
        message = BytesParser(policy=default).parsebytes(mail.file.read_bytes())
        assert isinstance(message, EmailMessage)
        found.append((mail, message))
    return found


def text_of(message: EmailMessage, kind: str = "plain") -> str:
    body: Any = message.get_body((kind,))
    return str(body.get_content()).replace("\r\n", "\n")


def reached(server: ServerHandle) -> Counter[str]:
    """How many mails the server took for each address."""
    return Counter(address for mail in received_mails(server.folder) for address in mail.rcpt)


def states(kit: OfficeKit) -> Counter[str]:
    """The mails of the outbox by state."""
    return Counter(row.state for row in list_outbox(kit.ctx()) if not row.address.startswith("回/"))


def numbers(kit: OfficeKit, state: str) -> tuple[int, ...]:
    rows = list_outbox(kit.ctx(), (state,))
    return tuple(row.number for row in rows if not row.address.startswith("回/"))


def sign_bulletin(kit: OfficeKit, now: str = "") -> None:
    """A bulletin to four readers, signed and numbered."""
    assert sign(kit.ctx(now, actor=SIGNER), draft(kit.ctx(now), "要讯", "2023-03").document).number
