"""A home that was copied, moved or put back sends nothing until a person lets it; one that stays where it was always does."""

import os
import shutil
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from support.mail_kit import letters, reached, sign_bulletin, states
from support.office_kit import COUNTY, OVERDUE, OfficeKit, make_office, use_mail_server
from tasks.mail_switch import mail_status, release
from tasks.remind import remind
from tasks.send import send
from yaoxun.context import parse_now
from yaoxun.demo.smtp_server import ServerHandle
from yaoxun.errors import NotNowError, RequestError
from yaoxun.home import Home
from yaoxun.store import installation
from yaoxun.store.engine import open_home_store


@pytest.fixture
def office(tmp_path: Path, server: ServerHandle) -> OfficeKit:
    """An office with four mails waiting."""
    kit = make_office(tmp_path / "home", (COUNTY,))
    use_mail_server(kit.home.root, server)
    sign_bulletin(kit)
    return kit


def copied(office: OfficeKit, to: Path) -> OfficeKit:
    shutil.copytree(office.home.root, to)
    return OfficeKit(Home(to))


def moved(office: OfficeKit, to: Path) -> OfficeKit:
    office.home.root.rename(to)
    return OfficeKit(Home(to))


def copied_back(office: OfficeKit, to: Path) -> OfficeKit:
    """The folder saved with cp -r, lost, and copied back to where it was."""
    shutil.copytree(office.home.root, to)
    shutil.rmtree(office.home.root)
    shutil.copytree(to, office.home.root)
    return office


def without_its_file(office: OfficeKit, to: Path) -> OfficeKit:
    (office.home.data / "installation").unlink()
    return office


def with_the_file_of_another(office: OfficeKit, to: Path) -> OfficeKit:
    other = make_office(to, (COUNTY,), issued=False)
    shutil.copyfile(other.home.installation, office.home.installation)  # written into the same file
    return office


@pytest.mark.parametrize(
    ("happen", "says"),
    [(copied, "办公室目录原在"), (moved, "办公室目录原在"), (copied_back, "复制件"), (without_its_file, "data/installation 不在"),
     (with_the_file_of_another, "不是一套")],
)  # fmt: skip
def test_what_was_copied_moved_or_put_back_sends_nothing_until_it_is_released(
    office: OfficeKit, server: ServerHandle, tmp_path: Path, happen: Callable[[OfficeKit, Path], OfficeKit], says: str
) -> None:
    there = happen(office, tmp_path / "elsewhere")
    sent = send(there.ctx())
    assert sent.states == {}
    assert "这是从别处复制、搬来或恢复来的办公室，发信已锁住" in sent.held and says in sent.held
    assert "yaoxun mail release" in sent.held
    assert sent.held == mail_status(there.ctx()).held
    assert letters(server) == []
    release(there.ctx(actor="bgs"), reason="换了机器，原来那处已停用")
    assert send(there.ctx()).states == {"服务器已接收": 4}
    assert set(reached(server).values()) == {1}
    assert mail_status(there.ctx()).held == ""
    assert [row.actor for row in there.query("select actor from event where verb = '放行发信'")] == ["bgs"]


def test_the_first_home_goes_on_sending_while_its_copy_is_held(
    office: OfficeKit, server: ServerHandle, tmp_path: Path
) -> None:
    copy = copied(office, tmp_path / "copy")
    assert send(copy.ctx()).held
    assert send(office.ctx()).states == {"服务器已接收": 4}
    remind(office.ctx(OVERDUE))
    assert send(office.ctx(OVERDUE)).states == {"服务器已接收": 2}


def test_an_older_database_put_back_in_place_is_noticed(
    office: OfficeKit, server: ServerHandle, tmp_path: Path
) -> None:
    database, saved = office.home.data / "yaoxun.db", tmp_path / "saved.db"
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(saved)) as target:
        source.backup(target)
    assert send(office.ctx()).states == {"服务器已接收": 4}
    for suffix in ("-wal", "-shm"):
        Path(f"{database}{suffix}").unlink(missing_ok=True)
    shutil.copyfile(saved, database)
    assert "比这里上次发信时还旧" in send(office.ctx()).held
    assert set(reached(server).values()) == {1}


def test_an_older_home_copied_over_this_one_is_noticed(office: OfficeKit, server: ServerHandle, tmp_path: Path) -> None:
    shutil.copytree(office.home.root, tmp_path / "saved")
    assert send(office.ctx()).states == {"服务器已接收": 4}
    for suffix in ("-wal", "-shm"):
        Path(f"{office.home.data / 'yaoxun.db'}{suffix}").unlink(missing_ok=True)
    shutil.copytree(tmp_path / "saved", office.home.root, dirs_exist_ok=True)  # into the same files, as cp -a does
    assert "比这里上次发信时还旧" in send(office.ctx()).held
    assert set(reached(server).values()) == {1}
    release(office.ctx(), reason="试")
    assert send(office.ctx()).states == {"服务器已接收": 4}, "released by a person, it goes on"


def test_an_older_database_is_noticed_even_after_a_run_that_was_killed(
    office: OfficeKit, server: ServerHandle, tmp_path: Path
) -> None:
    database, saved = office.home.data / "yaoxun.db", tmp_path / "saved.db"
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(saved)) as target:
        source.backup(target)
    pid = os.fork()
    if pid == 0:
        os.environ["YAOXUN_FAILPOINT"] = "send.after_accept"
        send(office.ctx())
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL
    assert sum(reached(server).values()) == 1
    for suffix in ("-wal", "-shm"):
        Path(f"{database}{suffix}").unlink(missing_ok=True)
    shutil.copyfile(saved, database)
    assert "比这里上次发信时还旧" in send(office.ctx()).held
    assert sum(reached(server).values()) == 1


def test_on_another_machine_at_the_same_path_it_is_held(
    office: OfficeKit, server: ServerHandle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "machine-id").write_text("0" * 32 + "\n", encoding="utf-8")
    monkeypatch.setattr(installation, "_MACHINE_ID", tmp_path / "machine-id")
    assert "不在原来的机器上" in send(office.ctx()).held
    assert letters(server) == []


def test_a_container_that_is_named_is_the_same_machine_whatever_its_machine_id(
    tmp_path: Path, server: ServerHandle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YAOXUN_MACHINE", "办公室一号")
    office = make_office(tmp_path / "home", (COUNTY,))
    use_mail_server(office.home.root, server)
    sign_bulletin(office)
    monkeypatch.setattr(installation, "_MACHINE_ID", tmp_path / "nowhere")
    assert send(office.ctx()).states == {"服务器已接收": 4}
    monkeypatch.setenv("YAOXUN_MACHINE", "办公室二号")
    remind(office.ctx(OVERDUE))
    assert "不在原来的机器上" in send(office.ctx(OVERDUE)).held


def test_another_database_is_another_place(
    office: OfficeKit, server: ServerHandle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copyfile(office.home.data / "yaoxun.db", tmp_path / "other.db")
    monkeypatch.setenv("YAOXUN_DATABASE_URL", f"sqlite:///{tmp_path / 'other.db'}")
    assert f"数据库原为 sqlite:///{office.home.data / 'yaoxun.db'}" in send(office.ctx()).held


def test_a_home_that_stays_where_it_is_sends_after_every_start(office: OfficeKit, server: ServerHandle) -> None:
    before = office.home.installation.stat()
    for day in ("2023-03-27T10:00", "2023-03-29T09:30", "2023-03-30T09:30"):
        remind(office.ctx(day))
        assert send(office.ctx(day)).held == ""
    after = office.home.installation.stat()
    assert before.st_ino == after.st_ino
    assert len(office.query("select seq from installation")) == 1
    reached_last = office.query("select max(id) as n from recipient_event")[0].n
    assert [int(path.suffix[1:]) for path in office.home.data.glob("installation-*")] == [reached_last]


def test_a_symbolic_link_to_the_home_is_the_home(office: OfficeKit, server: ServerHandle, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(office.home.root)
    assert send(OfficeKit(Home((tmp_path / "link").resolve())).ctx()).states == {"服务器已接收": 4}


def test_the_first_use_records_the_place_once_however_many_processes_begin(tmp_path: Path) -> None:
    home = Home(tmp_path)
    children = []
    for _ in range(6):
        pid = os.fork()
        if pid == 0:
            try:
                open_home_store(home).close()
            finally:
                os._exit(0)
        children.append(pid)
    for pid in children:
        os.waitpid(pid, 0)
    rows = OfficeKit(home).query("select identity from installation")
    assert [row.identity for row in rows] == [home.installation.read_text(encoding="ascii").split()[0]]


def test_a_release_lists_what_waits_and_may_take_back_what_is_old(
    office: OfficeKit, server: ServerHandle, tmp_path: Path
) -> None:
    remind(office.ctx(OVERDUE))
    there = moved(office, tmp_path / "elsewhere")
    looked = release(there.ctx(OVERDUE), reason="搬家", look_only=True)
    assert dict(looked.waiting) == {"简报": 4, "催报": 2}
    assert "待发邮件：简报 4，催报 2" in looked.summary() and "--withdraw-before" in looked.summary()
    assert send(there.ctx(OVERDUE)).held, "looking changes nothing"
    done = release(there.ctx(OVERDUE), reason="搬家", withdraw_before=parse_now("2023-03-29"))
    assert (done.withdrawn, dict(done.waiting)) == (4, {"催报": 2})
    assert "撤回 4 件" in done.summary()
    assert send(there.ctx(OVERDUE)).states == {"服务器已接收": 2}
    assert states(there) == {"已撤": 4, "服务器已接收": 2}


def test_a_release_needs_a_reason_and_something_to_release(office: OfficeKit, tmp_path: Path) -> None:
    with pytest.raises(NotNowError, match="没有锁住"):
        release(office.ctx(), reason="试")
    there = moved(office, tmp_path / "elsewhere")
    with pytest.raises(RequestError, match="原因"):
        release(there.ctx(), reason="")
    assert mail_status(there.ctx()).held
