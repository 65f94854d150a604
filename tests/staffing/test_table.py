"""An item in an organ as a page shows it: how everybody stands to each step, rosters told together, what to grant."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from engine import clock, commands
from engine.commands.staffing import staffing
from engine.commands.staffing.office import Path
from engine.commands.staffing.openings import openings
from engine.commands.staffing.table import CellKind, Table, plans, table
from engine.db import tables as t
from engine.db.store import begin, reading
from engine.errors import NotFound
from engine.model import Run
from engine.staffing.instance import Seat, Way
from tests.commands import offices, small
from tests.commands.offices import TODAY
from tests.county import at
from tests.staffing import township
from tests.staffing.township import ALL, THREE, deploy, item, step

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def found(database_url):
    with clock.at(at("2026-03-02 10:00")):
        yield township.found


def people(*logins: str):
    return dict.fromkeys(logins, (ALL, "shimen"))


ONE_EACH = {"ding": ("acceptance", "shimen"), "luo": ("reviewer", "shimen"), "bai": ("decider", "shimen")}


def seen(organ: str = "", **asked) -> Table:
    with reading() as conn:
        return table(conn, "small", organ, **asked)


def kinds(of: Table, path: str) -> dict[str, CellKind]:
    (row,) = (row for row in of.rows if row.path == path)
    return {of.officers[person].login: cell.kind for person, cell in row.cells.items()}


def test_whom_a_rule_bars_is_barred_on_the_steps_that_it_is_about(found):
    town = found(people("ding", "luo", "bai"))
    deploy(town, item())
    with begin(town.lu) as ctx:
        ctx.conn.execute(sa.update(t.person).where(t.person.c.name == "Bai").values(status="helper"))

    assert kinds(seen(), "decide") == {"ding": CellKind.MAY, "luo": CellKind.MAY, "bai": CellKind.BARRED}
    assert kinds(seen(), "review")["bai"] is CellKind.MAY
    (row,) = (row for row in seen().rows if row.path == "decide")
    assert {cell.rule for cell in row.cells.values()} == {"", "SOD-29"}


def test_a_stand_in_is_spare_while_the_holder_is_there_and_acts_while_he_is_not(found):
    town = found(
        {
            "ding": ("acceptance", "shimen"),
            "luo": ("reviewer", "shimen"),
            "bai": ("decider", "shimen"),
            "yu": ("", "yl"),
        }
    )
    deploy(town, item())
    terms = {"assignment": offices.held(town, "luo", "reviewer"), "officer": offices.person(town, "yu")}
    offices.do(town, commands.propose_stand_in, **terms, from_on=TODAY, to_on=None)

    assert kinds(seen(), "review") == {"luo": CellKind.MAY, "yu": CellKind.READY}
    without = seen(absent=["luo"])
    assert kinds(without, "review") == {"luo": CellKind.AWAY, "yu": CellKind.STANDS}
    assert not without.gaps
    assert [without.officers[p].login for row in without.rows if row.path == "review" for p in row.able] == ["yu"]


@pytest.mark.parametrize("officers", [people("ding", "luo", "bai"), ONE_EACH], ids=["all posts", "a post each"])
def test_ways_with_rosters_that_agree_are_told_together_and_none_is_lost(found, officers):
    town = found(officers)
    drawn = "s>accept accept>review review>g g>decide>review == 'pass' g>e2 decide>e"
    more = ('<exclusiveGateway id="g" default="g-e2"/>', '<endEvent id="e2"/>')
    deploy(town, item(*THREE, *more, drawn=drawn))
    of = seen()

    assert of.ways == 2
    assert len(of.plans) == 1 or officers is not ONE_EACH
    for plan in of.plans:
        for path in plan.ways:
            assert list(path.way.parts) == [step for step in plan.roster if step in path.way.parts]
            assert len({seat.person for step in path.way.parts for seat in plan.roster[step]}) == len(path.way.parts)


def test_rows_are_told_apart_by_tier_where_amounts_matter(found):
    town = found(people("ding", "luo") | {"bai": ("decider", "shimen", {"terms": {"decider": {"tier": "section"}}})})
    money = {"type": "integer", "title": "金额", "title_en": "Amount", "x-amount": True, "minimum": 0, "maximum": 9}
    decided = step("decide", "decider", "<sun:tier/>", name="决定")
    deploy(town, item(*THREE[:2], decided, forms={"case": small.form(money=money)}))

    of = seen()
    tiers = [row.tier for row in of.rows if row.path == "decide"]
    assert tiers[0] == "section"
    assert len(tiers) == len(set(tiers)) > 1
    assert [len(row.able) for row in of.rows if row.path == "decide"] == [1] + [0] * (len(tiers) - 1)


def test_what_is_offered_to_be_granted_is_what_the_advice_names(found):
    town = found(people("ding", "luo") | {"zhou": ("", "shimen")})
    deploy(town, item())
    with reading() as conn:
        grants, (outlook,) = openings(conn, "small", "shimen"), staffing(conn, "small", "shimen").outlooks
        of = table(conn, "small", "shimen")

    assert grants
    said = " ".join(each.zh for each in outlook.advice)
    assert all(of.officers[grant.person].name in said for grant in grants)
    for grant in grants:
        assert (grant.organ, grant.post in ALL.split()) == (of.organ.id, True)


def test_what_is_possible_and_without_whom_it_fails_is_what_the_report_says(found):
    deploy(found(people("ding", "luo", "bai")), item())
    with reading() as conn:
        (outlook,) = staffing(conn, "small").outlooks

    assert [(person,) for person in seen().alone] == list(outlook.breaks_without)
    assert (seen().ways, seen().gaps) == (len(outlook.routes), ())
    assert {gap.conflict for gap in seen(absent=["luo"]).gaps} == {
        route.conflict for route in township.outlook(absent=["luo"]).routes
    }


@pytest.mark.parametrize("asked", [{"organ": "nowhere"}, {"organ": "centre"}, {"absent": ["nobody"]}])
def test_what_does_not_exist_is_refused(found, asked):
    deploy(found(people("ding", "luo", "bai")), item())

    with pytest.raises(NotFound):
        seen(**asked)


def test_rosters_that_differ_in_a_step_are_told_apart(database_url):
    first, second, third = (
        Path(run=Run(steps=tuple(steps)), tier="", way=Way(parts={})) for steps in ("ab", "ac", "bc")
    )
    one, two = (Seat(1),), (Seat(2),)

    told = plans([first, second, third], [{"a": one, "b": one}, {"a": two, "c": one}, {"b": one, "c": two}])

    assert [(plan.roster, plan.ways) for plan in told] == [
        ({"a": one, "b": one, "c": two}, (first, third)),
        ({"a": two, "c": one}, (second,)),
    ]
