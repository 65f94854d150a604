"""Allow-listed expressions of flows, interpreted by our own walker: nothing is evaluated by Python, so nothing escapes.

Bounded in length, parts and work; there are no loops, so the parts bound the work. JUEL spellings (`${a && !b}`) are
mapped. What a name means is the caller's affair.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from itertools import pairwise
from typing import Any

MAX_TEXT, MAX_PARTS, MAX_SIZE, MAX_NUMBER = 2000, 150, 10_000, 10**15


class BadExpression(ValueError):
    """The expression cannot be read, or has no value here."""


FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "len": len,
    "min": min,
    "max": max,
    "abs": abs,
    "sum": sum,
    "any": any,
    "all": all,
}
METHODS: Mapping[str, Callable[..., Any]] = {  # of JUEL, on plain values only
    "contains": lambda v, x: x in v,
    "equals": lambda v, x: v == x,
    "isEmpty": lambda v: len(v) == 0,
    "size": lambda v: len(v),
    "startsWith": lambda v, x: isinstance(v, str) and v.startswith(x),
}
COMPARE: Mapping[type, Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda a, b: a in b,
    ast.NotIn: lambda a, b: a not in b,
}
ARITHMETIC: Mapping[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
PARTS = (
    ast.Expression, ast.BoolOp, ast.And, ast.Or, ast.UnaryOp, ast.Not, ast.USub, ast.BinOp, ast.Compare, ast.Name,
    ast.Load, ast.Constant, ast.List, ast.Tuple, ast.IfExp, ast.Subscript, ast.Call, ast.Attribute,
)  # fmt: skip
ALLOWED = (*PARTS, *COMPARE, *ARITHMETIC)
WORDS = {"true": "True", "false": "False", "null": "None", "eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">"}
WORDS |= {"ge": ">=", "&&": " and ", "||": " or ", "!": " not ", "div": "/", "mod": "%"}
RESERVED = frozenset({*WORDS, "and", "or", "not", "in", "is", "if", "else", "True", "False", "None"})
_whole = re.compile(r"[$#]\{([^{}]*)\}", re.S)
_piece = re.compile(r'"[^"]*"|\'[^\']*\'|[^\W\d]\w*|\d+(?:\.\d+)?|&&|\|\||!=|!|.', re.S)


def names(text: str) -> set[str]:
    """Return the variables that `text` asks for."""
    tree = _parse(text)
    called = {id(n.func) for n in ast.walk(tree) if isinstance(n, ast.Call)}
    return {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and id(n) not in called}


def compared(text: str) -> set[tuple[str, str]]:
    """Return the pairs (variable, text constant) that `text` compares: `a == "x"`, `a in ("x", "y")`."""
    found = set()
    for node in ast.walk(_parse(text)):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            constants = {
                c.value for s in sides for c in _flat(s) if isinstance(c, ast.Constant) and isinstance(c.value, str)
            }
            found |= {(s.id, value) for s in sides if isinstance(s, ast.Name) for value in constants}
    return found


def value(text: str, scope: Mapping[str, object]) -> object:
    """Return the value of `text`.

    Raises:
        BadExpression: it cannot be read, asks for a name that is not in `scope`, or calculates what has no answer.
    """
    tree = _parse(text)
    try:
        return _value(tree.body, scope)
    except BadExpression as e:
        raise BadExpression(f"{text!r}: {e}") from e
    except (TypeError, ValueError, KeyError, IndexError, ArithmeticError, AttributeError, RecursionError) as e:
        raise BadExpression(f"{text!r} has no value here: {type(e).__name__}") from e


def truth(text: str, scope: Mapping[str, object]) -> bool:
    """Return the value of `text`, which must be true or false (no other value counts as either).

    No message tells a value: it may come from a form, and the trace keeps messages.
    """
    result = value(text, scope)
    if not isinstance(result, bool):
        raise BadExpression(f"{text!r} is a {type(result).__name__}, not true or false")
    return result


def _flat(node: ast.expr) -> list[ast.expr]:
    return list(node.elts) if isinstance(node, ast.List | ast.Tuple) else [node]


def _to_python(text: str) -> str:
    """One ${...} around the whole text is taken off; JUEL words are replaced outside of text constants."""
    text = text.strip()
    whole = _whole.fullmatch(text)
    pieces = _piece.findall(whole[1] if whole else text)
    for one, two in pairwise(pieces):
        if one[0].isdecimal() and (two[0].isalnum() or two[0] == "_"):
            raise BadExpression(f"{one}{two} is not a number")
    return "".join(WORDS.get(p, p) for p in pieces).strip()


@lru_cache(4096)
def _parse(text: str) -> ast.Expression:
    if len(text) > MAX_TEXT:
        raise BadExpression(f"an expression of more than {MAX_TEXT} characters")
    if "\\" in text:
        raise BadExpression(f"no backslash is allowed: {text!r}")
    try:
        tree = ast.parse(_to_python(text), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as e:
        raise BadExpression(str(e) if isinstance(e, BadExpression) else f"cannot be read: {text!r}") from e
    for count, node in enumerate(ast.walk(tree)):
        if count > MAX_PARTS:
            raise BadExpression(f"more than {MAX_PARTS} parts: {text[:40]!r}...")
        _allow(node, text)
    calls = {id(n.func) for n in ast.walk(tree) if isinstance(n, ast.Call)}
    if any(isinstance(n, ast.Attribute) and id(n) not in calls for n in ast.walk(tree)):
        raise BadExpression(f"attributes are not allowed: {text!r}")
    return tree


def _allow(node: ast.AST, text: str) -> None:
    if not isinstance(node, ALLOWED):
        raise BadExpression(f"{type(node).__name__} is not allowed in {text!r}")
    if isinstance(node, ast.Constant):
        if not isinstance(node.value, str | int | float | bool | None):
            raise BadExpression(f"only text, numbers and truth values: {text!r}")
        if isinstance(node.value, int | float) and abs(node.value) > MAX_NUMBER:
            raise BadExpression(f"a number beyond {MAX_NUMBER}")
    elif isinstance(node, ast.Name | ast.Attribute):
        name = node.id if isinstance(node, ast.Name) else node.attr
        if name.startswith("_"):
            raise BadExpression(f"the name {name!r} is not allowed")
    elif isinstance(node, ast.Call):
        method = isinstance(node.func, ast.Attribute)
        called = getattr(node.func, "attr", None) or getattr(node.func, "id", None)
        if called not in (METHODS if method else FUNCTIONS) or node.keywords:
            raise BadExpression(f"{called!r} cannot be called here")


def _value(node: ast.expr, scope: Mapping[str, object]) -> Any:
    match node:
        case ast.Constant():
            return node.value
        case ast.Name():
            if node.id not in scope:
                raise BadExpression(f"unknown name '{node.id}'")
            return scope[node.id]
        case ast.BoolOp():
            return _either(node, scope)
        case ast.UnaryOp():
            operand = _value(node.operand, scope)
            return (not operand) if isinstance(node.op, ast.Not) else -operand
        case ast.BinOp():
            return _calculated(node.op, _value(node.left, scope), _value(node.right, scope))
        case ast.Compare():
            return _compared(node, scope)
        case ast.List() | ast.Tuple():
            return [_value(x, scope) for x in node.elts]
        case ast.Subscript():
            return _value(node.value, scope)[_value(node.slice, scope)]
        case ast.IfExp():
            return _value(node.body if _value(node.test, scope) else node.orelse, scope)
        case ast.Call():
            return _called(node, scope)
    raise BadExpression(f"{type(node).__name__} is not allowed")


def _either(node: ast.BoolOp, scope: Mapping[str, object]) -> Any:
    stops_at, result = isinstance(node.op, ast.Or), None
    for part in node.values:
        result = _value(part, scope)
        if bool(result) is stops_at:
            break
    return result


def _calculated(op: ast.operator, a: Any, b: Any) -> Any:
    numbers = all(isinstance(x, int | float) and abs(x) <= MAX_NUMBER for x in (a, b))
    joined = isinstance(op, ast.Add) and type(a) is type(b) and isinstance(a, str | list)
    if not numbers and not (joined and len(a) + len(b) <= MAX_SIZE):
        raise BadExpression("only numbers can be calculated with")
    return ARITHMETIC[type(op)](a, b)


def _compared(node: ast.Compare, scope: Mapping[str, object]) -> bool:
    left = _value(node.left, scope)
    for op, right_node in zip(node.ops, node.comparators, strict=True):
        right = _value(right_node, scope)
        if not COMPARE[type(op)](left, right):
            return False
        left = right
    return True


def _called(node: ast.Call, scope: Mapping[str, object]) -> Any:
    arguments = [_value(a, scope) for a in node.args]
    if isinstance(node.func, ast.Name):
        return FUNCTIONS[node.func.id](*arguments)
    assert isinstance(node.func, ast.Attribute)
    target = _value(node.func.value, scope)
    if not isinstance(target, str | list | dict | int | float | bool | None):
        raise BadExpression("not a plain value")
    return METHODS[node.func.attr](target, *arguments)
