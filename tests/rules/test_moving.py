"""What people, marks, clocks and separations have to say to a move: known answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from engine.model import (
    Act,
    ActKind,
    CaseLimit,
    Clock,
    ClockKind,
    ExtendRule,
    Item,
    Mark,
    Persons,
    Separation,
    Step,
    StopRule,
    Unit,
)
from engine.rules.moving import FAULTS, NOTES, Facts, Held, Point, Version, against, worth_knowing

NOW = datetime(2026, 3, 2, tzinfo=UTC)
DAY = date(2026, 3, 2)
STEP = Step(path="a", name="甲", name_en="A", post="reviewer", organ="county", days=2, outcomes=("pass", "refuse"))
DONE = Mark(name="decided")
ENDS = replace(STEP, path="b", marks=(DONE,))
LIMIT = CaseLimit(rule="L03", promise=7, start="accepted", until="decided")
CLOCK = Clock(
    key="statute:L03", kind=ClockKind.STATUTE, rule="L03", unit=Unit.WORKING_DAY, amount=20, started_on=DAY,
    due_on=DAY, provisional=False, until="decided",
)  # fmt: skip
PROMISE = replace(CLOCK, key="promise:L03", kind=ClockKind.PROMISE)


def version(*steps: Step, ahead: str = "a b", limits=(), separations=(), forms=None) -> Version:
    item = Item(
        id="i", name="i", name_en="i", steps={step.path: step for step in steps}, limits=limits,
        separations=separations, marks={}, calls={}, ends={}, ends_en={},
    )  # fmt: skip
    return Version(item=item, forms=forms or {}, ahead=ahead.split())


def facts(*open_steps: str, acts=(), marks=(), clocks=(), late=False, by: int | None = None) -> Facts:
    held = [Held(path, by) for path in open_steps]
    return Facts(steps=held, acts=acts, marks=dict.fromkeys(marks, DAY), clocks=clocks, late=late)


def act(person: int, path: str, kind: ActKind = ActKind.COMPLETE, on_behalf: int | None = None) -> Act:
    return Act(person=person, path=path, kind=kind, outcome=None, at=NOW, on_behalf=on_behalf)


BOTH = version(STEP, ENDS)


def faults(old: Version, new: Version, known: Facts, follows=()) -> list[tuple[str, ...]]:
    return [tuple(filter(None, point.told)) for point in against(old, new, known, follows)]


def notes(old: Version, new: Version, known: Facts) -> list[tuple[str, ...]]:
    return [tuple(filter(None, point.told)) for point in worth_knowing(old, new, known)]


def test_nothing_stands_against_the_same_version_and_nothing_is_worth_a_note():
    known = facts("a", acts=[act(1, "a")], marks=["accepted"], clocks=[CLOCK, PROMISE], by=2)

    assert faults(BOTH, BOTH, known) == []
    assert notes(BOTH, BOTH, known) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"post": "decider"}, "post"),
        ({"organ": "case"}, "post"),
        ({"outcomes": ("pass",)}, "outcomes"),
        ({"persons": Persons(min=2)}, "persons"),
        ({"persons": Persons(rule="any")}, "persons"),
        ({"stop": StopRule(request="b")}, "time"),
        ({"resume": ()}, "time"),
        ({"extend": ExtendRule(rule="L03", request="b")}, "time"),
    ],
)
def test_an_open_step_is_the_same_for_whom_it_lies_before(change, code):
    new = version(replace(STEP, **change), ENDS)

    assert faults(BOTH, new, facts("a")) == [(code, "a")]
    assert faults(BOTH, new, facts("b")) == []


def test_an_open_step_has_the_same_form():
    one, other = version(STEP, forms={"a": {"x": 1}}), version(STEP, forms={"a": {"x": 2}})

    assert faults(one, other, facts("a")) == [("form", "a")]
    assert faults(one, version(STEP), facts("a")) == [("form", "a")]
    assert faults(one, replace(other, forms={"a": {"x": 1}, "b": {}}), facts("a")) == []


def test_an_open_step_is_declared_in_both():
    assert faults(BOTH, version(ENDS), facts("a")) == [("gone", "a")]


def test_a_limit_that_has_run_out_comes_first():
    assert faults(BOTH, BOTH, facts("a", late=True)) == [("late",)]


def test_a_running_clock_that_could_end_can_end():
    nowhere = version(STEP, replace(ENDS, marks=()))
    behind = version(STEP, ENDS, ahead="a")

    for new in (nowhere, behind):
        assert faults(BOTH, new, facts("a", clocks=[CLOCK])) == [("mark", "statute:L03", "decided")]
        assert faults(BOTH, new, facts("a", clocks=[replace(CLOCK, ended_on=DAY)])) == []
        assert faults(new, new, facts("a", clocks=[CLOCK])) == []  # it could not end before either


def test_no_timer_waits_for_a_clock_that_never_starts():
    new = version(replace(STEP, marks=(Mark(name="accepted"),)), ENDS, limits=(LIMIT,))

    assert faults(BOTH, new, facts("a", marks=["accepted"]), ["L03"]) == [("clock", "accepted", "L03")]
    assert faults(BOTH, new, facts("a", marks=["accepted"], clocks=[CLOCK]), ["L03"]) == []
    assert faults(BOTH, new, facts("a"), ["L03"]) == []
    assert faults(BOTH, new, facts("a", marks=["accepted"])) == []


APART = Separation(steps=("a", "b"), rule="SOD-03")


@pytest.mark.parametrize("kind", [ActKind.COMPLETE, ActKind.SIGN])
def test_what_one_person_did_the_new_version_does_not_separate(kind):
    new = version(STEP, ENDS, separations=(APART,))

    assert ("separation", "a", "b", "SOD-03") in faults(BOTH, new, facts(acts=[act(1, "a"), act(1, "b", kind)]))
    assert faults(BOTH, new, facts(acts=[act(1, "a"), act(2, "b", kind)])) == []
    stood_in = [act(1, "a"), act(2, "b", kind, on_behalf=1)]
    assert ("separation", "a", "b", "SOD-03") in faults(BOTH, new, facts(acts=stood_in))


def test_a_step_ahead_does_not_act_on_what_an_older_form_asked_for():
    stops = replace(ENDS, stop=StopRule(request="a"))
    done = facts("b2", acts=[act(1, "a")])
    open_step = replace(STEP, path="b2")
    old, new = version(STEP, ENDS, open_step, ahead="b b2"), version(STEP, stops, open_step, ahead="b b2")

    assert faults(old, new, done) == [("asked", "b", "a")]
    assert faults(new, new, done) == []
    assert faults(old, new, facts("b2")) == []
    other_form = version(STEP, stops, open_step, ahead="b b2", forms={"a": {"type": "object"}})
    assert faults(new, other_form, done) == [("asked", "b", "a")]
    extends = version(STEP, replace(ENDS, extend=ExtendRule(rule="L03", request="a")), open_step, ahead="b b2")
    assert faults(old, extends, done) == [("asked", "b", "a")]


def test_a_timer_does_not_wait_for_a_limit_whose_start_lies_behind():
    new = version(STEP, ENDS, limits=(replace(LIMIT, start="expires"),))

    assert faults(BOTH, new, facts("a"), follows=["L03"]) == [("clock", "expires", "L03")]
    assert faults(BOTH, new, facts("a", clocks=[CLOCK]), follows=["L03"]) == []
    begins = version(replace(STEP, marks=(Mark(name="expires", date="day"),)), ENDS, limits=new.item.limits)
    assert faults(BOTH, begins, facts("a"), follows=["L03"]) == []


def test_who_did_a_separated_step_is_not_forgotten_with_the_step():
    old, new = version(STEP, ENDS, separations=(APART,)), version(ENDS)

    assert faults(old, new, facts(acts=[act(1, "a")])) == [("unseparated", "a", "SOD-03")]
    assert faults(BOTH, new, facts(acts=[act(1, "a")])) == []
    assert faults(old, version(STEP), facts(acts=[act(1, "a")])) == []


def test_steps_that_come_or_do_not_come_are_named():
    c, d = replace(STEP, path="c"), replace(STEP, path="d")

    assert notes(BOTH, version(STEP, ENDS, c, d, ahead="a b c"), facts("a")) == [("added", "c"), ("missed", "d")]
    assert notes(BOTH, version(STEP, ENDS, ahead="a"), facts("a")) == [("skipped", "b")]


def test_an_open_step_keeps_its_last_day():
    assert notes(BOTH, version(replace(STEP, days=9), ENDS), facts("a")) == [("keeps", "a")]
    assert notes(BOTH, version(replace(STEP, days=9), ENDS), facts("b")) == []


def test_who_holds_a_step_that_is_now_not_his_is_named():
    new = version(STEP, ENDS, separations=(APART,))
    did_b = facts("a", acts=[act(1, "b")], by=1)

    assert notes(BOTH, new, did_b) == [("holder", "a", "b", "SOD-03")]
    assert notes(new, new, did_b) == []
    assert notes(BOTH, new, facts("a", acts=[act(1, "b")], by=2)) == []


def test_a_running_clock_runs_on_as_it_was_started():
    old, new = version(STEP, ENDS, limits=(LIMIT,)), version(STEP, ENDS, limits=(replace(LIMIT, promise=9),))

    assert notes(old, new, facts("a", clocks=[CLOCK, PROMISE])) == [("runs", "promise:L03")]
    assert notes(old, new, facts("a")) == []
    assert notes(old, BOTH, facts("a", clocks=[CLOCK])) == [("runs", "statute:L03")]


def test_a_new_limit_whose_start_is_past_does_not_start():
    new = version(STEP, ENDS, limits=(LIMIT,))

    assert notes(BOTH, new, facts("a", marks=["accepted"])) == [("unstarted", "accepted", "L03")]
    assert notes(BOTH, new, facts("a")) == []


def test_every_sentence_names_what_it_is_about():
    for code in FAULTS | NOTES:
        assert "{" not in str(Point(code, "x", "y", "z"))
