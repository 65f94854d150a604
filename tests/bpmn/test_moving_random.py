"""Random flows, random edits, random cases: what may move is never stuck, and does as before until what is new."""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.bpmn import run
from engine.bpmn.moving import moved, plan
from tests.bpmn.flows import Play
from tests.bpmn.versions import Names, Tree, alive, drawn, edited, program_of


def step(order: Random, case: Play) -> None:
    """Let something happen."""
    if case.armed and order.random() < 0.3:
        case._take(run.fire(case.program, case.state, *order.choice(sorted(case.armed))))
    else:
        case._take(run.complete(case.program, case.state, order.choice(sorted(case.open)), "done", {}))


@settings(max_examples=250, deadline=None)
@given(st.randoms(use_true_random=False))
def test_a_case_that_moved_is_never_stuck_and_one_may_always_stay_where_nothing_differs(order):
    names = Names()
    tree = drawn(order, names)
    changed = edited(order, names, tree)
    old, new = program_of(tree), program_of(changed)
    case = Play(old)
    for _ in range(order.randint(0, 4)):
        if case.ended is None:
            step(order, case)
    if case.ended is not None:
        return

    assert moved(old, program_of(tree), case.state) == case.state
    result = plan(old, new, case.state)
    if result.faults:
        return
    assert {token for token, _ in result.kept} >= set(case.open)
    before = alive(old, case.state)
    case.state, case.program = moved(old, new, case.state), new
    assert alive(new, case.state) == before
    while case.ended is None:
        step(order, case)  # raises Stuck where nothing can happen any more


@settings(max_examples=60, deadline=None)
@given(st.randoms(use_true_random=False))
def test_with_a_step_added_at_the_end_a_moved_case_does_as_it_would_have_done_until_it_comes_there(order):
    names = Names()
    tree = drawn(order, names)
    old, new = program_of(tree), program_of(Tree("sequence", "last", (tree, Tree("step", "added"))))
    stays, goes = Play(old), Play(old)
    before = order.randint(0, 3)
    for _ in range(before):
        if stays.ended is None:
            both(order, stays, goes)
    if stays.ended is not None:
        return

    comes_there = "added" in plan(old, new, goes.state).ahead
    goes.state, goes.program = moved(old, new, goes.state), new
    while stays.ended is None:
        both(order, stays, goes)
        assert [path for path in goes.steps if path != "added"] == stays.steps
        assert goes.timers == stays.timers
    assert (goes.steps == ["added"]) is comes_there
    assert not comes_there or goes.do("added").ended == "z"


def both(order: Random, one: Play, other: Play) -> None:
    """Let the same happen in both cases."""
    if one.timers and order.random() < 0.3:
        timer = order.choice(one.timers)
        one.fire(timer)
        other.fire(timer)
    else:
        path = order.choice(one.steps)
        one.do(path)
        other.do(path)
