"""A part as clauses: who takes its seats."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from engine.staffing.clauses import Clauses
from engine.staffing.instance import Part, Seat

Here = Callable[[int], int]  # person -> the variable that says that he is not away
Added = Mapping[Seat, Sequence[int]]  # a seat that would be added -> the variables of what adds it, any of which does


@dataclass(kw_only=True, eq=False)
class Seated:
    """The variables of a part. `seats`: that it is taken, by seat. `staffed`: asks that all of them are.

    `bars`: asks that what a rule bars is kept out, by rule. `plenty`: left out, for there is always somebody for it.
    """

    part: Part
    clauses: Clauses
    staffed: int
    plenty: bool = False
    seats: Mapping[Seat, int] = field(default_factory=dict)
    bars: dict[str, int] = field(default_factory=dict)

    @property
    def open(self) -> bool:
        """Return whether somebody has to act on it yet."""
        return self.part.seats > 0

    @cached_property
    def did(self) -> frozenset[int]:
        """Return whom the acts on it count as."""
        return frozenset(person for seat in self.part.done for person in seat.people)

    @cached_property
    def by_person(self) -> Mapping[int, Sequence[int]]:
        """Return the variables of the seats that count as a person's, by person."""
        found = defaultdict(list)
        for seat, variable in self.seats.items():
            for person in seat.people:
                found[person].append(variable)
        return found

    @cached_property
    def taken(self) -> Mapping[int, int]:
        """Return by person a variable that is true if one of these seats is taken."""
        return {person: self._any(variables) for person, variables in self.by_person.items()}

    def _any(self, variables: Sequence[int]) -> int:
        if len(variables) == 1:
            return variables[0]
        found = self.clauses.new()
        for variable in variables:
            self.clauses.add(-variable, found)
        return found


def seat(clauses: Clauses, part: Part, here: Here, away: frozenset[int], added: Added) -> Seated:
    """Write a part down: so many seats, nobody on two of them, nor on one after he acted; nobody who is away.

    Whoever is in `away` is left out; for the others `here` decides. A step that need not be staffed may have fewer.
    """
    found = Seated(part=part, clauses=clauses, staffed=clauses.new() if part.seats else clauses.true)
    if not part.seats:
        return found
    who = _candidates(part, found.did, away, added)
    found.seats = {one: clauses.new() for one in who}
    for one, variable in found.seats.items():
        clauses.add(-variable, here(one.person))
        if one.behalf and one != part.held and one.behalf not in away:
            clauses.add(-variable, -here(one.behalf))
        if one in part.barred:
            clauses.add(-found.bars.setdefault(part.barred[one], clauses.new()), -variable)
        elif one in added and one not in part.may and one != part.held:
            clauses.add(-variable, *added[one])
    for variables in found.by_person.values():
        clauses.at_most(variables, 1)
    _fill(found, here, away)
    return found


def _fill(found: Seated, here: Here, away: frozenset[int]) -> None:
    clauses, variables, number = found.clauses, list(found.seats.values()), found.part.seats
    clauses.at_most(variables, number)
    if number == 1:
        clauses.add(-found.staffed, *variables)
    else:
        clauses.add(-found.staffed, clauses.at_least([[variable] * number for variable in variables], number))
    held = found.part.held
    if held is not None and held.person not in away:
        clauses.add(-found.staffed, -here(held.person), found.seats.get(held, -clauses.true))


def _candidates(part: Part, did: frozenset[int], away: frozenset[int], added: Added) -> Iterable[Seat]:
    held = (part.held,) if part.held else ()
    every = {*part.may, *part.barred, *held, *added}
    return sorted(one for one in every if one.person not in away and not one.people & did)
