"""Staffing where the answer is known: colourings, pigeons, stand-ins, and steps that a crowd may take."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

import pytest

from engine.staffing.answers import Staffing
from engine.staffing.instance import Apart, Bound, Least, Next, Part, Seat, Way, Why

PETERSEN = [(n, (n + 1) % 5) for n in range(5)] + [(n, n + 5) for n in range(5)]
PETERSEN += [(5 + n, 5 + (n + 2) % 5) for n in range(5)]


def way(parts: Iterable[Part], *demands: Apart | Bound | Least | Next) -> Way:
    return Way(parts={part.step: part for part in parts}, demands=demands)


def crowd(steps: int, persons: int) -> list[Part]:
    may = tuple(Seat(person) for person in range(1, persons + 1))
    return [Part(step=f"s{n}", may=may) for n in range(steps)]


def colouring(colours: int) -> Way:
    edges = [Apart(f"E{one}-{two}", (f"s{one}", f"s{two}")) for one, two in PETERSEN]
    return way(crowd(10, colours), *edges)


def test_petersens_graph_is_coloured_with_three_colours() -> None:
    (roster,) = Staffing([colouring(3)]).answers

    assert not isinstance(roster, tuple)
    assert all(roster[f"s{one}"] != roster[f"s{two}"] for one, two in PETERSEN)


def test_two_colours_fail_at_an_odd_circle_of_petersens_graph() -> None:
    (conflict,) = Staffing([colouring(2)]).answers

    assert isinstance(conflict, tuple)
    edges = [why for why in conflict if why.rule]
    corners = {step for why in edges for step in why.steps}
    assert len(edges) == len(corners) == len(conflict) / 2
    assert len(edges) % 2 == 1


@pytest.mark.parametrize("number", [2, 5, 12])
def test_pigeons_that_have_one_hole_too_few_need_each_of_their_pairs_to_fail(number: int) -> None:
    parts = crowd(number, number - 1)
    every = tuple(part.step for part in parts)

    (conflict,) = Staffing([way(parts, Apart("A", every))]).answers

    pairs = tuple(Why(steps=pair, rule="A") for pair in combinations(every, 2))
    assert conflict == (*(Why(steps=(step,)) for step in every), *pairs)


@pytest.mark.parametrize("number", [3, 10])
def test_with_one_person_to_spare_any_one_may_be_away_and_no_two(number: int) -> None:
    parts = crowd(number, number + 1)
    staffing = Staffing([way(parts, Apart("A", tuple(part.step for part in parts)))])

    assert staffing.breaks_without(1) == ()
    assert staffing.breaks_without() == tuple(combinations(range(1, number + 2), 2))


def test_a_crowd_is_not_searched_and_still_keeps_apart() -> None:
    parts = crowd(30, 500)
    every = tuple(part.step for part in parts)
    staffing = Staffing([way(parts, Apart("A", every), Least("L", every, 30), Next("N", every[:1], every[1]))])

    (roster,) = staffing.answers

    assert not isinstance(roster, tuple)
    assert len(set(roster.values())) == 30
    assert staffing.breaks_without() == ()


def test_fewer_persons_than_a_rule_counts_is_told_without_the_steps() -> None:
    parts = crowd(3, 1)

    (conflict,) = Staffing([way(parts, Least("L", ("s0", "s1", "s2"), 2))]).answers

    assert conflict == (Why(steps=("s0", "s1", "s2"), rule="L"),)


def test_persons_linked_over_several_steps_are_one() -> None:
    parts = [Part(step="a", may=(Seat(1, 2),)), Part(step="b", may=(Seat(3, 2),)), Part(step="c", may=(Seat(4),))]
    two, three = (way(parts, Least("L", ("a", "b", "c"), persons)) for persons in (2, 3))

    assert Staffing([two], frozenset({2})).possible
    assert not Staffing([three], frozenset({2})).possible


def test_for_whom_one_person_stands_in_on_two_steps_are_one_with_him() -> None:
    parts = [Part(step="a", may=(Seat(1, 2),)), Part(step="b", may=(Seat(1, 3),))]

    assert not Staffing([way(parts, Least("L", ("a", "b"), 2))], frozenset({2, 3})).possible


def test_a_stand_in_saves_the_way_while_the_other_is_away_and_only_then() -> None:
    alone = way([Part(step="a", may=(Seat(1), Seat(2, 1)))])

    assert Staffing([alone]).answers == ({"a": (Seat(1),)},)
    assert Staffing([alone], frozenset({1})).answers == ({"a": (Seat(2, 1),)},)
    assert Staffing([alone]).breaks_without() == ((1, 2),)


def test_who_stood_in_does_not_take_the_next_step_himself_but_may_for_another() -> None:
    def next_(*may: Seat) -> Way:
        return way([Part(step="a", may=(Seat(2, 1),)), Part(step="b", may=may)], Next("N", ("a",), "b"))

    away = frozenset({1})

    assert Staffing([next_(Seat(2))], away).answers == (
        (Why(steps=("a",)), Why(steps=("b",)), Why(steps=("a", "b"), rule="N")),
    )
    assert Staffing([next_(Seat(2), Seat(3))], away).answers == ({"a": (Seat(2, 1),), "b": (Seat(3),)},)


def test_the_one_for_whom_somebody_stands_in_may_have_stood_in_before() -> None:
    before = Part(step="a", seats=0, done=(Seat(2, 1),))
    parts = [before, Part(step="b", may=(Seat(3, 2),))]

    assert Staffing([way(parts, Next("N", ("a",), "b"))], frozenset({2})).possible


def test_a_step_that_need_not_be_staffed_excuses_nobody_who_stood_in_on_another() -> None:
    done, stands = Part(step="a", seats=0, done=(Seat(2, 1),)), Part(step="b", may=(Seat(2, 1),))
    parts = [done, stands, Part(step="c", may=(Seat(2),))]

    (conflict,) = Staffing([way(parts, Next("N", ("a", "b"), "c"))], frozenset({1})).answers

    assert conflict == (Why(steps=("c",)), Why(steps=("a", "b", "c"), rule="N"))


def test_two_who_act_on_a_step_do_not_complete_it_both() -> None:
    may = (Seat(1), Seat(2))
    parts = [Part(step="a", seats=2, may=may), Part(step="b", seats=2, may=may)]

    (conflict,) = Staffing([way(parts, Bound("B", "a", "b"))]).answers

    assert conflict == (Why(steps=("a",)), Why(steps=("b",)), Why(steps=("a", "b"), rule="B"))


def test_the_bound_step_is_for_who_acted_last() -> None:
    before = Part(step="a", seats=0, done=(Seat(1), Seat(2)))

    (roster,) = Staffing([way([before, Part(step="b", may=(Seat(1), Seat(2)))], Bound("B", "a", "b"))]).answers

    assert roster == {"b": (Seat(2),)}


def test_a_claim_holds_until_its_owner_is_away() -> None:
    claimed = way([Part(step="a", may=(Seat(1), Seat(2)), held=Seat(2))])

    assert Staffing([claimed]).answers == ({"a": (Seat(2),)},)
    assert Staffing([claimed], frozenset({2})).answers == ({"a": (Seat(1),)},)
    assert Staffing([claimed]).breaks_without() == ((1, 2),)


def test_stand_ins_of_one_who_is_away_do_not_help_while_another_is() -> None:
    parts = [Part(step="a", may=(Seat(1, 7), Seat(4, 1))), Part(step="b", may=(Seat(2, 7), Seat(5, 1)))]

    staffing = Staffing([way(parts, Bound("B", "a", "b"))], frozenset({7}))

    assert staffing.answers == ({"a": (Seat(1, 7),), "b": (Seat(2, 7),)},)
    assert staffing.breaks_without() == ((2,), (1, 4), (1, 5))


@pytest.mark.parametrize(
    "other",
    [
        Part(step="b", held=Seat(1, 2)),  # who has come back
        Part(step="b", seats=0, done=(Seat(1), Seat(2))),
    ],
)
def test_those_whom_others_acts_block_are_not_plenty(other: Part) -> None:
    crowded = Part(step="a", may=(Seat(1), Seat(2), Seat(3), Seat(4)))

    pairs = Staffing([way([crowded, other], Apart("A", ("a", "b")))]).breaks_without()

    assert (3, 4) in pairs


def test_a_bar_is_named_with_the_step_it_empties() -> None:
    barred = way([Part(step="a", barred={Seat(1): "SOD-31", Seat(2): "SOD-31", Seat(3): "SOD-16"})])

    assert Staffing([barred]).answers == (
        (Why(steps=("a",)), Why(steps=("a",), rule="SOD-16"), Why(steps=("a",), rule="SOD-31")),
    )


def test_ways_that_fail_for_the_same_reason_are_told_the_same() -> None:
    parts = [Part(step="a"), Part(step="b"), Part(step="c", may=(Seat(1),))]

    first, second, third = Staffing([way(parts[1:]), way(parts), way(parts[2:])]).answers

    assert first == second == (Why(steps=("b",)),)
    assert third == {"c": (Seat(1),)}


def test_the_fewest_additions_are_named_and_those_that_one_absence_more_needs() -> None:
    parts = [Part(step="a", may=(Seat(1),)), Part(step="b", may=(Seat(1),))]
    staffing = Staffing([way(parts, Apart("A", ("a", "b")))])
    additions = {"2 b": [("b", Seat(2))], "3 a": [("a", Seat(3))], "3 both": [("a", Seat(3)), ("b", Seat(3))]}

    assert staffing.mending(additions) == (("2 b",), ("3 a",), ("3 both",))
    assert staffing.mending(additions, surviving=True) == (("2 b", "3 a"), ("2 b", "3 both"))
    assert staffing.mending({}) == ()
    assert Staffing([way(parts)]).mending(additions) == ((),)


def test_an_answer_does_not_depend_on_what_was_asked_before() -> None:
    ways = [
        colouring(3),
        way(crowd(4, 3), Apart("A", ("s0", "s1", "s2", "s3"))),
        way(crowd(3, 4), Least("L", ("s0", "s1"), 2)),
    ]
    asked, fresh = Staffing(ways), Staffing(ways)

    pairs = asked.breaks_without()
    asked.mending({"x": [("s0", Seat(9))]})

    assert asked.answers == fresh.answers
    assert fresh.breaks_without() == pairs


def test_only_absences_of_one_or_two_are_asked_about() -> None:
    with pytest.raises(ValueError, match="not of 3"):
        Staffing([colouring(3)]).breaks_without(3)
