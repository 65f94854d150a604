"""Known answers of the proof: what is unsound is named with an example; what is sound passes."""

from __future__ import annotations

import pytest

from engine.bpmn import items
from engine.bpmn.check import check
from engine.bpmn.check.soundness import prove
from tests.bpmn.flows import MESSAGE, TIMER, event_sub_process, flows, source

START, END = '<startEvent id="s"/>', '<endEvent id="e"/>'
ERROR_END = '<endEvent id="wrong"><errorEventDefinition errorRef="the_error"/></endEvent>'


def step(name: str, values: str = "") -> str:
    outcomes = f'<sun:outcomes values="{values}"/>' if values else ""
    return f'<userTask id="{name}"><extensionElements>{outcomes}</extensionElements></userTask>'


def gate(kind: str, name: str, default: str = "") -> str:
    return f'<{kind}Gateway id="{name}"' + (f' default="{default}"' if default else "") + "/>"


def boundary(name: str, host: str, event: str = TIMER, cancel: bool = True) -> str:
    return (
        f'<boundaryEvent id="{name}" attachedToRef="{host}" cancelActivity="{str(cancel).lower()}">{event}'
        "</boundaryEvent>"
    )


def catch(name: str, event: str = TIMER) -> str:
    return f'<intermediateCatchEvent id="{name}">{event}</intermediateCatchEvent>'


def proof(body: str, called: dict[str, str] | None = None, forms: object = None) -> list[tuple[str, str]]:
    drawn = source(body, called={k: source(v, k) for k, v in (called or {}).items()}, forms=forms or {})
    assert check(drawn, level="model") == ()
    return [(f.rule, f.where) for f in prove(items.flow(drawn)).findings]


A, B = step("a", "x y"), step("b", "x y")
TWO = START + END + A + B + gate("exclusive", "again") + gate("parallel", "fork")
TWO += flows("s>again again>fork fork>a fork>b")
CHOICE = START + END + step("first", "x y") + A + B + gate("exclusive", "choice", "choice-b")
CHOICE += flows('s>first first>choice choice>a>first == "x" choice>b')


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        # branches and joins of one kind
        (TWO + gate("parallel", "meet") + flows("a>meet b>meet meet>e"), []),
        (TWO + gate("inclusive", "meet") + flows("a>meet b>meet meet>e"), []),
        (CHOICE + gate("exclusive", "meet") + flows("a>meet b>meet meet>e"), []),
        (CHOICE + gate("inclusive", "meet") + flows("a>meet b>meet meet>e"), []),
        (CHOICE + flows("a>e b>e"), []),
        # of two kinds
        (CHOICE + gate("parallel", "meet") + flows("a>meet b>meet meet>e"), [("sound.deadlock", "meet")]),
        (TWO + step("c") + gate("exclusive", "meet") + flows("a>meet b>meet meet>c c>e"), [("sound.twice", "c")]),
        (TWO + step("c") + flows("a>c b>c c>e"), [("sound.twice", "c")]),
        (TWO + flows("a>e b>e"), []),  # each branch ends by itself
        # an event by-passes a branch of a parallel join
        (TWO + boundary("late", "a") + gate("parallel", "meet") + flows("a>meet b>meet meet>e late>e"),
         [("sound.deadlock", "meet")]),
        (TWO + boundary("late", "a") + gate("inclusive", "meet") + flows("a>meet b>meet meet>e late>e"), []),
        (TWO + boundary("late", "a") + gate("parallel", "meet") + gate("exclusive", "either")
         + flows("a>either late>either either>meet b>meet meet>e"), []),
        (TWO + boundary("late", "a", cancel=False) + gate("parallel", "meet") + flows("a>meet b>meet meet>e late>e"),
         []),
        (TWO + boundary("late", "a", cancel=False) + gate("parallel", "meet") + step("c")
         + flows("a>meet b>meet meet>c late>c c>e"), [("sound.twice", "c")]),
        # a loop out of a branch makes more tokens each round
        (TWO + gate("exclusive", "redo", "redo-meet") + gate("parallel", "meet")
         + step("c") + flows('a>redo redo>c>a == "y" c>again redo>meet b>meet meet>e'), [("sound.twice", "meet")]),
        (TWO + gate("parallel", "meet") + gate("exclusive", "redo", "redo-e")
         + flows('a>meet b>meet meet>redo redo>again>a == "y" or b == "y" redo>e'), []),
        # terminate
        (TWO + '<endEvent id="t"><terminateEventDefinition/></endEvent>' + gate("parallel", "meet")
         + gate("exclusive", "refused", "refused-meet")
         + flows('a>refused refused>t>a == "y" refused>meet b>meet meet>e'), []),
        # event-based gateway
        (START + END + gate("eventBased", "first") + catch("c1", MESSAGE) + catch("c2")
         + flows("s>first first>c1 first>c2 c1>e c2>e"), []),
        (START + END + gate("eventBased", "first") + catch("c1", MESSAGE) + catch("c2") + gate("parallel", "meet")
         + flows("s>first first>c1 first>c2 c1>meet c2>meet meet>e"), [("sound.deadlock", "meet")]),
        # links
        (START + END + A + '<intermediateThrowEvent id="to"><linkEventDefinition name="l"/></intermediateThrowEvent>'
         '<intermediateCatchEvent id="from"><linkEventDefinition name="l"/></intermediateCatchEvent>'
         + flows("s>a a>to from>e"), []),
        (TWO + '<intermediateThrowEvent id="to"><linkEventDefinition name="l"/></intermediateThrowEvent>'
         '<intermediateCatchEvent id="from"><linkEventDefinition name="l"/></intermediateCatchEvent>'
         + step("c") + flows("a>to b>c from>c c>e"), [("sound.twice", "c")]),
        # event sub-processes
        (TWO + gate("parallel", "meet") + event_sub_process(MESSAGE) + flows("a>meet b>meet meet>e"), []),
        (TWO + gate("parallel", "meet") + event_sub_process(MESSAGE, interrupts=False)
         + flows("a>meet b>meet meet>e"), []),
        (CHOICE + gate("parallel", "meet") + event_sub_process(MESSAGE) + flows("a>meet b>meet meet>e"),
         [("sound.deadlock", "meet")]),  # a message might save it, but need not come
        # errors
        (START + END + A + ERROR_END + gate("exclusive", "g", "g-e") + flows('s>a a>g g>wrong>a == "y" g>e'),
         [("sound.error", "wrong")]),
        (START + END + A + ERROR_END + gate("exclusive", "g", "g-e") + flows('s>a a>g g>wrong>a == "y" g>e')
         + event_sub_process('<errorEventDefinition errorRef="the_error"/>'), []),
        (START + END + A + boundary("late", "a", '<errorEventDefinition errorRef="the_error"/>')
         + flows("s>a a>e late>e"), [("sound.never", "late")]),  # nothing inside a step throws an error
        # never reached, given the outcomes
        (CHOICE + step("c") + gate("exclusive", "g", "g-e") + flows('a>g g>c>first == "y" g>e c>e b>e'),
         [("sound.never", "c")]),
        # no way out of a loop, given the outcomes
        (CHOICE + gate("exclusive", "g", "g-a") + flows('a>g g>e>first == "y" g>a b>e'), [("sound.no_end", "a")]),
        # a decision on what has not been decided
        (CHOICE + gate("exclusive", "m") + gate("exclusive", "g")
         + flows('a>m b>m m>g g>e>a == "x" g>first>a == "y"'), [("sound.no_way", "g")]),
    ],
)  # fmt: skip
def test_a_flow_is_sound_or_its_fault_is_named(body, expected):
    assert proof(body) == expected


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        ('choice>a>first == "x" choice>b', []),  # the second asks what the first asked
        ('choice>a>first == "y" choice>b', [("sound.deadlock", "meet")]),
    ],
)
def test_two_gateways_that_ask_the_same_go_the_same_way(second, expected):
    """`fork` starts `c` beside the rest when first == x; the join waits for `c` on the way through `a` only."""
    body = START + END + step("first", "x y") + A + B + step("c") + gate("inclusive", "fork")
    body += gate("exclusive", "choice", "choice-b") + gate("parallel", "meet")
    body += flows('s>first first>fork fork>c>first == "x" fork>choice>first in ("x", "y")', second)

    assert proof(body + flows("a>meet c>meet meet>e b>e")) == expected


@pytest.mark.parametrize(
    ("form", "expected"),
    [({"type": "boolean"}, []), ({"type": "integer"}, [("sound.deadlock", "meet")])],
)
def test_a_field_with_few_values_is_followed_and_any_other_is_free(form, expected):
    """The number is a known gap in the safe direction: two questions about it may be answered differently."""
    forms = {"a": {"type": "object", "properties": {"f": {**form, "x-decides": True}}, "required": ["f"]}}
    asked = "a_f" if form["type"] == "boolean" else "a_f > 3"
    body = START + END + A + B + step("c") + gate("inclusive", "fork") + gate("exclusive", "after", "after-e")
    body += gate("parallel", "meet")
    body += flows(f"s>a a>fork fork>c>{asked} fork>b>true b>after after>meet>{asked} c>meet meet>e after>e")

    assert proof(body, forms=forms) == expected


def test_a_message_tells_the_line_a_shortest_example_and_what_to_do():
    body = CHOICE + gate("parallel", "meet") + flows("a>meet b>meet meet>e")

    (found,) = prove(items.flow(source(body))).findings

    assert str(found) == (
        "p.bpmn:1: item: sound.deadlock: After first = x: the join 'meet' waits for ever for the branch from 'b'; join "
        "with the kind of gateway that split, and let no way or event by-pass a branch."
    )


INNER = '<subProcess id="inner"><startEvent id="is"/><endEvent id="ie"/>'
THROWING = INNER + A + ERROR_END + gate("exclusive", "g", "g-ie") + flows('is>a a>g g>wrong>a == "y" g>ie')
THROWING += "</subProcess>"
CAUGHT = boundary("caught", "inner", '<errorEventDefinition errorRef="the_error"/>')


def test_what_is_inside_a_sub_process_is_proven_and_what_leaves_it_goes_on_outside():
    deadlock = INNER + A + B + step("first", "x y") + gate("exclusive", "choice", "choice-b") + gate("parallel", "m")
    deadlock += flows('is>first first>choice choice>a>first == "x" choice>b a>m b>m m>ie') + "</subProcess>"
    around = START + END + flows("s>inner inner>e")

    assert proof(around + deadlock) == [("sound.deadlock", "m")]
    assert proof(around + THROWING) == [("sound.error", "wrong")]
    assert proof(around + THROWING + CAUGHT + flows("caught>e")) == []


def test_an_escalation_sets_off_the_boundary_that_waits_for_it_and_no_other():
    thrown = '<intermediateThrowEvent id="t"><escalationEventDefinition escalationRef="the_escalation"/>'
    inside = INNER + A + thrown + "</intermediateThrowEvent>" + flows("is>a a>t t>ie") + "</subProcess>"
    silent = INNER + A + flows("is>a a>ie") + "</subProcess>"
    event = '<escalationEventDefinition escalationRef="the_escalation"/>'
    around = START + END + flows("s>inner inner>e told>e") + boundary("told", "inner", event, cancel=False)

    assert proof(around + inside) == []
    assert proof(around + silent) == [("sound.never", "told")]


CALL = START + END + '<callActivity id="c" calledElement="q"/>' + step("after") + gate("exclusive", "g", "g-e")


def test_the_ends_of_a_called_flow_steer_the_caller():
    called = START + A + gate("exclusive", "g") + '<endEvent id="good"/><endEvent id="bad"/>'
    called += flows('s>a a>g g>good>a == "x" g>bad>a == "y"')
    never = START + A + '<endEvent id="good"/><endEvent id="bad"/>' + gate("exclusive", "g", "g-good")
    never += flows('s>a a>g g>good g>bad>a == "x" and a == "y"')
    body = CALL + flows('s>c c>g g>after>c == "bad" g>e after>e')

    assert proof(body, {"q": called}) == []
    assert proof(body, {"q": never}) == [("sound.never", "bad"), ("sound.never", "after")]
    assert proof(CALL + flows('s>c c>g g>after>c_a == "y" and c == "good" g>e after>e'), {"q": called}) == [
        ("sound.never", "after")
    ]


def test_an_error_that_leaves_a_called_flow_is_caught_at_the_call_or_found():
    called = START + A + ERROR_END + gate("exclusive", "g", "g-e") + END + flows('s>a a>g g>wrong>a == "y" g>e')
    body = CALL.replace(step("after"), "").replace(gate("exclusive", "g", "g-e"), "") + flows("s>c c>e")

    assert proof(body, {"q": called}) == [("sound.error", "wrong")]
    assert proof(body + boundary("x", "c", '<errorEventDefinition errorRef="the_error"/>') + flows("x>e"),
                 {"q": called}) == []  # fmt: skip


def test_no_instance_at_all_leaves_nothing_to_decide_by():
    multi = "<multiInstanceLoopCharacteristics><loopCardinality>{}</loopCardinality></multiInstanceLoopCharacteristics>"
    forms = {"first": {"type": "object", "properties": {"n": {"type": "integer", "x-decides": True}}}}
    body = START + END + step("first") + A.replace("</userTask>", multi + "</userTask>") + gate("exclusive", "g")
    body += flows('s>first first>a a>g g>e>a == "x" g>first>a == "y"')

    assert proof(body.replace("{}", "first_n"), forms=forms) == [("sound.no_way", "g")]
    assert proof(body.replace("{}", "3"), forms=forms) == []


def branches(count: int, length: int) -> str:
    """Draw parallel branches of steps, each step repeated until its outcome is yes."""
    drawn, found = [START, END, gate("parallel", "fork"), gate("parallel", "meet")], ["s>fork", "meet>e"]
    for i in range(count):
        last = "fork"
        for k in range(length):
            name, redo, on = f"t{i}_{k}", f"g{i}_{k}", f"p{i}_{k}"
            drawn += [step(name, "yes no"), gate("exclusive", redo, f"{redo}-{on}"), f'<task id="{on}"/>']
            found += [f"{last}>{name}", f"{name}>{redo}", f'{redo}>{name}>{name} == "no"', f"{redo}>{on}"]
            last = on
        found.append(f"{last}>meet")
    return "".join(drawn) + flows(" ".join(found))


def joint(count: int) -> str:
    names = [f"r{i}" for i in range(count)]
    drawn = [START, END, gate("parallel", "fork"), gate("parallel", "meet"), gate("exclusive", "g", "g-refused")]
    drawn += [step(n, "pass refuse abstain") for n in names]
    drawn.append('<endEvent id="refused"/>')
    found = ["s>fork", "meet>g", "g>refused", *(f"fork>{n} {n}>meet" for n in names)]
    return "".join(drawn) + flows(" ".join(found), "g>e>" + " and ".join(f'{n} == "pass"' for n in names))


def test_long_parallel_branches_add_up_and_do_not_multiply():
    proven = prove(items.flow(source(branches(4, 10))))

    assert proven.findings == []
    assert sum(proven.states.values()) < 300


def test_too_many_reviews_are_proven_without_following_their_outcomes():
    proven = prove(items.flow(source(joint(20))))

    assert proven.findings == []
    assert sum(proven.states.values()) < 9000


def test_a_flow_beyond_the_bound_is_a_finding_that_says_where():
    names = [f"t{i}" for i in range(12)]
    body = START + END + step("first") + gate("inclusive", "fork", "fork-e") + gate("inclusive", "meet")
    body += "".join(step(n) for n in names) + flows("s>first first>fork fork>e meet>e")
    body += "".join(flows(f"fork>{n}>first_n > {n[1:]} {n}>meet") for n in names)
    forms = {"first": {"type": "object", "properties": {"n": {"type": "integer", "x-decides": True}}}}

    (found,) = prove(items.flow(source(body, forms=forms))).findings

    assert found.rule == "sound.tangled"
    assert "'fork'" in found.message


@pytest.mark.parametrize("way", ["fork>a fork>b fork>c", "fork>b fork>c fork>a"])
def test_what_happens_before_a_terminate_end_is_looked_at_too(way):
    body = START + step("a") + step("b") + step("c") + step("d") + gate("parallel", "fork") + gate("exclusive", "m")
    body += '<endEvent id="t"><terminateEventDefinition/></endEvent>' + END

    assert proof(body + flows("s>fork", way, "a>t b>m c>m m>d d>e")) == [("sound.twice", "d")]


@pytest.mark.parametrize("way", ["fork>a fork>c", "fork>c fork>a"])
def test_a_branch_may_decide_before_another_has_found_what_it_decides_by(way):
    body = START + END + A + step("c") + step("d") + gate("parallel", "fork") + gate("parallel", "meet")
    body += gate("exclusive", "g", "g-d") + gate("exclusive", "m")
    body += flows("s>fork", way, 'a>meet c>g g>m>a in ("x", "y") g>d d>m m>meet meet>e')

    assert proof(body) == []
