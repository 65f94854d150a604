"""While somebody is away he takes no step, nor does he do one again; cases that differ are not taken for the same."""

from __future__ import annotations

from dataclasses import replace

from engine.bpmn.read import read
from tests.bpmn.flows import flows, source
from tests.commands import small
from tests.rules.asked import post
from tests.staffing.acting import Case, made
from tests.staffing.played import Officer
from tests.staffing.test_dead_ends import ONE_OR_OTHER, PEOPLE, case, row


def without(of: Case, *away: int) -> Case:
    """Return the case while these are away."""
    found = of.copy()
    found.of = replace(of.of, course=replace(of.of.course, away=frozenset(away)))
    return found


def drawn(*body: str) -> Case:
    """Return a case of a flow, two lines and its elements, that a reviewer and a decider do."""
    lines, elements = body[:2], body[2:]
    xml = f'<startEvent id="s"/>{"".join(elements)}<endEvent id="e"/>{flows(*lines)}'
    people = [Officer(person=1, own=(post("reviewer", id=1),)), Officer(person=2, own=(post("decider", id=2),))]
    found = Case(of=made(read(source(xml)), (), (), people))
    found.begin()
    return found


def test_who_is_away_is_not_the_one_who_leaves_the_others_free():
    people = PEOPLE | {4: "rechecker"}
    of = case("s>last last>asks m>e", *ONE_OR_OTHER, small.step("last", post="rechecker"), people=people)

    assert not of.doomed()
    assert without(of, 4).doomed()


def test_who_is_away_does_not_do_a_step_again():
    back = '<exclusiveGateway id="back" default="back-e"/>'
    check = small.step("check", post="decider", outcomes="x y")
    of = drawn("s>work work>check check>back back>e", 'back>work>check == "x"', small.step("work"), check, back)
    of.claim(1, row(of, "work"))
    of.complete(row(of, "work"), "done")

    assert not of.doomed()
    assert without(of, 1).doomed()


def test_cases_at_the_same_step_that_go_on_differently_are_judged_each_by_itself():
    """Both are at `next`, by the same people; after it one ends, the other needs a rechecker, and there is none."""
    gate = '<exclusiveGateway id="g" default="g-e"/>'
    steps = small.step("work", outcomes="x y"), small.step("next", post="decider"), small.step("last", post="rechecker")
    of = drawn("s>work work>next next>g g>e last>e", 'g>last>work == "x"', *steps, gate)
    of.claim(1, row(of, "work"))
    other = of.copy()

    of.complete(row(of, "work"), "x")
    other.complete(row(other, "work"), "y")

    assert (of.doomed(), other.doomed()) == (True, False)
