"""A file with one table alone leaves the others as they were, and a cut as of an earlier moment gives the earlier number;
what comes again is known again.
"""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import ANY

import openpyxl
import pytest
from sqlalchemy import update

from support.filling import TABLES, only, policy
from support.office_kit import BUREAU, COUNTY, SIGNER, OfficeKit, make_office
from tasks.config import import_config
from tasks.cut import make_cut
from tasks.desk import open_desk
from tasks.draft import draft
from tasks.history import build_frame, build_history, on_record
from tasks.import_history import import_history
from tasks.send import put_copies
from tasks.sign import sign
from tasks.status import status
from tasks.trace import TracedNumeral, looked_at, trace
from yaoxun.context import parse_now
from yaoxun.errors import NotNowError
from yaoxun.returns.ledger import current_of, versions
from yaoxun.returns.tables import decision
from yaoxun.store.blobs import blob_path

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
        **dict.fromkeys(TABLES, (1, 1)), "T3": (2, 2),
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
    assert newest.document != drafted.document, "a look back leaves the draft at hand alone"
    assert newest.corrects is None
    with pytest.raises(NotNowError, match="回看"):
        sign(office.ctx(SECOND, SIGNER), drafted.document)
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
    assert {t["table"]: t["note"] for t in new["tables"]}["T1"] == "第 2 版，替换第 1 版"
    versions_of_t1 = "select v.n from sheet_version v join obligation o on o.id = v.obligation where o.table_id = 'T1'"
    assert [row.n for row in kit.query(versions_of_t1)] == [1, 2]


def test_a_version_replaces_only_what_was_accepted(tmp_path: Path) -> None:
    kit = make_office(tmp_path / "home")
    for n, done in enumerate(("三场", 3, 4)):
        kit.drop(kit.filled(COUNTY, typed={"T1": {"本期完成": done}}), f"第{n}次.xlsx")
        kit.collect()
    notes = [{t["table"]: t["note"] for t in told["tables"]}["T1"] for told in answers(kit)]
    assert notes[1:] == ["第 2 版", "第 3 版，替换第 2 版"]


def test_a_table_that_nobody_has_to_report_is_neither_late_nor_missed_by_the_draft(tmp_path: Path) -> None:
    kit = make_office(tmp_path / "home")
    kit.drop(kit.filled(COUNTY, declared={"T7": "零报告"}), "零报告.xlsx")
    kit.collect("2023-04-03T10:00")
    (kit.home.config / "figures.yaml").write_text(FIGURES, encoding="utf-8")
    (kit.home.templates / "yaoxun" / "narrative.md.j2").write_text(
        "标题：示例\n\n{{ 数('found') }}。\n", encoding="utf-8"
    )
    late = {(s.obligation.table, s.late) for s in status(kit.ctx("2023-04-03T11:00"), "2023-03").standings
            if s.obligation.org == COUNTY}  # fmt: skip
    assert {("T1", True), ("T7", False)} <= late
    assert not [w for w in draft(kit.ctx("2023-04-03T11:00"), "要讯", "2023-03").warnings if "未报全" in w]
    figures = kit.home.config / "figures.yaml"
    figures.write_text(FIGURES.replace("T7", "T1"), encoding="utf-8")
    said = [w for w in draft(kit.ctx("2023-04-03T12:00"), "要讯", "2023-03").warnings if "未报全" in w]
    assert len(said) == 1 and said[0].startswith("必报的 ")


FIGURES = "figures:\n  found: {name: 示例, unit: 条, count: T7}\n"


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


def test_a_table_declared_not_applicable_is_not_covered_as_reported(tmp_path: Path) -> None:
    kit = make_office(tmp_path / "home")
    kit.drop(kit.filled(BUREAU, declared={"T7": "不适用"}), "不适用.xlsx")
    kit.drop(kit.filled(COUNTY), "零报告.xlsx")
    assert all(("T7", "接收") in one.decisions for one in kit.collect().judged)
    with open_desk(kit.ctx()) as desk, desk.store.read() as conn:
        computed = make_cut(desk, conn, desk.office.period("2023-03"), desk.ctx.now()).computed
    coverage = computed.values["products_total"][0].coverage
    assert coverage is not None
    assert coverage.reported == (COUNTY,) and BUREAU in coverage.missing


def test_what_is_on_record_of_all_tables_says_of_each_what_is_on_record_of_it(office: OfficeKit) -> None:
    office.issue("2023-04", "2023-04-25T10:00")
    with open_desk(office.ctx()) as desk, desk.store.read() as conn:
        org, period = desk.office.organisation(BUREAU), desk.office.period("2023-04")
        known = on_record(conn, org)
        for form in (desk.config.forms[table] for table in TABLES):
            each = build_history(desk, conn, form, org, period)
            assert build_history(desk, conn, form, org, period, known=known) == replace(each, others_like=ANY)
            assert each.previous in ("2023-03", "2023Q1")


def test_a_gap_names_the_period_that_was_last_accepted(tmp_path: Path) -> None:
    kit = make_office(tmp_path / "home", issued=False)
    kit.issue("2023-01", "2023-01-25T10:00")
    kit.drop(kit.filled(BUREAU, "2023-01"), "一月.xlsx")
    kit.collect("2023-01-26T10:00")
    kit.issue("2023-02", "2023-02-25T10:00")
    kit.issue("2023-03")
    with open_desk(kit.ctx()) as desk, desk.store.read() as conn:
        org, period = desk.office.organisation(BUREAU), desk.office.period("2023-03")
        found = build_history(desk, conn, desk.config.forms["T1"], org, period)
        never = build_history(desk, conn, desk.config.forms["T1"], desk.office.organisation(COUNTY), period)
    assert (found.missing, found.previous, never.previous) == (("2023-02",), "2023-01", "")
    kit.drop(kit.filled(BUREAU), "三月.xlsx")
    kit.collect()
    told = {row.message for row in kit.query("select message from finding where rule = 'K01'")}
    assert told == {"2023-02没有收到，累计从2023-01接算，请补报缺的各期。"}


def test_a_running_total_that_a_file_of_history_states_is_traced_to_its_own_cell(tmp_path: Path) -> None:
    kit = make_office(tmp_path / "home", issued=False)
    with open_desk(kit.ctx()) as desk, desk.store.read() as conn:
        org, period = desk.office.organisation(BUREAU), desk.office.period("2022-12")
        first, second = list(build_frame(desk, conn, desk.config.forms["T1"], org, period).prefill.values())[:2]
    file = tmp_path / "历史.csv"
    file.write_text(
        "表号,报告期,单位,指标,口径,本期完成,试点以来累计\n"
        + "".join(
            f"T1,2022-12,{BUREAU},{row.values['指标']},{row.values['口径']},{rest}\n"
            for row, rest in ((first, "7,500"), (second, "8,"))
        ),
        encoding="utf-8",
    )
    import_history(kit.ctx(), file)
    cells = {(r.row_uid, r.column_name): r.cell for r in kit.query("select * from fact")}
    assert cells[first.uid, "试点以来累计"] == "G2"
    assert cells[first.uid, "本年累计"] == "F2"
    assert cells[second.uid, "试点以来累计"] == "F3"
    stated = "select f.value, f.scale from fact f where f.cell = 'G2'"
    assert [row.value // 10**row.scale for row in kit.query(stated)] == [500]


def test_a_count_of_whole_rows_is_traced_to_the_first_filled_cell_of_each(office: OfficeKit) -> None:
    figures, template = office.home.config / "figures.yaml", office.home.templates / "yaoxun" / "narrative.md.j2"
    for path, more in (
        (figures, "\n  every_policy: {name: 全部政策, unit: 个, count: T3}\n"),
        (template, "\n登记政策{{ 数量('every_policy') }}。\n"),
    ):
        path.write_text(path.read_text(encoding="utf-8") + more, encoding="utf-8")
    import_config(office.ctx(SECOND))
    drafted = draft(office.ctx(SECOND), "要讯", "2023-03")
    (numeral,) = [n for n in trace(office.ctx(), drafted.document) if n.figure.startswith("every_policy")]
    (blob,) = office.query("select blob from arrival where name = '只报T3.xlsx'")
    with blob_path(office.home.blobs, blob.blob).open("rb") as file:
        book = openpyxl.load_workbook(file)
    assert len(numeral.sources) == 3
    for source in numeral.sources:
        assert source.value and str(book[source.sheet][source.cell].value) == source.value


def test_a_row_without_the_looked_at_cell_is_traced_to_a_cell_that_the_sheet_has() -> None:
    cells = {"牵头": ["示例单位", "4", "t"], "名称": ["示例", "C4", "t"], "状态": ["有效", "D4", "t"]}
    assert looked_at(cells, "状态") == ("有效", "D4")
    assert looked_at(cells, "") == looked_at(cells, "牵头") == looked_at(cells, "日期") == ("示例", "C4")
    assert looked_at({}, "状态") == ("", "")
