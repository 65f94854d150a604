"""Item rules on sums: the steps between the marks of a clock fit into the promise, the promise into the statute."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil
from typing import TYPE_CHECKING

from engine.bpmn import items
from engine.bpmn.check import paths
from engine.bpmn.check.graph import Graph, graph
from engine.bpmn.check.view import Found, View
from engine.bpmn.tree import line_of, sun
from engine.model import CaseLimit, Item, Unit

if TYPE_CHECKING:
    from engine.rules.rule import Rule

MOST_IN_A_MONTH = 23  # working days


def sums(view: View) -> Iterator[Found]:
    if view.called:
        return  # the item's clocks run through its called flows
    item, laid = view.item, graph(view.flow)
    lines = [line_of(e) for e in sun(view.flow.process, "limit")]
    for limit in item.limits:
        rule = view.book.limits.get(limit.rule) if view.book else None
        statute = _statute(rule) if rule is not None else None
        line = limit.line if limit.line in lines else line_of(view.flow.process)
        if limit.promise and statute is not None and limit.promise > statute:
            yield (
                line,
                "clock.promise",
                (f"{limit.rule}: {limit.promise} working days are promised, the statute allows {statute}."),
            )
        if _named(item, limit.start):
            continue  # the day that a form names is not the day on which the steps begin
        most, whose = (limit.promise, "promised") if limit.promise else (statute, "allowed by statute")
        total, way = _longest(laid, item, limit)
        if most is not None and total > most:
            yield (
                line,
                "clock.sum",
                (
                    f"{limit.rule}: the steps from '{limit.start}' until '{limit.until}' may take {total} working days"
                    f" ({' '.join(way)}), but {most} are {whose}."
                ),
            )


def _longest(laid: Graph, item: Item, limit: CaseLimit) -> tuple[int, list[str]]:
    filed = limit.start == items.RECEIVED
    sources = dict.fromkeys(laid.entries, ()) if filed else _reaching(item, limit.start)
    targets = _reaching(item, limit.until)
    others = {
        path: rest
        for path, on in targets.items()
        if on and path in item.steps and (rest := tuple(o for o in item.steps[path].outcomes if o not in on))
    }
    return paths.longest(laid, sources, targets, others, not filed)


def _named(item: Item, mark: str) -> bool:
    """Whether a form names the day of a mark."""
    found = (*(step.marks for step in item.steps.values()), *item.marks.values())
    return any(each.name == mark and each.date for marks in found for each in marks)


def _reaching(item: Item, mark: str) -> dict[str, tuple[str, ...]]:
    """Return the paths that reach a mark, with the outcomes that do; none: any."""
    marks = {**{path: step.marks for path, step in item.steps.items()}, **item.marks}
    return {path: m.on for path, found in marks.items() for m in found if m.name == mark}


def _statute(rule: Rule) -> int | None:
    """Return the most working days that a statute's time can hold; None when it is no upper limit."""
    if getattr(rule, "direction", "within") != "within":
        return None
    amount: int = rule.amount
    match rule.unit:
        case Unit.CALENDAR_DAY:
            return amount - 2 * (amount // 7)
        case Unit.MONTH:
            return amount * MOST_IN_A_MONTH
        case Unit.HOUR:
            return ceil(amount / 24)
    return amount


RULES = (sums,)
