"""Item rules on outcomes: what conditions compare must be declared, and no declared outcome may lead nowhere."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn import items
from engine.bpmn.check.view import Found, View, conditions
from engine.bpmn.names import end_ids
from engine.bpmn.tree import MODEL, ident, local, sun, tag, text
from engine.rules import expressions


def declared(view: View) -> Iterator[Found]:
    possible = of(view.flow)
    for el, condition in conditions(view):
        for name, value in sorted(_compared(condition)):
            if name in possible and value not in possible[name]:
                known = ", ".join(possible[name]) or "none"
                yield el, "outcome.unknown", f"'{value}' is not an outcome of '{name}'; it has: {known}."


def routed(view: View) -> Iterator[Found]:
    """An exclusive gateway behind a step, deciding by its outcome alone, without a default flow."""
    possible = of(view.flow)
    for scope in view.scopes:
        for name, el in scope.nodes.items():
            out = scope.out.get(name, [])
            spelt = [text(f, "conditionExpression") for f in out]
            if tag(el) != "exclusiveGateway" or el.get("default") or len(out) < 2 or not all(spelt):
                continue
            asked = set().union(*(_names(c) for c in spelt))
            before = {f.get("sourceRef") for f in scope.into.get(name, ())}
            if len(asked) == 1 and asked <= before & possible.keys():
                step = asked.pop()
                for outcome in possible[step]:
                    if not any(_true(c, {step: outcome}) for c in spelt):
                        yield (
                            el,
                            "outcome.unrouted",
                            f"'{step}' may be '{outcome}', and no flow out of '{name}' takes it.",
                        )


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
