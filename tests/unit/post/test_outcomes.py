"""What the server says, and when it hangs up, decides between accepted, refused, retry and unknown."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from yaoxun.errors import OutsideError
from yaoxun.post.model import RecipientState
from yaoxun.post.settings import MailSettings
from yaoxun.post.smtp import Connection, Reply

SENDER = "yaoxun@mail.example"
EML = b"Subject: x\r\n\r\nx\r\n"
HANG_UP = "hang up"


class HungUp(OSError):
    """What smtplib raises: an OSError without a code."""


class CodedError(OSError):
    def __init__(self, code: int, reply: bytes) -> None:
        super().__init__(code, reply)
        self.smtp_code, self.smtp_error = code, reply


@dataclass
class FakeServer:
    """A server that keeps mail; `scripts` gives, per command, what it answers in turn instead of 250."""

    scripts: dict[str, list[Any]] = field(default_factory=dict)
    limit: int | None = 1000
    log: list[str] = field(default_factory=list)
    kept: list[bytes] = field(default_factory=list)
    logins: int = 0
    up: bool = True

    def open(self, settings: MailSettings) -> "FakeClient":
        if not self.up:
            raise OutsideError("连不上", "再试")
        self.logins += 1
        return FakeClient(FakeSession(self))

    def answer(self, command: str, good: Reply) -> Reply:
        self.log.append(command)
        script = self.scripts.get(command, [])
        said: Any = script.pop(0) if script else "ok"
        return good if said == "ok" else said


class FakeSession:
    def __init__(self, server: FakeServer) -> None:
        self.server = server
        self.sock: Any = object()
        self.open_transaction = False

    def _say(self, command: str, good: Reply = (250, b"OK")) -> Reply:
        if self.sock is None:
            raise HungUp("please run connect() first")
        said = self.server.answer(command, good)
        if said == HANG_UP:
            self.sock = None
            raise HungUp("Connection unexpectedly closed")
        return said

    def docmd(self, cmd: str, args: str = "") -> Reply:
        self.open_transaction = False
        return self._say(cmd)

    def mail(self, sender: str, options: Any = ()) -> Reply:
        assert not self.open_transaction, "nested MAIL"
        size = next((int(o.removeprefix("size=")) for o in options), 0)
        if self.server.limit is not None and size > self.server.limit:
            return 552, b"too big"
        self.open_transaction = True
        return self._say("MAIL")

    def rcpt(self, recip: str) -> Reply:
        return self._say("RCPT")

    def data(self, msg: bytes) -> Reply:
        said = self._say("DATA", (354, b"go ahead"))
        if said[0] != 354:
            raise CodedError(*said)
        said = self._say("body")
        if 200 <= said[0] < 300:
            self.server.kept.append(msg)
        self.open_transaction = False
        return said

    def has_extn(self, opt: str) -> bool:
        return opt == "size" and self.server.limit is not None

    def close(self) -> None:
        self.sock = None


class FakeClient:
    def __init__(self, session: FakeSession) -> None:
        self.smtp: Any = session
        self.is_closed: bool | None = False

    def close(self) -> None:
        self.smtp.server.log.append("QUIT")
        self.is_closed = True


@pytest.fixture
def settings() -> MailSettings:
    return MailSettings(
        enabled=True, host="localhost", port=2525, security="plain-loopback-only", from_name="办公室",
        from_address=SENDER, domain="mail.example", timeout_s=5, retry_minutes=(5, 15),
    )  # fmt: skip


@pytest.fixture
def begun() -> list[str]:
    return []


def nothing() -> None:
    return None


def deliver(
    settings: MailSettings, server: FakeServer, times: int = 1, before: Callable[[], None] = nothing, eml: bytes = EML
) -> Iterator[Any]:
    with Connection(settings, server.open) as connection:
        for _ in range(times):
            yield connection.deliver(SENDER, "a@org.example", eml, before)


def test_an_accepted_mail_is_kept_once_and_says_what_the_server_said(settings: MailSettings) -> None:
    server = FakeServer()

    (outcome,) = deliver(settings, server)

    assert (outcome.state, outcome.code, outcome.text) == (RecipientState.ACCEPTED, 250, "250 OK")
    assert server.kept == [EML]
    assert server.log == ["RSET", "MAIL", "RCPT", "DATA", "body", "QUIT"]


def test_many_mails_use_one_login(settings: MailSettings) -> None:
    server = FakeServer()

    assert len(list(deliver(settings, server, times=30))) == 30
    assert server.logins == 1 and len(server.kept) == 30


def test_before_data_runs_after_the_recipient_is_agreed_and_before_data(settings: MailSettings) -> None:
    server = FakeServer()

    list(deliver(settings, server, before=lambda: server.log.append("commit")))

    assert server.log[:5] == ["RSET", "MAIL", "RCPT", "commit", "DATA"]


@pytest.mark.parametrize(
    ("command", "said", "expected"),
    [
        ("RCPT", (550, b"no such user"), (RecipientState.REFUSED, True)),
        ("RCPT", (552, b"mailbox full"), (RecipientState.REFUSED, False)),
        ("RCPT", (451, b"greylisted"), (RecipientState.RETRY, False)),
        ("MAIL", (451, b"slow down"), (RecipientState.RETRY, False)),
        ("RCPT", (-1, b"rubbish"), (RecipientState.RETRY, False)),
    ],
)
def test_an_objection_before_data_never_begins_data(
    settings: MailSettings, begun: list[str], command: str, said: Reply, expected: tuple[RecipientState, bool]
) -> None:
    server = FakeServer(scripts={command: [said, said]})

    (outcome,) = deliver(settings, server, before=lambda: begun.append("data"))

    assert (outcome.state, outcome.permanent) == expected
    assert begun == [] and "DATA" not in server.log and server.kept == []


@pytest.mark.parametrize(
    ("command", "said", "state"),
    [
        ("DATA", (451, b"not now"), RecipientState.RETRY),
        ("DATA", (554, b"no"), RecipientState.REFUSED),
        ("body", (451, b"local error"), RecipientState.RETRY),
        ("body", (554, b"spam"), RecipientState.REFUSED),
        ("DATA", HANG_UP, RecipientState.UNKNOWN),
        ("DATA", (250, b"what?"), RecipientState.UNKNOWN),
        ("body", HANG_UP, RecipientState.UNKNOWN),
        ("body", (-1, b"rubbish"), RecipientState.UNKNOWN),
    ],
)
def test_after_data_only_a_clear_answer_is_believed(
    settings: MailSettings, begun: list[str], command: str, said: Any, state: RecipientState
) -> None:
    server = FakeServer(scripts={command: [said]})

    (outcome,) = deliver(settings, server, before=lambda: begun.append("data"))

    assert outcome.state is state
    assert begun == ["data"] and server.kept == []


def test_an_answer_too_long_to_read_is_no_answer(settings: MailSettings) -> None:
    class Endless(FakeSession):
        def data(self, msg: bytes) -> Reply:
            self.close()
            raise CodedError(500, b"Line too long.")  # as smtplib does, having closed the line

    with Connection(settings, lambda _: FakeClient(Endless(FakeServer()))) as connection:
        assert connection.deliver(SENDER, "a@org.example", EML, nothing).state is RecipientState.UNKNOWN


def test_after_an_unknown_the_next_mail_goes_over_a_new_connection(settings: MailSettings) -> None:
    server = FakeServer(scripts={"body": [HANG_UP, "ok"]})

    first, second = deliver(settings, server, times=2)

    assert (first.state, second.state) == (RecipientState.UNKNOWN, RecipientState.ACCEPTED)
    assert server.logins == 2 and len(server.kept) == 1


@pytest.mark.parametrize("said", [HANG_UP, (421, b"closing")])
@pytest.mark.parametrize("command", ["RSET", "MAIL", "RCPT"])
def test_a_server_that_hung_up_between_mails_is_called_again(settings: MailSettings, command: str, said: Any) -> None:
    server = FakeServer(scripts={command: ["ok", said, "ok"]})

    first, second = deliver(settings, server, times=2)

    assert (first.state, second.state) == (RecipientState.ACCEPTED, RecipientState.ACCEPTED)
    assert server.logins == 2 and len(server.kept) == 2


def test_a_server_that_hangs_up_twice_is_tried_later(settings: MailSettings, begun: list[str]) -> None:
    server = FakeServer(scripts={"MAIL": [HANG_UP, (421, b"closing")]})

    (outcome,) = deliver(settings, server, before=lambda: begun.append("data"))

    assert outcome.state is RecipientState.RETRY
    assert begun == []


def test_a_server_that_is_gone_in_the_middle_raises_and_nothing_was_begun(
    settings: MailSettings, begun: list[str]
) -> None:
    server = FakeServer(scripts={"MAIL": ["ok", HANG_UP]})
    with Connection(settings, server.open) as connection:
        connection.deliver(SENDER, "a@org.example", EML, nothing)
        server.up = False
        with pytest.raises(OutsideError):
            connection.deliver(SENDER, "a@org.example", EML, lambda: begun.append("data"))
    assert begun == []


def test_what_before_data_raises_is_passed_on_and_the_transaction_is_left_behind(settings: MailSettings) -> None:
    server = FakeServer()

    class LostClaimError(Exception):
        pass

    def lose() -> None:
        raise LostClaimError

    with Connection(settings, server.open) as connection:
        with pytest.raises(LostClaimError):
            connection.deliver(SENDER, "a@org.example", EML, lose)
        assert connection.deliver(SENDER, "b@org.example", EML, nothing).state is RecipientState.ACCEPTED
    assert server.log.count("DATA") == 1


def test_a_refused_sender_is_the_settings_fault_and_no_recipient_is_lost(settings: MailSettings) -> None:
    server = FakeServer(scripts={"MAIL": [(553, "发件人不符".encode("gb18030"))]})

    with Connection(settings, server.open) as connection, pytest.raises(OutsideError) as caught:
        connection.deliver(SENDER, "a@org.example", EML, nothing)

    assert "发件人不符" in str(caught.value) and "from_address" in str(caught.value)


def test_a_mail_over_the_servers_size_is_refused_before_data(settings: MailSettings) -> None:
    server = FakeServer(limit=100)

    (outcome,) = deliver(settings, server, eml=EML + b"x" * 100)

    assert (outcome.state, outcome.code) == (RecipientState.REFUSED, 552)
    assert "DATA" not in server.log


@pytest.mark.parametrize("address", ["联络员@org.example", "a@org.example>\r\nDATA", "a b@org.example", ""])
def test_an_address_no_server_could_take_is_refused_without_asking(settings: MailSettings, address: str) -> None:
    server = FakeServer()

    with Connection(settings, server.open) as connection:
        outcome = connection.deliver(SENDER, address, EML, nothing)

    assert (outcome.state, outcome.permanent) == (RecipientState.REFUSED, True)
    assert server.log == ["QUIT"]
