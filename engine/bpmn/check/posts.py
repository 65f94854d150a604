"""Item rules on steps: who does them, where they lie, how long they may take."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn import items
from engine.bpmn.check.view import Found, View
from engine.bpmn.tree import MODEL, Element, children, ident, sun, tag
from engine.model import Step
from engine.rules import cards
from engine.rules.constraint import Check


def post(view: View) -> Iterator[Found]:
    for el in view.elements("userTask"):
        found = sun(el, "post")
        if not found:
            yield el, "post.missing", f"The step '{ident(el)}' has no sun:post; say which post does it."
        elif view.book and (code := found[0].get("code")) not in view.book.posts:
            yield found[0], "post.unknown", f"There is no post '{code}'; see processes/_rules/posts.toml."
        elif view.book and code == cards.SUBJECT and view.source.item != cards.ITEM:
            yield found[0], "post.unknown", f"The post '{code}' exists in the flow '{cards.ITEM}' only; name another."


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


def several(view: View) -> Iterator[Found]:
    """What is asked of several persons on one step, or of all who decide together, can be done."""
    for el in view.elements("userTask"):
        step = items.step(el, ident(el))
        for found in sun(el, "persons"):
            if step.persons.rule.startswith("ratio") and len(step.outcomes) != 2:
                said = f"'{ident(el)}' is decided by a share of those who sign, so it has two outcomes, for and against"
                yield found, "persons.ratio", f"{said}; now it has {len(step.outcomes)}."
            if step.persons.certified and step.persons.min < 2:
                said = f"'{ident(el)}' asks for certificates of one person; who inspects does so in pairs (SOD-05)"
                yield found, "persons.certified", f'{said}: min="2".'
        for found in sun(el, "collective"):
            yield from _collective(view, found, step)


def _collective(view: View, found: Element, step: Step) -> Iterator[Found]:
    if step.collective is None:
        return
    chair, quorum = step.collective.chair, step.collective.quorum
    if view.book and chair not in view.book.posts:
        yield found, "collective.chair", f"There is no post '{chair}'; see processes/_rules/posts.toml."
    elif chair == step.post:
        yield found, "collective.chair", f"The chair speaks last, so '{chair}' is another post than the members'."
    if step.persons.min > 1:
        yield found, "collective.persons", "All who hold the post decide together; delete sun:persons."
    for rule in view.book.constraints.values() if view.book else ():
        attends = Check.SEVERAL in rule.checks and not rule.least and rule.share[0] > 0
        if attends and quorum[0] * rule.share[1] < rule.share[0] * quorum[1]:
            least = "/".join(map(str, rule.share))
            yield found, "collective.quorum", f"At least {least} attend ({rule.id}); the quorum is below."


def tier(view: View) -> Iterator[Found]:
    for el in view.elements("userTask"):
        for found in sun(el, "tier"):
            filing = (view.top or view).source.forms.get("case")
            fields = filing.get("properties", {}) if isinstance(filing, dict) else {}
            if not view.alone and not any(isinstance(f, dict) and f.get("x-amount") for f in fields.values()):
                said = f"'{ident(el)}' is decided by the tier of the amount, and no field of the filing form names one"
                yield found, "tier.amount", f'{said}; mark it "x-amount": true.'
            if view.book and not view.book.tiers.by_code:
                yield found, "tier.none", "There are no tiers; see processes/_rules/tiers.toml."


RULES = (post, lane, limit, persons, applicant, returns, several, tier)
