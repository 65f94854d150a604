"""Two accounts of one person are one person in every proposal."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from engine import clock, commands
from engine.db import tables as t
from engine.db.store import begin
from engine.errors import OwnMatter, OwnStandIn, SameProposer
from tests import county
from tests.commands.offices import approve, do, held, person, post, posts, propose
from tests.commands.test_accounts import NEW
from tests.county import at

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def town(database_url):
    with clock.at(at("2026-03-02 10:00")):
        town = county.found()
        for login in ("bai", "bai2"):
            do(town, commands.propose_officer, **NEW | {"login": login})
        with begin(town.lu) as ctx:
            ctx.conn.execute(sa.update(t.account).values(must_change=False))
        yield county.Town(county.people())


def test_nobody_approves_by_the_second_account_what_is_about_the_first(town):
    approve(town, post(town, "bai", "security_administrator"))
    proposal = propose(
        town,
        commands.propose_end_of_post,
        held(town, "bai", "security_administrator"),
        to_on=date(2026, 3, 2),
        reason="轮岗",
    )

    for account in ("bai", "bai2"):
        with pytest.raises(OwnMatter):
            approve(town, proposal, by=account)


def test_nobody_approves_by_the_second_account_what_the_first_proposed(town):
    approve(town, post(town, "bai", "chief"))
    wanted = {"officer": person(town, "bai"), "from_on": date(2026, 3, 2), "to_on": date(2026, 3, 3), "kind": "sick"}
    proposal = propose(town, commands.propose_absence, by="bai", **wanted)

    with pytest.raises(SameProposer):
        approve(town, proposal, by="bai2")


def test_nobody_stands_in_for_himself_by_the_second_account(town):
    approve(town, post(town, "bai", "acceptance", "w1"))

    with pytest.raises(OwnStandIn):
        propose(
            town,
            commands.propose_stand_in,
            assignment=held(town, "bai", "acceptance"),
            officer=person(town, "bai2"),
            from_on=date(2026, 3, 2),
        )
    assert posts(town, "bai2") == {("acceptance", "w1")}
