"""Where a step may be sent back to, what ends then, and what the check says of the rest."""

import pytest

from engine.bpmn import run
from engine.bpmn.check import check
from engine.bpmn.returning import NoReturn, back
from engine.model import Source
from tests.bpmn.book import BOOK
from tests.bpmn.flows import MESSAGE, TIMER, Play, event_sub_process, file, flows, program
from tests.bpmn.test_activities import MULTI


def tasks(*names: str) -> str:
    return "".join(f'<userTask id="{name}"/>' for name in names)


def gates(kind: str, *names: str) -> str:
    return "".join(f'<{kind}Gateway id="{name}"/>' for name in names)


def drawn(body: str, ways: str) -> str:
    return f'<startEvent id="s"/>{body}<endEvent id="e"/>{flows(ways)}'


SPLIT = program(
    drawn(
        tasks("a", "b", "c", "d", "z") + gates("parallel", "g", "j"),
        "s>a a>g g>b b>c c>j g>d d>j j>z z>e",
    )
)
NESTED = program(
    drawn(
        tasks("a", "b", "c", "d", "w", "y", "z") + gates("parallel", "g", "h", "i", "j"),
        "s>a a>g g>b b>h h>c h>d c>i d>i i>y y>j g>w w>j j>z z>e",
    )
)


def sent(case: Play, path: str, to: str) -> Play:
    case._take(run.back(case.program, case.state, case.token(path), to))
    return case


def finish(case: Play) -> list[str]:
    """Do what is open until the case ends; return the steps in order."""
    order = []
    while case.steps:
        order.append(case.steps[0])
        case.do(order[-1])
    assert case.ended == "e"
    return order


def test_within_one_branch_the_other_goes_on():
    case = sent(Play(SPLIT).do("a").do("b"), "c", "b")
    assert case.steps == ["b", "d"]
    assert finish(case) == ["b", "c", "d", "z"]


def test_within_one_branch_who_waits_for_it_at_the_join_waits_on():
    case = sent(Play(SPLIT).do("a").do("b").do("d"), "c", "b")
    assert case.steps == ["b"]
    assert finish(case) == ["b", "c", "z"]


def test_to_before_the_split_both_branches_end():
    case = sent(Play(SPLIT).do("a").do("b").do("d"), "c", "a")
    assert case.steps == ["a"]
    assert finish(case) == ["a", "b", "c", "d", "z"]


def test_into_a_branch_from_behind_the_join_the_other_stands():
    case = sent(Play(SPLIT).do("a").do("b").do("c").do("d"), "z", "c")
    assert case.steps == ["c"]
    assert finish(case) == ["c", "z"]


def test_into_a_branch_of_a_branch_both_joins_are_kept():
    case = Play(NESTED)
    for step in "abcdyw":
        case.do(step)
    assert finish(sent(case, "z", "c")) == ["c", "y", "z"]


def test_within_the_outer_branch_over_the_inner_split():
    case = Play(NESTED)
    for step in "abcd":
        case.do(step)
    sent(case, "y", "d")
    assert case.steps == ["d", "w"]
    sent(case.do("d"), "y", "b")
    assert case.steps == ["b", "w"]
    assert finish(case) == ["b", "c", "d", "w", "y", "z"]


def test_tokens_that_came_from_the_branch_to_a_join_around_it_end_too():
    flow = program(
        drawn(
            tasks("a", "b", "c", "w") + gates("parallel", "g", "h", "j"),
            "s>g g>a a>h h>b h>c b>j c>j g>w w>j j>e",
        )
    )
    case = sent(Play(flow).do("a").do("b"), "c", "a")
    assert case.steps == ["a", "w"]
    assert finish(case) == ["a", "b", "c", "w"]


def test_what_an_event_set_off_beside_the_flow_goes_on():
    flow = program(drawn(tasks("a", "b") + event_sub_process(MESSAGE, interrupts=False), "s>a a>b b>e"))
    case = sent(Play(flow).do("a").bring("message", "m"), "b", "a")
    assert case.steps == ["a", "h"]


def test_timers_of_what_ends_are_disarmed_and_those_of_the_target_armed():
    flow = program(
        drawn(
            tasks("a", "b") + f'<boundaryEvent id="on_a" attachedToRef="a">{TIMER}</boundaryEvent>'
            f'<boundaryEvent id="on_b" attachedToRef="b">{TIMER}</boundaryEvent>',
            "s>a a>b b>e on_a>e on_b>e",
        )
    )
    case = sent(Play(flow).do("a"), "b", "a")
    assert case.timers == ["on_a"]


def test_within_an_instance_only_that_instance_goes_back():
    loop = MULTI.format("", "<loopCardinality>2</loopCardinality>")
    inner = f'<startEvent id="i"/>{tasks("a", "b")}<endEvent id="o"/>{flows("i>a a>b b>o")}'
    flow = program(drawn(f'<subProcess id="m">{loop}{inner}</subProcess>', "s>m m>e"))
    case = Play(flow).do("a").do("a")
    assert case.steps == ["b", "b"]
    sent(case, "b", "a")
    assert case.steps == ["a", "b"]
    assert finish(case) == ["a", "b", "b"]


def test_out_of_and_into_a_sub_process():
    inner = f'<startEvent id="i"/>{tasks("a", "b")}<endEvent id="o"/>{flows("i>a a>b b>o")}'
    flow = program(
        drawn(
            f'<subProcess id="m">{inner}</subProcess><boundaryEvent id="late" attachedToRef="m">{TIMER}</boundaryEvent>'
            + tasks("x", "z"),
            "s>x x>m m>z z>e late>e",
        )
    )
    case = sent(Play(flow).do("x").do("a"), "b", "x")
    assert (case.steps, case.timers) == (["x"], [])
    case.do("x").do("a").do("b")
    sent(case, "z", "b")
    assert (case.steps, case.timers) == (["b"], ["late"])
    assert finish(case) == ["b", "z"]


@pytest.mark.parametrize(
    ("body", "ways", "path", "to", "why"),
    [
        (tasks("a", "b"), "s>a a>b b>e", "a", "b", "no way leads"),
        (tasks("a", "b", "c") + gates("parallel", "g", "j"), "s>g g>a g>b a>j b>j j>c c>e", "a", "b", "no way leads"),
        (
            tasks("a", "b", "c") + gates("parallel", "g", "j") + gates("exclusive", "x", "y"),
            's>x x>g>1 == 1 x>y>1 == 2 g>a g>b a>j b>j j>y y>c c>e',
            "c",
            "a",
            "wait for ever",
        ),
        (
            tasks("a", "b", "n") + f'<boundaryEvent id="w" attachedToRef="b" cancelActivity="false">{TIMER}'
            '</boundaryEvent><endEvent id="t"/>',
            "s>a a>b b>e w>n n>t",
            "n",
            "a",
            "does not interrupt",
        ),
        (tasks("a") + event_sub_process(MESSAGE), "s>a a>e", "h", "a", "an event starts"),
        (
            f'<subProcess id="m">{MULTI.format("", "<loopCardinality>2</loopCardinality>")}<startEvent id="i"/>'
            f'{tasks("a")}{flows("i>a")}</subProcess>{tasks("b")}',
            "s>m m>b b>e",
            "b",
            "a",
            "several instances",
        ),
        (
            tasks("a", "b", "c", "d") + gates("inclusive", "g", "j"),
            "s>g g>a>1 == 1 g>b>1 == 1 a>c b>c c>d d>j g>j>1 == 2 j>e",
            "c",
            "a",
            "no blocks",
        ),
    ],
)  # fmt: skip
def test_what_is_no_block_or_not_before_the_step_is_refused(body, ways, path, to, why):
    with pytest.raises(NoReturn, match=why):
        back(program(drawn(body, ways)).main, path, to)


def test_a_flow_with_compensation_has_no_returns():
    undo = (
        '<boundaryEvent id="c" attachedToRef="a"><compensateEventDefinition/></boundaryEvent>'
        '<userTask id="undo" isForCompensation="true"/>'
    )
    body = drawn(tasks("a", "b") + undo, "s>a a>b b>e") + '<association id="x" sourceRef="c" targetRef="undo"/>'
    with pytest.raises(NoReturn, match="compensation"):
        back(program(body).main, "b", "a")


def findings(body: str, ways: str) -> list[str]:
    source = Source(item="p", file="p.bpmn", xml=file(drawn(body, ways)), forms={}, facts={})
    return [f"{f.rule} {f.message}" for f in check(source, level="item", book=BOOK) if f.rule.startswith(("ret", "so"))]


def step(name: str, *inside: str, outcomes: str = "") -> str:
    out = f'<sun:outcomes values="{outcomes}"/>' if outcomes else ""
    return (
        f'<userTask id="{name}" name="{name}"><extensionElements><sun:name lang="en">x</sun:name><sun:post '
        f'code="reviewer" organ="county"/><sun:limit days="1"/>{out}{"".join(inside)}</extensionElements></userTask>'
    )


def to(*names: str) -> str:
    return f'<sun:returns to="{" ".join(names)}"/>'


MARK, PAPER = '<sun:mark name="accepted"/>', '<sun:document kind="refusal"/>'


@pytest.mark.parametrize(
    ("steps", "ways", "rule"),
    [
        (step("a") + step("b") + step("c", to("a", "b")), "s>a a>b b>c c>e", ""),
        (step("a") + step("b", to("a")), "s>b b>a a>e", "returns.impossible"),
        (step("a", MARK) + step("b", to("a")), "s>a a>b b>e", "returns.law"),
        (step("a") + step("b", MARK) + step("c", to("a")), "s>a a>b b>c c>e", "returns.law"),
        (step("a") + step("b", PAPER) + step("c", to("a")), "s>a a>b b>c c>e", "returns.law"),
        (step("a") + step("b", MARK, to("a")), "s>a a>b b>e", ""),
        (
            step("a") + step("b", to("a")) + step("c", MARK) + gates("parallel", "g", "j"),
            "s>a a>g g>b g>c b>j c>j j>e",
            "returns.law",
        ),
        (
            step("a") + step("b", to("a")) + step("c", MARK) + gates("exclusive", "g", "j"),
            's>a a>g g>b>a == "done" g>c>a == "x" b>j c>j j>e',
            "",
        ),
    ],
)
def test_the_check_refuses_what_cannot_go_back_or_leads_over_an_effect_in_law(steps, ways, rule):
    found = [f for f in findings(steps, ways) if f.startswith("returns")]
    assert [f.split()[0] for f in found] == ([rule] if rule else [])


def test_the_proof_follows_returns():
    body = step("a", outcomes="x y") + step("b", to("a")) + step("c") + gates("exclusive", "g")
    said = findings(body, 's>a a>g g>b>a == "x" g>c>a == "y" b>c c>e')
    assert said == []
    gone = step("a") + step("q", outcomes="x y") + step("b", to("a")) + gates("exclusive", "g")
    assert findings(gone, 's>q q>g g>a>q == "x" g>b>q == "y" a>b b>e') == []
