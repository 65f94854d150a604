"""`sunlit staff ITEM [--organ O] [--absent LOGIN]... [--on DATE] [--json]`: can an item be done with a day's officers?

Every way through its flow is proven, in each organ that offers it, or in one. Exit 0: all are possible, 1: not.
`sunlit staff [ITEM] --ahead`: cli/staff_ahead.py; `sunlit staff --stuck`: cli/staff_stuck.py.
JSON: {"paths": [{"steps", "possible", "roster", "conflict"}], "breaks_without": [[login, ...]], "advice": [...]}; a
path has a "tier" where amounts matter. Of several organs the three hold for all together, each path names its "organ",
and "organs" has the same three by organ.
"""

from __future__ import annotations

import argparse
import json
from datetime import date
from typing import Any

from engine.cli import staff_ahead, staff_stuck
from engine.commands.staffing import CHAIR, Outlook, Report, Route, Words, staffing
from engine.db.store import reading


def run(argv: list[str]) -> int:
    description = "Prove that an item can be done with a day's officers, whatever way it takes, or say why not."
    parser = argparse.ArgumentParser(prog="sunlit staff", description=description)
    parser.add_argument("item", nargs="?", default="", help="an item; with --ahead all of them if none is named")
    parser.add_argument("--organ", default="", metavar="O", help="code of one organ; else every organ that offers it")
    parser.add_argument("--absent", action="append", default=[], metavar="LOGIN", help="who is away, too")
    parser.add_argument("--on", type=date.fromisoformat, metavar="DATE", help="on another day than today")
    parser.add_argument("--ahead", action="store_true", help="where it fails today or in the next 30 days, as recorded")
    parser.add_argument("--stuck", action="store_true", help="the open cases that nobody can finish as things are")
    parser.add_argument("--json", action="store_true", help="print the answer as JSON")
    given = parser.parse_args(argv)
    if given.stuck:
        if given.item or given.organ or given.absent or given.on or given.ahead:
            parser.error("--stuck looks at all open cases as they are; leave out all but --json")
        return staff_stuck.show(as_json=given.json)
    if given.ahead:
        if given.absent or given.on:
            parser.error("--ahead looks at the days and the leave on record; leave out --absent and --on")
        return staff_ahead.show(given.item, given.organ, as_json=given.json)
    if not given.item:
        parser.error("name an item, or ask with --ahead or --stuck about all of them")
    with reading() as conn:
        report = staffing(conn, given.item, given.organ, absent=given.absent, on=given.on)
    if given.json:
        print(json.dumps(_json(report), ensure_ascii=False, indent=1))
    else:
        for outlook in report.outlooks:
            _print(report, outlook)
    return 0 if report.possible else 1


def _json(report: Report) -> dict[str, Any]:
    organs = {outlook.organ.code: _organ(report, outlook) for outlook in report.outlooks}
    if len(organs) == 1:
        return next(iter(organs.values()))
    breaks = sorted({tuple(each) for organ in organs.values() for each in organ["breaks_without"]})
    return {
        "paths": [{"organ": code} | path for code, organ in organs.items() for path in organ["paths"]],
        "breaks_without": sorted(map(list, breaks), key=lambda each: (len(each), each)),
        "advice": list(dict.fromkeys(each for organ in organs.values() for each in organ["advice"])),
        "organs": organs,
    }


def _organ(report: Report, outlook: Outlook) -> dict[str, Any]:
    return {
        "paths": [_path(report, route) for route in outlook.routes],
        "breaks_without": [_logins(report, each) for each in outlook.breaks_without],
        "advice": [str(each) for each in outlook.advice],
    }


def _path(report: Report, route: Route) -> dict[str, Any]:
    found: dict[str, Any] = {
        "steps": list(route.steps),
        "possible": route.possible,
        "roster": {step: _logins(report, [s.person for s in seats]) for step, seats in (route.roster or {}).items()},
        "conflict": str(route.conflict) if route.conflict else None,
    }
    return found | ({"tier": route.tier} if route.tier else {})


def _logins(report: Report, persons: list[int] | tuple[int, ...]) -> list[str]:
    return [report.officers[person].login for person in persons]


def _print(report: Report, outlook: Outlook) -> None:
    """Print how many ways are possible, the longest of them, and one way for each conflict."""
    able = [route for route in outlook.routes if route.possible]
    print(f"{outlook.organ.name} ({outlook.organ.code}): {len(able)} of {len(outlook.routes)} paths can be staffed")
    if able:
        print(f"  yes  {_steps(report, max(able, key=lambda route: len(route.steps)))}")
    conflicts: dict[Words, list[Route]] = {}
    for route in outlook.routes:
        if route.conflict:
            conflicts.setdefault(route.conflict, []).append(route)
    for said, routes in conflicts.items():
        print(f"  no   {_steps(report, min(routes, key=lambda route: len(route.steps)))} ({len(routes)} paths)")
        print(f"       {said.zh}\n       {said.en}")
    for each in outlook.breaks_without:
        print(f"  fails without {' and '.join(_named(report, person) for person in each)}")
    if outlook.possible and all(len(each) > 1 for each in outlook.breaks_without):
        print("  survives any one absence")
    for said in outlook.advice:
        print(f"  advice: {said.zh}\n          {said.en}")


def _steps(report: Report, route: Route) -> str:
    """Return the steps in order, each with who would do it."""
    roster = route.roster or {}
    said = []
    for step in route.steps:
        seats = [seat for path in (step, step + CHAIR) for seat in roster.get(path, ())]
        who = ", ".join(_named(report, seat.person) for seat in seats)
        said.append(f"{report.names[step].zh}{f' {who}' if who else ''}")
    return f"{' → '.join(said)}{f' [{route.tier}]' if route.tier else ''}"


def _named(report: Report, person: int) -> str:
    return f"{report.officers[person].name} ({report.officers[person].login})"
