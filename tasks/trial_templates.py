"""Templates of report_templates/ tried before they are needed: every name that a template uses is looked up, in all its
branches, and then the whole is rendered with trial data. Nothing is written and no database is asked.
"""

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import TemplateSyntaxError, meta, nodes
from jinja2.sandbox import SandboxedEnvironment

from yaoxun.briefings.calls import CALLS, FIGURE_CALLS
from yaoxun.briefings.lookup import FigureLookup
from yaoxun.briefings.model import Table
from yaoxun.briefings.narrative import render_narrative
from yaoxun.errors import ConfigError
from yaoxun.figures.model import Computed, Coverage, FigureValue
from yaoxun.figures.settings import FigureSetting
from yaoxun.figures.words import approximate
from yaoxun.notices.settings import TEMPLATES
from yaoxun.notices.wording import word_notice
from yaoxun.office.office import Office
from yaoxun.settings import Faults
from yaoxun.store.types import Scaled

Hint = tuple[int | None, str, str]  # the line, what stands there, what is worth knowing of it
_Asked = frozenset[tuple[str, str]]
_COMPARES = {"比上期": "上期", "比同期": "上年同期"}
_TABLE = {
    "title": "示例表",
    "table": "T0",
    "period": "2023-03",
    "decision": "退回",
    "note": "示例",
    "deadline": "3月28日",
}
_ATTACHED = {"name": "示例.xlsx", "blob": "0"}
_FILE = {
    "org": "示例单位", "file": "示例.xlsx", "arrival": 1, "received": "3月27日", "signature": "示例办公室",
    "attachments": [_ATTACHED],
}  # fmt: skip
_ANSWER = {
    **_FILE,
    "headline": "退回 1 张",
    "tables": [_TABLE],
    "notes": ["示例"],
}
_PROBLEM = {"sheet": "T0", "cell": "B7", "rule": "C02", "level": "强制", "message": "示例"}
NOTICES: Mapping[str, Mapping[str, Any]] = {
    "receipt": _ANSWER,
    "return": {**_ANSWER, "problem_count": 2, "problems": [_PROBLEM]},
    "reminder": {
        "org": "示例单位", "overdue": True, "mixed": True, "signature": "示例办公室",
        "tables": [{**_TABLE, "state": state} for state in ("待报", "退回待改", "待说明")],
    },
    "bulletin": {
        "masthead": "示例要讯", "number": "〔2023〕第4期", "title": "示例标题", "issuer": "示例单位",
        "date": "2023年4月6日", "signature": "示例办公室", "attachments": [_ATTACHED],
    },
    "unclaimed": {**_FILE, "reason": "示例", "remedy": "示例"},
    "fault": _FILE,
    "rejected": {**_FILE, "reason": "示例"},
    "withdrawn": {**_FILE, "reason": "示例", "tables": [_TABLE]},
}  # fmt: skip
"""What each notice may say, by its template: trial data with every part of it there."""


@dataclass(frozen=True, kw_only=True)
class Trial:
    """The figures that a template names, what is worth knowing of it though it can be used, and the tables it makes."""

    figures: frozenset[str]
    hints: tuple[Hint, ...] = ()
    tables: tuple[Table, ...] = ()


def try_notices(templates: Path, faults: Faults) -> None:
    """Every notice in words, with everything in it and with as little as may be."""
    for name in TEMPLATES:
        path = templates / "notices" / f"{name}.md.j2"
        if not path.is_file():
            continue
        params = NOTICES[name]
        known = _names(path, frozenset(params), faults)
        with faults.gathered():
            if known is not None:
                word_notice(templates, name, params)
                least = {key: _least(value) if key != "tables" else value for key, value in params.items()}
                word_notice(templates, name, least)


def _least(value: Any) -> Any:
    """As little of a parameter as there may be."""
    return [] if isinstance(value, list) else False if value is True else value


def try_narrative(
    folder: Path, office: Office, figures: Mapping[str, FigureSetting], variables: Mapping[str, Any], faults: Faults
) -> Trial:
    """A narrative (with the variables that it may print), once with data everywhere and once, as a new
    office begins, with none."""
    path = folder / "narrative.md.j2"
    tree = _names(path, frozenset({*variables, *CALLS}), faults)
    if tree is None:
        return Trial(figures=frozenset())
    named = list(_figure_calls(tree))
    if not _are_known(path, named, figures, faults):
        return Trial(figures=frozenset(name for _, name, _ in named))
    hints = [*_without_base(named, figures), *_unguarded(tree, frozenset(), figures)]
    tables: tuple[Table, ...] = ()
    with faults.gathered():
        narrated = render_narrative(path, _trial_figures(office, figures, known=True), variables)
        tables = tuple(block for block in narrated.blocks if isinstance(block, Table))
        try:
            render_narrative(path, _trial_figures(office, figures, known=False), variables)
        except ConfigError as err:
            hints.append((err.line, "", f"还没有收到数据时成不了文：{err.problem}"))
    return Trial(figures=frozenset(name for _, name, _ in named), hints=tuple(hints), tables=tables)


def _without_base(named: list[tuple[str, str, int]], figures: Mapping[str, FigureSetting]) -> Iterator[Hint]:
    for call, name, line in named:
        if call in _COMPARES and (against := _COMPARES[call]) not in figures[name].compare:
            yield line, f"{call}('{name}')", f"指标 {name} 没写 compare: [{against}]，只会印出“{against}无数据”"


def _unguarded(node: nodes.Node, asked: _Asked, figures: Mapping[str, FigureSetting]) -> Iterator[Hint]:
    """Comparisons that are printed whether or not there is anything to compare with. `asked`: what stands under a 可比."""
    if isinstance(node, nodes.If | nodes.CondExpr):
        then = node.body if isinstance(node, nodes.If) else [node.expr1]
        other = [*node.elif_, *node.else_] if isinstance(node, nodes.If) else [node.expr2] if node.expr2 else []
        for part in then:
            yield from _unguarded(part, asked | _asks(node.test), figures)
        for part in (node.test, *other):
            yield from _unguarded(part, asked, figures)
        return
    call, name, _ = _named(node) or ("", "", 0)
    against = _COMPARES.get(call, "")
    if against in (figures[name].compare if against else ()) and (name, against) not in asked:
        guard = f"可比('{name}')" if against == "上期" else f"可比('{name}', '{against}')"
        say = f"没有先问能不能比，比不了的时候会印出“{against}无数据”之类的话；请写成 {{% if {guard} %}}…{{% endif %}}"
        yield node.lineno, f"{call}('{name}')", say
    for part in node.iter_child_nodes():
        yield from _unguarded(part, asked, figures)


def _asks(test: nodes.Node) -> _Asked:
    """(figure, base) of which a condition makes sure."""
    if isinstance(test, nodes.And):
        return _asks(test.left) | _asks(test.right)
    call, name, _ = _named(test) or ("", "", 0)
    if call != "可比" or not isinstance(test, nodes.Call):
        return frozenset()
    given = [*test.args[1:], *(k.value for k in test.kwargs)]
    return frozenset({(name, given[0].value if given and isinstance(given[0], nodes.Const) else "上期")})


def _names(path: Path, known: frozenset[str], faults: Faults) -> nodes.Template | None:
    """The parsed template; None, and every fault told, where it has a name or filter that nobody knows."""
    env = SandboxedEnvironment()
    try:
        tree = env.parse(path.read_text(encoding="utf-8-sig"))
    except TemplateSyntaxError as err:
        faults.add(_fault(path, err.lineno, f"模板语法有误：{err.message}", "请对照随附的 report_templates/ 改正。"))
        return None
    except (OSError, UnicodeDecodeError):
        faults.add(_fault(path, None, "模板读不出来", "请确认它在，且是 UTF-8 编码的文本文件。"))
        return None
    unknown = [(n.lineno, "过滤器", n.name) for n in tree.find_all(nodes.Filter) if n.name not in env.filters]
    unknown += [(n.lineno, "判断", n.name) for n in tree.find_all(nodes.Test) if n.name not in env.tests]
    for line, what, name in unknown:
        faults.add(_fault(path, line, f"没有名为“{name}”的{what}", "请改正拼写，或去掉它。"))
        env.filters[name] = env.tests[name] = _as_it_is  # so that the names are looked up all the same
    undeclared = meta.find_undeclared_variables(tree) - known - env.globals.keys()
    spared = {id(n.node) for n in tree.find_all(nodes.Filter) if n.name in ("default", "d")}
    missing = [n for n in tree.find_all(nodes.Name) if n.ctx == "load" and n.name in undeclared and id(n) not in spared]
    for node in missing:
        remedy = f"{_near(node.name, known)}可用的：{'、'.join(sorted(known))}。"
        faults.add(_fault(path, node.lineno, f"没有“{node.name}”可用", remedy))
    return None if missing or unknown else tree


def _as_it_is(value: Any) -> Any:
    return value


def _figure_calls(tree: nodes.Template) -> Iterator[tuple[str, str, int]]:
    """(call, figure, line) of every call that names a figure outright."""
    yield from (found for node in tree.find_all(nodes.Call) if (found := _named(node)))


def _named(node: nodes.Node) -> tuple[str, str, int] | None:
    if (
        isinstance(node, nodes.Call)
        and isinstance(node.node, nodes.Name)
        and node.node.name in FIGURE_CALLS
        and node.args
    ):
        first = node.args[0]
        if isinstance(first, nodes.Const) and isinstance(first.value, str):
            return node.node.name, first.value, node.lineno
    return None


def _are_known(
    path: Path, named: list[tuple[str, str, int]], figures: Mapping[str, FigureSetting], faults: Faults
) -> bool:
    unknown = [(name, line) for _, name, line in named if name not in figures]
    for name, line in unknown:
        remedy = f"{_near(name, figures)}请改正指标名，或在 config/figures.yaml 补上这个指标。"
        faults.add(_fault(path, line, f"用到了指标“{name}”，config/figures.yaml 里没有", remedy))
    return not unknown


def _trial_figures(office: Office, figures: Mapping[str, FigureSetting], *, known: bool) -> FigureLookup:
    """Every figure with a value, a base to compare with and somebody missing; or every figure with no data at all."""
    org = office.organisations[-1].code
    values = {name: _trial_values(name, setting, org, known) for name, setting in figures.items()}
    return FigureLookup(
        computed=Computed(values=values), settings=figures, short_name=lambda code: office.organisation(code).short
    )


def _trial_values(name: str, setting: FigureSetting, org: str, known: bool) -> list[FigureValue]:
    value = Scaled(42, 0) if known or setting.size_of else None
    one = FigureValue(
        figure=name,
        value=value,
        unit="%" if setting.share else setting.unit,
        words=approximate(value.number, setting.words) if setting.words and value else "",
        coverage=Coverage(expected=(org,), reported=()) if setting.table else None,
        against={against: Scaled(40, 0) if known else None for against in setting.compare},
    )
    if not setting.by:
        return [one]
    labels = ("示例甲", "示例乙") if known or setting.by == "单位" else ()
    return [
        FigureValue(figure=name, dims=f"{setting.by}={label}", label=label, value=value, unit=one.unit)
        for label in labels
    ]


def _near(word: str, known: "Mapping[str, Any] | frozenset[str]") -> str:
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f"是否想写“{near[0]}”？" if near else ""


def _fault(path: Path, line: int | None, problem: str, remedy: str) -> ConfigError:
    return ConfigError(file=path, key="", line=line, problem=problem, remedy=remedy)
