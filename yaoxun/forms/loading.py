"""Loads config/forms/*.yaml, compiles what is written there and refuses what does not fit together, by file and key.

Every rule is tried on its own example and counter-example before it may judge anybody.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from yaoxun.errors import ConfigError
from yaoxun.forms.excel_formula import excel_formula
from yaoxun.forms.expressions import BEFORE, NEW, Expression, ExpressionError, compile_expression, window_names
from yaoxun.forms.model import Form, Rule
from yaoxun.forms.settings import EXPLANATION, ColumnSetting, FormSetting, Given, RuleSetting
from yaoxun.office.model import CodeList
from yaoxun.settings import Faults, load_settings

_EXPLAIN = ColumnSetting(
    name=EXPLANATION, meaning="需要说明的情况写在这里；可选常用原因，也可直接填写。", max_chars=500, width=24
)
_TRIAL = window_names(date(2023, 3, 26), date(2023, 4, 25), date(2022, 6, 1), 4)


def load_forms(config: Path, lists: Mapping[str, CodeList]) -> dict[str, Form]:
    """All tables by id, in order of id. Raises ConfigError with all faults of their files."""
    faults = Faults()
    forms = gather_forms(config, lists, faults)
    faults.stop()
    return forms


def gather_forms(config: Path, lists: Mapping[str, CodeList], faults: Faults) -> dict[str, Form]:
    """The tables that can be used; what is wrong with the others goes to `faults`."""
    forms: dict[str, Form] = {}
    for path in sorted((config / "forms").glob("*.yaml")):
        with faults.gathered():
            form = load_form(path, lists)
            if form.id in forms:
                problem = f"表号“{form.id}”已被{forms[form.id].file.name}使用"
                raise ConfigError(file=path, key="id", problem=problem, remedy="请换一个表号。")
            forms[form.id] = form
    for form in forms.values():
        for key, problem in _between(form, forms):
            faults.add(
                ConfigError(file=form.file, key=key, problem=problem, remedy="请改正表号或列名，或把那张表补上。")
            )
    return dict(sorted(forms.items(), key=lambda item: (item[0].rstrip("0123456789"), len(item[0]), item[0])))


def _between(form: Form, forms: Mapping[str, Form]) -> Iterator[tuple[str, str]]:
    """(key, problem) where a table names a table or column of another that is not there."""
    refers = ((f"columns.{c.name}.refers", c.refers.table, c.refers.column) for c in form.columns if c.refers)
    flows = (("flows.agrees_with", f.agrees_with.table, (f.agrees_with.column, *form.setting.key))
             for f in form.setting.flows if f.agrees_with)  # fmt: skip
    for key, table, columns in (*((key, table, (column,)) for key, table, column in refers), *flows):
        if table not in forms and (form.file.parent / f"{table}.yaml").is_file():
            continue  # it has faults of its own, which are told there
        if table not in forms:
            yield key, f"没有报表“{table}”"
        else:
            yield from ((key, f"{table} 没有“{c}”这一列") for c in columns if c not in forms[table].by_name)


def load_form(path: Path, lists: Mapping[str, CodeList]) -> Form:
    """One table. Raises ConfigError with all its faults."""
    return _Loader(path, load_settings(path, FormSetting), lists).form()


class _Loader:
    """Compiles one definition; every fault leaves as a ConfigError of this file."""

    def __init__(self, path: Path, setting: FormSetting, lists: Mapping[str, CodeList]) -> None:
        self.path, self.setting, self.lists = path, setting, lists
        has_own = any(column.name == EXPLANATION for column in setting.columns)
        self.columns = setting.columns if has_own else (*setting.columns, _EXPLAIN)
        self.numbers = {column.name: column.numeric for column in self.columns}
        self.faults = Faults()

    def form(self) -> Form:
        self._check_references()
        setting = self.setting
        formulas = {
            c.name: self._compile(c.formula, f"columns.{c.name}.formula", True) for c in self.columns if c.formula
        }
        rules = tuple(
            Rule(setting=rule, must=self._compile(rule.must, f"rules.{rule.id}.must", rule.blanks))
            for rule in setting.rules
        )
        opens = self._compile(setting.register_.open, "register.open", True) if setting.register_ else None
        when = tuple(self._compile(f.when, "flows.when", True) if f.when else None for f in setting.flows)
        self.faults.stop()
        form = Form(
            setting=setting, columns=self.columns, formulas=dict(self._in_order(formulas)), rules=rules, opens=opens,
            flow_when=when, file=self.path,
        )  # fmt: skip
        self._check_excel(form)
        for rule in rules:
            with self.faults.gathered():
                self._try(form, rule)
        self.faults.stop()
        return form

    def _fail(self, key: str, problem: str, remedy: str) -> ConfigError:
        return ConfigError(file=self.path, key=key, problem=problem, remedy=remedy)

    def _compile(self, source: str, key: str, blanks: bool) -> Expression:
        try:
            return compile_expression(source, self.numbers, blanks=blanks)
        except ExpressionError as err:
            self.faults.add(self._fail(key, str(err), "可用的列名：" + "、".join(self.numbers) + "。"))
            return compile_expression("True", {}, blanks=True)  # the form is not used; the other faults are looked for

    def _check_references(self) -> None:
        for key, name in self._named_columns():
            if name and name not in self.numbers:
                remedy = "请改成本表的列名：" + "、".join(self.numbers) + "。"
                self.faults.add(self._fail(key, f"本表没有“{name}”这一列", remedy))
        for key, name in self._named_lists():
            if name and name not in self.lists and not self._is_list_file(name):
                remedy = f"请在 config/lists/ 建立它，或改用：{'、'.join(sorted(self.lists))}。"
                self.faults.add(self._fail(key, f"没有名为“{name}”的代码表", remedy))
        plain = {c.name for c in self.columns if not c.formula}
        for total in (total for flow in self.setting.flows for total in flow.totals if total in plain):
            self.faults.add(self._fail("flows.totals", f"“{total}”不是由公式算出的列", "请给这一列写 formula。"))

    def _is_list_file(self, name: str) -> bool:
        """Whether the list is there and has faults of its own, which are told there."""
        return (self.path.parent.parent / "lists" / f"{name}.yaml").is_file()

    def _named_columns(self) -> Iterator[tuple[str, str]]:
        setting = self.setting
        yield from (("key", name) for name in setting.key)
        for column in self.columns:
            yield f"columns.{column.name}.unit_from", column.unit_from
            yield f"columns.{column.name}.reason", column.reason
            yield f"columns.{column.name}.prefill.previous", column.prefill.previous if column.prefill else ""
        for flow in setting.flows:
            yield from (("flows", name) for name in (flow.amount, flow.correction, *flow.totals))
        for rule in setting.rules:
            yield f"rules.{rule.id}.place", rule.place
            for part in ("example", "counter", "before"):
                yield from ((f"rules.{rule.id}.{part}", name) for name in getattr(rule, part) or {})
        yield from (("sample", name) for name in setting.sample)
        if setting.register_:
            yield "register.number", setting.register_.number
        if setting.reconcile:
            yield "reconcile.column", setting.reconcile.column
        if setting.similar:
            yield from (("similar", name) for name in (setting.similar.column, setting.similar.same))

    def _named_lists(self) -> Iterator[tuple[str, str]]:
        yield from ((f"columns.{column.name}.list", column.list) for column in self.columns)
        if self.setting.rows and self.setting.rows.list:
            yield "rows.list", self.setting.rows.list

    def _in_order(self, formulas: Mapping[str, Expression]) -> Iterator[tuple[str, Expression]]:
        """Computed columns after those they are computed from."""
        done: set[str] = set()
        while len(done) < len(formulas):
            ready = [n for n, e in formulas.items() if n not in done and not (e.names & formulas.keys()) - done]
            if not ready:
                stuck = "、".join(n for n in formulas if n not in done)
                raise self._fail("columns", f"公式互相引用，算不出来：{stuck}", "请改掉其中一个公式。")
            yield from ((name, formulas[name]) for name in ready)
            done |= set(ready)

    def _check_excel(self, form: Form) -> None:
        for name, expression in form.formulas.items():
            try:
                excel_formula(expression, lambda _: "A1", {**_TRIAL, NEW: True}, {})
            except ExpressionError as err:
                self.faults.add(self._fail(f"columns.{name}.formula", str(err), "请改写这个公式。"))

    def _try(self, form: Form, rule: Rule) -> None:
        """A rule that does not tell its own example from its counter-example stops the load."""
        setting, key = rule.setting, f"rules.{rule.setting.id}"
        try:
            setting.message.format(**dict.fromkeys((*self.numbers, *_TRIAL), ""))
        except (KeyError, IndexError, ValueError) as err:
            raise self._fail(f"{key}.message", f"花括号里的名字不认识：{err}", "请写成 {列名}。") from err
        for part, wanted in (("example", True), ("counter", False)):
            scope = trial_scope(form, setting, part)
            empty = [n for n in rule.must.names if scope.get(n) in (None, "")]
            try:
                result = bool(rule.must.value(scope)) if setting.blanks or not empty else None
            except (TypeError, ArithmeticError, AttributeError) as err:
                raise self._fail(f"{key}.must", f"对{part}算不出结果（{err}）", "请检查两边是不是同一类的值。") from err
            if result is not wanted:
                words = "应当通过" if wanted else "应当不通过"
                why = f"，因为这些列是空的：{'、'.join(empty)}" if result is None else ""
                raise self._fail(
                    f"{key}.{part}", f"{words}本规则，实际却没有{why}", f"请改正 must 或 {part}（或 sample）。"
                )


def trial_values(form: Form, setting: RuleSetting, part: str) -> dict[str, Any]:
    """The sample row changed by a rule's example or counter-example."""
    changed = {**form.setting.sample, **getattr(setting, part)}
    return {name: as_value(form.by_name[name], value) for name, value in changed.items()}


def trial_scope(form: Form, setting: RuleSetting, part: str) -> dict[str, Any]:
    """What the rule's condition sees of its example (computed columns computed, unless the example gives them)."""
    values = dict.fromkeys(form.by_name) | trial_values(form, setting, part)
    before = {n: as_value(form.by_name[n], v) for n, v in (setting.before or {}).items()}
    scope = {**values, BEFORE: before, NEW: setting.before is None, **_TRIAL}
    from yaoxun.forms.prefill import compute

    for name, expression in form.formulas.items():
        if scope[name] is None:
            scope[name] = compute(form.by_name[name], expression, scope)
    return scope


def as_value(column: ColumnSetting, given: Given) -> Any:
    """A value written in YAML as the value of a cell."""
    if given is None or given == "":
        return None
    if column.numeric and not isinstance(given, tuple | date):
        return Decimal(str(given))
    if column.kind == "choices":
        return given if isinstance(given, tuple) else tuple(str(given).split("、"))
    return given if isinstance(given, date | tuple) else str(given)
