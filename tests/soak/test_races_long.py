"""The busy day with every organisation of the sample office, and again and again. `YAOXUN_SOAK_ROUNDS` says how often."""

import os
from pathlib import Path

import pytest

from support.office_kit import WHOLE_OFFICE, make_office, use_mail_server
from support.race_kit import a_busy_day, at_once, check_a_busy_day, check_post, several_documents
from yaoxun.demo.smtp_server import ServerHandle

ROUNDS = int(os.environ.get("YAOXUN_SOAK_ROUNDS", "5"))
MANY = 40


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_a_whole_office_reports_twice_to_eight_processes(turn: int, tmp_path: Path, server: ServerHandle) -> None:
    kit = make_office(tmp_path / "home", WHOLE_OFFICE)
    use_mail_server(kit.home.root, server)
    files = a_busy_day(kit, WHOLE_OFFICE)
    at_once(kit, "day")
    check_a_busy_day(kit, server, files, WHOLE_OFFICE)


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_forty_documents_are_signed_by_eight_processes_without_gap_or_double(
    turn: int, tmp_path: Path, server: ServerHandle
) -> None:
    kit = make_office(tmp_path / "home")
    use_mail_server(kit.home.root, server)
    documents = several_documents(kit, MANY)
    at_once(kit, "sign", *documents)
    given = [row.n for row in kit.query("select n from issue_number where state = '在用' order by n")]
    assert given == list(range(4, 4 + MANY))
    at_once(kit, "send")
    check_post(kit, server)
