"""Item rules on clocks by name: their rule is in the book and verified, their marks are reached somewhere."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn import items, timers
from engine.bpmn.check.view import Found, View
from engine.bpmn.tree import children, ident, sun, tag
from engine.model import Item


def rules(view: View) -> Iterator[Found]:
    for e in sun(view.flow.process, "limit"):
        rule = e.get("rule") or ""
        if view.book is None:
            continue
        if rule not in view.book.limits:
            yield e, "limit.unknown", f"There is no rule '{rule}'; see processes/_rules/limits.toml."
        elif not view.book.limits[rule].verified:
            yield e, "limit.unverified", f"The rule '{rule}' has not been verified; an item may not rely on it."
        elif (direction := view.book.limits[rule].direction) != "within":
            yield e, "limit.direction", f"The rule '{rule}' is '{direction}', but a case's clock counts within a time."


def reached(view: View) -> Iterator[Found]:
    marks = _marks(view)
    for e in sun(view.flow.process, "limit"):
        for name in (e.get("from") or items.RECEIVED, e.get("until") or ""):
            if name and name not in marks:
                yield e, "mark.unknown", f"No element reaches the mark '{name}'; put a sun:mark where it happens."
    for el in view.elements("userTask", "callActivity", "boundaryEvent", "intermediateCatchEvent",
                            "intermediateThrowEvent", "endEvent"):  # fmt: skip
        for e in sun(el, "mark"):
            if e.get("name") == items.RECEIVED:
                yield e, "mark.reserved", f"The mark '{items.RECEIVED}' is set at filing; choose another name."
            if (at := e.get("at")) and at not in marks and not view.alone:
                yield e, "mark.unknown", f"No element reaches the mark '{at}', whose date it takes."


def timed(view: View) -> Iterator[Found]:
    """limit("...") of timers: a step of this flow that has a limit, or a rule that has a clock."""
    steps = {ident(el) for el in view.elements("userTask") if sun(el, "limit")}
    clocks = {limit.rule for limit in (*_top(view).limits, *items.item(view.flow).limits)}
    for scope in view.scopes:
        for el in scope.nodes.values():
            for d in children(el, "timerEventDefinition"):
                for shape in d:
                    name = timers.limit((shape.text or "").split("/")[-1]) if tag(shape) else None
                    if name and name not in steps and not (name in clocks or (view.alone and not view.called)):
                        yield (
                            shape,
                            "timer.limit",
                            (f"'{name}' is no step of this flow with a limit, and no rule with a clock in this item."),
                        )


def _marks(view: View) -> set[str]:
    top = _top(view)
    own = [m.name for marks in (*(s.marks for s in top.steps.values()), *top.marks.values()) for m in marks]
    return {items.RECEIVED, *own}


def _top(view: View) -> Item:
    return items.item(items.flow(view.above[0])) if view.above else items.item(view.flow)


RULES = (rules, reached, timed)
