"""Two people at once where nothing is there to lock yet: the first event of a chain, the first file of a person."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from engine import clock, commands
from engine.db import engines
from engine.db import tables as t
from engine.db.store import begin, reading
from engine.errors import NotYourRole
from tests import county
from tests.county import ITEM, applicant, at, events
from tests.samples import FORMS

from .test_races import race


@pytest.fixture
def town(database_url):
    with clock.at(at("2026-03-02 10:00")):
        yield county.found()


def filing(town, who, number):
    def run():
        with begin(town.people[who]) as ctx:
            given = applicant(number=number)
            return commands.file_case(ctx, item=ITEM, applicant=given, form=FORMS["case"], materials=())

    return run


def test_two_who_file_for_a_new_applicant_at_once_file_for_one_person(town):
    for n in range(4):
        results = race(*[filing(town, who, f"99900119880614{n:04}") for who in ("li", "hua", "li", "hua")])

        assert all(isinstance(result, commands.Filed) for result in results), results
        named = {events(result.number)[0]["facts"]["applicant"] for result in results}
        with reading() as conn:
            case = t.case_.c.number.in_([result.number for result in results])
            people = conn.execute(
                sa.select(t.person.c.pseudonym).join(t.case_, t.case_.c.applicant == t.person.c.id).where(case)
            )
            assert named == set(people.scalars())
        assert len(named) == 1


def test_the_first_events_of_an_organ_follow_each_other(town):
    def refused(who):
        def run():
            with begin(who) as ctx:
                commands.permit_trace(ctx)

        return run

    race(*[refused(town.wang)] * 6)  # connections are open from here on
    results = race(*[refused(town.hua)] * 6)  # nothing has happened in Shimen so far

    assert all(isinstance(result, NotYourRole) for result in results), results
    organ = county.ORGANS.index(next(o for o in county.ORGANS if o.code == "shimen")) + 1
    assert [event["seq"] for event in events(f"organ:{organ}")] == [1, 2, 3, 4, 5, 6]
    with reading() as conn:
        assert commands.check(conn).faults == []


def test_a_refusal_in_the_middle_never_costs_an_innocent_officer_the_step(town):
    """A refusal makes the chain longer while somebody else completes a step of the case: both come through."""
    for _ in range(3):
        filed = county.file(town)
        key = county.claim(town, "li", filed.case, "intake/accept")

        def completing(key=key):
            with begin(town.li) as ctx:
                return commands.complete(ctx, key, outcome="accept", form={}, opinion="同意")

        def meddling(key=key):
            with begin(town.hua) as ctx:
                commands.release(ctx, key)

        results = race(meddling, meddling, completing, meddling, meddling)

        assert isinstance(results[2], commands.Completed), results
        assert county.types(filed.number).count("step.completed") == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_threads_of_a_process_wait_in_line_for_the_only_writer(town, monkeypatch):
    hasty = tuple(p for p in engines.PRAGMAS if not p.startswith("busy_timeout"))
    monkeypatch.setattr(engines, "PRAGMAS", (*hasty, "busy_timeout=0"))
    engines.dispose()

    results = race(*[filing(town, "li", f"99900119880614{n:04}") for n in range(8)])

    assert all(isinstance(result, commands.Filed) for result in results), results
