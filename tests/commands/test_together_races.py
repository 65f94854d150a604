"""Two people at once on a step of several: exactly one wins, and the case stays whole."""

from __future__ import annotations

import pytest

from engine import clock, commands
from engine.db.store import begin
from engine.errors import Refused, Stale
from tests import county
from tests.commands import together
from tests.commands.test_races import NOW, race
from tests.commands.together import ask, claim, clean, complete, key, vote
from tests.county import step, types


@pytest.fixture
def town(database_url):
    with clock.at(NOW):
        yield together.found()


def handing(town, who, to, case):
    def run():
        with begin(town.people[who]) as ctx:
            return commands.transfer(ctx, key(case, "draft"), to=town.people[to].person, reason="出差")

    return run


def completing(town, who, case, path, outcome):
    return lambda: complete(town, who, case, path, outcome)


def parted(results):
    """Return how many won and how many were told that they did not."""
    lost = [r for r in results if isinstance(r, Stale | Refused)]
    assert not [r for r in results if isinstance(r, Exception) and r not in lost], results
    return len(results) - len(lost), len(lost)


def test_of_two_transfers_at_once_one_wins(town):
    filed = together.file(town)
    claim(town, "wang", filed.case, "draft")

    results = race(handing(town, "wang", "han", filed.case), handing(town, "wang", "both", filed.case))

    assert parted(results) == (1, 1)
    assert types(filed.number).count("step.transferred") == 1
    winner = ("han", "both")[isinstance(results[0], Exception)]
    assert step(filed.case, "draft").claimed_by == town.people[winner].person
    clean(filed.number)


def test_a_transfer_and_a_completion_at_once_do_not_both_happen(town):
    filed = together.file(town)
    claim(town, "wang", filed.case, "draft")

    results = race(handing(town, "wang", "han", filed.case), completing(town, "wang", filed.case, "draft", "submit"))

    assert parted(results) == (1, 1)
    told = types(filed.number)
    assert told.count("step.transferred") + told.count("step.completed") == 1
    assert (step(filed.case, "draft").closed_at is None) == (not isinstance(results[0], Exception))
    clean(filed.number)


def test_an_opinion_and_its_removal_at_once_do_not_both_happen(town):
    filed = together.file(town)
    claim(town, "wang", filed.case, "draft")
    signer = ask(town, "wang", "mu", filed.case, "draft", "after")
    complete(town, "wang", filed.case, "draft", "submit")

    results = race(lambda: together.advise(town, "mu", signer), lambda: together.remove(town, "wang", signer))

    assert parted(results) == (1, 1)
    told = types(filed.number)
    assert told.count("step.advised") + told.count("signer.removed") == 1
    assert told.count("step.completed") == 1  # whichever it was ended the step, once
    assert county.open_paths(filed.case) == ["inspect", "review"]
    clean(filed.number)


def test_two_last_opinions_at_once_end_the_step_once(town):
    filed = together.file(town)
    claim(town, "wang", filed.case, "draft")
    signers = [ask(town, "wang", who, filed.case, "draft", "before") for who in ("mu", "zhao")]

    def advising(who, signer):
        return lambda: together.advise(town, who, signer)

    results = race(
        advising("mu", signers[0]),
        advising("zhao", signers[1]),
        completing(town, "wang", filed.case, "draft", "submit"),
    )

    told = types(filed.number)
    assert told.count("step.advised") == sum(not isinstance(r, Exception) for r in results[:2])
    assert told.count("step.completed") == (not isinstance(results[2], Exception))
    assert not (told.count("step.completed") and told.count("step.advised") < 2)
    clean(filed.number)


def test_a_vote_beside_the_conclusion_is_counted_or_refused(town):
    filed = together.file(town)
    together.signed(town, filed.case, "council")
    for who in ("an", "bao"):
        vote(town, who, filed.case, "carry")

    results = race(
        lambda: vote(town, "cao", filed.case, "reject"),
        completing(town, "qin", filed.case, "council", "carry"),
    )

    told = county.events(filed.number)
    (done,) = [e for e in told if e["type"] == "step.completed" and e["step"] == "council"]
    assert done["facts"]["signed"] == [e["type"] for e in told].count("step.voted")
    assert isinstance(results[0], Stale) == (done["facts"]["signed"] == 2)
    clean(filed.number)
