"""Where no roster does all ways: who takes a step may depend on the way, if it is taken when that is known."""

from __future__ import annotations

import pytest

from engine.bpmn.read import read
from engine.commands.staffing import future
from engine.model import Separation
from engine.staffing import game
from tests.bpmn.flows import flows, source
from tests.commands import small
from tests.rules.asked import post
from tests.staffing.acting import Case, made
from tests.staffing.minimax import Tried
from tests.staffing.played import Officer

MERGE = '<exclusiveGateway id="m"/>'
ONE_OR_OTHER = (
    small.step("asks", post="acceptance", outcomes="x y"),
    small.step("one", post="reviewer"),
    small.step("other", post="decider"),
    '<exclusiveGateway id="g" default="g-one"/>',
    MERGE,
)
WAYS = ("asks>g g>one one>m other>m", 'g>other>asks == "x"')
LAST = small.step("last", post="rechecker")
PEOPLE = {1: "reviewer rechecker", 2: "decider rechecker", 3: "acceptance"}
APART = (Separation(steps=("one", "last"), rule="SOD-03"), Separation(steps=("other", "last"), rule="SOD-04"))


def case(drawn: str, *elements: str, apart=APART, bound=(), people=PEOPLE) -> Case:
    body = f'<startEvent id="s"/>{"".join(elements)}<endEvent id="e"/>{flows(drawn, *WAYS)}'
    officers = [
        Officer(person=p, own=tuple(post(code, id=10 * p + n) for n, code in enumerate(codes.split())))
        for p, codes in people.items()
    ]
    found = Case(of=made(read(source(body)), apart, bound, officers))
    found.begin()
    return found


def row(of: Case, path: str):
    return next(step for step in of.open_steps if step.path == path)


def test_a_step_after_the_ways_meet_is_taken_when_the_way_is_known():
    of = case("s>asks m>last last>e", *ONE_OR_OTHER, LAST)

    assert not Tried().doomed(of)
    assert not of.doomed()
    assert not of.refused(3, row(of, "asks"))


def test_a_step_before_the_ways_part_is_taken_when_nothing_is_known():
    first = small.step("last", post="rechecker")
    of = case("s>last last>asks m>e", *ONE_OR_OTHER, first)

    assert Tried().doomed(of)
    assert of.doomed()
    assert not of.refused(1, row(of, "last")), "nobody could take it well, so nothing is gained"


def test_of_two_who_can_take_a_step_the_one_is_refused_whom_a_way_needs_later():
    people = PEOPLE | {4: "rechecker"}
    of = case("s>last last>asks m>e", *ONE_OR_OTHER, small.step("last", post="rechecker"), people=people)

    assert not of.doomed()
    assert {person for person in (1, 2, 4) if of.refused(person, row(of, "last"))} == {1, 2}


def test_a_game_that_gets_too_long_is_taken_for_a_dead_end(monkeypatch):
    monkeypatch.setattr(game, "MOST", 0)
    of = case("s>asks m>last last>e", *ONE_OR_OTHER, LAST)

    assert of.doomed()


def test_where_the_places_are_too_many_the_runs_alone_are_judged(monkeypatch):
    of = case("s>asks m>last last>e", *ONE_OR_OTHER, LAST)
    monkeypatch.setattr(future, "ahead", lambda *_: None)

    assert of.doomed()


def test_both_must_go_well_the_one_outcome_and_the_other():
    """As above, but whoever does `other` has signed `last` already where only the first way went well."""
    apart = (*APART, Separation(steps=("asks", "other"), rule="SOD-03"))
    people = {1: "reviewer rechecker", 2: "decider rechecker acceptance", 3: "acceptance"}
    of = case("s>asks m>last last>e", *ONE_OR_OTHER, LAST, apart=apart, people=people)

    assert [of.refused(person, row(of, "asks")) for person in (2, 3)] == [True, False]


@pytest.mark.parametrize("bound", [False, True])
def test_who_of_two_has_to_sign_last_does_not_sign_first(bound):
    """The next step is bound to whoever completes the one before; only one of the two who sign it could do it."""
    pair = small.step("pair", '<sun:persons min="2" rule="all"/>', post="decider")
    next_ = small.step("next", post="reviewer")
    people = {1: "decider reviewer", 2: "decider", 3: "acceptance"}
    kept = [Separation(steps=("pair", "next"), rule="DES-01")] if bound else []
    of = case("s>pair pair>next next>asks m>e", *ONE_OR_OTHER, pair, next_, apart=(), bound=kept, people=people)

    assert not of.doomed()
    assert [of.refused(person, row(of, "pair")) for person in (1, 2)] == [bound, False]
    of.claim(2, row(of, "pair"))
    of.complete(row(of, "pair"), "done")
    assert not of.refused(1, row(of, "pair"))
