"""A file with one table alone leaves the others as they were, and a cut as of an earlier moment gives the earlier number;
what comes again is known again.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from support.filling import only, policy
from support.office_kit import BUREAU, COUNTY, OfficeKit, make_office
from tasks.cut import make_cut
from tasks.desk import open_desk
from tasks.draft import draft
from tasks.send import put_copies
from tasks.trace import TracedNumeral, trace
from yaoxun.context import parse_now
from yaoxun.returns.ledger import current_of, versions
from yaoxun.returns.tables import decision

FIRST, SECOND = "2023-03-27T10:00", "2023-03-27T15:00"
BEFORE_SECOND = "2023-03-27T14:59:59"


@pytest.fixture
def office(tmp_path: Path) -> OfficeKit:
    """A whole workbook with two policies at ten, and at three a file with T3 alone, of three policies."""
    kit = make_office(tmp_path / "home")
    whole = kit.filled(BUREAU, rows={"T3": [policy(1), policy(2)]}, typed={"T1": {"本期完成": 7}})
    kit.drop(whole, "全套.xlsx")
    kit.collect(FIRST)
    alone = kit.filled(
        BUREAU, rows={"T3": [policy(1), policy(2), policy(3)]}, typed={"T1": {"本期完成": 99}}, declared=only("T3")
    )
    kit.drop(alone, "只报T3.xlsx")
    kit.collect(SECOND)
    return kit


def figure(kit: OfficeKit, name: str, known_at: str) -> int:
    with open_desk(kit.ctx()) as desk, desk.store.read() as conn:
        moment = parse_now(known_at)
        assert moment is not None
        cut = make_cut(desk, conn, desk.office.period("2023-03"), moment)
    (found,) = [v for v in cut.computed.all() if v.figure == name]
    return int(found.value.number) if found.value else 0


def test_after_a_file_with_t3_alone_the_other_tables_of_the_first_file_stand(office: OfficeKit) -> None:
    with open_desk(office.ctx()) as desk, desk.store.read() as conn:
        current = {v.table: v for v in current_of(versions(conn, org=BUREAU)).values()}
    assert {table: (v.n, v.arrival) for table, v in current.items()} == {
        "T1": (1, 1), "T2": (1, 1), "T3": (2, 2), "T5": (1, 1), "T7": (1, 1)
    }  # fmt: skip
    done = office.query("select value, scale from fact where column_name = '本期完成'")
    assert {row.value // 10**row.scale for row in done} == {7}


def test_a_cut_as_of_the_moment_before_gives_the_old_number(office: OfficeKit) -> None:
    assert figure(office, "policies_city", SECOND) == 3
    assert figure(office, "policies_city", BEFORE_SECOND) == 2
    assert figure(office, "policies_city", "2023-03-27T09:59:59") == 0


def traced(kit: OfficeKit, document: int) -> list[TracedNumeral]:
    """Where the document prints the number of policies, comparisons and coverage apart."""
    printed = [n for n in trace(kit.ctx(), document) if n.figure.startswith("policies_city") and n.text.isdigit()]
    assert printed
    return printed


def test_a_draft_as_of_the_moment_before_prints_the_old_number_and_traces_to_the_first_file(office: OfficeKit) -> None:
    drafted = draft(office.ctx(SECOND), "要讯", "2023-03", BEFORE_SECOND)
    printed = traced(office, drafted.document)
    assert {n.text for n in printed} == {"2"}
    assert {s.file for n in printed for s in n.sources} == {"全套.xlsx"}
    assert {s.cell for s in printed[0].sources} == {"H4", "H5"}
    newest = draft(office.ctx(SECOND), "要讯", "2023-03")
    assert (newest.document, newest.version) == (drafted.document, drafted.version + 1)
    assert {n.text for n in traced(office, newest.document)} == {"3"}


def test_two_cuts_of_one_moment_that_know_different_versions_are_kept_apart(office: OfficeKit) -> None:
    """A decision dated before the cut may be committed after it; a second draft as of that moment then knows more."""
    later, back = "2023-03-27T20:00", parse_now(FIRST)
    with open_desk(office.ctx()) as desk, desk.store.write() as conn:
        conn.execute(update(decision).where(decision.c.sheet_version > 5).values(at=parse_now(later)))
    first = draft(office.ctx(SECOND), "要讯", "2023-03", SECOND)
    assert {n.text for n in traced(office, first.document)} == {"2"}
    with open_desk(office.ctx()) as desk, desk.store.write() as conn:
        conn.execute(update(decision).values(at=back))
    second = draft(office.ctx(SECOND), "要讯", "2023-03", SECOND)
    assert second.new
    printed = traced(office, second.document)
    assert {n.text for n in printed} == {"3"}
    assert {len(n.sources) for n in printed} == {3}


def test_a_draft_that_a_crash_kept_from_the_folder_is_put_back_by_the_next_one(office: OfficeKit) -> None:
    drafted = draft(office.ctx(SECOND), "要讯", "2023-03")
    path = office.home.documents / drafted.file
    path.unlink()
    assert not draft(office.ctx(SECOND), "要讯", "2023-03").new
    assert path.exists()


def answers(kit: OfficeKit) -> list[dict[str, Any]]:
    return [json.loads(row.params) for row in kit.query("select params from message order by id")]


def test_the_same_bytes_the_same_content_and_a_new_content_get_three_different_answers(tmp_path: Path) -> None:
    kit = make_office(tmp_path / "home")
    first = kit.filled(COUNTY, typed={"T1": {"本期完成": 3}})
    saved_again = kit.filled(COUNTY, typed={"T1": {"本期完成": 3}}, person="另一示例联络员")
    corrected = kit.filled(COUNTY, typed={"T1": {"本期完成": 4}})
    for n, content in enumerate((first, first, saved_again, corrected)):
        kit.drop(content, f"第{n}次.xlsx")
        kit.collect()
    _, bytes_again, content_again, new = answers(kit)
    assert bytes_again["notes"] == ["与第 1 号来件逐字节相同，以那一份的审核结果为准，本件不再处理。"]
    assert {t["table"]: t["note"] for t in content_again["tables"]}["T1"] == "内容与第 1 版相同，仍以该版为准"
    assert {t["table"]: t["note"] for t in new["tables"]}["T1"] == "第 2 版，替换上一版"
    versions_of_t1 = "select v.n from sheet_version v join obligation o on o.id = v.obligation where o.table_id = 'T1'"
    assert [row.n for row in kit.query(versions_of_t1)] == [1, 2]


def test_a_template_sent_back_blank_and_our_own_marked_copy_sent_back_unchanged_are_told_apart(tmp_path: Path) -> None:
    kit = make_office(tmp_path / "home")
    kit.drop(kit.template(COUNTY), "没有填.xlsx")
    kit.drop(kit.filled(BUREAU, typed={"T1": {"本期完成": "约三场"}}), "有错.xlsx", age_s=30)
    kit.collect()
    put_copies(kit.ctx())
    (marked,) = kit.home.replies.glob("示例单位01/*.xlsx")
    kit.drop(marked.read_bytes(), "原样退回.xlsx")
    kit.collect()
    reasons = {row.name: (row.state, row.reason) for row in kit.query("select name, state, reason from arrival")}
    assert reasons["没有填.xlsx"] == ("重复", "这是发出的空白模板，一格未改，没有可收的内容。请填写后再报。")
    assert reasons["原样退回.xlsx"] == ("重复", "这是退给你们的审核意见原件，一格未改。请改好后再报。")
