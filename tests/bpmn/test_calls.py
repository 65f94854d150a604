"""Called flows: what goes in, what comes out, what ends with them."""

import pytest

from engine.errors import Invalid
from tests.bpmn.draw import (
    ERROR,
    ESCALATION,
    MESSAGE,
    TERMINATE,
    bound,
    call,
    end,
    gate,
    multi,
    receive,
    several,
    start,
    throw,
    u,
)
from tests.bpmn.flows import flows


def test_an_error_of_a_called_flow_is_caught_at_the_call():
    case = several(
        main=start() + call("k", "inner") + bound("b", "k", ERROR) + u("after", "good") + flows("s>k k>good b>after"),
        inner=start() + gate("g", "parallel") + u("t", "v") + end("bad", ERROR) + flows("s>g g>t g>v t>bad"),
    )

    assert case.do("k/t").steps == ["after"]


def test_an_error_out_of_two_calls_and_instances_ends_them_all():
    case = several(
        main=start() + call("k", "middle") + bound("b", "k", ERROR) + u("after") + flows("s>k b>after"),
        middle=start() + call("m", "inner", multi(3)) + flows("s>m"),
        inner=start() + u("t") + end("bad", ERROR) + flows("s>t t>bad"),
    )
    assert case.steps == ["k/m/t"] * 3

    assert case.do("k/m/t").steps == ["after"]


def test_instances_of_a_call_and_of_a_receive_task():
    case = several(
        main=start() + call("k", "inner", multi(2)) + receive("r", multi(2)) + u("after") + flows("s>k k>r r>after"),
        inner=start() + u("t") + flows("s>t"),
    )

    case.do("k/t").do("k/t")

    assert case.bring("message", "m").steps == []
    assert case.bring("message", "m").steps == ["after"]


def test_an_escalation_of_a_called_flow_does_not_interrupt_it():
    case = several(
        main=start() + call("k", "inner") + bound("b", "k", ESCALATION, False) + u("told", "after")
        + flows("s>k k>after b>told"),
        inner=start() + throw("x", ESCALATION) + u("t") + flows("s>x x>t"),
    )  # fmt: skip

    assert case.steps == ["k/t", "told"]
    assert case.do("k/t").steps == ["after", "told"]


def test_a_terminate_end_in_a_called_flow_ends_that_flow_alone():
    case = several(
        main=start() + gate("g", "parallel") + call("k", "inner") + u("v", "after") + flows("s>g g>k g>v k>after"),
        inner=start() + gate("g", "parallel") + u("t", "w") + end("stop", TERMINATE) + flows("s>g g>t g>w t>stop"),
    )

    assert case.do("k/t").steps == ["after", "v"]
    assert b'"k":"stop"' in case.state


def test_a_call_begins_at_the_plain_start_event_alone():
    main, inner = start() + call("k", "inner") + flows("s>k"), start("s2", MESSAGE) + u("b") + flows("s2>b")

    assert several(main=main, inner=inner + start() + u("a") + flows("s>a")).steps == ["k/a"]
    with pytest.raises(Invalid, match="each of its start events"):
        several(main=main, inner=inner)
