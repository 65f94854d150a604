"""What signatures come to: known answers, and agreement with a definition that looks at the whole of them."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model import Act, ActKind, Persons
from engine.rules.signatures import blind, has_signed, needed, same, standing, verdict

YES, NO = OUTCOMES = ("yes", "no")
FOUND = st.lists(st.sampled_from(OUTCOMES), max_size=9)
RULES = st.one_of(
    st.sampled_from(("all", "any", "sequence")),
    st.tuples(st.integers(1, 9), st.integers(1, 9))
    .filter(lambda s: s[0] <= s[1])
    .map(lambda s: f"ratio:{s[0]}/{s[1]}"),
)
PERSONS = st.builds(lambda least, rule: Persons(min=least, rule=rule), st.integers(1, 9), RULES)


@pytest.mark.parametrize(
    ("least", "rule", "found", "verdicts"),
    [
        (1, "all", "n", "n"),
        (2, "all", "y", "-"),
        (2, "all", "yy", "-y"),
        (3, "all", "nnn", "--n"),
        (3, "any", "n", "n"),
        (2, "sequence", "yy", "-y"),
        (2, "sequence", "n", "n"),
        (3, "sequence", "yn", "-n"),
        (3, "ratio:2/3", "yy", "-y"),
        (3, "ratio:2/3", "yny", "--y"),
        (3, "ratio:2/3", "nn", "-n"),  # two of three can no longer be reached
        (4, "ratio:1/2", "ynny", "---y"),  # half of them is enough
        (4, "ratio:1/2", "nnn", "--n"),
        (5, "ratio:2/3", "yyyny", "----y"),  # four of five: rounded up
        (5, "ratio:2/3", "nn", "-n"),
        (3, "ratio:3/3", "n", "n"),
        (1, "ratio:2/3", "n", "n"),
        (1, "sequence", "n", "n"),
    ],
)
def test_what_signatures_come_to(least, rule, found, verdicts):
    persons, outcomes = Persons(min=least, rule=rule), {"y": YES, "n": NO, "-": None}

    for count, expected in enumerate(verdicts, 1):
        so_far = [outcomes[f] for f in found[:count]]
        assert verdict(persons, OUTCOMES, so_far) == outcomes[expected], so_far


def test_nobody_has_decided_what_nobody_has_signed():
    assert verdict(Persons(min=1), OUTCOMES, []) is None


def defined(persons: Persons, found: list[str]) -> str | None:
    """The verdict by looking at every way in which the votes still missing could be given."""
    if not found:
        return None
    if persons.rule in ("any",) or persons.min == 1:
        return found[0]
    missing = max(0, persons.min - len(found))
    if persons.rule == "all":
        return None if missing else found[0]
    if persons.rule == "sequence":
        return NO if NO in found else None if missing else YES
    share = Fraction(persons.rule.removeprefix("ratio:"))
    ends = {
        YES if Fraction(found.count(YES) + more, persons.min) >= share else NO for more in range(missing + 1)
    }  # whether all, some or none of the rest would vote for it
    return ends.pop() if len(ends) == 1 else None


@given(PERSONS, FOUND)
def test_the_verdict_is_what_no_vote_still_missing_could_change(persons, found):
    first = next((n for n in range(len(found) + 1) if verdict(persons, OUTCOMES, found[:n])), len(found))

    for count in range(min(first, persons.min) + 1):
        assert verdict(persons, OUTCOMES, found[:count]) == defined(persons, found[:count])


@given(PERSONS, FOUND)
def test_a_verdict_is_never_changed_by_later_votes(persons, found):
    verdicts = [verdict(persons, OUTCOMES, found[:n]) for n in range(min(len(found), persons.min) + 1)]
    known = [v for v in verdicts if v is not None]

    assert len(set(known)) <= 1
    assert verdicts[len(verdicts) - len(known) :] == known


@given(PERSONS, st.lists(st.sampled_from(OUTCOMES), min_size=9, max_size=9))
def test_when_all_have_signed_there_is_a_verdict(persons, found):
    assert verdict(persons, OUTCOMES, found[: persons.min]) in OUTCOMES
    assert 1 <= needed(persons) <= persons.min


def test_who_sees_what_the_others_found():
    """Each of several signs for himself (AS6), except where they sign in turn."""
    rules = ("all", "any", "ratio:2/3", "sequence")
    assert [blind(Persons(min=2, rule=rule)) for rule in rules] == [True, True, True, False]
    assert not blind(Persons(min=1))
    assert [same(Persons(min=2, rule=rule)) for rule in rules] == [True, False, False, False]


def act(person: int, kind: ActKind, step: int = 1, behalf: int | None = None) -> Act:
    at = datetime(2026, 3, 2, tzinfo=UTC)
    return Act(person=person, path="review", kind=kind, outcome=YES, at=at, step=step, on_behalf=behalf)


def test_signatures_taken_back_or_withdrawn_do_not_stand_and_other_acts_are_none():
    acts = [
        act(1, ActKind.SIGN),
        act(2, ActKind.SIGN, behalf=3),
        act(4, ActKind.SIGN, step=2),
        act(5, ActKind.SIGN),
        act(6, ActKind.SIGN),
        act(5, ActKind.TAKE_BACK),
        act(6, ActKind.WITHDRAW),
        act(7, ActKind.ADVISE),
        act(8, ActKind.VOTE),
        act(9, ActKind.SIGN),
        act(9, ActKind.COMPLETE),
    ]

    assert [a.person for a in standing(acts, 1)] == [1, 2]
    assert [p for p in range(1, 10) if has_signed(p, acts, 1)] == [1, 2, 3]
