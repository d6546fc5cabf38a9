"""A small, safe language for conditions and computed columns: Python's syntax, a short list of what may be used.

    names       the table's columns; 前.列名 (the row as last accepted); 新增 (not known before); 期初日 期末日 试点日
                月 季 季内月 (of the period)
    operators   and or not, < <= > >= == !=, in, + - * /, 甲 if 条件 else 乙
    functions   空 有 长度 开头 匹配 年 天数 绝对值 最小 最大 分值

Values are text, Decimal, date, tuples of text, or None for empty. Compiled once; the Excel side is excel_formula.py.
"""

import ast
import difflib
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import CodeType
from typing import Any

BEFORE, NEW = "前", "新增"
WINDOW = ("期初日", "期末日", "试点日", "月", "季", "季内月")


class ExpressionError(ValueError):
    """An expression that cannot be used; `str()` is a Chinese sentence with what to do."""


def points(text: Any) -> Decimal | None:
    """The percentage in a milestone's name: 方案印发（20%） → 20; None where there is none."""
    found = re.search(r"(\d+(?:\.\d+)?)\s*[%％]", str(text or ""))
    return Decimal(found[1]) if found else None


FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "空": lambda x: x is None or x in ("", ()),
    "有": lambda x: not (x is None or x in ("", ())),
    "长度": lambda x: Decimal(len(x or "")),
    "开头": lambda x, *heads: str(x or "").startswith(heads),
    "匹配": lambda x, pattern: re.fullmatch(pattern, str(x or "")) is not None,
    "年": lambda d: Decimal(d.year),
    "天数": lambda a, b: Decimal((b - a).days),
    "绝对值": abs,
    "最小": min,
    "最大": max,
    "分值": points,
}

_ORDER: Mapping[type, Callable[[Any, Any], bool]] = {
    ast.Lt: lambda a, b: a is not None and b is not None and a < b,
    ast.LtE: lambda a, b: a is not None and b is not None and a <= b,
    ast.Gt: lambda a, b: a is not None and b is not None and a > b,
    ast.GtE: lambda a, b: a is not None and b is not None and a >= b,
}
_HELPERS = {"_" + op.__name__.lower(): fn for op, fn in _ORDER.items()} | {
    "_z": lambda x: Decimal(0) if x is None else x
}

_ALLOWED = (
    ast.Expression, ast.BoolOp, ast.And, ast.Or, ast.UnaryOp, ast.Not, ast.USub, ast.BinOp, ast.Add, ast.Sub, ast.Mult,
    ast.Div, ast.Compare, ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn, ast.IfExp, ast.Call,
    ast.Name, ast.Load, ast.Constant, ast.Tuple, ast.List, ast.Attribute,
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Expression:
    """A compiled expression. `names` and `before` are the columns it looks at now and as last accepted."""

    source: str
    tree: ast.expr
    names: frozenset[str]
    before: frozenset[str]
    code: CodeType
    function: CodeType
    scope: dict[str, Any]

    @property
    def arguments(self) -> tuple[str, ...]:
        """What the function of `over` takes, in order: columns, then 前 and 新增 where it looks at them."""
        return _arguments(self.tree, self.names, self.before)

    def over(self, names: Mapping[str, Any]) -> Callable[..., Any]:
        """The expression as a function of its `arguments`, for many rows of one period (`names`: 期初日 …): what `value`
        says of one row, at a third of the cost."""
        made: Callable[..., Any] = eval(self.function, {**self.scope, **names})  # noqa: S307 (as in `value`)
        return made

    def value(self, row: Mapping[str, Any]) -> Any:
        """The result over one row (see `environment` in rules/table.py for what a row holds)."""
        return eval(self.code, self.scope, row)  # noqa: S307 (only whitelisted nodes reach this code object)


def compile_expression(source: str, columns: Mapping[str, bool], *, blanks: bool) -> Expression:
    """Compile an expression over these columns (name → is it a number).

    blanks: empties may occur: an empty number counts as 0 in arithmetic, an ordering with an empty side is false.
    Raises ExpressionError for a syntax error, an unknown name or a construct that is not in the list.
    """
    try:
        tree = ast.parse(source.strip(), mode="eval").body
    except SyntaxError as err:
        raise ExpressionError(f"写法有误：“{source}”，请检查括号、引号和运算符") from err
    _admit(tree, source, columns)
    tree = _Chains().visit(tree)
    names = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and n.id in columns}
    before = {n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute)}
    rewrite = _Rewrite(columns, blanks)
    runnable = ast.Expression(rewrite.visit(ast.parse(ast.unparse(tree), mode="eval").body))
    code = compile(ast.fix_missing_locations(runnable), f"<{source}>", "eval")
    scope: dict[str, Any] = {"__builtins__": {}, "True": True, **FUNCTIONS, **_HELPERS, **rewrite.constants}
    given = [ast.arg(name) for name in _arguments(tree, names, before)]
    taken = ast.arguments(posonlyargs=[], args=given, kwonlyargs=[], kw_defaults=[], defaults=[])
    function = ast.fix_missing_locations(ast.Expression(ast.Lambda(taken, runnable.body)))
    return Expression(
        source=source, tree=tree, names=frozenset(names), before=frozenset(before), code=code,
        function=compile(function, f"<{source}>", "eval"), scope=scope,
    )  # fmt: skip


def _arguments(tree: ast.expr, names: Iterable[str], before: Collection[str]) -> tuple[str, ...]:
    new = any(isinstance(node, ast.Name) and node.id == NEW for node in ast.walk(tree))
    return (*sorted(names), *((BEFORE,) if before else ()), *((NEW,) if new else ()))


def _admit(tree: ast.expr, source: str, columns: Mapping[str, bool]) -> None:
    """Refuse everything that is not in the list."""
    called = {id(n.func) for n in ast.walk(tree) if isinstance(n, ast.Call)}
    owners = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Attribute)}
    for node in ast.walk(tree):
        if not isinstance(node, _ALLOWED):
            raise ExpressionError(
                f"“{source}”里用了不允许的写法（{type(node).__name__}），只能用列名、运算符和列出的函数"
            )
        if isinstance(node, ast.Constant) and not isinstance(node.value, str | int | float | bool):
            raise ExpressionError(f"“{source}”里有不允许的常量")
        if isinstance(node, ast.Call) and (not isinstance(node.func, ast.Name) or node.keywords):
            raise ExpressionError(f"“{source}”里只能调用函数 {'、'.join(FUNCTIONS)}")
        if isinstance(node, ast.Attribute):
            if not (isinstance(node.value, ast.Name) and node.value.id == BEFORE):
                raise ExpressionError(f"“{source}”里的点号只能写成“{BEFORE}.列名”")
            _known(node.attr, columns, source)
        if isinstance(node, ast.Name):
            if id(node) in called:
                _known(node.id, FUNCTIONS, source)
            elif id(node) in owners:
                continue
            else:
                _known(node.id, (*columns, NEW, *WINDOW), source)


def _known(name: str, allowed: Any, source: str) -> None:
    if name not in allowed:
        near = difflib.get_close_matches(name, list(allowed), n=1, cutoff=0.4)
        hint = f"，是否想写“{near[0]}”？" if near else "，请改成本表的列名或列出的函数"
        raise ExpressionError(f"“{source}”里的“{name}”不认识{hint}")


class _Chains(ast.NodeTransformer):
    """a < b < c → a < b and b < c, so that one comparison has two sides."""

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        self.generic_visit(node)
        sides = [node.left, *node.comparators]
        pairs: list[ast.expr] = [
            ast.Compare(sides[i], [op], [sides[i + 1]]) for i, op in enumerate(node.ops)
        ]  # fmt: skip
        return pairs[0] if len(pairs) == 1 else ast.BoolOp(ast.And(), pairs)


class _Rewrite(ast.NodeTransformer):
    """Numbers become Decimals, 前.X a look-up, and, where empties may occur, both sides of them are guarded."""

    def __init__(self, columns: Mapping[str, bool], blanks: bool) -> None:
        self.columns, self.blanks = columns, blanks
        self.constants: dict[str, Decimal] = {}

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        if isinstance(node.value, bool | str):
            return node
        name = f"_c{len(self.constants)}"
        self.constants[name] = Decimal(str(node.value))
        return ast.Name(name, ast.Load())

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        get = ast.Attribute(ast.Name(BEFORE, ast.Load()), "get", ast.Load())
        return ast.Call(get, [ast.Constant(node.attr)], [])

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        self.generic_visit(node)
        if self.blanks and type(node.ops[0]) in _ORDER:
            name = "_" + type(node.ops[0]).__name__.lower()
            return ast.Call(ast.Name(name, ast.Load()), [node.left, node.comparators[0]], [])
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        if self.blanks:
            node.left, node.right = self._zero(node.left), self._zero(node.right)
        return node

    @staticmethod
    def _zero(side: ast.expr) -> ast.expr:
        return ast.Call(ast.Name("_z", ast.Load()), [side], [])


def round_half_up(value: Decimal, scale: int) -> Decimal:
    """Round as the office does: a half goes away from zero."""
    from decimal import ROUND_HALF_UP

    return value.quantize(Decimal(1).scaleb(-scale), rounding=ROUND_HALF_UP)


def computed(expression: Expression, row: Mapping[str, Any], *, scale: int | None) -> Any:
    """The value of a computed column, rounded to its scale; None where it divides by nothing."""
    try:
        result = expression.value(row)
    except ArithmeticError:
        return None
    if isinstance(result, Decimal) and scale is not None:
        return round_half_up(result, scale)
    return result


def window_names(first: date, last: date, pilot: date, month: int) -> dict[str, Any]:
    """The names that say which period it is."""
    quarter = (month - 1) // 3 + 1
    return {
        "期初日": first, "期末日": last, "试点日": pilot, "月": Decimal(month), "季": Decimal(quarter),
        "季内月": Decimal(month - 3 * (quarter - 1)),
    }  # fmt: skip
