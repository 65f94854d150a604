"""Staffing by trying everything: who could sit where, one step after the other, and then what is asked of them.

Written from what `engine.staffing.instance` says, and shares no code with what it is compared to.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import combinations

from engine.staffing.instance import Apart, Bound, Least, Next, Part, Seat, Way, Why

Acts = Mapping[str, tuple[Seat, ...]]
Additions = Mapping[str, Sequence[tuple[str, Seat]]]


def whys(way: Way) -> list[Why]:
    """Every reason that the way could have."""
    found = []
    for step, part in way.parts.items():
        if part.seats:
            found.append(Why(steps=(step,)))
        found += [Why(steps=(step,), rule=rule) for rule in part.barred.values()]
    for demand in way.demands:
        found += [why for why, _ in pieces(way, demand)]
    return list(dict.fromkeys(found))


def pieces(way: Way, demand: object) -> list[tuple[Why, object]]:
    order = list(way.parts)
    if isinstance(demand, Apart):
        here = sorted({s for s in demand.steps if s in order}, key=order.index)
        return [(Why(steps=pair, rule=demand.rule), Apart(demand.rule, pair)) for pair in combinations(here, 2)]
    if isinstance(demand, Bound):
        steps = (demand.before, demand.step)
        return [(Why(steps=steps, rule=demand.rule), demand)] if set(steps) <= set(order) else []
    if isinstance(demand, Least):
        here = sorted({s for s in demand.steps if s in order}, key=order.index)
        return [(Why(steps=tuple(here), rule=demand.rule), Least(demand.rule, tuple(here), demand.persons))]
    assert isinstance(demand, Next)
    before = tuple(sorted({s for s in demand.before if s in order}, key=order.index))
    if not before or demand.step not in order:
        return []
    return [(Why(steps=(*before, demand.step), rule=demand.rule), Next(demand.rule, before, demand.step))]


def possible(way: Way, away: Collection[int] = (), kept: Collection[Why] | None = None) -> bool:
    """Whether somebody can be found for everything, or for as much as the reasons that are kept ask for."""
    kept = whys(way) if kept is None else kept
    wanted = [demand for d in way.demands for why, demand in pieces(way, d) if why in kept]
    touched = {step for why in kept for step in why.steps}
    steps = [step for step in way.parts if step in touched]
    return _search(way, steps, {}, wanted, frozenset(away), kept)


def _search(way: Way, steps: list[str], sat: dict[str, tuple[Seat, ...]], wanted, away, kept) -> bool:  # type: ignore[no-untyped-def]
    ready = [d for d in wanted if not set(_of(d)) & set(steps)]
    if not all(_fulfilled(way, d, sat) for d in ready):
        return False
    if not steps:
        return True
    left = [d for d in wanted if d not in ready]
    return any(
        _search(way, steps[1:], {**sat, steps[0]: seats}, left, away, kept)
        for seats in _sittings(way.parts[steps[0]], away, kept)
    )


def _of(demand) -> tuple[str, ...]:  # type: ignore[no-untyped-def]
    match demand:
        case Bound():
            return (demand.before, demand.step)
        case Next():
            return (*demand.before, demand.step)
    return demand.steps  # type: ignore[no-any-return]


def _sittings(part: Part, away: frozenset[int], kept: Collection[Why]) -> Iterator[tuple[Seat, ...]]:
    """Who might sit on a step together: all its seats, or fewer where it need not be staffed."""
    free = [seat for seat in part.may if seat not in part.barred]
    free += [seat for seat, rule in part.barred.items() if Why(steps=(part.step,), rule=rule) not in kept]
    free = [s for s in free if s.person not in away and (not s.behalf or s.behalf in away)]
    held = part.held if part.held and part.held.person not in away else None
    if held and (held not in part.barred or Why(steps=(part.step,), rule=part.barred[held]) not in kept):
        free.append(held)
    must = part.seats > 0 and Why(steps=(part.step,)) in kept
    for number in [part.seats] if must else range(part.seats + 1):
        for seats in combinations(dict.fromkeys(free), number):
            people = [p for seat in seats for p in seat.people]
            before = {p for seat in part.done for p in seat.people}
            if (
                len(set(people)) == len(people)
                and not before & set(people)
                and not (must and held and held not in seats)
            ):
                yield seats


def _fulfilled(way: Way, demand, sat: Acts) -> bool:  # type: ignore[no-untyped-def]
    def now(step: str) -> list[Seat]:
        return list(sat.get(step, ()))

    def done(step: str) -> list[Seat]:
        return list(way.parts[step].done)

    def closed(step: str) -> bool:
        return way.parts[step].seats == 0

    if isinstance(demand, Apart):
        one, two = demand.steps
        for a in now(one) + done(one):
            for b in now(two) + done(two):
                if (a in now(one) or b in now(two)) and a.people & b.people:
                    return False
        return True
    if isinstance(demand, Bound):
        if closed(demand.before):
            return all(not done(demand.before) or s.people & done(demand.before)[-1].people for s in now(demand.step))
        everybody = now(demand.step) + done(demand.step)
        might = now(demand.before)
        return might == [] or any([s for s in everybody if not s.people & m.people] == [] for m in might)
    if isinstance(demand, Next):
        might = [s for b in demand.before for s in (done(b)[-1:] if closed(b) else now(b))]
        guilty = [m for m in might if m.behalf and any(s.person == m.person for s in now(demand.step))]
        return not might or len(guilty) < len(might)
    if all(closed(step) for step in demand.steps):
        return True
    acts = [s for step in demand.steps for s in now(step) + done(step)]
    colour = {p: p for s in acts for p in s.people}
    for _ in colour:
        for s in acts:
            for p in s.people:
                colour[p] = min(colour[q] for q in s.people)
    return len(set(colour.values())) >= demand.persons  # type: ignore[no-any-return]


def breaks_without(ways: Sequence[Way], people: Collection[int], away: frozenset[int]) -> list[tuple[int, ...]]:
    """All persons, then all pairs, without whom a way is impossible that is possible now."""
    now = [way for way in ways if possible(way, away)]
    found: list[tuple[int, ...]] = []
    for number in (1, 2):
        for some in combinations(sorted(set(people) - away), number):
            if not any(set(less) <= set(some) for less in found):
                found += [some] if not all(possible(way, away | set(some)) for way in now) else []
    return found


def mending(
    ways: Sequence[Way], people: Collection[int], away: frozenset[int], additions: Additions, *, surviving: bool
) -> list[tuple[str, ...]]:
    """All smallest sets of additions that do."""
    absences = [away] + ([away | {p} for p in sorted(set(people) - away)] if surviving else [])
    for number in range(5):
        found = []
        for labels in combinations(sorted(additions), number):
            more = [with_(way, [added for label in labels for added in additions[label]]) for way in ways]
            if all(possible(way, out) for way in more for out in absences):
                found.append(labels)
        if found:
            return found
    return []


def with_(way: Way, added: Sequence[tuple[str, Seat]]) -> Way:
    parts = {}
    for step, p in way.parts.items():
        may = tuple(dict.fromkeys([*p.may, *(seat for at, seat in added if at == step)]))
        parts[step] = Part(step=step, seats=p.seats, may=may, barred=p.barred, done=p.done, held=p.held)
    return Way(parts=parts, demands=way.demands)
