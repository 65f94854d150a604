"""Item rules on stops, extensions and messages: who asks comes first, another approves, the law knows the rule."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from engine.bpmn import items, timers
from engine.bpmn.check.view import Found, Scope, View
from engine.bpmn.tree import Element, children, ident, kinds, local, sun, tag
from engine.rules.extending import FIELDS as EXTEND_FIELDS
from engine.rules.stopping import FIELDS as STOP_FIELDS
from engine.rules.stopping import MOST_DAYS

APART = "SOD-18"  # who asks for an extension or a stop does not approve it
NOTICES = {"stop": "special_procedure", "extend": "extension"}


def requests(view: View) -> Iterator[Found]:
    """The step that asks lies in the same scope, always comes before, and is kept apart from the one that approves."""
    for scope, el, name, e in _declared(view):
        asks = e.get("request") or ""
        if asks not in scope.nodes or tag(scope.nodes[asks]) != "userTask":
            yield e, f"{name}.request", f"'{asks}' is no step beside '{ident(el)}'; name the step that asks for it."
            continue
        if ident(el) in _reached(scope, {asks}):
            yield e, f"{name}.request", f"'{ident(el)}' can be reached without '{asks}', which asks for it."
        approving = [step for step in _apart(view, asks) if step in scope.nodes]
        if name == "extend" and ident(el) not in approving:
            said = f'put <sun:separate steps="{asks} {ident(el)}" rule="{APART}"/> into the process'
            yield e, "extend.separate", f"Who asks in '{asks}' could approve in '{ident(el)}'; {said}."
        if name == "stop" and not any(_between(scope, asks, step, ident(el)) for step in approving):
            yield (
                e,
                "stop.separate",
                (
                    f"No step between '{asks}' and '{ident(el)}' is done by another person; approve it in one that "
                    f"a sun:separate of rule {APART} keeps apart from '{asks}'."
                ),
            )


def documents(view: View) -> Iterator[Found]:
    for _, el, name, e in _declared(view):
        if NOTICES[name] not in {d.get("kind") for d in sun(el, "document")}:
            said = f"'{ident(el)}' tells the applicant; give it <sun:document kind=\"{NOTICES[name]}\"/>."
            yield e, f"{name}.document", said


def fields(view: View) -> Iterator[Found]:
    """What is asked for stands in the form of the step that asks, and cannot be left out."""
    for _, _, name, e in _declared(view):
        asks = e.get("request") or ""
        form = view.source.forms.get(asks)
        form = form if isinstance(form, dict) else {}
        for field, why in _wrong(view, name, e, form):
            yield e, f"{name}.form", f"The form of '{asks}' must have the field '{field}': {why}."


def rules(view: View) -> Iterator[Found]:
    """What is extended is a limit of the item, and the approving step belongs to the post that the law names."""
    for _, el, name, e in _declared(view):
        if name != "extend" or view.book is None:
            continue
        id = e.get("rule") or ""
        rule = view.book.limits.get(id)
        extension = getattr(rule, "extension", None)
        if rule is None:
            yield e, "limit.unknown", f"There is no rule '{id}'; see processes/_rules/limits.toml."
        elif not rule.verified:
            yield e, "limit.unverified", f"The rule '{id}' has not been verified; an item may not rely on it."
        elif extension is None or not extension.post:
            yield e, "extend.rule", f"The rule '{id}' knows no extension that a post of ours approves."
        elif (post := items.step(el, ident(el)).post) != extension.post:
            yield (
                e,
                "extend.post",
                f"'{ident(el)}' belongs to '{post}', but '{extension.post}' may extend {id}.",
            )
        whole = view.whole
        if not view.alone and id not in {limit.rule for limit in whole.limits}:
            yield e, "extend.rule", f"This item has no clock of the rule '{id}'; give it a sun:limit or take this out."


def resumed(view: View) -> Iterator[Found]:
    """What ends a stop, or waits for its end, stands where one was begun."""
    for scope in view.scopes:
        serving = {i for i, el in scope.nodes.items() if sun(el, "stop")}
        early = _reached(scope, serving)
        for i, el in scope.nodes.items():
            waits = [d for d in el.iter() if (d.text or "").strip() == timers.STOP]
            host = el.get("attachedToRef") or i
            for e in sun(el, "resume"):
                if i in early:
                    yield e, "resume.early", f"'{i}' can be reached before a step with sun:stop has begun a stop."
            for e in waits:
                if host in early:
                    yield e, "timer.stop", f"'{host}' can be reached before a step with sun:stop has begun a stop."


def raised(view: View) -> Iterator[Found]:
    """A message that an officer brings in: an event that waits within the case, a post, a name for the button."""
    names = [r.message for r in view.item.raised]
    for scope in view.scopes:
        for el in scope.nodes.values():
            for e in sun(el, "post") if tag(el) != "userTask" else ():
                yield from ((e, "raised", said) for said in _unraised(view, scope, el, e, names))


def _unraised(view: View, scope: Scope, el: Element, e: Element, names: list[str]) -> Iterator[str]:
    code, refs = e.get("code"), [d.get("messageRef") for d in children(el, "messageEventDefinition")]
    if kinds(el) != ["message"] or local(refs[0]) not in view.ids:
        yield f"'{ident(el)}' has a sun:post, so it needs exactly one message event that names a message."
        return
    if tag(el) == "startEvent" and not scope.by_event:
        yield f"'{ident(el)}' begins the flow; a message that is brought into a case starts an event sub-process."
    if view.book is not None and code not in view.book.posts:
        yield f"There is no post '{code}'; see processes/_rules/posts.toml."
    if not el.get("name") or not items.english(el):
        yield f"'{ident(el)}' is offered as a button; give it a name and a sun:name."
    message = view.ids[local(refs[0])]
    if names.count(message.get("name") or ident(message)) > 1:
        yield f"Two events wait for '{message.get('name')}'; give each a message of its own."


def _declared(view: View) -> Iterator[tuple[Scope, Element, str, Element]]:
    """Yield scope, step, stop or extend, and the element that says so."""
    for scope in view.scopes:
        for el in scope.nodes.values():
            for name in NOTICES:
                yield from ((scope, el, name, e) for e in sun(el, name))


def _apart(view: View, asks: str) -> list[str]:
    own = [(e.get("steps") or "").split() for e in sun(view.flow.process, "separate") if e.get("rule") == APART]
    return [step for steps in own if asks in steps for step in steps if step != asks]


def _between(scope: Scope, asks: str, step: str, serves: str) -> bool:
    """Does every way to the step that serves go through this one, and every way here through the one that asks?"""
    return step != serves and serves not in _reached(scope, {step}) and step not in _reached(scope, {asks})


def _reached(scope: Scope, but: Collection[str]) -> set[str]:
    """Return what can be reached without completing the steps `but`; their boundary events may still happen."""
    guards = {i for i, el in scope.nodes.items() if el.get("attachedToRef") in but}
    return scope.follow([*scope.begins, *guards], but=but)


def _wrong(view: View, name: str, e: Element, form: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    properties = form.get("properties") if isinstance(form.get("properties"), dict) else {}
    for field in STOP_FIELDS if name == "stop" else EXTEND_FIELDS:
        rule = (properties or {}).get(field)
        why = _field(view, name, e, field, rule) if isinstance(rule, dict) else "it is missing"
        if not why and isinstance(rule, dict) and field not in form.get("required", ()) and not rule.get("x-on"):
            why = "it is required, always or by x-on"
        if why:
            yield field, why


def _field(view: View, name: str, e: Element, field: str, rule: Mapping[str, Any]) -> str:
    if field == "stop_kind":
        known = set(getattr(view.book, "stops", {})) if view.book is not None else None
        offered = set(rule.get("enum") or [c.get("const") for c in rule.get("oneOf", ()) if isinstance(c, dict)])
        wrong = sorted(map(str, offered - known)) if known is not None else []
        if wrong or not offered:
            return f"a choice among the stops of limits.toml{', not ' + ', '.join(wrong) if wrong else ''}"
        return ""
    if field in ("stop_days", "extend_days"):
        most = MOST_DAYS if name == "stop" else _most(view, e)
        low, high = rule.get("minimum"), rule.get("maximum")
        within = isinstance(low, int) and isinstance(high, int) and 1 <= low <= high <= most
        return "" if rule.get("type") == "integer" and within else f"an integer, minimum 1, maximum {most} at most"
    long = rule.get("type") == "string" and isinstance(rule.get("minLength"), int) and rule["minLength"] >= 1
    return "" if long else "a text that is not empty (minLength)"


def _most(view: View, e: Element) -> int:
    rule = view.book.limits.get(e.get("rule") or "") if view.book is not None else None
    extension = getattr(rule, "extension", None)
    return extension.amount if extension is not None else MOST_DAYS


RULES = (requests, documents, fields, rules, resumed, raised)
