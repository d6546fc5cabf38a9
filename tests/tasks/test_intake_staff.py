"""What staff do with files that came: each decision can be taken back, and what is taken back leaves the figures as if it
had never been.
"""

import json
import shutil
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from support.end_state import differences, end_state
from support.filling import column_of, only, policy, sheet_of
from support.office_kit import BUREAU, COUNTY, OTHER_BUREAU, OTHER_COUNTY, SIGNER, OfficeKit, make_office
from tasks.cut import cut_is_overtaken, make_cut, versions_now
from tasks.desk import open_desk
from tasks.draft import draft
from tasks.import_history import import_history
from tasks.intake import assign, reject, retry, undo_rejection
from tasks.intake_list import list_intake, show_intake
from tasks.judge import judge_batch, waiting
from tasks.open_windows import open_windows
from tasks.status import status
from tasks.take_in import take_in
from yaoxun.briefings.ledger import latest_versions
from yaoxun.errors import NotNowError, RequestError
from yaoxun.figures.ledger import versions_in_cut
from yaoxun.home import Home
from yaoxun.returns.ledger import current_of, versions

MARCH, AFTER_LOCK = "2023-03", "2023-05-20T10:00"
LATER = "2023-03-27T11:00"


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> OfficeKit:
    return make_office(tmp_path_factory.mktemp("office") / "home")


@pytest.fixture
def office(prepared: OfficeKit, tmp_path: Path) -> OfficeKit:
    """A copy of one office whose templates were issued: making it takes longer than the tests."""
    shutil.copytree(prepared.home.root, tmp_path / "home")
    return OfficeKit(Home(tmp_path / "home"))


def staff(kit: OfficeKit, now: str = LATER) -> Any:
    return kit.ctx(now, SIGNER)


def zero(kit: OfficeKit, org: str) -> bytes:
    """A county's workbook with nothing in it that only this county could say."""
    return kit.filled(org, declared={"T1": "本次不含"}, rows={"T3": [policy(1, 层级="县")]})


def current(kit: OfficeKit) -> dict[tuple[str, str], tuple[int, int]]:
    """(organisation, table) → (version, arrival) of what counts."""
    with open_desk(kit.ctx()) as desk, desk.store.read() as conn:
        return {(v.org, v.table): (v.n, v.arrival) for v in current_of(versions(conn)).values()}


def figures(kit: OfficeKit) -> dict[str, Any]:
    with open_desk(kit.ctx(LATER)) as desk, desk.store.read() as conn:
        moment = kit.ctx(LATER).now()
        cut = make_cut(desk, conn, desk.office.period(MARCH), moment)
        return {f"{v.figure} {v.dims}": (v.value.number if v.value else None, v.coverage) for v in cut.computed.all()}


def answers(kit: OfficeKit, arrival: int) -> list[tuple[str, dict[str, Any], set[str]]]:
    """(subject, params, addresses) of everything that was said about an arrival."""
    told = kit.query(
        "select id, subject, params from message where subject like :s order by id", s=f"arrival:{arrival}:%"
    )
    to = "select address from recipient where message = :m"
    return [(t.subject, json.loads(t.params), {r.address for r in kit.query(to, m=t.id)}) for t in told]


def state_of(kit: OfficeKit, arrival: int) -> tuple[str, str]:
    (row,) = kit.query("select state, reason from arrival where id = :a", a=arrival)
    return row.state, row.reason


def test_a_file_judged_for_the_wrong_county_goes_to_the_right_one_and_the_version_before_counts_again(
    office: OfficeKit,
) -> None:
    office.drop(office.filled(COUNTY), "城区.xlsx")
    office.collect()
    before = current(office)
    office.drop(zero(office, COUNTY), "其实是泽州的.xlsx")
    office.collect()
    assert current(office)[COUNTY, "T3"] == (2, 2)
    judged = assign(staff(office), 2, org=office.short(OTHER_COUNTY), reason="电话核实")
    assert dict(judged.decisions)["T3"] == "接收"
    now = current(office)
    assert {key: value for key, value in now.items() if key[0] == COUNTY} == before
    assert now[OTHER_COUNTY, "T3"] == (1, 2)
    withdrawn = office.query("select count(*) as n from decision where decision = '撤销' and reason like '%电话核实%'")
    assert withdrawn[0].n > 0
    told = {subject: (params, to) for subject, params, to in answers(office, 2)}
    (params, to) = told[f"arrival:2:撤下:{COUNTY}:2"]
    assert "a@chengqu.example" in to
    assert {t["table"]: t["note"] for t in params["tables"]}["T3"] == "现以第 1 版为准"
    assert any("a@zezhou.example" in to for *_, to in answers(office, 2))


def test_assigned_wrongly_and_assigned_back_is_as_if_it_had_never_been_but_for_the_record(office: OfficeKit) -> None:
    office.drop(office.filled(BUREAU, rows={"T3": [policy(1), policy(2)]}), "单位.xlsx")
    office.collect()
    counted, standing, figured = current(office), status(staff(office), MARCH).as_json(), figures(office)
    before = end_state(office.home)
    assign(staff(office), 1, org=OTHER_BUREAU)
    assert figures(office) != figured
    assign(staff(office), 1, org=BUREAU)
    assert current(office) == counted
    assert status(staff(office), MARCH).as_json() == standing
    assert figures(office) == figured
    own = [v for v in end_state(office.home)["versions"] if v["of"][0] == BUREAU]
    for was, now in zip((v for v in before["versions"] if v["of"][0] == BUREAU), own, strict=True):
        assert [d[1] for d in now["decisions"]] == ["接收", "撤销", "接收"]
        assert differences(was | {"decisions": ""}, now | {"decisions": ""}) == []
    assign(staff(office), 1)  # as the file says itself: the same place
    assert current(office) == counted


def test_saying_the_same_again_changes_nothing(office: OfficeKit) -> None:
    office.drop(office.filled(BUREAU), "单位.xlsx")
    office.collect()
    assign(staff(office), 1, org=OTHER_BUREAU)
    before = end_state(office.home)
    assign(staff(office), 1, org=OTHER_BUREAU)
    assert differences(before, end_state(office.home)) == []


def test_that_the_file_names_another_organisation_is_told_but_does_not_block_when_staff_decide(
    office: OfficeKit,
) -> None:
    office.drop(zero(office, COUNTY), f"{office.short(OTHER_COUNTY)}/表.xlsx")
    office.collect()
    assert state_of(office, 1)[0] == "待认领"
    (row,) = list_intake(office.ctx())
    assert row.saw["period"] and "T3" in row.saw["tables"]
    assign(staff(office), 1, org=OTHER_COUNTY)
    look = show_intake(office.ctx(), 1).looks[-1]
    identity = [f for f in look["findings"] if f["rule"] == "C01"]
    assert identity and {f["level"] for f in identity} == {"提示"}
    assert current(office)[OTHER_COUNTY, "T3"] == (1, 1)


def test_an_equal_file_counts_when_the_one_that_it_repeated_is_moved_away(office: OfficeKit) -> None:
    office.drop(office.filled(COUNTY, declared={"T1": "本次不含"}), "泽州用城区的表报的.xlsx")
    office.collect()

    def note(book: Any) -> None:
        book["封面"]["H40"] = "城区自己报的"

    own = office.filled(COUNTY, declared={"T1": "本次不含"}, change=note)
    office.drop(own, "城区.xlsx")
    office.collect()
    assert current(office)[COUNTY, "T3"] == (1, 1)
    assign(staff(office), 1, org=OTHER_COUNTY)
    judge_batch(office.ctx(LATER), waiting(office.ctx(LATER)))
    assert current(office)[COUNTY, "T3"] == (2, 2)
    assert current(office)[OTHER_COUNTY, "T3"] == (1, 1)


def test_what_came_after_the_lock_is_let_in_by_staff_and_on_record(office: OfficeKit) -> None:
    office.drop(office.filled(COUNTY), "迟.xlsx")
    office.collect(AFTER_LOCK)
    assert "已过锁定时间" in state_of(office, 1)[1]
    judged = assign(staff(office, AFTER_LOCK), 1, late=True, reason="领导同意")
    assert dict(judged.decisions)["T1"] == "接收"
    detail = show_intake(office.ctx(), 1)
    (said,) = [p for p in detail.placements if p["by_staff"]]
    assert (said["late"], said["reason"], said["actor"]) == (True, "领导同意", SIGNER)
    assert "特批" in [e["verb"] for e in detail.events]
    assign(staff(office, AFTER_LOCK), 1, reason="撤回特批")
    assert state_of(office, 1)[0] == "待认领"
    assert current(office) == {}


def test_staff_say_the_period_and_the_sheet_of_a_table(office: OfficeKit) -> None:
    def change(book: Any) -> None:
        right = sheet_of(book, "T1")
        wrong = book.copy_worksheet(right)
        wrong.title = "T1 旧稿"
        wrong.cell(4, column_of(wrong, "本期完成")).value = 99
        book.move_sheet(wrong, -(len(book.sheetnames) - 1))
        del book["_meta"]
        for row in book["封面"].iter_rows(min_col=2, max_col=3):
            if row[0].value == "报告期":
                row[1].value = None

    office.drop(office.filled(COUNTY, change=change), "两份.xlsx")
    office.collect()
    assert state_of(office, 1)[1].startswith("看不出报告期")
    assign(staff(office), 1, period=MARCH, sheets={"T1": "T1 旧稿"})
    done = "select f.value, f.scale from fact f join sheet_version v on v.id = f.sheet_version where f.column_name = '本期完成'"
    assert 99 in {r.value // 10**r.scale for r in office.query(f"{done} and v.n = 1")}
    assign(staff(office), 1, period=MARCH, sheets={"T1": "T1 措施推进表"})
    assert current(office)[COUNTY, "T1"] == (2, 1)
    assert {r.value // 10**r.scale for r in office.query(f"{done} and v.n = 2")} == {3}
    assign(staff(office), 1, period=MARCH, sheets={"T1": "封面"})
    assert state_of(office, 1) == ("待认领", "工作表“封面”里认不出 T1")
    assert current(office) == {}


def test_a_rejected_file_is_answered_and_withdrawn_and_comes_back_whole(office: OfficeKit) -> None:
    office.drop(office.filled(COUNTY), "城区.xlsx")
    office.collect()
    counted, figured = current(office), figures(office)
    reject(staff(office), 1, "发错了，单位来电")
    assert state_of(office, 1) == ("已拒收", "发错了，单位来电")
    assert current(office) == {}
    (_, params, to) = answers(office, 1)[-1]
    assert (params["template"], params["reason"]) == ("rejected", "发错了，单位来电")
    assert "a@chengqu.example" in to
    assert [r.arrival.id for r in list_intake(office.ctx(), ("已拒收",))] == [1]
    with pytest.raises(NotNowError, match="已拒收"):
        reject(staff(office), 1, "再拒")
    office.drop((office.home.blobs / Path(*_blob(office, 1))).read_bytes(), "同一份.xlsx")
    office.collect()
    same = [a for a in list_intake(office.ctx(), ("重复",)) if a.arrival.name == "同一份.xlsx"]
    assert "没有收：发错了" in same[0].arrival.reason
    undo_rejection(staff(office), 1)
    assert (current(office), figures(office)) == (counted, figured)
    with pytest.raises(NotNowError, match="没有拒收"):
        undo_rejection(staff(office), 1)


def _blob(kit: OfficeKit, arrival: int) -> tuple[str, str]:
    (row,) = kit.query("select blob from arrival where id = :a", a=arrival)
    return row.blob[:2], row.blob


def test_a_file_that_nobody_can_open_is_rejected_and_told_in_unclaimed_or_its_folder(office: OfficeKit) -> None:
    office.drop_in_order([(b"no workbook", "杂件.xlsx"), (b"nor this", f"{office.short(COUNTY)}/3月/杂件.xlsx")])
    office.collect()
    for number in (1, 2):
        reject(staff(office), number, "不是报表")
    assert answers(office, 1)[-1][2] == {"回/待认领/1-2 回执.txt"}
    assert {"回/城区/2-2 回执.txt", "a@chengqu.example"} <= answers(office, 2)[-1][2]


def test_what_is_judged_again_with_the_same_outcome_is_not_told_again(office: OfficeKit) -> None:
    office.drop(b"no workbook", "杂件.xlsx")
    office.collect()
    assert retry(office.ctx(LATER)).judged[0].state == "待认领"
    assert len(answers(office, 1)) == 1
    undo = reject(staff(office), 1, "不是报表")
    assert undo.withdrawn == 0
    undo_rejection(staff(office), 1)
    assert [params["template"] for _, params, _ in answers(office, 1)] == ["unclaimed", "rejected", "unclaimed"]


def test_a_withdrawn_version_leaves_the_next_cut_and_overtakes_the_draft(office: OfficeKit) -> None:
    office.drop(office.filled(BUREAU, rows={"T3": [policy(1)]}), "单位.xlsx")
    office.collect()
    drafted = draft(office.ctx(LATER), "要讯", MARCH)
    reject(staff(office), 1, "误报")
    with open_desk(office.ctx(LATER)) as desk, desk.store.read() as conn:
        (version,) = latest_versions(conn)
        assert versions_in_cut(conn, version.cut)
        assert cut_is_overtaken(conn, version.cut, versions_now(desk, conn, MARCH))
    again = draft(office.ctx(LATER), "要讯", MARCH)
    with open_desk(office.ctx(LATER)) as desk, desk.store.read() as conn:
        (newer,) = latest_versions(conn)
        assert (newer.document, newer.n) == (drafted.document, 2) and again.document == drafted.document
        assert versions_in_cut(conn, newer.cut) == frozenset()
        assert versions_in_cut(conn, version.cut), "what an earlier cut held, it keeps"


@pytest.mark.parametrize(
    ("how", "says"),
    [({"org": "没有这家"}, "没有单位"), ({"period": "2023-13"}, "2023-13"), ({"sheets": {"T99": "x"}}, "没有报表"),
     ({"period": "试点前"}, "试点前")],
)  # fmt: skip
def test_what_does_not_exist_is_told_and_changes_nothing(office: OfficeKit, how: dict[str, Any], says: str) -> None:
    office.drop(b"no workbook", "杂件.xlsx")
    office.collect()
    before = end_state(office.home)
    with pytest.raises(RequestError, match=says):
        assign(staff(office), 1, **how)
    with pytest.raises(RequestError, match="没有登录名"):
        assign(office.ctx(), 1, org=COUNTY)
    with pytest.raises(RequestError, match="没有第 7 号来件"):
        reject(staff(office), 7, "无")
    with pytest.raises(RequestError, match="没有第 7 号来件"):
        show_intake(office.ctx(), 7)
    with pytest.raises(RequestError, match="没有这么大的编号"):
        reject(staff(office), 10**30, "无")
    with pytest.raises(RequestError, match="这种状态"):
        list_intake(office.ctx(), ("没有的状态",))
    assert differences(before, end_state(office.home)) == []


def test_while_it_is_being_judged_and_for_imports_staff_are_told_to_wait_or_to_import_again(
    office: OfficeKit, tmp_path: Path
) -> None:
    office.drop(office.filled(COUNTY), "城区.xlsx")
    take_in(office.ctx())
    with open_desk(office.ctx()) as desk, desk.store.write() as conn:
        from yaoxun.context import wall_clock
        from yaoxun.returns.arrivals import claim_arrival

        assert claim_arrival(conn, 1, token="t", wall=wall_clock())
    with pytest.raises(NotNowError, match="正在审核"):
        assign(staff(office), 1, org=OTHER_COUNTY)
    office.expire_leases()
    assert dict(assign(staff(office), 1, org=OTHER_COUNTY).decisions)["T3"] == "接收"
    history = tmp_path / "往期.csv"
    history.write_text(
        "表号,报告期,单位,名称,类别,日期,主办\nT7,试点前,城区,示例活动,活动,2022-04-01,示例单位\n", "utf-8"
    )
    number = import_history(office.ctx(), history).arrival
    with pytest.raises(NotNowError, match="导入的历史"):
        reject(staff(office), number, "无")


@pytest.mark.parametrize("what", ["assign", "reject", "reopen"])
def test_a_zip_that_was_taken_apart_has_nothing_to_decide_and_its_files_are_named(office: OfficeKit, what: str) -> None:
    out = BytesIO()
    with ZipFile(out, "w") as package:
        package.writestr("城区.xlsx", office.filled(COUNTY))
    office.drop(out.getvalue(), "报表.zip")
    office.collect()
    before = end_state(office.home)
    decide = {
        "assign": lambda: assign(staff(office), 1, org=COUNTY), "reject": lambda: reject(staff(office), 1, "无"),
        "reopen": lambda: undo_rejection(staff(office), 1),
    }  # fmt: skip
    with pytest.raises(NotNowError, match="已经拆开.*第 2 号来件"):
        decide[what]()
    assert "已经拆开" in retry(staff(office), (1,)).failed[0]
    assert differences(before, end_state(office.home)) == []


def test_who_loses_two_periods_of_one_file_is_told_of_both(office: OfficeKit) -> None:
    open_windows(office.ctx("2023-04-25T10:00"), "2023-04")
    office.drop(office.filled(COUNTY, declared=only("T3"), rows={"T3": [policy(1, 层级="县")]}), "城区.xlsx")
    office.collect()
    late = staff(office, "2023-04-25T10:00")
    for org, period in ((OTHER_COUNTY, ""), (COUNTY, "2023-04"), (OTHER_COUNTY, "2023-04")):
        assign(late, 1, org=org, period=period)
    told = office.query("select params from message where subject like '%撤下:chengqu%' order by id")
    assert [json.loads(row.params)["tables"][0]["period"] for row in told] == [MARCH, "2023-04"]
