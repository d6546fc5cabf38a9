"""Mail over TLS to a real server in a process of its own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from yaoxun.demo.smtp_server import Misbehaviour, ServerHandle, received_mails, start_server
from yaoxun.errors import ConfigError, OutsideError
from yaoxun.home import shipped
from yaoxun.post.compose import Attachment, Letter, compose
from yaoxun.post.model import Outcome, RecipientState
from yaoxun.post.settings import MailSettings, load_mail
from yaoxun.post.smtp import Connection

pytestmark = pytest.mark.live

SENDER = "yaoxun@mail.example"
Start = Callable[..., ServerHandle]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    running: list[ServerHandle] = []

    def begin(name: str = "server", **options: Any) -> ServerHandle:
        running.append(start_server(tmp_path / name, **options))
        return running[-1]

    yield begin
    for handle in running:
        handle.stop()


@pytest.fixture
def settings_for(monkeypatch: pytest.MonkeyPatch) -> Callable[[ServerHandle], MailSettings]:
    """The shipped settings, led to a server by the environment, as the demo does it."""

    def settings(handle: ServerHandle) -> MailSettings:
        for key, value in handle.environment().items():
            monkeypatch.setenv(key, value)
        return load_mail(shipped("config")).model_copy(update={"timeout_s": 10})

    return settings


def a_mail(number: int = 1, text: str = "请查收。\n", attachments: tuple[Attachment, ...] = ()) -> bytes:
    return compose(
        Letter(
            message_id=f"<test-{number}@mail.example>", date=datetime(2023, 4, 6, 1, 0, tzinfo=UTC),
            subject=f"【回执】第 {number} 号", text=text, html="<p>请查收。</p>", sender=("办公室（示例）", SENDER),
            to=("a@org.example",), attachments=attachments,
        )
    )  # fmt: skip


def read(path: Path) -> EmailMessage:
    message = BytesParser(policy=default).parsebytes(path.read_bytes())
    assert isinstance(message, EmailMessage)
    return message


def send(settings: MailSettings, eml: bytes, *addresses: str) -> list[Outcome]:
    with Connection(settings) as connection:
        return [connection.deliver(SENDER, address, eml, lambda: None) for address in addresses]


def states(outcomes: list[Outcome]) -> list[RecipientState]:
    return [outcome.state for outcome in outcomes]


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_mail_arrives_byte_for_byte_with_its_chinese_names(start: Start, settings_for: Any, security: str) -> None:
    server = start(security=security)
    name, data = "市青少年联席会议简报（第3期）.docx", bytes(range(256)) * 200
    eml = a_mail(attachments=(Attachment(name=name, data=data, maintype="application", subtype="octet-stream"),))

    (outcome,) = send(settings_for(server), eml, "a@org.example")

    assert outcome.state is RecipientState.ACCEPTED and outcome.code == 250
    (mail,) = received_mails(server.folder)
    assert mail.file.read_bytes() == eml
    assert (mail.sender, mail.rcpt) == (SENDER, ("a@org.example",))
    assert mail.message_id == "<test-1@mail.example>"
    (attached,) = read(mail.file).iter_attachments()
    assert (attached.get_filename(), attached.get_content()) == (name, data)


def test_a_server_without_encryption_is_greeted_too_and_takes_mail_without_a_login(
    start: Start, settings_for: Any
) -> None:
    server = start(security="plain-loopback-only")
    settings = settings_for(server).model_copy(update={"user": ""})

    outcomes = send(settings, a_mail(), "a@org.example", "b@org.example")

    assert states(outcomes) == [RecipientState.ACCEPTED, RecipientState.ACCEPTED]
    assert [m.rcpt for m in received_mails(server.folder)] == [("a@org.example",), ("b@org.example",)]


def test_two_hundred_mails_go_over_one_connection(start: Start, settings_for: Any) -> None:
    server = start()

    with Connection(settings_for(server)) as connection:
        for number in range(200):
            outcome = connection.deliver(SENDER, f"a{number}@org.example", a_mail(number), lambda: None)
            assert outcome.state is RecipientState.ACCEPTED

    mails = received_mails(server.folder)
    assert [m.rcpt for m in mails] == [(f"a{number}@org.example",) for number in range(200)]
    assert len({m.message_id for m in mails}) == 200
    assert {m.connection for m in mails} == {1}


def test_a_mail_is_on_disk_when_the_answer_comes(start: Start, settings_for: Any) -> None:
    server = start()

    with Connection(settings_for(server)) as connection:
        outcome = connection.deliver(SENDER, "a@org.example", a_mail(), lambda: None)
        os.kill(server.process.pid, signal.SIGKILL)

    assert outcome.state is RecipientState.ACCEPTED
    assert [m.file.read_bytes() for m in received_mails(server.folder)] == [a_mail()]


def test_a_refused_recipient_never_reaches_data_and_the_next_is_served(start: Start, settings_for: Any) -> None:
    server = start(misbehaviour=Misbehaviour(refuse=("gone@org.example",)))
    begun: list[str] = []

    with Connection(settings_for(server)) as connection:
        outcomes = [
            connection.deliver(SENDER, address, a_mail(), lambda address=address: begun.append(address))  # type: ignore[misc]
            for address in ("a@org.example", "gone@org.example", "b@org.example")
        ]

    assert states(outcomes) == [RecipientState.ACCEPTED, RecipientState.REFUSED, RecipientState.ACCEPTED]
    assert outcomes[1].code == 550 and outcomes[1].permanent
    assert begun == ["a@org.example", "b@org.example"]
    assert [m.rcpt for m in received_mails(server.folder)] == [("a@org.example",), ("b@org.example",)]


def test_a_busy_server_takes_the_mail_at_the_second_attempt(start: Start, settings_for: Any) -> None:
    server = start(misbehaviour=Misbehaviour(busy_first=("a@org.example",)))

    outcomes = send(settings_for(server), a_mail(), "a@org.example", "a@org.example")

    assert states(outcomes) == [RecipientState.RETRY, RecipientState.ACCEPTED]
    assert outcomes[0].code == 451
    assert len(received_mails(server.folder)) == 1


def test_a_lost_acknowledgement_is_unknown_and_the_next_mail_still_goes(start: Start, settings_for: Any) -> None:
    server = start(misbehaviour=Misbehaviour(drop_after_data=("a@org.example",)))

    outcomes = send(settings_for(server), a_mail(), "a@org.example", "b@org.example")

    assert states(outcomes) == [RecipientState.UNKNOWN, RecipientState.ACCEPTED]
    # it had arrived: the reason why nothing may be sent again without a person's word
    assert [m.rcpt for m in received_mails(server.folder)] == [("a@org.example",), ("b@org.example",)]


def test_a_server_that_closes_after_some_mails_is_called_again(start: Start, settings_for: Any) -> None:
    server = start(misbehaviour=Misbehaviour(close_after=3))

    outcomes = send(settings_for(server), a_mail(), *(f"a{n}@org.example" for n in range(8)))

    assert set(states(outcomes)) == {RecipientState.ACCEPTED}
    assert [m.connection for m in received_mails(server.folder)] == [1, 1, 1, 2, 2, 2, 3, 3]


def test_a_line_that_starts_with_a_dot_arrives_as_it_was(start: Start, settings_for: Any) -> None:
    server = start()
    eml = b"Message-ID: <dots@mail.example>\r\nSubject: dots\r\n\r\n.\r\n..\r\n.hidden\r\nQUIT\r\nend.\r\n"

    send(settings_for(server), eml, "a@org.example")

    assert [m.file.read_bytes() for m in received_mails(server.folder)] == [eml]


def test_a_body_that_is_a_path_does_not_carry_the_file_away(start: Start, settings_for: Any, tmp_path: Path) -> None:
    server = start()
    secret = tmp_path / "secret.txt"
    secret.write_text("不能外传", encoding="utf-8")

    send(settings_for(server), a_mail(text=str(secret)), "a@org.example")

    message = read(received_mails(server.folder)[0].file)
    assert list(message.iter_attachments()) == []
    text = message.get_body(("plain",))
    assert text is not None and text.get_content().strip() == str(secret)


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_an_unknown_certificate_is_not_trusted(start: Start, settings_for: Any, security: str) -> None:
    server, other = start(security=security), start("other")
    settings = settings_for(server)

    for ca_file in ("", str(other.ca_file)):
        with pytest.raises(OutsideError) as caught:
            send(settings.model_copy(update={"ca_file": ca_file}), a_mail(), "a@org.example")
        assert f"127.0.0.1:{server.port}" in str(caught.value)
        assert "证书不可信" in str(caught.value) and "ca_file" in caught.value.remedy
    assert received_mails(server.folder) == []


def test_a_certificate_for_another_name_is_not_trusted(start: Start, settings_for: Any) -> None:
    # 127.1 is another way to write this machine's address, which the certificate does not carry
    settings = settings_for(start()).model_copy(update={"host": "127.1"})

    with pytest.raises(OutsideError, match="证书不可信"):
        send(settings, a_mail(), "a@org.example")


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_wrong_password_says_which_account_and_where_the_password_is(
    start: Start, settings_for: Any, monkeypatch: pytest.MonkeyPatch, security: str
) -> None:
    server = start(security=security)
    settings = settings_for(server)
    monkeypatch.setenv("YAOXUN_SMTP_PASSWORD", "wrong")

    with pytest.raises(OutsideError) as caught:
        send(settings, a_mail(), "a@org.example")

    for words in (f"127.0.0.1:{server.port}", SENDER, "535", "YAOXUN_SMTP_PASSWORD", "config/mail.yaml", "授权码"):
        assert words in str(caught.value)
    assert "wrong" not in str(caught.value)


def test_a_server_that_is_down_is_named_with_what_to_look_at(start: Start, settings_for: Any) -> None:
    server = start()
    settings = settings_for(server)
    server.stop()

    with pytest.raises(OutsideError) as caught:
        send(settings, a_mail(), "a@org.example")

    assert f"连不上邮件服务器 127.0.0.1:{server.port}" in str(caught.value)
    assert "config/mail.yaml" in caught.value.remedy


def test_tls_and_starttls_mixed_up_end_in_a_sentence(start: Start, settings_for: Any) -> None:
    for real, configured in (("starttls", "tls"), ("tls", "starttls")):
        settings = settings_for(start(real, security=real)).model_copy(update={"security": configured, "timeout_s": 5})
        with pytest.raises(OutsideError) as caught:
            send(settings, a_mail(), "a@org.example")
        assert "security" in caught.value.remedy


def test_a_missing_ca_file_is_the_settings_fault(start: Start, settings_for: Any, tmp_path: Path) -> None:
    settings = settings_for(start()).model_copy(update={"ca_file": str(tmp_path / "nowhere.pem")})

    with pytest.raises(ConfigError, match="ca_file"):
        send(settings, a_mail(), "a@org.example")


def test_an_account_without_an_at_sign_stays_what_it_is(start: Start, settings_for: Any) -> None:
    server = start(user="yaoxun")

    assert states(send(settings_for(server), a_mail(), "a@org.example")) == [RecipientState.ACCEPTED]


def test_a_restarted_server_goes_on_counting(start: Start, settings_for: Any) -> None:
    first = start()
    send(settings_for(first), a_mail(1), "a@org.example")
    first.stop()

    second = start()
    send(settings_for(second), a_mail(2), "a@org.example")

    assert [m.file.name for m in received_mails(second.folder)] == ["0001.eml", "0002.eml"]


def test_the_server_ends_with_the_process_that_started_it(tmp_path: Path) -> None:
    program = (
        "import os, signal\nfrom pathlib import Path\nfrom yaoxun.demo.smtp_server import start_server\n"
        f"print(start_server(Path({str(tmp_path)!r})).process.pid, flush=True)\nos.kill(os.getpid(), signal.SIGKILL)\n"
    )
    parent = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False, timeout=30)
    pid = int(parent.stdout)

    deadline = time.monotonic() + 10
    while _alive(pid) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not _alive(pid)


def _alive(pid: int) -> bool:
    """Running, and not merely waiting for a parent to look."""
    with suppress(OSError):
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return False
