"""Each rule of each shipped table: a sheet filled with its own example passes, with its counter-example fails."""

from typing import Any

import pytest
from forms_kit import LISTS, Filler, forms, frame, history, known

from yaoxun.forms.checking import check, decide
from yaoxun.forms.loading import as_value
from yaoxun.forms.model import Finding, Form, Frame, PrefillRow
from yaoxun.forms.settings import RuleSetting

RULES = [(form.id, rule) for form in forms().values() for rule in form.setting.rules]


def _values(form: Form, *parts: dict[str, Any] | None) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for part in parts:
        merged |= part or {}
    return {name: as_value(form.by_name[name], value) for name, value in merged.items()}


def _frame(form: Form, rule: RuleSetting, part: str) -> Frame:
    """The frame in which the sample row, changed by the rule's example, is printed and typed."""
    before = _values(form, form.setting.sample, rule.before) if rule.before else None
    past = history(known("row1", **before)) if before else history()
    made = frame(form.id, history=past)
    if form.fixed:
        entry = next(iter(LISTS[form.setting.rows.list].entries)) if form.setting.rows else None
        values = _values(form, form.setting.sample, getattr(rule, part))
        ours = {c.name: values.get(c.name) if c.ours else None for c in form.columns}
        made.__dict__["prefill"] = {"row1": PrefillRow(uid="row1", values=ours, entry=entry)}
    return made


def findings(table: str, rule: RuleSetting, part: str) -> tuple[Finding, ...]:
    form = forms()[table]
    filler = Filler(_frame(form, rule, part)).declare_all()
    values = _values(form, form.setting.sample, getattr(rule, part))
    typed = {name: value for name, value in values.items() if not form.by_name[name].ours}
    return check(filler.type(table, 0, typed).table(table))


@pytest.mark.parametrize(("table", "rule"), RULES, ids=lambda x: getattr(x, "id", x))
def test_a_sheet_filled_with_a_rules_own_example_passes(table: str, rule: RuleSetting) -> None:
    found = findings(table, rule, "example")
    assert [f.sentence for f in found if f.level in ("强制", "须说明") or f.rule == rule.id] in ([], _unchanged(found))


def _unchanged(found: tuple[Finding, ...]) -> list[str]:
    """An example that repeats what was accepted has nothing new, which C07 says; that is all it may say."""
    return [f.sentence for f in found if f.rule == "C07"]


@pytest.mark.parametrize(("table", "rule"), RULES, ids=lambda x: getattr(x, "id", x))
def test_a_sheet_filled_with_a_rules_counter_example_fails_with_that_rules_id(table: str, rule: RuleSetting) -> None:
    found = [f for f in findings(table, rule, "counter") if f.rule == rule.id]
    assert [(f.level, f.column) for f in found] == [(rule.level, rule.place)]
    assert "{" not in found[0].message


@pytest.mark.parametrize("table", sorted(forms()))
def test_the_sample_row_of_a_table_is_accepted(table: str) -> None:
    form = forms()[table]
    values = {n: v for n, v in _values(form, form.setting.sample).items() if not form.by_name[n].ours}
    filler = Filler(frame(table)).declare_all().type(table, 0, values)
    if form.fixed:
        filler.type(table, 1, values)
    assert decide(check(filler.table(table))) == "接收"
