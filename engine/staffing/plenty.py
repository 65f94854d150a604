"""Which steps always find somebody, so that nothing has to be searched for them; and who that is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from engine.staffing.instance import Bound, Part, Roster, Seat, Way


def plenty(ways: Sequence[Way], away: frozenset[int], more: int) -> frozenset[str]:
    """Return the steps which, whoever else acts where, may be left to people who act nowhere else in the way.

    Such a step has so many who may take it for themselves, have done nothing yet and are not away, that some are left
    when `more` of them are away too and every other open seat of the way is taken by another of them. For whom
    somebody stands in is away, and so not among them; but who has come back, while his stand-in holds a step, is.

    Then a roster of the other steps exists exactly if one of all does, whatever reasons are kept. From a roster of all
    leave the step out: no demand but a Least becomes harder, and the persons of that are fewer by one for each seat at
    most, since a seat joins or adds one group; so it is asked for as many fewer. Conversely fill the step with people
    who act nowhere else, for themselves: they meet nobody (Apart), completed nothing else, and what they completed they
    did for themselves (Next), and each is one person more (Least). Only a Bound could ask for somebody who acts
    elsewhere: a step with one is never left out, nor is one that somebody has claimed, who may act elsewhere too.
    """
    needed = more + max((sum(_blocked(part) for part in way.parts.values()) for way in ways), default=0)
    did = {person for way in ways for part in way.parts.values() for seat in part.done for person in seat.people}
    tied = {step for way in ways for d in way.demands if isinstance(d, Bound) for step in (d.before, d.step)}
    scarce, seen = set(tied), set()
    for way in ways:
        for step, part in way.parts.items():
            if step not in scarce and id(part) not in seen:
                seen.add(id(part))
                free = {seat.person for seat in _plain(part, away)} - did
                if part.seats == 0 or part.held is not None or len(free) < needed:
                    scarce.add(step)
    return frozenset(step for way in ways for step in way.parts) - scarce


def fill(parts: Iterable[Part], roster: Mapping[str, Sequence[Seat]], way: Way, away: frozenset[int]) -> Roster:
    """Return who takes these steps of plenty beside the roster: the first who act nowhere else."""
    acts = [
        *(seat for part in way.parts.values() for seat in part.done),
        *(s for seats in roster.values() for s in seats),
    ]
    busy = {person for seat in acts for person in seat.people}
    found: dict[str, tuple[Seat, ...]] = {}
    for part in parts:
        free = sorted(seat for seat in _plain(part, away) if seat.person not in busy)
        found[part.step] = tuple(free[: part.seats])
        busy |= {seat.person for seat in found[part.step]}
    return found


def _plain(part: Part, away: frozenset[int]) -> Iterable[Seat]:
    return {seat for seat in part.may if not seat.behalf and seat.person not in away and seat not in part.barred}


def _blocked(part: Part) -> int:
    return part.seats + (part.held is not None and part.held.behalf > 0)
