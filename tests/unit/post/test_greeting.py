"""Without a login, too, a server is greeted before the first mail; its answers and the network's are said in Chinese."""

import errno
import re
import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from yaoxun.errors import OutsideError
from yaoxun.post.model import RecipientState
from yaoxun.post.replies import network_words, reply_words
from yaoxun.post.settings import MailSettings
from yaoxun.post.smtp import Connection

EML = b"Subject: x\r\n\r\nx\r\n"


class Strict(socketserver.ThreadingTCPServer):
    """A server that answers 503 to a mail of a stranger; `says` gives other answers by command. `heard` holds the commands."""

    daemon_threads = allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Visit)
        self.says: dict[str, str] = {}
        self.heard: list[str] = []


class Visit(socketserver.StreamRequestHandler):
    server: Strict

    def handle(self) -> None:
        self._say(self.server.says.get("CONNECT", "220 ready"))
        greeted = in_body = False
        for line in self.rfile:
            word = line.split()[0].decode().upper() if line.split() else ""
            if in_body:
                if line == b".\r\n":
                    in_body = False
                    self._say("250 kept")
                continue
            self.server.heard.append(word)
            greeted |= word in ("EHLO", "HELO")
            usual = {"DATA": "354 go", "QUIT": "221 bye"}.get(word, "250 ok")
            if word == "MAIL" and not greeted:
                usual = "503 5.5.1 Error: send HELO/EHLO first"
            said = self.server.says.get(word, usual)
            in_body = said.startswith("354")
            self._say(said)

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@pytest.fixture
def server() -> Iterator[Strict]:
    with Strict() as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def settings(port: int, **more: object) -> MailSettings:
    usual = {
        "enabled": True, "host": "127.0.0.1", "port": port, "security": "plain-loopback-only", "from_name": "办公室",
        "from_address": "yaoxun@mail.example", "domain": "mail.example", "timeout_s": 5, "retry_minutes": (5, 15),
    }  # fmt: skip
    return MailSettings.model_validate(usual | more)


def deliver(to: MailSettings) -> tuple[RecipientState, str]:
    with Connection(to) as connection:
        outcome = connection.deliver(to.from_address, "a@org.example", EML, lambda: None)
        return outcome.state, outcome.text


def port_of(server: Strict) -> int:
    return int(server.server_address[1])


def test_a_server_that_wants_a_greeting_gets_one_before_the_first_mail(server: Strict) -> None:
    assert deliver(settings(port_of(server))) == (RecipientState.ACCEPTED, "250 kept")
    assert server.heard[:3] == ["EHLO", "RSET", "MAIL"]


def test_an_old_server_that_knows_no_ehlo_is_greeted_its_way(server: Strict) -> None:
    server.says["EHLO"] = "502 not implemented"
    assert deliver(settings(port_of(server)))[0] is RecipientState.ACCEPTED
    assert server.heard[:3] == ["EHLO", "HELO", "RSET"]


@pytest.mark.parametrize(
    ("answer", "says", "remedy", "not_remedy"),
    [
        ("553 5.1.8 bad sender", "不接受发件地址 yaoxun@mail.example", "from_address", "password_file"),
        ("550 not yours", "不接受发件地址", "from_address", "password_file"),
        ("530 5.7.0 Authentication required", "没有登录", "user", "from_address"),
        ("503 5.5.1 Bad sequence", "不肯收信：命令的次序不对", "host、port、security", "from_address"),
        ("502 what?", "不肯收信：服务器不支持这条命令", "原话", "from_address"),
        ("521 no mail here", "不肯收信：这台服务器不收邮件", "原话", "from_address"),
    ],
)
def test_only_an_answer_that_means_the_sender_advises_another_sender(
    server: Strict, answer: str, says: str, remedy: str, not_remedy: str
) -> None:
    server.says["MAIL"] = answer
    with pytest.raises(OutsideError) as caught:
        deliver(settings(port_of(server)))
    assert says in caught.value.message and f"（服务器原话：{answer}）" in caught.value.message
    assert remedy in caught.value.remedy and not_remedy not in caught.value.remedy


@pytest.mark.parametrize("where", ["CONNECT", "EHLO"])
def test_a_server_that_refuses_to_talk_is_not_taken_for_a_wrong_password(server: Strict, where: str) -> None:
    server.says |= {where: "554 5.7.1 go away", "HELO": "554 5.7.1 go away"}
    with pytest.raises(OutsideError) as caught:
        deliver(settings(port_of(server)))
    assert "不接受连接：服务器按它的规定不收（服务器原话：554 5.7.1 go away）" in caught.value.message
    assert "口令" not in caught.value.remedy and "账号" not in caught.value.message


def test_a_server_that_knows_no_login_is_said_to(server: Strict, tmp_path: Path) -> None:
    (tmp_path / "password").write_text("x", encoding="utf-8")
    with pytest.raises(OutsideError, match="服务器不支持（原话"):
        deliver(settings(port_of(server), user="u@mail.example", password_file=str(tmp_path / "password")))


def test_a_refused_recipient_is_told_in_chinese_with_the_servers_words(server: Strict) -> None:
    server.says["RCPT"] = "550 5.1.1 No such user"
    said = deliver(settings(port_of(server)))
    assert said == (RecipientState.REFUSED, "没有这个邮箱（服务器原话：550 5.1.1 No such user）")


def test_nobody_at_the_port_is_said_without_english(server: Strict) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        with pytest.raises(OutsideError) as caught:
            deliver(settings(free.getsockname()[1]))
    assert "：对方拒绝连接。" in caught.value.message and "Errno" not in str(caught.value)


@pytest.mark.parametrize(
    ("code", "reply", "says"),
    [(552, b"5.2.2 over quota", "对方邮箱已满"), (451, b"4.3.0 Try again later", "服务器暂时办不了"), (599, b"x", "服务器不同意"),
     (-1, b"rubbish", "服务器的答复无法理解"), (554, "被拒收".encode("gb18030"), "服务器拒收")],
)  # fmt: skip
def test_an_answer_is_said_in_chinese_with_its_own_words(code: int, reply: bytes, says: str) -> None:
    said = reply_words(code, reply)
    assert said.startswith(f"{says}（服务器原话：{code} ") and said.endswith("）") and "�" not in said


@pytest.mark.parametrize(
    ("err", "says"),
    [
        (ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused"), "对方拒绝连接"),
        (ConnectionResetError(errno.ECONNRESET, "Connection reset by peer"), "对方断开了连接"),
        (BrokenPipeError(errno.EPIPE, "Broken pipe"), "对方断开了连接"),
        (OSError(errno.ENETUNREACH, "Network is unreachable"), "网络不通"),
        (OSError(errno.EHOSTUNREACH, "No route to host"), "到不了这台主机"),
        (socket.gaierror(socket.EAI_NONAME, "Name or service not known"), "找不到这台主机"),
        (TimeoutError("timed out"), "没有答复"),
        (ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] wrong version number"), "加密"),
        (OSError("Connection unexpectedly closed"), "服务器断开了连接"),
        (OSError(errno.ENOTCONN, "Transport endpoint is not connected"), "连接出错"),
    ],
)
def test_what_the_network_refuses_is_said_in_chinese(err: OSError, says: str) -> None:
    said = network_words(err)
    assert says in said
    assert not re.search("[A-Za-z]", re.sub("（原话：.*）", "", said))
