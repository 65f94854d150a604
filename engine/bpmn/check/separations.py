"""Item rules on separation: the constraint is in the book and fits its element, the steps are there and suit it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from engine.bpmn.check.view import Found, View
from engine.bpmn.tree import Element, sun
from engine.model import OrganLevel
from engine.rules.cards import SUBJECT
from engine.rules.constraint import SEPARATES, Check, Constraint
from engine.rules.demands import reckoned
from engine.rules.separation import FILING

TOWNSHIP = ("case", OrganLevel.TOWNSHIP.value)  # where a step of the lower level of government stands
FITS = {"separate": (*SEPARATES, Check.CARDINALITY), "bind": (Check.BIND,)}


def separations(view: View) -> Iterator[Found]:
    steps = view.item.steps
    for name, fits in FITS.items():
        for e in sun(view.flow.process, name):
            rule = e.get("rule") or ""
            if view.book is not None and rule not in view.book.constraints:
                yield (
                    e,
                    "separation.unknown",
                    f"There is no constraint '{rule}'; see processes/_rules/separations.toml.",
                )
            elif view.book is not None and not set(view.book.constraints[rule].checks) & set(fits):
                checks = ", ".join(view.book.constraints[rule].checks)
                yield e, "separation.element", f"'{rule}' is checked as {checks}; sun:{name} takes {', '.join(fits)}."
            named = _steps(e)
            for path in named:
                if path not in steps and (path != FILING or name == "bind"):
                    yield e, "separation.step", f"There is no step '{path}'; the steps are: {', '.join(steps)}."
            if len(set(named)) != len(named):
                yield e, "separation.step", "A step stands twice; a person may do one step again."


def lanes(view: View) -> Iterator[Found]:
    """DOMAIN section 4: two steps of a set lie in different lanes, that is, belong to different posts."""
    for e, constraint in _named(view, "separate"):
        if constraint.one_post or not {Check.DISTINCT, Check.REQUESTER} & set(constraint.checks):
            continue
        for one, other in combinations(dict.fromkeys(_steps(e)), 2):
            posts = [view.item.steps[path].post for path in (one, other) if path in view.item.steps]
            if len(posts) == 2 and posts[0] == posts[1] != SUBJECT:
                said = f"'{one}' and '{other}' are kept apart by {constraint.id} and belong to one post, '{posts[0]}'"
                yield e, "separation.lane", f"{said}; give them to posts of different lanes."


def levels(view: View) -> Iterator[Found]:
    for e, constraint in _named(view, "separate"):
        if Check.LEVEL not in constraint.checks:
            continue
        organs = {path: view.item.steps[path].organ in TOWNSHIP for path in _steps(e) if path in view.item.steps}
        for one, other in combinations(organs, 2):
            if organs[one] == organs[other]:
                said = f"'{one}' and '{other}' are kept at different levels by {constraint.id} and stand at the same"
                yield e, "separation.level", f'{said}; one is of organ="township" or "case", the other of "county".'


def bindings(view: View) -> Iterator[Found]:
    for e, _ in _named(view, "bind"):
        for kept in view.item.separations:
            if len(both := set(kept.steps) & set(_steps(e))) > 1:
                said = f"{' and '.join(sorted(both))} are one person's here, and {kept.rule} keeps them apart"
                yield e, "bind.apart", f"{said}; delete one of the two."


def persons(view: View) -> Iterator[Found]:
    """SOD-27: item.toml asks for no fewer persons than the risk does, and the steps can have so many."""
    counting = [c for c in view.book.constraints.values() if Check.CARDINALITY in c.checks] if view.book else []
    if not counting or view.book is None or view.called or view.alone or not view.item.risk:
        return
    item, rule, process = view.item, counting[0], view.flow.process
    if item.risk not in rule.persons:
        yield process, "persons.risk", f"item.toml: the risk '{item.risk}' is none of {', '.join(rule.persons)}."
        return
    least = rule.persons[item.risk]
    if 0 < item.distinct_persons < least:
        said = f"item.toml: distinct_persons is {item.distinct_persons}, but a case of risk '{item.risk}' takes {least}"
        yield process, "persons.risk", f"{said} ({rule.id})."
    counted, least = reckoned(item, view.book), max(least, item.distinct_persons)
    if counted and sum(counted.values()) < least:
        said = f"{rule.id} asks for {least} persons, and the steps it counts ({', '.join(counted)}) can have"
        yield process, "persons.few", f"{said} {sum(counted.values())}; divide them."


def _named(view: View, name: str) -> Iterator[tuple[Element, Constraint]]:
    for e in sun(view.flow.process, name):
        constraint = view.book.constraints.get(e.get("rule") or "") if view.book else None
        if constraint is not None:
            yield e, constraint


def _steps(e: Element) -> list[str]:
    return (e.get("steps") or "").split()


RULES = (separations, lanes, levels, bindings, persons)
