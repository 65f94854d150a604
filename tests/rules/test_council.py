"""Decisions by vote: quorum and majority, known answers and properties."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model import Act, ActKind
from engine.rules.council import carried, quorum, votes

OUTCOMES = ("carry", "amend", "reject")
SHARES = st.tuples(st.integers(1, 9), st.integers(1, 9)).filter(lambda share: share[0] <= share[1])


@pytest.mark.parametrize(
    ("members", "share", "needed"),
    [(3, (2, 3), 2), (4, (2, 3), 3), (5, (2, 3), 4), (6, (2, 3), 4), (7, (1, 2), 4), (1, (2, 3), 1), (0, (2, 3), 1)],
)
def test_how_many_must_have_voted(members, share, needed):
    assert quorum(members, share) == needed


@pytest.mark.parametrize(
    ("given", "share", "result"),
    [
        ("ccr", (1, 2), "carry"),
        ("ccrr", (1, 2), "reject"),  # a tie: not carried
        ("ca", (1, 2), "reject"),  # a tie between others: not carried either
        ("aar", (1, 2), "amend"),
        ("ccrra", (1, 2), "reject"),  # nobody has more than half
        ("ccr", (2, 3), "carry"),  # at least two thirds
        ("cccrr", (2, 3), "reject"),
        ("c", (1, 2), "carry"),
        ("", (1, 2), "reject"),
        ("rrc", (2, 3), "reject"),
        ("ccr", (1, 5), "carry"),  # more than half all the same
        ("crr", (1, 5), "reject"),
    ],
)
def test_what_the_votes_carry(given, share, result):
    assert carried([next(o for o in OUTCOMES if o[0] == g) for g in given], OUTCOMES, share) == result


@given(st.lists(st.sampled_from(OUTCOMES), max_size=12), SHARES)
def test_what_is_carried_has_more_than_half_and_the_share_or_is_the_last_outcome(given, share):
    result, count = carried(given, OUTCOMES, share), Counter(given)
    enough = [
        o
        for o in OUTCOMES
        if given and 2 * count[o] > len(given) and Fraction(count[o], len(given)) >= Fraction(*share)
    ]

    assert result == (enough[0] if enough else OUTCOMES[-1])
    assert carried(given[::-1], OUTCOMES, share) == result


def test_a_vote_stands_until_it_is_taken_back_and_the_last_one_counts():
    def act(person: int, kind: ActKind, outcome: str | None = None, step: int = 1) -> Act:
        at = datetime(2026, 3, 2, tzinfo=UTC)
        return Act(person=person, path="council", kind=kind, outcome=outcome, at=at, step=step)

    acts = [
        act(1, ActKind.VOTE, "carry"),
        act(2, ActKind.VOTE, "carry"),
        act(3, ActKind.VOTE, "carry", step=2),
        act(2, ActKind.TAKE_BACK),
        act(4, ActKind.SIGN, "carry"),
        act(1, ActKind.TAKE_BACK),
        act(1, ActKind.VOTE, "reject"),
    ]

    assert votes(acts, 1) == {1: "reject"}
