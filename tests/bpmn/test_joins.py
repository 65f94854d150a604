import pytest

from engine.bpmn import run
from tests.bpmn.flows import Play, flows, program

JOINT = (
    '<startEvent id="Start"/><exclusiveGateway id="in"/><{0} id="split"/><userTask id="A"/><userTask id="B"/>'
    '<{0} id="join"/><userTask id="sum"/><exclusiveGateway id="g" default="g-End"/><endEvent id="End"/>'
)
JOINT_FLOWS = 'Start>in in>split A>join B>join join>sum sum>g g>in>sum=="redo" g>End'


def joint_review(gateway: str) -> Play:
    condition = ">true" if gateway == "inclusiveGateway" else ""
    return Play(program(JOINT.replace("{0}", gateway) + flows(JOINT_FLOWS, f"split>A{condition} split>B{condition}")))


@pytest.mark.parametrize("gateway", ["parallelGateway", "inclusiveGateway"])
@pytest.mark.parametrize("order", ["AB", "BA"])
def test_a_joint_review_waits_for_both_in_the_second_round_too(gateway, order):
    case = joint_review(gateway).do("A").do("B").do("sum", "redo")

    case.do(order[0])

    assert case.steps == [order[1]]
    assert case.do(order[1]).steps == ["sum"]
    assert case.do("sum").ended == "End"


def test_a_token_too_many_stays_for_the_next_round_and_is_never_lost():
    case = Play(
        program(
            '<startEvent id="a"/><parallelGateway id="sp"/><userTask id="t"/><userTask id="u"/><userTask id="v"/>'
            '<exclusiveGateway id="x"/><parallelGateway id="j"/><userTask id="w"/>'
            + flows("a>sp sp>t sp>u sp>v t>x u>x x>j v>j j>w")
        )
    )

    assert case.do("t").do("u").steps == ["v"]
    assert case.do("v").steps == ["w"]
    assert [w.kind for w in run.waiting(case.program, case.state)] == ["join"]


def test_an_inclusive_join_waits_only_for_branches_that_can_still_come():
    body = (
        '<startEvent id="a"/><inclusiveGateway id="sp" default="sp-w"/><userTask id="t"/><userTask id="u"/>'
        '<userTask id="v"/><userTask id="w"/><inclusiveGateway id="j"/><userTask id="sum"/>'
        + flows("a>sp sp>w t>j u>v v>j w>j j>sum", "sp>t>case_n > 0", "sp>u>case_n > 1")
    )
    forms = {"case": {"type": "object", "properties": {"n": {"type": "integer", "x-decides": True}}}}
    flow = program(body, forms=forms)

    assert Play(flow, case_n=0).steps == ["w"]
    assert Play(flow, case_n=1).do("t").steps == ["sum"]
    both = Play(flow, case_n=2).do("t")
    assert both.steps == ["u"]
    assert both.do("u").do("v").steps == ["sum"]


def test_an_inclusive_join_does_not_wait_for_a_token_that_can_also_come_by_a_flow_that_holds_one():
    body = (
        '<startEvent id="a"/><parallelGateway id="g"/><exclusiveGateway id="m"/><userTask id="u"/>'
        '<exclusiveGateway id="x" default="x-n"/><task id="n"/><inclusiveGateway id="j"/><userTask id="w"/>'
        + flows('a>g g>m m>j g>u u>x x>m>u=="back" x>n n>j j>w')
    )
    case = Play(program(body))

    assert case.steps == ["u", "w"]
    assert case.do("u", "back").steps == ["w", "w"]


def test_an_exclusive_gateway_without_a_flow_to_take_is_a_fault():
    body = (
        '<startEvent id="a"/><userTask id="t"/><exclusiveGateway id="g"/><userTask id="u"/><userTask id="v"/>'
        + flows('a>t t>g g>u>t=="x" g>v>t=="y"')
    )
    case = Play(program(body))

    with pytest.raises(run.Fault, match="no outgoing flow can be chosen at g"):
        run.complete(case.program, case.state, case.token("t"), "z", {})

    assert case.do("t", "y").steps == ["v"]  # the old state is still valid


def test_a_deadlocked_join_is_a_fault_and_not_a_silent_end():
    body = (
        '<startEvent id="a"/><userTask id="t"/><exclusiveGateway id="g" default="g-v"/><task id="u"/><task id="v"/>'
        '<parallelGateway id="j"/><endEvent id="z"/>' + flows('a>t t>g g>u>t=="x" g>v u>j v>j j>z')
    )
    case = Play(program(body))

    with pytest.raises(run.Stuck, match="tokens wait at j"):
        case.do("t", "x")
