"""A register of which every period has a list of its own (register: {carry: false}): nothing is printed again, nobody is
asked for rows that are gone, and the same entry in the next month is another one.
"""

from pathlib import Path
from typing import Any

import pytest

from support.office_kit import COUNTY, OTHER_COUNTY, OfficeKit, make_office
from support.own_sheets import REGISTER, changed, opened, put, register_book
from tasks.cut import make_cut
from tasks.desk import load_config, open_desk
from tasks.import_history import import_files
from tasks.open_windows import open_windows
from tasks.own_files import open_own
from yaoxun.forms.layout.draft import draft_forms
from yaoxun.sheets.sandbox import shared_sandbox

LIST = (
    REGISTER.replace('register: {number: 编号, numbering: "XM{n:03d}", first: 7, open: "状态 != \'完成\'"}',
                     "register: {carry: false}")
    .replace("  - {name: 编号, kind: code, locked: true, meaning: 由办公室编}\n", "").replace("编号: 编号, ", "")
)  # fmt: skip
MARCH_ROWS = {"C5": "甲小区", "D5": 100, "E5": "在建", "C6": "乙小区", "D6": 50, "E6": "在建"}
APRIL, OPEN, MORNING = "2023-04", "2023-04-25T10:00", "2023-04-26T10:00"


@pytest.fixture
def kit(tmp_path: Path) -> OfficeKit:
    office = make_office(tmp_path / "home", (COUNTY, OTHER_COUNTY), issued=False)
    put(office.home.config, LIST, register_book(), f"{COUNTY}, {OTHER_COUNTY}", "有则报")
    (office.home.config / "figures.yaml").write_text(
        "figures:\n  month: {name: 本月项目, unit: 个, count: T22, span: period}\n"
        "  year: {name: 今年项目, unit: 个, count: T22, span: year}\n", encoding="utf-8",
    )  # fmt: skip
    office.issue()
    return office


def issued(kit: OfficeKit, period: str = "2023-03") -> bytes:
    (path,) = kit.home.issued.glob(f"*/{kit.short(COUNTY)}-{period}-青年项目台账.xlsx")
    return path.read_bytes()


def test_each_month_begins_with_an_empty_list_and_asks_for_nothing_that_is_gone(kit: OfficeKit) -> None:
    kit.drop(changed(issued(kit), MARCH_ROWS), "三月.xlsx")
    assert kit.collect().judged[0].decisions == (("T22", "接收"),)
    kit.issue(APRIL, OPEN)
    sheet: Any = opened(issued(kit, APRIL)).worksheets[0]
    assert [sheet[place].value for place in MARCH_ROWS] == [None] * 6
    kit.drop(changed(issued(kit, APRIL), {"C5": "甲小区", "D5": 7, "E5": "在建"}), "四月.xlsx")
    assert kit.collect(MORNING).judged[0].decisions == (("T22", "接收"),)
    assert not kit.query("select rule from finding where rule in ('S06', 'S12', 'S13')")
    uids = {row.row_uid for row in kit.query("select row_uid from sheet_row")}
    assert len(uids) == 3, "the same name in the next month is another entry"


def test_twice_in_one_month_is_still_told(kit: OfficeKit) -> None:
    kit.drop(changed(issued(kit), MARCH_ROWS | {"C6": "甲小区"}), "三月.xlsx")
    kit.collect()
    assert [row.cell for row in kit.query("select cell from finding where rule = 'C06'")], "the key is the month's own"


def test_figures_count_each_month_by_itself_and_the_year_all_of_them(kit: OfficeKit) -> None:
    kit.drop(changed(issued(kit), MARCH_ROWS), "三月.xlsx")
    kit.collect()
    kit.issue(APRIL, OPEN)
    kit.drop(changed(issued(kit, APRIL), {"C5": "甲小区", "D5": 7, "E5": "在建"}), "四月.xlsx")
    kit.collect(MORNING)
    with open_desk(kit.ctx(MORNING)) as desk, desk.store.read() as conn:
        cut = make_cut(desk, conn, desk.office.period(APRIL), desk.ctx.now())
    assert {v.figure: v.value.value if v.value else None for v in cut.computed.all()} == {"month": 1, "year": 3}


def test_history_comes_in_month_by_month(kit: OfficeKit, tmp_path: Path) -> None:
    files = []
    for month in (1, 2):
        files.append(tmp_path / f"{month}月.xlsx")
        book = changed(register_book(month=f"2023年{month}月"), MARCH_ROWS | {"A2": "填报单位：城区"})
        files[-1].write_bytes(book)
    assert not import_files(kit.ctx(), files).refused
    assert kit.query("select count(distinct row_uid) as n from sheet_row")[0].n == 4


def test_a_list_without_a_state_is_asked_about_when_it_is_drafted(kit: OfficeKit, tmp_path: Path) -> None:
    plain, state = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    plain.write_bytes(changed(register_book(), MARCH_ROWS | {"E3": "去向"}))
    state.write_bytes(changed(register_book(), MARCH_ROWS))
    asked = []
    for path in (plain, state):
        raw = shared_sandbox(load_config(kit.home).limits).open(path)
        (draft,) = draft_forms(raw, file_name=path.name, known_ids=())  # type: ignore[arg-type]
        asked.append([q.sentence for q in draft.questions if "每期重新填，还是逐期累积" in q.sentence])
    assert len(asked[0]) == 1 and "carry: false" in asked[0][0] and not asked[1]


def test_what_nobody_is_asked_for_any_more_may_come_in_as_past_data(kit: OfficeKit, tmp_path: Path) -> None:
    open_windows(kit.ctx(), "2023-03")
    path = kit.home.config / "assignments.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace(f"orgs: [{COUNTY}, {OTHER_COUNTY}], tables: [T22]",
                                                 f"orgs: [{OTHER_COUNTY}], tables: [T22]"), encoding="utf-8")  # fmt: skip
    past = tmp_path / "三月.xlsx"
    past.write_bytes(changed(register_book(month="2023年3月"), MARCH_ROWS | {"A2": "填报单位：城区"}))
    found = import_files(kit.ctx("2023-05-20T10:00"), [past])
    assert not found.refused, found.files
    with open_desk(kit.ctx()) as desk:
        assert not desk.office.expects(COUNTY, "T22", "2023-03")


def test_a_sheet_that_names_nobody_is_refused_as_a_whole_sheet_and_not_at_a_header(
    kit: OfficeKit, tmp_path: Path
) -> None:
    past = tmp_path / "一月.xlsx"
    past.write_bytes(changed(register_book(month="2023年1月"), MARCH_ROWS))
    (found,) = import_files(kit.ctx(), [past]).files
    assert "「台账」：整张表看不出是哪家单位的" in found.refused and "--org" in found.refused


def test_a_blank_is_read_once_so_that_its_bytes_and_its_cells_are_one(
    kit: OfficeKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = load_config(kit.home)
    read = Path.read_bytes

    def then_changed(path: Path) -> bytes:
        content = read(path)
        path.write_bytes(changed(content, {"A1": "别的"}))
        return content

    monkeypatch.setattr(Path, "read_bytes", then_changed)
    data, raw = open_own(kit.home.config, config.forms["T22"], config.limits)
    assert opened(data).worksheets[0]["A1"].value == raw.sheets[0].cells[1, 1].value == "青年项目台账"
