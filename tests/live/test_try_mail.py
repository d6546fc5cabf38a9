"""`yaoxun mail test` against a real server: every step in order, or the step that failed and what to do about it."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from support.mail_kit import letters, set_mail
from support.office_kit import COUNTY, OfficeKit, make_office, use_mail_server
from tasks.mail_switch import pause
from tasks.outbox import list_outbox
from yaoxun.demo.smtp_server import Misbehaviour, ServerHandle, received_mails, start_server

pytestmark = pytest.mark.live
ROOT = Path(__file__).resolve().parents[2]
Start = Callable[..., ServerHandle]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    running: list[ServerHandle] = []

    def begin(name: str = "smtp", **options: Any) -> ServerHandle:
        running.append(start_server(tmp_path / name, **options))
        return running[-1]

    yield begin
    for handle in running:
        handle.stop()


def an_office(folder: Path, server: ServerHandle) -> OfficeKit:
    kit = make_office(folder / "home", (COUNTY,), issued=False)
    use_mail_server(kit.home.root, server)
    return kit


def mail_test(kit: OfficeKit, address: str = "me@org.example") -> tuple[int, str]:
    command = [sys.executable, "-m", "yaoxun", "mail", "test", address, "--home", str(kit.home.root), "--as", "bgs"]
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=env, timeout=120)
    assert "Traceback" not in done.stdout + done.stderr
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_each_step_is_told_and_the_mail_arrives_though_mail_is_off_and_paused(
    tmp_path: Path, start: Start, security: str
) -> None:
    server = start(security=security)
    kit = an_office(tmp_path, server)
    set_mail(kit, enabled="false", divert_to="trial@mail.example")
    pause(kit.ctx(), reason="停")
    code, said = mail_test(kit)
    assert code == 0, said
    where = f"127.0.0.1:{server.port}"
    steps = [f"连接 {where}（{security}）", f"已连接 {where}，已加密（TLSv1.3），证书可信", "已登录，账号 yaoxun@mail.example",
             "服务器同意从 yaoxun@mail.example 发给 me@org.example", "服务器已接收：250", "试发成功"]  # fmt: skip
    places = [said.index(step) for step in steps]
    assert places == sorted(places)
    ((mail, message),) = letters(server)
    assert (mail.rcpt, str(message["Subject"])) == (("me@org.example",), "【试发】要讯发信设置")
    assert list_outbox(kit.ctx()) == []


def wrong_password(kit: OfficeKit, server: ServerHandle, start: Start) -> None:
    (kit.home.root / "password").write_text("wrong", encoding="utf-8")


def server_down(kit: OfficeKit, server: ServerHandle, start: Start) -> None:
    server.stop()


def security_mixed_up(kit: OfficeKit, server: ServerHandle, start: Start) -> None:
    set_mail(kit, security="starttls", timeout_s="5")


def unknown_certificate(kit: OfficeKit, server: ServerHandle, start: Start) -> None:
    set_mail(kit, ca_file='""')


def no_password(kit: OfficeKit, server: ServerHandle, start: Start) -> None:
    (kit.home.root / "password").unlink()


@pytest.mark.parametrize(
    ("wrong", "says", "not_yet"),
    [
        (wrong_password, ("已连接", "不让账号", "授权码", "password"), "已登录"),
        (server_down, ("连不上邮件服务器", "host、port、security"), "已连接"),
        (security_mixed_up, ("465 端口一般是 tls，587 一般是 starttls",), "已连接"),
        (unknown_certificate, ("证书不可信", "ca_file"), "已登录"),
        (no_password, ("password_file", "授权码"), "已连接"),
    ],
)
def test_the_step_that_fails_is_named_with_what_to_do(
    tmp_path: Path, start: Start, wrong: Callable[..., None], says: tuple[str, ...], not_yet: str
) -> None:
    server = start()
    kit = an_office(tmp_path, server)
    wrong(kit, server, start)
    code, said = mail_test(kit)
    assert code == 1
    for words in (*says, "处理办法"):
        assert words in said
    assert not_yet not in said
    assert received_mails(server.folder) == []


def test_a_refused_recipient_is_told_in_the_servers_words_and_what_is_no_address_before(
    tmp_path: Path, start: Start
) -> None:
    server = start(misbehaviour=Misbehaviour(refuse=("gone@org.example",)))
    kit = an_office(tmp_path, server)
    code, said = mail_test(kit, "gone@org.example")
    assert code == 1 and "已登录" in said and "550" in said and "请核对收件地址" in said
    code, said = mail_test(kit, "不是地址")
    assert code == 1 and "不是邮箱地址" in said
