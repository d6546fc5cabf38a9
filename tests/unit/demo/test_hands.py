"""The hands fill issued workbooks such that nothing is found, keep off locked cells, and make the mistakes they mean to."""

import dataclasses
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from support.quarter_kit import at
from tasks.config import import_config
from tasks.desk import load_config
from tasks.issue_templates import issue_templates
from tasks.judge import judge_batch, waiting
from tasks.take_in import take_in
from yaoxun.demo import mistakes
from yaoxun.demo.play import prepare
from yaoxun.demo.quarter import Desks
from yaoxun.demo.story import COUNTIES, make_story

ORGS = ("chengqu", "danwei01", "danwei03")


@pytest.fixture(scope="module")
def desks(tmp_path_factory: pytest.TempPathFactory) -> Desks:
    home = prepare(tmp_path_factory.mktemp("hands") / "home")
    import_config(at(home, "2023-01-03T09:00"))
    issue_templates(at(home, "2023-01-25T09:00"), "2023-01")
    return Desks(home=home, office=load_config(home).office, story=make_story())


def judged(desks: Desks) -> list[dict[str, str]]:
    ctx = at(desks.home, "2023-01-28T10:00")
    take_in(ctx)
    return [dict(one.decisions) for one in judge_batch(ctx, waiting(ctx)).judged]


def test_an_honestly_filled_workbook_is_accepted_in_every_table(desks: Desks) -> None:
    for org in ORGS:
        desks.report(org, "2023-01")
    decided = judged(desks)
    assert [len(one) for one in decided] == [5, 6, 6]
    assert {decision for one in decided for decision in one.values()} == {"接收"}


def test_each_mistake_is_returned_where_it_was_made_and_nowhere_else(desks: Desks) -> None:
    desks.report("danwei02", "2023-01", mistakes.spoil)
    (decided,) = judged(desks)
    assert {table for table, decision in decided.items() if decision == "退回"} == set(mistakes.FAULTS)


def test_locked_and_computed_cells_are_left_as_they_were_issued(desks: Desks) -> None:
    issued = openpyxl.load_workbook(desks.home.issued / "2023-01" / "示例单位04-2023-01.xlsx")
    filled = openpyxl.load_workbook(BytesIO(desks.filled("danwei04", "2023-01").saved()))
    locked = [(ws.title, cell.coordinate) for ws in issued for row in ws.iter_rows() for cell in row
              if ws.protection.sheet and cell.protection.locked]  # fmt: skip
    assert len(locked) > 20
    assert all(issued[sheet][place].value == filled[sheet][place].value for sheet, place in locked)


def test_typing_into_a_locked_cell_is_refused(desks: Desks) -> None:
    book = desks.filled("danwei04", "2023-01")
    with pytest.raises(ValueError, match="锁定"):
        book.type("T1", book.printed_rows("T1")[0], {"年度目标": 1})


def test_the_same_seed_types_the_same(desks: Desks) -> None:
    def values(content: bytes) -> list[Any]:
        return [c.value for ws in openpyxl.load_workbook(BytesIO(content)) for row in ws.iter_rows() for c in row]

    once, again = (desks.filled("danwei05", "2023-01").saved() for _ in range(2))
    assert values(once) == values(again)


def test_nobody_is_named(desks: Desks) -> None:
    book = openpyxl.load_workbook(BytesIO(desks.filled(COUNTIES[0], "2023-01").saved()))
    cover = {row[1].value: row[2].value for row in book["封面"].iter_rows(max_row=9)}
    assert all("示例" in str(cover[label]) for label in ("填报人", "审核人", "负责人"))


def test_values_of_the_plan_are_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        make_story().before_pilot = ()  # type: ignore[misc]
