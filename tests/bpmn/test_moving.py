"""A case goes over to another version only where every live token finds its place; each way not to is named."""

from __future__ import annotations

import pytest

from engine.bpmn import run
from engine.bpmn.moving import Plan, moved, plan
from engine.bpmn.read import Program
from tests.bpmn.drawings import (
    BESIDE,
    CALLING,
    EITHER,
    MESSAGED,
    PARALLEL,
    THREE,
    begun,
    block,
    both_undone,
    compensated,
    first_of,
    forked,
    gathered,
    guarded,
    ids,
    line,
    several,
)
from tests.bpmn.flows import MESSAGE, TIMER, Play, event_sub_process, flows, program
from tests.bpmn.versions import alive


def found(old: str | Program, new: str | Program, done: str = "") -> Plan:
    """Return the plan for a case after these steps, `step:outcome`, `!event` fired; carry it out if it can be."""
    old, new = (program(v) if isinstance(v, str) else v for v in (old, new))
    case = Play(old)
    for path in done.split():
        case.fire(path[1:]) if path[0] == "!" else case.do(*path.split(":"))
    result = plan(old, new, case.state)
    if result.faults:
        with pytest.raises(run.Fault):
            moved(old, new, case.state)
    else:
        assert alive(new, moved(old, new, case.state)) == alive(old, case.state)
    return result


def told(points) -> set[str]:
    return {" ".join(filter(None, (p.code, p.at, p.what))) for p in points}


MOVES = {
    "a step behind": (line("a b"), line("a b c"), ""),
    "a step between what is open and what comes": (line("a b"), line("a c b"), ""),
    "a step before": (line("a b"), line("c a b"), ""),
    "a step that was passed is gone": (line("a b"), line("b"), "a"),
    "a step ahead is gone": (line("a b"), line("a"), ""),
    "a step behind a join at which a token waits": (
        PARALLEL,
        ids("s g u v j w y z") + flows("s>g g>u g>v u>j v>j j>w w>y y>z"),
        "u",
    ),
    "a step before open branches": (
        PARALLEL,
        ids("s y g u v j w z") + flows("s>y y>g g>u g>v u>j v>j j>w w>z"),
        "u",
    ),
    "a step at the end of an open branch": (
        PARALLEL,
        ids("s g u v j w z y") + flows("s>g g>u g>v u>y y>j v>j j>w w>z"),
        "",
    ),
    "branches that are over": (PARALLEL, line("u v w"), "u v"),
    "branches that will be": (line("a"), ids("a s g u v j w z") + flows("s>a a>g g>u g>v u>j v>j j>w w>z"), ""),
    "branches that were before": (line("a w"), PARALLEL, "a"),
    "branches no longer joined": (PARALLEL, ids("s g u v z1 z2") + flows("s>g g>u g>v u>z1 v>z2"), ""),
    "an inclusive join at which a token waits": (EITHER, EITHER, "u"),
    "a boundary event of what is not open yet": (line("a b"), line("a b", guarded("b")), ""),
    "a boundary event of what is no longer open": (line("a b", guarded("a", interrupts=False)), line("c b"), "a"),
    "another timer of a step ahead": (
        line("a b", guarded("b")),
        line("a b", guarded("b").replace("P3D", "P4D")),
        "",
    ),
    "several instances ahead": (line("a b"), line("a b", several("b")), ""),
    "instances that are open": (line("a b", several("a")), line("a b c", several("a")), "a"),
    "another choice of events that is over": (first_of("m", "n"), first_of("m", "n", "o"), "!m"),
    "the same number of tokens to gather": (gathered(2), gathered(2), "u"),
    "more steps in an open sub-process": (line("b", block("a")), line("b", block("a c")), ""),
    "more steps behind a reminder that has come": (
        line("a b", guarded("a", interrupts=False)),
        line("a b c", guarded("a", interrupts=False)),
        "!late",
    ),
}


@pytest.mark.parametrize("name", MOVES)
def test_a_case_moves_where_everything_live_finds_its_place(name):
    assert told(found(*MOVES[name]).faults) == set()


STAYS = {
    "the open step is gone": (line("a b"), line("c b"), "", "gone a"),
    "it is no user task": (line("a b"), line("a b", '<manualTask id="a"/>'), "", "kind a"),
    "it has instances": (line("a"), line("a", several("a")), "", "loop a"),
    "it has other instances": (line("a", several("a")), line("a", several("a", 3)), "", "loop a"),
    "it gets a boundary event": (line("a"), line("a", guarded("a")), "", "boundary_added a late"),
    "it loses its boundary event": (line("a", guarded("a")), line("a"), "", "boundary_gone a late, gone late"),
    "an armed timer's text": (
        line("a", guarded("a")),
        line("a", guarded("a").replace("P3D", "P4D")),
        "",
        "trigger late",
    ),
    "an event of another kind": (line("a", guarded("a")), line("a", guarded("a", MESSAGE)), "", "trigger late"),
    "an event that interrupts no more": (
        line("a", guarded("a")),
        line("a", guarded("a", interrupts=False)),
        "",
        "interrupts late",
    ),
    "an event sub-process more": (line("a"), line("a", event_sub_process(MESSAGE)), "", "listener_added xh"),
    "an event sub-process less": (
        line("a", event_sub_process(MESSAGE)),
        line("a"),
        "",
        "gone sh, listener_gone xh",
    ),
    "an event sub-process that interrupts no more": (
        line("a", event_sub_process(MESSAGE)),
        line("a", event_sub_process(MESSAGE, interrupts=False)),
        "",
        "interrupts sh",
    ),
    "another message": (MESSAGED, MESSAGED.replace(MESSAGE, TIMER), "", "trigger m"),
    "a step out of its sub-process": (line("b", block("a")), line("a"), "", "gone b"),
    "a step into a sub-process": (line("a"), line("b", block("a")), "", "gone a"),
    "a step of an open sub-process": (line("b", block("a")), line("b", block("c")), "", "gone a"),
    "a boundary event of an open sub-process": (
        line("b", block("a")),
        line("b", block("a") + guarded("b")),
        "",
        "boundary_added b late",
    ),
    "a listener in an open sub-process": (
        line("b", block("a")),
        line("b", block("a", event_sub_process(MESSAGE))),
        "",
        "listener_added xh",
    ),
    "open branches one after the other": (PARALLEL, line("u v w"), "", "branches u, branches v"),
    "an open step into a branch": (line("u v w"), PARALLEL, "", "branches u"),
    "a branch more": (PARALLEL, THREE, "", "branches u, branches v"),
    "a branch less": (THREE, PARALLEL, "y", "branches j, branches u, branches v, incoming j"),
    "a branch of a choice into one of many": (
        line("u w"),
        ids("s i u v i2 w z") + flows("s>i i>u>true i>v>false u>i2 v>i2 i2>w w>z"),
        "",
        "branches u",
    ),
    "another flow into a join at which a token waits": (
        PARALLEL,
        ids("s g u v y j w z") + flows("s>g g>u g>v u>j v>y y>j j>w w>z"),
        "u",
        "incoming j",
    ),
    "a join at which a token waits is gone": (PARALLEL, BESIDE, "u", "gone j"),
    "a join at which a token waits asks fewer": (
        PARALLEL,
        PARALLEL.replace('<parallelGateway id="j"', '<inclusiveGateway id="j"'),
        "u",
        "kind j",
    ),
    "an open branch gets to the join no more": (
        EITHER,
        ids("s i u v y i2 w z z2") + flows("s>i i>u>true i>v>true i>y>false u>i2 v>z2 y>i2 i2>w w>z"),
        "u",
        "branches i2, branches v, incoming i2",
    ),
    "a branch that gets to the join another way": (
        ids("s g u v j w x z") + flows("s>g g>u g>v u>x v>x x>j g>j j>w w>z"),
        ids("s g u v j w x z z2") + flows("s>g g>u g>v u>x v>z2 x>j g>j j>w w>z"),
        "",
        "reach j v",
    ),
    "a branch that is over is waited for": (
        BESIDE,
        ids("s g u v j z1") + flows("s>g g>u g>v u>j v>j j>z1"),
        "u",
        "waits j g-u",
    ),
    "an undone step without compensation": (compensated("h"), compensated(None), "a", "undo a"),
    "another compensation": (compensated("h"), compensated("k"), "a", "undo a"),
    "another number of tokens to gather": (gathered(2), gathered(3), "u", "quantity w"),
    "another number of tokens in each branch": (forked(1), forked(2), "a", "branches u, branches v"),
    "a branch more from the start": (begun("c", "d"), begun("c", "d", "e"), "", "branches c, branches d"),
    "a reminder's step, that has come, on the way of all": (
        line("a b", guarded("a", interrupts=False)),
        line("a remind b"),
        "!late a",
        "branches remind",
    ),
    "a step behind an inner join out of the outer branches": (
        ids("s g u g2 c q j2 r j z") + flows("s>g g>u g>g2 g2>c g2>q c>j2 q>j2 j2>r r>j u>j j>z"),
        ids("s u g2 c q j2 r z") + flows("s>u u>g2 g2>c g2>q c>j2 q>j2 j2>r r>z"),
        "c q",
        "branches r, branches u",
    ),
    "an end that was reached": (
        BESIDE,
        ids("s g u v z3 z2") + flows("s>g g>u g>v u>z3 v>z2"),
        "u",
        "end z1",
    ),
}


@pytest.mark.parametrize("name", STAYS)
def test_what_does_not_find_its_place_is_named(name):
    old, new, done, faults = STAYS[name]

    assert ", ".join(sorted(told(found(old, new, done).faults))) == faults


def test_a_called_flow_may_change_where_the_case_does_not_stand_in_it_and_elsewhere_maps_inside():
    before = program(CALLING.format("f"), {"f": line("q r")})
    longer = program(CALLING.format("f"), {"f": line("q r t")})
    other = program(CALLING.format("e"), {"e": line("q r")})
    without = program(CALLING.format("f"), {"f": line("r")})

    assert told(found(before, longer).faults) == set()
    assert told(found(before, other).faults) == {"called call e"}
    assert told(found(before, without).faults) == {"gone call/q"}
    assert told(found(before, without, "call/q").faults) == set()


def test_a_case_that_has_ended_does_not_move():
    assert told(found(line("a"), line("a"), "a").faults) == {"closed"}


def test_a_plan_says_what_is_live_and_what_lies_ahead_in_both_versions():
    result = found(line("a b c"), line("d a c e"), "a")

    assert told(result.faults) == {"gone b"}
    result = found(line("a b c"), line("d b e"), "a")
    assert [path for _, path in result.kept] == ["b"]
    assert {"b", "c"} < result.before
    assert {"b", "e"} < result.ahead
    assert not {"a", "c", "d"} & result.ahead


def test_a_compensation_that_only_the_new_version_has_is_worth_a_note():
    assert told(found(compensated(None), compensated("h")).notes) == {"undone a"}


def test_what_is_still_to_be_undone_in_the_middle_of_undoing_has_its_compensation_in_the_new_version():
    old, same, gone = (program(both_undone(handler)) for handler in ("h", "h", "k"))
    case = Play(old).do("a").do("a2").do("b")

    assert case.steps == ["h2"]  # the last first; a is still to be undone
    assert told(plan(old, same, case.state).faults) == set()
    assert told(plan(old, gone, case.state).faults) == {"undo a"}
    case.state, case.program = moved(old, same, case.state), same
    assert case.do("h2").steps == ["h"]
