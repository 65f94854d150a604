"""A step goes to the county pool only when nobody in its office may act on it, and somebody in the pool can."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from engine import commands
from engine.db import tables as t
from engine.db.read import desk
from engine.db.store import begin, reading
from engine.errors import Invalid, NobodyInPool, NotEligible, NotNeeded, NotYourPost, SamePerson, StepClosed
from engine.model import Actor
from tests import county
from tests.commands import office, small
from tests.commands.office import on
from tests.commands.test_copying import officer

TODAY = date(2026, 3, 2)  # Monday


@pytest.fixture
def town(database_url):
    with on("2026-03-02"):
        yield office.town()


@pytest.fixture
def filed(town):
    return county.file(town, "hua")


def lend(who: Actor, case: int, path: str = "intake/accept", reason: str = "本乡无人可办") -> int:
    with begin(who) as ctx:
        return commands.lend(ctx, county.step(case, path).id, reason=reason)


def all_away(town) -> None:
    for name in ("hua", "hu"):
        office.away(town.people[name], TODAY)


def test_nobody_there_can_act_and_the_pool_takes_the_step(town, filed):
    all_away(town)
    clocks = small.clock(filed.case, f"step:{county.step(filed.case, 'intake/accept').token}")

    lend(town.hua, filed.case)

    with reading() as conn:
        county_organ = conn.scalar(sa.select(t.organ.c.id).where(t.organ.c.code == "yl"))
        waiting = [row.number for row in desk.pool(conn, officer(town.people["pool1"]), 1)]
        faults = commands.check(conn).faults
    step = county.step(filed.case, "intake/accept")
    assert (step.organ, step.post, step.claimed_by) == (county_organ, "acceptance", None)
    assert small.clock(filed.case, f"step:{step.token}") == clocks
    assert waiting == [filed.number]
    assert faults == []
    told = county.events(filed.number)[-1]
    assert (told["type"], told["step"], told["facts"]) == ("step.lent", "intake/accept", {"from": "shimen", "to": "yl"})
    assert told["data"] is not None
    assert "无人" not in str(told)


def test_the_pool_finishes_what_it_was_lent(town, filed):
    all_away(town)
    lend(town.qian, filed.case)

    county.do(town, "pool1", filed.case, "intake/accept", "accept")

    assert "intake/accept" not in county.open_paths(filed.case)


def test_while_somebody_there_can_act_nothing_is_lent_and_they_are_named(town, filed):
    office.away(town.hua, TODAY)

    with pytest.raises(NotNeeded) as refusal:
        lend(town.qian, filed.case)

    assert refusal.value.holder == "Hu"
    assert county.step(filed.case, "intake/accept").organ != 1
    assert "step.lent" not in county.types(filed.number)


def test_whoever_is_barred_by_separation_counts_as_nobody(town, filed):
    office.away(town.hua, TODAY)
    office.change(  # Hu is the applicant
        sa.update(t.case_).where(t.case_.c.id == filed.case).values(applicant=town.people["hu"].person)
    )

    lend(town.qian, filed.case)

    assert county.types(filed.number)[-1] == "step.lent"


def test_who_held_the_step_and_is_away_holds_it_no_longer(town, filed):
    county.claim(town, "hua", filed.case, "intake/accept")
    all_away(town)

    lend(town.people["lord"], filed.case)

    assert county.step(filed.case, "intake/accept").claimed_by is None
    county.claim(town, "pool2", filed.case, "intake/accept")


def test_where_the_pool_cannot_act_either_nothing_moves(town, filed):
    all_away(town)
    for name in ("pool1", "pool2"):
        office.away(town.people[name], TODAY)

    with pytest.raises(NobodyInPool):
        lend(town.qian, filed.case)

    assert county.step(filed.case, "intake/accept").organ != 1


def test_who_is_not_of_the_pool_is_none_of_it(town, filed):
    all_away(town)
    office.change(sa.update(t.assignment).values(pool=False))

    with pytest.raises(NobodyInPool):
        lend(town.qian, filed.case)


def test_a_holder_beside_the_pool_does_not_make_up_for_it(town, filed):
    all_away(town)
    office.away(town.people["pool1"], TODAY)
    beside = t.assignment.c.person == town.people["pool2"].person
    office.change(sa.update(t.assignment).where(beside).values(pool=False))

    with pytest.raises(NobodyInPool):
        lend(town.qian, filed.case)


def test_a_pool_of_whom_all_have_a_separated_hand_in_it_is_none(town):
    filed = county.file(town)
    county.do(town, "li", filed.case, "intake/accept", "accept")
    office.change(sa.update(t.assignment).where(t.assignment.c.post == "reviewer").values(organ=4))
    office.change(sa.update(t.step).where(t.step.c.path == "review").values(organ=4))
    office.change(
        sa.update(t.assignment).where(t.assignment.c.person == town.people["pool1"].person).values(post="reviewer")
    )
    for name in ("wang", "both"):
        office.away(town.people[name], TODAY)
    office.change(
        sa.insert(t.act).values(
            case_=filed.case, step=county.step(filed.case, "intake/accept").id, path="intake/accept",
            person=town.people["pool1"].person, kind="complete", outcome="accept", at=county.at("2026-03-02 09:00"),
        )
    )  # fmt: skip

    with pytest.raises(NobodyInPool):
        lend(town.qian, filed.case, "review")
    office.change(sa.update(t.step).where(t.step.c.path == "review").values(organ=1))
    with pytest.raises(SamePerson):
        county.claim(town, "pool1", filed.case, "review")


@pytest.mark.parametrize("who", ["li", "zhao", "sun", "ma"])
def test_others_do_not_lend(town, filed, who):
    all_away(town)

    with pytest.raises(NotYourPost):
        lend(town.people[who], filed.case)


@pytest.mark.parametrize("who", ["hua", "qian", "lord", "qin"])  # holder, monitor, chief there, chief above
def test_those_may(town, filed, who):
    all_away(town)

    lend(town.people[who], filed.case)

    assert county.types(filed.number)[-1] == "step.lent"


def test_it_takes_a_reason_and_an_open_step(town, filed):
    with pytest.raises(Invalid):
        lend(town.qian, filed.case, reason=" ")
    step = county.step(filed.case, "intake/accept").id
    county.do(town, "hua", filed.case, "intake/accept", "accept")

    with pytest.raises(StepClosed), begin(town.qian) as ctx:
        commands.lend(ctx, step, reason="无人")


def beside(town, name: str = "pool2") -> Actor:
    """Let an officer hold the post in the county organ without being of the pool."""
    own = t.assignment.c.person == town.people[name].person
    office.change(sa.update(t.assignment).where(own).values(pool=False))
    return town.people[name]


def waiting(who: Actor) -> tuple[list[str], int]:
    with reading() as conn:
        return [row.number for row in desk.pool(conn, officer(who), 1)], desk.pool_size(conn, officer(who))


def test_what_was_lent_is_taken_by_the_pool_alone_and_not_by_who_holds_the_post_beside_it(town, filed):
    other = beside(town)
    all_away(town)
    lend(town.hua, filed.case)
    step = county.step(filed.case, "intake/accept")

    with reading() as conn:
        assert [each.name for each in commands.officers(conn, step.id, TODAY)] == ["Pool1"]
    assert waiting(other) == ([], 0)
    assert waiting(town.people["pool1"]) == ([filed.number], 1)
    with pytest.raises(NotYourPost):
        county.claim(town, "pool2", filed.case, "intake/accept")
    county.claim(town, "pool1", filed.case, "intake/accept")
    with pytest.raises(NotEligible) as refusal, begin(town.people["pool1"]) as ctx:
        commands.transfer(ctx, step.id, to=other.person, reason="请代办")
    assert isinstance(refusal.value.cause, NotYourPost)


def test_whoever_leaves_the_pool_completes_nothing_that_was_lent_any_more(town, filed):
    all_away(town)
    lend(town.hua, filed.case)
    county.claim(town, "pool2", filed.case, "intake/accept")
    beside(town)

    with pytest.raises(NotYourPost), begin(town.people["pool2"]) as ctx:
        commands.complete(ctx, county.step(filed.case, "intake/accept").id, outcome="accept", form={}, opinion="同意")
    assert "intake/accept" in county.open_paths(filed.case)


def test_a_step_of_the_county_organ_that_nobody_lent_is_for_all_who_hold_its_post(town, filed):
    other = beside(town)
    here = sa.select(t.organ.c.id).where(t.organ.c.code == "yl").scalar_subquery()
    office.change(sa.update(t.step).where(t.step.c.case_ == filed.case).values(organ=here))

    county.claim(town, "pool2", filed.case, "intake/accept")

    assert county.step(filed.case, "intake/accept").claimed_by == other.person
