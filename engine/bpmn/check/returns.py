"""Item rules on returns: the diagram allows them, and they lead over nothing that the law knows already.

After acceptance nothing may be asked again, after the decision nothing decided anew (Administrative Licensing Law art.
32, 38, 42): a mark is reached once, a notice that was served stays served, a stop that ended has ended.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.check.view import Found, View
from engine.bpmn.diagrams import Drawing
from engine.bpmn.returning import NoReturn, between
from engine.bpmn.tree import ident, sun
from engine.model import Item


def possible(view: View) -> Iterator[Found]:
    """Yield the returns that cannot be. The level `model` must be clean."""
    declared = [(el, r) for el in view.elements("userTask") for r in sun(el, "returns")]
    diagram = Drawing().process(view.flow) if declared else None
    steps = {ident(el) for el in view.elements("userTask")}
    for el, returns in declared:
        for target in (returns.get("to") or "").split():
            if diagram is None or target not in steps or target == ident(el):
                continue
            try:
                over = between(diagram, ident(el), target)
            except NoReturn as why:
                yield returns, "returns.impossible", f"'{ident(el)}' cannot go back to '{target}': {why}."
            else:
                if effects := sorted(set(_effects(view.item, over))):
                    said = (
                        f"'{ident(el)}' may not go back to '{target}', over '{effects[0]}', which has an effect in law"
                    )
                    yield returns, "returns.law", f"{said}: it reaches a mark, makes a document, or stops a clock."


def _effects(item: Item, paths: set[str]) -> Iterator[str]:
    for path in paths:
        step, legal = item.steps.get(path), (item.marks, item.documents, item.effects)
        told = step and (step.marks or step.documents or step.serves)
        halts = step and (step.stop or step.extend or step.resume is not None)
        if told or halts or any(path in known for known in legal):
            yield path


RULES = (possible,)
