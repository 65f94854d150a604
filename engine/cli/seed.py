"""sunlit seed [FILE] [--if-empty]: found a county in an empty database, deploy its items, play its plan of cases."""

from __future__ import annotations

import argparse
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from engine import clock, commands
from engine.cli import county, scenario, staffing
from engine.commands.people.passwords import hashed, one_time
from engine.db.read import admin
from engine.db.store import begin, calendar, reading
from engine.model import SYSTEM_ACTOR
from engine.rules.cards import ITEM
from engine.rules.workdays import WorkCalendar
from engine.settings import settings


def run(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="sunlit seed", description="Found a county in an empty database, deploy its items, play its plan of cases."
    )
    parser.add_argument(
        "file",
        nargs="?",
        type=Path,
        help="your county; the founders choose passwords, all others get one, printed once. Default: the demo",
    )
    parser.add_argument("--if-empty", action="store_true", help="do nothing when there is a county already")
    given = parser.parse_args(argv)
    with reading() as conn:
        if given.if_empty and admin.is_founded(conn):
            return 0
    passwords: dict[str, str] = {}
    file = _county(given.file, passwords)
    founded = clock.day_start(file.county.since) + timedelta(hours=9)
    with clock.at(founded):
        with begin(SYSTEM_ACTOR) as ctx:
            commands.found(ctx, file.county)
        staffing.deploy(file)
        staffing.arrange(file)
    played = _play(file) if file.plan else 0
    if settings().demo:
        clock.start_demo()
    for login, password in passwords.items():
        print(f"{login} {password}")
    print(f"{file.county.name}: {len(file.county.officers)} officers, {played} acts played")
    return 0


def _county(path: Path | None, passwords: dict[str, str]) -> county.CountyFile:
    """Return the county of a file, or the demo. Of a file, the founders choose their passwords at a terminal.

    All others, and founders without a terminal, get one that is printed once and must be changed: into `passwords`.
    """
    if path is None:
        demo = hashed(county.PASSWORD)
        return county.load(settings().processes / "_demo" / "county.toml", lambda _: demo)
    chosen = staffing.passwords(county.founders(path)) if sys.stdin.isatty() else {}

    def first_password(login: str) -> str:
        if login in chosen:
            return hashed(chosen[login])
        passwords[login] = one_time()
        return hashed(passwords[login])

    file = county.load(path, first_password)
    officers = [replace(officer, must_change=officer.login in passwords) for officer in file.county.officers]
    return replace(file, county=replace(file.county, officers=officers))


def _play(file: county.CountyFile) -> int:
    plan = file.plan
    script = read_script(settings().processes / plan["item"])
    cards = read_script(settings().processes / ITEM) if plan.get("cards") else {}
    until = plan["until"].replace(tzinfo=clock.ZONE)
    with reading() as conn:
        holders, organs, days = admin.holders(conn), admin.organs(conn), calendar(conn)
    plays: list[scenario.Play] = []
    for batch in plan["batches"]:
        first, last = batch["days_ago"]
        for i in range(batch["count"]):
            n = len(plays)
            ago = first + i * (last - first) // max(batch["count"] - 1, 1)
            here = batch.get("organs", plan["organs"])
            applicant, fields = file.applicants[n % len(file.applicants)]
            plays.append(
                scenario.Play(
                    scenario=script["scenarios"][batch["scenario"]],
                    script=script,
                    item=plan["item"],
                    filed_on=_days_ago(days, until.date(), ago),
                    later=timedelta(minutes=13 * i % batch["spread"]),
                    turn=n,
                    organ=organs[here[n % len(here)]],
                    applicant=applicant,
                    form=plan["places"][n % len(plan["places"])] | fields,
                    holders=holders,
                    calendar=days,
                )
            )
    for n, card in enumerate(plan.get("cards", ())):
        plays.append(
            scenario.Play(
                scenario=cards["scenarios"][card["scenario"]],
                script=cards,
                item=ITEM,
                filed_on=card["on"],
                later=timedelta(minutes=7 * n),
                turn=n,
                organ=organs[file.county.organs[0].code],
                applicant=file.applicants[0][0],
                form={},
                holders=holders,
                calendar=days,
                find=partial(_card, card),
            )
        )
    return scenario.play(plays, until)


def _card(card: Mapping[str, Any]) -> commands.Filed | None:
    """Return a card that the plan names by level, day and place among those of the day."""
    with reading() as conn:
        found = admin.card(conn, card["level"], clock.day_start(card["on"]), card.get("nth", 1))
    return commands.Filed(case=found[0], number=found[1], code="") if found else None


def read_script(folder: Path) -> Mapping[str, Any]:
    """Return an item's scenarios.toml, the scenarios by id."""
    data = tomllib.loads((folder / "scenarios.toml").read_text(encoding="utf-8"))
    return data | {"scenarios": {each["id"]: each for each in data["scenario"]}}


def _days_ago(days: WorkCalendar, day: date, ago: int) -> date:
    """Return the working day `ago` working days before `day`."""
    while ago:
        day -= timedelta(days=1)
        ago -= days.is_working(day)
    return day
