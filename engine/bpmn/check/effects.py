"""Item rules on what the law makes of silence: it takes effect by the limit's own timer, and never grants anything."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from engine.bpmn.check.extension import MARKED
from engine.bpmn.check.marks import timer_limit
from engine.bpmn.check.view import Found, View
from engine.bpmn.tree import Element, sun, tag

if TYPE_CHECKING:
    from engine.rules.rule import Rule

DEEMED = ("deemed_acceptance", "deemed_renewal", "deemed_consent")
TAKEN = (*DEEMED, "lapse")
GRANTED = "granted"  # the mark of a favourable decision
GRANT = "grant"  # the document of one


def effects(view: View) -> Iterator[Found]:
    for el in view.elements("boundaryEvent", "intermediateCatchEvent"):
        for e in sun(el, "effect"):
            rule = view.book.limits.get(e.get("rule") or "") if view.book else None
            if view.book is not None:
                yield from _rule(e, rule)
            if timer_limit(el) != e.get("rule"):
                said = f"The effect of '{e.get('rule')}' is taken by a timer limit(\"{e.get('rule')}\") alone."
                yield e, "effect.timer", said
            if tag(el) == "boundaryEvent" and el.get("cancelActivity") == "false":
                yield e, "effect.interrupts", "After it the step cannot go on; let the event interrupt it."


def _rule(e: Element, rule: Rule | None) -> Iterator[Found]:
    name = e.get("rule")
    if rule is None:
        yield e, "effect.unknown", f"There is no rule '{name}'; see processes/_rules/limits.toml."
    elif not rule.verified:
        yield e, "effect.unverified", f"The rule '{name}' has not been verified; nothing may follow from it by silence."
    elif rule.effect not in TAKEN:
        yield e, "effect.none", f"By the rule '{name}' nothing takes effect when its time has run out."


def silent(view: View) -> Iterator[Found]:
    """A limit that makes something of silence has an event where it takes effect."""
    taken = {*view.item.effects.values()}
    if view.above:
        taken |= {*view.whole.effects.values()}
    for e in sun(view.flow.process, "limit"):
        rule = view.book.limits.get(e.get("rule") or "") if view.book else None
        if rule is not None and rule.effect in DEEMED and rule.id not in taken:
            said = f"Silence until the end of '{rule.id}' has an effect ({rule.effect}): draw a timer with sun:effect."
            yield e, "effect.missing", said


def granting(view: View) -> Iterator[Found]:
    """Nothing is granted but by a person: marks and documents that grant stand on user tasks."""
    for el in view.elements(*MARKED):
        for e in sun(el, "mark"):
            if e.get("name") == GRANTED:
                yield e, "effect.grant", f"Time grants nothing: '{GRANTED}' is reached by the user task of who decides."
        for e in sun(el, "document"):
            if e.get("kind") == GRANT:
                yield e, "effect.grant", "Time grants nothing: a grant is made by the user task of who decides."


RULES = (effects, silent, granting)
