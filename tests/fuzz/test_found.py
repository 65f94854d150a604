"""What the fuzz has found, each as small as it gets."""

from tests.bpmn.flows import MESSAGE, TIMER, Play, event_sub_process, flows, program
from tests.fuzz.play import Kept, Reloaded, all_of


def test_scopes_come_back_in_the_order_in_which_they_were_entered() -> None:
    inner = '<startEvent id="b"/><userTask id="u"/><endEvent id="y"/>' + flows("b>u u>y")
    handler = (
        '<subProcess id="h" triggeredByEvent="true"><startEvent id="s" isInterrupting="false">'
        f'{MESSAGE}</startEvent><subProcess id="deep">{inner}</subProcess><endEvent id="e"/>'
        f"{flows('s>deep deep>e')}</subProcess>"
    )
    drawn = program('<startEvent id="a"/><userTask id="t"/><endEvent id="z"/>' + flows("a>t t>z") + handler)
    kept, reloaded = Kept(drawn, {}), Reloaded(drawn, {})
    for _ in range(2):  # the second handler lies less deep than what the first one has opened
        kept.deliver("message", "m")
        reloaded.deliver("message", "m")

    assert [w.depth for w in kept.case.scopes()] == [0, 1, 2, 1, 2]
    assert all_of(reloaded.case()) == all_of(kept.case)


def test_what_interrupts_a_step_beside_the_flow_stays_beside_it() -> None:
    case = Play(
        program(
            '<startEvent id="a"/><userTask id="t"/><endEvent id="z"/><userTask id="late"/><endEvent id="y"/>'
            f'<boundaryEvent id="b" attachedToRef="t" cancelActivity="false">{TIMER}</boundaryEvent>'
            f'<boundaryEvent id="c" attachedToRef="late">{TIMER}</boundaryEvent>'
            + flows("a>t t>z b>late late>y c>y")
            + event_sub_process(MESSAGE)
        )
    )

    assert case.fire("b").do("t").fire("c").ended == "z"
