"""Backups one after the other while eight processes work for a whole office; each is restored and looked at."""

import os
import sys
from pathlib import Path

import pytest

from support.backup_kit import busy_day_with_backups, faults_of, restored, tables_of
from support.end_state import differences, end_state
from support.office_kit import WHOLE_OFFICE, make_office, use_mail_server
from yaoxun.demo.smtp_server import ServerHandle
from yaoxun.home import Home

ROUNDS = int(os.environ.get("YAOXUN_SOAK_ROUNDS", "2"))


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_every_backup_of_a_busy_office_is_one_whole_moment(turn: int, tmp_path: Path, server: ServerHandle) -> None:
    kit = make_office(tmp_path / "home", WHOLE_OFFICE)
    use_mail_server(kit.home.root, server)
    taken = busy_day_with_backups(kit, tmp_path / "vault", WHOLE_OFFICE, every_s=0.5)
    facts = []
    for n, one in enumerate(taken.backups):
        assert one.damaged == ()
        new = restored(one, tmp_path / f"new-{n}")
        assert faults_of(new, kit) == []
        facts.append(len(tables_of(new.home)["fact"]))
    assert differences(end_state(kit.home), end_state(Home(tmp_path / f"new-{len(taken.backups) - 1}"))) == []
    assert facts == sorted(facts) and facts[0] < facts[len(facts) // 2] < facts[-1]
    blobs = [one.blobs for one in taken.backups]
    sys.stdout.write(
        f"\nbackups while eight processes write: {taken.during}, restored and sound: {len(taken.backups)};"
        f" seconds each: least {min(taken.seconds):.2f}, middle {sorted(taken.seconds)[len(facts) // 2]:.2f}, most {max(taken.seconds):.2f};"
        f" facts in each: {facts}; blobs in each: {blobs}\n"
    )
