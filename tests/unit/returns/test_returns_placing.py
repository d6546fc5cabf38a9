"""Where a file belongs: as staff say, else as it says itself, else by the folder it lay in."""

from functools import cache
from typing import Any

import pytest

from yaoxun.forms.envelope import Cover, Identity, Meta, SheetMeta
from yaoxun.home import shipped
from yaoxun.office.loading import load_office
from yaoxun.office.office import Office
from yaoxun.returns.placing import Assigned, as_stated, dropped_by, place, seen_of
from yaoxun.sheets.model import RawCell, RawSheet, RawWorkbook

T1 = {"T1": "T1 措施推进表"}


@cache
def office() -> Office:
    return load_office(shipped("config"))


def identity(*, org: str = "", period: str = "", tables: dict[str, str] = T1, **cover: str) -> Identity:
    sheets = tuple(SheetMeta(table=t, period=period, sheet=s) for t, s in tables.items())
    meta = Meta(template="t", version=1, org=org, sheets=sheets) if org else None
    return Identity(meta=meta, cover=Cover(sheet="封面", fields=cover), tables=tables)


def placed(*words: Any, **named: Any) -> tuple[str, dict[str, str], str]:
    found = place(*words, **named)
    return (found.org.code if found.org else "", {t: p.label for t, p in found.periods.items()}, found.how)


def test_without_staff_the_hidden_sheet_goes_before_the_cover() -> None:
    said = identity(org="chengqu", period="2023-03", 填报单位="泽州县", 报告期="2023-04")
    assert placed(said, office()) == ("chengqu", {"T1": "2023-03"}, "按模板身份页")
    assert placed(identity(填报单位="泽州县", 报告期="2023-04"), office()) == (
        "zezhou",
        {"T1": "2023-04"},
        "按封面填报单位",
    )


def test_what_staff_say_goes_before_both_and_what_they_do_not_say_stays_the_files() -> None:
    said = identity(org="chengqu", period="2023-03")
    assert placed(said, office(), Assigned(org="zezhou")) == ("zezhou", {"T1": "2023-03"}, "按办公室认领")
    assert placed(said, office(), Assigned(period="2023-04"))[:2] == ("chengqu", {"T1": "2023-04"})


def test_a_period_said_by_staff_holds_for_tables_of_its_kind_only() -> None:
    said = identity(org="chengqu", period="2023-03", tables=T1)
    assert placed(said, office(), Assigned(period="2023Q1"))[1] == {"T1": "2023-03"}


def test_a_table_that_does_not_stand_where_staff_say_places_nothing_and_says_why() -> None:
    found = place(identity(org="chengqu", period="2023-03"), office(), Assigned(sheets={"T1": "封面"}))
    assert found.org is None and found.periods == {} and found.reason == "工作表“封面”里认不出 T1"


@pytest.mark.parametrize(
    ("folder", "org"),
    [("城区", "chengqu"), ("城区/3月", "chengqu"), ("区县/泽州县/补报", "zezhou"), ("3月", ""), ("", "")],
)
def test_the_folder_is_the_innermost_that_is_an_organisations(folder: str, org: str) -> None:
    found = dropped_by(office(), folder)
    assert (found.code if found else "") == org


def test_the_folder_places_a_file_that_says_nothing_and_no_other() -> None:
    folder = office().organisation("chengqu")
    assert placed(identity(报告期="2023-03"), office(), folder=folder) == ("chengqu", {"T1": "2023-03"}, "按所在文件夹")
    assert place(identity(填报单位="没有这家", 报告期="2023-03"), office(), folder=folder).org is None
    assert placed(identity(org="zezhou", period="2023-03"), office(), folder=folder)[0] == "zezhou"


def test_of_two_sheets_with_one_table_the_stated_one_is_left() -> None:
    def sheet(name: str) -> RawSheet:
        words = {(3, 1): "#T1", (3, 2): "指标代码", (3, 3): "指标名称"}
        cells = {at: RawCell(*at, "text", text) for at, text in words.items()}
        return RawSheet(name=name, state="visible", cells=cells)

    from yaoxun.forms.loading import load_forms

    forms = load_forms(shipped("config"), office().code_lists)
    raw = RawWorkbook(sheets=(sheet("旧"), sheet("新"), RawSheet(name="说明", state="visible", cells={})))
    assert [s.name for s in as_stated(raw, forms, {"T1": "新"}).sheets] == ["新", "说明"]
    assert as_stated(raw, forms, {}) == raw


def test_what_a_file_told_is_put_together_for_people() -> None:
    said = identity(tables={"T1": "甲", "T3": "乙"}, 填报单位="某单位", 报告期="2023-03")
    assert seen_of(said, None) == {"org": "某单位", "tables": "T1、T3", "period": "2023-03"}
    assert seen_of(said, office().organisation("chengqu"))["org"] == "城区"
    assert seen_of(None, None) == {}
