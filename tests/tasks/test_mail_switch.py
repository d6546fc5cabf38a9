"""Pausing and resuming; how mail stands; what waits too long, or too late, does not leave when it goes on."""

from pathlib import Path

import pytest

from support.mail_kit import letters, reached, set_mail, sign_bulletin, states, text_of
from support.office_kit import BUREAU, COUNTY, MORNING, OVERDUE, OfficeKit, make_office, use_mail_server
from tasks.config import import_config
from tasks.mail_switch import mail_status, pause, resume
from tasks.remind import remind
from tasks.send import send
from yaoxun.context import parse_now
from yaoxun.demo.smtp_server import ServerHandle
from yaoxun.errors import NotNowError, RequestError


@pytest.fixture
def office(tmp_path: Path, server: ServerHandle) -> OfficeKit:
    kit = make_office(tmp_path / "home", (COUNTY, BUREAU))
    use_mail_server(kit.home.root, server)
    return kit


def test_while_paused_nothing_is_mailed_and_everything_else_goes_on(office: OfficeKit, server: ServerHandle) -> None:
    pause(office.ctx(actor="bgs"), reason="节日期间统一暂停")
    office.drop(office.filled(COUNTY), "城区.xlsx")
    office.collect()
    sign_bulletin(office)
    sent = send(office.ctx())
    assert sent.states == {"已放入文件夹": 1}
    assert "bgs" in sent.held and "节日期间统一暂停" in sent.held and "yaoxun mail resume" in sent.held
    assert sent.held in sent.summary()
    assert letters(server) == []
    assert states(office) == {"待发": 6}
    assert office.query("select count(*) as n from message where frozen_at is not null and kind = 'bulletin'")[0].n == 0
    resume(office.ctx(actor="bgs"))
    assert send(office.ctx()).states == {"服务器已接收": 6}
    assert set(reached(server).values()) == {1}


def test_a_pause_may_begin_and_end_at_a_time_set_before(office: OfficeKit, server: ServerHandle) -> None:
    pause(office.ctx("2023-03-26T09:00"), reason="清明", since=parse_now("2023-03-27T09:00"))
    resume(office.ctx("2023-03-26T09:00"), since=parse_now("2023-03-28T09:00"))
    sign_bulletin(office, "2023-03-26T10:00")
    assert [(s.state, s.reason) for s in mail_status(office.ctx("2023-03-26T10:00")).coming] == [
        ("暂停", "清明"),
        ("恢复", ""),
    ]
    assert mail_status(office.ctx("2023-03-26T10:00")).held == ""
    assert send(office.ctx("2023-03-27T10:00")).held
    assert letters(server) == []
    assert send(office.ctx("2023-03-28T10:00")).states == {"服务器已接收": 4}
    rows = office.query("select state, reason from mail_switch order by id")
    assert [tuple(row) for row in rows] == [("暂停", "清明"), ("恢复", "")]


def test_a_pause_in_mid_run_stops_before_the_next_mail(
    office: OfficeKit, server: ServerHandle, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_bulletin(office)
    passed: list[str] = []

    def pause_after_two(point: str) -> None:
        if point == "send.after_accept":
            passed.append(point)
            if len(passed) == 2:
                pause(office.ctx(), reason="内容有误")

    monkeypatch.setattr("tasks.send.failpoint", pause_after_two)
    sent = send(office.ctx())
    assert (sent.states, "内容有误" in sent.held) == ({"服务器已接收": 2}, True)
    assert states(office) == {"服务器已接收": 2, "待发": 2}


def test_importing_the_configuration_leaves_a_pause_as_it_is(office: OfficeKit) -> None:
    pause(office.ctx(), reason="停")
    import_config(office.ctx(), update=True)
    assert "停" in mail_status(office.ctx()).held


def test_a_pause_without_a_reason_and_a_resumption_of_nothing_are_refused(office: OfficeKit) -> None:
    with pytest.raises(RequestError, match="原因"):
        pause(office.ctx(), reason=" ")
    with pytest.raises(NotNowError, match="没有暂停"):
        resume(office.ctx())
    pause(office.ctx(), reason="停", since=parse_now(OVERDUE))
    with pytest.raises(NotNowError) as told:
        resume(office.ctx())
    assert "--from" in told.value.remedy


def test_the_status_of_mail_tells_what_waits_since_when_and_why(office: OfficeKit) -> None:
    sign_bulletin(office)
    office.drop(office.filled(COUNTY), "城区.xlsx")
    office.collect()
    set_mail(office, enabled="false", divert_to="trial@mail.example")
    status = mail_status(office.ctx(OVERDUE))
    assert dict(status.waiting) == {"简报": 4, "回执": 2}
    assert status.oldest == parse_now(MORNING)
    text = "\n".join(status.lines())
    assert (
        "未启用" in text
        and "trial@mail.example" in text
        and "待发邮件：简报 4，回执 2，最早的是 2023-03-27 10:00" in text
    )
    assert status.as_json()["waiting"] == {"简报": 4, "回执": 2}
    set_mail(office, enabled="true", divert_to='""')
    send(office.ctx())
    assert mail_status(office.ctx()).lines()[0].startswith("发信：正常，经 127.0.0.1:")
    assert dict(mail_status(office.ctx()).states) == {"服务器已接收": 6}


LOCKED = "2023-04-08T10:00"


def lock(office: OfficeKit, table: str, at: str) -> None:
    store = office.store
    moment = parse_now(at)
    with store.write() as conn:
        from yaoxun.office.tables import obligation

        conn.execute(obligation.update().where(obligation.c.table_id == table).values(locks=moment))
    store.close()


def test_a_reminder_that_was_made_before_the_lock_does_not_leave_after_it(
    office: OfficeKit, server: ServerHandle
) -> None:
    pause(office.ctx(OVERDUE), reason="停")
    remind(office.ctx(OVERDUE))
    for table in ("T1", "T2"):
        lock(office, table, "2023-04-05T17:30")
    resume(office.ctx(LOCKED))
    assert send(office.ctx(LOCKED)).states == {}
    assert letters(server) == []
    assert states(office) == {"已撤": 4}
    assert {r.stopped_why for r in office.query("select stopped_why from reminder")} == {"发出前已锁定，不再收"}
    assert {r.raw for r in office.query("select raw from recipient_event")} == {"发出前已锁定，不再收"}


def test_a_reminder_names_only_the_tables_that_would_still_be_taken(office: OfficeKit, server: ServerHandle) -> None:
    remind(office.ctx(OVERDUE))
    lock(office, "T1", "2023-03-29T09:00")
    send(office.ctx(OVERDUE))
    assert reached(server) == {"a@danwei01.example": 1, "b@danwei01.example": 1}  # the county owes T1 alone
    text = text_of(letters(server)[0][1])
    assert "T2" in text and "T1" not in text


def test_of_the_reminders_of_several_days_that_were_held_up_only_the_newest_leaves(
    office: OfficeKit, server: ServerHandle
) -> None:
    set_mail(office, enabled="false")
    for day in ("2023-03-29T09:30", "2023-03-30T09:30", "2023-03-31T09:30"):
        remind(office.ctx(day))
        send(office.ctx(day))
    set_mail(office, enabled="true")
    send(office.ctx("2023-03-31T10:00"))
    assert reached(server) == {f"{c}@{org}.example": 1 for org in (COUNTY, BUREAU) for c in "ab"}
    assert states(office) == {"已撤": 8, "服务器已接收": 4}
    notes = {r.raw for r in office.query("select raw from recipient_event where what = '已撤'")}
    assert notes == {"另有更新的催报"}
