"""The outbox in words, and what a person may do to a delivery."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.mail_kit import numbers, reached, sign_bulletin, states
from support.office_kit import BUREAU, COUNTY, OVERDUE, OfficeKit, make_office, use_mail_server
from tasks.outbox import cancel, list_outbox, resend, settle
from tasks.remind import remind
from tasks.send import send
from yaoxun.demo.smtp_server import Misbehaviour, ServerHandle, start_server
from yaoxun.errors import NotNowError, RequestError


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ServerHandle]:
    with start_server(tmp_path / "smtp", misbehaviour=Misbehaviour(refuse=("b@chengqu.example",))) as handle:
        yield handle


@pytest.fixture
def office(tmp_path: Path, server: ServerHandle) -> OfficeKit:
    kit = make_office(tmp_path / "home", (COUNTY, BUREAU))
    use_mail_server(kit.home.root, server)
    return kit


def test_every_line_says_what_it_is_about(office: OfficeKit) -> None:
    office.drop_in_order([(office.filled(COUNTY), "城区三月.xlsx"), (b"no workbook", "杂件.xlsx")])
    office.collect()
    sign_bulletin(office)
    remind(office.ctx(OVERDUE))
    about = {(row.kind, row.about) for row in list_outbox(office.ctx())}
    (bulletin,) = [words for kind, words in about if kind == "简报"]
    assert bulletin.startswith("晋团要讯〔2023〕第4期《") and bulletin.endswith("》 2023-03")
    assert any(
        k == "回执" and w.startswith("城区 2023-03") and "接收" in w and w.endswith("《城区三月.xlsx》")
        for k, w in about
    )
    assert any(k == "回执" and w.startswith("《杂件.xlsx》 ") for k, w in about)
    (reminder,) = [words for kind, words in about if kind == "催报"]
    assert reminder.startswith("示例单位01 ") and "2023-03 T1、T2" in reminder and reminder.endswith("（2023-03-29）")
    assert all(row.as_json()["about"] for row in list_outbox(office.ctx()))


def test_a_state_that_does_not_exist_is_told_with_those_that_do(office: OfficeKit) -> None:
    with pytest.raises(RequestError, match="没有“已发”这种状态") as told:
        list_outbox(office.ctx(), ("已发",))
    assert "服务器已接收" in told.value.remedy and "已改投" in told.value.remedy


def test_what_is_taken_back_is_not_sent_unless_it_is_wanted_again(office: OfficeKit, server: ServerHandle) -> None:
    sign_bulletin(office)
    first, second, *rest = numbers(office, "待发")
    assert "内容有误" in cancel(office.ctx(actor="bgs"), (first, second), reason="内容有误").summary()
    send(office.ctx())
    assert states(office) == {"已撤": 2, "服务器已接收": len(rest)}
    assert {row.note for row in list_outbox(office.ctx(), ("已撤",))} == {"bgs 撤回：内容有误"}
    resend(office.ctx(), (first,), reason="核实无误")
    send(office.ctx())
    assert states(office) == {"已撤": 1, "服务器已接收": len(rest) + 1}
    assert set(reached(server).values()) == {1}


def test_a_refused_delivery_may_be_tried_again(office: OfficeKit, server: ServerHandle) -> None:
    remind(office.ctx(OVERDUE))
    send(office.ctx(OVERDUE))
    (refused,) = numbers(office, "被拒")
    resend(office.ctx(OVERDUE), (refused,), reason="对方说邮箱修好了")
    assert send(office.ctx(OVERDUE)).states == {"被拒": 1}


def test_one_number_that_cannot_be_changed_leaves_all_as_they_were(office: OfficeKit) -> None:
    sign_bulletin(office)
    waiting = numbers(office, "待发")
    with pytest.raises(RequestError, match="没有第 999 号投递"):
        cancel(office.ctx(), (*waiting, 999), reason="不发了")
    assert states(office) == {"待发": len(waiting)}


def test_each_refusal_says_why(office: OfficeKit) -> None:
    sign_bulletin(office)
    first, *_ = numbers(office, "待发")
    with pytest.raises(NotNowError, match=f"第 {first} 号投递不能重发：现在是“待发”，还在待发"):
        resend(office.ctx(), (first,), reason="急")
    with pytest.raises(NotNowError, match="现在是“待发”"):
        settle(office.ctx(), first, arrived=True, remark="")
    send(office.ctx())
    with pytest.raises(NotNowError, match="撤不回来：现在是“服务器已接收”，已经发出"):
        cancel(office.ctx(), (first,), reason="不发了")
    with pytest.raises(NotNowError, match="同一封不发第二次"):
        resend(office.ctx(), (first,), reason="急")
    for number, change in ((999, resend), (999, cancel)):
        with pytest.raises(RequestError, match="没有第 999 号投递"):
            change(office.ctx(), (number,), reason="x")
    with pytest.raises(RequestError, match="没有第 999 号投递"):
        settle(office.ctx(), 999, arrived=True, remark="")
    for change in (resend, cancel):
        with pytest.raises(RequestError, match="原因"):
            change(office.ctx(), (first,), reason="")


def test_what_is_being_sent_at_this_moment_is_not_taken_back(office: OfficeKit) -> None:
    sign_bulletin(office)
    first, *_ = numbers(office, "待发")
    store = office.store
    with store.write() as conn:
        from yaoxun.context import wall_clock
        from yaoxun.post.ledger import claim_recipient

        assert claim_recipient(conn, first, token="t", wall=wall_clock())
    store.close()
    with pytest.raises(NotNowError, match="正在发送"):
        cancel(office.ctx(), (first,), reason="不发了")
    office.expire_leases()
    cancel(office.ctx(), (first,), reason="不发了")
    assert first in numbers(office, "已撤")
