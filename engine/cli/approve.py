"""sunlit approve PROPOSAL --as LOGIN"""

from __future__ import annotations

import argparse

from engine.cli.who import actor
from engine.commands import approve
from engine.db.store import begin


def run(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="sunlit approve", description="Approve somebody else's proposal.")
    parser.add_argument("proposal", type=int)
    parser.add_argument("--as", dest="login", required=True, metavar="LOGIN")
    given = parser.parse_args(argv)
    with begin(actor(given.login)) as ctx:
        approved = approve(ctx, given.proposal)
    print(f"{approved.kind} {approved.result}: approved and carried out")
    if approved.secret:
        print(f"password for the first sign-in, shown only now: {approved.secret}")
    return 0
