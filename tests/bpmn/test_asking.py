"""What a new version asks of a case must have an answer: given before, or sure to be given on every way there."""

from __future__ import annotations

import pytest

from engine.bpmn.moving import plan
from tests.bpmn.drawings import block, ids, line, several
from tests.bpmn.flows import Play, flows, program
from tests.bpmn.test_moving import found, told

ASKS = '{0}>x x>b>{1}=="yes" x>z>{1}=="no" b>z'


@pytest.mark.parametrize(
    ("old", "new", "done", "faults"),
    [
        (line("a b"), ids("s a x b z") + flows("s>a", ASKS.format("a", "a")), "", ""),  # the open step answers
        (line("a b"), ids("s c a x b z") + flows("s>c c>a", ASKS.format("a", "c")), "", "name x c"),
        (line("a b"), ids("s a c x b z") + flows("s>a a>c", ASKS.format("c", "c")), "", ""),  # it lies between
        (line("a e b"), ids("s a e x b z") + flows("s>a a>e", ASKS.format("e", "a")), "a:yes", ""),  # it was given
        (  # the same words at the same element, but now the answer comes too late
            ids("s a c x b z") + flows("s>a a>c", ASKS.format("c", "c")),
            ids("s c a x b z") + flows("s>c c>a", ASKS.format("a", "c")),
            "",
            "name x c",
        ),
        (  # no answer is sure in either version, so the move changes nothing
            ids("s g a c j x b z") + flows("s>g g>a g>c a>x c>j j>z", ASKS.format("j", "c")).replace("j-x", "q"),
            ids("s g a c j x b z") + flows("s>g g>a g>c a>x c>j j>z", ASKS.format("j", "c")).replace("j-x", "q"),
            "",
            "",
        ),
        (line("a b"), line("a e", several("e").replace(">2<", ">a<")), "", ""),
        (line("a b"), line("c a e", several("e").replace(">2<", ">c<")), "", "name e c"),
    ],
)
def test_a_new_question_must_be_answered_before_it_is_asked(old, new, done, faults):
    assert ", ".join(sorted(told(found(old, new, done).faults))) == faults


def test_what_lies_behind_in_an_open_sub_process_asks_no_more():
    old = line("b", block("a c"))
    inner = ids("sb a x c zb") + flows("sb>a a>x x>c>case_big x>zb>not(case_big) c>zb")
    new = line("b", f'<subProcess id="b">{inner}</subProcess>')
    form = {"case": {"properties": {"big": {"type": "boolean", "x-decides": True}}}}
    before, after = program(old, forms=form), program(new, forms=form)
    at_a, at_c = Play(before), Play(before).do("a")

    assert told(plan(before, after, at_a.state).faults) == {"name x case_big"}
    assert told(plan(before, after, at_c.state).faults) == set()


def test_a_field_of_the_filing_form_that_the_case_was_not_filed_with_is_no_answer():
    asking = ids("s a x b z") + flows("s>a a>x x>b>case_big x>z>not(case_big) b>z")
    form = {"case": {"properties": {"big": {"type": "boolean", "x-decides": True}}}}
    old, new = program(line("a b"), forms=form), program(asking, forms=form)

    without, having = Play(old), Play(old, case_big=True)

    assert told(plan(old, new, without.state).faults) == {"name x case_big"}
    assert told(plan(old, new, having.state).faults) == set()
