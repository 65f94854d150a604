"""sunlit factor --as LOGIN: enrol a second factor and confirm it by a code."""

from __future__ import annotations

import argparse

from engine.cli.who import actor
from engine.commands import confirm_second_factor, enrol_second_factor
from engine.db.store import begin


def run(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="sunlit factor", description="Enrol your second factor (TOTP).")
    parser.add_argument("--as", dest="login", required=True, metavar="LOGIN")
    officer = actor(parser.parse_args(argv).login)
    with begin(officer) as ctx:
        enrolment = enrol_second_factor(ctx)
    print(f"type this into your authenticator, by hand or as an address:\n  {enrolment.secret}\n  {enrolment.uri}")
    with begin(officer) as ctx:
        confirm_second_factor(ctx, input("the code that it shows: "))
    print("confirmed; signing in asks for a code from now on")
    return 0
