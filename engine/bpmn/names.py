"""The names that expressions of a flow may ask for: outcomes of steps and calls, and form fields that decide.

And the names that people read, of elements of any kind.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.bpmn.items import Flow, english, flow
from engine.bpmn.tree import MODEL, Element, children, ident, local
from engine.model import Source

CASE = "case"


def declared(flow: Flow) -> frozenset[str]:
    """Return the names of a flow that its own elements give, `case_*` excepted: they come from the caller."""
    return frozenset(name for name, _ in origins(flow))


def origins(flow: Flow) -> Iterator[tuple[str, Element]]:
    """Yield each name with the element that gives it; a name that comes twice is a clash."""
    for el in flow.process.iter(MODEL + "userTask"):
        yield ident(el), el
        for field in deciding(flow.source.forms, ident(el)):
            yield f"{ident(el)}_{field}", el
    for el in flow.process.iter(MODEL + "callActivity"):
        yield ident(el), el
        called = flow.called.get(local(el.get("calledElement")))
        for name, _ in origins(called) if called is not None else ():
            yield f"{ident(el)}_{name}", el


def deciding(forms: Mapping[str, Any], key: str) -> list[str]:
    """Return the fields of a form that are marked `x-decides`."""
    form = forms.get(key)
    properties = form.get("properties") if isinstance(form, dict) else None
    if not isinstance(properties, dict):
        return []
    return [name for name, field in properties.items() if isinstance(field, dict) and field.get("x-decides") is True]


def data_names(flow: Flow) -> frozenset[str]:
    """Return the names of a flow's data objects and properties: without a value they are None."""
    found = flow.process.iter(MODEL + "dataObject", MODEL + "property")
    return frozenset(name for el in found for name in (ident(el), el.get("name") or "") if name)


def case_names(flow: Flow) -> frozenset[str]:
    """Return the names of the filing form's fields: `case_<field>`."""
    return frozenset(f"{CASE}_{field}" for field in deciding(flow.source.forms, CASE))


def end_ids(flow: Flow) -> list[str]:
    """Return the outcomes of a call of this flow: the ids of its end events."""
    by_event = [s for s in children(flow.process, "subProcess") if s.get("triggeredByEvent") == "true"]
    return [ident(e) for scope in (flow.process, *by_event) for e in children(scope, "endEvent")]


def titles(source: Source, path: str) -> tuple[str, str]:
    """Return the Chinese and the English name of an element of any kind by its path; empty where it has none."""
    here = flow(source)
    *calls, last = path.split("/")
    for call in calls:
        around = _found(here, call)
        called = here.called.get(local(around.get("calledElement"))) if around is not None else None
        if called is None:
            return "", ""
        here = called
    el = _found(here, last)
    return ("", "") if el is None else (el.get("name") or "", english(el))


def _found(flow: Flow, key: str) -> Element | None:
    return next((el for el in flow.process.iter(MODEL + "*") if ident(el) == key), None)
