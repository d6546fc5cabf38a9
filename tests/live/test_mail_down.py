"""The command line when the mail server is down: one sentence, exit status 1, and everything still to be sent."""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from support.office_kit import COUNTY, OVERDUE, OfficeKit, make_office, use_mail_server
from tasks.outbox import list_outbox
from tasks.remind import remind
from tasks.send import send
from yaoxun.demo.smtp_server import received_mails, start_server

pytestmark = pytest.mark.live
ROOT = Path(__file__).resolve().parents[2]


def waiting(kit: OfficeKit) -> Counter[str]:
    return Counter(row.state for row in list_outbox(kit.ctx()))


def test_run_deliver_ends_with_a_sentence_and_status_1_and_loses_nothing(tmp_path: Path) -> None:
    server = start_server(tmp_path / "smtp")
    kit = make_office(tmp_path / "home", (COUNTY,))
    use_mail_server(kit.home.root, server)
    remind(kit.ctx(OVERDUE))
    server.stop()
    command = [sys.executable, "-m", "yaoxun", "run", "deliver", "--home", str(kit.home.root), "--now", OVERDUE]
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    run = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path, env=env, timeout=300)
    assert run.returncode == 1
    told = run.stdout + run.stderr
    assert f"连不上邮件服务器 127.0.0.1:{server.port}" in told
    assert "处理办法" in told
    assert "Traceback" not in told
    assert waiting(kit) == {"待发": 2}
    with start_server(tmp_path / "smtp", port=server.port):
        send(kit.ctx(OVERDUE))
    assert waiting(kit) == {"服务器已接收": 2}
    copies = Counter((mail.message_id, mail.rcpt) for mail in received_mails(tmp_path / "smtp"))
    assert list(copies.values()) == [1, 1]
