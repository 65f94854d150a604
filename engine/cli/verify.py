"""sunlit verify [FOLDER]: exit 0 intact, 1 faults, 2 unreadable."""

from __future__ import annotations

import argparse
from pathlib import Path

from engine import verifier
from engine.commands import check
from engine.db.store import reading


def run(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="sunlit verify", description="Check the trace of the database or of an export."
    )
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--lang", choices=["zh", "en"], default="en")
    given = parser.parse_args(argv)
    if given.folder:
        return verifier.main([str(given.folder), "--lang", given.lang])
    with reading() as conn:
        report = check(conn)
    for fault in report.faults:
        print(fault.text(given.lang))
    print(verifier.TOTALS[given.lang] % (report.events, report.chains, report.count))
    return 1 if report.count else 0
