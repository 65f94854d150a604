"""Steps that several persons sign: by ratio, in turn, by any, each inside a real flow."""

from __future__ import annotations

import pytest

from engine import clock
from engine.errors import AlreadySigned, NotSigned, OutcomeDiffers, SamePerson
from tests import county
from tests.commands import small, together
from tests.commands.together import claim, clean, complete, do, refused, take_back
from tests.county import at, step, types

one_kind = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def town(database_url):
    with clock.at(at("2026-03-02 10:00")):
        yield together.found()


@pytest.fixture
def drafted(town):
    """A case that is being inspected and reviewed at the same time."""
    filed = together.file(town)
    together.signed(town, filed.case, "inspect")
    return filed


def test_two_of_three_votes_carry_and_the_third_is_not_asked(town, drafted):
    first = do(town, "he", drafted.case, "review", "approve")
    second = do(town, "rui", drafted.case, "review", "approve")

    assert [(d.signed, d.needed) for d in (first, second)] == [(1, 3), (2, 2)]
    assert step(drafted.case, "review").outcome == "approve"
    assert county.open_paths(drafted.case) == ["inspect"]
    (done,) = [e for e in county.events(drafted.number) if e["type"] == "step.completed" and e["step"] == "review"]
    assert done["facts"] == {"round": 1, "signed": 2}
    clean(drafted.number)


@one_kind
def test_votes_may_differ_and_what_can_no_longer_be_reached_is_lost(town, drafted):
    do(town, "he", drafted.case, "review", "approve")
    second = do(town, "rui", drafted.case, "review", "oppose")
    assert (second.signed, second.needed) == (2, 3)
    third = do(town, "ren", drafted.case, "review", "oppose")

    assert (third.signed, third.needed) == (3, 3)
    assert step(drafted.case, "review").outcome == "oppose"
    clean(drafted.number)


@one_kind
def test_nobody_votes_twice_under_whatever_account_and_a_vote_may_be_taken_back(town, drafted):
    together.again(town, "he")
    do(town, "he", drafted.case, "review", "oppose")
    with pytest.raises(AlreadySigned):
        claim(town, "he2", drafted.case, "review")
    refused(drafted.number, "AlreadySigned", "SOD-05")
    with pytest.raises(NotSigned):
        take_back(town, "rui", drafted.case, "review")
    take_back(town, "he2", drafted.case, "review")

    do(town, "he", drafted.case, "review", "approve")
    do(town, "ren", drafted.case, "review", "approve")

    assert step(drafted.case, "review").outcome == "approve"
    clean(drafted.number)


@one_kind
def test_in_turn_each_must_find_the_motion(town):
    filed = together.file(town)
    together.signed(town, filed.case, "sign")
    first = do(town, "zhao", filed.case, "sign", "agree")
    assert (first.signed, first.needed) == (1, 2)
    second = do(town, "deng", filed.case, "sign", "agree")

    assert (second.signed, second.needed) == (2, 2)
    assert step(filed.case, "sign").outcome == "agree"
    assert types(filed.number).count("step.signed") == 3  # inspect, review, sign
    clean(filed.number)


@one_kind
def test_in_turn_who_objects_ends_it(town):
    filed = together.file(town)
    together.signed(town, filed.case, "sign")
    done = do(town, "zhao", filed.case, "sign", "object")

    assert (done.signed, done.needed) == (1, 1)
    assert step(filed.case, "sign").outcome == "object"
    clean(filed.number)


def test_where_all_sign_they_find_the_same_also_beside_another_step(town, drafted):
    do(town, "chen", drafted.case, "inspect", "pass")
    with pytest.raises(OutcomeDiffers):
        do(town, "liu", drafted.case, "inspect", "fail")
    refused(drafted.number, "OutcomeDiffers", "SOD-05")
    do(town, "he", drafted.case, "review", "oppose")
    complete(town, "liu", drafted.case, "inspect", "pass")

    assert county.open_paths(drafted.case) == ["review"]
    clean(drafted.number)


@one_kind
def test_any_one_of_those_asked_decides(town):
    drawn = small.step("ask", '<sun:persons min="3" rule="any"/>', outcomes="yes no")
    item = small.item("", "s>ask ask>e", small.begins(), drawn, '<endEvent id="e"/>')
    small.deploy(town, item)
    filed = small.file(town)
    done = small.do(town, filed.case, "ask", "no")

    assert (done.signed, done.needed, done.closed) == (1, 1, True)
    assert step(filed.case, "ask").outcome == "no"


@one_kind
def test_who_votes_is_kept_apart_from_later_steps_like_anybody(town, drafted):
    """SOD-03: `both` drafted nothing, but votes; a draft by him bars him from signing."""
    filed = together.file(town)
    do(town, "both", filed.case, "draft", "submit")
    do(town, "chen", filed.case, "inspect", "pass")
    do(town, "liu", filed.case, "inspect", "pass")
    do(town, "both", filed.case, "review", "approve")
    do(town, "he", filed.case, "review", "approve")

    with pytest.raises(SamePerson):
        claim(town, "both", filed.case, "sign")
    clean(filed.number)
