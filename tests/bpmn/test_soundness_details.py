"""Known answers of the proof in its details: values that nobody has given, the order at joins, compensation."""

from __future__ import annotations

import pytest

from engine.bpmn import items, run
from engine.bpmn.check.soundness import prove
from tests.bpmn.flows import TIMER, Play, event_sub_process, flows, program, source
from tests.bpmn.test_soundness import CHOICE, END, ERROR_END, START, A, B, boundary, gate, proof, step

FIELD = {"a": {"type": "object", "properties": {"f": {"type": "boolean", "x-decides": True}}, "required": ["f"]}}


@pytest.mark.parametrize("kind", ["exclusive", "inclusive"])
@pytest.mark.parametrize("ways", ["g>e>a_f g>first>not a_f", "g>first>a_f g>e"])
def test_a_condition_that_asks_for_what_nobody_has_said_yet_is_no_free_choice_and_no_default(kind, ways):
    default = "g-e" if ways.endswith("g>e") else ""
    body = CHOICE + gate("exclusive", "m") + gate(kind, "g", default) + flows("a>m b>m m>g", ways)

    assert proof(body, forms=FIELD) == [("sound.no_value", "g")]
    assert proof(CHOICE + gate(kind, "g", default) + flows("a>g b>e", ways), forms=FIELD) == []

    played = Play(program(body, forms=FIELD)).do("first", "y")
    with pytest.raises(run.Fault, match="a_f"):
        played.do("b", "x")


def test_what_is_asked_before_the_unknown_value_may_still_lead_on():
    asked = "a>m b>m m>g g>first>case_n > 3 g>e>a_f g>first2>not a_f first2>e"
    forms = {**FIELD, "case": {"type": "object", "properties": {"n": {"type": "integer", "x-decides": True}}}}
    body = CHOICE + gate("exclusive", "m") + gate("exclusive", "g") + step("first2") + flows(asked)

    (found,) = prove(items.flow(source(body, forms=forms))).findings

    assert (found.rule, found.message) == (
        "sound.no_value",
        "After first = y: 'g' asks for \"a_f\" and no step has given that value yet; ask for it only behind the step "
        "that gives it, or ask first whether the way led there.",
    )


@pytest.mark.parametrize("way", ["choice>first_way", "choice>second_way"])
def test_an_inclusive_join_does_not_wait_for_a_token_that_can_come_by_a_branch_that_is_there(way):
    """BPMN 2.0.2, table 13.3, clause 2: `b` may come by the flow that holds the token of `a`: nobody waits for it."""
    body = START + END + A + B + gate("parallel", "fork") + gate("exclusive", "choice", "choice-second_way")
    body += gate("exclusive", "first_way") + '<task id="second_way"/>' + gate("inclusive", "meet")
    body += flows("s>fork fork>a fork>b a>first_way first_way>meet b>choice second_way>meet meet>e")
    body += flows('choice>first_way>b == "x" choice>second_way')

    assert proof(body) == []

    played = Play(program(body)).do("a", "x")
    assert (played.steps, played.passed[-2:]) == (["b"], ["meet", "e"])
    assert played.do("b", "x" if way == "choice>first_way" else "y").ended == "e"


@pytest.mark.parametrize("fork", ["fork>a fork>b", "fork>b fork>a"])
def test_an_inclusive_join_is_looked_at_for_each_order_in_which_its_branches_may_end(fork):
    """Nobody waits for `b` when `a` is done first; when `b` is done first, the join waits for `a`."""
    body = START + END + step("first", "x y") + A + B + step("c") + gate("exclusive", "g", "g-e")
    body += gate("parallel", "fork") + gate("exclusive", "choice", "choice-second_way") + gate("exclusive", "first_way")
    body += '<task id="second_way"/>' + gate("inclusive", "meet")
    body += flows('s>first first>g g>fork>first == "x" g>e', fork, "a>first_way first_way>meet b>choice meet>c c>e")
    body += flows('choice>first_way>first == "y" choice>second_way second_way>meet')

    assert proof(body) == [("sound.twice", "c")]

    played = Play(program(body)).do("first", "x").do("a", "x").do("b", "x")
    assert played.steps == ["c", "c"]


def test_values_are_told_apart_where_names_are_compared_with_each_other():
    body = START + END + step("first", "x y z") + step("second", "z w") + B + step("c") + gate("exclusive", "g", "g-b")
    body += gate("exclusive", "h", "h-e")
    body += flows('s>first first>second second>g g>c>first == second g>b c>h b>h h>first>first == "x" h>e')

    assert proof(body) == []


def test_choices_that_have_titles_are_followed_like_those_that_have_none():
    titled = {
        "type": "string",
        "x-decides": True,
        "oneOf": [{"const": "x", "title": "甲"}, {"const": "y", "title": "乙"}],
    }
    body = START + END + A + B + step("c") + gate("inclusive", "fork") + gate("exclusive", "after", "after-e")
    body += gate("parallel", "meet")
    body += flows('s>a a>fork fork>c>a_f == "x" fork>b>true b>after after>meet>a_f == "x" c>meet meet>e after>e')

    assert proof(body, forms={"a": {"type": "object", "properties": {"f": titled}, "required": ["f"]}}) == []


INSIDE = '<subProcess id="q"><startEvent id="ps"/><endEvent id="pe"/>{}</subProcess>'


def test_what_was_decided_inside_an_activity_that_is_interrupted_stays_decided():
    """`late` comes before `a` is done, or behind: both ways out of `g` may be gone."""
    inside = INSIDE.format(A + B + flows("ps>a a>b b>pe")) + boundary("late", "q")
    body = START + END + inside + step("c") + gate("exclusive", "g", "g-e")
    body += flows('s>q q>e late>g g>c>a == "x" g>e c>e')

    assert proof(body) == []
    assert Play(program(body)).do("a", "x").fire("late").steps == ["c"]


def test_what_was_not_decided_inside_before_the_interruption_may_not_be_asked_for():
    body = START + END + INSIDE.format(A + flows("ps>a a>pe")) + boundary("late", "q") + step("c")
    body += gate("exclusive", "g", "g-e") + flows("s>q q>e late>g g>c>a_f g>e c>e")

    assert proof(body, forms=FIELD) == [("sound.no_value", "g")]
    with pytest.raises(run.Fault, match="a_f"):
        Play(program(body, forms=FIELD)).fire("late")


def test_another_branch_may_see_what_is_decided_inside_before_the_activity_ends():
    again = gate("exclusive", "again", "again-pe") + flows('ps>a a>again again>a>a == "x" again>pe')
    body = START + END + INSIDE.format(A + again) + step("c") + step("d") + gate("parallel", "fork")
    body += gate("exclusive", "g", "g-e") + flows('s>fork fork>q fork>c q>e c>g g>d>a == "x" g>e d>e')

    assert proof(body) == []
    assert Play(program(body)).do("a", "x").do("c").steps == ["a", "d"]


def test_instances_set_their_value_before_all_are_done():
    twice = "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>"
    body = START + END + A.replace("</userTask>", twice + "</userTask>") + boundary("late", "a") + step("c")
    body += gate("exclusive", "g", "g-e") + flows('s>a a>e late>g g>c>a == "x" g>e c>e')

    assert proof(body) == []
    assert Play(program(body)).do("a", "x").fire("late").steps == ["c"]


ESCALATION = '<escalationEventDefinition escalationRef="the_escalation"/>'
RAISE = f'<endEvent id="up">{ESCALATION}</endEvent>'


def test_an_escalation_that_leaves_an_activity_sets_off_an_event_sub_process_around_it():
    inside = '<subProcess id="q"><startEvent id="ps"/>' + RAISE + A + flows("ps>a a>up") + "</subProcess>"
    body = START + END + inside + event_sub_process(ESCALATION, interrupts=False) + flows("s>q q>e")

    assert proof(body) == []
    assert Play(program(body)).do("a", "x").steps == ["h"]
    assert proof(body.replace(RAISE, '<endEvent id="up"/>')) == [("sound.never", "xh")]


def test_an_error_beside_the_flow_may_come_before_a_terminate_end():
    beside = event_sub_process(TIMER, interrupts=False).replace('<endEvent id="eh"/>', ERROR_END.replace("wrong", "eh"))
    body = START + A + '<endEvent id="t"><terminateEventDefinition/></endEvent>' + beside + flows("s>a a>t")

    assert proof(body) == [("sound.error", "eh")]
    with pytest.raises(run.Uncaught):
        Play(program(body)).fire("sh").do("h")


def test_an_event_sub_process_that_begins_itself_is_named():
    echo = event_sub_process(ESCALATION, interrupts=False).replace('<endEvent id="eh"/>', RAISE.replace("up", "eh"))
    thrown = f'<intermediateThrowEvent id="t">{ESCALATION}</intermediateThrowEvent>'
    body = START + END + A + thrown + echo + flows("s>t t>a a>e")

    assert proof(body) == [("sound.echo", "xh")]
    assert Play(program(body)).do("a", "x").do("h").do("h").steps == ["h"]


UNDO = '<boundaryEvent id="u" attachedToRef="a"><compensateEventDefinition/></boundaryEvent>'
UNDONE = '<association id="as" sourceRef="u" targetRef="h"/>'
THROW = '<intermediateThrowEvent id="back"><compensateEventDefinition/></intermediateThrowEvent>'


def handler(inside: str) -> str:
    return f'<subProcess id="h" isForCompensation="true"><startEvent id="hs"/><endEvent id="he"/>{inside}</subProcess>'


def test_what_undoes_is_proven_inside_and_no_error_may_leave_it():
    around = START + END + A + UNDO + THROW + flows("s>a a>back back>e")
    choice = step("first", "x y") + gate("exclusive", "choice", "choice-b") + B + step("c") + gate("parallel", "m")
    choice += flows('hs>first first>choice choice>c>first == "x" choice>b b>m c>m m>he')
    wrong = step("c", "x y") + ERROR_END + gate("exclusive", "g", "g-he") + flows('hs>c c>g g>wrong>c == "y" g>he')

    assert proof(around + handler(step("c") + flows("hs>c c>he")) + UNDONE) == []
    assert proof(around + handler(choice) + UNDONE) == [("sound.deadlock", "m")]
    assert proof(around + handler(wrong) + UNDONE) == [("sound.error", "wrong")]


def test_what_a_step_that_undoes_has_decided_may_be_anything():
    undo = (
        '<userTask id="h" isForCompensation="true"><extensionElements><sun:outcomes values="x y"/></extensionElements>'
    )
    body = START + END + A + UNDO + THROW + undo + "</userTask>" + B + gate("exclusive", "g", "g-e")

    assert proof(body + flows('s>a a>back back>g g>b>h == "x" g>e b>e') + UNDONE) == []
