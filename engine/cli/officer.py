"""sunlit officer LOGIN: posts, stand-ins and days away of an officer, with the numbers that proposals name."""

from __future__ import annotations

import argparse

from engine import clock
from engine.cli.who import person
from engine.db import granting, organs
from engine.db.store import book, reading


def run(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="sunlit officer", description="Show an officer's posts, stand-ins, absences.")
    parser.add_argument("login")
    key, today, posts = person(parser.parse_args(argv).login), clock.local_date(clock.now()), book().posts
    with reading() as conn:
        known = organs.by_id(conn)
        for held in granting.held(conn, [key], today, None):
            where = f"{posts[held.post].name}, {known[held.organ].name}{f', {held.item}' if held.item else ''}"
            print(f"post {held.id}: {where}, {held.from_on} to {held.to_on or 'further notice'}")
        for each in granting.stand_ins(conn, [key], today, None):
            what = "has a stand-in for" if each.holder == key else "stands in for the holder of"
            print(
                f"stand-in {each.id}: {what} post {each.assignment}, {each.from_on} to {each.to_on or 'further notice'}"
            )
        for away in granting.absences(conn, [key], today, None):
            print(f"absence {away.id}: {away.from_on} to {away.to_on}")
    return 0
