import pytest

from engine.bpmn import run
from engine.bpmn.read import read
from tests.bpmn.flows import Play, flows, program, source

INTAKE = (
    '<startEvent id="s"/><userTask id="accept"><extensionElements><sun:outcomes values="accept refuse"/>'
    '</extensionElements></userTask><exclusiveGateway id="g" default="g-turned_away"/><endEvent id="accepted"/>'
    '<endEvent id="turned_away"/>' + flows('s>accept accept>g g>accepted>accept=="accept" g>turned_away')
)
CALLER = (
    '<startEvent id="s"/><callActivity id="intake" calledElement="desk"/><exclusiveGateway id="g" default="g-no"/>'
    '<userTask id="review"/><endEvent id="yes"/><endEvent id="no"/>'
    + flows("s>intake intake>g g>no review>yes", 'g>review>intake == "accepted" and intake_accept == "accept"')
)
MULTI = "<multiInstanceLoopCharacteristics{}>{}</multiInstanceLoopCharacteristics>"


def test_the_outcome_of_a_call_is_the_end_it_reached_and_its_names_return_behind_its_id():
    case = Play(program(CALLER, {"desk": INTAKE}))
    assert case.steps == ["intake/accept"]

    case.do("intake/accept", "accept", copies=2)

    assert case.steps == ["review"]
    assert b'"intake":"accepted","intake_accept":"accept","intake_accept_copies":2' in case.state
    assert case.moved.passed == ("intake/g", "intake/accepted", "intake", "g")


def test_another_end_of_the_called_flow_leads_elsewhere():
    assert Play(program(CALLER, {"desk": INTAKE})).do("intake/accept", "refuse").ended == "no"


def test_a_called_flow_sees_the_case_and_nothing_else_of_its_caller():
    inner = '<startEvent id="s"/><exclusiveGateway id="g" default="g-b"/><userTask id="a"/><userTask id="b"/>' + flows(
        "s>g g>b", "g>a>{}"
    )
    outer = '<startEvent id="s"/><userTask id="t"/><callActivity id="c" calledElement="f"/>' + flows("s>t t>c")
    forms = {"case": {"type": "object", "properties": {"n": {"type": "integer", "x-decides": True}}}}

    seen = Play(program(outer, {"f": inner.format("case_n > 3")}, forms), case_n=5).do("t")

    assert seen.steps == ["c/a"]
    hidden = Play(program(outer, {"f": inner.format("t == null")}, forms), case_n=5)
    with pytest.raises(run.Fault, match="unknown name 't'"):
        hidden.do("t")


def test_a_flow_calls_a_flow_that_calls_a_flow():
    middle = '<startEvent id="s"/><callActivity id="deep" calledElement="desk"/><endEvent id="ok"/>' + flows(
        "s>deep deep>ok"
    )
    outer = '<startEvent id="s"/><callActivity id="c" calledElement="m"/><endEvent id="z"/>' + flows("s>c c>z")
    flow = read(source(outer, called={"m": source(middle, "m", {"desk": source(INTAKE, "desk")})}))
    case = Play(flow)

    assert case.steps == ["c/deep/accept"]
    assert flow.item.calls == {"c": "m", "c/deep": "desk"}
    assert list(flow.item.steps) == ["c/deep/accept"]
    assert case.do("c/deep/accept", "accept").ended == "z"
    assert b'"c_deep_accept":"accept"' in case.state


def test_instances_run_side_by_side_until_the_completion_condition_holds():
    inner = "<loopCardinality>3</loopCardinality><completionCondition>nrOfCompletedInstances == 2</completionCondition>"
    case = Play(
        program(
            f'<startEvent id="s"/><userTask id="t">{MULTI.format("", inner)}</userTask><endEvent id="z"/>'
            + flows("s>t t>z")
        )
    )
    assert case.steps == ["t", "t", "t"]

    assert case.do("t").steps == ["t", "t"]
    assert case.do("t").ended == "z"


def test_sequential_instances_come_one_after_the_other():
    loop = MULTI.format(' isSequential="true"', "<loopCardinality>2</loopCardinality>")
    case = Play(program(f'<startEvent id="s"/><userTask id="t">{loop}</userTask><endEvent id="z"/>' + flows("s>t t>z")))
    first = case.token("t")

    case.do("t")

    assert case.steps == ["t"]
    assert case.token("t") != first
    assert case.do("t").ended == "z"


def test_a_boundary_timer_ends_all_instances():
    loop = MULTI.format("", "<loopCardinality>3</loopCardinality>")
    case = Play(
        program(
            f'<startEvent id="s"/><userTask id="t">{loop}</userTask><endEvent id="z"/><endEvent id="late"/>'
            '<boundaryEvent id="b" attachedToRef="t"><timerEventDefinition><timeDuration>workdays(5)</timeDuration>'
            "</timerEventDefinition></boundaryEvent>" + flows("s>t t>z b>late")
        )
    )

    assert case.do("t").fire("b").ended == "late"


def test_a_cardinality_that_is_no_number_is_a_fault():
    loop = MULTI.format("", "<loopCardinality>t_n</loopCardinality>")
    forms = {"t": {"type": "object", "properties": {"n": {"type": "integer", "x-decides": True}}}}
    flow = program(
        f'<startEvent id="s"/><userTask id="t"/><userTask id="u">{loop}</userTask>' + flows("s>t t>u"), forms=forms
    )

    assert Play(flow).do("t", n=2).steps == ["u", "u"]
    with pytest.raises(run.Fault, match="instances"):
        Play(flow).do("t", n=-1)
    with pytest.raises(run.Fault, match="no number"):
        Play(flow).do("t")


def test_a_loop_that_needs_nobody_is_stopped():
    flow = program(
        '<startEvent id="s"/><userTask id="t"/><exclusiveGateway id="g"/><task id="u"/>' + flows("s>t t>g g>u u>g")
    )
    case = Play(flow)

    with pytest.raises(run.Fault, match="more than 1000 automatic elements"):
        case.do("t")


def test_elements_may_be_called_like_the_librarys_own():
    flow = program('<startEvent id="Start"/><userTask id="Root"/><endEvent id="End"/>' + flows("Start>Root Root>End"))

    assert Play(flow).do("Root").ended == "End"


def test_a_step_is_completed_once():
    case = Play(program('<startEvent id="s"/><userTask id="t"/><userTask id="u"/>' + flows("s>t t>u")))
    token = case.token("t")
    case.do("t")

    for unknown in (token, "999", "", "-1", "t", "²"):
        with pytest.raises(run.NotThere):
            run.complete(case.program, case.state, unknown, "done", {})


def test_words_run_only_when_the_host_binds_them():
    body = '<startEvent id="s"/><scriptTask id="w"><script>hello</script></scriptTask><userTask id="t"/>' + flows(
        "s>w w>t"
    )
    heard: list[str] = []
    flow = program(body, host=["hello"])

    run.start(flow, {}, host={"hello": lambda _: heard.append("hello")})

    assert heard == ["hello"]
    with pytest.raises(run.Fault, match="nothing binds"):
        run.start(flow, {})
