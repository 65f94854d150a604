"""A correction takes two persons: who proposes, who approves, who is told, and what is refused."""

from __future__ import annotations

import json
from datetime import date, datetime

import pytest
import sqlalchemy as sa

from engine import commands
from engine.db import tables as t
from engine.db.store import book, calendar, reading
from engine.errors import (
    AlreadyDecided,
    CaseInFault,
    CaseMoved,
    Invalid,
    NoHand,
    NotCorrectable,
    NotYourPost,
    NotYourRole,
    OwnCase,
    SamePerson,
    SameProposer,
    TimeFirst,
)
from engine.model import Actor
from tests import county
from tests.commands import office
from tests.commands.mended import WHY, approve, correct, facts, propose
from tests.commands.office import memos, on
from tests.county import at, events, types


@pytest.fixture
def town(database_url):
    with on("2026-03-09"):  # Monday
        yield office.town()


@pytest.fixture
def filed(town):
    return county.file(town)


def test_maker_and_checker_differ(town, filed):
    key = propose(town.li, filed.case, mark="received", on=date(2026, 3, 5))
    office.change(sa.update(t.assignment).where(t.assignment.c.person == town.li.person).values(post="chief", organ=1))

    with pytest.raises(SameProposer) as refusal:
        approve(town.li, key)

    assert refusal.value.basis == "SOD-19"
    assert "mark.corrected" not in types(filed.number)


def test_a_head_with_a_hand_in_the_case_approves_nothing_in_it(town, filed):
    key = propose(town.li, filed.case, mark="received", on=date(2026, 3, 5))
    office.change(
        sa.insert(t.act).values(
            case_=filed.case, path="case", person=town.qin.person, kind="file", at=at("2026-03-09 10:00")
        )
    )

    with pytest.raises(SamePerson):
        approve(town.qin, key)


def test_only_the_head_of_that_unit_or_above_approves(town, filed):
    key = propose(town.li, filed.case, mark="received", on=date(2026, 3, 5))

    with pytest.raises(NotYourPost):
        approve(town.people["lord"], key)  # head of Shimen
    for who in ("feng", "ma", "qian"):
        with pytest.raises(NotYourRole):
            approve(town.people[who], key)
    with on("2026-03-10"):
        there = county.file(town, "hua")
        key = propose(town.hua, there.case, mark="received", on=date(2026, 3, 9))
        approve(town.people["lord"], key)


def test_who_has_no_hand_in_it_proposes_nothing(town, filed):
    for who in ("hua", "zhao", "qin", "ma"):
        with pytest.raises(NoHand):
            propose(town.people[who], filed.case, mark="received", on=date(2026, 3, 5))
    with pytest.raises(OwnCase):
        propose(Actor(person=county.row(filed.case).applicant), filed.case, mark="received", on=date(2026, 3, 5))


def test_the_maker_and_the_heads_of_both_units_are_told(town):
    filed = county.file(town, "hua")
    key = propose(town.hua, filed.case, mark="received", on=date(2026, 3, 5))

    approve(town.qin, key)

    told = {(m.person, m.kind, m.case_, m.text) for m in memos()}
    want = {town.hua.person, town.people["lord"].person}  # the checker is the head of the other unit himself
    assert told == {(person, "correction", filed.case, WHY["reason"]) for person in want}


def test_what_was_corrected_meanwhile_is_not_corrected_twice(town, filed):
    first = propose(town.li, filed.case, mark="received", on=date(2026, 3, 5))
    second = propose(town.li, filed.case, mark="received", on=date(2026, 3, 6))
    approve(town.qin, first)

    with pytest.raises(CaseMoved):
        approve(town.qin, second)
    with pytest.raises(AlreadyDecided):
        approve(town.qin, first)

    assert len(facts(filed.number, "mark.corrected")) == 1


def test_while_a_timer_is_due_time_comes_first(town, filed):
    key = propose(town.li, filed.case, mark="received", on=date(2026, 3, 5))
    with on("2026-03-17"), pytest.raises(TimeFirst):
        approve(town.qin, key)


def test_what_cannot_be_is_refused_when_it_is_proposed(town, filed):
    with pytest.raises(NotCorrectable):
        propose(town.li, filed.case, mark="received", on=date(2026, 3, 10))
    for wrong in (
        {"mark": "received", "on": None},
        {"mark": "received", "on": date(2026, 3, 5), "path": "case", "fields": {"staff": 7}},
        {"mark": "received", "on": date(2026, 3, 5), "reason": " "},
        {"mark": "received", "on": date(2026, 3, 5), "evidence": ""},
    ):
        with pytest.raises(Invalid):
            propose(town.li, filed.case, **wrong)


def test_the_plan_says_beforehand_what_approval_will_do(town, filed):
    with reading() as conn:
        planned = commands.plan_correction(
            conn, filed.case, mark="received", on=date(2026, 3, 5), book=book(), calendar=calendar(conn),
            today=date(2026, 3, 9),
        )  # fmt: skip
    assert [(new.key, old.due_on, new.due_on) for old, new in planned.due] == [
        ("statute:L01", date(2026, 3, 16), date(2026, 3, 12))
    ]
    key = correct(town, filed.case, "received", "2026-03-05")
    with reading() as conn:
        body = json.loads(conn.scalar(sa.select(t.proposal.c.body_json).where(t.proposal.c.id == key)))
    assert body["clocks"] == [{"key": "statute:L01", "from": "2026-03-16", "to": "2026-03-12"}]


def test_a_case_in_fault_is_repaired_first(town, filed):
    office.change(sa.update(t.case_).where(t.case_.c.id == filed.case).values(state="fault"))

    with pytest.raises(CaseInFault):
        propose(town.li, filed.case, mark="received", on=date(2026, 3, 5))


def test_reason_evidence_and_names_stay_out_of_the_trace(town, filed):
    correct(town, filed.case, "received", "2026-03-05")

    told = str([*events(filed.number), *events("organ:1"), *events("organ:3")])
    assert WHY["reason"] not in told
    assert WHY["evidence"] not in told
    assert datetime.fromisoformat(events(filed.number)[-1]["at"]) >= at("2026-03-09 10:00")
