"""What is counted over many cases: pairs too often together, long stays at a window, approving and supervising."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from engine import clock, commands
from engine.commands import eligible
from engine.db import tables as t
from engine.db.read import pairs
from engine.db.read.pairs import Pair
from engine.db.store import book, reading
from tests import county
from tests.commands import lawful
from tests.commands.lawful import write
from tests.county import at

TODAY = date(2026, 3, 2)
FIRST = date(2026, 1, 1)


@pytest.fixture
def town(database_url):
    with clock.at(at("2026-03-02 10:00")):
        yield lawful.found()


def rule(number: int, **more):
    return replace(book().constraints[f"SOD-{number}"], **more)


def decide(town, reviewer: str, decider: str) -> commands.Filed:
    filed = lawful.file(town)
    lawful.do(town, filed.case, "hua:accept", "chen:survey", "liu:survey", f"{reviewer}:review", f"{decider}:decide")
    return filed


@pytest.fixture
def decided(town):
    """Three decided cases, two of them by wang and zhao."""
    return [decide(town, "wang", "zhao"), decide(town, "yan", "zhao"), decide(town, "wang", "zhao")]


def test_sod_28_passes_pairs_up_to_the_share_and_items_of_few_cases(town, decided):
    with reading() as conn:
        assert pairs.pairs(conn, rule(28, share=(67, 100), least=3), FIRST, TODAY) == ()
        assert pairs.pairs(conn, rule(28, least=4), FIRST, TODAY) == ()
        assert pairs.pairs(conn, rule(28, least=3), date(2026, 3, 3), date(2026, 3, 31)) == ()  # of another time
        assert pairs.pairs(conn, rule(28, least=3), FIRST, TODAY, "another_item") == ()


def test_sod_28_warns_of_a_pair_above_the_share_and_refuses_nothing(town, decided):
    with reading() as conn:
        found = pairs.pairs(conn, rule(28, least=3), FIRST, TODAY)

    assert found == (Pair(item="lawful", one=town.wang.person, other=town.zhao.person, cases=2, of=3),)


def test_sod_28_warns_beside_the_name_of_who_would_decide_again(town, decided, monkeypatch):
    known = book()
    little = replace(known, constraints={**known.constraints, "SOD-28": rule(28, least=3)})
    filed = lawful.file(town)
    lawful.do(town, filed.case, "hua:accept", "chen:survey", "liu:survey", "wang:review")
    monkeypatch.setattr(eligible.store, "book", lambda: little)

    with reading() as conn:
        found = {each.person: each for each in commands.officers(conn, county.step(filed.case, "decide").id, TODAY)}

    assert (found[town.zhao.person].warning, found[town.zhao.person].refusal) == ("SOD-28", None)
    assert found[town.song.person].warning == ""


def test_sod_28_warns_of_more_than_five_years_at_one_window(town):
    first = sa.update(t.assignment).where(t.assignment.c.person == town.li.person)
    write(first.values(from_on=date(2021, 3, 3)))
    with reading() as conn:
        assert pairs.stays(conn, rule(28), TODAY) == ()
    write(first.values(from_on=date(2021, 3, 2)))

    with reading() as conn:
        (found,) = pairs.stays(conn, rule(28), TODAY)

    assert (found.person, found.window.name, found.since) == (town.li.person, "1 号窗口", date(2021, 3, 2))


def test_sod_11_passes_who_approves_only(town, decided):
    with reading() as conn:
        assert pairs.both(conn, rule(11), TODAY) == ()


def test_sod_11_warns_of_who_approved_and_supervises_the_same_applicant(town, decided):
    supervises = lawful.give(town, "wang", "market_supervisor")
    later = decided[0].case
    with reading() as conn:
        of = conn.execute(sa.select(t.case_.c.organ, t.case_.c.applicant).where(t.case_.c.id == later)).one()
    row = {"case_": later, "step": county.step(later, "review").id, "path": "look", "person": town.wang.person}
    write(sa.insert(t.act).values(row | {"assignment": supervises, "kind": "complete", "at": clock.now()}))

    with reading() as conn:
        (found,) = pairs.both(conn, rule(11), TODAY)
        assert pairs.both(conn, rule(11, months=12), date(2027, 6, 2)) == ()

    assert (found.person, found.cases, of.applicant > 0) == (town.wang.person, 2, True)
