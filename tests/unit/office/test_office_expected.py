from pathlib import Path

import pytest
from office_kit import FILES, day, edited, office, sample

from yaoxun.errors import RequestError
from yaoxun.office.model import Organisation


def test_everyone_but_collector_and_issuer_owes_the_sample_tables() -> None:
    found = sample()
    march = found.period("2023-03")
    reporting = found.reporting_organisations(march)
    assert len(reporting) == 26
    assert not {found.collector, found.issuer} & set(reporting)
    duties = {(e.table, e.duty) for e in found.expected(march)}
    assert duties == {("T1", "必报"), ("T2", "必报"), *((table, "有则报") for table in ("T3", "T5", "T7", "T8"))}
    assert len(found.expected(march)) == 26 * 5 + 20
    quarter = found.expected(found.period("2023Q1"))
    assert {(e.table, e.duty) for e in quarter} == {("T4", "必报"), ("T6", "必报"), ("T9", "必报")}
    assert len(quarter) == 26 * 3
    week = found.expected(found.period("2023-W14"))
    assert {(e.org.kind, e.table, e.duty) for e in week} == {("成员单位", "W", "必报")} and len(week) == 20
    assert found.expected(found.period("2023-W13")) == ()


def test_what_is_owed_comes_in_office_order_and_in_order_of_tables() -> None:
    expected = sample().expected(sample().period("2023-03"))
    assert [(e.org.short, e.table) for e in expected[:6]] == [
        ("城区", "T1"), ("城区", "T3"), ("城区", "T5"), ("城区", "T7"), ("城区", "T8"), ("泽州县", "T1"),
    ]  # fmt: skip


def test_a_table_is_owed_for_periods_of_its_own_kind_only(tmp_path: Path) -> None:
    found = office(tmp_path)
    quarter = found.expected(found.period("2023Q1"))
    assert [(e.org.code, e.table, e.valid_from) for e in quarter] == [
        ("dw1", "T4", day("2023-01-01")), ("dw2", "T4", day("2023-01-01")),
    ]  # fmt: skip
    assert {e.table for e in found.expected(found.period("2023-03"))} == {"T1"}


def test_an_assignment_counts_within_its_dates(tmp_path: Path) -> None:
    found = office(tmp_path)
    assert found.expected(found.period("2022Q4")) == ()
    assert len(found.expected(found.period("2023Q1"))) == 2


def test_one_more_organisation_is_one_entry_and_owes_from_its_first_day(tmp_path: Path) -> None:
    entry = "  - {code: dw3, name: 示例单位三, kind: 成员单位, valid_from: 2023-03-10, valid_to: 2023-05-15}\n"
    found = office(tmp_path, organisations=FILES["organisations.yaml"] + entry)

    def owing(label: str) -> list[str]:
        return [o.code for o in found.reporting_organisations(found.period(label))]

    assert owing("2023-02") == ["chengqu", "dw1", "dw2"]
    assert owing("2023-03") == ["chengqu", "dw1", "dw2", "dw3"]
    assert owing("2023-05") == ["chengqu", "dw1", "dw2"]
    newcomer = found.expected(found.period("2023-03"))[-1]
    assert (newcomer.org.code, newcomer.valid_from) == ("dw3", day("2023-03-10"))
    assert found.expected(found.period("2023-03"))[0].valid_from is None
    assert len(found.organisations_as_of(day("2023-03-09"))) == 5
    assert len(found.organisations_as_of(day("2023-03-10"))) == 6


def test_of_two_entries_for_one_table_the_later_holds_while_it_is_in_force(tmp_path: Path) -> None:
    entry = "  - {orgs: [dw2], tables: [T1], period: month, duty: 有则报, valid_from: 2023-03-01}\n"
    found = office(tmp_path, assignments=FILES["assignments.yaml"] + entry)

    def duties(label: str) -> dict[str, str]:
        return {e.org.code: e.duty for e in found.expected(found.period(label))}

    assert duties("2023-02") == {"chengqu": "必报", "dw1": "必报", "dw2": "必报"}
    assert duties("2023-03") == {"chengqu": "必报", "dw1": "必报", "dw2": "有则报"}


@pytest.mark.parametrize("text", ["chengqu", "城区（示例）", "城区(示例)", " 城 区 ", "示例城区"])
def test_an_organisation_is_found_by_any_of_its_names(tmp_path: Path, text: str) -> None:
    found = office(tmp_path).find_organisation(text)
    assert isinstance(found, Organisation)
    assert found.code == "chengqu"


def test_what_is_not_on_the_list_is_not_found(tmp_path: Path) -> None:
    found = office(tmp_path)
    assert found.find_organisation("城") is None
    assert found.find_organisation("") is None
    with pytest.raises(RequestError, match="nobody"):
        found.organisation("nobody")
    with pytest.raises(RequestError, match="measure"):
        found.code_list("nothing")


def test_the_tasks_of_2023_hold_in_2023_only() -> None:
    tasks = sample().code_list("task")
    assert [len(tasks.as_of(day(d))) for d in ("2022-12-31", "2023-01-01", "2023-12-31", "2024-01-01")] == [
        0,
        45,
        45,
        0,
    ]


def test_a_lists_own_dates_are_those_of_entries_that_give_none(tmp_path: Path) -> None:
    changed = edited("lists/task.yaml", "measure: X1}", "measure: X1, valid_to: 2023-03-31}")
    tasks = office(tmp_path, **changed).code_list("task")
    assert [e.code for e in tasks.as_of(day("2023-03-31"))] == ["R1", "R2"]
    assert [e.code for e in tasks.as_of(day("2023-04-01"))] == ["R2"]
    assert tasks.as_of(day("2022-12-31")) == ()


def test_further_columns_are_kept_as_text_with_their_defaults(tmp_path: Path) -> None:
    first, second = office(tmp_path).code_list("task").entries
    assert first.attributes == {"owner": "dw1", "co": "城区、示例单位二", "measure": "X1", "target": "100"}
    assert second.attributes["target"] == "20.5"


def test_a_changed_name_is_a_second_entry_of_the_same_code(tmp_path: Path) -> None:
    changed = """
title: 措施
attributes: {group: {}}
entries:
  - {code: X1, name: 规划, valid_to: 2023-06-30}
  - {code: X1, name: 规划环境, valid_from: 2023-07-01}
  - {code: G5, name: 青·靓}
"""
    measure = office(tmp_path, lists__measure=changed).code_list("measure")
    names = [found.name for d in ("2023-06-30", "2023-07-01") if (found := measure.find("X1", day(d)))]
    assert names == ["规划", "规划环境"]
