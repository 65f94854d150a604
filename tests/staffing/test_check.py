"""The checker finds fault with exactly those rosters that trying everything would not have tried, or refused."""

from __future__ import annotations

from random import Random

import pytest

from engine.staffing.check import faults
from engine.staffing.instance import Apart, Bound, Part, Roster, Seat, Way, Why
from tests.staffing import brute
from tests.staffing.drawn import draw

TWO = {step: Part(step=step, may=(Seat(1), Seat(2))) for step in ("a", "b")}


def fine(way: Way, roster: Roster, away: frozenset[int]) -> bool:
    every = brute.whys(way)
    for step, part in way.parts.items():
        if set(roster.get(step, ())) not in [set(seats) for seats in brute._sittings(part, away, every)]:
            return False
    return all(brute._fulfilled(way, one, roster) for demand in way.demands for _, one in brute.pieces(way, demand))


def guess(dice: Random, way: Way) -> Roster:
    found = {}
    for step, part in way.parts.items():
        seats = [*part.may, *part.may, *part.may, *part.barred, *([part.held] * 3 if part.held else [])]
        found[step] = tuple(dice.choice(seats) for _ in range(part.seats)) if seats else ()
    return found


def test_it_finds_no_fault_with_a_roster_and_some_with_anything_else() -> None:
    seen = {True: 0, False: 0}
    for seed in range(600):
        dice = Random(seed)
        drawn = draw(dice)
        for way in drawn.ways:
            for roster in [guess(dice, way) for _ in range(4)]:
                expected = fine(way, roster, drawn.away)
                seen[expected] += 1
                assert (faults(way, roster, drawn.away) == ()) is expected, f"seed {seed}"
    assert min(seen.values()) > 200


@pytest.mark.parametrize(
    ("roster", "found"),
    [
        ({"a": (Seat(1),), "b": (Seat(2),)}, ()),
        ({"a": (Seat(1),), "b": (Seat(1),)}, (Why(steps=("a", "b"), rule="A"),)),
        ({"a": (Seat(1),)}, (Why(steps=("b",)),)),
        ({"a": (Seat(1),), "b": (Seat(3),)}, (Why(steps=("b",)),)),
        ({"a": (Seat(1),), "b": (Seat(1), Seat(2))}, (Why(steps=("b",)), Why(steps=("a", "b"), rule="A"))),
    ],
)
def test_it_names_what_is_not_kept(roster: Roster, found: tuple[Why, ...]) -> None:
    assert faults(Way(parts=TWO, demands=(Apart("A", ("a", "b")),)), roster) == found


def test_the_last_who_acted_is_who_completed() -> None:
    before = Part(step="a", seats=0, done=(Seat(1), Seat(2)))
    bound = Way(parts={"a": before, "b": TWO["b"]}, demands=(Bound("B", "a", "b"),))

    assert faults(bound, {"b": (Seat(2),)}) == ()
    assert faults(bound, {"b": (Seat(1),)}) == (Why(steps=("a", "b"), rule="B"),)
