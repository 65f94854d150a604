"""Cases led on by the engine beside what was said to be ahead of them, and the other way round.

`SUNLIT_TEST_AHEAD=1000 pytest tests/bpmn/test_ahead_random.py` draws so many flows of each kind instead of a few fixed
ones.
"""

from __future__ import annotations

import os
from random import Random

import pytest
from hypothesis import HealthCheck, assume, given, settings

from engine.bpmn import items, run
from engine.bpmn.ahead import ahead, runs_ahead
from engine.bpmn.check.soundness import prove
from engine.bpmn.read import read
from engine.bpmn.runs import runs
from tests.bpmn.led import Leader, fuzzed, gone_as, not_so, office, wrong
from tests.bpmn.sheets import PLAIN, random_flows

LONG = int(os.environ.get("SUNLIT_TEST_AHEAD") or 0)


@pytest.mark.parametrize("kind", [office, fuzzed])
def test_random_cases_go_on_as_was_said_and_what_was_said_can_be_done(kind: object) -> None:
    told = 0
    for seed in range(LONG or 8):
        random = Random(seed)
        leader = office(seed) if kind is office else fuzzed(seed)
        try:
            way = leader.led(random, leader.start(), 8)
        except run.Fault:
            continue
        said = wrong(leader, random.choice(way), random)
        assert not said, f"seed {seed}: {said}"
        told += said == ""
    assert told > (LONG or 8) / 3


@settings(max_examples=LONG or 10, derandomize=not LONG, deadline=None, suppress_health_check=list(HealthCheck))
@given(random_flows(PLAIN))
def test_from_its_start_a_plain_flow_goes_just_its_runs(flow) -> None:
    assume(not prove(items.flow(flow)).findings)
    ready = read(flow)
    found = ahead(ready, run.start(ready, {}).state)
    assume(found is not None)
    mine = {frozenset(r.steps): r for r in runs_ahead(found) or ()}

    theirs = {frozenset(r.steps): r for r in runs(ready)}

    assert mine.keys() == theirs.keys()
    for done, each in mine.items():
        assert {s: set(o) for s, o in each.outcomes.items()} == {s: set(o) for s, o in theirs[done].outcomes.items()}
        assert all(set(b) <= set(theirs[done].before[s]) for s, b in each.before.items())
    leader = Leader(ready, flow.forms)
    for each in list(mine.values())[:5]:
        assert not not_so(leader, found, leader.start(), gone_as(found, each))
