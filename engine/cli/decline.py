"""sunlit decline PROPOSAL --reason TEXT --as LOGIN"""

from __future__ import annotations

import argparse

from engine.cli.who import actor
from engine.commands import decline
from engine.db.store import begin


def run(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="sunlit decline", description="Decline a proposal, or take one's own back.")
    parser.add_argument("proposal", type=int)
    parser.add_argument("--reason", required=True)
    parser.add_argument("--as", dest="login", required=True, metavar="LOGIN")
    given = parser.parse_args(argv)
    with begin(actor(given.login)) as ctx:
        proposal = decline(ctx, given.proposal, reason=given.reason)
    print(f"proposal {proposal}: declined")
    return 0
