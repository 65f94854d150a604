"""An absence ends early by two persons: the holder is back, and whoever stood in for the holder is not any more."""

from __future__ import annotations

from datetime import date

import pytest

from engine import clock, commands
from engine.db.store import reading
from engine.errors import Invalid, NotFound, NotYourRole, OwnMatter, SameProposer
from tests import county
from tests.commands.offices import approve, do, held, last, person, posts, propose, pseudonym, rows
from tests.county import at, claim, file, step, types

NOW = at("2026-03-04 10:00")
MONDAY, TUESDAY, TODAY, THURSDAY, FRIDAY = (date(2026, 3, day) for day in range(2, 7))
sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def town(database_url):
    with clock.at(at("2026-03-02 10:00")):
        town = county.found()
        away(town, "li", MONDAY, FRIDAY)
    with clock.at(NOW):
        yield town


def away(town, who: str, first: date, last: date) -> int:
    """Record an absence; return its id."""
    do(town, commands.propose_absence, officer=person(town, who), from_on=first, to_on=last, kind="leave")
    return int(rows("absence")[-1].id)


def first() -> int:
    return int(rows("absence")[0].id)


def last_days() -> list[date]:
    return [row.to_on for row in rows("absence")]


def test_who_is_back_acts_again_and_what_the_stand_in_held_goes_back_to_the_pool(town):
    named = {"assignment": held(town, "li", "acceptance"), "officer": person(town, "zhou"), "from_on": TODAY}
    do(town, commands.propose_stand_in, **named)
    cases = [file(town), file(town)]
    claim(town, "zhou", cases[0].case, "intake/accept")
    claim(town, "li", cases[1].case, "intake/accept")

    done = do(town, commands.propose_end_of_absence, first(), to_on=TUESDAY, by="li")

    assert done.result == f"ended {first()}, {cases[0].number} intake/accept"
    assert posts(town, "zhou") == set()
    assert step(cases[0].case, "intake/accept").claimed_by is None
    assert step(cases[1].case, "intake/accept").claimed_by == person(town, "li")
    assert types(cases[0].number)[-1] == "step.released"
    assert [row.person for row in rows("memo")] == [person(town, "li")]
    assert last(kind="absence.ended")["facts"] == {
        "proposal": rows("proposal")[-1].id,
        "officer": pseudonym(town, "li"),
        "from": "2026-03-02",
        "was": "2026-03-06",
        "to": "2026-03-03",
    }
    with reading() as conn:
        assert commands.check(conn).faults == []


@sqlite
def test_one_that_is_only_shortened_takes_nothing_from_the_stand_in_before_its_last_day(town):
    named = {"assignment": held(town, "li", "acceptance"), "officer": person(town, "zhou"), "from_on": TODAY}
    do(town, commands.propose_stand_in, **named)
    filed = file(town)
    claim(town, "zhou", filed.case, "intake/accept")

    assert do(town, commands.propose_end_of_absence, first(), to_on=TODAY).result == f"ended {first()}"

    assert posts(town, "zhou") == {("acceptance", "w1")}
    assert step(filed.case, "intake/accept").claimed_by == person(town, "zhou")
    with clock.at(at("2026-03-05 10:00")):
        assert posts(town, "zhou") == set()


@sqlite
def test_one_that_has_not_begun_is_never_taken(town):
    later = away(town, "hua", THURSDAY, FRIDAY)

    for proposed in (TUESDAY, TODAY):
        proposal = propose(town, commands.propose_end_of_absence, later, to_on=proposed)
    approve(town, proposal)

    assert last(kind="absence.ended")["facts"]["to"] == "2026-03-03"
    assert last_days() == [FRIDAY, TUESDAY]
    away(town, "hua", TODAY, FRIDAY)  # these days are free again


@sqlite
def test_a_late_approval_ends_it_with_the_day_before(town):
    proposal = propose(town, commands.propose_end_of_absence, first(), to_on=TUESDAY)

    with clock.at(at("2026-03-06 10:00")):
        approve(town, proposal)

    assert last_days() == [THURSDAY]


@sqlite
def test_it_gets_shorter_only_and_nothing_ends_further_back(town):
    for wrong in (MONDAY, FRIDAY, date(2026, 3, 9)):
        with pytest.raises(Invalid):
            propose(town, commands.propose_end_of_absence, first(), to_on=wrong)
    with pytest.raises(NotFound):
        propose(town, commands.propose_end_of_absence, 999, to_on=TODAY)


@sqlite
def test_of_two_proposals_the_second_must_still_make_it_shorter(town):
    long, short = (propose(town, commands.propose_end_of_absence, first(), to_on=day) for day in (THURSDAY, TODAY))
    approve(town, short)

    with pytest.raises(Invalid):
        approve(town, long)

    assert last_days() == [TODAY]


@sqlite
def test_one_that_is_over_is_not_ended_any_more(town):
    proposal = propose(town, commands.propose_end_of_absence, first(), to_on=THURSDAY)

    with clock.at(at("2026-03-09 10:00")), pytest.raises(Invalid):
        approve(town, proposal)

    assert last_days() == [FRIDAY]


@sqlite
def test_it_is_proposed_by_the_officer_or_an_administrator(town):
    with pytest.raises(NotYourRole):
        propose(town, commands.propose_end_of_absence, first(), to_on=TODAY, by="zhao")

    own = propose(town, commands.propose_end_of_absence, first(), to_on=THURSDAY, by="li")
    approve(town, own, by="qin")  # the chief

    assert last_days() == [THURSDAY]


@sqlite
def test_neither_the_proposer_nor_who_is_away_approves(town):
    absence = away(town, "qin", TODAY, FRIDAY)

    with pytest.raises(SameProposer):
        approve(town, propose(town, commands.propose_end_of_absence, absence, to_on=TODAY, by="qin"), by="qin")
    with pytest.raises(OwnMatter):
        approve(town, propose(town, commands.propose_end_of_absence, absence, to_on=TODAY), by="qin")

    assert last_days() == [FRIDAY, FRIDAY]
