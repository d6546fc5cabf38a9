"""Eight processes at once, as tests that run over any database: tests/tasks imports them for SQLite, tests/live for
PostgreSQL. The fixture `database` of the importing module says which (it sets YAOXUN_DATABASE_URL or leaves it).
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from docx import Document

from support.end_state import differences, end_state
from support.filling import TABLES, only, policy
from support.office_kit import (
    BUREAU,
    COUNTY,
    FOUR,
    OTHER_BUREAU,
    OVERDUE,
    SIGNER,
    OfficeKit,
    make_office,
    use_mail_server,
)
from support.race_kit import (
    EIGHT,
    PLACE,
    Stopped,
    a_busy_day,
    at_once,
    check_a_busy_day,
    check_post,
    mails_on,
    several_documents,
)
from tasks.desk import open_desk
from tasks.draft import draft
from tasks.intake import assign
from tasks.judge import judge, judge_batch, waiting
from tasks.remind import remind
from tasks.send import send
from tasks.sign import sign
from yaoxun.demo.smtp_server import ServerHandle, start_server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerHandle]:
    with start_server(tmp_path_factory.mktemp("smtp")) as handle:
        yield handle


@pytest.fixture
def office(tmp_path: Path, database: str, server: ServerHandle) -> OfficeKit:
    kit = make_office(tmp_path / "home")
    use_mail_server(kit.home.root, server)
    return kit


def test_eight_processes_judge_sign_send_and_remind_at_once_and_nothing_is_lost_or_done_twice(
    office: OfficeKit, server: ServerHandle
) -> None:
    documents = several_documents(office, 3)
    files = a_busy_day(office)
    at_once(office, "day", *documents)
    check_a_busy_day(office, server, files)
    given = [tuple(row) for row in office.query("select n, document from issue_number order by n")]
    assert [n for n, _ in given] == [4, 5, 6]
    assert sorted(document for _, document in given) == documents
    steps = office.query(
        "select document_version, step, count(*) as n from document_step group by document_version, step"
    )
    assert {(s.step, s.n) for s in steps} == {("签发", 1), ("照发", 1)}


def test_eight_processes_take_in_one_folder_and_every_file_is_one_arrival(office: OfficeKit) -> None:
    names = [f"{n % 3}/表{n}.xlsx" if n % 3 else f"表{n}.xlsx" for n in range(60)]
    office.drop_in_order((f"no workbook {n}".encode(), name) for n, name in enumerate(names))
    taken = [arrival for share in at_once(office, "take_in") for arrival in share]
    assert len(taken) == len(set(taken)) == len(names)
    in_order = [row.name for row in office.query("select name from arrival order by id")]
    assert in_order == [Path(name).name for name in names]  # the one that came later is the later arrival
    put_away = [path for path in office.home.received.rglob("*") if path.is_file()]
    assert sorted(path.name for path in put_away) == sorted(Path(name).name for name in names)
    assert not [path for path in office.home.inbox.rglob("*") if path.is_file()]


def test_eight_processes_remind_and_send_at_once_one_mail_an_organisation(
    office: OfficeKit, server: ServerHandle
) -> None:
    made = at_once(office, "remind", now=OVERDUE)
    at_once(office, "send", now=OVERDUE)
    subjects = [row.subject for row in office.query("select subject from message")]
    assert sorted(subjects) == sorted(f"{org}:2023-03-29" for org in FOUR)
    rows = office.query("select obligation, step from reminder")
    assert len(rows) == len(set(rows)) == sum(made) == 2 * 6  # six required tables, two steps each
    check_post(office, server)


def test_eight_processes_sign_the_same_documents_at_once_and_each_gets_one_number_of_an_unbroken_series(
    office: OfficeKit, server: ServerHandle
) -> None:
    documents = several_documents(office, EIGHT)
    told = at_once(office, "sign", *documents)
    given = {row.document: row.n for row in office.query("select document, n from issue_number where state = '在用'")}
    assert sorted(given) == sorted(documents)
    assert sorted(given.values()) == list(range(4, 4 + EIGHT))
    for signed in told:
        assert dict(signed) == {d: f"〔2023〕第{n}期" for d, n in given.items()}
    steps = office.query("select step, count(*) as n from document_step group by document_version, step")
    assert [(s.step, s.n) for s in steps] == [("签发", 1)] * EIGHT
    at_once(office, "send")
    check_post(office, server)
    for document, n in given.items():
        (path,) = office.home.documents.glob(f"*〔2023〕第{n}期.docx")
        words = "".join(p.text for p in Document(str(path)).paragraphs)
        assert re.findall(r"〔2023〕第(\d+)期", words)[0] == str(n), document


def test_a_process_that_slept_past_its_lease_writes_nothing_when_it_wakes(office: OfficeKit) -> None:
    office.drop(office.filled(COUNTY), "城区.xlsx")
    office.take_in()
    sleeper = Stopped(office, "judge_one", 1, at="judge.after_copy")
    assert judge(office.ctx(), 1).reason == "已审过，或另一进程正在审"
    office.expire_leases()
    assert judge(office.ctx(), 1).state == "已判"
    before = end_state(office.home)
    assert sleeper.go_on()[1] == "另一进程已审"
    assert differences(before, end_state(office.home)) == []
    assert [row.n for row in office.query("select count(*) as n from sheet_version group by obligation")] == [1] * (
        len(TABLES) - 1
    )


def test_a_lease_that_ran_out_without_a_successor_still_makes_one_version(office: OfficeKit) -> None:
    office.drop(office.filled(COUNTY), "城区.xlsx")
    office.take_in()
    sleeper = Stopped(office, "judge_one", 1, at="judge.after_copy")
    office.expire_leases()
    assert sleeper.go_on()[1] == "已判"
    assert judge(office.ctx(), 1).reason == "已审过，或另一进程正在审"
    assert [row.n for row in office.query("select count(*) as n from sheet_version group by obligation")] == [1] * (
        len(TABLES) - 1
    )


def test_the_later_of_two_files_is_current_though_the_earlier_is_judged_last(office: OfficeKit) -> None:
    office.drop_in_order([
        (office.filled(COUNTY, typed={"T1": {"本期完成": 3}}), "先.xlsx"),
        (office.filled(COUNTY, typed={"T1": {"本期完成": 5}}), "后.xlsx"),
    ])  # fmt: skip
    office.take_in()
    slow = Stopped(office, "judge_one", 1, at="judge.after_copy")
    assert judge(office.ctx(), 2).state == "已判"
    assert slow.go_on()[1] == "已判"
    rows = office.query(f"select v.n, a.name {PLACE} where o.table_id = 'T1' order by v.n")
    assert [(row.n, row.name) for row in rows] == [(1, "后.xlsx"), (2, "先.xlsx")]
    with open_desk(office.ctx()) as desk, desk.store.read() as conn:
        from yaoxun.returns.ledger import current_of, versions

        current = current_of(versions(conn, table="T1")).values()
    assert [v.n for v in current] == [1]


def test_two_bureaus_that_report_one_policy_at_the_same_moment_are_asked_as_if_one_had_come_first(
    office: OfficeKit,
) -> None:
    office.drop_in_order([
        (office.filled(BUREAU, rows={"T3": [policy(1)]}), "甲.xlsx"),
        (office.filled(OTHER_BUREAU, rows={"T3": [policy(1)]}), "乙.xlsx"),
    ])  # fmt: skip
    office.take_in()
    slow = Stopped(office, "judge_one", 1, at="judge.after_copy")
    assert dict(judge(office.ctx(), 2).decisions)["T3"] == "接收"
    assert dict(slow.go_on()[2])["T3"] == "待说明"


def test_eight_processes_assign_one_file_at_once_and_it_stands_in_one_place_only(
    office: OfficeKit, server: ServerHandle
) -> None:
    office.drop(office.filled(BUREAU, rows={"T3": [policy(1)]}), "单位01.xlsx")
    office.collect()
    at_once(office, "assign", 1, BUREAU, OTHER_BUREAU)
    judge_batch(office.ctx(), waiting(office.ctx()))
    said = office.query("select org from placement where assignment > 0 order by assignment")
    numbers = [r.assignment for r in office.query("select assignment from placement where assignment > 0 order by seq")]
    assert numbers == list(range(1, len(said) + 1))
    assert {row.state for row in office.query("select state from arrival")} == {"已判"}
    with open_desk(office.ctx()) as desk, desk.store.read() as conn:
        from yaoxun.returns.ledger import standing_of

        standing = standing_of(conn, 1)
    assert {v.org for v in standing} == {said[-1].org}
    assert len({v.obligation for v in standing}) == len(standing) > 0
    send(office.ctx())
    check_post(office, server)


def test_who_judges_a_file_that_was_assigned_meanwhile_writes_nothing(office: OfficeKit) -> None:
    office.drop(office.filled(BUREAU, rows={"T3": [policy(1)]}), "单位01.xlsx")
    office.take_in()
    sleeper = Stopped(office, "judge_one", 1, at="judge.after_copy")
    office.expire_leases()
    assign(office.ctx(actor=SIGNER), 1, org=OTHER_BUREAU)
    assert sleeper.go_on()[1] == "另一进程已审"
    orgs = {row.org for row in office.query(f"select o.org {PLACE}")}
    assert orgs == {OTHER_BUREAU}


def test_who_slept_past_his_claim_on_a_mail_sends_nothing(office: OfficeKit, server: ServerHandle) -> None:
    office.drop(office.filled(COUNTY), "城区.xlsx")
    office.collect()
    sleeper = Stopped(office, "send", at="send.before_data")
    office.expire_leases()
    send(office.ctx())
    sleeper.go_on()
    check_post(office, server)


def test_who_slept_in_data_sends_at_most_one_mail_and_a_person_is_asked(
    office: OfficeKit, server: ServerHandle
) -> None:
    office.drop(office.filled(COUNTY), "城区.xlsx")
    office.collect()
    sleeper = Stopped(office, "send", at="send.in_data")
    office.expire_leases()
    send(office.ctx())
    sleeper.go_on()
    states = Counter(r.state for r in office.query("select state from recipient where address not like '回/%'"))
    assert states == {"服务器已接收": 1, "状态不明": 1}
    assert set(mails_on(server, office).values()) == {1}


def test_a_number_is_not_taken_for_a_draft_that_was_overtaken_while_its_file_was_made(office: OfficeKit) -> None:
    office.drop(office.filled(COUNTY), "城区.xlsx")
    office.collect()
    document = draft(office.ctx(), "要讯", "2023-03").document
    signer = Stopped(office, "sign", document, at="sign.after_freeze")
    office.drop(office.filled(BUREAU, rows={"T3": [policy(1)]}), "单位01.xlsx")
    office.collect()
    assert signer.go_on() == [[document, ""]]
    assert office.query("select * from issue_number") == []
    assert sign(office.ctx(actor=SIGNER), document, keep=True).number == "〔2023〕第4期"


def test_a_table_that_is_accepted_while_the_reminder_waits_is_not_in_it(
    office: OfficeKit, server: ServerHandle
) -> None:
    remind(office.ctx(OVERDUE))
    declared = only("T1")
    office.drop(office.filled(BUREAU, declared=declared), "单位01.xlsx")
    office.collect(now=OVERDUE)
    at_once(office, "send", now=OVERDUE)
    (row,) = office.query("select params from message where subject = :s", s=f"{BUREAU}:2023-03-29")
    assert [t["table"] for t in json.loads(row.params)["tables"]] == ["T2"]
