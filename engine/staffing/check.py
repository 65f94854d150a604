"""Does a roster keep everything that is asked of a way? Read from the words of `instance`, without a solver."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from engine.staffing.instance import Apart, Bound, Demand, Least, Next, Part, Roster, Seat, Way, Why
from engine.staffing.reasons import asked, staffed


def faults(way: Way, roster: Roster, away: frozenset[int] = frozenset()) -> tuple[Why, ...]:
    """Return what the roster does not keep, in the order of the way; nothing if it is one."""
    return tuple(dict.fromkeys(_faults(way, roster, away)))


def _faults(way: Way, roster: Roster, away: frozenset[int]) -> Iterator[Why]:
    for step, part in way.parts.items():
        seats = roster.get(step, ())
        if not _taken(part, seats, away):
            yield staffed(part)
        yield from (Why(steps=(step,), rule=part.barred[seat]) for seat in seats if seat in part.barred)
    for why, demand in asked(way):
        if not _kept(demand, way, roster):
            yield why


def _taken(part: Part, seats: Sequence[Seat], away: frozenset[int]) -> bool:
    held = part.held if part.held is not None and part.held.person not in away else None
    could = all(seat in part.may or seat in part.barred or seat == held for seat in seats)
    here = all(seat.person not in away for seat in seats)
    stands = all(seat.behalf in away for seat in seats if seat.behalf and seat != held)
    acts = [*((seat, True) for seat in part.done), *((seat, False) for seat in seats)]
    once = all((past and also) or not _meet(one, other) for (one, past), (other, also) in combinations(acts, 2))
    return len(seats) == part.seats and could and here and stands and once and (held is None or held in seats)


def _kept(demand: Demand, way: Way, roster: Roster) -> bool:
    match demand:
        case Apart(steps=(one, other)):
            pairs = [(a, b) for a in roster.get(one, ()) for b in (*way.parts[other].done, *roster.get(other, ()))]
            pairs += [(a, b) for a in way.parts[one].done for b in roster.get(other, ())]
            return not any(_meet(a, b) for a, b in pairs)
        case Bound(before=before, step=step):
            bound = [*roster.get(step, ())] + ([*way.parts[step].done] if way.parts[before].seats else [])
            completes = _completers(way.parts[before], roster)
            return not completes or any(all(_meet(one, a) for a in bound) for one in completes)
        case Next(before=before, step=step):
            persons = {seat.person for seat in roster.get(step, ())}
            completes = [one for b in before for one in _completers(way.parts[b], roster)]
            return not completes or any(not one.behalf or one.person not in persons for one in completes)
        case Least(steps=steps, persons=persons):
            acts = [seat for step in steps for seat in (*way.parts[step].done, *roster.get(step, ()))]
            return all(not way.parts[step].seats for step in steps) or _groups(acts) >= persons
    raise AssertionError(demand)


def _completers(part: Part, roster: Roster) -> Sequence[Seat]:
    return roster.get(part.step, ()) if part.seats else part.done[-1:]


def _groups(acts: Sequence[Seat]) -> int:
    groups: list[frozenset[int]] = []
    for seat in acts:
        met = [group for group in groups if group & seat.people]
        groups = [group for group in groups if not group & seat.people] + [seat.people.union(*met)]
    return len(groups)


def _meet(one: Seat, other: Seat) -> bool:
    return bool(one.people & other.people)
