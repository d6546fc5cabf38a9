"""Delivering and reminding a second time do nothing; a reminder names what is owed when it leaves, and nothing else."""

from collections import Counter
from datetime import date
from email.parser import BytesParser
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from support.filling import only, policy
from support.mail_kit import StartServer
from support.office_kit import (
    BUREAU,
    COUNTY,
    FOUR,
    MORNING,
    OTHER_BUREAU,
    OTHER_COUNTY,
    OVERDUE,
    SIGNER,
    OfficeKit,
    make_office,
    use_mail_server,
)
from tasks.draft import draft
from tasks.housekeeping import housekeep
from tasks.outbox import list_outbox
from tasks.remind import remind
from tasks.send import send
from tasks.sign import number_signed, sign
from yaoxun.demo.smtp_server import Misbehaviour, ReceivedMail, ServerHandle, received_mails
from yaoxun.errors import OutsideError
from yaoxun.office.tables import contact

THURSDAY = "2023-03-30T09:30"
TITLES = {"T1": "措施推进表", "T2": "重点任务进展表", "T3": "政策出台表", "T4": "政策实效表", "T5": "青年民生实事表",
          "T6": "示范创建单元表", "T7": "活动宣传表", "T8": "问题与专项会商表", "T9": "意见建议征集表", "W": "周例会表"}  # fmt: skip


@pytest.fixture
def office(tmp_path: Path, server: ServerHandle) -> OfficeKit:
    kit = make_office(tmp_path / "home")
    use_mail_server(kit.home.root, server)
    return kit


def letters(server: ServerHandle, word: str = "") -> list[tuple[ReceivedMail, Any]]:
    """What the server has, with the parsed mail; of one organisation or subject where a word is given."""
    read = [
        (mail, BytesParser(policy=default).parsebytes(mail.file.read_bytes())) for mail in received_mails(server.folder)
    ]
    return [(mail, letter) for mail, letter in read if word in str(letter["Subject"])]


def named_tables(letter: Any) -> set[str]:
    text = letter.get_body(("plain",)).get_content()
    return {table for table, title in TITLES.items() if title in text}


def report(kit: OfficeKit, org: str, now: str = MORNING, **how: Any) -> None:
    kit.drop(kit.filled(org, **how), f"{org}.xlsx")
    kit.collect(now)


def states(kit: OfficeKit, kind: str = "催报") -> Counter[str]:
    return Counter(row.state for row in list_outbox(kit.ctx()) if row.kind == kind)


def test_mail_that_is_switched_on_late_sends_no_stale_answers(office: OfficeKit, server: ServerHandle) -> None:
    report(office, COUNTY)
    sent = send(office.ctx("2023-04-04T10:00"))  # eight days after the receipt was made
    assert sent.states == {"已放入文件夹": 1}
    assert letters(server) == []
    assert states(office, "回执") == {"已撤": 2, "已放入文件夹": 1}


def test_a_second_delivery_sends_nothing(office: OfficeKit, server: ServerHandle) -> None:
    report(office, COUNTY)
    sign(office.ctx(actor=SIGNER), draft(office.ctx(), "要讯").document)
    first = send(office.ctx())
    had = len(letters(server))
    files = sorted(office.home.replies.rglob("*"))
    assert had == 2 + 4  # the receipt to A岗 and B岗, the bulletin to its four readers
    assert first.states == {"服务器已接收": had, "已放入文件夹": 1}
    assert number_signed(office.ctx()).documents == ()
    assert send(office.ctx()).states == {}
    assert send(office.ctx(OVERDUE)).states == {}
    assert len(letters(server)) == had
    assert sorted(office.home.replies.rglob("*")) == files


def test_a_second_reminding_on_the_same_day_makes_and_sends_nothing(office: OfficeKit, server: ServerHandle) -> None:
    assert remind(office.ctx(OVERDUE)).organisations == FOUR
    send(office.ctx(OVERDUE))
    had = len(letters(server))
    again = remind(office.ctx(OVERDUE))
    assert (again.organisations, again.steps) == ((), 0)
    assert send(office.ctx(OVERDUE)).states == {}
    assert len(letters(server)) == had == 2 * len(FOUR)


def test_one_mail_an_organisation_to_the_first_contact_with_a_copy_to_the_second(
    office: OfficeKit, server: ServerHandle
) -> None:
    remind(office.ctx(OVERDUE))
    send(office.ctx(OVERDUE))
    by_id: dict[str, list[tuple[ReceivedMail, Any]]] = {}
    for mail, letter in letters(server):
        by_id.setdefault(mail.message_id, []).append((mail, letter))
    assert len(by_id) == len(FOUR)
    for copies in by_id.values():
        letter = copies[0][1]
        org = letter["To"].addresses[0].domain.split(".")[0]
        assert (str(letter["To"]), str(letter["Cc"])) == (f"a@{org}.example", f"b@{org}.example")
        assert sorted(mail.rcpt[0] for mail, _ in copies) == [f"a@{org}.example", f"b@{org}.example"]
        assert len({mail.file.read_bytes() for mail, _ in copies}) == 1


def test_a_reminder_names_the_required_tables_that_are_owed_and_their_deadline(
    office: OfficeKit, server: ServerHandle
) -> None:
    report(office, BUREAU, declared=only("T1"))
    remind(office.ctx(OVERDUE))
    send(office.ctx(OVERDUE))
    named = {str(letter["Subject"]): named_tables(letter) for _, letter in letters(server, "【催报】")}
    assert named == {
        "【催报】示例单位01：1 张报表已逾期": {"T2"},
        "【催报】示例单位02：2 张报表已逾期": {"T1", "T2"},
        "【催报】城区：1 张报表已逾期": {"T1"},
        "【催报】泽州县：1 张报表已逾期": {"T1"},
    }
    (text, *_) = [letter.get_body(("plain",)).get_content() for _, letter in letters(server, "【催报】城区")]
    assert "3月28日" in text
    assert "17:30" in text


def test_before_the_deadline_it_is_an_announcement_and_no_dunning(office: OfficeKit, server: ServerHandle) -> None:
    remind(office.ctx(MORNING))
    send(office.ctx(MORNING))
    subjects = {str(letter["Subject"]) for _, letter in letters(server)}
    assert "【提醒】城区：1 张报表待报" in subjects
    assert not [s for s in subjects if "催报" in s]


def test_nobody_is_reminded_of_tables_that_are_only_sent_when_there_is_something(office: OfficeKit) -> None:
    remind(office.ctx("2023-04-10T10:00"))
    rows = office.query("select distinct o.table_id from reminder r join obligation o on o.id = r.obligation")
    assert {row.table_id for row in rows} == {"T1", "T2", "T4", "T6", "T9"}


def test_a_table_that_is_accepted_before_the_reminder_leaves_is_not_in_it(
    office: OfficeKit, server: ServerHandle
) -> None:
    remind(office.ctx(OVERDUE))
    report(office, BUREAU, OVERDUE, declared=only("T1"))
    send(office.ctx(OVERDUE))
    reminders = [letter for _, letter in letters(server, "【催报】示例单位01")]
    assert [named_tables(letter) for letter in reminders] == [{"T2"}] * 2
    stopped = office.query("select o.table_id, r.step from reminder r join obligation o on o.id = r.obligation"
                           " where r.stopped_why <> '' order by r.id")  # fmt: skip
    assert [(row.table_id, row.step) for row in stopped] == [("T1", "截止前1日"), ("T1", "逾期1日")]


def test_a_reminder_of_which_nothing_is_owed_any_more_is_withdrawn_and_says_why(
    office: OfficeKit, server: ServerHandle
) -> None:
    remind(office.ctx(OVERDUE))
    report(office, COUNTY, OVERDUE)
    send(office.ctx(OVERDUE))
    assert letters(server, "【催报】城区") == []
    mine = [
        row.state
        for row in list_outbox(office.ctx())
        if row.address.endswith("@chengqu.example") and row.kind == "催报"
    ]
    assert mine == ["已撤", "已撤"]
    why = office.query("select e.raw from recipient_event e join recipient r on r.id = e.recipient"
                       " where r.state = '已撤'")  # fmt: skip
    assert {row.raw for row in why} == {"发出前已全部报送"}
    assert send(office.ctx(OVERDUE)).states == {}


def test_after_everything_is_accepted_there_is_silence(office: OfficeKit, server: ServerHandle) -> None:
    for org in FOUR:
        report(office, org)
    for day in (OVERDUE, THURSDAY, "2023-04-10T10:00"):
        assert remind(office.ctx(day)).steps == 0


def test_what_was_returned_or_awaits_an_explanation_is_still_owed_and_the_reminder_says_so(
    office: OfficeKit, server: ServerHandle
) -> None:
    report(office, BUREAU, typed={"T1": {"本期完成": "约三场"}})
    remind(office.ctx(OVERDUE))
    send(office.ctx(OVERDUE))
    (text, _) = [letter.get_body(("plain",)).get_content() for _, letter in letters(server, "【催报】示例单位01")]
    assert "措施推进表" in text
    assert "已退回" in text
    assert "重点任务进展表" not in text


def test_missed_days_are_caught_up_as_one_message_with_a_row_for_each_step(
    office: OfficeKit, server: ServerHandle
) -> None:
    late = "2023-03-31T10:00"
    remind(office.ctx(late))
    send(office.ctx(late))
    assert Counter(str(letter["To"]) for _, letter in letters(server)) == {f"a@{org}.example": 2 for org in FOUR}
    rows = office.query("select obligation, step from reminder")
    steps: dict[int, list[str]] = {}
    for row in rows:
        steps.setdefault(row.obligation, []).append(row.step)
    assert list(steps.values()) == [["截止前1日", "逾期1日", "逾期2日", "逾期3日"]] * 6
    assert len({row.message for row in office.query("select message from reminder")}) == len(FOUR)
    assert remind(office.ctx("2023-04-03T10:00")).steps == 0


def test_each_day_has_its_own_step_and_its_own_mail(office: OfficeKit) -> None:
    made = [remind(office.ctx(day)).steps for day in (MORNING, "2023-03-28T10:00", OVERDUE, THURSDAY)]
    assert made == [6, 0, 6, 6]  # six required tables; nothing on the day it is due
    assert len(office.query("select id from message where kind = 'reminder'")) == 3 * len(FOUR)


def test_the_summary_counts_the_tables_that_the_mails_name_and_says_that_they_have_not_left(office: OfficeKit) -> None:
    made = remind(office.ctx(THURSDAY))  # three steps of each table became due together
    assert (made.steps, made.tables) == (18, 6)
    assert made.summary() == "催报 4 家，欠报表 6 张，已排入发件箱，下次投递发出"
    assert remind(office.ctx(THURSDAY)).summary() == "没有要催报的"


def test_an_organisation_whose_mail_of_the_day_is_made_is_not_counted_again(office: OfficeKit) -> None:
    assert remind(office.ctx("2023-03-29T08:00")).steps == 6
    again = remind(office.ctx("2023-03-29T09:30"))
    assert (again.organisations, again.steps) == ((), 0)
    assert remind(office.ctx(THURSDAY)).steps == 2 * 6


def test_an_organisation_without_contacts_is_told_of_and_keeps_its_steps(office: OfficeKit) -> None:
    store = office.store
    with store.write() as conn:
        gone = update(contact).where(contact.c.org == OTHER_COUNTY).values(valid_to=date(2023, 1, 1).isoformat())
        conn.execute(gone)
    store.close()
    made = remind(office.ctx(OVERDUE))
    assert made.without_contact == ("泽州县",)
    assert "催报 3 家" in made.summary()
    assert "泽州县" in made.summary()
    assert OTHER_COUNTY not in made.organisations
    held = office.query("select o.org from reminder r join obligation o on o.id = r.obligation")
    assert OTHER_COUNTY not in {row.org for row in held}


def test_a_reminder_that_the_server_put_off_goes_out_later_as_the_same_bytes(
    tmp_path: Path, start: StartServer
) -> None:
    server = start(misbehaviour=Misbehaviour(busy_first=("a@chengqu.example",)))
    office = make_office(tmp_path / "home", (COUNTY,))
    use_mail_server(office.home.root, server)
    remind(office.ctx(OVERDUE))
    assert send(office.ctx(OVERDUE)).states == {"待重试": 1, "服务器已接收": 1}
    assert send(office.ctx("2023-03-29T09:32")).states == {}
    assert send(office.ctx("2023-03-29T09:36")).states == {"服务器已接收": 1}
    copies = letters(server)
    assert sorted(mail.rcpt[0] for mail, _ in copies) == ["a@chengqu.example", "b@chengqu.example"]
    assert len({mail.file.read_bytes() for mail, _ in copies}) == 1


def test_a_retry_of_a_reminder_is_dropped_when_nothing_is_owed_any_more(tmp_path: Path, start: StartServer) -> None:
    server = start(misbehaviour=Misbehaviour(busy_first=("a@chengqu.example",)))
    office = make_office(tmp_path / "home", (COUNTY,))
    use_mail_server(office.home.root, server)
    remind(office.ctx(OVERDUE))
    send(office.ctx(OVERDUE))
    report(office, COUNTY, OVERDUE)
    send(office.ctx("2023-03-29T09:40"))
    assert states(office) == {"已撤": 1, "服务器已接收": 1}
    assert [mail.rcpt[0] for mail, _ in letters(server, "【催报】")] == ["b@chengqu.example"]


def test_a_mail_server_that_is_down_is_a_sentence_and_nothing_is_lost(tmp_path: Path, start: StartServer) -> None:
    server = start()
    office = make_office(tmp_path / "home")
    use_mail_server(office.home.root, server)
    report(office, COUNTY, rows={"T3": [policy(1, 层级="县")]})
    report(office, OTHER_BUREAU, typed={"T1": {"本期完成": "约三场"}})
    sign(office.ctx(actor=SIGNER), draft(office.ctx(), "要讯").document)
    server.stop()
    with pytest.raises(OutsideError) as told:
        send(office.ctx())
    assert f"127.0.0.1:{server.port}" in told.value.message
    assert "config/mail.yaml" in told.value.remedy
    waiting = [row.state for row in list_outbox(office.ctx()) if "@" in row.address]
    assert waiting == ["待发"] * 8
    housekeep(office.ctx())
    again = start(port=server.port)
    use_mail_server(office.home.root, again)
    send(office.ctx())
    copies = Counter((mail.message_id, mail.rcpt) for mail, _ in letters(again))
    assert list(copies.values()) == [1] * 8
    assert {row.state for row in list_outbox(office.ctx())} == {"服务器已接收", "已放入文件夹"}


def test_a_server_that_breaks_between_two_mails_leaves_the_rest_to_the_next_run(
    tmp_path: Path, start: StartServer
) -> None:
    server = start(misbehaviour=Misbehaviour(close_after=1))
    office = make_office(tmp_path / "home")
    use_mail_server(office.home.root, server)
    remind(office.ctx(OVERDUE))
    send(office.ctx(OVERDUE))
    for minutes in (45, 59):
        send(office.ctx(f"2023-03-29T10:{minutes}"))
    assert states(office) == {"服务器已接收": 2 * len(FOUR)}
    assert set(Counter((mail.message_id, mail.rcpt) for mail, _ in letters(server)).values()) == {1}
