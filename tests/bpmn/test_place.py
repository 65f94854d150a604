"""Continuing a case at a declared step."""

import pytest

from engine.bpmn import run
from tests.bpmn.flows import MESSAGE, TIMER, Play, event_sub_process, flows, program
from tests.bpmn.test_activities import CALLER, INTAKE, MULTI

SUB = (
    '<subProcess id="sub"><startEvent id="b"/><userTask id="u"/><userTask id="v"/><endEvent id="y"/>'
    + flows("b>u u>v v>y")
    + event_sub_process('<signalEventDefinition signalRef="the_signal"/>', interrupts=False, step="note")
    + f'</subProcess><boundaryEvent id="late" attachedToRef="sub">{TIMER}</boundaryEvent><endEvent id="x"/>'
)
FLOW = program(
    '<startEvent id="a"/><userTask id="t"/>'
    + SUB
    + '<parallelGateway id="g"/><userTask id="l"/><userTask id="r"/><parallelGateway id="j"/><userTask id="decide"/>'
    '<endEvent id="z"/>'
    + flows("a>t t>sub sub>g g>l g>r l>j r>j j>decide decide>z late>x")
    + event_sub_process(MESSAGE)
)
BESIDE = program(
    '<startEvent id="a"/><parallelGateway id="g"/>'
    + SUB
    + '<userTask id="w"/><parallelGateway id="j"/><endEvent id="z"/>'
    + flows("a>g g>sub g>w sub>j w>j j>z late>x")
)


def test_the_live_tokens_of_the_block_end_and_one_opens_at_the_step():
    case = Play(FLOW).do("t", "pass").do("u").do("v").do("l")
    assert case.steps == ["r"]  # and a token waits at the join

    case.place("t")

    assert (case.steps, case.timers) == (["t"], [])
    assert b'"t":"pass"' in case.state  # variables stay
    for step in ("t", "u", "v", "r"):
        case.do(step)
    assert case.steps == ["l"]  # nothing of the first round has stayed at the join
    assert case.do("l").do("decide").ended == "z"


def test_a_block_that_is_open_is_used_and_what_lies_beside_it_stays():
    case = Play(BESIDE).do("u")
    (timer,) = case.armed

    case.place("u")

    assert case.steps == ["u", "w"]
    assert list(case.armed) == [timer]
    assert case.do("u").do("v").do("w").ended == "z"


def test_a_block_that_is_not_open_is_entered_with_its_boundary_and_its_listeners():
    case = Play(FLOW)

    case.place("v")

    assert (case.steps, case.timers) == (["v"], ["late"])
    assert case.bring("signal", "s").steps == ["note", "v"]
    case.do("v")
    assert case.fire("late").ended == "x"  # `note` still kept the sub-process open


def test_the_listeners_of_the_block_stay_as_they_are():
    case = Play(FLOW).do("t")
    heard = [w for w in run.waiting(FLOW, case.state) if w.kind == "message"]

    case.place("decide")

    assert [w for w in run.waiting(FLOW, case.state) if w.kind == "message"] == heard
    assert case.bring("message", "m").steps == ["h"]


def test_after_an_interruption_the_flow_goes_on_and_can_be_interrupted_again():
    case = Play(FLOW).bring("message", "m")

    assert case.place("t").steps == ["t"]
    assert case.bring("message", "m").steps == ["h"]


def test_a_step_of_an_event_sub_process_opens_as_if_its_event_had_happened():
    assert Play(FLOW).do("t").place("h").steps == ["h"]
    beside = Play(FLOW).do("t").place("note")
    assert beside.steps == ["note", "u"]
    beside.do("note").do("u").do("v").do("l").do("r")
    assert beside.do("decide").ended == "z"
    assert Play(FLOW).place("note").steps == ["note"]


@pytest.mark.parametrize("path", ["w", "v"])
def test_one_branch_alone_is_no_place_for_its_join_would_wait_for_ever(path):
    case = Play(BESIDE).fire("late") if path == "v" else Play(BESIDE)

    with pytest.raises(run.Stuck, match="j would wait for ever"):
        case.place(path)
    if path == "w":
        assert case.steps == ["u", "w"]


def test_a_step_of_a_called_flow():
    flow = program(CALLER, {"desk": INTAKE})
    case = Play(flow).do("intake/accept", "accept")
    assert case.steps == ["review"]

    case.place("intake/accept")

    assert case.steps == ["intake/accept"]
    assert case.do("intake/accept", "refuse").ended == "no"


def test_a_step_with_instances_opens_all_of_them():
    loop = MULTI.format("", "<loopCardinality>2</loopCardinality>")
    flow = program(
        f'<startEvent id="s"/><userTask id="t">{loop}</userTask><userTask id="u"/><endEvent id="z"/>'
        + flows("s>t t>u u>z")
    )
    case = Play(flow).do("t").do("t")

    assert case.place("t").steps == ["t", "t"]
    assert case.do("t").place("t").steps == ["t", "t"]
    assert case.do("t").do("t").do("u").ended == "z"


def test_what_is_no_step_or_lies_in_a_loop_is_not_there():
    loop = MULTI.format("", "<loopCardinality>2</loopCardinality>")
    flow = program(
        f'<startEvent id="s"/><subProcess id="m">{loop}<startEvent id="b"/><userTask id="t"/>{flows("b>t")}'
        '</subProcess><userTask id="u"/>'
        '<boundaryEvent id="c" attachedToRef="u"><compensateEventDefinition/></boundaryEvent>'
        '<userTask id="undo_u" isForCompensation="true"/>'
        + flows("s>u u>m")
        + '<association id="x" sourceRef="c" targetRef="undo_u"/>'
    )
    case = Play(flow)

    for path in ("t", "m", "s", "undo_u", "nowhere", "", "u/", "#root"):
        with pytest.raises(run.NotThere):
            run.place(flow, case.state, path)
    assert case.steps == ["u"]


def test_a_case_that_has_ended_stays_ended():
    case = Play(program('<startEvent id="s"/><userTask id="t"/>' + flows("s>t"))).do("t")

    with pytest.raises(run.NotThere):
        case.place("t")


@pytest.mark.parametrize("path", ["t", "u", "v", "decide", "h", "note"])
@pytest.mark.parametrize("before", ["", "t", "tu", "tuv", "tuvl"])
def test_from_any_step_to_any_step_and_on_to_the_end(path, before):
    case = Play(FLOW)
    for step in before:
        case.do(step)
    others = set(case.open)

    case.place(path)

    opened = [o for o in case.moved.opened if o.path == path]
    assert len(opened) == 1
    assert opened[0].token not in others
    while case.steps:
        case.do(case.steps[0])
    assert case.ended in ("z", "eh")
