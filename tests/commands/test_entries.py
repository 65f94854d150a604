"""No entry is forgotten: what a post, an organ, an item or a person rules out is ruled out wherever one may ask."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from engine import clock, commands
from engine.db import tables as t
from engine.db.engines import engine
from engine.db.store import begin, reading
from engine.errors import AlreadySigned, ExcludedPosts, Invalid, NotYourPost, NotYourRole, OwnCase, Refused, SamePerson
from engine.model import Actor
from engine.settings import settings
from tests import county
from tests.county import ITEM, applicant, at, claim, do, file, step
from tests.samples import FORMS

NUMBER = "999001197701010018"
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def town(database_url):
    with clock.at(at("2026-03-02 10:00")):
        yield county.found()


def change_posts(who: Actor, **values: object) -> None:
    """Change the posts of a person, past the checks."""
    with engine(settings().database_url).begin() as conn:
        conn.execute(sa.update(t.assignment).where(t.assignment.c.person == who.person).values(**values))


def also(who: Actor, post: str) -> None:
    """Give a person another post in the same organ, past the checks."""
    with engine(settings().database_url).begin() as conn:
        held = conn.execute(sa.select(t.assignment).where(t.assignment.c.person == who.person)).first()
        conn.execute(
            sa.insert(t.assignment).values(**{k: v for k, v in held._mapping.items() if k != "id"} | {"post": post})
        )


def withdraw(who: Actor, case: int) -> int:
    with begin(who) as ctx:
        return commands.withdraw(ctx, case, reason="来电撤回")


def reissue(who: Actor, case: int) -> str:
    with begin(who) as ctx:
        return commands.reissue_code(ctx, case)


@pytest.mark.parametrize("act", [withdraw, reissue])
def test_a_clerk_of_another_organ_neither_withdraws_a_case_nor_gets_its_code(town, act):
    filed = file(town)

    with pytest.raises(NotYourPost, match="县政务服务中心"):
        act(town.hua, filed.case)

    assert county.row(filed.case).state == "open"
    assert county.types(filed.number)[-1] == "refused"
    assert act(town.li, filed.case)  # at a window of the centre it was filed at


@pytest.mark.parametrize("act", [withdraw, reissue])
def test_a_clerk_for_other_items_neither_withdraws_a_case_nor_gets_its_code(town, act):
    filed = file(town)
    change_posts(town.li, item="other_item")

    with pytest.raises(NotYourPost):
        act(town.li, filed.case)


def test_a_clerk_for_other_items_does_not_file(town):
    change_posts(town.li, item="other_item")
    with pytest.raises(NotYourRole):
        file(town)

    change_posts(town.li, item=ITEM)
    assert file(town)


@pytest.mark.parametrize("act", [withdraw, reissue, lambda who, case: claim_first(who, case)])
def test_posts_that_exclude_each_other_bar_every_entry(town, act):
    filed = file(town)
    also(town.li, "monitor")

    with pytest.raises(ExcludedPosts):
        act(town.li, filed.case)
    with pytest.raises(ExcludedPosts):
        file(town)
    with pytest.raises(ExcludedPosts), begin(town.li) as ctx:
        commands.permit_trace(ctx)


def claim_first(who: Actor, case: int) -> int:
    with begin(who) as ctx:
        return commands.claim(ctx, step(case, "intake/accept").id)


def test_who_has_lost_the_post_cannot_complete_a_claimed_step_but_can_give_it_back(town):
    filed = file(town)
    key = claim(town, "li", filed.case, "intake/accept")
    change_posts(town.li, to_on=date(2026, 3, 2))

    with clock.at(at("2026-03-02 23:59")):  # the last day is a day in the post
        claim(town, "li", filed.case, "intake/accept")
    with clock.at(at("2026-03-03 00:00")):
        with pytest.raises(NotYourPost), begin(town.li) as ctx:
            commands.complete(ctx, key, outcome="accept", form={}, opinion="同意")
        with begin(town.li) as ctx:
            commands.release(ctx, key)

    assert step(filed.case, "intake/accept").claimed_by is None
    last = county.events(filed.number)[-1]
    assert (last["type"], last["post"], last["assignment"]) == ("step.released", None, None)


def test_nobody_gives_back_what_somebody_else_holds(town):
    filed = file(town)
    key = claim(town, "li", filed.case, "intake/accept")

    for who in (town.hua, town.zhou, town.qian):
        with pytest.raises(NotYourPost), begin(who) as ctx:
            commands.release(ctx, key)

    assert step(filed.case, "intake/accept").claimed_by == town.li.person


def test_a_second_account_is_the_same_person_everywhere(town):
    second = {name: replace(actor, account=99) for name, actor in town.people.items()}
    filed = file(town, kind="change", layout_changed=True)
    do(town, "li", filed.case, "intake/accept", "accept")
    do(town, "both", filed.case, "review", "pass")
    do(town, "chen", filed.case, "site_inspection/inspect", "pass")

    with pytest.raises(AlreadySigned), begin(second["chen"]) as ctx:
        commands.claim(ctx, step(filed.case, "site_inspection/inspect").id)
    do(town, "liu", filed.case, "site_inspection/inspect", "pass")
    with pytest.raises(SamePerson), begin(second["both"]) as ctx:
        commands.claim(ctx, step(filed.case, "recheck").id)


# --- one natural person, known by the identity number -----------------------------------------------------------------


def officers(*pairs: tuple[str, str, str | None]) -> commands.County:
    """Return a county of officers: login, post, identity number."""
    rows = [
        commands.OfficerRow(
            login=login, name=login, name_en=login, password_hash="", posts=((post, "yl"),), id_number=number
        )
        for login, post, number in pairs
    ]
    return commands.County(
        name="云岭县",
        organs=county.ORGANS,
        officers=rows,
        founders=("ma", "feng"),
        since=date(2026, 1, 1),
    )


FOUNDERS = (("ma", "flow_manager", None), ("feng", "list_manager", None))


def founded(*pairs: tuple[str, str, str | None]) -> dict[str, Actor]:
    with begin(Actor(person=0, channel="seed")) as ctx:
        commands.found(ctx, officers(*FOUNDERS, *pairs))
    return county.people()


def test_two_accounts_of_one_person_share_the_person(database_url):
    people = founded(("a", "reviewer", NUMBER), ("b", "decider", NUMBER), ("c", "decider", None))

    assert people["a"].person == people["b"].person != people["c"].person


def test_two_accounts_do_not_help_to_hold_posts_that_exclude_each_other(database_url):
    with pytest.raises(ExcludedPosts):
        founded(("a", "reviewer", NUMBER), ("b", "monitor", NUMBER))


def test_one_person_does_not_found_a_county_with_two_accounts(database_url):
    with pytest.raises(Invalid, match="two different officers"), begin(Actor(person=0, channel="seed")) as ctx:
        commands.found(ctx, officers(("ma", "flow_manager", NUMBER), ("feng", "list_manager", NUMBER)))


def test_an_officer_who_applies_is_known_as_the_same_person(database_url):
    with clock.at(at("2026-03-02 10:00")):
        people = founded(("li", "acceptance", NUMBER), ("ai", "acceptance", None))
        county.deploy(county.Town(people), settings().processes / ITEM)
        with pytest.raises(OwnCase), begin(people["li"]) as ctx:
            commands.file_case(ctx, item=ITEM, applicant=applicant(number=NUMBER), form=FORMS["case"], materials=())
        with begin(people["ai"]) as ctx:
            filed = commands.file_case(
                ctx, item=ITEM, applicant=applicant(number=NUMBER), form=FORMS["case"], materials=()
            )
        with pytest.raises(OwnCase), begin(people["li"]) as ctx:
            commands.claim(ctx, step(filed.case, "intake/accept").id)
        with reading() as conn:
            names = conn.scalars(sa.select(t.person.c.name).where(t.person.c.id == people["li"].person)).all()
    assert names == ["li"]  # an application renames nobody


def test_the_trace_of_refusals_holds_no_names(town):
    filed = file(town)
    claim(town, "li", filed.case, "intake/accept")
    key = step(filed.case, "intake/accept").id
    also(town.hua, "reviewer")
    change_posts(town.hua, organ=step(filed.case, "intake/accept").organ)
    for attempt in (
        lambda ctx: commands.complete(ctx, key, outcome="accept", form={}, opinion="张三"),
        lambda ctx: commands.release(ctx, key),
        lambda ctx: commands.withdraw(ctx, filed.case, reason=" "),
    ):
        with pytest.raises((Refused, Invalid)), begin(town.hua) as ctx:
            attempt(ctx)

    with reading() as conn:
        bodies = b"".join(conn.scalars(sa.select(t.event.c.body))).decode()
    for name in (
        "Li",
        "Hua",
        "张三",
        "罗雨平",
        "138 0000",
        "5550000",
        "999001198806140017",
        "椒香里",
        "文昌路",
        filed.code,
    ):
        assert name not in bodies, name
