"""sunlit migrate"""

from __future__ import annotations

import argparse

from engine.db import migrate
from engine.settings import settings


def run(argv: list[str]) -> int:
    argparse.ArgumentParser(prog="sunlit migrate", description="Bring the database up to date.").parse_args(argv)
    migrate.upgrade(settings().database_url)
    print(f"database at revision {migrate.current(settings().database_url)}")
    return 0
