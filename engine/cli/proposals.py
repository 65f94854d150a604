"""sunlit proposals"""

from __future__ import annotations

import argparse

from engine import clock
from engine.db.read.proposals import waiting
from engine.db.store import reading


def run(argv: list[str]) -> int:
    argparse.ArgumentParser(
        prog="sunlit proposals", description="List the proposals that wait for a second person, the oldest first."
    ).parse_args(argv)
    with reading() as conn:
        found = waiting(conn)
    for each in found:
        since = each.by_at.astimezone(clock.ZONE).isoformat(timespec="minutes")
        print(f"{each.id}  {each.kind} {each.about or ''}  by {each.by.name} since {since}")
    print(f"{len(found)} waiting")
    return 0
