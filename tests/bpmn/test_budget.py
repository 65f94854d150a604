"""What a program may ask for in one move: automatic elements, tokens, time, size of the state."""

from itertools import count

import pytest

from engine.bpmn import budget, run
from engine.bpmn.budget import EVERY, SECONDS, TOKENS
from engine.bpmn.state import MAX_BYTES
from tests.bpmn.flows import Play, flows, program
from tests.bpmn.test_activities import MULTI

TWO = '<startEvent id="s"/><userTask id="t"/><userTask id="u"/>' + flows("s>t t>u")


def test_a_move_that_takes_longer_than_a_second_is_a_fault(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(budget, "thread_time", lambda: now[0])
    flow = program(
        '<startEvent id="s"/><scriptTask id="w"><script>wait</script></scriptTask><userTask id="t"/>'
        + flows("s>w w>t"),
        host=["wait"],
    )

    def wait(seconds: float) -> run.Moved:
        return run.start(flow, {}, host={"wait": lambda _: now.__setitem__(0, now[0] + seconds)})

    assert wait(SECONDS).opened[0].path == "t"
    with pytest.raises(run.Fault, match="more than 1 second of work"):
        wait(SECONDS + 0.1)


def test_each_move_has_its_own_second(monkeypatch):
    now = count(step=SECONDS * 0.4)
    monkeypatch.setattr(budget, "thread_time", lambda: next(now))
    case = Play(program(TWO))

    assert case.do("t").do("u").ended == "u"


def test_expressions_are_work(monkeypatch):
    loop = MULTI.format(
        "",
        "<loopCardinality>400</loopCardinality><completionCondition>nrOfActiveInstances &lt; 0</completionCondition>",
    )
    flow = program(f'<startEvent id="s"/><userTask id="t"/><task id="u">{loop}</task>' + flows("s>t t>u"))
    case = Play(flow)
    looks = count()
    monkeypatch.setattr(budget, "thread_time", lambda: next(looks))  # a second at every look at the clock
    monkeypatch.setattr(budget, "SECONDS", 4000 / EVERY)  # more than 400 tokens and 400 elements need

    with pytest.raises(run.Fault, match=r"seconds? of work"):
        case.do("t")


def test_instances_within_instances_are_counted_as_they_are_made():
    loop = MULTI.format("", "<loopCardinality>500</loopCardinality>")
    flow = program(
        f'<startEvent id="s"/><subProcess id="m">{loop}<startEvent id="b"/><userTask id="t">{loop}</userTask>'
        f"{flows('b>t')}</subProcess>" + flows("s>m")
    )

    with pytest.raises(run.Fault, match=f"more than {TOKENS} new tokens|second of work"):
        Play(flow)


def test_a_state_that_would_be_too_large_is_a_fault_and_the_old_one_stays_valid():
    case = Play(program(TWO))

    with pytest.raises(run.Fault, match=f"larger than {MAX_BYTES} bytes"):
        case.do("t", text="x" * MAX_BYTES)

    assert case.do("t").steps == ["u"]


def test_a_value_nested_too_deep_to_be_kept_is_a_fault():
    deep: list[object] = []
    for _ in range(5000):
        deep = [deep]

    with pytest.raises(run.Fault, match="cannot be kept"):
        Play(program(TWO)).do("t", x=deep)


@pytest.mark.parametrize(
    ("rest", "drawn", "at"),
    [
        ('<exclusiveGateway id="g"/><userTask id="u"/><userTask id="v"/>', 't>g g>u>t=="x" g>v>t=="y"', "g"),
        ('<endEvent id="z"><errorEventDefinition errorRef="the_error"/></endEvent>', "t>z", "z"),
        (f'<userTask id="u">{MULTI.format("", "<loopCardinality>t</loopCardinality>")}</userTask>', "t>u", "u"),
        ('<task id="a"/><task id="b"/><parallelGateway id="j"/>', "t>a>t!=null t>b>t==null a>j b>j j>a", "j"),
    ],
)
def test_a_fault_says_where(rest, drawn, at):
    case = Play(program('<startEvent id="s"/><userTask id="t"/>' + rest + flows("s>t", drawn)))

    with pytest.raises(run.Fault) as fault:
        case.do("t")

    assert fault.value.at == at
