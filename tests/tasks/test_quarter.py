"""The demo's quarter through plain use cases: what it adds up to, who is told what, and what a later file changes."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from support.filling import TABLES
from support.quarter_kit import END, MARCH, Played, at, bulletin_text, figure, play_quarter
from tasks.desk import open_desk
from tasks.draft import draft
from tasks.judge import Judged, judge_batch, waiting
from tasks.status import status
from tasks.take_in import take_in
from tasks.trace import SourceCell, trace
from yaoxun.demo import story
from yaoxun.demo.ending import Ending, differences, read_ending
from yaoxun.demo.hands import Workbook
from yaoxun.demo.quarter import Desks
from yaoxun.demo.story import make_story
from yaoxun.errors import ConfigError
from yaoxun.home import Home
from yaoxun.returns.arrivals import arrival_by_id
from yaoxun.returns.ledger import current_of, facts_of, versions
from yaoxun.store.blobs import blob_path

LATER = "2023-04-07T10:00"


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("YAOXUN_DATABASE_URL", "YAOXUN_HOME", "YAOXUN_SMTP_ENABLED"):
            patch.delenv(name, raising=False)
        yield play_quarter(tmp_path_factory.mktemp("quarter") / "home")


@pytest.fixture(scope="session")
def ending(played: Played) -> Ending:
    return read_ending(at(played.home, END))


def test_the_quarter_ends_as_it_was_told(ending: Ending) -> None:
    assert differences(ending) == []


def test_an_ending_that_differs_is_told_in_sentences(ending: Ending) -> None:
    wrong = replace(ending, figures={**ending.figures, "policies_city": Decimal(86)}, documents=())
    told = "\n".join(differences(wrong))
    assert "policies_city 应为 87，实为 86" in told and "应有一期要讯" in told


def test_the_bulletin_prints_the_reference_figures_and_who_is_missing(played: Played) -> None:
    text = bulletin_text(played.home, 1)
    for words in ("13项具体措施", "7项牵引性行动", "45个年度重点任务", "政策87个", "出台55个", "试点之前出台32个", "95件", "40余种（套）",
                  "3项课题", "6个县", "应报26家，实报25家，未报：示例单位19"):  # fmt: skip
        assert words in text


def test_the_change_against_last_month_is_what_march_added(played: Played) -> None:
    told = make_story()
    policies = sum(len(told.of(org, MARCH).policies) for org in story.BUREAUS)
    deeds = sum(len(told.of(org, MARCH).deeds) for org in story.BUREAUS)
    text = bulletin_text(played.home, 1)
    assert f"比上期增加{policies}个" in text and f"比上期增加{deeds}件" in text


def test_the_status_of_march_names_the_missing_the_returned_and_the_late(played: Played) -> None:
    found = status(at(played.home, END), MARCH)
    assert {s.obligation.org for s in found.by_state("逾期", required_only=True)} == {story.NEVER}
    assert [(s.obligation.org, s.obligation.table) for s in found.by_state("退回待改")] == [(story.FAULTY, "T1")]
    assert {s.obligation.org for s in found.late()} == {story.LATE}
    assert {a.name for a in found.unclaimed} == {"三月报送表.xlsx", "三月报送表（旧版）.xls"}
    quiet = {s.obligation.table: s.state for s in found.standings if s.obligation.org == story.NOTHING_NEW}
    assert quiet == {"T1": "已报", "T2": "已报", **dict.fromkeys(("T3", "T5", "T7", "T8"), "零报告")}


@pytest.mark.parametrize(("period", "tables"), [("2023Q1", {"T4", "T6", "T9"}), (story.WEEK, {"W"})])
def test_the_quarters_tables_and_the_first_week_came_in_of_all_but_one(
    played: Played, period: str, tables: set[str]
) -> None:
    found = status(at(played.home, END), period)
    assert {s.obligation.table for s in found.standings} == tables and found.late() == []
    assert {s.obligation.org for s in found.standings if s.owed} == {story.NEVER}


def test_the_figures_of_the_further_tables_are_what_was_told(played: Played) -> None:
    told = {"units_total": 17, "problems_total": 4, "problems_closed": 2, "problems_closed_share": 50,
            "opinions_total": 12, "opinions_adopted": 6, "opinions_adopted_share": 50}  # fmt: skip
    assert {name: figure(played.home, name) for name in told} == told
    with open_desk(at(played.home, END)) as desk, desk.store.read() as conn:
        quarter = [v.id for v in current_of(versions(conn, period="2023Q1", table="T4")).values()]
        served = sum(int(f.value) for f in facts_of(conn, quarter) if f.column_name == "本期惠及人次")
    assert figure(played.home, "people_served") == served > 1000


def test_four_faulty_tables_come_back_marked_and_the_others_are_accepted(played: Played) -> None:
    judged = _judged_tables(played, "T1 退回")
    fine = dict.fromkeys(TABLES, "接收")
    assert judged[0] == fine | dict.fromkeys(("T1", "T2", "T3", "T5"), "退回")
    assert judged[1] == fine | {"T1": "退回"}
    copy = sorted((played.home.replies / "示例单位12").glob("*审核意见-*.xlsx"))[0]
    notes = openpyxl.load_workbook(copy)["审核意见"]
    listed = {(str(row[3].value), str(row[4].value)) for row in notes.iter_rows(min_row=5) if row[3].value}
    assert {
        ("T1 措施推进表", "J4"),
        ("T1 措施推进表", "K5"),
        ("T2 重点任务进展表", "Q4"),
        ("T5 青年民生实事表", "K4"),
    } <= listed


def _judged_tables(played: Played, mark: str) -> list[dict[str, str]]:
    return [dict(one.decisions) for one in played.stage.judged if mark in one.summary()]


def test_reminders_go_in_steps_to_those_who_owe_until_they_do_not(played: Played) -> None:
    days = played.stage.reminded
    first = set(days["2023-03-27T09:00"])
    assert {story.LATE, story.NEVER, story.FAULTY, "qinshui"} <= first and "danwei01" not in first
    assert days["2023-03-29T09:00"] == (story.LATE, story.UNEXPLAINED, story.FAULTY, story.NEVER)
    assert days["2023-03-31T09:00"] == (story.FAULTY, story.NEVER)


def test_a_reminder_of_what_came_before_it_left_would_be_told(ending: Ending) -> None:
    """With mail off none leaves; that the gate holds it back is shown where mail goes out."""
    made = [row for row in ending.reminded() if row.subject == f"{story.LATE}:2023-03-30"]
    assert made and {row.state for row in made} == {"待发"}
    sent = tuple(replace(row, state="服务器已接收") if row in made else row for row in ending.outbox)
    assert "不该发出" in "\n".join(differences(replace(ending, outbox=sent)))


def test_the_same_bytes_a_second_time_make_no_version(played: Played) -> None:
    twice = [one for one in played.stage.judged if one.state == "重复"]
    assert len(twice) == 1 and "逐字节相同" in twice[0].reason
    with open_desk(at(played.home, END)) as desk, desk.store.read() as conn:
        assert {v.n for v in versions(conn, period=MARCH, org=story.TWICE)} == {1}


def test_the_corrected_version_is_current_and_the_sum_follows_it(played: Played) -> None:
    with open_desk(at(played.home, END)) as desk, desk.store.read() as conn:
        found = versions(conn, period=MARCH, org=story.CORRECTED, table="T7")
        assert [v.n for v in found] == [1, 2] and next(iter(current_of(found).values())).n == 2
    assert figure(played.home, "products_total") == 42
    assert figure(played.home, "products_total", known_at="2023-03-28T09:59") != 42


def test_a_file_with_t3_alone_leaves_t1_of_the_first_file_standing(played: Played) -> None:
    with open_desk(at(played.home, END)) as desk, desk.store.read() as conn:
        current = {v.table: v for v in current_of(versions(conn, period=MARCH, org=story.POLICIES_ALONE)).values()}
        files = {table: arrival_by_id(conn, v.arrival) for table, v in current.items()}
    assert files["T1"] is not None and files["T3"] is not None
    assert files["T1"].name != files["T3"].name and "（政策）" in files["T3"].name
    before = figure(played.home, "policies_city", known_at="2023-03-28T09:59")
    assert before < figure(played.home, "policies_city", known_at="2023-03-28T10:00")


def test_eighty_seven_printed_is_eighty_seven_rows_that_really_hold_it(played: Played) -> None:
    numeral = next(n for n in trace(at(played.home, END), 1, "87") if n.text == "87")
    assert len({source.entry for source in numeral.sources}) == len(numeral.sources) == 87
    by_file: dict[int, list[SourceCell]] = {}
    for source in numeral.sources:
        assert source.arrival is not None and source.cell
        by_file.setdefault(source.arrival, []).append(source)
    for arrival, sources in by_file.items():
        book = _file(played.home, arrival)
        for source in sources:
            assert _as_text(book[source.sheet][source.cell].value) == source.value


def test_deeds_are_traced_to_cells_too(played: Played) -> None:
    numeral = next(n for n in trace(at(played.home, END), 1, "95") if n.text == "95")
    assert all(source.cell and source.value for source in numeral.sources)


def test_the_trace_of_a_comparison_says_that_it_names_this_periods_sources_only(played: Played) -> None:
    numerals = [n for n in trace(at(played.home, END), 1) if n.figure.startswith("policies_city")]
    told = {n.text: n.figure.endswith("比较数，只列本期的来源") for n in numerals}
    assert told["87"] is False and [told[text] for text in told if "比上期" in text] == [True]


def _file(home: Home, arrival: int) -> openpyxl.Workbook:
    with open_desk(at(home, END)) as desk, desk.store.read() as conn:
        found = arrival_by_id(conn, arrival)
    assert found is not None
    with blob_path(home.blobs, found.blob).open("rb") as file:
        return openpyxl.load_workbook(file)


def _as_text(value: object) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    return str(value)


def _backdated(played: Played, home: Home, reason: str | None) -> Judged:
    """The accepted workbook of March with one policy moved before the pilot, dropped again and collected."""
    desks = Desks(home=home, office=_office(home), story=make_story())
    with open_desk(at(home, END)) as desk, desk.store.read() as conn:
        current = next(iter(current_of(versions(conn, period=MARCH, org="danwei01", table="T3")).values()))
        found = arrival_by_id(conn, current.arrival)
    assert found is not None
    book = Workbook(blob_path(home.blobs, found.blob).read_bytes())
    row = next(r for r in book.printed_rows("T3") if _as_text(book.read("T3", r, "出台日期")) >= "2022-06-01")
    book.type("T3", row, {"出台日期": date(2022, 5, 20), "说明": reason})
    desks.drop("danwei01", book.saved(), "改.xlsx")
    take_in(at(home, LATER))
    return judge_batch(at(home, LATER), waiting(at(home, LATER))).judged[0]


def _office(home: Home):  # type: ignore[no-untyped-def]
    from tasks.desk import load_config

    return load_config(home).office


def test_one_policy_moved_before_the_pilot_with_its_reason_makes_it_54(played: Played, tmp_path: Path) -> None:
    home = played.copied(tmp_path / "home")
    assert dict(_backdated(played, home, "数据口径调整：印发日期原报有误").decisions)["T3"] == "接收"
    drafted = draft(at(home, LATER), "要讯", MARCH)
    assert drafted.new and drafted.document == 3
    text = bulletin_text(home, drafted.document)
    assert "出台54个" in text and "政策87个" in text and "试点之前出台33个" in text


def test_without_a_reason_the_table_waits_and_55_stands(played: Played, tmp_path: Path) -> None:
    home = played.copied(tmp_path / "home")
    assert dict(_backdated(played, home, None).decisions)["T3"] == "待说明"
    assert figure(home, "policies_since_pilot", LATER) == 55


def test_a_figure_that_config_no_longer_has_stops_the_draft_with_a_sentence(played: Played, tmp_path: Path) -> None:
    home = played.copied(tmp_path / "home")
    path = home.root / "config" / "figures.yaml"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.strip().startswith("topics_total")), encoding="utf-8")
    with pytest.raises(ConfigError, match="topics_total"):
        draft(at(home, LATER), "要讯", MARCH)
