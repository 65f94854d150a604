"""The reasons of a way, each by name: what a conflict may consist of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import combinations

from engine.staffing.instance import Apart, Bound, Demand, Least, Next, Part, Way, Why


def staffed(part: Part) -> Why:
    """Return the reason that a step be staffed."""
    return Why(steps=(part.step,))


def bars(part: Part) -> Mapping[Why, tuple[str, str]]:
    """Return the bars on a step by reason: step and rule. All that one rule bars there are one reason."""
    return {Why(steps=(part.step,), rule=rule): (part.step, rule) for rule in sorted(set(part.barred.values()))}


def asked(way: Way) -> Iterator[tuple[Why, Demand]]:
    """Yield what the way demands, by reason, of steps that it has, in its order: an Apart by pairs.

    What has the same rule and the same steps is one reason, even if two demands ask for it.
    """
    for demand in way.demands:
        for one in _pieces(demand, way):
            yield Why(steps=concerned(one), rule=one.rule), one


def concerned(demand: Demand) -> tuple[str, ...]:
    """Return the steps that a demand is about, before what comes after."""
    match demand:
        case Bound():
            return (demand.before, demand.step)
        case Next():
            return (*demand.before, demand.step)
        case _:
            return demand.steps


def _pieces(demand: Demand, way: Way) -> Iterator[Demand]:
    match demand:
        case Apart():
            yield from (replace(demand, steps=pair) for pair in combinations(_here(demand.steps, way), 2))
        case Least():
            yield replace(demand, steps=_here(demand.steps, way))
        case Bound():
            if demand.before in way.parts and demand.step in way.parts:
                yield demand
        case Next():
            before = _here(demand.before, way)
            if before and demand.step in way.parts:
                yield replace(demand, before=before)


def _here(steps: tuple[str, ...], way: Way) -> tuple[str, ...]:
    return tuple(step for step in way.parts if step in steps)
