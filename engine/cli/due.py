"""sunlit due"""

from __future__ import annotations

import argparse

from engine import clock
from engine.db import due
from engine.db.store import reading


def run(argv: list[str]) -> int:
    argparse.ArgumentParser(prog="sunlit due", description="List what is due, and when the next is.").parse_args(argv)
    with reading() as conn:
        todo, following = due.work(conn, clock.now()), due.upcoming(conn)
    for kind, key in todo:
        print(f"{kind} {key}")
    print(f"next: {following.astimezone(clock.ZONE).isoformat() if following else 'nothing'}")
    return 0
