"""sunlit due: what is due in the database; with --start and --limit, a limit counted and explained, without one."""

from __future__ import annotations

import argparse
import json

from engine import clock
from engine.cli import ledger, question
from engine.cli.question import BadQuestion

DESCRIPTION = """List what is due, and when the next is. With --start and --limit: count a limit and explain it day by
day, by the published calendar; no database is needed."""
EPILOG = """The day of start is not counted; a limit of 0 is due on the same day; stops are inclusive; an extension is
added to the limit once. Calendar days and months that end on a day off roll to the next working day; hours do not.
Beyond the published calendar the answer is provisional.

--json prints {"due_on", "used", "remaining", "overdue", "provisional", "ledger"}; with hours, or --closes, also
"due_at", the last minute in time. used: counted after the start up to and including --as-of, in the unit of the limit;
remaining = limit + extension - used; overdue: used > limit + extension; for other units than working days, and with
--closes: the last day (minute) has passed. A case's lamp is red from the day after due_on, be it a day off.
--direction at_least: never overdue; one may act when the last day has passed. --direction before: counted back from
--start; due_on is the latest day that is early enough, remaining the days until then, used the notice still given.
ledger: one object a day: {"on", "kind": start | counted | makeup_workday | weekend | holiday | stopped, "name" of the
holiday, "counted" so far (days; hours where the limit is in hours), "over": the limit has run out, "provisional"}."""


def run(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="sunlit due",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    question.add_to(parser)
    parser.add_argument("--json", action="store_true", help="print the answer as JSON")
    parser.add_argument("--lang", choices=["zh", "en"], default="zh", help="language of the table")
    if not argv:
        return _list()
    given = parser.parse_args(argv)
    try:
        asked = question.read(given, clock.now())
        answer = question.answer(asked)
    except BadQuestion as error:
        parser.error(str(error))
    if given.json:
        print(json.dumps(ledger.as_json(answer), ensure_ascii=False, indent=1))
    else:
        print("\n".join(ledger.as_text(asked, answer, given.lang)))
    return 0


def _list() -> int:
    from engine.db import due  # here, so that a limit is counted without them
    from engine.db.store import reading

    with reading() as conn:
        todo, following = due.work(conn, clock.now()), due.upcoming(conn)
    for kind, key in todo:
        print(f"{kind} {key}")
    print(f"next: {following.astimezone(clock.ZONE).isoformat() if following else 'nothing'}")
    return 0
