"""What may come of a live case: known answers by hand."""

from __future__ import annotations

import pytest

from engine.bpmn.ahead import Ahead, Move, ahead, runs_ahead, steps_ahead
from engine.model.runs import Run
from tests.bpmn.flows import MESSAGE, TIMER, Play, event_sub_process, flows, program
from tests.bpmn.test_runs import drawn, only, sets, tasks

GATES = '<parallelGateway id="g"/><parallelGateway id="j"/>'
THREE = "<multiInstanceLoopCharacteristics {}><loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics>"
BACK = '<extensionElements><sun:returns to="a"/></extensionElements>'


def of(case: Play) -> Ahead:
    found = ahead(case.program, case.state)
    assert found is not None
    return found


def gone(case: Play) -> tuple[Run, ...]:
    found = runs_ahead(of(case))
    assert found is not None
    return found


def steps(case: Play) -> str:
    return " ".join(sorted(steps_ahead(case.program, case.state)))


def opens(found: Ahead) -> list[str]:
    """Return what is open at each place in one word, sorted."""
    return sorted(" ".join(each) for each in found.open)


def test_what_is_done_lies_behind_and_what_is_open_waits_for_nothing() -> None:
    case = Play(drawn(tasks("a", "b", "c"), "s>a a>b b>c c>e")).do("a")

    found = of(case)

    assert found == Ahead(
        open=(("b",), ("c",), ()),
        moves=(
            (Move(path="b", outcome="done", to=1, opens=("c",)),),
            (Move(path="c", outcome="done", to=2),),
            (),
        ),
        ended=frozenset({2}),
    )
    assert runs_ahead(found) == (
        Run(steps=("b", "c"), before={"b": (), "c": ("b",)}, outcomes={"b": ("done",), "c": ("done",)}),
    )
    assert sets(runs_ahead(found, 1) or ()) == {"c"}
    assert steps(case) == "b c"


def test_of_a_case_that_has_ended_nothing_comes() -> None:
    case = Play(drawn(tasks("a"), "s>a a>e")).do("a")

    assert of(case) == Ahead(open=((),), moves=((),), ended=frozenset({0}))
    assert gone(case) == (Run(steps=()),)
    assert steps(case) == ""


CHOICE = drawn(
    tasks("b", "c", "d", a="x y z") + '<exclusiveGateway id="g" default="g-c"/><exclusiveGateway id="h"/>',
    "s>a a>g g>c b>h c>h h>d d>e",
    'g>b>a == "x"',
)


def test_each_outcome_leads_where_its_condition_says() -> None:
    case = Play(CHOICE)

    found = of(case)

    assert {(m.outcome, found.open[m.to]) for m in found.moves[0]} == {("x", ("b",)), ("y", ("c",)), ("z", ("c",))}
    assert sets(gone(case)) == {"a b d", "a c d"}
    assert only(gone(case), "a c d").outcomes["a"] == ("y", "z")
    assert only(gone(case), "a b d").before == {"a": (), "b": ("a",), "d": ("b",)}
    assert opens(of(case.do("a", "y"))) == ["", "c", "d"]
    assert steps(case) == "c d"


def test_branches_at_once_are_places_by_what_is_left_in_each_and_both_may_be_last() -> None:
    case = Play(drawn(GATES + tasks("a", "b", "c", "d"), "s>a a>g g>b g>c b>j c>j j>d d>e")).do("a")

    assert opens(of(case)) == ["", "b", "b c", "c", "d"]
    (run_,) = gone(case)
    assert run_.before == {"b": (), "c": (), "d": ("b", "c")}
    (run_,) = gone(case.do("c"))
    assert (sorted(run_.steps), run_.before) == (["b", "d"], {"b": (), "d": ("b",)})


LOOP = drawn(
    tasks("c", a="again on") + '<exclusiveGateway id="j"/><exclusiveGateway id="g" default="g-e"/>',
    "s>j j>a a>g g>e c>j",
    'g>c>a == "again"',
)


def test_a_correction_comes_back_to_a_place_that_is_known() -> None:
    case = Play(LOOP)

    assert opens(of(case)) == ["", "a", "c"]
    assert sets(gone(case)) == {"a", "a c"}
    assert only(gone(case), "a c").before == {"a": ("c",), "c": ("a",)}
    assert only(gone(case), "a").outcomes == {"a": ("on",)}
    assert of(case.do("a", "again").do("c")) == of(Play(LOOP))


def test_a_step_may_be_sent_back_and_acts_then_without_an_outcome() -> None:
    case = Play(drawn(tasks("a") + f'<userTask id="b">{BACK}</userTask>', "s>a a>b b>e")).do("a")

    found = of(case)

    assert Move(path="b", outcome="", to=2, opens=("a",)) in found.moves[0]
    assert found.open[2] == ("a",)
    assert sets(gone(case)) == {"b", "a b"}
    assert only(gone(case), "a b").before == {"a": (), "b": ("a",)}
    assert steps(case) == "a b"


def test_a_step_that_is_only_sent_back_has_no_outcome() -> None:
    body = tasks(a="x y") + f'<userTask id="b">{BACK}</userTask><exclusiveGateway id="g" default="g-e"/>'
    case = Play(drawn(body + tasks("c"), "s>a a>g g>e b>c c>e", 'g>b>a == "x"')).do("a", "x")

    assert sets(gone(case)) == {"b c", "a b", "a b c"}
    assert only(gone(case), "a b").outcomes == {"a": ("x", "y"), "b": ()}


def test_a_timer_takes_a_step_away_and_what_was_last_came_before() -> None:
    late = f'<boundaryEvent id="w" attachedToRef="a">{TIMER}</boundaryEvent><exclusiveGateway id="m"/>'
    case = Play(drawn(GATES + late + tasks("a", "b", "c"), "s>g g>a g>b a>m w>c c>m m>j b>j j>e"))

    found = of(case)

    assert opens(found) == ["", "a", "a b", "b", "b c", "c"]
    assert [(found.open[m.to], m.opens) for m in found.moves[0] if not m.path] == [(("b", "c"), ("c",))]
    assert sets(gone(case)) == {"a b", "b c"}
    assert only(gone(case), "b c").before == {"b": (), "c": ("b",)}
    assert steps(case) == "a b c"


def test_what_somebody_may_ask_for_comes_once_at_a_time() -> None:
    case = Play(drawn(tasks("a") + event_sub_process(MESSAGE, interrupts=False), "s>a a>e"))

    assert opens(of(case)) == ["", "a", "a h", "h"]
    assert sets(gone(case)) == {"a", "a h"}
    assert only(gone(case), "a h").before == {"a": (), "h": ()}  # once `a` is done without it, the case has ended
    assert steps(case) == "a h"


def test_what_interrupts_leaves_the_rest_undone() -> None:
    case = Play(drawn(tasks("a", "b") + event_sub_process(MESSAGE), "s>a a>b b>e"))

    assert sets(gone(case)) == {"a b", "h", "a h"}
    assert steps(case.bring("message", "m")) == "h"
    assert opens(of(case)) == ["", "h"]


@pytest.mark.parametrize("one_by_one", ["true", "false"])
def test_instances_of_a_step_are_counted_whichever_of_them_are_done(one_by_one: str) -> None:
    several = THREE.format(f'isSequential="{one_by_one}"')
    case = Play(drawn(f'<userTask id="a">{several}</userTask>{tasks("b")}', "s>a a>b b>e"))

    assert opens(of(case)) == ["", "a", "a", "a", "b"]
    (run_,) = gone(case)
    assert run_ == Run(steps=("a", "b"), before={"a": (), "b": ("a",)}, outcomes={"a": ("done",), "b": ("done",)})
    assert opens(of(case.do("a"))) == ["", "a", "a", "b"]


def test_a_loop_that_nothing_counts_is_one_place() -> None:
    loop = '<standardLoopCharacteristics><loopCondition>a == "again"</loopCondition></standardLoopCharacteristics>'
    body = f'<userTask id="a"><extensionElements><sun:outcomes values="again on"/></extensionElements>{loop}</userTask>'

    assert opens(of(Play(drawn(body, "s>a a>e")))) == ["", "a", "a"]  # before and after it has said anything


def test_a_called_flow_lies_ahead_with_its_paths_and_what_it_says() -> None:
    called = f'<startEvent id="s"/>{tasks(a="x y")}<endEvent id="f"/>{flows("s>a a>f")}'
    body = '<callActivity id="k" calledElement="k"/>' + tasks("b", "c") + '<exclusiveGateway id="g" default="g-c"/>'
    ways = flows("s>k k>g g>c b>e c>e", 'g>b>k_a == "x"')
    case = Play(program(f'<startEvent id="s"/>{body}<endEvent id="e"/>{ways}', {"k": called}))

    assert opens(of(case)) == ["", "b", "c", "k/a"]
    assert only(gone(case), "b k/a").outcomes["k/a"] == ("x",)
    assert steps(case) == "b c k/a"


CYCLE = "<timerEventDefinition><timeCycle>R2/P1D</timeCycle></timerEventDefinition>"


def test_a_cycle_has_only_the_turns_that_are_left() -> None:
    beside = f'<boundaryEvent id="w" attachedToRef="a" cancelActivity="false">{CYCLE}</boundaryEvent>'
    case = Play(drawn(beside + tasks("a", "h") + '<endEvent id="f"/>', "s>a a>e w>h h>f"))

    found = of(case)

    # with `a` open: two turns left; one, with `h` or without; none, with `h` twice, once or not; then `h` alone
    assert opens(found) == ["", "a", "a", "a", "a h", "a h", "a h", "h", "h"]
    assert sum(1 for moves in found.moves for m in moves if not m.path) == 3
    assert opens(of(case.fire("w").fire("w"))) == ["", "a", "a h", "a h", "h", "h"]


def test_who_waited_first_takes_a_message() -> None:
    waits = "".join(f'<intermediateCatchEvent id="{c}">{MESSAGE}</intermediateCatchEvent>' for c in ("m", "n"))
    case = Play(drawn(GATES + waits + tasks("a", "b", "x", "y"), "s>g g>a g>b a>m b>n m>x n>y x>j y>j j>e"))

    found = of(case.do("a"))

    both = next(m.to for m in found.moves[0] if m.path == "b")
    assert [found.open[m.to] for m in found.moves[both]] == [("x",)]
    found = of(Play(case.program))
    waiting = [moves for moves, now in zip(found.moves, found.open, strict=True) if moves and not now]
    assert sorted(m.opens for moves in waiting for m in moves) == [("x",), ("x",), ("y",), ("y",)]


LATER = (
    '<exclusiveGateway id="k" default="k-d"/>',
    "k>d d>e f>e",
    'k>f>a == "x"',
)


@pytest.mark.parametrize(
    ("between", "ways"),
    [
        (tasks("b"), "s>a a>b b>k"),
        (f'<subProcess id="u"><startEvent id="t"/>{tasks("b")}<endEvent id="v"/>{flows("t>b b>v")}</subProcess>',
         "s>a a>u u>k"),
        (tasks("b") + f'<boundaryEvent id="w" attachedToRef="b">{TIMER}</boundaryEvent><exclusiveGateway id="h"/>',
         "s>a a>b b>h w>h h>k"),
    ],
)  # fmt: skip
def test_what_is_asked_later_is_remembered_and_forgotten_then(between: str, ways: str) -> None:
    gate, *onward = LATER
    case = Play(drawn(tasks("d", "f", a="x y z") + gate + between, ways, *onward))

    assert opens(of(case)) == ["", "a", "b", "b", "d", "f"]
    assert sets(gone(case)) == {"a b d", "a b f"} | ({"a d", "a f"} if "w>h" in ways else set())


def test_what_is_asked_inside_an_activity_is_remembered() -> None:
    gate = tasks("d", "f") + LATER[0] + '<endEvent id="v"/>'
    ways = flows("t>k k>d d>v f>v", 'k>f>a == "x"')
    inside = f'<subProcess id="u"><startEvent id="t"/>{gate}{ways}</subProcess>'
    case = Play(drawn(tasks("b", a="x y z") + inside, "s>a a>b b>u u>e"))

    assert opens(of(case)) == ["", "a", "b", "b", "d", "f"]


def test_what_is_asked_where_a_timer_leads_is_remembered() -> None:
    gate, *onward = LATER
    late = f'<boundaryEvent id="w" attachedToRef="b">{TIMER}</boundaryEvent>'
    case = Play(drawn(tasks("b", "c", "d", "f", a="x y z") + late + gate, "s>a a>c c>b b>e w>k", *onward))

    assert opens(of(case)) == ["", "a", "b", "b", "c", "c", "d", "f"]


def test_what_a_called_flow_says_to_its_caller_is_remembered() -> None:
    called = f'<startEvent id="s"/>{tasks("b", a="x y z")}<endEvent id="f"/>{flows("s>a a>b b>f")}'
    gate = '<exclusiveGateway id="g" default="g-c"/>'
    ways = flows("s>k k>g g>c c>e d>e", 'g>d>k_a == "x"')
    body = (
        f'<startEvent id="s"/><callActivity id="k" calledElement="k"/>{tasks("c", "d")}{gate}<endEvent id="e"/>{ways}'
    )
    case = Play(program(body, {"k": called}))

    assert opens(of(case)) == ["", "c", "d", "k/a", "k/b", "k/b"]


def test_what_a_correction_says_again_is_no_longer_remembered() -> None:
    back = '<exclusiveGateway id="j"/><exclusiveGateway id="q" default="q-k"/>'
    gate, *onward = LATER
    case = Play(drawn(tasks("d", "f", a="x y", b="back on") + gate + back, "s>j j>a a>b b>q q>k", *onward,
                      'q>j>b == "back"'))  # fmt: skip

    assert opens(of(case)) == ["", "a", "b", "b", "d", "f"]


def test_what_an_event_may_ask_for_is_remembered_while_it_is_heard() -> None:
    condition = '<conditionalEventDefinition><condition>a == "x" and b == "y"</condition></conditionalEventDefinition>'
    case = Play(drawn(tasks("c", a="x z", b="y z") + event_sub_process(condition), "s>a a>b b>c c>e"))

    assert opens(of(case)) == ["", "a", "b", "b", "c", "c", "c", "h"]  # it is heard until the case ends
    assert sets(gone(case)) == {"a b c", "a b h"}
