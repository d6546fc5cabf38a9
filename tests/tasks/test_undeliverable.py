"""What cannot be delivered to one is told of, and holds up nobody else: neither files under 回/ nor mail."""

from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import update

from support.office_kit import BUREAU, COUNTY, OTHER_BUREAU, OVERDUE, OfficeKit, make_office, use_mail_server
from tasks.outbox import list_outbox
from tasks.remind import remind
from tasks.send import put_copies, send
from yaoxun.demo.smtp_server import ServerHandle, received_mails
from yaoxun.errors import ConfigError, InternalError, OutsideError
from yaoxun.office.tables import contact
from yaoxun.post.tables import recipient
from yaoxun.store.blobs import blob_path

WRONG = {"T1": {"本期完成": "约三场"}}


@pytest.fixture
def office(tmp_path: Path, server: ServerHandle) -> OfficeKit:
    kit = make_office(tmp_path / "home", (COUNTY, BUREAU, OTHER_BUREAU))
    use_mail_server(kit.home.root, server)
    return kit


def readdress(kit: OfficeKit, old: str, new: str) -> None:
    """One recipient's address as an earlier program might have written it."""
    store = kit.store
    with store.write() as conn:
        done = conn.execute(update(recipient).where(recipient.c.address == old).values(address=new))
        assert done.rowcount == 1
    store.close()


def states(kit: OfficeKit) -> Counter[str]:
    return Counter(row.state for row in list_outbox(kit.ctx()))


def told(kit: OfficeKit, address: str) -> list[str]:
    rows = kit.query("select e.raw from recipient_event e join recipient r on r.id = e.recipient"
                     " where r.address = :address order by e.seq", address=address)  # fmt: skip
    return [row.raw for row in rows]


@pytest.mark.parametrize("name", ["报" * 80 + ".xlsx", "a" * 200 + ".xlsx", "报" * 80 + "v.xlsx"])
def test_a_long_name_is_cut_by_bytes_and_its_marked_copy_arrives(tmp_path: Path, name: str) -> None:
    office = make_office(tmp_path / "home", (BUREAU,))
    office.drop(office.filled(BUREAU, typed=WRONG), name)
    office.collect()
    assert put_copies(office.ctx()).states == {"已放入文件夹": 2}
    (copy,) = (office.home.replies / "示例单位01").glob("*.xlsx")
    assert "审核意见-" + name[:20] in copy.name
    assert len(copy.name.encode()) <= 200


def test_a_file_that_cannot_be_written_is_told_and_all_others_and_the_mail_go_out(
    office: OfficeKit, server: ServerHandle
) -> None:
    office.drop_in_order((office.filled(org), f"{org}.xlsx") for org in (COUNTY, BUREAU))
    office.collect()
    (first, second) = (row.address for row in list_outbox(office.ctx()) if row.address.startswith("回/"))
    long = "回/城区/" + "长" * 100 + ".txt"
    readdress(office, first, long)
    with pytest.raises(OutsideError, match="写不了文件"):
        send(office.ctx())
    assert (office.home.replies / second.removeprefix("回/")).is_file()
    assert len(received_mails(server.folder)) == 4
    assert states(office) == {"待重试": 1, "已放入文件夹": 1, "服务器已接收": 4}
    assert "写不了文件" in told(office, long)[-1]


def test_a_broken_text_template_holds_up_only_the_notices_made_with_it(office: OfficeKit, server: ServerHandle) -> None:
    office.drop_in_order([(office.filled(BUREAU, typed=WRONG), "退回.xlsx"), (office.filled(COUNTY), "接收.xlsx")])
    office.collect()
    template = office.home.templates / "notices" / "return.md.j2"
    sound = template.read_text(encoding="utf-8")
    for broken in ("{{ 没有 }}".encode(), sound.encode("gb18030")):
        template.write_bytes(broken)
        with pytest.raises(ConfigError) as caught:
            send(office.ctx("2023-03-27T18:00"))
        assert "return.md.j2" in caught.value.file
        assert sorted(mail.rcpt[0] for mail in received_mails(server.folder)) == [
            "a@chengqu.example",
            "b@chengqu.example",
        ]
        assert states(office) == {"待重试": 3, "已放入文件夹": 2, "服务器已接收": 2}
        _retry_now(office)
    template.write_text(sound, encoding="utf-8")
    assert send(office.ctx("2023-03-27T18:00")).states == {"已放入文件夹": 1, "服务器已接收": 2}


def _retry_now(kit: OfficeKit) -> None:
    store = kit.store
    with store.write() as conn:
        conn.execute(update(recipient).values(retry_at=None))
    store.close()


def test_a_damaged_archive_holds_up_only_what_it_belongs_to(office: OfficeKit, server: ServerHandle) -> None:
    office.drop_in_order([(office.filled(BUREAU, typed=WRONG), "退回.xlsx"), (office.filled(COUNTY), "接收.xlsx")])
    office.collect()
    (row,) = office.query("select sha256 from blob where kind = 'marked'")
    blob_path(office.home.blobs, row.sha256).write_bytes(b"damaged")
    with pytest.raises(InternalError, match="已损坏"):
        send(office.ctx())
    assert len(received_mails(server.folder)) == 2
    assert states(office) == {"待重试": 3, "已放入文件夹": 2, "服务器已接收": 2}


def test_a_recipient_whose_address_is_none_is_refused_and_the_others_of_the_message_get_theirs(
    office: OfficeKit, server: ServerHandle
) -> None:
    store = office.store
    with store.write() as conn:
        conn.execute(update(contact).where(contact.c.address == "a@danwei01.example").values(address="a@oa"))
        for old, new in (("a@danwei02.example", "a＠danwei02.example"), ("b@danwei02.example", "b")):
            conn.execute(update(contact).where(contact.c.address == old).values(address=new))
    store.close()
    remind(office.ctx(OVERDUE))
    assert send(office.ctx(OVERDUE)).states == {"被拒": 3, "服务器已接收": 3}
    assert sorted(mail.rcpt[0] for mail in received_mails(server.folder)) == [
        "a@chengqu.example",
        "b@chengqu.example",
        "b@danwei01.example",
    ]
