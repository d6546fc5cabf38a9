"""A trial: every mail goes to one address and says whose it is; nobody is told that it was delivered, nothing follows by
itself when the trial is over."""

from collections import Counter
from pathlib import Path

import pytest

from support.mail_kit import StartServer, letters, numbers, reached, set_mail, sign_bulletin, states, text_of
from support.office_kit import BUREAU, COUNTY, OVERDUE, OfficeKit, make_office, use_mail_server
from tasks.outbox import cancel, list_outbox, resend, settle
from tasks.remind import remind
from tasks.send import send
from yaoxun.demo.smtp_server import Misbehaviour, ServerHandle
from yaoxun.errors import ConfigError, NotNowError, OutsideError

TRIAL = "trial@mail.example"


def an_office(folder: Path, server: ServerHandle, *orgs: str) -> OfficeKit:
    kit = make_office(folder / "home", orgs or (COUNTY, BUREAU))
    use_mail_server(kit.home.root, server)
    set_mail(kit, divert_to=TRIAL)
    return kit


def test_every_mail_goes_to_the_one_address_and_names_its_true_recipient(tmp_path: Path, start: StartServer) -> None:
    server = start()
    office = an_office(tmp_path, server)
    sign_bulletin(office)
    remind(office.ctx(OVERDUE))
    sent = send(office.ctx(OVERDUE))
    assert sent.states == {"已改投": 8}
    assert reached(server) == {TRIAL: 8}
    true = {row.address for row in list_outbox(office.ctx())}
    found = letters(server)
    named = [next(a for a in true if f"本封原收件人：{a}\n" in text_of(message)) for _, message in found]
    assert sorted(named) == sorted(row.address for row in list_outbox(office.ctx()))
    for mail, message in found:
        assert str(message["Subject"]).startswith("【试运行改投】")
        assert (str(message["To"]), message["Cc"]) == (TRIAL, None)
        assert "试运行改投" in text_of(message, "html")
        assert mail.rcpt == (TRIAL,)
    assert len({mail.message_id for mail, _ in found}) == 8
    assert len([m for _, m in found if list(m.iter_attachments())]) == 4
    noted = {row.note for row in list_outbox(office.ctx())}
    assert all(note.startswith(f"改投到 {TRIAL}：250") for note in noted)


def test_when_the_trial_is_over_nothing_that_was_diverted_follows_by_itself_and_what_is_new_goes_out(
    tmp_path: Path, start: StartServer
) -> None:
    server = start()
    office = an_office(tmp_path, server)
    sign_bulletin(office)
    send(office.ctx())
    set_mail(office, divert_to='""')
    assert send(office.ctx()).states == {}
    remind(office.ctx(OVERDUE))
    assert send(office.ctx(OVERDUE)).states == {"服务器已接收": 4}
    assert states(office) == {"已改投": 4, "服务器已接收": 4}
    assert reached(server)[TRIAL] == 4


def test_a_person_may_have_it_sent_again_and_then_the_true_mail_goes_to_its_recipient_once(
    tmp_path: Path, start: StartServer
) -> None:
    server = start()
    office = an_office(tmp_path, server)
    sign_bulletin(office)
    send(office.ctx())
    set_mail(office, divert_to='""')
    first, second, *rest = numbers(office, "已改投")
    told = resend(office.ctx(), (first, second), reason="试运行结束").summary()
    assert f"第 {first}、{second} 号投递：已改为待发" in told
    assert send(office.ctx()).states == {"服务器已接收": 2}
    addresses = {row.number: row.address for row in list_outbox(office.ctx())}
    true = [(mail, message) for mail, message in letters(server) if mail.rcpt != (TRIAL,)]
    assert sorted(mail.rcpt[0] for mail, _ in true) == sorted((addresses[first], addresses[second]))
    assert len({mail.file.read_bytes() for mail, _ in true}) == 1  # one message, the same bytes to both
    assert "试运行" not in str(true[0][1]["Subject"]) + text_of(true[0][1])
    assert len(str(true[0][1]["To"]).split(",")) == 4
    assert states(office) == {"服务器已接收": 2, "已改投": len(rest)}
    assert {row.raw for row in office.query("select raw from recipient_event where what = '人工重发'")} == {
        "手工：试运行结束"
    }


def test_an_answer_of_long_ago_that_a_person_wants_sent_again_is_sent(tmp_path: Path, start: StartServer) -> None:
    server = start()
    office = an_office(tmp_path, server)
    office.drop(office.filled(COUNTY), "城区.xlsx")
    office.collect()
    send(office.ctx())
    set_mail(office, divert_to='""')
    late = "2023-04-20T10:00"  # answers expire after a week
    resend(office.ctx(late), numbers(office, "已改投"), reason="补发")
    assert send(office.ctx(late)).states == {"服务器已接收": 2}
    assert reached(server) == {TRIAL: 2, "a@chengqu.example": 1, "b@chengqu.example": 1}


def test_a_refusal_of_the_one_address_is_told_and_refuses_nobody(tmp_path: Path, start: StartServer) -> None:
    server = start(misbehaviour=Misbehaviour(refuse=(TRIAL,)))
    office = an_office(tmp_path, server)
    sign_bulletin(office)
    with pytest.raises(OutsideError, match=TRIAL) as told:
        send(office.ctx())
    assert "divert_to" in told.value.remedy
    assert states(office) == {"待重试": 4}
    set_mail(office, divert_to="other@mail.example")
    assert send(office.ctx("2023-03-27T12:00")).states == {"已改投": 4}
    assert all(str(m["To"]) == "other@mail.example" for _, m in letters(server))


def test_what_was_put_off_in_the_trial_goes_as_the_same_bytes_and_when_it_is_over_to_the_true_recipient(
    tmp_path: Path, start: StartServer
) -> None:
    server = start(misbehaviour=Misbehaviour(busy_first=(TRIAL,)))
    office = an_office(tmp_path, server, COUNTY)
    sign_bulletin(office)
    assert send(office.ctx()).states == {"待重试": 1, "已改投": 3}
    (kept,) = office.query("select eml from recipient where state = '待重试'")
    assert send(office.ctx("2023-03-27T12:00")).states == {"已改投": 1}
    last = letters(server)[-1][0]
    assert (office.home.blobs / kept.eml[:2] / kept.eml).read_bytes() == last.file.read_bytes()
    assert office.query("select eml, frozen_at from message where kind = 'bulletin'") == [(None, None)]


@pytest.mark.parametrize(("arrived", "then"), [(True, {"已改投": 4}), (False, {"已改投": 3, "待发": 1})])
def test_a_lost_acknowledgement_of_a_diverted_mail_is_never_settled_as_delivered(
    tmp_path: Path, start: StartServer, arrived: bool, then: dict[str, int]
) -> None:
    server = start(misbehaviour=Misbehaviour(drop_after_data=(TRIAL,)))
    office = an_office(tmp_path, server, COUNTY)
    sign_bulletin(office)
    assert send(office.ctx()).states == {"状态不明": 1, "已改投": 3}
    (doubtful,) = numbers(office, "状态不明")
    settle(office.ctx(), doubtful, arrived=arrived, remark="看过试运行邮箱")
    assert states(office) == then


def test_files_under_the_letter_box_are_written_as_always(tmp_path: Path, start: StartServer) -> None:
    server = start()
    office = an_office(tmp_path, server, COUNTY)
    office.drop(office.filled(COUNTY), "城区.xlsx")
    office.collect()
    assert send(office.ctx()).states == {"已放入文件夹": 1, "已改投": 2}


def test_an_address_that_is_none_is_refused_in_the_trial_as_it_will_be_later(
    tmp_path: Path, start: StartServer
) -> None:
    server = start()
    office = an_office(tmp_path, server, COUNTY)
    sign_bulletin(office)
    store = office.store
    with store.write() as conn:
        conn.exec_driver_sql("update recipient set address = 'a@oa' where id = (select min(id) from recipient)")
    store.close()
    assert Counter(send(office.ctx()).states) == {"被拒": 1, "已改投": 3}


def test_a_diverted_mail_cannot_be_taken_back(tmp_path: Path, start: StartServer) -> None:
    server = start()
    office = an_office(tmp_path, server, COUNTY)
    sign_bulletin(office)
    send(office.ctx())
    (first, *_) = numbers(office, "已改投")
    with pytest.raises(NotNowError, match="试运行时已发到改投地址"):
        cancel(office.ctx(), (first,), reason="不发了")


def test_a_divert_address_that_is_none_stops_the_start(tmp_path: Path, start: StartServer) -> None:
    office = an_office(tmp_path, start(), COUNTY)
    set_mail(office, divert_to="试运行邮箱")
    with pytest.raises(ConfigError, match="divert_to"):
        send(office.ctx())
