"""The state of returns for people: the board on narrow and wide screens, the text for a work chat, the workbook to print."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from rich.cells import cell_len
from rich.console import Console
from typer.testing import CliRunner

from support.office_kit import BUREAU, COUNTY, MORNING, OVERDUE, OfficeKit, make_office
from tasks.status import Status, status
from yaoxun.cli import app
from yaoxun.errors import RequestError
from yaoxun.office.ledger import Obligation
from yaoxun.returns.arrivals import Arrival
from yaoxun.returns.states import Standing
from yaoxun.screens_status import SIGNS, board, watch_status
from yaoxun.screens_workbook import write_board

NOON = datetime(2023, 3, 29, 4, 0, tzinfo=UTC)
DUE = datetime(2023, 3, 28, 9, 30, tzinfo=UTC)
STATES = ("已报", "零报告", "待报", "未到期", "退回待改", "待说明", "逾期", "未报")
ORGS = {f"d{n:02d}": f"示例单位{n:02d}" for n in range(1, 25)} | {"long": "示例青年发展型城市建设联席会议办公室"}


def standing(number: int, org: str, table: str, state: str, **more: Any) -> Standing:
    period = more.pop("period", "2023-03")
    required = more.pop("required", state != "未报")
    given: dict[str, Any] = {"opens": DUE, "due": DUE, "locks": DUE, "row_scope": ""}
    obligation = Obligation(id=number, org=org, table=table, period=period, required=required, **given)
    owed = state not in ("已报", "零报告")
    usual: dict[str, Any] = {"late": False, "versions": 1, "current": None, "latest": None}
    return Standing(obligation=obligation, state=state, owed=owed, **{**usual, **more})  # type: ignore[arg-type]


def made(tables: int = 10, periods: tuple[str, ...] = ("2023-03",)) -> Status:
    """Every state in every column."""
    names = tuple(f"T{n}" for n in range(1, tables + 1))
    standings, number = [], 0
    for period in periods:
        for row, org in enumerate(ORGS):
            for col, table in enumerate(names):
                number += 1
                state = STATES[(row + col) % len(STATES)]
                standings.append(
                    standing(number, org, table, state, period=period, late=state == "已报" and row % 3 == 0)
                )
    return Status(
        period="、".join(periods), periods=periods, now=NOON, organisations=ORGS, tables=names,
        titles={name: f"示例表{name}" for name in names}, standings=tuple(standings), unclaimed=(),
    )  # fmt: skip


def shown(found: Status, width: int) -> list[str]:
    screen = Console(width=width, record=True, file=open("/dev/null", "w", encoding="utf-8"))  # noqa: PTH123, SIM115
    screen.print(board(found, width))
    return screen.export_text().splitlines()


@pytest.mark.parametrize("width", [60, 80, 100, 160])
@pytest.mark.parametrize("tables", [1, 5, 10])
def test_no_line_is_wider_than_the_screen_and_no_name_is_broken(width: int, tables: int) -> None:
    found = made(tables)
    lines = shown(found, width)
    assert max(cell_len(line.rstrip()) for line in lines) <= width
    text = "\n".join(lines)
    for name in ORGS.values():
        assert text.count(name) >= 1, name
    assert "…" not in text
    rows = [line for line in lines if line.startswith("│ 示例单位01")]
    assert rows, "the row of an organisation is one line"


def test_a_wide_screen_has_words_and_a_narrow_one_signs_with_what_they_mean() -> None:
    wide, narrow = shown(made(10), 200), shown(made(10), 80)
    assert any("退回待改" in line and line.startswith("│") for line in wide)
    assert not any("退回待改" in line and line.startswith("│") for line in narrow)
    legend = next(line for line in narrow if "退=退回待改" in line)
    explained = legend + narrow[narrow.index(legend) + 1]
    assert all(f"{sign}={state}" in explained for state, sign in SIGNS.items())
    assert len(set(SIGNS.values())) == len(STATES)


def test_several_periods_have_a_board_each() -> None:
    text = "\n".join(shown(made(3, ("2023-03", "2023Q1")), 80))
    assert "2023-03 报送情况" in text and "2023Q1 报送情况" in text


def test_who_waits_in_the_folder_and_why_no_mail_goes_is_said() -> None:
    arrival = Arrival(
        id=7, channel="folder", channel_key="k", name="不明.xlsx", blob="0", sender="", on_behalf_of="", duplicate_of=None,
        received_at=NOON, state="待认领", reason="认不出单位",
    )  # fmt: skip
    found = replace(made(2), unclaimed=(arrival,), mail="示例经办岗自 2023-03-29 起暂停发信：节日")
    lines = shown(found, 80)
    assert any(line.startswith("待认领：") and "第 7 号来件《不明.xlsx》" in line for line in lines)
    assert any(line.startswith("发信：") and "暂停发信" in line for line in lines)


# Text for a work chat


def small(*standings: Standing) -> Status:
    return replace(made(2), standings=standings, tables=("T1", "T2"))


def test_the_text_counts_organisations_and_names_them_in_office_order() -> None:
    found = small(
        standing(1, "d01", "T1", "已报"), standing(2, "d01", "T2", "零报告"), standing(3, "d02", "T1", "已报"),
        standing(4, "d02", "T2", "逾期"), standing(5, "d03", "T1", "逾期"), standing(6, "d03", "T2", "逾期"),
        standing(7, "d04", "T1", "退回待改"), standing(8, "d04", "T2", "已报"), standing(9, "d05", "T1", "待说明"),
        standing(10, "d06", "T2", "未报"),
    )  # fmt: skip
    assert found.as_text().splitlines() == [
        "【报送情况】2023-03：已报 1 家/应报 5 家",
        "未报（2 家）：示例单位02（T2）、示例单位03",
        "退回待改（1 家）：示例单位04（T1）",
        "待说明（1 家）：示例单位05",
        "截止时间：3月28日（星期二）17:30",
        "以上截至 3月29日（星期三）12:00",
    ]


def test_when_all_have_reported_nobody_is_named() -> None:
    text = small(standing(1, "d01", "T1", "已报"), standing(2, "d02", "T1", "零报告")).as_text()
    assert "已报 2 家/应报 2 家" in text and "未报" not in text


# The workbook


def test_the_workbook_is_coloured_frozen_and_prints_on_a4_landscape(tmp_path: Path) -> None:
    found = made(10, ("2023-03", "2023Q1"))
    path = write_board(found, tmp_path / "报送情况")
    assert path.name == "报送情况.xlsx"
    book = load_workbook(path)
    assert book.sheetnames == ["报送情况 2023-03", "报送情况 2023Q1", "明细"]
    sheet = book["报送情况 2023-03"]
    assert sheet.freeze_panes == "B4" and sheet.page_setup.orientation == "landscape"
    assert (sheet.page_setup.paperSize, sheet.sheet_properties.pageSetUpPr.fitToPage) == (9, True)
    assert sheet.print_title_rows == "$1:$3"
    values = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert values[2][:2] == ["单位", "T1\n示例表T1"] and values[3][:2] == ["示例单位01", "已报（迟）"]
    fills = {
        str(c.value).removesuffix("（迟）"): c.fill.start_color.rgb
        for r in sheet.iter_rows(min_row=4, min_col=2, max_row=28)
        for c in r
    }
    assert set(fills) == set(STATES) and len(set(fills.values())) == len(STATES)
    legend = [row[0] for row in values[len(ORGS) + 4 :]]
    assert [state for state in STATES if state in legend] == list(STATES)
    assert book["明细"].max_row == len(found.standings) + 1


def test_a_name_that_looks_like_a_formula_stays_a_name(tmp_path: Path) -> None:
    found = replace(small(standing(1, "d01", "T1", "已报")), organisations={"d01": "=1+1"})
    sheet = load_workbook(write_board(found, tmp_path / "b.xlsx")).worksheets[0]
    assert (sheet["A4"].value, sheet["A4"].data_type) == ("=1+1", "s")


def test_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match=r"\.xlsx"):
        write_board(made(1), tmp_path / "b.pdf")


# The use case and the command


@pytest.fixture(scope="module")
def kit(tmp_path_factory: pytest.TempPathFactory) -> OfficeKit:
    made_kit = make_office(tmp_path_factory.mktemp("office") / "home")
    made_kit.drop(made_kit.filled(COUNTY), "城区.xlsx")
    made_kit.collect()
    return made_kit


def test_without_a_period_all_that_may_be_reported_now_is_shown(kit: OfficeKit) -> None:
    found = status(kit.ctx(MORNING))
    assert "2023-03" in found.periods
    assert {s.obligation.period for s in found.standings} == set(found.periods)
    assert status(kit.ctx(OVERDUE), "2023-03").periods == ("2023-03",)


def test_one_organisation_is_found_by_code_name_or_short_name(kit: OfficeKit) -> None:
    short = kit.short(BUREAU)
    for name in (BUREAU, short):
        assert {s.obligation.org for s in status(kit.ctx(), "2023-03", org=name).standings} == {BUREAU}
    with pytest.raises(RequestError, match="没有单位"):
        status(kit.ctx(), org="没有这家")


def test_json_keeps_its_shape(kit: OfficeKit) -> None:
    plain = status(kit.ctx(), "2023-03").as_json()
    assert plain["period"] == "2023-03"
    assert {"period", "counts", "obligations", "unclaimed"} <= set(plain)
    assert {"org", "name", "table", "required", "state", "late", "versions", "due"} <= set(plain["obligations"][0])


def test_the_command_gives_text_workbook_and_one_board_in_a_pipe(kit: OfficeKit, tmp_path: Path) -> None:
    def run(*words: str) -> Any:
        return CliRunner().invoke(app, ["status", "--home", str(kit.home.root), "--now", OVERDUE, *words])

    assert run("--text", "--period", "2023-03").stdout.startswith("【报送情况】2023-03：已报 1 家/应报 4 家")
    assert run("--xlsx", str(tmp_path / "b")).exit_code == 0 and (tmp_path / "b.xlsx").is_file()
    assert "2023-03 报送情况" in run("--watch").stdout
    assert isinstance(run("--text", "--json").exception, RequestError)


def test_watching_shows_it_afresh_until_it_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Console(width=80, record=True, force_terminal=True, file=open("/dev/null", "w", encoding="utf-8"))  # noqa: PTH123, SIM115
    monkeypatch.setattr("yaoxun.screens_status.console", lambda: screen)
    reads: list[int] = []
    pauses: list[float] = []

    def read() -> Status:
        reads.append(1)
        return made(2)

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        watch_status(read, 5, pause)
    assert (len(reads), pauses) == (3, [5, 5, 5])
