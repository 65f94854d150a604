"""Whom a complaint is about, by officer, post and organ: known answers, and one condition for rules and pages."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from engine import commands
from engine.db import shield
from engine.db import tables as t
from engine.db.store import begin, reading
from engine.errors import ComplainedOf, Invalid
from engine.rules.task import About, concerns
from tests import county
from tests.commands import lawful, office, small
from tests.commands.office import on

TEXT: dict[str, Any] = {"type": "string", "title": "谁", "title_en": "Who", "minLength": 1, "maxLength": 60}
KINDS = ("officer", "post", "organ")
POST = {"post": "reviewer", "organ": "yl"}


@pytest.fixture
def town(database_url):
    with on("2026-03-09"):
        yield office.town()


def deploy(town, *kinds: str) -> None:
    fields = {kind: TEXT | {"x-about": kind} for kind in kinds}
    steps = small.step("look", post="reviewer")
    form = small.form(**fields)
    made = small.item("", "s>look look>z", small.begins(), steps, '<endEvent id="z"/>', forms={"case": form})
    small.deploy(town, made)


def file(town, by: str = "li", **form: Any) -> commands.Filed:
    with begin(town.people[by]) as ctx:
        return commands.file_case(ctx, item="small", applicant=county.applicant(), form=form, materials=())


def about(case: int) -> tuple[Any, ...]:
    with reading() as conn:
        columns = (t.case_.c.about_person, t.case_.c.about_post, t.case_.c.about_organ)
        return tuple(conn.execute(sa.select(*columns).where(t.case_.c.id == case)).one())


def kept_from(town, case: int) -> set[str]:
    with reading() as conn:
        return {name for name, who in town.people.items() if not shield.is_open(conn, case, who.person)}


def test_a_post_complained_of_keeps_out_everybody_who_holds_it_there(town):
    deploy(town, "post", "organ")
    filed = file(town, **POST)

    assert about(filed.case) == (None, "reviewer", lawful.ORGAN["county"])
    assert kept_from(town, filed.case) == {"wang", "both"}
    for who in ("wang", "both"):
        with pytest.raises(ComplainedOf), begin(town.people[who]) as ctx:
            commands.claim(ctx, county.step(filed.case, "look").id)


def test_a_post_at_a_window_counts_for_the_organ_above_it_and_only_while_it_is_held(town):
    deploy(town, "post", "organ")
    filed = file(town, "hua", post="acceptance", organ="centre")
    assert kept_from(town, filed.case) == {"li"}

    office.change(sa.update(t.assignment).where(t.assignment.c.person == town.li.person).values(to_on=date(2026, 3, 6)))
    assert kept_from(town, filed.case) == set()


def test_of_two_officers_of_one_name_the_post_tells_which(town):
    deploy(town, *KINDS)
    office.change(sa.update(t.person).where(t.person.c.id == town.zhao.person).values(name="Wang"))

    filed = file(town, officer="Wang", **POST)

    assert about(filed.case)[0] == town.wang.person
    with pytest.raises(Invalid):
        file(town, officer="Wang", post="issuer", organ="yl")


def test_what_names_nobody_is_not_filed(town):
    deploy(town, *KINDS)

    for wrong in ({"officer": "无名氏"}, {"post": "nothing"}, {"organ": "nowhere"}):
        with pytest.raises(Invalid) as found:
            file(town, **({"officer": "Wang"} | POST | wrong))
        assert found.value.findings[0].where in wrong


def test_a_case_that_is_no_complaint_is_kept_from_nobody(town):
    filed = county.file(town)

    assert about(filed.case) == (None, None, None)
    assert kept_from(town, filed.case) == set()


def test_the_condition_of_the_pages_says_what_the_rule_of_permission_says(town):
    deploy(town, *KINDS)
    filed = file(town, officer="Wang", **POST)
    who = About(post="reviewer", organ=lawful.ORGAN["county"], person=town.wang.person)

    for post, organ in (("reviewer", "county"), ("reviewer", "shimen"), ("acceptance", "w1"), ("acceptance", "centre")):
        where = {"about_post": post, "about_organ": lawful.ORGAN[organ], "about_person": who.person}
        office.change(sa.update(t.case_).where(t.case_.c.id == filed.case).values(where))
        asked = About(post=post, organ=lawful.ORGAN[organ], person=who.person, rule="SOD-21")
        barred = set()
        for name, actor in town.people.items():
            with begin(actor) as ctx:
                own = [each for each in ctx.assignments if each.on_behalf is None]
                if concerns(actor.person, own, asked):
                    barred.add(name)
        assert kept_from(town, filed.case) == barred
