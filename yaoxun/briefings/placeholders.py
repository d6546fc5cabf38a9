"""What stands in a narrative for a printed number while it renders, and the sandbox in which nothing works on it by mistake.

A call leaves a private-use token, which is no number: sorted, compared or reckoned with as the text that it is, it would
print what is false. So a placeholder carries its number and sorts and compares by it; whatever else a template does with
it but print it is refused with a sentence. Which calls there are, and what they print, stands in calls.py.
"""

from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import wraps
from typing import Any, NoReturn, Self

from jinja2 import StrictUndefined
from jinja2.filters import do_sort, make_multi_attrgetter
from jinja2.sandbox import SandboxedEnvironment

_RANKING = "要排名次请写 {% for 县 in 排名('指标') %}（见模板开头的注释）"
_FIGURE = "要算出来的数，请在 config/figures.yaml 加一个指标，再用 数('…') 印"
_FIRST = "\ue000"


class Untraceable(Exception):
    """Raised inside a rendering template; becomes a ConfigError with the template's line."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem)
        self.problem, self.remedy = problem, remedy


def _refuse(what: str) -> NoReturn:
    problem = f"要印的数只是一个占位，不能{what}：得出的结果没有来历"
    raise Untraceable(problem, f"{_FIGURE}；{_RANKING}；接文字用 ~，如 数('指标') ~ '个'。")


def _refusing(what: str) -> Callable[..., Any]:
    def refuse(*_: object) -> NoReturn:
        _refuse(what)

    return refuse


class Placeholder(str):
    """The token of a printed text. `number`: what it sorts and compares by; None for no data. `is_number`: False for what
    is no number at all (a comparison's sentence, a date)."""

    number: Decimal | None
    is_number: bool

    def __new__(cls, token: str, number: Decimal | None = None, *, is_number: bool = True) -> Self:
        self = super().__new__(cls, token)
        self.number, self.is_number = number, is_number
        return self

    @property
    def is_empty(self) -> bool:
        """Whether it is a number of which there are no data."""
        return self.is_number and self.number is None

    def _numbers(self, other: object) -> tuple[Decimal, Decimal]:
        mine, theirs = self._number("比较"), other
        if isinstance(other, Placeholder):
            theirs = other._number("比较")
        if isinstance(theirs, bool) or not isinstance(theirs, int | float | Decimal):
            _refuse(f"与“{theirs}”比较")
        return mine, Decimal(str(theirs))

    def _number(self, what: str) -> Decimal:
        if not self.is_number:
            _refuse(what)
        if self.number is None:
            problem = "要比较的数没有数据（—），比不出大小"
            remedy = "请先排除没有数据的：{% if 县.有 %}，或 行('指标')|selectattr('有')；排名('指标') 自己会排除。"
            raise Untraceable(problem, remedy)
        return self.number

    def __lt__(self, other: object) -> bool:
        mine, theirs = self._numbers(other)
        return mine < theirs

    def __le__(self, other: object) -> bool:
        mine, theirs = self._numbers(other)
        return mine <= theirs

    def __gt__(self, other: object) -> bool:
        mine, theirs = self._numbers(other)
        return mine > theirs

    def __ge__(self, other: object) -> bool:
        mine, theirs = self._numbers(other)
        return mine >= theirs

    def __eq__(self, other: object) -> bool:
        mine, theirs = self._numbers(other)
        return mine == theirs

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(self._number("比较"))

    def lower(self) -> Self:
        """Itself: Jinja puts texts that it sorts into small letters first."""
        return self

    def __bool__(self) -> bool:
        problem, remedy = "不能拿要印的数当条件", "要问有没有数，请写 {% if 有('指标') %} 或 {% if 县.有 %}。"
        raise Untraceable(problem, remedy)

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _refusing("加减乘除")
    __truediv__ = __rtruediv__ = __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = _refusing("加减乘除")
    __pow__ = __rpow__ = __neg__ = __pos__ = _refusing("加减乘除")
    __len__ = __iter__ = __getitem__ = __contains__ = _refusing("拆开")


# What takes a placeholder and leaves it whole; `sort` and the like take lists of rows.
_FILTERS = frozenset({"default", "d", "string", "e", "escape", "safe", "trim", "format"})
_TESTS = frozenset({"defined", "undefined", "none", "in"} | {"eq", "equalto", "==", "ne", "!="} | {"gt", "greaterthan", ">"}
                   | {"ge", ">="} | {"lt", "lessthan", "<"} | {"le", "<="})  # fmt: skip


class PlaceholderSandbox(SandboxedEnvironment):
    """A sandbox whose filters, tests and attributes know a placeholder from a text. `finalize`: what prints a value."""

    def __init__(self, finalize: Callable[[Any], str]) -> None:
        super().__init__(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, finalize=finalize)
        filters, tests = dict[str, Any](self.filters), dict[str, Any](self.tests)
        self.filters = {name: _guarded(call, f"用过滤器“{name}”", name in _FILTERS) for name, call in filters.items()}
        self.filters["sort"] = _sort
        self.tests = {name: _guarded(call, f"用判断“{name}”", name in _TESTS) for name, call in tests.items()}

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, Placeholder):
            _refuse(f"用“{attribute}”")
        return super().getattr(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        if isinstance(obj, Placeholder):
            _refuse("拆开")
        return super().getitem(obj, argument)


def holds_placeholder(value: object) -> bool:
    """Whether it is a placeholder, or a text in which one stands."""
    return isinstance(value, str) and _FIRST in str(value)


def _guarded(call: Callable[..., Any], what: str, may: bool) -> Callable[..., Any]:
    """The same, but refused where a text that holds a token is handed to it."""
    if may:
        return call

    @wraps(call)  # with the marks by which Jinja knows what to hand it
    def guarded(*given: Any, **named: Any) -> Any:
        if any(holds_placeholder(one) for one in (*given, *named.values())):
            _refuse(what)
        return call(*given, **named)

    return guarded


def _sort(
    environment: Any,
    value: Iterable[Any],
    reverse: bool = False,
    case_sensitive: bool = False,
    attribute: str | int | None = None,
) -> list[Any]:
    """Jinja's, but rows without data come last whichever way it goes."""
    keys = make_multi_attrgetter(environment, attribute)
    rows = list(value)
    empty = [any(isinstance(key, Placeholder) and key.is_empty for key in keys(row)) for row in rows]
    known = [row for row, is_empty in zip(rows, empty, strict=True) if not is_empty]
    done: list[Any] = do_sort(environment, known, reverse, case_sensitive, attribute)
    return done + [row for row, is_empty in zip(rows, empty, strict=True) if is_empty]


_sort.jinja_pass_arg = do_sort.jinja_pass_arg  # type: ignore[attr-defined]
