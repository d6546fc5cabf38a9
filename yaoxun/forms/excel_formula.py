"""An expression as an Excel formula, so that a template computes on the sheet what the program recomputes."""

import ast
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from yaoxun.forms.expressions import BEFORE, Expression, ExpressionError

Refer = Callable[[str], str]

_BINARY: Mapping[type, str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_COMPARE: Mapping[type, str] = {
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "=", ast.NotEq: "<>",
}  # fmt: skip
_CALLS: Mapping[str, str] = {
    "空": '({0}="")', "有": '({0}<>"")', "长度": "LEN({0})", "年": "YEAR({0})", "天数": "({1}-{0})", "绝对值": "ABS({0})",
    "最小": "MIN({all})", "最大": "MAX({all})",
    "分值": '(VALUE(MID({0},FIND("（",{0})+1,FIND("%",{0})-FIND("（",{0})-1)))',
}  # fmt: skip


def literal(value: Any) -> str:
    """A constant in a formula; empty counts as 0, as it does in computed columns."""
    if value is None:
        return "0"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, date):
        return f"DATE({value.year},{value.month},{value.day})"
    if isinstance(value, Decimal | int | float):
        return f"({value})" if value < 0 else f"{value}"
    return '"' + str(value).replace('"', '""') + '"'


def excel_formula(expression: Expression, refer: Refer, names: Mapping[str, Any], before: Mapping[str, Any]) -> str:
    """The formula without its equals sign. `refer` gives a column's address in the row; `names` and `before` are
    printed as constants. Raises ExpressionError for a function that Excel has no match for."""

    def write(node: ast.expr) -> str:  # noqa: PLR0911 (one case a node)
        match node:
            case ast.Constant():
                return literal(node.value)
            case ast.Name():
                return refer(node.id) if node.id in expression.names else literal(names[node.id])
            case ast.Attribute():
                return literal(before.get(node.attr))
            case ast.UnaryOp(op=ast.Not()):
                return f"NOT({write(node.operand)})"
            case ast.UnaryOp():
                return f"(-{write(node.operand)})"
            case ast.BinOp():
                return f"({write(node.left)}{_BINARY[type(node.op)]}{write(node.right)})"
            case ast.BoolOp():
                word = "AND" if isinstance(node.op, ast.And) else "OR"
                return f"{word}({','.join(write(v) for v in node.values)})"
            case ast.IfExp():
                return f"IF({write(node.test)},{write(node.body)},{write(node.orelse)})"
            case ast.Compare():
                return _comparison(node, write)
            case ast.Call(func=ast.Name(id=name)) if name in _CALLS:
                parts = [write(a) for a in node.args]
                return _CALLS[name].format(*parts, all=",".join(parts))
        raise ExpressionError(f"“{expression.source}”不能写成表格公式，请改用 {'、'.join(_CALLS)} 和四则运算")

    return write(expression.tree)


def _comparison(node: ast.Compare, write: Callable[[ast.expr], str]) -> str:
    op, left, right = node.ops[0], node.left, node.comparators[0]
    if not isinstance(op, ast.In | ast.NotIn):
        return f"({write(left)}{_COMPARE[type(op)]}{write(right)})"
    if isinstance(right, ast.Tuple | ast.List):
        found = "OR(" + ",".join(f"{write(left)}={write(item)}" for item in right.elts) + ")"
    else:
        found = f"ISNUMBER(FIND({write(left)},{write(right)}))"
    return f"NOT({found})" if isinstance(op, ast.NotIn) else found


__all__ = ["BEFORE", "excel_formula", "literal"]
