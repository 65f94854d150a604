"""Every scenario of the item of cards does what it says, on a card that a late case, or a monitor, began."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest

from engine import clock, commands
from engine.cli import county as county_file
from engine.cli import scenario as scenarios
from engine.cli.seed import read_script
from engine.db.read import admin
from engine.db.store import begin, calendar, reading
from engine.model import SYSTEM_ACTOR, Actor
from engine.rules.cards import ITEM
from engine.settings import ROOT
from tests.cards import drafted
from tests.county import HASH, open_paths, row
from tests.items.test_replay import ITEM as FOOD
from tests.items.test_replay import check_trace, deploy, prepared

PROCESSES = ROOT / "processes"
CARDS = read_script(PROCESSES / ITEM)
LATE = {"yellow": datetime(2026, 8, 5, tzinfo=clock.ZONE), "red": datetime(2026, 9, 1, tzinfo=clock.ZONE)}


@pytest.fixture
def county(database_url) -> county_file.CountyFile:
    file = county_file.load(PROCESSES / "_demo" / "county.toml", lambda _: HASH)
    with clock.at(clock.day_start(file.county.since)):
        with begin(SYSTEM_ACTOR) as ctx:
            commands.found(ctx, file.county)
        deploy(file, FOOD)
        deploy(file, ITEM)
    return file


def begun(file: county_file.CountyFile, wanted: dict[str, object]) -> commands.Filed:
    """Return a card of the wanted level: of an application that nobody looks at, or issued by the first monitor."""
    play = prepared(file, "waiting_accept")
    at, filing = play.moves()[0]
    with clock.at(at):
        filing()
    level = str(wanted["level"])
    if wanted.get("manual"):
        with reading() as conn:
            holders, organs = admin.holders(conn), admin.organs(conn)
        monitor = next(h for h in holders if h.post == "monitor")
        with clock.at(at), begin(Actor(person=monitor.person, account=monitor.account)) as ctx:
            issued = commands.issue_card(
                ctx, play.case, level=level, post="decider", organ=organs["yunling"], reason=str(wanted["reason"])
            )
        return commands.Filed(case=issued.case, number=issued.number, code="")
    scenarios.pass_time(LATE[level] + timedelta(minutes=1))
    (card,) = (
        [c for c in drafted() if (c.level, c.cause) == (level, "overrun")][-1:] if level == "red" else drafted()[:1]
    )
    return commands.Filed(case=card.case_, number=card.number, code="")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", list(CARDS["scenarios"]))
def test_a_scenario_of_a_card_ends_as_it_says(county, name):
    one = CARDS["scenarios"][name]
    filed = begun(county, CARDS["filing"]["form"] | one.get("filing", {}).get("form", {}))
    begins = clock.local_date(row(filed.case).filed_at)
    with reading() as conn:
        holders, days = admin.holders(conn), calendar(conn)
    play = scenarios.Play(
        scenario=one, script=CARDS, item=ITEM, filed_on=begins, later=timedelta(), turn=0, organ=0,
        applicant=county.applicants[0][0], form={}, holders=holders, calendar=days, find=lambda: filed,
    )  # fmt: skip
    last = one["acts"][-1] if one["acts"] else {"day": 0, "at": "10:00"}
    until = one.get("until", last)
    end = days.add(begins, until["day"]) if until["day"] else begins

    done = scenarios.play([play], datetime.combine(end, time.fromisoformat(until["at"]), clock.ZONE))

    found = row(filed.case)
    assert done == len(one["acts"])
    assert (found.state, found.result) == (one["expect"]["state"], one["expect"].get("result"))
    if "open" in one["expect"]:
        assert open_paths(filed.case) == one["expect"]["open"]
    check_trace()


def test_every_end_every_outcome_and_every_open_step_of_a_card_occurs():
    scenarios_ = CARDS["scenarios"].values()
    acts = [act for one in scenarios_ for act in one["acts"] if "refused" not in act and act["verb"] == "do"]

    assert {(act["path"], act["outcome"]) for act in acts} == {(u["path"], u["outcome"]) for u in CARDS["usual"]}
    assert {one["expect"].get("result") for one in scenarios_} == {None, "rescinded", "archived", "dropped"}
