"""Scopes with people in them: what interrupts what, joint reviews, instances, conditions, receive tasks."""

import pytest

from engine.bpmn import run
from tests.bpmn.draw import (
    ESCALATION,
    MESSAGE,
    SIGNAL,
    bound,
    by_event,
    call,
    condition,
    end,
    gate,
    multi,
    receive,
    several,
    start,
    sub,
    throw,
    timer,
    u,
)
from tests.bpmn.flows import Play, flows, program

ROUND = (
    start()
    + gate("in", "exclusive")
    + sub("joint", multi(3) + start("b") + u("review") + end("y") + flows("b>review review>y"))
    + u("sum")
    + gate("g", "exclusive", default="g-z")
    + end()
    + flows("s>in in>joint joint>sum sum>g", 'g>in>sum == "return"', "g>z")
)


def test_a_joint_review_returned_for_a_second_round_waits_for_all_again():
    case = Play(program(ROUND))

    for outcome in ("return", "return", "pass"):
        assert case.steps == ["review"] * 3
        case.do("review").do("review")
        assert case.steps == ["review"]
        case.do("review").do("sum", outcome)

    assert case.ended == "z"


def test_a_withdrawal_interrupts_everything_live_however_deep():
    flow = withdrawn()
    assert flow.steps == ["a", "d", "d", "d", "d", "f", "k/x", "k/x", "noted"]
    assert flow.timers == ["e2", "late"]
    assert [w.path for w in run.waiting(flow.program, flow.state) if w.kind == "join"] == ["j"]

    flow.bring("message", "m")

    assert (flow.steps, flow.timers) == (["h"], [])
    assert not run.waiting(flow.program, flow.state)
    assert flow.do("h").ended == "we"


def withdrawn() -> Play:
    main = (
        start()
        + gate("g", "parallel")
        + u("a")
        + sub("sub", multi(2) + start("b") + sub("q", start("c") + u("d", more=multi(2)) + flows("c>d")) + flows("b>q"))
        + call("k", "called")
        + f'<receiveTask id="r">{multi(2)}</receiveTask>'
        + gate("e", "eventBased")
        + f'<intermediateCatchEvent id="e1">{SIGNAL}</intermediateCatchEvent>'
        + f'<intermediateCatchEvent id="e2">{timer("P1D")}</intermediateCatchEvent>'
        + u("f")
        + bound("late", "f", timer("P2D"), False)
        + u("hurry", "v")
        + gate("j", "parallel")
        + flows("s>g g>a g>sub g>k g>r g>e e>e1 e>e2 g>f late>hurry g>j f>j a>v")
        + flows("j>v")
        + sub(
            "w",
            start("ws", MESSAGE) + u("h") + end("we") + flows("ws>h h>we"),
            triggeredByEvent="true",
        )
        + by_event("n", ESCALATION, u("noted"), False)
    )
    called = (
        start()
        + throw("x0", ESCALATION)
        + u("x", more=multi(2))
        + by_event("m", SIGNAL, u("i"), False)
        + flows("s>x0 x0>x")
    )
    return several(main=main, called=called)


@pytest.mark.parametrize("collection", ["${reviewers}", "reviewers"])
def test_instances_over_a_collection_each_see_their_own_item(collection):
    loop = (
        '<multiInstanceLoopCharacteristics xmlns:camunda="http://camunda.org/schema/1.0/bpmn" isSequential="true" '
        f'camunda:collection="{collection}" camunda:elementVariable="reviewer"/>'
    )
    inside = (
        start("b")
        + gate("g", "exclusive", default="g-other")
        + u("li", "other")
        + flows("b>g", 'g>li>reviewer == "li"', "g>other")
    )
    case = Play(program(start() + sub("sub", loop + inside) + u("after") + flows("s>sub sub>after")),
                reviewers=["wang", "li", "zhao"])  # fmt: skip

    assert case.steps == ["other"]
    assert case.do("other").steps == ["li"]
    run_on = run.assign(case.program, case.state, {"reviewers": ["qian"]})  # the collection is that of the beginning
    case.state = run_on.state
    assert case.do("li").steps == ["other"]
    assert case.do("other").steps == ["after"]


def test_a_receive_task_behind_an_event_based_gateway():
    def waits() -> Play:
        return Play(
            program(
                start()
                + gate("g", "eventBased")
                + receive("r")
                + f'<intermediateCatchEvent id="c">{timer("P1D")}</intermediateCatchEvent>'
                + u("heard", "late")
                + flows("s>g g>r g>c r>heard c>late")
            )
        )

    heard, late = waits().bring("message", "m"), waits().fire("c")

    assert (heard.steps, heard.timers) == (["heard"], [])
    assert late.steps == ["late"]
    assert not run.waiting(late.program, late.state)


def test_an_empty_collection_is_passed():
    loop = (
        '<multiInstanceLoopCharacteristics xmlns:camunda="http://camunda.org/schema/1.0/bpmn" '
        'camunda:collection="reviewers" camunda:elementVariable="r"/>'
    )
    case = Play(program(start() + u("t", more=loop) + u("after") + flows("s>t t>after")), reviewers=[])

    assert case.steps == ["after"]


def test_a_condition_wakes_when_a_variable_is_set_from_outside():
    case = Play(
        program(start() + u("t") + bound("c", "t", condition("case_n > 3"), False) + u("w") + flows("s>t c>w")),
        case_n=1,
    )

    for n, steps in ((4, ["t", "w"]), (5, ["t", "w"]), (2, ["t", "w"]), (9, ["t", "w", "w"])):
        assert case.set(case_n=n).steps == steps


def test_a_message_goes_to_one_and_a_signal_to_all():
    def two(event: str) -> Play:
        return Play(program(start() + u("a", "b") + bound("x", "a", event) + bound("y", "b", event) + u("m", "n")
                            + flows("s>a s>b x>m y>n")))  # fmt: skip

    assert two(MESSAGE).bring("message", "m").steps == ["b", "m"]
    assert two(SIGNAL).bring("signal", "s").steps == ["m", "n"]


def test_an_event_sub_process_of_a_nested_scope_interrupts_that_scope_alone():
    case = Play(
        program(start() + u("a") + sub("sub", start("b") + u("c") + by_event("e", MESSAGE, u("h")) + flows("b>c"))
                + u("after") + flows("s>a s>sub sub>after"))
    )  # fmt: skip

    assert case.bring("message", "m").steps == ["a", "h"]
    assert case.do("h").steps == ["a", "after"]


def test_a_message_starts_a_case_by_its_own_start_event():
    flow = program(start() + start("s2", MESSAGE) + u("a", "b") + flows("s>a s2>b"))

    assert [o.path for o in run.start(flow, {}).opened] == ["a"]
    assert [o.path for o in run.start(flow, {}, event=("message", "m")).opened] == ["b"]
    with pytest.raises(run.NotThere):
        run.start(flow, {}, event=("message", "other"))


def test_what_instances_gather_wakes_a_condition():
    loop = (
        "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality>"
        "<loopDataOutputRef>votes</loopDataOutputRef>"
        '<outputDataItem id="vote"/></multiInstanceLoopCharacteristics>'
    )
    votes = '<dataObject id="votes" isCollection="true"/>'
    case = Play(
        program(
            votes
            + start()
            + u("t", more=loop)
            + bound("c", "t", condition("len(votes) == 1"), False)
            + u("w")
            + flows("s>t c>w")
        ),
        votes=[],
    )

    assert case.do("t").steps == ["t", "w"]


def test_a_standard_loop_of_a_step_has_no_end_but_its_condition():
    loop = '<standardLoopCharacteristics><loopCondition>t != "pass"</loopCondition></standardLoopCharacteristics>'
    case = Play(program(start() + u("t", more=loop) + end() + flows("s>t t>z")))

    for _ in range(1100):
        case.do("t", "return")

    assert case.do("t", "pass").ended == "z"


def test_what_is_not_there_is_refused_and_the_state_stays_valid():
    flow = program(start() + u("t") + bound("b", "t", timer("P1D"), False) + u("w") + flows("s>t b>w"))
    case = Play(flow)
    (timer_token, index), step = next(iter(case.armed)), case.token("t")
    tries = [
        lambda: run.complete(flow, case.state, timer_token, "done", {}),
        lambda: run.complete(flow, case.state, "-1", "done", {}),
        lambda: run.complete(flow, case.state, "9" * 400, "done", {}),
        lambda: run.fire(flow, case.state, step, 0),
        lambda: run.fire(flow, case.state, timer_token, index + 1),
        lambda: run.fire(flow, case.state, timer_token, -1),
        lambda: run.deliver(flow, case.state, "message", "m"),
        lambda: run.deliver(flow, case.state, "timer", ""),
        lambda: run.deliver(flow, case.state, "", ""),
        lambda: run.start(flow, {}, event=("signal", "s")),
    ]

    for act in tries:
        with pytest.raises(run.NotThere):
            act()

    assert case.fire("b").do("t").do("w").ended
