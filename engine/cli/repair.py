"""sunlit repair NUMBER --retry | --at STEP --reason TEXT --as LOGIN: propose; another person approves."""

from __future__ import annotations

import argparse

from engine.cli.who import actor
from engine.commands import propose_repair
from engine.db.sessions import receipt
from engine.db.store import begin, reading
from engine.errors import NotFound


def run(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="sunlit repair", description="Propose to repair a case whose flow could not go on."
    )
    parser.add_argument("number", help="receipt number of the case")
    how = parser.add_mutually_exclusive_group(required=True)
    how.add_argument("--retry", action="store_true", help="open it again as it is")
    how.add_argument("--at", default="", metavar="STEP", help="continue at this declared step, e.g. intake/accept")
    parser.add_argument("--reason", required=True)
    parser.add_argument("--as", dest="login", required=True, metavar="LOGIN")
    given = parser.parse_args(argv)
    with reading() as conn:
        found = receipt(conn, given.number)
    if found is None:
        raise NotFound(what="case", key=given.number)
    with begin(actor(given.login)) as ctx:
        proposal = propose_repair(
            ctx, found.case, how="retry" if given.retry else "continue", at=given.at, reason=given.reason
        )
    print(f"proposal {proposal}; another person approves it: sunlit approve {proposal} --as LOGIN")
    return 0
