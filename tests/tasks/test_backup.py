"""A backup is one moment of a working office, whole; what is restored from it is that office, and sends when it may."""

import json
import os
import shutil
import sys
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import pytest

from support.backup_kit import busy_day_with_backups, faults_of, restored
from support.end_state import differences, end_state
from support.filling import policy
from support.mail_kit import letters, sign_bulletin
from support.office_kit import BUREAU, COUNTY, FOUR, OVERDUE, OfficeKit, make_office, use_mail_server
from tasks.backup import backup, restore
from tasks.documents import list_documents
from tasks.mail_switch import pause, release, resume
from tasks.send import send
from tasks.trace import trace
from tasks.vault import MANIFEST, open_vault
from yaoxun.context import Context
from yaoxun.demo.smtp_server import ServerHandle, received_mails, start_server
from yaoxun.errors import InternalError, NotNowError, OutsideError, RequestError
from yaoxun.home import Home
from yaoxun.returns.folder import settled_files
from yaoxun.store.blobs import blob_path


@pytest.fixture(autouse=True)
def own_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("YAOXUN_DATABASE_URL", raising=False)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerHandle]:
    with start_server(tmp_path_factory.mktemp("smtp")) as handle:
        yield handle


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory, server: ServerHandle) -> OfficeKit:
    """An office with a bulletin, a receipt, a return, and all its mail waiting. Nobody changes it."""
    kit = make_office(tmp_path_factory.mktemp("played") / "home", (COUNTY, BUREAU))
    use_mail_server(kit.home.root, server)
    good = kit.filled(COUNTY, rows={"T3": [policy(1, 层级="县")]})
    kit.drop_in_order(
        [(good, "城区.xlsx"), (kit.filled(BUREAU, typed={"T1": {"本期完成": "约三场"}}), "示例单位01.xlsx")]
    )
    kit.collect()
    sign_bulletin(kit)
    pause(kit.ctx(), reason="试")
    send(kit.ctx())
    kit.drop("还没有取的件".encode(), "新来的.xlsx")
    return kit


def into(root: Path) -> Context:
    return Context(home=Home(root))


def test_a_restored_office_is_the_same_to_the_last_file(played: OfficeKit, tmp_path: Path) -> None:
    done = backup(played.ctx(), tmp_path / "vault")
    assert done.damaged == () and done.new_blobs == done.blobs > 0
    told = restore(into(tmp_path / "new"), tmp_path / "vault").summary()
    assert "发信已锁住" in told and "逐个核对" in told
    new = OfficeKit(Home(tmp_path / "new"))
    assert differences(end_state(played.home), end_state(new.home)) == []
    for folder in ("config", "report_templates"):
        first, second = (sorted((k.home.root / folder).rglob("*")) for k in (played, new))
        assert [p.relative_to(played.home.root) for p in first] == [p.relative_to(new.home.root) for p in second]
        assert [p.read_bytes() for p in first if p.is_file()] == [p.read_bytes() for p in second if p.is_file()]
    assert (new.home.inbox / "新来的.xlsx").is_file()
    assert not (new.home.root / "password").exists()
    assert [d.title for d in list_documents(new.ctx())] == [d.title for d in list_documents(played.ctx())]
    assert trace(new.ctx(), 1) == trace(played.ctx(), 1)


def test_a_restored_office_sends_nothing_until_released_and_then_exactly_what_was_waiting(
    played: OfficeKit, server: ServerHandle, tmp_path: Path
) -> None:
    backup(played.ctx(), tmp_path / "vault")
    restore(into(tmp_path / "new"), tmp_path / "vault")
    new = OfficeKit(Home(tmp_path / "new"))
    shutil.copyfile(played.home.root / "password", new.home.root / "password")
    resume(new.ctx())
    had = len(received_mails(server.folder))
    for now in ("", OVERDUE):
        assert "data/installation 不在" in send(new.ctx(now)).held
    assert len(received_mails(server.folder)) == had
    waiting = new.query("select m.message_id, r.address from recipient r join message m on m.id = r.message"
                        " where r.state = '待发' and r.address not like '回/%'")  # fmt: skip
    release(new.ctx(), reason="旧机器坏了")
    send(new.ctx())
    send(new.ctx())
    sent = Counter((mail.message_id, mail.rcpt[0]) for mail, _ in letters(server)[had:])
    assert sent == Counter({(row.message_id, row.address): 1 for row in waiting}) and len(sent) == 8


def test_eight_processes_write_while_backups_are_taken_and_each_is_one_whole_moment(
    server: ServerHandle, tmp_path: Path
) -> None:
    kit = make_office(tmp_path / "home")
    use_mail_server(kit.home.root, server)
    taken = busy_day_with_backups(kit, tmp_path / "vault", FOUR, every_s=0.2)
    assert len({one.blobs for one in taken.backups}) >= 3, "some were taken in the middle of the work"
    for n, one in enumerate(taken.backups):
        assert one.damaged == ()
        assert faults_of(restored(one, tmp_path / f"new-{n}"), kit) == []
    assert differences(end_state(kit.home), end_state(Home(tmp_path / f"new-{len(taken.backups) - 1}"))) == []


def test_a_second_backup_copies_only_what_is_new(played: OfficeKit, tmp_path: Path) -> None:
    first = backup(played.ctx(), tmp_path / "vault")
    before = {p: p.stat().st_mtime_ns for p in (tmp_path / "vault" / "blobs").rglob("*") if p.is_file()}
    second = backup(played.ctx(), tmp_path / "vault")
    assert (second.new_blobs, second.blobs) == (0, first.blobs)
    assert {p: p.stat().st_mtime_ns for p in (tmp_path / "vault" / "blobs").rglob("*") if p.is_file()} == before
    assert first.path != second.path and first.path.is_dir()


def test_old_backups_and_the_bytes_that_only_they_need_go(played: OfficeKit, tmp_path: Path) -> None:
    vault = tmp_path / "vault"
    only_old = played.drop(b"in the first backup only", "旧的.xlsx")
    first = backup(played.ctx(), vault)
    only_old.unlink()
    held = len(list((vault / "blobs").glob("??/*")))
    others = [backup(played.ctx(), vault).path for _ in range(2)]
    third = backup(played.ctx(), vault, keep=2)
    assert third.removed == (first.path.name, others[0].name)
    assert sorted(p.name for p in vault.glob("2*")) == sorted((others[1].name, third.path.name))
    assert len(list((vault / "blobs").glob("??/*"))) == held - 1
    restore(into(tmp_path / "new"), others[1])


def test_the_backup_just_made_stays_when_the_clock_was_put_back(played: OfficeKit, tmp_path: Path) -> None:
    first = backup(played.ctx("2023-03-28T10:00"), tmp_path / "vault")
    second = backup(played.ctx("2023-03-27T10:00"), tmp_path / "vault", keep=1)
    assert second.removed == (first.path.name,) and second.path.is_dir()


def test_what_a_kill_left_is_no_backup_and_is_cleared_away(played: OfficeKit, tmp_path: Path) -> None:
    vault = tmp_path / "vault"
    backup(played.ctx(), vault)
    (vault / ".part-x").mkdir()
    (vault / ".part-x" / "yaoxun.db").write_bytes(b"half")
    (vault / "2023-09-09_000000").mkdir()  # no manifest: never finished
    assert restore(into(tmp_path / "new"), vault).made_at.startswith("2023-03-27T10:00")
    backup(played.ctx(), vault)
    assert not (vault / ".part-x").exists()


def damage_a_blob(backup_folder: Path) -> str:
    manifest = json.loads((backup_folder / MANIFEST).read_text(encoding="utf-8"))
    seen = {entry["sha256"] for entry in manifest["shared"]}
    entry = next(one for one in manifest["blobs"] if one["sha256"] not in seen)
    blob_path(backup_folder.parent / "blobs", entry["sha256"]).write_bytes(b"damaged")
    return str(entry["path"])


def damage_the_database(backup_folder: Path) -> str:
    with (backup_folder / "yaoxun.db").open("r+b") as handle:
        handle.seek(5000)
        handle.write(b"\xff")
    return "yaoxun.db"


def lose_a_setting(backup_folder: Path) -> str:
    (backup_folder / "config" / "office.yaml").unlink()
    return "config/office.yaml"


def cut_the_manifest(backup_folder: Path) -> str:
    path = backup_folder / MANIFEST
    path.write_bytes(path.read_bytes()[:-20])
    return MANIFEST


@pytest.mark.parametrize("damage", [damage_a_blob, damage_the_database, lose_a_setting, cut_the_manifest])
def test_a_damaged_backup_is_told_of_before_anything_is_written(
    played: OfficeKit, tmp_path: Path, damage: Callable[[Path], str]
) -> None:
    done = backup(played.ctx(), tmp_path / "vault")
    name = damage(done.path)
    with pytest.raises(InternalError) as told:
        restore(into(tmp_path / "new"), tmp_path / "vault")
    assert name in str(told.value)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["vault"]


def test_a_byte_that_flipped_in_the_backup_is_mended_by_the_next_one(played: OfficeKit, tmp_path: Path) -> None:
    first = backup(played.ctx(), tmp_path / "vault")
    sha = Path(damage_a_blob(first.path)).name
    flipped = blob_path(tmp_path / "vault" / "blobs", sha)
    flipped.write_bytes(bytes(blob_path(played.home.blobs, sha).stat().st_size))  # as many bytes, others
    again = backup(played.ctx(), tmp_path / "vault")
    assert flipped.read_bytes() == blob_path(played.home.blobs, sha).read_bytes()
    for number, one in enumerate((first, again)):
        assert differences(end_state(played.home), end_state(restored(one, tmp_path / f"new{number}").home)) == []


def test_a_target_with_something_in_it_is_refused(played: OfficeKit, tmp_path: Path) -> None:
    backup(played.ctx(), tmp_path / "vault")
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "a").write_text("x")
    with pytest.raises(NotNowError, match="已有东西"):
        restore(into(tmp_path / "new"), tmp_path / "vault")
    (tmp_path / "new" / "a").unlink()
    restore(into(tmp_path / "new"), tmp_path / "vault")  # an empty folder will do


def test_a_blob_that_the_office_has_lost_is_told_and_the_rest_is_backed_up(played: OfficeKit, tmp_path: Path) -> None:
    shutil.copytree(played.home.root, tmp_path / "home")
    kit = OfficeKit(Home(tmp_path / "home"))
    (row, *_) = kit.query("select sha256 from blob where kind = 'arrival'")
    blob_path(kit.home.blobs, row.sha256).write_bytes(b"damaged")
    done = backup(kit.ctx(), tmp_path / "vault")
    assert done.damaged == (row.sha256,) and row.sha256[:12] in done.summary()
    assert "1 个档案" in restore(into(tmp_path / "new"), tmp_path / "vault").summary()


def test_where_a_backup_may_not_go(played: OfficeKit, tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="不能放在办公室目录里面"):
        backup(played.ctx(), played.home.data / "备份")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "照片.jpg").write_bytes(b"x")
    with pytest.raises(RequestError, match="有别的东西"):
        backup(played.ctx(), tmp_path / "other")
    (tmp_path / "empty").mkdir()
    with pytest.raises(RequestError, match="还没有数据库"):
        backup(into(tmp_path / "empty"), tmp_path / "vault")
    with pytest.raises(RequestError, match="没有完整的备份"):
        restore(into(tmp_path / "new"), tmp_path / "other")
    with open_vault(tmp_path / "vault"), pytest.raises(NotNowError, match="另一个备份正在进行"):
        backup(played.ctx(), tmp_path / "vault")


def test_a_file_that_is_taken_in_meanwhile_comes_once(
    played: OfficeKit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(played.home.root, tmp_path / "home")
    kit = OfficeKit(Home(tmp_path / "home"))
    import tasks.backup

    taking = Thread(target=kit.take_in)

    def while_it_is_taken(store: object, folder: Path) -> Path:
        taking.start()
        taking.join(1)
        assert taking.is_alive(), "it waits until the database is copied"
        return real(store, folder)  # type: ignore[arg-type]

    real = tasks.backup.dump
    monkeypatch.setattr("tasks.backup.dump", while_it_is_taken)
    backup(kit.ctx(), tmp_path / "vault")
    taking.join()
    assert [row.name for row in kit.query("select name from arrival where state = '待判'")] == ["新来的.xlsx"]
    restore(into(tmp_path / "new"), tmp_path / "vault")
    new = OfficeKit(Home(tmp_path / "new"))
    assert new.query("select name from arrival where name = '新来的.xlsx'") == []
    assert [p.name for p in new.home.inbox.rglob("*") if p.is_file()] == ["新来的.xlsx"]


def test_a_file_that_waits_is_backed_up_though_its_bytes_came_before(played: OfficeKit, tmp_path: Path) -> None:
    shutil.copytree(played.home.root, tmp_path / "home")
    kit = OfficeKit(Home(tmp_path / "home"))
    (known,) = kit.query("select blob from arrival where name = '城区.xlsx'")
    kit.drop(blob_path(kit.home.blobs, known.blob).read_bytes(), "再报一次.xlsx")
    backup(kit.ctx(), tmp_path / "vault")
    restore(into(tmp_path / "new"), tmp_path / "vault")
    assert (tmp_path / "new" / "data" / "收" / "再报一次.xlsx").is_file()


def test_a_restored_file_is_as_old_as_it_was(played: OfficeKit, tmp_path: Path) -> None:
    shutil.copytree(played.home.root, tmp_path / "home")
    kit = OfficeKit(Home(tmp_path / "home"))
    first, second = (
        kit.drop(b"first", "后来的字母.xlsx", age_s=7200),
        kit.drop(b"second", "先来的字母.xlsx", age_s=3600),
    )
    settings = kit.home.config / "office.yaml"
    os.utime(settings, ns=(1_600_000_000_123_456_789,) * 2)
    backup(kit.ctx(), tmp_path / "vault")
    restore(into(tmp_path / "new"), tmp_path / "vault")
    for path in (first, second, settings):
        there = tmp_path / "new" / path.relative_to(kit.home.root)
        assert there.stat().st_mtime_ns == path.stat().st_mtime_ns
    order = [path.name for path in settled_files(tmp_path / "new" / "data" / "收")]
    assert order.index("后来的字母.xlsx") < order.index("先来的字母.xlsx"), "as before, not by name"


def test_a_backup_of_the_earlier_form_without_times_is_restored(played: OfficeKit, tmp_path: Path) -> None:
    path = backup(played.ctx(), tmp_path / "vault").path / MANIFEST
    content = json.loads(path.read_text(encoding="utf-8")) | {"format": 1}
    for entry in (one for name in ("files", "shared", "blobs") for one in content[name]):
        del entry["mtime_ns"]
    path.write_text(json.dumps(content), encoding="utf-8")
    restore(into(tmp_path / "new"), tmp_path / "vault")
    assert differences(end_state(played.home), end_state(Home(tmp_path / "new"))) == []


def test_a_huge_file_is_backed_up_without_having_it_in_memory(played: OfficeKit, tmp_path: Path) -> None:
    shutil.copytree(played.home.root, tmp_path / "home")
    kit = OfficeKit(Home(tmp_path / "home"))
    kit.drop(bytes(30_000_000), "大.xlsx")
    kit.take_in()
    kit.drop(bytes(30_000_001), "又一个大的.xlsx")
    tracemalloc.start()
    try:
        backup(kit.ctx(), tmp_path / "vault")
        restore(into(tmp_path / "new"), tmp_path / "vault")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    sys.stdout.write(f"backup and restore with 30 MB files: {peak / 1e6:.1f} MB at most\n")
    assert peak < 20_000_000
    assert (tmp_path / "new" / "data" / "收" / "又一个大的.xlsx").stat().st_size == 30_000_001


def test_a_link_that_leads_nowhere_keeps_no_backup_from_being_made(played: OfficeKit, tmp_path: Path) -> None:
    shutil.copytree(played.home.root, tmp_path / "home")
    (tmp_path / "home" / "config" / "旧.yaml").symlink_to(tmp_path / "nowhere")
    assert backup(into(tmp_path / "home"), tmp_path / "vault").damaged == ()


def test_a_disk_that_refuses_is_told_and_leaves_no_backup(
    played: OfficeKit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tasks.backup.shutil.copytree", full)
    with pytest.raises(OutsideError, match="备份没有做成：磁盘已满"):
        backup(played.ctx(), tmp_path / "vault")
    with pytest.raises(RequestError, match="没有完整的备份"):
        restore(into(tmp_path / "new"), tmp_path / "vault")


@pytest.mark.parametrize("path", ["../out.txt", "/out.txt", "data/../../out.txt", ""])
def test_a_manifest_that_leads_out_of_the_new_home_is_refused(played: OfficeKit, tmp_path: Path, path: str) -> None:
    done = backup(played.ctx(), tmp_path / "vault")
    content = json.loads((done.path / MANIFEST).read_text(encoding="utf-8"))
    content["shared"].append(content["blobs"][0] | {"path": path})
    (done.path / MANIFEST).write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(InternalError, match="清单"):
        restore(into(tmp_path / "new"), tmp_path / "vault")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["vault"]


def test_a_backup_of_a_newer_program_is_refused(played: OfficeKit, tmp_path: Path) -> None:
    done = backup(played.ctx(), tmp_path / "vault")
    path = done.path / MANIFEST
    content = json.loads(path.read_text(encoding="utf-8"))
    content["schema"].append("999-later")
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(NotNowError, match="更新版本"):
        restore(into(tmp_path / "new"), tmp_path / "vault")


def test_a_database_elsewhere_is_not_mixed_up_with_the_backup(
    played: OfficeKit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup(played.ctx(), tmp_path / "vault")
    monkeypatch.setenv("YAOXUN_DATABASE_URL", f"sqlite:///{tmp_path / 'other.db'}")
    with pytest.raises(NotNowError, match="YAOXUN_DATABASE_URL"):
        restore(into(tmp_path / "new"), tmp_path / "vault")
