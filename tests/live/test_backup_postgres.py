"""Backup and restore of an office whose database is a real PostgreSQL server's."""

from pathlib import Path

import pytest
from sqlalchemy import text

from live.conftest import new_database
from support.end_state import differences, end_state
from support.mail_kit import sign_bulletin
from support.office_kit import COUNTY, FOUR, OfficeKit, make_office, move_in, use_mail_server
from support.race_kit import EIGHT, a_busy_day, results_of, start
from tasks.backup import backup, restore
from tasks.mail_switch import pause, resume
from tasks.send import send
from yaoxun.context import Context
from yaoxun.demo.smtp_server import start_server
from yaoxun.errors import NotNowError, OutsideError
from yaoxun.home import Home
from yaoxun.store.blobs import get_blob

pytestmark = pytest.mark.live


@pytest.fixture
def first(postgres_server: str, monkeypatch: pytest.MonkeyPatch) -> str:
    url = f"{postgres_server}/{new_database(postgres_server)}"
    monkeypatch.setenv("YAOXUN_DATABASE_URL", url)
    return url


def elsewhere(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YAOXUN_DATABASE_URL", f"{server}/{new_database(server)}")


def test_a_restored_office_is_the_same_and_held_until_released(
    first: str, postgres_server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with start_server(tmp_path / "smtp") as server:
        kit = make_office(tmp_path / "home", (COUNTY,))
        use_mail_server(kit.home.root, server)
        kit.drop(kit.filled(COUNTY), "城区.xlsx")
        kit.collect()
        sign_bulletin(kit)
        pause(kit.ctx(), reason="试")
        send(kit.ctx())
        before = end_state(kit.home)
        backup(kit.ctx(), tmp_path / "vault")
        with pytest.raises(NotNowError, match="不是空的"):
            restore(Context(home=Home(tmp_path / "new")), tmp_path / "vault")
        elsewhere(postgres_server, monkeypatch)
        restore(Context(home=Home(tmp_path / "new")), tmp_path / "vault")
        new = OfficeKit(Home(tmp_path / "new"))
        assert differences(before, end_state(new.home)) == []
        (new.home.root / "password").write_bytes((kit.home.root / "password").read_bytes())
        resume(new.ctx())
        assert "发信已锁住" in send(new.ctx()).held
        move_in(new.home)
        assert send(new.ctx()).states == {"服务器已接收": 6}


def test_a_backup_taken_while_eight_processes_write_is_whole(
    first: str, postgres_server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kit = make_office(tmp_path / "home")
    a_busy_day(kit, FOUR)
    process, taken = start(kit, EIGHT, "day"), []
    while process.poll() is None and len(taken) < 4:
        taken.append(backup(kit.ctx(), tmp_path / "vault"))
    results_of(process)
    for n, one in enumerate(taken):
        elsewhere(postgres_server, monkeypatch)
        home = Home(tmp_path / f"new-{n}")
        restore(Context(home=home), one.path)  # PostgreSQL checks every reference as it loads
        for row in OfficeKit(home).query("select sha256 from blob"):
            get_blob(home.blobs, row.sha256)  # raises for a missing or damaged one


def test_a_copied_home_on_the_same_database_is_held_and_the_first_one_goes_on(first: str, tmp_path: Path) -> None:
    with start_server(tmp_path / "smtp") as server:
        kit = make_office(tmp_path / "home", (COUNTY,))
        use_mail_server(kit.home.root, server)
        sign_bulletin(kit)
        other = make_office(tmp_path / "copy", (COUNTY,), issued=False)
        use_mail_server(other.home.root, server)
        assert f"办公室目录原在 {kit.home.root}" in send(other.ctx()).held
        assert send(kit.ctx()).states == {"服务器已接收": 4}


def test_without_the_programs_of_postgresql_there_is_a_sentence(
    first: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kit = make_office(tmp_path / "home", (COUNTY,), issued=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(OutsideError, match="没有 pg_dump") as told:
        backup(kit.ctx(), tmp_path / "vault")
    assert "postgresql-client" in told.value.remedy
    assert not list((tmp_path / "vault").glob("2*"))


def test_a_copied_database_that_is_older_is_noticed(first: str, tmp_path: Path) -> None:
    with start_server(tmp_path / "smtp") as server:
        kit = make_office(tmp_path / "home", (COUNTY,))
        use_mail_server(kit.home.root, server)
        sign_bulletin(kit)
        assert send(kit.ctx()).states == {"服务器已接收": 4}
        store = kit.store
        with store.write() as conn:  # as the database stood before
            conn.execute(text("delete from recipient_event"))
            conn.execute(text("update recipient set state = '待发'"))
        store.close()
        assert "比这里上次发信时还旧" in send(kit.ctx()).held
