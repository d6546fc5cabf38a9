"""A database of the first released program goes on under this one, with a backup from before."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from support.mail_kit import reached
from support.office_kit import SIGNER, OfficeKit, move_in, use_mail_server
from support.spine_kit import columns_of, rows_of, spine_office
from tasks.backup import restore
from tasks.documents import list_documents
from tasks.mail_switch import mail_status
from tasks.outbox import list_outbox
from tasks.send import send
from tasks.sign import sign
from tasks.status import status
from tasks.trace import trace
from tasks.upgrade import upgrade
from yaoxun.context import Context
from yaoxun.demo.smtp_server import ServerHandle
from yaoxun.errors import NotNowError, OutsideError, RequestError
from yaoxun.home import Home
from yaoxun.store.migrate import steps


@pytest.fixture(autouse=True)
def own_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("YAOXUN_DATABASE_URL", raising=False)


@pytest.fixture
def spine(tmp_path: Path) -> OfficeKit:
    return spine_office(tmp_path / "home")


LATER_STEPS = tuple(name for _, name, _ in steps()[1:])


def test_the_first_released_database_is_backed_up_upgraded_and_keeps_every_row(
    spine: OfficeKit, tmp_path: Path
) -> None:
    columns = columns_of(spine)
    before = rows_of(spine, columns)
    done = upgrade(spine.ctx(), tmp_path / "vault")
    assert done.steps == LATER_STEPS
    assert done.backup is not None and str(done.backup) in done.summary()
    after = rows_of(spine, columns)
    assert [r for r in after.pop("schema_migration") if r in before["schema_migration"]] == before.pop(
        "schema_migration"
    )
    assert len(after["event"]) == len(before.pop("event")) + 1
    after.pop("event")
    assert after == before
    assert len(before["fact"]) == 28 and len(before["numeral"]) == 44
    with closing(sqlite3.connect(spine.home.data / "yaoxun.db")) as conn:
        assert conn.execute("pragma foreign_key_check").fetchall() == []
    again = upgrade(spine.ctx(), tmp_path / "vault")
    assert (again.steps, again.backup) == ((), None)
    assert "已经是现在的结构" in again.summary()


def test_everything_can_be_asked_of_an_upgraded_office(spine: OfficeKit) -> None:
    counts = status(spine.ctx(), "2023-03").counts()
    assert counts["已报"] + counts.get("零报告", 0) == 13 and counts["退回待改"] == 1
    first, draft = sorted(list_documents(spine.ctx()), key=lambda d: d.number)
    assert (first.issue, draft.issue) == ("〔2023〕第4期", "")
    numerals = trace(spine.ctx(), 1)
    assert len(numerals) == 22 and any(n.sources for n in numerals)
    assert len(list_outbox(spine.ctx())) == 19
    assert dict(mail_status(spine.ctx()).waiting) == {"简报": 4, "回执": 4, "退回件": 2, "催报": 4}


def test_an_upgraded_office_signs_and_sends_what_was_waiting(spine: OfficeKit, server: ServerHandle) -> None:
    use_mail_server(spine.home.root, server)
    (draft,) = [d for d in list_documents(spine.ctx()) if not d.issue]
    assert sign(spine.ctx(actor=SIGNER), draft.number).number == "〔2023〕第5期"
    assert send(spine.ctx()).states == {"服务器已接收": 14}
    assert set(reached(server).values()) == {1, 2}
    assert send(spine.ctx()).states == {}


def test_the_backup_from_before_the_upgrade_can_be_restored_and_is_held(
    spine: OfficeKit, server: ServerHandle, tmp_path: Path
) -> None:
    use_mail_server(spine.home.root, server)
    upgrade(spine.ctx(), tmp_path / "vault")
    restore(Context(home=Home(tmp_path / "new")), tmp_path / "vault")
    new = OfficeKit(Home(tmp_path / "new"))
    (new.home.root / "password").write_bytes((spine.home.root / "password").read_bytes())
    assert "发信已锁住" in send(new.ctx()).held
    move_in(new.home)
    assert send(new.ctx()).states == {"服务器已接收": 10}


def test_without_room_for_a_backup_nothing_is_upgraded(spine: OfficeKit, tmp_path: Path) -> None:
    (tmp_path / "vault").write_bytes(b"a file")
    with pytest.raises(OutsideError):
        upgrade(spine.ctx(), tmp_path / "vault")
    assert columns_of(spine).keys() == rows_of(spine, columns_of(spine)).keys()
    assert "installation" not in columns_of(spine)


def test_a_newer_database_and_none_at_all_are_told(spine: OfficeKit, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(RequestError, match="还没有数据库"):
        upgrade(Context(home=Home(tmp_path / "empty")))
    with closing(sqlite3.connect(spine.home.data / "yaoxun.db")) as conn:
        conn.execute("insert into schema_migration values (999, '999-later', '2023-01-01T00:00:00.000000Z')")
        conn.commit()
    with pytest.raises(NotNowError, match="更新版本"):
        upgrade(spine.ctx())
