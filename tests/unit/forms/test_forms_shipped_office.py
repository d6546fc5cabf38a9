"""The shipped tables over the shipped office: every organisation's sheets can be printed, filled and accepted."""

from dataclasses import replace
from datetime import date
from functools import lru_cache

import pytest
from forms_kit import APRIL, CONFIG, Filler

from yaoxun.forms.checking import check, decide
from yaoxun.forms.loading import as_value, load_forms
from yaoxun.forms.model import Frame, History
from yaoxun.office.loading import load_office
from yaoxun.office.model import Organisation
from yaoxun.office.office import Office

MARCH = replace(
    APRIL, label="2023-03", ordinal=3, first_day=date(2023, 3, 1), last_day=date(2023, 3, 31),
    data_from=date(2023, 2, 26), data_to=date(2023, 4, 25),
)  # fmt: skip


@lru_cache(maxsize=1)
def office() -> Office:
    return load_office(CONFIG)


def frame(table: str, org: Organisation) -> Frame:
    lists = office().code_lists
    form = load_forms(CONFIG, lists)[table]
    history = History(elsewhere={"T3.政策编号": frozenset({"ZC0001"})})
    return Frame(form=form, org=org, period=MARCH, lists=lists, history=history, pilot_start=office().pilot_start)


def test_the_shipped_tables_load_with_the_shipped_lists() -> None:
    assert list(load_forms(CONFIG, office().code_lists)) == ["T1", "T2", "T3", "T4", "T5", "T6", "T7", "T8", "T9", "W"]


def test_every_task_and_every_indicator_in_force_is_printed_for_exactly_one_organisation() -> None:
    for table, source in (("T1", "indicator"), ("T2", "task")):
        printed = [uid for org in office().organisations_as_of(MARCH.last_day) for uid in frame(table, org).prefill]
        assert sorted(printed) == sorted(e.code for e in office().code_list(source).as_of(MARCH.last_day))


def test_every_task_has_its_milestones_and_its_names() -> None:
    for org in office().organisations_as_of(MARCH.last_day):
        made = frame("T2", org)
        for row in made.prefill.values():
            assert made.options(made.form.by_name["里程碑"], row.entry)[-1].endswith("（100%）")
            assert all(row.values[name] is not None for name in ("任务", "牵引性行动", "措施", "牵头", "本季计划"))


@pytest.mark.parametrize("table", ["T1", "T2", "T3", "T4", "T5", "T6", "T7", "T8", "T9", "W"])
def test_a_table_filled_with_its_sample_is_accepted(table: str) -> None:
    org = next(
        o for o in office().organisations_as_of(MARCH.last_day) if frame("T1", o).prefill and frame("T2", o).prefill
    )
    made = frame(table, org)
    filler = Filler(made).declare_all()
    columns = made.form.by_name
    sample = {n: as_value(columns[n], v) for n, v in made.form.setting.sample.items() if not columns[n].ours}
    for n in range(len(made.prefill) or 1):
        milestone = {"里程碑": "组织实施（60%）"} if "里程碑" in columns else {}
        row = list(made.prefill.values())[n] if made.prefill else None
        if milestone and row:
            milestone["里程碑"] = made.options(columns["里程碑"], row.entry)[-2]
        filler.type(table, n, sample | milestone)
    found = check(filler.table(table))
    assert (decide(found), [f.sentence for f in found if f.level != "提示"]) == ("接收", [])


def test_what_a_table_repeats_of_a_list_agrees_with_it() -> None:
    """类型 of T6 is written as a formula, its six aspects as columns, its counties as a list of their own."""
    form, lists = load_forms(CONFIG, office().code_lists)["T6"], office().code_lists
    for entry in lists["unit_kind"].entries:
        scope = {**dict.fromkeys(form.by_name), "类别": entry.name}
        assert form.formulas["类型"].value(scope) == entry.attributes["group"]
    assert {e.name for e in lists["unit_aspect"].entries} <= form.by_name.keys()
    counties = [(o.code, o.short) for o in office().organisations if o.kind == "县"]
    assert [(e.code, e.name) for e in lists["county"].entries] == counties
