from datetime import UTC, datetime

import pytest

from engine.model import Act, ActKind, Separation
from engine.rules.separation import Bar, Exclusion, conflict, excluded, number_of_persons

LI, WANG, ZHAO = 1, 2, 3
AT = datetime(2026, 3, 2, 1, tzinfo=UTC)
SET = (Separation(steps=("intake/accept", "review", "decide"), rule="SOD-03"),)


def act(person, path, kind=ActKind.COMPLETE, on_behalf=None):
    return Act(person=person, path=path, kind=kind, outcome="pass", at=AT, on_behalf=on_behalf)


def test_who_accepted_may_not_review():
    assert conflict(LI, "review", [act(LI, "intake/accept")], SET) == Bar("SOD-03", "intake/accept", LI)


def test_who_did_nothing_here_may_review():
    assert conflict(WANG, "review", [act(LI, "intake/accept")], SET) is None


def test_a_signature_counts_like_a_completion():
    assert conflict(LI, "review", [act(LI, "decide", ActKind.SIGN)], SET) == Bar("SOD-03", "decide", LI)


def test_the_same_step_in_a_later_round_may_be_done_by_the_same_person():
    assert conflict(LI, "review", [act(LI, "review")], SET) is None


def test_steps_outside_the_set_do_not_count():
    assert conflict(LI, "review", [act(LI, "inspect")], SET) is None
    assert conflict(LI, "inspect", [act(LI, "review")], SET) is None


@pytest.mark.parametrize("person", [LI, ZHAO])
def test_a_stand_in_bars_himself_and_the_person_he_stood_in_for(person):
    acts = [act(ZHAO, "intake/accept", on_behalf=LI)]

    assert conflict(person, "decide", acts, SET) == Bar("SOD-03", "intake/accept", ZHAO)
    assert conflict(WANG, "decide", acts, SET) is None


def test_filing_counts_only_where_the_set_names_it():
    filing = [act(LI, "case", ActKind.FILE)]
    with_filing = (Separation(steps=("case", "decide"), rule="SOD-31"),)

    assert conflict(LI, "decide", filing, SET) is None
    assert conflict(LI, "decide", filing, with_filing) == Bar("SOD-31", "case", LI)


def test_an_act_of_filing_recorded_on_a_step_is_no_handling_of_it():
    assert conflict(LI, "review", [act(LI, "decide", ActKind.FILE)], SET) is None


def test_every_set_is_asked_and_the_first_bar_is_named():
    sets = (Separation(steps=("pay", "decide"), rule="SOD-04"), *SET)

    assert conflict(LI, "decide", [act(LI, "review"), act(LI, "intake/accept")], sets) == Bar("SOD-03", "review", LI)


EXCLUSIONS = (
    Exclusion("SOD-01", ("monitor", "auditor"), ("reviewer", "decider")),
    Exclusion("SOD-02", ("monitor", "auditor", "administrator"), ("monitor", "auditor", "administrator")),
)


@pytest.mark.parametrize(
    ("posts", "found"),
    [
        ({"monitor", "decider"}, (EXCLUSIONS[0], "monitor", "decider")),
        ({"auditor", "monitor"}, (EXCLUSIONS[1], "monitor", "auditor")),
        ({"monitor"}, None),  # a post does not exclude itself
        ({"reviewer", "decider"}, None),
        (set(), None),
    ],
)
def test_posts_that_exclude_each_other_are_found(posts, found):
    assert excluded(posts, EXCLUSIONS) == found


PATHS = ("accept", "review", "decide")


def test_a_stand_in_and_whom_he_stood_in_for_count_as_one_person():
    acts = [act(LI, "accept"), act(WANG, "review", on_behalf=LI), act(ZHAO, "decide")]

    assert number_of_persons(acts, PATHS) == 2
    assert number_of_persons(acts[:1], PATHS, {WANG, LI}) == 1
    assert number_of_persons([], PATHS, {WANG, LI}) == 1


@pytest.mark.parametrize("undone", [ActKind.WITHDRAW, ActKind.TAKE_BACK])
def test_what_was_taken_back_adds_no_person(undone):
    acts = [act(LI, "accept"), act(WANG, "review"), act(WANG, "review", undone)]

    assert number_of_persons(acts, PATHS) == 1
    assert number_of_persons([*acts, act(WANG, "review")], PATHS) == 2  # done again
    assert number_of_persons([act(LI, "accept", ActKind.ADVISE), act(WANG, "look")], PATHS) == 0
