"""A step that two persons sign: a signature may be taken back while the step is open, so that nobody is stranded."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from engine import clock, commands
from engine.db import tables as t
from engine.db.engines import engine
from engine.db.store import begin, reading
from engine.errors import AlreadySigned, NotSigned, OutcomeDiffers, SamePerson, StepClosed
from engine.settings import settings
from tests import county
from tests.county import at, claim, do, file, step

INSPECT = "site_inspection/inspect"


@pytest.fixture
def town(database_url):
    with clock.at(at("2026-03-02 10:00")):
        yield county.found()


@pytest.fixture
def signed(town):
    """A case whose inspection chen has signed by mistake as failed."""
    filed = file(town)
    do(town, "li", filed.case, "intake/accept", "accept")
    do(town, "chen", filed.case, INSPECT, "fail")
    return filed


def take_back(who, case):
    with begin(who) as ctx:
        return commands.take_back(ctx, step(case, INSPECT).id)


def test_who_signed_by_mistake_takes_it_back_and_signs_anew(town, signed):
    with pytest.raises(OutcomeDiffers):
        do(town, "liu", signed.case, INSPECT, "pass")
    with begin(town.liu) as ctx:
        commands.release(ctx, step(signed.case, INSPECT).id)
    with pytest.raises(AlreadySigned):
        claim(town, "chen", signed.case, INSPECT)

    take_back(town.chen, signed.case)
    first = do(town, "chen", signed.case, INSPECT, "pass")
    second = do(town, "liu", signed.case, INSPECT, "pass")

    assert (first.signed, second.signed) == (1, 2)
    assert step(signed.case, INSPECT).outcome == "pass"
    told = [e["facts"] for e in county.events(signed.number) if e["type"] == "step.unsigned"]
    assert told == [{"signed": 0}]
    with reading() as conn:
        assert [fault.text("en") for fault in commands.check(conn).faults] == []


def test_after_it_is_taken_back_two_others_must_still_sign(town, signed):
    take_back(town.chen, signed.case)

    done = do(town, "liu", signed.case, INSPECT, "pass")

    assert (done.signed, done.needed) == (1, 2)
    assert step(signed.case, INSPECT).closed_at is None


def test_a_signature_taken_back_still_counts_for_separation(town, signed):
    take_back(town.chen, signed.case)
    grant(town, "chen", "reviewer")

    with pytest.raises(SamePerson):
        claim(town, "chen", signed.case, "review")


def grant(town, name, post):
    with engine(settings().database_url).begin() as conn:
        held = conn.execute(sa.select(t.assignment).where(t.assignment.c.person == town.people[name].person)).one()
        row = {k: v for k, v in held._mapping.items() if k != "id"} | {"post": post}
        conn.execute(sa.insert(t.assignment).values(**row))


def test_nobody_takes_back_what_is_not_there_or_is_done(town, signed):
    with pytest.raises(NotSigned):
        take_back(town.liu, signed.case)
    do(town, "liu", signed.case, INSPECT, "fail")

    with pytest.raises(StepClosed):
        take_back(town.chen, signed.case)
