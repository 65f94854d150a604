"""A post ends from a day on: what was claimed by it goes back to the pool, and nothing is completed by it."""

from __future__ import annotations

from datetime import date

import pytest

from engine import clock, commands
from engine.db.store import begin, reading
from engine.errors import (
    AlreadyDecided,
    Invalid,
    NotYourPost,
    OwnMatter,
)
from tests import county
from tests.commands.offices import approve, do, held, last, person, post, posts, propose, rows
from tests.county import at, claim, events, file, step

NOW, TOMORROW, LATER = at("2026-03-02 10:00"), at("2026-03-03 10:00"), at("2026-03-10 10:00")
YESTERDAY, TODAY = date(2026, 3, 1), date(2026, 3, 2)


@pytest.fixture
def town(database_url):
    with clock.at(NOW):
        yield county.found()


sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_a_post_that_ends_at_once_gives_back_what_was_claimed_by_it(town):
    filed = file(town)
    key = claim(town, "li", filed.case, "intake/accept")
    granted = held(town, "li", "acceptance")

    done = do(town, commands.propose_end_of_post, granted, to_on=YESTERDAY, reason="调离窗口")

    assert done.result == f"ended {granted}, {filed.number} intake/accept"
    assert step(filed.case, "intake/accept").claimed_by is None
    released = events(filed.number)[-1]
    assert (released["type"], released["person"], released["step"]) == ("step.released", "system", "intake/accept")
    assert last(kind="post.ended")["facts"]["to"] == "2026-03-01"
    with pytest.raises(NotYourPost), begin(town.li) as ctx:
        commands.claim(ctx, key)
    with reading() as conn:
        assert commands.check(conn).faults == []


@sqlite
def test_a_post_removed_after_the_claim_completes_nothing(town):
    filed = file(town)
    key = claim(town, "li", filed.case, "intake/accept")
    do(town, commands.propose_end_of_post, held(town, "li", "acceptance"), to_on=TODAY, reason="调离窗口")

    with clock.at(TOMORROW):
        with pytest.raises(NotYourPost), begin(town.li) as ctx:
            commands.complete(ctx, key, outcome="accept", form={}, opinion="同意")
        assert events(filed.number)[-1]["facts"]["error"] == "NotYourPost"
        with begin(town.li) as ctx:
            commands.release(ctx, key)

    assert step(filed.case, "intake/accept").claimed_by is None


def test_on_the_day_after_the_last_the_worker_gives_the_claim_back(town):
    filed, other = file(town), file(town, "hua")
    claim(town, "li", filed.case, "intake/accept")
    claim(town, "hua", other.case, "intake/accept")
    do(town, commands.propose_end_of_post, held(town, "li", "acceptance"), to_on=TODAY, reason="调离窗口")

    assert commands.catch_up() == (0, 0)
    with clock.at(TOMORROW):
        assert commands.catch_up() == (1, 0)
        assert commands.catch_up() == (0, 0)

    assert step(filed.case, "intake/accept").claimed_by is None
    assert step(other.case, "intake/accept").claimed_by == person(town, "hua")
    assert (events(filed.number)[-1]["type"], events(filed.number)[-1]["person"]) == ("step.released", "system")


@sqlite
def test_who_keeps_another_post_for_the_step_keeps_the_claim(town):
    filed = file(town)
    claim(town, "li", filed.case, "intake/accept")
    approve(town, post(town, "li", "acceptance", "centre"))

    with begin(town.lu) as ctx:
        first = min(row.id for row in rows("assignment") if row.person == person(town, "li"))
        proposal = commands.propose_end_of_post(ctx, first, to_on=YESTERDAY, reason="换窗口")

    assert approve(town, proposal).result == f"ended {first}"
    assert step(filed.case, "intake/accept").claimed_by == person(town, "li")


@sqlite
def test_a_post_ends_once_and_never_backwards(town):
    granted = held(town, "li", "acceptance")

    for to_on, reason in ((date(2026, 2, 28), "调岗"), (TODAY, " ")):
        with pytest.raises(Invalid):
            propose(town, commands.propose_end_of_post, granted, to_on=to_on, reason=reason)
    first = propose(town, commands.propose_end_of_post, granted, to_on=TODAY, reason="调岗")
    second = propose(town, commands.propose_end_of_post, granted, to_on=date(2026, 3, 9), reason="调岗")
    approve(town, first)
    with pytest.raises(Invalid):
        approve(town, second)
    with pytest.raises(AlreadyDecided):
        approve(town, first)

    assert next(row for row in rows("assignment") if row.id == granted).to_on == TODAY


@sqlite
def test_nobody_lets_his_own_post_end_or_keeps_it_by_declining(town):
    with pytest.raises(OwnMatter):
        propose(town, commands.propose_end_of_post, held(town, "lu", "administrator"), to_on=TODAY, reason="x")
    proposal = propose(
        town, commands.propose_end_of_post, held(town, "jin", "security_administrator"), to_on=TODAY, reason="轮岗"
    )
    with pytest.raises(OwnMatter), begin(town.jin) as ctx:
        commands.decline(ctx, proposal, reason="我还要用")

    approve(town, proposal, by="gao")
    with clock.at(TOMORROW):
        assert posts(town, "jin") == set()
