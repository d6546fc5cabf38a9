"""The ledgers' promises, as tests that run over any database: tests/unit imports them for SQLite, tests/live for
PostgreSQL. The fixture `store` is theirs to give; eight threads stand for eight processes (each has its own connection).
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import create_engine, select

from support.schema import create_from_metadata, described
from yaoxun.briefings import ledger as briefings
from yaoxun.errors import InternalError
from yaoxun.office.ledger import add_obligation, obligations
from yaoxun.post import ledger as post
from yaoxun.post import manual
from yaoxun.post.model import RecipientState
from yaoxun.returns import arrivals
from yaoxun.returns import ledger as returns
from yaoxun.returns.placing import Assigned
from yaoxun.returns.registers import register_entries
from yaoxun.store.engine import Store
from yaoxun.store.records import begin_run, event, events_of, finish_run, note_event, put_blob_row, put_snapshot
from yaoxun.store.types import Scaled

NOW = datetime(2023, 3, 28, 2, 0, tzinfo=UTC)
SHA = "a" * 64


def at_once(count: int, work: Callable[[int], Any]) -> list[Any]:
    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(work, range(count)))


def an_arrival(store: Store, key: str = "k1", sha: str = SHA, now: datetime = NOW) -> int:
    with store.write() as conn:
        put_blob_row(conn, sha256=sha, size=3, kind="arrival", at=now)
        found = arrivals.add_arrival(conn, channel="folder", channel_key=key, name="表.xlsx", sha=sha, now=now)
    assert found is not None
    return found


def an_obligation(store: Store, org: str = "cq", table: str = "T1", period: str = "2023-03") -> int:
    with store.write() as conn:
        put_snapshot(conn, sha="c", content={"config/office.yaml": "x"}, at=NOW)
        add_obligation(conn, org=org, table=table, period=period, required=True, opens=NOW, due=NOW, locks=NOW, now=NOW)
        return obligations(conn, org=org, table=table, period=period)[0].id


def a_version(store: Store, obligation: int, arrival: int, verdict: str, received_at: datetime = NOW) -> int:
    with store.write() as conn:
        version = returns.add_version(
            conn, obligation_id=obligation, arrival_id=arrival, declared="有数据", cover={}, based_on="", sheet="T1",
            content_sha="x", snapshot="c", received_at=received_at, now=NOW,
        )  # fmt: skip
        assert version is not None
        returns.add_decision(conn, version, judgement=None, verdict=verdict, reason="", actor="t", now=NOW)
        return version


def test_the_migrated_schema_equals_the_metadata(store: Store, empty_database: str) -> None:
    other = create_engine(empty_database)
    create_from_metadata(other)
    assert described(store.engine) == described(other)
    other.dispose()


def test_times_come_back_aware_and_in_utc(store: Store) -> None:
    shanghai = NOW.astimezone(tz=None)
    with store.write() as conn:
        note_event(conn, actor="a", at=shanghai, verb="v", subject="s")
    with store.read() as conn:
        assert events_of(conn, "s")[0].at == NOW
        assert events_of(conn, "s")[0].at.utcoffset() == timedelta(0)


def test_a_naive_time_is_refused(store: Store) -> None:
    with pytest.raises(Exception, match="时区"), store.write() as conn:
        note_event(conn, actor="a", at=datetime(2023, 1, 1), verb="v", subject="s")


def test_a_scaled_number_is_exact_and_refuses_what_does_not_fit() -> None:
    assert Scaled.of(Decimal("12.34"), 2) == Scaled(1234, 2)
    assert Scaled(1234, 2).number == Decimal("12.34")
    for number, scale in ((Decimal("0.125"), 2), (Decimal(10) ** 19, 0)):
        with pytest.raises(InternalError):
            Scaled.of(number, scale)


def test_a_rolled_back_transaction_leaves_nothing(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.write() as conn:
        note_event(conn, actor="a", at=NOW, verb="v", subject="s")
        _ = 1 // 0
    with store.read() as conn:
        assert conn.execute(select(event)).all() == []


def test_one_file_of_a_channel_is_one_arrival_whoever_records_it(store: Store) -> None:
    with store.write() as conn:
        put_blob_row(conn, sha256=SHA, size=3, kind="arrival", at=NOW)

    def record(_: int) -> int | None:
        with store.write() as conn:
            return arrivals.add_arrival(conn, channel="folder", channel_key="k", name="x", sha=SHA, now=NOW)

    assert len([a for a in at_once(8, record) if a is not None]) == 1


def test_the_second_file_of_equal_bytes_points_to_the_first(store: Store) -> None:
    first, second = an_arrival(store, "k1"), an_arrival(store, "k2")
    with store.read() as conn:
        found = arrivals.arrival_by_id(conn, second)
    assert found is not None
    assert found.duplicate_of == first


def test_one_arrival_is_claimed_by_one_of_eight(store: Store) -> None:
    arrival = an_arrival(store)

    def claim(n: int) -> bool:
        with store.write() as conn:
            return arrivals.claim_arrival(conn, arrival, token=str(n), wall=NOW)

    assert sum(at_once(8, claim)) == 1


def test_an_expired_lease_is_taken_over_and_the_late_holder_holds_nothing(store: Store) -> None:
    arrival = an_arrival(store)
    with store.write() as conn:
        assert arrivals.claim_arrival(conn, arrival, token="old", wall=NOW)
        assert not arrivals.claim_arrival(conn, arrival, token="new", wall=NOW + arrivals.LEASE)
        assert arrivals.claim_arrival(conn, arrival, token="new", wall=NOW + arrivals.LEASE + timedelta(seconds=1))
        assert not arrivals.still_held(conn, arrival, "old")
        assert arrivals.still_held(conn, arrival, "new")


def test_one_arrival_makes_one_version_of_an_obligation(store: Store) -> None:
    obligation, arrival = an_obligation(store), an_arrival(store)
    a_version(store, obligation, arrival, "接收")
    with store.write() as conn:
        again = returns.add_version(
            conn, obligation_id=obligation, arrival_id=arrival, declared="", cover={}, based_on="", sheet="",
            content_sha="", snapshot="c", received_at=NOW, now=NOW,
        )  # fmt: skip
    assert again is None


def test_current_is_the_accepted_version_that_arrived_last_whatever_was_judged_first(store: Store) -> None:
    obligation = an_obligation(store)
    early, late = an_arrival(store, "k1", "b" * 64), an_arrival(store, "k2", "c" * 64)
    last = a_version(store, obligation, late, "接收", NOW + timedelta(hours=1))
    a_version(store, obligation, early, "接收", NOW)
    with store.read() as conn:
        assert returns.current_of(returns.versions(conn))[obligation].id == last


def test_a_later_return_leaves_the_accepted_version_current(store: Store) -> None:
    obligation = an_obligation(store)
    good = a_version(store, obligation, an_arrival(store, "k1", "b" * 64), "接收", NOW)
    a_version(store, obligation, an_arrival(store, "k2", "c" * 64), "退回", NOW + timedelta(hours=1))
    with store.read() as conn:
        found = returns.versions(conn)
        assert returns.current_of(found)[obligation].id == good
        assert returns.latest_of(found)[obligation].decision == "退回"


def test_what_was_decided_later_is_unknown_to_an_earlier_moment(store: Store) -> None:
    obligation = an_obligation(store)
    a_version(store, obligation, an_arrival(store), "接收")
    with store.read() as conn:
        assert returns.versions(conn, known_at=NOW - timedelta(seconds=1)) == []
        assert len(returns.versions(conn, known_at=NOW)) == 1


def test_a_withdrawn_version_is_neither_current_nor_latest_and_the_one_before_is_both(store: Store) -> None:
    obligation = an_obligation(store)
    first = a_version(store, obligation, an_arrival(store, "k1"), "接收")
    second = a_version(store, obligation, an_arrival(store, "k2"), "接收", received_at=NOW + timedelta(hours=1))
    with store.write() as conn:
        returns.add_decision(conn, second, judgement=None, verdict="撤销", reason="错", actor="t", now=NOW)
    with store.read() as conn:
        found = returns.versions(conn)
        assert returns.current_of(found)[obligation].id == returns.latest_of(found)[obligation].id == first
        assert [d.decision for d in returns.decisions_of(conn, second)] == ["接收", "撤销"]
        assert returns.standing_of(conn, 2) == []


def test_another_look_at_an_arrival_may_make_another_version_and_one_look_makes_one(store: Store) -> None:
    obligation = an_obligation(store)
    arrival = an_arrival(store)
    a_version(store, obligation, arrival, "接收")
    values = {"obligation_id": obligation, "arrival_id": arrival, "declared": "", "cover": {}, "based_on": "", "sheet": "",
              "content_sha": "y", "snapshot": "c", "received_at": NOW, "now": NOW}  # fmt: skip
    with store.write() as conn:
        assert returns.add_version(conn, **values, look=2) is not None
        assert returns.add_version(conn, **values, look=2) is None


def test_what_staff_said_last_holds_and_what_the_program_says_later_does_not_replace_it(store: Store) -> None:
    arrival = an_arrival(store)
    program = {"org": "a", "table": "T1", "period": "2023-03", "sheet": "s", "reason": "", "actor": "t", "now": NOW}
    with store.write() as conn:
        arrivals.add_placement(conn, arrival, **program)
        assert arrivals.assigned_to(conn, arrival) is None
        for said in (Assigned(org="b", late=True), Assigned(period="2023-04", sheets={"T1": "x", "T3": "y"})):
            arrivals.add_assignment(conn, arrival, said, reason="", actor="t", now=NOW)
            arrivals.add_placement(conn, arrival, **program)
            assert arrivals.assigned_to(conn, arrival) == said
        assert arrivals.placed_org(conn, arrival) == "a"
        assert [p.seq for p in arrivals.placements_of(conn, arrival)] == list(range(1, 7))


def test_the_history_mark_moves_with_every_decision_on_the_table(store: Store) -> None:
    obligation = an_obligation(store)
    with store.read() as conn:
        before = returns.history_mark(conn, "cq", "T1")
    a_version(store, obligation, an_arrival(store), "接收")
    with store.read() as conn:
        assert returns.history_mark(conn, "cq", "T1") != before
        assert returns.history_mark(conn, "cq", "T2") == (0, 0)


def test_official_numbers_have_no_gap_and_no_double_when_eight_register_at_once(store: Store) -> None:
    def register(n: int) -> dict[str, str]:
        with store.write() as conn:
            return register_entries(conn, "T3", [f"u{n}a", f"u{n}b", "shared"], numbering="ZC{n:04d}")

    given: dict[str, str] = {}
    for one in at_once(8, register):
        given |= one
    assert sorted(given.values()) == [f"ZC{n:04d}" for n in range(1, 18)]


def test_issue_numbers_have_no_gap_and_no_double_when_eight_sign_at_once(store: Store) -> None:
    def a_document(n: int) -> int:
        with store.write() as conn:
            found = briefings.add_document(
                conn, kind="要讯", issuer="示例", period="2023-03", occasion=str(n), corrects=None, actor="t",
                now=NOW,
            )  # fmt: skip
            assert found is not None
            return found

    documents = [a_document(n) for n in range(8)]

    def take(n: int) -> int:
        with store.write() as conn:
            return briefings.take_number(conn, documents[n], name="要讯", year=2023, first_n=4, now=NOW)

    assert sorted(at_once(8, take)) == list(range(4, 12))
    assert sorted(at_once(8, take)) == list(range(4, 12)), "a document keeps its number"


def a_message(store: Store, *addresses: str) -> list[int]:
    with store.write() as conn:
        post.put_message(
            conn, kind="receipt", subject="s", message_id="<1@x>", params={}, not_before=NOW, now=NOW,
            recipients=[(address, "to") for address in addresses],
        )  # fmt: skip
    with store.read() as conn:
        return [o.recipient for o in post.outbox(conn)]


def test_a_message_is_intended_once(store: Store) -> None:
    a_message(store, "a@x.example", "a@x.example", "b@x.example")
    a_message(store, "c@x.example")
    with store.read() as conn:
        assert [o.address for o in post.outbox(conn)] == ["a@x.example", "b@x.example"]


def test_a_recipient_is_claimed_by_one_of_eight(store: Store) -> None:
    (recipient,) = a_message(store, "a@x.example")

    def claim(n: int) -> bool:
        with store.write() as conn:
            return post.claim_recipient(conn, recipient, token=str(n), wall=NOW) is not None

    assert sum(at_once(8, claim)) == 1


def test_a_lost_claim_cannot_begin_data_or_finish(store: Store) -> None:
    (recipient,) = a_message(store, "a@x.example")
    later = NOW + post.LEASE + timedelta(seconds=1)
    with store.write() as conn:
        assert post.claim_recipient(conn, recipient, token="old", wall=NOW)
        assert post.claim_recipient(conn, recipient, token="new", wall=later)
        assert not post.begin_data(conn, recipient, token="old", wall=later, now=NOW)
        assert not post.finish_recipient(conn, recipient, token="old", state=RecipientState.ACCEPTED, raw="", now=NOW)
        assert post.begin_data(conn, recipient, token="new", wall=later, now=NOW)


def test_a_death_in_data_becomes_unknown_and_is_never_due_again_by_itself(store: Store) -> None:
    (recipient,) = a_message(store, "a@x.example")
    later = NOW + post.LEASE + timedelta(seconds=1)
    with store.write() as conn:
        post.claim_recipient(conn, recipient, token="t", wall=NOW)
        post.begin_data(conn, recipient, token="t", wall=NOW, now=NOW)
        assert post.mark_unknown(conn, wall=NOW, now=NOW) == 0
        assert post.mark_unknown(conn, wall=later, now=later) == 1
        assert post.due_recipients(conn, now=later, wall=later) == []
        assert manual.settle_recipient(conn, recipient, arrived=False, remark="电话核实未收到", now=later)
        assert [o.recipient for o in post.due_recipients(conn, now=later, wall=later)] == [recipient]
        assert not manual.settle_recipient(conn, recipient, arrived=True, remark="", now=later)


def test_the_words_of_a_message_are_fixed_at_its_first_claim(store: Store) -> None:
    a_message(store, "a@x.example")
    with store.write() as conn:
        one = post.outbox(conn)[0]
        post.freeze_params(conn, one.message, {"tables": ["T1"]}, now=NOW)
        post.freeze_params(conn, one.message, {"tables": ["T2"]}, now=NOW)
        assert post.outbox(conn)[0].params == {"tables": ["T1"]}


def test_a_run_is_on_record_once_and_a_finished_one_is_not_begun_again(store: Store) -> None:
    def begin(wall: datetime) -> int | None:
        with store.write() as conn:
            return begin_run(
                conn, kind="collect", period="", occasion="2023-03-28T09:00", requested_by="定时", scheduled_for=None,
                now=NOW, wall=wall,
            )  # fmt: skip

    run = begin(NOW)
    assert run is not None
    assert begin(NOW + timedelta(hours=1)) == run, "it may have died"
    with store.write() as conn:
        finish_run(conn, run, outcome="完成", now=NOW)
    assert begin(NOW + timedelta(hours=9)) is None
