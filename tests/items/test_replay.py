"""Every scenario of the item does what it says, through the real commands, on a set clock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from engine import clock, commands
from engine.bpmn.source import load
from engine.cli import county as county_file
from engine.cli import scenario as scenarios
from engine.cli.seed import read_script
from engine.db import tables as t
from engine.db.read import admin
from engine.db.store import begin, calendar, reading
from engine.model import SYSTEM_ACTOR, Actor, Lamp
from engine.rules.lamps import Turns, lamp
from engine.settings import ROOT
from tests.county import HASH, events, open_paths, row

PROCESSES = ROOT / "processes"
ITEM = "food_operation_licence"
SCRIPT = read_script(PROCESSES / ITEM)
MONDAY = datetime(2026, 8, 3, tzinfo=clock.ZONE).date()


@pytest.fixture
def county(database_url) -> county_file.CountyFile:
    file = county_file.load(PROCESSES / "_demo" / "county.toml", lambda _: HASH)
    with clock.at(clock.day_start(file.county.since)):
        with begin(SYSTEM_ACTOR) as ctx:
            commands.found(ctx, file.county)
        deploy(file)
    return file


def deploy(file: county_file.CountyFile, item: str = ITEM) -> None:
    with reading() as conn:
        people = {row.login: Actor(person=row.person, account=row.account) for row in admin.holders(conn)}
    first, second = (people[login] for login in file.county.founders)
    with begin(first) as ctx:
        proposal = commands.propose_definition(ctx, load(Path(PROCESSES / item), PROCESSES))
    with begin(second) as ctx:
        commands.approve(ctx, proposal)


def prepared(file: county_file.CountyFile, name: str) -> scenarios.Play:
    applicant, fields = file.applicants[0]
    with reading() as conn:
        return scenarios.Play(
            scenario=SCRIPT["scenarios"][name],
            script=SCRIPT,
            item=ITEM,
            filed_on=MONDAY,
            later=timedelta(),
            turn=0,
            organ=admin.organs(conn)[SCRIPT["filing"]["organ"]],
            applicant=applicant,
            form=fields,
            holders=admin.holders(conn),
            calendar=calendar(conn),
        )


def lamp_on(case: int, day: Any) -> Lamp:
    found = row(case)
    return lamp(Turns(blue_on=found.blue_on, yellow_on=found.yellow_on, red_on=found.red_on), day)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", list(SCRIPT["scenarios"]))
def test_a_scenario_ends_as_it_says(county, name):
    one = prepared(county, name)
    expect: Mapping[str, Any] = one.scenario["expect"]
    moves = sorted(one.moves(), key=lambda move: move[0])
    seen: dict[int, Lamp] = {}

    last = max((each["day"] for each in expect.get("lamps", ())), default=0)
    for day in range(max(last, one.scenario["acts"][-1]["day"] if one.scenario["acts"] else 0) + 1):
        on = one.calendar.add(MONDAY, day) if day else MONDAY
        evening = datetime.combine(on, time(23, 59), clock.ZONE)
        while moves and moves[0][0] <= evening:
            at, move = moves.pop(0)
            scenarios.pass_time(at)
            with clock.at(at):
                move()
        scenarios.pass_time(evening)
        seen[day] = lamp_on(one.case, on)

    found = row(one.case)
    assert found.state == expect["state"]
    assert found.result == expect.get("result")
    if "open" in expect:
        assert open_paths(one.case) == sorted(expect["open"])
    assert {each["day"]: seen[each["day"]] for each in expect.get("lamps", ())} == {
        each["day"]: Lamp(each["lamp"]) for each in expect.get("lamps", ())
    }
    assert overruns(found.number) == set(expect.get("overrun", overruns(found.number)))
    check_trace()


def overruns(number: str) -> set[str]:
    late = [event for event in events(number) if event["type"] == "clock.overrun"]
    return {event["step"] or event["facts"]["key"].split(":")[event["facts"]["kind"] == "statute"] for event in late}


def check_trace() -> None:
    with reading() as conn:
        assert [fault.text("en") for fault in commands.check(conn).faults] == []


def test_a_scenario_plays_alike_on_both_databases(county):
    one = prepared(county, "reviewer_may_not_recheck")

    scenarios.play([one], datetime(2026, 9, 1, tzinfo=clock.ZONE))

    assert row(one.case).result == "issued"
    refused = [event for event in events(row(one.case).number) if event["type"] == "refused"]
    assert [(event["rule"], event["facts"]["error"]) for event in refused] == [("SOD-03", "SamePerson")]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_scenario_that_is_not_refused_as_it_says_fails(county):
    one = prepared(county, "reviewer_may_not_recheck")
    one.scenario = {
        **one.scenario,
        "acts": [{**act, "refused": {"error": "SamePerson"}} for act in one.scenario["acts"][:1]],
    }

    with pytest.raises(scenarios.ScenarioFailed, match="was not refused"):
        scenarios.play([one], datetime(2026, 9, 1, tzinfo=clock.ZONE))


def test_personal_data_of_the_county_is_not_in_the_trace(county):
    one = prepared(county, "granted")
    scenarios.play([one], datetime(2026, 9, 1, tzinfo=clock.ZONE))

    with reading() as conn:
        bodies = b"".join(conn.scalars(sa.select(t.event.c.body))).decode()

    assert one.applicant.name not in bodies
    assert one.applicant.id_number not in bodies
