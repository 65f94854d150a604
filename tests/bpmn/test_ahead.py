"""What may come of a live case: known answers by hand, and cases led on by the engine beside what was said before.

`SUNLIT_TEST_AHEAD=1000 pytest tests/bpmn/test_ahead.py` draws so many flows of each kind instead of a few fixed ones.
"""

from __future__ import annotations

import os
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, assume, given, settings

from engine.bpmn import items, run
from engine.bpmn.ahead import Ahead, Move, ahead, runs_ahead, steps_ahead
from engine.bpmn.check.soundness import prove
from engine.bpmn.program import Program
from engine.bpmn.read import read
from engine.bpmn.runs import runs
from engine.bpmn.source import load
from engine.model.runs import Run
from tests.bpmn.flows import MESSAGE, TIMER, Play, event_sub_process, flows, program
from tests.bpmn.led import Leader, fuzzed, gone_as, not_so, office, wrong
from tests.bpmn.sheets import PLAIN, random_flows
from tests.bpmn.test_runs import drawn, only, sets, tasks

LONG = int(os.environ.get("SUNLIT_TEST_AHEAD") or 0)
PROCESSES = Path("processes")
GATES = '<parallelGateway id="g"/><parallelGateway id="j"/>'
THREE = "<multiInstanceLoopCharacteristics {}><loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics>"
BACK = '<extensionElements><sun:returns to="a"/></extensionElements>'


def of(case: Play) -> Ahead:
    found = ahead(case.program, case.state)
    assert found is not None
    return found


def gone(case: Play) -> tuple[Run, ...]:
    found = runs_ahead(of(case))
    assert found is not None
    return found


def steps(case: Play) -> str:
    return " ".join(sorted(steps_ahead(case.program, case.state)))


def opens(found: Ahead) -> list[str]:
    """Return what is open at each place in one word, sorted."""
    return sorted(" ".join(each) for each in found.open)


def test_what_is_done_lies_behind_and_what_is_open_waits_for_nothing() -> None:
    case = Play(drawn(tasks("a", "b", "c"), "s>a a>b b>c c>e")).do("a")

    found = of(case)

    assert found == Ahead(
        open=(("b",), ("c",), ()),
        moves=(
            (Move(path="b", outcome="done", to=1, opens=("c",)),),
            (Move(path="c", outcome="done", to=2),),
            (),
        ),
        ended=frozenset({2}),
    )
    assert runs_ahead(found) == (
        Run(steps=("b", "c"), before={"b": (), "c": ("b",)}, outcomes={"b": ("done",), "c": ("done",)}),
    )
    assert sets(runs_ahead(found, 1) or ()) == {"c"}
    assert steps(case) == "b c"


def test_of_a_case_that_has_ended_nothing_comes() -> None:
    case = Play(drawn(tasks("a"), "s>a a>e")).do("a")

    assert of(case) == Ahead(open=((),), moves=((),), ended=frozenset({0}))
    assert gone(case) == (Run(steps=()),)
    assert steps(case) == ""


CHOICE = drawn(
    tasks("b", "c", "d", a="x y z") + '<exclusiveGateway id="g" default="g-c"/><exclusiveGateway id="h"/>',
    "s>a a>g g>c b>h c>h h>d d>e",
    'g>b>a == "x"',
)


def test_each_outcome_leads_where_its_condition_says() -> None:
    case = Play(CHOICE)

    found = of(case)

    assert {(m.outcome, found.open[m.to]) for m in found.moves[0]} == {("x", ("b",)), ("y", ("c",)), ("z", ("c",))}
    assert sets(gone(case)) == {"a b d", "a c d"}
    assert only(gone(case), "a c d").outcomes["a"] == ("y", "z")
    assert only(gone(case), "a b d").before == {"a": (), "b": ("a",), "d": ("b",)}
    assert opens(of(case.do("a", "y"))) == ["", "c", "d"]
    assert steps(case) == "c d"


def test_branches_at_once_are_places_by_what_is_left_in_each_and_both_may_be_last() -> None:
    case = Play(drawn(GATES + tasks("a", "b", "c", "d"), "s>a a>g g>b g>c b>j c>j j>d d>e")).do("a")

    assert opens(of(case)) == ["", "b", "b c", "c", "d"]
    (run_,) = gone(case)
    assert run_.before == {"b": (), "c": (), "d": ("b", "c")}
    (run_,) = gone(case.do("c"))
    assert (sorted(run_.steps), run_.before) == (["b", "d"], {"b": (), "d": ("b",)})


LOOP = drawn(
    tasks("c", a="again on") + '<exclusiveGateway id="j"/><exclusiveGateway id="g" default="g-e"/>',
    "s>j j>a a>g g>e c>j",
    'g>c>a == "again"',
)


def test_a_correction_comes_back_to_a_place_that_is_known() -> None:
    case = Play(LOOP)

    assert opens(of(case)) == ["", "a", "c"]
    assert sets(gone(case)) == {"a", "a c"}
    assert only(gone(case), "a c").before == {"a": ("c",), "c": ("a",)}
    assert only(gone(case), "a").outcomes == {"a": ("on",)}
    assert of(case.do("a", "again").do("c")) == of(Play(LOOP))


def test_a_step_may_be_sent_back_and_acts_then_without_an_outcome() -> None:
    case = Play(drawn(tasks("a") + f'<userTask id="b">{BACK}</userTask>', "s>a a>b b>e")).do("a")

    found = of(case)

    assert Move(path="b", outcome="", to=2, opens=("a",)) in found.moves[0]
    assert found.open[2] == ("a",)
    assert sets(gone(case)) == {"b", "a b"}
    assert only(gone(case), "a b").before == {"a": (), "b": ("a",)}
    assert steps(case) == "a b"


def test_a_step_that_is_only_sent_back_has_no_outcome() -> None:
    body = tasks(a="x y") + f'<userTask id="b">{BACK}</userTask><exclusiveGateway id="g" default="g-e"/>'
    case = Play(drawn(body + tasks("c"), "s>a a>g g>e b>c c>e", 'g>b>a == "x"')).do("a", "x")

    assert sets(gone(case)) == {"b c", "a b", "a b c"}
    assert only(gone(case), "a b").outcomes == {"a": ("x", "y"), "b": ()}


def test_a_timer_takes_a_step_away_and_what_was_last_came_before() -> None:
    late = f'<boundaryEvent id="w" attachedToRef="a">{TIMER}</boundaryEvent><exclusiveGateway id="m"/>'
    case = Play(drawn(GATES + late + tasks("a", "b", "c"), "s>g g>a g>b a>m w>c c>m m>j b>j j>e"))

    found = of(case)

    assert opens(found) == ["", "a", "a b", "b", "b c", "c"]
    assert [(found.open[m.to], m.opens) for m in found.moves[0] if not m.path] == [(("b", "c"), ("c",))]
    assert sets(gone(case)) == {"a b", "b c"}
    assert only(gone(case), "b c").before == {"b": (), "c": ("b",)}
    assert steps(case) == "a b c"


def test_what_somebody_may_ask_for_comes_once_at_a_time() -> None:
    case = Play(drawn(tasks("a") + event_sub_process(MESSAGE, interrupts=False), "s>a a>e"))

    assert opens(of(case)) == ["", "a", "a h", "h"]
    assert sets(gone(case)) == {"a", "a h"}
    assert only(gone(case), "a h").before == {"a": (), "h": ()}  # once `a` is done without it, the case has ended
    assert steps(case) == "a h"


def test_what_interrupts_leaves_the_rest_undone() -> None:
    case = Play(drawn(tasks("a", "b") + event_sub_process(MESSAGE), "s>a a>b b>e"))

    assert sets(gone(case)) == {"a b", "h", "a h"}
    assert steps(case.bring("message", "m")) == "h"
    assert opens(of(case)) == ["", "h"]


@pytest.mark.parametrize("one_by_one", ["true", "false"])
def test_instances_of_a_step_are_counted_whichever_of_them_are_done(one_by_one: str) -> None:
    several = THREE.format(f'isSequential="{one_by_one}"')
    case = Play(drawn(f'<userTask id="a">{several}</userTask>{tasks("b")}', "s>a a>b b>e"))

    assert opens(of(case)) == ["", "a", "a", "a", "b"]
    (run_,) = gone(case)
    assert run_ == Run(steps=("a", "b"), before={"a": (), "b": ("a",)}, outcomes={"a": ("done",), "b": ("done",)})
    assert opens(of(case.do("a"))) == ["", "a", "a", "b"]


def test_a_loop_that_nothing_counts_is_one_place() -> None:
    loop = '<standardLoopCharacteristics><loopCondition>a == "again"</loopCondition></standardLoopCharacteristics>'
    body = f'<userTask id="a"><extensionElements><sun:outcomes values="again on"/></extensionElements>{loop}</userTask>'

    assert opens(of(Play(drawn(body, "s>a a>e")))) == ["", "a", "a"]  # before and after it has said anything


def test_a_called_flow_lies_ahead_with_its_paths_and_what_it_says() -> None:
    called = f'<startEvent id="s"/>{tasks(a="x y")}<endEvent id="f"/>{flows("s>a a>f")}'
    body = '<callActivity id="k" calledElement="k"/>' + tasks("b", "c") + '<exclusiveGateway id="g" default="g-c"/>'
    ways = flows("s>k k>g g>c b>e c>e", 'g>b>k_a == "x"')
    case = Play(program(f'<startEvent id="s"/>{body}<endEvent id="e"/>{ways}', {"k": called}))

    assert opens(of(case)) == ["", "b", "c", "k/a"]
    assert only(gone(case), "b k/a").outcomes["k/a"] == ("x",)
    assert steps(case) == "b c k/a"


def asking(field: dict[str, object], condition: str, required: bool = True) -> Program:
    form = {"type": "object", "properties": {"f": field | {"x-decides": True}}, "required": ["f"] * required}
    gate = '<exclusiveGateway id="g" default="g-c"/>'
    body = tasks("a", "b", "c") + gate
    ways = flows("s>a a>g g>c b>e c>e", f"g>b>{condition}")
    return program(f'<startEvent id="s"/>{body}<endEvent id="e"/>{ways}', forms={"a": form})


@pytest.mark.parametrize(
    ("field", "condition"),
    [
        ({"type": "boolean"}, "a_f"),
        ({"enum": ["p", "q"]}, 'a_f == "p"'),
        ({"type": "string"}, 'a_f in ("p", "q")'),
        ({"type": "integer"}, "a_f > 5000"),
        ({"type": "number", "minimum": 1, "maximum": 2}, "a_f > 1 and a_f < 2"),
    ],
)
def test_fields_that_conditions_ask_for_take_a_value_of_each_kind(field: dict[str, object], condition: str) -> None:
    assert sets(gone(Play(asking(field, condition)))) == {"a b", "a c"}


def test_a_field_that_is_not_filled_in_says_what_it_said_before() -> None:
    program_ = asking({"enum": ["p"]}, 'a_f == "p"', required=False)

    assert sets(gone(Play(program_))) == {"a b", "a c"}
    assert sets(gone(Play(asking({"enum": ["p"]}, 'a_f == "p"')))) == {"a b"}


@pytest.mark.parametrize("condition", ["a_f % 2 == 1", "a_f == case_n", "len(a_f) > 2"])
def test_nothing_is_said_where_values_cannot_be_told_apart(condition: str) -> None:
    case = Play(asking({"type": "integer"}, condition), case_n=1)

    assert ahead(case.program, case.state) is None
    assert steps(case) == "a b c"


def test_of_what_faults_nothing_comes() -> None:
    body = tasks("b", a="x y") + '<exclusiveGateway id="g"/>'
    case = Play(drawn(body, "s>a a>g b>e", 'g>b>a == "x"'))

    assert opens(of(case)) == ["", "a", "b"]
    assert gone(case)[0].outcomes["a"] == ("x",)


def test_too_many_places_or_runs_are_not_told() -> None:
    names = [f"a{n}" for n in range(6)]
    ways = " ".join(f"g>{name} {name}>j" for name in names)
    case = Play(drawn(GATES + tasks(*names), f"s>g {ways} j>e"))

    assert ahead(case.program, case.state, most=63) is None
    assert ahead(case.program, case.state, most=64) == of(case)
    assert runs_ahead(of(Play(CHOICE)), most=1) is None


def test_the_food_licence_goes_the_runs_that_its_drawing_has() -> None:
    source = load(PROCESSES / "food_operation_licence", PROCESSES)
    ready = read(source)
    found = set[str]()
    for kind in ("new", "change"):
        found |= sets(gone(Play(ready, case_kind=kind, case_layout_changed=False)))

    assert found == sets(runs(ready))


@pytest.mark.parametrize("kind", [office, fuzzed])
def test_random_cases_go_on_as_was_said_and_what_was_said_can_be_done(kind: object) -> None:
    told = 0
    for seed in range(LONG or 12):
        random = Random(seed)
        leader = office(seed) if kind is office else fuzzed(seed)
        try:
            way = leader.led(random, leader.start(), 8)
        except run.Fault:
            continue
        said = wrong(leader, random.choice(way), random)
        assert not said, f"seed {seed}: {said}"
        told += said == ""
    assert told > (LONG or 12) / 3


@settings(max_examples=LONG or 15, derandomize=not LONG, deadline=None, suppress_health_check=list(HealthCheck))
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
