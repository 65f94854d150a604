"""Allow-listed expressions of flows, interpreted by our own walker: nothing is evaluated by Python, so nothing escapes.

Bounded in length, parts, nesting and work. What a name means is the caller's affair; spelling is `spelling`'s.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, NoReturn

from engine.rules.spelling import MAX_TEXT, RESERVED, BadExpression, refuse_ambiguous, to_python

__all__ = ["MAX_TEXT", "RESERVED", "BadExpression", "compared", "constants", "names", "truth", "value"]

MAX_PARTS, MAX_SIZE, MAX_NUMBER, MAX_WORK = 150, 10_000, 10**15, 1_000_000


FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "len": len,
    "min": min,
    "max": max,
    "abs": abs,
    "sum": lambda v: sum(x for x in v if _kind(x) == "number" or _no_number(x)),
    "any": any,
    "all": all,
}
METHODS: Mapping[str, Callable[..., Any]] = {  # of JUEL, on plain values only
    "contains": lambda v, x: x in v,
    "equals": lambda v, x: v == x,
    "isEmpty": lambda v: len(v) == 0,
    "size": lambda v: len(v),
    "startsWith": lambda v, x: str.startswith(v, x),
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


def constants(text: str) -> dict[str, frozenset[object] | None]:
    """Return by name the texts and numbers that `text` compares it with; None where it asks anything else of it.

    Texts are told apart by being equal only: of what is asked of their order, None.
    """
    tree, found = _parse(text), dict[str, set[object]]()
    plain = set[int]()
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and (pair := _plain(node)) is not None:
            name, values = pair
            plain.add(id(name))
            found.setdefault(name.id, set()).update(values)
    called = {id(n.func) for n in ast.walk(tree) if isinstance(n, ast.Call)}
    other = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and id(n) not in plain | called}
    return {name: None if name in other else frozenset(found[name]) for name in found.keys() | other}


def _plain(node: ast.Compare) -> tuple[ast.Name, set[object]] | None:
    """Return the one name that is compared, and with what, where all else are constants."""
    sides = [node.left, *node.comparators]
    names = [s for s in sides if isinstance(s, ast.Name)]
    rest = [part for s in sides if s not in names for part in _flat(s)]
    if len(names) != 1 or not all(isinstance(part, ast.Constant) for part in rest):
        return None
    member = any(isinstance(op, ast.In | ast.NotIn) for op in node.ops)
    if member and (len(node.ops) > 1 or names[0] is not node.left):
        return None
    values: set[object] = {part.value for part in rest if isinstance(part, ast.Constant)}
    equal = all(isinstance(op, ast.Eq | ast.NotEq | ast.In | ast.NotIn) for op in node.ops)
    return (names[0], values) if equal or not any(isinstance(v, str) for v in values) else None


def value(text: str, scope: Mapping[str, object]) -> object:
    """Return the value of `text`.

    Raises:
        BadExpression: it cannot be read, asks for a name that is not in `scope`, or calculates what has no answer.
    """
    tree = _parse(text)
    try:
        return _Walk(scope).value(tree.body)
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


@lru_cache(4096)
def _parse(text: str) -> ast.Expression:
    python, juel = to_python(text)
    try:
        tree = ast.parse(python, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as e:
        raise BadExpression(f"cannot be read: {text!r}") from e
    for count, node in enumerate(ast.walk(tree)):
        if count > MAX_PARTS:
            raise BadExpression(f"more than {MAX_PARTS} parts: {text[:40]!r}...")
        _allow(node, text)
    calls = {id(n.func) for n in ast.walk(tree) if isinstance(n, ast.Call)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and id(node) not in calls:
            raise BadExpression(f"attributes are not allowed: {text!r}; a field that decides is <step>_<field>")
    if juel:
        refuse_ambiguous(tree, python, text)
    return tree


def _allow(node: ast.AST, text: str) -> None:
    if not isinstance(node, ALLOWED):
        raise BadExpression(f"{type(node).__name__} is not allowed in {text!r}")
    if isinstance(node, ast.Constant):
        if not isinstance(node.value, str | int | float | bool | None):
            raise BadExpression(f"only text, numbers and truth values: {text!r}")
        if isinstance(node.value, int | float) and abs(node.value) > MAX_NUMBER:
            raise BadExpression(f"a number beyond {MAX_NUMBER}")
    elif isinstance(node, ast.BinOp) and not isinstance(node.op, ast.Add):
        if any(isinstance(side, ast.List | ast.Tuple) or _is_text(side) for side in (node.left, node.right)):
            raise BadExpression(f"only numbers can be calculated with: {text!r}")
    elif isinstance(node, ast.Name | ast.Attribute):
        name = node.id if isinstance(node, ast.Name) else node.attr
        if name.startswith("_"):
            raise BadExpression(f"the name {name!r} is not allowed")
    elif isinstance(node, ast.Call):
        method = isinstance(node.func, ast.Attribute)
        called = getattr(node.func, "attr", None) or getattr(node.func, "id", None)
        if called not in (METHODS if method else FUNCTIONS) or node.keywords:
            raise BadExpression(f"{called!r} cannot be called here")


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and not isinstance(node.value, int | float)


class _Walk:
    """One evaluation: the names it may ask for, and the work it may still do."""

    def __init__(self, scope: Mapping[str, object]) -> None:
        self.scope, self.left = scope, MAX_WORK

    def value(self, node: ast.expr) -> Any:
        match node:
            case ast.Constant():
                return node.value
            case ast.Name():
                if node.id not in self.scope:
                    raise BadExpression(f"unknown name '{node.id}'")
                return self.scope[node.id]
            case ast.BoolOp():
                return self.either(node)
            case ast.UnaryOp():
                operand = self.value(node.operand)
                return not _truth(operand) if isinstance(node.op, ast.Not) else _calculated(ast.Sub(), 0, operand)
            case ast.BinOp():
                return _calculated(node.op, self.value(node.left), self.value(node.right))
            case ast.Compare():
                return self.compared(node)
            case ast.List() | ast.Tuple():
                return [self.value(x) for x in node.elts]
            case ast.Subscript():
                return self.value(node.value)[self.value(node.slice)]
            case ast.IfExp():
                return self.value(node.body if _truth(self.value(node.test)) else node.orelse)
            case ast.Call():
                return self.called(node)
        raise BadExpression(f"{type(node).__name__} is not allowed")

    def either(self, node: ast.BoolOp) -> bool:
        stops_at = isinstance(node.op, ast.Or)
        return stops_at if any(_truth(self.value(part)) is stops_at for part in node.values) else not stops_at

    def compared(self, node: ast.Compare) -> bool:
        left = self.value(node.left)
        for op, right_node in zip(node.ops, node.comparators, strict=True):
            right = self.value(right_node)
            self.work(left, right)
            if isinstance(op, ast.Eq | ast.NotEq) and _strange(left, right):
                raise BadExpression(f"{_kind(left)} is compared with {_kind(right)}")
            if not COMPARE[type(op)](left, right):
                return False
            left = right
        return True

    def called(self, node: ast.Call) -> Any:
        arguments = [self.value(a) for a in node.args]
        self.work(*arguments)
        if isinstance(node.func, ast.Name):
            return FUNCTIONS[node.func.id](*arguments)
        assert isinstance(node.func, ast.Attribute)
        target = self.value(node.func.value)
        if not isinstance(target, str | list | dict | int | float | bool | None):
            raise BadExpression("not a plain value")
        self.work(target)
        return METHODS[node.func.attr](target, *arguments)

    def work(self, *values: object) -> None:
        """Count what a comparison or call may look at: characters and members, however deep."""
        todo = list(values)
        while todo:
            value = todo.pop()
            self.left -= len(value) if isinstance(value, str) else 1
            if isinstance(value, list | tuple | dict):
                self.left -= len(value)
                if self.left > 0:
                    todo += value.values() if isinstance(value, dict) else value
            if self.left < 0:
                raise BadExpression("it looks at more than an expression may")


def _truth(value: object) -> bool:
    """Only true, false, and nothing, which is false: a text or number would be true in one engine, false in another."""
    if value is None or isinstance(value, bool):
        return bool(value)
    raise BadExpression(f"a {_kind(value)} is not true or false")


def _strange(a: object, b: object) -> bool:
    """Return whether a and b are of kinds that engines compare differently: "5" == 5, true == 1."""
    plain = {"text", "number", "truth value"}
    return {_kind(a), _kind(b)} <= plain and _kind(a) != _kind(b)


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return "truth value"
    return "text" if isinstance(value, str) else "number" if isinstance(value, int | float) else type(value).__name__


def _no_number(value: object) -> NoReturn:
    raise BadExpression(f"a {_kind(value)} is not a number")


def _calculated(op: ast.operator, a: Any, b: Any) -> Any:
    numbers = all(type(x) in (int, float) and abs(x) <= MAX_NUMBER for x in (a, b))
    joined = isinstance(op, ast.Add) and type(a) is type(b) and isinstance(a, str | list)
    if not numbers and not (joined and len(a) + len(b) <= MAX_SIZE):
        raise BadExpression("only numbers can be calculated with")
    if isinstance(op, ast.Mod | ast.FloorDiv) and (a < 0 or b < 0):
        raise BadExpression("a remainder of a negative number differs from engine to engine")
    return ARITHMETIC[type(op)](a, b)
