"""Which open cases are asked about when the staff changes: whose steps fewer could do, and whose plan names them."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from engine import clock, commands
from engine.commands.staffing import stuck
from engine.db import plans, store
from engine.db import tables as t
from engine.db.read import underway
from engine.db.store import reading
from tests.commands import lawful
from tests.commands.offices import TODAY, person
from tests.commands.test_nobody_left import file
from tests.commands.test_statements import counted
from tests.commands.together import claim
from tests.county import at
from tests.staffing.changed import OFFICE, asked, ends, found, now, numbers, proposed

sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
TWO = {**OFFICE, "liu": ("reviewer", "shimen")}


@pytest.fixture
def town(database_url):
    with clock.at(at("2026-03-02 10:00")):
        yield found


@pytest.fixture
def proofs(monkeypatch):
    """Collect the numbers of the cases that are proven."""
    seen = []
    real = stuck._Question._proven
    monkeypatch.setattr(stuck._Question, "_proven", lambda self, each: seen.append(each.number) or real(self, each))
    return seen


def named(there, known) -> list[str]:
    """Return the reviewer whom a plan names, and the other."""
    persons = {who for seats in known.planned.plan.seats.values() for who, _ in seats}
    return sorted(("chen", "liu"), key=lambda who: person(there, who) not in persons)


@sqlite
def test_a_case_whose_plan_names_others_is_not_proven(town, proofs):
    there = town(TWO)
    planned, unplanned = file(there, "hua"), file(there, "hua")
    claim(there, "hua", planned.case, "accept")
    with reading() as conn:
        needed, other = named(there, underway.open_cases(conn, TODAY)[0])

    asked(ends(there, other, "reviewer"))
    assert proofs == [unplanned.number]
    asked(ends(there, needed, "reviewer"))
    assert proofs == [unplanned.number, planned.number, unplanned.number]


@sqlite
def test_a_case_that_has_left_its_plan_is_proven(town):
    there = town(TWO)
    claim(there, "hua", file(there, "hua").case, "accept")
    with reading() as conn:
        (case,), (since,) = underway.open_cases(conn, TODAY), underway.since(conn).values()
    off = person(there, named(there, case)[1])
    done = [*since.acts, ("review", (off, 0), True)]

    assert stuck._follows(case.planned, since)
    assert not stuck._follows(case.planned, underway.Since(acts=done, held=since.held))
    assert not stuck._follows(case.planned, underway.Since(acts=since.acts, held=[("review", off)]))
    assert stuck._follows(case.planned, underway.Since(acts=[*since.acts, ("review", (off, 0), False)], held=[]))


@sqlite
def test_a_plan_of_another_day_is_not_relied_on(town, proofs):
    there = town(TWO)
    case = file(there, "hua")
    claim(there, "hua", case.case, "accept")
    assert (now().cases, proofs) == ((), [])

    with clock.at(at("2026-03-03 10:00")):
        assert (now().cases, proofs) == ((), [case.number])


@sqlite
def test_other_posts_other_organs_and_closed_cases_are_not_asked_about(town, proofs):
    there = town({**TWO, "li": ("acceptance reviewer", "centre")})
    file(there, "hua")
    asked(ends(there, "li", "reviewer"))
    asked(ends(there, "li", "acceptance"))
    assert proofs == []

    lawful.write(sa.update(t.case_).values(state="withdrawn"))
    asked(ends(there, "chen", "reviewer"))
    assert (proofs, numbers(now())) == ([], [])


@sqlite
def test_what_only_adds_people_makes_no_case_stuck_and_nothing_is_proven(town, proofs):
    there = town(OFFICE)
    file(there, "hua")
    granted = {"post": "acceptance", "organ": 4, "from_on": TODAY, "writing": "云审〔2026〕1 号"}

    told = asked(proposed(there, commands.propose_post, officer=person(there, "zhao"), **granted))

    assert (told.cases, proofs) == ((), [])


@sqlite
def test_one_more_member_may_be_one_more_who_has_to_vote(database_url):
    """Of three members two decide: Yue and Song. Of four three would, and Hua has accepted the case."""
    with clock.at(at("2026-03-02 10:00")):
        there = lawful.found(lawful.item(council=True))
        lawful.give(there, "both", "council_member")
        lawful.give(there, "song", "council_member")
        case = lawful.file(there)
        lawful.do(there, case.case, "hua:accept", "chen:survey", "liu:survey", "both:review")
        body = {"post": "council_member", "organ": 1, "item": None, "tier": None, "pool": False}
        body |= {"from_on": str(TODAY), "officer": person(there, "hua")}

        (only,) = asked({"kind": "post", "body": body}).cases

        assert only.number == case.number
        assert "需要 3 人" in only.why.zh


@sqlite
def test_so_many_are_proven_and_no_more_and_the_next_time_the_rest(town):
    there = town(OFFICE)
    filed = [file(there, "hua").number for _ in range(3)]
    wanted = ends(there, "chen", "reviewer")
    plans.forget()

    first, second = asked(wanted, most=2), asked(wanted, most=2)

    assert (numbers(first), first.unseen) == (filed[:2], 1)
    assert (numbers(second), second.unseen) == (filed, 0)


@pytest.mark.parametrize("cases", [1, 4])
def test_however_many_cases_there_are_they_are_looked_through_in_three_statements(town, cases):
    there = town(TWO)
    for _ in range(cases):
        claim(there, "hua", file(there, "hua").case, "accept")
    with reading() as conn:
        _, other = named(there, underway.open_cases(conn, TODAY)[0])
    wanted = ends(there, other, "reviewer")
    store.book()  # read once for all

    with counted() as seen:
        told = asked(wanted)

    assert told.cases == ()
    assert len(seen) == 4 + 3, seen  # the staff; cases with their plans, their acts, who holds what
