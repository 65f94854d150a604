"""Item rules on documents: their kinds are known, forms hold all they must say, what is served is made before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.bpmn import items
from engine.bpmn.check.extension import MARKED
from engine.bpmn.check.view import Found, View
from engine.bpmn.tree import Element, ident, sun, tag
from engine.rules.documents import KINDS, RECEIPT

ELSEWHERE = {"special_procedure": "stop", "extension": "extend"}  # fields come from the form that this element names
LISTS = ("defects",)


def known(view: View) -> Iterator[Found]:
    for el in view.elements("userTask", *MARKED):
        for document in sun(el, "document"):
            kind = document.get("kind") or ""
            if kind == RECEIPT:
                yield document, "document.kind", "The receipt is made for every application; delete this."
            elif kind not in KINDS:
                yield document, "document.kind", f"There is no document '{kind}'; there are: {', '.join(KINDS)}."


def filled(view: View) -> Iterator[Found]:
    """What a document must say and people write stands in the form of the step that makes it, for that outcome."""
    for el in view.elements("userTask", *MARKED):
        for document in sun(el, "document"):
            kind = document.get("kind") or ""
            if kind in ELSEWHERE:
                yield from _from_request(view, el, document, ELSEWHERE[kind])
            elif kind in KINDS:
                yield from _from_form(view, el, document, kind)


def served(view: View) -> Iterator[Found]:
    """What a step hands over is made by another element; what a shared flow is given is checked with its callers."""
    top = view.whole
    every = (*(step.documents for step in top.steps.values()), *top.documents.values())
    made = {document.kind for each in every for document in each}
    for el in view.elements("userTask"):
        for serves in sun(el, "serves"):
            for kind in (serves.get("kinds") or "").split():
                if kind not in KINDS:
                    yield serves, "document.kind", f"There is no document '{kind}'; there are: {', '.join(KINDS)}."
                elif kind not in made and kind != RECEIPT and not view.alone:
                    yield serves, "document.unmade", f"No step makes the document '{kind}' that is served here."
        if any(d.get("kind") == "service_record" for d in sun(el, "document")) and not sun(el, "serves"):
            yield el, "document.unmade", "A service record says what was served; add sun:serves."


def _from_form(view: View, el: Element, document: Element, kind: str) -> Iterator[Found]:
    needs = KINDS[kind].form
    if not needs:
        return
    if tag(el) != "userTask":
        yield document, "document.field", f"'{kind}' is filled in by people ({', '.join(needs)}); an event has no form."
        return
    form = view.source.forms.get(ident(el), {})
    outcomes = (document.get("on") or "").split() or items.step(el, "").outcomes
    for name in needs:
        if without := [outcome for outcome in outcomes if not _required(form, name, outcome)]:
            words = f"'{kind}' must say '{name}': the form of '{ident(el)}' must ask for it"
            yield document, "document.field", f"{words} with the outcome {', '.join(without)}."
        elif name in LISTS and form["properties"][name].get("type") != "array":
            yield document, "document.field", f"'{name}' is a list: give it the type array."


def _required(form: Mapping[str, Any], name: str, outcome: str) -> bool:
    field = form.get("properties", {}).get(name)
    return isinstance(field, dict) and (name in form.get("required", ()) or outcome in field.get("x-on", ()))


def _from_request(view: View, el: Element, document: Element, element: str) -> Iterator[Found]:
    """The notice of a stop or extension says what was asked for in the step that sun:stop or sun:extend names."""
    there = sun(el, element) if element == "extend" else [e for s in view.elements("userTask") for e in sun(s, element)]
    if not there:
        kind = document.get("kind")
        yield document, "document.field", f"'{kind}' says what sun:{element} request= names, and there is none."


RULES = (known, filled, served)
