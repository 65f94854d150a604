"""The same person may not act twice where a rule keeps steps apart; refused attempts stay in the trace."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from engine import clock, commands
from engine.db import tables as t
from engine.db.engines import engine
from engine.db.store import begin
from engine.errors import (
    AlreadyClaimed,
    AlreadySigned,
    ExcludedPosts,
    NotClaimed,
    NotYourClaim,
    NotYourPost,
    NotYourRole,
    OutcomeDiffers,
    OwnCase,
    SamePerson,
)
from engine.settings import settings
from tests import county
from tests.county import at, claim, do, file, step
from tests.samples import FORMS


@pytest.fixture
def town(database_url):
    with clock.at(at("2026-03-02 10:00")):
        yield county.found()


@pytest.fixture
def reviewed(town):
    """A case that `both` has reviewed, waiting for the recheck."""
    filed = file(town, kind="change")
    do(town, "li", filed.case, "intake/accept", "accept")
    do(town, "both", filed.case, "review", "pass")
    return filed


def test_the_reviewer_may_not_recheck(town, reviewed):
    with pytest.raises(SamePerson) as refusal:
        claim(town, "both", reviewed.case, "recheck")

    assert (refusal.value.other, refusal.value.basis) == ("审查", "SOD-03")
    last = county.events(reviewed.number)[-1]
    assert (last["type"], last["step"], last["rule"]) == ("refused", "recheck", "SOD-03")
    assert last["facts"]["error"] == "SamePerson"
    assert county.row(reviewed.case).version == 5  # filed; claimed and accepted; claimed and reviewed


def test_separation_is_checked_again_when_the_step_is_done(town, reviewed):
    key = step(reviewed.case, "recheck").id
    with engine(settings().database_url).begin() as conn:  # a claim that went past the check
        conn.execute(sa.update(t.step).where(t.step.c.id == key).values(claimed_by=town.both.person))

    with pytest.raises(SamePerson), begin(town.both) as ctx:
        commands.complete(ctx, key, outcome="agree", form=FORMS["recheck"], opinion="同意")


def test_another_person_decides(town, reviewed):
    do(town, "he", reviewed.case, "recheck", "agree")
    with pytest.raises(SamePerson):
        claim(town, "both", reviewed.case, "decide")

    do(town, "zhao", reviewed.case, "decide", "grant")

    assert county.open_paths(reviewed.case) == ["issue/make"]


def test_a_released_step_binds_nobody(town, reviewed):
    claim(town, "he", reviewed.case, "recheck")
    with begin(town.he) as ctx:
        commands.release(ctx, step(reviewed.case, "recheck").id)

    assert step(reviewed.case, "recheck").claimed_by is None
    assert [e["type"] for e in county.events(reviewed.number)][-2:] == ["step.claimed", "step.released"]


def test_who_holds_no_fitting_post_is_told_which_one_it_takes(town, reviewed):
    with pytest.raises(NotYourPost, match=r"复核岗.*云岭县行政审批局"):
        claim(town, "zhou", reviewed.case, "recheck")


def test_a_township_clerk_may_not_accept_for_the_centre(town):
    filed = file(town)

    with pytest.raises(NotYourPost):
        claim(town, "hua", filed.case, "intake/accept")


def test_nobody_without_an_acceptance_post_files(town):
    with pytest.raises(NotYourRole):
        file(town, who="wang")
    assert county.events("organ:1")[-1]["facts"]["verb"] == "file"


def test_an_officer_may_not_handle_an_own_application(town, reviewed):
    with engine(settings().database_url).begin() as conn:
        conn.execute(sa.update(t.case_).values(applicant=town.he.person))

    with pytest.raises(OwnCase) as refusal:
        claim(town, "he", reviewed.case, "recheck")

    assert refusal.value.basis == "SOD-31"


def test_posts_that_exclude_each_other_stop_their_holder(town, reviewed):
    with engine(settings().database_url).begin() as conn:  # granted past the check
        held = conn.execute(sa.select(t.assignment).where(t.assignment.c.person == town.he.person)).one()
        row = {k: v for k, v in held._mapping.items() if k != "id"} | {"post": "monitor"}
        conn.execute(sa.insert(t.assignment).values(**row))

    with pytest.raises(ExcludedPosts) as refusal:
        claim(town, "he", reviewed.case, "recheck")

    assert refusal.value.basis == "SOD-01"


def test_an_inspection_needs_two_different_persons_who_find_the_same(town):
    filed = file(town)
    do(town, "li", filed.case, "intake/accept", "accept")
    first = do(town, "chen", filed.case, "site_inspection/inspect", "pass")
    assert (first.signed, first.needed) == (1, 2)
    assert county.events(filed.number)[-1]["facts"] == {"signed": 1, "needed": 2}

    with pytest.raises(AlreadySigned):
        claim(town, "chen", filed.case, "site_inspection/inspect")
    with pytest.raises(OutcomeDiffers):
        do(town, "liu", filed.case, "site_inspection/inspect", "fail")
    with begin(town.liu) as ctx:
        commands.complete(
            ctx,
            step(filed.case, "site_inspection/inspect").id,
            outcome="pass",
            form=FORMS["site_inspection/inspect"],
            opinion="同意",
        )

    assert county.open_paths(filed.case) == ["review"]


def test_a_step_belongs_to_who_claimed_it(town, reviewed):
    key = step(reviewed.case, "recheck").id
    with pytest.raises(NotClaimed), begin(town.he) as ctx:
        commands.complete(ctx, key, outcome="agree", form=FORMS["recheck"], opinion="")
    claim(town, "he", reviewed.case, "recheck")
    second = town.people["he"]
    assert second.person == step(reviewed.case, "recheck").claimed_by

    grant_recheck(town, "zhou")
    with pytest.raises(AlreadyClaimed, match="He"):
        claim(town, "zhou", reviewed.case, "recheck")
    with pytest.raises(NotYourClaim, match="He"), begin(town.zhou) as ctx:
        commands.complete(ctx, key, outcome="agree", form=FORMS["recheck"], opinion="")


def grant_recheck(town, name):
    with engine(settings().database_url).begin() as conn:
        held = conn.execute(sa.select(t.assignment).where(t.assignment.c.person == town.he.person)).one()
        row = {k: v for k, v in held._mapping.items() if k != "id"} | {"person": town.people[name].person}
        conn.execute(sa.insert(t.assignment).values(**row))
