"""A case under way as staffing sees it: what lies behind binds, what is open counts what was signed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from engine.commands.staffing.ongoing import position, went
from engine.db.find import StepRow
from engine.model import ActKind, OrganLevel, Persons, Run
from engine.staffing.asking import PAST
from engine.staffing.foresight import DeadEnd, left, roster
from engine.staffing.instance import Apart, Bound, Least, Next, Part, Seat, Way
from engine.staffing.ongoing import Behind, Open, Position, together, way_on
from tests.rules.asked import AT, BOOK, COUNTY, LEVELS, act, item, step

ONE, TWO, THREE = Seat(1), Seat(2), Seat(3)
COULD = {path: Part(step=path, may=(ONE, TWO, THREE)) for path in ("accept", "review", "recheck", "decide", "issue")}
SAME = dict.fromkeys(COULD, OrganLevel(LEVELS[COUNTY]))
HERE = {path: part.may for path, part in COULD.items()}


def on(where: Position, *steps: str, of=None, before=None, levels=SAME, **outcomes) -> Way:
    run = Run(steps=steps, before=before or {}, outcomes={path: tuple(each.split()) for path, each in outcomes.items()})
    return way_on(where, run, of or item(("accept review decide", "SOD-03")), BOOK, COULD, levels)


def several(rule: str, least: int = 2, outcomes: tuple[str, ...] = ("pass", "fail")):
    return item(steps=[replace(step("review", "reviewer"), persons=Persons(min=least, rule=rule), outcomes=outcomes)])


def test_who_acted_before_is_kept_apart_from_what_is_left_and_not_from_what_lies_behind():
    found = on(Position((Behind("accept", (ONE,)), Behind("review", (TWO,)))), "decide")

    assert found.parts["accept" + PAST].done == (ONE,)
    assert set(found.demands) >= {
        Apart("SOD-03", ("accept" + PAST, "decide")),
        Apart("SOD-03", ("review" + PAST, "decide")),
    }
    assert not any(isinstance(each, Apart) and "decide" not in each.steps for each in found.demands)


def test_an_earlier_round_does_not_keep_its_people_from_the_next():
    found = on(Position((Behind("review", (ONE,)),), (Open("review"),)), "review", "decide")

    assert Apart("SOD-03", ("review" + PAST, "review")) not in found.demands
    assert found.parts["review"].may == (ONE, TWO, THREE)
    assert Apart("SOD-03", ("review" + PAST, "decide")) in found.demands


@pytest.mark.parametrize(
    ("rule", "least", "signed", "outcomes", "seats"),
    [
        ("all", 2, (), "pass fail", 2),
        ("all", 2, ("pass",), "pass fail", 1),
        ("any", 2, (), "pass fail", 1),
        ("sequence", 3, ("pass",), "pass", 2),
        ("sequence", 3, ("pass",), "fail", 1),
        ("ratio:2/3", 3, ("fail",), "pass fail", 2),
        ("ratio:2/3", 3, ("pass", "fail"), "fail", 1),
        ("all", 2, ("pass", "pass"), "pass fail", 0),
    ],
)
def test_so_many_seats_are_left_as_signatures_are_missing(rule, least, signed, outcomes, seats):
    now = Open("review", done=(ONE, TWO)[: len(signed)], found=signed, held=THREE)
    found = on(Position(open=(now,)), "review", of=several(rule, least), review=outcomes)

    assert found.parts["review"].seats == seats
    assert found.parts["review"].held == (THREE if seats else None)


def test_whose_opinion_is_awaited_is_bound_like_who_acted_and_takes_no_seat():
    found = on(Position(open=(Open("review", asked=(2,)),)), "review", "decide")

    assert found.parts["review"].done == (TWO,)
    assert isinstance(roster([found]), dict)
    assert isinstance(roster([on(Position(open=(Open("review", asked=(1, 2, 3)),)), "review")]), DeadEnd)


def test_who_completed_the_step_before_for_somebody_does_not_take_the_open_one():
    found = on(Position((Behind("accept", (Seat(1, 9),)),), (Open("review", after=Seat(1, 9)),)), "review")

    assert found.parts["review"].barred == {ONE: "SOD-16"}
    assert on(Position((), (Open("review", after=ONE),)), "review").parts["review"].barred == {}


def test_what_follows_a_step_that_lies_behind_follows_its_last_act():
    where = Position((Behind("accept", (TWO, Seat(1, 9))),), (Open("review"),))
    found = on(where, "review", "recheck", before={"recheck": ("accept", "review")})

    assert Next("SOD-16", ("accept" + PAST, "review"), "recheck") in found.demands


def test_a_bound_step_is_for_whoever_completed_the_last_of_its_set():
    of = item(bound=[("accept review decide", "DES-01")])
    where = Position((Behind("review", (THREE,), completed=False), Behind("accept", (ONE,))), (Open("decide"),))

    assert [each for each in on(where, "decide", of=of).demands if isinstance(each, Bound)] == [
        Bound("DES-01", "accept" + PAST, "decide")
    ]


def test_the_persons_who_acted_count_for_the_least_number():
    of = item(("accept review decide", "SOD-27"), risk="high")
    found = on(Position((Behind("accept", (ONE,)), Behind("review", (ONE,)))), "decide", of=of)
    (least,) = [each for each in found.demands if isinstance(each, Least)]

    assert set(least.steps) == {"accept" + PAST, "review" + PAST, "decide"}
    assert isinstance(roster([found]), DeadEnd)


def test_a_level_at_which_it_was_examined_bars_its_confirmation():
    of = item(("review decide", "SOD-30"))
    found = on(Position((Behind("review", (ONE,)),), (Open("decide"),)), "decide", of=of)

    assert set(found.parts["decide"].barred.values()) == {"SOD-30"}


def test_several_ways_as_one_ask_all_that_each_asks():
    one = Way(parts={"a": Part(step="a", may=(ONE, TWO), seats=2)}, demands=(Apart("X", ("a", "b")),))
    other = Way(parts={"a": Part(step="a", may=(TWO, THREE), barred={ONE: "Y"}), "b": Part(step="b", may=(ONE,))})
    found = together([one, other])

    assert found.parts["a"] == Part(step="a", may=(TWO,), seats=2, barred={ONE: "Y"})
    assert list(found.parts) == ["a", "b"]
    assert found.demands == one.demands


def test_whichever_of_the_steps_before_comes_last_its_stand_in_does_not_go_on():
    one = Way(parts={}, demands=(Next("SOD-16", ("a", "b"), "c"),))

    assert together([one]).demands == (Next("SOD-16", ("a",), "c"), Next("SOD-16", ("b",), "c"))


def test_a_bound_step_after_one_of_several_persons_has_no_roster_beforehand():
    parts = {"a": Part(step="a", may=(ONE, TWO), seats=2), "b": Part(step="b", may=(ONE, TWO))}
    found = roster([Way(parts=parts, demands=(Bound("DES-01", "a", "b"),))])

    assert isinstance(found, DeadEnd)
    assert [why.rule for why in found.conflict] == ["DES-01"]


def test_only_runs_with_what_was_done_are_left_and_only_the_steps_that_are_reached():
    passed = Run(steps=("accept", "review", "decide"), outcomes={"review": ("pass",)})
    failed = Run(steps=("accept", "review", "issue"), outcomes={"review": ("fail",)})
    extra = Run(steps=("recheck", "accept", "review", "decide"), outcomes={"review": ("pass",)})
    where = Position((Behind("accept", (ONE,)), Behind("review", (TWO,))), (Open("decide"),))

    found = left(where, (passed, failed, extra), {"accept": {"done"}, "review": {"pass"}}, {"decide"}, HERE)

    assert [run.steps for run in found] == [("decide",)]


def test_a_step_is_staffed_anew_where_who_did_it_could_not_do_it_again():
    run = Run(steps=("accept", "review", "decide"))
    where = Position((Behind("accept", (Seat(8),)), Behind("review", (TWO,))), (Open("decide"),))
    reach = {"accept", "review", "decide"}

    found = left(where, (run,), {"accept": {"done"}, "review": {"done"}}, reach, HERE)

    assert [each.steps for each in found] == [("decide", "accept")]


@dataclass
class History:
    acts: list
    open_steps: list


def row(path: str, id: int, by: int | None = None) -> StepRow:
    return StepRow(
        id=id, token=str(id), path=path, round=1, post="reviewer", organ=COUNTY, opened_at=AT + timedelta(minutes=id),
        due_on=None, claimed_by=by, claimed_at=None, closed_at=None, outcome=None,
    )  # fmt: skip


def test_a_position_is_read_from_acts_and_open_steps():
    acts = [
        act(1, "accept", step=1),
        act(2, "review", step=2, kind=ActKind.SIGN),
        act(2, "review", step=2, kind=ActKind.TAKE_BACK),
        act(3, "review", step=2, kind=ActKind.SIGN),
        act(1, "review", step=2, kind=ActKind.ADVISE),
    ]
    found = position(History(acts, [row("review", 2, by=2)]), COULD, {2: (1,)})

    assert found == Position(
        (Behind("review", (TWO, ONE), completed=False), Behind("accept", (ONE,))),
        (Open("review", done=(THREE,), found=("pass",), held=TWO, after=ONE, asked=(1,)),),
    )


def test_what_was_withdrawn_binds_and_completes_nothing():
    acts = [act(1, "accept", step=1), act(1, "accept", step=1, kind=ActKind.WITHDRAW)]

    assert position(History(acts, []), COULD, {}).behind == (Behind("accept", (ONE,), completed=False),)
    assert went(acts) == {}


def test_who_completed_a_step_last_stands_last_and_steps_stand_as_they_were_opened():
    acts = [act(1, "review", step=2), act(2, "accept", step=1), act(3, "review", step=4)]

    assert position(History(acts, []), COULD, {}).behind == (
        Behind("accept", (TWO,)),
        Behind("review", (ONE, THREE)),
    )
