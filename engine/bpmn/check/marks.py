"""Item rules on clocks by name: their rule is in the book and verified, their marks are reached somewhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from engine.bpmn import items, timers
from engine.bpmn.check.extension import MARKED as EVENTS
from engine.bpmn.check.view import Found, View
from engine.bpmn.tree import Element, children, ident, kinds, sun, tag
from engine.model import Item

if TYPE_CHECKING:
    from engine.rules.rule import Rule

MARKED = ("userTask", *EVENTS)


def rules(view: View) -> Iterator[Found]:
    dated = set(_dated(view.whole))
    for e in sun(view.flow.process, "limit"):
        if view.book is None:
            continue
        rule = view.book.limits.get(e.get("rule") or "")
        if rule is None:
            yield e, "limit.unknown", f"There is no rule '{e.get('rule')}'; see processes/_rules/limits.toml."
        elif not rule.verified:
            yield e, "limit.unverified", f"The rule '{rule.id}' has not been verified; an item may not rely on it."
        else:
            yield from _fits(e, rule, dated, view.alone)


def _fits(e: Element, rule: Rule, dated: set[str], alone: bool) -> Iterator[Found]:
    start, until = e.get("from") or items.RECEIVED, e.get("until") or ""
    if (start, until) != (rule.start, rule.until):
        said = f"'{rule.id}' runs from '{rule.start}' until '{rule.until}'; the item may not count otherwise."
        yield e, "limit.marks", said
    if rule.direction != "within" and e.get("promise"):
        yield e, "limit.promise", f"'{rule.id}' is no time to be kept within, so nothing can be promised of it."
    if rule.direction == "before" and start not in dated and not alone:
        said = f"'{rule.id}' counts back from '{start}': a sun:mark must take that day from a form (date=)."
        yield e, "limit.date", said
    if rule.direction == "within" and until in dated:
        said = f"'{rule.id}' ends when '{until}' happens, not on a day that a form names; leave date= out."
        yield e, "limit.date", said


def reached(view: View) -> Iterator[Found]:
    marks = _marks(view)
    for e in sun(view.flow.process, "limit"):
        for name in (e.get("from") or items.RECEIVED, e.get("until") or ""):
            if name and name not in marks:
                yield e, "mark.unknown", f"No element reaches the mark '{name}'; put a sun:mark where it happens."
    for el in view.elements(*MARKED):
        for e in sun(el, "mark"):
            if e.get("name") == items.RECEIVED:
                yield e, "mark.reserved", f"The mark '{items.RECEIVED}' is set at filing; choose another name."
            if (at := e.get("at")) and at not in marks and not view.alone:
                yield e, "mark.unknown", f"No element reaches the mark '{at}', whose date it takes."
            if e.get("date") and e.get("at"):
                yield (
                    e,
                    "mark.date",
                    "A mark takes its day from another mark (at) or from a form (date), not both.",
                )
            if e.get("date") and tag(el) not in ("userTask", "startEvent"):
                yield e, "mark.date", "A day is named in the form of a user task, or at filing: on a start event."


def named(view: View) -> Iterator[Found]:
    """The fields that name the days of marks: each is a date, and is there whenever the mark is reached."""
    if view.called:
        return  # what the caller tells of its forms is known only there
    item, forms = view.item, view.source.forms
    for path, step in item.steps.items():
        for mark in step.marks:
            if mark.date and (why := _lacks(forms.get(path), mark.date, mark.on or step.outcomes)):
                yield view.ids[path.split("/")[0]], "mark.date", f"'{path}' has no day for '{mark.name}': {why}"
    for path, marks in item.marks.items():
        for mark in marks:
            if mark.date and not view.alone and (why := _lacks(forms.get("case"), mark.date, ())):
                said = f"The filing form has no day for '{mark.name}' of '{path}': {why}"
                yield view.ids[path.split("/")[0]], "mark.date", said


def _lacks(form: object, field: str, outcomes: tuple[str, ...]) -> str:
    """Return why a form does not name a day in a field whenever it has one of these outcomes; empty: it does."""
    properties = form.get("properties", {}) if isinstance(form, dict) else {}
    found = properties.get(field) if isinstance(properties, dict) else None
    if not isinstance(found, dict):
        return f"it has no field '{field}'."
    if found.get("type") != "string" or found.get("format") != "date":
        return f'\'{field}\' must have "type": "string" and "format": "date".'
    with_outcomes = found.get("x-on")
    if isinstance(with_outcomes, list):
        always = bool(outcomes) and all(outcome in with_outcomes for outcome in outcomes)
    else:
        assert isinstance(form, dict)
        always = field in form.get("required", ())
    return "" if always else f"'{field}' must be required whenever the mark is reached."


def waited(view: View) -> Iterator[Found]:
    """What must last, or come early enough, is refused to a person; a timer may only follow the limit itself."""
    for rule in _bound(view):
        for el in view.elements(*MARKED):
            for e in sun(el, "mark"):
                if e.get("name") not in (rule.until, rule.start if rule.direction == "before" else rule.until):
                    continue
                waits = rule.direction == "at_least" and timer_limit(el) == rule.id
                if tag(el) not in ("userTask", "startEvent") and "message" not in kinds(el) and not waits:
                    said = f"'{rule.id}' may refuse the mark '{e.get('name')}' on a day: put it on a user task"
                    more = f', or on a timer limit("{rule.id}")' if rule.direction == "at_least" else ""
                    yield e, "mark.refused", f"{said}{more}."


def timer_limit(el: Element) -> str | None:
    """Return what the timer of an event names by limit("..."), None when it is not just that."""
    shapes = [shape for d in children(el, "timerEventDefinition") for shape in d if tag(shape)]
    alone = len(shapes) == 1 and tag(shapes[0]) == "timeDuration" and len(kinds(el)) == 1
    return timers.limit(shapes[0].text or "") if alone else None


def _bound(view: View) -> list[Rule]:
    """Return the rules with a clock in the item that refuse a mark."""
    limits = (*view.whole.limits, *view.item.limits)
    book = view.book.limits if view.book else {}
    found = {limit.rule: book[limit.rule] for limit in limits if limit.rule in book}
    return [rule for rule in found.values() if rule.direction != "within"]


def timed(view: View) -> Iterator[Found]:
    """limit("...") of timers: a step of this flow that has a limit, a rule that has a clock, or the mark of its end."""
    steps = {ident(el) for el in view.elements("userTask") if sun(el, "limit")}
    limits = (*view.whole.limits, *view.item.limits)
    clocks = {name for limit in limits for name in (limit.rule, limit.until)}
    for scope in view.scopes:
        for el in scope.nodes.values():
            for d in children(el, "timerEventDefinition"):
                for shape in d:
                    name = timers.limit((shape.text or "").split("/")[-1]) if tag(shape) else None
                    if name and name not in steps and not (name in clocks or (view.alone and not view.called)):
                        yield (
                            shape,
                            "timer.limit",
                            (f"'{name}' is no step of this flow with a limit, and no rule with a clock in this item."),
                        )


def _marks(view: View) -> set[str]:
    top = view.whole
    own = [m.name for marks in (*(s.marks for s in top.steps.values()), *top.marks.values()) for m in marks]
    return {items.RECEIVED, *own}


def _dated(item: Item) -> Iterator[str]:
    for marks in (*(step.marks for step in item.steps.values()), *item.marks.values()):
        yield from (mark.name for mark in marks if mark.date)


RULES = (rules, reached, named, waited, timed)
