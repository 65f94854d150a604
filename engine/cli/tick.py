"""sunlit tick"""

from __future__ import annotations

import argparse

from engine.commands import catch_up, tell_monitors


def run(argv: list[str]) -> int:
    argparse.ArgumentParser(prog="sunlit tick", description="Do what is due, once.").parse_args(argv)
    done, failed = catch_up(papers=True)
    tell_monitors()
    print(f"{done} done, {failed} failed")
    return 1 if failed else 0
