"""sunlit export FOLDER [--case NUMBER] [--as LOGIN]: without a login it is the operator of the machine who exports."""

from __future__ import annotations

import argparse
from pathlib import Path

from engine.cli.who import OPERATOR, actor
from engine.commands import permit_trace, record_export, write_export
from engine.db.store import begin, reading


def run(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="sunlit export", description="Export the trace to a folder.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--case", action="append", metavar="NUMBER", help="only this case; may be given again")
    parser.add_argument("--as", dest="login", metavar="LOGIN", help="an auditor; default: the operator of this machine")
    given = parser.parse_args(argv)
    who = actor(given.login) if given.login else OPERATOR
    with begin(who) as ctx:
        permit_trace(ctx)
    with reading() as conn:
        exported = write_export(conn, given.folder, given.case)
    with begin(who) as ctx:
        record_export(ctx, exported)
    print(f"{exported.events} events of {exported.cases} cases in {given.folder}")
    return 0
