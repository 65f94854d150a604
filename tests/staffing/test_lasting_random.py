"""Without whom a case could not be finished, on random small items: equal to trying everybody on every way.

SUNLIT_TEST_LASTING: how many items are drawn.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from random import Random

from tests.staffing import brute
from tests.staffing.acting import Case, shares, small
from tests.staffing.minimax import TooBig, Tried

ITEMS = int(os.environ.get("SUNLIT_TEST_LASTING", "40"))


def played(seed: int) -> Iterator[Case]:
    """Yield the positions of a case, acted at random by whom permission lets act."""
    rng, case = Random(seed), Case(of=small(seed, 4, loops=False))
    case.begin()
    while not case.ended:
        yield case
        held = [step for step in case.open_steps if step.claimed_by is not None and case.may(step.claimed_by, step)]
        free = list(shares(case))
        if held and (not free or rng.random() < 0.7):
            case = case.completed(step := rng.choice(held), rng.choice(case.outcomes(step)))
        elif free:
            case = case.claimed(*rng.choice(free))
        else:
            return


def gone(case: Case, person: int) -> Case:
    """Return the case with a person gone, and what he held free."""
    of = replace(case.of, officers={key: one for key, one in case.of.officers.items() if key != person})
    steps = [replace(s, claimed_by=None) if s.claimed_by == person else s for s in case.steps]
    return Case(of=of, state=case.state, steps=steps, acts=[*case.acts])


def test_who_is_named_is_without_whom_some_way_has_nobody() -> None:
    named, tried = 0, 0
    for seed in range(ITEMS):
        for case in played(seed):
            future = case.future()
            assert future._moves is not None
            ways = future.course.ways(future.position, future._moves.runs(0))
            could = [way for way in ways if brute.possible(way)]
            found = {last.person for last in future.lasts()}

            assert found == {p for p in case.of.officers if not all(brute.possible(way, {p}) for way in could)}, seed
            for last in future.lasts():
                assert not brute.possible(last.way, {last.person}, last.conflict), seed
            named += len(found)
            for person in found:
                try:
                    assert Tried().doomed(gone(case, person)), (seed, person)
                    tried += 1
                except TooBig:
                    pass
    assert named >= tried > ITEMS
