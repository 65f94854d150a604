"""Model rules on tasks: nothing runs that the host does not bind; quantities are small numbers."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn import tree
from engine.bpmn.check.view import Found, View
from engine.bpmn.tree import ident, local, tag


def scripts(view: View) -> Iterator[Found]:
    for el in view.elements("scriptTask"):
        if not tree.words(el) or any(word not in view.host for word in tree.words(el)):
            yield (
                el,
                "script",
                f"The script of '{ident(el)}' is not run; decide by steps, outcomes and conditions.",
            )


def services(view: View) -> Iterator[Found]:
    for el in view.elements("serviceTask", "businessRuleTask"):
        if not tree.words(el) or any(word not in view.host for word in tree.words(el)):
            yield el, "service", f"The {tag(el)} '{ident(el)}' calls code, and nothing here binds it; use a user task."


def messages(view: View) -> Iterator[Found]:
    for el in view.elements("sendTask", "receiveTask"):
        if el.get("messageRef") and local(el.get("messageRef")) not in view.ids:
            yield el, "event.reference", f"'{ident(el)}' refers to '{el.get('messageRef')}', which does not exist."
        if el.get("instantiate") == "true":
            yield el, "unsupported", "A receive task that starts the process is not supported; use a start event."


def quantities(view: View) -> Iterator[Found]:
    for el in view.elements(*tree.TASKS):
        for attribute in ("startQuantity", "completionQuantity"):
            value = el.get(attribute)
            if value is not None and not (value.isdecimal() and 1 <= int(value[:9]) <= 20):
                yield el, "quantity", f"{attribute} of '{ident(el)}' must be 1 to 20."


def compensation(view: View) -> Iterator[Found]:
    for scope in view.scopes:
        for name, el in scope.nodes.items():
            undoes = name in scope.handlers
            if undoes and (scope.into.get(name) or scope.out.get(name)):
                yield el, "compensation", f"'{name}' undoes another activity, so no flow leads to it or from it."
            elif el.get("isForCompensation") == "true" and not undoes and el.get("triggeredByEvent") != "true":
                yield el, "compensation", f"'{name}' is for compensation, but no compensation event refers to it."


def data(view: View) -> Iterator[Found]:
    for el in view.root.iter(tree.MODEL + "assignment", tree.MODEL + "transformation"):
        yield el, "unsupported", f"The {tag(el)} of data is not carried out; decide by steps, outcomes and conditions."


RULES = (scripts, services, messages, quantities, compensation, data)
