"""What staffing answers is what trying everything finds, on random ways.

`SUNLIT_TEST_STAFFING=100000` tries so many, from the one that `SUNLIT_TEST_STAFFING_FIRST` names.
"""

from __future__ import annotations

import os
from random import Random

from engine.staffing.answers import Staffing
from engine.staffing.check import faults
from engine.staffing.covering import widest
from engine.staffing.instance import Way
from tests.staffing import brute
from tests.staffing.drawn import Drawn, draw

NUMBER = int(os.environ.get("SUNLIT_TEST_STAFFING", "400"))
FIRST = int(os.environ.get("SUNLIT_TEST_STAFFING_FIRST", "0"))
SHOWN = 5


def examine(drawn: Drawn, surviving: bool) -> bool:
    """Compare every answer; return whether all ways were possible."""
    staffing = Staffing(drawn.ways, drawn.away)
    answers = staffing.answers
    for way, answer in zip(drawn.ways, answers, strict=True):
        if isinstance(answer, tuple):
            conflicting(way, drawn.away, answer)
        else:
            assert brute.possible(way, drawn.away)
            assert faults(way, answer, drawn.away) == ()
            assert list(answer) == [step for step, part in way.parts.items() if part.seats]
    assert list(staffing.breaks_without()) == brute.breaks_without(drawn.ways, drawn.people, drawn.away)
    found = staffing.mending(drawn.additions, surviving=surviving)
    every = brute.mending(drawn.ways, drawn.people, drawn.away, drawn.additions, surviving=surviving)
    assert list(found) == every[:SHOWN]
    kept = [drawn.ways[place] for place in widest(drawn.ways)]
    assert all(brute.possible(way, drawn.away) for way in kept) == staffing.possible
    away = drawn.away | {drawn.people[0]}
    assert all(brute.possible(way, away) for way in kept) == all(brute.possible(way, away) for way in drawn.ways)
    return staffing.possible


def conflicting(way: Way, away: frozenset[int], conflict: tuple[brute.Why, ...]) -> None:
    assert set(conflict) <= set(brute.whys(way))
    assert not brute.possible(way, away, conflict)
    for why in conflict:
        assert brute.possible(way, away, [one for one in conflict if one != why])


def test_every_answer_is_what_trying_everything_finds() -> None:
    possible = 0
    for seed in range(FIRST, FIRST + NUMBER):
        try:
            possible += examine(draw(Random(seed)), surviving=seed % 2 == 0)
        except AssertionError as failure:
            raise AssertionError(f"seed {seed}") from failure

    assert NUMBER < 100 or NUMBER / 5 < possible < NUMBER * 4 / 5
