"""Small cases played at random by few people: with the guard nobody is ever missing, and it refuses only what it must.

`SUNLIT_TEST_GUARD=2000 pytest tests/staffing/test_random_guard.py` plays so many items.
"""

from __future__ import annotations

import os
from collections import Counter
from random import Random

from tests.staffing.acting import Case, Small, shares, small
from tests.staffing.minimax import TooBig, Tried

ITEMS = int(os.environ.get("SUNLIT_TEST_GUARD", "60"))
FIRST = int(os.environ.get("SUNLIT_TEST_GUARD_FIRST", "0"))
MOVES = 40


def play(of: Small, rng: Random, *, guarded: bool) -> Counter[str]:
    """Play a case by random claims, outcomes and timers; count how it went: `stuck` where somebody was missing."""
    case, seen = Case(of=of), Counter[str]()
    case.begin()
    if case.doomed():
        return Counter(doomed=1)
    for _ in range(MOVES):
        claims = list(shares(case))
        able = [(person, step) for person, step in claims if not (guarded and case.refused(person, step))]
        seen["refused"] += len(claims) - len(able)
        seen["claims"] += len(able)
        free = {step.id for step in case.open_steps if step.claimed_by is None}
        held = [step for step in case.open_steps if step.claimed_by is not None]
        if free - {step.id for _, step in able} or not all(case.may(step.claimed_by, step) for step in held):
            return seen + Counter(stuck=1)
        moves = [(case.claim, each) for each in able]
        moves += [(case.complete, (step, outcome)) for step in held for outcome in case.outcomes(step)]
        moves += [(case.fire, (timer,)) for timer in case.timers]
        act, what = rng.choice(moves)
        act(*what)
        if case.ended:
            return seen + Counter(ended=1)
    return seen + Counter(long=1)


def test_whoever_plays_no_step_is_reached_that_nobody_may_take():
    seen: Counter[str] = Counter()
    for seed in range(FIRST, FIRST + ITEMS):
        of = small(seed, 6)
        for again in range(3):
            found = play(of, Random(f"{seed} {again}"), guarded=True)
            assert not found["stuck"], f"seed {seed}, play {again}"
            seen += found
    assert seen["refused"] > ITEMS // 2, seen
    assert seen["ended"] > ITEMS, seen


def test_without_the_guard_the_same_plays_get_stuck():
    seen: Counter[str] = Counter()
    for seed in range(FIRST, FIRST + ITEMS):
        of = small(seed, 6)
        for again in range(3):
            seen += play(of, Random(f"{seed} {again}"), guarded=False)
    assert seen["stuck"] > ITEMS // 15, seen


def test_what_is_refused_is_what_leads_into_a_dead_end_and_nothing_else():
    seen: Counter[str] = Counter()
    for seed in range(FIRST, FIRST + ITEMS):
        case, tried, rng = Case(of=small(seed, 4, loops=False)), Tried(), Random(seed)
        case.begin()
        try:
            while not case.ended:
                doomed = tried.doomed(case)
                assert case.doomed() == doomed, f"seed {seed}, {[step.path for step in case.steps]}"
                if doomed:
                    seen["doomed"] += 1
                    break
                _step(case, tried, rng, seen)
        except TooBig:
            seen["too big"] += 1
    assert seen["refused"] >= max(1, ITEMS // 30), seen
    assert seen["claims"] > ITEMS, seen
    assert seen["too big"] < ITEMS // 10, seen


def _step(case: Case, tried: Tried, rng: Random, seen: Counter[str]) -> None:
    good = []
    for person, step in shares(case):
        bad = tried.doomed(case.claimed(person, step))
        assert case.refused(person, step) == bad, f"seed {case.of.seed}, {person} {step.path}"
        seen["refused" if bad else "claims"] += 1
        good += [(case.claim, (person, step))] if not bad else []
    held = [step for step in case.open_steps if step.claimed_by is not None]
    good += [(case.complete, (step, outcome)) for step in held for outcome in case.outcomes(step)]
    act, what = rng.choice(good)
    act(*what)
