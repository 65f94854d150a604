"""The oracle against answers known by hand, so that it is not believed because the engine says the same."""

from tests.fuzz.drawing import Cond, Event, File, Flow, Node, Scope
from tests.fuzz.oracle import Oracle

SIGNAL, TIMER = Event(kind="signal", name="s0"), Event(kind="timer")


def scope(flows: str, *nodes: Node, **tags: str) -> Scope:
    """Draw flows `a>b`; nodes that are not given are user tasks, but start and end events by their names."""
    pairs = [pair.split(">") for pair in flows.split()]
    names = dict.fromkeys(name for pair in pairs for name in pair)
    known = {n.id: n for n in nodes}
    kinds = {"start": "startEvent", "end": "endEvent", **tags}
    drawn = [known.get(n) or Node(id=n, tag=kinds.get(n, "userTask")) for n in names]
    given = [n for n in nodes if n.id not in names]
    return Scope((*drawn, *given), tuple(Flow(id=f"{a}-{b}", source=a, target=b) for a, b in pairs))


def steps(oracle: Oracle) -> set[tuple[str, ...]]:
    return {tuple(at[-1][0] for at in look.open) for look in oracle.looks()}


def do(oracle: Oracle, *names: str) -> Oracle:
    for name in names:
        oracle.complete(((name, None),), "a", 0)
    return oracle


def test_a_joint_review_waits_for_both_in_the_second_round_too() -> None:
    drawn = scope("start>m m>p p>x p>y x>j y>j j>m", m="exclusiveGateway", p="parallelGateway", j="parallelGateway")
    oracle = do(Oracle(File(drawn), {}), "x", "y")

    assert steps(oracle) == {("x", "y")}
    assert steps(do(oracle, "y")) == {("x",)}
    assert steps(do(oracle, "x")) == {("x", "y")}


def test_an_inclusive_join_waits_for_a_boundary_event_that_can_still_come() -> None:
    late = Node(id="late", tag="boundaryEvent", event=TIMER, host="y")
    drawn = scope("start>p p>x p>y x>j late>j y>end j>z z>end", late, p="parallelGateway", j="inclusiveGateway")

    waits = do(Oracle(File(drawn), {}), "x")
    assert steps(waits) == {("y",)}
    assert steps(do(waits, "y")) == {("z",)}


def test_an_inclusive_join_does_not_wait_for_a_token_that_can_reach_a_flow_that_holds_one() -> None:
    drawn = scope(
        "start>p p>x p>y x>m y>g g>m g>v v>j m>j j>z z>end",
        p="parallelGateway", m="exclusiveGateway", g="exclusiveGateway", j="inclusiveGateway",
    )  # fmt: skip

    assert steps(do(Oracle(File(drawn), {}), "x")) == {("y", "z")}


def test_a_signal_and_its_catcher_in_parallel_may_come_in_either_order() -> None:
    throw = Node(id="throw", tag="intermediateThrowEvent", event=SIGNAL)
    catch = Node(id="catch", tag="intermediateCatchEvent", event=SIGNAL)
    drawn = scope("start>p p>throw throw>x p>catch catch>y x>end y>end", throw, catch, p="parallelGateway")

    assert steps(Oracle(File(drawn), {})) == {("x",), ("x", "y")}


def test_an_error_takes_the_sub_process_away_and_goes_on_at_the_nearest_boundary() -> None:
    error = Event(kind="error", name="e0")
    fails = Node(id="fails", tag="endEvent", event=error)
    inner = scope("begin>q q>t q>fails t>end", fails, begin="startEvent", q="parallelGateway")
    sub = Node(id="sub", tag="subProcess", inside=inner)
    caught = Node(id="caught", tag="boundaryEvent", event=error, host="sub")
    drawn = scope("start>sub sub>x caught>h x>done h>done", sub, caught, done="endEvent")

    assert steps(Oracle(File(drawn), {})) == {("h",)}


def test_a_condition_fires_when_it_becomes_true_and_again_only_after_it_was_false() -> None:
    becomes = Node(id="b", tag="boundaryEvent", host="w", interrupts=False,
                   event=Event(kind="conditional", cond=Cond("t", "==", "a")))  # fmt: skip
    drawn = scope("start>p p>w p>g g>t t>g b>late w>end late>end", becomes, p="parallelGateway", g="exclusiveGateway")
    oracle = do(Oracle(File(drawn), {}), "t", "t")

    assert steps(oracle) == {("late", "t", "w")}
    oracle.complete((("t", None),), "b", 0)
    assert steps(do(oracle, "t")) == {("late", "late", "t", "w")}
