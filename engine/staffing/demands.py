"""The demands as clauses. Each gives the literal that asks for it; `true` where nothing is asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from engine.staffing.clauses import Clauses
from engine.staffing.instance import Seat
from engine.staffing.parts import Seated


def apart(clauses: Clauses, one: Seated, other: Seated) -> int:
    """Ask that nobody counts for both steps."""
    asked = clauses.new()
    for this, that in ((one, other), (other, one)):
        for person in sorted(this.did & that.taken.keys()):
            clauses.add(-asked, -that.taken[person])
    for person in sorted(one.taken.keys() & other.taken.keys()):
        clauses.add(-asked, -one.taken[person], -other.taken[person])
    return asked


def bound(clauses: Clauses, before: Seated, step: Seated) -> int:
    """Ask that all on the step meet who completed the one before: one of its open seats, else who acted last.

    While nobody takes an open seat of the step before, nobody is bound.
    """
    if not before.open and not before.part.done:
        return clauses.true
    asked = clauses.new()
    if not before.open:
        last = before.part.done[-1].people
        for seat, variable in step.seats.items():
            if not seat.people & last:
                clauses.add(-asked, -variable)
        return asked
    completes, nobody = _completers(clauses, before), _nobody(clauses, [before])
    by_person = defaultdict(set)
    for seat, variable in completes.items():
        for person in seat.people:
            by_person[person].add(variable)
    for seat, premise in [*step.seats.items(), *((done, clauses.true) for done in step.part.done)]:
        met = set().union(*(by_person[person] for person in seat.people))
        clauses.add(-asked, -premise, nobody, *sorted(met))
    return asked


def after(clauses: Clauses, befores: Sequence[Seated], step: Seated) -> int:
    """Ask that one of those who may have completed what lies before did so for himself, or takes no seat of the step.

    Where nobody has, nothing is asked.
    """
    if not step.open or step.plenty or any(before.plenty for before in befores):
        return clauses.true
    lasts = [before.part.done[-1] for before in befores if before.part.done and not before.open]
    opens = [before for before in befores if before.open]
    completers = [(last, clauses.true) for last in lasts]
    completers += [item for before in opens for item in before.seats.items()]
    innocent = [
        variable if not seat.behalf else _not_on(clauses, seat, variable, step) for seat, variable in completers
    ]
    if not lasts:
        innocent.append(_nobody(clauses, opens))
    asked = clauses.new()
    clauses.add(-asked, *innocent)
    return asked


def least(clauses: Clauses, parts: Sequence[Seated], persons: int) -> int:
    """Ask that so many different persons act on the steps.

    Each person bears at most one number of 1 to `persons`, only if he acts, and who is linked bears the same. If for
    every number somebody bears it, they are that many: no two of them are linked, else they would bear the same.
    Conversely so many groups can be numbered, and in the order of their smallest persons, so it is enough to look for
    the bearers in the order of persons. Each part with plenty adds as many as it has seats, and never more.
    """
    number = persons - sum(part.part.seats for part in parts if part.plenty)
    if number <= 0 or not any(part.open for part in parts):
        return clauses.true
    acts = [(seat, clauses.true) for part in parts for seat in part.part.done]
    acts += [item for part in parts for item in part.seats.items()]
    acting = _acting(clauses, acts)
    links = [(seat, variable) for seat, variable in acts if seat.behalf]
    linked = {person for seat, _ in links for person in seat.people}
    bears = {
        p: [clauses.new() for _ in range(number)] if p in linked else [acts] * number for p, acts in acting.items()
    }
    for person in sorted(linked):
        clauses.at_most(bears[person], 1)
        for variable in bears[person]:
            clauses.add(-variable, acting[person])
    for seat, variable in links:
        for one, other in zip(bears[seat.person], bears[seat.behalf], strict=True):
            clauses.add(-variable, -one, other)
            clauses.add(-variable, one, -other)
    return clauses.at_least([bears[person] for person in sorted(bears)], number)


def _acting(clauses: Clauses, acts: Sequence[tuple[Seat, int]]) -> Mapping[int, int]:
    """Return by person a literal that is true only if one of these acts counts as his."""
    found = defaultdict(list)
    for seat, variable in acts:
        for person in seat.people:
            found[person].append(variable)
    return {person: _only_if(clauses, variables) for person, variables in found.items()}


def _only_if(clauses: Clauses, variables: Sequence[int]) -> int:
    if len(variables) == 1 or clauses.true in variables:
        return variables[0] if len(variables) == 1 else clauses.true
    literal = clauses.new()
    clauses.add(-literal, *variables)
    return literal


def _completers(clauses: Clauses, part: Seated) -> Mapping[Seat, int]:
    """Return by seat that it is the one that completes the part: if it has several, at most one of those taken."""
    if part.part.seats == 1:
        return part.seats
    found = {seat: clauses.new() for seat in part.seats}
    for seat, variable in found.items():
        clauses.add(-variable, part.seats[seat])
    clauses.at_most(list(found.values()), 1)
    return found


def _nobody(clauses: Clauses, parts: Sequence[Seated]) -> int:
    """Return a literal that is true only if no open seat of these is taken."""
    literal = clauses.new()
    for part in parts:
        for variable in part.seats.values():
            clauses.add(-literal, -variable)
    return literal


def _not_on(clauses: Clauses, seat: Seat, variable: int, step: Seated) -> int:
    """Return a literal that is true only if this seat is taken and its person takes none of the step himself."""
    literal = clauses.new()
    clauses.add(-literal, variable)
    for other, taken in step.seats.items():
        if other.person == seat.person:
            clauses.add(-literal, -taken)
    return literal
