"""sunlit deploy FOLDER --as LOGIN: propose; another person approves."""

from __future__ import annotations

import argparse
from pathlib import Path

from engine import clock
from engine.bpmn.source import load
from engine.cli.who import actor
from engine.commands import propose_definition
from engine.commands.definitions import unstaffed
from engine.db.store import begin, book, reading
from engine.settings import settings


def run(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="sunlit deploy", description="Propose an item's folder as its next version.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--as", dest="login", required=True, metavar="LOGIN")
    given = parser.parse_args(argv)
    source = load(given.folder, settings().processes)
    with begin(actor(given.login)) as ctx:
        proposal = propose_definition(ctx, source)
    with reading() as conn:
        short = unstaffed(conn, source, book(), clock.local_date(clock.now()))
    for organ, why in short.items():
        print(f"it would be refused as things stand, for {organ}: {why}")
    print(f"proposal {proposal}; another person approves it: sunlit approve {proposal} --as LOGIN")
    return 0
