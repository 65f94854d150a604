"""sunlit password --as LOGIN: change one's own password."""

from __future__ import annotations

import argparse
import getpass

from engine.cli.who import entered
from engine.commands import change_password
from engine.db.store import begin
from engine.errors import Invalid
from engine.settings import settings


def run(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="sunlit password", description="Change your own password; sign out elsewhere."
    )
    parser.add_argument("--as", dest="login", required=True, metavar="LOGIN")
    given = parser.parse_args(argv)
    old = settings().token or getpass.getpass(f"password of {given.login}: ")
    officer = entered(given.login, old, changing=True)
    new = getpass.getpass("new password: ")
    if new != getpass.getpass("again: "):
        print("the two differ; nothing was changed")
        return 2
    try:
        with begin(officer) as ctx:
            change_password(ctx, old, new)
    except Invalid as error:
        print(error)
        return 2
    print("changed")
    return 0
