"""Steps that are all kept apart need as many persons as they have seats: said outright, for the sake of speed.

It follows from the demands; but that n + 1 steps cannot be shared out among n persons takes a solver that only sees
who meets whom ever longer, while counting shows it at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from engine.staffing.clauses import Clauses
from engine.staffing.parts import Seated

SEATS = 4  # fewer are shared out quickly
Apart = Mapping[tuple[str, str], int]  # two steps in the order of the way -> the literal that asks that they be apart


def crowds(parts: Mapping[str, Seated], apart: Apart) -> Iterator[Sequence[str]]:
    """Yield sets of steps that are all apart and for which few persons are there, not twice as many as seats.

    From each step on the steps that are apart from all before; of these, for each step, those for which there is
    nobody who could not take that one too.
    """
    seen = set()
    for first in parts:
        group: list[str] = []
        for step in dict.fromkeys([first, *parts]):
            one = parts[step]
            if one.open and not one.plenty and all(_pair(step, other, apart) for other in group):
                group.append(step)
        who = {step: {seat.person for seat in parts[step].seats} for step in group}
        for widest in group:
            steps = tuple(step for step in parts if step in who and who[step] <= who[widest])
            seats = sum(parts[step].part.seats for step in steps)
            if steps not in seen and seats >= SEATS and len(who[widest]) < 2 * seats:
                seen.add(steps)
                yield steps


def count(clauses: Clauses, parts: Sequence[Seated], apart: Sequence[int]) -> None:
    """Say that these parts need as many persons as seats, while all are asked to be staffed, and apart."""
    takes = defaultdict(list)
    for part in parts:
        for seat, variable in part.seats.items():
            takes[seat.person].append(variable)
    acts = []
    for person in sorted(takes):
        acts.append(clauses.new())
        clauses.add(-acts[-1], *takes[person])
    seats = sum(part.part.seats for part in parts)
    enough = clauses.at_least([[act] * seats for act in acts], seats)
    clauses.add(enough, *(-part.staffed for part in parts), *(-literal for literal in apart))


def between(steps: Sequence[str], apart: Apart) -> Sequence[int]:
    """Return the literals that ask that each two of these steps be apart."""
    return [_pair(one, other, apart) for one, other in combinations(steps, 2)]


def _pair(one: str, other: str, apart: Apart) -> int:
    return apart.get((one, other)) or apart.get((other, one)) or 0
