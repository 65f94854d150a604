"""Which ways have to be asked about, where it only matters whether all of them are possible."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from engine.staffing.instance import Demand, Next, Part, Way
from engine.staffing.reasons import asked as demanded


def widest(ways: Sequence[Way]) -> list[int]:
    """Return the places of the ways that no other covers, in order; of ways that are alike the first.

    A way covers another that has some of its parts and demands, of steps that it has, some of what it demands: its
    roster, without the steps that the other leaves out, is one of the other, whoever is away and whoever is added for
    himself. What is asked of stand-ins is left out where nobody stands in.
    """
    known: dict[str, list[Part]] = defaultdict(list)
    asked = [frozenset((step, _number(known[step], part)) for step, part in way.parts.items()) for way in ways]
    demands = [frozenset(demand for _, demand in demanded(way) if _binds(demand, way)) for way in ways]
    kept: list[int] = []
    for place in sorted(range(len(ways)), key=lambda n: (-len(asked[n]), -len(demands[n]), n)):
        if not any(asked[place] <= asked[other] and demands[place] <= demands[other] for other in kept):
            kept.append(place)
    return sorted(kept)


def _binds(demand: Demand, way: Way) -> bool:
    """Return whether a demand could be broken, whoever takes the seats that there are."""
    if not isinstance(demand, Next):
        return True
    parts = [way.parts[step] for step in demand.before]
    seats = (seat for part in parts for seat in (*part.may, *part.barred, *part.done, part.held) if seat is not None)
    return any(seat.behalf for seat in seats)


def _number(known: list[Part], part: Part) -> int:
    """Return which of the known parts of its step this is; a new one is known from now on."""
    found = next((n for n, other in enumerate(known) if other is part or other == part), len(known))
    if found == len(known):
        known.append(part)
    return found
