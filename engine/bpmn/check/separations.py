"""Item rules on separation: the constraint is in the book, the steps are there."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.check.view import Found, View
from engine.bpmn.tree import sun
from engine.rules.separation import FILING


def separations(view: View) -> Iterator[Found]:
    steps = view.item.steps
    for e in sun(view.flow.process, "separate"):
        rule = e.get("rule") or ""
        if view.book is not None and rule not in view.book.constraints:
            yield e, "separation.unknown", f"There is no constraint '{rule}'; see processes/_rules/separations.toml."
        named = (e.get("steps") or "").split()
        for path in named:
            if path != FILING and path not in steps:
                yield e, "separation.step", f"There is no step '{path}'; the steps are: {', '.join(steps)}."
        if len(set(named)) != len(named):
            yield e, "separation.step", "A step stands twice; a person may do one step again."


RULES = (separations,)
