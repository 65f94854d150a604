"""What is said of an item in an office: who would do it, why nobody can, who must not be away, what mends it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from engine import clock, commands
from engine.bpmn.read import read
from engine.commands.staffing import lacking
from engine.db import tables as t
from engine.db.store import begin, book, reading
from engine.errors import NotFound
from tests import county
from tests.commands import offices, small
from tests.commands.offices import TODAY
from tests.county import at
from tests.staffing import township
from tests.staffing.township import ALL, deploy, found, item, logins, outlook, report, step

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def today(database_url):
    with clock.at(at("2026-03-02 10:00")):
        yield


def people(*logins: str, organ: str = "shimen"):
    return dict.fromkeys(logins, (ALL, organ))


def test_three_officers_can_do_three_steps_and_none_of_them_may_be_away():
    town = found(people("ding", "luo", "bai"))
    deploy(town, item())

    seen = outlook()
    (route,) = seen.routes
    assert seen.possible
    assert route.possible
    assert route.conflict is None
    assert list(route.roster) == ["accept", "review", "decide"] == list(route.steps)
    assert len({seat.person for seats in route.roster.values() for seat in seats}) == 3
    assert logins(town, seen.breaks_without) == [["ding"], ["luo"], ["bai"]]


@SQLITE
def test_two_officers_cannot_and_the_conflict_names_steps_posts_persons_and_rules():
    town = found(people("ding", "luo"))
    deploy(town, item())

    seen = outlook()
    (route,) = seen.routes
    assert not seen.possible
    assert route.roster is None
    assert seen.breaks_without == ()
    assert route.conflict.zh == (
        "「受理」（窗口受理岗）需要 1 人，只有Ding、Luo；「审查」（审查岗）需要 1 人，只有Ding、Luo；"
        "「决定」（决定岗）需要 1 人，只有Ding、Luo；SOD-03：「受理」和「审查」由不同的人办；"
        "SOD-03：「受理」和「决定」由不同的人办；SOD-03：「审查」和「决定」由不同的人办。"
    )
    assert route.conflict.en == (
        "Accept (Acceptance desk) needs one of Ding, Luo; Review (Reviewer) needs one of Ding, Luo; Decide (Decider) "
        "needs one of Ding, Luo; SOD-03: Accept and Review by different persons; SOD-03: Accept and Decide by "
        "different persons; SOD-03: Review and Decide by different persons."
    )


@SQLITE
def test_the_advice_names_the_post_and_who_could_have_it_and_following_it_helps():
    town = found(people("ding", "luo") | {"zhou": ("", "shimen")})
    deploy(town, item())

    said = {each.en for each in outlook().advice}
    assert "grant the post Acceptance desk in Shimen to Ma or Feng or Zhou, or to one more officer." in said
    assert len(said) == 3

    proposal = offices.post(town, "zhou", "acceptance", "shimen")
    offices.approve(town, proposal)
    assert outlook().possible


@SQLITE
def test_nobody_is_advised_to_give_a_post_to_whom_it_may_not_be_given():
    found(people("ding", "luo") | {"xia": ("chief", "shimen"), "tan": ("", "shimen", {"status": "trainee"})})
    deploy(township.Town(township.county.people()), item())

    said = " ".join(each.en for each in outlook().advice)
    assert "Xia" not in said
    assert "Jin" not in said
    assert "Reviewer in Shimen to Ma or Feng or Tan, or" in said
    assert "Decider in Shimen to Ma or Feng, or" in said


@SQLITE
def test_nor_to_whose_stand_in_duty_it_excludes():
    town = found(people("ding", "luo") | {"zhou": ("", "shimen"), "qin": ("chief", "yl")})
    deploy(town, item())
    assert all("Zhou" in each.en for each in outlook().advice)

    terms = {"assignment": offices.held(town, "qin", "chief"), "officer": offices.person(town, "zhou")}
    offices.do(town, commands.propose_stand_in, **terms, from_on=TODAY, to_on=None)
    assert not any("Zhou" in each.en for each in outlook().advice)


@SQLITE
def test_what_would_help_while_somebody_is_away_is_said_where_all_is_well():
    deploy(found(people("ding", "luo", "bai")), item())

    said = "grant the post Acceptance desk in Shimen to Ma or Feng, or to one more officer."
    assert outlook().advice[0].en == f"While Ding or Luo or Bai is away: {said}"


@SQLITE
def test_three_can_spare_one_where_only_two_steps_are_kept_apart():
    town = found(people("ding", "luo", "bai"))
    deploy(town, item(kept='<sun:separate steps="accept review" rule="SOD-03"/>'))

    seen = outlook()
    assert logins(town, seen.breaks_without) == [["ding", "luo"], ["bai", "ding"], ["bai", "luo"]]
    assert seen.advice == ()


@SQLITE
def test_a_stand_in_steps_in_while_the_holder_is_away_and_counts_as_both():
    town = found(
        {
            "ding": ("acceptance", "shimen"),
            "luo": ("reviewer", "shimen"),
            "bai": ("decider", "shimen"),
            "yu": ("", "yl"),
        }
    )
    deploy(town, item())
    assert logins(town, outlook().breaks_without) == [["ding"], ["luo"], ["bai"]]

    terms = {"assignment": offices.held(town, "luo", "reviewer"), "officer": offices.person(town, "yu")}
    offices.do(town, commands.propose_stand_in, **terms, from_on=TODAY, to_on=None)
    seen = outlook(absent=["luo"])
    assert seen.possible
    assert [(seat.person, seat.behalf) for seat in seen.routes[0].roster["review"]] == [
        (offices.person(town, "yu"), offices.person(town, "luo"))
    ]
    assert logins(town, outlook().breaks_without) == [["ding"], ["bai"], ["luo", "yu"]]


@SQLITE
def test_an_absence_on_record_counts_on_its_days_and_is_named():
    town = found({"ding": ("acceptance", "shimen"), "luo": ("reviewer", "shimen"), "bai": ("decider", "shimen")})
    deploy(town, item())
    away = {"from_on": offices.TODAY, "to_on": offices.TODAY, "kind": "leave"}
    offices.do(town, commands.propose_absence, officer=offices.person(town, "luo"), **away)

    conflict = outlook().routes[0].conflict
    assert conflict.zh == "「审查」没有人可办：石门乡的审查岗无人在岗（Luo外出）。"
    assert conflict.en == "Review has nobody: in Shimen nobody is there by the post Reviewer (away: Luo)."
    assert outlook(on=offices.TODAY.replace(day=3)).possible


@SQLITE
def test_who_is_barred_is_named_with_the_rule():
    town = found(people("ding", "luo") | {"bai": ("decider", "shimen")})
    deploy(town, item())
    with begin(town.lu) as ctx:
        ctx.conn.execute(sa.update(t.person).where(t.person.c.name == "Bai").values(status="helper"))

    conflict = outlook().routes[0].conflict
    assert "SOD-29: Decide is not for Bai" in conflict.en
    assert "SOD-29：Bai不得办「决定」" in conflict.zh


@SQLITE
def test_an_item_with_tiers_is_asked_about_once_for_each_tier():
    town = found(people("ding", "luo") | {"bai": ("decider", "shimen", {"terms": {"decider": {"tier": "section"}}})})
    money = {"type": "integer", "title": "金额", "title_en": "Amount", "x-amount": True, "minimum": 0, "maximum": 9}
    decided = step("decide", "decider", "<sun:tier/>", name="决定")
    deploy(town, item(*township.THREE[:2], decided, forms={"case": small.form(money=money)}))

    seen = outlook()
    assert [(route.tier, route.possible) for route in seen.routes] == [
        (tier, tier == "section") for tier in book().tiers.by_code
    ]
    assert "SOD-14: Decide is not for" in seen.routes[1].conflict.en
    assert "grant the post Decider (Standing meeting of the county government) in Shimen" in seen.advice[0].en


@SQLITE
def test_every_organ_that_offers_the_item_is_asked_about_windows_with_theirs():
    deploy(found(people("ding", "luo", "bai") | {"li": ("acceptance", "w1")}), item())

    assert [(each.organ.code, each.possible) for each in report().outlooks] == [("centre", False), ("shimen", True)]


@SQLITE
def test_only_who_may_file_this_item_makes_an_organ_offer_it():
    bound = {"terms": {"acceptance": {"item": "another"}}}
    deploy(found(people("ding", "luo", "bai") | {"li": ("acceptance", "w1", bound)}), item())

    assert [each.organ.code for each in report().outlooks] == ["shimen"]


@SQLITE
def test_an_account_that_is_closed_does_nothing():
    town = found(people("ding", "luo", "bai"))
    deploy(town, item())
    offices.do(town, commands.propose_account, officer=offices.person(town, "bai"), what="closed")

    assert not outlook().possible


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"item": "nothing"}, "There is no item 'nothing'."),
        ({"item": "efficacy_card"}, "There is no item that is applied for 'efficacy_card'."),
        ({"organ": "nowhere"}, "There is no organ 'nowhere'."),
        ({"organ": "centre"}, "There is no holder of the post that files small in 'centre'."),
        ({"absent": ["nobody"]}, "There is no officer 'nobody'."),
    ],
)
@SQLITE
def test_what_does_not_exist_is_refused(asked, said):
    deploy(found(people("ding", "luo", "bai")), item())

    with pytest.raises(NotFound) as refused:
        report(**asked)
    assert str(refused.value) == said


@SQLITE
def test_an_item_that_nobody_offers_cannot_be_asked_about():
    deploy(found({}), item())

    with pytest.raises(NotFound, match="no organ that offers 'small'"):
        report()


@SQLITE
def test_what_is_lacking_at_deployment_does_not_count_absences():
    town = found(people("ding", "luo", "bai") | {"li": ("acceptance", "w1")})
    deploy(town, item())
    away = {"from_on": offices.TODAY, "to_on": offices.TODAY, "kind": "leave"}
    offices.do(town, commands.propose_absence, officer=offices.person(town, "luo"), **away)

    with reading() as conn:
        found_ = lacking(conn, read(item()), book(), TODAY)
    assert {name: said.en.split(":")[0] for name, said in found_.items()} == {"县政务服务中心": "Review has nobody"}


@SQLITE
def test_the_food_licence_can_be_done_by_the_small_county_and_by_no_fewer():
    town = county.found()

    (seen,) = report("centre", county.ITEM, advise=False).outlooks
    assert seen.possible
    assert seen.advice == ()
    whole = max(seen.routes, key=lambda route: len(route.steps))
    apart = [whole.roster[step] for step in ("intake/accept", "review", "recheck", "decide")]
    assert len({seat.person for seats in apart for seat in seats}) == 4
    inspectors = {offices.person(town, "chen"), offices.person(town, "liu")}
    assert {seat.person for seat in whole.roster["site_inspection/inspect"]} == inspectors
    assert "intake/supplement" in whole.steps
    assert "intake/supplement" not in whole.roster
    alone = {login for each in logins(town, seen.breaks_without) if len(each) == 1 for login in each}
    assert alone == {"li", "chen", "liu", "wu", "qin"}
