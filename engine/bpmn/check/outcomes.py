"""Item rules on outcomes: what conditions compare must be declared, and no declared outcome may lead nowhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from math import prod
from typing import Any

from engine.bpmn import items
from engine.bpmn.check.view import Found, View, conditions
from engine.bpmn.names import CASE, deciding, end_ids
from engine.bpmn.tree import MODEL, ident, local, sun, tag, text
from engine.rules import expressions

DECIDING = ("exclusiveGateway", "inclusiveGateway")
MAX_COMBINATIONS = 500


def declared(view: View) -> Iterator[Found]:
    possible = of(view.flow)
    for el, condition in conditions(view):
        for name, value in sorted(_compared(condition)):
            if name in possible and value not in possible[name]:
                known = ", ".join(possible[name]) or "none"
                yield el, "outcome.unknown", f"'{value}' is not an outcome of '{name}'; it has: {known}."


def routed(view: View) -> Iterator[Found]:
    """A gateway that decides without a default flow must have a way for all that can be; else a case would fault."""
    for scope in view.scopes:
        for name, el in scope.nodes.items():
            out = scope.out.get(name, [])
            spelt = [text(f, "conditionExpression") for f in out]
            if tag(el) not in DECIDING or el.get("default") or len(out) < 2 or not all(spelt):
                continue
            before = {f.get("sourceRef") or "" for f in scope.into.get(name, ())}
            if lost := _lost(view, spelt):
                behind = len(lost) == 1 and set(lost) <= before
                facts = " and ".join(f"'{n}' may be {str(v).lower()!r}" for n, v in lost.items())
                rule = "outcome.unrouted" if behind else "gateway.open"
                yield el, rule, f"{facts}, and no flow out of '{name}' takes it; add a condition or a default flow."
            elif lost is None:
                yield el, "gateway.open", f"'{name}' may find no flow to take; give it a default flow."


def _lost(view: View, spelt: list[str]) -> dict[str, object] | None:
    """Return values that no condition takes, {} when all are taken, None when that cannot be told."""
    names = sorted(set().union(*(_names(c) for c in spelt)))
    case = {CASE: view.above[0].forms.get(CASE)} if view.above else {}
    possible: dict[str, tuple[object, ...]] = {**of(view.flow), **fields({**view.source.forms, **case})}
    if not all(n in possible for n in names) or prod(len(possible[n]) for n in names) > MAX_COMBINATIONS:
        return None
    for values in product(*(possible[n] for n in names)):
        scope = dict(zip(names, values, strict=True))
        if not any(_true(c, scope) for c in spelt):
            return scope
    return {}


def fields(forms: Mapping[str, Any]) -> dict[str, tuple[object, ...]]:
    """Return the values of fields that decide and have few: truth values, choices; None where one may be left out."""
    found: dict[str, tuple[object, ...]] = {}
    for key, form in forms.items():
        for field in deciding(forms, key):
            schema = form["properties"][field]
            values = (True, False) if schema.get("type") == "boolean" else _choices(schema)
            if values:
                found[f"{key.replace('/', '_')}_{field}"] = (
                    values if field in form.get("required", ()) else (*values, None)
                )
    return found


def _choices(schema: Mapping[str, Any]) -> tuple[object, ...]:
    named = schema.get("oneOf") or ()
    if named and all(isinstance(choice, dict) and "const" in choice for choice in named):
        return tuple(choice["const"] for choice in named)
    return tuple(schema.get("enum") or ())


def used(view: View) -> Iterator[Found]:
    """`on` of marks and documents."""
    possible = of(view.flow)
    for el in view.elements("userTask", "callActivity"):
        for e in (*sun(el, "mark"), *sun(el, "document")):
            for outcome in (e.get("on") or "").split():
                if ident(el) in possible and outcome not in possible[ident(el)]:
                    known = ", ".join(possible[ident(el)])
                    yield e, "outcome.unknown", f"'{outcome}' is not an outcome of '{ident(el)}'; it has: {known}."


def of(flow: items.Flow) -> dict[str, tuple[str, ...]]:
    """Return the outcomes by name: of steps, of calls (ids of their end events), of what called flows return."""
    found: dict[str, tuple[str, ...]] = {}
    for el in flow.process.iter(MODEL + "userTask"):
        found[ident(el)] = items.step(el, "").outcomes
    for el in flow.process.iter(MODEL + "callActivity"):
        called = flow.called.get(local(el.get("calledElement")))
        if called is not None:
            found[ident(el)] = tuple(end_ids(called))
            found |= {f"{ident(el)}_{name}": values for name, values in of(called).items()}
    return found


def _compared(condition: str) -> set[tuple[str, str]]:
    try:
        return expressions.compared(condition)
    except expressions.BadExpression:
        return set()


def _names(condition: str) -> set[str]:
    try:
        return expressions.names(condition)
    except expressions.BadExpression:
        return set()


def _true(condition: str, scope: dict[str, object]) -> bool:
    try:
        return expressions.truth(condition, scope)
    except expressions.BadExpression:
        return False


RULES = (declared, routed, used)
