import pytest

from engine.bpmn import run
from tests.bpmn.flows import MESSAGE, TIMER, Play, event_sub_process, flows, program


def guarded(event: str, interrupts: bool) -> Play:
    cancel = str(interrupts).lower()
    return Play(
        program(
            '<startEvent id="a"/><userTask id="t"/><endEvent id="z"/><userTask id="late"/><endEvent id="y"/>'
            f'<boundaryEvent id="b" attachedToRef="t" cancelActivity="{cancel}">{event}</boundaryEvent>'
            + flows("a>t t>z b>late late>y")
        )
    )


def test_an_interrupting_timer_closes_the_step_at_once():
    case = guarded(TIMER, interrupts=True)
    token = case.token("t")

    case.fire("b")

    assert (case.steps, case.timers) == (["late"], [])
    assert case.moved.closed == (token,)
    assert case.moved.passed == ("b",)
    assert case.do("late").ended == "y"


def test_a_timer_that_does_not_interrupt_leaves_the_step_open_and_its_end_is_not_the_outcome():
    case = guarded(TIMER, interrupts=False).fire("b")

    assert (case.steps, case.timers) == (["late", "t"], [])
    assert case.do("t").ended is None  # somebody still has to do `late`
    assert case.do("late").ended == "z"  # `y` lies beside the flow


def test_completing_the_step_disarms_its_timer():
    case = guarded(TIMER, interrupts=True)
    (armed,) = case.armed.values()

    case.do("t")

    assert (armed.path, armed.text, armed.index) == ("b", "P3D", 0)
    assert case.moved.disarmed == ((armed.token, 0),)
    with pytest.raises(run.NotThere):
        run.fire(case.program, case.state, armed.token, 0)


def test_a_cycle_is_armed_again_under_a_new_key_until_its_turns_are_over():
    cycle = "<timerEventDefinition><timeCycle>R2/workdays(5)</timeCycle></timerEventDefinition>"
    case = guarded(cycle, interrupts=False)
    (first,) = case.armed.values()

    case.fire("b")

    (second,) = case.armed.values()
    assert (first.text, second.text) == ("workdays(5)", "workdays(5)")
    assert second.token != first.token
    assert case.fire("b").timers == []
    assert case.steps == ["late", "late", "t"]


def test_a_withdrawal_interrupts_everything_live():
    case = Play(
        program(
            '<startEvent id="a"/><parallelGateway id="g"/><userTask id="t"/><subProcess id="sub"><startEvent id="b"/>'
            '<userTask id="u"><multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality>'
            '</multiInstanceLoopCharacteristics></userTask><endEvent id="y"/>'
            + flows("b>u u>y")
            + '</subProcess><endEvent id="z"/>'
            + flows("a>g g>t g>sub t>z sub>z")
            + event_sub_process(MESSAGE)
        )
    )
    assert case.steps == ["t", "u", "u", "u"]

    case.bring("message", "m")

    assert case.steps == ["h"]
    assert not run.waiting(case.program, case.state)
    assert case.do("h").ended == "eh"


def test_an_error_sub_process_does_not_begin_unasked():
    error = '<errorEventDefinition errorRef="the_error"/>'
    case = Play(
        program(
            '<startEvent id="a"/><userTask id="t"/><endEvent id="z"/>' + flows("a>t t>z") + event_sub_process(error)
        )
    )

    assert case.steps == ["t"]
    assert case.do("t").ended == "z"


def test_an_event_sub_process_sees_the_outcomes_of_today():
    flow = program(
        '<startEvent id="a"/><userTask id="t"/><userTask id="u"/><endEvent id="z"/>'
        + flows("a>t t>u u>z")
        + '<subProcess id="x" triggeredByEvent="true"><startEvent id="xs" isInterrupting="false">'
        + MESSAGE
        + '</startEvent><exclusiveGateway id="g" default="g-no"/><userTask id="yes"/><userTask id="no"/>'
        + flows('xs>g g>yes>t=="pass" g>no')
        + "</subProcess>"
    )
    case = Play(flow).do("t", "pass")

    case.bring("message", "m").bring("message", "m")

    assert case.steps == ["u", "yes", "yes"]


def test_an_error_end_is_caught_by_the_boundary_and_the_rest_of_the_scope_ends():
    case = Play(
        program(
            '<startEvent id="a"/><subProcess id="sub"><startEvent id="b"/><parallelGateway id="g"/><userTask id="t"/>'
            '<userTask id="u"/><endEvent id="y"/>'
            '<endEvent id="bad"><errorEventDefinition errorRef="the_error"/></endEvent>'
            + flows("b>g g>t g>u t>bad u>y")
            + '</subProcess><boundaryEvent id="caught" attachedToRef="sub"><errorEventDefinition errorRef="the_error"/>'
            '</boundaryEvent><userTask id="after"/><endEvent id="z"/>' + flows("a>sub sub>z caught>after after>z")
        )
    )

    case.do("t")

    assert case.steps == ["after"]
    assert case.moved.passed == ("bad", "caught")


def test_an_error_that_nobody_catches_is_a_fault():
    flow = program(
        '<startEvent id="a"/><userTask id="t"/><endEvent id="z"><errorEventDefinition errorRef="the_error"/></endEvent>'
        + flows("a>t t>z")
    )
    case = Play(flow)

    with pytest.raises(run.Uncaught, match="caught by nobody"):
        case.do("t")

    assert Play(flow).steps == ["t"]


def test_a_terminate_end_takes_all_other_tokens_away():
    case = Play(
        program(
            '<startEvent id="a"/><parallelGateway id="g"/><userTask id="t"/><userTask id="u"/>'
            '<endEvent id="stop"><terminateEventDefinition/></endEvent><endEvent id="z"/>'
            + flows("a>g g>t g>u t>stop u>z")
        )
    )

    case.do("t")

    assert (case.steps, case.ended) == ([], "stop")


def test_a_terminate_end_beside_the_flow_is_the_outcome_all_the_same():
    case = Play(
        program(
            '<startEvent id="a"/><parallelGateway id="g"/><userTask id="t"/><userTask id="u"/><endEvent id="z"/>'
            f'<boundaryEvent id="b" attachedToRef="u" cancelActivity="false">{TIMER}</boundaryEvent>'
            '<endEvent id="stop"><terminateEventDefinition/></endEvent>' + flows("a>g g>t g>u t>z u>z b>stop")
        )
    )

    assert case.do("t").fire("b").ended == "stop"


def test_of_two_events_behind_an_event_based_gateway_only_the_first_counts():
    case = Play(
        program(
            f'<startEvent id="a"/><eventBasedGateway id="g"/><intermediateCatchEvent id="msg">{MESSAGE}'
            f'</intermediateCatchEvent><intermediateCatchEvent id="late">{TIMER}</intermediateCatchEvent>'
            '<userTask id="t"/><userTask id="u"/>' + flows("a>g g>msg g>late msg>t late>u")
        )
    )

    case.bring("message", "m")

    assert (case.steps, case.timers) == (["t"], [])
    with pytest.raises(run.NotThere):
        case.bring("message", "m")


def test_a_condition_that_is_true_at_once_interrupts_at_once():
    event = "<conditionalEventDefinition><condition>t == null</condition></conditionalEventDefinition>"

    assert guarded(event, interrupts=True).steps == ["late"]


def test_finished_activities_are_undone_last_first():
    case = Play(
        program(
            '<startEvent id="a"/><userTask id="t"/><userTask id="u"/>'
            '<endEvent id="z"><compensateEventDefinition/></endEvent>'
            '<boundaryEvent id="bt" attachedToRef="t"><compensateEventDefinition/></boundaryEvent>'
            '<boundaryEvent id="bu" attachedToRef="u"><compensateEventDefinition/></boundaryEvent>'
            '<userTask id="ct" isForCompensation="true"/><userTask id="cu" isForCompensation="true"/>'
            + flows("a>t t>u u>z")
            + '<association id="x1" sourceRef="bt" targetRef="ct"/><association id="x2" sourceRef="bu" targetRef="cu"/>'
        )
    ).do("t")

    assert case.do("u").steps == ["cu"]
    assert case.do("cu").steps == ["ct"]
    assert case.do("ct").ended == "z"
