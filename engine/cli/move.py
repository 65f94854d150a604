"""sunlit move ITEM --to VERSION: show what would happen to each running case, and propose it; another approves."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence

from engine.cli.who import actor
from engine.commands import CaseMove, plan_move, propose_move
from engine.db.store import begin, reading


def run(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="sunlit move", description="Propose to move running cases to another version; the plan is shown first."
    )
    parser.add_argument("item")
    parser.add_argument("--to", type=int, required=True, metavar="VERSION", help="number of the version: 1, 2, ...")
    parser.add_argument("--case", action="append", default=[], metavar="NUMBER", help="only this case; may be repeated")
    parser.add_argument("--first", type=int, metavar="N", help="only the oldest N cases that can move")
    parser.add_argument("--plan", action="store_true", help="only show what would happen")
    parser.add_argument("--json", action="store_true", help="show it as JSON")
    parser.add_argument("--as", dest="login", metavar="LOGIN")
    given = parser.parse_args(argv)
    if not given.plan and given.login is None:
        parser.error("who proposes? --as LOGIN, or --plan to look only")
    with reading() as conn:
        found = plan_move(conn, given.item, given.to, given.case)
    if given.first is not None:
        found = [case for case in found if not case.faults][: given.first]
    print(_json(found) if given.json else _text(found))
    if given.plan:
        return 0
    numbers = [case.number for case in found] if given.case or given.first is not None else []
    with begin(actor(given.login)) as ctx:
        proposal = propose_move(ctx, given.item, given.to, numbers)
    print(f"proposal {proposal}; another person approves it: sunlit approve {proposal} --as LOGIN")
    return 0


def _text(found: Sequence[CaseMove]) -> str:
    can = sum(not case.faults for case in found)
    lines = [line for case in found for line in _lines(case)]
    return "\n".join([*lines, f"{can} can move, {len(found) - can} cannot"])


def _lines(case: CaseMove) -> list[str]:
    verdict = "cannot move" if case.faults else "can move"
    first = f"{case.number}  {', '.join(case.steps) or '-'}  {case.version} -> {case.to}  {verdict}"
    return [first, *(f"  ! {fault}" for fault in case.faults), *(f"  - {note}" for note in case.notes)]


def _json(found: Sequence[CaseMove]) -> str:
    cases = [
        {
            "number": case.number,
            "steps": list(case.steps),
            "from": case.version,
            "to": case.to,
            "can_move": not case.faults,
            "faults": [vars(fault) | {"text": str(fault)} for fault in case.faults],
            "notes": [vars(note) | {"text": str(note)} for note in case.notes],
        }
        for case in found
    ]
    return json.dumps(cases, ensure_ascii=False, indent=1)
