"""sunlit accounts: the demo county's accounts, one of each post."""

from __future__ import annotations

import argparse
import sys

from engine.cli.county import PASSWORD
from engine.db.read import admin
from engine.db.store import book, reading
from engine.settings import settings


def run(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="sunlit accounts", description="List the demo accounts, by post.")
    parser.add_argument("--all", action="store_true", help="every account, not one of each post")
    given = parser.parse_args(argv)
    if not settings().demo:
        print("sunlit: accounts are listed for the demo county only (SUNLIT_DEMO=1)", file=sys.stderr)
        return 1
    with reading() as conn:
        holders = admin.holders(conn)
    posts, shown = book().posts, set()
    print(f"password of every demo account: {PASSWORD}")
    for row in holders:
        if row.post is None or (row.post in shown and not given.all):
            continue
        shown.add(row.post)
        print(f"  {row.login:16} {row.name}  {posts[row.post].name} {posts[row.post].name_en}, {row.organ_name}")
    return 0
