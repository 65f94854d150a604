"""Which ways have to be asked about."""

from __future__ import annotations

from engine.staffing.covering import widest
from engine.staffing.instance import Apart, Least, Next, Part, Seat, Way

DONE = {step: Part(step=step, may=(Seat(1), Seat(2), Seat(3))) for step in "abx"}
STOOD = DONE | {"a": Part(step="a", may=(Seat(1, 2),)), "b": Part(step="b", may=(Seat(1),))}


def way(steps, *demands, parts=DONE):
    return Way(parts={step: parts[step] for step in steps}, demands=demands)


def test_a_way_with_fewer_steps_and_the_same_demands_of_them_is_covered():
    apart = Apart("SOD-03", ("a", "b", "x"))

    assert widest([way("ab", apart), way("axb", apart), way("axb", apart)]) == [1]
    assert widest([way("ab", apart), way("axb")]) == [0, 1]


def test_a_way_that_asks_more_of_its_steps_is_not_covered():
    least = Least("SOD-27", ("a", "b", "x"), 2)  # two of two here, two of three there

    assert widest([way("ab", least), way("axb", least)]) == [0, 1]


def test_a_step_that_is_staffed_otherwise_is_not_covered():
    other = DONE | {"a": Part(step="a", may=(Seat(3),))}

    assert widest([way("ab"), way("axb", parts=other)]) == [0, 1]


def test_what_is_asked_of_stand_ins_counts_where_somebody_stands_in():
    near, far = Next("SOD-16", ("a",), "b"), Next("SOD-16", ("a", "x"), "b")

    assert widest([way("ab", near), way("axb", far)]) == [1]
    assert widest([way("ab", near, parts=STOOD), way("axb", far, parts=STOOD)]) == [0, 1]
