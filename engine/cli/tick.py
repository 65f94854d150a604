"""sunlit tick"""

from __future__ import annotations

import argparse

from engine.commands import catch_up, items_ahead, tell_monitors, tell_shortages


def run(argv: list[str]) -> int:
    argparse.ArgumentParser(prog="sunlit tick", description="Do what is due, once.").parse_args(argv)
    done, failed = catch_up(papers=True)
    tell_monitors()
    for item in items_ahead():
        tell_shortages(item)
    print(f"{done} done, {failed} failed")
    return 1 if failed else 0
