"""A registered stand-in acts while the holder is away and only then, bound as both (SOD-16). Absences."""

from __future__ import annotations

from datetime import date

import pytest

from engine import clock, commands
from engine.db.store import begin, reading
from engine.errors import (
    Invalid,
    IsAway,
    NoStandIn,
    NotYourPost,
    NotYourRole,
    OwnMatter,
    OwnStandIn,
    PostsExclude,
    SameProposer,
    StandInNamed,
)
from tests import county
from tests.commands.offices import (
    approve,
    do,
    held,
    last,
    person,
    post,
    posts,
    propose,
    pseudonym,
    refusal,
    rows,
)
from tests.county import at, claim, events, file

NOW = at("2026-03-02 10:00")
TODAY, WEDNESDAY, FRIDAY = date(2026, 3, 2), date(2026, 3, 4), date(2026, 3, 6)


@pytest.fixture
def town(database_url):
    with clock.at(NOW):
        yield county.found()


sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def stand_in(town, holder: str, code: str, who: str, **days):
    terms = {"from_on": TODAY} | days
    return propose(
        town, commands.propose_stand_in, assignment=held(town, holder, code), officer=person(town, who), **terms
    )


def away(town, who: str, first: date = TODAY, last: date = WEDNESDAY):
    return do(town, commands.propose_absence, officer=person(town, who), from_on=first, to_on=last, kind="leave")


def test_the_stand_in_acts_while_the_holder_is_away_and_only_then(town):
    filed = file(town)
    done = approve(town, stand_in(town, "li", "acceptance", "zhou"))

    assert posts(town, "zhou") == set()
    with pytest.raises(NotYourPost):
        claim(town, "zhou", filed.case, "intake/accept")
    away(town, "li")
    assert posts(town, "zhou") == {("acceptance", "w1")}
    key = claim(town, "zhou", filed.case, "intake/accept")

    with clock.at(at("2026-03-05 10:00")):  # the holder is back
        assert posts(town, "zhou") == set()
        with pytest.raises(NotYourPost), begin(town.zhou) as ctx:
            commands.complete(ctx, key, outcome="accept", form={}, opinion="同意")
        with begin(town.zhou) as ctx:
            commands.release(ctx, key)
    assert done.result == f"stand-in {rows('stand_in')[0].id}"
    assert last(kind="stand_in.named")["facts"] == {
        "proposal": rows("stand_in")[0].proposal,
        "stand_in": rows("stand_in")[0].id,
        "granted": held(town, "li", "acceptance"),
        "officer": pseudonym(town, "zhou"),
        "from": "2026-03-02",
        "to": None,
    }
    assert last(kind="absence.recorded")["facts"]["officer"] == pseudonym(town, "li")
    with reading() as conn:
        assert commands.check(conn).faults == []


@sqlite
def test_nobody_acts_where_both_are_away(town):
    approve(town, stand_in(town, "li", "acceptance", "zhou"))
    away(town, "li")
    away(town, "zhou", WEDNESDAY, FRIDAY)

    assert posts(town, "zhou") == {("acceptance", "w1")}
    with clock.at(at("2026-03-04 10:00")):
        assert posts(town, "zhou") == set()


@sqlite
def test_the_stand_in_of_a_stand_in_does_not_act_for_the_holder(town):
    approve(town, post(town, "zhou", "reviewer"))
    approve(town, stand_in(town, "li", "acceptance", "zhou"))
    approve(town, stand_in(town, "zhou", "reviewer", "wu"))
    away(town, "li")
    away(town, "zhou")

    assert posts(town, "wu") == {("issuer", "yl"), ("reviewer", "yl")}


@sqlite
def test_two_may_stand_in_for_one_another(town):
    approve(town, stand_in(town, "li", "acceptance", "hua"))
    approve(town, stand_in(town, "hua", "acceptance", "li"))
    away(town, "li")

    assert posts(town, "hua") == {("acceptance", "shimen"), ("acceptance", "w1")}
    away(town, "hua", WEDNESDAY)
    with clock.at(at("2026-03-04 10:00")):
        assert posts(town, "hua") == {("acceptance", "shimen")}
        assert posts(town, "li") == {("acceptance", "w1")}


@sqlite
def test_nobody_stands_in_for_himself_by_whatever_account(town):
    with pytest.raises(OwnStandIn):
        stand_in(town, "li", "acceptance", "li")

    assert refusal() == ("propose_stand_in", "OwnStandIn", "SOD-16")


@pytest.mark.parametrize(("holder", "code"), [("lu", "administrator"), ("gao", "security_administrator")])
@sqlite
def test_posts_that_admit_no_stand_in(town, holder, code):
    with pytest.raises(NoStandIn):
        propose(
            town,
            commands.propose_stand_in,
            assignment=held(town, holder, code),
            officer=person(town, "zhou"),
            from_on=TODAY,
            by="wei",
        )


@pytest.mark.parametrize("who", ["qian", "sun", "qin"])
@sqlite
def test_who_may_not_hold_the_post_may_not_stand_in_for_it(town, who):
    with pytest.raises(PostsExclude):
        stand_in(town, "li", "acceptance", who)


@sqlite
def test_the_posts_of_both_must_go_together_whichever_comes_last(town):
    approve(town, stand_in(town, "li", "acceptance", "zhou"))

    for who in ("zhou", "li"):
        with pytest.raises(PostsExclude):
            post(town, who, "monitor")


@sqlite
def test_one_stand_in_a_post_and_time(town):
    approve(town, stand_in(town, "li", "acceptance", "zhou", to_on=WEDNESDAY))

    with pytest.raises(StandInNamed):
        stand_in(town, "li", "acceptance", "wu", from_on=WEDNESDAY)
    stand_in(town, "li", "acceptance", "wu", from_on=FRIDAY)


@sqlite
def test_who_is_away_on_the_first_day_is_not_named(town):
    away(town, "zhou")

    with pytest.raises(IsAway):
        stand_in(town, "li", "acceptance", "zhou")
    stand_in(town, "li", "acceptance", "zhou", from_on=FRIDAY)


@sqlite
def test_neither_the_holder_nor_the_stand_in_approves(town):
    proposal = stand_in(town, "ma", "flow_manager", "jin")

    with pytest.raises(OwnMatter):
        approve(town, proposal, by="jin")
    approve(town, proposal, by="gao")


@sqlite
def test_days_outside_the_post_or_in_the_past_are_not_accepted(town):
    approve(town, post(town, "zhou", "reviewer", from_on=WEDNESDAY, to_on=FRIDAY))

    for days in ({"from_on": TODAY}, {"from_on": WEDNESDAY}, {"from_on": date(2026, 3, 1), "to_on": FRIDAY}):
        with pytest.raises(Invalid):
            stand_in(town, "zhou", "reviewer", "wu", **days)
    stand_in(town, "zhou", "reviewer", "wu", from_on=WEDNESDAY, to_on=FRIDAY)


@sqlite
def test_a_stand_in_ends_with_the_registration_or_with_the_post(town):
    filed = file(town)
    approve(town, stand_in(town, "li", "acceptance", "zhou"))
    away(town, "li")
    claim(town, "zhou", filed.case, "intake/accept")
    named = rows("stand_in")[0].id

    done = do(town, commands.propose_end_of_stand_in, named, to_on=date(2026, 3, 1))

    assert done.result == f"ended {named}, {filed.number} intake/accept"
    assert posts(town, "zhou") == set()
    assert events("organ:1")[-2]["facts"] == {"proposal": done_by(done), "stand_in": named, "to": "2026-03-01"}
    approve(town, stand_in(town, "li", "acceptance", "zhou"))
    do(town, commands.propose_end_of_post, held(town, "li", "acceptance"), to_on=date(2026, 3, 1), reason="调岗")
    assert posts(town, "zhou") == set()
    with pytest.raises(Invalid):
        propose(town, commands.propose_end_of_stand_in, named, to_on=FRIDAY)


def done_by(_: commands.Approved) -> int:
    return [row.id for row in rows("proposal") if row.kind == "end_of_stand_in"][-1]


@sqlite
def test_an_officer_reports_an_absence_himself_and_another_approves(town):
    wanted = {"officer": person(town, "jin"), "from_on": TODAY, "to_on": FRIDAY, "kind": "sick"}
    proposal = propose(town, commands.propose_absence, by="jin", **wanted)

    with pytest.raises(SameProposer):
        approve(town, proposal, by="jin")
    approve(town, proposal, by="qin")  # the chief

    assert rows("absence")[-1].kind == "sick"


@sqlite
def test_an_absence_is_no_matter_of_colleagues_nor_of_the_one_who_is_away(town):
    wanted = {"officer": person(town, "qin"), "from_on": TODAY, "to_on": FRIDAY, "kind": "leave"}
    with pytest.raises(NotYourRole):
        propose(town, commands.propose_absence, by="zhao", **wanted)
    proposal = propose(town, commands.propose_absence, **wanted)
    with pytest.raises(OwnMatter):
        approve(town, proposal, by="qin")


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"from_on": WEDNESDAY, "to_on": FRIDAY}, IsAway),
        ({"from_on": date(2026, 3, 1), "to_on": FRIDAY}, Invalid),
        ({"from_on": FRIDAY, "to_on": date(2026, 3, 5)}, Invalid),
        ({"from_on": FRIDAY, "to_on": FRIDAY, "kind": "bored"}, Invalid),
    ],
)
@sqlite
def test_days_away_do_not_overlap_and_lie_ahead(town, wrong, error):
    away(town, "li")

    with pytest.raises(error):
        propose(town, commands.propose_absence, **{"officer": person(town, "li"), "kind": "leave"} | wrong)
