"""Model rules on loops and multi-instance."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.bpmn import tree
from engine.bpmn.check.view import Found, View, unreadable
from engine.bpmn.tree import children, ident, kinds, text, vendor
from engine.rules import expressions


def loops(view: View) -> Iterator[Found]:
    for el in view.elements(*tree.TASKS):
        for loop in children(el, "standardLoopCharacteristics"):
            condition = text(loop, "loopCondition")
            if condition and (why := unreadable(condition)):
                yield loop, "expression", f"The loop condition of '{ident(el)}' is not allowed: {why}"
            if not condition and not loop.get("loopMaximum"):
                yield loop, "loop", f"The loop of '{ident(el)}' needs a condition or a maximum."
            if not re.fullmatch(r"\d{1,4}", loop.get("loopMaximum") or "1", re.A):
                yield loop, "loop", "loopMaximum must be a whole number of at most four digits."
            elif not int(loop.get("loopMaximum") or "1") and loop.get("testBefore") not in ("true", "1"):
                yield loop, "loop", f"'{ident(el)}' is done before the loop is asked; loopMaximum is at least 1."


def multi(view: View) -> Iterator[Found]:
    for el in view.elements(*tree.TASKS):
        for loop in children(el, "multiInstanceLoopCharacteristics"):
            behavior = loop.get("behavior", "All")
            if behavior != "All":
                name = f"Multi-instance of '{ident(el)}' with behaviour {behavior} throws events by itself"
                yield loop, "unsupported", f"{name}, which is not supported; throw them inside."
            collection = vendor(loop, "collection") or text(loop, "loopDataInputRef")
            cardinality = text(loop, "loopCardinality")
            if bool(collection) == bool(cardinality):
                yield loop, "multi", f"Multi-instance of '{ident(el)}' needs either a cardinality or a collection."
            for t in (collection, cardinality, text(loop, "completionCondition")):
                if t and (why := unreadable(t)):
                    yield loop, "expression", f"The multi-instance of '{ident(el)}' is not allowed: {why}"
            if cardinality and _negative(cardinality):
                yield loop, "multi", f"'{cardinality}' is no number of instances."


def _negative(cardinality: str) -> bool:
    try:
        n = expressions.value(cardinality, {})
    except expressions.BadExpression:
        return False  # it depends on variables
    return not isinstance(n, int | str) or (isinstance(n, int) and n < 0)


def compensated(view: View) -> Iterator[Found]:
    """An instance that has ended leaves nothing behind by which it could be undone."""
    repeated = {
        ident(el): el
        for el in view.elements(*tree.TASKS)
        if children(el, "standardLoopCharacteristics", "multiInstanceLoopCharacteristics")
    }
    for el in view.elements("boundaryEvent", "startEvent"):
        around = [el.get("attachedToRef") or "", *(ident(a) for a in el.iterancestors())]
        found = next((repeated[a] for a in around if a in repeated), None) if "compensate" in kinds(el) else None
        if found is not None:
            yield (
                el,
                "unsupported",
                f"Compensation of '{ident(found)}', which has a loop or instances, is not supported.",
            )


RULES = (loops, multi, compensated)
