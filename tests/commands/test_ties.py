"""Ties that an officer declares: to a person or company, known or not; the trace names nobody."""

from __future__ import annotations

import json
from datetime import date

import pytest

from engine import clock, commands
from engine.db.store import begin
from engine.errors import Invalid, NotFound
from engine.model import Actor
from tests import county
from tests.commands.offices import events, last, person, pseudonym, rows
from tests.county import at, file

NOW = at("2026-03-02 10:00")
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
COMPANY = commands.Applicant(
    kind="legal", name="云岭小店", id_type="credit_code", id_number="91999927MA6K0AAA0X", phone=""
)


@pytest.fixture
def town(database_url):
    with clock.at(NOW):
        yield county.found()


def declare(
    town, other: commands.Applicant, kind: str = "interest", since: date | None = None, who: str = "wang"
) -> int:
    with begin(town.people[who]) as ctx:
        return commands.declare_tie(ctx, kind=kind, other=other, since=since)


def test_a_tie_to_an_applicant_is_found_by_the_number_and_changes_nothing_known(town):
    filed = file(town)
    other = county.applicant(name="另名")

    declare(town, commands.Applicant(**vars(other) | {"phone": ""}), "spouse", date(2020, 5, 1))

    tie = rows("relation")[0]
    assert (tie.person, tie.other, tie.kind) == (person(town, "wang"), county.row(filed.case).applicant, "spouse")
    assert (tie.source, tie.from_on, tie.to_on) == ("declared", date(2020, 5, 1), None)
    known = next(row for row in rows("person") if row.id == tie.other)
    assert (known.name, known.phone) == ("罗雨平", "138 0000 0000")
    assert last(kind="tie.declared")["facts"] == {"officer": pseudonym(town, "wang"), "kind": "spouse"}


def test_a_company_that_nobody_knew_is_the_same_when_it_applies(town):
    declare(town, COMPANY)

    assert next(row for row in rows("person") if row.id == rows("relation")[0].other).kind == "legal"
    assert "云岭小店" not in json.dumps(events("organ:1"), ensure_ascii=False)
    declare(town, COMPANY, "interest", who="zhao")
    assert rows("relation")[0].other == rows("relation")[1].other


@pytest.mark.parametrize(
    ("kind", "since", "number"),
    [("friend", None, None), ("spouse", date(2026, 3, 3), None), ("spouse", None, "12")],
)
def test_a_tie_that_makes_no_sense_is_not_accepted(town, kind, since, number):
    other = county.applicant(**({"number": number} if number else {}))
    with pytest.raises(Invalid):
        declare(town, other, kind, since)

    assert rows("relation") == []


def test_only_an_officer_declares(town):
    with pytest.raises(NotFound), begin(Actor(person=person(town, "wang"), channel="portal")) as ctx:
        commands.declare_tie(ctx, kind="spouse", other=COMPANY)


def test_an_own_tie_ends_but_one_of_blood_does_not(town):
    own, blood = declare(town, COMPANY), declare(town, county.applicant(), "lineal")

    for tie, who, to_on, error in (
        (blood, "wang", date(2026, 3, 9), Invalid),
        (own, "zhao", date(2026, 3, 9), NotFound),
        (own, "wang", date(2026, 3, 1), Invalid),
    ):
        with pytest.raises(error), begin(town.people[who]) as ctx:
            commands.end_tie(ctx, tie, to_on=to_on)
    with begin(town.wang) as ctx:
        commands.end_tie(ctx, own, to_on=date(2026, 3, 9))

    assert [row.to_on for row in rows("relation")] == [date(2026, 3, 9), None]
    assert last(kind="tie.declared")["facts"]["kind"] == "interest ended"
