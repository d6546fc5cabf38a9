"""History comes in from flat tables, the office's own sheets and our old templates: once, whole or not at all, with every
fault told at its cell, under the official numbers that it brings.
"""

import csv
import shutil
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from support.filling import policy
from support.office_kit import BUREAU, COUNTY, OTHER_COUNTY, OfficeKit, make_office
from support.own_sheets import CARD, REGISTER, SUMMARY, card_book, changed, put, register_book, summary_book
from tasks.import_history import import_files, import_history
from yaoxun.errors import RequestError
from yaoxun.home import Home
from yaoxun.returns.past_sheets import Stated

COUNTIES = ("城区", "泽州县", "高平市", "阳城县", "陵川县", "沁水县")
BOTH = f"{COUNTY}, {OTHER_COUNTY}"
LATER = "2023-06-20T10:00"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    kit = make_office(tmp_path_factory.mktemp("history") / "home", (COUNTY, OTHER_COUNTY, BUREAU), issued=False)
    put(kit.home.config, SUMMARY, summary_book(COUNTIES), BOTH)
    put(kit.home.config, CARD, card_book(), BOTH)
    put(kit.home.config, REGISTER, register_book(), BOTH, "有则报")
    return kit.home.root


@pytest.fixture
def kit(made: Path, tmp_path: Path) -> OfficeKit:
    shutil.copytree(made, tmp_path / "home")
    return OfficeKit(Home((tmp_path / "home").resolve()), LATER)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def summary(month: str, cells: dict[str, Any]) -> bytes:
    return changed(summary_book(COUNTIES, month=month), cells)


def flat(path: Path, *rows: tuple[str, ...]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def facts(kit: OfficeKit, indicator: str) -> list[tuple[str, str, int, str]]:
    rows = kit.query("select org, period, value, cell from fact where indicator = :i order by period, org", i=indicator)
    return [tuple(row) for row in rows]


def numbers(kit: OfficeKit, register: str = "T22") -> list[str]:
    rows = kit.query("select official_no as n from register_entry where register = :r order by n", r=register)
    return [row.n for row in rows]


def test_a_whole_sheet_comes_in_with_every_organisation_and_its_cells(kit: OfficeKit, folder: Path) -> None:
    file = written(folder / "旧表.xlsx", summary("2022年12月", {"C7": 10, "D7": 90, "C12": 4, "F12": 1.25}))
    done = import_history(kit.ctx(), file)
    assert (done.groups, done.rows) == (2, 2)
    assert facts(kit, "T20.本月") == [("chengqu", "2022-12", 10, "C7"), ("lingchuan", "2022-12", 4, "C12")]
    assert facts(kit, "T20.累计") == [("chengqu", "2022-12", 90, "D7"), ("lingchuan", "2022-12", 4, "C12")]
    assert kit.query("select channel, state from arrival") == [("import", "已判")]
    placed = kit.query("select org, table_id, period, sheet from placement order by id")
    assert placed == [("chengqu", "T20", "2022-12", "汇总"), ("lingchuan", "T20", "2022-12", "汇总")]


def test_several_files_come_in_oldest_first_and_once(kit: OfficeKit, folder: Path) -> None:
    files = [
        written(folder / "a.xlsx", summary("2022年12月", {"C7": 30})),
        written(folder / "b.xlsx", summary("2022年11月", {"C7": 20, "D7": 20})),
        written(folder / "c.xlsx", summary("2022年10月", {"C7": "十"})),
    ]
    done = import_files(kit.ctx(), files)
    assert [one.file for one in done.files] == ["c.xlsx", "b.xlsx", "a.xlsx"]
    assert done.refused == 1 and "「汇总」C7" in done.files[0].refused
    assert done.files[0].summary().count("c.xlsx") == 1, "named once, in front"
    assert [value for *_, value, _ in facts(kit, "T20.累计")] == [20, 50]
    again = import_files(kit.ctx(), files[:2])
    assert [one.groups for one in again.files] == [0, 0] and "早已导入" in again.files[0].summary()
    assert done.summary() == "共 3 个文件：导入 2 个，没有导入 1 个。"
    assert again.summary() == "共 2 个文件：早已导入 2 个。"
    assert len(facts(kit, "T20.本月")) == 2


def test_a_sum_that_is_wrong_is_told_and_does_not_keep_the_file_out(kit: OfficeKit, folder: Path) -> None:
    done = import_history(kit.ctx(), written(folder / "旧.xlsx", summary("2022年12月", {"C7": 1, "C8": 2, "C15": 9})))
    assert len(done.hints) == 1 and done.hints[0].startswith("「汇总」C15：")
    assert done.summary().endswith(f"另有 1 处要核对（不影响导入）：\n  {done.hints[0]}")
    assert kit.query("select rule, sheet, cell from finding") == [("S09", "汇总", "C15")]


def test_what_the_sheet_does_not_say_is_said_by_hand(kit: OfficeKit, folder: Path) -> None:
    file = written(folder / "卡片.xlsx", changed(card_book(), {"B3": 700}))
    with pytest.raises(RequestError, match="--period"):
        import_history(kit.ctx(), file)
    with pytest.raises(RequestError, match="--org"):
        import_history(kit.ctx(), file, Stated(period="2022-12"))
    with pytest.raises(RequestError, match="没有单位“无此单位”"):
        import_history(kit.ctx(), file, Stated(period="2022-12", org="无此单位"))
    import_history(kit.ctx(), file, Stated(table="T21", period="2022-12", org="城区"))
    assert facts(kit, "T21.青年人数") == [("chengqu", "2022-12", 700, "B3")]


def test_an_old_template_of_ours_comes_in_as_it_stands(kit: OfficeKit, folder: Path, tmp_path: Path) -> None:
    other = make_office(tmp_path / "other", (BUREAU,), now="2023-03-27T10:00")
    old = written(folder / "示例单位01-2023-03.xlsx", other.filled(BUREAU, rows={"T3": [policy(1), policy(2)]}))
    done = import_history(kit.ctx(), old)
    assert done.groups >= 2
    rows = kit.query("select count(*) as n from sheet_row where entry is not null")
    assert rows[0].n == 2 and numbers(kit, "T3") == ["ZC0001", "ZC0002"]
    assert facts(kit, "I001")[0][:2] == ("danwei01", "2023-03")


# Registers


def register(month: str, org: str, cells: dict[str, Any]) -> bytes:
    return changed(register_book(month=month), {"A2": f"填报单位：{org}", **cells})


def entry(row: int, number: str, name: str, state: str = "在建") -> dict[str, Any]:
    return {f"B{row}": number or None, f"C{row}": name, f"D{row}": 10, f"E{row}": state}


def test_official_numbers_are_kept_and_the_series_goes_on_after_the_highest(kit: OfficeKit, folder: Path) -> None:
    first = register("2022年11月", "城区", {**entry(5, "XM088", "甲"), **entry(6, "旧-3", "乙"), **entry(9, "", "丙")})
    import_history(kit.ctx(), written(folder / "1.xlsx", first))
    assert numbers(kit) == ["XM088", "XM089", "旧-3"]
    second = register("2022年12月", "泽州县", entry(5, "", "丁"))
    import_history(kit.ctx(), written(folder / "2.xlsx", second))
    assert numbers(kit) == ["XM088", "XM089", "XM090", "旧-3"]


def test_a_series_begins_with_its_configured_first_number(kit: OfficeKit, folder: Path) -> None:
    import_history(kit.ctx(), written(folder / "1.xlsx", register("2022年12月", "城区", entry(5, "", "甲"))))
    assert numbers(kit) == ["XM007"]


def test_a_number_of_another_entry_is_a_fault_at_its_cell(kit: OfficeKit, folder: Path) -> None:
    import_history(kit.ctx(), written(folder / "1.xlsx", register("2022年11月", "城区", entry(5, "XM088", "甲"))))
    wrong = register(
        "2022年12月", "泽州县", {**entry(5, "XM088", "乙"), **entry(6, "XM090", "丙"), **entry(7, "XM090", "丁")}
    )
    with pytest.raises(RequestError) as told:
        import_history(kit.ctx(), written(folder / "2.xlsx", wrong))
    assert "「台账」B5：编号XM088已是另一项的" in str(told.value) and "「台账」B7" in str(told.value)
    assert numbers(kit) == ["XM088"]


# Faults


def test_every_fault_of_a_file_is_told_with_sheet_and_cell(kit: OfficeKit, folder: Path) -> None:
    counties = ("城区", "某县", "高平市", "阳城县", "陵川县", "沁水县")
    cells = {"C7": "3人", "C8": 1, "E9": -4, "F11": 1.234, "D12": 1}
    file = written(folder / "错.xlsx", changed(summary_book(counties, month="2022年12月"), cells))
    with pytest.raises(RequestError) as told:
        import_history(kit.ctx(), file)
    text = str(told.value)
    assert "有 6 处要改" in text
    for place in ("C7", "B8", "E9", "F11", "C9", "C11"):
        assert f"「汇总」{place}：" in text
    assert kit.query("select id from arrival") == []


@pytest.mark.parametrize("words", [("城区", "泽州县"), (COUNTY, OTHER_COUNTY)])
def test_a_flat_table_feeds_a_table_whose_one_row_is_the_organisation(
    kit: OfficeKit, folder: Path, words: tuple[str, str]
) -> None:
    file = flat(
        folder / "历史.csv",
        ("表号", "报告期", "单位", "本月", "累计", "见习补贴"),
        ("T20", "2022-12", words[0], "12", "120", "3.5"),
        ("T20", "2022-12", words[1], "7", "70", ""),
        ("T20", "2022-11", words[0], "11", "108", "2"),
    )
    (done,) = import_files(kit.ctx(), [file], Stated()).files
    assert not done.refused, done.summary()
    assert [row[:3] for row in facts(kit, "T20.累计")] == [
        ("chengqu", "2022-11", 108), ("chengqu", "2022-12", 120), ("zezhou", "2022-12", 70),
    ]  # fmt: skip
    assert kit.query("select distinct row_uid as uid from fact where org = 'zezhou'")[0].uid == OTHER_COUNTY


def test_the_organisations_row_may_be_named_twice_but_not_as_another(kit: OfficeKit, folder: Path) -> None:
    header = ("表号", "报告期", "单位", "县（市、区）", "本月")
    path = kit.home.config / "forms" / "T20.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("{name: 单位, locked", "{name: 单位, header: 县（市、区）, locked"), encoding="utf-8")
    same = flat(folder / "甲.csv", header, ("T20", "2022-12", "城区", "城区", "12"))
    import_history(kit.ctx(), same)
    other = flat(
        folder / "乙.csv", header, ("T20", "2022-11", "城区", "泽州县", "12"), ("T20", "2022-10", "城区", "", "9")
    )
    with pytest.raises(RequestError, match="D2：这一行对不上 T20 里城区的任何一行"):
        import_history(kit.ctx(), other)


def test_a_register_that_names_the_organisation_in_a_column_gets_it(kit: OfficeKit, folder: Path) -> None:
    path = kit.home.config / "forms" / "T22.yaml"
    text = path.read_text(encoding="utf-8")
    text = text.replace("  - {name: 类别,", "  - {name: 单位, meaning: 填报单位}\n  - {name: 类别,")
    text = text.replace("  header_rows: 2\n", "  header_rows: 2\n  organisation: 单位\n")
    path.write_text(text.replace("columns: {编号: 编号,", "columns: {单位: 单位, 编号: 编号,"), encoding="utf-8")
    file = flat(
        folder / "台账.csv",
        ("表号", "报告期", "单位", "类别", "项目名称", "投资", "状态"),
        ("T22", "2022-12", "泽州县", "住房", "示例公寓", "50", "在建"),
    )
    import_history(kit.ctx(), file)
    (row,) = kit.query("select cells from sheet_row")
    assert "泽州县" in str(row.cells)


def test_a_flat_table_tells_all_its_faults_too(kit: OfficeKit, folder: Path) -> None:
    file = flat(
        folder / "历史.csv",
        ("表号", "报告期", "单位", "措施", "指标", "口径", "本期完成", "奇怪的列"),
        ("T1", "2022-12", "示例单位01", "", "没有这个指标", "全市", "5", "x"),
        ("T9x", "2022-12", "示例单位01", "", "a", "全市", "5", ""),
        ("T1", "2022-13", "示例单位01", "", "a", "全市", "5", ""),
        ("T1", "2022Q4", "示例单位01", "", "a", "全市", "5", ""),
        ("T1", "2022-12", "谁也不是", "", "a", "全市", "5", ""),
        ("T1", "", "示例单位01", "", "a", "全市", "5", ""),
    )
    with pytest.raises(RequestError) as told:
        import_history(kit.ctx(), file)
    text = str(told.value)
    for place in ("E2", "H1", "A3", "B4", "B5", "C6", "B7"):
        assert f"{place}：" in text
    assert "指标“没有这个指标”" in text and "请核对指标、口径" in text


def test_a_sum_of_several_periods_is_told_as_what_it_is(kit: OfficeKit, folder: Path) -> None:
    rows = [("T20", period, "城区", "12") for period in ("2022-11", "2022年四季度小计", "四季度小计", "10-12月合计")]
    with pytest.raises(RequestError) as told:
        import_history(kit.ctx(), flat(folder / "历史.csv", ("表号", "报告期", "单位", "本月"), *rows))
    text = str(told.value)
    for place, label in (("B3", "2022年四季度小计"), ("B4", "四季度小计"), ("B5", "10-12月合计")):
        assert f"{place}：“{label}”是几期的合计，不是一个报告期的数" in text
    assert "请删去这一行" in text and "B2：" not in text


def test_a_sheet_of_sums_of_several_periods_is_told_by_its_name(kit: OfficeKit, folder: Path) -> None:
    book = openpyxl.load_workbook(BytesIO(summary("2022年　月", {"C7": 5})))
    sheet = book.worksheets[0]
    for name in ("12月", "四季度小计"):
        copy = book.copy_worksheet(sheet)
        copy.title, copy["A2"] = name, "2022年"
    book.remove(sheet)
    book.save(folder / "全年.xlsx")
    with pytest.raises(RequestError) as told:
        import_history(kit.ctx(), folder / "全年.xlsx")
    assert "工作表“四季度小计”是几期的合计" in str(told.value) and "12月" not in str(told.value)


def test_no_more_than_fifty_faults_are_told(kit: OfficeKit, folder: Path) -> None:
    rows = [("T1", "2022-12", f"谁{n}", "a", "全市", "5") for n in range(60)]
    file = flat(folder / "多.csv", ("表号", "报告期", "单位", "指标", "口径", "本期完成"), *rows)
    with pytest.raises(RequestError, match=r"有 60 处要改[\s\S]*另有 10 处"):
        import_history(kit.ctx(), file)


def test_one_table_twice_in_a_file_is_a_fault(kit: OfficeKit, folder: Path) -> None:
    from io import BytesIO

    from support.own_sheets import opened

    book = opened(summary("2022年12月", {"C7": 1}))
    book.copy_worksheet(book.worksheets[0]).title = "又一份"
    out = BytesIO()
    book.save(out)
    with pytest.raises(RequestError, match="「又一份」B7：.*“汇总”里已有一份"):
        import_history(kit.ctx(), written(folder / "两份.xlsx", out.getvalue()))


def test_a_file_that_holds_nothing_we_know_says_so(kit: OfficeKit, folder: Path) -> None:
    file = flat(folder / "别的.csv", ("a", "b"), ("1", "2"))
    with pytest.raises(RequestError, match="第一行缺少表号、报告期、单位"):
        import_history(kit.ctx(), file)


def test_what_was_imported_is_what_the_next_period_is_compared_with(kit: OfficeKit, folder: Path) -> None:
    months = ("2022年11月", "2022年12月", "2023年1月", "2023年2月")
    files = [written(folder / f"{n}.xlsx", summary(month, {"C7": 100})) for n, month in enumerate(months)]
    assert import_files(kit.ctx("2023-03-26T09:00"), files).refused == 0
    kit.issue()
    (path,) = kit.home.issued.glob("*/城区-2023-03-青年就业情况汇总表.xlsx")
    kit.drop(changed(path.read_bytes(), {"C7": 900}), "城区.xlsx")
    kit.collect("2023-03-27T10:00")
    found = {(r.rule, r.cell) for r in kit.query("select rule, cell from finding")}
    assert ("C13", "C7") in found


def test_a_period_that_is_still_reported_is_not_imported(kit: OfficeKit, folder: Path) -> None:
    file = written(folder / "旧.xlsx", summary("2023年3月", {"C7": 1}))
    with pytest.raises(RequestError, match="「汇总」.*还没有锁定"):
        import_history(kit.ctx("2023-03-20T09:00"), file)


def test_a_known_file_whose_organisation_was_renamed_says_so_and_not_that_somebody_is_importing_it(
    kit: OfficeKit, folder: Path
) -> None:
    head = ("表号", "报告期", "单位", "名称", "类别", "日期", "主办")
    file = flat(folder / "往期.csv", head, ("T7", "试点前", "城区", "示例活动", "活动", "2022-04-01", "示例单位"))
    import_history(kit.ctx(), file)
    for settings in kit.home.config.rglob("*.yaml"):
        settings.write_text(settings.read_text(encoding="utf-8").replace("城区", "主城"), encoding="utf-8")
    with pytest.raises(RequestError, match="城区"):
        import_history(kit.ctx(), file)
