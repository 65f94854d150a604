"""sunlit clock [advance 3d]"""

from __future__ import annotations

import argparse
import re
import sys
from datetime import timedelta

from engine import clock
from engine.commands import catch_up
from engine.settings import settings

UNITS = {"d": "days", "h": "hours", "m": "minutes"}


def run(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="sunlit clock", description="Show the clock, or move the demo clock forward.")
    parser.add_argument("verb", nargs="?", choices=["advance"])
    parser.add_argument("by", nargs="?", type=_span, help="3d, 4h or 30m")
    given = parser.parse_args(argv)
    if given.verb and given.by is None:
        parser.error("advance by how much? 3d, 4h or 30m")
    if given.verb and not settings().demo:
        print(
            "sunlit: only the demo county's clock can be moved; real time it is without SUNLIT_DEMO=1", file=sys.stderr
        )
        return 1
    failed = 0
    if given.verb:
        clock.advance(given.by)
        done, failed = catch_up()
        print(f"{done} done, {failed} failed")
    print(clock.now().astimezone(clock.ZONE).strftime("%Y-%m-%d %A %H:%M:%S"))
    return 1 if failed else 0


def _span(text: str) -> timedelta:
    match = re.fullmatch(r"(\d{1,4})([dhm])", text)
    if match is None:
        raise argparse.ArgumentTypeError(f"'{text}' is not like 3d, 4h or 30m")
    return timedelta(**{UNITS[match[2]]: int(match[1])})
