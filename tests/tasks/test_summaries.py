"""A summary with the rows of all organisations, sent in the month by the one that is told of in the layout: it is taken
apart, each part is judged as its organisation's, and its sender has one answer. Killed anywhere, it comes out the same.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from support.office_kit import COUNTY, OTHER_COUNTY, OfficeKit, expire_leases, make_office
from support.own_sheets import CARD, SUMMARY, card_book, changed, put, summary_book
from tasks.desk import load_config
from tasks.import_history import import_files
from tasks.intake import assign, reject, split
from tasks.intake_list import list_intake
from tasks.precheck import precheck
from tasks.send import send
from yaoxun.errors import ConfigError, NotNowError, RequestError
from yaoxun.home import Home

ROOT = Path(__file__).resolve().parents[2]
COUNTIES = ("城区", "泽州县", "高平市", "阳城县", "陵川县", "沁水县")
CODES = ("chengqu", "zezhou", "gaoping", "yangcheng", "lingchuan", "qinshui")
COLLECTOR = "tuanshiwei"
LISTED = SUMMARY.replace("organisation: 单位\n", f"organisation: 单位\n  summaries_from: [{COLLECTOR}, {COUNTY}]\n")
ROWS = (7, 8, 9, 11, 12, 13)  # one an organisation; 10, 14 and 15 are sums
GOOD: dict[str, Any] = {f"{c}{row}": 10 * n for n, row in enumerate(ROWS, start=1) for c in "CEF"}
SUMS = {"C10": 60, "C14": 150, "C15": 210}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose six counties owe the summary table; every test works on a copy."""
    kit = make_office(tmp_path_factory.mktemp("summaries") / "home", (COUNTY, OTHER_COUNTY), issued=False)
    put(kit.home.config, LISTED, summary_book(COUNTIES), ", ".join(CODES))
    put(kit.home.config, CARD, card_book(), COUNTY)
    kit.issue()
    return kit.home.root


@pytest.fixture
def kit(made: Path, tmp_path: Path) -> OfficeKit:
    shutil.copytree(made, tmp_path / "home")
    return OfficeKit(Home((tmp_path / "home").resolve()))


def book(month: str = "2023年3月", heading: str = "", **cells: Any) -> bytes:
    """A filled summary; `heading` is the line of who sends it."""
    filled = changed(summary_book(COUNTIES, month=month), GOOD | SUMS | cells)
    return changed(filled, {"A2": f"填报单位：{heading}　　{month}"}) if heading else filled


def unlisted(kit: OfficeKit) -> None:
    (kit.home.config / "forms" / "T20.yaml").write_text(SUMMARY, encoding="utf-8")


def arrivals(kit: OfficeKit) -> list[tuple[str, str]]:
    return [(row.channel_key.partition("/")[2], row.state) for row in kit.query("select * from arrival order by id")]


def values(kit: OfficeKit, indicator: str = "T20.本月") -> dict[str, int]:
    rows = kit.query("select org, value from fact where indicator = :i", i=indicator)
    return {row.org: row.value for row in rows}


def answers(kit: OfficeKit) -> dict[str, str]:
    """What was written below 回/: path → text, of the texts."""
    send(kit.ctx())
    folder = kit.home.data / "回"
    return {str(p.relative_to(folder)): p.read_text(encoding="utf-8") for p in sorted(folder.rglob("*.txt"))}


def test_a_summary_in_the_folder_of_who_may_send_it_becomes_one_arrival_an_organisation(kit: OfficeKit) -> None:
    kit.drop(book(), "团市委/汇总.xlsx")
    judged = kit.collect().judged
    assert arrivals(kit) == [("", "已拆分"), *((code, "已判") for code in CODES)]
    assert [one.decisions for one in judged[1:]] == [(("T20", "接收"),)] * 6
    assert values(kit) == {code: 10 * n for n, code in enumerate(CODES, start=1)}
    assert len({row.blob for row in kit.query("select blob from arrival")}) == 1, "the same bytes"
    cells = {row.org: row.cell for row in kit.query("select org, cell from fact where indicator = 'T20.本月'")}
    assert cells == {code: f"C{row}" for code, row in zip(CODES, ROWS, strict=True)}


def test_its_sender_has_one_answer_and_the_organisations_none(kit: OfficeKit) -> None:
    kit.drop(book(), "团市委/汇总.xlsx")
    kit.collect()
    ((path, text),) = answers(kit).items()
    assert path.startswith("团市委/1-") and "汇总表拆成 6 家：接收 6" in text
    assert all(short in text for short in COUNTIES)
    assert [row.subject for row in kit.query("select subject from message")] == ["arrival:1:汇总:6"]


def test_that_an_organisations_own_report_is_replaced_is_told(kit: OfficeKit) -> None:
    own = {"C8": 5, "E8": 6, "F8": 7}
    kit.drop(changed(summary_book(COUNTIES, month="2023年3月"), own), "泽州县/自报.xlsx", age_s=600)
    kit.drop(book(), "团市委/汇总.xlsx")
    kit.collect()
    (text,) = (text for path, text in answers(kit).items() if path.startswith("团市委/"))
    assert text.count("替换原来收的第 1 版") == 1


def test_what_is_wrong_with_one_row_is_told_with_its_organisation_and_cell(kit: OfficeKit) -> None:
    kit.drop(book(C9=None), "团市委/汇总.xlsx")
    kit.collect()
    states = {row.org: row.decision for row in kit.query(
        "select o.org, d.decision from decision d join sheet_version v on v.id = d.sheet_version"
        " join obligation o on o.id = v.obligation")}  # fmt: skip
    assert states == dict.fromkeys(CODES, "接收") | {"gaoping": "退回"}
    ((_, text),) = answers(kit).items()
    assert "汇总!C9" in text and "高平市：" in text
    assert list((kit.home.data / "回" / "团市委").glob("*审核意见-汇总.xlsx*")), "the marked-up copy of the whole"
    kit.drop(book(), "团市委/汇总改好.xlsx")
    kit.collect()
    assert values(kit)["gaoping"] == 30 and len(answers(kit)) == 2


def test_a_wrong_sum_and_a_row_of_nobody_are_told_once(kit: OfficeKit) -> None:
    kit.drop(book(C15=999, B13="无此县"), "团市委/汇总.xlsx")
    kit.collect()
    assert arrivals(kit)[1:] == [(code, "已判") for code in CODES[:5]]
    ((_, text),) = answers(kit).items()
    assert text.count("汇总!C15") == 1 and text.count("汇总!B13") == 1 and "无此县" in text
    sums = kit.query("select cell from finding where rule = 'S09' order by cell")
    assert [row.cell for row in sums] == sorted({row.cell for row in sums}), "checked with the whole only"


def test_in_the_inbox_itself_only_the_collecting_office_that_its_heading_names_may(kit: OfficeKit) -> None:
    kit.drop(book(heading="团晋城市委（示例）"), "汇总.xlsx", age_s=600)
    kit.drop(book(heading="城区", C7=11), "别家汇总.xlsx", age_s=300)
    kit.drop(book(C7=12), "无名汇总.xlsx")
    kit.collect()
    states = {row.name: row.state for row in kit.query("select * from arrival where channel_key not like '%/%'")}
    assert states["汇总.xlsx"] == "已拆分" and states["无名汇总.xlsx"] == "待认领" != states["别家汇总.xlsx"] == "已判"
    assert "团市委/1-6 回执.txt" in answers(kit)


def test_who_is_not_listed_is_refused_with_the_key_that_lists_it(kit: OfficeKit) -> None:
    unlisted(kit)
    kit.drop(book(), "团市委/汇总.xlsx")
    kit.collect()
    ((_, text),) = answers(kit).items()
    assert "summaries_from" in text and "config/forms/T20.yaml" in text and arrivals(kit) == [("", "待认领")]


def test_staff_may_take_apart_what_nobody_is_listed_for(kit: OfficeKit) -> None:
    unlisted(kit)
    kit.drop(book(), "汇总.xlsx")
    kit.collect()
    split(kit.ctx(actor="qfr"), 1, reason="电话说好")
    assert arrivals(kit) == [("", "已拆分"), *((code, "已判") for code in CODES)] and len(values(kit)) == 6
    assert {path.partition("/")[0] for path in answers(kit)} == {"待认领"}, "nobody is known to have sent it"
    with pytest.raises(NotNowError, match="已经拆开"):
        split(kit.ctx(actor="qfr"), 1)
    with pytest.raises(NotNowError, match="拆出来的"):
        split(kit.ctx(actor="qfr"), 2)


def test_what_is_no_summary_is_not_taken_apart(kit: OfficeKit) -> None:
    kit.drop(changed(card_book(), {"A2": "填报单位：城区　报告期：2023年3月", "B3": 5}), "一家.xlsx")
    kit.collect()
    with pytest.raises(RequestError, match="不是汇总表"):
        split(kit.ctx(actor="qfr"), 1)


def test_an_organisation_that_may_and_sends_its_own_row_only_is_no_summary(kit: OfficeKit) -> None:
    kit.drop(changed(summary_book(COUNTIES, month="2023年3月"), {"C7": 5, "E7": 6, "F7": 7}), "城区/本区.xlsx")
    kit.collect()
    assert arrivals(kit) == [("", "已判")] and values(kit) == {COUNTY: 5}


def test_the_same_file_again_changes_nothing_and_its_sender_is_told(kit: OfficeKit) -> None:
    same = book()
    kit.drop(same, "团市委/汇总.xlsx")
    kit.collect()
    kit.drop(same, "团市委/汇总.xlsx")
    kit.collect()
    assert arrivals(kit)[7:] == [("", "重复")] and len(values(kit)) == 6
    told = answers(kit)
    assert len(told) == 2 and all(path.startswith("团市委/") for path in told)
    kit.drop(same, "汇总.xlsx")
    kit.collect()
    assert arrivals(kit)[-1] == ("", "待认领"), "nobody is known to have sent this one"
    assert [path for path in answers(kit) if path not in told] == ["待认领/9-1 回执.txt"]


def test_a_part_can_be_rejected_and_given_to_another_like_any_arrival(kit: OfficeKit) -> None:
    kit.drop(book(), "团市委/汇总.xlsx")
    kit.collect()
    reject(kit.ctx(actor="qfr"), 3, "泽州县另报")
    told = answers(kit)
    assert any(path.startswith("团市委/1-7") and "没有收" in text for path, text in told.items())
    assert not [path for path in told if path.startswith(("泽州县/3", "城区"))]
    assign(kit.ctx(actor="qfr"), 2, reason="收回认领")
    assert arrivals(kit)[1] == ("chengqu", "已判"), "a part stays its organisation's"


def test_a_summary_of_a_month_that_nobody_reports_is_refused_as_a_whole(kit: OfficeKit) -> None:
    kit.drop(book("2023年1月"), "团市委/汇总.xlsx")
    kit.collect()
    ((path, text),) = answers(kit).items()
    assert arrivals(kit) == [("", "待认领")] and path.startswith("团市委/") and "2023-01" in text


def test_a_file_with_another_table_beside_the_summary_is_refused(kit: OfficeKit) -> None:
    from io import BytesIO

    import openpyxl

    whole = openpyxl.load_workbook(BytesIO(book()))
    card = openpyxl.load_workbook(BytesIO(changed(card_book(), {"B3": 5}))).worksheets[0]
    sheet = whole.create_sheet("情况表")
    for row in card.iter_rows():
        for cell in row:
            if cell.value is not None:
                sheet[cell.coordinate] = cell.value
    for area in card.merged_cells.ranges:
        sheet.merge_cells(str(area))
    out = BytesIO()
    whole.save(out)
    kit.drop(out.getvalue(), "团市委/两张.xlsx")
    kit.collect()
    assert [row.state for row in kit.query("select state from arrival")] == ["待认领"]
    assert any("T21" in text for text in answers(kit).values())


def test_prechecked_each_organisation_has_its_decision(kit: OfficeKit, tmp_path: Path) -> None:
    file = tmp_path / "汇总.xlsx"
    file.write_bytes(book(C9=None, C15=999))
    found = precheck(kit.ctx(), file)
    assert [(title, decision) for _, title, _, decision in found.decisions] == [
        (f"{kit.short(code)} 青年就业情况汇总表", "退回" if code == "gaoping" else "接收") for code in CODES
    ]
    assert [f.cell for f in found.findings if f.rule == "S09"] == ["C10", "C15"] and not found.acceptable
    assert not kit.query("select id from arrival")


def test_a_code_that_is_no_organisation_stops_the_start_with_file_and_key(kit: OfficeKit) -> None:
    path = kit.home.config / "forms" / "T20.yaml"
    path.write_text(LISTED.replace(f"[{COLLECTOR}, {COUNTY}]", "[meiyou]"), encoding="utf-8")
    with pytest.raises(ConfigError, match=r"summaries_from.*meiyou"):
        load_config(kit.home)


def test_past_data_that_is_dropped_again_goes_to_nobody_and_its_month_is_told(kit: OfficeKit, tmp_path: Path) -> None:
    unlisted(kit)
    past = tmp_path / "社会2月.xlsx"
    past.write_bytes(book("2022年12月"))
    assert not import_files(kit.ctx(), [past]).refused
    kit.drop(past.read_bytes(), "汇总.xlsx", age_s=600)
    kit.drop(past.read_bytes(), "泽州县/三月.xlsx")
    kit.collect()
    told = answers(kit)
    assert {path.partition("/")[0] for path in told} == {"待认领", "泽州县"}, "never to the last one in the old file"
    assert all("2022-12" in text and "逐字节相同" in text for text in told.values())
    assert {row.arrival.name for row in list_intake(kit.ctx())} >= {"汇总.xlsx"}


KILLED = ("judge.after_claim", "judge.before_commit", "judge.after_commit", "judge.before_commit:2",
          "judge.after_commit:4", "judge.before_commit:7", "judge.after_copy:6", "judge.after_commit:7")  # fmt: skip


@pytest.mark.parametrize("point", KILLED)
def test_killed_anywhere_it_comes_out_the_same(kit: OfficeKit, point: str) -> None:
    kit.drop(book(C9=None), "团市委/汇总.xlsx")
    kit.take_in()
    code = (
        "from support.office_kit import OfficeKit; from yaoxun.home import Home; import sys\n"
        "from pathlib import Path; OfficeKit(Home(Path(sys.argv[1]))).collect()"
    )
    env = os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}", "YAOXUN_FAILPOINT": point}
    died = subprocess.run([sys.executable, "-c", code, str(kit.home.root)], env=env, cwd=ROOT, check=False)
    assert died.returncode == -9, "the point was never reached"
    expire_leases(kit.home.database_url)
    kit.collect()
    assert arrivals(kit) == [("", "已拆分"), *((c, "已判") for c in CODES)]
    assert values(kit) == {c: 10 * n for n, c in enumerate(CODES, start=1) if c != "gaoping"}
    assert kit.query("select count(*) as n from sheet_version")[0].n == 6
    told = answers(kit)
    assert len(told) == 1 and "高平市：" in next(iter(told.values()))
