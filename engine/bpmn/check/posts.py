"""Item rules on steps: who does them, where they lie, how long they may take."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn import items
from engine.bpmn.check.view import Found, View
from engine.bpmn.tree import MODEL, children, ident, sun, tag


def post(view: View) -> Iterator[Found]:
    for el in view.elements("userTask"):
        found = sun(el, "post")
        if not found:
            yield el, "post.missing", f"The step '{ident(el)}' has no sun:post; say which post does it."
        elif view.book and (code := found[0].get("code")) not in view.book.posts:
            yield found[0], "post.unknown", f"There is no post '{code}'; see processes/_rules/posts.toml."


def lane(view: View) -> Iterator[Found]:
    for lane in view.root.iter(MODEL + "lane"):
        if children(lane, "childLaneSet") or view.book is None:
            continue
        for ref in children(lane, "flowNodeRef"):
            step = view.ids.get((ref.text or "").strip())
            found = sun(step, "post") if step is not None and tag(step) == "userTask" else []
            post = view.book.posts.get(found[0].get("code") or "") if found else None
            if step is not None and post is not None and (lane.get("name") or "") != post.name:
                lies = f"'{ident(step)}' lies in the lane '{lane.get('name') or ''}'"
                yield (
                    step,
                    "lane.post",
                    f"{lies}, but its post is called '{post.name}'; move or rename.",
                )


def limit(view: View) -> Iterator[Found]:
    for el in view.elements("userTask"):
        if not sun(el, "limit"):
            yield el, "limit.missing", f"The step '{ident(el)}' has no sun:limit; say in how many days it is done."


def persons(view: View) -> Iterator[Found]:
    for el in view.elements("userTask"):
        if sun(el, "persons") and children(el, "multiInstanceLoopCharacteristics", "standardLoopCharacteristics"):
            yield (
                sun(el, "persons")[0],
                "persons.multi",
                (f"'{ident(el)}' has sun:persons and a loop: several people on one step, or several steps, not both."),
            )


def applicant(view: View) -> Iterator[Found]:
    for el in view.elements("userTask"):
        if sun(el, "applicant") and any((items.number(p.get("min") or "") or 1) > 1 for p in sun(el, "persons")):
            said = f"'{ident(el)}' is open to the applicant, who is one person, and asks for several; delete one."
            yield sun(el, "applicant")[0], "applicant.persons", said


def returns(view: View) -> Iterator[Found]:
    steps = {ident(el) for el in view.elements("userTask")}
    for el in view.elements("userTask"):
        for target in (t for r in sun(el, "returns") for t in (r.get("to") or "").split()):
            if target not in steps:
                yield sun(el, "returns")[0], "returns.unknown", f"There is no step '{target}' in this flow."
            elif target == ident(el):
                yield sun(el, "returns")[0], "returns.unknown", f"'{target}' cannot be sent back to itself."


RULES = (post, lane, limit, persons, applicant, returns)
