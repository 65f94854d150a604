import json
import random
import zlib
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.bpmn import run
from engine.bpmn.state import SQUEEZE_OVER, dumps, loads
from tests.bpmn.flows import TIMER, Play, flows, program

BODY = (
    '<startEvent id="s"/><userTask id="t"/><parallelGateway id="g"/><userTask id="u"/><userTask id="v">'
    "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics></userTask>"
    '<subProcess id="sub"><startEvent id="b"/><userTask id="w"/><endEvent id="y"/>'
    + flows("b>w w>y")
    + f'</subProcess><boundaryEvent id="late" attachedToRef="sub" cancelActivity="false">{TIMER}</boundaryEvent>'
    '<userTask id="hurry"/><parallelGateway id="j"/><endEvent id="z"/>'
    + flows("t>g g>u g>v g>sub u>j v>j sub>j late>hurry")
)
FLOW = program(BODY + flows("s>t j>z"))


def test_a_state_read_and_written_again_is_the_same():
    case = Play(FLOW).do("t", "done").do("v").do("u").fire("late")

    again = dumps(loads(case.state, FLOW, {}), FLOW)

    assert again == case.state


@pytest.mark.parametrize("seed", range(12))
def test_any_order_of_completing_ends_the_case_with_a_small_state(seed):
    order, case = random.Random(seed), Play(FLOW)

    while case.ended is None:
        if case.armed and order.random() < 0.3:
            case.fire("late")
        else:
            case.do(order.choice(case.steps))
        assert len(case.state) < 400

    assert (case.ended, case.steps, case.timers) == ("z", [], [])


def test_a_large_state_is_squeezed_and_read_back():
    case = Play(FLOW).do("t", "done", text="字" * SQUEEZE_OVER)

    assert case.state[:2] == b"2z"
    assert len(case.state) < 500
    assert case.do("u").steps == ["v", "v", "w"]


def test_a_value_that_cannot_be_kept_is_a_fault_and_the_old_state_stays_valid():
    case = Play(FLOW)

    for value in (object(), float("nan"), {1, 2}):
        with pytest.raises(run.Fault, match="cannot be kept"):
            run.complete(FLOW, case.state, case.token("t"), "done", {"x": value})

    assert case.do("t").steps == ["u", "v", "v", "w"]


def test_a_state_of_another_version_or_definition_is_refused():
    state = Play(FLOW).do("t").state
    other = program('<startEvent id="s"/><userTask id="q"/>' + flows("s>q"))
    bomb = zlib.compress(b"[" + b"0," * 10_000_000 + b"0]")

    for bad in (b"", b"9j[]", b"2j[1,2", b"2jxxxx{}", b"1" + state[1:], state[:-9], b"2z" + state, b"2z" + bomb):
        with pytest.raises(run.Fault, match="state cannot be read"):
            run.complete(FLOW, bad, "1", "done", {})
    with pytest.raises(run.Fault, match="state cannot be read"):
        run.complete(other, state, "1", "done", {})


def test_a_thousand_rounds_of_correction_leave_the_state_as_small_as_the_first():
    flow = program(
        '<startEvent id="s"/><exclusiveGateway id="in"/><userTask id="check"/><exclusiveGateway id="g" default="g-z"/>'
        '<userTask id="correct"/><endEvent id="z"/>'
        + flows('s>in in>check check>g g>correct>check=="return" g>z correct>in')
    )
    case = Play(flow)
    first = len(case.do("check", "return").do("correct").state)

    for _ in range(1000):
        case.do("check", "return").do("correct")

    assert len(case.state) <= first + 6
    assert case.do("check", "pass").ended == "z"


def test_rounds_with_joins_instances_and_timers_leave_nothing_behind():
    flow = program(
        BODY
        + '<exclusiveGateway id="in"/><userTask id="sum"/><exclusiveGateway id="back" default="back-z"/>'
        + flows('s>in in>t j>sum sum>back back>in>sum=="return" back>z')
    )
    case, sizes = Play(flow), []

    for _ in range(100):
        for step in ("t", "u", "v", "v", "w"):
            case.do(step)
        sizes.append(len(case.do("sum", "return").state))

    assert sizes[-1] <= sizes[0] + 6  # as long as the numbers of tokens are
    case.do("t").do("u").do("v").do("v").fire("late").do("hurry").do("w")
    assert case.do("sum", "pass").ended == "z"


RICH = Play(FLOW).do("t", "done", n=[1, {"a": None}]).do("v").do("u").fire("late").state


def moves(state: bytes) -> None:
    """Try everything that can be done with a state."""
    for act in (
        lambda: run.waiting(FLOW, state),
        lambda: run.assign(FLOW, state, {"x": 1}),
        lambda: run.deliver(FLOW, state, "message", "m"),
        lambda: run.place(FLOW, state, "t"),
        *(lambda t=t: run.complete(FLOW, state, str(t), "done", {}) for t in range(16)),
        *(lambda t=t: run.fire(FLOW, state, str(t), 0) for t in range(16)),
    ):
        with suppress(run.Fault, run.NotThere):
            act()


@pytest.mark.parametrize("good", [RICH, Play(FLOW).state], ids=["squeezed", "plain"])
@given(st.data())
def test_a_damaged_state_is_refused_whatever_the_damage(good, data):
    at = data.draw(st.integers(0, len(good) - 1))
    piece = data.draw(st.binary(max_size=8) | st.sampled_from([b"0", b"1", b"2"]))
    cut = data.draw(st.integers(0, 8))
    bad = good[:at] + piece + good[at + cut :]

    if bad != good:
        with pytest.raises(run.Fault, match="state cannot be read"):
            run.waiting(FLOW, bad)


def test_a_state_of_a_definition_that_only_looks_alike_is_refused():
    one, other = (program(f'<startEvent id="s"/><userTask id="{t}"/>' + flows(f"s>{t}")) for t in ("t", "u"))
    state = Play(one).state

    with pytest.raises(run.Fault, match="another definition"):
        run.waiting(other, state)


@given(st.binary(max_size=60))
def test_bytes_that_are_no_state_are_refused(bad):
    for head in (b"", b"2", b"2j", b"2z"):
        with pytest.raises(run.Fault, match="state cannot be read"):
            run.complete(FLOW, head + bad, "1", "done", {})


JUNK = st.none() | st.booleans() | st.integers(-3, 40) | st.sampled_from(["", "x", "0"]) | st.just([]) | st.just({})


def spoilt(draw, value, depth=0):
    """Return a JSON value with one place of it changed."""
    if depth > 6 or not isinstance(value, list | dict) or not value or draw(st.integers(0, 4)) == 0:
        return draw(JUNK)
    if isinstance(value, dict):
        key = draw(st.sampled_from(sorted(value)))
        return {**value, key: spoilt(draw, value[key], depth + 1)}
    at = draw(st.integers(0, len(value) - 1))
    return [*value[:at], spoilt(draw, value[at], depth + 1), *value[at + 1 :]]


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_state_that_says_nonsense_is_a_fault_or_moves_and_nothing_else_happens(data):
    text = zlib.decompress(RICH[6:]) if RICH[1:2] == b"z" else RICH[6:]
    body = json.dumps(spoilt(data.draw, json.loads(text)), separators=(",", ":")).encode()

    moves(b"2j" + zlib.crc32(b"j" + body, FLOW.mark).to_bytes(4, "big") + body)
